//! What helps with drawing, as the page asks for it: it looks at a part of an image in a view of at most about two
//! megapixels, and answers questions that are put in pixels of the image. Page and worker share these words.
//!
//! It never enlarges: a pixel of the view is one of the image or several. Views and questions that make no sense get no
//! answer; none makes it panic.

use super::View;
use super::cutout::{Hints, cut_out};
use super::scissors::{Edges, Wire};
use super::wand::{self, wand};
use crate::geometry::mask::{Builder, Strip};
use crate::geometry::{Mask, POLYGON_MAX_POINTS, Point, Polygon, Rect, Size, simplify_line, soften_line};
use serde::{Deserialize, Serialize};

/// The most pixels of a view.
pub const VIEW_PIXELS: u64 = 2_097_152;

/// Parts of an outline below so many pixels of the view are specks, and so near to the border does it stay.
const SPECK: f64 = 16.0;
const OUTLINE: f64 = 0.75;
/// A found line loses its stairs: each place goes to the mean of so many before and after it, but no further than `LEEWAY`.
const STAIRS: usize = 4;
const LEEWAY: f64 = 1.0;
/// So near to that does the line with fewer vertices stay.
const LINE: f64 = 0.5;
/// The farthest that a click is drawn to an edge, in pixels of the view.
const SNAP: f64 = 16.0;

/// Which part of an image a view shows, and at which size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// The whole image.
    pub image: Size,
    /// The left and upper border of the part.
    pub left: u32,
    /// The upper border.
    pub top: u32,
    /// The size of the part in pixels of the image.
    pub part: Size,
    /// The size of the view.
    pub view: Size,
}

/// What may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Question {
    /// What has the colour of a place and hangs together with it.
    Wand {
        /// The place.
        at: Point,
        /// How far each of red, green and blue may be off.
        tolerance: u8,
        /// As a polygon, not as a mask.
        outlined: bool,
    },
    /// The line from a place to another, along edges.
    Line {
        /// Where it begins.
        from: Point,
        /// Where it ends.
        to: Point,
        /// Both ends are drawn to the strongest edge within so many pixels of the image.
        snap: f64,
    },
    /// The object in a box.
    CutOut {
        /// The box.
        area: Rect,
        /// As a polygon, not as a mask.
        outlined: bool,
    },
}

/// What is answered, in pixels of the image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Nothing was found.
    Nothing,
    /// Pixels.
    Mask(Mask),
    /// An outline: of several parts the largest.
    Polygon(Polygon),
    /// A line.
    Line(Vec<Point>),
}

/// One view, and what was learnt of it.
#[derive(Debug, Default)]
pub struct Helper {
    seen: Option<Seen>,
}

#[derive(Debug)]
struct Seen {
    frame: Frame,
    bytes: Vec<u8>,
    edges: Option<Edges>,
    wire: Option<((u32, u32), Wire)>,
}

impl Frame {
    /// The frame for looking at `seen` of an image of which so much detail is at hand: pixels for each of its own, at most
    /// 1. The whole image where that fits into a view. Nothing where nothing of the image is seen.
    pub fn of(image: Size, seen: Rect, detail: f64) -> Option<Frame> {
        let whole = Rect::whole(image);
        let seen = seen.shared(whole).filter(|seen| seen.is_finite() && seen.w > 0.0 && seen.h > 0.0)?;
        let detail = if detail > 0.0 { detail.min(1.0) } else { return None };
        let most = VIEW_PIXELS as f64;
        // Something around it, so that a small shift of the view needs no other look.
        let near = seen.grown(seen.w.max(seen.h) * 0.1).shared(whole)?;
        let area = if whole.area() * detail * detail <= most { whole } else { near };
        let (right, bottom) = (area.right().ceil() as u32, area.bottom().ceil() as u32);
        let corner = (area.x.floor() as u32, area.y.floor() as u32);
        Frame::between(image, corner, (right.min(image.width), bottom.min(image.height)), detail)
    }

