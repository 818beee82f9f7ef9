//! Bearer tokens: made once, hashed, ended by time or by hand, and only by their owner.

use domain::Error;
use domain::account::PlatformRole;
use domain::error::Noun;
use engine::account;
use engine::testing::{MORNING, World};

#[tokio::test]
async fn a_token_opens_until_it_expires_and_notes_its_use_by_the_minute() {
    let world = World::new().await;
    let ann = world.person("ann", PlatformRole::Member).await;
    let made = account::create_token(&ann, " 脚本 ".into(), 1).await;
    let made = made.unwrap();
    assert!(made.token.starts_with("tr_") && made.token.len() == 46, "{}", made.token);
    assert_eq!(made.view.name, "脚本");
    assert_eq!(account::actor_by_token(&world.engine, &made.token).await.unwrap(), *ann.actor());
    world.clock.advance(59_999);
    account::actor_by_token(&world.engine, &made.token).await.unwrap();
    assert_eq!(account::list_tokens(&ann).await.unwrap()[0].last_used_at, Some(MORNING));
    world.clock.advance(1);
    account::actor_by_token(&world.engine, &made.token).await.unwrap();
    assert_eq!(account::list_tokens(&ann).await.unwrap()[0].last_used_at, Some(MORNING.plus(60_000)));
    world.clock.advance(86_400_000 - 60_000);
    let refused = account::actor_by_token(&world.engine, &made.token).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::SignInRequired));
    assert!(account::list_tokens(&ann).await.unwrap().is_empty());
}

#[tokio::test]
async fn tokens_are_ended_by_their_owner_alone() {
    let world = World::new().await;
    let (ann, ben) = (world.person("ann", PlatformRole::Member).await, world.person("ben", PlatformRole::Member).await);
    let one = account::create_token(&ann, "one".into(), 365).await.unwrap();
    let two = account::create_token(&ann, "two".into(), 365).await.unwrap();
    let missing = Error::NotFound(Noun::Token);
    assert_eq!(account::revoke_token(&ben, one.view.id).await.unwrap_err().refusal(), Some(&missing));
    assert_eq!(account::revoke_secret(&ben, &two.token).await.unwrap_err().refusal(), Some(&missing));
    account::revoke_token(&ann, one.view.id).await.unwrap();
    account::revoke_secret(&ann, &two.token).await.unwrap();
    for token in [&one.token, &two.token, &"tr_".to_owned(), &String::new()] {
        let refused = account::actor_by_token(&world.engine, token).await.unwrap_err();
        assert_eq!(refused.refusal(), Some(&Error::SignInRequired));
    }
    assert_eq!(account::revoke_token(&ann, one.view.id).await.unwrap_err().refusal(), Some(&missing));
    for (name, days) in [("", 1), ("x", 0), ("x", 366)] {
        let refused = account::create_token(&ann, name.into(), days).await.unwrap_err();
        assert!(matches!(refused.refusal(), Some(Error::Invalid(_))), "{refused:?}");
    }
}
