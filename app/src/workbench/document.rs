//! The value being edited, as a history of steps: every edit can be undone and done again.
//!
//! It knows values and regions as JSON and nothing of labels, screens or storage; it never checks a value against a schema.

use domain::annotation::AnnotationValue;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How many steps can be undone.
pub const STEPS_MAX: usize = 500;

/// One thing that the person asks to change.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Gives a control a new value, or none.
    Set {
        /// The control.
        control: String,
        /// Its value.
        value: Option<Value>,
    },
    /// Adds a region, or replaces the one with the same id.
    Put {
        /// The control.
        control: String,
        /// The region, an object with an `id`.
        region: Value,
    },
    /// Removes a region.
    Remove {
        /// The control.
        control: String,
        /// The region's id.
        id: String,
    },
    /// Puts a region at another place in its control's list; what comes later lies above.
    Reorder {
        /// The control.
        control: String,
        /// The region's id.
        id: String,
        /// Its place among the others, from the bottom.
        to: usize,
    },
}

impl Edit {
    /// The region that it is about, by control and id.
    pub fn region(&self) -> Option<(&str, &str)> {
        match self {
            Edit::Set { .. } => None,
            Edit::Put { control, region } => Some((control, region.get("id")?.as_str()?)),
            Edit::Remove { control, id } | Edit::Reorder { control, id, .. } => Some((control, id)),
        }
    }
}

/// A value with its history.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Document {
    value: AnnotationValue,
    #[serde(default)]
    done: Vec<Step>,
    #[serde(default)]
    undone: Vec<Step>,
}

/// What one undo takes back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Step {
    changes: Vec<Change>,
    /// Typing in one field is one step: edits with the same mark join the step before them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    merge: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Change {
    Control { control: String, before: Option<Value>, after: Option<Value> },
    Region { control: String, before: Option<Placed>, after: Option<Placed> },
}

/// A region and its place in the list, so that taking back a removal restores the order too.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Placed {
    at: usize,
    region: Value,
}

impl Document {
    /// A document that begins with this value and no history.
    pub fn new(value: AnnotationValue) -> Self {
        let value = value.into_iter().filter(|(_, value)| !is_nothing(value)).collect();
        Self { value, done: Vec::new(), undone: Vec::new() }
    }

    /// The value as it stands.
    pub fn value(&self) -> &AnnotationValue {
        &self.value
    }

    /// How many regions, or other answers in a list, the value has.
    pub fn regions_count(&self) -> usize {
        self.value.values().filter_map(Value::as_array).map(Vec::len).sum()
    }

    /// There is something to undo.
    pub fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    /// There is something to do again.
    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// Makes the edits as one step. False when they change nothing.
    pub fn apply(&mut self, edits: Vec<Edit>) -> bool {
        self.record(edits, None)
    }

    /// As [`Document::apply`], joined to the step before when that has the same mark.
    pub fn apply_merged(&mut self, edits: Vec<Edit>, mark: &str) -> bool {
        self.record(edits, Some(mark.to_owned()))
    }

    /// Ends a run of merged edits: the next one is a step of its own.
    pub fn seal(&mut self) {
        if let Some(step) = self.done.last_mut() {
            step.merge = None;
        }
    }

    /// Takes back the last step.
    pub fn undo(&mut self) -> bool {
        let Some(mut step) = self.done.pop() else { return false };
        for change in step.changes.iter().rev() {
            match change {
                Change::Control { control, before, .. } => self.set(control, before.clone()),
                Change::Region { control, before, after } => self.exchange(control, after.as_ref(), before.as_ref()),
            }
        }
        step.merge = None;
        self.undone.push(step);
        self.seal();
        true
    }

    /// Does the last undone step again.
    pub fn redo(&mut self) -> bool {
        let Some(step) = self.undone.pop() else { return false };
        for change in &step.changes {
            self.make(change);
        }
        self.done.push(step);
        true
    }

