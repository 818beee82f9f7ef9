//! The mask: which pixels of the image belong to an object, as run lengths (RLE) like COCO's, column by column.
//!
//! Every deed but those that take or give pixels costs as much as there are runs, not as there are pixels: a mask on a
//! gigapixel image is as quick as a small one.

use super::{Fault, Point, Rect, Size};
use serde::{Deserialize, Serialize};

/// The most runs of a mask that are accepted in a value.
pub const RUNS_MAX: usize = 500_000;

/// A set of pixels of an image.
///
/// Written as COCO writes it: `{"size": [height, width], "counts": …}` where `counts` are the lengths of runs that are out
/// and in by turns, beginning with out, down the first column, then the second. They are read both as a list of numbers and
/// as COCO's compressed string, and written as the string. Equal sets of pixels are equal masks: runs are kept joined.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "Coco", into = "Coco")]
pub struct Mask {
    size: Size,
    /// Lengths of runs, out first; only the first may be 0; they add up to the pixels of the image.
    counts: Vec<u32>,
}

/// Pixels of one column that follow each other: from `top` (included) to `bottom` (excluded).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strip {
    /// The column.
    pub x: u32,
    /// The first row.
    pub top: u32,
    /// The row after the last.
    pub bottom: u32,
}

/// How two masks are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    /// In either.
    Or,
    /// In both.
    And,
    /// In the first and not in the second.
    Less,
    /// In one of the two alone.
    Xor,
}

impl Mask {
    /// No pixel. An image has at most 2³² − 1 pixels here; a larger one has no mask, so this is of size 0.
    pub fn empty(size: Size) -> Mask {
        Builder::new(size).finish()
    }

    /// Every pixel.
    pub fn full(size: Size) -> Mask {
        let mut builder = Builder::new(size);
        builder.add(0, builder.pixels);
        builder.finish()
    }

    /// The mask with these run lengths. Runs of length 0 within are joined up.
    pub fn from_counts(size: Size, counts: &[u32]) -> Result<Mask, Fault> {
        if u32::try_from(size.pixels()).is_err() {
            return Err(Fault::RunsUnreadable);
        }
        let sum: u64 = counts.iter().map(|count| u64::from(*count)).sum();
        if sum != size.pixels() {
            return Err(Fault::RunsSum { sum, pixels: size.pixels() });
        }
        let mut builder = Builder::new(size);
        let mut at = 0;
        for (n, count) in counts.iter().enumerate() {
            if n % 2 == 1 {
                builder.add(at, at + count);
            }
            at += count;
        }
        Ok(builder.finish())
    }

    /// The mask of COCO's compressed string (`rleFrString` of its `maskApi.c`): each number is written in groups of five
    /// bits, lowest first, bit 6 says that more follow, all plus 48; from the fourth on, the difference to the number
    /// before last.
    pub fn from_text(size: Size, text: &str) -> Result<Mask, Fault> {
        let mut counts: Vec<i64> = Vec::new();
        let mut bytes = text.bytes();
        while let Some(first) = bytes.next() {
            let (mut number, mut shift, mut byte) = (0_i64, 0, first);
            loop {
                let group = i64::from(byte.checked_sub(48).filter(|group| *group < 64).ok_or(Fault::RunsUnreadable)?);
                // Seven groups hold more than any image has pixels.
                if shift >= 35 {
                    return Err(Fault::RunsUnreadable);
                }
                number |= (group & 0x1f) << shift;
                shift += 5;
                if group & 0x20 == 0 {
                    if group & 0x10 != 0 {
                        number |= -1_i64 << shift;
                    }
                    break;
                }
                byte = bytes.next().ok_or(Fault::RunsUnreadable)?;
            }
            if counts.len() > 2 {
                number += counts.get(counts.len() - 2).copied().unwrap_or_default();
            }
            counts.push(number);
        }
        let counts: Result<Vec<u32>, _> = counts.into_iter().map(u32::try_from).collect();
        let Ok(counts) = counts else { return Err(Fault::RunsUnreadable) };
        Mask::from_counts(size, &counts)
    }

    /// COCO's compressed string, as [`Mask::from_text`] reads it.
    pub fn to_text(&self) -> String {
        let mut out = String::with_capacity(self.counts.len() * 2);
        for (n, count) in self.counts.iter().enumerate() {
            let before = if n > 2 { self.counts.get(n - 2).copied().unwrap_or_default() } else { 0 };
            let mut number = i64::from(*count) - i64::from(before);
            loop {
                let group = (number & 0x1f) as u8;
                number >>= 5;
                let more = if group & 0x10 != 0 { number != -1 } else { number != 0 };
                out.push(char::from(group + if more { 0x20 } else { 0 } + 48));
                if !more {
                    break;
                }
            }
        }
        out
    }

