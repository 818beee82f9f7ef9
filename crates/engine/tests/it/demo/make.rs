//! The demo is a whole little world: people who can sign in, data to label, and work of the days before.

use domain::project::{Modality, ProjectRole};
use domain::stats::{GroupBy, StatsQuery};
use engine::testing::World;
use engine::{account, claim, demo, project, stats};

#[tokio::test]
async fn an_empty_folder_is_filled_once() {
    let world = World::new().await;
    let accounts = demo::make(&world.engine).await.unwrap();
    assert!(demo::make(&world.engine).await.unwrap().is_empty(), "a filled folder stays as it is");
    let mut manager = None;
    for demo in &accounts {
        let actor = account::sign_in(&world.engine, "::1", &demo.username, &demo.password).await.unwrap();
        assert!(!actor.must_change_password);
        let projects = project::list(&world.engine.ctx(actor.clone())).await.unwrap();
        assert_eq!(projects.len(), 2, "{}", demo.username);
        if projects[0].role == Some(ProjectRole::Manager) {
            manager = Some(world.engine.ctx(actor));
        }
    }
    let manager = manager.unwrap();
    for summary in project::list(&manager).await.unwrap() {
        let counts = summary.counts;
        match summary.modality {
            Modality::Text => {
                assert_eq!((counts.total(), counts.accepted, counts.labeled, counts.rework), (60, 11, 13, 1));
            }
            Modality::Image => assert_eq!((counts.total(), counts.labeled), (12, 3)),
        }
        let query = StatsQuery { project: Some(summary.id), by: GroupBy::Day, ..StatsQuery::default() };
        let table = stats::table(&manager, query).await.unwrap();
        assert_eq!(table.total.submitted, counts.accepted + counts.labeled + counts.rework);
        assert!(table.days.iter().all(|day| day.day < world.engine.now().day()), "nothing was done today");
    }
    let ann = accounts.iter().find(|demo| demo.username == "annotator1").unwrap();
    let ann = account::sign_in(&world.engine, "::1", &ann.username, &ann.password).await.unwrap();
    let home = claim::home(&world.engine.ctx(ann)).await.unwrap();
    assert_eq!(home.rework.len(), 1, "the annotator begins with what came back");
    assert_eq!(world.breaches().await, Vec::<String>::new());
}
