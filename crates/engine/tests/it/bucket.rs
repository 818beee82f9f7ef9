//! Files in a bucket: any node finds what another one took, an outage loses nothing, and another store is refused.

use crate::import::schema;
use domain::Error;
use domain::export::{NewExport, Only};
use domain::import::JobState;
use domain::item::ItemQuery;
use domain::project::{Modality, Settings};
use engine::testing::World;
use engine::{export, import, item, job};
use futures::TryStreamExt;

fn server() -> cluster::Bucket {
    cluster::Bucket::start().unwrap()
}

/// A picture of 2,000 pixels' width and some megabytes: one that has renditions.
fn photo(seed: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(2_000, 900, |x, y| {
        let n = (x ^ seed).wrapping_mul(2_654_435_761).wrapping_add(y.wrapping_mul(40_503));
        image::Rgb(n.to_le_bytes()[..3].try_into().unwrap())
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// Files on their way in a data folder, whatever their depth.
fn left(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for name in ["uploads", "exports", "blobs"] {
        for entry in std::fs::read_dir(folder.join(name)).unwrap() {
            found.push(entry.unwrap().path());
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_one_node_takes_another_works_and_any_node_serves() {
    let server = server();
    let world = World::with_bucket(&server, "files").await;
    let project = world.project("照片", Modality::Image, schema(Modality::Image), Settings::default()).await;
    let bytes = photo(7);
    assert!(bytes.len() > 1 << 20, "{}", bytes.len());
    let queued = world.upload(project, "a.png", &bytes).await.unwrap();

    // Another node, which has nothing of it on its machine, does the work.
    let other = world.elsewhere().await;
    job::run_waiting(&other).await.unwrap();
    let boss = world.boss().await;
    let there = other.ctx(boss.actor().clone());
    let done = import::get(&boss, queued.id).await.unwrap();
    assert_eq!((done.state, done.added), (JobState::Done, 1), "{:?}", done.problems);

    let items = item::list(&boss, project, ItemQuery::default()).await.unwrap();
    let id = items.rows[0].item.id;
    for ctx in [&boss, &there] {
        let served = item::image(ctx, id, None).await.unwrap();
        assert_eq!(served.file.read().await.unwrap(), bytes);
        let small = item::image(ctx, id, Some(200)).await.unwrap();
        let small = image::load_from_memory(&small.file.read().await.unwrap()).unwrap();
        assert_eq!((small.width(), small.height()), (256, 116));
    }
    let engine::blob::StoredFile::Remote(file) = item::image(&there, id, None).await.unwrap().file else {
        panic!("it is in the bucket")
    };
    assert_eq!(file.bytes, bytes.len() as u64);
    let part: Vec<_> = file.stream(1_000..3_000).await.unwrap().try_collect().await.unwrap();
    assert_eq!(part.concat(), bytes[1_000..3_000]);

    // An export is made on one and fetched from the other.
    let new = NewExport { format: "jsonl".to_owned(), only: Only::All };
    let export = export::create(&boss, project, new).await.unwrap().id;
    job::run_waiting(&other).await.unwrap();
    let made = export::file(&boss, export).await.unwrap();
    let read = made.file.read().await.unwrap();
    assert_eq!(read.len() as u64, made.bytes);
    assert!(String::from_utf8(read).unwrap().contains("a.png"));

    let report = engine::check::run(&other).await.unwrap();
    assert_eq!(report.breaches, Vec::<String>::new());
    assert_eq!(left(other.data()), Vec::<std::path::PathBuf>::new(), "a node keeps nothing");
    other.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_large_file_goes_in_parts() {
    let server = server();
    let world = World::with_bucket(&server, "").await;
    let project = world.project("评论", Modality::Text, schema(Modality::Text), Settings::default()).await;
    let mut lines = Vec::new();
    let text = "一段不短的话。".repeat(2_000);
    for n in 0..900 {
        lines.extend(format!("{{\"id\": \"k{n}\", \"text\": \"{n} {text}\"}}\n").into_bytes());
    }
    assert!(lines.len() > 33 << 20, "three parts: {}", lines.len());
    let queued = world.upload(project, "large.jsonl", &lines).await.unwrap();
    let other = world.elsewhere().await;
    job::run_waiting(&other).await.unwrap();
    let done = import::get(&world.boss().await, queued.id).await.unwrap();
    assert_eq!((done.state, done.added), (JobState::Done, 900), "{:?}", done.problems);
    other.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn while_the_bucket_is_away_jobs_wait_and_people_are_told_to_try_again() {
    let server = server();
    let world = World::with_bucket(&server, "").await;
    let project = world.project("照片", Modality::Image, schema(Modality::Image), Settings::default()).await;
    world.images(project, &[("a", 40, 30)]).await;
    let boss = world.boss().await;
    let id = item::list(&boss, project, ItemQuery::default()).await.unwrap().rows[0].item.id;
    let queued = world.upload(project, "b.png", &photo(8)).await.unwrap();
    let other = world.elsewhere().await;

    server.cut();
    let away = |error: engine::Error| matches!(error, engine::Error::Refused(Error::Unavailable));
    assert!(item::image(&boss, id, None).await.is_err_and(away));
    assert!(world.upload(project, "c.png", &photo(9)).await.is_err_and(away));
    // More often than a job that is at fault itself may be tried.
    for _ in 0..5 {
        job::run_waiting(&other).await.unwrap();
        world.clock.advance(3_600_000);
        let waiting = import::get(&boss, queued.id).await.unwrap();
        assert_eq!(waiting.state, JobState::Queued);
    }

    server.mend();
    job::run_waiting(&other).await.unwrap();
    let done = import::get(&boss, queued.id).await.unwrap();
    assert_eq!((done.state, done.added), (JobState::Done, 1), "{:?}", done.problems);
    item::image(&boss, id, None).await.unwrap().file.read().await.unwrap();
    assert_eq!(import::list(&boss, project).await.unwrap().len(), 1, "what was refused is not there");
    let report = engine::check::run(&other).await.unwrap();
    assert_eq!(report.breaches, Vec::<String>::new());
    other.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn another_store_than_the_first_is_refused() {
    let server = server();
    let refused = |opened: engine::Result<engine::Engine>| match opened {
        Err(engine::Error::Broken(cause)) => cause.to_string(),
        other => panic!("{other:?}"),
    };
    let world = World::with_bucket(&server, "one").await;
    assert!(refused(world.with_other_store(None).await).contains("another store"));
    let elsewhere = refused(world.with_other_store(Some((&server, "two"))).await);
    assert!(elsewhere.contains("s3://terrace/two") && elsewhere.contains("does not hold them"), "{elsewhere}");
    let _third = World::with_bucket(&server, "three").await;
    let third = refused(world.with_other_store(Some((&server, "three"))).await);
    assert!(third.contains("another installation"), "{third}");
    world.with_other_store(Some((&server, "one"))).await.unwrap().close().await;

    // From a folder to a bucket: only with the files.
    let world = World::new().await;
    assert!(refused(world.with_other_store(Some((&server, "four"))).await).contains("s3://terrace/four"));
}
