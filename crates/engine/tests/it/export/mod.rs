//! Exports: the file, its manifest, who may have it.

mod work_done;

use crate::import::{pictures, texts};
use domain::Error;
use domain::account::PlatformRole;
use domain::error::{Conflict, Noun};
use domain::export::{NewExport, Only};
use domain::import::JobState;
use domain::policy::Action;
use domain::project::ProjectRole;
use engine::export;
use engine::testing::World;
use sha2::{Digest, Sha256};

fn new(format: &str) -> NewExport {
    NewExport { format: format.to_owned(), only: Only::All }
}

#[tokio::test]
async fn the_same_data_gives_the_same_bytes_with_their_sum() {
    let world = World::new().await;
    let project = texts(&world).await;
    let keys: Vec<String> = (0..1_200).map(|i| format!("k{i}")).collect();
    let records: Vec<(&str, &str)> = keys.iter().map(|key| (key.as_str(), key.as_str())).collect();
    world.texts(project, &records).await;
    let boss = world.boss().await;
    for (format, file_name, media_type) in
        [("jsonl", "文本.jsonl", "application/x-ndjson"), ("csv", "文本.csv", "text/csv; charset=utf-8")]
    {
        let queued = export::create(&boss, project, new(format)).await.unwrap();
        assert_eq!((queued.state, queued.total, queued.created_by.as_str()), (JobState::Queued, 1_200, "boss"));
        let refused = export::file(&boss, queued.id).await.unwrap_err();
        assert_eq!(refused.refusal(), Some(&Error::Conflict(Conflict::NotReady)));
        assert!(export::manifest(&boss, queued.id).await.is_err());
        world.run_jobs().await;

        let done = export::get(&boss, queued.id).await.unwrap();
        assert_eq!((done.state, done.done, done.error), (JobState::Done, 1_200, None));
        let file = export::file(&boss, queued.id).await.unwrap();
        assert_eq!((file.file_name.as_str(), file.media_type.as_str()), (file_name, media_type));
        let bytes = file.file.read().await.unwrap();
        assert_eq!(file.sha256, hex::encode(Sha256::digest(&bytes)));
        assert_eq!((file.bytes, Some(file.sha256.clone())), (bytes.len() as u64, done.sha256));
        let manifest = export::manifest(&boss, queued.id).await.unwrap();
        assert_eq!(manifest["files"][0]["sha256"], file.sha256.as_str());
        assert_eq!(manifest["counts"]["items"], 1_200);

        world.clock.advance(3_600_000);
        assert_eq!(world.exported(project, format, Only::All).await, bytes, "{format}");
    }
    let formats: Vec<String> =
        export::list(&boss, project).await.unwrap().into_iter().map(|view| view.format).collect();
    assert_eq!(formats, ["csv", "csv", "jsonl", "jsonl"]);
    assert!(world.exported(project, "jsonl", Only::Accepted).await.is_empty());
}

#[tokio::test]
async fn pictures_leave_as_coco_and_what_is_left_out_is_told() {
    let world = World::new().await;
    let project = pictures(&world).await;
    world.images(project, &[("a.png", 10, 20), ("b.png", 30, 10)]).await;
    let boss = world.boss().await;
    let export = export::create(&boss, project, new("coco")).await.unwrap().id;
    world.run_jobs().await;
    let done = export::get(&boss, export).await.unwrap();
    assert_eq!(done.losses.iter().map(|(_, n)| n).sum::<u64>(), 2, "{:?}", done.losses);
    let file = export::file(&boss, export).await.unwrap();
    assert_eq!(file.file_name, "图像.json");
    let coco: serde_json::Value = serde_json::from_slice(&file.file.read().await.unwrap()).unwrap();
    assert_eq!(coco["categories"][0]["name"], "dog");
}

#[tokio::test]
async fn formats_that_do_not_fit_are_refused() {
    let world = World::new().await;
    let project = texts(&world).await;
    let boss = world.boss().await;
    let code = |error: engine::Error| error.refusal().map(Error::code);
    assert_eq!(code(export::create(&boss, project, new("coco")).await.unwrap_err()).as_deref(), Some("invalid"));
    assert_eq!(code(export::create(&boss, project, new("voc")).await.unwrap_err()).as_deref(), Some("unsupported"));
    assert!(export::list(&boss, project).await.unwrap().is_empty());
}

#[tokio::test]
async fn managers_and_acceptors_take_data_out_and_nobody_else() {
    let world = World::new().await;
    let project = texts(&world).await;
    let acceptor = world.member("client", project, ProjectRole::Acceptor).await;
    let export = export::create(&acceptor, project, new("jsonl")).await.unwrap().id;
    for ctx in [world.annotator("ann", project).await, world.reviewer("rev", project).await] {
        let refused = export::create(&ctx, project, new("jsonl")).await.unwrap_err();
        assert_eq!(refused.refusal(), Some(&Error::NotAllowed(Action::Export, Noun::Project)));
        assert!(export::get(&ctx, export).await.is_err());
        assert!(export::file(&ctx, export).await.is_err());
    }
    let stranger = world.person("stranger", PlatformRole::Member).await;
    let refused = export::get(&stranger, export).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::NotFound(Noun::Export)));
    assert!(export::manifest(&stranger, export).await.is_err());
    assert!(export::list(&stranger, project).await.is_err());
}

#[tokio::test]
async fn an_export_goes_on_after_a_restart() {
    let mut world = World::new().await;
    let project = texts(&world).await;
    world.texts(project, &[("a", "一")]).await;
    let export = export::create(&world.boss().await, project, new("jsonl")).await.unwrap().id;
    world.restart().await;
    world.run_jobs().await;
    assert_eq!(export::get(&world.boss().await, export).await.unwrap().state, JobState::Done);
}
