//! Every import format over its golden samples: what comes out is a reviewed snapshot.

use formats::native::Reader;
use formats::{Entry, ImportOptions, Kind, Split, all};

use crate::support::{read, reader, records, sample_files, samples, show, show_problem};

fn snapshot_all(format: &str) {
    for file in sample_files(format) {
        let bytes = std::fs::read(&file).unwrap();
        let found = reader(format, &bytes, &ImportOptions::default());
        let mut text = format!("encoding {}\n", found.encoding().label());
        for entry in found {
            text.push_str(&show(&entry.unwrap()));
            text.push('\n');
        }
        insta::assert_snapshot!(format!("{format}/{}", file.file_name().unwrap().to_str().unwrap()), text);
    }
}

#[test]
fn every_import_format_has_samples() {
    for format in all().iter().filter(|format| format.kind == Kind::Import) {
        assert!(!sample_files(format.id).is_empty(), "{}", format.id);
    }
}

#[test]
fn jsonl() {
    snapshot_all("jsonl");
}

#[test]
fn csv() {
    snapshot_all("csv");
}

#[test]
fn tsv() {
    snapshot_all("tsv");
}

#[test]
fn txt() {
    snapshot_all("txt");
}

#[test]
fn native() {
    for file in sample_files("native") {
        let bytes = std::fs::read(&file).unwrap();
        let mut text = String::new();
        for entry in Reader::new(bytes.as_slice(), &ImportOptions::default()).unwrap() {
            match entry.unwrap() {
                Entry::Record(numbered) => {
                    let item = numbered.item;
                    let state = item.state.code();
                    text.push_str(&format!(
                        "{:>3} {:?} {state}, {} annotations\n",
                        numbered.line,
                        item.key,
                        item.annotations.len()
                    ));
                }
                Entry::Problem(problem) => text.push_str(&format!("{}\n", show_problem(&problem))),
            }
        }
        insta::assert_snapshot!(format!("native/{}", file.file_name().unwrap().to_str().unwrap()), text);
    }
}

#[test]
fn one_text_in_every_encoding_is_one_text() {
    let whole = std::fs::read(samples("jsonl").join("good.jsonl")).unwrap();
    let expected = records(read("jsonl", &whole, &ImportOptions::default()));
    assert_eq!(expected.len(), 4);
    assert_eq!(expected[0].text, "𠮷野家在贵阳");
    for name in ["bom-crlf", "gb18030", "utf-16be-no-mark", "utf-16le"] {
        let bytes = std::fs::read(samples("jsonl").join(format!("{name}.jsonl"))).unwrap();
        assert_eq!(records(read("jsonl", &bytes, &ImportOptions::default())), expected, "{name}");
    }
}

#[test]
fn fields_and_columns_can_be_named() {
    let options = ImportOptions {
        text_field: Some("正文".to_owned()),
        key_field: Some("编号".to_owned()),
        ..ImportOptions::default()
    };
    let found = records(read("jsonl", "{\"编号\":7,\"正文\":\"贵阳\",\"text\":\"other\"}".as_bytes(), &options));
    assert_eq!((found[0].key.as_deref(), found[0].text.as_str()), (Some("7"), "贵阳"));
    assert_eq!(found[0].meta["text"], "other");
    let found = records(read("csv", "编号, 正文 ,text\n7,贵阳,other\n".as_bytes(), &options));
    assert_eq!((found[0].key.as_deref(), found[0].text.as_str()), (Some("7"), "贵阳"));
    assert_eq!(found[0].meta["text"], "other");
    let found = read("csv", "正文,text\n贵阳,other\n".as_bytes(), &options);
    assert!(
        matches!(found.as_slice(), [Entry::Problem(problem)] if problem.code == "column-missing" && problem.is_whole())
    );
}

#[test]
fn an_encoding_can_be_overruled() {
    let bytes = encoding_rs_big5();
    let told = ImportOptions { encoding: formats::Encoding::by_label("big5"), ..ImportOptions::default() };
    assert_eq!(records(read("txt", &bytes, &told))[0].text, "中");
    let wrong = ImportOptions { encoding: formats::Encoding::by_label("utf-8"), ..ImportOptions::default() };
    let found = read("txt", &bytes, &wrong);
    assert!(matches!(found.as_slice(), [Entry::Problem(problem)] if problem.code == "encoding-invalid"));
}

/// 中 in Big5, which is another character in GBK.
fn encoding_rs_big5() -> Vec<u8> {
    vec![0xa4, 0xa4]
}

#[test]
fn a_file_can_be_one_item() {
    let options = ImportOptions { split: Split::File, name: Some("甲.txt".to_owned()), ..ImportOptions::default() };
    let text = "\u{feff}第一行\r\n\r\n  第二行\n";
    let found = records(read("txt", text.as_bytes(), &options));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].key.as_deref(), Some("甲.txt"));
    assert_eq!(found[0].text, "第一行\r\n\r\n  第二行\n");
    for (bytes, code, line) in
        [(&b"good\n\nb\xffd\n"[..], "encoding-invalid", 3), (b" \n", "text-empty", 1), (b"a\0", "nul-character", 1)]
    {
        let found = read("txt", bytes, &ImportOptions { encoding: Some(formats::Encoding::Utf8), ..options.clone() });
        let [Entry::Problem(problem)] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((problem.code, problem.line, problem.name.as_deref()), (code, Some(line), Some("甲.txt")));
    }
    let mut short = options.clone();
    short.limits.text_chars = 3;
    assert!(
        matches!(read("txt", "一二三四".as_bytes(), &short).as_slice(), [Entry::Problem(p)] if p.code == "text-too-long")
    );
    assert!(matches!(read("txt", "一二三".as_bytes(), &short).as_slice(), [Entry::Record(_)]));
}

#[test]
fn an_interrupted_import_goes_on_where_it_was() {
    for format in ["jsonl", "csv", "tsv", "txt"] {
        for file in sample_files(format) {
            let bytes = std::fs::read(&file).unwrap();
            let whole = read(format, &bytes, &ImportOptions::default());
            let mut first = reader(format, &bytes, &ImportOptions::default());
            for taken in 0..=whole.len() {
                let resume = first.reached();
                let rest = read(format, &bytes, &ImportOptions { resume, ..ImportOptions::default() });
                let header_only = whole.first().is_some_and(|entry| matches!(entry, Entry::Problem(p) if p.is_whole()));
                if !header_only {
                    assert_eq!(rest, whole[taken..], "{} after {taken}", file.display());
                }
                first.next();
            }
        }
    }
}

#[test]
fn limits_are_told_and_the_rest_is_kept() {
    let mut options = ImportOptions::default();
    options.limits.line_bytes = 64;
    options.limits.text_chars = 10;
    let text = format!("一二三四五六七八九十\n一二三四五六七八九十百\n{}\ngood\n", "x".repeat(65));
    let codes: Vec<_> = read("txt", text.as_bytes(), &options)
        .into_iter()
        .map(|entry| match entry {
            Entry::Record(record) => record.text,
            Entry::Problem(problem) => problem.code.to_owned(),
        })
        .collect();
    assert_eq!(codes, ["一二三四五六七八九十", "text-too-long", "line-too-long", "good"]);
}
