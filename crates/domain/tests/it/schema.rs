//! Schemas and values: what is taken, what is refused and where.

use domain::project::Modality;
use domain::schema::{Schema, Subject};
use proptest::prelude::*;
use serde_json::{Value, json};

fn text_schema() -> Schema {
    let json = json!({"controls": [
        {"id": "topic", "kind": "choice", "required": true, "title": {"zh": "主题"}, "options": [
            {"id": "econ", "children": [{"id": "data"}, {"id": "tourism", "key": "t"}]}, {"id": "other"}]},
        {"id": "tags", "kind": "choice", "multiple": true, "options": [{"id": "a"}, {"id": "b"}]},
        {"id": "names", "kind": "span", "labels": [{"id": "PER", "color": "#FF0000"}, {"id": "GPE"}]},
        {"id": "nested", "kind": "span", "overlap": true, "labels": [{"id": "X"}]},
        {"id": "note", "kind": "text", "min_chars": 2, "max_chars": 4}
    ]});
    Schema::parse(&json, Modality::Text).unwrap()
}

fn image_schema() -> Schema {
    let json = json!({"controls": [
        {"id": "things", "kind": "box", "labels": [{"id": "car"}]},
        {"id": "outline", "kind": "polygon", "labels": [{"id": "dog"}]}
    ]});
    Schema::parse(&json, Modality::Image).unwrap()
}

const TEXT: &str = "𠮷野家在贵阳👨🏻‍🚒";

/// The codes and places of the problems, or `ok`.
fn verdict(schema: &Schema, subject: Subject<'_>, value: Value) -> String {
    match schema.check(value.as_object().unwrap(), subject) {
        Ok(_) => "ok".into(),
        Err(problems) => problems.iter().map(|p| format!("{} at {}", p.code, p.at)).collect::<Vec<_>>().join("; "),
    }
}

fn on_text(value: Value) -> String {
    verdict(&text_schema(), Subject::Text(TEXT), value)
}

fn on_image(value: Value) -> String {
    verdict(&image_schema(), Subject::Image { width: 100, height: 50 }, value)
}

#[test]
fn choices() {
    assert_eq!(on_text(json!({"topic": ["data"]})), "ok");
    assert_eq!(on_text(json!({})), "required at value.topic");
    assert_eq!(on_text(json!({"topic": []})), "required at value.topic");
    assert_eq!(on_text(json!({"topic": ["econ"]})), "unknown-option at value.topic[0]", "a branch cannot be picked");
    assert_eq!(on_text(json!({"topic": ["data", "other"]})), "too-many at value.topic");
    assert_eq!(on_text(json!({"topic": "data"})), "not-a-list at value.topic");
    assert_eq!(on_text(json!({"topic": [1]})), "not-a-string at value.topic[0]");
    assert_eq!(on_text(json!({"topic": ["data"], "tags": ["a", "a"]})), "duplicate at value.tags[1]");
    assert_eq!(on_text(json!({"topic": ["data"], "mood": ["a"]})), "unknown-control at value.mood");
}

#[test]
fn a_text_has_no_shapes_and_an_image_no_spans() {
    let box_ = json!({"things": [{"id": "1", "label": "car", "x": 0, "y": 0, "w": 9, "h": 9}]});
    assert_eq!(on_image(box_.clone()), "ok");
    assert_eq!(verdict(&image_schema(), Subject::Text(TEXT), box_.clone()), "wrong-modality at value.things");
    assert!(image_schema().check_text(box_.as_object().unwrap(), TEXT).is_err());
    let span = json!({"topic": ["data"], "nested": [{"id": "1", "label": "X", "start": 0, "end": 1, "text": "𠮷"}]});
    assert_eq!(on_text(span.clone()), "ok");
    assert!(text_schema().check_text(span.as_object().unwrap(), TEXT).is_ok());
    let image = Subject::Image { width: 9, height: 9 };
    assert_eq!(verdict(&text_schema(), image, span), "wrong-modality at value.nested");
}

