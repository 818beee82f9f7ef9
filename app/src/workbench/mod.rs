//! The annotation screen. Its state lives in plain structs that know nothing of the browser and are tested without one
//! ([`document`], [`viewport`], [`timer`], [`outbox`], [`lease`], [`keymap`]); the rest joins them to signals and elements.

pub mod document;
pub mod keymap;
pub mod lease;
pub mod outbox;
pub mod region;
pub mod timer;
pub mod viewport;
