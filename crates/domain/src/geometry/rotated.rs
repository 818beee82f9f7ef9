//! The rotated box: a rectangle turned about its centre, degrees clockwise.

use super::{
    Handle, Point, Rect, convex,
    point::{round, turn},
};
use serde::{Deserialize, Serialize};

/// A rectangle turned about its centre.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct RotatedBox {
    /// The centre, from the left edge.
    pub cx: f64,
    /// The centre, from the top edge.
    pub cy: f64,
    /// Width along its own upper side.
    pub w: f64,
    /// Height along its own left side.
    pub h: f64,
    /// Degrees clockwise, 0 (included) to 360 (excluded).
    pub angle: f64,
}

impl RotatedBox {
    /// The centre.
    pub fn centre(self) -> Point {
        Point::new(self.cx, self.cy)
    }

    /// Area in square pixels.
    pub fn area(self) -> f64 {
        self.w * self.h
    }

    /// The corners that were top left, top right, bottom right and bottom left before it was turned.
    pub fn corners(self) -> [Point; 4] {
        self.unturned().corners().map(|corner| corner.turned(self.centre(), self.angle))
    }

    /// The same rectangle with angle 0.
    pub fn unturned(self) -> Rect {
        Rect { x: self.cx - self.w / 2.0, y: self.cy - self.h / 2.0, w: self.w, h: self.h }
    }

    /// The smallest upright rectangle around it: `w·|cos| + h·|sin|` wide, `w·|sin| + h·|cos|` high.
    pub fn bounds(self) -> Rect {
        let (sin, cos) = super::point::sin_cos(self.angle);
        let (sin, cos) = (sin.abs(), cos.abs());
        let (w, h) = (self.w * cos + self.h * sin, self.w * sin + self.h * cos);
        Rect { x: self.cx - w / 2.0, y: self.cy - h / 2.0, w, h }
    }

    /// Does it hold the point, border included?
    pub fn contains(self, p: Point) -> bool {
        self.unturned().contains(p.turned(self.centre(), -self.angle))
    }

    /// The box moved.
    pub fn moved(self, dx: f64, dy: f64) -> RotatedBox {
        RotatedBox { cx: self.cx + dx, cy: self.cy + dy, ..self }
    }

    /// The box turned further about its centre.
    pub fn turned(self, degrees: f64) -> RotatedBox {
        RotatedBox { angle: turn(self.angle + degrees), ..self }
    }

    /// The box with one handle dragged; the opposite side or corner stays where it is on the image.
    pub fn resized(self, handle: Handle, to: Point, keep_ratio: bool) -> RotatedBox {
        let own = self.unturned().resized(handle, to.turned(self.centre(), -self.angle), keep_ratio);
        let centre = own.centre().turned(self.centre(), self.angle);
        RotatedBox { cx: centre.x, cy: centre.y, w: own.w, h: own.h, angle: self.angle }
    }

    /// The box of a drawn side and a third point that says how far it reaches: the usual three-click way to draw one.
    pub fn from_side(a: Point, b: Point, reach: Point) -> RotatedBox {
        let width = a.distance(b);
        if width == 0.0 {
            return RotatedBox { cx: a.x, cy: a.y, w: 0.0, h: a.distance(reach), angle: 0.0 };
        }
        let (ux, uy) = ((b.x - a.x) / width, (b.y - a.y) / width);
        let depth = (reach.x - a.x) * -uy + (reach.y - a.y) * ux;
        let middle = a.toward(b, 0.5).moved(-uy * depth / 2.0, ux * depth / 2.0);
        let angle = turn(uy.atan2(ux).to_degrees());
        RotatedBox { cx: middle.x, cy: middle.y, w: width, h: depth.abs(), angle }
    }

