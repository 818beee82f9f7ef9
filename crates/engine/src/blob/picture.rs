//! Looking at an image file, and making what is served of it: the upright picture, a screen-sized one, a thumbnail, and the
//! tiles of a large one. All of it blocks and belongs on threads made for that.

use super::entity::blob;
use super::fault::Fault;
use super::pyramid::cut::{Cutter, Kept, working_bytes};
use super::pyramid::pack;
use super::pyramid::rows::{self, Found, Rows};
use super::pyramid::window::{Histogram, Scale, opacity};
use super::pyramid::{Stop, Trouble};
use super::store;
use crate::Limits;
use crate::error::Result;
use domain::item::Tiles;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageError, ImageFormat, ImageReader, imageops::FilterType};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// Widths of the smaller renditions; each is also its name.
pub(crate) const WIDTHS: [u32; 2] = [256, 1_600];
/// The name of the upright rendition, made where the original lies on its side or no browser shows its type.
pub(crate) const UPRIGHT: &str = "upright";
/// What a decoder may allocate beside the picture itself.
const SPARE_BYTES: u64 = 256 << 20;
/// Bytes of a pixel, at most (four channels of 16 bits).
const PIXEL_BYTES: u64 = 8;
/// Pixels a side, at most: a band of a tile's height and four channels is 256 MiB then.
const SIDE_MAX: u32 = 131_072;
/// Pixels that a rendition is high at most, however narrow it gets by that.
const TALL_MAX: u32 = 4_096;

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
    /// How it is cut, where it is.
    pub(crate) tiles: Option<Tiles>,
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
            // What cannot be read is shown without tiles.
            tiles: row.tiles.and_then(|tiles| serde_json::from_str(&tiles).ok()),
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

    /// The tiles that it is to have.
    pub(crate) fn tiles(&self) -> Option<Tiles> {
        Tiles::wanted(self.width, self.height)
    }

    /// Bytes that taking it in needs at the same time, at most: one that does not come in strips is decoded whole.
    pub(crate) fn working_bytes(&self, limits: &Limits) -> u64 {
        let whole = self.pixels().saturating_mul(PIXEL_BYTES);
        match self.tiles() {
            Some(tiles) if self.pixels() > limits.image_pixels => {
                // What remains of a picture that is too large to be decoded whole: its bands, a chunk, and a small level.
                let parts = if self.format == ImageFormat::Tiff { rows::TIFF_BYTES } else { 0 };
                working_bytes(&tiles, self.width, self.height, 4) + SPARE_BYTES + parts
            }
            _ => whole,
        }
    }

    /// Whether its kind may be read in strips.
    fn has_strips(&self) -> bool {
        matches!(self.format, ImageFormat::Png | ImageFormat::Tiff) && self.tiles().is_some()
    }
}

