//! The whole job over REST, from an empty installation to a finished, reviewed, exported data set: as the operator, a
//! manager, two annotators and a reviewer, each with a token of their own.
//!
//! On the real posts, plan and photographs where they lie beside the checkout, else on data made here.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::bad_input::png;
use crate::support::{Answer, Client, Job, Site, until};

/// The folder of real data, where there is one.
fn shared() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    folder.is_dir().then_some(folder)
}

fn posts() -> Vec<u8> {
    match shared() {
        Some(folder) => std::fs::read(folder.join("text/weibo_ner.jsonl")).unwrap(),
        None => {
            let post = |n: u32| json!({ "id": format!("post-{n:04}"), "text": format!("第{n}天，𠮷野家在贵阳开业👨‍👩‍👧，王芳去了遵义。") });
            (1..=270).map(|n| format!("{}\n", post(n))).collect::<String>().into_bytes()
        }
    }
}

fn plan() -> Vec<u8> {
    match shared() {
        Some(folder) => std::fs::read(folder.join("text/guizhou_plan_2026.txt")).unwrap(),
        None => (1..=35).map(|n| format!("任务{n}：推进数据标注产业发展。\n")).collect::<String>().into_bytes(),
    }
}

/// Name and content of three photographs.
fn photographs() -> Vec<(String, Vec<u8>)> {
    let names = ["dog.jpg", "groceries.jpg", "truck.jpg"];
    match shared() {
        Some(folder) => {
            let read = |name: &str| (name.to_owned(), std::fs::read(folder.join("images").join(name)).unwrap());
            names.map(read).to_vec()
        }
        None => (1..=3).map(|n| (format!("picture{n}.png"), png(300 + n, 200))).collect(),
    }
}

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap_or_else(|| panic!("{value}")).to_owned()
}

/// Adds the people of the job and gives each one's program.
async fn people(site: &Site) -> [Client; 4] {
    engine::person::create_operator(&site.world.engine, "chief", "Chief", "the chief's password").await.unwrap();
    let sign_in = |username: &'static str, password: &'static str| async move {
        let body = json!({ "username": username, "password": password });
        let token = site.anonymous().post("/api/v1/tokens", body).await.expect(201);
        site.anonymous().with_token(token["token"].as_str().unwrap())
    };
    let chief = sign_in("chief", "the chief's password").await;
    for (name, region) in [("贵阳标注公司", "guiyang"), ("毕节标注学校", "bijie")] {
        let made = chief.post("/api/v1/organizations", json!({ "name": name, "region": region })).await.expect(201);
        chief.post(&format!("/api/v1/organizations/{}/teams", id(&made)), json!({ "name": "一班" })).await.expect(201);
    }
    for (username, role, organization) in [
        ("manager", "manager", "贵阳标注公司"),
        ("reviewer", "member", "贵阳标注公司"),
        ("ann", "member", "毕节标注学校"),
        ("bob", "member", "毕节标注学校"),
    ] {
        let person = json!({
            "username": username, "name": username, "password": "words of my own", "organization": organization,
            "team": "一班", "role": role,
        });
        chief.post("/api/v1/people", person).await.expect(201);
    }
    [
        sign_in("manager", "words of my own").await,
        sign_in("reviewer", "words of my own").await,
        sign_in("ann", "words of my own").await,
        sign_in("bob", "words of my own").await,
    ]
}

/// A project with the reviewer and both annotators in it.
async fn project(people: &[Client; 4], body: Value) -> Job {
    let [manager, reviewer, ann, bob] = people;
    let made = manager.post("/api/v1/projects", body).await.expect(201);
    let project = id(&made);
    let roster = "username,role\nreviewer,reviewer\nann,annotator\nbob,annotator\n";
    let path = format!("/api/v1/projects/{project}/members/import");
    let report = manager.send("POST", &path, "text/csv", roster).await.expect(200);
    assert_eq!(report["added"], 3, "{report}");
    if made["status"] != "open" {
        manager.patch(&format!("/api/v1/projects/{project}"), json!({ "status": "open" })).await.expect(200);
    }
    Job {
        project,
        schema_version: made["schema_version"].as_u64().unwrap(),
        manager: manager.clone(),
        reviewer: reviewer.clone(),
        annotators: vec![ann.clone(), bob.clone()],
    }
}

