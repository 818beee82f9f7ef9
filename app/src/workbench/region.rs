//! Regions of a value, typed: shapes on an image and spans of a text, read from JSON and written back.
//! What cannot be read (a value of another schema) is left out here and stays untouched in the document.

use crate::module::HAS_IMAGES;
use domain::annotation::AnnotationValue;
use domain::schema::{Kind, Label, Schema};
use serde_json::{Value, json};

/// Names one region of a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RegionRef {
    /// The control.
    pub control: String,
    /// The region's id.
    pub id: String,
}

/// The form of a shape, in pixels of the image.
pub use domain::geometry::Shape as Geometry;

/// A labeled shape.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// Which region.
    pub region: RegionRef,
    /// The label's id.
    pub label: String,
    /// The group that it belongs to.
    pub group: Option<String>,
    /// The form.
    pub geometry: Geometry,
}

/// A labeled piece of a text, in Unicode scalar values, end exclusive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Which region.
    pub region: RegionRef,
    /// The label's id.
    pub label: String,
    /// The first character.
    pub start: u32,
    /// The one after the last.
    pub end: u32,
}

/// Every shape of the value, in the order of the schema and of the lists.
pub fn shapes(schema: &Schema, value: &AnnotationValue) -> Vec<Shape> {
    if !HAS_IMAGES {
        return Vec::new();
    }
    each(schema, value, |kind, region| {
        let geometry = match (kind, Geometry::read(kind.shape()?, region.as_object()?).ok()?) {
            (Kind::Skeleton { template, .. }, Geometry::Skeleton(skeleton)) => {
                Geometry::Skeleton(skeleton.in_order(template))
            }
            (_, geometry) => geometry,
        };
        Some((group(region).map(str::to_owned), geometry))
    })
    .into_iter()
    .map(|(region, label, (group, geometry))| Shape { region, label, group, geometry })
    .collect()
}

/// Every span of the value, by place in the text.
pub fn spans(schema: &Schema, value: &AnnotationValue) -> Vec<Span> {
    let offset = |region: &Value, field: &str| region.get(field).and_then(Value::as_u64).map(|n| n as u32);
    let mut spans: Vec<Span> = each(schema, value, |kind, region| match kind {
        Kind::Span { .. } => Some((offset(region, "start")?, offset(region, "end")?)),
        _ => None,
    })
    .into_iter()
    .map(|(region, label, (start, end))| Span { region, label, start, end })
    .collect();
    spans.sort_by(|a, b| (a.start, b.end, &a.region).cmp(&(b.start, a.end, &b.region)));
    spans
}

/// The region as the value holds it.
pub fn find<'a>(value: &'a AnnotationValue, region: &RegionRef) -> Option<&'a Value> {
    let list = value.get(&region.control)?.as_array()?;
    list.iter().find(|entry| entry.get("id").and_then(Value::as_str) == Some(region.id.as_str()))
}

/// The group of a region, if it belongs to one.
pub fn group(region: &Value) -> Option<&str> {
    region.get("group")?.as_str()
}

/// A short id that no region of the value has.
pub fn fresh_id(value: &AnnotationValue) -> String {
    fresh_ids(value, 1).concat()
}

/// So many short ids that no region of the value has.
pub fn fresh_ids(value: &AnnotationValue, count: usize) -> Vec<String> {
    let last = last_number(value, "id", 'r');
    (1..=count as u32).map(|n| format!("r{}", last.saturating_add(n))).collect()
}

/// A short name that no group of the value has.
pub fn fresh_group(value: &AnnotationValue) -> String {
    format!("g{}", last_number(value, "group", 'g').saturating_add(1))
}

fn last_number(value: &AnnotationValue, field: &str, stem: char) -> u32 {
    let regions = value.values().filter_map(Value::as_array).flatten();
    let names = regions.filter_map(|region| region.get(field)?.as_str());
    names.filter_map(|name| name.strip_prefix(stem)?.parse::<u32>().ok()).max().unwrap_or(0)
}

/// The region with a field put to a value, or without it.
pub fn with_field(region: &Value, field: &str, to: Option<Value>) -> Value {
    let mut fields = region.as_object().cloned().unwrap_or_default();
    match to {
        Some(to) => fields.insert(field.to_owned(), to),
        None => fields.remove(field),
    };
    Value::Object(fields)
}

/// The value of a region's attribute.
pub fn attribute<'a>(region: &'a Value, name: &str) -> Option<&'a Value> {
    region.get("attributes")?.get(name)
}

/// The region with another value of an attribute, or none.
pub fn with_attribute(region: &Value, name: &str, to: Option<Value>) -> Value {
    let mut attributes = region.get("attributes").and_then(Value::as_object).cloned().unwrap_or_default();
    match to {
        Some(to) => attributes.insert(name.to_owned(), to),
        None => attributes.remove(name),
    };
    with_field(region, "attributes", (!attributes.is_empty()).then_some(Value::Object(attributes)))
}

/// A new shape as JSON; coordinates are kept to a hundredth of a pixel.
pub fn shape_json(id: &str, label: &str, geometry: &Geometry) -> Value {
    reshaped(&json!({ "id": id, "label": label }), geometry)
}

/// The same region in another form: its label, its attributes and what is not known here stay as they are.
pub fn reshaped(region: &Value, geometry: &Geometry) -> Value {
    let mut fields = region.as_object().cloned().unwrap_or_default();
    fields.retain(|field, _| !geometry.kind().fields().contains(&field.as_str()));
    fields.extend(geometry.rounded().write());
    Value::Object(fields)
}

