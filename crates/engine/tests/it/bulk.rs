//! What measurements begin with is what the use cases would have left: work goes on from it, and the audit finds nothing.

use crate::room::MINUTE;
use domain::annotation::AnnotationValue;
use domain::claim::Submit;
use domain::project::{Modality, ProjectRole, Settings};
use engine::testing::World;
use engine::testing::bulk::{self, Content, NewAccounts};
use engine::{account, check, claim};
use serde_json::json;

#[tokio::test]
async fn work_goes_on_from_rows_in_bulk() {
    let world = World::new().await;
    let new = NewAccounts { prefix: "p", count: 3, organizations: &[], password: "a password of the bench", seed: 5 };
    let made = bulk::accounts(&world.engine, new).await.unwrap();
    let signed_in = account::sign_in(&world.engine, "10.0.0.1", "p00002", "a password of the bench").await.unwrap();
    assert_eq!(signed_in.person, made[2].id);
    let schema = json!({ "controls": [{ "id": "mood", "kind": "choice", "options": [{ "id": "good" }] }] });
    for (name, modality, content, overlap) in [
        ("texts", Modality::Text, Content::Text("号线去黔灵山。"), 2),
        ("pictures", Modality::Image, Content::Image(640, 480), 1),
    ] {
        let settings = Settings { overlap, ..Settings::default() };
        let project = world.project(name, modality, schema.clone(), settings).await;
        let people = made.iter().map(|account| account.id).collect();
        bulk::members(&world.engine, project, ProjectRole::Annotator, people).await.unwrap();
        bulk::items(&world.engine, project, content, 4_100).await.unwrap();
        bulk::items(&world.engine, project, content, 10).await.unwrap();
        let who = account::actor_by_token(&world.engine, &made[0].token).await.unwrap();
        let who = world.as_actor(who);
        assert_eq!(claim::workplace(&who, project).await.unwrap().waiting, 4_110);
        let taken = claim::take(&who, project, 3).await.unwrap();
        assert_eq!(taken.claims.len(), 3);
        world.clock.advance(MINUTE);
        let mut value = AnnotationValue::new();
        value.insert("mood".to_owned(), json!(["good"]));
        let submit = Submit { value, active_ms: 10, schema_version: 1 };
        claim::submit(&who, taken.claims[0].id, submit, None).await.unwrap();
    }
    assert_eq!(world.breaches().await, Vec::<String>::new());
    assert_eq!(check::run(&world.engine).await.unwrap().breaches, Vec::<String>::new());
}

#[tokio::test]
async fn labels_in_bulk_fill_what_is_open() {
    let world = World::new().await;
    let new = NewAccounts { prefix: "p", count: 1, organizations: &[], password: "a password of the bench", seed: 5 };
    let author = bulk::accounts(&world.engine, new).await.unwrap()[0].clone();
    let schema = json!({ "controls": [{ "id": "mood", "kind": "choice", "options": [{ "id": "good" }] }] });
    let project = world.project("texts", Modality::Text, schema, Settings::default()).await;
    bulk::members(&world.engine, project, ProjectRole::Annotator, vec![author.id]).await.unwrap();
    bulk::items(&world.engine, project, Content::Text("号线去黔灵山。"), 60_000).await.unwrap();
    bulk::labels(&world.engine, project, author.id, r#"{"mood":["good"]}"#).await.unwrap();
    let counts = engine::project::get(&world.boss().await, project).await.unwrap().summary.counts;
    assert_eq!((counts.open, counts.labeled), (0, 60_000));
    let who = world.as_actor(account::actor_by_token(&world.engine, &author.token).await.unwrap());
    assert_eq!(claim::take(&who, project, 3).await.unwrap().claims.len(), 0);
}
