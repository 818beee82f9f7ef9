//! A stream cut into numbered lines, of which none is ever held beyond the limit.

use std::io::{self, BufRead, Read};

use memchr::memchr;

use super::source::Source;
use crate::problem::Fault;

/// How much of a line that is too long is kept, to show where it was.
const KEPT: usize = 512;

pub(crate) struct Lines<R> {
    source: Source<R>,
    limit: usize,
    number: u64,
    line: Vec<u8>,
}

pub(crate) struct Line<'a> {
    /// Counted from 1.
    pub(crate) number: u64,
    pub(crate) content: Content<'a>,
    /// What ended it: LF, CRLF, CR or, at the end of the file, nothing.
    pub(crate) ending: &'static str,
}

pub(crate) enum Content<'a> {
    /// Good, without its ending.
    Text(&'a str),
    /// Has bytes that mean nothing in the encoding.
    Damaged(&'a [u8]),
    /// Longer than the limit; this is its beginning.
    TooLong(&'a [u8]),
}

impl<R: Read> Lines<R> {
    pub(crate) fn new(source: Source<R>, limit: usize) -> Self {
        Self { source, limit, number: 0, line: Vec::new() }
    }

    pub(crate) fn source(&self) -> &Source<R> {
        &self.source
    }

    /// The number of the line read last.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Passes over all lines up to this number, without looking into them.
    pub(crate) fn skip_to(&mut self, number: u64) -> io::Result<()> {
        while self.number < number {
            if self.read_line(0)?.is_none() {
                break;
            }
        }
        Ok(())
    }

    pub(crate) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        let Some(End { ending, whole }) = self.read_line(self.limit)? else { return Ok(None) };
        let content = if !whole {
            Content::TooLong(&self.line)
        } else if let Ok(text) = std::str::from_utf8(&self.line) {
            Content::Text(text)
        } else {
            Content::Damaged(&self.line)
        };
        Ok(Some(Line { number: self.number, content, ending }))
    }

    pub(crate) fn damaged(&self) -> Fault {
        Fault::EncodingInvalid { encoding: self.source.encoding().label() }
    }

    pub(crate) fn too_long(&self) -> Fault {
        Fault::LineTooLong { limit: self.limit }
    }

    fn read_line(&mut self, limit: usize) -> io::Result<Option<End>> {
        self.line.clear();
        let line_end = self.source.line_end();
        let (mut begun, mut whole, mut ended) = (false, true, false);
        while !ended {
            let chunk = self.source.fill_buf()?;
            if chunk.is_empty() {
                break;
            }
            begun = true;
            let (part, used) = match memchr(line_end, chunk) {
                Some(at) => {
                    ended = true;
                    (chunk.get(..at).unwrap_or_default(), at + 1)
                }
                None => (chunk, chunk.len()),
            };
            if whole && self.line.len() + part.len() <= limit {
                self.line.extend_from_slice(part);
            } else if whole {
                whole = false;
                self.line.extend_from_slice(part.get(..KEPT).unwrap_or(part));
                self.line.truncate(KEPT);
            }
            self.source.consume(used);
        }
        if !begun {
            return Ok(None);
        }
        self.number += 1;
        let ending = match (ended, line_end) {
            (false, _) => "",
            (true, b'\r') => "\r",
            (true, _) if whole && self.line.last() == Some(&b'\r') => {
                self.line.pop();
                "\r\n"
            }
            (true, _) => "\n",
        };
        Ok(Some(End { ending, whole }))
    }
}

struct End {
    ending: &'static str,
    whole: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Encoding;

    fn all(bytes: &[u8], encoding: Option<Encoding>) -> Vec<(u64, String, &'static str)> {
        let mut lines = Lines::new(Source::new(bytes, encoding).unwrap(), 100);
        let mut found = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            let text = match line.content {
                Content::Text(text) => text.to_owned(),
                Content::Damaged(bytes) => format!("damaged {}", String::from_utf8_lossy(bytes)),
                Content::TooLong(_) => "too long".to_owned(),
            };
            found.push((line.number, text, line.ending));
        }
        found
    }

    fn line(number: u64, text: &str, ending: &'static str) -> (u64, String, &'static str) {
        (number, text.to_owned(), ending)
    }

    #[test]
    fn endings_are_told_apart() {
        assert_eq!(all(b"", None), []);
        assert_eq!(all(b"\n", None), [line(1, "", "\n")]);
        assert_eq!(all(b"a\r\n b \nc", None), [line(1, "a", "\r\n"), line(2, " b ", "\n"), line(3, "c", "")]);
        assert_eq!(all(b"a\rb\nc", None), [line(1, "a\rb", "\n"), line(2, "c", "")]);
        assert_eq!(all(b"a\rb\r", None), [line(1, "a", "\r"), line(2, "b", "\r")]);
    }

    #[test]
    fn only_the_damaged_line_is_lost() {
        let bytes = "好\n\u{fffd}\n".as_bytes();
        assert_eq!(all(bytes, None), [line(1, "好", "\n"), line(2, "\u{fffd}", "\n")]);
        let found = all(b"\xe5\xa5\xbd\n\xe5\xa5\n\xe5\xa5\xbd", Some(Encoding::Utf8));
        assert_eq!(found, [line(1, "好", "\n"), line(2, "damaged \u{fffd}", "\n"), line(3, "好", "")]);
        // A lead byte of GBK right before the line's end does not swallow it.
        let found = all(b"\xba\xc3\n\xba\n\xba\xc3", Some(Encoding::Gb18030));
        assert_eq!(found, [line(1, "好", "\n"), line(2, "damaged \u{fffd}", "\n"), line(3, "好", "")]);
        // A lone surrogate, and half a unit at the end.
        let found = all(b"\x7d\x59\n\0\0\xd8\n\0\x7d\x59\n", Some(Encoding::Utf16Le));
        assert_eq!(found, [line(1, "好", "\n"), line(2, "damaged \u{fffd}", "\n"), line(3, "damaged 好\u{fffd}", "")]);
    }

    #[test]
    fn a_long_line_is_passed_over() {
        let bytes = [b"a\n".as_slice(), &[b'x'; 200_000], b"\nb"].concat();
        assert_eq!(all(&bytes, None), [line(1, "a", "\n"), line(2, "too long", "\n"), line(3, "b", "")]);
    }

    #[test]
    fn every_encoding_decodes_across_buffers() {
        let text = "𠮷野家在贵阳 👨🏻‍🚒\n".repeat(9000);
        let encoded: [(Vec<u8>, Encoding); 4] = [
            (text.encode_utf16().flat_map(u16::to_le_bytes).collect(), Encoding::Utf16Le),
            (text.encode_utf16().flat_map(u16::to_be_bytes).collect(), Encoding::Utf16Be),
            (encoding_rs::GB18030.encode(&text).0.into_owned(), Encoding::Gb18030),
            (text.clone().into_bytes(), Encoding::Utf8),
        ];
        for (bytes, encoding) in encoded {
            let found = all(&bytes, None);
            assert_eq!(found.len(), 9000, "{encoding:?}");
            assert!(found.iter().all(|(_, text, _)| text == "𠮷野家在贵阳 👨🏻‍🚒"), "{encoding:?}");
        }
    }

    #[test]
    fn skipping_counts_lines() {
        let mut lines = Lines::new(Source::new(b"a\nb\nc\n".as_slice(), None).unwrap(), 100);
        lines.skip_to(2).unwrap();
        assert_eq!(lines.next().unwrap().unwrap().number, 3);
        lines.skip_to(99).unwrap();
        assert!(lines.next().unwrap().is_none());
    }
}
