//! Beginning an upload: everything that can be refused before the first byte is.

use super::upload::Upload;
use crate::Ctx;
use crate::error::Result;
use crate::project::access::{self, Project};
use domain::error::Conflict;
use domain::id::ProjectId;
use domain::import::ImportOptions;
use domain::policy::Action;
use domain::project::{Modality, Status};
use domain::{Error, Problem};
use formats::{Encoding, Format, Kind};
use sea_orm::ConnectionTrait;

/// The most characters of a field's name.
const FIELD_MAX: usize = 200;

/// Begins an upload.
pub async fn begin(ctx: &Ctx, project: ProjectId, options: ImportOptions) -> Result<Upload> {
    let found = open_project(ctx.read(), ctx, project).await?;
    let options = tidy(options);
    if let Some(format) = options.format.as_deref() {
        let format = formats::by_id(Kind::Import, format).ok_or_else(|| Error::Unsupported(format.to_owned()))?;
        fits(format, found.modality)?;
    }
    let mut problems = Vec::new();
    if let Some(label) = options.encoding.as_deref().filter(|label| Encoding::by_label(label).is_none()) {
        let (zh, en) = (format!("不认识编码“{label}”。"), format!("The encoding “{label}” is not known here."));
        problems.push(Problem::new("encoding", "unknown-encoding", zh, en));
    }
    for (at, field) in [("text_field", &options.text_field), ("key_field", &options.key_field)] {
        if field.as_ref().is_some_and(|field| field.chars().count() > FIELD_MAX) {
            problems.push(Problem::new(at, "too-long", "字段名过长。", "The field's name is too long."));
        }
    }
    if !problems.is_empty() {
        return Err(problems.into());
    }
    Upload::open(ctx.clone(), project, found.modality, options).await
}

/// A project that the caller may import into now.
pub(super) async fn open_project(db: &impl ConnectionTrait, ctx: &Ctx, id: ProjectId) -> Result<Project> {
    let found = access::project(db, ctx, id, Action::Import).await?;
    if found.status == Status::Archived { Err(Conflict::ProjectClosed.into()) } else { Ok(found) }
}

/// Empty answers of a form are no answers.
fn tidy(mut options: ImportOptions) -> ImportOptions {
    for field in
        [&mut options.format, &mut options.encoding, &mut options.text_field, &mut options.key_field, &mut options.name]
    {
        *field = field.take().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    }
    options
}

/// Refuses images for texts and the other way round.
pub(super) fn fits(format: &Format, modality: Modality) -> Result<()> {
    if format.modalities.contains(&modality) {
        return Ok(());
    }
    let (zh, en) = match modality {
        Modality::Text => (
            "文本项目不能导入图像，请上传 JSONL、CSV、TSV 或 TXT。",
            "This project labels text. Upload JSONL, CSV, TSV or plain text.",
        ),
        Modality::Image => (
            "图像项目不能导入文本，请上传图像文件或 ZIP。",
            "This project labels images. Upload image files or a ZIP of them.",
        ),
    };
    Err(Error::invalid("format", "wrong-format", zh, en).into())
}
