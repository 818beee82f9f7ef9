//! The upright rectangle: the box of the schema, and the bounds of every other shape.

use super::{Handle, Point, Size, point::round};
use serde::{Deserialize, Serialize};

/// An upright rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Rect {
    /// Left.
    pub x: f64,
    /// Top.
    pub y: f64,
    /// Width, not negative.
    pub w: f64,
    /// Height, not negative.
    pub h: f64,
}

impl Rect {
    /// The rectangle between two corners, whichever they are.
    pub fn between(a: Point, b: Point) -> Rect {
        Rect { x: a.x.min(b.x), y: a.y.min(b.y), w: (a.x - b.x).abs(), h: (a.y - b.y).abs() }
    }

    /// The whole image.
    pub fn whole(size: Size) -> Rect {
        Rect { x: 0.0, y: 0.0, w: f64::from(size.width), h: f64::from(size.height) }
    }

    /// The box of **extreme clicking** (Papadopoulos and others 2017): the smallest around the points that the person
    /// clicked on the object's top, left, bottom and right border. In whichever order they came: sorted out by place.
    pub fn from_extremes(clicks: [Point; 4]) -> Rect {
        let [first, others @ ..] = clicks;
        others.into_iter().fold(Rect { x: first.x, y: first.y, w: 0.0, h: 0.0 }, |rect, p| rect.with(p))
    }

    /// Right edge.
    pub fn right(self) -> f64 {
        self.x + self.w
    }

    /// Bottom edge.
    pub fn bottom(self) -> f64 {
        self.y + self.h
    }

    /// Area in square pixels.
    pub fn area(self) -> f64 {
        self.w * self.h
    }

    /// The middle.
    pub fn centre(self) -> Point {
        Point::new(self.x + self.w / 2.0, self.y + self.h / 2.0)
    }

    /// Top left, top right, bottom right, bottom left.
    pub fn corners(self) -> [Point; 4] {
        let (right, bottom) = (self.right(), self.bottom());
        [Point::new(self.x, self.y), Point::new(right, self.y), Point::new(right, bottom), Point::new(self.x, bottom)]
    }

    /// Does it hold the point, border included?
    pub fn contains(self, p: Point) -> bool {
        p.x >= self.x && p.x <= self.right() && p.y >= self.y && p.y <= self.bottom()
    }

    /// Do the two share a point, borders included?
    pub fn touches(self, other: Rect) -> bool {
        self.x <= other.right() && other.x <= self.right() && self.y <= other.bottom() && other.y <= self.bottom()
    }

    /// What both cover; nothing where that has no area.
    pub fn shared(self, other: Rect) -> Option<Rect> {
        let (left, top) = (self.x.max(other.x), self.y.max(other.y));
        let (right, bottom) = (self.right().min(other.right()), self.bottom().min(other.bottom()));
        (right > left && bottom > top).then_some(Rect { x: left, y: top, w: right - left, h: bottom - top })
    }

    /// Intersection over union; 0 where both are empty.
    pub fn iou(self, other: Rect) -> f64 {
        let shared = self.shared(other).map_or(0.0, Rect::area);
        let union = self.area() + other.area() - shared;
        if union > 0.0 { shared / union } else { 0.0 }
    }

    /// The smallest rectangle around the points.
    pub fn around(points: &[Point]) -> Option<Rect> {
        let first = points.first()?;
        let (mut left, mut top, mut right, mut bottom) = (first.x, first.y, first.x, first.y);
        for p in points {
            left = left.min(p.x);
            top = top.min(p.y);
            right = right.max(p.x);
            bottom = bottom.max(p.y);
        }
        Some(Rect { x: left, y: top, w: right - left, h: bottom - top })
    }

    /// The smallest rectangle around this one and a point.
    pub fn with(self, p: Point) -> Rect {
        let (left, top) = (self.x.min(p.x), self.y.min(p.y));
        Rect { x: left, y: top, w: self.right().max(p.x) - left, h: self.bottom().max(p.y) - top }
    }

    /// The smallest rectangle around both.
    pub fn joined(self, other: Rect) -> Rect {
        self.with(Point::new(other.x, other.y)).with(Point::new(other.right(), other.bottom()))
    }

    /// Wider by so much on every side.
    pub fn grown(self, by: f64) -> Rect {
        Rect { x: self.x - by, y: self.y - by, w: self.w + 2.0 * by, h: self.h + 2.0 * by }
    }

    /// The rectangle moved.
    pub fn moved(self, dx: f64, dy: f64) -> Rect {
        Rect { x: self.x + dx, y: self.y + dy, ..self }
    }

    /// The part of a move that keeps it within the image; 0 along a side on which it does not fit at all.
    pub fn stopped(self, dx: f64, dy: f64, size: Size) -> (f64, f64) {
        let along = |from: f64, length: f64, room: f64, by: f64| {
            let (least, most) = (-from, room - from - length);
            if least <= most { by.clamp(least, most) } else { 0.0 }
        };
        (along(self.x, self.w, f64::from(size.width), dx), along(self.y, self.h, f64::from(size.height), dy))
    }

