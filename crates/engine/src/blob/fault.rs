//! Why an image file is refused.

use domain::Words;

/// What is wrong with a file that should be an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// No byte in it.
    Empty,
    /// More bytes than the limit.
    TooLarge {
        /// Bytes allowed.
        limit: u64,
    },
    /// None of the image types that are taken.
    Unsupported,
    /// Its name says one type and its content is another.
    Mislabelled {
        /// The ending of its name.
        extension: String,
        /// What it is.
        found: &'static str,
    },
    /// More pixels than the limit: a decompression bomb, or a picture for another tool.
    TooManyPixels {
        /// Width by its header.
        width: u32,
        /// Height by its header.
        height: u32,
        /// Pixels allowed.
        limit: u64,
    },
    /// A side longer than any screen, tile or JPEG copes with.
    TooLong {
        /// Pixels allowed a side.
        limit: u32,
    },
    /// It ends too early.
    Truncated,
    /// It does not decode.
    Damaged,
}

impl Fault {
    /// The stable code.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Fault::Empty => "image-empty",
            Fault::TooLarge { .. } => "file-too-large",
            Fault::Unsupported => "image-unsupported",
            Fault::Mislabelled { .. } => "image-mislabelled",
            Fault::TooManyPixels { .. } => "image-too-many-pixels",
            Fault::TooLong { .. } => "image-too-long",
            Fault::Truncated => "image-truncated",
            Fault::Damaged => "image-damaged",
        }
    }

    /// What happened and what to do.
    pub(crate) fn message(&self) -> Words {
        match self {
            Fault::Empty => Words::new("文件是空的。", "The file is empty."),
            Fault::TooLarge { limit } => {
                let size = domain::error::human_bytes(*limit);
                Words::new(
                    format!("文件过大，单个图像上限为 {size}。"),
                    format!("The file is too large: an image may have at most {size}."),
                )
            }
            Fault::Unsupported => Words::new(
                "内容不是可用的图像，请转换为 JPEG、PNG、WebP、TIFF、BMP 或 GIF。",
                "The content is not an image that is taken here. Convert it to JPEG, PNG, WebP, TIFF, BMP or GIF.",
            ),
            Fault::Mislabelled { extension, found } => Words::new(
                format!("文件名以“.{extension}”结尾，内容却是 {found}，请核对后改名重传。"),
                format!("The name ends in “.{extension}” but the content is {found}. Check the file and rename it."),
            ),
            Fault::TooManyPixels { width, height, limit } => {
                let most = limit / 1_000_000;
                Words::new(
                    format!("图像为 {width}×{height} 像素，超过 {most} 百万像素的上限，请切分后再传。"),
                    format!(
                        "The image has {width}×{height} pixels; at most {most} million are taken. Cut it up first."
                    ),
                )
            }
            Fault::TooLong { limit } => Words::new(
                format!("图像的一边超过 {limit} 像素，请切分后再传。"),
                format!("A side of the image has more than {limit} pixels. Cut it up first."),
            ),
            Fault::Truncated => {
                Words::new("文件不完整，可能没有传完，请重新上传。", "The file is cut off. Upload it again.")
            }
            Fault::Damaged => Words::new(
                "文件已损坏，无法解码，请用看图软件打开核对。",
                "The file is damaged and does not decode. Open it in a viewer to check.",
            ),
        }
    }
}
