//! Figures: what is counted, and the rates made from it.
//!
//! Rows are rolled up as events happen; nothing here counts a table. A rate over nothing is absent, never zero.

use crate::id::{OrganizationId, PersonId, ProjectId};
use crate::time::Day;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// What one or many people did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Figures {
    /// Counted first submits.
    pub submitted: u64,
    /// Annotations of items that were accepted, on the day of acceptance.
    pub accepted: u64,
    /// Rework submits.
    pub rework: u64,
    /// Annotations returned by review.
    pub returned: u64,
    /// Skips.
    pub skipped: u64,
    /// Late submits kept without being counted.
    pub extra: u64,
    /// First revisions that were inspected.
    pub inspected: u64,
    /// Of those, how many passed.
    pub passed: u64,
    /// Verdicts given as a reviewer.
    pub reviewed: u64,
    /// Counted working time, milliseconds.
    pub active_ms: i64,
    /// Time from claim to submit, milliseconds.
    pub raw_ms: i64,
}

impl Figures {
    /// Adds another row.
    pub fn add(&mut self, other: &Figures) {
        self.submitted += other.submitted;
        self.accepted += other.accepted;
        self.rework += other.rework;
        self.returned += other.returned;
        self.skipped += other.skipped;
        self.extra += other.extra;
        self.inspected += other.inspected;
        self.passed += other.passed;
        self.reviewed += other.reviewed;
        self.active_ms += other.active_ms;
        self.raw_ms += other.raw_ms;
    }

    /// Active hours.
    pub fn active_hours(&self) -> f64 {
        self.active_ms as f64 / 3_600_000.0
    }

    /// Submitted annotations (rework included: it is work) an active hour, as Alibaba iTAG defines labeling efficiency.
    pub fn per_hour(&self) -> Option<f64> {
        (self.active_ms > 0).then(|| (self.submitted + self.rework) as f64 / self.active_hours())
    }

    /// Accepted annotations an active hour.
    pub fn net_per_hour(&self) -> Option<f64> {
        (self.active_ms > 0).then(|| self.accepted as f64 / self.active_hours())
    }

    /// First-pass yield: the share of inspected first revisions that passed.
    pub fn first_pass_yield(&self) -> Option<f64> {
        (self.inspected > 0).then(|| self.passed as f64 / self.inspected as f64)
    }
}

/// Figures of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayFigures {
    /// The day in China.
    pub day: Day,
    /// What was done.
    pub figures: Figures,
}

/// What a row of the table stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupBy {
    /// A person.
    #[default]
    Person,
    /// An organization.
    Organization,
    /// A region.
    Region,
    /// A project.
    Project,
    /// A day.
    Day,
}

/// Which figures are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StatsQuery {
    /// Only this project.
    #[serde(default)]
    pub project: Option<ProjectId>,
    /// Only this organization.
    #[serde(default)]
    pub organization: Option<OrganizationId>,
    /// Only this person.
    #[serde(default)]
    pub person: Option<PersonId>,
    /// From this day on.
    #[serde(default)]
    pub from: Option<Day>,
    /// Up to and with this day.
    #[serde(default)]
    pub to: Option<Day>,
    /// What a row stands for.
    #[serde(default)]
    pub by: GroupBy,
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatsRow {
    /// The key: an id, a region's slug or an ISO day.
    pub key: String,
    /// The name for people (regions: their Chinese name; the screen translates by slug).
    pub name: String,
    /// The user name for people, the organization's region for organizations.
    pub detail: Option<String>,
    /// People behind the row who did anything.
    pub people: u32,
    /// What was done.
    pub figures: Figures,
}

/// A table of figures with its total and its course by day.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StatsTable {
    /// The rows.
    pub rows: Vec<StatsRow>,
    /// All rows together.
    pub total: Figures,
    /// The same figures by day, oldest first.
    pub days: Vec<DayFigures>,
    /// Rows that are not here, when a part was asked for.
    #[serde(default)]
    pub left_out: u32,
}

/// What rows of a table are put in order by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// The name.
    Name,
    /// People behind the row.
    People,
    /// Counted first submits.
    Submitted,
    /// Accepted annotations.
    Accepted,
    /// Rework submits.
    Rework,
    /// Returned annotations.
    Returned,
    /// Skips.
    Skipped,
    /// Verdicts given.
    Reviewed,
    /// Active hours.
    Hours,
    /// Annotations an active hour.
    Pace,
    /// First-pass yield.
    Yield,
}

