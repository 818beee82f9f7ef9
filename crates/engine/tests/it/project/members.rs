//! Who works in a project.

use domain::Error;
use domain::account::{PlatformRole, RosterOutcome};
use domain::error::Noun;
use domain::policy::Action;
use domain::project::{MemberQuery, Modality, ProjectRole, Settings};
use engine::project;
use engine::testing::World;
use serde_json::json;

#[tokio::test]
async fn managers_give_and_take_roles() {
    let world = World::new().await;
    let schema = json!({ "controls": [{ "id": "note", "kind": "text" }] });
    let id = world.project("P", Modality::Text, schema, Settings::default()).await;
    let (boss, ann) = (world.boss().await, world.annotator("ann", id).await);
    let changed = project::set_member(&boss, id, "ANN".into(), ProjectRole::Reviewer).await.unwrap();
    assert_eq!((changed.username.as_str(), changed.role, changed.active), ("ann", ProjectRole::Reviewer, true));
    let listed = project::members(&ann, id, MemberQuery::default()).await.unwrap();
    let roles: Vec<(&str, ProjectRole)> = listed.rows.iter().map(|row| (row.username.as_str(), row.role)).collect();
    assert_eq!(roles, [("ann", ProjectRole::Reviewer), ("boss", ProjectRole::Manager)]);

    let refused = project::set_member(&ann, id, "ann".into(), ProjectRole::Manager).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::NotAllowed(Action::Administer, Noun::Project)));
    let refused = project::set_member(&boss, id, "nobody".into(), ProjectRole::Annotator).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::NotFound(Noun::Person)));

    project::remove_member(&boss, id, "ann".into()).await.unwrap();
    let refused = project::members(&ann, id, MemberQuery::default()).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::NotFound(Noun::Project)));
    let refused = project::remove_member(&boss, id, "ann".into()).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::NotFound(Noun::Member)));
}

#[tokio::test]
async fn members_are_read_by_pages_by_role_and_by_what_is_looked_for() {
    let world = World::new().await;
    let schema = json!({ "controls": [{ "id": "note", "kind": "text" }] });
    let id = world.project("P", Modality::Text, schema, Settings::default()).await;
    let boss = world.boss().await;
    for name in ["ann", "ben", "carla", "dora_x"] {
        world.annotator(name, id).await;
    }
    let page = async |query: MemberQuery| {
        let page = project::members(&boss, id, query).await.unwrap();
        (page.rows.into_iter().map(|row| row.username).collect::<Vec<_>>(), page.next)
    };
    let query = || MemberQuery { limit: Some(2), ..MemberQuery::default() };
    let (first, next) = page(query()).await;
    assert_eq!((first.join(" "), next.as_deref()), ("ann ben".to_owned(), Some("ben")));
    let (second, next) = page(MemberQuery { after: next, ..query() }).await;
    assert_eq!((second.join(" "), next.as_deref()), ("boss carla".to_owned(), Some("carla")));
    let (last, next) = page(MemberQuery { after: next, ..query() }).await;
    assert_eq!((last.join(" "), next), ("dora_x".to_owned(), None));
    let annotators = MemberQuery { role: Some(ProjectRole::Annotator), after: Some("ann".into()), ..query() };
    assert_eq!(page(annotators).await, (vec!["ben".into(), "carla".into()], Some("carla".into())));
    let found =
        async |search: &str| page(MemberQuery { search: Some(search.into()), ..MemberQuery::default() }).await.0;
    assert_eq!(found(" A_X ").await, ["dora_x"]);
    assert!(found("a%x").await.is_empty(), "letters, not patterns");
    assert_eq!(found(" ").await.len(), 5);
    let refused = project::members(&boss, id, MemberQuery { limit: Some(501), ..query() }).await.unwrap_err();
    assert!(matches!(refused.refusal(), Some(Error::Invalid(_))));
}

#[tokio::test]
async fn a_list_of_members_is_reported_line_by_line() {
    use RosterOutcome::{Added, Exists, Rejected};
    let world = World::new().await;
    let schema = json!({ "controls": [{ "id": "note", "kind": "text" }] });
    let id = world.project("P", Modality::Text, schema, Settings::default()).await;
    for name in ["ann", "ben", "carla"] {
        world.person(name, PlatformRole::Member).await;
    }
    let csv = "用户名,角色\nann,\nBEN,质检员\ncarla,king\nnobody,annotator\nann,annotator\nann,reviewer\n";
    let boss = world.boss().await;
    let report = project::import_members(&boss, id, csv.into()).await.unwrap();
    let outcomes: Vec<RosterOutcome> = report.lines.iter().map(|line| line.outcome).collect();
    assert_eq!(outcomes, [Added, Added, Rejected, Rejected, Exists, Added]);
    assert_eq!((report.added, report.existing, report.rejected), (3, 1, 2));
    let members = project::get(&boss, id).await.unwrap().members;
    assert_eq!((members.managers, members.reviewers, members.annotators), (1, 2, 0));
    let ann = world.person("ann", PlatformRole::Member).await;
    assert!(project::import_members(&ann, id, csv.into()).await.is_err());
}
