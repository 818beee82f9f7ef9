//! How a large image is cut into tiles. Server and browser count by these same rules. It reads no pixel.

use serde::{Deserialize, Serialize};

/// The pyramid of an image: level 0 has every pixel, each further one half as many a side, the last one fits into a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tiles {
    /// Pixels of a tile a side; those at the right and lower edge may be smaller.
    pub size: u32,
    /// How many levels there are.
    pub levels: u8,
    /// Of an image with 16 bits a channel: the values that are shown black and white. Absent where it is shown in full.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<[u16; 2]>,
}

/// One tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tile {
    /// Its level; 0 has every pixel.
    pub level: u8,
    /// From the left.
    pub column: u32,
    /// From the top.
    pub row: u32,
}

impl Tiles {
    /// Images with more pixels than this on a side are cut into tiles.
    pub const FROM: u32 = 4_096;
    /// Pixels of a tile a side.
    pub const SIZE: u32 = 512;

    /// The pyramid that an image of this size is to have, where it is large enough for one.
    pub fn wanted(width: u32, height: u32) -> Option<Self> {
        let longest = width.max(height);
        (longest > Self::FROM && width > 0 && height > 0).then(|| {
            let levels = (0..32).find(|level| extent(longest, *level) <= Self::SIZE).unwrap_or(31) + 1;
            Self { size: Self::SIZE, levels, window: None }
        })
    }

    /// Pixels of a level, of an image of this size.
    pub fn level_size(&self, level: u8, width: u32, height: u32) -> (u32, u32) {
        (extent(width, level), extent(height, level))
    }

    /// Columns and rows of tiles in a level.
    pub fn grid(&self, level: u8, width: u32, height: u32) -> (u32, u32) {
        let (w, h) = self.level_size(level, width, height);
        (w.div_ceil(self.size.max(1)), h.div_ceil(self.size.max(1)))
    }

    /// How many tiles there are on all levels.
    pub fn count(&self, width: u32, height: u32) -> u64 {
        (0..self.levels).map(|level| self.tiles_of(level, width, height)).sum()
    }

    /// The place of a tile among all: level by level, row by row. Nothing where there is no such tile.
    pub fn place(&self, tile: Tile, width: u32, height: u32) -> Option<u64> {
        let (columns, rows) = self.grid(tile.level, width, height);
        let is_there = tile.level < self.levels && tile.column < columns && tile.row < rows;
        is_there.then(|| {
            let before: u64 = (0..tile.level).map(|level| self.tiles_of(level, width, height)).sum();
            before + u64::from(tile.row) * u64::from(columns) + u64::from(tile.column)
        })
    }

    fn tiles_of(&self, level: u8, width: u32, height: u32) -> u64 {
        let (columns, rows) = self.grid(level, width, height);
        u64::from(columns) * u64::from(rows)
    }
}

/// A side halved so often, rounded up.
fn extent(side: u32, level: u8) -> u32 {
    (side.saturating_sub(1)).checked_shr(level.into()).unwrap_or(0) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_large_images_are_cut() {
        assert_eq!(Tiles::wanted(4_096, 4_096), None);
        assert_eq!(Tiles::wanted(0, 9_000), None);
        assert_eq!(Tiles::wanted(4_097, 10).map(|tiles| tiles.levels), Some(5));
        assert_eq!(Tiles::wanted(32_768, 32_768).map(|tiles| tiles.levels), Some(7));
        assert_eq!(Tiles::wanted(u32::MAX, 1).map(|tiles| tiles.levels), Some(24));
    }

    #[test]
    fn levels_halve_and_round_up() {
        let tiles = Tiles::wanted(5_001, 3_000).unwrap();
        let sizes: Vec<_> = (0..tiles.levels).map(|level| tiles.level_size(level, 5_001, 3_000)).collect();
        assert_eq!(sizes, [(5_001, 3_000), (2_501, 1_500), (1_251, 750), (626, 375), (313, 188)]);
        assert_eq!(tiles.grid(0, 5_001, 3_000), (10, 6));
        assert_eq!(tiles.grid(4, 5_001, 3_000), (1, 1));
        assert_eq!(tiles.count(5_001, 3_000), 60 + 15 + 6 + 2 + 1);
    }

    #[test]
    fn every_tile_has_its_own_place() {
        let (w, h) = (5_001, 3_000);
        let tiles = Tiles::wanted(w, h).unwrap();
        let mut places = Vec::new();
        for level in 0..tiles.levels {
            let (columns, rows) = tiles.grid(level, w, h);
            for row in 0..rows {
                places.extend((0..columns).filter_map(|column| tiles.place(Tile { level, column, row }, w, h)));
            }
        }
        assert!(places.into_iter().eq(0..tiles.count(w, h)));
        for (level, column, row) in [(0, 10, 0), (0, 0, 6), (4, 1, 0), (5, 0, 0), (255, u32::MAX, u32::MAX)] {
            assert_eq!(tiles.place(Tile { level, column, row }, w, h), None);
        }
    }
}
