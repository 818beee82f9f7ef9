//! The magic wand: pixels of about the colour at a place, those that hang together with it or all.

use super::View;
use crate::geometry::{Mask, Size};

/// What the wand takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wand {
    /// How far each of red, green and blue may be from the colour at the place, 0 to 255.
    pub tolerance: u8,
    /// Only pixels that hang together with the place by their sides.
    pub contiguous: bool,
    /// The colour is the mean of the square that reaches this many pixels from the place: 0 for the pixel alone, against
    /// noise 1 or 2.
    pub reach: u32,
}

/// The pixels that the wand takes when it touches a place; none beyond the border.
pub fn wand(view: &View<'_>, x: u32, y: u32, wand: Wand) -> Mask {
    let size = view.size();
    if x >= size.width || y >= size.height {
        return Mask::empty(size);
    }
    let alike = alike(view, mean(view, x, y, wand.reach), wand.tolerance);
    let taken = if wand.contiguous { flooded(size, alike, x, y) } else { alike };
    Mask::from_rows(size, &taken).unwrap_or_else(|| Mask::empty(size))
}

fn mean(view: &View<'_>, x: u32, y: u32, reach: u32) -> [u8; 3] {
    let reach = reach.min(50);
    let size = view.size();
    let (mut sum, mut count) = ([0_u32; 3], 0);
    for x in x.saturating_sub(reach)..=(x.saturating_add(reach)).min(size.width - 1) {
        for y in y.saturating_sub(reach)..=(y.saturating_add(reach)).min(size.height - 1) {
            for (sum, channel) in sum.iter_mut().zip(view.color(x, y)) {
                *sum += u32::from(channel);
            }
            count += 1;
        }
    }
    sum.map(|sum| ((sum + count / 2) / count) as u8)
}

fn alike(view: &View<'_>, [red, green, blue]: [u8; 3], tolerance: u8) -> Vec<u8> {
    let near = |a: u8, b: u8| a.abs_diff(b) <= tolerance;
    if view.depth == 1 {
        return view.bytes.iter().map(|grey| u8::from(near(*grey, red))).collect();
    }
    let is_near = |pixel: &[u8]| match pixel {
        [r, g, b, ..] => u8::from(near(*r, red) && near(*g, green) && near(*b, blue)),
        _ => 0,
    };
    view.bytes.chunks_exact(4).map(is_near).collect()
}

/// Of the pixels that are 1, those that hang together with a place: whole stretches of rows at a time (Smith 1979), each
/// pixel looked at a constant number of times. Marks the taken ones 2 and keeps them.
fn flooded(size: Size, mut pixels: Vec<u8>, x: u32, y: u32) -> Vec<u8> {
    let (width, height) = (size.width as usize, size.height as usize);
    let mut open = vec![(x as usize, y as usize)];
    while let Some((x, y)) = open.pop() {
        let Some(row) = pixels.get_mut(y * width..(y + 1) * width) else { continue };
        if row.get(x) != Some(&1) {
            continue;
        }
        let left = row.get(..x).map_or(x, |before| x - before.iter().rev().take_while(|pixel| **pixel == 1).count());
        let right = x + row.get(x..).map_or(0, |after| after.iter().take_while(|pixel| **pixel == 1).count());
        if let Some(stretch) = row.get_mut(left..right) {
            stretch.fill(2);
        }
        for near in [y.checked_sub(1), Some(y + 1).filter(|y| *y < height)].into_iter().flatten() {
            let Some(stretch) = pixels.get(near * width + left..near * width + right) else { continue };
            let mut before = 0;
            for (n, pixel) in stretch.iter().enumerate() {
                // Where a stretch of open pixels begins.
                if *pixel == 1 && before != 1 {
                    open.push((left + n, near));
                }
                before = *pixel;
            }
        }
    }
    for pixel in &mut pixels {
        *pixel = u8::from(*pixel == 2);
    }
    pixels
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: Wand = Wand { tolerance: 0, contiguous: false, reach: 0 };
    const ONE: Wand = Wand { contiguous: true, ..ALL };

    #[test]
    fn one_island_or_all() {
        let size = Size::new(5, 3);
        let bytes = [9, 9, 0, 9, 0, 0, 9, 0, 0, 9, 9, 9, 0, 9, 9];
        let view = View::grey(size, &bytes).unwrap();
        assert_eq!(wand(&view, 0, 0, ALL).area(), 9);
        assert_eq!(wand(&view, 0, 0, ONE).area(), 5);
        assert_eq!(wand(&view, 3, 0, ONE).area(), 1, "corners do not join");
        assert_eq!(wand(&view, 2, 0, Wand { tolerance: 9, ..ONE }).area(), 15);
        assert!(wand(&view, 5, 0, ONE).is_empty());
    }

    #[test]
    fn a_mean_is_not_misled_by_noise() {
        let bytes = [100, 100, 100, 100, 160, 100, 100, 100, 100];
        let view = View::grey(Size::new(3, 3), &bytes).unwrap();
        assert_eq!(wand(&view, 1, 1, Wand { tolerance: 10, ..ALL }).area(), 1);
        assert_eq!(wand(&view, 1, 1, Wand { tolerance: 10, contiguous: false, reach: 1 }).area(), 8);
    }

    proptest! {
        #[test]
        fn an_island_is_the_part_of_all_that_holds_the_place(
            bytes in prop::collection::vec(0..3_u8, 120), x in 0..12_u32, y in 0..10_u32, tolerance in 0..2_u8,
        ) {
            let view = View::grey(Size::new(12, 10), &bytes).unwrap();
            let (all, one) = (wand(&view, x, y, Wand { tolerance, ..ALL }), wand(&view, x, y, Wand { tolerance, ..ONE }));
            let part = all.parts().into_iter().find(|part| part.has(x, y));
            prop_assert_eq!(Some(one), part);
        }
    }
}
