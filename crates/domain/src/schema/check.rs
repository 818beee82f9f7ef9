//! Does a value satisfy a schema? Every broken rule is told with its place; a value that passes is a [`CheckedValue`],
//! and only such a value is ever stored as an annotation.

use super::{Attribute, Control, Form, Kind, Label, Schema};
use crate::annotation::AnnotationValue;
use crate::error::Problem;
use crate::geometry::{Fault, Shape, ShapeKind, Size};
use crate::item::ItemData;
use crate::text;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The most regions (spans or shapes) of one control.
pub const REGIONS_MAX: usize = 20_000;
/// The most characters of a text answer without a limit of its own.
pub const TEXT_MAX_CHARS: u32 = 100_000;

/// What the value is about.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'a> {
    /// A text.
    Text(&'a str),
    /// An image of this many pixels.
    Image {
        /// Width.
        width: u32,
        /// Height.
        height: u32,
    },
}

impl<'a> From<&'a ItemData> for Subject<'a> {
    fn from(data: &'a ItemData) -> Self {
        match data {
            ItemData::Text(text) => Subject::Text(text),
            ItemData::Image(image) => Subject::Image { width: image.width, height: image.height },
        }
    }
}

/// A value that passed: the proof that functions ask for before storing it.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedValue(AnnotationValue);

impl CheckedValue {
    /// The value.
    pub fn get(&self) -> &AnnotationValue {
        &self.0
    }

    /// The value, given up.
    pub fn into_inner(self) -> AnnotationValue {
        self.0
    }
}

impl Schema {
    /// Checks a whole value. Empty lists and empty texts count as nothing and are left out of the checked value, so
    /// that equal work is stored equally.
    pub fn check(&self, value: &AnnotationValue, subject: Subject<'_>) -> Result<CheckedValue, Vec<Problem>> {
        match subject {
            Subject::Text(text) => self.check_text(value, text),
            Subject::Image { .. } => {
                self.check_by(value, Checker { problems: Vec::new(), subject, shapes: Checker::shapes })
            }
        }
    }

    /// As [`Schema::check`] for a text alone: what calls only this is compiled without the rules of shapes, which weigh much
    /// on a slow line.
    pub fn check_text(&self, value: &AnnotationValue, text: &str) -> Result<CheckedValue, Vec<Problem>> {
        let subject = Subject::Text(text);
        self.check_by(value, Checker { problems: Vec::new(), subject, shapes: Checker::no_shapes })
    }

    fn check_by(&self, value: &AnnotationValue, mut checker: Checker<'_>) -> Result<CheckedValue, Vec<Problem>> {
        let mut checked = Map::new();
        for id in value.keys() {
            if self.control(id).is_none() {
                checker.say(
                    &format!("value.{id}"),
                    "unknown-control",
                    format!("标注方案中没有“{id}”。"),
                    format!("The schema has no control “{id}”."),
                );
            }
        }
        for control in &self.controls {
            let at = format!("value.{}", control.id);
            let given = value.get(&control.id).filter(|given| !is_nothing(given));
            match given {
                None if control.required => {
                    let (zh, en) = (control.name(crate::Lang::Zh), control.name(crate::Lang::En));
                    checker.say(&at, "required", format!("请完成“{zh}”。"), format!("“{en}” is still missing."));
                }
                None => {}
                Some(given) => {
                    checker.control(&at, control, given);
                    checked.insert(control.id.clone(), given.clone());
                }
            }
        }
        if checker.problems.is_empty() { Ok(CheckedValue(checked)) } else { Err(checker.problems) }
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        Value::String(text) => text.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    }
}

struct Checker<'a> {
    problems: Vec<Problem>,
    subject: Subject<'a>,
    /// What is said about the shapes of a control: a pointer, so that only what is pointed at is compiled in.
    shapes: fn(&mut Self, &str, &Control, ShapeKind, &Value),
}

