//! A picture as rows of eight bits a channel: grey, RGB or RGBA.
//!
//! PNG comes row by row and TIFF strip by strip or tile row by tile row, so that memory is flat. What no decoder at hand
//! gives in parts is decoded whole by the caller, within the limit of `image_pixels`, and goes through here as well: JPEG,
//! WebP, GIF and BMP; interlaced and animated PNG; TIFF in planes, with rarer colours, or in strips of more than
//! [`CHUNK_BYTES`]; and whatever lies on its side.

use super::window::{Histogram, Scale, opacity};
use super::{Stop, Trouble};
use crate::blob::fault::Fault;
use image::{DynamicImage, ImageFormat};
use std::fs::File;
use std::io::{BufReader, Seek, SeekFrom};
use std::path::Path;
use tiff::decoder::{ChunkType, DecodingResult};
use tiff::tags::Tag;

/// A part of a TIFF that is decoded at once has at most so many bytes.
const CHUNK_BYTES: u64 = 256 << 20;
/// A row of such parts, which is held as well, at most so many.
const BAND_BYTES: u64 = 512 << 20;
/// What reading a TIFF holds at most.
pub(crate) const TIFF_BYTES: u64 = 2 * CHUNK_BYTES + BAND_BYTES;
/// What the PNG decoder may allocate: its rows, and profiles.
const PNG_BYTES: usize = 256 << 20;

/// What the samples of a pixel are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Colour {
    Grey,
    GreyAlpha,
    Rgb,
    Rgba,
    Cmyk,
}

impl Colour {
    /// Samples of a pixel in the file.
    fn samples(self) -> usize {
        match self {
            Colour::Grey => 1,
            Colour::GreyAlpha => 2,
            Colour::Rgb => 3,
            Colour::Rgba | Colour::Cmyk => 4,
        }
    }

    /// Channels of a pixel that come out.
    fn channels(self) -> usize {
        match self {
            Colour::Grey => 1,
            Colour::Rgb | Colour::Cmyk => 3,
            Colour::GreyAlpha | Colour::Rgba => 4,
        }
    }

    /// Samples that are light and not opacity.
    fn lights(self) -> usize {
        match self {
            Colour::GreyAlpha => 1,
            Colour::Rgba => 3,
            Colour::Grey | Colour::Rgb | Colour::Cmyk => self.samples(),
        }
    }

    /// Appends pixels of eight bits.
    fn widen(self, pixels: &[u8], out: &mut Vec<u8>) {
        match self {
            Colour::Grey | Colour::Rgb | Colour::Rgba => out.extend_from_slice(pixels),
            Colour::GreyAlpha => {
                for pixel in pixels.chunks_exact(2) {
                    if let [grey, alpha] = *pixel {
                        out.extend([grey, grey, grey, alpha]);
                    }
                }
            }
            Colour::Cmyk => {
                for pixel in pixels.chunks_exact(4) {
                    // Inks are what light is missing.
                    if let [c, m, y, k] = *pixel {
                        let light = |ink: u8| u32::from(255 - ink) * u32::from(255 - k) / 255;
                        out.extend([c, m, y].map(|ink| u8::try_from(light(ink)).unwrap_or(u8::MAX)));
                    }
                }
            }
        }
    }

    /// Appends pixels of sixteen bits, as the scale shows them.
    fn narrow(self, pixels: impl Iterator<Item = u16>, scale: &Scale, out: &mut Vec<u8>) {
        let (samples, lights) = (self.samples(), self.lights());
        let shown = pixels.enumerate().map(
            |(at, value)| {
                if at % samples < lights { scale.shade(value) } else { opacity(value) }
            },
        );
        match self {
            Colour::Grey | Colour::Rgb | Colour::Rgba => out.extend(shown),
            Colour::GreyAlpha | Colour::Cmyk => self.widen(&shown.collect::<Vec<u8>>(), out),
        }
    }
}

/// The rows of a picture, from the top.
pub(crate) struct Rows {
    width: u32,
    height: u32,
    colour: Colour,
    source: Source,
    /// Of sixteen bits: what is shown black and white.
    window: Option<[u16; 2]>,
    scale: Option<Scale>,
}

