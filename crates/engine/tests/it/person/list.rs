//! People are listed by page, searched by parts, and shown to managers within their own organization only.

use domain::Error;
use domain::account::{NewPerson, PeopleQuery, PlatformRole};
use engine::testing::World;
use engine::{account, organization, person};

#[tokio::test]
async fn pages_follow_each_other_and_searches_are_literal() {
    let world = World::new().await;
    let root = world.operator().await;
    for name in ["ann", "anton", "ben_1", "ben.1", "carla"] {
        world.person(name, PlatformRole::Member).await;
    }
    let mut seen = Vec::new();
    let mut query = PeopleQuery { limit: Some(4), ..PeopleQuery::default() };
    loop {
        let page = person::list(&root, query.clone()).await.unwrap();
        seen.extend(page.rows.into_iter().map(|row| row.username));
        match page.next {
            Some(next) => query.after = Some(next),
            None => break,
        }
    }
    assert_eq!(seen, ["ann", "anton", "ben.1", "ben_1", "carla", "root"]);
    for (search, found) in [("AN", 2), ("n_1", 1), ("%", 0), ("\\", 0), ("zzz", 0), (" ", 6)] {
        let query = PeopleQuery { search: Some(search.into()), ..PeopleQuery::default() };
        assert_eq!(person::list(&root, query).await.unwrap().rows.len(), found, "{search}");
    }
    let query = PeopleQuery { limit: Some(0), ..PeopleQuery::default() };
    assert!(matches!(person::list(&root, query).await.unwrap_err().refusal(), Some(Error::Invalid(_))));
}

#[tokio::test]
async fn managers_see_their_own_organization() {
    let world = World::new().await;
    let root = world.operator().await;
    let mut firms = Vec::new();
    for (firm, username, role) in [("一家", "boss", PlatformRole::Manager), ("二家", "ann", PlatformRole::Member)] {
        firms.push(organization::create(&root, firm.into(), "bijie".into()).await.unwrap().id);
        let new = NewPerson {
            username: username.into(),
            name: username.into(),
            password: Some("a lasting one".into()),
            must_change_password: false,
            organization: Some(firm.into()),
            team: None,
            role: Some(role),
        };
        person::create(&root, new).await.unwrap();
    }
    let boss = account::sign_in(&world.engine, "::1", "boss", "a lasting one").await.unwrap();
    let boss = world.engine.ctx(boss);
    let rows = person::list(&boss, PeopleQuery::default()).await.unwrap().rows;
    assert_eq!(rows.iter().map(|row| row.username.as_str()).collect::<Vec<_>>(), ["boss"]);
    let other = PeopleQuery { organization: Some(firms[1]), ..PeopleQuery::default() };
    assert!(person::list(&boss, other).await.is_err());
    let ann = account::sign_in(&world.engine, "::1", "ann", "a lasting one").await.unwrap();
    assert!(person::list(&world.engine.ctx(ann), PeopleQuery::default()).await.is_err());
    let loner = world.person("loner", PlatformRole::Manager).await;
    assert!(person::list(&loner, PeopleQuery::default()).await.is_err());
}
