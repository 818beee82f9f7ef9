//! Before a schema is saved that existing annotations would not fit, somebody is asked.

use domain::Error;
use domain::claim::Submit;
use domain::error::Conflict;
use domain::project::{Modality, ProjectChange, SchemaImpact, Settings};
use engine::testing::World;
use engine::{claim, project};
use serde_json::{Value, json};

fn schema(options: &[&str], labels: &[&str]) -> Value {
    let ids = |ids: &[&str]| ids.iter().map(|id| json!({ "id": id })).collect::<Vec<_>>();
    json!({ "controls": [
        { "id": "mood", "kind": "choice", "required": true, "options": ids(options) },
        { "id": "who", "kind": "span", "labels": ids(labels) },
    ] })
}

#[tokio::test]
async fn it_says_what_would_go_and_asks() {
    let world = World::new().await;
    let id = world.project("P", Modality::Text, schema(&["good", "bad"], &["PER", "ORG"]), Settings::default()).await;
    let texts: Vec<(String, String)> = (0..5).map(|n| (format!("k{n}"), format!("张三说{n}"))).collect();
    let texts: Vec<(&str, &str)> = texts.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
    world.texts(id, &texts).await;
    let (boss, ann) = (world.boss().await, world.annotator("ann", id).await);
    for n in 0..4 {
        let claim = claim::take(&ann, id, 1).await.unwrap().claims.remove(0);
        let value = json!({
            "mood": [if n == 0 { "bad" } else { "good" }],
            "who": if n < 2 { json!([{ "id": "a", "label": "PER", "start": 0, "end": 2, "text": "张三" }]) } else { json!([]) },
        });
        let value = value.as_object().unwrap().clone();
        world.clock.advance(1_000);
        claim::submit(&ann, claim.id, Submit { value, active_ms: 500, schema_version: 1 }, None).await.unwrap();
    }

    let wider = schema(&["good", "bad", "mixed"], &["PER", "ORG"]);
    let impact = project::schema_impact(&boss, id, wider).await.unwrap();
    assert_eq!(impact, SchemaImpact { annotations: 4, ..SchemaImpact::default() });

    let narrower = schema(&["good"], &["ORG"]);
    let impact = project::schema_impact(&boss, id, narrower.clone()).await.unwrap();
    assert_eq!((impact.annotations, impact.orphaned), (4, 2), "one of the two broke both rules");
    assert_eq!(impact.removed_labels, [("mood/bad".into(), 1), ("who/PER".into(), 2)]);

    let without =
        json!({ "controls": [{ "id": "mood", "kind": "choice", "options": [{ "id": "good" }, { "id": "bad" }] }] });
    let impact = project::schema_impact(&boss, id, without).await.unwrap();
    assert_eq!((impact.orphaned, impact.removed_controls), (2, vec!["who".to_owned()]));

    let change = ProjectChange { schema: Some(narrower), ..ProjectChange::default() };
    let refused = project::change(&boss, id, change.clone()).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::Conflict(Conflict::WouldOrphan)));
    assert_eq!(project::get(&boss, id).await.unwrap().schema_version, 1);
    let agreed = ProjectChange { accept_orphans: true, ..change };
    assert_eq!(project::change(&boss, id, agreed).await.unwrap().schema_version, 2);
    assert!(project::schema_impact(&boss, id, json!({ "controls": [] })).await.is_err());
}
