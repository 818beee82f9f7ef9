//! Input that is wrong, hostile or merely unusual: each refused with a code of its own, nothing half-written left.

use std::io::Write;

use serde_json::{Value, json};

use crate::support::{Job, Site};

const ONE: &str = "{\"id\": \"a\", \"text\": \"𠮷野家在贵阳👨‍👩‍👧开业\"}\n";

/// A value that fits [`ONE`], with these spans.
fn spans(job: &Job, spans: Value) -> Value {
    json!({ "value": { "mood": ["pos"], "names": spans }, "schema_version": job.schema_version })
}

#[tokio::test]
async fn a_value_that_breaks_the_schema_says_where_and_leaves_the_claim_as_it_was() {
    let site = Site::new().await;
    let job = Job::texts(&site, 1, json!({}), ONE).await;
    let claim = job.claim(0).await;
    let path = format!("/api/v1/claims/{}/submit", claim["id"].as_str().unwrap());
    let span = |label: &str, start: i64, end: i64, text: &str| json!([{ "id": "s1", "label": label, "start": start, "end": end, "text": text }]);
    for (what, body) in [
        ("unknown label", spans(&job, span("DOG", 0, 2, "𠮷野"))),
        ("outside the text", spans(&job, span("PER", 0, 200, "𠮷野"))),
        ("begins before it", spans(&job, span("PER", -1, 2, "𠮷野"))),
        ("empty", spans(&job, span("PER", 2, 2, ""))),
        ("text does not match", spans(&job, span("PER", 0, 2, "吉野"))),
        ("counted in UTF-16", spans(&job, span("PER", 0, 3, "𠮷野"))),
        ("not a list", spans(&job, json!("PER"))),
        ("unknown control", json!({ "value": { "mood": ["pos"], "colour": 1 }, "schema_version": job.schema_version })),
        ("unknown option", json!({ "value": { "mood": ["so-so"] }, "schema_version": job.schema_version })),
        ("two of one", json!({ "value": { "mood": ["pos", "neg"] }, "schema_version": job.schema_version })),
        ("required missing", json!({ "value": {}, "schema_version": job.schema_version })),
    ] {
        let answer = job.annotators[0].post(&path, body).await;
        assert_eq!(answer.problem(), (422, "invalid".to_owned()), "{what}");
        assert!(!answer.places().is_empty(), "{what}");
    }
    for body in ["{\"value\": {\"mood\": NaN}}", "{\"value\": {\"mood\": 1e999}, \"schema_version\": 1}"] {
        let answer = job.annotators[0].send("POST", &path, "application/json", body).await;
        assert_eq!(answer.problem(), (400, "malformed-json".to_owned()), "{body}");
    }
    let stale = json!({ "value": { "mood": ["so-so"] }, "schema_version": 99 });
    assert_eq!(job.annotators[0].post(&path, stale).await.problem(), (409, "schema-outdated".to_owned()));

    // 𠮷 is one scalar value, the family five: 0..2 is 𠮷野, 6..11 the family.
    let good = json!([
        { "id": "s1", "label": "PER", "start": 0, "end": 2, "text": "𠮷野" },
        { "id": "s2", "label": "LOC", "start": 6, "end": 11, "text": "👨‍👩‍👧" },
    ]);
    let kept = job.submit(0, &claim, spans(&job, good.clone())).await;
    assert_eq!(kept["value"]["names"], good);
}

#[tokio::test]
async fn a_box_outside_the_image_is_refused() {
    let site = Site::new().await;
    let schema = json!({ "controls": [{ "id": "things", "kind": "box", "labels": [{ "id": "dog" }] }] });
    let job = Job::new(&site, "image", schema, 1, json!({})).await;
    let import = job.import("?format=images&name=dog.png", png(40, 30)).await;
    assert_eq!(import["added"], 1, "{import}");
    let claim = job.claim(0).await;
    let path = format!("/api/v1/claims/{}/submit", claim["id"].as_str().unwrap());
    let thing = |x: f64, y: f64, w: f64, h: f64| {
        let shape = json!([{ "id": "b1", "label": "dog", "x": x, "y": y, "w": w, "h": h }]);
        json!({ "value": { "things": shape }, "schema_version": job.schema_version })
    };
    for (x, y, w, h) in [(30.0, 0.0, 20.0, 5.0), (-1.0, 0.0, 5.0, 5.0), (0.0, 28.0, 5.0, 5.0), (1.0, 1.0, 0.0, 5.0)] {
        let answer = job.annotators[0].post(&path, thing(x, y, w, h)).await;
        assert_eq!(answer.problem(), (422, "invalid".to_owned()), "{x} {y} {w} {h}");
    }
    job.annotators[0].post(&path, thing(1.5, 2.0, 38.5, 28.0)).await.expect(201);
}

