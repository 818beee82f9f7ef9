//! The ten regions, written when the engine opens and never changed afterwards: an installation may add its own.

use super::entity::region;
use crate::Engine;
use crate::error::Result;
use domain::organization::REGIONS;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait, PaginatorTrait};

/// Seeds the ten regions where they are missing.
pub(crate) async fn seed_regions(engine: &Engine) -> Result<()> {
    let there = region::Entity::find().count(engine.db().read()).await?;
    if usize::try_from(there).is_ok_and(|there| there >= REGIONS.len()) {
        return Ok(());
    }
    let write = engine.db().write(|tx| {
        Box::pin(async move {
            for (position, (slug, zh, en, gb_code)) in (0_i32..).zip(REGIONS) {
                let row = region::ActiveModel {
                    slug: Set(slug.to_owned()),
                    zh: Set(zh.to_owned()),
                    en: Set(en.to_owned()),
                    gb_code: Set(gb_code.map(str::to_owned)),
                    position: Set(position),
                };
                let untouched = OnConflict::column(region::Column::Slug).do_nothing().to_owned();
                region::Entity::insert(row).on_conflict(untouched).exec_without_returning(tx).await?;
            }
            Ok(())
        })
    });
    write.await
}
