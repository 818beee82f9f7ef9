//! A drawing taken back and done again is the same drawing, whatever was done.

use super::*;
use crate::geometry::shape::tests::{SIZE, any_shape};
use crate::geometry::{Handle, Mask, Point, Polygon, Rect, VertexRef};
use crate::project::Modality;
use proptest::prelude::*;
use serde_json::json;

fn square(at: f64) -> Shape {
    Shape::Polygon(Polygon::new(Rect { x: at, y: at, w: 10.0, h: 10.0 }.corners().to_vec()))
}

fn create(id: &str, shape: Shape) -> Command {
    Command::Create(Box::new(Object::new(id, "area", Some("x"), shape)))
}

fn ids(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

fn vertex(index: usize) -> VertexRef {
    VertexRef { ring: 0, index }
}

fn shown(drawing: &Drawing) -> Drawing {
    Drawing { done: VecDeque::new(), undone: Vec::new(), ..drawing.clone() }
}

#[test]
fn a_vertex_is_a_step() {
    let mut drawing = Drawing::new(SIZE);
    drawing.apply(&[create("r1", square(10.0))]).unwrap();
    drawing.apply(&[Command::InsertVertex { id: "r1".into(), vertex: vertex(1), at: Point::new(15.0, 5.0) }]).unwrap();
    drawing.apply(&[Command::MoveVertex { id: "r1".into(), vertex: vertex(1), to: Point::new(16.001, -4.0) }]).unwrap();
    assert_eq!(drawing.objects()[0].shape.vertex(vertex(1)), Some(Point::new(16.0, 0.0)), "on the image, rounded");
    assert!(drawing.undo());
    assert_eq!(drawing.objects()[0].shape.vertex(vertex(1)), Some(Point::new(15.0, 5.0)));
    assert!(drawing.undo());
    assert_eq!(drawing.objects()[0].shape, square(10.0));
    assert!(drawing.redo() && drawing.redo() && !drawing.redo());
}

#[test]
fn what_breaks_a_rule_is_refused_whole() {
    let mut drawing = Drawing::new(SIZE);
    drawing.apply(&[create("r1", square(10.0)), create("r2", square(30.0))]).unwrap();
    let before = drawing.clone();
    let mut refused = |commands: &[Command]| {
        let refused = drawing.apply(commands).unwrap_err();
        assert_eq!(drawing, before);
        refused
    };
    let moved = Command::Move { ids: ids(&["r1"]), dx: 5.0, dy: 0.0 };
    assert_eq!(refused(&[moved.clone(), create("r2", square(1.0))]), Refused::IdTaken("r2".into()));
    assert_eq!(refused(&[moved.clone(), Command::Delete(ids(&["r9"]))]), Refused::NoObject("r9".into()));
    let locks = Command::Lock { ids: ids(&["r1"]), on: true };
    assert_eq!(refused(&[locks, moved]), Refused::Locked("r1".into()));
    let across = Command::MoveVertex { id: "r1".into(), vertex: vertex(0), to: Point::new(25.0, 12.0) };
    assert_eq!(refused(&[across]), Refused::Unsound("r1".into(), Fault::SelfIntersection));
    let fewer = Command::RemoveVertex { id: "r1".into(), vertex: vertex(0) };
    assert_eq!(refused(&[fewer.clone(), fewer]), Refused::Unsound("r1".into(), Fault::TooFewPoints { least: 3 }));
    let wide =
        Command::Resize { id: "r1".into(), handle: Handle::Right, to: Point::new(500.0, 0.0), keep_ratio: false };
    assert_eq!(refused(&[wide]), Refused::Unsound("r1".into(), Fault::Outside { size: SIZE }));
    assert_eq!(refused(&[create("r3", square(f64::NAN))]), Refused::Unsound("r3".into(), Fault::NotFinite));
}

#[test]
fn a_drag_is_one_step_until_it_is_sealed() {
    let mut drawing = Drawing::new(SIZE);
    drawing.apply(&[create("r1", square(10.0)), create("r2", square(30.0))]).unwrap();
    for _ in 0..300 {
        drawing.apply_marked(&[Command::Move { ids: ids(&["r1", "r2"]), dx: 0.1, dy: 0.1 }], "drag").unwrap();
    }
    assert_eq!(drawing.objects()[0].shape, square(40.0));
    assert_eq!(drawing.done.back().map(|step| step.changes.len()), Some(2), "a change for each shape, not each frame");
    drawing.seal();
    drawing.apply_marked(&[Command::Move { ids: ids(&["r1"]), dx: -300.0, dy: 0.0 }], "drag").unwrap();
    assert_eq!(drawing.objects()[0].shape.bounds().map(|bounds| bounds.x), Some(0.0), "stopped at the border");
    assert!(drawing.undo() && drawing.undo());
    assert_eq!(drawing.objects()[0].shape, square(10.0));
    assert!(drawing.redo());
    assert_eq!(drawing.objects()[0].shape, square(40.0));
}

#[test]
fn a_brush_stroke_is_kept_as_the_pixels_it_changed() {
    let size = Size::new(4_000, 4_000);
    let mask = Mask::of_ellipse(size, crate::geometry::Ellipse { cx: 2e3, cy: 2e3, rx: 1.8e3, ry: 1.7e3, angle: 9.0 });
    let mut drawing = Drawing::new(size);
    drawing.apply(&[create("r1", Shape::Mask(mask.clone()))]).unwrap();
    let painted = crate::pixels::brush(&mask, &[Point::new(50.0, 2_000.0)], 12.0, false);
    drawing.apply(&[Command::Reshape { id: "r1".into(), shape: Box::new(Shape::Mask(painted)) }]).unwrap();
    let step = serde_json::to_string(drawing.done.back().unwrap()).unwrap();
    assert!(step.len() < 400, "{} bytes", step.len());
    drawing.undo();
    assert_eq!(drawing.objects()[0].shape, Shape::Mask(mask));
}

#[test]
fn the_history_is_long_but_not_endless() {
    let mut drawing = Drawing::new(SIZE);
    drawing.apply(&[create("r1", square(10.0))]).unwrap();
    for n in 0..700_u32 {
        drawing.apply(&[Command::Set { control: "note".into(), value: Some(json!(n)) }]).unwrap();
    }
    let mut steps = 0;
    while drawing.undo() {
        steps += 1;
    }
    assert_eq!(steps, STEPS_MAX);
}

fn schema() -> Schema {
    let json = json!({"controls": [
        {"id": "mood", "kind": "choice", "options": [{"id": "a"}, {"id": "b"}]},
        {"id": "things", "kind": "box", "labels": [{"id": "x"}]},
        {"id": "area", "kind": "polygon", "labels": [{"id": "x", "attributes": [{"id": "hidden", "kind": "flag"}]}]}
    ]});
    Schema::parse(&json, Modality::Image).unwrap()
}

#[test]
fn a_value_reads_and_writes_the_same() {
    let things = json!([{"id": "r1", "label": "x", "x": 1.0, "y": 2.0, "w": 3.0, "h": 4.0, "colour": "kept"}]);
    let area = json!([
        {"id": "r2", "label": "x", "points": [[0.0, 0.0], [4.0, 0.0], [4.0, 4.0]], "attributes": {"hidden": true}, "group": "g"},
        {"id": "r3", "points": "no shape"}
    ]);
    let value = json!({"mood": ["a"], "things": things, "area": area, "gone": 3});
    let value = value.as_object().unwrap();
    let mut drawing = Drawing::read(&schema(), value, SIZE);
    assert_eq!(&drawing.value(&schema()), value);
    assert_eq!((drawing.objects().len(), drawing.fresh_id()), (2, "r4".to_owned()));
    assert_eq!(drawing.group_of("r2"), ["r2"]);
    // Another order than the schema's is written down, and read again.
    drawing.apply(&[Command::Reorder { id: "r1".into(), to: Order::Top }]).unwrap();
    drawing.apply(&[Command::Hide { ids: ids(&["r1"]), on: true }]).unwrap();
    let written = drawing.value(&schema());
    assert_eq!((&written["area"][0]["z"], &written["things"][0]["z"]), (&json!(0), &json!(1)));
    let read = Drawing::read(&schema(), &written, SIZE);
    assert_eq!(read.objects().iter().map(|object| object.id.as_str()).collect::<Vec<_>>(), ["r2", "r1"]);
    assert!(!read.objects()[1].hidden, "only on that screen");
}

#[test]
fn a_history_that_was_tampered_with_does_no_harm() {
    let mut drawing = Drawing::new(SIZE);
    drawing.apply(&[create("r1", square(10.0))]).unwrap();
    drawing.apply(&[Command::Delete(ids(&["r1"]))]).unwrap();
    let text = serde_json::to_string(&drawing).unwrap().replace("\"at\":0", "\"at\":99");
    let mut read: Drawing = serde_json::from_str(&text).unwrap();
    while read.undo() {}
    while read.redo() {}
    assert!(read.objects().is_empty());
}

fn command() -> impl Strategy<Value = Command> {
    let id = || (0..6_u8).prop_map(|n| format!("r{n}"));
    let some = move || prop::collection::vec(id(), 1..4);
    let place = || (-20.0..120.0f64, -20.0..100.0f64).prop_map(|(x, y)| Point::new(x, y));
    let corner = || (0..2_usize, 0..9_usize).prop_map(|(ring, index)| VertexRef { ring, index });
    let object = move || (id(), any_shape()).prop_map(|(id, shape)| Object::new(&id, "area", Some("x"), shape));
    prop_oneof![
        4 => object().prop_map(|object| Command::Create(Box::new(object))),
        1 => some().prop_map(Command::Delete),
        3 => (some(), -60.0..60.0f64, -60.0..60.0f64).prop_map(|(ids, dx, dy)| Command::Move { ids, dx, dy }),
        2 => (id(), 0..8_usize, place(), any::<bool>())
            .prop_map(|(id, n, to, keep_ratio)| Command::Resize { id, handle: Handle::ALL[n], to, keep_ratio }),
        2 => (id(), -400.0..400.0f64).prop_map(|(id, degrees)| Command::Rotate { id, degrees }),
        3 => (id(), corner(), place()).prop_map(|(id, vertex, to)| Command::MoveVertex { id, vertex, to }),
        3 => (id(), corner(), place()).prop_map(|(id, vertex, at)| Command::InsertVertex { id, vertex, at }),
        2 => (id(), corner()).prop_map(|(id, vertex)| Command::RemoveVertex { id, vertex }),
        2 => (id(), any_shape()).prop_map(|(id, shape)| Command::Reshape { id, shape: Box::new(shape) }),
        2 => (some(), prop::collection::vec(object(), 0..3)).prop_map(|(ids, by)| Command::Replace { ids, by }),
        1 => (some(), prop::option::of("[xy]")).prop_map(|(ids, label)| Command::Label { ids, label }),
        1 => (some(), "[ab]", prop::option::of(any::<bool>().prop_map(Value::from)))
            .prop_map(|(ids, name, value)| Command::Attribute { ids, name, value }),
        2 => (id(), 0..4_usize)
            .prop_map(|(id, n)| Command::Reorder { id, to: [Order::Top, Order::Up, Order::Down, Order::Bottom][n] }),
        1 => (some(), prop::option::of("[gh]")).prop_map(|(ids, group)| Command::Group { ids, group }),
        1 => (some(), any::<bool>()).prop_map(|(ids, on)| Command::Lock { ids, on }),
        1 => (some(), any::<bool>()).prop_map(|(ids, on)| Command::Hide { ids, on }),
        1 => (0..3_u8).prop_map(|n| Command::Set { control: "mood".into(), value: (n > 0).then(|| json!([n])) }),
        1 => (id(), 0..3_u8)
            .prop_map(|(id, start)| Command::PutRegion { control: "names".into(), region: json!({"id": id, "start": start}) }),
        1 => id().prop_map(|id| Command::RemoveRegion { control: "names".into(), id }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn taken_back_and_done_again_it_is_the_same(
        steps in prop::collection::vec((prop::collection::vec(command(), 1..3), 0..3_u8), 0..260),
    ) {
        let mut drawing = Drawing::new(SIZE);
        let mut states = vec![shown(&drawing)];
        for (commands, mark) in steps {
            let before = drawing.clone();
            // Some commands come in runs, as from a drag.
            let depth = drawing.done.len();
            let done = if mark == 0 { drawing.apply_marked(&commands, "drag") } else { drawing.apply(&commands) };
            match done {
                Ok(true) => {
                    prop_assert!(drawing.can_undo() && !drawing.can_redo());
                    if drawing.done.len() == depth {
                        states.pop();
                    }
                    states.push(shown(&drawing));
                }
                Ok(false) => prop_assert_eq!(&drawing, &before),
                Err(_) => prop_assert_eq!(&drawing, &before, "refused whole"),
            }
            let mut seen = std::collections::BTreeSet::new();
            for object in drawing.objects() {
                prop_assert_eq!(object.shape.check(SIZE), Ok(()));
                prop_assert!(seen.insert(object.id.clone()));
            }
        }
        // A reload in between changes nothing.
        let text = serde_json::to_string(&drawing).unwrap();
        let mut drawing: Drawing = { let read: Drawing = serde_json::from_str(&text).unwrap(); prop_assert_eq!(&read, &drawing); read };
        for expected in states.iter().rev().skip(1) {
            prop_assert!(drawing.undo());
            prop_assert_eq!(&shown(&drawing), expected);
        }
        prop_assert!(!drawing.undo());
        for expected in states.iter().skip(1) {
            prop_assert!(drawing.redo());
            prop_assert_eq!(&shown(&drawing), expected);
        }
        prop_assert!(!drawing.redo());
    }
}
