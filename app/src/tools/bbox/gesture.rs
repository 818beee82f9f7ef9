//! Drawing a box: by dragging from corner to corner, or by clicking on its four extremes. In pixels of the image;
//! everything stays within it. How a box that is there is moved and resized: [`crate::tools::grip`].

use crate::workbench::viewport::Size;
use domain::geometry::{Handle, Point, Rect};

/// The smallest box that is kept, in pixels of the image.
pub const SIDE_MIN: f64 = 1.0;

/// A drag from corner to corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Corners {
    from: Point,
    to: Point,
    /// Where the pointer was pressed: where the corner sticks to something, that is not the corner.
    pressed: Point,
}

impl Corners {
    /// Begins at a corner.
    pub fn new(from: Point) -> Self {
        Self { from, to: from, pressed: from }
    }

    /// The same, with the pointer pressed beside the corner.
    pub fn pressed_at(self, pressed: Point) -> Self {
        Self { pressed, ..self }
    }

    /// Where the pointer was pressed.
    pub fn pressed(self) -> Point {
        self.pressed
    }

    /// The pointer moved.
    pub fn to(&mut self, p: Point) {
        self.to = p;
    }

    /// The box as it would be if the pointer were let go now.
    pub fn rect(self, image: Size) -> Rect {
        Rect::between(self.from.clamp(image.w, image.h), self.to.clamp(image.w, image.h))
    }
}

/// **Extreme clicking** (Papadopoulos and others 2017): four clicks, on the object's top, left, bottom and right, in
/// whichever order.
#[derive(Debug, Clone, PartialEq)]
pub struct Extremes {
    clicks: Vec<Point>,
    pointer: Point,
}

impl Extremes {
    /// Begins with the first click.
    pub fn new(first: Point, image: Size) -> Self {
        let first = first.clamp(image.w, image.h);
        Self { clicks: vec![first], pointer: first }
    }

    /// The clicks so far.
    pub fn clicks(&self) -> &[Point] {
        &self.clicks
    }

    /// The pointer moved.
    pub fn hover(&mut self, p: Point, image: Size) {
        self.pointer = p.clamp(image.w, image.h);
    }

    /// One more click; the box, when it was the fourth. Four clicks without width or height begin anew.
    pub fn click(&mut self, p: Point, image: Size) -> Option<Rect> {
        self.hover(p, image);
        self.clicks.push(self.pointer);
        let clicks: [Point; 4] = self.clicks.as_slice().try_into().ok()?;
        self.clicks.clear();
        Some(Rect::from_extremes(clicks)).filter(|rect| rect.w >= SIDE_MIN && rect.h >= SIDE_MIN)
    }

    /// Takes back the last click. False when none is left.
    pub fn back(&mut self) -> bool {
        self.clicks.pop();
        !self.clicks.is_empty()
    }

    /// The box around the clicks and the pointer.
    pub fn rect(&self) -> Rect {
        let around: Vec<Point> = self.clicks.iter().copied().chain([self.pointer]).collect();
        Rect::around(&around).unwrap_or_default()
    }
}

/// The box with one of its sides moved by keys: `handle` says which, the distance how far.
pub fn grown(rect: Rect, handle: Handle, dx: f64, dy: f64, image: Size) -> Rect {
    let (sx, sy) = handle.signs();
    let centre = rect.centre();
    // A side moved by keys stops before the other one: turning over would swap the keys' meaning.
    let limit = |side: f64, at: f64, by: f64, low: f64, high: f64| {
        if side < 0.0 {
            (at + by).min(high - SIDE_MIN)
        } else if side > 0.0 {
            (at + by).max(low + SIDE_MIN)
        } else {
            at
        }
    };
    let x = limit(sx, centre.x + sx * rect.w / 2.0, dx, rect.x, rect.right());
    let y = limit(sy, centre.y + sy * rect.h / 2.0, dy, rect.y, rect.bottom());
    at_least(rect.resized(handle, Point::new(x, y).clamp(image.w, image.h), false), image)
}

/// A box put down by a key: a quarter of what is seen, around the point.
pub fn placed(centre: Point, seen: Size, image: Size) -> Rect {
    let w = (seen.w / 4.0).clamp(SIDE_MIN, image.w);
    let h = (seen.h / 4.0).clamp(SIDE_MIN, image.h);
    shifted(Rect { x: centre.x - w / 2.0, y: centre.y - h / 2.0, w, h }, image)
}

