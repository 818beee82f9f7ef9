//! From JSON to a [`Schema`]: every rule that a schema must keep, each broken one told with its place.

use super::{Attribute, ChoiceOption, Control, Form, Kind, Label, Schema};
use crate::error::Problem;
use crate::geometry::{Template, skeleton::POINTS_MAX};
use crate::lang::Words;
use crate::project::Modality;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The most controls of a schema.
pub const CONTROLS_MAX: usize = 30;
/// The most labels or options of a control.
pub const LABELS_MAX: usize = 500;
/// The most attributes of a label.
pub const ATTRIBUTES_MAX: usize = 30;
/// How deep options nest.
const MAX_DEPTH: u32 = 5;
/// The kinds of control.
const KINDS: [&str; 11] =
    ["choice", "span", "box", "rotated_box", "ellipse", "polygon", "polyline", "point", "skeleton", "mask", "text"];

impl Schema {
    /// Reads and checks a schema for items of this modality.
    pub fn parse(json: &Value, modality: Modality) -> Result<Schema, Vec<Problem>> {
        let mut reader = Reader { problems: Vec::new(), modality };
        let schema = reader.schema(json);
        if reader.problems.is_empty() { Ok(schema) } else { Err(reader.problems) }
    }
}

struct Reader {
    problems: Vec<Problem>,
    modality: Modality,
}

impl Reader {
    fn say(&mut self, at: &str, code: &str, zh: impl Into<String>, en: impl Into<String>) {
        self.problems.push(Problem::new(at, code, zh, en));
    }

    fn schema(&mut self, json: &Value) -> Schema {
        let Some(object) = self.object("schema", json) else { return Schema::default() };
        self.known_fields("schema", object, &["controls"]);
        let Some(list) = object.get("controls").and_then(Value::as_array) else {
            self.say(
                "schema.controls",
                "required",
                "标注方案缺少 controls 列表。",
                "The schema needs a list `controls`.",
            );
            return Schema::default();
        };
        if list.is_empty() || list.len() > CONTROLS_MAX {
            self.say(
                "schema.controls",
                "out-of-range",
                format!("控件数须为 1–{CONTROLS_MAX}。"),
                format!("A schema has 1 to {CONTROLS_MAX} controls."),
            );
            return Schema::default();
        }
        let controls: Vec<Control> = list
            .iter()
            .enumerate()
            .filter_map(|(n, json)| self.control(&format!("schema.controls[{n}]"), json))
            .collect();
        let mut seen = BTreeSet::new();
        for (n, control) in controls.iter().enumerate() {
            if !seen.insert(control.id.clone()) {
                self.say(
                    &format!("schema.controls[{n}].id"),
                    "duplicate",
                    format!("控件标识“{}”重复。", control.id),
                    format!("The control id “{}” is used twice.", control.id),
                );
            }
        }
        let schema = Schema { controls };
        self.hotkeys(&schema);
        schema
    }

    fn hotkeys(&mut self, schema: &Schema) {
        let mut seen: Vec<(char, String)> = Vec::new();
        for (control, label, key) in schema.targets() {
            let Some(key) = key else { continue };
            let name = format!("{control}/{label}");
            if let Some((_, first)) = seen.iter().find(|(known, _)| *known == key) {
                let first = first.clone();
                self.say(
                    &format!("schema.controls[{control}]"),
                    "key-collision",
                    format!("快捷键 {key} 同时用于 {first} 和 {name}。"),
                    format!("The key {key} is given to both {first} and {name}."),
                );
            } else {
                seen.push((key, name));
            }
        }
    }

