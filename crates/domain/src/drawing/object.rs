//! One labeled shape of a drawing, and its form in a value.

use crate::geometry::{Shape, ShapeKind};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A shape with what is said about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Object {
    /// Its id, unique in the drawing.
    pub id: String,
    /// The control it belongs to.
    pub control: String,
    /// The label's id; none where it is still to be labeled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The shape.
    pub shape: Shape,
    /// The values of its label's attributes.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub attributes: Map<String, Value>,
    /// The group it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// It cannot be changed. Only on this screen.
    #[serde(default, skip_serializing_if = "is_false")]
    pub locked: bool,
    /// It is not shown. Only on this screen.
    #[serde(default, skip_serializing_if = "is_false")]
    pub hidden: bool,
    /// Fields that are not known here, kept.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub others: Map<String, Value>,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

impl Object {
    /// A labeled shape without attributes.
    pub fn new(id: &str, control: &str, label: Option<&str>, shape: Shape) -> Object {
        Object {
            id: id.to_owned(),
            control: control.to_owned(),
            label: label.map(str::to_owned),
            shape,
            attributes: Map::new(),
            group: None,
            locked: false,
            hidden: false,
            others: Map::new(),
        }
    }

    /// Reads a region, and its place from the bottom where it says one; nothing where its shape cannot be read.
    pub(super) fn read(control: &str, kind: ShapeKind, region: &Value) -> Option<(Object, Option<i64>)> {
        let fields = region.as_object()?;
        let text = |field: &str| fields.get(field).and_then(Value::as_str);
        let mut object = Object::new(text("id")?, control, text("label"), Shape::read(kind, fields).ok()?);
        object.attributes = fields.get("attributes").and_then(Value::as_object).cloned().unwrap_or_default();
        object.group = text("group").map(str::to_owned);
        let own = ["id", "label", "attributes", "group", "z"];
        let unknown = |field: &str| !own.contains(&field) && !kind.fields().contains(&field);
        object.others =
            fields.iter().filter(|(field, _)| unknown(field)).map(|(f, value)| (f.clone(), value.clone())).collect();
        Some((object, fields.get("z").and_then(Value::as_i64)))
    }

    /// The region in a value, with its place from the bottom where it must be said.
    pub(super) fn write(&self, z: Option<usize>) -> Value {
        let mut fields = self.others.clone();
        fields.insert("id".into(), self.id.clone().into());
        if let Some(label) = &self.label {
            fields.insert("label".into(), label.clone().into());
        }
        fields.extend(self.shape.write());
        if !self.attributes.is_empty() {
            fields.insert("attributes".into(), Value::Object(self.attributes.clone()));
        }
        if let Some(group) = &self.group {
            fields.insert("group".into(), group.clone().into());
        }
        if let Some(z) = z {
            fields.insert("z".into(), z.into());
        }
        Value::Object(fields)
    }
}
