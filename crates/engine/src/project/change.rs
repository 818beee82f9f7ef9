//! Changes a project. A new schema or guideline becomes the next version; the old ones stay for the work done by them.

use super::access::{self, Project};
use super::create::{check_field, check_guideline, checked_name, insert_guideline, insert_schema};
use super::entity::project;
use super::schema_impact::measure;
use super::{get, queries};
use crate::Ctx;
use crate::account::rights;
use crate::db::Tx;
use crate::error::{OnUnique, Result};
use crate::event::{self, Event};
use domain::error::Conflict;
use domain::id::ProjectId;
use domain::policy::Action;
use domain::project::{ProjectChange, ProjectView, Settings, Status};
use domain::schema::Schema;
use domain::time::Millis;
use domain::{Error, Problem};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// Changes a project. Refuses a schema that existing annotations would not fit, unless that is accepted; a status that
/// cannot follow; a new overlap or order once there are items; anything on an archived project.
pub async fn change(ctx: &Ctx, id: ProjectId, change: ProjectChange) -> Result<ProjectView> {
    let project = access::project(ctx.read(), ctx, id, Action::Change).await?;
    if project.status == Status::Archived {
        return Err(Conflict::ProjectClosed.into());
    }
    let accept_orphans = change.accept_orphans;
    let wanted = Wanted::parse(&project, change)?;
    let begun = ctx.now();
    let old_schema = queries::schema_in_force(ctx.read(), &project.row).await?;
    let schema = wanted.schema.as_ref().filter(|new| **new != old_schema);
    if let Some(schema) = schema
        && !accept_orphans
    {
        refuse_orphans(ctx.read(), &project, schema, Millis(i64::MIN)).await?;
    }
    let keeps_schema = schema.is_none();
    let ctx2 = ctx.clone();
    let seen = project.row.schema_version;
    let write = ctx.write(move |tx| {
        Box::pin(async move {
            let project = access::project(tx, &ctx2, id, Action::Change).await?;
            if project.row.schema_version != seen {
                return Err(Conflict::Changed.into());
            }
            if let Some(schema) = wanted.schema.as_ref().filter(|_| !keeps_schema && !accept_orphans) {
                // What was submitted while the rest was being checked.
                refuse_orphans(tx, &project, schema, begun).await?;
            }
            apply(tx, &ctx2, project, wanted, keeps_schema).await
        })
    });
    write.await?;
    get(ctx, id).await
}

/// A change whose parts are each in order.
#[derive(Clone)]
struct Wanted {
    name: Option<String>,
    field: Option<Option<String>>,
    status: Option<Status>,
    settings: Option<Settings>,
    schema: Option<Schema>,
    guideline: Option<String>,
}

impl Wanted {
    fn parse(project: &Project, change: ProjectChange) -> Result<Wanted> {
        let mut problems = change.settings.map(|settings| settings.check()).unwrap_or_default();
        let name = change.name.map(|name| checked_name(&name, &mut problems));
        let field = change.field.map(|field| Some(field).filter(|field| !field.is_empty()));
        check_field(field.as_ref().and_then(Option::as_deref), &mut problems);
        check_guideline(change.guideline.as_deref(), &mut problems);
        let parsed = change.schema.map(|json| Schema::parse(&json, project.modality)).transpose();
        let schema = parsed.unwrap_or_else(|broken| {
            problems.extend(broken);
            None
        });
        if !problems.is_empty() {
            return Err(problems.into());
        }
        let (status, settings, guideline) = (change.status, change.settings, change.guideline);
        Ok(Wanted { name, field, status, settings, schema, guideline })
    }
}

async fn refuse_orphans(
    db: &impl sea_orm::ConnectionTrait,
    project: &Project,
    schema: &Schema,
    since: Millis,
) -> Result<()> {
    let impact = measure(db, project, schema, since).await?;
    if impact.orphaned > 0 { Err(Conflict::WouldOrphan.into()) } else { Ok(()) }
}

