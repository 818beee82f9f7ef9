//! Lines to items. Nothing unknown is passed over: a field that this version does not know would be lost on the next export.

use std::io::{self, Read};

use serde_json::Value;

use super::{ExportData, ExportItem, VERSION};
use crate::jsonl::has_nul;
use crate::problem::{Fault, Problem};
use crate::record::{Entry, ImportOptions, Limits, Position};
use crate::text::{Content, Lines, Source};

/// An item and the line it stood on.
#[derive(Clone, Debug, PartialEq)]
pub struct Numbered {
    /// Counted from 1.
    pub line: u64,
    /// The item.
    pub item: ExportItem,
}

/// Reads native JSON Lines. Whether the values satisfy a schema is not its question.
pub struct Reader<R> {
    lines: Lines<R>,
    limits: Limits,
    resume: Position,
}

impl<R: Read> Reader<R> {
    /// Begins to read. A line may be four times as long as in other formats, since it carries the work as well as the text.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn new(source: R, options: &ImportOptions) -> io::Result<Self> {
        let source = Source::new(source, options.encoding)?;
        let line_bytes = options.limits.line_bytes.saturating_mul(4);
        Ok(Self { lines: Lines::new(source, line_bytes), limits: options.limits, resume: options.resume })
    }

    /// Where to resume once everything handed over so far is stored.
    #[must_use]
    pub fn reached(&self) -> Position {
        Position(self.lines.number())
    }

    /// Bytes of the upload read so far.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.lines.source().bytes_read()
    }

    fn next_entry(&mut self) -> io::Result<Option<Entry<Numbered>>> {
        self.lines.skip_to(self.resume.0)?;
        let (damaged, too_long) = (self.lines.damaged(), self.lines.too_long());
        while let Some(line) = self.lines.next()? {
            let (bytes, found) = match line.content {
                Content::Text(text) if text.trim_ascii().is_empty() => continue,
                Content::Text(text) => (text.as_bytes(), parse(text, &self.limits)),
                Content::Damaged(bytes) => (bytes, Err(damaged.clone())),
                Content::TooLong(bytes) => (bytes, Err(too_long.clone())),
            };
            return Ok(Some(match found {
                Ok(item) => Entry::Record(Numbered { line: line.number, item }),
                Err(fault) => Entry::Problem(Problem::at(line.number, &fault).with_sample(bytes)),
            }));
        }
        Ok(None)
    }
}

impl<R: Read> Iterator for Reader<R> {
    type Item = io::Result<Entry<Numbered>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_entry().transpose()
    }
}

fn parse(line: &str, limits: &Limits) -> Result<ExportItem, Fault> {
    // Straight into the struct; only a line that fails is parsed again, to tell why.
    let item: ExportItem = serde_json::from_str(line).map_err(|error| explain(line, &error))?;
    if item.version > VERSION {
        return Err(Fault::NativeVersion { found: u64::from(item.version) });
    }
    if line.contains("\\u0000") && serde_json::from_str::<Value>(line).is_ok_and(|value| has_nul(&value)) {
        return Err(Fault::NulCharacter);
    }
    if let ExportData::Text(text) = &item.data {
        limits.check_text(text)?;
    }
    if item.key.is_empty() {
        return Err(Fault::NativeInvalid { detail: "key is empty".to_owned() });
    }
    limits.check_key(&item.key)?;
    Ok(item)
}

fn explain(line: &str, error: &serde_json::Error) -> Fault {
    match serde_json::from_str::<Value>(line) {
        Ok(Value::Object(fields)) => match fields.get("terrace").and_then(Value::as_u64) {
            Some(found) if found > u64::from(VERSION) => Fault::NativeVersion { found },
            _ => Fault::NativeInvalid { detail: error.to_string() },
        },
        Ok(_) => Fault::JsonNotObject,
        Err(error) => Fault::JsonInvalid { column: error.column() },
    }
}
