//! Runs SQL that both databases understand, with placeholders where they differ.

use sea_orm_migration::prelude::{DbErr, SchemaManager};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

/// A statement that begins with this is PostgreSQL's alone.
const ONLY_POSTGRES: &str = "{postgres}";
/// A statement that begins with this is SQLite's alone.
const ONLY_SQLITE: &str = "{sqlite}";

/// Runs statements that end in `;` at a line's end. `{id}` becomes the column type of identifiers, `{text}` that of text
/// that is compared and sorted by its bytes on both; a statement that begins with `{postgres}` or `{sqlite}` runs on that
/// one only.
pub(crate) async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    for statement in statements(sql, manager.get_database_backend() == DbBackend::Sqlite) {
        manager.get_connection().execute_unprepared(&statement).await?;
    }
    Ok(())
}

fn statements(sql: &str, is_sqlite: bool) -> Vec<String> {
    let (id, text, ours, theirs) = if is_sqlite {
        ("blob", "text", ONLY_SQLITE, ONLY_POSTGRES)
    } else {
        ("uuid", "text COLLATE \"C\"", ONLY_POSTGRES, ONLY_SQLITE)
    };
    let sql: String =
        sql.lines().filter(|line| !line.trim_start().starts_with("--")).map(|line| format!("{line}\n")).collect();
    let sql = sql.replace("{id}", id).replace("{text}", text);
    let statements = sql.split(";\n").map(str::trim).filter(|statement| !statement.is_empty());
    let wanted = statements.filter(|statement| !statement.starts_with(theirs));
    wanted.map(|statement| statement.strip_prefix(ours).unwrap_or(statement).trim_start().to_owned()).collect()
}

/// Drops tables in this order.
pub(crate) async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&str]) -> Result<(), DbErr> {
    for table in tables {
        manager.get_connection().execute_unprepared(&format!("DROP TABLE IF EXISTS {table}")).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::statements;

    #[test]
    fn each_database_gets_its_own_types_and_statements() {
        let sql = "-- why\nCREATE TABLE a (\n  id {id},\n  key {text}\n);\n\n{postgres} ALTER TABLE a SET (fillfactor = 80);\n\n\
                   {sqlite} ANALYZE a;\n";
        assert_eq!(statements(sql, true), ["CREATE TABLE a (\n  id blob,\n  key text\n)", "ANALYZE a"]);
        assert_eq!(
            statements(sql, false),
            ["CREATE TABLE a (\n  id uuid,\n  key text COLLATE \"C\"\n)", "ALTER TABLE a SET (fillfactor = 80)"]
        );
    }
}
