//! Asking for an export.

use super::entity::export;
use super::queries;
use crate::Ctx;
use crate::error::Result;
use crate::event::{self, Event};
use crate::project::access;
use crate::project::queries::{code, counts};
use domain::Error;
use domain::error::Noun;
use domain::export::{ExportView, NewExport, Only};
use domain::id::ProjectId;
use domain::policy::Action;
use formats::Kind;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde_json::json;

/// Queues an export.
pub async fn create(ctx: &Ctx, project: ProjectId, new: NewExport) -> Result<ExportView> {
    let ctx2 = ctx.clone();
    let row = ctx.write(move |tx| {
        Box::pin(async move {
            let ctx = ctx2;
            let found = access::project(tx, &ctx, project, Action::Export).await?;
            let format = formats::by_id(Kind::Export, &new.format);
            let format = format.ok_or_else(|| Error::Unsupported(new.format.clone()))?;
            if !format.modalities.contains(&found.modality) {
                let (zh, en) = (
                    format!("“{}”不适用于这类项目。", format.title.zh),
                    format!("“{}” does not fit this kind of project.", format.title.en),
                );
                return Err(Error::invalid("format", "wrong-format", zh, en).into());
            }
            let counts = counts(tx, &[project.0]).await?.remove(&project.0).unwrap_or_default();
            let total = match new.only {
                Only::All => counts.total(),
                Only::Accepted => counts.accepted,
            };
            let row = export::Model {
                id: ctx.new_id(),
                project_id: project.0,
                created_by: ctx.person(),
                state: "queued".to_owned(),
                format: format.id.to_owned(),
                only_items: code(new.only)?,
                total: i64::try_from(total).unwrap_or(i64::MAX),
                done: 0,
                bytes: None,
                sha256: None,
                file_name: None,
                losses: "[]".to_owned(),
                manifest: None,
                error: None,
                created_at: ctx.now().0,
                finished_at: None,
                lease_until: 0,
                attempts: 0,
            };
            let data = json!({ "export": row.id, "format": row.format, "only": row.only_items });
            let (person, project) = (Some(ctx.person()), Some(project.0));
            event::record(tx, ctx.now(), Event { person, project, item: None, kind: "export.queued", data }).await?;
            let model = row.clone().into_active_model().reset_all();
            export::Entity::insert(model).exec_without_returning(tx).await?;
            Ok(row)
        })
    });
    let row = row.await?;
    ctx.jobs().notify_waiters();
    let view = queries::views(ctx.read(), vec![row]).await?.into_iter().next();
    view.ok_or_else(|| Error::NotFound(Noun::Export).into())
}
