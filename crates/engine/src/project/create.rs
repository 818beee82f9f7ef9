//! A new project.

use super::entity::{guideline, project, schema};
use super::{get, queries, set_member};
use crate::Ctx;
use crate::db::Tx;
use crate::error::{OnUnique, Result};
use crate::event::{self, Event};
use domain::Problem;
use domain::error::{Conflict, Noun};
use domain::id::ProjectId;
use domain::policy::{Action, Resource};
use domain::project::{NewProject, ProjectRole, ProjectView, Status, field};
use domain::schema::Schema;
use sea_orm::{ActiveValue::Set, EntityTrait};
use uuid::Uuid;

/// The most characters of a guideline.
const GUIDELINE_MAX_CHARS: usize = 200_000;

/// Makes a project; its maker becomes its manager.
///
/// Given a schema it is open for work at once, because nothing is missing: people still have to be made members and
/// data to be imported. Without one it is being set up. Every rule that the input breaks is told at once.
pub async fn create(ctx: &Ctx, new: NewProject) -> Result<ProjectView> {
    ctx.require(Action::Create, Resource::Projects, Noun::Project)?;
    let mut problems = new.settings.check();
    let name = checked_name(&new.name, &mut problems);
    check_field(new.field.as_deref(), &mut problems);
    let guideline = new.guideline.filter(|body| !body.trim().is_empty());
    check_guideline(guideline.as_deref(), &mut problems);
    let parsed = new.schema.map(|json| Schema::parse(&json, new.modality)).transpose();
    let schema = parsed.unwrap_or_else(|broken| {
        problems.extend(broken);
        None
    });
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let id = ctx.new_id();
    let row = project::ActiveModel {
        id: Set(id),
        name: Set(name.clone()),
        modality: Set(queries::code(new.modality)?),
        field: Set(new.field),
        status: Set(queries::code(if schema.is_some() { Status::Open } else { Status::Setup })?),
        settings: Set(serde_json::to_string(&new.settings)?),
        schema_version: Set(i32::from(schema.is_some())),
        guideline_version: Set(i32::from(guideline.is_some())),
        next_ordinal: Set(1),
        next_batch: Set(1),
        queue_epoch: Set(1),
        created_by: Set(ctx.person()),
        created_at: Set(ctx.now().0),
    };
    let ctx2 = ctx.clone();
    ctx.write(move |tx| {
        Box::pin(async move {
            let inserted = project::Entity::insert(row).exec_without_returning(tx).await;
            inserted.on_unique(|| Conflict::NameTaken.into())?;
            if let Some(schema) = &schema {
                insert_schema(tx, &ctx2, id, 1, schema).await?;
            }
            if let Some(guideline) = guideline {
                insert_guideline(tx, &ctx2, id, 1, guideline).await?;
            }
            let deed = Event {
                person: Some(ctx2.person()),
                project: Some(id),
                item: None,
                kind: "project.created",
                data: serde_json::json!({ "name": name }),
            };
            event::record(tx, ctx2.now(), deed).await?;
            set_member::write(tx, &ctx2, id, ctx2.person(), ProjectRole::Manager).await
        })
    })
    .await?;
    get(ctx, ProjectId(id)).await
}

/// 1–80 characters without line breaks, trimmed.
pub(super) fn checked_name(name: &str, problems: &mut Vec<Problem>) -> String {
    let name = name.trim();
    if !(1..=80).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        let (zh, en) = ("项目名称须为 1–80 个字。", "A project's name has 1 to 80 characters.");
        problems.push(Problem::new("name", "out-of-range", zh, en));
    }
    name.to_owned()
}

/// A slug of the coded lists, if any.
pub(super) fn check_field(slug: Option<&str>, problems: &mut Vec<Problem>) {
    if slug.is_some_and(|slug| field::title(slug).is_none()) {
        let (zh, en) = ("没有这个行业领域代码。", "There is no such industry field.");
        problems.push(Problem::new("field", "unknown-field-code", zh, en));
    }
}

/// Not endless.
pub(super) fn check_guideline(body: Option<&str>, problems: &mut Vec<Problem>) {
    if body.is_some_and(|body| body.chars().count() > GUIDELINE_MAX_CHARS || body.contains('\0')) {
        let (zh, en) = ("标注规范最多 20 万字。", "A guideline has at most 200,000 characters.");
        problems.push(Problem::new("guideline", "too-long", zh, en));
    }
}

/// Writes a version of the schema.
pub(super) async fn insert_schema(tx: &Tx, ctx: &Ctx, project: Uuid, version: i32, body: &Schema) -> Result<()> {
    let row = schema::ActiveModel {
        project_id: Set(project),
        version: Set(version),
        body: Set(serde_json::to_string(body)?),
        created_by: Set(ctx.person()),
        created_at: Set(ctx.now().0),
    };
    // A version is written once: somebody who saved the same one in between wins.
    let inserted = schema::Entity::insert(row).exec_without_returning(tx).await;
    inserted.on_unique(|| Conflict::Changed.into())?;
    Ok(())
}

/// Writes a version of the guideline.
pub(super) async fn insert_guideline(tx: &Tx, ctx: &Ctx, project: Uuid, version: i32, body: String) -> Result<()> {
    let row = guideline::ActiveModel {
        project_id: Set(project),
        version: Set(version),
        body: Set(body),
        created_by: Set(ctx.person()),
        created_at: Set(ctx.now().0),
    };
    let inserted = guideline::Entity::insert(row).exec_without_returning(tx).await;
    inserted.on_unique(|| Conflict::Changed.into())?;
    Ok(())
}
