//! The public shapes: what each resource answers, ids and secrets aside. A change here is a change for every program out
//! there.

use domain::account::PlatformRole::Member;
use insta::assert_json_snapshot;
use serde_json::{Value, json};

use crate::support::{Job, Site, text_schema};

/// Ids, secrets and sums vary; their place and form do not.
fn masked(value: Value) -> Value {
    match value {
        Value::String(text) => {
            let dashes = text.matches('-').count();
            let hexadecimal = text.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
            Value::String(match text.len() {
                36 if dashes == 4 && hexadecimal => "[id]".to_owned(),
                64 if hexadecimal => "[sha256]".to_owned(),
                _ if text.starts_with("/api/v1/items/") => "/api/v1/items/[id]/image".to_owned(),
                _ => text,
            })
        }
        Value::Array(items) => Value::Array(items.into_iter().map(masked).collect()),
        Value::Object(fields) => {
            let field = |(name, value): (String, Value)| {
                let secret = matches!(name.as_str(), "token" | "initial_password" | "seed") && value.is_string();
                let value = if secret { json!("[drawn]") } else { masked(value) };
                (name, value)
            };
            Value::Object(fields.into_iter().map(field).collect())
        }
        other => other,
    }
}

#[tokio::test]
async fn accounts() {
    let site = Site::new().await;
    let operator = site.operator().await;
    let firm = json!({ "name": "毕节数据标注基地", "region": "bijie" });
    let organization = operator.post("/api/v1/organizations", firm).await.expect(201);
    let teams = format!("/api/v1/organizations/{}/teams", organization["id"].as_str().unwrap());
    assert_json_snapshot!("organization", masked(organization.clone()));
    assert_json_snapshot!("team", masked(operator.post(&teams, json!({ "name": "一班" })).await.expect(201)));
    assert_json_snapshot!("organizations", masked(operator.get("/api/v1/organizations").await.expect(200)));
    let regions = operator.get("/api/v1/regions").await.expect(200);
    assert_eq!(regions["rows"].as_array().unwrap().len(), 10);
    assert_json_snapshot!("region", regions["rows"][0]);
    let person = json!({
        "username": "wang.fang", "name": "王芳", "password": "a long password", "organization": "毕节数据标注基地", "team": "一班",
    });
    assert_json_snapshot!("person", masked(operator.post("/api/v1/people", person).await.expect(201)));
    let drawn = json!({ "username": "li.na", "name": "李娜" });
    assert_json_snapshot!(
        "person_with_drawn_password",
        masked(operator.post("/api/v1/people", drawn).await.expect(201))
    );
    let roster = "username,name,organization,team\nzhao.lei,赵雷,毕节数据标注基地,一班\nli.na,李娜,,\n!,坏,,\n";
    let report = operator.send("POST", "/api/v1/people/import", "text/csv", roster).await.expect(200);
    assert_json_snapshot!("roster", masked(report));
    assert_json_snapshot!("people", masked(operator.get("/api/v1/people?limit=2").await.expect(200)));
    let sign_in = json!({ "username": "wang.fang", "password": "a long password" });
    let token = site.anonymous().post("/api/v1/tokens", sign_in).await.expect(201);
    assert_json_snapshot!("token", masked(token.clone()));
    let program = site.anonymous().with_token(token["token"].as_str().unwrap());
    assert_json_snapshot!("me", masked(program.get("/api/v1/me").await.expect(200)));
    assert_json_snapshot!("tokens", masked(program.get("/api/v1/tokens").await.expect(200)));
    let taken = operator.post("/api/v1/people", json!({ "username": "LI.NA", "name": "x" })).await;
    assert_eq!(taken.problem(), (409, "name-taken".to_owned()));
    assert_json_snapshot!("problem", taken.json());
}

#[tokio::test]
async fn pages_of_people_follow_each_other() {
    let site = Site::new().await;
    let operator = site.operator().await;
    for n in 0..7 {
        site.world.person(&format!("person{n}"), Member).await;
    }
    let (mut names, mut path) = (Vec::new(), "/api/v1/people?limit=3".to_owned());
    loop {
        let page = operator.get(&path).await.expect(200);
        for row in page["rows"].as_array().unwrap() {
            names.push(row["username"].as_str().unwrap().to_owned());
        }
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/people?limit=3&after={next}");
    }
    let mut sorted = names.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(names, sorted);
    assert_eq!(names.len(), 8);
}

