//! One folder for each label tool: `gesture.rs` is its behaviour without a screen, `view.rs` how it is drawn.
//! [`canvas`] joins the tools that work on an image.

pub mod bbox;
pub mod canvas;
pub mod choice;
pub mod polygon;
pub mod span;
pub mod written;