    /// The mask of pixels in rows, anything but 0 being in; nothing where their number is not the size's.
    pub fn from_rows(size: Size, pixels: &[u8]) -> Option<Mask> {
        let (width, height) = (size.width as usize, size.height as usize);
        if pixels.len() as u64 != size.pixels() || u32::try_from(size.pixels()).is_err() {
            return None;
        }
        let mut builder = Builder::new(size);
        // Rows in memory, columns in the mask: some columns at a time, so that each line of cache is read once.
        const AT_ONCE: usize = 64;
        let mut strips: Vec<Vec<(u32, u32)>> = vec![Vec::new(); AT_ONCE];
        for left in (0..width).step_by(AT_ONCE) {
            let right = width.min(left + AT_ONCE);
            let mut begun = [u32::MAX; AT_ONCE];
            for y in 0..height {
                let row = pixels.get(y * width + left..y * width + right)?;
                for ((pixel, begun), strips) in row.iter().zip(&mut begun).zip(&mut strips) {
                    let row = y as u32;
                    if *pixel != 0 {
                        if *begun == u32::MAX {
                            *begun = row;
                        }
                    } else if *begun != u32::MAX {
                        strips.push((*begun, row));
                        *begun = u32::MAX;
                    }
                }
            }
            for (n, (strips, begun)) in strips.iter_mut().zip(begun).take(right - left).enumerate() {
                if begun != u32::MAX {
                    strips.push((begun, size.height));
                }
                for (top, bottom) in strips.drain(..) {
                    builder.strip(Strip { x: (left + n) as u32, top, bottom });
                }
            }
        }
        Some(builder.finish())
    }

    /// The pixels in rows: 1 in, 0 out.
    pub fn to_rows(&self) -> Vec<u8> {
        let (width, height) = (self.size.width as usize, self.size.height as usize);
        let mut pixels = vec![0; width * height];
        for Strip { x, top, bottom } in self.strips() {
            for y in top..bottom {
                if let Some(pixel) = pixels.get_mut(y as usize * width + x as usize) {
                    *pixel = 1;
                }
            }
        }
        pixels
    }

    /// The size of the image.
    pub fn size(&self) -> Size {
        self.size
    }

    /// The lengths of the runs, out first.
    pub fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// How many pixels are in.
    pub fn area(&self) -> u64 {
        self.counts.iter().skip(1).step_by(2).map(|count| u64::from(*count)).sum()
    }

    /// No pixel is in.
    pub fn is_empty(&self) -> bool {
        self.counts.len() < 2
    }

    /// The smallest box around the pixels, whole pixels wide (as `toBbox` of COCO); nothing where no pixel is in.
    pub fn bounds(&self) -> Option<Rect> {
        let (mut left, mut top, mut right, mut bottom) = (u32::MAX, u32::MAX, 0, 0);
        for strip in self.strips() {
            left = left.min(strip.x);
            right = right.max(strip.x + 1);
            top = top.min(strip.top);
            bottom = bottom.max(strip.bottom);
        }
        (right > left).then(|| Rect {
            x: f64::from(left),
            y: f64::from(top),
            w: f64::from(right - left),
            h: f64::from(bottom - top),
        })
    }

    /// Is the pixel under this point in?
    pub fn contains(&self, p: Point) -> bool {
        let within = p.x >= 0.0 && p.y >= 0.0 && p.x < f64::from(self.size.width) && p.y < f64::from(self.size.height);
        within && self.has(p.x as u32, p.y as u32)
    }

    /// Is this pixel in?
    pub fn has(&self, x: u32, y: u32) -> bool {
        if x >= self.size.width || y >= self.size.height {
            return false;
        }
        let place = u64::from(x) * u64::from(self.size.height) + u64::from(y);
        let mut end = 0;
        for (n, count) in self.counts.iter().enumerate() {
            end += u64::from(*count);
            if place < end {
                return n % 2 == 1;
            }
        }
        false
    }

    /// Runs that are in, by their place down the columns: first (included) and end (excluded).
    pub fn runs(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let mut at = 0;
        self.counts.chunks(2).filter_map(move |pair| {
            let out = pair.first().copied().unwrap_or_default();
            let held = pair.get(1).copied().unwrap_or_default();
            let first = at + out;
            at = first + held;
            (held > 0).then_some((first, at))
        })
    }

