//! A drawing: the shapes on one image and the answers beside them, being edited, with a history of steps.
//!
//! [`Drawing::apply`] takes commands, refuses whole those that break a rule, and remembers how to take them back, down to
//! the single vertex. The history is small (a vertex that moved, the pixels that changed, not copies of shapes), is part
//! of what is written down, and so survives a reload. It knows nothing of pointers, screens, storage or schemas: values
//! come in by [`Drawing::read`] and go out by [`Drawing::value`].
//!
//! Every step can be taken back exactly: a change, once made, is turned into its own opposite.

pub mod change;
pub mod command;
pub mod object;

use crate::annotation::AnnotationValue;
use crate::geometry::{Fault, Shape, Size};
use crate::schema::Schema;
use change::Change;
pub use command::{Command, Order};
pub use object::Object;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::VecDeque;

/// How many steps can be taken back.
pub const STEPS_MAX: usize = 500;

/// Shapes and answers with their history.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Drawing {
    size: Size,
    /// From the bottom to the top.
    objects: Vec<Object>,
    /// The values of controls that draw no shapes.
    #[serde(default)]
    fields: Map<String, Value>,
    /// Regions that could not be read, by control: they belong to another schema and stay as they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    strays: Vec<(String, Value)>,
    #[serde(default)]
    done: VecDeque<Step>,
    #[serde(default)]
    undone: Vec<Step>,
}

/// What one undo takes back: the opposites of its changes, in the order in which those were made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Step {
    changes: Vec<Change>,
    /// A drag or typing in one field is one step: commands with the same mark join the step before them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mark: Option<String>,
}

/// Why commands were refused. Nothing of them was done.
#[derive(Debug, Clone, PartialEq)]
pub enum Refused {
    /// There is no object with this id.
    NoObject(String),
    /// An object with this id is there already.
    IdTaken(String),
    /// The object is locked.
    Locked(String),
    /// The object has no such vertex, or cannot be changed in this way.
    Impossible(String),
    /// The object would not be sound.
    Unsound(String, Fault),
}

impl Drawing {
    /// An empty drawing on an image.
    pub fn new(size: Size) -> Drawing {
        Drawing { size, ..Drawing::default() }
    }

    /// The drawing of a value, without a history. Shapes lie in the order of their `z`, those without one in the order
    /// of the schema and of its lists, above the others.
    pub fn read(schema: &Schema, value: &AnnotationValue, size: Size) -> Drawing {
        let mut drawing = Drawing::new(size);
        let mut placed: Vec<(i64, Object)> = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        for (control, given) in
            value.iter().filter(|(id, _)| schema.control(id).is_none_or(|c| c.kind.shape().is_none()))
        {
            drawing.fields.insert(control.clone(), given.clone());
        }
        for control in &schema.controls {
            let (Some(kind), Some(given)) = (control.kind.shape(), value.get(&control.id)) else { continue };
            let Some(list) = given.as_array() else {
                drawing.fields.insert(control.id.clone(), given.clone());
                continue;
            };
            for region in list {
                // Two objects of one id could not be told apart.
                match Object::read(&control.id, kind, region).filter(|(object, _)| seen.insert(object.id.clone())) {
                    Some((object, z)) => placed.push((z.unwrap_or(i64::MAX), object)),
                    None => drawing.strays.push((control.id.clone(), region.clone())),
                }
            }
        }
        placed.sort_by_key(|(z, _)| *z);
        drawing.objects = placed.into_iter().map(|(_, object)| object).collect();
        drawing
    }

    /// The value to keep and to submit: what is only on the screen (locks, hiding) is left out, and `z` is written where
    /// shapes do not lie in the order of the schema anyway.
    pub fn value(&self, schema: &Schema) -> AnnotationValue {
        let mut value = self.fields.clone();
        let rank = |object: &Object| schema.controls.iter().position(|control| control.id == object.control);
        let in_order = self.objects.iter().zip(self.objects.iter().skip(1)).all(|(a, b)| rank(a) <= rank(b));
        let mut add = |control: &str, region: Value| {
            if let Some(list) = value.entry(control).or_insert_with(|| Value::Array(Vec::new())).as_array_mut() {
                list.push(region);
            }
        };
        for (n, object) in self.objects.iter().enumerate() {
            add(&object.control, object.write((!in_order).then_some(n)));
        }
        for (control, region) in &self.strays {
            add(control, region.clone());
        }
        value
    }

    /// The size of the image.
    pub fn size(&self) -> Size {
        self.size
    }

    /// The objects, from the bottom to the top.
    pub fn objects(&self) -> &[Object] {
        &self.objects
    }

