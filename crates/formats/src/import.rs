//! One door to all importers of text items, for callers that know the format by its id only.

use std::io::{self, Read};

use crate::record::{Entry, ImportOptions, Position, Record};
use crate::text::Encoding;
use crate::{csv, jsonl, txt};

/// Records and problems in the order of the upload, and how far it has come.
///
/// An `Err` is the machine's failure, not the upload's: stop, and resume from the last stored [`Position`].
pub trait Records: Iterator<Item = io::Result<Entry<Record>>> {
    /// Where to resume once everything handed over so far is stored.
    fn reached(&self) -> Position;

    /// Bytes of the upload read so far, for a progress bar; runs ahead by a buffer.
    fn bytes_read(&self) -> u64;

    /// The encoding that was guessed or told.
    fn encoding(&self) -> Encoding;
}

/// Opens an upload of text items: `csv`, `jsonl`, `tsv` or `txt`. `None` for any other format.
///
/// # Errors
/// When the source cannot be read.
pub fn open<'a>(
    format: &str,
    source: impl Read + Send + 'a,
    options: &ImportOptions,
) -> io::Result<Option<Box<dyn Records + Send + 'a>>> {
    Ok(Some(match format {
        "csv" => Box::new(csv::Reader::new(source, csv::Separator::Comma, options)?),
        "jsonl" => Box::new(jsonl::Reader::new(source, options)?),
        "tsv" => Box::new(csv::Reader::new(source, csv::Separator::Tab, options)?),
        "txt" => Box::new(txt::Reader::new(source, options)?),
        _ => return Ok(None),
    }))
}
