//! Every operation of REST and every server function, called by people who may not: an anonymous caller, and a stranger
//! to the project. A new operation is in the document or the registry, and so in this test, by itself.

use std::collections::{BTreeMap, BTreeSet};

use domain::account::PlatformRole::Member;
use serde_json::{Value, json};

use crate::openapi::document;
use crate::support::{Answer, Client, Job, Site, sample};

/// Operations that take no token.
const PUBLIC: [&str; 1] = ["create_token"];

/// What everybody who is signed in may do: their own account, and lists that show them only what they may see.
const EVERYBODY: [&str; 12] = [
    "change_password",
    "get_me",
    "get_my_stats",
    "list_organizations",
    "list_projects",
    "list_regions",
    "list_tokens",
    "renew_claims",
    "revoke_current_token",
    "revoke_token",
    // The same by the names of server functions.
    "get_home",
    "list_reviewable_batches",
];

/// Server functions that everybody may call, signed in or not.
const PUBLIC_FUNCTIONS: [&str; 3] = ["sign_in", "sign_out", "set_lang"];

/// Server functions open to everybody who is signed in, besides [`EVERYBODY`].
const EVERYBODYS_FUNCTIONS: [&str; 2] = ["create_token", "preview_markdown"];

/// One thing of every kind, in a project that a stranger knows the ids of.
async fn things(site: &Site) -> BTreeMap<&'static str, String> {
    let lines = "{\"id\": \"a\", \"text\": \"one\"}\n{\"id\": \"b\", \"text\": \"two\"}\n{\"id\": \"c\", \"text\": \"three\"}\n";
    let job = Job::texts(site, 1, json!({ "review": "all" }), lines).await;
    let project = &job.project;
    let id = |value: &Value| value["id"].as_str().unwrap().to_owned();
    let first = job.claim(0).await;
    let annotation = job.submit(0, &first, job.value("pos")).await;
    let held = job.claim(0).await;
    let batch = job.manager.post(&format!("/api/v1/projects/{project}/batches"), json!({})).await.expect(201);
    let path = format!("/api/v1/batches/{}/inspections", id(&batch));
    let inspection = job.reviewer.post(&path, json!({})).await.expect(201);
    let exports = format!("/api/v1/projects/{project}/exports");
    let export = job.manager.post(&exports, json!({ "format": "jsonl" })).await.expect(202);
    let imports = job.manager.get(&format!("/api/v1/projects/{project}/imports")).await.expect(200);
    let operator = site.operator().await;
    let body = json!({ "name": "A firm", "region": "zunyi" });
    let organization = operator.post("/api/v1/organizations", body).await.expect(201);
    let people = operator.get("/api/v1/people?search=ann0").await.expect(200);
    BTreeMap::from([
        ("annotation", id(&annotation)),
        ("batches", id(&batch)),
        ("claims", id(&held)),
        ("exports", id(&export)),
        ("imports", id(&imports["rows"][0])),
        ("inspections", id(&inspection)),
        ("items", id(&first["item"])),
        ("organizations", id(&organization)),
        ("people", id(&people["rows"][0])),
        ("projects", project.clone()),
        ("tokens", "01900000-0000-7000-8000-000000000001".to_owned()),
    ])
}

async fn call(client: &Client, document: &Value, method: &str, path: &str, operation: &Value) -> Answer {
    let content = operation["requestBody"]["content"].as_object();
    match content.and_then(|kinds| kinds.iter().next()) {
        Some((kind, media)) if kind == "application/json" => {
            let body = sample(document, &media["schema"]);
            client.send(method, path, kind, body.to_string()).await
        }
        Some((kind, _)) => client.send(method, path, kind, "username,name,role\nx,y,annotator\n").await,
        None => client.send(method, path, "application/json", "").await,
    }
}

