//! One row an item, for spreadsheets: UTF-8 with a byte order mark, without which Excel shows Chinese as noise, and CRLF.
//!
//! Columns: `key`; `text`, or `image`, `width`, `height`; `state`; one for each control of the schema, with its final value;
//! `annotators`, `reviewers`; then `revision`, `submitted_at`, `active_ms`, `schema_version`, `guideline_version` of the
//! annotation that the final value comes from; `meta`. A control whose id is one of these is named `value.<id>`. Options of
//! a choice are joined by `|`; spans and shapes are JSON. Earlier revisions and verdicts are not in a table: that is what
//! the native format is for.
//!
//! A cell of text that a spreadsheet could run as a formula (it begins with `=`, `+`, `-`, `@`, their full-width twins, a
//! tab or a line break) gets one `'` before it, and so does a cell that begins with `'` and goes on like that: to have the
//! exact text back, take one `'` from every cell that matches `^'+[=+\-@＝＋－＠\t\r\n]`.

use std::borrow::Cow;
use std::io::{self, Write};

use domain::annotation::AnnotationKind;
use domain::project::Modality;
use domain::schema::{Kind, Schema};
use serde_json::Value;

use crate::export::{ExportContext, ItemWriter};
use crate::loss::{Loss, Reason};
use crate::native::{ExportAnnotation, ExportData, ExportItem, Sorted};

const BEFORE_TEXT: [&str; 3] = ["key", "text", "state"];
const BEFORE_IMAGE: [&str; 5] = ["key", "image", "width", "height", "state"];
const AFTER: [&str; 8] =
    ["annotators", "reviewers", "revision", "submitted_at", "active_ms", "schema_version", "guideline_version", "meta"];

/// Writes a CSV table of final values.
pub struct Writer<'a, W: Write> {
    table: ::csv::Writer<W>,
    schema: &'a Schema,
    modality: Modality,
}

impl<'a, W: Write> Writer<'a, W> {
    /// Begins a file with its mark and header.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn new(mut out: W, context: &ExportContext<'a>) -> io::Result<Self> {
        out.write_all(b"\xef\xbb\xbf")?;
        let table = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(out);
        let mut writer = Self { table, schema: context.schema, modality: context.modality };
        let before = before(writer.modality);
        let taken = |id: &str| before.contains(&id) || AFTER.contains(&id);
        let controls = writer.schema.controls.iter().map(|control| match control.id.as_str() {
            id if taken(id) => Cow::Owned(format!("value.{id}")),
            id => Cow::Borrowed(id),
        });
        let header: Vec<Cow<'_, str>> = before
            .iter()
            .map(|&name| Cow::Borrowed(name))
            .chain(controls)
            .chain(AFTER.iter().map(|&name| Cow::Borrowed(name)))
            .collect();
        writer.table.write_record(header.iter().map(|name| name.as_bytes()))?;
        Ok(writer)
    }

    fn cell(&mut self, text: &str) -> io::Result<()> {
        Ok(self.table.write_field(text)?)
    }

    fn value(&mut self, item: &ExportItem, control: &str, kind: &Kind, losses: &mut Vec<Loss>) -> io::Result<()> {
        let value = item.settled.as_ref().and_then(|settled| settled.get(control)).unwrap_or(&Value::Null);
        match cell_of(value, kind) {
            Some(text) => self.cell(&text),
            None => {
                losses.push(Loss::of_control(&item.key, control, Reason::Value));
                self.cell("")
            }
        }
    }
}

fn before(modality: Modality) -> &'static [&'static str] {
    match modality {
        Modality::Text => &BEFORE_TEXT,
        Modality::Image => &BEFORE_IMAGE,
    }
}

