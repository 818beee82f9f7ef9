//! Texts in every format and encoding; bad ones are told, good ones are kept, none is changed.

use super::{figures, items, problems, read, texts};
use domain::import::{ImportOptions, JobState};
use engine::testing::World;
use serde_json::json;

async fn check(name: &str, bytes: &[u8], expected: &[(&str, &str)]) {
    let world = World::new().await;
    let project = texts(&world).await;
    let view = world.import(project, name, bytes).await;
    let n = u64::try_from(expected.len()).unwrap();
    assert_eq!(figures(&view), [n, n, 0, 0], "{name}: {:?}", view.problems);
    assert_eq!((view.bytes_done, view.bytes_total), (bytes.len() as u64, bytes.len() as u64), "{name}");
    let found = read(&world, project).await;
    let found: Vec<(&str, &str)> = found.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
    assert_eq!(found, expected, "{name}");
}

#[tokio::test]
async fn every_format_becomes_items() {
    let lines = "{\"id\": \"a\", \"text\": \"𠮷野家在贵阳👨🏻‍🚒\"}\n\n{\"text\": \"二\", \"id\": 7}\n{\"text\": \"三\"}\n";
    let expected = [("a", "𠮷野家在贵阳👨🏻‍🚒"), ("7", "二"), ("#000003", "三")];
    check("语料.jsonl", lines.as_bytes(), &expected).await;
    check(
        "a.csv",
        "id,text,来源\r\nx,\"一,\"\"二\"\"\",微博\r\ny,三,\r\n".as_bytes(),
        &[("x", "一,\"二\""), ("y", "三")],
    )
    .await;
    check("a.tsv", "text\tid\n一\tx\n".as_bytes(), &[("x", "一")]).await;
    check("a.txt", " 第一行 \n\n第二行".as_bytes(), &[("#000001", " 第一行 "), ("#000002", "第二行")]).await;
}

#[tokio::test]
async fn encodings_are_detected() {
    let text = "贵州省大数据发展管理局组织开展数据标注工作，培育标注人员。\n黔东南苗族侗族自治州的孩子们在学校里读书。";
    let lines: Vec<&str> = text.lines().collect();
    let expected = [("#000001", lines[0]), ("#000002", lines[1])];
    let (gbk, _, _) = encoding_rs::GB18030.encode(text);
    check("gbk.txt", &gbk, &expected).await;
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    check("utf16.txt", &utf16, &expected).await;

    let traditional = "臺北的圖書館裡有許多關於貴州的書籍，這個說明需要進一步確認。";
    let (big5, _, _) = encoding_rs::BIG5.encode(traditional);
    check("big5.txt", &big5, &[("#000001", traditional)]).await;
}

#[tokio::test]
async fn an_encoding_may_be_told_and_the_found_one_is_shown() {
    let world = World::new().await;
    let project = texts(&world).await;
    let (gbk, _, _) = encoding_rs::GBK.encode("贵阳");
    let options = ImportOptions { encoding: Some("gb18030".into()), format: Some("txt".into()), ..Default::default() };
    let queued = world.upload_as(project, options, &gbk).await.unwrap();
    assert_eq!(queued.state, JobState::Queued);
    let view = world.imported(queued.id).await;
    assert_eq!((view.encoding.as_deref(), view.name.as_str()), (Some("gb18030"), "txt"));
    assert_eq!(read(&world, project).await, [("#000001".to_owned(), "贵阳".to_owned())]);
}

#[tokio::test]
async fn fields_may_be_named_and_the_rest_is_kept_as_metadata() {
    let world = World::new().await;
    let project = texts(&world).await;
    let options = ImportOptions {
        name: Some("a.jsonl".into()),
        text_field: Some("正文".into()),
        key_field: Some("编号".into()),
        ..Default::default()
    };
    let line = json!({ "编号": "K1", "正文": "一", "meta": { "源": "微博" }, "赞": 3 });
    let queued = world.upload_as(project, options, line.to_string().as_bytes()).await.unwrap();
    assert_eq!(figures(&world.imported(queued.id).await), [1, 1, 0, 0]);
    let item = items(&world, project).await.remove(0).item;
    assert_eq!((item.key.as_str(), item.data.text()), ("K1", Some("一")));
    assert_eq!(serde_json::Value::from(item.meta), json!({ "源": "微博", "赞": 3 }));
}

#[tokio::test]
async fn a_whole_file_may_be_one_item() {
    let world = World::new().await;
    let project = texts(&world).await;
    let options = ImportOptions { whole_file: true, ..Default::default() };
    let mut upload = engine::import::begin(&world.boss().await, project, options).await.unwrap();
    for (name, text) in [("一.txt", "甲\n乙\n"), ("二.txt", "丙")] {
        upload.next_file(name).await.unwrap();
        upload.write(text.as_bytes()).await.unwrap();
    }
    let queued = upload.finish().await.unwrap();
    assert_eq!((queued.name.as_str(), queued.format.as_str()), ("一.txt (+1)", "txt"));
    assert_eq!(figures(&world.imported(queued.id).await), [2, 2, 0, 0]);
    let expected = [("一.txt", "甲\n乙\n"), ("二.txt", "丙")].map(|(k, t)| (k.to_owned(), t.to_owned()));
    assert_eq!(read(&world, project).await, expected);
}

