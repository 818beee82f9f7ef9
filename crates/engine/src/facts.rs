//! What an installation remembers of itself: a few named texts that all nodes share.

use crate::error::Result;
use sea_orm::{ConnectionTrait, Statement};

/// The text under this name.
pub(crate) async fn get(db: &impl ConnectionTrait, name: &str) -> Result<Option<String>> {
    let sql = "SELECT value FROM facts WHERE name = $1";
    let row = db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, [name.into()])).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}

/// Remembers it.
pub(crate) async fn set(db: &impl ConnectionTrait, name: &str, value: &str) -> Result<()> {
    let sql = "INSERT INTO facts (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2";
    let values = [name.into(), value.into()];
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    Ok(())
}