#[test]
fn spans_count_scalar_values_and_must_match_the_text() {
    let span = |start: u32, end: u32, text: &str| json!({"topic": ["data"], "names": [{"id": "1", "label": "GPE", "start": start, "end": end, "text": text}]});
    assert_eq!(on_text(span(4, 6, "贵阳")), "ok");
    assert_eq!(on_text(span(0, 1, "𠮷")), "ok");
    assert_eq!(on_text(span(5, 7, "贵阳")), "text-mismatch at value.names[0]", "UTF-16 offsets are not taken");
    assert_eq!(on_text(span(6, 10, "👨🏻‍🚒")), "ok");
    assert_eq!(on_text(span(6, 11, "👨🏻‍🚒")), "outside-text at value.names[0]");
    assert_eq!(on_text(span(4, 4, "")), "outside-text at value.names[0]");
    assert_eq!(on_text(span(6, 4, "")), "outside-text at value.names[0]");
    assert_eq!(
        on_text(
            json!({"topic": ["data"], "names": [{"id": "1", "label": "ORG", "start": -1, "end": 2.5, "text": ""}]})
        ),
        "unknown-label at value.names[0]; bad-offset at value.names[0]"
    );
}

#[test]
fn spans_overlap_only_where_allowed() {
    let two = |control: &str, label: &str| {
        let span = |id: &str, start: usize, end: usize| {
            let text: String = TEXT.chars().skip(start).take(end - start).collect();
            json!({"id": id, "label": label, "start": start, "end": end, "text": text, "attributes": {}})
        };
        json!({"topic": ["data"], control: [span("1", 2, 5), span("2", 0, 3)]})
    };
    assert_eq!(on_text(two("names", "PER")), "overlap at value.names[0]");
    assert_eq!(on_text(two("nested", "X")), "ok");
}

#[test]
fn texts() {
    let note = |note: &str| json!({"topic": ["data"], "note": note});
    assert_eq!(on_text(note("")), "ok", "an empty answer is no answer, and none is required");
    assert_eq!(on_text(note("𠮷")), "too-short at value.note");
    assert_eq!(on_text(note("𠮷𠮷𠮷𠮷")), "ok");
    assert_eq!(on_text(note("12345")), "too-long at value.note");
    assert_eq!(on_text(note("a\nb")), "line-break at value.note");
}

#[test]
fn shapes() {
    let boxed = |x: f64, y: f64, w: f64, h: f64| {
        on_image(json!({"things": [{"id": "1", "label": "car", "x": x, "y": y, "w": w, "h": h}]}))
    };
    assert_eq!(boxed(0.0, 0.0, 100.0, 50.0), "ok");
    assert_eq!(boxed(0.0, 0.0, 100.1, 50.0), "outside-image at value.things[0]");
    assert_eq!(boxed(-1.0, 0.0, 5.0, 5.0), "outside-image at value.things[0]");
    assert_eq!(boxed(1.0, 1.0, 0.0, 5.0), "zero-area at value.things[0]");
    assert_eq!(boxed(f64::NAN, 1.0, 1.0, 5.0), "not-a-number at value.things[0]");
    let poly = |points: Value| on_image(json!({"outline": [{"id": "1", "label": "dog", "points": points}]}));
    assert_eq!(poly(json!([[0, 0], [10, 0], [10, 10]])), "ok");
    assert_eq!(poly(json!([[0, 0], [10, 0]])), "too-few-points at value.outline[0].points");
    assert_eq!(poly(json!([[0, 0], [10, 0], [0, 0], [10, 0]])), "too-few-points at value.outline[0].points");
    assert_eq!(poly(json!([[0, 0], [5, 5], [10, 10]])), "zero-area at value.outline[0].points");
    assert_eq!(
        poly(json!([[0, 0], [10, 10], [10, 0], [0, 10]])),
        "zero-area at value.outline[0].points",
        "the two halves of a bow cancel out"
    );
    assert_eq!(poly(json!([[0, 0], [10, 10], [10, 0], [0, 20]])), "self-intersection at value.outline[0].points");
    assert_eq!(poly(json!([[0, 0], [101, 0], [10, 10]])), "outside-image at value.outline[0].points");
    assert_eq!(poly(json!([[0, 0, 0], [10, 0], [10, 10]])), "not-a-number at value.outline[0].points");
    assert_eq!(
        on_image(json!({"things": [{"id": "1", "label": "car", "x": 1, "y": 1, "w": 1, "h": 1, "angle": 3}]})),
        "unknown-field at value.things[0].angle"
    );
    assert_eq!(
        on_image(json!({"things": [{"label": "car", "x": 1, "y": 1, "w": 1, "h": 1}]})),
        "bad-id at value.things[0]"
    );
}

