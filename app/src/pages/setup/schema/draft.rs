//! The schema while it is edited: every field a signal, so that typing into one re-renders nothing else. It may break
//! rules; `domain` judges the JSON that it gives.

use domain::lang::Words;
use domain::schema::{Attribute, ChoiceOption, Control, Form, Kind, Label, Schema};
use leptos::prelude::*;
use serde_json::{Value, json};
use std::cell::Cell;

/// All controls.
#[derive(Clone, Copy)]
pub(super) struct Draft(pub(super) RwSignal<Vec<ControlDraft>>);

/// One control.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct ControlDraft {
    pub(super) uid: u32,
    pub(super) kind: &'static str,
    pub(super) id: RwSignal<String>,
    pub(super) zh: RwSignal<String>,
    pub(super) en: RwSignal<String>,
    pub(super) required: RwSignal<bool>,
    /// Several picks, overlapping spans or line breaks, by kind.
    pub(super) flag: RwSignal<bool>,
    pub(super) min: RwSignal<String>,
    pub(super) max: RwSignal<String>,
    /// Of a skeleton: its points' names, by commas.
    pub(super) points: RwSignal<String>,
    /// Of a skeleton: which points are joined, `nose-neck`, by commas.
    pub(super) edges: RwSignal<String>,
    pub(super) labels: RwSignal<Vec<LabelDraft>>,
}

/// One label or option.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct LabelDraft {
    pub(super) uid: u32,
    pub(super) id: RwSignal<String>,
    pub(super) zh: RwSignal<String>,
    pub(super) en: RwSignal<String>,
    pub(super) key: RwSignal<String>,
    pub(super) color: RwSignal<String>,
    pub(super) children: RwSignal<Vec<LabelDraft>>,
    pub(super) attributes: RwSignal<Vec<AttributeDraft>>,
}

/// What else is asked of a label's regions.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct AttributeDraft {
    pub(super) uid: u32,
    pub(super) id: RwSignal<String>,
    pub(super) zh: RwSignal<String>,
    pub(super) en: RwSignal<String>,
    /// `flag`, `choice`, `text` or `number`.
    pub(super) kind: RwSignal<String>,
    /// The options of a choice by commas, each an id or `id=title`.
    pub(super) options: RwSignal<String>,
    pub(super) required: RwSignal<bool>,
    /// What the form has no field for (limits, several picks, titles in two languages), kept while the kind stays.
    kept: StoredValue<Option<Attribute>>,
}

thread_local! {
    static UIDS: Cell<u32> = const { Cell::new(0) };
}

fn uid() -> u32 {
    UIDS.with(|count| {
        count.set(count.get().wrapping_add(1));
        count.get()
    })
}

fn text(words: &str) -> RwSignal<String> {
    RwSignal::new(words.to_owned())
}

impl Draft {
    /// The saved schema, to be edited.
    pub(super) fn of(schema: &Schema) -> Draft {
        Draft(RwSignal::new(schema.controls.iter().map(ControlDraft::of).collect()))
    }

    /// Becomes another schema.
    pub(super) fn replace(self, schema: &Schema) {
        self.0.set(schema.controls.iter().map(ControlDraft::of).collect());
    }

    /// What it says now; follows every field.
    pub(super) fn json(self) -> Value {
        json!({ "controls": self.0.get().iter().map(|control| control.json()).collect::<Vec<_>>() })
    }

    /// One more control of a kind, with an id that is free.
    pub(super) fn add(self, kind: &'static str) {
        let taken: Vec<String> =
            self.0.with_untracked(|list| list.iter().map(|control| control.id.get_untracked()).collect());
        let control = ControlDraft::new(kind, &free(kind, &taken));
        if kind != "text" {
            control.labels.set(vec![LabelDraft::new("label_1")]);
        }
        self.0.update(|list| list.push(control));
    }
}

/// `stem`, or `stem_2`, `stem_3`…, whichever is not taken.
pub(super) fn free(stem: &str, taken: &[String]) -> String {
    (1_u32..)
        .map(|n| if n == 1 { stem.to_owned() } else { format!("{stem}_{n}") })
        .find(|id| !taken.contains(id))
        .unwrap_or_default()
}

