//! Does a value satisfy a schema? Every broken rule is told with its place; a value that passes is a [`CheckedValue`],
//! and only such a value is ever stored as an annotation.

use super::{Control, Kind, Label, Schema};
use crate::annotation::AnnotationValue;
use crate::error::Problem;
use crate::geometry::{POLYGON_MAX_POINTS, Point, Rect, polygon_area, self_intersects};
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
        let mut checker = Checker { problems: Vec::new(), subject };
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
            Kind::Box { labels } => self.shapes(at, labels, value, &["x", "y", "w", "h"], Self::rectangle),
            Kind::Polygon { labels } => self.shapes(at, labels, value, &["points"], Self::polygon),
            Kind::Text { min_chars, max_chars, multiline } => self.text(at, *min_chars, *max_chars, *multiline, value),
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

    fn shapes(
        &mut self,
        at: &str,
        labels: &[Label],
        value: &Value,
        own: &[&str],
        shape: fn(&mut Self, &str, &Map<String, Value>, f64, f64),
    ) {
        let Subject::Image { width, height } = self.subject else {
            self.say(at, "wrong-modality", "文本条目不能标注图形。", "A text has no shapes.");
            return;
        };
        let Some(list) = self.regions(at, value) else { return };
        for (n, region) in list.iter().enumerate() {
            let at = format!("{at}[{n}]");
            if let Some(object) = self.region(&at, labels, region, own) {
                shape(self, &at, object, f64::from(width), f64::from(height));
            }
        }
    }

    fn rectangle(&mut self, at: &str, object: &Map<String, Value>, width: f64, height: f64) {
        let number = |field: &str| object.get(field).and_then(Value::as_f64).filter(|n| n.is_finite());
        let (Some(x), Some(y), Some(w), Some(h)) = (number("x"), number("y"), number("w"), number("h")) else {
            self.say(at, "not-a-number", "x、y、w、h 须为有限的数。", "x, y, w and h must be finite numbers.");
            return;
        };
        if w <= 0.0 || h <= 0.0 {
            self.say(at, "zero-area", "方框的宽和高须大于 0。", "A box must have a width and a height above 0.");
            return;
        }
        let rect = Rect { x, y, w, h };
        if x < -SLACK || y < -SLACK || rect.right() > width + SLACK || rect.bottom() > height + SLACK {
            self.outside(at, width, height);
        }
    }

    fn polygon(&mut self, at: &str, object: &Map<String, Value>, width: f64, height: f64) {
        let Some(list) = object.get("points").and_then(Value::as_array) else {
            self.say(at, "not-a-list", "points 须为坐标列表 [[x, y], …]。", "points must be a list [[x, y], …].");
            return;
        };
        if list.len() > POLYGON_MAX_POINTS {
            self.say(
                at,
                "too-many-points",
                format!("多边形最多 {POLYGON_MAX_POINTS} 个顶点。"),
                format!("A polygon has at most {POLYGON_MAX_POINTS} vertices."),
            );
            return;
        }
        let mut points = Vec::with_capacity(list.len());
        for pair in list {
            let read = |at: usize| pair.get(at).and_then(Value::as_f64).filter(|n| n.is_finite());
            match (pair.as_array().map(Vec::len), read(0), read(1)) {
                (Some(2), Some(x), Some(y)) => points.push(Point::new(x, y)),
                _ => {
                    self.say(
                        at,
                        "not-a-number",
                        "每个顶点须为两个有限的数 [x, y]。",
                        "Each vertex must be two finite numbers [x, y].",
                    );
                    return;
                }
            }
        }
        let distinct = points.iter().enumerate().filter(|(n, p)| !points.iter().take(*n).any(|q| q == *p)).count();
        if distinct < 3 {
            self.say(
                at,
                "too-few-points",
                "多边形至少要有 3 个不同的顶点。",
                "A polygon needs at least 3 distinct vertices.",
            );
        } else if points.iter().any(|p| p.x < -SLACK || p.y < -SLACK || p.x > width + SLACK || p.y > height + SLACK) {
            self.outside(at, width, height);
        } else if polygon_area(&points) <= 0.0 {
            self.say(at, "zero-area", "多边形面积为 0。", "The polygon has no area.");
        } else if self_intersects(&points) {
            self.say(at, "self-intersection", "多边形的边互相交叉。", "The polygon's edges cross each other.");
        }
    }

    fn outside(&mut self, at: &str, width: f64, height: f64) {
        self.say(
            at,
            "outside-image",
            format!("图形超出图像范围（{width}×{height}）。"),
            format!("The shape lies outside the image of {width}×{height} pixels."),
        );
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
            Some(id) if labels.iter().any(|label| label.id == id) => {}
            Some(id) => {
                self.say(at, "unknown-label", format!("没有标签“{id}”。"), format!("There is no label “{id}”."))
            }
            None => self.say(at, "label-missing", "请为它选择标签。", "It has no label yet."),
        }
        for (field, value) in object {
            let empty_attributes = field == "attributes" && value.as_object().is_some_and(Map::is_empty);
            if !matches!(field.as_str(), "id" | "label") && !own.contains(&field.as_str()) && !empty_attributes {
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

/// Rounding of a drawn border may leave the image by a hair.
const SLACK: f64 = 1e-6;
