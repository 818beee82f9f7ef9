//! What a person asks to change in a drawing, and which changes that means. The rules are here: what is locked stays,
//! what is drawn is sound and on the image.

use super::change::Change;
use super::{Drawing, Object, Refused};
use crate::geometry::{Handle, Point, Rect, Shape, VertexRef, mask::Join};
use serde_json::Value;
use std::collections::BTreeSet;

/// One thing that a person asks.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// A new object on top. Its shape is rounded and must be sound; clamp while drawing.
    Create(Box<Object>),
    /// Objects away.
    Delete(Vec<String>),
    /// Objects moved together, as far as all of them stay on the image.
    Move {
        /// Which.
        ids: Vec<String>,
        /// To the right.
        dx: f64,
        /// Down.
        dy: f64,
    },
    /// A handle dragged.
    Resize {
        /// Which object.
        id: String,
        /// Which handle.
        handle: Handle,
        /// Where to.
        to: Point,
        /// Keep width to height.
        keep_ratio: bool,
    },
    /// An object turned about its middle.
    Rotate {
        /// Which.
        id: String,
        /// Degrees clockwise.
        degrees: f64,
    },
    /// A vertex dragged.
    MoveVertex {
        /// Which object.
        id: String,
        /// Which vertex.
        vertex: VertexRef,
        /// Where to; pulled to the image's border.
        to: Point,
    },
    /// A vertex more, before the one at this place.
    InsertVertex {
        /// Which object.
        id: String,
        /// Before which vertex.
        vertex: VertexRef,
        /// Where; pulled to the image's border.
        at: Point,
    },
    /// A vertex less. Refused where too few would remain.
    RemoveVertex {
        /// Which object.
        id: String,
        /// Which vertex.
        vertex: VertexRef,
    },
    /// Another shape in the place of an object's: brushed, simplified, converted, a skeleton's point hidden.
    Reshape {
        /// Which object.
        id: String,
        /// The shape.
        shape: Box<Shape>,
    },
    /// Objects away and others in the lowest one's place: cut, merged, or converted to another control.
    Replace {
        /// Which go.
        ids: Vec<String>,
        /// Which come.
        by: Vec<Object>,
    },
    /// Another label.
    Label {
        /// Which objects.
        ids: Vec<String>,
        /// The label, or none.
        label: Option<String>,
    },
    /// An attribute's value.
    Attribute {
        /// Which objects.
        ids: Vec<String>,
        /// The attribute.
        name: String,
        /// Its value, or none.
        value: Option<Value>,
    },
    /// An object above or below others.
    Reorder {
        /// Which.
        id: String,
        /// Where to.
        to: Order,
    },
    /// Objects into a group, or out of theirs.
    Group {
        /// Which.
        ids: Vec<String>,
        /// The group, or none.
        group: Option<String>,
    },
    /// Objects locked or unlocked.
    Lock {
        /// Which.
        ids: Vec<String>,
        /// Locked.
        on: bool,
    },
    /// Objects hidden or shown.
    Hide {
        /// Which.
        ids: Vec<String>,
        /// Hidden.
        on: bool,
    },
    /// The value of a control that draws no shapes, or none.
    Set {
        /// The control.
        control: String,
        /// Its value.
        value: Option<Value>,
    },
    /// A region that is no shape (a span), or another in its place.
    PutRegion {
        /// The control.
        control: String,
        /// The region, an object with an `id`.
        region: Value,
    },
    /// A region that is no shape away.
    RemoveRegion {
        /// The control.
        control: String,
        /// Its id.
        id: String,
    },
}

/// Where an object goes among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Above all.
    Top,
    /// One up.
    Up,
    /// One down.
    Down,
    /// Below all.
    Bottom,
}

