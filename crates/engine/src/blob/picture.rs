//! Looking at an image file, and making what is served of it: the upright picture, a screen-sized one and a thumbnail.
//! All of it blocks and belongs on threads made for that.

use super::entity::blob;
use super::fault::Fault;
use super::store;
use crate::Limits;
use crate::error::Result;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageError, ImageFormat, ImageReader, imageops::FilterType};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek, SeekFrom};
use std::path::Path;

/// Widths of the smaller renditions; each is also its name.
pub(crate) const WIDTHS: [u32; 2] = [256, 1_600];
/// The name of the upright rendition, made where the original lies on its side or no browser shows its type.
pub(crate) const UPRIGHT: &str = "upright";
/// What a decoder may allocate beside the picture itself.
const SPARE_BYTES: u64 = 256 << 20;
/// Bytes of a pixel, at most (four channels of 16 bits).
const PIXEL_BYTES: u64 = 8;

/// An image in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picture {
    /// SHA-256 of the file, hexadecimal.
    pub(crate) sha256: String,
    /// Its length.
    pub(crate) bytes: u64,
    /// Its type by its content.
    pub(crate) media_type: String,
    /// Pixels of the upright picture.
    pub(crate) width: u32,
    /// Pixels of the upright picture.
    pub(crate) height: u32,
}

impl From<blob::Model> for Picture {
    fn from(row: blob::Model) -> Self {
        let size = |n: Option<i32>| n.and_then(|n| u32::try_from(n).ok()).unwrap_or_default();
        Self {
            sha256: row.hash,
            bytes: u64::try_from(row.bytes).unwrap_or_default(),
            media_type: row.media_type,
            width: size(row.width),
            height: size(row.height),
        }
    }
}

/// What the first bytes and the hash of a file say; nothing is decoded yet.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    /// SHA-256 of the file, hexadecimal.
    pub(crate) sha256: String,
    /// Its length.
    pub(crate) bytes: u64,
    format: ImageFormat,
    width: u32,
    height: u32,
}

impl Header {
    /// Its pixels.
    pub(crate) fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }
}

/// The types that are taken: format, its name, media type, and the endings that names of it have.
const TYPES: [(ImageFormat, &str, &str, &[&str]); 5] = [
    (ImageFormat::Jpeg, "JPEG", "image/jpeg", &["jpg", "jpeg", "jpe", "jfif"]),
    (ImageFormat::Png, "PNG", "image/png", &["png", "apng"]),
    (ImageFormat::WebP, "WebP", "image/webp", &["webp"]),
    (ImageFormat::Tiff, "TIFF", "image/tiff", &["tif", "tiff"]),
    (ImageFormat::Bmp, "BMP", "image/bmp", &["bmp", "dib"]),
];
/// Endings of image types that are not taken: a file of such a name must not hold one of the others either.
const FOREIGN: [&str; 8] = ["gif", "heic", "heif", "avif", "jp2", "ico", "svg", "psd"];

/// Whether a file begins like one of the types that are taken.
pub(crate) fn is_image(head: &[u8]) -> bool {
    format_of(head).is_some()
}

fn format_of(head: &[u8]) -> Option<ImageFormat> {
    let format = image::guess_format(head).ok()?;
    TYPES.iter().any(|(known, ..)| *known == format).then_some(format)
}

/// Looks at a file without decoding it: its type by its content, its name against that, its pixels against the limit.
pub(crate) fn look(path: &Path, name: &str, limits: &Limits) -> Result<std::result::Result<Header, Fault>> {
    let mut file = BufReader::with_capacity(64 << 10, File::open(path)?);
    let bytes = file.get_ref().metadata()?.len();
    if bytes == 0 {
        return Ok(Err(Fault::Empty));
    }
    if bytes > limits.image_bytes {
        return Ok(Err(Fault::TooLarge { limit: limits.image_bytes }));
    }
    let Some(format) = format_of(file.fill_buf()?) else { return Ok(Err(Fault::Unsupported)) };
    if let Some(fault) = mislabelled(name, format) {
        return Ok(Err(fault));
    }
    let mut decoded = ImageReader::with_format(&mut file, format);
    decoded.limits(allowance(limits.image_pixels.saturating_mul(PIXEL_BYTES)));
    let (width, height) = match decoded.into_dimensions() {
        Ok(size) => size,
        Err(error) => return fault_of(error).map(Err),
    };
    let pixels = u64::from(width) * u64::from(height);
    if pixels > limits.image_pixels {
        return Ok(Err(Fault::TooManyPixels { width, height, limit: limits.image_pixels }));
    }
    if pixels == 0 {
        return Ok(Err(Fault::Damaged));
    }
    file.seek(SeekFrom::Start(0))?;
    let mut hash = Sha256::new();
    let mut whole = Ending::new(format, bytes);
    loop {
        let chunk = file.fill_buf()?;
        if chunk.is_empty() {
            break;
        }
        hash.update(chunk);
        whole.see(chunk);
        let seen = chunk.len();
        file.consume(seen);
    }
    if !whole.is_whole() {
        return Ok(Err(Fault::Truncated));
    }
    Ok(Ok(Header { sha256: hex::encode(hash.finalize()), bytes, format, width, height }))
}

