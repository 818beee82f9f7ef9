//! The packed file of a pyramid: tiles one after the other, then where each one lies, then what all this is.
//!
//! Numbers are little-endian. An entry of the index is offset (8 bytes), length (4) and type (4); entries stand level by level,
//! row by row ([`Tiles::place`]). The end is [`END`] bytes: magic, version, width, height, tile size, levels, window, how many
//! tiles, where the index begins, and the first bytes of the index's BLAKE3. It is written once and never changed.

use crate::blob::StoredFile;
use crate::error::Result;
use domain::item::{Tile, Tiles};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::path::Path;

/// How a pyramid begins its end.
const MAGIC: &[u8; 8] = b"TERRTILE";
const VERSION: u32 = 1;
/// Bytes of the end.
const END: usize = 64;
/// Bytes of an entry.
const ENTRY: usize = 16;

/// What a tile is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A photograph's part.
    Jpeg,
    /// Few colours, or seen through.
    Png,
}

impl Kind {
    fn code(self) -> u32 {
        match self {
            Kind::Jpeg => 1,
            Kind::Png => 2,
        }
    }

    fn parse(code: u32) -> Option<Self> {
        [Kind::Jpeg, Kind::Png].into_iter().find(|kind| kind.code() == code)
    }

    /// Its media type.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Kind::Jpeg => "image/jpeg",
            Kind::Png => "image/png",
        }
    }
}

/// A pyramid being written.
#[derive(Debug)]
pub(crate) struct Writer {
    out: BufWriter<File>,
    at: u64,
    tiles: Tiles,
    width: u32,
    height: u32,
    index: Vec<(u64, u32, u32)>,
}

impl Writer {
    /// A new file, which must not exist.
    pub(crate) fn create(path: &Path, tiles: Tiles, width: u32, height: u32) -> io::Result<Self> {
        let places = usize::try_from(tiles.count(width, height)).map_err(io::Error::other)?;
        let out = BufWriter::with_capacity(1 << 20, File::create_new(path)?);
        Ok(Self { out, at: 0, tiles, width, height, index: vec![(0, 0, 0); places] })
    }

    /// Adds a tile.
    pub(crate) fn put(&mut self, tile: Tile, kind: Kind, bytes: &[u8]) -> io::Result<()> {
        let place = self.tiles.place(tile, self.width, self.height).and_then(|place| usize::try_from(place).ok());
        let entry = place.and_then(|place| self.index.get_mut(place));
        let entry = entry.ok_or_else(|| io::Error::other(format!("there is no {tile:?}")))?;
        *entry = (self.at, u32::try_from(bytes.len()).map_err(io::Error::other)?, kind.code());
        self.at += u64::from(entry.1);
        self.out.write_all(bytes)
    }

    /// Writes index and end; afterwards all of it is on the disk.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        if self.index.iter().any(|(_, length, _)| *length == 0) {
            return Err(io::Error::other("a tile is missing"));
        }
        let mut index = Vec::with_capacity(self.index.len() * ENTRY);
        for (offset, length, kind) in &self.index {
            index.extend(offset.to_le_bytes());
            index.extend(length.to_le_bytes());
            index.extend(kind.to_le_bytes());
        }
        let mut end = Vec::with_capacity(END);
        end.extend(MAGIC);
        let [low, high] = self.tiles.window.map_or([0; 2], |window| window.map(u32::from));
        let numbers = [VERSION, self.width, self.height, self.tiles.size, self.tiles.levels.into(), low, high];
        numbers.into_iter().for_each(|number| end.extend(number.to_le_bytes()));
        end.extend(u32::try_from(self.index.len()).map_err(io::Error::other)?.to_le_bytes());
        end.extend(self.at.to_le_bytes());
        end.extend(sum(&index));
        self.out.write_all(&index)?;
        self.out.write_all(&end)?;
        self.out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    }
}

fn sum(index: &[u8]) -> [u8; 16] {
    let mut sum = [0; 16];
    sum.iter_mut().zip(blake3::hash(index).as_bytes()).for_each(|(to, from)| *to = *from);
    sum
}

/// Where the tiles of a pyramid lie.
#[derive(Debug)]
pub(crate) struct Index {
    /// How it is cut.
    pub(crate) tiles: Tiles,
    width: u32,
    height: u32,
    entries: Vec<u8>,
    /// Tells this pyramid from another one of the same image.
    pub(crate) mark: String,
}

impl Index {
    /// Reads the index of a file that is so long.
    pub(crate) async fn read(file: &StoredFile, bytes: u64) -> Result<Self> {
        let wrong = |why: &str| anyhow::anyhow!("a pyramid is damaged: {why}");
        let begins = bytes.checked_sub(END as u64).ok_or_else(|| wrong("it is too short"))?;
        let end = file.read_range(begins..bytes).await?;
        let mut numbers = Numbers(end.strip_prefix(MAGIC.as_slice()).ok_or_else(|| wrong("it does not end like one"))?);
        let mut next = || numbers.u32().ok_or_else(|| wrong("its end is cut off"));
        let (version, width, height, size, levels) = (next()?, next()?, next()?, next()?, next()?);
        let (low, high, count) = (next()?, next()?, next()?);
        let at = numbers.u64().ok_or_else(|| wrong("its end is cut off"))?;
        if version != VERSION {
            return Err(wrong("it is of another version").into());
        }
        let window = (high > low).then(|| [low, high].map(|value| u16::try_from(value).unwrap_or(u16::MAX)));
        let tiles = Tiles { size, levels: u8::try_from(levels).unwrap_or(u8::MAX), window };
        let length = u64::from(count) * ENTRY as u64;
        if at + length != begins || size == 0 || levels > 32 || tiles.count(width, height) != u64::from(count) {
            return Err(wrong("its parts do not add up").into());
        }
        let entries = file.read_range(at..begins).await?;
        if numbers.0 != sum(&entries) {
            return Err(wrong("its index is not what was written").into());
        }
        let mark = hex::encode(numbers.0.get(..4).unwrap_or_default());
        Ok(Self { tiles, width, height, entries: entries.to_vec(), mark })
    }

    /// Where a tile lies and what it is.
    pub(crate) fn find(&self, tile: Tile) -> Option<(Range<u64>, Kind)> {
        let place = usize::try_from(self.tiles.place(tile, self.width, self.height)?).ok()?;
        let mut entry = Numbers(self.entries.get(place.checked_mul(ENTRY)?..)?);
        let (offset, length, kind) = (entry.u64()?, entry.u32()?, Kind::parse(entry.u32()?)?);
        Some((offset..offset.checked_add(length.into())?, kind))
    }

    /// What it takes in memory, about.
    pub(crate) fn weight(&self) -> usize {
        self.entries.len() + 256
    }
}

/// Reads numbers from the front of some bytes.
struct Numbers<'a>(&'a [u8]);

impl Numbers<'_> {
    fn u32(&mut self) -> Option<u32> {
        let (first, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_le_bytes(*first))
    }

    fn u64(&mut self) -> Option<u64> {
        let (first, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*first))
    }
}
