//! Import and export codecs over `Read` and `Write`: uploads in, data sets out, memory flat whatever the size.
//!
//! What it never does: know a database, a network, a clock or a file system; decide who may import or export; look into
//! pictures; change a text. Start reading at [`mod@format`] (the list of formats), then [`import`] and [`export`].
#![warn(missing_docs)]

pub mod archive;
pub mod coco;
pub mod csv;
pub mod export;
pub mod format;
pub mod import;
pub mod jsonl;
pub mod loss;
pub mod manifest;
pub mod native;
pub mod problem;
pub mod record;
pub mod text;
pub mod txt;

pub use format::{Format, Kind, all, by_id};
pub use loss::Loss;
pub use problem::{Fault, Problem};
pub use record::{Entry, ImportOptions, Limits, Position, Record, Split};
pub use text::{Encoding, detect};
