//! Properties: what goes out comes in again, in every encoding and however it is cut; nothing at all breaks an importer.

use domain::annotation::{AnnotationKind, Reason, VerdictKind};
use domain::id::{AnnotationId, BatchId, InspectionId};
use domain::item::ItemState;
use domain::project::Modality;
use domain::schema::Schema;
use domain::time::Millis;
use formats::native::{ExportAnnotation, ExportData, ExportImage, ExportItem, ExportVerdict, Reader, VERSION};
use formats::{Encoding, Entry, ImportOptions, Position, Record};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::support::{Trickle, export, native, read, records};

/// Texts as people write them, and as they do not: emoji, rare characters, line ends, quotation marks.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[ -~]{0,8}",
        4 => "[\u{4e00}-\u{9fff}]{1,6}",
        1 => "\\PC{0,6}",
        1 => Just("𠮷野家在贵阳".to_owned()),
        1 => Just("👨🏻‍🚒".to_owned()),
        1 => Just("\"".to_owned()),
        1 => Just("\"\"".to_owned()),
        1 => Just(",\t".to_owned()),
        1 => Just("\r\n".to_owned()),
        1 => Just("\r".to_owned()),
        1 => Just("\n".to_owned()),
        1 => Just("\u{feff}".to_owned()),
    ];
    prop::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat().replace('\0', ""))
}

