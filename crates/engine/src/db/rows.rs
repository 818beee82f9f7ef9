//! Rows that a statement is given by its values: `WITH v (a, b) AS (VALUES ($1, $2), ($3, $4)) …`, the same SQL on both
//! databases.
//!
//! Each value has its type from how it is bound, so that nothing is cast. Many rows go in parts of powers of two, so that
//! few different statements are ever prepared.

use sea_orm::Value;

/// Rows of one statement at most.
const ROWS: usize = 64;

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

/// Writes `($1, $2, …)` for so many values behind those that there are.
pub(crate) fn place(sql: &mut String, before: usize, count: usize) {
    for n in 1..=count {
        sql.push(if n == 1 { '(' } else { ',' });
        sql.push('$');
        sql.push_str(&(before + n).to_string());
    }
    sql.push(')');
}

/// The rows in parts of 64, then 32 … 1.
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
        let rows: Vec<usize> = (0..151).collect();
        let parts = in_powers(&rows);
        assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [64, 64, 16, 4, 2, 1]);
        assert_eq!(parts.concat(), rows);
        assert!(in_powers::<usize>(&[]).is_empty());
    }

    #[test]
    fn values_are_numbered_through() {
        let (sql, values) = with(["a", "b"], [[1.into(), 2.into()], [3.into(), 4.into()]]);
        assert_eq!(sql, "WITH v (a, b) AS (VALUES ($1,$2), ($3,$4)) ");
        assert_eq!(values, [1.into(), 2.into(), 3.into(), 4.into()]);
    }
}