async fn apply(tx: &Tx, ctx: &Ctx, project: Project, wanted: Wanted, keeps_schema: bool) -> Result<()> {
    let old = project.row.clone();
    let mut row: project::ActiveModel = project::ActiveModel { id: Set(old.id), ..Default::default() };
    let mut parts = Vec::new();
    if let Some(name) = wanted.name.filter(|name| *name != old.name) {
        row.name = Set(name);
        parts.push("name");
    }
    if let Some(field) = wanted.field.filter(|field| *field != old.field) {
        row.field = Set(field);
        parts.push("field");
    }
    let mut schema_version = old.schema_version;
    if let Some(schema) = wanted.schema.filter(|_| !keeps_schema) {
        schema_version += 1;
        insert_schema(tx, ctx, old.id, schema_version, &schema).await?;
        row.schema_version = Set(schema_version);
        parts.push("schema");
    }
    if let Some(body) = wanted.guideline
        && body != queries::guideline_in_force(tx, &old).await?
    {
        insert_guideline(tx, ctx, old.id, old.guideline_version + 1, body).await?;
        row.guideline_version = Set(old.guideline_version + 1);
        parts.push("guideline");
    }
    if let Some(settings) = wanted.settings.filter(|settings| *settings != project.settings) {
        keep_what_items_rest_on(tx, &project, &settings).await?;
        row.settings = Set(serde_json::to_string(&settings)?);
        parts.push("settings");
    }
    if let Some(status) = wanted.status.filter(|status| *status != project.status) {
        check_move(project.status, status, schema_version > 0)?;
        row.status = Set(queries::code(status)?);
        parts.push("status");
    }
    if parts.is_empty() {
        return Ok(());
    }
    rights::changed();
    // Where two changes race on PostgreSQL, the one that read an older row finds it moved.
    let update = project::Entity::update_many()
        .set(row)
        .filter(project::Column::Id.eq(old.id))
        .filter(project::Column::SchemaVersion.eq(old.schema_version))
        .filter(project::Column::GuidelineVersion.eq(old.guideline_version))
        .filter(project::Column::Status.eq(old.status));
    if update.exec(tx).await.on_unique(|| Conflict::NameTaken.into())?.rows_affected != 1 {
        return Err(Conflict::Changed.into());
    }
    let deed = Event {
        person: Some(ctx.person()),
        project: Some(old.id),
        item: None,
        kind: "project.changed",
        data: serde_json::json!({ "parts": parts, "schema_version": schema_version, "status": wanted.status }),
    };
    event::record(tx, ctx.now(), deed).await
}

/// Every item carries the overlap and the place in the order that it was imported with.
async fn keep_what_items_rest_on(tx: &Tx, project: &Project, new: &Settings) -> Result<()> {
    let (overlap, order) = (new.overlap != project.settings.overlap, new.order != project.settings.order);
    if !overlap && !order {
        return Ok(());
    }
    let counts = queries::counts(tx, &[project.row.id]).await?;
    if counts.values().all(|counts| counts.total() == 0) {
        return Ok(());
    }
    let mut problems = Vec::new();
    if overlap {
        let zh = "已有条目，每条标注人数不能再改。";
        let en = "There are items already: the overlap can no longer change.";
        problems.push(Problem::new("settings.overlap", "fixed", zh, en));
    }
    if order {
        let zh = "已有条目，派发顺序不能再改。";
        let en = "There are items already: the order can no longer change.";
        problems.push(Problem::new("settings.order", "fixed", zh, en));
    }
    Err(problems.into())
}

fn check_move(old: Status, new: Status, has_schema: bool) -> Result<()> {
    use Status::{Archived, Open, Paused, Setup};
    match (old, new) {
        (Setup | Paused, Open) if !has_schema => {
            let (zh, en) = ("请先保存标注方案，再开放项目。", "Save a schema before you open the project.");
            Err(Error::invalid("status", "schema-missing", zh, en).into())
        }
        (Setup | Paused, Open) | (Open, Paused) | (Setup | Open | Paused, Archived) => Ok(()),
        (Setup, Setup | Paused) | (Open, Setup | Open) | (Paused, Setup | Paused) | (Archived, _) => {
            let (zh, en) = ("项目不能从现在的状态改为该状态。", "The project cannot go from its status to this one.");
            Err(Error::invalid("status", "impossible-move", zh, en).into())
        }
    }
}