/// The box with sides of at least [`SIDE_MIN`], within the image.
pub fn at_least(rect: Rect, image: Size) -> Rect {
    let w = rect.w.max(SIDE_MIN.min(image.w));
    let h = rect.h.max(SIDE_MIN.min(image.h));
    shifted(Rect { w, h, ..rect }, image)
}

fn shifted(rect: Rect, image: Size) -> Rect {
    let stop = |at: f64, extent: f64, image: f64| at.clamp(0.0, (image - extent).max(0.0));
    Rect { x: stop(rect.x, rect.w, image.w), y: stop(rect.y, rect.h, image.h), ..rect }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const IMAGE: Size = Size { w: 100.0, h: 80.0 };

    fn rect(x: f64, y: f64, w: f64, h: f64) -> Rect {
        Rect { x, y, w, h }
    }

    #[test]
    fn draws_whichever_way_and_stops_at_the_border() {
        let mut draw = Corners::new(Point::new(40.0, 40.0));
        draw.to(Point::new(10.0, 20.0));
        assert_eq!(draw.rect(IMAGE), rect(10.0, 20.0, 30.0, 20.0));
        draw.to(Point::new(500.0, -7.0));
        assert_eq!(draw.rect(IMAGE), rect(40.0, 0.0, 60.0, 40.0));
    }

    #[test]
    fn four_clicks_make_a_box() {
        let mut extremes = Extremes::new(Point::new(30.0, 10.0), IMAGE);
        assert_eq!(extremes.click(Point::new(20.0, 30.0), IMAGE), None);
        extremes.hover(Point::new(25.0, 60.0), IMAGE);
        assert_eq!(extremes.rect(), rect(20.0, 10.0, 10.0, 50.0));
        assert!(extremes.back(), "the first click is left");
        assert_eq!(extremes.click(Point::new(20.0, 30.0), IMAGE), None);
        assert_eq!(extremes.click(Point::new(35.0, 500.0), IMAGE), None);
        assert_eq!(extremes.click(Point::new(60.0, 40.0), IMAGE), Some(rect(20.0, 10.0, 40.0, 70.0)));
    }

    #[test]
    fn four_clicks_on_one_spot_are_no_box() {
        let spot = Point::new(30.0, 10.0);
        let mut extremes = Extremes::new(spot, IMAGE);
        assert_eq!([(); 3].map(|()| extremes.click(spot, IMAGE)), [None; 3]);
        assert!(extremes.clicks().is_empty());
    }

    #[test]
    fn keys_move_a_border_but_never_over_the_other() {
        let start = rect(10.0, 10.0, 5.0, 5.0);
        assert_eq!(grown(start, Handle::Right, 1.0, 0.0, IMAGE), rect(10.0, 10.0, 6.0, 5.0));
        assert_eq!(grown(start, Handle::Right, -10.0, 0.0, IMAGE), rect(10.0, 10.0, 1.0, 5.0));
        assert_eq!(grown(start, Handle::Left, 10.0, 0.0, IMAGE), rect(14.0, 10.0, 1.0, 5.0));
        assert_eq!(grown(start, Handle::Left, -20.0, 0.0, IMAGE), rect(0.0, 10.0, 15.0, 5.0));
    }

    proptest! {
        #[test]
        fn whatever_is_done_the_box_stays_within_the_image(
            x in -50.0..150.0_f64, y in -50.0..150.0_f64, by in -200.0..200.0_f64,
        ) {
            let start = rect(10.0, 10.0, 20.0, 20.0);
            let mut draw = Corners::new(Point::new(x, y));
            draw.to(Point::new(by, by));
            let sides = [Handle::Left, Handle::Right].map(|side| grown(start, side, by, 0.0, IMAGE));
            let placed = placed(Point::new(x, y), Size { w: by.abs(), h: 30.0 }, IMAGE);
            for rect in [draw.rect(IMAGE), placed].into_iter().chain(sides) {
                prop_assert!(rect.x >= 0.0 && rect.y >= 0.0 && rect.w >= 0.0 && rect.h >= 0.0, "{rect:?}");
                prop_assert!(rect.right() <= IMAGE.w + 1e-9 && rect.bottom() <= IMAGE.h + 1e-9, "{rect:?}");
            }
        }
    }
}
