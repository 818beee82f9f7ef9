//! A one-time password opens nothing but its own replacement; changing a password ends sessions.

use domain::Error;
use domain::account::NewPerson;
use domain::time::Millis;
use engine::testing::World;
use engine::{account, person, project};

fn ann() -> NewPerson {
    NewPerson {
        username: "ann".into(),
        name: "安".into(),
        password: None,
        must_change_password: true,
        organization: None,
        team: None,
        role: None,
    }
}

#[tokio::test]
async fn a_one_time_password_is_replaced_before_anything_else() {
    let world = World::new().await;
    let root = world.operator().await;
    let made = person::create(&root, ann()).await.unwrap();
    let drawn = made.initial_password.unwrap();
    let actor = account::sign_in(&world.engine, "::1", "ann", &drawn).await.unwrap();
    assert!(actor.must_change_password);
    let ctx = world.engine.ctx(actor);
    assert_eq!(account::me(&ctx).await.unwrap().actor.username, "ann");
    let refused = project::list(&ctx).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::PasswordChangeRequired));
    let refused = account::create_token(&ctx, "t".into(), 1).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::PasswordChangeRequired));

    for (new, code) in [("short", "out-of-range"), (drawn.as_str(), "unchanged")] {
        let refused = account::change_password(&ctx, drawn.clone(), new.into()).await.unwrap_err();
        let Some(Error::Invalid(problems)) = refused.refusal() else { panic!("{refused:?}") };
        assert_eq!(problems[0].code, code);
    }
    let id = ctx.actor().person;
    account::session::save(&world.engine, "s".into(), "{}".into(), Millis(i64::MAX), Some(id)).await.unwrap();
    account::change_password(&ctx, drawn.clone(), "a lasting one".into()).await.unwrap();
    assert_eq!(account::session::load(&world.engine, "s").await.unwrap(), None);
    let again = account::sign_in(&world.engine, "::1", "ann", &drawn).await.unwrap_err();
    assert_eq!(again.refusal(), Some(&Error::WrongCredentials));
    let actor = account::sign_in(&world.engine, "::1", "ann", "a lasting one").await.unwrap();
    assert!(!actor.must_change_password);
    assert!(project::list(&world.engine.ctx(actor)).await.unwrap().is_empty());
}

#[tokio::test]
async fn guessing_the_old_password_is_limited_too() {
    let world = World::new().await;
    person::create_operator(&world.engine, "chief", "长", "correct horse").await.unwrap();
    let ctx = world.engine.ctx(account::sign_in(&world.engine, "::1", "chief", "correct horse").await.unwrap());
    for _ in 0..5 {
        let refused = account::change_password(&ctx, "guess".into(), "a lasting one".into()).await.unwrap_err();
        let Some(Error::Invalid(problems)) = refused.refusal() else { panic!("{refused:?}") };
        assert_eq!(problems[0].code, "wrong-password");
    }
    let refused = account::change_password(&ctx, "correct horse".into(), "a lasting one".into()).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::TooMany(60)));
}

#[tokio::test]
async fn a_password_is_never_the_user_name() {
    let world = World::new().await;
    let refused = person::create_operator(&world.engine, "operator1", "长", "Operator1").await.unwrap_err();
    let Some(Error::Invalid(problems)) = refused.refusal() else { panic!("{refused:?}") };
    assert_eq!(problems[0].code, "like-username");
}