fn full_text() -> impl Strategy<Value = String> {
    text().prop_filter("an item's text is not empty", |text| !text.trim().is_empty())
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        prop::num::f64::NORMAL.prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(text(), inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn object() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::btree_map("[a-z\u{4e00}-\u{4e20}]{1,4}", value(), 0..4).prop_map(|map| map.into_iter().collect())
}

fn uuid() -> impl Strategy<Value = uuid::Uuid> {
    any::<u128>().prop_map(uuid::Uuid::from_u128)
}

fn moment() -> impl Strategy<Value = Millis> {
    (0_i64..4_102_444_800_000).prop_map(Millis)
}

fn verdict() -> impl Strategy<Value = ExportVerdict> {
    let kind = prop_oneof![Just(VerdictKind::Pass), Just(VerdictKind::Fail), Just(VerdictKind::Fixed)];
    let reason = prop::option::of(prop::sample::select(Reason::ALL.as_slice()));
    let ids = prop::collection::vec(uuid().prop_map(AnnotationId), 0..2);
    let fix = prop::option::of(uuid().prop_map(AnnotationId));
    ((uuid(), uuid()), text(), kind, reason, prop::option::of(text()), moment(), ids, fix).prop_map(
        |((inspection, batch), reviewer, verdict, reason, comment, at, annotations, fix)| ExportVerdict {
            inspection: InspectionId(inspection),
            batch: BatchId(batch),
            reviewer,
            verdict,
            reason,
            comment,
            at,
            annotations,
            fix,
        },
    )
}

fn annotation() -> impl Strategy<Value = ExportAnnotation> {
    let who = (uuid(), text(), prop_oneof![Just(AnnotationKind::Label), Just(AnnotationKind::Fix)], any::<bool>());
    let figures = (any::<u32>(), any::<u32>(), any::<u32>(), any::<i64>(), any::<i64>());
    (who, object(), figures, moment(), prop::collection::vec(verdict(), 0..2)).prop_map(
        |(
            (id, annotator, kind, counted),
            value,
            (revision, schema, guideline, active_ms, raw_ms),
            submitted_at,
            verdicts,
        )| {
            ExportAnnotation {
                id: AnnotationId(id),
                revision,
                annotator,
                kind,
                counted,
                value,
                schema_version: schema,
                guideline_version: guideline,
                active_ms,
                raw_ms,
                submitted_at,
                verdicts,
            }
        },
    )
}

fn item() -> impl Strategy<Value = ExportItem> {
    let data = prop_oneof![
        full_text().prop_map(ExportData::Text),
        (text(), any::<u32>(), any::<u32>(), "[0-9a-f]{64}")
            .prop_map(|(name, width, height, sha256)| ExportData::Image(ExportImage { name, width, height, sha256 })),
    ];
    let state = prop::sample::select(domain::item::state::STATES.as_slice());
    let key = text().prop_filter("a key", |key| !key.is_empty());
    (
        key,
        data,
        object(),
        state,
        prop::option::of(text()),
        prop::collection::vec(annotation(), 0..3),
        prop::option::of(object()),
    )
        .prop_map(
            |(key, data, meta, state, void_reason, annotations, settled): (_, _, _, ItemState, _, Vec<_>, _)| {
                ExportItem {
                    version: VERSION,
                    key,
                    data,
                    meta,
                    state,
                    void_reason,
                    final_annotation: annotations.first().map(|annotation: &ExportAnnotation| annotation.id),
                    annotations,
                    settled,
                }
            },
        )
}

fn encoded(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        Encoding::Big5 | Encoding::Gb18030 | Encoding::Utf8 => text.as_bytes().to_vec(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn native_lines_go_round(items in prop::collection::vec(item(), 0..4)) {
        let (bytes, losses) = export("jsonl", &items, &Schema::default(), Modality::Text);
        prop_assert_eq!(losses, vec![]);
        let again = native(&bytes);
        prop_assert_eq!(&again, &items);
        prop_assert_eq!(export("jsonl", &again, &Schema::default(), Modality::Text).0, bytes);
    }

    #[test]
    fn json_lines_come_in_whole(
        items in prop::collection::vec((prop::option::of("[a-z]{1,9}"), full_text(), object()), 1..6),
        encoding in prop::sample::select(vec![Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be]),
        few in 1_usize..40,
    ) {
        let lines: String = items.iter().map(|(key, text, meta)| format!("{}\n", json!({"id": key, "text": text, "meta": meta}))).collect();
        let bytes = encoded(&lines, encoding);
        let options = ImportOptions { encoding: Some(encoding), ..ImportOptions::default() };
        let found = formats::import::open("jsonl", Trickle(bytes.as_slice(), few), &options).unwrap().unwrap();
        let found = records(found.map(Result::unwrap).collect());
        let expected: Vec<Record> = items
            .into_iter()
            .zip(1..)
            .map(|((key, text, meta), line)| Record { line, key, text, meta })
            .collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn tables_come_in_whole(rows in prop::collection::vec((full_text(), text()), 1..6), tab in any::<bool>(), few in 1_usize..40) {
        let mut table = csv::WriterBuilder::new().delimiter(if tab { b'\t' } else { b',' }).from_writer(Vec::new());
        table.write_record(["text", "note"]).unwrap();
        for (text, note) in &rows {
            table.write_record([text, note]).unwrap();
        }
        let bytes = table.into_inner().unwrap();
        let format = if tab { "tsv" } else { "csv" };
        let found = formats::import::open(format, Trickle(bytes.as_slice(), few), &ImportOptions::default()).unwrap().unwrap();
        let found = records(found.map(Result::unwrap).collect());
        let cells: Vec<(String, String)> =
            found.into_iter().map(|record| (record.text, record.meta["note"].as_str().unwrap().to_owned())).collect();
        prop_assert_eq!(cells, rows);
    }

    #[test]
    fn nothing_breaks_an_importer(
        bytes in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            prop::collection::vec(prop::sample::select(b"\"\",,\n\r\t{}[]:a\xff\xe4\x00text".to_vec()), 0..200),
        ],
        encoding in prop::option::of(prop::sample::select(Encoding::ALL.to_vec())),
        after in any::<prop::sample::Index>(),
    ) {
        let with_header = [b"text,id\n".as_slice(), &bytes].concat();
        for format in ["csv", "jsonl", "tsv", "txt"] {
            let bytes = if format == "csv" { &with_header } else { &bytes };
            let mut options = ImportOptions { encoding, ..ImportOptions::default() };
            options.limits.line_bytes = 50;
            let whole = read(format, bytes, &options);
            // Cut anywhere, however it is read, and resumed: the same entries.
            let trickled = formats::import::open(format, Trickle(bytes.as_slice(), 1), &options).unwrap().unwrap();
            prop_assert_eq!(&trickled.map(Result::unwrap).collect::<Vec<_>>(), &whole);
            if !whole.is_empty() && !matches!(&whole[0], Entry::Problem(problem) if problem.is_whole()) {
                let taken = after.index(whole.len());
                let mut first = formats::import::open(format, bytes.as_slice(), &options).unwrap().unwrap();
                let mut before = Position::default();
                for _ in 0..taken {
                    first.next();
                    prop_assert!(first.reached() > before, "a position only grows");
                    before = first.reached();
                }
                let rest = read(format, bytes, &ImportOptions { resume: before, ..options.clone() });
                prop_assert_eq!(&rest, &whole[taken..]);
            }
        }
        for entry in Reader::new(bytes.as_slice(), &ImportOptions { encoding, ..ImportOptions::default() }).unwrap() {
            entry.unwrap();
        }
    }
}