/// A span as JSON; nothing when the offsets are not within the text.
pub fn span_json(id: &str, label: &str, start: u32, end: u32, text: &str) -> Option<Value> {
    let covered = domain::text::slice(text, start, end).filter(|covered| !covered.is_empty())?;
    Some(json!({ "id": id, "label": label, "start": start, "end": end, "text": covered }))
}

/// The same region under another label. Of its attributes those stay that the label asks for.
pub fn relabeled(region: &Value, label: &Label) -> Value {
    let mut attributes = region.get("attributes").and_then(Value::as_object).cloned().unwrap_or_default();
    attributes.retain(|name, _| label.attributes.iter().any(|asked| asked.id == *name));
    let attributes = (!attributes.is_empty()).then_some(Value::Object(attributes));
    with_field(&with_field(region, "label", Some(label.id.clone().into())), "attributes", attributes)
}

fn each<T>(
    schema: &Schema,
    value: &AnnotationValue,
    read: impl Fn(&Kind, &Value) -> Option<T>,
) -> Vec<(RegionRef, String, T)> {
    let mut out = Vec::new();
    for control in &schema.controls {
        let Some(list) = value.get(&control.id).and_then(Value::as_array) else { continue };
        for region in list {
            let field = |name: &str| region.get(name).and_then(Value::as_str).map(str::to_owned);
            if let (Some(id), Some(label), Some(form)) = (field("id"), field("label"), read(&control.kind, region)) {
                out.push((RegionRef { control: control.id.clone(), id }, label, form));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::geometry::{Point, Polygon, Rect};

    #[test]
    fn shapes_and_spans_come_back_as_they_were_written() {
        let schema: Schema = serde_json::from_value(json!({ "controls": [
            { "id": "boxes", "kind": "box", "labels": [{ "id": "person" }] },
            { "id": "areas", "kind": "polygon", "labels": [{ "id": "road" }] },
            { "id": "names", "kind": "span", "labels": [{ "id": "place" }] },
        ] }))
        .unwrap();
        let rect = Geometry::Box(Rect { x: 1.25, y: 2.0, w: 30.0, h: 40.5 });
        let corners = vec![Point::new(0.0, 0.0), Point::new(9.0, 0.0), Point::new(4.5, 7.25)];
        let area = Geometry::Polygon(Polygon::new(corners));
        let text = "𠮷野家在贵阳";
        let value: AnnotationValue = [
            ("boxes".to_owned(), json!([shape_json("r1", "person", &rect)])),
            ("areas".to_owned(), json!([shape_json("r2", "road", &area)])),
            ("names".to_owned(), json!([span_json("r3", "place", 4, 6, text).unwrap()])),
        ]
        .into_iter()
        .collect();
        let forms: Vec<Geometry> = shapes(&schema, &value).into_iter().map(|shape| shape.geometry).collect();
        assert_eq!(forms, [rect, area]);
        let found = spans(&schema, &value);
        assert_eq!((found[0].start, found[0].end), (4, 6));
        assert_eq!(find(&value, &found[0].region).unwrap()["text"], "贵阳");
        assert_eq!(fresh_id(&value), "r4");
    }

    #[test]
    fn a_box_to_the_edge_ends_at_the_edge() {
        let json = shape_json("r1", "a", &Geometry::Box(Rect { x: 0.004, y: 0.0, w: 99.996, h: 50.0 }));
        assert_eq!((json["x"].as_f64(), json["w"].as_f64()), (Some(0.0), Some(100.0)));
    }

    #[test]
    fn another_form_leaves_the_rest_of_the_region_alone() {
        let region = json!({ "id": "r1", "label": "a", "points": [[0, 0], [9, 0], [0, 9]], "holes": [], "z": 3,
            "attributes": { "cut": true } });
        let points = [(1.0, 1.0), (9.0, 0.0), (0.0, 9.004)].map(|(x, y)| Point::new(x, y)).to_vec();
        let next = reshaped(&region, &Geometry::Polygon(Polygon::new(points)));
        let wanted = json!({ "id": "r1", "label": "a", "points": [[1.0, 1.0], [9.0, 0.0], [0.0, 9.0]], "z": 3,
            "attributes": { "cut": true } });
        assert_eq!(next, wanted);
    }

    #[test]
    fn attributes_are_put_and_taken_away_and_stay_where_the_next_label_asks_for_them() {
        let region = json!({ "id": "r1", "label": "car", "x": 1 });
        let asked = |id: &str| json!({ "id": id, "kind": "flag" });
        let filled = with_attribute(&with_attribute(&region, "cut", Some(json!(true))), "old", Some(json!(true)));
        assert_eq!(attribute(&filled, "cut"), Some(&json!(true)));
        let bus: Label = serde_json::from_value(json!({ "id": "bus", "attributes": [asked("cut")] })).unwrap();
        let bus = relabeled(&filled, &bus);
        assert_eq!(bus, json!({ "id": "r1", "label": "bus", "x": 1, "attributes": { "cut": true } }));
        assert_eq!(with_attribute(&bus, "cut", None), json!({ "id": "r1", "label": "bus", "x": 1 }));
    }

    #[test]
    fn names_of_groups_and_regions_are_free() {
        let value: AnnotationValue =
            [("boxes".to_owned(), json!([{ "id": "r7", "group": "g2" }, { "id": "x" }]))].into_iter().collect();
        assert_eq!(fresh_ids(&value, 2), ["r8", "r9"]);
        assert_eq!(fresh_group(&value), "g3");
    }

    #[test]
    fn a_span_outside_the_text_is_none() {
        assert_eq!(span_json("r1", "a", 1, 9, "贵阳"), None);
        assert_eq!(span_json("r1", "a", 1, 1, "贵阳"), None);
    }
}
