//! What leaves: the bytes, the losses, the sums.

use std::collections::BTreeSet;
use std::io::Write;

use domain::project::Modality;
use domain::schema::Schema;
use formats::manifest::{Manifest, Summed};
use formats::native::ExportItem;
use formats::{ImportOptions, Kind, all};
use serde_json::{Value, json};

use crate::support::{export, native, read, records, samples, schema};

fn text_schema() -> Schema {
    schema(
        json!({"controls": [
            {"id": "persons", "kind": "span", "labels": [{"id": "LOC"}, {"id": "ORG"}]},
            {"id": "tone", "kind": "choice", "multiple": true, "options": [{"id": "neutral"}, {"id": "good"}]},
            {"id": "text", "kind": "text"}
        ]}),
        Modality::Text,
    )
}

fn image_schema() -> Schema {
    schema(
        json!({"controls": [
            {"id": "scene", "kind": "choice", "options": [{"id": "street"}]},
            {"id": "objects", "kind": "box", "labels": [{"id": "person"}, {"id": "car"}]},
            {"id": "areas", "kind": "polygon", "labels": [{"id": "car"}]}
        ]}),
        Modality::Image,
    )
}

fn items(name: &str) -> Vec<ExportItem> {
    native(&std::fs::read(samples("native").join(name)).unwrap())
}

#[test]
fn native_lines_go_round_to_the_byte() {
    for (name, schema, modality) in
        [("text.jsonl", text_schema(), Modality::Text), ("image.jsonl", image_schema(), Modality::Image)]
    {
        let before = std::fs::read(samples("native").join(name)).unwrap();
        let (after, losses) = export("jsonl", &native(&before), &schema, modality);
        assert_eq!(String::from_utf8(after).unwrap(), String::from_utf8(before).unwrap());
        assert_eq!(losses, []);
    }
}

#[test]
fn every_export_is_the_same_twice() {
    for format in all().iter().filter(|format| format.kind == Kind::Export) {
        for (name, schema, modality) in
            [("text.jsonl", text_schema(), Modality::Text), ("image.jsonl", image_schema(), Modality::Image)]
        {
            let once = export(format.id, &items(name), &schema, modality);
            assert_eq!(once, export(format.id, &items(name), &schema, modality));
            let lost_whole =
                once.1.iter().any(|loss| loss.control.is_none() && loss.reason == formats::loss::Reason::Modality);
            assert_eq!(lost_whole, !format.modalities.contains(&modality), "{} of {name}", format.id);
        }
    }
}

#[test]
fn csv_of_texts() {
    let (bytes, losses) = export("csv", &items("text.jsonl"), &text_schema(), Modality::Text);
    assert!(bytes.starts_with("\u{feff}key,text,state,persons,tone,value.text,".as_bytes()));
    assert_eq!(losses, []);
    insta::assert_snapshot!(
        "csv_of_texts",
        String::from_utf8(bytes).unwrap().escape_debug().to_string().replace("\\r\\n", "\\r\\n\n")
    );
}

#[test]
fn csv_of_images() {
    let (bytes, losses) = export("csv", &items("image.jsonl"), &image_schema(), Modality::Image);
    assert_eq!(losses, []);
    insta::assert_snapshot!("csv_of_images", String::from_utf8(bytes).unwrap().replace('\r', ""));
}

#[test]
fn an_exported_table_can_be_imported() {
    let (bytes, _) = export("csv", &items("text.jsonl"), &text_schema(), Modality::Text);
    let options = ImportOptions { key_field: Some("key".to_owned()), ..ImportOptions::default() };
    let found = records(read("csv", &bytes, &options));
    let texts: Vec<_> = found.iter().map(|record| (record.key.as_deref(), record.text.as_str())).collect();
    assert_eq!(texts, [(Some("p-1"), "𠮷野家在贵阳"), (Some("p-2"), "'=SUM(A1)\r\n'quoted'\t"), (Some("p-3"), "损坏")]);
}