fn mislabelled(name: &str, format: ImageFormat) -> Option<Fault> {
    let (_, extension) = name.rsplit_once('.')?;
    let extension = extension.to_ascii_lowercase();
    let (_, found, _, endings) = TYPES.iter().find(|(known, ..)| *known == format)?;
    let is_known = FOREIGN.contains(&extension.as_str()) || TYPES.iter().any(|t| t.3.contains(&extension.as_str()));
    (is_known && !endings.contains(&extension.as_str())).then_some(Fault::Mislabelled { extension, found })
}

/// Whether a file goes on to its own end, for types whose decoders fill what is missing with grey.
enum Ending {
    Jpeg(JpegEnd),
    WebP {
        head: Vec<u8>,
        bytes: u64,
    },
    /// Decoding tells.
    Decoder,
}

impl Ending {
    fn new(format: ImageFormat, bytes: u64) -> Self {
        match format {
            ImageFormat::Jpeg => Ending::Jpeg(JpegEnd::Begin),
            ImageFormat::WebP => Ending::WebP { head: Vec::new(), bytes },
            _ => Ending::Decoder,
        }
    }

    fn see(&mut self, chunk: &[u8]) {
        match self {
            Ending::Jpeg(end) => chunk.iter().for_each(|byte| end.see(*byte)),
            Ending::WebP { head, .. } => {
                let missing = 12_usize.saturating_sub(head.len());
                head.extend(chunk.iter().take(missing));
            }
            Ending::Decoder => {}
        }
    }

    fn is_whole(&self) -> bool {
        match self {
            Ending::Jpeg(end) => matches!(end, JpegEnd::End),
            Ending::WebP { head, bytes } => match head.get(4..8).and_then(|size| size.try_into().ok()) {
                Some(size) => u64::from(u32::from_le_bytes(size)) + 8 <= *bytes,
                None => false,
            },
            Ending::Decoder => true,
        }
    }
}

/// Walks through the segments of a JPEG up to its end marker (ITU-T T.81, annex B).
enum JpegEnd {
    /// Before the first marker.
    Begin,
    /// After 0xFF outside of scan data: the marker's code comes.
    Marker,
    /// The first byte of a segment's length.
    LengthHigh { scan: bool },
    /// The second one.
    LengthLow { scan: bool, high: u8 },
    /// Inside a segment.
    Segment { scan: bool, left: u16 },
    /// Inside the data of a scan.
    Scan,
    /// In it, after 0xFF.
    ScanMarker,
    /// The end marker was there.
    End,
}

impl JpegEnd {
    fn see(&mut self, byte: u8) {
        use JpegEnd as J;
        *self = match std::mem::replace(self, J::End) {
            J::Begin => {
                if byte == 0xFF {
                    J::Marker
                } else {
                    J::Begin
                }
            }
            J::Marker => Self::marker(byte, J::Begin),
            J::LengthHigh { scan } => J::LengthLow { scan, high: byte },
            J::LengthLow { scan, high } => Self::inside(scan, u16::from_be_bytes([high, byte]).saturating_sub(2)),
            J::Segment { scan, left } => Self::inside(scan, left - 1),
            J::Scan => {
                if byte == 0xFF {
                    J::ScanMarker
                } else {
                    J::Scan
                }
            }
            J::ScanMarker => Self::marker(byte, J::Scan),
            J::End => J::End,
        };
    }

    fn marker(code: u8, stay: JpegEnd) -> JpegEnd {
        match (code, &stay) {
            // A fill byte: the code is still to come.
            (0xFF, JpegEnd::Scan) => JpegEnd::ScanMarker,
            (0xFF, _) => JpegEnd::Marker,
            (0xD9, _) => JpegEnd::End,
            // A stuffed zero, a restart, the start of the image: nothing follows them.
            (0x00 | 0x01 | 0xD0..=0xD8, _) => stay,
            (code, _) => JpegEnd::LengthHigh { scan: code == 0xDA },
        }
    }

    fn inside(scan: bool, left: u16) -> JpegEnd {
        match (left, scan) {
            (0, true) => JpegEnd::Scan,
            (0, false) => JpegEnd::Begin,
            (left, scan) => JpegEnd::Segment { scan, left },
        }
    }
}