    /// The runs cut at the ends of columns, column by column from the left, from top to bottom.
    pub fn strips(&self) -> impl Iterator<Item = Strip> + '_ {
        let height = self.size.height.max(1);
        self.runs().flat_map(move |(first, end)| {
            let columns = first / height..=(end - 1) / height;
            columns.map(move |x| {
                let start = u64::from(x) * u64::from(height);
                let top = u64::from(first).max(start) - start;
                let bottom = (u64::from(end) - start).min(u64::from(height));
                Strip { x, top: top as u32, bottom: bottom as u32 }
            })
        })
    }

    /// Both joined. Where sizes differ, the second is taken as if cut or widened to the first's.
    pub fn joined(&self, other: &Mask, join: Join) -> Mask {
        if self.size != other.size {
            return self.joined(&other.fitted(self.size), join);
        }
        let mut builder = Builder::new(self.size);
        let (mut a, mut b) = (self.counts.iter().copied(), other.counts.iter().copied());
        let (mut a_left, mut b_left) = (a.next().unwrap_or_default(), b.next().unwrap_or_default());
        let (mut a_in, mut b_in) = (false, false);
        let mut at = 0;
        while at < builder.pixels {
            while a_left == 0 {
                let Some(next) = a.next() else { return builder.finish() };
                (a_left, a_in) = (next, !a_in);
            }
            while b_left == 0 {
                let Some(next) = b.next() else { return builder.finish() };
                (b_left, b_in) = (next, !b_in);
            }
            let step = a_left.min(b_left);
            let held = match join {
                Join::Or => a_in || b_in,
                Join::And => a_in && b_in,
                Join::Less => a_in && !b_in,
                Join::Xor => a_in != b_in,
            };
            if held {
                builder.add(at, at + step);
            }
            at += step;
            a_left -= step;
            b_left -= step;
        }
        builder.finish()
    }

    /// The pixels that are out.
    pub fn inverted(&self) -> Mask {
        Mask::full(self.size).joined(self, Join::Less)
    }

    /// How many pixels are in both.
    pub fn shared_area(&self, other: &Mask) -> u64 {
        self.joined(other, Join::And).area()
    }

    /// Intersection over union; 0 where both are empty.
    pub fn iou(&self, other: &Mask) -> f64 {
        let shared = self.shared_area(other);
        let union = self.area() + other.area() - shared;
        if union > 0 { shared as f64 / union as f64 } else { 0.0 }
    }

    /// The mask moved by whole pixels; what leaves the image is cut off.
    pub fn moved(&self, dx: i64, dy: i64) -> Mask {
        let (width, height) = (i64::from(self.size.width), i64::from(self.size.height));
        let mut builder = Builder::new(self.size);
        for strip in self.strips() {
            let Some(x) = i64::from(strip.x).checked_add(dx).filter(|x| (0..width).contains(x)) else { continue };
            let row = |y: u32| i64::from(y).saturating_add(dy).clamp(0, height) as u32;
            builder.strip(Strip { x: x as u32, top: row(strip.top), bottom: row(strip.bottom) });
        }
        builder.finish()
    }

    /// The same pixels on an image of another size.
    pub fn fitted(&self, size: Size) -> Mask {
        let mut builder = Builder::new(size);
        for strip in self.strips().filter(|strip| strip.x < size.width) {
            builder.strip(Strip { bottom: strip.bottom.min(size.height), ..strip });
        }
        builder.finish()
    }

    /// The mask of a smaller view put at its place on the whole image, each of its pixels `scale` pixels wide: what an
    /// assist that worked on a shrunken view found.
    pub fn placed(&self, on: Size, x: u32, y: u32, scale: u32) -> Mask {
        let mut builder = Builder::new(on);
        let wide = |n: u32, from: u32| n.saturating_mul(scale).saturating_add(from);
        let mut strips = self.strips().peekable();
        while let Some(&Strip { x: column, .. }) = strips.peek() {
            let mut own: Vec<Strip> = Vec::new();
            while let Some(strip) = strips.next_if(|strip| strip.x == column) {
                own.push(strip);
            }
            for to in (wide(column, x)..wide(column + 1, x)).take_while(|to| *to < on.width) {
                for strip in &own {
                    let (top, bottom) = (wide(strip.top, y).min(on.height), wide(strip.bottom, y).min(on.height));
                    builder.strip(Strip { x: to, top, bottom });
                }
            }
        }
        builder.finish()
    }

    /// Is it sound on an image of this size?
    pub fn check(&self, size: Size) -> Result<(), Fault> {
        if self.size != size {
            return Err(Fault::MaskSize { given: self.size, image: size });
        }
        if self.counts.len() > RUNS_MAX {
            return Err(Fault::TooManyRuns { most: RUNS_MAX });
        }
        if self.is_empty() {
            return Err(Fault::ZeroArea);
        }
        Ok(())
    }
}

