//! What a finished export is: its files with their sums, what is in them, and by which versions it was made.
//!
//! The manifest has no time of its own making: the same data gives the same manifest.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::native::ExportItem;

/// The manifest of one export.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the manifest itself.
    pub terrace_manifest: u32,
    /// The project's name.
    pub project: String,
    /// The format's id.
    pub format: String,
    /// Which items: `all` or `accepted`.
    pub only: String,
    /// How much is in it.
    pub counts: Counts,
    /// The schema versions that its annotations were checked against.
    pub schema_versions: BTreeSet<u32>,
    /// The guideline versions that were in force.
    pub guideline_versions: BTreeSet<u32>,
    /// The files, by name.
    pub files: Vec<FileSum>,
}

/// How much an export holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Items given to the writer.
    pub items: u64,
    /// Annotations of theirs, all revisions.
    pub annotations: u64,
    /// Verdicts.
    pub verdicts: u64,
    /// Things that the format could not carry.
    pub losses: u64,
}

/// One file and its sum.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FileSum {
    /// The file's name.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// An empty manifest.
    #[must_use]
    pub fn new(project: &str, format: &str, only: &str) -> Self {
        Self {
            terrace_manifest: 1,
            project: project.to_owned(),
            format: format.to_owned(),
            only: only.to_owned(),
            ..Self::default()
        }
    }

    /// Counts one item that was written with so many losses.
    pub fn count(&mut self, item: &ExportItem, losses: usize) {
        self.counts.items += 1;
        self.counts.losses += losses as u64;
        for annotation in &item.annotations {
            self.counts.annotations += 1;
            self.counts.verdicts += annotation.verdicts.len() as u64;
            self.schema_versions.insert(annotation.schema_version);
            self.guideline_versions.insert(annotation.guideline_version);
        }
    }

    /// Adds a finished file.
    pub fn add(&mut self, file: FileSum) {
        self.files.push(file);
        self.files.sort_unstable();
    }

    /// Writes it as JSON for people and programs.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn write(&self, mut out: impl Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut out, self)?;
        out.write_all(b"\n")
    }
}

/// A writer that knows the length and the sum of what went through it.
pub struct Summed<W> {
    inner: W,
    bytes: u64,
    hash: Sha256,
}

impl<W: Write> Summed<W> {
    /// Sums everything from here on. Put the buffer outside of it, so that it sees large pieces.
    pub fn new(inner: W) -> Self {
        Self { inner, bytes: 0, hash: Sha256::new() }
    }

    /// Gives back the inner writer, and the sum under a file name.
    pub fn finish(self, name: impl Into<String>) -> (W, FileSum) {
        let sha256 = hex(&self.hash.finalize());
        (self.inner, FileSum { name: name.into(), bytes: self.bytes, sha256 })
    }
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.hash.update(bytes.get(..count).unwrap_or_default());
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