impl Drawing {
    /// The changes that a command means now; none where it changes nothing.
    pub(super) fn changes(&self, command: &Command) -> Result<Vec<Change>, Refused> {
        match command {
            Command::Create(object) => {
                self.refuse_taken(&object.id, &[])?;
                Ok(vec![Change::Insert { at: self.objects.len(), object: Box::new(self.sound(object)?) }])
            }
            Command::Delete(ids) => Ok(self.removals(ids)?.1),
            Command::Move { ids, dx, dy } => self.moves(ids, *dx, *dy),
            Command::Resize { id, handle, to, keep_ratio } => {
                let (at, object) = self.free(id)?;
                let resized = object.shape.resized(*handle, *to, *keep_ratio);
                self.reshaped(at, object, resized.ok_or_else(|| Refused::Impossible(id.clone()))?)
            }
            Command::Rotate { id, degrees } => {
                let (at, object) = self.free(id)?;
                let turned = object.shape.turned(*degrees);
                self.reshaped(at, object, turned.ok_or_else(|| Refused::Impossible(id.clone()))?)
            }
            Command::MoveVertex { id, vertex, to } => {
                let (at, object) = self.free(id)?;
                let to = self.on_image(*to);
                let mut shape = object.shape.clone();
                let was = shape.put_vertex(*vertex, to).ok_or_else(|| Refused::Impossible(id.clone()))?;
                self.checked(id, &shape)?;
                Ok(if was == to { Vec::new() } else { vec![Change::Vertex { at, vertex: *vertex, to }] })
            }
            Command::InsertVertex { id, vertex, at: point } => {
                let (at, object) = self.free(id)?;
                let point = self.on_image(*point);
                let mut shape = object.shape.clone();
                if !shape.insert_vertex(*vertex, point) {
                    return Err(Refused::Impossible(id.clone()));
                }
                self.checked(id, &shape)?;
                Ok(vec![Change::InsertVertex { at, vertex: *vertex, point }])
            }
            Command::RemoveVertex { id, vertex } => {
                let (at, object) = self.free(id)?;
                let mut shape = object.shape.clone();
                shape.remove_vertex(*vertex).ok_or_else(|| Refused::Impossible(id.clone()))?;
                self.checked(id, &shape)?;
                Ok(vec![Change::RemoveVertex { at, vertex: *vertex }])
            }
            Command::Reshape { id, shape } => {
                let (at, object) = self.free(id)?;
                self.reshaped(at, object, (**shape).clone())
            }
            Command::Replace { ids, by } => {
                let (lowest, mut changes) = self.removals(ids)?;
                for (n, object) in by.iter().enumerate() {
                    self.refuse_taken(&object.id, ids)?;
                    if by.iter().take(n).any(|other| other.id == object.id) {
                        return Err(Refused::IdTaken(object.id.clone()));
                    }
                    changes.push(Change::Insert { at: lowest + n, object: Box::new(self.sound(object)?) });
                }
                Ok(changes)
            }
            Command::Label { ids, label } => self
                .each(ids, |at, object| (object.label != *label).then(|| Change::Label { at, label: label.clone() })),
            Command::Attribute { ids, name, value } => self.each(ids, |at, object| {
                let change = || Change::Attribute { at, name: name.clone(), value: value.clone() };
                (object.attributes.get(name) != value.as_ref()).then(change)
            }),
            Command::Group { ids, group } => self
                .each(ids, |at, object| (object.group != *group).then(|| Change::Group { at, group: group.clone() })),
            Command::Reorder { id, to } => {
                let (from, _) = self.free(id)?;
                let top = self.objects.len().saturating_sub(1);
                let to = match to {
                    Order::Top => top,
                    Order::Up => top.min(from + 1),
                    Order::Down => from.saturating_sub(1),
                    Order::Bottom => 0,
                };
                Ok(if from == to { Vec::new() } else { vec![Change::Order { from, to }] })
            }
            Command::Lock { ids, on } => self.each_even_locked(ids, |at, object| {
                (object.locked != *on).then_some(Change::Locked { at, locked: *on })
            }),
            Command::Hide { ids, on } => self.each_even_locked(ids, |at, object| {
                (object.hidden != *on).then_some(Change::Hidden { at, hidden: *on })
            }),
            Command::Set { control, value } => {
                let value = value.clone().filter(|value| !is_nothing(value));
                let same = self.fields.get(control) == value.as_ref();
                Ok(if same { Vec::new() } else { vec![Change::Field { control: control.clone(), value }] })
            }
            Command::PutRegion { control, region } => self.put_region(control, region),
            Command::RemoveRegion { control, id } => {
                let (at, _) = self.region(control, id).ok_or_else(|| Refused::NoObject(id.clone()))?;
                Ok(vec![Change::RemoveRegion { control: control.clone(), at }])
            }
        }
    }

