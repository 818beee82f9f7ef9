//! Drawing, moving and resizing a box, in pixels of the image. Everything stays within the image.

use crate::workbench::viewport::Size;
use domain::geometry::{Point, Rect};

/// One of the eight handles: which borders it moves, as `(-1 left | 0 | 1 right, -1 top | 0 | 1 bottom)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handle(pub i8, pub i8);

/// All handles, corners first: where they lie on each other in a tiny box, a corner is what one wants.
pub const HANDLES: [Handle; 8] = [
    Handle(-1, -1),
    Handle(1, -1),
    Handle(1, 1),
    Handle(-1, 1),
    Handle(0, -1),
    Handle(1, 0),
    Handle(0, 1),
    Handle(-1, 0),
];

/// The smallest box that is kept, in pixels of the image.
pub const SIDE_MIN: f64 = 1.0;

/// A gesture with the pointer held down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Gesture {
    /// Draws a new box from a corner.
    Draw {
        /// Where it began.
        from: Point,
        /// Where the pointer is.
        to: Point,
    },
    /// Moves a box.
    Move {
        /// The box at the start.
        start: Rect,
        /// Where it was taken.
        grip: Point,
        /// Where the pointer is.
        to: Point,
    },
    /// Moves one or two borders of a box.
    Resize {
        /// The box at the start.
        start: Rect,
        /// By which handle.
        handle: Handle,
        /// Where the pointer is.
        to: Point,
    },
}

impl Gesture {
    /// The pointer moved.
    pub fn to(&mut self, p: Point) {
        match self {
            Gesture::Draw { to, .. } | Gesture::Move { to, .. } | Gesture::Resize { to, .. } => *to = p,
        }
    }

    /// The box as it would be if the pointer were let go now.
    pub fn rect(&self, image: Size) -> Rect {
        match *self {
            Gesture::Draw { from, to } => Rect::between(from.clamp(image.w, image.h), to.clamp(image.w, image.h)),
            Gesture::Move { start, grip, to } => shifted(start, to.x - grip.x, to.y - grip.y, image),
            Gesture::Resize { start, handle, to } => resized(start, handle, to, image),
        }
    }
}

/// Where a handle lies.
pub fn handle_point(rect: Rect, handle: Handle) -> Point {
    let at = |side: i8, from: f64, extent: f64| from + extent * f64::from(side + 1) / 2.0;
    Point::new(at(handle.0, rect.x, rect.w), at(handle.1, rect.y, rect.h))
}

/// The handle within reach of the point.
pub fn handle_at(rect: Rect, p: Point, reach: f64) -> Option<Handle> {
    let distance = |handle: &Handle| handle_point(rect, *handle).distance(p);
    HANDLES.into_iter().find(|handle| distance(handle) <= reach)
}

/// The box moved, stopped at the image's borders.
pub fn shifted(rect: Rect, dx: f64, dy: f64, image: Size) -> Rect {
    let stop = |at: f64, by: f64, extent: f64, image: f64| (at + by).clamp(0.0, (image - extent).max(0.0));
    Rect { x: stop(rect.x, dx, rect.w, image.w), y: stop(rect.y, dy, rect.h, image.h), ..rect }
}

/// The box with the handle's borders at the point. Pulled over the other border it turns over.
pub fn resized(rect: Rect, handle: Handle, to: Point, image: Size) -> Rect {
    let to = to.clamp(image.w, image.h);
    let (mut a, mut b) = (Point::new(rect.x, rect.y), Point::new(rect.right(), rect.bottom()));
    match handle.0 {
        -1 => a.x = to.x,
        1 => b.x = to.x,
        _ => {}
    }
    match handle.1 {
        -1 => a.y = to.y,
        1 => b.y = to.y,
        _ => {}
    }
    at_least(Rect::between(a, b), image)
}

/// The box with one pair of its borders moved by keys: `handle` says which, the distance how far.
pub fn grown(rect: Rect, handle: Handle, dx: f64, dy: f64, image: Size) -> Rect {
    let at = handle_point(rect, handle);
    // A border moved by keys stops before the other one: turning over would swap the keys' meaning.
    let limit = |side: i8, at: f64, by: f64, low: f64, high: f64| match side {
        -1 => (at + by).min(high - SIDE_MIN),
        1 => (at + by).max(low + SIDE_MIN),
        _ => at,
    };
    let x = limit(handle.0, at.x, dx, rect.x, rect.right());
    let y = limit(handle.1, at.y, dy, rect.y, rect.bottom());
    resized(rect, handle, Point::new(x, y), image)
}