#[tokio::test]
async fn ids_of_another_project_or_of_nothing_are_not_found() {
    let site = Site::new().await;
    let mine = Job::texts(&site, 1, json!({}), ONE).await;
    let claim = mine.claim(0).await;
    let other = site.token("olga", domain::account::PlatformRole::Manager).await;
    let body = json!({ "name": "Another", "modality": "text" });
    other.post("/api/v1/projects", body).await.expect(201);
    let project = &mine.project;
    for path in [
        format!("/api/v1/projects/{project}"),
        format!("/api/v1/projects/{project}/items"),
        format!("/api/v1/items/{}", claim["item"]["id"].as_str().unwrap()),
    ] {
        assert_eq!(other.get(&path).await.problem().0, 404, "{path}");
    }
    let nothing = "01900000-0000-7000-8000-00000000abcd";
    for noun in ["projects", "items", "imports", "exports", "batches", "inspections"] {
        let answer = site.operator().await.get(&format!("/api/v1/{noun}/{nothing}")).await;
        assert_eq!(answer.problem().0, 404, "{noun}");
    }
}

#[tokio::test]
async fn bad_lines_are_reported_by_number_and_good_ones_kept() {
    let site = Site::new().await;
    let job = Job::texts(&site, 1, json!({}), ONE).await;
    let mut lines: Vec<u8> = Vec::new();
    lines.extend(b"{\"id\": \"b\", \"text\": \"good\"}\n");
    lines.extend(b"{\"id\": \"c\", \"text\": \n");
    lines.extend(b"{\"id\": \"d\"}\n");
    lines.extend(b"{\"id\": \"e\", \"text\": \"\xff\xfe\xff\"}\n");
    lines.extend(b"{\"id\": \"a\", \"text\": \"the key is taken\"}\n");
    lines.extend(b"{\"id\": \"f\", \"text\": \"good too\"}\n");
    let import = job.import("?format=jsonl&encoding=utf-8&name=lines.jsonl", lines).await;
    assert_eq!(import["state"], "done", "{import}");
    assert_eq!(
        (&import["added"], &import["duplicates"], &import["rejected"]),
        (&json!(2), &json!(1), &json!(3)),
        "{import}"
    );
    let numbers: Vec<&Value> = import["problems"].as_array().unwrap().iter().map(|problem| &problem["line"]).collect();
    for line in [2, 3, 4] {
        assert!(numbers.contains(&&json!(line)), "line {line}: {import}");
    }
    let csv = job.manager.get(&format!("/api/v1/imports/{}/problems", import["id"].as_str().unwrap())).await;
    assert_eq!(csv.status, 200);
    assert!(csv.header("content-type").starts_with("text/csv"));
    assert!(csv.text().lines().count() >= 4, "{}", csv.text());
}

#[tokio::test]
async fn a_table_without_its_column_a_huge_line_and_an_unknown_format_are_refused() {
    let site = Site::new().await;
    let job = Job::texts(&site, 1, json!({}), ONE).await;
    let import = job.import("?format=csv&name=table.csv", b"id,body\n1,hello\n".to_vec()).await;
    assert_eq!((&import["state"], &import["added"]), (&json!("failed"), &json!(0)), "{import}");
    assert!(import["error"]["en"].as_str().unwrap().contains("text"), "{import}");

    let mut huge = b"{\"id\": \"big\", \"text\": \"".to_vec();
    huge.extend(std::iter::repeat_n(b'x', 9 << 20));
    huge.extend(b"\"}\n{\"id\": \"small\", \"text\": \"kept\"}\n");
    let import = job.import("?format=jsonl&name=huge.jsonl", huge).await;
    assert_eq!((&import["added"], &import["rejected"]), (&json!(1), &json!(1)), "{import}");

    let path = format!("/api/v1/projects/{}/imports?format=docx", job.project);
    let answer = job.manager.send("POST", &path, "application/octet-stream", "x").await;
    assert!(matches!(answer.problem().0, 415 | 422), "{}", answer.text());
    assert!(matches!(
        job.manager
            .send(
                "POST",
                &format!("/api/v1/projects/{}/imports?encoding=klingon&format=txt", job.project),
                "text/plain",
                "x"
            )
            .await
            .problem()
            .0,
        415 | 422
    ));
}

