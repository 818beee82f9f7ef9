//! Sessions are kept until they expire, and end with the account.

use domain::account::PlatformRole;
use domain::time::Millis;
use engine::account::{self, idempotency, session};
use engine::person;
use engine::testing::{MORNING, World};

#[tokio::test]
async fn a_session_lives_until_it_expires_or_ends() {
    let world = World::new().await;
    let engine = &world.engine;
    let expires = MORNING.plus(1_000);
    session::save(engine, "s".into(), "one".into(), expires, None).await.unwrap();
    session::save(engine, "s".into(), "two".into(), expires, None).await.unwrap();
    assert_eq!(session::load(engine, "s").await.unwrap(), Some(("two".into(), expires)));
    assert_eq!(session::load(engine, "t").await.unwrap(), None);
    world.clock.advance(1_000);
    assert_eq!(session::load(engine, "s").await.unwrap(), None);
    session::delete_expired(engine).await.unwrap();
    session::save(engine, "t".into(), "three".into(), Millis(i64::MAX), None).await.unwrap();
    session::delete(engine, "t".into()).await.unwrap();
    assert_eq!(session::load(engine, "t").await.unwrap(), None);
}

#[tokio::test]
async fn deactivation_ends_sessions_and_tokens_at_once() {
    let world = World::new().await;
    let root = world.operator().await;
    let ann = world.person("ann", PlatformRole::Member).await;
    let id = ann.actor().person;
    session::save(&world.engine, "s".into(), "{}".into(), Millis(i64::MAX), Some(id)).await.unwrap();
    let token = account::create_token(&ann, "脚本".into(), 30).await.unwrap().token;
    assert!(account::actor_by_id(&world.engine, id).await.unwrap().is_some());
    person::set_active(&root, id, false).await.unwrap();
    assert_eq!(session::load(&world.engine, "s").await.unwrap(), None);
    assert_eq!(account::actor_by_id(&world.engine, id).await.unwrap(), None);
    assert!(account::actor_by_token(&world.engine, &token).await.is_err());
    // Coming back opens the account, not what was ended.
    person::set_active(&root, id, true).await.unwrap();
    assert!(account::actor_by_id(&world.engine, id).await.unwrap().is_some());
    assert!(account::actor_by_token(&world.engine, &token).await.is_err());
}

#[tokio::test]
async fn an_answer_is_remembered_for_its_caller_and_request() {
    let world = World::new().await;
    let (ann, ben) = (world.person("ann", PlatformRole::Member).await, world.person("ben", PlatformRole::Member).await);
    assert_eq!(idempotency::lookup(&ann, "k", "h").await.unwrap(), None);
    idempotency::remember(&ann, "k", "h".into(), 201, "first".into()).await.unwrap();
    idempotency::remember(&ann, "k", "h".into(), 201, "second".into()).await.unwrap();
    assert_eq!(idempotency::lookup(&ann, "k", "h").await.unwrap(), Some((201, "first".into())));
    assert_eq!(idempotency::lookup(&ben, "k", "h").await.unwrap(), None);
    assert!(idempotency::lookup(&ann, "k", "other").await.is_err());
    world.clock.advance(24 * 3_600_000);
    assert_eq!(idempotency::lookup(&ann, "k", "other").await.unwrap(), None);
    idempotency::remember(&ann, "k", "other".into(), 200, "third".into()).await.unwrap();
    assert_eq!(idempotency::lookup(&ann, "k", "other").await.unwrap(), Some((200, "third".into())));
}
