//! Regions of a value, typed: shapes on an image and spans of a text, read from JSON and written back.
//! What cannot be read (a value of another schema) is left out here and stays untouched in the document.

use domain::annotation::AnnotationValue;
use domain::schema::{Kind, Schema};
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
    each(schema, value, |kind, region| {
        let kind = kind.shape()?;
        Geometry::read(kind, region.as_object()?).ok()
    })
    .into_iter()
    .map(|(region, label, geometry)| Shape { region, label, geometry })
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

/// A short id that no region of the value has.
pub fn fresh_id(value: &AnnotationValue) -> String {
    let ids = value.values().filter_map(Value::as_array).flatten().filter_map(|region| region.get("id")?.as_str());
    let last = ids.filter_map(|id| id.strip_prefix('r')?.parse::<u32>().ok()).max().unwrap_or(0);
    format!("r{}", last.saturating_add(1))
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

/// The same region under another label.
pub fn relabeled(region: &Value, label: &str) -> Value {
    let mut region = region.clone();
    if let Some(object) = region.as_object_mut() {
        object.insert("label".into(), Value::String(label.to_owned()));
    }
    region
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
    fn a_span_outside_the_text_is_none() {
        assert_eq!(span_json("r1", "a", 1, 9, "贵阳"), None);
        assert_eq!(span_json("r1", "a", 1, 1, "贵阳"), None);
    }
}
