//! Lines to rows of cells (RFC 4180): a quoted cell may hold separators, doubled quotation marks and line ends.
//!
//! Why not a library: a row needs its true line numbers, a limit in memory, damage confined to it, and a way back after a
//! quotation mark that nobody closes. Without the last, one stray mark would swallow the rest of an upload.

use std::collections::VecDeque;
use std::io::{self, Read};

use memchr::memchr;

use crate::problem::Fault;
use crate::text::{Content, Lines};

/// What stands between two cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    /// `,`
    Comma,
    /// A tab.
    Tab,
}

impl Separator {
    fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Tab => b'\t',
        }
    }
}

/// How often an unclosed quotation mark may send the reader back: each time may cost one limit of lines read again.
const RETURNS: u32 = 256;

pub(super) struct Rows<R> {
    lines: Lines<R>,
    limit: usize,
    returns: u32,
    /// Lines that an unclosed quotation mark had swallowed, to be read again.
    again: VecDeque<Kept>,
    cells: Cells,
    /// The last line of the row handed over last.
    last: u64,
}

pub(super) struct Row<'a> {
    /// The line where it begins, counted from 1.
    pub(super) line: u64,
    pub(super) content: Result<&'a mut Vec<String>, Fault>,
    /// The beginning of it as written.
    pub(super) sample: Vec<u8>,
}

/// A line set aside.
struct Kept {
    number: u64,
    text: String,
    ending: &'static str,
    fault: Option<Fault>,
}

impl<R: Read> Rows<R> {
    pub(super) fn new(lines: Lines<R>, separator: Separator, limit: usize) -> Self {
        Self { lines, limit, returns: RETURNS, again: VecDeque::new(), cells: Cells::new(separator), last: 0 }
    }

    pub(super) fn lines(&self) -> &Lines<R> {
        &self.lines
    }

    pub(super) fn last(&self) -> u64 {
        self.last
    }

    /// The next row that is not empty.
    pub(super) fn next(&mut self) -> io::Result<Option<Row<'_>>> {
        let Some(first) = self.first_line()? else { return Ok(None) };
        let sample = first.text.bytes().take(512).collect();
        let (line, mut fault) = (first.number, first.fault);
        self.last = line;
        let cut = matches!(fault, Some(Fault::LineTooLong { .. }));
        self.cells.begin();
        let mut end = if cut { End::Complete } else { self.cells.feed(&first.text, first.ending) };
        let mut taken = Vec::new();
        let mut size = first.text.len();
        while end == End::Open {
            // Sent back too often: from now on every row ends with its line, so that the work stays linear.
            if self.returns == 0 {
                return Ok(Some(Row { line, content: Err(Fault::QuoteUnclosed), sample }));
            }
            let next = self.next_line()?;
            let over = next.as_ref().is_none_or(|next| {
                size += next.text.len();
                size > self.limit || matches!(next.fault, Some(Fault::LineTooLong { .. }))
            });
            if over {
                taken.extend(next);
                return Ok(Some(self.go_back(line, taken, sample)));
            }
            let Some(next) = next else { break };
            self.last = next.number;
            end = self.cells.feed(&next.text, next.ending);
            fault = fault.or_else(|| next.fault.clone());
            taken.push(next);
            if end == End::Wrong {
                return Ok(Some(self.go_back(line, taken, sample)));
            }
        }
        let content = match fault {
            None => Ok(&mut self.cells.done),
            Some(fault) => Err(fault),
        };
        Ok(Some(Row { line, content, sample }))
    }

    /// The row never ends: it is refused, and what follows its first line is read again as rows of their own.
    fn go_back(&mut self, line: u64, taken: Vec<Kept>, sample: Vec<u8>) -> Row<'_> {
        self.returns = self.returns.saturating_sub(1);
        self.last = line;
        for kept in taken.into_iter().rev() {
            self.again.push_front(kept);
        }
        Row { line, content: Err(Fault::QuoteUnclosed), sample }
    }

    fn first_line(&mut self) -> io::Result<Option<Kept>> {
        loop {
            match self.next_line()? {
                Some(line) if line.fault.is_none() && line.text.trim_ascii().is_empty() => {}
                other => return Ok(other),
            }
        }
    }

    fn next_line(&mut self) -> io::Result<Option<Kept>> {
        if let Some(kept) = self.again.pop_front() {
            return Ok(Some(kept));
        }
        let (damaged, too_long) = (self.lines.damaged(), self.lines.too_long());
        let Some(line) = self.lines.next()? else { return Ok(None) };
        let (number, ending) = (line.number, line.ending);
        Ok(Some(match line.content {
            Content::Text(text) => Kept { number, text: text.to_owned(), ending, fault: None },
            Content::Damaged(bytes) => {
                let text = String::from_utf8_lossy(bytes).into_owned();
                Kept { number, text, ending, fault: Some(damaged) }
            }
            Content::TooLong(bytes) => {
                let text = String::from_utf8_lossy(bytes).into_owned();
                Kept { number, text, ending, fault: Some(too_long) }
            }
        }))
    }
}

