//! Schemas: the controls that an annotation must fill. Parsing refuses what it does not know, so that a misspelt field
//! is told and not silently lost; [`check`] says whether a value satisfies a schema.

pub mod attribute;
pub mod check;
pub mod drawable;
pub mod keymap;
pub mod parse;

use crate::geometry::{ShapeKind, Template};
use crate::lang::Words;
use serde::{Deserialize, Serialize};

pub use attribute::{Attribute, Form};
pub use check::{CheckedValue, Subject};

/// The controls of a project, in the order of the screen.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Schema {
    /// The controls.
    pub controls: Vec<Control>,
}

/// One thing to fill in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Control {
    /// The key in the value: 1–40 of `a–z A–Z 0–9 _ -`, unique.
    pub id: String,
    /// The title on the screen; the id where it is empty.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    pub title: Words,
    /// A value without it is refused: a choice must be made, a region drawn, a text typed.
    #[serde(default)]
    pub required: bool,
    /// What kind, with its own fields.
    #[serde(flatten)]
    pub kind: Kind,
}

/// The kinds of control.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    /// Pick among options; the value is a list of option ids, in the schema's order.
    Choice {
        /// The options, possibly a tree.
        options: Vec<ChoiceOption>,
        /// More than one may be picked.
        #[serde(default)]
        multiple: bool,
    },
    /// Mark pieces of a text.
    Span {
        /// The labels.
        labels: Vec<Label>,
        /// Spans may overlap and nest.
        #[serde(default)]
        overlap: bool,
    },
    /// Upright rectangles on an image.
    Box {
        /// The labels.
        labels: Vec<Label>,
    },
    /// Rectangles turned about their centre.
    RotatedBox {
        /// The labels.
        labels: Vec<Label>,
    },
    /// Ellipses on an image.
    Ellipse {
        /// The labels.
        labels: Vec<Label>,
    },
    /// Polygons on an image.
    Polygon {
        /// The labels.
        labels: Vec<Label>,
    },
    /// Open lines on an image.
    Polyline {
        /// The labels.
        labels: Vec<Label>,
    },
    /// Points on an image.
    Point {
        /// The labels.
        labels: Vec<Label>,
    },
    /// Named points on an image that belong together.
    Skeleton {
        /// The labels.
        labels: Vec<Label>,
        /// The points and what joins them.
        #[serde(flatten)]
        template: Template,
    },
    /// Sets of pixels.
    Mask {
        /// The labels.
        labels: Vec<Label>,
    },
    /// A written answer.
    Text {
        /// The fewest characters (Unicode scalar values) of an answer that is not empty.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min_chars: Option<u32>,
        /// The most characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max_chars: Option<u32>,
        /// Line breaks are allowed.
        #[serde(default)]
        multiline: bool,
    },
}

/// An option of a choice.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ChoiceOption {
    /// The key in the value; unique in the control, children included.
    pub id: String,
    /// The title; the id where it is empty.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    pub title: Words,
    /// The hotkey: one of `0–9 a–z`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// Options under this one. Only options without children can be picked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<ChoiceOption>,
}

/// A label of spans or shapes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Label {
    /// The key in the value; unique in the control.
    pub id: String,
    /// The title; the id where it is empty.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    pub title: Words,
    /// The hotkey: one of `0–9 a–z`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// `#rrggbb`; one of [`PALETTE`] by its place among the labels of all controls where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// What else is asked of each region with this label.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
}

/// Label colours told apart by people with colour-vision deficiency (after Okabe and Ito 2008, extended with Tol's
/// muted scheme), used in turn.
pub const PALETTE: [&str; 12] = [
    "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#f0e442", "#882255", "#44aa99", "#999933",
    "#332288", "#aa4499",
];

impl Schema {
    /// The control with this id.
    pub fn control(&self, id: &str) -> Option<&Control> {
        self.controls.iter().find(|control| control.id == id)
    }

    /// The place of a label of spans or shapes among those of all controls. Colour and pattern go by it, so that the first
    /// labels of two controls are told apart.
    pub fn label_place(&self, control: &str, label: &str) -> Option<usize> {
        let at = self.controls.iter().position(|known| known.id == control)?;
        let (before, from) = self.controls.split_at(at);
        let place = from.first()?.labels().iter().position(|known| known.id == label)?;
        Some(before.iter().map(|known| known.labels().len()).sum::<usize>() + place)
    }

    /// The colour of a label: its own, or the palette's by its place among those of all controls.
    pub fn label_color(&self, control: &str, label: &str) -> &str {
        let labels = self.control(control).map(Control::labels).unwrap_or_default();
        let own = labels.iter().find(|known| known.id == label).and_then(|known| known.color.as_deref());
        let of_palette = || PALETTE.get(self.label_place(control, label)? % PALETTE.len()).copied();
        own.or_else(of_palette).unwrap_or("#767676")
    }

    /// Nothing to fill in.
    pub fn is_empty(&self) -> bool {
        self.controls.is_empty()
    }
}

