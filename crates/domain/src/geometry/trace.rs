//! From pixels to outlines, and what hangs together: the parts of a mask and its holes.

use super::mask::{Builder, Join, Strip};
use super::{GRAIN, Mask, Point, Polygon, ring};

impl Mask {
    /// The outlines along the borders of its pixels, one polygon for each part whose pixels share sides, in the order of
    /// their upper left pixels.
    ///
    /// They are sound polygons, and their pixels are this mask again, exactly. Where two pixels meet at a corner only, each
    /// outline is drawn in there by a hundredth of a pixel, so that outlines never touch.
    pub fn polygons(&self) -> Vec<Polygon> {
        let parts = Parts::of(self);
        let Some(bounds) = self.bounds() else { return Vec::new() };
        let cut = Cut::new(self, bounds.x as u32, bounds.y as u32, bounds.w as usize, bounds.h as usize);
        let mut followed = vec![false; cut.width * cut.height];
        let mut polygons: Vec<Option<Polygon>> = vec![None; parts.count];
        let mut order: Vec<usize> = Vec::new();
        let mut holes: Vec<(usize, Vec<Point>)> = Vec::new();
        for y in 0..cut.height {
            for x in 0..cut.width {
                let begins = cut.has(x, y) && (x == 0 || !cut.has(x - 1, y));
                if !begins || followed.get(y * cut.width + x) != Some(&false) {
                    continue;
                }
                let ring = cut.follow(x, y, &mut followed);
                let Some(part) = parts.at(cut.left + x as u32, cut.top + y as u32) else { continue };
                if ring::signed_area(&ring) > 0.0 {
                    order.push(part);
                    if let Some(slot) = polygons.get_mut(part) {
                        *slot = Some(Polygon::new(ring));
                    }
                } else {
                    holes.push((part, ring));
                }
            }
        }
        for (part, hole) in holes {
            if let Some(Some(polygon)) = polygons.get_mut(part) {
                polygon.holes.push(hole);
            }
        }
        order.into_iter().filter_map(|part| polygons.get_mut(part).and_then(Option::take)).collect()
    }

    /// Outlines for people to edit: parts and holes below `least` pixels left out, and as few vertices as lie within
    /// `tolerance` pixels of the border.
    pub fn outlines(&self, tolerance: f64, least: f64) -> Vec<Polygon> {
        let mut polygons = self.polygons();
        for polygon in &mut polygons {
            polygon.holes.retain(|hole| ring::polygon_area(hole) >= least);
        }
        polygons.retain(|polygon| polygon.area() >= least);
        polygons.iter().map(|polygon| polygon.simplified(tolerance)).collect()
    }

    /// The mask with its holes filled: those of at most so many pixels, or all. A hole is a part of the outside that
    /// cannot be left by sides of pixels towards the image's border.
    pub fn filled(&self, most: Option<u64>) -> Mask {
        let outside = self.inverted();
        let parts = Parts::of(&outside);
        let size = self.size();
        let mut open = vec![false; parts.count];
        let mut areas = vec![0_u64; parts.count];
        for (strip, part) in parts.strips.iter().zip(&parts.part) {
            let at_border = strip.x == 0 || strip.x + 1 == size.width || strip.top == 0 || strip.bottom == size.height;
            if let (Some(open), Some(area)) = (open.get_mut(*part), areas.get_mut(*part)) {
                *open |= at_border;
                *area += u64::from(strip.bottom - strip.top);
            }
        }
        let fill = |part: usize| {
            open.get(part) == Some(&false) && most.is_none_or(|most| areas.get(part).is_some_and(|area| *area <= most))
        };
        self.joined(&parts.chosen(&outside, fill), Join::Or)
    }

    /// The parts whose pixels share sides, largest first; equal ones by their first pixel.
    pub fn parts(&self) -> Vec<Mask> {
        let parts = Parts::of(self);
        let mut out: Vec<Builder> = (0..parts.count).map(|_| Builder::new(self.size())).collect();
        for (strip, part) in parts.strips.iter().zip(&parts.part) {
            if let Some(builder) = out.get_mut(*part) {
                builder.strip(*strip);
            }
        }
        let mut out: Vec<Mask> = out.into_iter().map(Builder::finish).collect();
        out.sort_by_key(|mask| std::cmp::Reverse(mask.area()));
        out
    }

    /// Without parts of fewer than so many pixels: specks that a wand leaves.
    pub fn without_specks(&self, least: u64) -> Mask {
        let parts = Parts::of(self);
        let mut areas = vec![0_u64; parts.count];
        for (strip, part) in parts.strips.iter().zip(&parts.part) {
            if let Some(area) = areas.get_mut(*part) {
                *area += u64::from(strip.bottom - strip.top);
            }
        }
        parts.chosen(self, |part| areas.get(part).is_some_and(|area| *area >= least))
    }
}

