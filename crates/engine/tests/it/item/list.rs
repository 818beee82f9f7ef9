//! Lists by cursor, state and key; details for those who may see them.

use crate::import::{pictures, texts};
use domain::Error;
use domain::account::PlatformRole;
use domain::error::Noun;
use domain::item::{ItemQuery, ItemState};
use domain::policy::Action;
use domain::project::ProjectRole;
use engine::item;
use engine::testing::World;

#[tokio::test]
async fn pages_follow_each_other_in_the_order_of_coming() {
    let world = World::new().await;
    let project = texts(&world).await;
    let ids = world.texts(project, &[("b/1", "一"), ("a/1", "二"), ("b/2", "三"), ("B/3", "四"), ("b%", "五")]).await;
    let boss = world.boss().await;
    let page = |after: Option<String>| ItemQuery { after, limit: Some(2), ..ItemQuery::default() };
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = item::list(&boss, project, page(after)).await.unwrap();
        assert!(page.rows.len() <= 2);
        seen.extend(page.rows.iter().map(|row| row.item.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, ids);

    let keys = async |prefix: &str| {
        let query = ItemQuery { key: Some(prefix.to_owned()), ..ItemQuery::default() };
        let page = item::list(&boss, project, query).await.unwrap();
        page.rows.into_iter().map(|row| row.item.key).collect::<Vec<_>>()
    };
    assert_eq!(keys("b").await, ["b/1", "b/2", "b%"]);
    assert_eq!(keys("b%").await, ["b%"]);
    assert_eq!(keys("").await.len(), 5);
    assert!(keys("c").await.is_empty());

    let labeled = ItemQuery { state: Some(ItemState::Labeled), ..ItemQuery::default() };
    assert!(item::list(&boss, project, labeled).await.unwrap().rows.is_empty());
    let refused = item::list(&boss, project, page(Some("no-cursor".to_owned()))).await.unwrap_err();
    assert_eq!(refused.refusal().map(Error::code).as_deref(), Some("invalid"));
}

#[tokio::test]
async fn annotators_see_what_they_hold_and_strangers_nothing() {
    let world = World::new().await;
    let project = pictures(&world).await;
    let item = world.images(project, &[("a.png", 10, 10)]).await[0];
    let ann = world.annotator("ann", project).await;
    let stranger = world.person("stranger", PlatformRole::Member).await;
    let missing = Error::NotFound(Noun::Item);

    let refused = item::list(&ann, project, ItemQuery::default()).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::NotAllowed(Action::Read, Noun::Item)));
    assert!(item::list(&stranger, project, ItemQuery::default()).await.is_err());
    for ctx in [&ann, &stranger] {
        assert_eq!(item::get(ctx, item).await.unwrap_err().refusal(), Some(&missing));
        assert_eq!(item::image(ctx, item, None).await.unwrap_err().refusal(), Some(&missing));
    }
    for role in [ProjectRole::Reviewer, ProjectRole::Acceptor] {
        let ctx = world.member(role.code(), project, role).await;
        assert_eq!(item::get(&ctx, item).await.unwrap().row.item.key, "a.png");
        assert_eq!(item::list(&ctx, project, ItemQuery::default()).await.unwrap().rows.len(), 1);
    }
    let seen = item::get(&world.operator().await, item).await.unwrap();
    assert_eq!((seen.project, seen.row.item.state), (project, ItemState::Open));
    let unknown = domain::id::ItemId(uuid::Uuid::nil());
    assert_eq!(item::get(&ann, unknown).await.unwrap_err().refusal(), Some(&missing));
}

#[tokio::test]
async fn a_text_has_no_image() {
    let world = World::new().await;
    let project = texts(&world).await;
    let item = world.texts(project, &[("a", "一")]).await[0];
    let refused = item::image(&world.boss().await, item, None).await.unwrap_err();
    assert_eq!(refused.refusal().map(Error::status), Some(404));
}