/// Both annotators take and submit until nothing is left; `value` makes an item's value. Gives how many were submitted.
async fn label(job: &Job, value: &(impl Fn(&Value) -> Value + Sync)) -> usize {
    let work = (0..job.annotators.len()).map(|n| async move {
        let mut done = 0;
        loop {
            let path = format!("/api/v1/projects/{}/claims", job.project);
            let taken = job.annotators[n].post(&path, json!({ "count": 4 })).await.expect(200);
            let claims = taken["claims"].as_array().unwrap().clone();
            if claims.is_empty() {
                return done;
            }
            for claim in &claims {
                let value = value(&claim["item"]);
                let draft = json!({ "value": value, "active_ms": 10, "sequence": 1 });
                let draft_path = format!("/api/v1/claims/{}/draft", id(claim));
                assert_eq!(job.annotators[n].put(&draft_path, draft).await.status, 204);
                let body = json!({ "value": value, "active_ms": 20, "schema_version": job.schema_version });
                let submit = format!("/api/v1/claims/{}/submit", id(claim));
                let request = job.annotators[n].request("POST", &submit).header("idempotency-key", id(claim));
                Answer::of(request.json(&body)).await.expect(201);
                done += 1;
            }
        }
    });
    futures::future::join_all(work).await.into_iter().sum()
}

/// Puts all labeled items into a batch and opens its inspection; every item is drawn.
async fn inspect(job: &Job) -> Value {
    let path = format!("/api/v1/projects/{}/batches", job.project);
    let batch = job.manager.post(&path, json!({ "size": 10_000 })).await.expect(201);
    let path = format!("/api/v1/batches/{}/inspections", id(&batch));
    let inspection = job.reviewer.post(&path, json!({ "plan": { "kind": "all" } })).await.expect(201);
    assert_eq!(inspection["n"], batch["size"]);
    inspection
}

async fn judge(job: &Job, inspection: &Value, item: &str, verdict: Value) -> Value {
    job.reviewer.put(&format!("/api/v1/inspections/{}/verdicts/{item}", id(inspection)), verdict).await.expect(200)
}

async fn decide(job: &Job, inspection: &Value, decision: &str) -> Answer {
    let path = format!("/api/v1/batches/{}/decision", id(&inspection["batch"]));
    job.reviewer.post(&path, json!({ "decision": decision })).await
}

/// Reviews everything: one item fails, comes back first in its author's queue, is put right, and all is accepted.
/// Gives the id of the item that went back.
async fn review(job: &Job, value: &(impl Fn(&Value) -> Value + Sync)) -> String {
    let inspection = inspect(job).await;
    let sample: Vec<String> = inspection["sample"]
        .as_array()
        .unwrap()
        .iter()
        .map(|drawn| drawn["item"].as_str().unwrap().to_owned())
        .collect();
    let failed = sample[0].clone();
    judge(job, &inspection, &failed, json!({ "verdict": "fail", "reason": "missing", "comment": "还缺一处" })).await;
    assert_eq!(decide(job, &inspection, "accept").await.problem().0, 409, "verdicts are missing");
    for item in &sample[1..] {
        judge(job, &inspection, item, json!({ "verdict": "pass" })).await;
    }
    assert_eq!(decide(job, &inspection, "accept").await.problem(), (409, "failed-items".to_owned()));
    let decided = decide(job, &inspection, "return_failed").await.expect(200);
    assert_eq!(decided["state"], "partly_returned");

    let whole = job.manager.get(&format!("/api/v1/items/{failed}")).await.expect(200);
    let author = whole["annotations"][0]["annotator"].as_str().unwrap().to_owned();
    let author = if author == "ann" { 0 } else { 1 };
    let other = job.annotators[1 - author].post(&format!("/api/v1/projects/{}/claims", job.project), json!({})).await;
    assert_eq!(other.expect(200)["claims"], json!([]), "rework is its own author's");
    let claim = job.claim(author).await;
    assert_eq!(claim["item"]["id"], json!(failed));
    assert_eq!((&claim["rework"]["reason"], &claim["rework"]["comment"]), (&json!("missing"), &json!("还缺一处")));
    assert_eq!(claim["rework"]["previous"]["revision"], 1);
    let body = json!({ "value": value(&claim["item"]), "active_ms": 5, "schema_version": job.schema_version });
    assert_eq!(job.submit(author, &claim, body).await["revision"], 2);

    let again = inspect(job).await;
    assert_eq!(again["n"], 1);
    judge(job, &again, &failed, json!({ "verdict": "pass" })).await;
    assert_eq!(decide(job, &again, "accept").await.expect(200)["state"], "accepted");
    let project = job.manager.get(&format!("/api/v1/projects/{}", job.project)).await.expect(200);
    assert_eq!(project["counts"]["accepted"].as_u64().unwrap() as usize, sample.len(), "{project}");
    failed
}