#[test]
fn coco_of_images() {
    let (bytes, losses) = export("coco", &items("image.jsonl"), &image_schema(), Modality::Image);
    let text = String::from_utf8(bytes).unwrap();
    let coco: Value = serde_json::from_str(&text).unwrap();
    for list in ["images", "annotations", "categories"] {
        let ids: Vec<u64> = coco[list].as_array().unwrap().iter().map(|entry| entry["id"].as_u64().unwrap()).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
        assert!(ids.iter().all(|&id| id > 0));
    }
    for annotation in coco["annotations"].as_array().unwrap() {
        assert!(coco["images"].as_array().unwrap().iter().any(|image| image["id"] == annotation["image_id"]));
        assert!(
            coco["categories"].as_array().unwrap().iter().any(|category| category["id"] == annotation["category_id"])
        );
    }
    let losses: Vec<String> =
        losses.iter().map(|loss| format!("{} {}\n  {}", loss.key, loss.words().zh, loss.words().en)).collect();
    insta::assert_snapshot!("coco_of_images", format!("{text}---\n{}", losses.join("\n")));
}

#[test]
fn coco_of_every_shape() {
    let json = json!({"controls": [
        {"id": "turned", "kind": "rotated_box", "labels": [{"id": "car"}]},
        {"id": "round", "kind": "ellipse", "labels": [{"id": "wheel"}]},
        {"id": "area", "kind": "polygon", "labels": [{"id": "yard"}]},
        {"id": "way", "kind": "polyline", "labels": [{"id": "road"}]},
        {"id": "pose", "kind": "skeleton", "labels": [{"id": "cow"}], "points": ["nose", "ear", "tail"], "edges": [["nose", "tail"]]},
        {"id": "cover", "kind": "mask", "labels": [{"id": "roof"}]}
    ]});
    let schema = schema(json, Modality::Image);
    let mut item = items("image.jsonl").remove(0);
    let formats::native::ExportData::Image(image) = &mut item.data else { panic!("an image") };
    (image.width, image.height) = (10, 8);
    item.settled = json!({
        "turned": [{"id": "a", "label": "car", "cx": 5, "cy": 4, "w": 4, "h": 2, "angle": 90}],
        "round": [{"id": "b", "label": "wheel", "cx": 5, "cy": 4, "rx": 2, "ry": 2}],
        "area": [{"id": "c", "label": "yard", "points": [[0, 0], [6, 0], [6, 6], [0, 6]], "holes": [[[2, 2], [4, 2], [4, 4], [2, 4]]]}],
        "way": [{"id": "d", "label": "road", "points": [[0, 0], [6, 0]]}],
        "pose": [{"id": "e", "label": "cow", "points": [
            {"name": "tail", "state": "absent"}, {"name": "nose", "x": 1, "y": 2}, {"name": "ear", "x": 3, "y": 5, "state": "occluded"}]}],
        "cover": [
            {"id": "f", "label": "roof", "size": [8, 10], "counts": [3, 2, 75]},
            {"id": "g", "label": "roof", "size": [8, 9], "counts": [3, 2, 67]}]
    })
    .as_object()
    .cloned();
    let (bytes, losses) = export("coco", &[item], &schema, Modality::Image);
    let coco: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(coco["categories"].as_array().unwrap().len(), 5, "lines have no place in COCO");
    assert_eq!(coco["categories"][3]["keypoints"], json!(["nose", "ear", "tail"]));
    assert_eq!(coco["categories"][3]["skeleton"], json!([[1, 3]]));
    let [car, wheel, yard, cow, roof] = coco["annotations"].as_array().unwrap().as_slice() else { panic!("five") };
    assert_eq!((&car["bbox"], &car["area"]), (&json!([4.0, 2.0, 2.0, 4.0]), &json!(8.0)));
    assert_eq!(car["segmentation"], json!([[6.0, 2.0, 6.0, 6.0, 4.0, 6.0, 4.0, 2.0]]));
    assert_eq!(wheel["bbox"], json!([3.0, 2.0, 4.0, 4.0]));
    assert!(wheel["segmentation"][0].as_array().unwrap().len() >= 16);
    assert_eq!(yard["area"], json!(32.0));
    let mask: domain::geometry::Mask = serde_json::from_value(yard["segmentation"].clone()).unwrap();
    assert_eq!((mask.area(), mask.has(1, 1), mask.has(3, 3), yard["iscrowd"].as_u64()), (32, true, false, Some(0)));
    assert_eq!(cow["keypoints"], json!([1.0, 2.0, 2.0, 3.0, 5.0, 1.0, 0.0, 0.0, 0.0]));
    assert_eq!((&cow["num_keypoints"], &cow["bbox"]), (&json!(2), &json!([1.0, 2.0, 2.0, 3.0])));
    assert_eq!(roof["segmentation"], json!({"size": [8, 10], "counts": "32[2"}));
    assert_eq!((&roof["bbox"], &roof["area"]), (&json!([0.0, 3.0, 1.0, 2.0]), &json!(2.0)));
    let told: Vec<String> =
        losses.iter().map(|loss| format!("{} {:?}", loss.control.as_deref().unwrap(), loss.reason)).collect();
    assert_eq!(told, ["way Kind", "cover Value"]);
}

