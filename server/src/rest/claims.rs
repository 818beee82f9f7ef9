//! Claims: taking items, keeping drafts, renewing, skipping, submitting.

use axum::http::StatusCode;
use domain::claim::{self, CLAIM_MAX, ClaimView, ReworkNote};
use domain::id::{ClaimId, ProjectId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::extract::{IdempotencyKey, Json, OptionalJson, Path};
use super::items::{Annotation, Item, Reason};
use super::shape::{mirror, moment};
use crate::identity::Caller;
use crate::problem::Refusal;

mirror! {
    /// Why there is nothing, or not more, to hand out.
    NoWork = domain::claim::NoWork {
        /// Nothing was imported yet.
        Empty,
        /// Everything is labeled.
        AllDone,
        /// What remains is in other hands, or was labeled by the caller before.
        HeldByOthers,
        /// The project is not open.
        Closed,
        /// The caller holds as many as one person may.
        HoldLimit,
    }
}

mirror! {
    /// Why an annotator leaves an item.
    SkipReason = domain::claim::SkipReason {
        /// Not sure: somebody else shall try.
        Unsure,
        /// The guideline does not cover it.
        Unclear,
        /// The data cannot be used. Makes the item void.
        Unusable,
    }
}

/// How many items to take.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewClaims {
    /// 1 when left out. What the caller holds already counts and is told again.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 10)]
    count: Option<u32>,
}

/// What was taken.
#[derive(Serialize, ToSchema)]
pub struct Claims {
    /// In the order of work: rework first.
    claims: Vec<Claim>,
    /// Why there are fewer than asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reason: Option<NoWork>,
}

/// One person's exclusive, expiring hold on an item.
#[derive(Serialize, ToSchema)]
pub struct Claim {
    id: Uuid,
    #[schema(format = DateTime)]
    claimed_at: String,
    /// When it ends unless renewed.
    #[schema(format = DateTime)]
    expires_at: String,
    item: Item,
    /// The last draft that reached the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    draft: Option<Draft>,
    /// What to put right, where this is rework.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    rework: Option<Rework>,
}

impl From<ClaimView> for Claim {
    fn from(view: ClaimView) -> Self {
        Self {
            id: view.id.0,
            claimed_at: moment(view.claimed_at),
            expires_at: moment(view.expires_at),
            item: view.item.into(),
            draft: view.draft.map(|draft| Draft {
                value: draft.value,
                active_ms: draft.active_ms,
                sequence: draft.sequence,
            }),
            rework: view.rework.map(Into::into),
        }
    }
}

/// Work in progress.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// The value so far; it need not satisfy the schema.
    #[schema(value_type = Object)]
    value: Map<String, Value>,
    /// Counted working time so far.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 9007199254740991_i64)]
    active_ms: i64,
    /// Grows with each save; an older draft never replaces a newer one.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 9007199254740991_i64)]
    sequence: u64,
}

/// What to put right.
#[derive(Serialize, ToSchema)]
pub struct Rework {
    /// The annotation to correct.
    previous: Annotation,
    reason: Option<Reason>,
    /// The reviewer's words.
    comment: Option<String>,
    /// The author took it back themself.
    own: bool,
    #[schema(format = DateTime)]
    returned_at: String,
}

impl From<ReworkNote> for Rework {
    fn from(note: ReworkNote) -> Self {
        Self {
            previous: note.previous.into(),
            reason: note.reason.map(Into::into),
            comment: note.comment,
            own: note.own,
            returned_at: moment(note.returned_at),
        }
    }
}

/// Which claims to renew.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Renewal {
    #[schema(max_items = 100)]
    ids: Vec<Uuid>,
}

/// What was renewed.
#[derive(Serialize, ToSchema)]
pub struct Renewed {
    /// Claims that live on.
    renewed: Vec<RenewedClaim>,
    /// Claims that are no longer the caller's.
    gone: Vec<Uuid>,
}

/// A claim that lives on.
#[derive(Serialize, ToSchema)]
pub struct RenewedClaim {
    id: Uuid,
    #[schema(format = DateTime)]
    expires_at: String,
}

/// A skip.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Skip {
    reason: SkipReason,
    #[serde(default)]
    #[schema(max_length = 1000)]
    comment: Option<String>,
}

/// A finished value.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Submit {
    /// An object keyed by control.
    #[schema(value_type = Object)]
    value: Map<String, Value>,
    /// Counted working time; cut to the claim's own span.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 9007199254740991_i64)]
    active_ms: i64,
    /// The schema the work was done under, as `GET /api/v1/projects/{id}` tells it.
    schema_version: u32,
}

/// What was kept.
#[derive(Serialize, ToSchema)]
pub struct Submitted {
    annotation: Annotation,
}

