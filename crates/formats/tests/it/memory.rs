//! Enormous input, made while it is read, in flat memory.

use std::io::{self, Read};

use formats::import::open;
use formats::{Entry, ImportOptions};

/// A head, then so many times one byte, then a tail.
struct Line<'a> {
    head: &'a [u8],
    filler: u64,
    tail: &'a [u8],
}

impl Read for Line<'_> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if !self.head.is_empty() {
            return self.head.read(target);
        }
        if self.filler == 0 {
            return self.tail.read(target);
        }
        let count = target.len().min(usize::try_from(self.filler).unwrap_or(usize::MAX));
        target[..count].fill(b'x');
        self.filler -= count as u64;
        Ok(count)
    }
}

/// The most memory this process has held, in KiB.
#[cfg(target_os = "linux")]
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[cfg(not(target_os = "linux"))]
fn peak() -> u64 {
    0
}

#[test]
fn a_line_of_two_gibibytes_is_one_problem() {
    for (format, head) in [("jsonl", "{\"text\":\"first\"}\n{\"text\":\""), ("csv", "text\nfirst\n\"")] {
        let tail = if format == "csv" { "\"\nlast\n".as_bytes() } else { b"\"}\n{\"text\":\"last\"}\n" };
        let before = peak();
        let source = Line { head: head.as_bytes(), filler: 2 << 30, tail };
        let found: Vec<_> =
            open(format, source, &ImportOptions::default()).unwrap().unwrap().map(Result::unwrap).collect();
        let [Entry::Record(first), Entry::Problem(problem), Entry::Record(last)] = found.as_slice() else {
            panic!("{found:?}")
        };
        assert_eq!((first.text.as_str(), last.text.as_str()), ("first", "last"));
        assert_eq!(problem.code, "line-too-long");
        assert!(problem.sample.as_ref().is_some_and(|sample| sample.len() < 1000));
        let grown = peak() - before;
        assert!(grown < 64 << 10, "{format}: {grown} KiB");
    }
}

#[test]
fn many_lines_are_not_gathered() {
    let line = b"{\"id\":1,\"text\":\"\xe8\xb4\xb5\xe9\x98\xb3\",\"meta\":{\"a\":1}}\n";
    let source = Repeat { line, times: 300_000, at: 0 };
    let before = peak();
    let count = open("jsonl", source, &ImportOptions::default()).unwrap().unwrap().map(Result::unwrap).count();
    assert_eq!(count, 300_000);
    assert!(peak() - before < 16 << 10);
}

struct Repeat<'a> {
    line: &'a [u8],
    times: u64,
    at: usize,
}

impl Read for Repeat<'_> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < target.len() && self.times > 0 {
            let rest = &self.line[self.at..];
            let count = rest.len().min(target.len() - filled);
            target[filled..filled + count].copy_from_slice(&rest[..count]);
            filled += count;
            self.at += count;
            if self.at == self.line.len() {
                self.at = 0;
                self.times -= 1;
            }
        }
        Ok(filled)
    }
}