#[test]
fn what_a_format_cannot_carry_is_told() {
    let mut item = items("image.jsonl").remove(0);
    item.settled = json!({
        "objects": [{"id": "a", "label": "bicycle", "x": 1.0, "y": 1.0, "w": 1.0, "h": 1.0}, {"id": "b", "label": "car", "x": "1"}],
        "areas": [{"id": "c", "label": "car", "points": [[0.0, 0.0], [1.0, 1.0]]}],
        "gone": ["x"]
    })
    .as_object()
    .cloned();
    let (_, losses) = export("coco", &[item.clone()], &image_schema(), Modality::Image);
    let told: Vec<String> =
        losses.iter().map(|loss| format!("{} {:?}", loss.control.as_deref().unwrap(), loss.reason)).collect();
    assert_eq!(told, ["objects NotInSchema", "objects Value", "areas Value", "gone NotInSchema"]);
    let (_, losses) = export("csv", &[item], &image_schema(), Modality::Image);
    let told: Vec<String> =
        losses.iter().map(|loss| format!("{} {:?}", loss.control.as_deref().unwrap(), loss.reason)).collect();
    assert_eq!(told, ["gone NotInSchema"]);
}

#[test]
fn an_empty_export_is_whole() {
    let (bytes, _) = export("coco", &[], &image_schema(), Modality::Image);
    let coco: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!((coco["images"].as_array().unwrap().len(), coco["annotations"].as_array().unwrap().len()), (0, 0));
    assert_eq!(export("jsonl", &[], &image_schema(), Modality::Image).0, b"");
}

#[test]
fn the_manifest_tells_sums_and_counts() {
    let items = items("text.jsonl");
    let (bytes, losses) = export("jsonl", &items, &text_schema(), Modality::Text);
    let mut summed = Summed::new(Vec::new());
    summed.write_all(&bytes).unwrap();
    let (kept, sum) = summed.finish("export.jsonl");
    assert_eq!(kept, bytes);
    let mut manifest = Manifest::new("贵阳", "jsonl", "all");
    for item in &items {
        manifest.count(item, losses.len());
    }
    manifest.add(sum);
    let (_, empty) = Summed::new(std::io::sink()).finish("a-empty.jsonl");
    manifest.add(empty);
    let mut text = Vec::new();
    manifest.write(&mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    assert!(text.contains("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"), "SHA-256 of nothing");
    assert_eq!(serde_json::from_str::<Manifest>(&text).unwrap(), manifest);
    insta::assert_snapshot!("manifest", text);
}
