//! Sign-in: who gets in, and how guessing is slowed down.

use domain::Error;
use domain::account::{Actor, PlatformRole};
use engine::testing::World;
use engine::{account, person};

const RIGHT: &str = "correct horse";
const HOME: &str = "10.0.0.1";

async fn with_ann() -> World {
    let world = World::new().await;
    person::create_operator(&world.engine, "ann", "安", RIGHT).await.unwrap();
    world
}

async fn tries(world: &World, address: &str, username: &str, password: &str) -> Result<Actor, Error> {
    account::sign_in(&world.engine, address, username, password).await.map_err(engine::Error::told)
}

#[tokio::test]
async fn the_right_password_signs_in_whatever_the_case_of_the_name() {
    let world = with_ann().await;
    let actor = tries(&world, HOME, " Ann ", RIGHT).await.unwrap();
    assert_eq!((actor.username.as_str(), actor.role), ("ann", PlatformRole::Operator));
    assert_eq!(tries(&world, HOME, "ann", "correct horsf").await, Err(Error::WrongCredentials));
    assert_eq!(tries(&world, HOME, "nobody", RIGHT).await, Err(Error::WrongCredentials));
    assert_eq!(tries(&world, HOME, "不是用户名", RIGHT).await, Err(Error::WrongCredentials));
}

#[tokio::test]
async fn an_account_without_a_password_is_closed() {
    let world = World::new().await;
    world.person("ghost", PlatformRole::Member).await;
    assert_eq!(tries(&world, HOME, "ghost", "").await, Err(Error::WrongCredentials));
}

#[tokio::test]
async fn five_failures_lock_the_account_from_every_address_even_for_the_right_password() {
    let world = with_ann().await;
    for n in 0..5 {
        let address = format!("10.0.0.{n}");
        assert_eq!(tries(&world, &address, "ann", "guess").await, Err(Error::WrongCredentials), "try {n}");
    }
    assert_eq!(tries(&world, "10.0.0.9", "ann", RIGHT).await, Err(Error::TooMany(60)));
    world.clock.advance(59_500);
    assert_eq!(tries(&world, HOME, "ann", RIGHT).await, Err(Error::TooMany(1)), "rounded up");
    world.clock.advance(500);
    assert_eq!(tries(&world, HOME, "ann", "guess").await, Err(Error::WrongCredentials));
    assert_eq!(tries(&world, HOME, "ann", RIGHT).await, Err(Error::TooMany(120)), "each lock is twice as long");
    world.clock.advance(120_000);
    assert!(tries(&world, HOME, "ann", RIGHT).await.is_ok());
    // Success forgets: four more failures are allowed again.
    for _ in 0..4 {
        assert_eq!(tries(&world, HOME, "ann", "guess").await, Err(Error::WrongCredentials));
    }
    assert!(tries(&world, HOME, "ann", RIGHT).await.is_ok());
}

#[tokio::test]
async fn locks_end_at_a_quarter_of_an_hour_and_old_failures_are_forgotten() {
    let world = with_ann().await;
    for _ in 0..4 {
        assert_eq!(tries(&world, HOME, "ann", "guess").await, Err(Error::WrongCredentials));
    }
    world.clock.advance(15 * 60_000);
    for _ in 0..5 {
        assert_eq!(tries(&world, HOME, "ann", "guess").await, Err(Error::WrongCredentials), "the window began anew");
    }
    let mut locks = Vec::new();
    for _ in 0..6 {
        let Err(Error::TooMany(seconds)) = tries(&world, HOME, "ann", "guess").await else { panic!("not locked") };
        locks.push(seconds / 60);
        world.clock.advance(i64::from(seconds) * 1_000);
        assert_eq!(tries(&world, HOME, "ann", "guess").await, Err(Error::WrongCredentials));
    }
    assert_eq!(locks, [1, 2, 4, 8, 15, 15]);
}

#[tokio::test]
async fn thirty_failures_lock_the_address_and_no_other() {
    let world = with_ann().await;
    for n in 0..30 {
        let who = format!("guess{n}");
        assert_eq!(tries(&world, HOME, &who, "guess").await, Err(Error::WrongCredentials), "try {n}");
    }
    assert_eq!(tries(&world, HOME, "ann", RIGHT).await, Err(Error::TooMany(60)));
    assert!(tries(&world, "10.0.0.2", "ann", RIGHT).await.is_ok());
}

#[tokio::test]
async fn a_crowd_of_guesses_at_once_is_counted_one_by_one() {
    let world = with_ann().await;
    let guesses = (0..40).map(|n| {
        let engine = world.engine.clone();
        tokio::spawn(async move {
            account::sign_in(&engine, &format!("10.0.1.{n}"), "ann", "guess").await.map_err(engine::Error::told)
        })
    });
    let (mut wrong, mut refused) = (0, 0);
    for guess in guesses.collect::<Vec<_>>() {
        match guess.await.unwrap() {
            Err(Error::WrongCredentials) => wrong += 1,
            Err(Error::TooMany(_)) => refused += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((wrong, refused), (5, 35));
}

#[tokio::test]
async fn a_deactivated_account_is_told_only_to_who_knows_its_password() {
    let world = with_ann().await;
    let root = world.operator().await;
    let ann = tries(&world, HOME, "ann", RIGHT).await.unwrap();
    person::set_active(&root, ann.person, false).await.unwrap();
    assert_eq!(tries(&world, HOME, "ann", "guess").await, Err(Error::WrongCredentials));
    assert_eq!(tries(&world, HOME, "ann", RIGHT).await, Err(Error::Deactivated));
}