/// Puts a mask together from runs that come in the order of the columns and do not overlap; those that touch are joined.
#[derive(Debug)]
pub struct Builder {
    size: Size,
    pixels: u32,
    counts: Vec<u32>,
    at: u32,
}

impl Builder {
    /// A mask without pixels as yet.
    pub fn new(size: Size) -> Self {
        match u32::try_from(size.pixels()) {
            Ok(pixels) => Self { size, pixels, counts: Vec::new(), at: 0 },
            Err(_) => Self { size: Size::default(), pixels: 0, counts: Vec::new(), at: 0 },
        }
    }

    /// Adds a run, by its place down the columns; what lies before the last run or beyond the image is left out.
    pub fn add(&mut self, first: u32, end: u32) {
        let (first, end) = (first.max(self.at), end.min(self.pixels));
        if first >= end {
            return;
        }
        match self.counts.last_mut() {
            Some(last) if first == self.at => *last += end - first,
            _ => self.counts.extend([first - self.at, end - first]),
        }
        self.at = end;
    }

    /// Adds pixels of one column.
    pub fn strip(&mut self, strip: Strip) {
        if strip.x < self.size.width && strip.top < strip.bottom && strip.top < self.size.height {
            let start = strip.x * self.size.height;
            self.add(start + strip.top, start + strip.bottom.min(self.size.height));
        }
    }

    /// The mask.
    pub fn finish(mut self) -> Mask {
        if self.at < self.pixels || self.counts.is_empty() {
            self.counts.push(self.pixels - self.at);
        }
        Mask { size: self.size, counts: self.counts }
    }
}

#[derive(Clone, Serialize, Deserialize)]
struct Coco {
    size: [u32; 2],
    counts: Counts,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(untagged)]
enum Counts {
    Text(String),
    List(Vec<u32>),
}

impl TryFrom<Coco> for Mask {
    type Error = Fault;

    fn try_from(coco: Coco) -> Result<Self, Fault> {
        let [height, width] = coco.size;
        let size = Size { width, height };
        match coco.counts {
            Counts::Text(text) => Mask::from_text(size, &text),
            Counts::List(list) => Mask::from_counts(size, &list),
        }
    }
}

