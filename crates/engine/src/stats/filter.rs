//! Which rows of `day_figures` or `project_days`, called `d`, a query is about.

use domain::stats::StatsQuery;
use sea_orm::{DbBackend, Value};

/// The condition of a statement, with its values.
pub(super) struct Filter {
    /// `WHERE …`, or nothing.
    pub(super) sql: String,
    /// Its values, from `$1` on.
    pub(super) values: Vec<Value>,
    /// The day to group by.
    pub(super) day: &'static str,
}

impl Filter {
    pub(super) fn of(query: &StatsQuery) -> Filter {
        // The plus keeps the days' own index out of it, by which SQLite would look up each of a project's rows by itself; they
        // lie together.
        Self::with("d.project_id =", if query.project.is_some() { "+d.day" } else { "d.day" }, query)
    }

    /// For few days of a project: SQLite is to find them by the index of days, not among all rows of the project.
    pub(super) fn by_day(query: &StatsQuery, backend: DbBackend) -> Filter {
        Self::with(if backend == DbBackend::Sqlite { "+d.project_id =" } else { "d.project_id =" }, "d.day", query)
    }

    fn with(of_project: &'static str, day: &'static str, query: &StatsQuery) -> Filter {
        let wanted: [(&str, Option<Value>); 5] = [
            (of_project, query.project.map(|id| id.0.into())),
            ("d.organization_id =", query.organization.map(|id| id.0.into())),
            ("d.person_id =", query.person.map(|id| id.0.into())),
            ("d.day >=", query.from.map(|day| day.0.into())),
            ("d.day <=", query.to.map(|day| day.0.into())),
        ];
        let mut filter = Filter { sql: String::new(), values: Vec::new(), day };
        for (condition, value) in wanted {
            if let Some(value) = value {
                filter.values.push(value);
                let word = if filter.values.len() == 1 { "WHERE" } else { "AND" };
                filter.sql.push_str(&format!("{word} {condition} ${} ", filter.values.len()));
            }
        }
        filter
    }
}
