//! Cuts rows into tiles of all levels. Of each level a band of a tile's height is held; a full one is encoded on all
//! processors and halved into the next level. So memory grows with the picture's width and never with its height.

use super::pack::{Kind, Writer};
use super::{Stop, Trouble};
use crate::error::Error;
use domain::item::{Tile, Tiles};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use std::thread;

/// Quality of JPEG tiles; the codec keeps every pixel's colour, as edges of labels need it.
const QUALITY: u8 = 90;
/// A tile of so few colours is drawn, not photographed: JPEG would smear it, and PNG is no larger.
const FEW: usize = 256;
/// The same for shades of grey, of which there are no more.
const FEW_GREYS: usize = 64;
/// Larger colour profiles are left out: they would outweigh the tiles.
const PROFILE_BYTES: usize = 8 << 10;

/// Bytes that cutting a picture of this width holds at most: the bands of all levels.
pub(crate) fn working_bytes(tiles: &Tiles, width: u32, height: u32, channels: u64) -> u64 {
    u64::from(width) * u64::from(tiles.size.min(height)) * channels * 2
}

/// A level on its way.
struct Level {
    width: u32,
    height: u32,
    band: Vec<u8>,
    /// Where the band begins.
    first: u32,
    /// Rows in it.
    rows: u32,
}

/// A whole level, kept for the renditions.
#[derive(Debug)]
pub(crate) struct Kept {
    /// Its size.
    pub(crate) width: u32,
    /// Its size.
    pub(crate) height: u32,
    /// Its pixels, in as many channels as the rows have.
    pub(crate) pixels: Vec<u8>,
}

/// The knife.
pub(crate) struct Cutter<'a> {
    tiles: Tiles,
    channels: usize,
    levels: Vec<Level>,
    out: Writer,
    profile: Option<&'a [u8]>,
    kept_level: usize,
    kept: Vec<u8>,
    stop: Stop,
}

impl<'a> Cutter<'a> {
    /// Cuts a picture of this size and so many channels (1, 3 or 4) into `out`; the pixels of the level `kept` are given
    /// back at the end.
    pub(crate) fn new(
        out: Writer,
        tiles: Tiles,
        (width, height): (u32, u32),
        channels: usize,
        profile: Option<&'a [u8]>,
        kept: u8,
        stop: Stop,
    ) -> Self {
        let level = |level| {
            let (width, height) = tiles.level_size(level, width, height);
            let rows = usize::try_from(tiles.size.min(height)).unwrap_or_default();
            let band = Vec::with_capacity(stride(width, channels) * rows);
            Level { width, height, band, first: 0, rows: 0 }
        };
        let levels = (0..tiles.levels).map(level).collect();
        let profile = profile.filter(|profile| profile.len() <= PROFILE_BYTES);
        Self { tiles, channels, levels, out, profile, kept_level: usize::from(kept), kept: Vec::new(), stop }
    }

    /// Takes the next row, of all pixels.
    pub(crate) fn push(&mut self, row: &[u8]) -> Result<(), Trouble> {
        self.add(0, row)
    }

    fn add(&mut self, at: usize, row: &[u8]) -> Result<(), Trouble> {
        if at == self.kept_level {
            self.kept.extend_from_slice(row);
        }
        let Some(level) = self.levels.get_mut(at) else { return Ok(()) };
        level.band.extend_from_slice(row);
        level.rows += 1;
        if level.rows == self.tiles.size || level.first + level.rows == level.height { self.flush(at) } else { Ok(()) }
    }

    /// Encodes a full band and hands its half to the next level.
    fn flush(&mut self, at: usize) -> Result<(), Trouble> {
        self.stop.check()?;
        let (channels, size) = (self.channels, self.tiles.size);
        let Some(level) = self.levels.get_mut(at) else { return Ok(()) };
        let band = std::mem::take(&mut level.band);
        let (rows, first, width) = (std::mem::take(&mut level.rows), level.first, level.width);
        level.first += rows;
        let number = u8::try_from(at).unwrap_or(u8::MAX);
        let view = Band { pixels: &band, width, rows, channels };
        for (column, kind, bytes) in view.encode(size, self.profile)? {
            let tile = Tile { level: number, column, row: first / size.max(1) };
            self.out.put(tile, kind, &bytes)?;
        }
        if at + 1 < self.levels.len() {
            let stride = stride(width, channels);
            let mut half = Vec::with_capacity(stride / 2 + channels);
            for pair in band.chunks(2 * stride) {
                let (upper, lower) = pair.split_at(stride.min(pair.len()));
                half.clear();
                halve(upper, if lower.is_empty() { upper } else { lower }, channels, &mut half);
                self.add(at + 1, &half)?;
            }
        }
        if let Some(level) = self.levels.get_mut(at) {
            level.band = band;
            level.band.clear();
        }
        Ok(())
    }

