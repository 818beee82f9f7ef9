//! The ellipse, possibly turned about its centre.

use super::{
    Handle, Point, Rect, RotatedBox,
    point::{round, sin_cos, turn},
};
use serde::{Deserialize, Serialize};
use std::f64::consts::PI;

/// An ellipse.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Ellipse {
    /// The centre, from the left edge.
    pub cx: f64,
    /// The centre, from the top edge.
    pub cy: f64,
    /// The radius along its own x.
    pub rx: f64,
    /// The radius along its own y.
    pub ry: f64,
    /// Degrees clockwise, 0 (included) to 360 (excluded).
    #[serde(default, skip_serializing_if = "is_zero")]
    pub angle: f64,
}

fn is_zero(angle: &f64) -> bool {
    *angle == 0.0
}

impl Ellipse {
    /// The ellipse that fills a rectangle.
    pub fn within(rect: Rect) -> Ellipse {
        Ellipse::from_frame(RotatedBox::from(rect))
    }

    /// The ellipse that fills a rotated box.
    pub fn from_frame(frame: RotatedBox) -> Ellipse {
        Ellipse { cx: frame.cx, cy: frame.cy, rx: frame.w / 2.0, ry: frame.h / 2.0, angle: frame.angle }
    }

    /// The rotated box around it, whose handles resize it.
    pub fn frame(self) -> RotatedBox {
        RotatedBox { cx: self.cx, cy: self.cy, w: 2.0 * self.rx, h: 2.0 * self.ry, angle: self.angle }
    }

    /// The centre.
    pub fn centre(self) -> Point {
        Point::new(self.cx, self.cy)
    }

    /// Area: `π·rx·ry`.
    pub fn area(self) -> f64 {
        PI * self.rx * self.ry
    }

    /// The smallest upright rectangle: half its width is `√(rx²·cos² + ry²·sin²)`, half its height `√(rx²·sin² + ry²·cos²)`.
    pub fn bounds(self) -> Rect {
        let (sin, cos) = sin_cos(self.angle);
        let (w, h) = ((self.rx * cos).hypot(self.ry * sin), (self.rx * sin).hypot(self.ry * cos));
        Rect { x: self.cx - w, y: self.cy - h, w: 2.0 * w, h: 2.0 * h }
    }

    /// Does it hold the point, border included: `(x/rx)² + (y/ry)² ≤ 1` in its own axes?
    pub fn contains(self, p: Point) -> bool {
        let own = p.turned(self.centre(), -self.angle);
        let (x, y) = ((own.x - self.cx) / self.rx, (own.y - self.cy) / self.ry);
        x * x + y * y <= 1.0
    }

    /// The ellipse moved.
    pub fn moved(self, dx: f64, dy: f64) -> Ellipse {
        Ellipse { cx: self.cx + dx, cy: self.cy + dy, ..self }
    }

    /// The ellipse turned further about its centre.
    pub fn turned(self, degrees: f64) -> Ellipse {
        Ellipse { angle: turn(self.angle + degrees), ..self }
    }

    /// The ellipse with a handle of its frame dragged.
    pub fn resized(self, handle: Handle, to: Point, keep_ratio: bool) -> Ellipse {
        Ellipse::from_frame(self.frame().resized(handle, to, keep_ratio))
    }

    /// A ring of vertices on the ellipse that leaves it by at most `tolerance` pixels, 8 to 512 of them: the chord of an
    /// angle `a` leaves a circle of radius `r` by `r·(1 − cos(a/2))`.
    pub fn ring(self, tolerance: f64) -> Vec<Point> {
        let radius = self.rx.max(self.ry);
        let half = if radius > tolerance { (1.0 - tolerance / radius).acos() } else { PI };
        let needed = (PI / half).ceil();
        let count = if needed.is_finite() { needed.clamp(8.0, 512.0) as u32 } else { 8 };
        (0..count)
            .map(|n| {
                let (sin, cos) = sin_cos(360.0 * f64::from(n) / f64::from(count));
                Point::new(self.cx + self.rx * cos, self.cy + self.ry * sin).turned(self.centre(), self.angle)
            })
            .collect()
    }

    /// Centre and radii to a hundredth of a pixel, the angle to a thousandth of a degree.
    pub fn rounded(self) -> Ellipse {
        let angle = turn((self.angle * 1_000.0).round() / 1_000.0);
        Ellipse { cx: round(self.cx), cy: round(self.cy), rx: round(self.rx), ry: round(self.ry), angle }
    }

    /// Are all five numbers finite?
    pub fn is_finite(self) -> bool {
        self.frame().is_finite()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::polygon_area;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_ring_lies_on_the_ellipse_and_nearly_fills_it(
            rx in 2.0..500.0f64, ry in 2.0..500.0f64, angle in 0.0..360.0f64,
        ) {
            let ellipse = Ellipse { cx: 600.0, cy: 600.0, rx, ry, angle };
            let ring = ellipse.ring(0.1);
            let around = Rect::around(&ring).unwrap();
            prop_assert!(ellipse.bounds().grown(1e-6).contains(Point::new(around.x, around.y)));
            prop_assert!(ellipse.bounds().grown(1e-6).contains(Point::new(around.right(), around.bottom())));
            prop_assert!((ellipse.bounds().w - around.w).abs() < 1.0);
            let lost = ellipse.area() - polygon_area(&ring);
            // At most the tolerance all round: circumference below 2π·max(rx, ry).
            prop_assert!(lost >= 0.0 && lost <= 0.1 * 2.0 * PI * rx.max(ry), "{lost}");
            for p in ring {
                prop_assert!(ellipse.contains(p.toward(ellipse.centre(), 1e-9)));
                prop_assert!(!ellipse.contains(ellipse.centre().toward(p, 1.001)));
            }
        }

        #[test]
        fn a_whole_turn_changes_nothing(rx in 1.0..9.0f64, ry in 1.0..9.0f64, angle in 0.0..360.0f64) {
            let ellipse = Ellipse { cx: 5.0, cy: 5.0, rx, ry, angle };
            let round = (0..4).fold(ellipse, |e, _| e.turned(90.0));
            prop_assert!((round.angle - ellipse.angle).abs() < 1e-9);
        }
    }
}
