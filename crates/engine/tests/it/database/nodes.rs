//! Several processes on one database, and what a write does when it meets another.

use domain::Error;
use domain::project::{Modality, Settings};
use engine::testing::World;
use engine::{Pool, claim};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nodes_that_start_together_on_a_new_database_make_one_schema() {
    let (world, others) = World::nodes(4).await;
    // What one of them makes the others see.
    let project = world.project("评论", Modality::Text, crate::room::schema(), Settings::default()).await;
    world.texts(project, &[("a", "一")]).await;
    let ann = world.annotator("ann", project).await;
    for other in &others {
        let there = other.ctx(ann.actor().clone());
        assert_eq!(claim::take(&there, project, 1).await.unwrap().claims.len(), 1);
    }
    for other in others {
        other.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writes_that_wait_for_each_other_are_run_again_and_both_done_once() {
    let world = World::new().await;
    let before = world.positions().await;
    world.cross().await;
    let after = world.positions().await;
    assert_eq!(after, [before[0] + 2, before[1] + 2]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writers_that_look_first_and_add_then_meet_at_what_both_add() {
    let world = World::new().await;
    let made = (0..12).map(|_| world.person("new", domain::account::PlatformRole::Member));
    let mut ids = std::collections::BTreeSet::new();
    for ctx in futures::future::join_all(made).await {
        ids.insert(ctx.actor().person);
    }
    assert_eq!(ids.len(), 1, "one account");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_waits_too_long_for_a_connection_is_told_that_the_system_is_busy() {
    let pool = Pool { connections: 2, wait: Duration::from_millis(200), ..Pool::default() };
    let world = World::with_pool(pool).await;
    let boss = world.boss().await;
    let holding = world.hold(Duration::from_millis(1_500));
    let ask = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        claim::home(&boss).await
    };
    let ((), asked) = tokio::join!(holding, ask);
    if world.is_postgres() {
        assert!(matches!(asked, Err(engine::Error::Refused(Error::Unavailable))), "{asked:?}");
    } else {
        // Its readers wait for no writer.
        asked.unwrap();
    }
    claim::home(&boss).await.unwrap();
}