#[tokio::test]
async fn work() {
    let site = Site::new().await;
    let lines = "{\"id\": \"a\", \"text\": \"one\", \"meta\": {\"source\": \"x\"}}\n{\"id\": \"a\", \"text\": \"again\"}\n{}\n{\"id\": \"b\", \"text\": \"two\"}\n";
    let job = Job::new(&site, "text", text_schema(), 1, json!({ "review": "all" })).await;
    let import = job.import("?format=jsonl&name=lines.jsonl", lines.as_bytes().to_vec()).await;
    assert_json_snapshot!("import", masked(import));
    let project = format!("/api/v1/projects/{}", job.project);
    assert_json_snapshot!("project", masked(job.manager.get(&project).await.expect(200)));
    assert_json_snapshot!("projects", masked(job.manager.get("/api/v1/projects").await.expect(200)));
    assert_json_snapshot!("members", masked(job.manager.get(&format!("{project}/members")).await.expect(200)));
    assert_json_snapshot!(
        "items",
        masked(job.manager.get(&format!("{project}/items?limit=1")).await.expect(200))["rows"][0]
    );
    let first = job.claim(0).await;
    assert_json_snapshot!("claim", masked(first.clone()));
    assert_json_snapshot!("annotation", masked(job.submit(0, &first, job.value("pos")).await));
    let second = job.claim(0).await;
    job.submit(0, &second, job.value("neg")).await;
    let none = job.annotators[0].post(&format!("{project}/claims"), json!({ "count": 3 })).await.expect(200);
    assert_json_snapshot!("no_work", none);
    let batch = job.manager.post(&format!("{project}/batches"), json!({ "size": 2 })).await.expect(201);
    assert_json_snapshot!("batch", masked(batch.clone()));
    let path = format!("/api/v1/batches/{}/inspections", batch["id"].as_str().unwrap());
    let inspection = job.reviewer.post(&path, json!({ "plan": { "kind": "all" } })).await.expect(201);
    let inspection_path = format!("/api/v1/inspections/{}", inspection["id"].as_str().unwrap());
    let mut shown = masked(inspection.clone());
    // The order of a draw depends on its seed.
    let mut keys: Vec<Value> =
        inspection["sample"].as_array().unwrap().iter().map(|drawn| drawn["key"].clone()).collect();
    keys.sort_by_key(ToString::to_string);
    shown["sample"] = json!(keys);
    assert_json_snapshot!("inspection", shown);
    let item = |key: &str| {
        let drawn = inspection["sample"].as_array().unwrap().iter().find(|drawn| drawn["key"] == key);
        drawn.unwrap()["item"].as_str().unwrap().to_owned()
    };
    let fail = json!({ "verdict": "fail", "reason": "wrong_label", "comment": "看错了" });
    let figures = job.reviewer.put(&format!("{inspection_path}/verdicts/{}", item("a")), fail).await.expect(200);
    assert_json_snapshot!("inspection_figures", masked(figures));
    let whole = job.reviewer.get(&format!("{inspection_path}/items/{}", item("a"))).await.expect(200);
    assert_json_snapshot!("sample_item", masked(whole));
    let pass = json!({ "verdict": "pass" });
    job.reviewer.put(&format!("{inspection_path}/verdicts/{}", item("b")), pass).await.expect(200);
    let decision = format!("/api/v1/batches/{}/decision", batch["id"].as_str().unwrap());
    let decided = job.reviewer.post(&decision, json!({ "decision": "return_failed" })).await.expect(200);
    assert_json_snapshot!("decided_batch", masked(decided));
    assert_json_snapshot!("rework", masked(job.claim(0).await));
    assert_json_snapshot!("item", masked(job.manager.get(&format!("/api/v1/items/{}", item("a"))).await.expect(200)));
    assert_json_snapshot!("project_stats", masked(job.manager.get(&format!("{project}/stats")).await.expect(200)));
    let file = String::from_utf8(job.export("jsonl", "all").await).unwrap();
    let line: Value = serde_json::from_str(file.lines().next().unwrap()).unwrap();
    assert_json_snapshot!("native_line", masked(line));
    let exports = job.manager.get(&format!("{project}/exports")).await.expect(200);
    let mut export = masked(exports["rows"][0].clone());
    export["bytes"] = json!("[bytes]");
    assert_json_snapshot!("export", export);
}
