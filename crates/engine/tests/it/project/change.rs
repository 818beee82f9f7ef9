//! What can change in a project, what cannot any more, and what asks first.

use domain::Error;
use domain::error::{Conflict, Noun};
use domain::id::ProjectId;
use domain::policy::Action;
use domain::project::{Modality, Order, ProjectChange, Settings, Status};
use engine::testing::World;
use engine::{Ctx, project};
use serde_json::json;

fn feelings(options: &[&str]) -> serde_json::Value {
    let options: Vec<_> = options.iter().map(|id| json!({ "id": id })).collect();
    json!({ "controls": [{ "id": "mood", "kind": "choice", "required": true, "options": options }] })
}

async fn with_project() -> (World, Ctx, ProjectId) {
    let world = World::new().await;
    let id = world.project("P", Modality::Text, feelings(&["good", "bad"]), Settings::default()).await;
    let boss = world.boss().await;
    (world, boss, id)
}

fn codes(refused: &engine::Error) -> Vec<&str> {
    match refused.refusal() {
        Some(Error::Invalid(problems)) => problems.iter().map(|problem| problem.code.as_str()).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn schema_and_guideline_are_versioned_and_the_same_again_is_no_change() {
    let (_world, boss, id) = with_project().await;
    let change = ProjectChange {
        name: Some("Q".into()),
        field: Some("steel".into()),
        schema: Some(feelings(&["good", "bad", "mixed"])),
        guideline: Some("只看全文".into()),
        ..ProjectChange::default()
    };
    let view = project::change(&boss, id, change.clone()).await.unwrap();
    assert_eq!((view.schema_version, view.guideline_version), (2, 1));
    assert_eq!((view.summary.name.as_str(), view.summary.field.as_deref()), ("Q", Some("steel")));
    let view = project::change(&boss, id, change).await.unwrap();
    assert_eq!((view.schema_version, view.guideline_version), (2, 1));
    let change = ProjectChange { field: Some(String::new()), ..ProjectChange::default() };
    assert_eq!(project::change(&boss, id, change).await.unwrap().summary.field, None);
}

#[tokio::test]
async fn the_status_goes_forward_and_ends_in_the_archive() {
    let (_world, boss, id) = with_project().await;
    let to = |status| ProjectChange { status: Some(status), ..ProjectChange::default() };
    for status in [Status::Paused, Status::Open] {
        assert_eq!(project::change(&boss, id, to(status)).await.unwrap().summary.status, status);
    }
    let refused = project::change(&boss, id, to(Status::Setup)).await.unwrap_err();
    assert_eq!(codes(&refused), ["impossible-move"]);
    project::change(&boss, id, to(Status::Archived)).await.unwrap();
    let refused = project::change(&boss, id, to(Status::Open)).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::Conflict(Conflict::ProjectClosed)));

    let new = domain::project::NewProject {
        name: "空".into(),
        modality: Modality::Image,
        field: None,
        schema: None,
        guideline: None,
        settings: Settings::default(),
    };
    let bare = project::create(&boss, new).await.unwrap().summary.id;
    assert_eq!(codes(&project::change(&boss, bare, to(Status::Open)).await.unwrap_err()), ["schema-missing"]);
    let both = ProjectChange {
        schema: Some(json!({ "controls": [{ "id": "b", "kind": "box", "labels": [{ "id": "car" }] }] })),
        ..to(Status::Open)
    };
    assert_eq!(project::change(&boss, bare, both).await.unwrap().summary.status, Status::Open);
}

#[tokio::test]
async fn overlap_and_order_are_fixed_once_there_are_items() {
    let (world, boss, id) = with_project().await;
    let settings = Settings { overlap: 2, order: Order::Random, ..Settings::default() };
    let to = |settings| ProjectChange { settings: Some(settings), ..ProjectChange::default() };
    assert_eq!(project::change(&boss, id, to(settings)).await.unwrap().settings, settings);
    world.texts(id, &[("a", "一"), ("b", "二")]).await;
    assert_eq!(project::get(&boss, id).await.unwrap().summary.counts.open, 2);
    let refused = project::change(&boss, id, to(Settings::default())).await.unwrap_err();
    assert_eq!(codes(&refused), ["fixed", "fixed"]);
    let settings = Settings { lease_minutes: 5, ..settings };
    assert_eq!(project::change(&boss, id, to(settings)).await.unwrap().settings.lease_minutes, 5);
}

#[tokio::test]
async fn only_those_who_may_change_it() {
    let (world, boss, id) = with_project().await;
    let ann = world.annotator("ann", id).await;
    let rename = |name: &str| ProjectChange { name: Some(name.into()), ..ProjectChange::default() };
    let refused = project::change(&ann, id, rename("Q")).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::NotAllowed(Action::Change, Noun::Project)));
    let stranger = world.person("s", domain::account::PlatformRole::Member).await;
    for refused in [
        project::change(&stranger, id, rename("Q")).await.unwrap_err(),
        project::schema_impact(&stranger, id, feelings(&["good"])).await.unwrap_err(),
    ] {
        assert_eq!(refused.refusal(), Some(&Error::NotFound(Noun::Project)));
    }
    world.project("taken", Modality::Text, feelings(&["x"]), Settings::default()).await;
    let refused = project::change(&boss, id, rename("taken")).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::Conflict(Conflict::NameTaken)));
    assert_eq!(project::change(&world.operator().await, id, rename("by root")).await.unwrap().summary.name, "by root");
}
