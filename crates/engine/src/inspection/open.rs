//! Opening a batch: drawing the sample.

use super::entity::{inspection, sample};
use super::{access, get, holder};
use crate::Ctx;
use crate::batch;
use crate::batch::entity::{batch as batches, batch_item};
use crate::db::Tx;
use crate::db::rows::raw;
use crate::error::Result;
use crate::event::{self, Event};
use domain::Error;
use domain::batch::{BatchState, InspectionView, Plan};
use domain::error::{Conflict, Noun};
use domain::id::{BatchId, InspectionId, ItemId};
use domain::policy::{Action, Resource};
use domain::project::{Review, Settings, Status};
use domain::sampling;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

/// Rows of one statement.
const ROWS: usize = 500;

/// Opens a waiting batch with a newly drawn sample, or goes on with the caller's running inspection of it.
///
/// Without a plan the project's settings say how much is drawn. Refuses with `OwnWork` when the caller annotated any
/// item of the batch, with `HeldByOther` while another reviewer is at it: for half an hour after they opened it, and
/// for a day after their last verdict.
pub async fn open(ctx: &Ctx, batch: BatchId, plan: Option<Plan>) -> Result<InspectionView> {
    let db = ctx.read();
    let (row, project) = batch::access::batch(db, ctx, batch).await?;
    ctx.require(Action::Review, Resource::Project { role: project.role }, Noun::Batch)?;
    if project.status == Status::Archived {
        return Err(Conflict::ProjectClosed.into());
    }
    let plan = checked(plan, &project.settings)?;
    access::not_own(db, ctx, row.id).await?;
    // The items of a batch never change: the draw can be made before the write.
    let lot = lot(db, row.id).await?;
    let seed = hex::encode(rand::random::<[u8; 16]>());
    let n = sampling::sample_size(plan, u32::try_from(lot.len()).unwrap_or(u32::MAX));
    let drawn = sampling::draw(&seed, &lot, n);
    let new = inspection::Model {
        id: ctx.new_id(),
        batch_id: row.id,
        project_id: row.project_id,
        reviewer_id: ctx.person(),
        plan: serde_json::to_string(&plan)?,
        seed,
        lot_hash: sampling::lot_hash(&lot),
        n: i32::try_from(n).unwrap_or(i32::MAX),
        // Every failure counts: a batch with one is returned, in part or whole.
        ac: 0,
        re: 1,
        passed: 0,
        failed: 0,
        fixed: 0,
        started_at: ctx.now().0,
        ended_at: None,
    };
    let ctx2 = ctx.clone();
    let id = ctx.write(move |tx| Box::pin(async move { open_in(tx, &ctx2, row.id, new, &drawn).await })).await?;
    get(ctx, InspectionId(id)).await
}

fn checked(plan: Option<Plan>, settings: &Settings) -> Result<Plan> {
    let plan = plan.unwrap_or(match settings.review {
        Review::All => Plan::All,
        Review::Sample => Plan::Rate { rate: settings.sample_rate },
    });
    match plan {
        Plan::Rate { rate } if !(rate > 0.0 && rate <= 1.0) => {
            let (zh, en) = ("抽检比例须大于 0 且不超过 1。", "The sample rate must be above 0 and at most 1.");
            Err(Error::invalid("plan.rate", "out-of-range", zh, en).into())
        }
        Plan::Rate { .. } | Plan::All => Ok(plan),
    }
}

/// The items of a batch in batch order.
pub(super) async fn lot(db: &impl ConnectionTrait, batch: Uuid) -> Result<Vec<ItemId>> {
    let items: Vec<Uuid> = batch_item::Entity::find()
        .select_only()
        .column(batch_item::Column::ItemId)
        .filter(batch_item::Column::BatchId.eq(batch))
        .order_by_asc(batch_item::Column::Position)
        .into_tuple()
        .all(db)
        .await?;
    Ok(items.into_iter().map(ItemId).collect())
}

async fn open_in(tx: &Tx, ctx: &Ctx, batch: Uuid, new: inspection::Model, drawn: &[ItemId]) -> Result<Uuid> {
    let now = ctx.now();
    let row = lock(tx, batch).await?;
    if !matches!(batch::queries::state(&row)?, BatchState::Waiting | BatchState::Inspecting) {
        return Err(Conflict::Decided.into());
    }
    for running in holder::running(tx, &[batch]).await? {
        if running.reviewer_id == ctx.person() {
            return Ok(running.id);
        }
        if holder::holds(tx, &running, now).await? {
            return Err(Conflict::HeldByOther.into());
        }
        let sql = "UPDATE inspections SET ended_at = $2 WHERE id = $1";
        tx.execute_raw(raw(tx, sql, [running.id.into(), now.0.into()])).await?;
    }
    let id = new.id;
    let data = json!({ "batch": batch, "inspection": id, "seed": new.seed, "n": new.n, "plan": new.plan });
    inspection::Entity::insert(new.into_active_model().reset_all()).exec_without_returning(tx).await?;
    for (chunk, items) in drawn.chunks(ROWS).enumerate() {
        let lines = items.iter().enumerate().map(|(n, item)| sample::ActiveModel {
            inspection_id: Set(id),
            item_id: Set(item.0),
            position: Set(i32::try_from(chunk * ROWS + n).unwrap_or(i32::MAX)),
            verdict: Set(None),
            reason: Set(None),
            comment: Set(None),
            annotations: Set(None),
            fix_value: Set(None),
            judged_at: Set(None),
        });
        sample::Entity::insert_many(lines).exec_without_returning(tx).await?;
    }
    let deed = Event {
        person: Some(ctx.person()),
        project: Some(row.project_id),
        item: None,
        kind: "inspection.opened",
        data,
    };
    event::record(tx, now, deed).await?;
    Ok(id)
}

/// Reads a batch and holds it until the transaction ends.
pub(super) async fn lock(tx: &Tx, batch: Uuid) -> Result<batches::Model> {
    let rows = batches::Entity::update_many()
        .col_expr(batches::Column::Id, sea_orm::sea_query::Expr::value(batch))
        .filter(batches::Column::Id.eq(batch))
        .exec_with_returning(tx)
        .await?;
    Ok(rows.into_iter().next().ok_or(Error::NotFound(Noun::Batch))?)
}
