//! One door to all writers, for callers that know the format by its id only.
//!
//! A writer takes items one at a time and holds none; the same items in the same order give the same bytes. Nothing reads
//! a clock.

use std::io::{self, Read, Seek, Write};

use domain::project::Modality;
use domain::schema::Schema;

use crate::loss::Loss;
use crate::native::ExportItem;
use crate::{coco, csv, native};

/// Writes items in one format.
pub trait ItemWriter {
    /// Writes one item, and tells what of it the format could not carry.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn write(&mut self, item: &ExportItem) -> io::Result<Vec<Loss>>;

    /// Writes what comes after the last item, and flushes.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// What a writer must know beside the items.
#[derive(Clone, Copy, Debug)]
pub struct ExportContext<'a> {
    /// The project's name.
    pub project: &'a str,
    /// What the items are.
    pub modality: Modality,
    /// The schema, by which columns and categories are laid out.
    pub schema: &'a Schema,
    /// Its version.
    pub schema_version: u32,
}

/// Room for what has to wait until the end of a file, such as a temporary file.
pub trait Spool: Read + Write + Seek + Send {}

impl<T: Read + Write + Seek + Send> Spool for T {}

/// Begins a file: `coco`, `csv` or `jsonl` (the native one). `None` for any other format.
///
/// `spool` is asked for at most one empty temporary file, and only by formats that need it. Give `out` a buffer.
///
/// # Errors
/// When the output or the spool cannot be written.
pub fn create<'a>(
    format: &str,
    out: impl Write + Send + 'a,
    context: &ExportContext<'a>,
    spool: &dyn Fn() -> io::Result<Box<dyn Spool>>,
) -> io::Result<Option<Box<dyn ItemWriter + Send + 'a>>> {
    Ok(Some(match format {
        "coco" => Box::new(coco::Writer::new(out, spool()?, context)?),
        "csv" => Box::new(csv::Writer::new(out, context)?),
        "jsonl" => Box::new(native::Writer::new(out)),
        _ => return Ok(None),
    }))
}