/// Which strips hang together by sides of pixels.
struct Parts {
    strips: Vec<Strip>,
    /// The part of each strip, from 0 to below `count`, numbered by first strip.
    part: Vec<usize>,
    count: usize,
}

impl Parts {
    /// Strips of neighbouring columns that share rows are joined (union–find with halving of paths), each column walked
    /// beside the one before: about as long as there are strips.
    fn of(mask: &Mask) -> Parts {
        let strips: Vec<Strip> = mask.strips().collect();
        let mut parent: Vec<usize> = (0..strips.len()).collect();
        let mut before = 0;
        for (n, strip) in strips.iter().enumerate() {
            let ends_before =
                |other: &Strip| other.x + 1 < strip.x || (other.x + 1 == strip.x && other.bottom <= strip.top);
            while strips.get(before).is_some_and(ends_before) {
                before += 1;
            }
            let beside = strips.get(before..n).unwrap_or_default().iter().enumerate();
            for (m, _) in beside.take_while(|(_, other)| other.x + 1 == strip.x && other.top < strip.bottom) {
                let (a, b) = (root(&mut parent, before + m), root(&mut parent, n));
                if let Some(slot) = parent.get_mut(a.max(b)) {
                    *slot = a.min(b);
                }
            }
        }
        let mut numbers = vec![usize::MAX; strips.len()];
        let mut count = 0;
        let mut part = Vec::with_capacity(strips.len());
        for n in 0..strips.len() {
            let root = root(&mut parent, n);
            let Some(number) = numbers.get_mut(root) else { continue };
            if *number == usize::MAX {
                *number = count;
                count += 1;
            }
            part.push(*number);
        }
        Parts { strips, part, count }
    }

    fn at(&self, x: u32, y: u32) -> Option<usize> {
        let n = self.strips.partition_point(|strip| (strip.x, strip.bottom) <= (x, y));
        let strip = self.strips.get(n)?;
        if strip.x == x && strip.top <= y { self.part.get(n).copied() } else { None }
    }

    fn chosen(&self, mask: &Mask, choose: impl Fn(usize) -> bool) -> Mask {
        let mut builder = Builder::new(mask.size());
        for (strip, _) in self.strips.iter().zip(&self.part).filter(|(_, part)| choose(**part)) {
            builder.strip(*strip);
        }
        builder.finish()
    }
}

fn root(parent: &mut [usize], mut n: usize) -> usize {
    while let Some(&up) = parent.get(n)
        && up != n
    {
        let grand = parent.get(up).copied().unwrap_or(up);
        if let Some(slot) = parent.get_mut(n) {
            *slot = grand;
        }
        n = grand;
    }
    n
}

/// The pixels within the mask's bounds, in rows.
struct Cut {
    left: u32,
    top: u32,
    width: usize,
    height: usize,
    pixels: Vec<bool>,
}

impl Cut {
    fn new(mask: &Mask, left: u32, top: u32, width: usize, height: usize) -> Cut {
        let mut pixels = vec![false; width * height];
        for strip in mask.strips() {
            let x = (strip.x - left) as usize;
            for y in strip.top - top..strip.bottom - top {
                if let Some(pixel) = pixels.get_mut(y as usize * width + x) {
                    *pixel = true;
                }
            }
        }
        Cut { left, top, width, height, pixels }
    }

    fn has(&self, x: usize, y: usize) -> bool {
        x < self.width && self.pixels.get(y * self.width + x) == Some(&true)
    }

    /// Is the pixel in whose upper left corner is this place moved by (−1 or 0) each way?
    fn near(&self, x: usize, y: usize, left: bool, up: bool) -> bool {
        let (Some(x), Some(y)) = (x.checked_sub(usize::from(left)), y.checked_sub(usize::from(up))) else {
            return false;
        };
        self.has(x, y)
    }

