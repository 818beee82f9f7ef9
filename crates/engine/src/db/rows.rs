//! Rows that a statement is given by its values: `WITH v (a, b) AS (VALUES ($1, $2), ($3, $4)) …`, the same SQL on both
//! databases.
//!
//! Each value has its type from how it is bound, so that nothing is cast. Many rows go in parts of powers of two, so that
//! few different statements are ever prepared.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement, Value};

/// Rows of one statement at most. Each statement is a way to a thread of SQLite's, or to another server, and back.
const ROWS: usize = 256;

/// The beginning of a statement that reads rows `v` with these columns, and their values.
pub(crate) fn with<const N: usize>(
    columns: [&'static str; N],
    rows: impl IntoIterator<Item = [Value; N]>,
) -> (String, Vec<Value>) {
    let mut sql = format!("WITH v ({}) AS (VALUES ", columns.join(", "));
    let mut values: Vec<Value> = Vec::new();
    for row in rows {
        if !values.is_empty() {
            sql.push_str(", ");
        }
        place(&mut sql, values.len(), N);
        values.extend(row);
    }
    sql.push_str(") ");
    (sql, values)
}

/// The rows of `… IN` these keys, given in any order, each once. Keys of a part are said twice until there is
/// a power of two of them.
pub(crate) async fn of_keys<K: Clone + Into<Value>>(
    db: &impl ConnectionTrait,
    sql: &str,
    keys: &[K],
) -> Result<Vec<QueryResult>, DbErr> {
    let mut rows = Vec::with_capacity(keys.len());
    for part in keys.chunks(ROWS) {
        let count = part.len().next_power_of_two();
        let mut sql = sql.to_owned();
        place(&mut sql, 0, count);
        let values = part.iter().chain(part.iter().rev().cycle()).take(count).map(|key| key.clone().into());
        rows.extend(db.query_all_raw(raw(db, &sql, values)).await?);
    }
    Ok(rows)
}

/// Writes `($1, $2, …)` for so many values behind those that there are.
pub(crate) fn place(sql: &mut String, before: usize, count: usize) {
    for n in 1..=count {
        sql.push(if n == 1 { '(' } else { ',' });
        sql.push('$');
        sql.push_str(&(before + n).to_string());
    }
    sql.push(')');
}

/// The statement with its values, in the words of the database that it goes to.
///
/// SQLite gives `$1` a name, and the driver looks each name up along the list of them all: with a thousand values that is half
/// a million steps. There each place is a nameless `?`, and a value that is used twice is given twice.
pub(crate) fn raw(db: &impl ConnectionTrait, sql: &str, values: impl IntoIterator<Item = Value>) -> Statement {
    let backend = db.get_database_backend();
    if backend == DbBackend::Sqlite {
        let values: Vec<Value> = values.into_iter().collect();
        let (sql, values) = nameless(sql, &values);
        return Statement::from_sql_and_values(backend, sql, values);
    }
    Statement::from_sql_and_values(backend, sql, values)
}

/// The same with `?` at each place, and the values in the order of the places.
fn nameless(sql: &str, values: &[Value]) -> (String, Vec<Value>) {
    let mut places = sql.split('$');
    let mut text = String::with_capacity(sql.len());
    text.push_str(places.next().unwrap_or_default());
    let mut ordered = Vec::with_capacity(values.len());
    for place in places {
        let digits = place.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = place.split_at(digits);
        let value = number.parse::<usize>().ok().and_then(|number| values.get(number.checked_sub(1)?));
        if let Some(value) = value {
            text.push('?');
            ordered.push(value.clone());
        } else {
            // Not one of ours: SQLite says what it thinks of it.
            text.push('$');
            text.push_str(number);
        }
        text.push_str(rest);
    }
    (text, ordered)
}

/// The rows in parts of 256, then 128 … 1.
pub(crate) fn in_powers<T>(mut rows: &[T]) -> Vec<&[T]> {
    let mut parts = Vec::new();
    let mut size = ROWS;
    while size > 0 {
        while rows.len() >= size {
            let (part, rest) = rows.split_at(size);
            parts.push(part);
            rows = rest;
        }
        size /= 2;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_go_in_parts_of_powers_of_two() {
        let rows: Vec<usize> = (0..535).collect();
        let parts = in_powers(&rows);
        assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [256, 256, 16, 4, 2, 1]);
        assert_eq!(parts.concat(), rows);
        assert!(in_powers::<usize>(&[]).is_empty());
    }

    #[test]
    fn a_place_without_a_name_has_the_value_of_its_number() {
        let values = ["a".into(), "b".into(), 3.into()];
        let (sql, values) = nameless("SELECT $2, '$' || $1 WHERE x = $3 OR y = $1 OR z = $9", &values);
        assert_eq!(sql, "SELECT ?, '$' || ? WHERE x = ? OR y = ? OR z = $9");
        assert_eq!(values, ["b".into(), "a".into(), 3.into(), "a".into()]);
    }

    #[test]
    fn values_are_numbered_through() {
        let (sql, values) = with(["a", "b"], [[1.into(), 2.into()], [3.into(), 4.into()]]);
        assert_eq!(sql, "WITH v (a, b) AS (VALUES ($1,$2), ($3,$4)) ");
        assert_eq!(values, [1.into(), 2.into(), 3.into(), 4.into()]);
    }
}