fn lines(file: &[u8]) -> Vec<Value> {
    file.split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect()
}

/// The spans that an annotator marks: the first two characters and, where there is one, the last.
fn marks(item: &Value) -> Value {
    let text: Vec<char> = item["data"]["text"].as_str().unwrap().chars().collect();
    let span = |n: usize, label: &str, start: usize, end: usize| json!({ "id": format!("s{n}"), "label": label, "start": start, "end": end, "text": text[start..end].iter().collect::<String>() });
    let mut spans = vec![span(1, "PER", 0, 2.min(text.len()))];
    if text.len() > 2 {
        spans.push(span(2, "LOC", text.len() - 1, text.len()));
    }
    json!(spans)
}

#[tokio::test]
async fn rest_journey_of_texts() {
    let site = Site::new().await;
    let people = people(&site).await;
    let schema = json!({ "controls": [
        { "id": "names", "title": { "zh": "实体" }, "kind": "span", "labels": [{ "id": "PER", "key": "1" }, { "id": "LOC", "key": "2" }] },
        { "id": "mood", "kind": "choice", "required": true, "options": [{ "id": "pos", "key": "p" }, { "id": "neg", "key": "n" }] },
    ] });
    let body = json!({ "name": "微博实体", "modality": "text", "schema": schema, "guideline": "# 规范\n人名、地名。", "settings": { "review": "all" } });
    let job = project(&people, body.clone()).await;
    let import = job.import("?format=jsonl&name=weibo_ner.jsonl", posts()).await;
    assert_eq!(
        (&import["state"], &import["read"], &import["rejected"]),
        (&json!("done"), &json!(270), &json!(0)),
        "{import}"
    );
    // A few of the real posts repeat another's text: counted, not added.
    let posts_added = import["added"].as_u64().unwrap();
    assert_eq!(posts_added + import["duplicates"].as_u64().unwrap(), 270, "{import}");
    let total = posts_added as usize + 35;
    let again = job.import("?format=jsonl&name=weibo_ner.jsonl", posts()).await;
    assert_eq!((&again["added"], &again["duplicates"]), (&json!(0), &json!(270)));
    let import = job.import("?format=txt&name=guizhou_plan_2026.txt", plan()).await;
    assert_eq!((&import["state"], &import["added"]), (&json!("done"), &json!(35)), "{import}");

    let value = |item: &Value| json!({ "names": marks(item), "mood": ["pos"] });
    assert_eq!(label(&job, &value).await, total);
    let reworked = review(&job, &value).await;

    let file = job.export("jsonl", "accepted").await;
    assert_eq!(job.export("jsonl", "accepted").await, file, "the same export twice is the same bytes");
    let exported = lines(&file);
    assert_eq!(exported.len(), total);
    let mut revisions = 0;
    for line in &exported {
        let text: Vec<char> = line["data"]["text"].as_str().unwrap().chars().collect();
        let spans = line["final"]["names"].as_array().unwrap_or_else(|| panic!("{line}"));
        assert_eq!(json!(spans), marks(line), "what was marked is what is exported");
        for span in spans {
            let (start, end) = (span["start"].as_u64().unwrap() as usize, span["end"].as_u64().unwrap() as usize);
            assert_eq!(text[start..end].iter().collect::<String>(), span["text"].as_str().unwrap());
        }
        revisions += line["annotations"].as_array().unwrap().len();
    }
    assert_eq!(revisions, total + 1, "both revisions of the reworked item");
    let whole = job.manager.get(&format!("/api/v1/items/{reworked}")).await.expect(200);
    assert_eq!(whole["annotations"][0]["verdicts"][0]["verdict"], "fail");

    let csv = String::from_utf8(job.export("csv", "all").await).unwrap();
    assert!(csv.lines().count() > total);
    let stats = job.manager.get(&format!("/api/v1/projects/{}/stats?by=person", job.project)).await.expect(200);
    assert_eq!((&stats["total"]["submitted"], &stats["total"]["rework"]), (&json!(total), &json!(1)), "{stats}");
    let own = people[2].get("/api/v1/me/stats").await.expect(200);
    assert!(own["total"]["submitted"].as_u64().unwrap() > 0, "an annotator sees their own: {own}");
    assert_eq!(people[2].get("/api/v1/stats/people").await.problem().0, 403, "and nobody else's");

    // The native file into an empty project gives the same data.
    let mut copy = body;
    copy["name"] = json!("副本");
    let copied = project(&people, copy).await;
    let all = job.export("jsonl", "all").await;
    let import = copied.import("?format=native&name=copy.jsonl", all.clone()).await;
    assert_eq!(
        (&import["state"], &import["added"], &import["rejected"]),
        (&json!("done"), &json!(total), &json!(0)),
        "{import}"
    );
    assert_eq!(by_key(&copied.export("jsonl", "all").await), by_key(&all));
}