    fn record(&mut self, edits: Vec<Edit>, merge: Option<String>) -> bool {
        let mut changes = Vec::new();
        for edit in edits {
            if let Some(change) = self.change(edit) {
                self.make(&change);
                changes.push(change);
            }
        }
        if changes.is_empty() {
            return false;
        }
        self.undone.clear();
        if merge.is_some()
            && let Some(last) = self.done.last_mut()
            && last.merge == merge
        {
            match (last.changes.as_mut_slice(), changes.as_slice()) {
                (
                    [Change::Control { control: earlier, after: end, .. }],
                    [Change::Control { control: later, after, .. }],
                ) if earlier == later => {
                    end.clone_from(after);
                    return true;
                }
                (
                    [Change::Region { control: earlier, after: Some(end), .. }],
                    [Change::Region { control: later, before: Some(start), after: Some(after) }],
                ) if earlier == later && end == start => {
                    end.clone_from(after);
                    return true;
                }
                _ => {}
            }
        }
        self.done.push(Step { changes, merge });
        if self.done.len() > STEPS_MAX {
            self.done.remove(0);
        }
        true
    }

    fn change(&self, edit: Edit) -> Option<Change> {
        match edit {
            Edit::Set { control, value } => {
                let before = self.value.get(&control).cloned();
                let after = value.filter(|value| !is_nothing(value));
                (before != after).then_some(Change::Control { control, before, after })
            }
            Edit::Put { control, region } => {
                let id = region.get("id").and_then(Value::as_str)?.to_owned();
                let before = self.placed(&control, &id);
                if before.as_ref().is_some_and(|placed| placed.region == region) {
                    return None;
                }
                let at = before.as_ref().map_or_else(|| self.regions(&control).len(), |placed| placed.at);
                Some(Change::Region { control, before, after: Some(Placed { at, region }) })
            }
            Edit::Remove { control, id } => {
                let before = self.placed(&control, &id)?;
                Some(Change::Region { control, before: Some(before), after: None })
            }
            Edit::Reorder { control, id, to } => {
                let before = self.placed(&control, &id)?;
                let at = to.min(self.regions(&control).len().saturating_sub(1));
                let after = Placed { at, region: before.region.clone() };
                (before.at != at).then_some(Change::Region { control, before: Some(before), after: Some(after) })
            }
        }
    }

    fn make(&mut self, change: &Change) {
        match change {
            Change::Control { control, after, .. } => self.set(control, after.clone()),
            Change::Region { control, before, after } => self.exchange(control, before.as_ref(), after.as_ref()),
        }
    }

    fn set(&mut self, control: &str, value: Option<Value>) {
        match value {
            Some(value) => {
                self.value.insert(control.to_owned(), value);
            }
            None => {
                self.value.remove(control);
            }
        }
    }

    fn exchange(&mut self, control: &str, out: Option<&Placed>, into: Option<&Placed>) {
        let mut list = match self.value.remove(control) {
            Some(Value::Array(list)) => list,
            _ => Vec::new(),
        };
        if let Some(placed) = out
            && placed.at < list.len()
        {
            list.remove(placed.at);
        }
        if let Some(placed) = into {
            list.insert(placed.at.min(list.len()), placed.region.clone());
        }
        if !list.is_empty() {
            self.value.insert(control.to_owned(), Value::Array(list));
        }
    }