    /// Ends the file.
    pub(crate) fn finish(self) -> Result<Kept, Trouble> {
        let (width, height) = self.levels.get(self.kept_level).map_or((0, 0), |level| (level.width, level.height));
        self.out.finish()?;
        Ok(Kept { width, height, pixels: self.kept })
    }
}

fn stride(width: u32, channels: usize) -> usize {
    usize::try_from(width).unwrap_or(usize::MAX).saturating_mul(channels)
}

/// Two rows become one of half the width: each pixel the mean of four. What is seen through weighs less.
fn halve(upper: &[u8], lower: &[u8], channels: usize, out: &mut Vec<u8>) {
    match channels {
        1 => pairs::<1>(upper, lower, |four| out.extend(mean(four))),
        3 => pairs::<3>(upper, lower, |four| out.extend(mean(four))),
        _ => pairs::<4>(upper, lower, |four| out.extend(mix(four))),
    }
}

/// Each four pixels that become one; at an odd end the last column stands for both.
fn pairs<const N: usize>(upper: &[u8], lower: &[u8], mut each: impl FnMut([&[u8; N]; 4])) {
    let (upper, lower) = (upper.as_chunks::<N>().0, lower.as_chunks::<N>().0);
    for pair in upper.chunks(2).zip(lower.chunks(2)) {
        match pair {
            ([a, b], [c, d]) => each([a, b, c, d]),
            ([a, ..], [c, ..]) => each([a, a, c, c]),
            _ => {}
        }
    }
}

fn mean<const N: usize>([a, b, c, d]: [&[u8; N]; 4]) -> [u8; N] {
    std::array::from_fn(|at| {
        let sum = [a, b, c, d].map(|pixel| u16::from(pixel[at])).into_iter().sum::<u16>();
        // Four of eight bits, and two, divided by four are eight bits.
        ((sum + 2) / 4) as u8
    })
}

/// The mean of four pixels that may be seen through.
fn mix(four: [&[u8; 4]; 4]) -> [u8; 4] {
    let opaque: u32 = four.iter().map(|pixel| u32::from(pixel[3])).sum();
    if opaque == 0 {
        return mean(four);
    }
    std::array::from_fn(|at| {
        let weighed = four.iter().map(|pixel| u32::from(pixel[at]) * u32::from(pixel[3])).sum::<u32>();
        let value = if at < 3 { (weighed + opaque / 2) / opaque } else { (opaque + 2) / 4 };
        u8::try_from(value).unwrap_or(u8::MAX)
    })
}

/// Rows of a level, as high as a tile.
#[derive(Clone, Copy)]
struct Band<'a> {
    pixels: &'a [u8],
    width: u32,
    rows: u32,
    channels: usize,
}

impl Band<'_> {
    /// Its tiles from the left.
    fn encode(self, size: u32, profile: Option<&[u8]>) -> Result<Vec<(u32, Kind, Vec<u8>)>, Error> {
        let columns = self.width.div_ceil(size.max(1));
        let hands = thread::available_parallelism().map_or(1, usize::from);
        let hands = hands.min(usize::try_from(columns).unwrap_or(1)).max(1);
        let some = |hand: usize| {
            let columns = (0..columns).skip(hand).step_by(hands);
            columns.map(|column| self.tile(column, size, profile)).collect::<Result<Vec<_>, Error>>()
        };
        let mut made = thread::scope(|scope| {
            let others: Vec<_> = (1..hands).map(|hand| scope.spawn(move || some(hand))).collect();
            let mut made = some(0)?;
            for other in others {
                made.extend(other.join().map_err(|_panic| anyhow::anyhow!("encoding a tile panicked"))??);
            }
            Ok::<_, Error>(made)
        })?;
        made.sort_by_key(|(column, ..)| *column);
        Ok(made)
    }

    fn tile(self, column: u32, size: u32, profile: Option<&[u8]>) -> Result<(u32, Kind, Vec<u8>), Error> {
        let width = size.min(self.width.saturating_sub(column * size));
        let (row, from) = (stride(self.width, self.channels), stride(column * size, self.channels));
        let part = stride(width, self.channels);
        let mut pixels = Vec::with_capacity(part * usize::try_from(self.rows).unwrap_or_default());
        for row in self.pixels.chunks_exact(row) {
            pixels.extend_from_slice(row.get(from..from + part).unwrap_or_default());
        }
        let (kind, bytes) = encode(pixels, width, self.rows, self.channels, profile)?;
        Ok((column, kind, bytes))
    }
}

