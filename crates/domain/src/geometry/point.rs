//! A point of the image, and the image's size.

use serde::{Deserialize, Serialize};

/// Coordinates that people draw are kept to this part of a pixel: a hundredth.
pub const GRAIN: f64 = 0.01;

/// A point of the image.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Point {
    /// From the left edge.
    pub x: f64,
    /// From the top edge.
    pub y: f64,
}

/// The size of an image in whole pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Size {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

impl Point {
    /// A point.
    pub fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// The distance to another point.
    pub fn distance(self, other: Point) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// The nearest point within an image of this size.
    pub fn clamp(self, width: f64, height: f64) -> Point {
        Point::new(self.x.clamp(0.0, width), self.y.clamp(0.0, height))
    }

    /// The point moved.
    pub fn moved(self, dx: f64, dy: f64) -> Point {
        Point::new(self.x + dx, self.y + dy)
    }

    /// The point turned about a centre, clockwise as seen: `x' = c.x + dx·cos − dy·sin`, `y' = c.y + dx·sin + dy·cos`
    /// where y points down. Quarter turns are exact.
    pub fn turned(self, centre: Point, degrees: f64) -> Point {
        let (sin, cos) = sin_cos(degrees);
        let (dx, dy) = (self.x - centre.x, self.y - centre.y);
        Point::new(centre.x + dx * cos - dy * sin, centre.y + dx * sin + dy * cos)
    }

    /// The point on the way to another, 0 here and 1 there.
    pub fn toward(self, other: Point, share: f64) -> Point {
        Point::new(self.x + (other.x - self.x) * share, self.y + (other.y - self.y) * share)
    }

    /// The point on the grid of [`GRAIN`].
    pub fn rounded(self) -> Point {
        Point::new(round(self.x), round(self.y))
    }

    /// Are both coordinates finite numbers?
    pub fn is_finite(self) -> bool {
        self.x.is_finite() && self.y.is_finite()
    }
}

impl From<[f64; 2]> for Point {
    fn from([x, y]: [f64; 2]) -> Self {
        Self { x, y }
    }
}

impl From<Point> for [f64; 2] {
    fn from(point: Point) -> Self {
        [point.x, point.y]
    }
}

impl Size {
    /// A size.
    pub fn new(width: u32, height: u32) -> Self {
        Self { width, height }
    }

    /// How many pixels there are.
    pub fn pixels(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// Does the image hold the point, its border included, with so much to spare?
    pub fn holds(self, point: Point, slack: f64) -> bool {
        let (width, height) = (f64::from(self.width), f64::from(self.height));
        point.x >= -slack && point.y >= -slack && point.x <= width + slack && point.y <= height + slack
    }
}

/// A coordinate on the grid of [`GRAIN`]; what is too large for the grid, or no number, stays as it is.
pub fn round(value: f64) -> f64 {
    let rounded = (value * 100.0).round() / 100.0;
    if rounded.is_finite() { rounded + 0.0 } else { value }
}

/// An angle within 0 (included) and 360 (excluded).
pub fn turn(degrees: f64) -> f64 {
    let within = degrees.rem_euclid(360.0);
    // A hair below zero rounds up to the full turn.
    if within >= 360.0 { 0.0 } else { within }
}

/// Sine and cosine of degrees, exact at quarter turns.
pub(super) fn sin_cos(degrees: f64) -> (f64, f64) {
    let degrees = turn(degrees);
    if degrees == 0.0 {
        (0.0, 1.0)
    } else if degrees == 90.0 {
        (1.0, 0.0)
    } else if degrees == 180.0 {
        (0.0, -1.0)
    } else if degrees == 270.0 {
        (-1.0, 0.0)
    } else {
        degrees.to_radians().sin_cos()
    }
}

/// Lists of points as `[[x, y], …]`.
pub(super) mod pairs {
    use super::Point;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(in crate::geometry) fn serialize<S: Serializer>(points: &[Point], out: S) -> Result<S::Ok, S::Error> {
        out.collect_seq(points.iter().map(|point| [point.x, point.y]))
    }

    pub(in crate::geometry) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Point>, D::Error> {
        Ok(Vec::<[f64; 2]>::deserialize(from)?.into_iter().map(Point::from).collect())
    }
}

/// Lists of rings as `[[[x, y], …], …]`.
pub(super) mod rings {
    use super::Point;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(in crate::geometry) fn serialize<S: Serializer>(rings: &[Vec<Point>], out: S) -> Result<S::Ok, S::Error> {
        out.collect_seq(rings.iter().map(|ring| ring.iter().map(|point| [point.x, point.y]).collect::<Vec<_>>()))
    }

    pub(in crate::geometry) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Vec<Point>>, D::Error> {
        let rings = Vec::<Vec<[f64; 2]>>::deserialize(from)?;
        Ok(rings.into_iter().map(|ring| ring.into_iter().map(Point::from).collect()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_turn_goes_clockwise_as_seen() {
        let right = Point::new(3.0, 1.0);
        assert_eq!(right.turned(Point::new(1.0, 1.0), 90.0), Point::new(1.0, 3.0), "right goes down");
        assert_eq!(right.turned(Point::new(1.0, 1.0), -90.0), Point::new(1.0, -1.0));
    }

    #[test]
    fn rounding_keeps_hundredths_and_whatever_is_no_number() {
        assert_eq!(round(1.005_1), 1.01);
        assert_eq!(round(3.0 + GRAIN / 4.0), 3.0);
        assert_eq!(round(-0.001), 0.0);
        assert!(round(-0.001).is_sign_positive());
        assert!(round(f64::NAN).is_nan());
        assert_eq!(round(f64::MAX), f64::MAX);
        assert_eq!(turn(-1e-20), 0.0);
        assert_eq!(turn(-90.0), 270.0);
    }
}
