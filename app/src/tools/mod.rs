//! One folder for each label tool: `gesture.rs` is its behaviour without a screen, `view.rs` how it is drawn.
//! [`canvas`] joins the tools that work on an image; [`grip`] is how a shape of any kind is taken and changed;
//! [`aim`] says where a point goes that is being set; [`operation`] is what is made of whole shapes.

pub mod aim;
pub mod assist;
pub mod bbox;
pub mod canvas;
pub mod choice;
pub mod ellipse;
pub mod grip;
pub mod mask;
pub mod operation;
pub mod point;
pub mod polygon;
pub mod polyline;
pub mod rotated_box;
pub mod skeleton;
pub mod span;
pub mod written;