    fn control(&mut self, at: &str, json: &Value) -> Option<Control> {
        let object = self.object(at, json)?;
        let id = self.id(at, object)?;
        let title = self.words(&format!("{at}.title"), object.get("title"));
        let required = self.flag(at, object, "required");
        let code = object.get("kind").and_then(Value::as_str).unwrap_or_default();
        let (kind, own): (Kind, &[&str]) = match code {
            "choice" => (
                Kind::Choice { options: self.options(at, object), multiple: self.flag(at, object, "multiple") },
                &["options", "multiple"],
            ),
            "span" => (
                Kind::Span { labels: self.labels(at, object), overlap: self.flag(at, object, "overlap") },
                &["labels", "overlap"],
            ),
            "box" => (Kind::Box { labels: self.labels(at, object) }, &["labels"]),
            "rotated_box" => (Kind::RotatedBox { labels: self.labels(at, object) }, &["labels"]),
            "ellipse" => (Kind::Ellipse { labels: self.labels(at, object) }, &["labels"]),
            "polygon" => (Kind::Polygon { labels: self.labels(at, object) }, &["labels"]),
            "polyline" => (Kind::Polyline { labels: self.labels(at, object) }, &["labels"]),
            "point" => (Kind::Point { labels: self.labels(at, object) }, &["labels"]),
            "skeleton" => (
                Kind::Skeleton { labels: self.labels(at, object), template: self.template(at, object) },
                &["labels", "points", "edges"],
            ),
            "mask" => (Kind::Mask { labels: self.labels(at, object) }, &["labels"]),
            "text" => (self.text(at, object), &["min_chars", "max_chars", "multiline"]),
            other => {
                self.say(
                    &format!("{at}.kind"),
                    "unknown-kind",
                    format!("不认识的控件类型“{other}”；可用 {}。", KINDS.join("、")),
                    format!("Unknown kind “{other}”: use one of {}.", KINDS.join(", ")),
                );
                return None;
            }
        };
        let known: Vec<&str> = ["id", "kind", "title", "required"].iter().chain(own).copied().collect();
        self.known_fields(at, object, &known);
        let fits = match kind {
            Kind::Span { .. } => self.modality == Modality::Text,
            Kind::Choice { .. } | Kind::Text { .. } => true,
            _ => self.modality == Modality::Image,
        };
        if !fits {
            self.say(
                &format!("{at}.kind"),
                "wrong-modality",
                format!("“{code}”控件不适用于该项目的数据类型。"),
                format!("A {code} control does not fit the project's modality."),
            );
        }
        Some(Control { id, title, required, kind })
    }

    fn text(&mut self, at: &str, object: &Map<String, Value>) -> Kind {
        let (min_chars, max_chars) = (self.count(at, object, "min_chars"), self.count(at, object, "max_chars"));
        if let (Some(min), Some(max)) = (min_chars, max_chars)
            && min > max
        {
            self.say(at, "out-of-range", "最少字数大于最多字数。", "min_chars is above max_chars.");
        }
        Kind::Text { min_chars, max_chars, multiline: self.flag(at, object, "multiline") }
    }

    fn template(&mut self, at: &str, object: &Map<String, Value>) -> Template {
        let mut template = Template::default();
        let points = format!("{at}.points");
        for (n, name) in self.list(&points, object.get("points")).into_iter().enumerate() {
            match name.as_str() {
                Some(name) if !name.trim().is_empty() && name.chars().count() <= 40 => {
                    template.points.push(name.to_owned());
                }
                _ => self.say(
                    &format!("{points}[{n}]"),
                    "bad-id",
                    "骨架的点须有 1–40 字的名称。",
                    "A point of a skeleton has a name of 1 to 40 characters.",
                ),
            }
        }
        if template.points.len() > POINTS_MAX {
            self.say(
                &points,
                "out-of-range",
                format!("骨架最多 {POINTS_MAX} 个点。"),
                format!("A skeleton has at most {POINTS_MAX} points."),
            );
        }
        self.unique(&points, template.points.iter().map(String::as_str));
        let edges = match object.get("edges") {
            None | Some(Value::Null) => &Vec::new(),
            Some(Value::Array(edges)) if edges.len() <= POINTS_MAX * 4 => edges,
            Some(_) => {
                self.say(
                    &format!("{at}.edges"),
                    "not-a-list",
                    format!("edges 须为最多 {} 项的列表 [[\"点\", \"点\"], …]。", POINTS_MAX * 4),
                    format!("edges must be a list of at most {}: [[\"point\", \"point\"], …].", POINTS_MAX * 4),
                );
                &Vec::new()
            }
        };
        for (n, edge) in edges.iter().enumerate() {
            let known =
                |name: &Value| template.points.iter().find(|point| Some(point.as_str()) == name.as_str()).cloned();
            let ends = match edge.as_array().map(Vec::as_slice) {
                Some([a, b]) if a != b => known(a).zip(known(b)),
                _ => None,
            };
            match ends {
                Some(ends) => template.edges.push(ends),
                None => self.say(
                    &format!("{at}.edges[{n}]"),
                    "unknown-point",
                    "连线须为骨架中两个不同的点。",
                    "An edge joins two different points of the skeleton.",
                ),
            }
        }
        template
    }

    fn labels(&mut self, at: &str, object: &Map<String, Value>) -> Vec<Label> {
        let at = format!("{at}.labels");
        let mut labels = Vec::new();
        for (n, json) in self.list(&at, object.get("labels")).into_iter().enumerate() {
            let at = format!("{at}[{n}]");
            let Some(object) = self.object(&at, json) else { continue };
            self.known_fields(&at, object, &["id", "title", "key", "color", "attributes"]);
            let Some(id) = self.id(&at, object) else { continue };
            labels.push(Label {
                id,
                title: self.words(&format!("{at}.title"), object.get("title")),
                key: self.key(&at, object),
                color: self.color(&at, object),
                attributes: self.attributes(&at, object),
            });
        }
        self.unique(&at, labels.iter().map(|label| label.id.as_str()));
        labels
    }

