//! Import and export codecs over `Read` and `Write`: domain types in and out. Knows no database and no network.
#![warn(missing_docs)]
