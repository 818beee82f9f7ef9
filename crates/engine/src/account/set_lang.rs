//! The caller chooses a language.

use crate::Ctx;
use crate::account::rights;
use crate::error::Result;
use crate::event::{self, Event};
use crate::person::entity::person;
use domain::error::Noun;
use domain::lang::Lang;
use domain::policy::{Action, Resource};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// Sets the caller's language.
pub async fn set_lang(ctx: &Ctx, lang: Lang) -> Result<()> {
    ctx.require(Action::Change, Resource::OwnAccount, Noun::Person)?;
    let ctx2 = ctx.clone();
    let write = ctx.write(move |tx| {
        Box::pin(async move {
            rights::changed();
            person::Entity::update_many()
                .col_expr(person::Column::Lang, Expr::value(lang.code()))
                .filter(person::Column::Id.eq(ctx2.person()))
                .exec(tx)
                .await?;
            let deed = Event {
                person: Some(ctx2.person()),
                project: None,
                item: None,
                kind: "account.lang_set",
                data: serde_json::json!({ "lang": lang }),
            };
            event::record(tx, ctx2.now(), deed).await
        })
    });
    write.await
}
