//! Text items from a table whose first row is the header.
//!
//! The text is in the column `text` and the key in `id`, in any letter case, or in the columns that were named, exactly.
//! Every other column goes into `meta` under its name, as text; a column without a name only where it has something in it,
//! as `column_N`. A row of nothing but empty cells, as spreadsheets leave behind, is passed over.
//!
//! A row with the wrong number of cells is one problem; a table without its text column is one problem, and the only one.

use std::io::{self, Read};

use serde_json::{Map, Value};

use super::rows::{Rows, Separator};
use crate::import::Records;
use crate::problem::{Fault, Problem};
use crate::record::{Entry, ImportOptions, Limits, Position, Record};
use crate::text::{Encoding, Lines, Source};

/// How many columns a problem names at most.
const NAMED: usize = 20;

/// Reads records from a table.
pub struct Reader<R> {
    rows: Rows<R>,
    wanted: Wanted,
    limits: Limits,
    resume: Position,
    header: Option<Header>,
    refused: bool,
}

struct Wanted {
    text: Option<String>,
    key: Option<String>,
}

struct Header {
    names: Vec<String>,
    text: usize,
    key: Option<usize>,
}

impl<R: Read> Reader<R> {
    /// Begins to read: takes the sample from which the encoding is guessed.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn new(source: R, separator: Separator, options: &ImportOptions) -> io::Result<Self> {
        let source = Source::new(source, options.encoding)?;
        let limits = options.limits;
        Ok(Self {
            rows: Rows::new(Lines::new(source, limits.line_bytes), separator, limits.line_bytes),
            wanted: Wanted { text: options.text_field.clone(), key: options.key_field.clone() },
            limits,
            resume: options.resume,
            header: None,
            refused: false,
        })
    }

    fn next_entry(&mut self) -> io::Result<Option<Entry<Record>>> {
        if self.refused {
            return Ok(None);
        }
        if self.header.is_none() {
            match read_header(&mut self.rows, &self.wanted)? {
                Ok(header) => self.header = Some(header),
                Err(problem) => {
                    self.refused = true;
                    return Ok(Some(Entry::Problem(problem)));
                }
            }
        }
        let Some(header) = &self.header else { return Ok(None) };
        loop {
            // Every row is parsed again after an interruption: where it ends is known only so.
            let resume = self.resume.0;
            let Some(row) = self.rows.next()? else { return Ok(None) };
            let (line, sample) = (row.line, row.sample);
            let found = row
                .content
                .map(|cells| (cells.iter().all(String::is_empty), record(header, line, cells, &self.limits)));
            let found = match found {
                Ok((true, _)) => continue,
                Ok((false, found)) => found,
                Err(fault) => Err(fault),
            };
            if self.rows.last() <= resume {
                continue;
            }
            return Ok(Some(match found {
                Ok(record) => Entry::Record(record),
                Err(fault) => Entry::Problem(Problem::at(line, &fault).with_sample(&sample)),
            }));
        }
    }
}

fn read_header<R: Read>(rows: &mut Rows<R>, wanted: &Wanted) -> io::Result<Result<Header, Problem>> {
    let Some(row) = rows.next()? else { return Ok(Err(Problem::whole(&Fault::HeaderMissing))) };
    let sample = row.sample;
    let header = row.content.and_then(|names| {
        let names: Vec<String> = names.iter().map(|name| name.trim().to_owned()).collect();
        find_columns(names, wanted)
    });
    Ok(header.map_err(|fault| Problem::whole(&fault).with_sample(&sample)))
}

fn find_columns(names: Vec<String>, wanted: &Wanted) -> Result<Header, Fault> {
    let find = |wanted: &Option<String>, default: &str| match wanted {
        Some(wanted) => names.iter().position(|name| name == wanted.trim()),
        None => names.iter().position(|name| name.eq_ignore_ascii_case(default)),
    };
    let missing = |wanted: &Option<String>, default: &str| Fault::ColumnMissing {
        name: wanted.clone().unwrap_or_else(|| default.to_owned()),
        found: names.iter().take(NAMED).cloned().collect(),
    };
    let text = find(&wanted.text, "text").ok_or_else(|| missing(&wanted.text, "text"))?;
    let key = find(&wanted.key, "id").filter(|&key| key != text);
    if key.is_none() && wanted.key.is_some() {
        return Err(missing(&wanted.key, "id"));
    }
    let mut sorted: Vec<&String> = names.iter().filter(|name| !name.is_empty()).collect();
    sorted.sort_unstable();
    for (name, next) in sorted.iter().zip(sorted.iter().skip(1)) {
        if name == next {
            return Err(Fault::ColumnDuplicate { name: (*name).clone() });
        }
    }
    Ok(Header { names, text, key })
}

fn record(header: &Header, line: u64, cells: &mut Vec<String>, limits: &Limits) -> Result<Record, Fault> {
    if cells.len() != header.names.len() {
        return Err(Fault::ColumnCount { expected: header.names.len(), found: cells.len() });
    }
    let (mut text, mut key, mut meta) = (String::new(), None, Map::new());
    for (at, (name, cell)) in header.names.iter().zip(cells.drain(..)).enumerate() {
        if at == header.text {
            text = cell;
            continue;
        }
        if cell.contains('\0') {
            return Err(Fault::NulCharacter);
        }
        if header.key == Some(at) {
            key = (!cell.is_empty()).then_some(cell);
        } else if !name.is_empty() {
            meta.insert(name.clone(), Value::String(cell));
        } else if !cell.is_empty() {
            meta.insert(format!("column_{}", at + 1), Value::String(cell));
        }
    }
    limits.check_text(&text)?;
    if let Some(key) = &key {
        limits.check_key(key)?;
    }
    Ok(Record { line, key, text, meta })
}

impl<R: Read> Iterator for Reader<R> {
    type Item = io::Result<Entry<Record>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_entry().transpose()
    }
}

impl<R: Read> Records for Reader<R> {
    fn reached(&self) -> Position {
        Position(self.rows.last())
    }

    fn bytes_read(&self) -> u64 {
        self.rows.lines().source().bytes_read()
    }

    fn encoding(&self) -> Encoding {
        self.rows.lines().source().encoding()
    }
}
