//! Several processes on one database, and what a write does when it meets another.

use crate::room::{mood, schema, work};
use domain::Error;
use domain::project::{Modality, Settings};
use engine::testing::World;
use engine::{Pool, check, claim};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nodes_that_start_together_on_a_new_database_make_one_schema() {
    let (world, others) = World::nodes(4).await;
    // What one of them makes the others see.
    let project = world.project("评论", Modality::Text, schema(), Settings::default()).await;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_database_that_was_killed_and_started_again_has_lost_nothing() {
    if !World::tests_postgres() {
        // SQLite dies with its process: see `sqlite`, and `terrace-bench kill`.
        return;
    }
    let (world, mut server) = World::on_own_server().await;
    let project = world.project("评论", Modality::Text, schema(), Settings::default()).await;
    let texts: Vec<(String, String)> = (0..5_000).map(|n| (format!("k{n}"), format!("第 {n} 条"))).collect();
    let texts: Vec<(&str, &str)> = texts.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
    let items = world.texts(project, &texts).await;
    let boss = world.boss().await;
    let (mut acknowledged, mut busy) = (std::collections::BTreeMap::new(), 0);
    let mut crowd = Vec::new();
    for n in 0..8 {
        crowd.push(world.annotator(&format!("p{n}"), project).await);
    }
    for round in 0..4_u64 {
        let people: Vec<_> = crowd.iter().map(|who| tokio::spawn(label_until_away(who.clone(), project))).collect();
        tokio::time::sleep(Duration::from_millis(150 + 100 * round)).await;
        tokio::task::block_in_place(|| server.kill()).unwrap();
        for person in people {
            let (done, told_busy) = person.await.unwrap();
            acknowledged.extend(done);
            busy += u32::from(told_busy);
        }
        tokio::task::block_in_place(|| server.resume()).unwrap();
        // Dead connections are found out one by one; everybody gets through within moments.
        let mut tries = 0;
        while let Err(error) = engine::project::list(&boss).await {
            assert!(matches!(error, engine::Error::Refused(Error::Unavailable)), "{error:?}");
            tries += 1;
            assert!(tries < 200, "the engine does not find its database again");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    assert!(busy > 0 && !acknowledged.is_empty(), "{busy} were told, {} labels", acknowledged.len());
    let stored = world.annotations(&items).await;
    for (id, item) in &acknowledged {
        let kept = stored.iter().find(|row| row.id == *id).expect("an acknowledged label is lost");
        assert_eq!(kept.item, *item);
    }
    let report = check::run(&world.engine).await.unwrap();
    assert_eq!(report.breaches, Vec::<String>::new());
}

/// Labels until the database is away or nothing is left. Gives what was acknowledged, and whether it went away.
async fn label_until_away(
    who: engine::Ctx,
    project: domain::id::ProjectId,
) -> (Vec<(domain::id::AnnotationId, domain::id::ItemId)>, bool) {
    let mut done = Vec::new();
    loop {
        let claims = match claim::take(&who, project, 2).await {
            Ok(taken) if taken.claims.is_empty() => return (done, false),
            Ok(taken) => taken.claims,
            Err(engine::Error::Refused(Error::Unavailable)) => return (done, true),
            Err(error) => panic!("{error:?}"),
        };
        for held in claims {
            match claim::submit(&who, held.id, work(mood("good")), Some(held.id.to_string())).await {
                Ok(kept) => done.push((kept.annotation.id, kept.annotation.item)),
                Err(engine::Error::Refused(Error::Unavailable)) => return (done, true),
                Err(error) => panic!("{error:?}"),
            }
        }
    }
}