/// How a line leaves its row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// The row is whole.
    Complete,
    /// A quotation mark is open: the row goes on.
    Open,
    /// A cell that began on an earlier line is closed in the middle of something: what closes it opens another, and the
    /// mark that began the cell was a stray one.
    Wrong,
}

/// The cells of one row while its lines come in.
struct Cells {
    separator: u8,
    done: Vec<String>,
    current: String,
    quoted: bool,
}

impl Cells {
    fn new(separator: Separator) -> Self {
        Self { separator: separator.byte(), done: Vec::new(), current: String::new(), quoted: false }
    }

    fn begin(&mut self) {
        self.done.clear();
        self.current.clear();
        self.quoted = false;
    }

    /// Takes one line.
    fn feed(&mut self, line: &str, ending: &str) -> End {
        let mut rest = line;
        let mut from_before = self.quoted;
        let mut at_start = !self.quoted;
        loop {
            if at_start && rest.starts_with('"') {
                self.quoted = true;
                rest = rest.get(1..).unwrap_or_default();
            }
            if self.quoted {
                let Some(mark) = memchr(b'"', rest.as_bytes()) else {
                    self.current.push_str(rest);
                    self.current.push_str(ending);
                    return End::Open;
                };
                self.current.push_str(rest.get(..mark).unwrap_or_default());
                rest = rest.get(mark + 1..).unwrap_or_default();
                if rest.starts_with('"') {
                    self.current.push('"');
                    rest = rest.get(1..).unwrap_or_default();
                } else {
                    self.quoted = false;
                    if from_before && !rest.is_empty() && !rest.as_bytes().starts_with(&[self.separator]) {
                        return End::Wrong;
                    }
                    from_before = false;
                }
                at_start = false;
                continue;
            }
            // Outside quotation marks, or after the closing one: to the next separator, literally.
            let Some(end) = memchr(self.separator, rest.as_bytes()) else {
                self.current.push_str(rest);
                self.done.push(std::mem::take(&mut self.current));
                return End::Complete;
            };
            self.current.push_str(rest.get(..end).unwrap_or_default());
            self.done.push(std::mem::take(&mut self.current));
            rest = rest.get(end + 1..).unwrap_or_default();
            at_start = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Source;

    fn rows(text: &str, limit: usize) -> Vec<(u64, Result<Vec<String>, &'static str>)> {
        let lines = Lines::new(Source::new(text.as_bytes(), None).unwrap(), limit);
        let mut rows = Rows::new(lines, Separator::Comma, limit);
        let mut found = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            found.push((row.line, row.content.map(|cells| cells.clone()).map_err(|fault| fault.code())));
        }
        found
    }

    fn good(line: u64, cells: &[&str]) -> (u64, Result<Vec<String>, &'static str>) {
        (line, Ok(cells.iter().map(|&cell| cell.to_owned()).collect()))
    }

    #[test]
    fn cells_are_cut_as_the_standard_says() {
        assert_eq!(rows("", 99), []);
        assert_eq!(rows("a,b\r\n\r\n,\r\n", 99), [good(1, &["a", "b"]), good(3, &["", ""])]);
        assert_eq!(rows("\"a,\"\"b\"\"\",c", 99), [good(1, &["a,\"b\"", "c"])]);
        assert_eq!(rows("a\"b,\"c\"d\n", 99), [good(1, &["a\"b", "cd"])]);
        assert_eq!(rows("\"\",\"\"", 99), [good(1, &["", ""])]);
    }

    #[test]
    fn a_cell_keeps_its_line_ends_and_rows_their_numbers() {
        let found = rows("x,\"a\r\n\r\nb\nc\"\n\ny,z", 99);
        assert_eq!(found, [good(1, &["x", "a\r\n\r\nb\nc"]), good(6, &["y", "z"])]);
    }

    #[test]
    fn an_unclosed_mark_costs_one_row() {
        let unclosed = (2, Err("quote-unclosed"));
        assert_eq!(
            rows("a,b\n1,\"x\n2,y\n3,z", 99),
            [good(1, &["a", "b"]), unclosed.clone(), good(3, &["2", "y"]), good(4, &["3", "z"])]
        );
        let long = format!("a,b\n1,\"x\n{}", "2,y\n".repeat(100));
        let found = rows(&long, 64);
        assert_eq!(found.len(), 102);
        assert_eq!(found[1], unclosed);
        assert!(found[2..].iter().all(|(_, row)| row.is_ok()));
    }

    #[test]
    fn a_mark_that_closes_at_the_wrong_place_was_a_stray_one() {
        let found = rows("a,b\n1,\"x\n2,y\n3,\"z\nz\"\n", 99);
        assert_eq!(
            found,
            [good(1, &["a", "b"]), (2, Err("quote-unclosed")), good(3, &["2", "y"]), good(4, &["3", "z\nz"])]
        );
    }

    #[test]
    fn a_long_line_inside_an_unclosed_cell_is_reported_itself() {
        let text = format!("a\n\"x\n{}\ny\n", "z".repeat(200));
        assert_eq!(
            rows(&text, 64),
            [good(1, &["a"]), (2, Err("quote-unclosed")), (3, Err("line-too-long")), good(4, &["y"])]
        );
    }
}
