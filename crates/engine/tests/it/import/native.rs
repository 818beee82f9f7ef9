//! What was exported comes back the same, and nothing that the rules forbid comes with it.

use super::{figures, items, pictures, problems, texts};
use domain::export::Only;
use domain::id::ProjectId;
use domain::item::ItemState;
use domain::project::{Modality, Settings};
use engine::testing::World;
use serde_json::{Value, json};

const INSPECTION: &str = "01930000-0000-7000-8000-0000000000a1";
const BATCH: &str = "01930000-0000-7000-8000-0000000000b1";

fn id(n: u32) -> String {
    format!("01930000-0000-7000-8000-{n:012}")
}

/// A label by this person, saying this.
fn label(n: u32, annotator: &str, revision: u32, mood: &str) -> Value {
    json!({
        "id": id(n), "revision": revision, "annotator": annotator, "kind": "label", "counted": true,
        "value": { "mood": [mood] }, "schema_version": 1, "guideline_version": 0,
        "active_ms": 1_500, "raw_ms": 4_000, "submitted_at": format!("2026-11-20T01:02:{:02}.000Z", n % 60),
        "verdicts": [],
    })
}

fn verdict(verdict: &str, reason: Option<&str>) -> Value {
    json!({
        "inspection": INSPECTION, "batch": BATCH, "reviewer": "rev", "verdict": verdict, "reason": reason,
        "comment": "请看第二句", "at": "2026-11-21T00:00:00.000Z",
    })
}

fn line(key: &str, state: &str, annotations: Vec<Value>, settled: Option<&str>) -> Value {
    json!({
        "terrace": 1, "key": key, "data": { "text": format!("正文 {key}") }, "meta": { "b": 1, "a": [null, 1.5] },
        "state": state, "annotations": annotations, "final": settled.map(|mood| json!({ "mood": [mood] })),
    })
}

/// An item in every state, with returned and reworked work, a late extra and a reviewer's own revision.
fn lines() -> Vec<Value> {
    let with = |mut annotation: Value, verdicts: Value| {
        annotation["verdicts"] = verdicts;
        annotation
    };
    let mut late = label(9, "bob", 1, "bad");
    late["counted"] = json!(false);
    let mut fix = label(12, "rev", 1, "bad");
    fix["kind"] = json!("fix");
    let mut void = line("void", "void", vec![], None);
    void["void_reason"] = json!("乱码");
    let mut accepted = line(
        "accepted",
        "accepted",
        vec![
            with(label(3, "ann", 1, "bad"), json!([verdict("fail", Some("wrong_label"))])),
            label(4, "ann", 2, "good"),
            late,
        ],
        Some("good"),
    );
    accepted["final_annotation"] = json!(id(4));
    let mut fixed = line(
        "fixed",
        "accepted",
        vec![with(label(11, "ann", 1, "good"), json!([verdict("fixed", None)])), fix],
        Some("bad"),
    );
    fixed["final_annotation"] = json!(id(12));
    vec![
        line("open", "open", vec![], None),
        line("labeled", "labeled", vec![label(1, "ann", 1, "good")], None),
        accepted,
        fixed,
        line("in review", "in_review", vec![label(5, "ann", 1, "good")], None),
        line(
            "returned",
            "rework",
            vec![with(label(6, "ann", 1, "good"), json!([verdict("fail", Some("missing"))]))],
            None,
        ),
        void,
    ]
}

fn bytes(lines: &[Value]) -> Vec<u8> {
    // The version comes first, as exports write it: that is what they are known by.
    let mut bytes = Vec::new();
    for line in lines {
        let mut line = line.clone();
        let version = line.as_object_mut().unwrap().remove("terrace").unwrap();
        bytes.extend(format!("{{\"terrace\":{version},{}\n", &line.to_string()[1..]).into_bytes());
    }
    bytes
}

async fn world() -> (World, ProjectId) {
    let world = World::new().await;
    let project = texts(&world).await;
    for name in ["ann", "bob"] {
        world.annotator(name, project).await;
    }
    world.reviewer("rev", project).await;
    (world, project)
}

#[tokio::test]
async fn export_import_export_is_the_same_to_the_byte() {
    let (world, project) = world().await;
    let lines = lines();
    let n = lines.len() as u64;
    let view = world.import(project, "a.jsonl", &bytes(&lines)).await;
    assert_eq!(view.format, "native");
    assert_eq!(figures(&view), [n, n, 0, 0], "{:?}", view.problems);
    let first = world.exported(project, "jsonl", Only::All).await;
    let told: Vec<Value> = first
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    assert_eq!(told, lines);
    let report = engine::check::run(&world.engine).await.unwrap();
    assert_eq!(report.breaches, Vec::<String>::new());

    // Into an empty installation: the same bytes, ids and all.
    let (other, empty) = self::world().await;
    assert_eq!(figures(&other.import(empty, "a.jsonl", &first).await), [n, n, 0, 0]);
    assert_eq!(other.exported(empty, "jsonl", Only::All).await, first);
    // A second time: all there already.
    assert_eq!(figures(&other.import(empty, "a.jsonl", &first).await), [n, 0, n, 0]);
    assert_eq!(other.exported(empty, "jsonl", Only::All).await, first);

    // Into another project of the same installation: the same but for the ids, which are taken.
    let beside = world.project("副本", Modality::Text, super::schema(Modality::Text), Settings::default()).await;
    assert_eq!(figures(&world.import(beside, "a.jsonl", &first).await), [n, n, 0, 0]);
    let copy = String::from_utf8(world.exported(beside, "jsonl", Only::All).await).unwrap();
    let mut copy: Vec<Value> = copy.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut original = told;
    for lines in [&mut copy, &mut original] {
        for line in lines {
            let named = line.get("final_annotation").cloned();
            let annotations = line["annotations"].as_array_mut().unwrap();
            let place = annotations.iter().position(|annotation| Some(&annotation["id"]) == named.as_ref());
            annotations.iter_mut().for_each(|annotation| annotation["id"] = json!("-"));
            line["final_annotation"] = json!(place);
        }
    }
    assert_eq!(copy, original);
    let report = engine::check::run(&world.engine).await.unwrap();
    assert_eq!(report.breaches, Vec::<String>::new());
}

