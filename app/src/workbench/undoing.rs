//! Only tests: whatever hands do to shapes, taken back and done again, is the same document. One test for each kind of shape,
//! through the functions that pointer and keys go through themselves.

use super::document::{Document, Edit};
use super::region::{self, Geometry, RegionRef};
use super::viewport::Size;
use crate::tools::grip::{self, Drag, Grip, HANDLES};
use crate::tools::mask::gesture::{Brush, Stroke};
use crate::tools::{operation, polygon, polyline, skeleton};
use domain::geometry::skeleton::Template;
use domain::geometry::{Ellipse, Mask, Point, Polygon, Rect, RotatedBox, ShapeKind};
use proptest::prelude::*;
use serde_json::json;

const IMAGE: Size = Size { w: 120.0, h: 90.0 };

/// One thing that a person does to the shapes of one control. Numbers say where and by how much; what they cannot mean for a
/// kind of shape does nothing.
#[derive(Debug, Clone)]
enum Deed {
    Create(Rect),
    Delete(usize),
    Duplicate(usize),
    Label(usize, bool),
    Move(usize, f64, f64),
    Grow(usize, bool, f64, f64),
    Turn(usize, f64),
    Handle(usize, usize, Point),
    MoveVertex(usize, usize, f64, f64),
    InsertVertex(usize, usize),
    RemoveVertex(usize, usize),
    Joint(usize, usize),
    Paint(usize, Point, Point, Brush),
    Simplify(usize),
    Fill(usize),
    Merge(usize, usize),
    Cut(usize, usize),
    Reorder(usize, usize),
    Undo,
    Redo,
    Reload,
}

fn deed() -> impl Strategy<Value = Deed> {
    let n = || 0..12_usize;
    let by = || (-40.0..40.0f64, -40.0..40.0f64);
    let at = || (-10.0..130.0f64, -10.0..100.0f64).prop_map(|(x, y)| Point::new(x, y));
    let rect = (0.0..90.0f64, 0.0..60.0f64, 2.0..30.0f64, 2.0..30.0f64).prop_map(|(x, y, w, h)| Rect { x, y, w, h });
    let brush = (0.5..9.0f64, any::<bool>(), any::<bool>()).prop_map(|(radius, erases, outlines)| Brush {
        radius,
        erases,
        outlines,
    });
    prop_oneof![
        4 => rect.prop_map(Deed::Create),
        1 => n().prop_map(Deed::Delete),
        1 => n().prop_map(Deed::Duplicate),
        1 => (n(), any::<bool>()).prop_map(|(n, other)| Deed::Label(n, other)),
        3 => (n(), by()).prop_map(|(n, (dx, dy))| Deed::Move(n, dx, dy)),
        2 => (n(), any::<bool>(), by()).prop_map(|(n, left_top, (dx, dy))| Deed::Grow(n, left_top, dx, dy)),
        1 => (n(), -400.0..400.0f64).prop_map(|(n, degrees)| Deed::Turn(n, degrees)),
        2 => (n(), 0..8_usize, at()).prop_map(|(n, handle, to)| Deed::Handle(n, handle, to)),
        2 => (n(), n(), by()).prop_map(|(n, vertex, (dx, dy))| Deed::MoveVertex(n, vertex, dx, dy)),
        2 => (n(), n()).prop_map(|(n, vertex)| Deed::InsertVertex(n, vertex)),
        1 => (n(), n()).prop_map(|(n, vertex)| Deed::RemoveVertex(n, vertex)),
        1 => (n(), n()).prop_map(|(n, joint)| Deed::Joint(n, joint)),
        2 => (n(), at(), at(), brush).prop_map(|(n, from, to, brush)| Deed::Paint(n, from, to, brush)),
        1 => n().prop_map(Deed::Simplify),
        1 => n().prop_map(Deed::Fill),
        1 => (n(), n()).prop_map(|(n, other)| Deed::Merge(n, other)),
        1 => (n(), n()).prop_map(|(n, other)| Deed::Cut(n, other)),
        1 => (n(), n()).prop_map(|(n, to)| Deed::Reorder(n, to)),
        2 => Just(Deed::Undo),
        1 => Just(Deed::Redo),
        1 => Just(Deed::Reload),
    ]
}

fn template() -> Template {
    let names = ["head", "hand", "foot"].map(str::to_owned);
    let [head, hand, foot] = names.clone();
    Template { points: names.to_vec(), edges: vec![(head.clone(), hand), (head, foot)] }
}

