//! Help with drawing that needs no trained model: the wand, the intelligent scissors, and an object cut out of its box.
//!
//! Pure functions over pixels that somebody else has decoded, the same everywhere: no clock, no chance, no threads. They
//! are written to run in a worker of the browser on a view of two megapixels within the time of a glance, and never
//! change a document: what they find is a [`Mask`] or a line for the person to take or leave.

pub mod cutout;
pub mod flow;
pub mod helper;
pub mod scissors;
pub mod wand;

use crate::geometry::{Mask, Point, Size, mask::Join};

/// Pixels in rows, each of 4 bytes (red, green, blue, opacity) or of 1 (grey).
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    size: Size,
    bytes: &'a [u8],
    depth: usize,
}

impl<'a> View<'a> {
    /// Coloured pixels; nothing where the bytes are not as many as the size needs.
    pub fn rgba(size: Size, bytes: &'a [u8]) -> Option<View<'a>> {
        (bytes.len() as u64 == size.pixels() * 4).then_some(View { size, bytes, depth: 4 })
    }

    /// Grey pixels; nothing where the bytes are not as many as the size needs.
    pub fn grey(size: Size, bytes: &'a [u8]) -> Option<View<'a>> {
        (bytes.len() as u64 == size.pixels()).then_some(View { size, bytes, depth: 1 })
    }

    /// The size in pixels.
    pub fn size(&self) -> Size {
        self.size
    }

    /// Red, green and blue of a pixel; black beyond the border.
    pub fn color(&self, x: u32, y: u32) -> [u8; 3] {
        if x >= self.size.width || y >= self.size.height {
            return [0; 3];
        }
        let at = (y as usize * self.size.width as usize + x as usize) * self.depth;
        match self.bytes.get(at..at + self.depth) {
            Some([red, green, blue, ..]) => [*red, *green, *blue],
            Some([grey]) => [*grey; 3],
            _ => [0; 3],
        }
    }

    /// How light each pixel is, in rows: ITU-R BT.601's `0.299 R + 0.587 G + 0.114 B`.
    pub fn lightness(&self) -> Vec<u8> {
        if self.depth == 1 {
            return self.bytes.to_vec();
        }
        let light = |pixel: &[u8]| match pixel {
            [red, green, blue, ..] => {
                ((u32::from(*red) * 299 + u32::from(*green) * 587 + u32::from(*blue) * 114 + 500) / 1_000) as u8
            }
            _ => 0,
        };
        self.bytes.chunks_exact(4).map(light).collect()
    }

    fn rows(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        self.bytes.chunks_exact((self.size.width as usize * self.depth).max(1))
    }
}

/// A stroke of a round brush added to a mask, or with `erase` taken out of it.
pub fn brush(mask: &Mask, line: &[Point], radius: f64, erase: bool) -> Mask {
    let stroke = Mask::of_stroke(mask.size(), line, radius);
    mask.joined(&stroke, if erase { Join::Less } else { Join::Or })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_must_fit_the_size() {
        let size = Size::new(2, 1);
        assert!(View::rgba(size, &[0; 7]).is_none() && View::grey(size, &[0; 3]).is_none());
        let view = View::rgba(size, &[255, 0, 0, 255, 0, 0, 255, 255]).unwrap();
        assert_eq!((view.color(1, 0), view.color(2, 0)), ([0, 0, 255], [0; 3]));
        assert_eq!(view.lightness(), [76, 29]);
        assert_eq!(View::grey(size, &[7, 9]).unwrap().color(1, 0), [9; 3]);
    }

    #[test]
    fn what_is_brushed_is_erased_again() {
        let line = [Point::new(3.0, 3.0), Point::new(12.0, 9.0)];
        let painted = brush(&Mask::empty(Size::new(16, 16)), &line, 2.0, false);
        assert!(painted.area() > 40);
        assert!(brush(&painted, &line, 2.0, true).is_empty());
    }
}