    /// The frame for looking at what is seen alone: at those pixels that are seen whole.
    pub fn inside(image: Size, seen: Rect, detail: f64) -> Option<Frame> {
        let seen = seen.shared(Rect::whole(image)).filter(|seen| seen.is_finite())?;
        let detail = if detail > 0.0 { detail.min(1.0) } else { return None };
        let corner = (seen.x.ceil() as u32, seen.y.ceil() as u32);
        Frame::between(image, corner, (seen.right().floor() as u32, seen.bottom().floor() as u32), detail)
    }

    fn between(image: Size, (left, top): (u32, u32), (right, bottom): (u32, u32), detail: f64) -> Option<Frame> {
        let part = Size::new(right.checked_sub(left)?, bottom.checked_sub(top)?);
        let most = VIEW_PIXELS as f64;
        let scale = detail.min((most / part.pixels().max(1) as f64).sqrt());
        let sized = |n: u32| ((f64::from(n) * scale).floor() as u32).clamp(1, n.max(1));
        let frame = Frame { image, left, top, part, view: Size::new(sized(part.width), sized(part.height)) };
        frame.is_sound().then_some(frame)
    }

    /// May it stand in for another one that shows `seen`: does it hold that, at nearly the same detail?
    pub fn serves(&self, wanted: &Frame, seen: Rect) -> bool {
        let Some(seen) = seen.shared(Rect::whole(self.image)) else { return false };
        let holds = f64::from(self.left) <= seen.x
            && f64::from(self.top) <= seen.y
            && seen.right() <= f64::from(self.left + self.part.width)
            && seen.bottom() <= f64::from(self.top + self.part.height);
        self.image == wanted.image && holds && self.scale().0 >= wanted.scale().0 * 0.75
    }

    /// The part of the image.
    pub fn area(&self) -> Rect {
        Rect { x: self.left.into(), y: self.top.into(), w: self.part.width.into(), h: self.part.height.into() }
    }

    /// Pixels of the view for each of the image, across and down.
    pub fn scale(&self) -> (f64, f64) {
        let of = |view: u32, part: u32| f64::from(view) / f64::from(part.max(1));
        (of(self.view.width, self.part.width), of(self.view.height, self.part.height))
    }

    fn is_sound(&self) -> bool {
        let within = |from: u32, part: u32, whole: u32, view: u32| {
            u64::from(from) + u64::from(part) <= u64::from(whole) && (1..=part).contains(&view)
        };
        within(self.left, self.part.width, self.image.width, self.view.width)
            && within(self.top, self.part.height, self.image.height, self.view.height)
            && self.view.pixels() <= VIEW_PIXELS
            && u32::try_from(self.image.pixels()).is_ok()
    }

    fn to_view(self, p: Point) -> Point {
        let (across, down) = self.scale();
        Point::new((p.x - f64::from(self.left)) * across, (p.y - f64::from(self.top)) * down)
    }

    fn to_image(self, p: Point) -> Point {
        let (across, down) = self.scale();
        Point::new(p.x / across + f64::from(self.left), p.y / down + f64::from(self.top))
    }

    /// The pixel of the view that holds a place; nothing beyond the part.
    fn pixel(self, p: Point) -> Option<(u32, u32)> {
        let Point { x, y } = self.to_view(p);
        // A place on the lower or right border belongs to the pixel before.
        let within = |n: f64, of: u32| (n >= 0.0 && n <= f64::from(of)).then(|| (n as u32).min(of.saturating_sub(1)));
        within(x, self.view.width).zip(within(y, self.view.height))
    }

    /// The pixels of the image whose middles lie in pixels of the view that are in a mask.
    fn lifted(self, mask: &Mask) -> Mask {
        if self.part == self.image && self.view == self.image {
            return mask.clone();
        }
        let mut columns: Vec<Vec<(u32, u32)>> = vec![Vec::new(); self.view.width as usize];
        for strip in mask.strips() {
            if let Some(column) = columns.get_mut(strip.x as usize) {
                column.push((self.first_row(strip.top), self.first_row(strip.bottom)));
            }
        }
        let mut builder = Builder::new(self.image);
        for x in 0..self.part.width {
            let own = (2 * u64::from(x) + 1) * u64::from(self.view.width) / (2 * u64::from(self.part.width));
            for &(top, bottom) in columns.get(own as usize).into_iter().flatten() {
                builder.strip(Strip { x: self.left + x, top: self.top + top, bottom: self.top + bottom });
            }
        }
        builder.finish()
    }

