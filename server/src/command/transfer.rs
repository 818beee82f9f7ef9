//! `terrace import` and `terrace export`: the same use cases as in the browser, in the name of an account.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use domain::export::{NewExport, Only};
use domain::id::ProjectId;
use domain::import::{ImportOptions, JobState};
use engine::{Ctx, Engine};
use tokio::io::AsyncReadExt;

use super::{complain, open, say, sentence};
use crate::config::Settings;

/// How often a job is asked how far it is.
const LOOK: Duration = Duration::from_millis(100);

#[derive(Debug, Args)]
pub(super) struct Import {
    /// The project's id.
    project: ProjectId,
    /// The file.
    file: PathBuf,
    /// Import in the name of this account, which must be allowed to.
    #[arg(long = "as", value_name = "USERNAME")]
    username: String,
    /// jsonl, csv, tsv, txt, native or images [default: by the file's name].
    #[arg(long)]
    format: Option<String>,
    /// utf-8, gb18030, big5, utf-16le… [default: detected].
    #[arg(long)]
    encoding: Option<String>,
    /// The field or column that holds the text [default: text].
    #[arg(long)]
    text_field: Option<String>,
    /// The field or column that holds the key [default: id].
    #[arg(long)]
    key_field: Option<String>,
    /// For txt: a whole file is one item, not each line.
    #[arg(long)]
    whole_file: bool,
}

#[derive(Debug, Args)]
pub(super) struct Export {
    /// The project's id.
    project: ProjectId,
    /// Write to this file, which must not exist.
    file: PathBuf,
    /// Export in the name of this account, which must be allowed to.
    #[arg(long = "as", value_name = "USERNAME")]
    username: String,
    /// jsonl, csv or coco.
    #[arg(long, default_value = "jsonl")]
    format: String,
    /// Only accepted items.
    #[arg(long)]
    accepted: bool,
}

/// A job can be run here only while no server runs it: both would be fine, and either may take it.
pub(super) async fn import(settings: &Settings, wanted: Import) -> Result<ExitCode, String> {
    let engine = open(settings).await?;
    let jobs = engine::job::run(&engine);
    let done = bring_in(&engine, wanted).await;
    jobs.abort();
    engine.close().await;
    done
}

async fn bring_in(engine: &Engine, wanted: Import) -> Result<ExitCode, String> {
    let ctx = in_the_name_of(engine, &wanted.username).await?;
    let name = wanted.file.file_name().map(|name| name.to_string_lossy().into_owned());
    let options = ImportOptions {
        format: wanted.format,
        encoding: wanted.encoding,
        text_field: wanted.text_field,
        key_field: wanted.key_field,
        whole_file: wanted.whole_file,
        name,
    };
    let unreadable = |cause: std::io::Error| format!("{} cannot be read: {cause}.", wanted.file.display());
    let mut file = tokio::fs::File::open(&wanted.file).await.map_err(unreadable)?;
    let mut upload = engine::import::begin(&ctx, wanted.project, options).await.map_err(sentence)?;
    let mut piece = vec![0; 256 * 1024];
    loop {
        let read = file.read(&mut piece).await.map_err(unreadable)?;
        if read == 0 {
            break;
        }
        upload.write(piece.get(..read).unwrap_or_default()).await.map_err(sentence)?;
    }
    let mut job = upload.finish().await.map_err(sentence)?;
    while matches!(job.state, JobState::Queued | JobState::Running) {
        tokio::time::sleep(LOOK).await;
        job = engine::import::get(&ctx, job.id).await.map_err(sentence)?;
    }
    for problem in &job.problems {
        let place = match (problem.line, &problem.name) {
            (Some(line), _) => format!("line {line}"),
            (None, Some(name)) => name.clone(),
            (None, None) => "the file".to_owned(),
        };
        complain(format!("{place}: {}", problem.message.get(domain::Lang::En)));
    }
    if job.state == JobState::Failed {
        let why = job.error.map(|words| words.get(domain::Lang::En).to_owned());
        return Err(why.unwrap_or_else(|| "The import failed.".to_owned()));
    }
    say(format!(
        "Read {}, added {}, {} were there already, {} rejected.",
        job.read, job.added, job.duplicates, job.rejected
    ));
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn export(settings: &Settings, wanted: Export) -> Result<ExitCode, String> {
    let engine = open(settings).await?;
    let jobs = engine::job::run(&engine);
    let done = take_out(&engine, wanted).await;
    jobs.abort();
    engine.close().await;
    done
}

async fn take_out(engine: &Engine, wanted: Export) -> Result<ExitCode, String> {
    let ctx = in_the_name_of(engine, &wanted.username).await?;
    let only = if wanted.accepted { Only::Accepted } else { Only::All };
    let new = NewExport { format: wanted.format, only };
    let mut job = engine::export::create(&ctx, wanted.project, new).await.map_err(sentence)?;
    while matches!(job.state, JobState::Queued | JobState::Running) {
        tokio::time::sleep(LOOK).await;
        job = engine::export::get(&ctx, job.id).await.map_err(sentence)?;
    }
    if job.state == JobState::Failed {
        let why = job.error.map(|words| words.get(domain::Lang::En).to_owned());
        return Err(why.unwrap_or_else(|| "The export failed.".to_owned()));
    }
    let file = engine::export::file(&ctx, job.id).await.map_err(sentence)?;
    file.file.copy_to(&wanted.file).await.map_err(|error| match error {
        engine::Error::Refused(refusal) => refusal.to_string(),
        engine::Error::Broken(cause) => format!("{} cannot be written: {cause:#}.", wanted.file.display()),
    })?;
    say(format!("Wrote {} items, {} bytes. SHA-256 {}", job.done, file.bytes, file.sha256));
    Ok(ExitCode::SUCCESS)
}

async fn in_the_name_of(engine: &Engine, username: &str) -> Result<Ctx, String> {
    let actor = engine::person::actor_by_name(engine, username).await.map_err(sentence)?;
    let actor = actor.ok_or_else(|| format!("There is no active account {username}."))?;
    Ok(engine.ctx(actor))
}
