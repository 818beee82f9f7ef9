//! Items: who sees which, pages, declaring them unusable.

mod list;
mod set_void;
