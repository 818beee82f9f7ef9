//! The design system: one component a file, styled by the file of the same name under `style/components/`. Components
//! know nothing of projects and people; all render alike on server and browser.

pub mod ask;
pub mod badge;
pub mod breadcrumb;
pub mod button;
pub mod chart;
pub mod chips;
pub mod dialog;
pub mod drop_zone;
pub mod field;
pub mod icon;
pub mod loaded;
pub mod paged;
pub mod progress;
pub mod segments;
pub mod state;
pub mod table;
pub mod tabs;
pub mod toast;

pub use ask::{Asked, ask};
pub use badge::{Badge, Tone, badge};
pub use breadcrumb::{Crumb, crumbs};
pub use button::{Button, Kind as ButtonKind, LinkButton};
pub use chips::Chips;
pub use dialog::Dialog;
pub use drop_zone::DropZone;
pub use field::{Checkbox, Select, TextArea, TextField};
pub use icon::{Icon, icon};
pub use loaded::{Doing, loaded};
pub use paged::{Paged, search_form};
pub use progress::Progress;
pub use state::{Empty, error_state, problem_line, skeleton};
pub use table::{Sort, SortHeader};
pub use toast::{announce, toast};
