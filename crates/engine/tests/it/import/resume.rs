//! A job that is dropped anywhere goes on from its last group, and neither loses nor doubles.

use super::{figures, items, pictures, read, texts};
use domain::import::JobState;
use engine::testing::World;
use std::io::Write;
use std::time::Duration;

const LEASE: i64 = 60_001;

fn lines(n: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for i in 0..n {
        writeln!(bytes, "{{\"id\": \"k{i}\", \"text\": \"第 {i} 条\"}}").unwrap();
        if i % 500 == 0 {
            writeln!(bytes, "broken {i}").unwrap();
            writeln!(bytes, "{{\"text\": \"第 {i} 条\"}}").unwrap();
        }
    }
    bytes
}

/// Records of a group of lines.
fn group(world: &World) -> usize {
    if world.is_postgres() { 4_000 } else { 1_000 }
}

#[tokio::test]
async fn texts_go_on_after_a_restart() {
    for groups in [0, 1, 2] {
        let mut world = World::new().await;
        let project = texts(&world).await;
        let group = group(&world);
        let n = group * 5 / 2;
        let queued = world.upload(project, "a.jsonl", &lines(n)).await.unwrap();
        world.run_groups(groups).await;
        world.restart().await;
        let view = engine::import::get(&world.boss().await, queued.id).await.unwrap();
        assert_eq!(view.state, JobState::Running);
        assert_eq!(view.read, (group * groups) as u64);
        assert_eq!(view.bytes_done > 0, groups > 0);

        // Whoever holds the lease is left alone until it runs out.
        world.run_jobs().await;
        let view = engine::import::get(&world.boss().await, queued.id).await.unwrap();
        assert_eq!(view.state, JobState::Running);

        world.clock.advance(LEASE);
        let view = world.imported(queued.id).await;
        let twice = n / 500;
        assert_eq!(figures(&view).map(|n| n as usize), [n + 2 * twice, n, twice, twice], "after {groups} groups");
        let found = read(&world, project).await;
        let expected = (0..n).map(|i| (format!("k{i}"), format!("第 {i} 条")));
        assert!(found.into_iter().eq(expected));
        let lines: Vec<u64> = view.problems.iter().filter_map(|problem| problem.line).collect();
        assert!(lines.into_iter().eq((0..twice as u64).map(|i| 2 + 502 * i)));
        let report = engine::check::run(&world.engine).await.unwrap();
        assert_eq!(report.breaches, Vec::<String>::new());
    }
}

#[tokio::test]
async fn archives_go_on_after_a_restart() {
    let mut world = World::new().await;
    let project = pictures(&world).await;
    let queued = world.upload(project, "a.zip", &super::images::archive(40)).await.unwrap();
    world.run_groups(1).await;
    world.restart().await;
    world.clock.advance(LEASE);
    let before = engine::import::get(&world.boss().await, queued.id).await.unwrap();
    assert!(before.added > 0 && before.added < 40, "{before:?}");
    assert_eq!(figures(&world.imported(queued.id).await), [40, 40, 0, 0]);
    assert_eq!(items(&world, project).await.len(), 40);
    assert_eq!(std::fs::read_dir(world.engine.data().join("uploads")).unwrap().count(), 0);
    let report = engine::check::run(&world.engine).await.unwrap();
    assert_eq!(report.breaches, Vec::<String>::new());
}

#[tokio::test]
async fn the_runner_takes_over_at_once_and_sweeps_what_was_left() {
    let mut world = World::new().await;
    let project = texts(&world).await;
    let n = group(&world) * 3 / 2;
    let queued = world.upload(project, "a.jsonl", &lines(n)).await.unwrap();
    world.run_groups(1).await;
    world.restart().await;
    if world.is_postgres() {
        // There another node may hold the job: its lease has to run out first.
        world.clock.advance(120_000);
    }

    let uploads = world.engine.data().join("uploads");
    let left = uploads.join(format!("{}.part", uuid::Uuid::now_v7()));
    std::fs::create_dir(&left).unwrap();
    std::fs::write(left.join("0"), b"half").unwrap();
    let long_ago = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for path in [left.join("0"), left.clone()] {
        std::fs::File::open(path).unwrap().set_times(std::fs::FileTimes::new().set_modified(long_ago)).unwrap();
    }

    let jobs = engine::job::run(&world.engine);
    let boss = world.boss().await;
    for _ in 0..600 {
        let view = engine::import::get(&boss, queued.id).await.unwrap();
        if view.state == JobState::Done && !left.exists() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let view = engine::import::get(&boss, queued.id).await.unwrap();
    assert_eq!(figures(&view).map(|n| n as usize), [n + n / 250, n, n / 500, n / 500]);
    assert!(!left.exists());

    // A job queued now is found without waiting for the next look.
    let next = world.upload(project, "b.txt", "新的一行".as_bytes()).await.unwrap();
    let begun = std::time::Instant::now();
    while engine::import::get(&boss, next.id).await.unwrap().state != JobState::Done {
        assert!(begun.elapsed() < Duration::from_secs(2), "nobody heard the bell");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    jobs.abort();
}

#[tokio::test]
async fn a_job_that_cannot_be_read_is_tried_three_times_and_given_up_with_words() {
    let world = World::new().await;
    let project = texts(&world).await;
    let queued = world.upload(project, "a.jsonl", &lines(10)).await.unwrap();
    std::fs::remove_dir_all(world.engine.data().join("uploads").join(queued.id.to_string())).unwrap();
    for state in [JobState::Queued, JobState::Queued, JobState::Failed] {
        let view = world.imported(queued.id).await;
        assert_eq!(view.state, state);
        // Not at once again.
        assert_eq!(world.imported(queued.id).await.state, state);
        world.clock.advance(LEASE);
    }
    let view = world.imported(queued.id).await;
    assert!(view.error.is_some_and(|words| !words.zh.is_empty() && !words.en.is_empty()));
}