#[tokio::test]
async fn no_operation_is_open_to_who_may_not() {
    let site = Site::new().await;
    let things = things(&site).await;
    let document = document(&site).await;
    let (nobody, stranger) = (site.anonymous(), site.token("stranger", Member).await);
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for (pattern, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            seen.insert(name.to_owned());
            let method = method.to_uppercase();
            let noun = pattern.trim_start_matches("/api/v1/").split('/').next().unwrap();
            let path = pattern
                .replace("{id}", things.get(noun).map_or("", String::as_str))
                .replace("{item}", &things["items"])
                .replace("{username}", "ann0")
                .replace("/{level}/{column}/{row}", "/0/0/0");
            assert!(!path.contains('{'), "{pattern}: the test knows no value for a parameter");

            let answer = call(&nobody, &document, &method, &path, operation).await;
            if !PUBLIC.contains(&name) && answer.status != 401 {
                wrong.push(format!("{name} answers {} to nobody", answer.status));
            }
            if name == "revoke_current_token" {
                continue; // would end the stranger's own token
            }
            let answer = call(&stranger, &document, &method, &path, operation).await;
            let refused = matches!(answer.status, 401 | 403 | 404);
            if !refused && !PUBLIC.contains(&name) && !EVERYBODY.contains(&name) {
                wrong.push(format!("{name} answers {} to a stranger: {}", answer.status, answer.text()));
            }
            if answer.status >= 500 {
                wrong.push(format!("{name} breaks: {}", answer.text()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for name in PUBLIC {
        assert!(seen.contains(name), "{name} is public and does not exist");
    }
}

/// Arguments that get past the reading of every server function.
fn arguments(things: &BTreeMap<&'static str, String>) -> BTreeMap<&'static str, Value> {
    let thing = |name: &str| things[name].clone();
    let (project, batch, claim) = (thing("projects"), thing("batches"), thing("claims"));
    let (item, inspection, person) = (thing("items"), thing("inspections"), thing("people"));
    let submit = json!({ "value": { "mood": ["pos"] }, "active_ms": 0, "schema_version": 1 });
    let new_person = json!({ "username": "someone", "name": "Some One" });
    BTreeMap::from([
        ("change_password", json!({ "old": "not the password", "new": "another long one" })),
        ("change_project", json!({ "project": project, "change": { "name": "Mine now" } })),
        ("create_batch", json!({ "project": project, "batch": {} })),
        ("create_export", json!({ "project": project, "export": { "format": "jsonl" } })),
        ("create_organization", json!({ "name": "Mine", "region": "zunyi" })),
        ("create_person", json!({ "person": new_person })),
        ("create_project", json!({ "project": { "name": "Mine", "modality": "text" } })),
        ("create_team", json!({ "organization": thing("organizations"), "name": "Mine" })),
        ("create_token", json!({ "name": "mine", "days": 1 })),
        ("decide_batch", json!({ "batch": batch, "decision": { "decision": "accept" } })),
        ("get_export", json!({ "export": thing("exports") })),
        ("get_home", json!({})),
        ("get_import", json!({ "import": thing("imports") })),
        ("get_inspection", json!({ "inspection": inspection })),
        ("get_item", json!({ "item": item })),
        ("get_me", json!({})),
        ("get_my_stats", json!({ "from": null, "to": null })),
        ("get_project", json!({ "project": project })),
        ("get_sample_item", json!({ "inspection": inspection, "item": item })),
        ("get_stats", json!({ "query": { "project": project } })),
        ("get_wall", json!({})),
        ("get_workplace", json!({ "project": project })),
        ("import_members", json!({ "project": project, "csv": "username,role\nstranger,manager\n" })),
        ("import_roster", json!({ "csv": "username,name\nmine,Mine\n" })),
        ("judge_item", json!({ "inspection": inspection, "item": item, "verdict": { "verdict": "pass" } })),
        ("list_batches", json!({ "project": project, "query": {} })),
        ("list_exports", json!({ "project": project })),
        ("list_history", json!({ "project": project, "limit": 10 })),
        ("list_imports", json!({ "project": project })),
        ("list_items", json!({ "project": project, "query": {} })),
        ("list_members", json!({ "project": project, "query": {} })),
        ("list_organizations", json!({})),
        ("list_people", json!({ "query": {} })),
        ("list_projects", json!({})),
        ("list_regions", json!({})),
        ("list_reviewable_batches", json!({})),
        ("list_tokens", json!({})),
        ("open_inspection", json!({ "batch": batch, "plan": null })),
        ("preview_markdown", json!({ "text": "# x" })),
        ("preview_schema_impact", json!({ "project": project, "schema": { "controls": [] } })),
        ("release_claim", json!({ "claim": claim })),
        ("remove_member", json!({ "project": project, "username": "ann0" })),
        ("renew_claims", json!({ "claims": [claim] })),
        ("reopen_annotation", json!({ "annotation": thing("annotation") })),
        ("reset_person_password", json!({ "person": person })),
        ("restore_item", json!({ "item": item })),
        ("revoke_token", json!({ "token": thing("tokens") })),
        ("save_draft", json!({ "claim": claim, "draft": { "value": {} } })),
        ("set_lang", json!({ "lang": "en" })),
        ("set_member", json!({ "project": project, "username": "stranger", "role": "manager" })),
        ("set_person_active", json!({ "person": person, "active": false })),
        ("sign_in", json!({ "username": "nobody", "password": "not the password" })),
        ("sign_out", json!({})),
        ("skip_claim", json!({ "claim": claim, "reason": "unusable", "comment": null })),
        ("submit_claim", json!({ "claim": claim, "submit": submit, "key": null })),
        ("take_claims", json!({ "project": project, "count": 1 })),
        ("void_item", json!({ "item": item, "reason": "mine" })),
    ])
}

#[tokio::test]
async fn no_server_function_is_open_to_who_may_not() {
    let site = Site::new().await;
    let things = things(&site).await;
    let arguments = arguments(&things);
    let (nobody, stranger) = (site.anonymous(), site.cookie("stranger").await);
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (path, _) in leptos::server_fn::axum::server_fn_paths() {
        let name = path.trim_start_matches("/rpc/");
        let given = arguments.get(name).unwrap_or_else(|| panic!("{name}: say here how it is called"));
        seen += 1;
        if !PUBLIC_FUNCTIONS.contains(&name) {
            let status = nobody.call(name, given.clone()).await.status;
            if status != 401 {
                wrong.push(format!("{name} answers {status} to nobody"));
            }
            let open = EVERYBODY.contains(&name) || EVERYBODYS_FUNCTIONS.contains(&name);
            let answer = stranger.call(name, given.clone()).await;
            if !open && !matches!(answer.status, 401 | 403 | 404) {
                wrong.push(format!("{name} answers {} to a stranger: {}", answer.status, answer.text()));
            }
            if answer.status >= 500 {
                wrong.push(format!("{name} breaks: {}", answer.text()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(seen, arguments.len(), "a function in the test is no longer in the application");
}
