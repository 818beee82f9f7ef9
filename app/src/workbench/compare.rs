//! What differs between two or more people's work on one item, for a reviewer's eye. No measure of agreement: those count,
//! this only points.

use super::region::{self, Geometry, RegionRef, Shape, Span};
use domain::annotation::AnnotationValue;
use domain::geometry::Rect;
use domain::schema::{Kind, Schema};
use std::collections::BTreeSet;

/// Two shapes of one label count as the same from this overlap of their bounds on.
const SAME: f64 = 0.8;

/// Two points count as the same up to this distance in pixels.
const NEAR: f64 = 5.0;

/// What one person has and somebody else has not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Differences {
    /// Regions without a counterpart with every other person.
    pub regions: BTreeSet<RegionRef>,
    /// Choices and texts that are answered otherwise by somebody.
    pub controls: BTreeSet<String>,
}

impl Differences {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.regions.len() + self.controls.len()
    }
}

/// The differences of each value to the others, in the order given.
pub fn differences(schema: &Schema, values: &[&AnnotationValue]) -> Vec<Differences> {
    let spans: Vec<Vec<Span>> = values.iter().map(|value| region::spans(schema, value)).collect();
    let shapes: Vec<Vec<Shape>> = values.iter().map(|value| region::shapes(schema, value)).collect();
    values
        .iter()
        .enumerate()
        .map(|(own, value)| {
            let mut found = Differences::default();
            let others = || (0..values.len()).filter(move |other| *other != own);
            for span in spans.get(own).into_iter().flatten() {
                let same = |other: &Span| {
                    other.region.control == span.region.control
                        && other.label == span.label
                        && (other.start, other.end) == (span.start, span.end)
                };
                if others().any(|other| !spans.get(other).into_iter().flatten().any(same)) {
                    found.regions.insert(span.region.clone());
                }
            }
            for shape in shapes.get(own).into_iter().flatten() {
                let same = |other: &Shape| {
                    other.region.control == shape.region.control
                        && other.label == shape.label
                        && is_same_form(&other.geometry, &shape.geometry)
                };
                if others().any(|other| !shapes.get(other).into_iter().flatten().any(same)) {
                    found.regions.insert(shape.region.clone());
                }
            }
            for control in &schema.controls {
                if matches!(control.kind, Kind::Choice { .. } | Kind::Text { .. })
                    && others().any(|other| {
                        values.get(other).is_some_and(|other| other.get(&control.id) != value.get(&control.id))
                    })
                {
                    found.controls.insert(control.id.clone());
                }
            }
            found
        })
        .collect()
}

fn is_same_form(a: &Geometry, b: &Geometry) -> bool {
    match (a, b) {
        (Geometry::Point(a), Geometry::Point(b)) => a.distance(*b) <= NEAR,
        _ if a.kind() != b.kind() => false,
        _ => a.bounds().zip(b.bounds()).is_some_and(|(a, b)| {
            // A line along an axis has bounds without area.
            let thin = |rect: Rect| if rect.w < NEAR || rect.h < NEAR { rect.grown(NEAR) } else { rect };
            thin(a).iou(thin(b)) >= SAME
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn value(json: Value) -> AnnotationValue {
        json.as_object().unwrap().clone()
    }

    #[test]
    fn points_at_what_only_one_has() {
        let schema: Schema = serde_json::from_value(json!({ "controls": [
            { "id": "names", "kind": "span", "labels": [{ "id": "place" }, { "id": "person" }] },
            { "id": "mood", "kind": "choice", "options": [{ "id": "good" }, { "id": "bad" }] },
        ] }))
        .unwrap();
        let span =
            |id: &str, label: &str, end: u32| json!({ "id": id, "label": label, "start": 0, "end": end, "text": "" });
        let first = value(json!({ "names": [span("r1", "place", 2), span("r2", "person", 5)], "mood": ["good"] }));
        let second = value(json!({ "names": [span("r7", "place", 2), span("r8", "place", 5)], "mood": ["bad"] }));
        let found = differences(&schema, &[&first, &second]);
        let ids = |at: usize| found[at].regions.iter().map(|region| region.id.as_str()).collect::<Vec<_>>();
        assert_eq!((ids(0), ids(1)), (vec!["r2"], vec!["r8"]));
        assert!(found.iter().all(|one| one.controls.contains("mood") && one.count() == 2));
        assert_eq!(differences(&schema, &[&first, &first])[0], Differences::default());
        assert_eq!(differences(&schema, &[&first])[0], Differences::default());
    }

    #[test]
    fn boxes_need_not_agree_to_the_pixel() {
        let schema: Schema = serde_json::from_value(
            json!({ "controls": [{ "id": "boxes", "kind": "box", "labels": [{ "id": "car" }] }] }),
        )
        .unwrap();
        let at =
            |x: f64| value(json!({ "boxes": [{ "id": "r1", "label": "car", "x": x, "y": 0, "w": 100, "h": 100 }] }));
        let close = differences(&schema, &[&at(0.0), &at(4.0)]);
        assert_eq!(close[0].count() + close[1].count(), 0);
        let apart = differences(&schema, &[&at(0.0), &at(40.0)]);
        assert_eq!(apart[0].count() + apart[1].count(), 2);
    }
}
