//! Projects are made by managers and operators, with everything that is wrong told at once.

use domain::Error;
use domain::account::PlatformRole;
use domain::error::{Conflict, Noun};
use domain::policy::Action;
use domain::project::{Modality, NewProject, ProjectChange, ProjectRole, Settings, Status};
use engine::project;
use engine::testing::World;
use serde_json::json;

fn feelings() -> serde_json::Value {
    json!({ "controls": [{
        "id": "mood", "kind": "choice", "required": true,
        "options": [{ "id": "good", "key": "1" }, { "id": "bad", "key": "2" }],
    }] })
}

fn new(name: &str) -> NewProject {
    NewProject {
        name: name.to_owned(),
        modality: Modality::Text,
        field: None,
        schema: None,
        guideline: None,
        settings: Settings::default(),
    }
}

#[tokio::test]
async fn its_maker_becomes_its_manager_and_a_schema_opens_it() {
    let world = World::new().await;
    let boss = world.boss().await;
    let bare = project::create(&boss, new("空项目")).await.unwrap();
    assert_eq!((bare.summary.status, bare.schema_version, bare.guideline_version), (Status::Setup, 0, 0));
    assert_eq!(bare.summary.role, Some(ProjectRole::Manager));
    assert_eq!(bare.members.managers, 1);

    let whole = NewProject {
        schema: Some(feelings()),
        guideline: Some("# 规范\n\n只看**全文**。".into()),
        field: Some("tourism".into()),
        ..new("  游客评论  ")
    };
    let whole = project::create(&boss, whole).await.unwrap();
    assert_eq!(whole.summary.name, "游客评论");
    assert_eq!((whole.summary.status, whole.schema_version, whole.guideline_version), (Status::Open, 1, 1));
    assert!(whole.guideline_html.contains("<strong>全文</strong>"), "{}", whole.guideline_html);
    assert_eq!(whole.schema.controls.len(), 1);

    let names: Vec<String> = project::list(&boss).await.unwrap().into_iter().map(|row| row.name).collect();
    assert_eq!(names, ["游客评论", "空项目"]);
}

#[tokio::test]
async fn refuses_members_taken_names_and_broken_input() {
    let world = World::new().await;
    let boss = world.boss().await;
    let ann = world.person("ann", PlatformRole::Member).await;
    let refused = project::create(&ann, new("A")).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::NotAllowed(Action::Create, Noun::Project)));

    project::create(&boss, new("同名")).await.unwrap();
    let refused = project::create(&boss, new(" 同名 ")).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::Conflict(Conflict::NameTaken)));

    let broken = NewProject {
        field: Some("astrology".into()),
        schema: Some(json!({ "controls": [{ "id": "b", "kind": "box", "labels": [{ "id": "car" }] }] })),
        settings: Settings { overlap: 0, ..Settings::default() },
        ..new("  ")
    };
    let refused = project::create(&boss, broken).await.unwrap_err();
    let Some(Error::Invalid(problems)) = refused.refusal() else { panic!("{refused:?}") };
    let mut codes: Vec<&str> = problems.iter().map(|problem| problem.code.as_str()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["out-of-range", "out-of-range", "unknown-field-code", "wrong-modality"]);
    assert_eq!(project::list(&boss).await.unwrap().len(), 1, "nothing of a refused project stays");
}

#[tokio::test]
async fn refuses_shapes_that_make_no_sense() {
    let world = World::new().await;
    let boss = world.boss().await;
    let schema = json!({ "controls": [
        { "id": "s", "kind": "skeleton", "labels": [{ "id": "roof" }], "points": ["ridge", "eave"], "edges": [["ridge", "wall"]] },
    ] });
    let skeletons = NewProject { modality: Modality::Image, schema: Some(schema.clone()), ..new("屋顶") };
    let refused = project::create(&boss, skeletons).await.unwrap_err();
    let Some(Error::Invalid(problems)) = refused.refusal() else { panic!("{refused:?}") };
    let told: Vec<_> = problems.iter().map(|problem| (problem.code.as_str(), problem.at.as_str())).collect();
    assert_eq!(told, [("unknown-point", "schema.controls[0].edges[0]")]);

    let made = project::create(&boss, NewProject { modality: Modality::Image, ..new("屋顶") }).await.unwrap();
    let change = ProjectChange { schema: Some(schema), ..ProjectChange::default() };
    let refused = project::change(&boss, made.summary.id, change).await.unwrap_err();
    assert!(matches!(refused.refusal(), Some(Error::Invalid(_))), "{refused:?}");
}

#[tokio::test]
async fn strangers_do_not_see_it_and_operators_see_all() {
    let world = World::new().await;
    let id = world.project("P", Modality::Text, feelings(), Settings::default()).await;
    let stranger = world.person("stranger", PlatformRole::Manager).await;
    let refused = project::get(&stranger, id).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::NotFound(Noun::Project)));
    assert!(project::list(&stranger).await.unwrap().is_empty());

    let root = world.operator().await;
    assert_eq!(project::get(&root, id).await.unwrap().summary.role, None);
    let ann = world.annotator("ann", id).await;
    assert_eq!(project::list(&ann).await.unwrap()[0].role, Some(ProjectRole::Annotator));
}

#[tokio::test]
async fn what_its_items_are_is_told_to_its_members() {
    let world = World::new().await;
    let boss = world.boss().await;
    let mut pictures = new("pictures");
    pictures.modality = Modality::Image;
    for (project, modality) in [(new("texts"), Modality::Text), (pictures, Modality::Image)] {
        let made = project::create(&boss, project).await.unwrap();
        assert_eq!(project::modality(&boss, made.summary.id).await.unwrap(), modality);
        let stranger = world.person("stranger", PlatformRole::Member).await;
        let refused = project::modality(&stranger, made.summary.id).await.unwrap_err();
        assert_eq!(refused.refusal(), Some(&Error::NotFound(Noun::Project)));
    }
}