    /// Goes along the sides of pixels with the inside to the right, from the left side of this pixel upwards, till round.
    /// At a corner where only two opposite pixels are in, it stays with its own.
    fn follow(&self, x: usize, y: usize, followed: &mut [bool]) -> Vec<Point> {
        let start = (x, y + 1);
        let (mut at, mut way) = (start, Way::Up);
        let mut ring = Vec::new();
        loop {
            if way == Way::Up
                && let Some(mark) = followed.get_mut((at.1 - 1) * self.width + at.0)
            {
                *mark = true;
            }
            at = way.step(at);
            let (ahead_left, ahead_right) = way.ahead(self, at);
            let turned = if !ahead_right {
                way.right()
            } else if ahead_left {
                way.left()
            } else {
                way
            };
            if turned != way {
                let corner = Point::new((at.0 as u32 + self.left).into(), (at.1 as u32 + self.top).into());
                let pinched = !ahead_right && ahead_left;
                ring.push(if pinched { way.drawn_in(corner) } else { corner });
            }
            way = turned;
            if at == start && way == Way::Up {
                return ring;
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Way {
    Up,
    Right,
    Down,
    Left,
}

impl Way {
    fn right(self) -> Way {
        match self {
            Way::Up => Way::Right,
            Way::Right => Way::Down,
            Way::Down => Way::Left,
            Way::Left => Way::Up,
        }
    }

    fn left(self) -> Way {
        self.right().right().right()
    }

    fn step(self, (x, y): (usize, usize)) -> (usize, usize) {
        match self {
            Way::Up => (x, y - 1),
            Way::Right => (x + 1, y),
            Way::Down => (x, y + 1),
            Way::Left => (x - 1, y),
        }
    }

    /// The pixels ahead, to the left and to the right of the way.
    fn ahead(self, cut: &Cut, (x, y): (usize, usize)) -> (bool, bool) {
        match self {
            Way::Up => (cut.near(x, y, true, true), cut.near(x, y, false, true)),
            Way::Right => (cut.near(x, y, false, true), cut.near(x, y, false, false)),
            Way::Down => (cut.near(x, y, false, false), cut.near(x, y, true, false)),
            Way::Left => (cut.near(x, y, true, false), cut.near(x, y, true, true)),
        }
    }

    /// The corner moved towards the middle of the pixel behind, on the right.
    fn drawn_in(self, corner: Point) -> Point {
        match self {
            Way::Up => corner.moved(GRAIN, GRAIN),
            Way::Right => corner.moved(-GRAIN, GRAIN),
            Way::Down => corner.moved(-GRAIN, -GRAIN),
            Way::Left => corner.moved(GRAIN, -GRAIN),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::mask::tests::any_mask;
    use super::*;
    use crate::geometry::{Size, simple};
    use proptest::prelude::*;

    fn rows(rows: &[&str]) -> Mask {
        let size = Size::new(rows[0].len() as u32, rows.len() as u32);
        let pixels: Vec<u8> = rows.iter().flat_map(|row| row.bytes().map(|b| u8::from(b == b'#'))).collect();
        Mask::from_rows(size, &pixels).unwrap()
    }

    #[test]
    fn a_ring_of_pixels_has_a_hole() {
        let polygons = rows(&[".....", ".###.", ".#.#.", ".###."]).polygons();
        assert_eq!(polygons.len(), 1);
        assert_eq!((polygons[0].points.len(), polygons[0].holes.len(), polygons[0].area()), (4, 1, 8.0));
    }

    #[test]
    fn pixels_that_meet_at_a_corner_are_two_parts() {
        let mask = rows(&["#.", ".#"]);
        let polygons = mask.polygons();
        assert_eq!(polygons.len(), 2);
        assert!(!simple::rings_touch(&[&polygons[0].points, &polygons[1].points]));
        assert_eq!(mask.parts().len(), 2);
        assert_eq!(mask.filled(None), mask, "nothing is enclosed");
    }

    #[test]
    fn holes_are_filled_by_size() {
        let mask = rows(&["######", "#.#..#", "######", "..#..."]);
        assert_eq!(mask.filled(Some(1)), rows(&["######", "###..#", "######", "..#..."]));
        assert_eq!(mask.filled(None), rows(&["######", "######", "######", "..#..."]));
        assert_eq!(rows(&["##.#", "...."]).without_specks(2), rows(&["##..", "...."]));
    }

    #[test]
    fn a_whole_image_is_one_square() {
        let polygons = Mask::full(Size::new(300, 200)).polygons();
        assert_eq!((polygons.len(), polygons[0].points.len(), polygons[0].area()), (1, 4, 60_000.0));
        assert!(Mask::empty(Size::new(3, 3)).polygons().is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn outlines_are_sound_and_rasterise_back(mask in any_mask()) {
            let polygons = mask.polygons();
            for polygon in &polygons {
                prop_assert_eq!(polygon.check(mask.size()), Ok(()));
            }
            let rings: Vec<&[Point]> = polygons.iter().flat_map(Polygon::rings).collect();
            prop_assert!(!simple::rings_touch(&rings));
            prop_assert_eq!(Mask::of_rings(mask.size(), rings.into_iter()), mask.clone());
            prop_assert_eq!(polygons.len(), mask.parts().len());
        }

        #[test]
        fn parts_make_the_whole_and_fill_adds_only(mask in any_mask()) {
            let together = mask.parts().iter().fold(Mask::empty(mask.size()), |all, part| all.joined(part, Join::Or));
            prop_assert_eq!(&together, &mask);
            prop_assert_eq!(mask.parts().iter().map(Mask::area).sum::<u64>(), mask.area());
            let filled = mask.filled(None);
            prop_assert_eq!(&filled.joined(&mask, Join::And), &mask);
            prop_assert!(filled.polygons().iter().all(|polygon| polygon.holes.is_empty()));
        }
    }
}