fn encode(
    mut pixels: Vec<u8>,
    width: u32,
    height: u32,
    channels: usize,
    profile: Option<&[u8]>,
) -> Result<(Kind, Vec<u8>), Error> {
    let is_seen_through = channels == 4 && pixels.chunks_exact(4).any(|pixel| pixel.last() != Some(&u8::MAX));
    let mut channels = channels;
    if channels == 4 && !is_seen_through {
        pixels = pixels.chunks_exact(4).flat_map(|pixel| pixel.iter().take(3).copied()).collect();
        channels = 3;
    }
    let colour = match channels {
        1 => ExtendedColorType::L8,
        3 => ExtendedColorType::Rgb8,
        _ => ExtendedColorType::Rgba8,
    };
    let is_drawn = has_few_colours(&pixels, channels);
    let mut bytes = Vec::new();
    let kind = if is_seen_through || is_drawn {
        let effort = if is_drawn { CompressionType::Default } else { CompressionType::Fast };
        write(
            PngEncoder::new_with_quality(&mut bytes, effort, FilterType::Adaptive),
            &pixels,
            (width, height),
            colour,
            profile,
        )?;
        Kind::Png
    } else {
        write(JpegEncoder::new_with_quality(&mut bytes, QUALITY), &pixels, (width, height), colour, profile)?;
        Kind::Jpeg
    };
    Ok((kind, bytes))
}

fn write(
    mut encoder: impl ImageEncoder,
    pixels: &[u8],
    (width, height): (u32, u32),
    colour: ExtendedColorType,
    profile: Option<&[u8]>,
) -> Result<(), Error> {
    if let Some(profile) = profile {
        // An encoder that cannot carry it leaves the colours to the screen.
        let _ = encoder.set_icc_profile(profile.to_vec());
    }
    let written = encoder.write_image(pixels, width, height, colour);
    written.map_err(|error| anyhow::Error::new(error).context("tile").into())
}

/// Whether a tile is of so few colours that it was drawn. Ends at the first colour too many, for most soon.
fn has_few_colours(pixels: &[u8], channels: usize) -> bool {
    const SLOTS: usize = 1 << 10;
    let most = if channels == 1 { FEW_GREYS } else { FEW };
    let (mut seen, mut found) = ([u64::MAX; SLOTS], 0);
    let mut last = u64::MAX;
    for pixel in pixels.chunks_exact(channels.max(1)) {
        let colour = pixel.iter().fold(0_u64, |colour, value| colour << 8 | u64::from(*value));
        if colour == last {
            continue;
        }
        last = colour;
        let hashed = usize::try_from(colour.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 54).unwrap_or_default();
        // There is always a free slot: it ends before a half of them are taken.
        for probe in 0..SLOTS {
            let Some(slot) = seen.get_mut((hashed + probe) % SLOTS) else { break };
            if *slot == colour {
                break;
            }
            if *slot == u64::MAX {
                *slot = colour;
                found += 1;
                break;
            }
        }
        if found > most {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_pixels_become_their_mean_and_an_odd_end_stands_for_itself() {
        let mut out = Vec::new();
        halve(&[0, 10, 7], &[20, 30, 9], 1, &mut out);
        assert_eq!(out, [15, 8]);
        out.clear();
        halve(&[0, 0, 0, 255, 255, 0, 4, 4, 4], &[0, 0, 0, 255, 255, 0, 4, 4, 4], 3, &mut out);
        assert_eq!(out, [128, 128, 0, 4, 4, 4]);
    }

    #[test]
    fn what_cannot_be_seen_lends_no_colour() {
        let mut out = Vec::new();
        let red_beside_nothing = [200, 0, 0, 255, 0, 255, 0, 0];
        halve(&red_beside_nothing, &red_beside_nothing, 4, &mut out);
        assert_eq!(out, [200, 0, 0, 128]);
    }

    /// What a cutter holds after so many rows of this width.
    fn held(width: u32, height: u32) -> u64 {
        let folder = tempfile::tempdir().unwrap();
        let tiles = Tiles::wanted(width, height).unwrap();
        let out = Writer::create(&folder.path().join("pack"), tiles, width, height).unwrap();
        let mut cutter = Cutter::new(out, tiles, (width, height), 1, None, tiles.levels, Stop::default());
        let row = vec![7; usize::try_from(width).unwrap()];
        let mut most = 0;
        for _ in 0..height {
            cutter.push(&row).unwrap();
            most = most.max(cutter.levels.iter().map(|level| level.band.capacity() as u64).sum());
        }
        cutter.finish().unwrap();
        most
    }

    #[test]
    fn memory_does_not_grow_with_the_height() {
        let most = |height| working_bytes(&Tiles::wanted(4_200, height).unwrap(), 4_200, height, 1);
        assert_eq!(most(600), most(100_000));
        for height in [700, 3_000] {
            assert!(held(4_200, height) <= most(height), "{height}");
        }
    }

    #[test]
    fn drawings_are_told_from_photographs() {
        let colours = |n: u32| -> Vec<u8> {
            (0..40_000_u32)
                .flat_map(|at| (at % n).wrapping_mul(2_654_435_761).to_be_bytes().into_iter().take(3))
                .collect()
        };
        assert!(has_few_colours(&colours(256), 3));
        assert!(!has_few_colours(&colours(257), 3));
        assert!(has_few_colours(&[9; 512 * 512], 1));
        assert!(!has_few_colours(&(0..=255).collect::<Vec<u8>>(), 1));
    }
}
