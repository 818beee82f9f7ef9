//! A reader of any encoding as a reader of UTF-8.
//!
//! Every ill-formed piece of the source becomes one byte 0xFF, which no UTF-8 contains: so whoever cuts the stream into lines
//! knows which lines are damaged, and the others stay exact.

use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, DecoderResult};

use super::encoding::{Encoding, detect};

/// Read for the guess, and again whenever it is used up.
const BUFFER: usize = 64 << 10;
/// As long as there is nothing but ASCII there is nothing to guess from: up to here the sample grows.
const SAMPLE: usize = 1 << 20;
/// What a decoder writes for an ill-formed piece.
const DAMAGE: u8 = 0xff;

pub(crate) struct Source<R> {
    inner: R,
    encoding: Encoding,
    /// Lines end in LF, or in CR where a file of the last century has no LF at all.
    line_end: u8,
    bytes_read: u64,
    ended: bool,
    raw: Window,
    decoding: Option<Decoding>,
}

struct Decoding {
    decoder: Decoder,
    text: Window,
    done: bool,
}

/// A buffer with what is still to be used in `start..end`.
#[derive(Default)]
struct Window {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
}

impl Window {
    fn rest(&self) -> &[u8] {
        self.bytes.get(self.start..self.end).unwrap_or_default()
    }

    fn consume(&mut self, count: usize) {
        self.start = self.start.saturating_add(count).min(self.end);
    }

    fn is_empty(&self) -> bool {
        self.start >= self.end
    }
}

impl<R: Read> Source<R> {
    pub(crate) fn new(inner: R, encoding: Option<Encoding>) -> io::Result<Self> {
        let mut source = Self {
            inner,
            encoding: Encoding::Utf8,
            line_end: b'\n',
            bytes_read: 0,
            ended: false,
            raw: Window::default(),
            decoding: None,
        };
        source.take_sample()?;
        let sample = source.raw.rest();
        let encoding = encoding.unwrap_or_else(|| detect(sample));
        if sample.starts_with(encoding.mark()) {
            source.raw.consume(encoding.mark().len());
        }
        if ends_in_cr(source.raw.rest(), encoding, source.ended) {
            source.line_end = b'\r';
        }
        source.encoding = encoding;
        if encoding != Encoding::Utf8 {
            source.decoding = Some(Decoding {
                decoder: encoding.codec().new_decoder_without_bom_handling(),
                text: Window { bytes: vec![0; BUFFER], start: 0, end: 0 },
                done: false,
            });
        }
        Ok(source)
    }

    pub(crate) fn encoding(&self) -> Encoding {
        self.encoding
    }

    pub(crate) fn line_end(&self) -> u8 {
        self.line_end
    }

    /// Bytes of the upload taken so far, before decoding: for a progress bar.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    fn take_sample(&mut self) -> io::Result<()> {
        loop {
            let filled = self.raw.end;
            self.raw.bytes.resize(filled + BUFFER, 0);
            while self.raw.end < self.raw.bytes.len() && !self.ended {
                self.read_more()?;
            }
            if self.ended || !self.raw.rest().is_ascii() || self.raw.end >= SAMPLE {
                return Ok(());
            }
        }
    }

    /// One read into what is free at the end of the raw window.
    fn read_more(&mut self) -> io::Result<()> {
        let free = self.raw.bytes.get_mut(self.raw.end..).unwrap_or_default();
        match self.inner.read(free) {
            Ok(0) => self.ended = true,
            Ok(count) => {
                self.raw.end += count;
                self.bytes_read += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn refill(&mut self) -> io::Result<()> {
        while self.raw.is_empty() && !self.ended {
            self.raw.start = 0;
            self.raw.end = 0;
            self.read_more()?;
        }
        Ok(())
    }

    fn decode_more(&mut self) -> io::Result<()> {
        loop {
            self.refill()?;
            let Some(decoding) = &mut self.decoding else { return Ok(()) };
            if !decoding.text.is_empty() || decoding.done {
                return Ok(());
            }
            let Decoding { decoder, text, done } = decoding;
            text.start = 0;
            text.end = 0;
            // One place stays free for the mark of damage.
            let room = text.bytes.len() - 1;
            let target = text.bytes.get_mut(..room).unwrap_or_default();
            let (result, read, written) =
                decoder.decode_to_utf8_without_replacement(self.raw.rest(), target, self.ended);
            self.raw.consume(read);
            text.end = written;
            match result {
                DecoderResult::InputEmpty => *done = self.ended,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    if let Some(mark) = text.bytes.get_mut(written) {
                        *mark = DAMAGE;
                        text.end = written + 1;
                    }
                }
            }
        }
    }
}

/// Whether the sample has CR, and no LF.
fn ends_in_cr(sample: &[u8], encoding: Encoding, whole: bool) -> bool {
    let (text, _) = match encoding {
        Encoding::Utf16Be | Encoding::Utf16Le => encoding.codec().decode_without_bom_handling(sample),
        // In all the others CR and LF are themselves and part of nothing else.
        Encoding::Big5 | Encoding::Gb18030 | Encoding::Utf8 => return only_cr(sample, whole),
    };
    only_cr(text.as_bytes(), whole)
}

fn only_cr(bytes: &[u8], whole: bool) -> bool {
    // A CR that is the last byte of a cut sample may belong to a CRLF.
    let bytes = if whole { bytes } else { bytes.strip_suffix(b"\r").unwrap_or(bytes) };
    bytes.contains(&b'\r') && !bytes.contains(&b'\n')
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let mut rest = self.fill_buf()?;
        let count = rest.read(target)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Source<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.decoding.is_some() {
            self.decode_more()?;
        } else {
            self.refill()?;
        }
        Ok(match &self.decoding {
            Some(decoding) => decoding.text.rest(),
            None => self.raw.rest(),
        })
    }

    fn consume(&mut self, count: usize) {
        match &mut self.decoding {
            Some(decoding) => decoding.text.consume(count),
            None => self.raw.consume(count),
        }
    }
}