impl ControlDraft {
    fn new(kind: &'static str, id: &str) -> Self {
        Self {
            uid: uid(),
            kind,
            id: text(id),
            zh: text(""),
            en: text(""),
            required: RwSignal::new(true),
            flag: RwSignal::new(false),
            min: text(""),
            max: text(""),
            points: text(""),
            edges: text(""),
            labels: RwSignal::new(Vec::new()),
        }
    }

    fn of(control: &Control) -> Self {
        let own = Self::new(control.kind_code(), &control.id);
        own.zh.set(control.title.zh.clone());
        own.en.set(control.title.en.clone());
        own.required.set(control.required);
        match &control.kind {
            Kind::Choice { options, multiple } => {
                own.flag.set(*multiple);
                own.labels.set(options.iter().map(LabelDraft::of_option).collect());
            }
            Kind::Span { labels, overlap } => {
                own.flag.set(*overlap);
                own.labels.set(labels.iter().map(LabelDraft::of_label).collect());
            }
            Kind::Text { min_chars, max_chars, multiline } => {
                own.flag.set(*multiline);
                own.min.set(min_chars.map(|n| n.to_string()).unwrap_or_default());
                own.max.set(max_chars.map(|n| n.to_string()).unwrap_or_default());
            }
            Kind::Skeleton { labels, template } => {
                own.points.set(template.points.join(", "));
                let pair = |(a, b): &(String, String)| format!("{a}-{b}");
                own.edges.set(template.edges.iter().map(pair).collect::<Vec<_>>().join(", "));
                own.labels.set(labels.iter().map(LabelDraft::of_label).collect());
            }
            shapes => own.labels.set(shapes.labels().iter().map(LabelDraft::of_label).collect()),
        }
        own
    }

    fn json(self) -> Value {
        let mut out = json!({ "id": self.id.get(), "required": self.required.get(), "kind": self.kind });
        let Some(object) = out.as_object_mut() else { return out };
        put_title(object, self.zh, self.en);
        let labels =
            |key: RwSignal<Vec<LabelDraft>>| Value::Array(key.get().into_iter().map(LabelDraft::json).collect());
        match self.kind {
            "choice" => {
                object.insert("options".into(), labels(self.labels));
                object.insert("multiple".into(), self.flag.get().into());
            }
            "span" => {
                object.insert("labels".into(), labels(self.labels));
                object.insert("overlap".into(), self.flag.get().into());
            }
            "text" => {
                for (name, field) in [("min_chars", self.min), ("max_chars", self.max)] {
                    let typed = field.get();
                    if !typed.trim().is_empty() {
                        let number =
                            typed.trim().parse::<u32>().map_or_else(|_| Value::String(typed.clone()), Value::from);
                        object.insert(name.into(), number);
                    }
                }
                object.insert("multiline".into(), self.flag.get().into());
            }
            "skeleton" => {
                let points = parts(&self.points.get());
                let edges: Vec<Value> = parts(&self.edges.get()).iter().map(|edge| joined(edge, &points)).collect();
                object.insert("labels".into(), labels(self.labels));
                object.insert("points".into(), points.into());
                if !edges.is_empty() {
                    object.insert("edges".into(), edges.into());
                }
            }
            _ => {
                object.insert("labels".into(), labels(self.labels));
            }
        }
        out
    }
}