#[tokio::test]
async fn states_and_counts_are_those_of_the_file() {
    let (world, project) = world().await;
    world.import(project, "a.jsonl", &bytes(&lines())).await;
    let boss = world.boss().await;
    let counts = engine::project::get(&boss, project).await.unwrap().summary.counts;
    assert_eq!(
        (counts.open, counts.labeled, counts.in_review, counts.rework, counts.accepted, counts.void),
        (1, 1, 1, 1, 2, 1)
    );
    let rows = items(&world, project).await;
    let returned = rows.iter().find(|row| row.item.state == ItemState::Rework).unwrap();
    let detail = engine::item::get(&boss, returned.item.id).await.unwrap();
    assert_eq!(detail.annotations[0].annotator, "ann");
    assert_eq!(detail.annotations[0].verdicts[0].reviewer, "rev");
    let in_review = rows.iter().find(|row| row.item.state == ItemState::InReview).unwrap();
    assert!(in_review.batch.is_some());
}

#[tokio::test]
async fn what_the_rules_forbid_is_told_and_the_rest_kept() {
    let (world, project) = world().await;
    let mut own = label(21, "ann", 1, "good");
    own["verdicts"] = json!([verdict("pass", None)]);
    own["verdicts"][0]["reviewer"] = json!("ann");
    let mut stranger = label(22, "nobody", 1, "good");
    stranger["annotator"] = json!("nobody");
    let mut timeless = label(23, "ann", 1, "good");
    timeless["active_ms"] = json!(5_000);
    let mut picture = line("picture", "open", vec![], None);
    picture["data"] = json!({ "image": { "name": "a.png", "width": 1, "height": 1, "sha256": "0".repeat(64) } });
    let lines = [
        line("own", "labeled", vec![own], None),
        line("stranger", "labeled", vec![stranger], None),
        line("value", "labeled", vec![label(24, "ann", 1, "furious")], None),
        line("twice", "labeled", vec![label(25, "ann", 1, "good"), label(26, "ann", 1, "bad")], None),
        line("nothing", "accepted", vec![], None),
        line("settled", "accepted", vec![label(27, "ann", 1, "good")], Some("furious")),
        line("timeless", "labeled", vec![timeless], None),
        picture,
        line("fine", "labeled", vec![label(28, "ann", 1, "good")], None),
    ];
    let view = world.import(project, "a.jsonl", &bytes(&lines)).await;
    assert_eq!(figures(&view), [9, 1, 0, 8]);
    insta::assert_snapshot!(problems(&view).join("\n"), @r"
    1 - native-own-work
    2 - native-person-unknown
    3 - native-value
    4 - native-twice
    5 - native-state
    6 - native-state
    7 - native-time
    8 - native-modality
    ");
    assert_eq!(items(&world, project).await[0].item.key, "fine");
    let report = engine::check::run(&world.engine).await.unwrap();
    assert_eq!(report.breaches, Vec::<String>::new());
}

#[tokio::test]
async fn later_schema_versions_are_restated() {
    let (world, project) = world().await;
    let mut late = label(31, "ann", 1, "good");
    late["schema_version"] = json!(3);
    let view = world.import(project, "a.jsonl", &bytes(&[line("a", "labeled", vec![late], None)])).await;
    assert_eq!(figures(&view), [1, 1, 0, 0], "{:?}", view.problems);
    let project = engine::project::get(&world.boss().await, project).await.unwrap();
    assert_eq!(project.schema_version, 3);
    assert_eq!(project.schema.controls.len(), 2);
    let report = engine::check::run(&world.engine).await.unwrap();
    assert_eq!(report.breaches, Vec::<String>::new());
}

#[tokio::test]
async fn pictures_come_back_where_their_files_are() {
    let world = World::new().await;
    let project = pictures(&world).await;
    world.images(project, &[("a.png", 12, 34)]).await;
    let first = world.exported(project, "jsonl", Only::All).await;
    let beside = world.project("副本", Modality::Image, super::schema(Modality::Image), Settings::default()).await;
    assert_eq!(figures(&world.import(beside, "a.jsonl", &first).await), [1, 1, 0, 0]);
    assert_eq!(world.exported(beside, "jsonl", Only::All).await, first);

    let (other, empty) = (World::new().await, "图像");
    let empty = other.project(empty, Modality::Image, super::schema(Modality::Image), Settings::default()).await;
    let view = other.import(empty, "a.jsonl", &first).await;
    assert_eq!(problems(&view), ["1 - native-image-missing"]);
}
