//! How pages of lists are asked for: how long they are, and from where they go on.

use crate::error::Result;
use domain::Error;

/// Rows of a page when the caller does not say.
const LENGTH: u32 = 100;

/// How many rows a page has: 1–500.
pub(crate) fn length(asked: Option<u32>) -> Result<u16> {
    let length = u16::try_from(asked.unwrap_or(LENGTH)).ok().filter(|length| (1..=500).contains(length));
    let refused = || Error::invalid("limit", "out-of-range", "每页须为 1–500 行。", "A page has 1 to 500 rows.");
    Ok(length.ok_or_else(refused)?)
}

/// A place to go on from that no page has told.
pub(crate) fn bad_cursor() -> Error {
    Error::invalid(
        "after",
        "bad-cursor",
        "翻页位置无效，请从第一页开始。",
        "This cursor is not one of ours. Begin at the first page.",
    )
}
