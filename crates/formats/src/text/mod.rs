//! Bytes to lines of text: the encoding guessed or told, then decoded as a stream, line by line, in flat memory.
//!
//! Nothing here normalises: what is between two line ends reaches the caller as it was written.

mod encoding;
mod lines;
mod source;

pub(crate) use encoding::by_familiarity;
pub use encoding::{Encoding, detect};
pub(crate) use lines::{Content, Lines};
pub(crate) use source::Source;