/// A new shape, as a key puts it down.
fn placed(kind: ShapeKind, rect: Rect) -> Geometry {
    match kind {
        ShapeKind::Box => Geometry::Box(rect),
        ShapeKind::RotatedBox => Geometry::RotatedBox(RotatedBox::from(rect)),
        ShapeKind::Ellipse => Geometry::Ellipse(Ellipse::within(rect)),
        ShapeKind::Polygon => Geometry::Polygon(Polygon::new(polygon::gesture::diamond(rect))),
        ShapeKind::Polyline => Geometry::Polyline(polyline::gesture::across(rect)),
        ShapeKind::Point => Geometry::Point(rect.centre()),
        ShapeKind::Mask => Geometry::Mask(Mask::of_ellipse(grip::whole(IMAGE), Ellipse::within(rect))),
        ShapeKind::Skeleton => Geometry::Skeleton(skeleton::gesture::around(&template(), rect)),
    }
}

fn shapes(document: &Document, kind: ShapeKind) -> Vec<(String, Geometry)> {
    let regions = document.value().get("shapes").and_then(|list| list.as_array()).cloned().unwrap_or_default();
    let read = |region: &serde_json::Value| {
        (region["id"].as_str().unwrap().to_owned(), Geometry::read(kind, region.as_object().unwrap()).unwrap())
    };
    regions.iter().map(read).collect()
}

/// The edits of a deed; none where it means nothing for such shapes.
fn edits(document: &Document, kind: ShapeKind, deed: &Deed) -> Vec<Edit> {
    let all = shapes(document, kind);
    let nth = |n: usize| all.get(n % all.len().max(1)).cloned();
    let own = |id: &str| RegionRef { control: "shapes".into(), id: id.to_owned() };
    let put = |region| Edit::Put { control: "shapes".into(), region };
    let fresh = || region::fresh_id(document.value());
    let reshaped = |n: usize, change: &dyn Fn(&Geometry) -> Option<Geometry>| {
        let changed = nth(n).and_then(|(id, shape)| Some((id, change(&shape)?)));
        let found = changed.and_then(|(id, next)| Some((region::find(document.value(), &own(&id))?.clone(), next)));
        found.into_iter().map(|(found, next)| put(region::reshaped(&found, &next))).collect::<Vec<_>>()
    };
    let vertex = |shape: &Geometry, n: usize| {
        let all = shape.vertices();
        all.get(n % all.len().max(1)).map(|(vertex, _)| *vertex)
    };
    let size = grip::whole(IMAGE);
    match deed {
        Deed::Create(rect) => vec![put(region::shape_json(&fresh(), "a", &placed(kind, *rect)))],
        Deed::Delete(n) => nth(*n).map(|(id, _)| Edit::Remove { control: "shapes".into(), id }).into_iter().collect(),
        Deed::Duplicate(n) => {
            let copy = |(_, shape): (String, Geometry)| {
                put(region::shape_json(&fresh(), "b", &grip::shifted(&shape, 8.0, 8.0, IMAGE)))
            };
            nth(*n).map(copy).into_iter().collect()
        }
        Deed::Label(n, other) => {
            let found = nth(*n).and_then(|(id, _)| region::find(document.value(), &own(&id)).cloned());
            let label = if *other { "b" } else { "a" };
            found.map(|found| put(region::with_field(&found, "label", Some(json!(label))))).into_iter().collect()
        }
        Deed::Move(n, dx, dy) => reshaped(*n, &|shape| Some(grip::shifted(shape, *dx, *dy, IMAGE))),
        Deed::Grow(n, left_top, dx, dy) => reshaped(*n, &|shape| grip::grown(shape, *left_top, *dx, *dy, IMAGE)),
        Deed::Turn(n, degrees) => reshaped(*n, &|shape| grip::turned(shape, *degrees, IMAGE)),
        Deed::Handle(n, handle, to) => reshaped(*n, &|shape| {
            let handle = HANDLES[*handle];
            let at = grip::handle_point(grip::frame(shape)?, handle);
            let mut drag = Drag::new(shape, Grip::Handle(handle), at);
            drag.to(*to, IMAGE);
            Some(drag.shape().clone())
        }),
        Deed::MoveVertex(n, at, dx, dy) => {
            reshaped(*n, &|shape| Some(grip::with_vertex_moved(shape, vertex(shape, *at)?, *dx, *dy, IMAGE)))
        }
        Deed::InsertVertex(n, at) => {
            reshaped(*n, &|shape| Some(grip::with_vertex_after(shape, vertex(shape, *at)?)?.0))
        }
        Deed::RemoveVertex(n, at) => reshaped(*n, &|shape| grip::without_vertex(shape, vertex(shape, *at)?)),
        Deed::Joint(n, at) => reshaped(*n, &|shape| match shape {
            Geometry::Skeleton(posed) => Some(Geometry::Skeleton(skeleton::gesture::cycled(posed, *at % 3))),
            _ => None,
        }),
        Deed::Paint(n, from, to, brush) => reshaped(*n, &|shape| match shape {
            Geometry::Mask(mask) => {
                let mut stroke = Stroke::new(mask, *from, *brush);
                stroke.to(*to);
                stroke.to(Point::new(from.x, to.y));
                Some(stroke.mask().clone()).filter(|mask| !mask.is_empty()).map(Geometry::Mask)
            }
            _ => None,
        }),
        Deed::Simplify(n) => reshaped(*n, &|shape| operation::simplified(shape, 3.0)),
        Deed::Fill(n) => reshaped(*n, &operation::filled),
        Deed::Merge(n, other) | Deed::Cut(n, other) => {
            let Some(((id, first), (gone, second))) = nth(*n).zip(nth(*other)).filter(|(a, b)| a.0 != b.0) else {
                return Vec::new();
            };
            let merges = matches!(deed, Deed::Merge(..));
            let made = if merges {
                operation::merged(&first, &[&second], size).map(|whole| vec![whole])
            } else {
                operation::cut(&first, &[&second], size)
            };
            let Ok(made) = made else { return Vec::new() };
            let ids = region::fresh_ids(document.value(), made.len());
            let removed = merges.then(|| Edit::Remove { control: "shapes".into(), id: gone });
            let parts = made.iter().zip(std::iter::once(id).chain(ids));
            let parts = parts.map(|(part, id)| put(region::shape_json(&id, "a", part)));
            removed.into_iter().chain(parts).collect()
        }
        Deed::Reorder(n, to) => {
            let edit = |(id, _): (String, Geometry)| Edit::Reorder { control: "shapes".into(), id, to: *to };
            nth(*n).map(edit).into_iter().collect()
        }
        Deed::Undo | Deed::Redo | Deed::Reload => Vec::new(),
    }
}