fn allowance(picture_bytes: u64) -> image::Limits {
    let mut limits = image::Limits::default();
    limits.max_image_width = None;
    limits.max_image_height = None;
    limits.max_alloc = Some(picture_bytes.saturating_add(SPARE_BYTES));
    limits
}

/// An error of a decoder as a fault of the file; an error of the disk stays one.
fn fault_of(error: ImageError) -> Result<Fault> {
    match error {
        ImageError::IoError(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(Fault::Truncated),
        ImageError::IoError(error) if error.raw_os_error().is_some() => Err(error.into()),
        ImageError::Unsupported(_) => Ok(Fault::Unsupported),
        ImageError::Decoding(_)
        | ImageError::Encoding(_)
        | ImageError::Parameter(_)
        | ImageError::Limits(_)
        | ImageError::IoError(_) => Ok(Fault::Damaged),
    }
}

/// Decodes a file that was looked at, makes its renditions and moves it into the store.
pub(crate) fn keep(data: &Path, path: &Path, header: Header) -> Result<std::result::Result<Picture, Fault>> {
    let mut reader = ImageReader::with_format(BufReader::new(File::open(path)?), header.format);
    reader.limits(allowance(header.pixels().saturating_mul(PIXEL_BYTES)));
    let decoded = reader.into_decoder().and_then(|mut decoder| {
        // A broken profile or tag does not spoil the picture.
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let profile = decoder.icc_profile().unwrap_or_default();
        let profile = profile.filter(|_| !matches!(decoder.original_color_type(), image::ExtendedColorType::Cmyk8));
        Ok((DynamicImage::from_decoder(decoder)?, orientation, profile))
    });
    let (mut picture, orientation, profile) = match decoded {
        Ok(decoded) => decoded,
        Err(error) => return fault_of(error).map(Err),
    };
    picture.apply_orientation(orientation);
    let (width, height) = (picture.width(), picture.height());
    let sha256 = header.sha256.as_str();
    let profile = profile.as_deref();

    let is_shown = matches!(header.format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP);
    if orientation != Orientation::NoTransforms || !is_shown {
        let is_lossy = matches!(header.format, ImageFormat::Jpeg | ImageFormat::WebP);
        let (bytes, extension) = encode(&eight_bits(&picture), is_lossy.then_some(92), profile)?;
        store::write(&store::rendition(data, sha256, UPRIGHT, extension), &bytes)?;
    }
    let mut from = picture;
    for wanted in WIDTHS.into_iter().rev() {
        if width > wanted {
            let tall = (u64::from(height) * u64::from(wanted)).div_ceil(u64::from(width));
            let tall = u32::try_from(tall).unwrap_or(u32::MAX).max(1);
            from = eight_bits(&from.resize_exact(wanted, tall, FilterType::Triangle));
            let (bytes, extension) = encode(&from, Some(85), profile)?;
            store::write(&store::rendition(data, sha256, &wanted.to_string(), extension), &bytes)?;
        }
    }

    store::settle(path, &store::original(data, sha256))?;
    let media_type = TYPES.iter().find(|(known, ..)| *known == header.format).map_or("", |(_, _, media, _)| *media);
    Ok(Ok(Picture { sha256: header.sha256, bytes: header.bytes, media_type: media_type.to_owned(), width, height }))
}

/// Eight bits a channel, and no more channels than it needs.
fn eight_bits(picture: &DynamicImage) -> DynamicImage {
    let is_seen_through = picture.color().has_alpha() && {
        let pixels = picture.to_rgba8();
        pixels.pixels().any(|pixel| pixel.0.last() != Some(&u8::MAX))
    };
    if is_seen_through {
        DynamicImage::ImageRgba8(picture.to_rgba8())
    } else {
        DynamicImage::ImageRgb8(picture.to_rgb8())
    }
}

/// As JPEG of this quality, or as PNG where nothing may be lost or the picture can be seen through.
fn encode(picture: &DynamicImage, quality: Option<u8>, profile: Option<&[u8]>) -> Result<(Vec<u8>, &'static str)> {
    let mut bytes = Vec::new();
    let extension = match quality.filter(|_| !picture.color().has_alpha()) {
        Some(quality) => {
            write(picture, JpegEncoder::new_with_quality(&mut bytes, quality), profile)?;
            "jpg"
        }
        None => {
            write(picture, PngEncoder::new(&mut bytes), profile)?;
            "png"
        }
    };
    Ok((bytes, extension))
}

fn write(picture: &DynamicImage, mut encoder: impl ImageEncoder, profile: Option<&[u8]>) -> Result<()> {
    if let Some(profile) = profile {
        // An encoder that cannot carry it leaves the colours to the screen.
        let _ = encoder.set_icc_profile(profile.to_vec());
    }
    picture.write_with_encoder(encoder).map_err(|error| anyhow::Error::new(error).context("rendition").into())
}
