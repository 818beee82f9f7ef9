//! Accounts are made, switched off and given new passwords by operators.

use domain::Error;
use domain::account::{NewPerson, PlatformRole};
use domain::error::{Conflict, Noun};
use domain::policy::Action;
use engine::testing::World;
use engine::{account, organization, person};

fn new(username: &str) -> NewPerson {
    NewPerson {
        username: username.into(),
        name: "某人".into(),
        password: Some("a lasting one".into()),
        must_change_password: false,
        organization: None,
        team: None,
        role: None,
    }
}

#[tokio::test]
async fn an_account_belongs_to_an_organization_and_a_team_that_is_made() {
    let world = World::new().await;
    let root = world.operator().await;
    let firm = organization::create(&root, "黔图数据".into(), "guiyang".into()).await.unwrap();
    let by_name = NewPerson { organization: Some("黔图数据".into()), team: Some("一班".into()), ..new("Ann") };
    let ann = person::create(&root, by_name).await.unwrap();
    assert_eq!((ann.person.username.as_str(), ann.person.team_name.as_deref()), ("ann", Some("一班")));
    assert_eq!((ann.initial_password, ann.person.must_change_password), (None, false));
    let by_id = NewPerson { organization: Some(firm.id.to_string()), team: Some("一班".into()), ..new("ben") };
    let ben = person::create(&root, by_id).await.unwrap();
    assert_eq!(ben.person.team, ann.person.team);
    let listed = organization::list(&root).await.unwrap();
    assert_eq!((listed[0].people, listed[0].teams.len()), (2, 1));
    assert!(account::sign_in(&world.engine, "::1", "ann", "a lasting one").await.is_ok());
}

#[tokio::test]
async fn refuses_everything_that_is_wrong_at_once_and_taken_names() {
    let world = World::new().await;
    let root = world.operator().await;
    let broken = NewPerson {
        name: String::new(),
        password: Some("short".into()),
        organization: Some("没有".into()),
        ..new("a b")
    };
    let refused = person::create(&root, broken).await.unwrap_err();
    let Some(Error::Invalid(problems)) = refused.refusal() else { panic!("{refused:?}") };
    let places: Vec<&str> = problems.iter().map(|problem| problem.at.as_str()).collect();
    assert_eq!(places, ["username", "name", "password", "organization"]);
    person::create(&root, new("ann")).await.unwrap();
    let refused = person::create(&root, new("ANN")).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::Conflict(Conflict::NameTaken)));
    let boss = world.boss().await;
    let refused = person::create(&boss, new("ben")).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::NotAllowed(Action::Create, Noun::Person)));
}

#[tokio::test]
async fn the_last_operator_stays() {
    let world = World::new().await;
    let root = world.operator().await;
    let last = Error::Conflict(Conflict::LastOperator);
    let id = root.actor().person;
    assert_eq!(person::set_active(&root, id, false).await.unwrap_err().refusal(), Some(&last));
    let second = world.person("second", PlatformRole::Operator).await;
    assert!(!person::set_active(&second, id, false).await.unwrap().active);
    let id = second.actor().person;
    assert_eq!(person::set_active(&second, id, false).await.unwrap_err().refusal(), Some(&last));
}

#[tokio::test]
async fn a_reset_ends_what_the_old_password_opened_and_lifts_the_lock() {
    let world = World::new().await;
    let root = world.operator().await;
    let ann = person::create(&root, new("ann")).await.unwrap().person;
    let ctx = world.engine.ctx(account::sign_in(&world.engine, "::1", "ann", "a lasting one").await.unwrap());
    let token = account::create_token(&ctx, "t".into(), 1).await.unwrap().token;
    for _ in 0..5 {
        account::sign_in(&world.engine, "::1", "ann", "guess").await.unwrap_err();
    }
    let drawn = person::reset_password(&root, ann.id).await.unwrap();
    assert!(account::actor_by_token(&world.engine, &token).await.is_err());
    let actor = account::sign_in(&world.engine, "::1", "ann", &drawn).await.unwrap();
    assert!(actor.must_change_password);
    person::set_password(&world.engine, "ann", "by command line").await.unwrap();
    let actor = account::sign_in(&world.engine, "::1", "ann", "by command line").await.unwrap();
    assert!(!actor.must_change_password);
    let refused = person::set_password(&world.engine, "nobody", "by command line").await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::NotFound(Noun::Person)));
}

#[tokio::test]
async fn organizations_have_known_regions_and_names_of_their_own() {
    let world = World::new().await;
    let root = world.operator().await;
    assert_eq!(organization::regions(&root).await.unwrap().len(), 10);
    assert_eq!(organization::regions(&root).await.unwrap()[9].slug, "guian");
    let firm = organization::create(&root, "黔图数据".into(), "zunyi".into()).await.unwrap();
    let taken = Error::Conflict(Conflict::NameTaken);
    let again = organization::create(&root, " 黔图数据 ".into(), "anshun".into()).await.unwrap_err();
    assert_eq!(again.refusal(), Some(&taken));
    assert!(organization::create(&root, "别家".into(), "chengdu".into()).await.is_err());
    organization::create_team(&root, firm.id, "一班".into()).await.unwrap();
    let again = organization::create_team(&root, firm.id, "一班".into()).await.unwrap_err();
    assert_eq!(again.refusal(), Some(&taken));
    let boss = world.boss().await;
    assert!(organization::create(&boss, "别家".into(), "zunyi".into()).await.is_err());
    assert_eq!(organization::list(&boss).await.unwrap().len(), 1);
}