#[tokio::test]
async fn bad_lines_are_told_and_good_ones_kept() {
    let limits = engine::Limits { line_bytes: 200, text_chars: 50, ..engine::Limits::default() };
    let world = World::with_limits(limits).await;
    let project = texts(&world).await;
    let mut bytes =
        b"{\"text\": \"good\"}\nnot json\n[1]\n{\"id\": \"x\"}\n{\"text\": 5}\n{\"text\": \"  \"}\n".to_vec();
    bytes.extend(b"{\"text\": \"broken \xff\xfe utf-8\"}\n");
    // A line without an end in sight: nothing of it beyond the limit is held.
    bytes.extend(b"{\"text\": \"");
    bytes.extend(std::iter::repeat_n(b'a', 3_000_000));
    bytes.extend(b"\"}\n");
    bytes.extend(format!("{{\"text\": \"{}\"}}\n", "长".repeat(51)).into_bytes());
    bytes.extend("{\"text\": \"也好\"}\n".as_bytes());
    let view = world.import(project, "a.jsonl", &bytes).await;
    assert_eq!(figures(&view), [10, 2, 0, 8]);
    insta::assert_snapshot!(problems(&view).join("\n"), @r"
    2 - json-invalid
    3 - json-not-object
    4 - text-missing
    5 - text-wrong-type
    6 - text-empty
    7 - encoding-invalid
    8 - line-too-long
    9 - text-too-long
    ");
    let found = read(&world, project).await;
    assert_eq!(found.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(), ["good", "也好"]);

    let table = engine::import::problems_csv(&world.boss().await, view.id).await.unwrap();
    assert!(table.starts_with('\u{FEFF}'));
    assert_eq!(table.lines().count(), 9, "{table}");
    assert!(table.contains("not json"), "{table}");
}

#[tokio::test]
async fn a_table_without_the_column_is_refused_as_a_whole() {
    let world = World::new().await;
    let project = texts(&world).await;
    let view = world.import(project, "a.csv", b"id,body\n1,hello\n").await;
    assert_eq!(view.state, JobState::Failed);
    assert_eq!((view.read, view.added, view.rejected), (0, 0, 1));
    let words = view.error.clone().unwrap();
    assert!(words.zh.contains("text") && words.en.contains("body"), "{words:?}");
    assert_eq!(problems(&view).len(), 1);
    assert!(items(&world, project).await.is_empty());
}

#[tokio::test]
async fn the_same_key_or_content_is_not_added_twice() {
    let world = World::new().await;
    let project = texts(&world).await;
    let lines = b"{\"id\": \"a\", \"text\": \"one\"}\n{\"id\": \"a\", \"text\": \"other\"}\n{\"id\": \"b\", \"text\": \"one\"}\n";
    assert_eq!(figures(&world.import(project, "a.jsonl", lines).await), [3, 1, 2, 0]);
    assert_eq!(figures(&world.import(project, "again.jsonl", lines).await), [3, 0, 3, 0]);
    let keys: Vec<String> = read(&world, project).await.into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys, ["a"]);
}

#[tokio::test]
async fn made_keys_keep_out_of_the_way_of_given_ones() {
    let world = World::new().await;
    let project = texts(&world).await;
    let lines = b"{\"id\": \"#000002\", \"text\": \"one\"}\n{\"text\": \"two\"}\n";
    assert_eq!(figures(&world.import(project, "a.jsonl", lines).await), [2, 2, 0, 0]);
    let found = read(&world, project).await;
    assert!(found[1].0.starts_with("#000002-"), "{found:?}");
    assert_eq!(found[1].1, "two");
}

#[tokio::test]
async fn published_texts_come_in_whole() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/text");
    let (Ok(posts), Ok(plan)) =
        (std::fs::read(folder.join("weibo_ner.jsonl")), std::fs::read(folder.join("guizhou_plan_2026.txt")))
    else {
        return;
    };
    let world = World::new().await;
    let project = texts(&world).await;
    let view = world.import(project, "weibo_ner.jsonl", &posts).await;
    assert_eq!((view.read, view.rejected), (270, 0), "{:?}", view.problems);
    assert_eq!(view.added + view.duplicates, 270);
    let view = world.import(project, "guizhou_plan_2026.txt", &plan).await;
    assert_eq!(figures(&view), [35, 35, 0, 0]);
    let report = engine::check::run(&world.engine).await.unwrap();
    assert_eq!(report.breaches, Vec::<String>::new());
}