impl Kind {
    /// The code in schemas.
    pub fn code(&self) -> &'static str {
        match self {
            Kind::Choice { .. } => "choice",
            Kind::Span { .. } => "span",
            Kind::Box { .. } => "box",
            Kind::RotatedBox { .. } => "rotated_box",
            Kind::Ellipse { .. } => "ellipse",
            Kind::Polygon { .. } => "polygon",
            Kind::Polyline { .. } => "polyline",
            Kind::Point { .. } => "point",
            Kind::Skeleton { .. } => "skeleton",
            Kind::Mask { .. } => "mask",
            Kind::Text { .. } => "text",
        }
    }

    /// The kind of shape that is drawn, if one is.
    pub fn shape(&self) -> Option<ShapeKind> {
        match self {
            Kind::Choice { .. } | Kind::Span { .. } | Kind::Text { .. } => None,
            Kind::Box { .. } => Some(ShapeKind::Box),
            Kind::RotatedBox { .. } => Some(ShapeKind::RotatedBox),
            Kind::Ellipse { .. } => Some(ShapeKind::Ellipse),
            Kind::Polygon { .. } => Some(ShapeKind::Polygon),
            Kind::Polyline { .. } => Some(ShapeKind::Polyline),
            Kind::Point { .. } => Some(ShapeKind::Point),
            Kind::Skeleton { .. } => Some(ShapeKind::Skeleton),
            Kind::Mask { .. } => Some(ShapeKind::Mask),
        }
    }

    /// The labels of spans and shapes; empty for other kinds.
    pub fn labels(&self) -> &[Label] {
        match self {
            Kind::Span { labels, .. }
            | Kind::Box { labels }
            | Kind::RotatedBox { labels }
            | Kind::Ellipse { labels }
            | Kind::Polygon { labels }
            | Kind::Polyline { labels }
            | Kind::Point { labels }
            | Kind::Skeleton { labels, .. }
            | Kind::Mask { labels } => labels,
            Kind::Choice { .. } | Kind::Text { .. } => &[],
        }
    }
}

impl Control {
    /// The title, or the id.
    pub fn name(&self, lang: crate::Lang) -> &str {
        or_id(&self.title, &self.id, lang)
    }

    /// The kind's code.
    pub fn kind_code(&self) -> &'static str {
        self.kind.code()
    }

    /// The labels of spans and shapes; empty for other kinds.
    pub fn labels(&self) -> &[Label] {
        self.kind.labels()
    }

    /// The options that can be picked (those without children), depth first; empty for other kinds.
    pub fn leaves(&self) -> Vec<&ChoiceOption> {
        fn walk<'a>(options: &'a [ChoiceOption], out: &mut Vec<&'a ChoiceOption>) {
            for option in options {
                if option.children.is_empty() {
                    out.push(option);
                } else {
                    walk(&option.children, out);
                }
            }
        }
        let mut out = Vec::new();
        if let Kind::Choice { options, .. } = &self.kind {
            walk(options, &mut out);
        }
        out
    }

    /// Every id that annotations may use: labels, or options that can be picked.
    pub fn label_ids(&self) -> Vec<&str> {
        let labels = self.labels().iter().map(|label| label.id.as_str());
        labels.chain(self.leaves().into_iter().map(|option| option.id.as_str())).collect()
    }
}

impl Label {
    /// The title, or the id.
    pub fn name(&self, lang: crate::Lang) -> &str {
        or_id(&self.title, &self.id, lang)
    }
}

impl ChoiceOption {
    /// The title, or the id.
    pub fn name(&self, lang: crate::Lang) -> &str {
        or_id(&self.title, &self.id, lang)
    }
}

fn or_id<'a>(title: &'a Words, id: &'a str, lang: crate::Lang) -> &'a str {
    let title = title.get(lang);
    if title.is_empty() { id } else { title }
}

/// The ink with the higher contrast on a `#rrggbb` ground (relative luminance of WCAG 2.2): `#000000` or `#ffffff`.
pub fn ink(color: &str) -> &'static str {
    let channel = |at: usize| -> f64 {
        let byte = color.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(0x76);
        let c = f64::from(byte) / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    let luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
    // Contrast with white is 1.05 / (L + 0.05), with black (L + 0.05) / 0.05; they are equal at L ≈ 0.179.
    if luminance > 0.179 { "#000000" } else { "#ffffff" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn labels_of_several_controls_are_told_apart() {
        let schema: Schema = serde_json::from_value(json!({ "controls": [
            { "id": "mood", "kind": "choice", "options": [{ "id": "good" }, { "id": "bad" }] },
            { "id": "boxes", "kind": "box", "labels": [{ "id": "car" }, { "id": "sign", "color": "#123456" }] },
            { "id": "areas", "kind": "polygon", "labels": [{ "id": "car" }] },
        ] }))
        .unwrap();
        let place = |control: &str, label: &str| schema.label_place(control, label);
        assert_eq!([place("boxes", "car"), place("boxes", "sign"), place("areas", "car")], [Some(0), Some(1), Some(2)]);
        assert_eq!([place("boxes", "dog"), place("dogs", "car")], [None, None]);
        assert_eq!(schema.label_color("boxes", "sign"), "#123456");
        assert_eq!([schema.label_color("boxes", "car"), schema.label_color("areas", "car")], [PALETTE[0], PALETTE[2]]);
        assert_eq!(schema.label_color("areas", "dog"), "#767676");
    }
}
