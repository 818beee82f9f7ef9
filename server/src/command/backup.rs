//! `terrace backup` and `terrace restore`: the data folder of SQLite as of one moment.
//!
//! The database is copied by SQLite itself, so that it is whole although the server writes; files beside it are named by
//! their content or their job and never change once they are named, so they are copied after it.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{open, say, sentence};
use crate::config::Settings;

/// What lies in a data folder beside the database.
const FOLDERS: [&str; 3] = ["blobs", "uploads", "exports"];
const DATABASE: &str = "terrace.db";

#[derive(Debug, Args)]
pub(super) struct Backup {
    /// A folder that does not exist yet.
    folder: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The folder of a backup.
    folder: PathBuf,
}

pub(super) async fn backup(settings: &Settings, wanted: Backup) -> Result<(), String> {
    only_sqlite(settings)?;
    let unwritable = |cause: std::io::Error| format!("{} cannot be made: {cause}.", wanted.folder.display());
    // Made beside its place and renamed when whole: a backup that broke off never looks like one.
    let mut partial = wanted.folder.clone().into_os_string();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    if wanted.folder.exists() || partial.exists() {
        return Err(format!("{} exists already: name a new folder.", wanted.folder.display()));
    }
    std::fs::create_dir_all(&partial).map_err(unwritable)?;
    let engine = open(settings).await?;
    let copied = engine.copy_database(&partial.join(DATABASE)).await;
    engine.close().await;
    copied.map_err(sentence)?;
    let files = copy_folders(&settings.data, &partial).map_err(unwritable)?;
    std::fs::rename(&partial, &wanted.folder).map_err(unwritable)?;
    say(format!("Copied the database and {files} files to {}.", wanted.folder.display()));
    if let Some(bucket) = &settings.bucket {
        say(format!(
            "Images, uploads and exports stay in {bucket}: keep versions of that bucket, or copy it after this."
        ));
    }
    Ok(())
}

pub(super) async fn restore(settings: &Settings, wanted: Restore) -> Result<(), String> {
    only_sqlite(settings)?;
    if !wanted.folder.join(DATABASE).is_file() {
        return Err(format!("{} is not a backup: it holds no {DATABASE}.", wanted.folder.display()));
    }
    let is_empty = match std::fs::read_dir(&settings.data) {
        Ok(mut entries) => entries.next().is_none(),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => true,
        Err(cause) => return Err(format!("{} cannot be read: {cause}.", settings.data.display())),
    };
    if !is_empty {
        return Err(format!(
            "{} is not empty. Nothing was changed: name a new folder by --data.",
            settings.data.display()
        ));
    }
    let unwritable = |cause: std::io::Error| format!("{} cannot be filled: {cause}.", settings.data.display());
    std::fs::create_dir_all(&settings.data).map_err(unwritable)?;
    let files = copy_folders(&wanted.folder, &settings.data).map_err(unwritable)?;
    // The database comes last: a folder without one is an empty folder to every other command.
    std::fs::copy(wanted.folder.join(DATABASE), settings.data.join(DATABASE)).map_err(unwritable)?;
    let engine = open(settings).await?;
    let report = engine::check::run(&engine).await;
    engine.close().await;
    let report = report.map_err(sentence)?;
    if let Some(breach) = report.breaches.first() {
        return Err(format!(
            "The backup was put back, but the audit finds {} breaches. The first: {breach}",
            report.breaches.len()
        ));
    }
    say(format!("Put back the database and {files} files. No rule is broken."));
    Ok(())
}

fn only_sqlite(settings: &Settings) -> Result<(), String> {
    match settings.database_url {
        None => Ok(()),
        Some(_) => Err("The database is PostgreSQL: back it up with pg_dump, and copy the data folder.".to_owned()),
    }
}

fn copy_folders(from: &Path, to: &Path) -> std::io::Result<u64> {
    let mut files = 0;
    for folder in FOLDERS {
        let source = from.join(folder);
        if source.is_dir() {
            files += copy_folder(&source, &to.join(folder))?;
        }
    }
    Ok(files)
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<u64> {
    std::fs::create_dir_all(to)?;
    let mut files = 0;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            files += copy_folder(&entry.path(), &target)?;
        } else {
            match std::fs::copy(entry.path(), &target) {
                Ok(_) => files += 1,
                // A file under way that was renamed or discarded meanwhile is in no row of the copied database.
                Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {}
                Err(cause) => return Err(cause),
            }
        }
    }
    Ok(files)
}
