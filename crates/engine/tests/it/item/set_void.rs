//! Declaring an item unusable, and taking that back.

use crate::import::{items, texts};
use domain::Error;
use domain::error::Noun;
use domain::item::ItemState;
use domain::policy::Action;
use engine::item;
use engine::testing::World;

#[tokio::test]
async fn an_unusable_item_leaves_and_comes_back() {
    let world = World::new().await;
    let project = texts(&world).await;
    let id = world.texts(project, &[("a", "一"), ("b", "二")]).await[0];
    let boss = world.boss().await;
    item::set_void(&boss, id, " 乱码 ".to_owned()).await.unwrap();
    assert_eq!(items(&world, project).await[0].item.state, ItemState::Void);
    let counts = engine::project::get(&boss, project).await.unwrap().summary.counts;
    assert_eq!((counts.open, counts.void), (1, 1));
    let again = item::set_void(&boss, id, "乱码".to_owned()).await.unwrap_err();
    assert_eq!(again.refusal().map(Error::code).as_deref(), Some("changed"));

    item::restore(&boss, id).await.unwrap();
    assert_eq!(items(&world, project).await[0].item.state, ItemState::Open);
    assert!(item::restore(&boss, id).await.is_err());
    let report = engine::check::run(&world.engine).await.unwrap();
    assert_eq!(report.breaches, Vec::<String>::new());
}

#[tokio::test]
async fn only_managers_do_it_and_they_say_why() {
    let world = World::new().await;
    let project = texts(&world).await;
    let id = world.texts(project, &[("a", "一")]).await[0];
    let reviewer = world.reviewer("rev", project).await;
    let refused = item::set_void(&reviewer, id, "x".to_owned()).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::NotAllowed(Action::Change, Noun::Item)));
    assert!(item::restore(&reviewer, id).await.is_err());
    let refused = item::set_void(&world.boss().await, id, "  ".to_owned()).await.unwrap_err();
    assert_eq!(refused.refusal().map(Error::code).as_deref(), Some("invalid"));
    assert_eq!(items(&world, project).await[0].item.state, ItemState::Open);
}