enum Source {
    Png { reader: Box<png::Reader<BufReader<File>>>, row: Vec<u8> },
    Tiff(Box<Strips>),
    Whole { pixels: Vec<u8>, at: usize },
}

/// What was found of a file that might be read in parts.
pub(crate) enum Found {
    /// It can.
    Rows(Rows),
    /// It is to be decoded whole.
    Whole,
}

impl Rows {
    /// Opens a file for reading it in parts, if its kind allows that. A picture of sixteen bits is read through once, to see
    /// which values it has.
    pub(crate) fn open(path: &Path, format: ImageFormat, stop: &Stop) -> Result<Found, Trouble> {
        let open = |path: &Path| match format {
            ImageFormat::Png => open_png(path),
            ImageFormat::Tiff => open_tiff(path),
            _ => Ok(None),
        };
        let Some((mut rows, is_deep)) = open(path)? else { return Ok(Found::Whole) };
        if is_deep {
            let mut histogram = Histogram::default();
            for row in 0..rows.height {
                if row.is_multiple_of(256) {
                    stop.check()?;
                }
                rows.count(row, &mut histogram)?;
            }
            let Some((again, _)) = open(path)? else { return Ok(Found::Whole) };
            rows = again;
            rows.window = histogram.window();
            rows.scale = Some(Scale::of(rows.window));
        }
        Ok(Found::Rows(rows))
    }

    /// The rows of a picture that was decoded whole, in eight bits already.
    pub(crate) fn whole(picture: DynamicImage, window: Option<[u16; 2]>) -> Self {
        let (width, height) = (picture.width(), picture.height());
        let (colour, pixels) = match picture {
            DynamicImage::ImageLuma8(pixels) => (Colour::Grey, pixels.into_raw()),
            DynamicImage::ImageRgb8(pixels) => (Colour::Rgb, pixels.into_raw()),
            picture if picture.color().has_alpha() => (Colour::Rgba, picture.into_rgba8().into_raw()),
            picture => (Colour::Rgb, picture.into_rgb8().into_raw()),
        };
        Self { width, height, colour, source: Source::Whole { pixels, at: 0 }, window, scale: None }
    }

    /// Width and height.
    pub(crate) fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// Bytes of a pixel that come out: 1 (grey), 3 (RGB) or 4 (RGBA).
    pub(crate) fn channels(&self) -> usize {
        self.colour.channels()
    }

    /// Of sixteen bits: what is shown black and white, unless all is.
    pub(crate) fn window(&self) -> Option<[u16; 2]> {
        self.window
    }

    /// Reads the next row in place of what is in `out`.
    pub(crate) fn next(&mut self, out: &mut Vec<u8>) -> Result<(), Trouble> {
        out.clear();
        match &mut self.source {
            Source::Whole { pixels, at } => {
                let length = self.width as usize * self.colour.channels();
                let row = pixels.get(*at..*at + length).ok_or(Fault::Damaged)?;
                *at += length;
                out.extend_from_slice(row);
            }
            Source::Png { reader, row } => {
                reader.read_row(row)?.ok_or(Fault::Truncated)?;
                match &self.scale {
                    Some(scale) => self.colour.narrow(big_endian(row), scale, out),
                    None => self.colour.widen(row, out),
                }
            }
            Source::Tiff(strips) => strips.next(self.colour, self.scale.as_ref(), out)?,
        }
        Ok(())
    }

    /// Reads to the end of the file, so that one that is cut off after its last row is found out.
    pub(crate) fn finish(&mut self) -> Result<(), Trouble> {
        if let Source::Png { reader, .. } = &mut self.source {
            reader.finish()?;
        }
        Ok(())
    }