/// The types that are taken: format, its name, media type, and the endings that names of it have.
const TYPES: [(ImageFormat, &str, &str, &[&str]); 6] = [
    (ImageFormat::Jpeg, "JPEG", "image/jpeg", &["jpg", "jpeg", "jpe", "jfif"]),
    (ImageFormat::Png, "PNG", "image/png", &["png", "apng"]),
    (ImageFormat::WebP, "WebP", "image/webp", &["webp"]),
    (ImageFormat::Tiff, "TIFF", "image/tiff", &["tif", "tiff"]),
    (ImageFormat::Bmp, "BMP", "image/bmp", &["bmp", "dib"]),
    (ImageFormat::Gif, "GIF", "image/gif", &["gif"]),
];
/// Endings of image types that are not taken: a file of such a name must not hold one of the others either.
const FOREIGN: [&str; 7] = ["heic", "heif", "avif", "jp2", "ico", "svg", "psd"];

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
    decoded.limits(allowance(limits.image_pixels.max(limits.strip_pixels).saturating_mul(PIXEL_BYTES)));
    let (width, height) = match decoded.into_dimensions() {
        Ok(size) => size,
        Err(error) => return fault_of(error).map(Err),
    };
    let mut header = Header { sha256: String::new(), bytes, format, width, height };
    let most = if header.has_strips() { limits.image_pixels.max(limits.strip_pixels) } else { limits.image_pixels };
    if header.pixels() > most {
        return Ok(Err(Fault::TooManyPixels { width, height, limit: most }));
    }
    if header.pixels() == 0 {
        return Ok(Err(Fault::Damaged));
    }
    if width.max(height) > SIDE_MAX {
        return Ok(Err(Fault::TooLong { limit: SIDE_MAX }));
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
    header.sha256 = hex::encode(hash.finalize());
    Ok(Ok(header))
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
pub(crate) fn keep(
    data: &Path,
    path: &Path,
    header: Header,
    limits: &Limits,
    stop: &Stop,
) -> Result<std::result::Result<Picture, Fault>> {
    match make(data, path, &header, limits, stop) {
        Ok((width, height, tiles)) => {
            store::settle(path, &store::original(data, &header.sha256))?;
            let media_type =
                TYPES.iter().find(|(known, ..)| *known == header.format).map_or("", |kind| kind.2).to_owned();
            Ok(Ok(Picture { sha256: header.sha256, bytes: header.bytes, media_type, width, height, tiles }))
        }
        Err(Trouble::Fault(fault)) => Ok(Err(fault)),
        Err(Trouble::Broken(error)) => Err(error),
    }
}

/// Makes all that is served besides the original. Answers the upright picture's size and how it is cut.
fn make(
    data: &Path,
    path: &Path,
    header: &Header,
    limits: &Limits,
    stop: &Stop,
) -> std::result::Result<(u32, u32, Option<Tiles>), Trouble> {
    let mut reader = ImageReader::with_format(BufReader::new(File::open(path)?), header.format);
    reader.limits(allowance(header.pixels().saturating_mul(PIXEL_BYTES)));
    let opened = reader.into_decoder().map(|mut decoder| {
        // A broken profile or tag does not spoil the picture.
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let profile = decoder.icc_profile().unwrap_or_default();
        let profile = profile.filter(|_| !matches!(decoder.original_color_type(), image::ExtendedColorType::Cmyk8));
        (decoder, orientation, profile)
    });
    let (decoder, orientation, profile) = opened.map_err(decoding)?;
    let makes = Makes { data, path, sha256: &header.sha256, profile: profile.as_deref(), stop };
    if header.has_strips()
        && orientation == Orientation::NoTransforms
        && let Found::Rows(rows) = Rows::open(path, header.format, stop)?
    {
        let is_shown = header.format == ImageFormat::Png && rows.window().is_none();
        let wants_upright = !is_shown && header.pixels() <= limits.image_pixels;
        let (size, tiles) = (rows.size(), header.tiles());
        let tiles = tiles.map(|tiles| makes.tiles(rows, tiles, wants_upright)).transpose()?;
        return Ok((size.0, size.1, tiles));
    }
    if header.pixels() > limits.image_pixels {
        let (width, height) = (header.width, header.height);
        return Err(Fault::TooManyPixels { width, height, limit: limits.image_pixels }.into());
    }
    let mut picture = DynamicImage::from_decoder(decoder).map_err(decoding)?;
    picture.apply_orientation(orientation);
    let (picture, window) = narrowed(picture);
    let (width, height) = (picture.width(), picture.height());
    // A GIF may move: its first picture is the one that is labeled.
    let is_shown = matches!(header.format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP);
    if orientation != Orientation::NoTransforms || window.is_some() || !is_shown {
        let is_lossy = matches!(header.format, ImageFormat::Jpeg | ImageFormat::WebP);
        let (bytes, extension) = encode(&eight_bits(&picture), is_lossy.then_some(92), makes.profile)?;
        store::write(&store::rendition(data, makes.sha256, UPRIGHT, extension), &bytes)?;
    }
    let tiles = Tiles::wanted(width, height);
    let Some(tiles) = tiles else {
        makes.renditions(picture, (width, height))?;
        return Ok((width, height, None));
    };
    let tiles = makes.tiles(Rows::whole(picture, window), tiles, false)?;
    Ok((width, height, Some(tiles)))
}

fn decoding(error: ImageError) -> Trouble {
    match fault_of(error) {
        Ok(fault) => Trouble::Fault(fault),
        Err(error) => Trouble::Broken(error),
    }
}

/// What is made of a picture, and where to.
#[derive(Clone, Copy)]
struct Makes<'a> {
    data: &'a Path,
    path: &'a Path,
    sha256: &'a str,
    profile: Option<&'a [u8]>,
    stop: &'a Stop,
}