/// A control of every kind of shape, and what labels may ask.
fn every_shape() -> Schema {
    let json = json!({"controls": [
        {"id": "turned", "kind": "rotated_box", "labels": [{"id": "car", "attributes": [
            {"id": "hidden", "kind": "flag", "title": {"zh": "遮挡"}},
            {"id": "colour", "kind": "choice", "required": true, "options": [{"id": "red"}, {"id": "blue"}]},
            {"id": "plate", "kind": "text", "max_chars": 7},
            {"id": "axles", "kind": "number", "min": 2, "max": 9.5}]}]},
        {"id": "round", "kind": "ellipse", "labels": [{"id": "x"}]},
        {"id": "area", "kind": "polygon", "labels": [{"id": "x"}]},
        {"id": "way", "kind": "polyline", "labels": [{"id": "x"}]},
        {"id": "spot", "kind": "point", "labels": [{"id": "x"}]},
        {"id": "pose", "kind": "skeleton", "labels": [{"id": "x"}],
            "points": ["nose", "tail"], "edges": [["nose", "tail"]]},
        {"id": "cover", "kind": "mask", "labels": [{"id": "x"}]}
    ]});
    Schema::parse(&json, Modality::Image).unwrap()
}

fn on_shapes(control: &str, mut region: Value) -> String {
    region["id"] = json!("1");
    if region.get("label").is_none() {
        region["label"] = json!("x");
    }
    verdict(&every_shape(), Subject::Image { width: 10, height: 8 }, json!({ control: [region] }))
}

#[test]
fn every_kind_of_shape_is_checked_in_its_place() {
    assert_eq!(
        on_shapes("round", json!({"cx": 5, "cy": 4, "rx": 3, "ry": 2, "angle": 30, "group": "a", "z": -3})),
        "ok"
    );
    assert_eq!(on_shapes("round", json!({"cx": 5, "cy": 4, "rx": 3, "ry": 0})), "zero-area at value.round[0]");
    assert_eq!(on_shapes("round", json!({"cx": 5, "cy": 4, "rx": 3, "ry": 5})), "outside-image at value.round[0]");
    assert_eq!(on_shapes("round", json!({"cx": 5, "cy": 4, "rx": 3, "ry": "2"})), "not-a-number at value.round[0]");
    assert_eq!(
        on_shapes("round", json!({"cx": 5, "cy": 4, "rx": 3, "ry": 2, "group": 3, "z": 0.5, "w": 1})),
        "unknown-field at value.round[0].w; bad-id at value.round[0].group; out-of-range at value.round[0].z"
    );
    let outer = json!([[0, 0], [9, 0], [9, 8], [0, 8]]);
    assert_eq!(on_shapes("area", json!({"points": outer, "holes": [[[2, 2], [4, 2], [4, 4]]]})), "ok");
    assert_eq!(
        on_shapes("area", json!({"points": outer, "holes": [[[2, 2], [4, 2], [12, 4]]]})),
        "outside-image at value.area[0].points"
    );
    assert_eq!(
        on_shapes("area", json!({"points": [[0, 0], [2, 0], [2, 2]], "holes": [[[5, 5], [6, 5], [6, 6]]]})),
        "hole-outside at value.area[0].holes"
    );
    assert_eq!(on_shapes("way", json!({"points": [[0, 0], [9, 8], [9, 0], [0, 8]]})), "ok", "a line may cross itself");
    assert_eq!(on_shapes("way", json!({"points": [[1, 1], [1, 1]]})), "too-few-points at value.way[0].points");
    assert_eq!(on_shapes("way", json!({"points": vec![[1, 1]; 1_000_000]})), "too-many-points at value.way[0].points");
    assert_eq!(on_shapes("spot", json!({"x": 10, "y": 8})), "ok");
    assert_eq!(on_shapes("spot", json!({"x": 10, "y": 8.01})), "outside-image at value.spot[0]");
    let nose = json!({"name": "nose", "x": 1, "y": 1, "state": "occluded"});
    assert_eq!(on_shapes("pose", json!({"points": [nose, {"name": "tail", "state": "absent"}]})), "ok");
    assert_eq!(on_shapes("pose", json!({"points": [nose]})), "point-missing at value.pose[0].points");
    assert_eq!(
        on_shapes("pose", json!({"points": [nose, {"name": "ear", "x": 1, "y": 1}]})),
        "unknown-point at value.pose[0].points"
    );
    assert_eq!(on_shapes("pose", json!({"points": [nose, nose]})), "duplicate at value.pose[0].points");
    assert_eq!(on_shapes("cover", json!({"size": [8, 10], "counts": [3, 77]})), "ok");
    assert_eq!(on_shapes("cover", json!({"size": [8, 10], "counts": "3]2"})), "ok", "as COCO compresses it");
    assert_eq!(on_shapes("cover", json!({"size": [10, 8], "counts": [3, 77]})), "mask-size at value.cover[0].size");
    assert_eq!(on_shapes("cover", json!({"size": [8, 10], "counts": [3, 7]})), "rle-sum at value.cover[0].counts");
    assert_eq!(on_shapes("cover", json!({"size": [8, 10], "counts": "~"})), "rle-unreadable at value.cover[0].counts");
    assert_eq!(on_shapes("cover", json!({"size": [8, 10], "counts": [80]})), "zero-area at value.cover[0].counts");
}

