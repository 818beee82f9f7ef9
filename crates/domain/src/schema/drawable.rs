//! What the workbench can draw, and in which order the schema form offers it. The one place that decides it.

use crate::project::Modality;

/// The kinds of control that people can work with on items of this modality, in the order in which they are offered.
pub fn offered(modality: Modality) -> &'static [&'static str] {
    match modality {
        Modality::Text => &["choice", "span", "text"],
        Modality::Image => {
            &["box", "rotated_box", "ellipse", "polygon", "polyline", "point", "skeleton", "mask", "choice", "text"]
        }
    }
}
