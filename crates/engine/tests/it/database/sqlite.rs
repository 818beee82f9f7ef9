//! What a SQLite file goes through: kills, damage, other processes. On PostgreSQL all of this is the server's.

use domain::project::{Modality, Settings};
use engine::testing::World;
use engine::{Config, Engine, check};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

/// A folder as a killed server leaves it: the file with its log beside it.
async fn killed() -> (World, tempfile::TempDir) {
    let mut world = World::on_sqlite().await;
    let project = world.project("评论", Modality::Text, crate::room::schema(), Settings::default()).await;
    let texts: Vec<(String, String)> = (0..2_000).map(|n| (format!("k{n}"), format!("第 {n} 条"))).collect();
    let texts: Vec<(&str, &str)> = texts.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
    world.texts(project, &texts).await;
    // Everything into the file, and something more into the log.
    world.restart().await;
    world.texts(project, &[("last", "最后一条")]).await;
    let left = tempfile::tempdir().unwrap();
    for name in ["terrace.db", "terrace.db-wal"] {
        std::fs::copy(world.folder().join(name), left.path().join(name)).unwrap();
    }
    (world, left)
}

async fn open(folder: &Path) -> engine::Result<Engine> {
    Engine::open(Config::new(folder)).await
}

#[tokio::test]
async fn after_a_kill_the_log_is_read_and_everything_is_there() {
    let (world, left) = killed().await;
    let engine = open(left.path()).await.unwrap();
    let report = check::run(&engine).await.unwrap();
    assert!(report.breaches.is_empty(), "{:?}", report.breaches);
    let items = |report: &check::CheckReport| report.counted.iter().find(|(noun, _)| noun == "items").map(|(_, n)| *n);
    assert_eq!(items(&report), Some(2_001));
    assert_eq!(items(&report), items(&check::run(&world.engine).await.unwrap()));
    engine.close().await;
    assert!(!left.path().join("terrace.db-wal").exists(), "closing leaves no log");
}

#[tokio::test]
async fn a_damaged_page_is_found_at_the_start_after_a_kill_and_said() {
    let (_world, left) = killed().await;
    let mut file = std::fs::File::options().write(true).open(left.path().join("terrace.db")).unwrap();
    let pages = file.metadata().unwrap().len() / 4_096;
    assert!(pages > 100, "{pages} pages");
    for page in pages / 2..pages / 2 + 8 {
        file.seek(SeekFrom::Start(page * 4_096)).unwrap();
        file.write_all(&[0xA5; 4_096]).unwrap();
    }
    drop(file);
    let refused = open(left.path()).await.unwrap_err();
    let engine::Error::Broken(cause) = refused else { panic!("{refused:?}") };
    let said = format!("{cause:#}");
    assert!(said.contains("is damaged") && said.contains("terrace restore"), "{said}");
}

#[tokio::test]
async fn a_file_in_use_is_opened_beside_the_one_who_uses_it() {
    let world = World::on_sqlite().await;
    let beside = world.another().await;
    let boss = world.boss().await;
    let there = beside.ctx(boss.actor().clone());
    assert!(engine::project::list(&there).await.unwrap().is_empty());
    world.project("评论", Modality::Text, crate::room::schema(), Settings::default()).await;
    assert_eq!(engine::project::list(&there).await.unwrap().len(), 1);
    beside.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_waits_for_another_process_that_writes() {
    let world = World::on_sqlite().await;
    let beside = world.another().await;
    // Both hold their write for half a second.
    let half = std::time::Duration::from_millis(500);
    tokio::join!(world.hold(half), World::hold_on(&beside, half));
    beside.close().await;
}

#[tokio::test]
async fn space_of_deleted_rows_goes_back_to_the_file_system() {
    let world = World::on_sqlite().await;
    let size = || std::fs::metadata(world.folder().join("terrace.db")).unwrap().len();
    for n in 0..40 {
        let now = world.engine.now();
        let data = "x".repeat(500_000);
        engine::account::session::save(&world.engine, format!("s{n}"), data, now, None).await.unwrap();
    }
    world.clock.advance(1);
    engine::account::session::delete_expired(&world.engine).await.unwrap();
    let (before, after) = world.shrunk().await;
    assert!(before > 4_500, "{before} free pages");
    assert_eq!(before - after, 4_096, "a bounded part at a time");
    let (_, rest) = world.shrunk().await;
    assert!(rest < 100, "{rest} free pages left");
    world.engine.close().await;
    assert!(size() < 4_000_000, "{} bytes", size());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_crowd_of_readers_shares_a_few_connections() {
    let world = World::on_sqlite().await;
    let boss = world.boss().await;
    let asked = (0..200).map(|_| engine::project::list(&boss));
    for listed in futures::future::join_all(asked).await {
        assert!(listed.unwrap().is_empty());
    }
    assert!((1..=8).contains(&world.readers()), "{} connections", world.readers());
}
