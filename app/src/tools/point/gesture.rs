//! Drawing a point: it follows the pointer while that is down, so that a finger can put it right before letting go.

use crate::workbench::viewport::Size;
use domain::geometry::Point;

/// A point being set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pin {
    at: Point,
}

impl Pin {
    /// Begins under the pointer.
    pub fn new(p: Point, image: Size) -> Self {
        Self { at: p.clamp(image.w, image.h) }
    }

    /// The pointer moved.
    pub fn to(&mut self, p: Point, image: Size) {
        *self = Self::new(p, image);
    }

    /// Where it would be set now.
    pub fn at(self) -> Point {
        self.at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_follows_the_pointer_and_stays_on_the_image() {
        let image = Size { w: 100.0, h: 80.0 };
        let mut pin = Pin::new(Point::new(5.0, 5.0), image);
        pin.to(Point::new(-3.0, 90.0), image);
        assert_eq!(pin.at(), Point::new(0.0, 80.0));
    }
}