/// Lines by key, without the ids that annotations get anew in an installation that has them already.
fn by_key(file: &[u8]) -> std::collections::BTreeMap<String, Value> {
    let plain = |mut line: Value| {
        let fields = line.as_object_mut().unwrap();
        fields.remove("final_annotation");
        for annotation in fields["annotations"].as_array_mut().unwrap() {
            annotation.as_object_mut().unwrap().remove("id");
        }
        (line["key"].as_str().unwrap().to_owned(), line)
    };
    lines(file).into_iter().map(plain).collect()
}

#[tokio::test]
async fn rest_journey_of_photographs() {
    let site = Site::new().await;
    let people = people(&site).await;
    let schema = json!({ "controls": [
        { "id": "things", "kind": "box", "labels": [{ "id": "dog" }, { "id": "car" }] },
        { "id": "outline", "kind": "polygon", "labels": [{ "id": "thing" }] },
    ] });
    let body = json!({ "name": "照片", "modality": "image", "schema": schema, "settings": { "review": "all" } });
    let job = project(&people, body).await;
    let mut form = reqwest::multipart::Form::new();
    for (name, content) in photographs() {
        form = form.part("files", reqwest::multipart::Part::bytes(content).file_name(name));
    }
    let path = format!("/api/v1/projects/{}/imports?format=images", job.project);
    let queued = Answer::of(job.manager.request("POST", &path).multipart(form)).await.expect(202);
    let import = job.imported(&queued).await;
    assert_eq!((&import["state"], &import["added"]), (&json!("done"), &json!(3)), "{import}");

    let shapes = |item: &Value| {
        let (w, h) =
            (item["data"]["image"]["width"].as_f64().unwrap(), item["data"]["image"]["height"].as_f64().unwrap());
        json!({
            "things": [{ "id": "b1", "label": "dog", "x": 10.25, "y": 20.5, "w": w / 2.0, "h": h / 3.0 }],
            "outline": [{ "id": "p1", "label": "thing", "points": [[1.0, 1.0], [w - 1.0, 2.0], [w / 2.0, h - 1.5]] }],
        })
    };
    assert_eq!(label(&job, &shapes).await, 3);
    review(&job, &shapes).await;

    for line in lines(&job.export("jsonl", "accepted").await) {
        let wanted = shapes(&line);
        let near = |got: &Value, wanted: &Value| (got.as_f64().unwrap() - wanted.as_f64().unwrap()).abs() <= 1.0;
        for side in ["x", "y", "w", "h"] {
            assert!(near(&line["final"]["things"][0][side], &wanted["things"][0][side]), "{line}");
        }
        for point in 0..3 {
            for axis in 0..2 {
                let at = |value: &Value| value["outline"][0]["points"][point][axis].clone();
                assert!(near(&at(&line["final"]), &at(&wanted)), "{line}");
            }
        }
    }
    let coco: Value = serde_json::from_slice(&job.export("coco", "accepted").await).unwrap();
    assert_eq!(coco["images"].as_array().unwrap().len(), 3);
    assert_eq!(coco["annotations"].as_array().unwrap().len(), 6);
    let boxed = coco["annotations"].as_array().unwrap().iter().find(|one| one["bbox"][0] == json!(10.25));
    assert!(boxed.is_some(), "{coco}");

    // Every photograph can be fetched, whole and small.
    let items = job.manager.get(&format!("/api/v1/projects/{}/items", job.project)).await.expect(200);
    for row in items["rows"].as_array().unwrap() {
        let url = row["data"]["image"]["url"].as_str().unwrap();
        let whole = job.manager.get(url).await;
        assert_eq!(whole.status, 200);
        let small = until(|| async {
            let small = job.manager.get(&format!("{url}?width=200")).await;
            (small.status == 200).then_some(small)
        })
        .await;
        assert!(small.body.len() <= whole.body.len());
    }
}
