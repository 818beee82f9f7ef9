//! The smallest things that change in a drawing. Making one gives its opposite.

use super::{Drawing, Object};
use crate::geometry::{Mask, Point, Shape, VertexRef, mask::Join};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One change. `at` is an object's place from the bottom at the moment of the change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Change {
    Insert {
        at: usize,
        object: Box<Object>,
    },
    Remove {
        at: usize,
    },
    Shape {
        at: usize,
        shape: Box<Shape>,
    },
    Vertex {
        at: usize,
        vertex: VertexRef,
        to: Point,
    },
    InsertVertex {
        at: usize,
        vertex: VertexRef,
        point: Point,
    },
    RemoveVertex {
        at: usize,
        vertex: VertexRef,
    },
    /// Pixels that go in or out; the opposite is the same again.
    Pixels {
        at: usize,
        flip: Mask,
    },
    Label {
        at: usize,
        label: Option<String>,
    },
    Attribute {
        at: usize,
        name: String,
        value: Option<Value>,
    },
    Group {
        at: usize,
        group: Option<String>,
    },
    Locked {
        at: usize,
        locked: bool,
    },
    Hidden {
        at: usize,
        hidden: bool,
    },
    Order {
        from: usize,
        to: usize,
    },
    Field {
        control: String,
        value: Option<Value>,
    },
    Region {
        control: String,
        at: usize,
        region: Value,
    },
    InsertRegion {
        control: String,
        at: usize,
        region: Value,
    },
    RemoveRegion {
        control: String,
        at: usize,
    },
}

/// What a change puts something else in the place of, for joining runs; changes of order and number have none.
#[derive(Debug, PartialEq)]
pub(super) enum Target<'a> {
    Shape(usize),
    Vertex(usize, VertexRef),
    Label(usize),
    Attribute(usize, &'a str),
    Group(usize),
    Locked(usize),
    Hidden(usize),
    Field(&'a str),
    Region(&'a str, usize),
    Pixels(usize),
}

impl Change {
    pub(super) fn target(&self) -> Option<Target<'_>> {
        Some(match self {
            Change::Shape { at, .. } => Target::Shape(*at),
            Change::Vertex { at, vertex, .. } => Target::Vertex(*at, *vertex),
            Change::Label { at, .. } => Target::Label(*at),
            Change::Attribute { at, name, .. } => Target::Attribute(*at, name),
            Change::Group { at, .. } => Target::Group(*at),
            Change::Locked { at, .. } => Target::Locked(*at),
            Change::Hidden { at, .. } => Target::Hidden(*at),
            Change::Field { control, .. } => Target::Field(control),
            Change::Region { control, at, .. } => Target::Region(control, *at),
            Change::Pixels { at, .. } => Target::Pixels(*at),
            Change::Insert { .. }
            | Change::Remove { .. }
            | Change::InsertVertex { .. }
            | Change::RemoveVertex { .. }
            | Change::Order { .. }
            | Change::InsertRegion { .. }
            | Change::RemoveRegion { .. } => return None,
        })
    }
}

impl Change {
    /// Takes a later change of the same thing in: an earlier one puts back already what it would, but for pixels, where
    /// both flips are needed.
    pub(super) fn join(&mut self, later: &Change) {
        if let (Change::Pixels { flip, .. }, Change::Pixels { flip: also, .. }) = (self, later) {
            *flip = flip.joined(also, Join::Xor);
        }
    }
}

impl Drawing {
    /// Makes a change and gives its opposite; nothing where it does not fit, as in a history that was tampered with.
    pub(super) fn make(&mut self, change: Change) -> Option<Change> {
        use std::mem::replace;
        Some(match change {
            Change::Insert { at, object } => {
                if at > self.objects.len() {
                    return None;
                }
                self.objects.insert(at, *object);
                Change::Remove { at }
            }
            Change::Remove { at } => {
                self.objects.get(at)?;
                Change::Insert { at, object: Box::new(self.objects.remove(at)) }
            }
            Change::Shape { at, mut shape } => {
                std::mem::swap(&mut self.objects.get_mut(at)?.shape, &mut *shape);
                Change::Shape { at, shape }
            }
            Change::Vertex { at, vertex, to } => {
                let was = self.objects.get_mut(at)?.shape.put_vertex(vertex, to)?;
                Change::Vertex { at, vertex, to: was }
            }
            Change::InsertVertex { at, vertex, point } => {
                if !self.objects.get_mut(at)?.shape.insert_vertex(vertex, point) {
                    return None;
                }
                Change::RemoveVertex { at, vertex }
            }
            Change::RemoveVertex { at, vertex } => {
                let point = self.objects.get_mut(at)?.shape.remove_vertex(vertex)?;
                Change::InsertVertex { at, vertex, point }
            }
            Change::Pixels { at, flip } => {
                let Shape::Mask(mask) = &mut self.objects.get_mut(at)?.shape else { return None };
                *mask = mask.joined(&flip, Join::Xor);
                Change::Pixels { at, flip }
            }
            Change::Label { at, label } => {
                Change::Label { at, label: replace(&mut self.objects.get_mut(at)?.label, label) }
            }
            Change::Attribute { at, name, value } => {
                let attributes = &mut self.objects.get_mut(at)?.attributes;
                let was = match value {
                    Some(value) => attributes.insert(name.clone(), value),
                    None => attributes.remove(&name),
                };
                Change::Attribute { at, name, value: was }
            }
            Change::Group { at, group } => {
                Change::Group { at, group: replace(&mut self.objects.get_mut(at)?.group, group) }
            }
            Change::Locked { at, locked } => {
                Change::Locked { at, locked: replace(&mut self.objects.get_mut(at)?.locked, locked) }
            }
            Change::Hidden { at, hidden } => {
                Change::Hidden { at, hidden: replace(&mut self.objects.get_mut(at)?.hidden, hidden) }
            }
            Change::Order { from, to } => {
                if from.max(to) >= self.objects.len() {
                    return None;
                }
                let object = self.objects.remove(from);
                self.objects.insert(to, object);
                Change::Order { from: to, to: from }
            }
            Change::Field { control, value } => {
                let was = match value {
                    Some(value) => self.fields.insert(control.clone(), value),
                    None => self.fields.remove(&control),
                };
                Change::Field { control, value: was }
            }
            Change::Region { control, at, region } => {
                let was = replace(self.regions_mut(&control)?.get_mut(at)?, region);
                Change::Region { control, at, region: was }
            }
            Change::InsertRegion { control, at, region } => {
                let list = self.fields.entry(control.clone()).or_insert_with(|| Value::Array(Vec::new()));
                let list = list.as_array_mut().filter(|list| at <= list.len())?;
                list.insert(at, region);
                Change::RemoveRegion { control, at }
            }
            Change::RemoveRegion { control, at } => {
                let list = self.regions_mut(&control)?;
                list.get(at)?;
                let region = list.remove(at);
                // An empty list is no value.
                if list.is_empty() {
                    self.fields.remove(&control);
                }
                Change::InsertRegion { control, at, region }
            }
        })
    }

    fn regions_mut(&mut self, control: &str) -> Option<&mut Vec<Value>> {
        self.fields.get_mut(control)?.as_array_mut()
    }
}