#[test]
fn a_label_asks_for_its_attributes() {
    let car = |attributes: Value| {
        on_shapes(
            "turned",
            json!({"label": "car", "cx": 5, "cy": 4, "w": 4, "h": 2, "angle": 45, "attributes": attributes}),
        )
    };
    assert_eq!(car(json!({"colour": ["red"], "hidden": true, "plate": "贵A12345", "axles": 2.5})), "ok");
    assert_eq!(car(json!({})), "required at value.turned[0].attributes.colour");
    assert_eq!(car(json!([])), "not-an-object at value.turned[0].attributes");
    assert_eq!(
        car(json!({"colour": ["red", "green"], "hidden": 1, "plate": "贵A123456", "axles": 1, "doors": 4})),
        "unknown-attribute at value.turned[0].attributes.doors; not-a-boolean at value.turned[0].attributes.hidden; \
         too-many at value.turned[0].attributes.colour; unknown-option at value.turned[0].attributes.colour[1]; \
         too-long at value.turned[0].attributes.plate; out-of-range at value.turned[0].attributes.axles"
    );
    assert_eq!(
        on_shapes("spot", json!({"x": 1, "y": 1, "attributes": {"hidden": true}})),
        "unknown-attribute at value.spot[0].attributes.hidden"
    );
}

#[test]
fn schemas_of_shapes_that_break_a_rule_are_refused() {
    let refused = |control: Value| -> String {
        let problems = Schema::parse(&json!({"controls": [control]}), Modality::Image).unwrap_err();
        problems.iter().map(|p| format!("{} at {}", p.code, p.at)).collect::<Vec<_>>().join("; ")
    };
    let pose = |points: Value, edges: Value| {
        refused(json!({"id": "a", "kind": "skeleton", "labels": [{"id": "x"}], "points": points, "edges": edges}))
    };
    assert_eq!(pose(json!([]), json!([])), "required at schema.controls[0].points");
    assert_eq!(pose(json!(["a", "a"]), json!(null)), "duplicate at schema.controls[0].points");
    assert_eq!(pose(json!(["a", ""]), json!(null)), "bad-id at schema.controls[0].points[1]");
    assert_eq!(
        pose(json!(["a", "b"]), json!([["a", "b"], ["a", "a"], ["a", "c"], ["a"]])),
        "unknown-point at schema.controls[0].edges[1]; unknown-point at schema.controls[0].edges[2]; \
         unknown-point at schema.controls[0].edges[3]"
    );
    let label = |attribute: Value| {
        refused(json!({"id": "a", "kind": "point", "labels": [{"id": "x", "attributes": [attribute]}]}))
    };
    let at = "schema.controls[0].labels[0].attributes[0]";
    assert_eq!(label(json!({"id": "b", "kind": "colour"})), format!("unknown-kind at {at}.kind"));
    assert_eq!(label(json!({"id": "b", "kind": "choice"})), format!("required at {at}.options"));
    assert_eq!(label(json!({"id": "b", "kind": "number", "min": 3, "max": 2})), format!("out-of-range at {at}"));
    assert_eq!(label(json!({"id": "b", "kind": "flag", "max": 2})), format!("unknown-field at {at}.max"));
}

#[test]
fn every_kind_that_a_schema_may_have_is_offered() {
    let offered = |modality| domain::schema::drawable::offered(modality);
    for control in every_shape().controls.into_iter().chain(image_schema().controls) {
        assert!(offered(Modality::Image).contains(&control.kind_code()), "{}", control.kind_code());
    }
    for control in text_schema().controls {
        assert!(offered(Modality::Text).contains(&control.kind_code()), "{}", control.kind_code());
    }
}

