//! Uploads: what is refused, and that nothing half-written stays.

use super::{items, pictures, texts};
use domain::Error;
use domain::account::PlatformRole;
use domain::error::Noun;
use domain::import::ImportOptions;
use domain::policy::Action;
use domain::project::{ProjectChange, Status};
use engine::testing::World;

fn leftovers(world: &World) -> usize {
    std::fs::read_dir(world.engine.data().join("uploads")).unwrap().count()
}

#[tokio::test]
async fn too_much_is_refused_and_leaves_nothing() {
    let limits = engine::Limits { upload_bytes: 1_000, ..engine::Limits::default() };
    let world = World::with_limits(limits).await;
    let project = texts(&world).await;
    let mut upload = engine::import::begin(&world.boss().await, project, ImportOptions::default()).await.unwrap();
    upload.write(&[b'a'; 600]).await.unwrap();
    assert_eq!(leftovers(&world), 1);
    let refused = upload.write(&[b'a'; 600]).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::TooLarge(1_000)));
    drop(upload);
    assert_eq!(leftovers(&world), 0);
    assert!(engine::import::list(&world.boss().await, project).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_dropped_upload_is_discarded() {
    let world = World::new().await;
    let project = texts(&world).await;
    let mut upload = engine::import::begin(&world.boss().await, project, ImportOptions::default()).await.unwrap();
    upload.write(b"{\"text\": \"a\"}\n").await.unwrap();
    drop(upload);
    world.run_jobs().await;
    assert_eq!(leftovers(&world), 0);
    assert!(items(&world, project).await.is_empty());
}

#[tokio::test]
async fn what_does_not_fit_is_refused_with_a_sentence() {
    let world = World::new().await;
    let (text, image) = (texts(&world).await, pictures(&world).await);
    let png = super::images::png(3, 3, 1);
    let code = |error: engine::Error| match error.refusal() {
        Some(Error::Invalid(problems)) => problems[0].code.clone(),
        Some(other) => other.code(),
        None => panic!("{error:?}"),
    };
    assert_eq!(code(world.upload(text, "a.png", &png).await.unwrap_err()), "wrong-format");
    assert_eq!(code(world.upload(text, "nameless", &png).await.unwrap_err()), "wrong-format");
    assert_eq!(code(world.upload(image, "a.jsonl", b"{\"text\": \"a\"}").await.unwrap_err()), "wrong-format");
    assert_eq!(code(world.upload(text, "a.exe", b"MZ").await.unwrap_err()), "unsupported");
    assert_eq!(code(world.upload(text, "a.txt", b"").await.unwrap_err()), "empty-upload");
    let options = |format: &str, encoding: &str| ImportOptions {
        format: Some(format.to_owned()),
        encoding: Some(encoding.to_owned()),
        ..ImportOptions::default()
    };
    let boss = world.boss().await;
    assert_eq!(code(engine::import::begin(&boss, text, options("docx", "")).await.unwrap_err()), "unsupported");
    assert_eq!(code(engine::import::begin(&boss, text, options("images", "")).await.unwrap_err()), "wrong-format");
    assert_eq!(
        code(engine::import::begin(&boss, text, options("csv", "klingon")).await.unwrap_err()),
        "unknown-encoding"
    );
    assert_eq!(leftovers(&world), 0);
}

#[tokio::test]
async fn a_body_without_a_name_is_known_by_its_content() {
    let world = World::new().await;
    let (text, image) = (texts(&world).await, pictures(&world).await);
    let nameless = ImportOptions::default;
    let lines = world.upload_as(text, nameless(), b"  {\"text\": \"a\"}\n").await.unwrap();
    assert_eq!(lines.format, "jsonl");
    let picture = world.upload_as(image, nameless(), &super::images::png(3, 3, 1)).await.unwrap();
    assert_eq!(picture.format, "images");
    assert_eq!(world.imported(picture.id).await.added, 1);
    assert_eq!(items(&world, image).await[0].item.key, "#000001");
}

#[tokio::test]
async fn only_managers_import_and_strangers_see_no_project() {
    let world = World::new().await;
    let project = texts(&world).await;
    let queued = world.upload(project, "a.txt", b"one").await.unwrap();
    let ann = world.annotator("ann", project).await;
    let stranger = world.person("stranger", PlatformRole::Member).await;
    let refused = engine::import::begin(&ann, project, ImportOptions::default()).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::NotAllowed(Action::Import, Noun::Project)));
    let refused = engine::import::begin(&stranger, project, ImportOptions::default()).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::NotFound(Noun::Project)));
    assert!(engine::import::get(&ann, queued.id).await.is_err());
    let refused = engine::import::get(&stranger, queued.id).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::NotFound(Noun::Import)));
    assert!(engine::import::list(&ann, project).await.is_err());
    assert!(engine::import::problems_csv(&stranger, queued.id).await.is_err());
    let all = engine::import::list(&world.boss().await, project).await.unwrap();
    assert_eq!(all.iter().map(|import| import.id).collect::<Vec<_>>(), [queued.id]);
}

#[tokio::test]
async fn an_archived_project_takes_nothing() {
    let world = World::new().await;
    let project = texts(&world).await;
    let change = ProjectChange { status: Some(Status::Archived), ..ProjectChange::default() };
    engine::project::change(&world.boss().await, project, change).await.unwrap();
    let refused = world.upload(project, "a.txt", b"one").await.unwrap_err();
    assert_eq!(refused.refusal().map(Error::code).as_deref(), Some("project-closed"));
}
