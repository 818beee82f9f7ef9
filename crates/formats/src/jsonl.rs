//! Text items as JSON Lines: one object a line.
//!
//! `{"text": "…", "id": "…", "meta": {…}, …}`. The text and the key may be in fields of other names. An `id` may be a whole
//! number and becomes a string; `null` and `""` are no key. Any other field is kept in `meta` under its own name; one that
//! `meta` already has is refused, since one of the two would be lost. Empty lines are passed over. Whole numbers beyond
//! 64 bits are read as floating point, as JSON parsers do: such ids belong in quotes.
//!
//! Every bad line is one problem. This module never reads annotations: that is [`crate::native`].

use std::io::{self, Read};

use serde_json::{Map, Value};

use domain::project::Modality;

use crate::format::{Format, Kind, Title};
use crate::problem::{Fault, Problem};
use crate::record::{Entry, ImportOptions, Limits, Position, Record};
use crate::text::{Content, Encoding, Lines, Source};

/// JSON Lines in.
pub const IMPORT: Format = Format {
    id: "jsonl",
    kind: Kind::Import,
    title: Title { zh: "JSONL 文本", en: "JSONL text" },
    modalities: &[Modality::Text],
    extensions: &["jsonl", "ndjson"],
};

/// Reads records from JSON Lines.
pub struct Reader<R> {
    lines: Lines<R>,
    text_field: String,
    key_field: String,
    limits: Limits,
    resume: Position,
}

impl<R: Read> Reader<R> {
    /// Begins to read: takes the sample from which the encoding is guessed.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn new(source: R, options: &ImportOptions) -> io::Result<Self> {
        let source = Source::new(source, options.encoding)?;
        Ok(Self {
            lines: Lines::new(source, options.limits.line_bytes),
            text_field: options.text_field().to_owned(),
            key_field: options.key_field().to_owned(),
            limits: options.limits,
            resume: options.resume,
        })
    }

    fn next_entry(&mut self) -> io::Result<Option<Entry<Record>>> {
        self.lines.skip_to(self.resume.0)?;
        let (damaged, too_long) = (self.lines.damaged(), self.lines.too_long());
        while let Some(line) = self.lines.next()? {
            let (bytes, found) = match line.content {
                Content::Text(text) if text.trim_ascii().is_empty() => continue,
                Content::Text(text) => (text.as_bytes(), parse(text, &self.text_field, &self.key_field, &self.limits)),
                Content::Damaged(bytes) => (bytes, Err(damaged.clone())),
                Content::TooLong(bytes) => (bytes, Err(too_long.clone())),
            };
            return Ok(Some(match found {
                Ok((key, text, meta)) => Entry::Record(Record { line: line.number, key, text, meta }),
                Err(fault) => Entry::Problem(Problem::at(line.number, &fault).with_sample(bytes)),
            }));
        }
        Ok(None)
    }
}

impl<R: Read> Iterator for Reader<R> {
    type Item = io::Result<Entry<Record>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_entry().transpose()
    }
}

impl<R: Read> crate::import::Records for Reader<R> {
    fn reached(&self) -> Position {
        Position(self.lines.number())
    }

    fn bytes_read(&self) -> u64 {
        self.lines.source().bytes_read()
    }

    fn encoding(&self) -> Encoding {
        self.lines.source().encoding()
    }
}

type Parsed = (Option<String>, String, Map<String, Value>);

fn parse(line: &str, text_field: &str, key_field: &str, limits: &Limits) -> Result<Parsed, Fault> {
    let mut fields = object(line)?;
    let text = match fields.remove(text_field) {
        Some(Value::String(text)) => text,
        None | Some(Value::Null) => return Err(Fault::TextMissing { field: text_field.to_owned() }),
        Some(_) => return Err(Fault::TextWrongType { field: text_field.to_owned() }),
    };
    limits.check_text(&text)?;
    let key = key(fields.remove(key_field), key_field)?;
    if let Some(key) = &key {
        limits.check_key(key)?;
    }
    let mut meta = match fields.remove("meta") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(meta)) => meta,
        Some(_) => return Err(Fault::MetaWrongType),
    };
    for (field, value) in fields {
        if meta.contains_key(&field) {
            return Err(Fault::MetaClash { field });
        }
        meta.insert(field, value);
    }
    // An escaped NUL is the only one that JSON can carry, and rare: only then look everywhere.
    if line.contains("\\u0000") && meta.iter().any(|(name, value)| name.contains('\0') || has_nul(value)) {
        return Err(Fault::NulCharacter);
    }
    Ok((key, text, meta))
}

/// One line as an object.
pub(crate) fn object(line: &str) -> Result<Map<String, Value>, Fault> {
    match serde_json::from_str(line) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(Fault::JsonNotObject),
        Err(error) => Err(Fault::JsonInvalid { column: error.column() }),
    }
}

fn key(value: Option<Value>, field: &str) -> Result<Option<String>, Fault> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(key)) => Ok((!key.is_empty()).then_some(key)),
        Some(Value::Number(number)) if !number.is_f64() => Ok(Some(number.to_string())),
        Some(_) => Err(Fault::KeyWrongType { field: field.to_owned() }),
    }
}

pub(crate) fn has_nul(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
    }
}
