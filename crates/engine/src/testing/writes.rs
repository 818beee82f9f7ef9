//! Writes that meet: what a test cannot bring about through use cases at a moment of its choice.

use super::{World, told};
use crate::Engine;
use crate::db::rows::raw;
use sea_orm::{ConnectionTrait, Statement};
use std::time::Duration;

/// The two rows that [`World::cross`] changes.
const ROWS: [&str; 2] = ["guiyang", "zunyi"];

impl World {
    /// Two writes that each change the same two rows, one of them in the other's order, begun at one moment. Ends the test
    /// where one fails.
    pub async fn cross(&self) {
        let [first, second] = ROWS;
        let one = self.engine.db().write(change(first, second));
        let other = self.engine.db().write(change(second, first));
        let (one, other) = tokio::join!(one, other);
        told(one, "one");
        told(other, "other");
    }

    /// The figures of those two rows.
    pub async fn positions(&self) -> [i32; 2] {
        let mut found = [0; 2];
        for (slug, place) in ROWS.iter().zip(found.iter_mut()) {
            let db = self.engine.db().read();
            let row = db.query_one_raw(raw(db, "SELECT position FROM regions WHERE slug = $1", [(*slug).into()])).await;
            let row = told(row.map_err(Into::into), slug).unwrap_or_else(|| panic!("no region {slug}"));
            *place = told(row.try_get_by_index(0).map_err(Into::into), slug);
        }
        found
    }

    /// Two writes that each do nothing for so long.
    pub async fn hold(&self, time: Duration) {
        tokio::join!(Self::hold_on(&self.engine, time), Self::hold_on(&self.engine, time));
    }

    /// A write of this engine that changes a row and then does nothing for so long.
    pub async fn hold_on(engine: &Engine, time: Duration) {
        let held = engine.db().write(move |tx| {
            Box::pin(async move {
                let slug = format!("held-{}", uuid::Uuid::now_v7());
                let sql = "INSERT INTO regions (slug, zh, en, position) VALUES ($1, '占', 'held', 99)";
                tx.execute_raw(raw(tx, sql, [slug.into()])).await?;
                tokio::time::sleep(time).await;
                Ok(())
            })
        });
        told(held.await, "a write that waits");
    }

    /// A write that changes rows by these words and then holds them for so long.
    pub async fn hold_rows(&self, sql: &'static str, time: Duration) {
        let held = self.engine.db().write(move |tx| {
            Box::pin(async move {
                tx.execute_unprepared(sql).await?;
                tokio::time::sleep(time).await;
                Ok(())
            })
        });
        told(held.await, sql);
    }

    /// Pages of the SQLite file that hold nothing, before and after space was given back.
    pub async fn shrunk(&self) -> (i64, i64) {
        let before = self.free_pages().await;
        told(self.engine.db().shrink().await, "shrink");
        (before, self.free_pages().await)
    }

    async fn free_pages(&self) -> i64 {
        let db = self.engine.db();
        let statement = Statement::from_string(db.backend(), "PRAGMA freelist_count");
        let row = told(db.read().query_one_raw(statement).await.map_err(Into::into), "freelist");
        row.map_or(0, |row| told(row.try_get_by_index(0).map_err(Into::into), "freelist"))
    }

    /// Connections that are open for reading.
    pub fn readers(&self) -> u32 {
        self.engine.db().read().get_sqlite_connection_pool().size()
    }
}

fn change(first: &'static str, second: &'static str) -> impl crate::db::WriteFn<()> {
    move |tx: &crate::db::Tx| -> futures::future::BoxFuture<'_, crate::Result<()>> {
        Box::pin(async move {
            let sql = "UPDATE regions SET position = position + 1 WHERE slug = $1";
            tx.execute_raw(raw(tx, sql, [first.into()])).await?;
            // Long enough for the other to have its first row too.
            tokio::time::sleep(Duration::from_millis(100)).await;
            tx.execute_raw(raw(tx, sql, [second.into()])).await?;
            Ok(())
        })
    }
}