    /// The object with this id, and its place from the bottom.
    pub fn object(&self, id: &str) -> Option<(usize, &Object)> {
        self.objects.iter().enumerate().find(|(_, object)| object.id == id)
    }

    /// The ids of the object's group, its own among them; itself where it has none.
    pub fn group_of(&self, id: &str) -> Vec<String> {
        let Some((_, object)) = self.object(id) else { return Vec::new() };
        let Some(group) = &object.group else { return vec![object.id.clone()] };
        let members = self.objects.iter().filter(|other| other.group.as_ref() == Some(group));
        members.map(|other| other.id.clone()).collect()
    }

    /// The value of a control that draws no shapes.
    pub fn field(&self, control: &str) -> Option<&Value> {
        self.fields.get(control)
    }

    /// A short id that no object and no region has.
    pub fn fresh_id(&self) -> String {
        let regions = self.fields.values().filter_map(Value::as_array).flatten();
        let strays = self.strays.iter().map(|(_, region)| region);
        let others = regions.chain(strays).filter_map(|region| region.get("id")?.as_str());
        let ids = self.objects.iter().map(|object| object.id.as_str()).chain(others);
        let last = ids.filter_map(|id| id.strip_prefix('r')?.parse::<u64>().ok()).max().unwrap_or(0);
        format!("r{}", last.saturating_add(1))
    }

    /// There is something to take back.
    pub fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    /// There is something to do again.
    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// Carries out the commands as one step, all or none. False where they change nothing.
    pub fn apply(&mut self, commands: &[Command]) -> Result<bool, Refused> {
        self.record(commands, None)
    }

    /// As [`Drawing::apply`], joined to the step before where that has the same mark.
    pub fn apply_marked(&mut self, commands: &[Command], mark: &str) -> Result<bool, Refused> {
        self.record(commands, Some(mark))
    }

    /// Ends a run of joined commands: the next one is a step of its own.
    pub fn seal(&mut self) {
        if let Some(step) = self.done.back_mut() {
            step.mark = None;
        }
    }

    /// Takes back the last step.
    pub fn undo(&mut self) -> bool {
        let Some(step) = self.done.pop_back() else { return false };
        let changes = self.play(step.changes);
        self.undone.push(Step { changes, mark: None });
        self.seal();
        true
    }

    /// Does again the step that was taken back last.
    pub fn redo(&mut self) -> bool {
        let Some(step) = self.undone.pop() else { return false };
        let changes = self.play(step.changes);
        self.done.push_back(Step { changes, mark: None });
        true
    }

    fn record(&mut self, commands: &[Command], mark: Option<&str>) -> Result<bool, Refused> {
        let mut opposites = Vec::new();
        for command in commands {
            match self.changes(command) {
                Ok(changes) => opposites.extend(changes.into_iter().filter_map(|change| self.make(change))),
                Err(refused) => {
                    self.play(opposites);
                    return Err(refused);
                }
            }
        }
        if opposites.is_empty() {
            return Ok(false);
        }
        self.undone.clear();
        if let Some(last) = self.done.back_mut().filter(|last| mark.is_some() && last.mark.as_deref() == mark) {
            // What a change of the run puts back is put back by the run's first change of the same thing. Each frame of a
            // drag changes the same things in the same order, so that each is found at its place.
            let joinable = last.changes.iter().chain(&opposites).all(|change| change.target().is_some());
            for (n, opposite) in opposites.into_iter().enumerate() {
                let at = if !joinable {
                    None
                } else if last.changes.get(n).is_some_and(|earlier| earlier.target() == opposite.target()) {
                    Some(n)
                } else {
                    last.changes.iter().position(|earlier| earlier.target() == opposite.target())
                };
                match at.and_then(|at| last.changes.get_mut(at)) {
                    Some(earlier) => earlier.join(&opposite),
                    None => last.changes.push(opposite),
                }
            }
            return Ok(true);
        }
        self.done.push_back(Step { changes: opposites, mark: mark.map(str::to_owned) });
        if self.done.len() > STEPS_MAX {
            self.done.pop_front();
        }
        Ok(true)
    }

    /// Makes changes from the last to the first and gives their opposites, so that playing those gets back here.
    fn play(&mut self, changes: Vec<Change>) -> Vec<Change> {
        changes.into_iter().rev().filter_map(|change| self.make(change)).collect()
    }

    fn checked(&self, id: &str, shape: &Shape) -> Result<(), Refused> {
        shape.check(self.size).map_err(|fault| Refused::Unsound(id.to_owned(), fault))
    }
}

#[cfg(test)]
mod tests;