impl Checker<'_> {
    fn say(&mut self, at: &str, code: &str, zh: impl Into<String>, en: impl Into<String>) {
        // A hostile value could break a rule a million times; the first hundred tell enough.
        if self.problems.len() < 100 {
            self.problems.push(Problem::new(at, code, zh, en));
        }
    }

    fn control(&mut self, at: &str, control: &Control, value: &Value) {
        match &control.kind {
            Kind::Choice { multiple, .. } => self.choice(at, control, *multiple, value),
            Kind::Span { labels, overlap } => self.spans(at, labels, *overlap, value),
            Kind::Text { min_chars, max_chars, multiline } => self.text(at, *min_chars, *max_chars, *multiline, value),
            shape => {
                if let Some(kind) = shape.shape() {
                    (self.shapes)(self, at, control, kind, value);
                }
            }
        }
    }

    fn choice(&mut self, at: &str, control: &Control, multiple: bool, value: &Value) {
        let Some(list) = self.list(at, value) else { return };
        if list.len() > 1 && !multiple {
            self.say(at, "too-many", "这里只能选一项。", "Only one may be picked here.");
        }
        let leaves = control.leaves();
        let mut seen = BTreeSet::new();
        for (n, picked) in list.iter().enumerate() {
            let at = format!("{at}[{n}]");
            match picked.as_str() {
                Some(id) if leaves.iter().any(|option| option.id == id) => {
                    if !seen.insert(id) {
                        self.say(&at, "duplicate", format!("“{id}”选了两次。"), format!("“{id}” is picked twice."));
                    }
                }
                Some(id) => self.say(
                    &at,
                    "unknown-option",
                    format!("没有可选项“{id}”。"),
                    format!("There is no option “{id}” to pick."),
                ),
                None => self.say(&at, "not-a-string", "这里应为选项标识。", "This must be an option's id."),
            }
        }
    }

    fn spans(&mut self, at: &str, labels: &[Label], overlap: bool, value: &Value) {
        let Subject::Text(text) = self.subject else {
            self.say(at, "wrong-modality", "图像条目不能标注文本区间。", "An image has no spans.");
            return;
        };
        let Some(list) = self.regions(at, value) else { return };
        // One pass over the text serves all spans: byte offsets of every scalar value.
        let bytes: Vec<usize> = text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect();
        let byte_at = |offset: u64| usize::try_from(offset).ok().and_then(|offset| bytes.get(offset).copied());
        let mut ranges: Vec<(u64, u64, usize)> = Vec::new();
        for (n, region) in list.iter().enumerate() {
            let at = format!("{at}[{n}]");
            let Some(object) = self.region(&at, labels, region, &["start", "end", "text"]) else { continue };
            let offset = |field: &str| object.get(field).and_then(Value::as_u64);
            let (Some(start), Some(end)) = (offset("start"), offset("end")) else {
                self.say(&at, "bad-offset", "start 和 end 须为非负整数。", "start and end must be whole numbers.");
                continue;
            };
            let covered = match (byte_at(start), byte_at(end)) {
                (Some(from), Some(to)) if start < end => text.get(from..to),
                _ => None,
            };
            let Some(covered) = covered else {
                let length = bytes.len() - 1;
                self.say(
                    &at,
                    "outside-text",
                    format!("区间 {start}–{end} 不在文本之内（共 {length} 字）。"),
                    format!("The span {start}–{end} is not within the text of {length} characters."),
                );
                continue;
            };
            if object.get("text").and_then(Value::as_str) != Some(covered) {
                self.say(
                    &at,
                    "text-mismatch",
                    "区间所记文字与原文不符。",
                    "The span's text is not what the item has at these offsets.",
                );
            }
            ranges.push((start, end, n));
        }
        ranges.sort_unstable();
        if !overlap {
            for pair in ranges.windows(2) {
                if let [(_, end, first), (start, _, second)] = pair
                    && start < end
                {
                    self.say(
                        &format!("{at}[{second}]"),
                        "overlap",
                        format!("与第 {} 个区间重叠，本项不允许重叠。", first + 1),
                        format!("It overlaps span {}, and overlap is not allowed here.", first + 1),
                    );
                }
            }
        }
    }

    fn no_shapes(&mut self, at: &str, _control: &Control, _kind: ShapeKind, _value: &Value) {
        self.say(at, "wrong-modality", "文本条目不能标注图形。", "A text has no shapes.");
    }

    fn shapes(&mut self, at: &str, control: &Control, kind: ShapeKind, value: &Value) {
        let Subject::Image { width, height } = self.subject else {
            return self.no_shapes(at, control, kind, value);
        };
        let Some(list) = self.regions(at, value) else { return };
        for (n, region) in list.iter().enumerate() {
            let at = format!("{at}[{n}]");
            let Some(object) = self.region(&at, control.labels(), region, kind.fields()) else { continue };
            self.place(&at, object);
            let sound = Shape::read(kind, object).and_then(|shape| {
                shape.check(Size { width, height })?;
                match (&shape, &control.kind) {
                    (Shape::Skeleton(skeleton), Kind::Skeleton { template, .. }) => skeleton.fits(template),
                    _ => Ok(()),
                }
            });
            if let Err(fault) = sound {
                self.fault(&at, kind, &fault);
            }
        }
    }

    fn fault(&mut self, at: &str, kind: ShapeKind, fault: &Fault) {
        let words = fault.words();
        let at = kind.field_of(fault).map_or_else(|| at.to_owned(), |field| format!("{at}.{field}"));
        self.say(&at, fault.code(), words.zh, words.en);
    }

    /// A shape may belong to a group and lie above or below others of all controls.
    fn place(&mut self, at: &str, object: &Map<String, Value>) {
        match object.get("group") {
            None => {}
            Some(Value::String(group)) if !group.is_empty() && group.len() <= 64 => {}
            Some(_) => self.say(
                &format!("{at}.group"),
                "bad-id",
                "分组须为 1–64 字节的文字。",
                "A group is named by a text of 1 to 64 bytes.",
            ),
        }
        if object.get("z").is_some_and(|z| z.as_i64().is_none_or(|z| z.unsigned_abs() > 1_000_000)) {
            self.say(
                &format!("{at}.z"),
                "out-of-range",
                "z 须为 ±1000000 以内的整数。",
                "z must be a whole number within ±1,000,000.",
            );
        }
    }

    /// What a label asks of its regions.
    fn attributes(&mut self, at: &str, asked: &[Attribute], given: Option<&Value>) {
        let none = Map::new();
        let given = match given {
            None | Some(Value::Null) => &none,
            Some(Value::Object(given)) => given,
            Some(_) => {
                self.say(at, "not-an-object", "这里应为 JSON 对象。", "This must be a JSON object.");
                return;
            }
        };
        for id in given.keys().filter(|id| !asked.iter().any(|attribute| attribute.id == **id)) {
            self.say(
                &format!("{at}.{id}"),
                "unknown-attribute",
                format!("该标签没有属性“{id}”。"),
                format!("The label has no attribute “{id}”."),
            );
        }
        for attribute in asked {
            let at = format!("{at}.{}", attribute.id);
            match given.get(&attribute.id).filter(|given| !is_nothing(given)) {
                Some(value) => self.attribute(&at, attribute, value),
                None if attribute.required => {
                    let (zh, en) = (attribute.name(crate::Lang::Zh), attribute.name(crate::Lang::En));
                    self.say(&at, "required", format!("请填写属性“{zh}”。"), format!("“{en}” is still missing."));
                }
                None => {}
            }
        }
    }

    fn attribute(&mut self, at: &str, attribute: &Attribute, value: &Value) {
        match &attribute.form {
            Form::Flag => {
                if !value.is_boolean() {
                    self.say(at, "not-a-boolean", "这里应为 true 或 false。", "This must be true or false.");
                }
            }
            Form::Text { max_chars } => self.text(at, None, *max_chars, true, value),
            Form::Number { min, max } => match value.as_f64().filter(|number| number.is_finite()) {
                None => self.say(at, "not-a-number", "这里应为数字。", "This must be a number."),
                Some(number) if min.is_some_and(|min| number < min) || max.is_some_and(|max| number > max) => {
                    let bound = |bound: &Option<f64>| bound.map(|n| n.to_string()).unwrap_or_default();
                    let range = format!("{}–{}", bound(min), bound(max));
                    self.say(
                        at,
                        "out-of-range",
                        format!("超出范围 {range}。"),
                        format!("It is out of the range {range}."),
                    );
                }
                Some(_) => {}
            },
            Form::Choice { options, multiple } => {
                let Some(list) = self.list(at, value) else { return };
                if list.len() > 1 && !multiple {
                    self.say(at, "too-many", "这里只能选一项。", "Only one may be picked here.");
                }
                let mut seen = BTreeSet::new();
                for (n, picked) in list.iter().enumerate() {
                    let known = picked.as_str().filter(|id| options.iter().any(|option| option.id == *id));
                    match known {
                        Some(id) if seen.insert(id) => {}
                        Some(id) => self.say(
                            &format!("{at}[{n}]"),
                            "duplicate",
                            format!("“{id}”选了两次。"),
                            format!("“{id}” is picked twice."),
                        ),
                        None => self.say(
                            &format!("{at}[{n}]"),
                            "unknown-option",
                            "没有这个选项。",
                            "There is no such option.",
                        ),
                    }
                }
            }
        }
    }

    fn text(&mut self, at: &str, min: Option<u32>, max: Option<u32>, multiline: bool, value: &Value) {
        let Some(answer) = value.as_str() else {
            self.say(at, "not-a-string", "这里应为文字。", "This must be a text.");
            return;
        };
        let length = text::char_len(answer);
        let (min, max) = (min.unwrap_or(0), max.unwrap_or(TEXT_MAX_CHARS).min(TEXT_MAX_CHARS));
        if length < min {
            self.say(
                at,
                "too-short",
                format!("至少 {min} 字，现为 {length} 字。"),
                format!("At least {min} characters; it has {length}."),
            );
        }
        if length > max {
            self.say(
                at,
                "too-long",
                format!("最多 {max} 字，现为 {length} 字。"),
                format!("At most {max} characters; it has {length}."),
            );
        }
        if !multiline && answer.contains(['\n', '\r']) {
            self.say(at, "line-break", "这里不能换行。", "Line breaks are not allowed here.");
        }
        if answer.contains('\0') {
            self.say(
                at,
                "bad-character",
                "文字中含有不可用字符。",
                "The text holds a character that cannot be stored.",
            );
        }
    }

    fn list<'v>(&mut self, at: &str, value: &'v Value) -> Option<&'v Vec<Value>> {
        let list = value.as_array();
        if list.is_none() {
            self.say(at, "not-a-list", "这里应为列表。", "This must be a list.");
        }
        list
    }

    /// The regions of a control: a list within the limit whose ids are distinct.
    fn regions<'v>(&mut self, at: &str, value: &'v Value) -> Option<&'v Vec<Value>> {
        let list = self.list(at, value)?;
        if list.len() > REGIONS_MAX {
            self.say(at, "too-many", format!("最多 {REGIONS_MAX} 个。"), format!("At most {REGIONS_MAX} are allowed."));
            return None;
        }
        let mut seen = BTreeSet::new();
        for (n, region) in list.iter().enumerate() {
            if let Some(id) = region.get("id").and_then(Value::as_str)
                && !seen.insert(id)
            {
                self.say(
                    &format!("{at}[{n}].id"),
                    "duplicate",
                    format!("标识“{id}”重复。"),
                    format!("The id “{id}” is used twice."),
                );
            }
        }
        Some(list)
    }

    /// What every region has: an id, a known label, no fields beyond `own`.
    fn region<'v>(
        &mut self,
        at: &str,
        labels: &[Label],
        region: &'v Value,
        own: &[&str],
    ) -> Option<&'v Map<String, Value>> {
        let Some(object) = region.as_object() else {
            self.say(at, "not-an-object", "这里应为 JSON 对象。", "This must be a JSON object.");
            return None;
        };
        match object.get("id").and_then(Value::as_str) {
            Some(id) if !id.is_empty() && id.len() <= 64 => {}
            _ => self.say(at, "bad-id", "每个区域须有 1–64 字节的 id。", "Each region needs an id of 1 to 64 bytes."),
        }
        match object.get("label").and_then(Value::as_str) {
            Some(id) if labels.iter().any(|label| label.id == id) => {
                let asked = labels.iter().find(|label| label.id == id).map_or(&[][..], |label| &label.attributes);
                self.attributes(&format!("{at}.attributes"), asked, object.get("attributes"));
            }
            Some(id) => {
                self.say(at, "unknown-label", format!("没有标签“{id}”。"), format!("There is no label “{id}”."))
            }
            None => self.say(at, "label-missing", "请为它选择标签。", "It has no label yet."),
        }
        let placed = matches!(self.subject, Subject::Image { .. });
        for field in object.keys() {
            let common = matches!(field.as_str(), "id" | "label" | "attributes")
                || (placed && matches!(field.as_str(), "group" | "z"));
            if !common && !own.contains(&field.as_str()) {
                self.say(
                    &format!("{at}.{field}"),
                    "unknown-field",
                    format!("不认识的字段“{field}”。"),
                    format!("The field “{field}” is not known here."),
                );
            }
        }
        Some(object)
    }
}