/// What commas part, in either script.
fn parts(typed: &str) -> Vec<String> {
    typed.split([',', '，', '、', '\n']).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// The two points that an edge joins. Names may hold the sign between them: it is parted where both are known.
fn joined(edge: &str, points: &[String]) -> Value {
    let splits =
        || edge.match_indices(['-', '–']).map(|(at, sign)| (edge[..at].trim(), edge[at + sign.len()..].trim()));
    let known = |name: &str| points.iter().any(|point| point == name);
    let found = splits().find(|(a, b)| known(a) && known(b)).or_else(|| splits().next());
    found.map_or_else(|| json!([edge]), |(a, b)| json!([a, b]))
}

impl AttributeDraft {
    pub(super) fn new(id: &str) -> Self {
        Self {
            uid: uid(),
            id: text(id),
            zh: text(""),
            en: text(""),
            kind: text("flag"),
            options: text(""),
            required: RwSignal::new(false),
            kept: StoredValue::new(None),
        }
    }

    fn of(attribute: &Attribute) -> Self {
        let own = Self::new(&attribute.id);
        own.zh.set(attribute.title.zh.clone());
        own.en.set(attribute.title.en.clone());
        own.required.set(attribute.required);
        own.kind.set(kind_of(&attribute.form).to_owned());
        if let Form::Choice { options, .. } = &attribute.form {
            own.options.set(options.iter().map(words_of).collect::<Vec<_>>().join(", "));
        }
        own.kept.set_value(Some(attribute.clone()));
        own
    }

    fn json(self) -> Value {
        let kind = self.kind.get();
        let kept = self.kept.get_value().filter(|kept| kind_of(&kept.form) == kind);
        let mut out = kept.as_ref().and_then(|kept| serde_json::to_value(&kept.form).ok()).unwrap_or_else(|| json!({}));
        let Some(object) = out.as_object_mut() else { return out };
        object.insert("id".into(), self.id.get().into());
        object.insert("required".into(), self.required.get().into());
        object.insert("kind".into(), kind.clone().into());
        put_title(object, self.zh, self.en);
        if kind == "choice" {
            object.entry("multiple").or_insert(Value::Bool(false));
            let before = match kept.map(|kept| kept.form) {
                Some(Form::Choice { options, .. }) => options,
                _ => Vec::new(),
            };
            let option = |words: &String| match before.iter().find(|option| words_of(option) == *words) {
                Some(same) => json!(same),
                None => match words.split_once('=') {
                    Some((id, title)) => json!({ "id": id.trim(), "title": { "zh": title.trim() } }),
                    None => json!({ "id": words }),
                },
            };
            object.insert("options".into(), parts(&self.options.get()).iter().map(option).collect());
        }
        out
    }
}

fn kind_of(form: &Form) -> &'static str {
    match form {
        Form::Choice { .. } => "choice",
        Form::Text { .. } => "text",
        Form::Number { .. } => "number",
        Form::Flag => "flag",
    }
}

fn words_of(option: &ChoiceOption) -> String {
    let title = if option.title.zh.is_empty() { &option.title.en } else { &option.title.zh };
    if title.is_empty() { option.id.clone() } else { format!("{}={title}", option.id) }
}

impl LabelDraft {
    pub(super) fn new(id: &str) -> Self {
        Self {
            uid: uid(),
            id: text(id),
            zh: text(""),
            en: text(""),
            key: text(""),
            color: text(""),
            children: RwSignal::new(Vec::new()),
            attributes: RwSignal::new(Vec::new()),
        }
    }

    fn of_label(label: &Label) -> Self {
        let own = Self::new(&label.id);
        own.zh.set(label.title.zh.clone());
        own.en.set(label.title.en.clone());
        own.key.set(label.key.clone().unwrap_or_default());
        own.color.set(label.color.clone().unwrap_or_default());
        own.attributes.set(label.attributes.iter().map(AttributeDraft::of).collect());
        own
    }

    fn of_option(option: &ChoiceOption) -> Self {
        let own = Self::of_label(&Label {
            id: option.id.clone(),
            title: option.title.clone(),
            key: option.key.clone(),
            color: option.color.clone(),
            ..Label::default()
        });
        own.children.set(option.children.iter().map(Self::of_option).collect());
        own
    }

    fn json(self) -> Value {
        let mut out = json!({ "id": self.id.get() });
        let Some(object) = out.as_object_mut() else { return out };
        put_title(object, self.zh, self.en);
        for (name, field) in [("key", self.key), ("color", self.color)] {
            let value = field.get();
            if !value.is_empty() {
                object.insert(name.into(), value.into());
            }
        }
        let children = self.children.get();
        if !children.is_empty() {
            object.insert("children".into(), Value::Array(children.into_iter().map(Self::json).collect()));
        }
        let attributes = self.attributes.get();
        if !attributes.is_empty() {
            let attributes = attributes.into_iter().map(AttributeDraft::json).collect();
            object.insert("attributes".into(), Value::Array(attributes));
        }
        out
    }
}

/// A title of two languages; nothing where both are empty, as the saved form has it.
fn put_title(object: &mut serde_json::Map<String, Value>, zh: RwSignal<String>, en: RwSignal<String>) {
    let mut title = serde_json::Map::new();
    for (lang, words) in [("zh", zh.get()), ("en", en.get())] {
        if !words.is_empty() {
            title.insert(lang.into(), words.into());
        }
    }
    if !title.is_empty() {
        object.insert("title".into(), Value::Object(title));
    }
}

