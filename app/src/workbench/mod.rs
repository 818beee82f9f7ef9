//! The annotation screen. Its state lives in plain structs that know nothing of the browser and are tested without one
//! ([`document`], [`viewport`], [`shown`], [`timer`], [`outbox`], [`lease`], [`keymap`]); the rest joins them to signals and elements.

pub mod aids;
pub mod arranging;
pub mod assisting;
pub mod compare;
pub mod courier;
pub mod cursor;
pub mod details;
pub mod document;
pub mod editor;
pub mod form;
pub mod helper;
pub mod image_stage;
pub mod images;
pub mod keyboard;
pub mod keymap;
pub mod keystrip;
pub mod layers;
pub mod lease;
pub mod listen;
pub mod objects;
pub mod operating;
pub mod outbox;
pub mod overlay;
pub mod paint;
pub mod picture;
pub mod pointing;
pub mod region;
pub mod ruler;
pub mod session;
pub mod shaping;
pub mod shown;
pub mod snapping;
pub mod stage;
pub mod storage;
pub mod text_paragraph;
pub mod text_places;
pub mod text_stage;
pub mod tiles;
pub mod timer;
#[cfg(test)]
mod undoing;
pub mod viewport;
pub mod windowing;
