//! What an operator watches: jobs that wait, items by state, connections. Cheap enough to be asked every few seconds: small
//! tables and rolled-up counts, nothing that grows with the items.

use crate::Engine;
use crate::error::Result;
use sea_orm::{ConnectionTrait, Statement};

/// How things stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// Jobs under way or waiting.
    pub jobs: Vec<Jobs>,
    /// Jobs that failed within a day, by kind.
    pub failed: Vec<(&'static str, i64)>,
    /// Items of all projects by state.
    pub items: Vec<(String, i64)>,
    /// Connections to PostgreSQL of this process: open, and idle of those.
    pub connections: Option<(u32, usize)>,
}

/// The jobs of one kind in one state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jobs {
    /// `import` or `export`.
    pub kind: &'static str,
    /// `queued` or `running`.
    pub state: String,
    /// How many.
    pub n: i64,
    /// Milliseconds since the oldest was asked for.
    pub oldest_ms: i64,
}

const DAY_MS: i64 = 86_400_000;

/// How things stand now.
pub async fn figures(engine: &Engine) -> Result<Figures> {
    let (db, now) = (engine.db().read(), engine.now().0);
    let mut figures = Figures { connections: engine.db().connections(), ..Figures::default() };
    for (kind, table) in [("import", "imports"), ("export", "exports")] {
        let sql = format!(
            "SELECT state, COUNT(*), MIN(created_at) FROM {table} WHERE state IN ('queued', 'running') GROUP BY state"
        );
        for row in db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await? {
            let (state, n, first): (String, i64, i64) =
                (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
            figures.jobs.push(Jobs { kind, state, n, oldest_ms: now.saturating_sub(first).max(0) });
        }
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE state = 'failed' AND finished_at > $1");
        let values = [(now - DAY_MS).into()];
        let row = db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
        figures.failed.push((kind, row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default()));
    }
    let sql = "SELECT state, CAST(SUM(n) AS bigint) FROM project_counts GROUP BY state ORDER BY state";
    for row in db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await? {
        figures.items.push((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
    }
    Ok(figures)
}