impl From<Mask> for Coco {
    fn from(mask: Mask) -> Self {
        Coco { size: [mask.size.height, mask.size.width], counts: Counts::Text(mask.to_text()) }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(in crate::geometry) fn any_mask() -> impl Strategy<Value = Mask> {
        (1..14_u32, 1..14_u32, any::<u64>(), 1..9_u64).prop_map(|(width, height, seed, coarse)| {
            let size = Size::new(width, height);
            // Blobs and specks from a small mixing function, so that runs of all lengths come up.
            let pixels: Vec<u8> = (0..width * height)
                .map(|n| {
                    let (x, y) = (u64::from(n % width) / coarse, u64::from(n / width) / coarse);
                    let mixed = (seed ^ (x * 0x9e37_79b9 + y * 0x85eb_ca6b)).wrapping_mul(0xff51_afd7_ed55_8ccd);
                    u8::from(mixed >> 62 != 0)
                })
                .collect();
            Mask::from_rows(size, &pixels).unwrap()
        })
    }

    fn rows(rows: &[&str]) -> Mask {
        let size = Size::new(rows[0].len() as u32, rows.len() as u32);
        let pixels: Vec<u8> = rows.iter().flat_map(|row| row.bytes().map(|b| u8::from(b == b'#'))).collect();
        Mask::from_rows(size, &pixels).unwrap()
    }

    #[test]
    fn runs_go_down_the_columns_out_first() {
        let mask = rows(&["#..", ".##"]);
        assert_eq!(mask.counts(), [0, 1, 2, 1, 1, 1]);
        assert_eq!((mask.area(), mask.has(2, 1), mask.has(2, 0), mask.has(3, 0)), (3, true, false, false));
        assert_eq!(mask.bounds(), Some(Rect { x: 0.0, y: 0.0, w: 3.0, h: 2.0 }));
        assert_eq!(Mask::empty(Size::new(3, 2)).counts(), [6]);
        assert_eq!(Mask::full(Size::new(3, 2)).counts(), [0, 6]);
        assert_eq!(Mask::empty(Size::default()).counts(), [0]);
    }

    #[test]
    fn what_does_not_add_up_is_refused() {
        let size = Size::new(3, 2);
        assert_eq!(Mask::from_counts(size, &[1, 2]), Err(Fault::RunsSum { sum: 3, pixels: 6 }));
        assert_eq!(Mask::from_counts(size, &[u32::MAX, u32::MAX]).unwrap_err().code(), "rle-sum");
        assert_eq!(Mask::from_counts(size, &[1, 0, 1, 4]), Mask::from_counts(size, &[2, 4]), "joined up");
        for text in ["\u{7f}", "P", "PPPPPPPPPPPPPPPP0", "贵", "oooooooooooo0", "M"] {
            assert!(Mask::from_text(size, text).is_err(), "{text}");
        }
        let huge = Size::new(u32::MAX, u32::MAX);
        assert_eq!(Mask::from_counts(huge, &[1]), Err(Fault::RunsUnreadable));
        assert_eq!(Mask::full(huge).area(), 0);
        assert_eq!(Mask::empty(size).check(size), Err(Fault::ZeroArea));
        assert_eq!(Mask::full(size).check(Size::new(2, 3)).unwrap_err().code(), "mask-size");
    }

    #[test]
    fn json_is_cocos() {
        let mask = rows(&["#..", ".##"]);
        let json = serde_json::to_string(&mask).unwrap();
        assert_eq!(json, r#"{"size":[2,3],"counts":"0120O0"}"#);
        assert_eq!(serde_json::from_str::<Mask>(&json).unwrap(), mask);
        assert_eq!(serde_json::from_str::<Mask>(r#"{"size":[2,3],"counts":[0,1,2,1,1,1]}"#).unwrap(), mask);
        assert!(serde_json::from_str::<Mask>(r#"{"size":[2,3],"counts":[0,-1,2,1,1,1]}"#).is_err());
    }

    #[test]
    fn a_small_find_is_put_on_the_large_image() {
        let placed = rows(&["#.", ".#"]).placed(Size::new(7, 5), 2, 0, 2);
        assert_eq!(placed, rows(&["..##...", "..##...", "....##.", "....##.", "......."]));
        assert_eq!(rows(&["##"]).placed(Size::new(3, 3), 1, 1, 2), rows(&["...", ".##", ".##"]), "cut at the border");
    }

    proptest! {
        #[test]
        fn text_and_pixels_read_back(mask in any_mask()) {
            prop_assert_eq!(&Mask::from_text(mask.size(), &mask.to_text()), &Ok(mask.clone()));
            prop_assert_eq!(&Mask::from_counts(mask.size(), mask.counts()), &Ok(mask.clone()));
            prop_assert_eq!(&Mask::from_rows(mask.size(), &mask.to_rows()), &Some(mask.clone()));
            let counted = mask.to_rows().iter().filter(|pixel| **pixel == 1).count();
            prop_assert_eq!(mask.area(), counted as u64);
        }

        #[test]
        fn joins_agree_with_pixels(a in any_mask(), b in any_mask()) {
            for (join, rule) in [
                (Join::Or, (|a, b| a | b) as fn(u8, u8) -> u8),
                (Join::And, |a, b| a & b),
                (Join::Less, |a, b| a & !b & 1),
                (Join::Xor, |a, b| a ^ b),
            ] {
                let joined = a.joined(&b, join);
                let other = b.fitted(a.size()).to_rows();
                let expected: Vec<u8> = a.to_rows().into_iter().zip(other).map(|(a, b)| rule(a, b)).collect();
                prop_assert_eq!(joined.to_rows(), expected);
            }
            prop_assert_eq!(a.joined(&b, Join::Xor).joined(&b, Join::Xor), a.clone(), "a flip taken back");
            prop_assert_eq!(a.inverted().inverted(), a);
        }

        #[test]
        fn moves_agree_with_pixels(mask in any_mask(), dx in -15..15_i64, dy in -15..15_i64) {
            let moved = mask.moved(dx, dy);
            for x in 0..mask.size().width {
                for y in 0..mask.size().height {
                    let (from_x, from_y) = (i64::from(x) - dx, i64::from(y) - dy);
                    let was = from_x >= 0 && from_y >= 0 && mask.has(from_x as u32, from_y as u32);
                    prop_assert_eq!(moved.has(x, y), was);
                }
            }
        }

        #[test]
        fn no_text_makes_it_panic(width in 0..9_u32, height in 0..9_u32, text in "[0-o]{0,12}|\\PC{0,6}", counts in prop::collection::vec(any::<u32>(), 0..6)) {
            let size = Size::new(width, height);
            let _ = Mask::from_text(size, &text);
            let _ = Mask::from_counts(size, &counts);
        }
    }
}
