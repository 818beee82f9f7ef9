//! The audit finds nothing in a sound world, and every kind of damage in a spoilt one.

use crate::import::{pictures, texts};
use engine::testing::World;

async fn breaches(world: &World) -> Vec<String> {
    engine::check::run(&world.engine).await.unwrap().breaches
}

#[tokio::test]
async fn a_sound_world_is_counted() {
    let world = World::new().await;
    let (text, image) = (texts(&world).await, pictures(&world).await);
    world.texts(text, &[("a", "一"), ("b", "二")]).await;
    world.images(image, &[("a.png", 10, 10)]).await;
    let report = engine::check::run(&world.engine).await.unwrap();
    assert_eq!(report.breaches, Vec::<String>::new());
    let count = |noun: &str| report.counted.iter().find(|(known, _)| known == noun).map(|(_, n)| *n);
    assert_eq!((count("items"), count("blobs"), count("annotations")), (Some(3), Some(1), Some(0)));
}

#[tokio::test]
async fn the_claims_of_a_page_are_found_by_their_index() {
    let plan = World::new().await.audit_plan().await;
    let steps = |what: &str| plan.iter().filter(|line| line.contains(what)).count();
    assert_eq!((steps("claims_one_slot"), steps("SCAN claims"), steps("Seq Scan")), (1, 0, 0), "{plan:#?}");
}

#[tokio::test]
async fn damage_is_found() {
    for (sql, told) in [
        ("UPDATE items SET free = 0", "are not its overlap of 1"),
        ("UPDATE items SET state = 'labeled'", "is labeled with 0 of 1 annotations"),
        ("UPDATE items SET state = 'labeled'", "counts 2 items as open, but there are 0"),
        ("UPDATE items SET state = 'lost'", "unknown state lost"),
        ("UPDATE items SET filled = 1, free = 0", "0 people have a counted annotation"),
        ("UPDATE items SET state = 'in_review'", "is in review, but in no batch"),
        ("UPDATE items SET state = 'rework'", "no work waits on it"),
        ("UPDATE items SET data = 'x'", "do not read"),
        ("UPDATE project_counts SET n = n + 1", "counts 3 items as open, but there are 2"),
        ("DELETE FROM project_counts", "does not count its 2 items"),
    ] {
        let world = World::new().await;
        let project = texts(&world).await;
        world.texts(project, &[("a", "一"), ("b", "二")]).await;
        world.tamper(sql).await;
        let breaches = breaches(&world).await;
        assert!(breaches.iter().any(|breach| breach.contains(told)), "{sql}: {breaches:#?}");
    }
}

#[tokio::test]
async fn a_lost_or_cut_blob_is_found() {
    let world = World::new().await;
    let project = pictures(&world).await;
    world.images(project, &[("a.png", 10, 10)]).await;
    world.tamper("UPDATE blobs SET bytes = bytes + 1").await;
    assert!(breaches(&world).await[0].contains("is missing, or has not its"));
    world.tamper("DELETE FROM blobs").await;
    assert!(breaches(&world).await[0].contains("which is not recorded"));
}
