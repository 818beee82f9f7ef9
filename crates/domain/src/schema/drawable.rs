//! What the workbench can draw as yet. The one place that decides it: the schema form offers only such kinds, and a
//! project with others is refused, since nobody could work in it.
//!
//! Formats, checks and stored schemas know every kind; a tool that comes to the workbench is let in here.

use super::{Kind, Schema};
use crate::error::Problem;
use crate::project::Modality;
use serde_json::Value;

/// The kinds of control that people can work with on items of this modality, in the order in which they are offered.
pub fn offered(modality: Modality) -> &'static [&'static str] {
    match modality {
        Modality::Text => &["choice", "span", "text"],
        Modality::Image => &["box", "rotated_box", "ellipse", "polygon", "polyline", "point", "mask", "choice", "text"],
    }
}

impl Kind {
    /// Has the workbench a tool for this kind?
    pub fn is_drawable(&self) -> bool {
        [Modality::Text, Modality::Image].into_iter().any(|modality| offered(modality).contains(&self.code()))
    }
}

/// The workbench cannot fill in attributes of regions yet.
const ATTRIBUTES: bool = false;

impl Schema {
    /// Reads and checks a schema that people are to work by: what [`Schema::parse`] refuses, and what the workbench
    /// cannot draw.
    pub fn parse_for_work(json: &Value, modality: Modality) -> Result<Schema, Vec<Problem>> {
        let schema = Schema::parse(json, modality)?;
        let problems = schema.not_yet_drawable();
        if problems.is_empty() { Ok(schema) } else { Err(problems) }
    }

    /// What of it the workbench cannot draw yet, each told with its place.
    pub fn not_yet_drawable(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (n, control) in self.controls.iter().enumerate() {
            let code = control.kind_code();
            if !control.kind.is_drawable() {
                problems.push(Problem::new(
                    format!("schema.controls[{n}].kind"),
                    "not-yet-drawable",
                    format!("标注工作台暂时还不能绘制“{code}”类型的图形。"),
                    format!("Shapes of the kind “{code}” are not yet drawable in the workbench."),
                ));
            }
            for (m, label) in control.labels().iter().enumerate() {
                if !ATTRIBUTES && !label.attributes.is_empty() {
                    problems.push(Problem::new(
                        format!("schema.controls[{n}].labels[{m}].attributes"),
                        "not-yet-drawable",
                        "标注工作台暂时还不能填写标签属性。",
                        "Attributes of labels cannot be filled in in the workbench yet.",
                    ));
                }
            }
        }
        problems
    }
}
