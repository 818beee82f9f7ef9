//! Gathering labeled items into a batch.

use super::entity::{batch, batch_item};
use super::queries;
use crate::Ctx;
use crate::claim::queries::take_back;
use crate::db::Tx;
use crate::db::rows::raw;
use crate::error::Result;
use crate::event::{self, Event};
use crate::item::entity::item;
use crate::item::queries::advance_many;
use crate::person::entity::person;
use crate::project::access;
use domain::batch::{BatchFilter, BatchState, BatchView, NewBatch};
use domain::error::Conflict;
use domain::id::ProjectId;
use domain::item::{ItemEvent, ItemState};
use domain::policy::Action;
use domain::project::Status;
use domain::{Error, Problem};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect, Value,
};
use serde_json::json;
use uuid::Uuid;

/// The most items of a batch.
const SIZE_MAX: u32 = 10_000;
/// Rows of one statement.
const ROWS: usize = 500;
/// Lapsed claims taken back on the way: among them are reopenings that nobody went on with.
const TAKE_BACK_MAX: i64 = 200;

/// Gathers the oldest labeled items that fit into a batch.
///
/// Refuses with `Nothing` when none fits.
pub async fn create(ctx: &Ctx, project: ProjectId, new: NewBatch) -> Result<BatchView> {
    let project = access::project(ctx.read(), ctx, project, Action::Create).await?;
    if project.status == Status::Archived {
        return Err(Conflict::ProjectClosed.into());
    }
    let size = new.size.unwrap_or(project.settings.batch_size);
    if !(1..=SIZE_MAX).contains(&size) {
        let (zh, en) = ("批次大小须为 1–10000。", "The batch size must be 1 to 10,000.");
        return Err(Error::Invalid(vec![Problem::new("size", "out-of-range", zh, en)]).into());
    }
    let filter = new.filter.unwrap_or_default();
    let annotator = match &filter.annotator {
        Some(username) => Some(annotator(ctx, username).await?),
        None => None,
    };
    let ctx2 = ctx.clone();
    let id = project.row.id;
    let row =
        ctx.write(move |tx| Box::pin(async move { create_in(tx, &ctx2, id, size, &filter, annotator).await })).await?;
    queries::view(ctx.read(), row).await
}

async fn annotator(ctx: &Ctx, username: &str) -> Result<Uuid> {
    let found: Option<Uuid> = person::Entity::find()
        .select_only()
        .column(person::Column::Id)
        .filter(person::Column::Username.eq(username.trim().to_lowercase()))
        .into_tuple()
        .one(ctx.read())
        .await?;
    found.ok_or_else(|| {
        let (zh, en) = ("没有这个用户名。", "There is no such user name.");
        Error::invalid("filter.annotator", "unknown-person", zh, en).into()
    })
}

async fn create_in(
    tx: &Tx,
    ctx: &Ctx,
    project: Uuid,
    size: u32,
    filter: &BatchFilter,
    annotator: Option<Uuid>,
) -> Result<batch::Model> {
    let now = ctx.now();
    // The number comes first: it holds the project's row, so that two batches are not made of the same items. Where there are
    // none it is given back with everything else.
    let sql = "UPDATE projects SET next_batch = next_batch + 1 WHERE id = $1 RETURNING next_batch - 1";
    let number = tx.query_one_raw(raw(tx, sql, [project.into()])).await?;
    let number: i32 = number.ok_or(Conflict::Changed)?.try_get_by_index(0)?;
    take_back(tx, project, Uuid::nil(), now, TAKE_BACK_MAX).await?;
    let items = choose(tx, project, size, filter, annotator).await?;
    if items.is_empty() {
        return Err(Conflict::Nothing.into());
    }
    let row = batch::Model {
        id: ctx.new_id(),
        project_id: project,
        number,
        size: i32::try_from(items.len()).unwrap_or(i32::MAX),
        state: BatchState::Waiting.code().to_owned(),
        filter: (*filter != BatchFilter::default()).then(|| serde_json::to_string(filter)).transpose()?,
        created_by: ctx.person(),
        created_at: now.0,
        decided_at: None,
        decided_by: None,
        decision: None,
        reason: None,
    };
    // A row that was read counts as unchanged: reset, so that every column is written.
    batch::Entity::insert(row.clone().into_active_model().reset_all()).exec_without_returning(tx).await?;
    advance_many(tx, project, &items, ItemState::Labeled, ItemEvent::Joined, now).await?;
    for (chunk, ids) in items.chunks(ROWS).enumerate() {
        item::Entity::update_many()
            .col_expr(item::Column::BatchId, Expr::value(row.id))
            .filter(item::Column::Id.is_in(ids.iter().copied()))
            .exec(tx)
            .await?;
        let lines = ids.iter().enumerate().map(|(n, id)| batch_item::ActiveModel {
            batch_id: Set(row.id),
            item_id: Set(*id),
            position: Set(i32::try_from(chunk * ROWS + n).unwrap_or(i32::MAX)),
            outcome: Set(None),
        });
        batch_item::Entity::insert_many(lines).exec_without_returning(tx).await?;
    }
    let deed = Event {
        person: Some(ctx.person()),
        project: Some(project),
        item: None,
        kind: "batch.created",
        data: json!({ "batch": row.id, "number": number, "size": row.size, "filter": filter }),
    };
    event::record(tx, now, deed).await?;
    Ok(row)
}

/// The oldest labeled items that fit, in the order in which they were finished.
async fn choose(tx: &Tx, project: Uuid, size: u32, filter: &BatchFilter, annotator: Option<Uuid>) -> Result<Vec<Uuid>> {
    let mut sql = "SELECT i.id FROM items i WHERE i.project_id = $1 AND i.state = 'labeled'".to_owned();
    let mut values: Vec<Value> = vec![project.into()];
    let mut and = |condition: &str, value: Value| {
        values.push(value);
        sql.push_str(&condition.replace('?', &format!("${}", values.len())));
    };
    if let Some(person) = annotator {
        let condition = " AND EXISTS (SELECT 1 FROM annotations a WHERE a.item_id = i.id AND a.person_id = ? \
                         AND a.kind = 'label' AND a.counted)";
        and(condition, person.into());
    }
    if let Some(prefix) = filter.key_prefix.as_deref().filter(|prefix| !prefix.is_empty() && !prefix.contains('\0')) {
        and(" AND substr(i.key, 1, length(?)) = ?", prefix.into());
    }
    if let Some(from) = filter.from {
        and(" AND i.finished_at >= ?", from.0.into());
    }
    if let Some(to) = filter.to {
        and(" AND i.finished_at < ?", to.0.into());
    }
    and(" ORDER BY i.finished_at, i.id LIMIT ?", i64::from(size).into());
    let rows = tx.query_all_raw(raw(tx, &sql, values)).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}