    fn regions(&self, control: &str) -> &[Value] {
        self.value.get(control).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    fn placed(&self, control: &str, id: &str) -> Option<Placed> {
        let found = |region: &&Value| region.get("id").and_then(Value::as_str) == Some(id);
        let (at, region) = self.regions(control).iter().enumerate().find(|(_, region)| found(region))?;
        Some(Placed { at, region: region.clone() })
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn put(id: u8, x: u8) -> Edit {
        Edit::Put { control: "objects".into(), region: json!({ "id": format!("r{id}"), "x": x }) }
    }

    fn edit() -> impl Strategy<Value = Edit> {
        prop_oneof![
            (0_u8..6, any::<u8>()).prop_map(|(id, x)| put(id, x)),
            (0_u8..6).prop_map(|id| Edit::Remove { control: "objects".into(), id: format!("r{id}") }),
            (0_u8..6, 0_usize..8).prop_map(|(id, to)| Edit::Reorder {
                control: "objects".into(),
                id: format!("r{id}"),
                to
            }),
            (0_u8..4)
                .prop_map(|n| Edit::Set { control: "mood".into(), value: (n > 0).then(|| json!([n.to_string()])) }),
        ]
    }

    #[test]
    fn typing_is_one_step_until_it_is_sealed() {
        let typed =
            |text: &str| vec![Edit::Set { control: "note".into(), value: Some(Value::String(text.to_owned())) }];
        let mut document = Document::default();
        document.apply_merged(typed("贵"), "note");
        document.apply_merged(typed("贵阳"), "note");
        document.seal();
        document.apply_merged(typed("贵阳市"), "note");
        assert!(document.undo());
        assert_eq!(document.value().get("note"), Some(&json!("贵阳")));
        assert!(document.undo());
        assert_eq!(document.value().get("note"), None);
        assert!(!document.can_undo());
    }

    #[test]
    fn a_removed_region_comes_back_in_its_place() {
        let mut document = Document::default();
        document.apply(vec![put(1, 1), put(2, 2), put(3, 3)]);
        let before = document.clone();
        document.apply(vec![Edit::Remove { control: "objects".into(), id: "r2".into() }]);
        document.undo();
        assert_eq!(document.value(), before.value());
    }

    #[test]
    fn order_is_a_place_in_the_list() {
        let order = |document: &Document| -> Vec<String> {
            let list = document.value()["objects"].as_array().unwrap().iter();
            list.map(|region| region["id"].as_str().unwrap().to_owned()).collect()
        };
        let mut document = Document::default();
        document.apply(vec![put(1, 1), put(2, 2), put(3, 3)]);
        let front = |to| vec![Edit::Reorder { control: "objects".into(), id: "r1".into(), to }];
        assert!(document.apply(front(9)));
        assert_eq!(order(&document), ["r2", "r3", "r1"]);
        assert!(!document.apply(front(2)), "it is there already");
        document.undo();
        assert_eq!(order(&document), ["r1", "r2", "r3"]);
    }

    #[test]
    fn typing_into_a_regions_attribute_is_one_step() {
        let typed = |text: &str| {
            let region = json!({ "id": "r1", "attributes": { "text": text } });
            vec![Edit::Put { control: "objects".into(), region }]
        };
        let mut document = Document::default();
        document.apply(vec![put(1, 1)]);
        document.apply_merged(typed("贵"), "r1.text");
        document.apply_merged(typed("贵阳"), "r1.text");
        document.apply_merged(typed("遵义"), "r1.other");
        assert!(document.undo() && document.undo());
        assert_eq!(document.value()["objects"], json!([{ "id": "r1", "x": 1 }]));
    }

    #[test]
    fn the_history_is_long_but_not_endless() {
        let mut document = Document::default();
        for x in 0..=u8::MAX {
            document.apply(vec![put(1, x)]);
            document.apply(vec![put(2, x)]);
        }
        let mut steps = 0;
        while document.undo() {
            steps += 1;
        }
        assert_eq!(steps, STEPS_MAX);
    }

    #[test]
    fn it_survives_being_written_down() {
        let mut document = Document::default();
        document.apply(vec![put(1, 1)]);
        document.apply(vec![put(1, 2)]);
        document.undo();
        let text = serde_json::to_string(&document).unwrap();
        let mut read: Document = serde_json::from_str(&text).unwrap();
        assert_eq!(read, document);
        assert!(read.redo() && read.undo() && read.undo());
        assert!(read.value().is_empty());
    }

    proptest! {
        #[test]
        fn undo_all_and_redo_all(edits in prop::collection::vec(prop::collection::vec(edit(), 1..4), 0..60)) {
            let mut document = Document::default();
            let mut values = vec![document.value().clone()];
            for step in edits {
                if document.apply(step) {
                    values.push(document.value().clone());
                }
            }
            for expected in values.iter().rev().skip(1) {
                prop_assert!(document.undo());
                prop_assert_eq!(document.value(), expected);
            }
            prop_assert!(!document.undo());
            for expected in values.iter().skip(1) {
                prop_assert!(document.redo());
                prop_assert_eq!(document.value(), expected);
            }
            prop_assert!(!document.redo());
        }
    }
}
