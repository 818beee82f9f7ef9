//! Items to lines.

use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::{Map, Value};

use super::ExportItem;
use crate::export::ItemWriter;
use crate::loss::Loss;

/// Writes native JSON Lines.
pub struct Writer<W> {
    out: W,
    line: Vec<u8>,
}

impl<W: Write> Writer<W> {
    /// Begins a file.
    pub fn new(out: W) -> Self {
        Self { out, line: Vec::new() }
    }
}

impl<W: Write> ItemWriter for Writer<W> {
    fn write(&mut self, item: &ExportItem) -> io::Result<Vec<Loss>> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, item)?;
        self.line.push(b'\n');
        self.out.write_all(&self.line)?;
        Ok(Vec::new())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}

/// An object with its keys in order, at every depth: databases that keep JSON in a form of their own reorder keys, and an
/// export must not depend on which database it came from.
pub(super) fn sorted<S: Serializer>(map: &Map<String, Value>, serializer: S) -> Result<S::Ok, S::Error> {
    let mut fields: Vec<(&String, &Value)> = map.iter().collect();
    fields.sort_unstable_by_key(|(name, _)| *name);
    let mut object = serializer.serialize_map(Some(fields.len()))?;
    for (name, value) in fields {
        object.serialize_entry(name, &Sorted(value))?;
    }
    object.end()
}

pub(super) fn sorted_or_null<S: Serializer>(
    map: &Option<Map<String, Value>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match map {
        Some(map) => sorted(map, serializer),
        None => serializer.serialize_none(),
    }
}

/// A value that serialises with sorted keys.
pub(crate) struct Sorted<'a>(pub(crate) &'a Value);

impl Serialize for Sorted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(map) => sorted(map, serializer),
            Value::Array(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(&Sorted(item))?;
                }
                list.end()
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => self.0.serialize(serializer),
        }
    }
}