    /// The first row of the part whose middle lies in this row of the view or below.
    fn first_row(self, row: u32) -> u32 {
        let (view, part) = (u64::from(self.view.height), u64::from(self.part.height));
        ((2 * u64::from(row) * part).saturating_sub(view)).div_ceil(2 * view) as u32
    }
}

impl Helper {
    /// Looks at a view: its pixels in rows, of 4 bytes each. False, and nothing is seen, where frame and pixels do not fit.
    pub fn look(&mut self, frame: Frame, bytes: Vec<u8>) -> bool {
        let fits = frame.is_sound() && View::rgba(frame.view, &bytes).is_some();
        self.seen = fits.then_some(Seen { frame, bytes, edges: None, wire: None });
        fits
    }

    /// Answers a question about what it looks at.
    pub fn answer(&mut self, question: Question) -> Answer {
        self.seen.as_mut().and_then(|seen| seen.answer(question)).unwrap_or(Answer::Nothing)
    }
}

impl Seen {
    fn answer(&mut self, question: Question) -> Option<Answer> {
        match question {
            Question::Wand { at, tolerance, outlined } => {
                self.wand(at, tolerance).and_then(|m| self.found(&m, outlined))
            }
            Question::Line { from, to, snap } => self.line(from, to, snap).map(Answer::Line),
            Question::CutOut { area, outlined } => {
                let (a, b) = (self.frame.to_view(area.corners()[0]), self.frame.to_view(area.corners()[2]));
                let view = View::rgba(self.frame.view, &self.bytes)?;
                self.found(&cut_out(&view, Rect::between(a, b), Hints::default()), outlined)
            }
        }
    }

    fn wand(&self, at: Point, tolerance: u8) -> Option<Mask> {
        let view = View::rgba(self.frame.view, &self.bytes)?;
        let (x, y) = self.frame.pixel(at)?;
        // Some tolerance allows for noise; next to an edge the mean is of neither side, and the pixel alone counts.
        let reaches = if tolerance == 0 { 0..=0 } else { 0..=1 };
        let touch = |reach| wand(&view, x, y, wand::Wand { tolerance, contiguous: true, reach });
        reaches.rev().map(touch).find(|taken| !taken.is_empty())
    }

    fn line(&mut self, from: Point, to: Point, snap: f64) -> Option<Vec<Point>> {
        let frame = self.frame;
        let (from, to) = (frame.pixel(from)?, frame.pixel(to)?);
        if self.edges.is_none() {
            self.edges = Some(Edges::of(&View::rgba(frame.view, &self.bytes)?));
        }
        let edges = self.edges.as_ref()?;
        let reach = (snap * frame.scale().0).clamp(0.0, SNAP) as u32;
        let snapped = |(x, y)| if reach == 0 { (x, y) } else { edges.strongest_near(x, y, reach) };
        let (from, to) = (snapped(from), snapped(to));
        if self.wire.as_ref().is_none_or(|(begun, _)| *begun != from) {
            self.wire = Some((from, edges.wire(from.0, from.1)?));
        }
        let (_, wire) = self.wire.as_mut()?;
        let line = wire.to(edges, to.0, to.1, usize::MAX)?;
        let line = soften_line(&line, STAIRS, LEEWAY);
        Some(simplify_line(&line, LINE).into_iter().map(|p| frame.to_image(p)).collect())
    }

