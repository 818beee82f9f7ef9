//! Days that are over are read from their sums, and nobody can tell.

use super::room::{Room, room};
use domain::project::{Modality, Settings};
use domain::stats::{GroupBy, StatsQuery, StatsTable};
use domain::time::Day;
use engine::{check, stats};
use serde_json::json;

const DAY: i64 = 86_400_000;

/// Every cut of the figures, whole and narrowed.
async fn cuts(Room { root, ann, p, .. }: &Room) -> Vec<StatsTable> {
    let first = Day::parse("2026-11-23").unwrap();
    let whole = StatsQuery::default();
    let narrowed = [
        whole.clone(),
        StatsQuery { project: Some(*p), ..whole.clone() },
        StatsQuery { project: Some(*p), to: Some(first), ..whole.clone() },
        StatsQuery { project: Some(*p), from: Some(first.plus(1)), to: Some(first.plus(2)), ..whole.clone() },
        StatsQuery { from: Some(first.plus(1)), ..whole.clone() },
        StatsQuery { from: Some(first.plus(9)), ..whole.clone() },
        StatsQuery { organization: ann.actor().organization, ..whole.clone() },
        StatsQuery { project: Some(*p), organization: ann.actor().organization, ..whole.clone() },
        StatsQuery { person: Some(ann.actor().person), ..whole },
    ];
    let mut tables = Vec::new();
    for query in narrowed {
        for by in [GroupBy::Person, GroupBy::Organization, GroupBy::Region, GroupBy::Project, GroupBy::Day] {
            tables.push(stats::table(root, StatsQuery { by, ..query.clone() }).await.unwrap());
        }
    }
    tables
}

/// What the days of project P tell: day, people, submitted.
async fn days(Room { root, p, .. }: &Room) -> Vec<(String, u32, u64)> {
    let query = StatsQuery { project: Some(*p), by: GroupBy::Day, ..StatsQuery::default() };
    let table = stats::table(root, query).await.unwrap();
    table.rows.into_iter().map(|row| (row.key, row.people, row.figures.submitted)).collect()
}

fn told(days: &[(&str, u32, u64)]) -> Vec<(String, u32, u64)> {
    days.iter().map(|(day, people, submitted)| ((*day).to_owned(), *people, *submitted)).collect()
}

#[tokio::test]
async fn closing_days_changes_no_figure() {
    let room = room().await;
    let Room { world, ann, p, .. } = &room;
    world.clock.advance(2 * DAY);
    world.worked(ann, *p, 2, 1, 3).await;
    let open = cuts(&room).await;
    stats::close_days(&world.engine).await.unwrap();
    assert_eq!(cuts(&room).await, open);
    // Nor does it matter how many days wait to be closed.
    world.clock.advance(20 * DAY);
    assert_eq!(cuts(&room).await, open);
    // They are read from their sums, the last day is not: its people's rows are all that there is of it.
    world.tamper("UPDATE project_days SET people = 7, submitted = 70").await;
    assert_eq!(days(&room).await, told(&[("2026-11-23", 7, 70), ("2026-11-24", 7, 70), ("2026-11-26", 1, 2)]));
}

#[tokio::test]
async fn a_day_is_closed_when_no_clock_can_still_be_in_it() {
    let room = room().await;
    let Room { world, ann, p, .. } = &room;
    // It is the 24th.
    stats::close_days(&world.engine).await.unwrap();
    world.tamper("DELETE FROM day_figures WHERE submitted = 5").await;
    assert_eq!(days(&room).await, told(&[("2026-11-23", 1, 10), ("2026-11-24", 2, 11)]), "both are open");
    world.clock.advance(DAY);
    stats::close_days(&world.engine).await.unwrap();
    world.worked(ann, *p, 1, 0, 1).await;
    world.tamper("DELETE FROM day_figures WHERE submitted IN (10, 1)").await;
    assert_eq!(days(&room).await, told(&[("2026-11-23", 1, 10)]), "the first is closed, the others were not yet");
}

#[tokio::test]
async fn a_clock_that_ran_ahead_leaves_no_day_short() {
    let room = room().await;
    let Room { world, ann, p, .. } = &room;
    let close = || async { stats::close_days(&world.engine).await.unwrap() };
    world.clock.advance(9 * DAY);
    close().await;
    world.clock.advance(-9 * DAY);
    // Right again, on the 24th.
    world.worked(ann, *p, 4, 0, 1).await;
    let all = told(&[("2026-11-23", 2, 15), ("2026-11-24", 2, 15)]);
    assert_eq!(days(&room).await, all);
    // Nobody closes anything before it really is over.
    world.clock.advance(2 * DAY);
    close().await;
    assert_eq!(days(&room).await, all);
    let closed = |breach: &String| breach.contains("closed figures");
    assert!(!check::run(&world.engine).await.unwrap().breaches.iter().any(closed));
}

#[tokio::test]
async fn the_audit_tells_a_closed_day_that_is_not_the_sum_of_its_people() {
    let room = room().await;
    let Room { world, .. } = &room;
    let schema = json!({ "controls": [{ "id": "note", "kind": "text" }] });
    world.project("Idle", Modality::Text, schema, Settings::default()).await;
    world.clock.advance(5 * DAY);
    stats::close_days(&world.engine).await.unwrap();
    let closed = || async {
        let report = check::run(&world.engine).await.unwrap();
        let days = report.counted.iter().find(|(noun, _)| noun == "closed days").map(|(_, n)| *n);
        (days, report.breaches.into_iter().filter(|breach| breach.contains("closed figures")).collect::<Vec<_>>())
    };
    assert_eq!(closed().await, (Some(3), vec![]));
    world.tamper("UPDATE day_figures SET active_ms = active_ms + 1 WHERE submitted = 5").await;
    let (_, breaches) = closed().await;
    assert_eq!(breaches.len(), 1);
    assert!(breaches[0].contains("2026-11-23"), "{breaches:?}");
    // The remedy that it names.
    world.tamper("DELETE FROM facts WHERE name = 'figures.closed'").await;
    stats::close_days(&world.engine).await.unwrap();
    assert_eq!(closed().await, (Some(3), vec![]));
    world.tamper("DELETE FROM project_days").await;
    assert_eq!(closed().await.1.len(), 3);
    // A day of a project on which nobody worked goes as well.
    world.tamper("INSERT INTO project_days SELECT project_id, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 FROM day_figures LIMIT 1").await;
    assert_eq!(closed().await.1.len(), 4);
    world.tamper("DELETE FROM facts WHERE name = 'figures.closed'").await;
    stats::close_days(&world.engine).await.unwrap();
    assert_eq!(closed().await, (Some(3), vec![]));
}
