//! The rules of claims as a program meets them: exclusive, expiring, answered once.

use serde_json::json;

use crate::support::{Answer, Job, Site};

const MINUTE: i64 = 60_000;
const TWO: &str = "{\"id\": \"a\", \"text\": \"one\"}\n{\"id\": \"b\", \"text\": \"two\"}\n";

#[tokio::test]
async fn nobody_submits_or_keeps_a_draft_on_anothers_claim() {
    let site = Site::new().await;
    let job = Job::texts(&site, 2, json!({}), TWO).await;
    let claim = job.claim(0).await;
    let path = format!("/api/v1/claims/{}", claim["id"].as_str().unwrap());
    let thief = &job.annotators[1];
    for answer in [
        thief.post(&format!("{path}/submit"), job.value("pos")).await,
        thief.put(&format!("{path}/draft"), json!({ "value": {} })).await,
        thief.post(&format!("{path}/skip"), json!({ "reason": "unsure" })).await,
        thief.delete(&path).await,
    ] {
        assert_eq!(answer.problem().0, 404, "{}", answer.text());
    }
    let renewed = thief.post("/api/v1/claims/renew", json!({ "ids": [claim["id"]] })).await.expect(200);
    assert_eq!(renewed, json!({ "renewed": [], "gone": [claim["id"]] }));
    job.submit(0, &claim, job.value("pos")).await;
}

#[tokio::test]
async fn a_submit_repeated_under_its_key_is_answered_alike_and_kept_once() {
    let site = Site::new().await;
    let job = Job::texts(&site, 1, json!({}), TWO).await;
    let claim = job.claim(0).await;
    let path = format!("/api/v1/claims/{}/submit", claim["id"].as_str().unwrap());
    let submit = |key: &'static str, mood: &'static str| {
        Answer::of(job.annotators[0].request("POST", &path).header("idempotency-key", key).json(&job.value(mood)))
    };
    let first = submit("k1", "pos").await.expect(201);
    let again = submit("k1", "pos").await.expect(200);
    assert_eq!(first, again);
    assert_eq!(submit("k2", "pos").await.problem(), (409, "already-submitted".to_owned()));
    assert_eq!(submit("", "pos").await.problem(), (400, "malformed-header".to_owned()));
    let item = job.manager.get(&format!("/api/v1/items/{}", claim["item"]["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(item["annotations"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_claim_ends_by_itself_is_kept_by_renewal_and_a_late_submit_is_never_thrown_away() {
    let site = Site::new().await;
    let job = Job::texts(&site, 2, json!({ "lease_minutes": 30 }), "{\"id\": \"a\", \"text\": \"one\"}\n").await;
    let claim = job.claim(0).await;
    site.world.clock.advance(20 * MINUTE);
    let renewed = job.annotators[0].post("/api/v1/claims/renew", json!({ "ids": [claim["id"]] })).await.expect(200);
    assert_eq!(renewed["renewed"][0]["id"], claim["id"]);
    site.world.clock.advance(20 * MINUTE);
    let none = job.annotators[1].post(&format!("/api/v1/projects/{}/claims", job.project), json!({})).await.expect(200);
    assert_eq!(none, json!({ "claims": [], "reason": "held_by_others" }));

    site.world.clock.advance(31 * MINUTE);
    let taken = job.claim(1).await;
    assert_eq!(taken["item"]["id"], claim["item"]["id"]);
    job.submit(1, &taken, job.value("neg")).await;
    let late = job.submit(0, &claim, job.value("pos")).await;
    assert_eq!(late["counted"], false);
    let item = job.manager.get(&format!("/api/v1/items/{}", claim["item"]["id"].as_str().unwrap())).await.expect(200);
    assert_eq!((&item["annotation_count"], item["annotations"].as_array().unwrap().len()), (&json!(1), 2));
}

#[tokio::test]
async fn an_item_is_never_in_more_hands_than_it_wants_annotations() {
    let site = Site::new().await;
    let lines: String = (0..20).map(|n| format!("{{\"id\": \"{n}\", \"text\": \"text {n}\"}}\n")).collect();
    let job = Job::texts(&site, 5, json!({ "overlap": 2 }), &lines).await;
    let work = (0..5).map(|n| {
        let job = &job;
        async move {
            for _ in 0..20 {
                let path = format!("/api/v1/projects/{}/claims", job.project);
                let taken = job.annotators[n].post(&path, json!({ "count": 3 })).await.expect(200);
                for claim in taken["claims"].as_array().unwrap() {
                    job.submit(n, claim, job.value("pos")).await;
                }
            }
        }
    });
    futures::future::join_all(work).await;
    let items = job.manager.get(&format!("/api/v1/projects/{}/items?limit=100", job.project)).await.expect(200);
    for item in items["rows"].as_array().unwrap() {
        let whole = job.manager.get(&format!("/api/v1/items/{}", item["id"].as_str().unwrap())).await.expect(200);
        let mut people: Vec<&str> =
            whole["annotations"].as_array().unwrap().iter().map(|one| one["annotator"].as_str().unwrap()).collect();
        people.sort_unstable();
        people.dedup();
        assert_eq!((people.len(), &whole["state"]), (2, &json!("labeled")), "{whole}");
    }
}

#[tokio::test]
async fn a_draft_is_there_again_and_an_older_one_never_wins() {
    let site = Site::new().await;
    let job = Job::texts(&site, 1, json!({}), TWO).await;
    let claim = job.claim(0).await;
    let path = format!("/api/v1/claims/{}/draft", claim["id"].as_str().unwrap());
    let draft = |sequence, mood| json!({ "value": { "mood": [mood] }, "active_ms": 5, "sequence": sequence });
    assert_eq!(job.annotators[0].put(&path, draft(2, "neg")).await.status, 204);
    let older = job.annotators[0].put(&path, draft(1, "pos")).await;
    assert!(matches!(older.status, 204 | 409), "{}", older.text());
    let again = job.claim(0).await;
    assert_eq!((&again["id"], &again["draft"]["value"]), (&claim["id"], &json!({ "mood": ["neg"] })));
}

#[tokio::test]
async fn skipping_leaves_the_item_to_others_or_voids_it() {
    let site = Site::new().await;
    let job = Job::texts(&site, 2, json!({}), TWO).await;
    let skip = |claim: &serde_json::Value, reason: &'static str| {
        let path = format!("/api/v1/claims/{}/skip", claim["id"].as_str().unwrap());
        job.annotators[0].request("POST", &path).json(&json!({ "reason": reason }))
    };
    let first = job.claim(0).await;
    assert_eq!(Answer::of(skip(&first, "unsure")).await.status, 204);
    let second = job.claim(0).await;
    assert_ne!(second["item"]["id"], first["item"]["id"], "not the same to the same person");
    assert_eq!(Answer::of(skip(&second, "unusable")).await.status, 204);
    assert_eq!(job.claim(1).await["item"]["id"], first["item"]["id"]);
    let voided =
        job.manager.get(&format!("/api/v1/items/{}", second["item"]["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(voided["state"], "void");
}