/// A box put down by a key: a quarter of what is seen, around the point.
pub fn placed(centre: Point, seen: Size, image: Size) -> Rect {
    let w = (seen.w / 4.0).clamp(SIDE_MIN, image.w);
    let h = (seen.h / 4.0).clamp(SIDE_MIN, image.h);
    shifted(Rect { x: centre.x - w / 2.0, y: centre.y - h / 2.0, w, h }, 0.0, 0.0, image)
}

fn at_least(rect: Rect, image: Size) -> Rect {
    let w = rect.w.max(SIDE_MIN.min(image.w));
    let h = rect.h.max(SIDE_MIN.min(image.h));
    shifted(Rect { w, h, ..rect }, 0.0, 0.0, image)
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
        let mut draw = Gesture::Draw { from: Point::new(40.0, 40.0), to: Point::new(40.0, 40.0) };
        draw.to(Point::new(10.0, 20.0));
        assert_eq!(draw.rect(IMAGE), rect(10.0, 20.0, 30.0, 20.0));
        draw.to(Point::new(500.0, -7.0));
        assert_eq!(draw.rect(IMAGE), rect(40.0, 0.0, 60.0, 40.0));
    }

    #[test]
    fn moves_and_keeps_its_size_at_the_border() {
        let grip = Point::new(15.0, 15.0);
        let gesture = Gesture::Move { start: rect(10.0, 10.0, 20.0, 20.0), grip, to: Point::new(500.0, 20.0) };
        assert_eq!(gesture.rect(IMAGE), rect(80.0, 15.0, 20.0, 20.0));
    }

    #[test]
    fn each_handle_moves_its_borders_and_turns_over() {
        let start = rect(10.0, 10.0, 20.0, 20.0);
        assert_eq!(resized(start, Handle(1, 1), Point::new(50.0, 40.0), IMAGE), rect(10.0, 10.0, 40.0, 30.0));
        assert_eq!(resized(start, Handle(-1, 0), Point::new(5.0, 99.0), IMAGE), rect(5.0, 10.0, 25.0, 20.0));
        assert_eq!(resized(start, Handle(0, -1), Point::new(0.0, 40.0), IMAGE), rect(10.0, 30.0, 20.0, 10.0));
    }

    #[test]
    fn keys_move_a_border_but_never_over_the_other() {
        let start = rect(10.0, 10.0, 5.0, 5.0);
        assert_eq!(grown(start, Handle(1, 0), 1.0, 0.0, IMAGE), rect(10.0, 10.0, 6.0, 5.0));
        assert_eq!(grown(start, Handle(1, 0), -10.0, 0.0, IMAGE), rect(10.0, 10.0, 1.0, 5.0));
        assert_eq!(grown(start, Handle(-1, 0), 10.0, 0.0, IMAGE), rect(14.0, 10.0, 1.0, 5.0));
        assert_eq!(grown(start, Handle(-1, 0), -20.0, 0.0, IMAGE), rect(0.0, 10.0, 15.0, 5.0));
    }

    #[test]
    fn finds_the_handle_under_the_pointer() {
        let start = rect(10.0, 10.0, 20.0, 20.0);
        assert_eq!(handle_at(start, Point::new(31.0, 29.0), 2.0), Some(Handle(1, 1)));
        assert_eq!(handle_at(start, Point::new(20.0, 9.0), 2.0), Some(Handle(0, -1)));
        assert_eq!(handle_at(start, Point::new(20.0, 20.0), 2.0), None);
    }

    proptest! {
        #[test]
        fn whatever_is_done_the_box_stays_within_the_image(
            x in -50.0..150.0_f64, y in -50.0..150.0_f64, side in 0..8_usize, by in -200.0..200.0_f64,
        ) {
            let start = rect(10.0, 10.0, 20.0, 20.0);
            let p = Point::new(x, y);
            let handle = HANDLES[side];
            for rect in [
                Gesture::Draw { from: p, to: Point::new(by, by) }.rect(IMAGE),
                shifted(start, x, by, IMAGE),
                resized(start, handle, p, IMAGE),
                grown(start, handle, by, x, IMAGE),
                placed(p, Size { w: by.abs(), h: 30.0 }, IMAGE),
            ] {
                prop_assert!(rect.x >= 0.0 && rect.y >= 0.0 && rect.w >= 0.0 && rect.h >= 0.0, "{rect:?}");
                prop_assert!(rect.right() <= IMAGE.w + 1e-9 && rect.bottom() <= IMAGE.h + 1e-9, "{rect:?}");
            }
        }
    }
}