impl Column {
    /// Which of two rows comes first, smallest first. A rate over nothing is below every other.
    fn order(self, a: &StatsRow, b: &StatsRow) -> Ordering {
        let rates = |rate: fn(&Figures) -> Option<f64>| {
            let [a, b] = [a, b].map(|row| rate(&row.figures).unwrap_or(-1.0));
            a.total_cmp(&b)
        };
        let (x, y) = (&a.figures, &b.figures);
        match self {
            Self::Name => a.name.cmp(&b.name),
            Self::People => a.people.cmp(&b.people),
            Self::Submitted => x.submitted.cmp(&y.submitted),
            Self::Accepted => x.accepted.cmp(&y.accepted),
            Self::Rework => x.rework.cmp(&y.rework),
            Self::Returned => x.returned.cmp(&y.returned),
            Self::Skipped => x.skipped.cmp(&y.skipped),
            Self::Reviewed => x.reviewed.cmp(&y.reviewed),
            Self::Hours => x.active_ms.cmp(&y.active_ms),
            Self::Pace => rates(Figures::per_hour),
            Self::Yield => rates(Figures::first_pass_yield),
        }
    }

    /// Puts rows in order. Those that are alike stay as they were, whichever way it goes.
    pub fn sort(self, rows: &mut [StatsRow], down: bool) {
        rows.sort_by(|a, b| if down { self.order(b, a) } else { self.order(a, b) });
    }
}

/// The first rows of a table in some order: a province has twenty thousand people, and nobody reads on so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The order.
    pub by: Column,
    /// Largest first.
    pub down: bool,
    /// At most so many rows.
    pub rows: u32,
}

impl StatsTable {
    /// Puts the rows in order and leaves out those behind the part. Total and days stay those of all.
    pub fn part(mut self, part: Part) -> Self {
        part.by.sort(&mut self.rows, part.down);
        let kept = usize::try_from(part.rows).unwrap_or(usize::MAX);
        let left_out = self.rows.len().saturating_sub(kept);
        self.rows.truncate(kept);
        self.left_out = self.left_out.saturating_add(u32::try_from(left_out).unwrap_or(u32::MAX));
        self
    }
}

/// The province at a glance.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Wall {
    /// The goal of people.
    pub goal: u32,
    /// Active accounts that belong to an organization.
    pub people: u32,
    /// People who submitted anything today.
    pub working_today: u32,
    /// Today's figures.
    pub today: Figures,
    /// By region: all ten, in official order.
    pub regions: Vec<WallRow>,
    /// By organization, most people first.
    pub organizations: Vec<WallRow>,
}

/// A region or organization on the wall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WallRow {
    /// Region slug or organization id.
    pub key: String,
    /// The name.
    pub name: crate::lang::Words,
    /// The organization's region slug.
    pub region: Option<String>,
    /// Active accounts.
    pub people: u32,
    /// People who submitted anything today.
    pub working_today: u32,
    /// Today's figures.
    pub today: Figures,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(submitted: &[u64]) -> StatsTable {
        let row = |n: &u64| StatsRow {
            key: n.to_string(),
            name: format!("p{n}"),
            detail: None,
            people: 1,
            figures: Figures { submitted: *n, active_ms: if *n > 2 { 3_600_000 } else { 0 }, ..Figures::default() },
        };
        let total = Figures { submitted: submitted.iter().sum(), ..Figures::default() };
        StatsTable { rows: submitted.iter().map(row).collect(), total, ..StatsTable::default() }
    }

    fn keys(table: &StatsTable) -> Vec<&str> {
        table.rows.iter().map(|row| row.key.as_str()).collect()
    }

    #[test]
    fn a_part_has_the_first_rows_in_its_order_and_the_total_of_all() {
        let part = |by, down, rows| table(&[3, 1, 10, 2]).part(Part { by, down, rows });
        let most = part(Column::Submitted, true, 2);
        assert_eq!((keys(&most), most.left_out, most.total.submitted), (vec!["10", "3"], 2, 16));
        let least = part(Column::Submitted, false, 3);
        assert_eq!((keys(&least), least.left_out), (vec!["1", "2", "3"], 1));
        let named = part(Column::Name, false, 9);
        assert_eq!((keys(&named), named.left_out), (vec!["1", "10", "2", "3"], 0));
        // Nobody's pace is known who has no hours: below every pace.
        assert_eq!(keys(&part(Column::Pace, true, 4)), ["10", "3", "1", "2"], "those alike stay as they were");
        assert_eq!((part(Column::People, true, 0).rows.len(), part(Column::People, true, 0).left_out), (0, 4));
    }
}
