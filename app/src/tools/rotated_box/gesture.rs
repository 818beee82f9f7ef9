//! Drawing a rotated box: first one of its sides (a drag, or two clicks), then how far it reaches from there (a click). In
//! pixels of the image.

use crate::tools::bbox::gesture::SIDE_MIN;
use crate::workbench::viewport::Size;
use domain::geometry::{Point, RotatedBox};

/// A rotated box being drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Side {
    from: Point,
    to: Option<Point>,
    pointer: Point,
}

impl Side {
    /// Begins at one end of the side.
    pub fn new(from: Point, image: Size) -> Self {
        let from = from.clamp(image.w, image.h);
        Self { from, to: None, pointer: from }
    }

    /// The pointer moved.
    pub fn hover(&mut self, p: Point, image: Size) {
        self.pointer = p.clamp(image.w, image.h);
    }

    /// The pointer was let go: what was a drag has drawn the side.
    pub fn up(&mut self, p: Point, reach: f64, image: Size) {
        self.hover(p, image);
        if self.to.is_none() && self.from.distance(self.pointer) > reach {
            self.to = Some(self.pointer);
        }
    }

    /// The next click: the other end of the side, and then how far the box reaches, which completes it.
    pub fn click(&mut self, p: Point, reach: f64, image: Size) -> Option<RotatedBox> {
        self.hover(p, image);
        match self.to {
            // The second click of a double click lies where the first one was.
            None if self.from.distance(self.pointer) > reach / 4.0 => {
                self.to = Some(self.pointer);
                None
            }
            None => None,
            Some(_) => self.done(),
        }
    }

    /// The box, once it has width and height.
    pub fn done(&self) -> Option<RotatedBox> {
        self.turned().filter(|turned| turned.w >= SIDE_MIN && turned.h >= SIDE_MIN)
    }

    /// The box as it would be now; nothing before its side is drawn.
    pub fn turned(&self) -> Option<RotatedBox> {
        Some(RotatedBox::from_side(self.from, self.to?, self.pointer))
    }

    /// The side, as far as it is drawn.
    pub fn side(&self) -> [Point; 2] {
        [self.from, self.to.unwrap_or(self.pointer)]
    }

    /// Takes back the last click. False when none is left.
    pub fn back(&mut self) -> bool {
        self.to.take().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IMAGE: Size = Size { w: 200.0, h: 100.0 };

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9, "{a} {b}");
    }

    #[test]
    fn a_drag_and_a_click() {
        let mut side = Side::new(Point::new(20.0, 20.0), IMAGE);
        side.up(Point::new(60.0, 60.0), 4.0, IMAGE);
        let turned = side.click(Point::new(30.0, 70.0), 4.0, IMAGE).unwrap();
        close(turned.angle, 45.0);
        close(turned.w, 40.0 * 2.0_f64.sqrt());
        close(turned.h, 20.0 * 2.0_f64.sqrt());
    }

    #[test]
    fn three_clicks_and_one_taken_back() {
        let mut side = Side::new(Point::new(20.0, 20.0), IMAGE);
        side.up(Point::new(20.0, 20.0), 4.0, IMAGE);
        assert_eq!(side.click(Point::new(20.2, 20.0), 4.0, IMAGE), None, "a double click");
        assert_eq!(side.click(Point::new(90.0, 20.0), 4.0, IMAGE), None);
        assert!(side.back());
        assert!(!side.back());
        assert_eq!(side.click(Point::new(80.0, 20.0), 4.0, IMAGE), None);
        assert_eq!(side.click(Point::new(50.0, 20.0), 4.0, IMAGE), None, "no height");
        let turned = side.click(Point::new(50.0, 50.0), 4.0, IMAGE).unwrap();
        close(turned.w, 60.0);
        close(turned.h, 30.0);
        close(turned.angle, 0.0);
    }
}