    fn moves(&self, ids: &[String], dx: f64, dy: f64) -> Result<Vec<Change>, Refused> {
        let objects = self.free_all(ids)?;
        let bounds = objects.iter().filter_map(|(_, object)| object.shape.bounds());
        let all = bounds.reduce(Rect::joined);
        let Some(all) = all.filter(|_| dx.is_finite() && dy.is_finite()) else { return Ok(Vec::new()) };
        let (dx, dy) = all.stopped(dx, dy, self.size);
        let moved = objects.into_iter().map(|(at, object)| self.reshaped(at, object, object.shape.moved(dx, dy)));
        Ok(moved.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    fn reshaped(&self, at: usize, object: &Object, shape: Shape) -> Result<Vec<Change>, Refused> {
        let shape = shape.rounded();
        if shape == object.shape {
            return Ok(Vec::new());
        }
        self.checked(&object.id, &shape)?;
        Ok(match (&object.shape, &shape) {
            (Shape::Mask(from), Shape::Mask(to)) if from.size() == to.size() => {
                vec![Change::Pixels { at, flip: from.joined(to, Join::Xor) }]
            }
            _ => vec![Change::Shape { at, shape: Box::new(shape) }],
        })
    }

    /// The changes that take objects away, from the topmost down, and the place of the lowest.
    fn removals(&self, ids: &[String]) -> Result<(usize, Vec<Change>), Refused> {
        let places: Vec<usize> = self.free_all(ids)?.into_iter().map(|(at, _)| at).collect();
        let lowest = places.first().copied().unwrap_or(self.objects.len());
        Ok((lowest, places.into_iter().rev().map(|at| Change::Remove { at }).collect()))
    }

    fn put_region(&self, control: &str, region: &Value) -> Result<Vec<Change>, Refused> {
        let id = region.get("id").and_then(Value::as_str).ok_or_else(|| Refused::Impossible(control.to_owned()))?;
        let (control, region) = (control.to_owned(), region.clone());
        Ok(match self.region(&control, id) {
            Some((_, there)) if *there == region => Vec::new(),
            Some((at, _)) => vec![Change::Region { control, at, region }],
            None => {
                let at = match self.fields.get(&control) {
                    None => 0,
                    Some(Value::Array(list)) => list.len(),
                    Some(_) => return Err(Refused::Impossible(control)),
                };
                vec![Change::InsertRegion { control, at, region }]
            }
        })
    }

    fn region(&self, control: &str, id: &str) -> Option<(usize, &Value)> {
        let list = self.fields.get(control)?.as_array()?;
        list.iter().enumerate().find(|(_, region)| region.get("id").and_then(Value::as_str) == Some(id))
    }

    fn each(&self, ids: &[String], to: impl Fn(usize, &Object) -> Option<Change>) -> Result<Vec<Change>, Refused> {
        Ok(self.free_all(ids)?.into_iter().filter_map(|(at, object)| to(at, object)).collect())
    }

    fn each_even_locked(
        &self,
        ids: &[String],
        to: impl Fn(usize, &Object) -> Option<Change>,
    ) -> Result<Vec<Change>, Refused> {
        Ok(self.all(ids)?.into_iter().filter_map(|(at, object)| to(at, object)).collect())
    }

    /// The objects, each once, from the bottom to the top. One walk through the drawing, however many they are.
    fn all(&self, ids: &[String]) -> Result<Vec<(usize, &Object)>, Refused> {
        let mut wanted: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
        let objects = self.objects.iter().enumerate();
        let found: Vec<(usize, &Object)> = objects.filter(|(_, object)| wanted.remove(object.id.as_str())).collect();
        match wanted.first() {
            Some(missing) => Err(Refused::NoObject((*missing).to_owned())),
            None => Ok(found),
        }
    }

    fn free_all(&self, ids: &[String]) -> Result<Vec<(usize, &Object)>, Refused> {
        let found = self.all(ids)?;
        match found.iter().find(|(_, object)| object.locked) {
            Some((_, object)) => Err(Refused::Locked(object.id.clone())),
            None => Ok(found),
        }
    }

    /// An object that may be changed.
    fn free(&self, id: &str) -> Result<(usize, &Object), Refused> {
        let found = self.object(id).ok_or_else(|| Refused::NoObject(id.to_owned()))?;
        if found.1.locked { Err(Refused::Locked(id.to_owned())) } else { Ok(found) }
    }

    fn refuse_taken(&self, id: &str, but: &[String]) -> Result<(), Refused> {
        let taken = self.object(id).is_some() && !but.iter().any(|other| other == id);
        if taken || id.is_empty() { Err(Refused::IdTaken(id.to_owned())) } else { Ok(()) }
    }

    fn sound(&self, object: &Object) -> Result<Object, Refused> {
        let object = Object { shape: object.shape.rounded(), ..object.clone() };
        self.checked(&object.id, &object.shape)?;
        Ok(object)
    }

    fn on_image(&self, p: Point) -> Point {
        p.clamp(self.size.width.into(), self.size.height.into()).rounded()
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