/// Does the deeds, and sees after each that the document is the one that was there at that step.
fn there_and_back(kind: ShapeKind, deeds: &[Deed]) -> Result<(), TestCaseError> {
    let mut document = Document::default();
    let mut states = vec![document.value().clone()];
    let mut at = 0_usize;
    for deed in deeds {
        match deed {
            Deed::Undo => {
                prop_assert_eq!(document.undo(), at > 0);
                at = at.saturating_sub(1);
            }
            Deed::Redo => {
                let can = at + 1 < states.len();
                prop_assert_eq!(document.redo(), can);
                at += usize::from(can);
            }
            Deed::Reload => {
                let text = serde_json::to_string(&document).unwrap();
                let read: Document = serde_json::from_str(&text).unwrap();
                prop_assert_eq!(&read, &document);
                document = read;
            }
            other => {
                let edits = edits(&document, kind, other);
                if !edits.is_empty() && document.apply(edits) {
                    states.truncate(at + 1);
                    states.push(document.value().clone());
                    at += 1;
                }
            }
        }
        prop_assert_eq!(document.value(), &states[at]);
        // What is kept is read as it was written.
        for (id, shape) in shapes(&document, kind) {
            let region = RegionRef { control: "shapes".into(), id };
            prop_assert_eq!(
                region::find(document.value(), &region).map(|found| region::reshaped(found, &shape)),
                region::find(document.value(), &region).cloned()
            );
        }
    }
    while at > 0 {
        prop_assert!(document.undo());
        at -= 1;
        prop_assert_eq!(document.value(), &states[at]);
    }
    prop_assert!(!document.undo() && document.value().is_empty());
    for state in states.iter().skip(1) {
        prop_assert!(document.redo());
        prop_assert_eq!(document.value(), state);
    }
    prop_assert!(!document.redo());
    Ok(())
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    prop::collection::vec(deed(), 1..80)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn boxes(deeds in deeds()) {
        there_and_back(ShapeKind::Box, &deeds)?;
    }

    #[test]
    fn rotated_boxes(deeds in deeds()) {
        there_and_back(ShapeKind::RotatedBox, &deeds)?;
    }

    #[test]
    fn ellipses(deeds in deeds()) {
        there_and_back(ShapeKind::Ellipse, &deeds)?;
    }

    #[test]
    fn polygons(deeds in deeds()) {
        there_and_back(ShapeKind::Polygon, &deeds)?;
    }

    #[test]
    fn lines(deeds in deeds()) {
        there_and_back(ShapeKind::Polyline, &deeds)?;
    }

    #[test]
    fn points(deeds in deeds()) {
        there_and_back(ShapeKind::Point, &deeds)?;
    }

    #[test]
    fn skeletons(deeds in deeds()) {
        there_and_back(ShapeKind::Skeleton, &deeds)?;
    }

    #[test]
    fn masks(deeds in deeds()) {
        there_and_back(ShapeKind::Mask, &deeds)?;
    }
}
