//! Rows that a statement is given by its values: `WITH v (a, b) AS (…) …`, and what is done to `v` the same SQL on both
//! databases; and new rows of a table.
//!
//! SQLite is given each value by itself, `VALUES (?, ?), (?, ?)`, with its type from how it is bound; many rows go in parts of
//! powers of two, so that few different statements are ever prepared. PostgreSQL is given an array for each column,
//! `unnest($1::uuid[], $2::bigint[])`: one statement for any number of rows, and one value to plan with in place of a thousand.

use sea_orm::sea_query::ArrayType;
use sea_orm::{
    ActiveModelTrait, ActiveValue, ConnectionTrait, DbBackend, DbErr, EntityName, EntityTrait, IdenStatic, Iterable,
    QueryResult, Statement, Value,
};
use uuid::Uuid;

/// Rows of one statement at most. Each statement is a way to a thread of SQLite's, or to another server, and back.
const ROWS: usize = 256;
/// New rows of one statement from which on a value that they all have is given once. Fewer are not worth a statement of their
/// own among those that stay prepared.
const ALIKE: usize = 64;
/// What ends a statement that leaves rows out which break a uniqueness.
const NEW_ONLY: &str = " ON CONFLICT DO NOTHING";

/// The beginning of a statement that reads rows `v` with these columns, and their values. There is at least one row.
pub(crate) fn with<const N: usize>(
    db: &impl ConnectionTrait,
    columns: [&'static str; N],
    rows: impl IntoIterator<Item = [Value; N]>,
) -> (String, Vec<Value>) {
    if db.get_database_backend() == DbBackend::Postgres { as_arrays(columns, rows) } else { as_values(columns, rows) }
}

fn as_values<const N: usize>(
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

fn as_arrays<const N: usize>(
    columns: [&'static str; N],
    rows: impl IntoIterator<Item = [Value; N]>,
) -> (String, Vec<Value>) {
    let mut lists: [Vec<Value>; N] = std::array::from_fn(|_| Vec::new());
    for row in rows {
        for (list, value) in lists.iter_mut().zip(row) {
            list.push(value);
        }
    }
    let mut arrays = Arrays::default();
    let shown: Vec<String> = lists.into_iter().map(|list| arrays.column(list)).collect();
    let sql = format!("WITH v ({}) AS (SELECT {} FROM {}) ", columns.join(", "), shown.join(", "), arrays.from());
    (sql, arrays.values)
}

/// Columns that PostgreSQL is given as arrays.
#[derive(Default)]
struct Arrays {
    types: Vec<String>,
    values: Vec<Value>,
}

impl Arrays {
    /// Gives a column; what it is called among those of [`Arrays::from`]. An array has no place for what is not there: a column
    /// that lacks some of its values has a second one that says which.
    fn column(&mut self, list: Vec<Value>) -> String {
        let lacks: Vec<bool> = list.iter().map(|value| !value.is_some()).collect();
        if !lacks.contains(&true) {
            return self.give(list);
        }
        let list = list.into_iter().map(|value| if value.is_some() { value } else { value.dummy_value() }).collect();
        let (column, lack) = (self.give(list), self.give(lacks.into_iter().map(Value::from).collect()));
        format!("CASE WHEN NOT {lack} THEN {column} END")
    }

    fn give(&mut self, list: Vec<Value>) -> String {
        let (name, array) = array(list);
        self.values.push(array);
        self.types.push(format!("${}::{name}[]", self.values.len()));
        format!("c{}", self.values.len())
    }

    /// Where the columns are read from.
    fn from(&self) -> String {
        let names: Vec<String> = (1..=self.types.len()).map(|n| format!("c{n}")).collect();
        format!("unnest({}) AS u ({})", self.types.join(", "), names.join(", "))
    }
}

/// Adds rows to their table, with every column of them. `end` ends each statement: what is done where a row breaks a
/// uniqueness. Gives how many were written.
pub(crate) async fn insert<A: ActiveModelTrait>(
    db: &impl ConnectionTrait,
    rows: impl IntoIterator<Item = A>,
    end: &str,
) -> Result<u64, DbErr> {
    let columns: Vec<_> = <A::Entity as EntityTrait>::Column::iter().collect();
    let names: Vec<&str> = columns.iter().map(|column| column.as_str()).collect();
    let table = A::Entity::default().table_name();
    let rows: Vec<A> = rows.into_iter().collect();
    let sizes: Vec<usize> = in_parts(db, &rows).into_iter().map(<[A]>::len).collect();
    let mut rows = rows.into_iter();
    let mut written = 0;
    for size in sizes {
        let mut lists: Vec<Vec<Value>> = columns.iter().map(|_| Vec::with_capacity(size)).collect();
        for mut row in rows.by_ref().take(size) {
            for (list, column) in lists.iter_mut().zip(&columns) {
                match row.take(*column) {
                    ActiveValue::Set(value) | ActiveValue::Unchanged(value) => list.push(value),
                    ActiveValue::NotSet => return Err(DbErr::AttrNotSet(column.as_str().to_owned())),
                }
            }
        }
        let backend = db.get_database_backend();
        let (sql, values) = insertion(backend, table, &names, lists, end);
        written += db.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?.rows_affected();
    }
    Ok(written)
}

/// Adds rows, but for those that break a uniqueness. Gives the ids of the new ones, in no order.
pub(crate) async fn insert_new<A: ActiveModelTrait>(
    db: &impl ConnectionTrait,
    rows: impl IntoIterator<Item = A>,
    id: impl Fn(&A) -> Uuid,
) -> Result<Vec<Uuid>, DbErr> {
    let rows: Vec<A> = rows.into_iter().collect();
    let ids: Vec<Uuid> = rows.iter().map(id).collect();
    let written = insert(db, rows, NEW_ONLY).await?;
    if usize::try_from(written).ok() == Some(ids.len()) {
        return Ok(ids);
    }
    let table = A::Entity::default().table_name();
    let found = of_keys(db, &format!("SELECT id FROM {table} WHERE id"), &ids).await?;
    found.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// The statement that adds rows, given by their columns, and its values. In many rows, a value that all of them have is there
/// once; so is always that which all of them lack.
fn insertion(
    backend: DbBackend,
    table: &str,
    names: &[&str],
    lists: Vec<Vec<Value>>,
    end: &str,
) -> (String, Vec<Value>) {
    let rows = lists.first().map_or(0, Vec::len);
    let mut arrays = Arrays::default();
    let (mut shown, mut once, mut each) = (Vec::new(), Vec::new(), Vec::new());
    for (at, mut list) in lists.into_iter().enumerate() {
        let is_alike = |list: &[Value]| list.iter().all(|value| list.first() == Some(value));
        if list.iter().all(|value| !value.is_some()) {
            shown.push(Shown::Text("NULL".to_owned()));
        } else if at > 0 && rows >= ALIKE && is_alike(&list) {
            once.extend(list.pop());
            shown.push(Shown::Once(once.len()));
        } else if backend == DbBackend::Postgres {
            shown.push(Shown::Text(arrays.column(list)));
        } else {
            each.push(list);
            shown.push(Shown::Text(format!("c{}", each.len())));
        }
    }
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    // A fault ends the write, whose transaction or savepoint is rolled back. Told so, SQLite need not be able to take back the
    // statement alone, for which it would copy each page before it touches it.
    let verb = if backend == DbBackend::Sqlite { "INSERT OR FAIL" } else { "INSERT" };
    let into = format!("{verb} INTO {table} ({})", quoted.join(", "));
    if backend == DbBackend::Postgres {
        let (before, from) = (arrays.values.len(), arrays.from());
        let shown: Vec<String> = shown.into_iter().map(|shown| shown.sql(|n| format!("${}", before + n))).collect();
        let mut values = arrays.values;
        values.append(&mut once);
        return (format!("{into} SELECT {} FROM {from}{end}", shown.join(", ")), values);
    }
    let columns: Vec<String> = (1..=each.len()).map(|n| format!("c{n}")).collect();
    let row = format!("({})", vec!["?"; each.len()].join(","));
    // Without a condition SQLite would read `ON CONFLICT` as what the tables are joined on.
    let sql = format!(
        "WITH v ({}) AS (VALUES {}) {into} SELECT {} FROM v WHERE TRUE{end}",
        columns.join(", "),
        vec![row.as_str(); rows].join(", "),
        shown.into_iter().map(|shown| shown.sql(|_| "?".to_owned())).collect::<Vec<_>>().join(", "),
    );
    let mut values = Vec::with_capacity(rows * each.len() + once.len());
    let mut each: Vec<_> = each.into_iter().map(Vec::into_iter).collect();
    for _ in 0..rows {
        values.extend(each.iter_mut().filter_map(Iterator::next));
    }
    values.append(&mut once);
    (sql, values)
}

/// What a statement that adds rows reads for a column.
enum Shown {
    /// These words.
    Text(String),
    /// The value of this number among those that are given once.
    Once(usize),
}

impl Shown {
    fn sql(self, once: impl Fn(usize) -> String) -> String {
        match self {
            Self::Text(sql) => sql,
            Self::Once(number) => once(number),
        }
    }
}

/// Values of one type as PostgreSQL's array of them, with the name of their type.
fn array(list: Vec<Value>) -> (&'static str, Value) {
    let each = list.first().map_or(ArrayType::String, Value::array_type);
    let name = match &each {
        ArrayType::Bool => "boolean",
        ArrayType::Int => "integer",
        ArrayType::BigInt => "bigint",
        ArrayType::Uuid => "uuid",
        // Anything else that we never give would be refused by PostgreSQL.
        _ => "text",
    };
    (name, Value::Array(each, Some(Box::new(list))))
}

/// Is one of these keys: what follows the name of a column, and its values, the first and only ones of the statement. On SQLite
/// keys are said twice until there is a power of two of them.
pub(crate) fn among<K: Clone + Into<Value>>(db: &impl ConnectionTrait, keys: &[K]) -> (String, Vec<Value>) {
    if db.get_database_backend() == DbBackend::Postgres {
        let (name, array) = array(keys.iter().cloned().map(Into::into).collect());
        return (format!(" = ANY($1::{name}[])"), vec![array]);
    }
    let count = keys.len().next_power_of_two();
    let mut sql = " IN ".to_owned();
    place(&mut sql, 0, count);
    let values = keys.iter().chain(keys.iter().rev().cycle()).take(count).map(|key| key.clone().into());
    (sql, values.collect())
}

/// The rows of `… WHERE id` that have one of these keys, given in any order, each once.
pub(crate) async fn of_keys<K: Clone + Into<Value>>(
    db: &impl ConnectionTrait,
    sql: &str,
    keys: &[K],
) -> Result<Vec<QueryResult>, DbErr> {
    let mut rows = Vec::with_capacity(keys.len());
    for part in keys.chunks(ROWS) {
        let (these, values) = among(db, part);
        rows.extend(db.query_all_raw(raw(db, &format!("{sql}{these}"), values)).await?);
    }
    Ok(rows)
}

/// Writes `($1, $2, …)` for so many values behind those that there are.
fn place(sql: &mut String, before: usize, count: usize) {
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

/// The rows in parts, each for one statement by [`with`].
pub(crate) fn in_parts<'a, T>(db: &impl ConnectionTrait, rows: &'a [T]) -> Vec<&'a [T]> {
    if db.get_database_backend() == DbBackend::Postgres { rows.chunks(ROWS).collect() } else { in_powers(rows) }
}

/// The rows in parts of 256, then 128 … 1, for a statement that names each value.
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

    fn added(backend: DbBackend, rows: usize) -> (String, Vec<Value>) {
        let lists = vec![
            (0..rows).map(|n| Value::from(n as i64)).collect(),
            vec![Value::from(None::<String>); rows],
            vec![Value::from("same"); rows],
            (0..rows).map(|n| Value::from((n == 1).then_some("x"))).collect(),
        ];
        insertion(backend, "t", &["id", "none", "key", "some"], lists, NEW_ONLY)
    }

    #[test]
    fn a_few_new_rows_are_given_by_all_that_they_have() {
        let (sql, values) = added(DbBackend::Sqlite, 2);
        assert_eq!(
            sql,
            "WITH v (c1, c2, c3) AS (VALUES (?,?,?), (?,?,?)) INSERT OR FAIL INTO t (\"id\", \"none\", \"key\", \"some\") \
             SELECT c1, NULL, c2, c3 FROM v WHERE TRUE ON CONFLICT DO NOTHING"
        );
        assert_eq!(
            values,
            [0_i64.into(), "same".into(), None::<String>.into(), 1_i64.into(), "same".into(), Some("x").into()]
        );
        let (sql, values) = added(DbBackend::Postgres, 2);
        assert_eq!(
            sql,
            "INSERT INTO t (\"id\", \"none\", \"key\", \"some\") SELECT c1, NULL, c2, CASE WHEN NOT c4 THEN c3 END \
             FROM unnest($1::bigint[], $2::text[], $3::text[], $4::boolean[]) AS u (c1, c2, c3, c4) ON CONFLICT DO NOTHING"
        );
        assert_eq!(values.len(), 4);
    }

    #[test]
    fn what_many_new_rows_have_in_common_is_given_once() {
        let (sql, values) = added(DbBackend::Sqlite, ALIKE);
        assert!(sql.ends_with("SELECT c1, NULL, ?, c2 FROM v WHERE TRUE ON CONFLICT DO NOTHING"), "{sql}");
        assert_eq!(values.len(), 2 * ALIKE + 1);
        assert_eq!(values.last(), Some(&"same".into()));
        let (sql, values) = added(DbBackend::Postgres, ALIKE);
        assert!(sql.contains("SELECT c1, NULL, $4, CASE WHEN NOT c3 THEN c2 END FROM unnest("), "{sql}");
        assert_eq!(values.get(3), Some(&"same".into()));
    }

    #[test]
    fn values_are_numbered_through() {
        let (sql, values) = as_values(["a", "b"], [[1.into(), 2.into()], [3.into(), 4.into()]]);
        assert_eq!(sql, "WITH v (a, b) AS (VALUES ($1,$2), ($3,$4)) ");
        assert_eq!(values, [1.into(), 2.into(), 3.into(), 4.into()]);
    }

    #[test]
    fn a_column_is_one_array_and_a_second_one_where_some_of_it_lacks() {
        let rows = [[1.into(), Some("x").into(), true.into()], [2.into(), None::<String>.into(), false.into()]];
        let (sql, values) = as_arrays(["n", "key", "new"], rows);
        assert_eq!(
            sql,
            "WITH v (n, key, new) AS (SELECT c1, CASE WHEN NOT c3 THEN c2 END, c4 \
             FROM unnest($1::integer[], $2::text[], $3::boolean[], $4::boolean[]) AS u (c1, c2, c3, c4)) "
        );
        let list = |values: [Value; 2]| Value::Array(values[0].array_type(), Some(Box::new(values.into())));
        assert_eq!(
            values,
            [
                list([1.into(), 2.into()]),
                list(["x".into(), "".into()]),
                list([false.into(), true.into()]),
                list([true.into(), false.into()]),
            ]
        );
    }
}