/// Take items to label.
#[utoipa::path(post, path = "/api/v1/projects/{id}/claims", tag = "labeling", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The project.")), request_body = Option<NewClaims>,
    responses((status = 200, description = "The claims; none left is an empty list and why.", body = Claims)))]
pub async fn create_claims(
    Caller(ctx): Caller,
    Path(id): Path<Uuid>,
    OptionalJson(new): OptionalJson<NewClaims>,
) -> Result<Json<Claims>, Refusal> {
    let count = new.count.unwrap_or(1);
    if !(1..=CLAIM_MAX).contains(&count) {
        return Err(domain::Error::invalid(
            "count",
            "out-of-range",
            format!("一次可领取 1–{CLAIM_MAX} 条。"),
            format!("A call takes 1 to {CLAIM_MAX} items."),
        )
        .into());
    }
    let taken = engine::claim::take(&ctx, ProjectId(id), count).await?;
    Ok(Json(Claims {
        claims: taken.claims.into_iter().map(Into::into).collect(),
        reason: taken.reason.map(Into::into),
    }))
}

/// Prolong claims while the work goes on.
#[utoipa::path(post, path = "/api/v1/claims/renew", tag = "labeling", security(("bearer" = [])),
    request_body = Renewal, responses((status = 200, description = "What lives on.", body = Renewed)))]
pub async fn renew_claims(Caller(ctx): Caller, Json(renewal): Json<Renewal>) -> Result<Json<Renewed>, Refusal> {
    if renewal.ids.len() > 100 {
        return Err(domain::Error::invalid(
            "ids",
            "too-many",
            "一次最多续期 100 条。",
            "A call renews at most 100 claims.",
        )
        .into());
    }
    let answer = engine::claim::renew(&ctx, renewal.ids.into_iter().map(ClaimId).collect()).await?;
    Ok(Json(Renewed {
        renewed: answer
            .renewed
            .into_iter()
            .map(|(id, until)| RenewedClaim { id: id.0, expires_at: moment(until) })
            .collect(),
        gone: answer.gone.into_iter().map(|id| id.0).collect(),
    }))
}

/// Keep work in progress.
#[utoipa::path(put, path = "/api/v1/claims/{id}/draft", tag = "labeling", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The claim.")), request_body = Draft,
    responses((status = 204, description = "It is kept.")))]
pub async fn save_draft(
    Caller(ctx): Caller,
    Path(id): Path<Uuid>,
    Json(draft): Json<Draft>,
) -> Result<StatusCode, Refusal> {
    let draft = claim::Draft { value: draft.value, active_ms: draft.active_ms, sequence: draft.sequence };
    engine::claim::save_draft(&ctx, ClaimId(id), draft).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give an item back without a word.
#[utoipa::path(delete, path = "/api/v1/claims/{id}", tag = "labeling", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The claim.")),
    responses((status = 204, description = "It is given back.")))]
pub async fn release_claim(Caller(ctx): Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Refusal> {
    engine::claim::release(&ctx, ClaimId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Leave an item, with a reason.
#[utoipa::path(post, path = "/api/v1/claims/{id}/skip", tag = "labeling", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The claim.")), request_body = Skip,
    responses((status = 204, description = "It is left.")))]
pub async fn skip_claim(
    Caller(ctx): Caller,
    Path(id): Path<Uuid>,
    Json(skip): Json<Skip>,
) -> Result<StatusCode, Refusal> {
    engine::claim::skip(&ctx, ClaimId(id), skip.reason.into(), skip.comment).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Submit the finished value.
///
/// Safe to repeat with the same `Idempotency-Key`: the same annotation is told again, with 200.
#[utoipa::path(post, path = "/api/v1/claims/{id}/submit", tag = "labeling", security(("bearer" = [])),
    params(
        ("id" = Uuid, Path, description = "The claim."),
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's own name for this submit.",
            min_length = 1, max_length = 200, pattern = "^[!-~]+$"),
    ),
    request_body = Submit,
    responses(
        (status = 201, description = "It is kept.", body = Submitted),
        (status = 200, description = "It was kept before, under the same key.", body = Submitted),
    ))]
pub async fn submit_claim(
    Caller(ctx): Caller,
    Path(id): Path<Uuid>,
    IdempotencyKey(key): IdempotencyKey,
    Json(submit): Json<Submit>,
) -> Result<(StatusCode, Json<Submitted>), Refusal> {
    let submit =
        claim::Submit { value: submit.value, active_ms: submit.active_ms, schema_version: submit.schema_version };
    let kept = engine::claim::submit(&ctx, ClaimId(id), submit, key).await?;
    let status = if kept.repeated { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(Submitted { annotation: kept.annotation.into() })))
}