impl<W: Write> ItemWriter for Writer<'_, W> {
    fn write(&mut self, item: &ExportItem) -> io::Result<Vec<Loss>> {
        let mut losses = Vec::new();
        match (&item.data, self.modality) {
            (ExportData::Text(text), Modality::Text) => {
                self.cell(&guarded(&item.key))?;
                self.cell(&guarded(text))?;
            }
            (ExportData::Image(image), Modality::Image) => {
                self.cell(&guarded(&item.key))?;
                self.cell(&guarded(&image.name))?;
                self.cell(&image.width.to_string())?;
                self.cell(&image.height.to_string())?;
            }
            (ExportData::Text(_) | ExportData::Image(_), _) => {
                return Ok(vec![Loss::of_item(&item.key, Reason::Modality)]);
            }
        }
        self.cell(item.state.code())?;
        let schema = self.schema;
        for control in &schema.controls {
            self.value(item, &control.id, &control.kind, &mut losses)?;
        }
        for control in item.settled.iter().flat_map(|settled| settled.keys()) {
            if schema.control(control).is_none() {
                losses.push(Loss::of_control(&item.key, control, Reason::NotInSchema));
            }
        }
        let annotators =
            distinct(item.annotations.iter().filter(|a| is_counted_label(a)).map(|a| a.annotator.as_str()));
        let reviewers = distinct(item.annotations.iter().flat_map(|a| &a.verdicts).map(|v| v.reviewer.as_str()));
        self.cell(&guarded(&annotators))?;
        self.cell(&guarded(&reviewers))?;
        for cell in provenance(item.representative()) {
            self.cell(&cell)?;
        }
        let meta = if item.meta.is_empty() { String::new() } else { json(&Value::Object(item.meta.clone())) };
        self.cell(&meta)?;
        self.table.write_record(None::<&[u8]>)?;
        Ok(losses)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.table.flush()
    }
}

/// A value as a cell; `None` if it has not the shape of its kind.
fn cell_of(value: &Value, kind: &Kind) -> Option<String> {
    match (kind, value) {
        (_, Value::Null) => Some(String::new()),
        (Kind::Choice { .. }, Value::Array(picked)) => {
            let ids: Option<Vec<&str>> = picked.iter().map(Value::as_str).collect();
            Some(guarded(&ids?.join("|")).into_owned())
        }
        (Kind::Text { .. }, Value::String(text)) => Some(guarded(text).into_owned()),
        (Kind::Choice { .. } | Kind::Text { .. }, _) => None,
        // Spans and shapes of every kind.
        (_, Value::Array(_)) => Some(json(value)),
        (_, _) => None,
    }
}

fn json(value: &Value) -> String {
    // A `Value` has string keys and finite numbers: it always serialises.
    serde_json::to_string(&Sorted(value)).unwrap_or_default()
}

/// A reviewer's own revision is no annotator's work, and a late, uncounted one no part of the result.
fn is_counted_label(annotation: &ExportAnnotation) -> bool {
    annotation.counted && annotation.kind == AnnotationKind::Label
}

fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen.join("|")
}

fn provenance(annotation: Option<&ExportAnnotation>) -> [String; 5] {
    annotation.map_or_else(Default::default, |annotation| {
        [
            annotation.revision.to_string(),
            annotation.submitted_at.rfc3339(),
            annotation.active_ms.to_string(),
            annotation.schema_version.to_string(),
            annotation.guideline_version.to_string(),
        ]
    })
}

/// A cell that no spreadsheet takes for a formula.
fn guarded(text: &str) -> Cow<'_, str> {
    let runs = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r' | '\n');
    if text.trim_start_matches('\'').starts_with(runs) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused_and_can_be_restored() {
        for bad in ["=1+1", "+86", "-1", "@a", "＝1", "\t=", "\r", "\n=", "'=1", "''@"] {
            assert_eq!(guarded(bad), format!("'{bad}"));
        }
        for good in ["", "a=b", "'quoted'", "贵阳", "1-2", "'"] {
            assert_eq!(guarded(good), good);
        }
    }
}
