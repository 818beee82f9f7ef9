//! Tables: text items in from CSV and TSV, final values out as CSV for spreadsheets.

mod read;
mod rows;
mod write;

use domain::project::Modality;

use crate::format::{Format, Kind, Title};

pub use read::Reader;
pub use rows::Separator;
pub use write::Writer;

/// CSV in.
pub const IMPORT: Format = Format {
    id: "csv",
    kind: Kind::Import,
    title: Title { zh: "CSV 表格", en: "CSV table" },
    modalities: &[Modality::Text],
    extensions: &["csv"],
};

/// TSV in.
pub const IMPORT_TSV: Format = Format {
    id: "tsv",
    kind: Kind::Import,
    title: Title { zh: "TSV 表格", en: "TSV table" },
    modalities: &[Modality::Text],
    extensions: &["tab", "tsv"],
};

/// CSV out.
pub const EXPORT: Format = Format {
    id: "csv",
    kind: Kind::Export,
    title: Title { zh: "CSV 表格", en: "CSV table" },
    modalities: &[Modality::Image, Modality::Text],
    extensions: &["csv"],
};
