//! Handing work out and taking it back in.
//!
//! What holds here, whatever fails or races: an item never has more live claims and counted annotations than its
//! overlap; nobody fills two slots of one item; a submit that was answered is never lost; and a claim that ends gives
//! back exactly what it held. `queries` has the statements, `settle` finds out when an item is complete.

pub(crate) mod access;
pub(crate) mod entity;
pub(crate) mod front;
mod home;
pub(crate) mod queries;
mod release;
mod renew;
mod save_draft;
pub(crate) mod settle;
mod skip;
mod submit;
mod take;
pub(crate) mod together;
pub(crate) mod view;
mod workplace;

pub use home::home;
pub use release::release;
pub use renew::renew;
pub use save_draft::save_draft;
pub use skip::skip;
pub use submit::submit;
pub use take::take;
pub use workplace::workplace;

pub(crate) use submit::{checked, last_counted};
pub(crate) use take::until;

/// The most characters of a comment, of annotators and reviewers alike.
pub(crate) const COMMENT_MAX_CHARS: usize = 1_000;

/// Trims a comment; an empty one is none. Refuses one that is too long.
pub(crate) fn checked_comment(comment: Option<String>, at: &str) -> crate::Result<Option<String>> {
    let comment = comment.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if comment.as_ref().is_some_and(|text| text.chars().count() > COMMENT_MAX_CHARS || text.contains('\0')) {
        let (zh, en) = ("说明最多 1000 个字。", "A comment has at most 1,000 characters.");
        return Err(domain::Error::invalid(at, "too-long", zh, en).into());
    }
    Ok(comment)
}