impl Makes<'_> {
    /// The smaller renditions of a picture that was as large as this.
    fn renditions(self, picture: DynamicImage, whole: (u32, u32)) -> Result<()> {
        let mut from = picture;
        for wanted in WIDTHS.into_iter().rev() {
            // A browser never loads the whole of what is cut into tiles: all renditions of it are made.
            if whole.0 > wanted || Tiles::wanted(whole.0, whole.1).is_some() {
                let (wide, tall) = rendition_size(whole, wanted);
                from = eight_bits(&from.resize_exact(wide, tall, FilterType::Triangle));
                let (bytes, extension) = encode(&from, Some(85), self.profile)?;
                store::write(&store::rendition(self.data, self.sha256, &wanted.to_string(), extension), &bytes)?;
            }
        }
        Ok(())
    }

    /// The pyramid, the renditions from one of its levels, and if need be an upright PNG.
    fn tiles(self, mut rows: Rows, tiles: Tiles, wants_upright: bool) -> std::result::Result<Tiles, Trouble> {
        let tiles = Tiles { window: rows.window(), ..tiles };
        let (width, height) = rows.size();
        // Beside the file that comes in: what a stop leaves there is swept with it.
        let beside = |what: &str| self.path.with_file_name(format!("{}.{what}", Uuid::now_v7()));
        let pack = Unfinished(beside("tiles"));
        let upright = wants_upright.then(|| Unfinished(beside("upright")));
        let channels = rows.channels();
        let mut upright_rows = match &upright {
            Some(file) => Some(png_rows(&file.0, (width, height), channels)?),
            None => None,
        };
        let out = pack::Writer::create(&pack.0, tiles, width, height)?;
        let kept = level_for_renditions(&tiles, (width, height));
        let size = (width, height);
        let mut cutter = Cutter::new(out, tiles, size, channels, self.profile, kept, self.stop.clone());
        let mut row = Vec::new();
        for _ in 0..height {
            rows.next(&mut row)?;
            cutter.push(&row)?;
            if let Some(upright) = &mut upright_rows {
                upright.write_all(&row)?;
            }
        }
        rows.finish()?;
        drop(rows);
        let Kept { width: wide, height: tall, pixels } = cutter.finish()?;
        self.renditions(picture_of(pixels, wide, tall, channels)?, (width, height))?;
        if let (Some(rows), Some(file)) = (upright_rows, &upright) {
            rows.finish().map_err(|error| anyhow::Error::new(error).context("upright")).map_err(crate::Error::from)?;
            store::settle(&file.0, &store::rendition(self.data, self.sha256, UPRIGHT, "png"))?;
        }
        store::settle(&pack.0, &store::pyramid(self.data, self.sha256))?;
        Ok(tiles)
    }
}

