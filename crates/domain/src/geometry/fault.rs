//! Why a shape is refused: each reason by its own name, with a sentence for people.

use super::Size;
use crate::lang::Words;

/// What is wrong with a shape.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// A field is missing or is not what it should be; says what belongs there.
    Field(&'static str),
    /// A coordinate is missing, not a number or not finite.
    NotFinite,
    /// It lies outside the image, or partly.
    Outside {
        /// The image.
        size: Size,
    },
    /// Too few distinct points.
    TooFewPoints {
        /// How many it needs.
        least: usize,
    },
    /// More vertices than are accepted.
    TooManyPoints {
        /// How many it may have.
        most: usize,
    },
    /// No area: width, height, radius or the ring's area is not above 0, or a mask holds no pixel.
    ZeroArea,
    /// Edges cross or touch.
    SelfIntersection,
    /// A hole lies outside the outer ring or within another hole.
    HoleOutside,
    /// A mask of another size than the image.
    MaskSize {
        /// The mask.
        given: Size,
        /// The image.
        image: Size,
    },
    /// The runs of a mask cannot be read.
    RunsUnreadable,
    /// The runs of a mask do not add up to its pixels.
    RunsSum {
        /// What they add up to.
        sum: u64,
        /// How many pixels there are.
        pixels: u64,
    },
    /// More runs than are accepted.
    TooManyRuns {
        /// How many it may have.
        most: usize,
    },
    /// A point of a skeleton that its template does not have.
    UnknownPoint {
        /// The point.
        name: String,
    },
    /// A point of the template that the skeleton lacks.
    PointMissing {
        /// The point.
        name: String,
    },
    /// A skeleton's point that comes twice.
    PointTwice {
        /// The point.
        name: String,
    },
}

impl Fault {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Fault::Field(_) => "bad-shape",
            Fault::NotFinite => "not-a-number",
            Fault::Outside { .. } => "outside-image",
            Fault::TooFewPoints { .. } => "too-few-points",
            Fault::TooManyPoints { .. } => "too-many-points",
            Fault::ZeroArea => "zero-area",
            Fault::SelfIntersection => "self-intersection",
            Fault::HoleOutside => "hole-outside",
            Fault::MaskSize { .. } => "mask-size",
            Fault::RunsUnreadable => "rle-unreadable",
            Fault::RunsSum { .. } => "rle-sum",
            Fault::TooManyRuns { .. } => "too-many-runs",
            Fault::UnknownPoint { .. } => "unknown-point",
            Fault::PointMissing { .. } => "point-missing",
            Fault::PointTwice { .. } => "duplicate",
        }
    }

    /// The sentence.
    pub fn words(&self) -> Words {
        let pair = |zh: String, en: String| Words::new(zh, en);
        match self {
            Fault::Field(form) => {
                pair(format!("图形字段不对，应为 {form}。"), format!("The shape's fields must be {form}."))
            }
            Fault::NotFinite => pair("坐标须为有限的数。".into(), "Every coordinate must be a finite number.".into()),
            Fault::Outside { size: Size { width, height } } => pair(
                format!("图形超出图像范围（{width}×{height}）。"),
                format!("The shape lies outside the image of {width}×{height} pixels."),
            ),
            Fault::TooFewPoints { least } => pair(
                format!("至少要有 {least} 个不同的顶点。"),
                format!("It needs at least {least} distinct point{}.", if *least == 1 { "" } else { "s" }),
            ),
            Fault::TooManyPoints { most } => {
                pair(format!("最多 {most} 个顶点。"), format!("It has at most {most} vertices."))
            }
            Fault::ZeroArea => pair("图形面积为 0。".into(), "The shape has no area.".into()),
            Fault::SelfIntersection => {
                pair("图形的边互相交叉或相碰。".into(), "The shape's edges cross or touch each other.".into())
            }
            Fault::HoleOutside => pair(
                "孔洞须在外轮廓之内，且不能套在另一个孔洞里。".into(),
                "A hole must lie within the outer ring and not within another hole.".into(),
            ),
            Fault::MaskSize { given, image } => pair(
                format!(
                    "掩膜大小为 {}×{}，与图像（{}×{}）不符。",
                    given.width, given.height, image.width, image.height
                ),
                format!(
                    "The mask is {}×{} pixels, the image {}×{}.",
                    given.width, given.height, image.width, image.height
                ),
            ),
            Fault::RunsUnreadable => {
                pair("掩膜的游程编码（RLE）无法解读。".into(), "The mask's run lengths (RLE) cannot be read.".into())
            }
            Fault::RunsSum { sum, pixels } => pair(
                format!("掩膜游程之和为 {sum}，应为 {pixels}。"),
                format!("The mask's run lengths add up to {sum}, not to {pixels}."),
            ),
            Fault::TooManyRuns { most } => {
                pair(format!("掩膜最多 {most} 段游程。"), format!("A mask has at most {most} runs."))
            }
            Fault::UnknownPoint { name } => {
                pair(format!("骨架没有名为“{name}”的点。"), format!("The skeleton has no point “{name}”."))
            }
            Fault::PointMissing { name } => pair(
                format!("骨架缺少点“{name}”；看不到时请标为不存在。"),
                format!("The skeleton lacks its point “{name}”: mark it absent if it cannot be seen."),
            ),
            Fault::PointTwice { name } => {
                pair(format!("点“{name}”出现了两次。"), format!("The point “{name}” comes twice."))
            }
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.words().en)
    }
}
