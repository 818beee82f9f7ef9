//! A new bearer token for a program.

use super::entity::token;
use crate::Ctx;
use crate::error::Result;
use crate::event::{self, Event};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use domain::Problem;
use domain::account::{CreatedToken, TokenView};
use domain::error::Noun;
use domain::id::TokenId;
use domain::policy::{Action, Resource};
use domain::time::Millis;
use rand::Rng;
use sea_orm::{ActiveValue::Set, EntityTrait};
use sha2::{Digest, Sha256};

/// The longest life of a token.
const DAYS_MAX: u32 = 365;
const DAY_MS: i64 = 86_400_000;

/// Makes a bearer token of the caller. Its secret is told here and never again.
pub async fn create_token(ctx: &Ctx, name: String, days: u32) -> Result<CreatedToken> {
    ctx.require(Action::Create, Resource::OwnAccount, Noun::Token)?;
    let name = name.trim().to_owned();
    let mut problems = Vec::new();
    if !(1..=60).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        let (zh, en) = ("令牌名称须为 1–60 个字。", "A token's name has 1 to 60 characters.");
        problems.push(Problem::new("name", "out-of-range", zh, en));
    }
    if !(1..=DAYS_MAX).contains(&days) {
        let (zh, en) = ("有效期须为 1–365 天。", "A token lives 1 to 365 days.");
        problems.push(Problem::new("days", "out-of-range", zh, en));
    }
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let mut secret = [0; 32];
    rand::rng().fill_bytes(&mut secret);
    let secret = format!("tr_{}", BASE64_URL_SAFE_NO_PAD.encode(secret));
    let now = ctx.now();
    let view = TokenView {
        id: TokenId(ctx.new_id()),
        name,
        created_at: now,
        expires_at: now.plus(i64::from(days) * DAY_MS),
        last_used_at: None,
    };
    let row = token::ActiveModel {
        id: Set(view.id.0),
        person_id: Set(ctx.person()),
        name: Set(view.name.clone()),
        hash: Set(hash(&secret)),
        created_at: Set(view.created_at.0),
        expires_at: Set(view.expires_at.0),
        revoked_at: Set(None),
        last_used_at: Set(None),
    };
    let deed = Event {
        person: Some(ctx.person()),
        project: None,
        item: None,
        kind: "token.created",
        data: serde_json::json!({ "token": view.id, "expires_at": view.expires_at }),
    };
    let write = ctx.write(move |tx| {
        Box::pin(async move {
            token::Entity::insert(row).exec_without_returning(tx).await?;
            event::record(tx, now, deed).await
        })
    });
    write.await?;
    Ok(CreatedToken { token: secret, view })
}

/// What is stored of a secret. It holds 256 bits of chance, so that one fast hash suffices.
pub(crate) fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

/// A token as its owner sees it.
pub(super) fn view(row: token::Model) -> TokenView {
    TokenView {
        id: TokenId(row.id),
        name: row.name,
        created_at: Millis(row.created_at),
        expires_at: Millis(row.expires_at),
        last_used_at: row.last_used_at.map(Millis),
    }
}
