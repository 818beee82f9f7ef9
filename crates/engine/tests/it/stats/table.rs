//! Figures add up the same whichever way they are cut, and are shown to those who may see them.

use super::room::{Room, room};
use domain::Error;
use domain::account::{Actor, PlatformRole};
use domain::error::Noun;
use domain::policy::Action;
use domain::stats::{GroupBy, StatsQuery, StatsTable};
use domain::time::Day;
use engine::{organization, stats};

fn by(by: GroupBy) -> StatsQuery {
    StatsQuery { by, ..StatsQuery::default() }
}

/// Name, detail, people, submitted, accepted.
fn rows(table: &StatsTable) -> Vec<(&str, Option<&str>, u32, u64, u64)> {
    let row = |row: &'_ domain::stats::StatsRow| (row.people, row.figures.submitted, row.figures.accepted);
    table
        .rows
        .iter()
        .map(|r| {
            let (people, submitted, accepted) = row(r);
            (r.name.as_str(), r.detail.as_deref(), people, submitted, accepted)
        })
        .collect()
}

#[tokio::test]
async fn every_cut_adds_up_to_the_same_total() {
    let Room { root, .. } = &room().await;
    let table = stats::table(root, by(GroupBy::Person)).await.unwrap();
    let expected = [("ann", Some("ann"), 1, 30, 12), ("ben", Some("ben"), 1, 5, 5), ("loner", Some("loner"), 1, 1, 0)];
    assert_eq!(rows(&table), expected);
    assert_eq!((table.total.submitted, table.total.accepted, table.total.active_ms), (36, 17, 76 * 60_000));
    assert_eq!(table.total.first_pass_yield(), Some(17.0 / 36.0));
    assert_eq!(table.rows[0].figures.per_hour(), Some(30.0));

    let firms = stats::table(root, by(GroupBy::Organization)).await.unwrap();
    assert_eq!(
        rows(&firms),
        [("一家", Some("zunyi"), 1, 30, 12), ("二家", Some("guiyang"), 1, 5, 5), ("", None, 1, 1, 0)]
    );
    let regions = stats::table(root, by(GroupBy::Region)).await.unwrap();
    assert_eq!(rows(&regions), [("贵阳市", None, 1, 5, 5), ("遵义市", None, 1, 30, 12), ("", None, 1, 1, 0)]);
    assert_eq!(regions.rows[0].key, "guiyang");
    let projects = stats::table(root, by(GroupBy::Project)).await.unwrap();
    assert_eq!(rows(&projects), [("P", None, 3, 26, 11), ("Q", None, 1, 10, 6)]);
    let days = stats::table(root, by(GroupBy::Day)).await.unwrap();
    assert_eq!(rows(&days), [("2026-11-23", None, 2, 25, 15), ("2026-11-24", None, 2, 11, 2)]);
    for cut in [&firms, &regions, &projects, &days] {
        assert_eq!(cut.total, table.total);
        assert_eq!(cut.days.iter().map(|day| day.figures.submitted).collect::<Vec<_>>(), [25, 11]);
    }
}

#[tokio::test]
async fn who_worked_for_two_firms_of_a_region_is_one_person_there() {
    let Room { world, root, ann, p } = &room().await;
    let firm = organization::create(root, "三家".into(), "zunyi".into()).await.unwrap().id;
    let moved = world.engine.ctx(Actor { organization: Some(firm), ..ann.actor().clone() });
    world.clock.advance(86_400_000);
    world.worked(&moved, *p, 3, 0, 1).await;
    let firms = stats::table(root, by(GroupBy::Organization)).await.unwrap();
    let zunyi: Vec<_> = rows(&firms).into_iter().filter(|row| row.1 == Some("zunyi")).collect();
    assert_eq!(zunyi, [("一家", Some("zunyi"), 1, 30, 12), ("三家", Some("zunyi"), 1, 3, 0)]);
    let regions = stats::table(root, by(GroupBy::Region)).await.unwrap();
    assert_eq!(rows(&regions)[1], ("遵义市", None, 1, 33, 12));
    assert_eq!(rows(&stats::table(root, by(GroupBy::Person)).await.unwrap())[0].3, 33);
}

#[tokio::test]
async fn a_query_narrows_rows_total_and_days_alike() {
    let Room { root, ann, p, .. } = &room().await;
    let first = Day::parse("2026-11-23").unwrap();
    let query = StatsQuery { project: Some(*p), to: Some(first), ..by(GroupBy::Person) };
    let table = stats::table(root, query).await.unwrap();
    assert_eq!(rows(&table).iter().map(|row| (row.0, row.3)).collect::<Vec<_>>(), [("ann", 10), ("ben", 5)]);
    assert_eq!((table.total.submitted, table.days.len()), (15, 1));
    let days = stats::table(root, StatsQuery { project: Some(*p), ..by(GroupBy::Day) }).await.unwrap();
    assert_eq!(rows(&days), [("2026-11-23", None, 2, 15, 9), ("2026-11-24", None, 2, 11, 2)]);
    assert_eq!((days.total.submitted, days.days.len()), (26, 2));
    let query = StatsQuery { person: Some(ann.actor().person), from: Some(first.plus(1)), ..by(GroupBy::Day) };
    assert_eq!(stats::table(root, query).await.unwrap().total.submitted, 10);
    let query = StatsQuery { organization: ann.actor().organization, ..by(GroupBy::Project) };
    assert_eq!(stats::table(root, query).await.unwrap().total.submitted, 30);
    let query = StatsQuery { from: Some(first.plus(9)), ..by(GroupBy::Person) };
    assert_eq!(stats::table(root, query).await.unwrap(), StatsTable::default());
}

#[tokio::test]
async fn managers_see_their_project_members_themselves_strangers_nothing() {
    let Room { world, ann, p, .. } = &room().await;
    let boss = world.boss().await;
    let query = || StatsQuery { project: Some(*p), ..by(GroupBy::Person) };
    assert_eq!(stats::table(&boss, query()).await.unwrap().total.submitted, 26);
    let refused = stats::table(&boss, by(GroupBy::Person)).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::NotAllowed(Action::Measure, Noun::Platform)));
    let refused = stats::table(ann, query()).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::NotAllowed(Action::Measure, Noun::Project)));
    let stranger = world.person("stranger", PlatformRole::Manager).await;
    let refused = stats::table(&stranger, query()).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::NotFound(Noun::Project)));

    let mine = stats::mine(ann, None, None).await.unwrap();
    assert_eq!((mine.total.submitted, mine.days.len()), (30, 2));
    let first = Day::parse("2026-11-23").unwrap();
    assert_eq!(stats::mine(ann, Some(first), Some(first)).await.unwrap().total.submitted, 20);
    assert_eq!(stats::mine(&stranger, None, None).await.unwrap(), StatsTable::default());
}