    /// The rectangle with one handle dragged to a point; the opposite side or corner stays. Dragged across, it turns over.
    /// With `keep_ratio` a corner keeps width to height, the larger of the two drags leading.
    pub fn resized(self, handle: Handle, to: Point, keep_ratio: bool) -> Rect {
        let (sx, sy) = handle.signs();
        let centre = self.centre();
        let anchor = Point::new(centre.x - sx * self.w / 2.0, centre.y - sy * self.h / 2.0);
        let mut dx = if sx == 0.0 { self.w } else { (to.x - anchor.x) * sx };
        let mut dy = if sy == 0.0 { self.h } else { (to.y - anchor.y) * sy };
        if keep_ratio && sx != 0.0 && sy != 0.0 && self.w > 0.0 && self.h > 0.0 {
            let scale = (dx / self.w).abs().max((dy / self.h).abs());
            dx = (self.w * scale).copysign(dx);
            dy = (self.h * scale).copysign(dy);
        }
        let left = if sx == 0.0 { self.x } else { anchor.x };
        let top = if sy == 0.0 { self.y } else { anchor.y };
        let (sx, sy) = (if sx == 0.0 { 1.0 } else { sx }, if sy == 0.0 { 1.0 } else { sy });
        Rect::between(Point::new(left, top), Point::new(left + dx * sx, top + dy * sy))
    }

    /// The same borders on the grid of hundredths: a box drawn to the image's edge ends exactly there.
    pub fn rounded(self) -> Rect {
        let (x, y) = (round(self.x), round(self.y));
        Rect { x, y, w: round(round(self.right()) - x), h: round(round(self.bottom()) - y) }
    }

    /// Are all four numbers finite?
    pub fn is_finite(self) -> bool {
        self.x.is_finite() && self.y.is_finite() && self.w.is_finite() && self.h.is_finite()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(x: f64, y: f64, w: f64, h: f64) -> Rect {
        Rect { x, y, w, h }
    }

    #[test]
    fn iou_of_known_boxes() {
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-6, "{a} {b}");
        close(at(0.0, 0.0, 10.0, 10.0).iou(at(5.0, 5.0, 10.0, 10.0)), 1.0 / 7.0);
        close(at(0.0, 0.0, 10.0, 10.0).iou(at(2.0, 0.0, 10.0, 10.0)), 2.0 / 3.0);
        close(at(0.0, 0.0, 1.0, 1.0).iou(at(0.5, 0.0, 1.0, 1.0)), 1.0 / 3.0);
        close(at(0.0, 0.0, 0.0, 0.0).iou(at(0.0, 0.0, 0.0, 0.0)), 0.0);
    }

    #[test]
    fn handles_move_their_own_sides_only() {
        let rect = at(10.0, 20.0, 30.0, 40.0);
        assert_eq!(rect.resized(Handle::Right, Point::new(50.0, 0.0), false), at(10.0, 20.0, 40.0, 40.0));
        assert_eq!(rect.resized(Handle::TopLeft, Point::new(0.0, 0.0), false), at(0.0, 0.0, 40.0, 60.0));
        assert_eq!(rect.resized(Handle::Top, Point::new(0.0, 70.0), false), at(10.0, 60.0, 30.0, 10.0), "turned over");
        assert_eq!(rect.resized(Handle::BottomRight, Point::new(70.0, 0.0), true), at(10.0, -60.0, 60.0, 80.0));
    }

    #[test]
    fn extreme_clicks_come_in_any_order() {
        let clicks = [Point::new(5.0, 1.0), Point::new(2.0, 4.0), Point::new(6.0, 9.0), Point::new(8.0, 3.0)];
        let [a, b, c, d] = clicks;
        assert_eq!(Rect::from_extremes(clicks), at(2.0, 1.0, 6.0, 8.0));
        assert_eq!(Rect::from_extremes([d, c, b, a]), at(2.0, 1.0, 6.0, 8.0));
    }

    proptest! {
        #[test]
        fn a_stopped_move_stays_in_the_image(
            x in 0.0..50.0f64, y in 0.0..40.0f64, w in 0.0..50.0f64, h in 0.0..40.0f64,
            dx in -200.0..200.0f64, dy in -200.0..200.0f64,
        ) {
            let (rect, size) = (at(x, y, w, h), Size::new(100, 80));
            let (dx, dy) = rect.stopped(dx, dy, size);
            let moved = rect.moved(dx, dy);
            prop_assert!(moved.corners().iter().all(|corner| size.holds(*corner, 1e-9)));
        }

        #[test]
        fn iou_is_symmetric_and_within_bounds(
            a in prop::array::uniform4(0.0..100.0f64), b in prop::array::uniform4(0.0..100.0f64),
        ) {
            let (a, b) = (at(a[0], a[1], a[2], a[3]), at(b[0], b[1], b[2], b[3]));
            prop_assert!((a.iou(b) - b.iou(a)).abs() < 1e-12);
            prop_assert!((0.0..=1.0).contains(&a.iou(b)));
            prop_assert!(a.area() == 0.0 || (a.iou(a) - 1.0).abs() < 1e-9);
        }
    }
}