    /// The box of least area around the points: one of its sides lies on a side of their convex hull (Freeman and
    /// Shapira 1975). Nothing for no points.
    pub fn around(points: &[Point]) -> Option<RotatedBox> {
        let hull = convex::hull(points);
        let first = *hull.first()?;
        let mut best: Option<(f64, RotatedBox)> = None;
        for (n, a) in hull.iter().enumerate() {
            let b = hull.get(n + 1).copied().unwrap_or(first);
            let angle = (b.y - a.y).atan2(b.x - a.x).to_degrees();
            let turned: Vec<Point> = hull.iter().map(|p| p.turned(first, -angle)).collect();
            let Some(rect) = Rect::around(&turned) else { continue };
            if best.as_ref().is_none_or(|(area, _)| rect.area() < *area) {
                let centre = rect.centre().turned(first, angle);
                let found = RotatedBox { cx: centre.x, cy: centre.y, w: rect.w, h: rect.h, angle: turn(angle) };
                best = Some((rect.area(), found));
            }
        }
        best.map(|(_, found)| found)
    }

    /// Centre and sides to a hundredth of a pixel, the angle to a thousandth of a degree.
    pub fn rounded(self) -> RotatedBox {
        let angle = turn((self.angle * 1_000.0).round() / 1_000.0);
        RotatedBox { cx: round(self.cx), cy: round(self.cy), w: round(self.w), h: round(self.h), angle }
    }

    /// Are all five numbers finite?
    pub fn is_finite(self) -> bool {
        self.unturned().is_finite() && self.angle.is_finite()
    }
}

impl From<Rect> for RotatedBox {
    fn from(rect: Rect) -> Self {
        let centre = rect.centre();
        Self { cx: centre.x, cy: centre.y, w: rect.w, h: rect.h, angle: 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::polygon_area;
    use proptest::prelude::*;

    fn any_box() -> impl Strategy<Value = RotatedBox> {
        (10.0..90.0f64, 10.0..90.0f64, 1.0..50.0f64, 1.0..50.0f64, 0.0..360.0f64)
            .prop_map(|(cx, cy, w, h, angle)| RotatedBox { cx, cy, w, h, angle })
    }

    #[test]
    fn a_known_box() {
        let tilted = RotatedBox { cx: 10.0, cy: 10.0, w: 8.0, h: 2.0, angle: 90.0 };
        assert_eq!(tilted.bounds(), Rect { x: 9.0, y: 6.0, w: 2.0, h: 8.0 });
        let [first, ..] = tilted.corners();
        assert_eq!(first, Point::new(11.0, 6.0), "the upper left corner is now the upper right");
        assert!(tilted.contains(Point::new(10.0, 13.5)) && !tilted.contains(Point::new(13.5, 10.0)));
        let drawn = RotatedBox::from_side(Point::new(0.0, 0.0), Point::new(0.0, 4.0), Point::new(-3.0, 1.0));
        assert_eq!((drawn.cx, drawn.cy, drawn.w, drawn.h, drawn.angle), (-1.5, 2.0, 4.0, 3.0, 90.0));
    }

    proptest! {
        #[test]
        fn bounds_and_area_are_those_of_the_corners(tilted in any_box()) {
            let around = Rect::around(&tilted.corners()).unwrap();
            let bounds = tilted.bounds();
            for (a, b) in [(around.x, bounds.x), (around.y, bounds.y), (around.w, bounds.w), (around.h, bounds.h)] {
                prop_assert!((a - b).abs() < 1e-9);
            }
            prop_assert!((polygon_area(&tilted.corners()) - tilted.area()).abs() < 1e-6);
        }

        #[test]
        fn resizing_leaves_the_opposite_corner(tilted in any_box(), x in 0.0..100.0f64, y in 0.0..100.0f64) {
            let to = Point::new(x, y);
            let resized = tilted.resized(Handle::BottomRight, to, false);
            let held = tilted.corners()[0];
            let corners = resized.corners();
            prop_assert!(corners.iter().any(|corner| corner.distance(held) < 1e-6));
            prop_assert!(corners.iter().any(|corner| corner.distance(to) < 1e-6));
        }

        #[test]
        fn the_least_box_around_its_corners_is_the_box(tilted in any_box()) {
            let found = RotatedBox::around(&tilted.corners()).unwrap();
            prop_assert!((found.area() - tilted.area()).abs() < 1e-6);
            prop_assert!(found.centre().distance(tilted.centre()) < 1e-6);
        }
    }
}
