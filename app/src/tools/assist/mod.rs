//! Help with drawing that looks at the picture: the magic wand, the intelligent scissors, an object cut out of its box. What
//! they find comes from a worker ([`crate::workbench::helper`]); here is only what the hand does.

pub mod gesture;
pub mod view;