    fn attributes(&mut self, at: &str, object: &Map<String, Value>) -> Vec<Attribute> {
        let at = format!("{at}.attributes");
        let mut attributes = Vec::new();
        let list = match object.get("attributes") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(list)) if list.is_empty() => Vec::new(),
            given => self.list(&at, given),
        };
        if list.len() > ATTRIBUTES_MAX {
            self.say(
                &at,
                "out-of-range",
                format!("一个标签最多 {ATTRIBUTES_MAX} 个属性。"),
                format!("A label has at most {ATTRIBUTES_MAX} attributes."),
            );
            return Vec::new();
        }
        for (n, json) in list.into_iter().enumerate() {
            let at = format!("{at}[{n}]");
            let Some(object) = self.object(&at, json) else { continue };
            let Some(id) = self.id(&at, object) else { continue };
            let code = object.get("kind").and_then(Value::as_str).unwrap_or_default();
            let (form, own): (Form, &[&str]) = match code {
                "choice" => {
                    let options = self.option_list(&format!("{at}.options"), object.get("options"), MAX_DEPTH);
                    self.unique(&format!("{at}.options"), options.iter().map(|option| option.id.as_str()));
                    (Form::Choice { options, multiple: self.flag(&at, object, "multiple") }, &["options", "multiple"])
                }
                "text" => (Form::Text { max_chars: self.count(&at, object, "max_chars") }, &["max_chars"]),
                "number" => {
                    let (min, max) = (self.number(&at, object, "min"), self.number(&at, object, "max"));
                    if let (Some(min), Some(max)) = (min, max)
                        && min > max
                    {
                        self.say(&at, "out-of-range", "最小值大于最大值。", "min is above max.");
                    }
                    (Form::Number { min, max }, &["min", "max"])
                }
                "flag" => (Form::Flag, &[]),
                other => {
                    self.say(
                        &format!("{at}.kind"),
                        "unknown-kind",
                        format!("不认识的属性类型“{other}”；可用 choice、text、number、flag。"),
                        format!("Unknown kind of attribute “{other}”: use choice, text, number or flag."),
                    );
                    continue;
                }
            };
            let known: Vec<&str> = ["id", "kind", "title", "required"].iter().chain(own).copied().collect();
            self.known_fields(&at, object, &known);
            let title = self.words(&format!("{at}.title"), object.get("title"));
            attributes.push(Attribute { id, title, required: self.flag(&at, object, "required"), form });
        }
        self.unique(&at, attributes.iter().map(|attribute| attribute.id.as_str()));
        attributes
    }

    fn number(&mut self, at: &str, object: &Map<String, Value>, field: &str) -> Option<f64> {
        let value = object.get(field).filter(|value| !value.is_null())?;
        let number = value.as_f64().filter(|number| number.is_finite());
        if number.is_none() {
            self.say(&format!("{at}.{field}"), "not-a-number", "这里应为数字。", "This must be a number.");
        }
        number
    }

    fn options(&mut self, at: &str, object: &Map<String, Value>) -> Vec<ChoiceOption> {
        let options = self.option_list(&format!("{at}.options"), object.get("options"), 1);
        let mut ids = Vec::new();
        fn walk<'a>(options: &'a [ChoiceOption], ids: &mut Vec<&'a str>) {
            for option in options {
                ids.push(&option.id);
                walk(&option.children, ids);
            }
        }
        walk(&options, &mut ids);
        self.unique(&format!("{at}.options"), ids.into_iter());
        options
    }

    fn option_list(&mut self, at: &str, json: Option<&Value>, depth: u32) -> Vec<ChoiceOption> {
        if depth > MAX_DEPTH {
            self.say(at, "too-deep", "选项最多 5 级。", "Options nest at most 5 deep.");
            return Vec::new();
        }
        let mut options = Vec::new();
        for (n, json) in self.list(at, json).into_iter().enumerate() {
            let at = format!("{at}[{n}]");
            let Some(object) = self.object(&at, json) else { continue };
            self.known_fields(&at, object, &["id", "title", "key", "color", "children"]);
            let Some(id) = self.id(&at, object) else { continue };
            let children = match object.get("children") {
                None | Some(Value::Null) => Vec::new(),
                Some(Value::Array(list)) if list.is_empty() => Vec::new(),
                some => self.option_list(&format!("{at}.children"), some, depth + 1),
            };
            options.push(ChoiceOption {
                id,
                title: self.words(&format!("{at}.title"), object.get("title")),
                key: self.key(&at, object),
                color: self.color(&at, object),
                children,
            });
        }
        options
    }

    fn unique<'a>(&mut self, at: &str, ids: impl Iterator<Item = &'a str>) {
        let mut seen = BTreeSet::new();
        for id in ids {
            if !seen.insert(id) {
                self.say(at, "duplicate", format!("标识“{id}”重复。"), format!("The id “{id}” is used twice."));
            }
        }
        if seen.len() > LABELS_MAX {
            self.say(
                at,
                "out-of-range",
                format!("最多 {LABELS_MAX} 个标签或选项。"),
                format!("At most {LABELS_MAX} labels or options."),
            );
        }
    }

    fn object<'a>(&mut self, at: &str, json: &'a Value) -> Option<&'a Map<String, Value>> {
        let object = json.as_object();
        if object.is_none() {
            self.say(at, "not-an-object", "这里应为 JSON 对象。", "This must be a JSON object.");
        }
        object
    }

    fn list<'a>(&mut self, at: &str, json: Option<&'a Value>) -> Vec<&'a Value> {
        match json.and_then(Value::as_array) {
            Some(list) if !list.is_empty() => list.iter().collect(),
            _ => {
                self.say(at, "required", "这里至少要有一项。", "At least one is needed here.");
                Vec::new()
            }
        }
    }

    fn known_fields(&mut self, at: &str, object: &Map<String, Value>, known: &[&str]) {
        for field in object.keys().filter(|field| !known.contains(&field.as_str())) {
            self.say(
                &format!("{at}.{field}"),
                "unknown-field",
                format!("不认识的字段“{field}”。"),
                format!("The field “{field}” is not known here."),
            );
        }
    }

    fn id(&mut self, at: &str, object: &Map<String, Value>) -> Option<String> {
        let id = object.get("id").and_then(Value::as_str).unwrap_or_default();
        let bytes_fit = id.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
        if id.is_empty() || id.chars().count() > 40 || !bytes_fit {
            self.say(
                &format!("{at}.id"),
                "bad-id",
                "标识须为 1–40 个字母、汉字、数字、下划线、点或连字符。",
                "An id has 1 to 40 letters, digits, underscores, dots or hyphens.",
            );
            return None;
        }
        Some(id.to_owned())
    }

    fn words(&mut self, at: &str, json: Option<&Value>) -> Words {
        let words = match json {
            None | Some(Value::Null) => Words::default(),
            // A plain string serves both languages.
            Some(Value::String(text)) => Words::new(text.clone(), ""),
            Some(other) => match serde_json::from_value::<Words>(other.clone()) {
                Ok(words) => words,
                Err(_) => {
                    self.say(at, "bad-title", "标题须为 {zh, en}。", "A title is an object {zh, en}.");
                    Words::default()
                }
            },
        };
        if words.zh.chars().count() > 80 || words.en.chars().count() > 80 {
            self.say(at, "too-long", "标题最多 80 字。", "A title has at most 80 characters.");
        }
        words
    }

    fn flag(&mut self, at: &str, object: &Map<String, Value>, field: &str) -> bool {
        match object.get(field) {
            None | Some(Value::Null) => false,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => {
                self.say(
                    &format!("{at}.{field}"),
                    "not-a-boolean",
                    "这里应为 true 或 false。",
                    "This must be true or false.",
                );
                false
            }
        }
    }

    fn count(&mut self, at: &str, object: &Map<String, Value>, field: &str) -> Option<u32> {
        match object.get(field) {
            None | Some(Value::Null) => None,
            Some(value) => {
                let count = value.as_u64().and_then(|n| u32::try_from(n).ok()).filter(|n| *n <= 1_000_000);
                if count.is_none() {
                    self.say(
                        &format!("{at}.{field}"),
                        "out-of-range",
                        "这里应为 0–1000000 的整数。",
                        "This must be a whole number up to 1,000,000.",
                    );
                }
                count
            }
        }
    }

    fn key(&mut self, at: &str, object: &Map<String, Value>) -> Option<String> {
        match object.get("key") {
            None | Some(Value::Null) => None,
            Some(Value::String(key))
                if key.len() == 1 && key.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase()) =>
            {
                Some(key.clone())
            }
            Some(_) => {
                self.say(
                    &format!("{at}.key"),
                    "bad-key",
                    "快捷键须为一个数字或小写字母。",
                    "A key is one digit or lower-case letter.",
                );
                None
            }
        }
    }

    fn color(&mut self, at: &str, object: &Map<String, Value>) -> Option<String> {
        match object.get("color") {
            None | Some(Value::Null) => None,
            Some(Value::String(color))
                if color.len() == 7
                    && color.starts_with('#')
                    && color.bytes().skip(1).all(|b| b.is_ascii_hexdigit()) =>
            {
                Some(color.to_ascii_lowercase())
            }
            Some(_) => {
                self.say(&format!("{at}.color"), "bad-color", "颜色须写作 #rrggbb。", "A colour is written #rrggbb.");
                None
            }
        }
    }
}