    fn found(&self, mask: &Mask, outlined: bool) -> Option<Answer> {
        if mask.is_empty() {
            return None;
        }
        if !outlined {
            return Some(Answer::Mask(self.frame.lifted(mask)));
        }
        // Outlined in the view, so that a pixel of several does not show as a stair.
        let fewer = [1.0, 2.0, 4.0, 8.0, 16.0].into_iter().find_map(|times| {
            let outlines = mask.outlines(OUTLINE * times, SPECK);
            let largest = outlines.into_iter().max_by(|a, b| a.area().total_cmp(&b.area()))?;
            let count = largest.points.len() + largest.holes.iter().map(Vec::len).sum::<usize>();
            (count <= POLYGON_MAX_POINTS).then_some(largest)
        })?;
        let placed = |ring: Vec<Point>| ring.into_iter().map(|p| self.frame.to_image(p)).collect::<Vec<Point>>();
        let Polygon { points, holes } = fewer;
        Some(Answer::Polygon(Polygon { points: placed(points), holes: holes.into_iter().map(placed).collect() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Ellipse, Shape};
    use proptest::prelude::*;

    /// A disc of one colour on ground of another, both with some grain.
    fn disc(size: Size, (cx, cy): (f64, f64), r: f64, grain: u32) -> (Vec<u8>, Mask) {
        let truth = Mask::of_ellipse(size, Ellipse { cx, cy, rx: r, ry: r, angle: 0.0 });
        let mut bytes = Vec::new();
        for (n, inside) in truth.to_rows().iter().enumerate() {
            let noise = ((n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as u32 % (grain + 1);
            let base: [u32; 3] = if *inside == 1 { [170, 80, 60] } else { [70, 110, 90] };
            bytes.extend(base.map(|channel| (channel + noise) as u8));
            bytes.push(255);
        }
        (bytes, truth)
    }

    fn looking(size: Size, bytes: Vec<u8>) -> Helper {
        let mut helper = Helper::default();
        assert!(helper.look(Frame { image: size, left: 0, top: 0, part: size, view: size }, bytes));
        helper
    }

    fn mask(answer: Answer) -> Mask {
        match answer {
            Answer::Mask(mask) => mask,
            other => panic!("{other:?}"),
        }
    }

    const SIZE: Size = Size { width: 160, height: 120 };

    #[test]
    fn the_wand_takes_exactly_what_is_of_one_colour() {
        let (bytes, truth) = disc(SIZE, (70.0, 60.0), 35.0, 0);
        let mut helper = looking(SIZE, bytes);
        let touch = |at, outlined| Question::Wand { at, tolerance: 0, outlined };
        assert_eq!(mask(helper.answer(touch(Point::new(70.0, 60.0), false))), truth);
        assert_eq!(mask(helper.answer(touch(Point::new(1.0, 1.0), false))), truth.inverted());
        let Answer::Polygon(outline) = helper.answer(touch(Point::new(70.0, 60.0), true)) else { panic!() };
        assert!(Shape::Polygon(outline.clone()).rounded().check(SIZE).is_ok());
        assert!(Mask::of_polygon(SIZE, &outline).iou(&truth) > 0.97);
        assert_eq!(helper.answer(touch(Point::new(-1.0, 1.0), false)), Answer::Nothing);
        assert_eq!(helper.answer(touch(Point::new(f64::NAN, 1.0), false)), Answer::Nothing);
    }

    #[test]
    fn grain_is_within_the_tolerance() {
        let (bytes, truth) = disc(SIZE, (70.0, 60.0), 35.0, 30);
        let mut helper = looking(SIZE, bytes);
        let found = mask(helper.answer(Question::Wand { at: Point::new(70.0, 60.0), tolerance: 32, outlined: false }));
        assert!(found.iou(&truth) > 0.97, "{}", found.iou(&truth));
    }

    #[test]
    fn an_object_is_cut_out_of_its_box() {
        let (bytes, truth) = disc(SIZE, (80.0, 60.0), 35.0, 40);
        let mut helper = looking(SIZE, bytes);
        let area = Rect { x: 38.0, y: 18.0, w: 84.0, h: 84.0 };
        let found = mask(helper.answer(Question::CutOut { area, outlined: false }));
        assert!(found.iou(&truth) > 0.97, "{}", found.iou(&truth));
        let Answer::Polygon(outline) = helper.answer(Question::CutOut { area, outlined: true }) else { panic!() };
        assert!(Mask::of_polygon(SIZE, &outline).iou(&truth) > 0.95);
    }

    #[test]
    fn a_line_keeps_to_the_border_within_a_pixel() {
        let (bytes, _) = disc(SIZE, (80.0, 60.0), 40.0, 0);
        let mut helper = looking(SIZE, bytes);
        // Clicked two pixels off.
        let (from, to) = (Point::new(38.0, 60.5), Point::new(80.5, 22.0));
        let Answer::Line(line) = helper.answer(Question::Line { from, to, snap: 4.0 }) else { panic!() };
        for (a, b) in line.iter().zip(line.iter().skip(1)) {
            for share in [0.0, 0.3, 0.6, 1.0] {
                let off = a.toward(*b, share).distance(Point::new(80.0, 60.0)) - 40.0;
                assert!(off.abs() <= 1.5, "{off}");
            }
        }
        let Answer::Line(again) = helper.answer(Question::Line { from: to, to: from, snap: 4.0 }) else { panic!() };
        assert_eq!((again.first(), again.last()), (line.last(), line.first()), "one click, one place");
    }

    #[test]
    fn what_is_seen_small_is_answered_in_pixels_of_the_image() {
        let image = Size::new(4_000, 3_000);
        let frame = Frame::of(image, Rect { x: 500.0, y: 300.0, w: 2_000.0, h: 1_500.0 }, 1.0).unwrap();
        assert!(frame.view.pixels() <= VIEW_PIXELS && frame.view.pixels() > VIEW_PIXELS * 9 / 10, "{frame:?}");
        assert_eq!((frame.left, frame.top, frame.part), (300, 100, Size::new(2_400, 1_900)));
        let (across, down) = frame.scale();
        let (cx, cy) = ((1_500.0 - 300.0) * across, (1_000.0 - 100.0) * down);
        let (bytes, _) = disc(frame.view, (cx, cy), 400.0 * across, 0);
        let mut helper = Helper::default();
        assert!(helper.look(frame, bytes));
        let truth = Mask::of_ellipse(image, Ellipse { cx: 1_500.0, cy: 1_000.0, rx: 400.0, ry: 400.0, angle: 0.0 });
        let at = Point::new(1_400.0, 1_000.0);
        let found = mask(helper.answer(Question::Wand { at, tolerance: 0, outlined: false }));
        assert!(found.iou(&truth) > 0.99, "{}", found.iou(&truth));
        let Answer::Polygon(outline) = helper.answer(Question::Wand { at, tolerance: 0, outlined: true }) else {
            panic!()
        };
        assert!(Mask::of_polygon(image, &outline).iou(&truth) > 0.99);
    }

    #[test]
    fn a_small_shift_needs_no_other_look_and_a_closer_one_does() {
        let image = Size::new(8_000, 6_000);
        let frame = |seen| Frame::of(image, seen, 1.0).unwrap();
        let first = Rect { x: 2_000.0, y: 2_000.0, w: 3_000.0, h: 2_000.0 };
        let had = frame(first);
        let (shifted, closer) = (first.moved(100.0, -50.0), Rect { x: 3_000.0, y: 2_500.0, w: 900.0, h: 600.0 });
        assert!(had.serves(&frame(first), first) && had.serves(&frame(shifted), shifted));
        assert!(!had.serves(&frame(closer), closer) && !had.serves(&frame(first), first.moved(900.0, 0.0)));
        let small = Frame::of(Size::new(800, 600), Rect { x: 10.0, y: 10.0, w: 30.0, h: 30.0 }, 1.0).unwrap();
        assert_eq!((small.part, small.view), (Size::new(800, 600), Size::new(800, 600)), "whole where it fits");
        let inside = Frame::inside(image, Rect { x: 10.5, y: -3.0, w: 30.0, h: 9.0 }, 4.0).unwrap();
        assert_eq!(inside.area(), Rect { x: 11.0, y: 0.0, w: 29.0, h: 6.0 });
        assert!(inside.view == inside.part && inside.serves(&inside, inside.area()));
        assert_eq!(Frame::inside(image, Rect { x: 10.2, y: 0.0, w: 0.5, h: 9.0 }, 1.0), None);
        assert_eq!(Frame::of(image, Rect { x: 9_000.0, y: 0.0, w: 9.0, h: 9.0 }, 1.0), None);
    }

    #[test]
    fn hostile_views_and_questions_get_no_answer() {
        let mut helper = Helper::default();
        let question = Question::Wand { at: Point::new(1.0, 1.0), tolerance: 9, outlined: false };
        assert_eq!(helper.answer(question), Answer::Nothing);
        let frame = Frame { image: SIZE, left: 0, top: 0, part: SIZE, view: SIZE };
        for bad in [
            Frame { left: 1, ..frame },
            Frame { top: u32::MAX, ..frame },
            Frame { view: Size::new(0, 120), ..frame },
            Frame { view: Size::new(320, 120), ..frame },
            Frame { image: Size::new(u32::MAX, u32::MAX), ..frame },
        ] {
            assert!(!helper.look(bad, vec![0; 160 * 120 * 4]), "{bad:?}");
        }
        assert!(!helper.look(frame, vec![0; 9]));
        assert!(helper.look(frame, vec![0; 160 * 120 * 4]));
        for area in [Rect { x: f64::NAN, y: 0.0, w: 9.0, h: 9.0 }, Rect { x: 0.0, y: 0.0, w: f64::INFINITY, h: 9.0 }] {
            assert_eq!(helper.answer(Question::CutOut { area, outlined: true }), Answer::Nothing);
        }
        let far = Question::Line { from: Point::new(1.0, 1.0), to: Point::new(1e300, 2.0), snap: f64::NAN };
        assert_eq!(helper.answer(far), Answer::Nothing);
    }

    #[test]
    fn words_travel_as_json() {
        let question = Question::CutOut { area: Rect { x: 1.0, y: 2.0, w: 3.0, h: 4.5 }, outlined: true };
        let text = serde_json::to_string(&question).unwrap();
        assert_eq!(serde_json::from_str::<Question>(&text).unwrap(), question);
        for answer in [
            Answer::Nothing,
            Answer::Line(vec![Point::new(1.5, 2.0)]),
            Answer::Mask(Mask::full(Size::new(3, 2))),
            Answer::Polygon(Polygon::new(vec![Point::new(0.0, 0.0), Point::new(9.0, 0.0), Point::new(0.0, 9.0)])),
        ] {
            let text = serde_json::to_string(&answer).unwrap();
            assert_eq!(serde_json::from_str::<Answer>(&text).unwrap(), answer);
        }
    }

    proptest! {
        #[test]
        fn a_lifted_mask_has_the_pixels_whose_middles_are_in(
            width in 1..40_u32, height in 1..40_u32, (across, down) in (1..40_u32, 1..40_u32),
            (left, top) in (0..9_u32, 0..9_u32), seed in any::<u64>(),
        ) {
            let (view, part) = (Size::new(across.min(width), down.min(height)), Size::new(width, height));
            let image = Size::new(width + left + 3, height + top + 2);
            let frame = Frame { image, left, top, part, view };
            prop_assert!(frame.is_sound());
            let rows: Vec<u8> = (0..view.pixels()).map(|n| (seed.rotate_left((n * 7 % 64) as u32) & 1) as u8).collect();
            let mask = Mask::from_rows(view, &rows).unwrap();
            let lifted = frame.lifted(&mask);
            for (x, y) in (0..image.width).flat_map(|x| (0..image.height).map(move |y| (x, y))) {
                let middle = Point::new(f64::from(x) + 0.5, f64::from(y) + 0.5);
                // Middles on a border between pixels of the view are told by whole numbers, not by fractions.
                let p = frame.to_view(middle);
                if (p.x - p.x.round()).abs() < 1e-9 || (p.y - p.y.round()).abs() < 1e-9 { continue; }
                let within = frame.pixel(middle).is_some_and(|(x, y)| mask.has(x, y));
                prop_assert_eq!(lifted.has(x, y), within, "{} {}", x, y);
            }
        }
    }
}
