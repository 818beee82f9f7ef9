//! The document that describes the interface.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::Site;

pub async fn document(site: &Site) -> Value {
    site.anonymous().get("/api/v1/openapi.json").await.expect(200)
}

#[tokio::test]
async fn the_document_is_as_reviewed() {
    let document = document(&Site::new().await).await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    insta::assert_json_snapshot!(document);
}

#[tokio::test]
async fn every_operation_is_named_once_and_says_how_it_refuses() {
    let document = document(&Site::new().await).await;
    let mut names = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "{name} names two operations");
            let answers = operation["responses"].as_object().unwrap();
            assert!(answers.keys().any(|status| status.starts_with('2')), "{method} {path}: no success");
            for status in ["400", "422", "500"] {
                assert!(answers.contains_key(status), "{method} {path}: {status}");
            }
            for (status, answer) in answers {
                if status.starts_with(['4', '5']) {
                    let content = &answer["content"]["application/problem+json"];
                    assert!(content.is_object(), "{method} {path}: {status} is not a problem");
                }
            }
            assert!(!operation["summary"].as_str().unwrap_or_default().is_empty(), "{name} has no sentence");
        }
    }
    assert!(names.len() >= 40, "{}", names.len());
}