#[tokio::test]
async fn hostile_archives_and_images_are_refused_and_the_good_ones_kept() {
    let site = Site::new().await;
    let schema = json!({ "controls": [{ "id": "things", "kind": "box", "labels": [{ "id": "dog" }] }] });
    let job = Job::new(&site, "image", schema, 1, json!({})).await;
    let archive = zip(&[
        ("../escape.png", &png(8, 8), true),
        ("/absolute.png", &png(9, 9), true),
        ("bomb.png", &vec![0; 40 << 20], true),
        ("vast.png", &vast_png(), false),
        ("text.png", b"this is no image", false),
        ("cut.png", &png(64, 64)[..60], false),
        ("good/dog.png", &png(40, 30), true),
    ]);
    let import = job.import("?format=images&name=pictures.zip", archive).await;
    assert_eq!(import["state"], "done", "{import}");
    let items = job.manager.get(&format!("/api/v1/projects/{}/items", job.project)).await.expect(200);
    let rows = items["rows"].as_array().unwrap();
    let good = rows.iter().find(|row| row["data"]["image"]["width"] == 40).unwrap_or_else(|| panic!("{items}"));
    assert_eq!(good["data"]["image"]["height"], 30);
    assert!(rows.iter().all(|row| !row["key"].as_str().unwrap().contains("..")), "{items}");
    let text = import["problems"].to_string();
    for name in ["escape.png", "bomb.png", "vast.png", "text.png", "cut.png"] {
        assert!(text.contains(name), "{name}: {import}");
    }
    for row in rows {
        let image = job.manager.get(row["data"]["image"]["url"].as_str().unwrap()).await;
        assert_eq!(image.status, 200);
        assert!(image.header("content-type").starts_with("image/"));
    }
}

#[tokio::test]
async fn a_name_or_text_is_never_live_markup() {
    let site = Site::new().await;
    let job = Job::texts(&site, 0, json!({}), "{\"id\": \"x\", \"text\": \"<script>alert(1)</script>\"}\n").await;
    let change =
        json!({ "guideline": "# Hi\n<script>alert(1)</script><img src=x onerror=alert(1)>[x](javascript:alert(1))" });
    job.manager.patch(&format!("/api/v1/projects/{}", job.project), change).await.expect(200);
    let ann = site.cookie("ann").await;
    let html =
        ann.call("preview_markdown", json!({ "text": "<script>alert(1)</script>[x](javascript:alert(1))" })).await;
    let html = html.expect(200).to_string().to_lowercase();
    assert!(!html.contains("<script") && !html.contains("href"), "{html}");
    let answer = job.manager.get(&format!("/api/v1/projects/{}/items", job.project)).await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
}

/// A picture of this size.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut file = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, (x ^ y) as u8]));
    picture.write_to(&mut file, image::ImageFormat::Png).unwrap();
    file.into_inner()
}

/// A picture that says it has 60,000 × 60,000 pixels and holds 2 kB.
fn vast_png() -> Vec<u8> {
    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0_u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
        })
    }
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8], data: &[u8]| {
        file.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        let body = [kind, data].concat();
        file.extend(&body);
        file.extend(crc(&body).to_be_bytes());
    };
    let size = 60_000_u32.to_be_bytes();
    chunk(b"IHDR", &[&size[..], &size[..], &[8, 2, 0, 0, 0]].concat());
    chunk(b"IDAT", &[0x78; 2_000]);
    chunk(b"IEND", b"");
    file
}

/// An archive of these files: name, content, whether compressed.
fn zip(files: &[(&str, &[u8], bool)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content, small) in files {
        let method = if *small { zip::CompressionMethod::Deflated } else { zip::CompressionMethod::Stored };
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        archive.start_file(*name, options).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}