    /// Reads a row for its values of sixteen bits alone.
    fn count(&mut self, row: u32, histogram: &mut Histogram) -> Result<(), Trouble> {
        let (samples, lights) = (self.colour.samples(), self.colour.lights());
        let lights = |(at, value): (usize, u16)| (at % samples < lights).then_some(value);
        match &mut self.source {
            Source::Whole { .. } => {}
            Source::Png { reader, row } => {
                reader.read_row(row)?.ok_or(Fault::Truncated)?;
                histogram.add(big_endian(row).enumerate().filter_map(lights));
            }
            Source::Tiff(strips) => {
                if row.is_multiple_of(strips.chunk.1) {
                    for column in 0..strips.across {
                        if let (DecodingResult::U16(values), _) = strips.chunk(row / strips.chunk.1, column)? {
                            histogram.add(values.into_iter().enumerate().filter_map(lights));
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

fn big_endian(row: &[u8]) -> impl Iterator<Item = u16> {
    row.chunks_exact(2).map(|pair| if let [high, low] = *pair { u16::from_be_bytes([high, low]) } else { 0 })
}

/// A PNG, and whether it has sixteen bits; nothing where it does not come row by row.
fn open_png(path: &Path) -> Result<Option<(Rows, bool)>, Trouble> {
    let source = BufReader::with_capacity(256 << 10, File::open(path)?);
    let mut decoder = png::Decoder::new_with_limits(source, png::Limits { bytes: PNG_BYTES });
    // Palettes and few bits become eight; colours that are declared to be seen through become an alpha channel.
    decoder.set_transformations(png::Transformations::EXPAND);
    decoder.set_ignore_text_chunk(true);
    let reader = decoder.read_info()?;
    let info = reader.info();
    if info.interlaced || info.animation_control.is_some() {
        return Ok(None);
    }
    let (width, height) = info.size();
    let (colour, depth) = reader.output_color_type();
    let colour = match colour {
        png::ColorType::Grayscale => Colour::Grey,
        png::ColorType::GrayscaleAlpha => Colour::GreyAlpha,
        png::ColorType::Rgb => Colour::Rgb,
        png::ColorType::Rgba => Colour::Rgba,
        png::ColorType::Indexed => return Ok(None),
    };
    let is_deep = depth == png::BitDepth::Sixteen;
    let length = reader.output_line_size(width).ok_or(Fault::Damaged)?;
    let source = Source::Png { reader: Box::new(reader), row: vec![0; length] };
    Ok(Some((Rows { width, height, colour, source, window: None, scale: None }, is_deep)))
}

/// A TIFF in strips or tiles.
struct Strips {
    decoder: tiff::decoder::Decoder<BufReader<File>>,
    width: usize,
    /// Width and height of a chunk.
    chunk: (u32, u32),
    /// Chunks beside each other.
    across: u32,
    /// Rows of chunks that were read.
    read: u32,
    /// The rows of the last one, converted, and how many bytes of them were given out.
    band: Vec<u8>,
    given: usize,
}

fn open_tiff(path: &Path) -> Result<Option<(Rows, bool)>, Trouble> {
    let mut file = File::open(path)?;
    let bytes = usize::try_from(file.seek(SeekFrom::End(0))?).unwrap_or(usize::MAX);
    file.seek(SeekFrom::Start(0))?;
    let mut limits = tiff::decoder::Limits::default();
    limits.decoding_buffer_size = usize::try_from(CHUNK_BYTES).unwrap_or(usize::MAX);
    limits.intermediate_buffer_size = limits.decoding_buffer_size;
    // Where its strips lie: a gigapixel may have a hundred thousand of them.
    limits.ifd_value_size = bytes.min(64 << 20);
    let source = BufReader::with_capacity(256 << 10, file);
    let mut decoder = tiff::decoder::Decoder::new(source)?.with_limits(limits);
    let (width, height) = decoder.dimensions()?;
    let (colour, depth) = match decoder.colortype()? {
        tiff::ColorType::Gray(depth) => (Colour::Grey, depth),
        tiff::ColorType::GrayA(depth) => (Colour::GreyAlpha, depth),
        tiff::ColorType::RGB(depth) => (Colour::Rgb, depth),
        tiff::ColorType::RGBA(depth) => (Colour::Rgba, depth),
        tiff::ColorType::CMYK(depth) => (Colour::Cmyk, depth),
        _ => return Ok(None),
    };
    let in_planes = decoder.find_tag_unsigned::<u16>(Tag::PlanarConfiguration)? == Some(2);
    let formats = decoder.find_tag_unsigned_vec::<u16>(Tag::SampleFormat)?.unwrap_or_default();
    // 1 is whole numbers without a sign.
    if in_planes || !matches!(depth, 8 | 16) || formats.iter().any(|format| *format != 1) {
        return Ok(None);
    }
    let chunk = decoder.chunk_dimensions();
    if chunk.0 == 0 || chunk.1 == 0 || width == 0 || height == 0 {
        return Err(Fault::Damaged.into());
    }
    let chunk = match decoder.get_chunk_type() {
        // As many rows as there are, where it says more.
        ChunkType::Strip => (width, chunk.1.min(height)),
        ChunkType::Tile => chunk,
    };
    let pixel = colour.samples() as u64 * u64::from(depth / 8);
    let band = u64::from(width) * u64::from(chunk.1) * pixel.max(colour.channels() as u64);
    if u64::from(chunk.0) * u64::from(chunk.1) * pixel > CHUNK_BYTES || band > BAND_BYTES {
        return Ok(None);
    }
    let across = width.div_ceil(chunk.0);
    let strips = Strips { decoder, width: width as usize, chunk, across, read: 0, band: Vec::new(), given: 0 };
    let source = Source::Tiff(Box::new(strips));
    Ok(Some((Rows { width, height, colour, source, window: None, scale: None }, depth == 16)))
}

impl Strips {
    /// Decodes a chunk. Answers its pixels and how many of them are a row.
    fn chunk(&mut self, row: u32, column: u32) -> Result<(DecodingResult, usize), Trouble> {
        let index = row.checked_mul(self.across).and_then(|first| first.checked_add(column)).ok_or(Fault::Damaged)?;
        let count = match self.decoder.get_chunk_type() {
            ChunkType::Strip => self.decoder.strip_count()?,
            ChunkType::Tile => self.decoder.tile_count()?,
        };
        if index >= count {
            return Err(Fault::Damaged.into());
        }
        let width = self.decoder.chunk_data_dimensions(index).0;
        Ok((self.decoder.read_chunk(index)?, width as usize))
    }

    fn next(&mut self, colour: Colour, scale: Option<&Scale>, out: &mut Vec<u8>) -> Result<(), Trouble> {
        let length = self.width * colour.channels();
        if self.given >= self.band.len() {
            self.fill(colour, scale)?;
        }
        let row = self.band.get(self.given..self.given + length).ok_or(Fault::Damaged)?;
        out.extend_from_slice(row);
        self.given += length;
        Ok(())
    }

    /// Reads the next row of chunks.
    fn fill(&mut self, colour: Colour, scale: Option<&Scale>) -> Result<(), Trouble> {
        let (channels, samples) = (colour.channels(), colour.samples());
        let stride = self.width * channels;
        let mut band = std::mem::take(&mut self.band);
        band.clear();
        let mut row = Vec::with_capacity(stride);
        for column in 0..self.across {
            let (pixels, width) = self.chunk(self.read, column)?;
            let from = column as usize * self.chunk.0 as usize * channels;
            let length = (width * samples).max(1);
            let mut place = |at: usize, row: &[u8]| {
                let begins = at * stride + from;
                if band.len() < (at + 1) * stride {
                    band.resize((at + 1) * stride, 0);
                }
                match band.get_mut(begins..begins + row.len()) {
                    Some(part) => {
                        part.copy_from_slice(row);
                        Ok(())
                    }
                    None => Err(Fault::Damaged),
                }
            };
            match (&pixels, scale) {
                (DecodingResult::U8(values), None) => {
                    for (at, values) in values.chunks_exact(length).enumerate() {
                        row.clear();
                        colour.widen(values, &mut row);
                        place(at, &row)?;
                    }
                }
                (DecodingResult::U16(values), Some(scale)) => {
                    for (at, values) in values.chunks_exact(length).enumerate() {
                        row.clear();
                        colour.narrow(values.iter().copied(), scale, &mut row);
                        place(at, &row)?;
                    }
                }
                _ => return Err(Fault::Damaged.into()),
            }
        }
        if band.is_empty() {
            return Err(Fault::Truncated.into());
        }
        self.band = band;
        self.given = 0;
        self.read += 1;
        Ok(())
    }
}
