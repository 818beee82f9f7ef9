//! Plain text: every line an item, or the whole file one.
//!
//! Lines are taken exactly, with their blanks, without their ending; lines with nothing to see in them are passed over. A
//! whole file is taken exactly, with all its line ends; its key is the file's name.

use std::io::{self, Read};

use serde_json::Map;

use domain::project::Modality;

use crate::format::{Format, Kind, Title};
use crate::import::Records;
use crate::problem::{Fault, Problem};
use crate::record::{Entry, ImportOptions, Limits, Position, Record, Split};
use crate::text::{Content, Encoding, Lines, Source};

/// Plain text in.
pub const IMPORT: Format = Format {
    id: "txt",
    kind: Kind::Import,
    title: Title { zh: "纯文本", en: "Plain text" },
    modalities: &[Modality::Text],
    extensions: &["text", "txt"],
};

/// Reads records from plain text.
pub struct Reader<R> {
    way: Way<R>,
    limits: Limits,
    resume: Position,
}

enum Way<R> {
    Lines(Lines<R>),
    File { source: Source<R>, name: Option<String>, done: bool },
}

impl<R: Read> Reader<R> {
    /// Begins to read: takes the sample from which the encoding is guessed.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn new(source: R, options: &ImportOptions) -> io::Result<Self> {
        let source = Source::new(source, options.encoding)?;
        let way = match options.split {
            Split::Line => Way::Lines(Lines::new(source, options.limits.line_bytes)),
            Split::File => Way::File { source, name: options.name.clone(), done: options.resume.0 > 0 },
        };
        Ok(Self { way, limits: options.limits, resume: options.resume })
    }

    fn next_entry(&mut self) -> io::Result<Option<Entry<Record>>> {
        match &mut self.way {
            Way::Lines(lines) => {
                lines.skip_to(self.resume.0)?;
                next_line(lines, &self.limits)
            }
            Way::File { done: true, .. } => Ok(None),
            Way::File { source, name, done } => {
                let entry = whole_file(source, name.take(), &self.limits)?;
                *done = true;
                Ok(Some(entry))
            }
        }
    }

    fn source(&self) -> &Source<R> {
        match &self.way {
            Way::Lines(lines) => lines.source(),
            Way::File { source, .. } => source,
        }
    }
}

fn next_line<R: Read>(lines: &mut Lines<R>, limits: &Limits) -> io::Result<Option<Entry<Record>>> {
    let (damaged, too_long) = (lines.damaged(), lines.too_long());
    while let Some(line) = lines.next()? {
        let (bytes, fault) = match line.content {
            Content::Text(text) if text.trim_start().is_empty() => continue,
            Content::Text(text) => match limits.check_text(text) {
                Ok(()) => {
                    let text = text.to_owned();
                    return Ok(Some(Entry::Record(Record { line: line.number, key: None, text, meta: Map::new() })));
                }
                Err(fault) => (text.as_bytes(), fault),
            },
            Content::Damaged(bytes) => (bytes, damaged),
            Content::TooLong(bytes) => (bytes, too_long),
        };
        return Ok(Some(Entry::Problem(Problem::at(line.number, &fault).with_sample(bytes))));
    }
    Ok(None)
}

fn whole_file<R: Read>(source: &mut Source<R>, name: Option<String>, limits: &Limits) -> io::Result<Entry<Record>> {
    // A character has at most four bytes: beyond this the text is too long however it is counted.
    let most = limits.text_chars.saturating_mul(4);
    let mut bytes = Vec::new();
    source.take(most as u64 + 1).read_to_end(&mut bytes)?;
    let encoding = source.encoding().label();
    let refuse = |line: u64, fault: &Fault, sample: &[u8]| {
        Entry::Problem(Problem { name: name.clone(), ..Problem::at(line, fault).with_sample(sample) })
    };
    if bytes.len() > most {
        return Ok(refuse(1, &Fault::TextTooLong { limit: limits.text_chars }, &bytes));
    }
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let (good, bad) = error.as_bytes().split_at(error.utf8_error().valid_up_to());
            let line = 1 + memchr::memchr_iter(b'\n', good).count() as u64;
            return Ok(refuse(line, &Fault::EncodingInvalid { encoding }, bad));
        }
    };
    let key = name.clone().filter(|name| !name.is_empty());
    let checked = limits.check_text(&text).and_then(|()| key.as_deref().map_or(Ok(()), |key| limits.check_key(key)));
    Ok(match checked {
        Ok(()) => Entry::Record(Record { line: 1, key, text, meta: Map::new() }),
        Err(fault) => refuse(1, &fault, text.as_bytes()),
    })
}

impl<R: Read> Iterator for Reader<R> {
    type Item = io::Result<Entry<Record>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_entry().transpose()
    }
}

impl<R: Read> Records for Reader<R> {
    fn reached(&self) -> Position {
        match &self.way {
            Way::Lines(lines) => Position(lines.number()),
            Way::File { done, .. } => Position(u64::from(*done)),
        }
    }

    fn bytes_read(&self) -> u64 {
        self.source().bytes_read()
    }

    fn encoding(&self) -> Encoding {
        self.source().encoding()
    }
}