/// A file that goes away unless it was moved to its place.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        // After it was moved there is nothing to remove.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// A PNG that takes row by row.
fn png_rows(
    path: &Path,
    (width, height): (u32, u32),
    channels: usize,
) -> Result<png::StreamWriter<'static, BufWriter<File>>> {
    let mut encoder = png::Encoder::new(BufWriter::with_capacity(1 << 20, File::create_new(path)?), width, height);
    encoder.set_color(match channels {
        1 => png::ColorType::Grayscale,
        3 => png::ColorType::Rgb,
        _ => png::ColorType::Rgba,
    });
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let begun = encoder.write_header().and_then(png::Writer::into_stream_writer);
    begun.map_err(|error| anyhow::Error::new(error).context("upright").into())
}

/// The size of a rendition that is to be so wide: narrower where it would be too high.
fn rendition_size((width, height): (u32, u32), wanted: u32) -> (u32, u32) {
    let share = |side: u32, of: u32, whole: u32| {
        u32::try_from((u64::from(side) * u64::from(of)).div_ceil(u64::from(whole.max(1)))).unwrap_or(u32::MAX).max(1)
    };
    let wanted = wanted.min(width);
    let tall = share(height, wanted, width);
    if tall <= TALL_MAX { (wanted, tall) } else { (share(width, TALL_MAX, height), TALL_MAX) }
}

/// The smallest level that is as large as the largest rendition.
fn level_for_renditions(tiles: &Tiles, whole: (u32, u32)) -> u8 {
    let (wide, tall) = rendition_size(whole, WIDTHS.into_iter().max().unwrap_or_default());
    let is_enough = |level: &u8| {
        let (w, h) = tiles.level_size(*level, whole.0, whole.1);
        w >= wide && h >= tall
    };
    (0..tiles.levels).rev().find(is_enough).unwrap_or_default()
}

fn picture_of(pixels: Vec<u8>, width: u32, height: u32, channels: usize) -> Result<DynamicImage> {
    let picture = match channels {
        1 => image::GrayImage::from_raw(width, height, pixels).map(DynamicImage::ImageLuma8),
        3 => image::RgbImage::from_raw(width, height, pixels).map(DynamicImage::ImageRgb8),
        _ => image::RgbaImage::from_raw(width, height, pixels).map(DynamicImage::ImageRgba8),
    };
    Ok(picture.ok_or_else(|| anyhow::anyhow!("a level has not as many pixels as it should"))?)
}

/// Sixteen bits as eight, through the window that shows what is in it.
fn narrowed(picture: DynamicImage) -> (DynamicImage, Option<[u16; 2]>) {
    let (width, height) = (picture.width(), picture.height());
    let shown = |values: Vec<u16>, samples: usize, lights: usize| {
        let mut histogram = Histogram::default();
        histogram.add(values.iter().enumerate().filter(|(at, _)| at % samples < lights).map(|(_, value)| *value));
        let window = histogram.window();
        let scale = Scale::of(window);
        let shade =
            |(at, value): (usize, &u16)| if at % samples < lights { scale.shade(*value) } else { opacity(*value) };
        (values.iter().enumerate().map(shade).collect::<Vec<u8>>(), window)
    };
    let (made, window) = match picture {
        DynamicImage::ImageLuma16(pixels) => {
            let (bytes, window) = shown(pixels.into_raw(), 1, 1);
            (image::GrayImage::from_raw(width, height, bytes).map(DynamicImage::ImageLuma8), window)
        }
        DynamicImage::ImageLumaA16(pixels) => {
            let (bytes, window) = shown(pixels.into_raw(), 2, 1);
            (image::GrayAlphaImage::from_raw(width, height, bytes).map(DynamicImage::ImageLumaA8), window)
        }
        DynamicImage::ImageRgb16(pixels) => {
            let (bytes, window) = shown(pixels.into_raw(), 3, 3);
            (image::RgbImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgb8), window)
        }
        DynamicImage::ImageRgba16(pixels) => {
            let (bytes, window) = shown(pixels.into_raw(), 4, 3);
            (image::RgbaImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgba8), window)
        }
        picture => (Some(picture), None),
    };
    // As many bytes came out as values went in.
    (made.unwrap_or_else(|| DynamicImage::new_luma8(width, height)), window)
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