/// Something to begin with.
pub(super) fn template(name: &str) -> Schema {
    let label = |id: &str, zh: &str, en: &str, key: &str| Label {
        id: id.to_owned(),
        title: Words::new(zh, en),
        key: Some(key.to_owned()),
        ..Label::default()
    };
    let option = |id: &str, zh: &str, en: &str, key: &str| ChoiceOption {
        id: id.to_owned(),
        title: Words::new(zh, en),
        key: Some(key.to_owned()),
        ..ChoiceOption::default()
    };
    let control = match name {
        "ner" => Control {
            id: "entities".to_owned(),
            title: Words::new("实体", "Entities"),
            required: false,
            kind: Kind::Span {
                labels: vec![
                    label("PER", "人名", "Person", "1"),
                    label("LOC", "地名", "Place", "2"),
                    label("ORG", "机构", "Organization", "3"),
                ],
                overlap: false,
            },
        },
        "sentiment" => Control {
            id: "sentiment".to_owned(),
            title: Words::new("情感", "Sentiment"),
            required: true,
            kind: Kind::Choice {
                options: vec![
                    option("positive", "正面", "Positive", "1"),
                    option("neutral", "中性", "Neutral", "2"),
                    option("negative", "负面", "Negative", "3"),
                ],
                multiple: false,
            },
        },
        _ => Control {
            id: "objects".to_owned(),
            title: Words::new("物体", "Objects"),
            required: false,
            kind: Kind::Box {
                labels: vec![
                    label("person", "人", "Person", "1"),
                    label("vehicle", "车辆", "Vehicle", "2"),
                    label("animal", "动物", "Animal", "3"),
                ],
            },
        },
    };
    Schema { controls: vec![control] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::project::Modality;

    #[test]
    fn a_template_is_a_schema_and_survives_the_editor() {
        let owner = Owner::new();
        owner.set();
        for (name, modality) in [("ner", Modality::Text), ("sentiment", Modality::Text), ("objects", Modality::Image)] {
            let schema = template(name);
            let json = Draft::of(&schema).json();
            assert_eq!(Schema::parse(&json, modality), Ok(schema.clone()), "{name}");
            assert_eq!(json, serde_json::to_value(&schema).unwrap(), "{name}: unchanged is seen as unchanged");
        }
    }

    #[test]
    fn skeletons_and_attributes_survive_the_editor() {
        let owner = Owner::new();
        owner.set();
        let json = json!({ "controls": [{
            "id": "people", "required": false, "kind": "skeleton",
            "points": ["left-eye", "nose"], "edges": [["left-eye", "nose"]],
            "labels": [{ "id": "person", "attributes": [
                { "id": "cut", "required": false, "kind": "flag" },
                { "id": "age", "required": true, "kind": "number", "min": 0.0, "max": 120.0 },
                { "id": "pose", "required": false, "kind": "choice", "multiple": true, "options": [
                    { "id": "up", "title": { "zh": "站", "en": "standing" } }, { "id": "down" },
                ] },
            ] }],
        }] });
        let schema = Schema::parse(&json, Modality::Image).unwrap();
        let draft = Draft::of(&schema);
        assert_eq!(draft.json(), json);
        let label = draft.0.get()[0].labels.get()[0];
        let pose = label.attributes.get()[2];
        assert_eq!(pose.options.get(), "up=站, down");
        pose.options.set("up=站，down，flat=躺".to_owned());
        let changed = Schema::parse(&draft.json(), Modality::Image).unwrap();
        let Form::Choice { options, multiple } = &changed.controls[0].labels()[0].attributes[2].form else { panic!() };
        assert_eq!((options.len(), *multiple, options[0].title.en.as_str()), (3, true, "standing"));
        pose.kind.set("flag".to_owned());
        assert!(Schema::parse(&draft.json(), Modality::Image).is_ok());
        draft.0.get()[0].edges.set("nose-left-eye, nose-tail".to_owned());
        let refused = Schema::parse(&draft.json(), Modality::Image).unwrap_err();
        assert_eq!(refused[0].at, "schema.controls[0].edges[1]");
    }

    #[test]
    fn a_free_id_is_found() {
        assert_eq!(free("choice", &[]), "choice");
        assert_eq!(free("choice", &["choice".into(), "choice_2".into()]), "choice_3");
    }
}