#[test]
fn hotkeys_fill_what_is_free() {
    let keys: Vec<String> = text_schema().hotkeys().into_iter().map(|k| format!("{}={}", k.label, k.key)).collect();
    assert_eq!(keys.join(" "), "data=1 tourism=t other=2 a=3 b=4 PER=5 GPE=6 X=7");
}

#[test]
fn schemas_that_break_a_rule_are_refused_with_the_place() {
    let refused = |json: Value| -> String {
        let problems = Schema::parse(&json, Modality::Text).unwrap_err();
        problems.iter().map(|p| format!("{} at {}", p.code, p.at)).collect::<Vec<_>>().join("; ")
    };
    let one = |control: Value| refused(json!({"controls": [control]}));
    assert_eq!(refused(json!([])), "not-an-object at schema");
    assert_eq!(refused(json!({"controls": []})), "out-of-range at schema.controls");
    assert_eq!(one(json!({"id": "a", "kind": "slider"})), "unknown-kind at schema.controls[0].kind");
    assert_eq!(one(json!({"id": "a b", "kind": "text"})), "bad-id at schema.controls[0].id");
    assert_eq!(one(json!({"id": "a", "kind": "text", "requird": true})), "unknown-field at schema.controls[0].requird");
    assert_eq!(
        one(json!({"id": "a", "kind": "box", "labels": [{"id": "x"}]})),
        "wrong-modality at schema.controls[0].kind"
    );
    assert_eq!(one(json!({"id": "a", "kind": "span", "labels": []})), "required at schema.controls[0].labels");
    assert_eq!(
        one(json!({"id": "a", "kind": "span", "labels": [{"id": "x"}, {"id": "x"}]})),
        "duplicate at schema.controls[0].labels"
    );
    assert_eq!(
        one(json!({"id": "a", "kind": "choice", "options": [{"id": "x", "key": "1"}, {"id": "y", "key": "1"}]})),
        "key-collision at schema.controls[a]"
    );
    assert_eq!(
        one(json!({"id": "a", "kind": "choice", "options": [{"id": "x", "key": "Enter"}]})),
        "bad-key at schema.controls[0].options[0].key"
    );
    assert_eq!(
        one(json!({"id": "a", "kind": "choice", "options": [{"id": "x", "color": "red"}]})),
        "bad-color at schema.controls[0].options[0].color"
    );
}

#[test]
fn a_schema_survives_json() {
    let schemas =
        [(text_schema(), Modality::Text), (image_schema(), Modality::Image), (every_shape(), Modality::Image)];
    for (schema, modality) in schemas {
        let json = serde_json::to_value(&schema).unwrap();
        assert_eq!(Schema::parse(&json, modality), Ok(schema));
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,6}".prop_map(Value::from)
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(
                "(id|label|start|end|text|x|y|w|h|points|holes|size|counts|attributes|[a-z]{1,4})",
                inner,
                0..6
            )
            .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_value_makes_the_check_panic(value in any_json()) {
        for control in ["topic", "names", "note", "things", "outline"] {
            let given = json!({ control: value });
            let _ = text_schema().check(given.as_object().unwrap(), Subject::Text(TEXT));
            let _ = image_schema().check(given.as_object().unwrap(), Subject::Image { width: 9, height: 9 });
        }
        for control in every_shape().controls {
            let given = json!({ control.id: value });
            let _ = every_shape().check(given.as_object().unwrap(), Subject::Image { width: 9, height: 9 });
        }
        let _ = Schema::parse(&value, Modality::Text);
        let _ = Schema::parse(&value, Modality::Image);
    }

    #[test]
    fn every_span_cut_from_the_text_is_taken(text in "\\PC{1,40}", a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>()) {
        let chars: Vec<char> = text.chars().collect();
        let (a, b) = (a.index(chars.len()), b.index(chars.len()));
        let (start, end) = (a.min(b), a.max(b) + 1);
        let covered: String = chars[start..end].iter().collect();
        let value = json!({"topic": ["data"], "names": [{"id": "1", "label": "PER", "start": start, "end": end, "text": covered}]});
        prop_assert_eq!(verdict(&text_schema(), Subject::Text(&text), value), "ok");
    }
}
