//! Small things that several tests need.

use std::fmt::Write as _;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use domain::project::Modality;
use domain::schema::Schema;
use formats::export::{ExportContext, Spool, create};
use formats::import::{Records, open};
use formats::native::{ExportItem, Reader};
use formats::{Entry, ImportOptions, Loss, Problem, Record};

pub(crate) fn samples(format: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(format)
}

/// The sample files of a format, by name.
pub(crate) fn sample_files(format: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(samples(format)).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

pub(crate) fn read(format: &str, bytes: &[u8], options: &ImportOptions) -> Vec<Entry<Record>> {
    open(format, bytes, options).unwrap().unwrap().map(Result::unwrap).collect()
}

pub(crate) fn reader<'a>(format: &str, bytes: &'a [u8], options: &ImportOptions) -> Box<dyn Records + Send + 'a> {
    open(format, bytes, options).unwrap().unwrap()
}

pub(crate) fn records(entries: Vec<Entry<Record>>) -> Vec<Record> {
    entries
        .into_iter()
        .map(|entry| match entry {
            Entry::Record(record) => record,
            Entry::Problem(problem) => panic!("{problem:?}"),
        })
        .collect()
}

pub(crate) fn native(bytes: &[u8]) -> Vec<ExportItem> {
    Reader::new(bytes, &ImportOptions::default())
        .unwrap()
        .map(|entry| match entry.unwrap() {
            Entry::Record(numbered) => numbered.item,
            Entry::Problem(problem) => panic!("{problem:?}"),
        })
        .collect()
}

pub(crate) fn schema(json: serde_json::Value, modality: Modality) -> Schema {
    Schema::parse(&json, modality).unwrap()
}

/// Exports items, and gives the file and what was lost.
pub(crate) fn export(format: &str, items: &[ExportItem], schema: &Schema, modality: Modality) -> (Vec<u8>, Vec<Loss>) {
    let context = ExportContext { project: "贵阳街景", modality, schema, schema_version: 3 };
    let spool = || -> io::Result<Box<dyn Spool>> { Ok(Box::new(tempfile::tempfile()?)) };
    let (mut out, mut losses) = (Vec::new(), Vec::new());
    let mut writer = create(format, &mut out, &context, &spool).unwrap().unwrap();
    for item in items {
        losses.extend(writer.write(item).unwrap());
    }
    writer.finish().unwrap();
    (out, losses)
}

/// One entry as a line of a snapshot.
pub(crate) fn show(entry: &Entry<Record>) -> String {
    match entry {
        Entry::Record(record) => {
            format!(
                "{:>3} key={:?} text={:?} meta={}",
                record.line,
                record.key,
                record.text,
                serde_json::json!(record.meta)
            )
        }
        Entry::Problem(problem) => show_problem(problem),
    }
}

pub(crate) fn show_problem(problem: &Problem) -> String {
    let mut line = problem.line.map_or_else(|| "  *".to_owned(), |line| format!("{line:>3}"));
    write!(line, " ! {}", problem.code).unwrap();
    if let Some(name) = &problem.name {
        write!(line, " name={name:?}").unwrap();
    }
    if let Some(sample) = &problem.sample {
        write!(line, " sample={sample:?}").unwrap();
    }
    write!(line, "\n      {}\n      {}", problem.message.zh, problem.message.en).unwrap();
    line
}

/// A source that gives little at a time, so that every seam between two reads is met.
pub(crate) struct Trickle<R>(pub(crate) R, pub(crate) usize);

impl<R: Read> Read for Trickle<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let few = target.len().min(self.1);
        self.0.read(&mut target[..few])
    }
}
