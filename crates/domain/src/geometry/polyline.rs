//! The polyline: an open line through its vertices. It may cross itself, as roads and cables do.

use super::{Fault, POLYGON_MAX_POINTS, Point, Rect, SLACK, Size, border, point, ring, segment_distance};
use serde::{Deserialize, Serialize};

/// An open line.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Polyline {
    /// The vertices, from one end to the other.
    #[serde(with = "point::pairs")]
    pub points: Vec<Point>,
}

impl Polyline {
    /// A line through these vertices.
    pub fn new(points: Vec<Point>) -> Self {
        Self { points }
    }

    /// The length.
    pub fn length(&self) -> f64 {
        border::length(&self.points)
    }

    /// The smallest upright rectangle around it.
    pub fn bounds(&self) -> Option<Rect> {
        Rect::around(&self.points)
    }

    /// Every vertex put through a function.
    pub fn map(&self, to: impl Fn(Point) -> Point) -> Polyline {
        Polyline { points: self.points.iter().map(|p| to(*p)).collect() }
    }

    /// The pieces within the image, each border crossing made a vertex: every segment is cut by Liang and Barsky's
    /// parametric test (1984).
    pub fn clipped(&self, size: Size) -> Vec<Polyline> {
        let mut pieces: Vec<Vec<Point>> = Vec::new();
        let mut open = false;
        for (a, b) in self.points.iter().zip(self.points.iter().skip(1)) {
            let Some((from, to)) = within(*a, *b, size) else {
                open = false;
                continue;
            };
            let (enter, leave) = (a.toward(*b, from), if to == 1.0 { *b } else { a.toward(*b, to) });
            let joined = open && from == 0.0;
            match pieces.last_mut().filter(|_| joined) {
                Some(piece) => piece.push(leave),
                None => pieces.push(vec![if from == 0.0 { *a } else { enter }, leave]),
            }
            open = to == 1.0;
        }
        let longer = |piece: &Vec<Point>| ring::has_distinct(piece, 2);
        pieces.into_iter().filter(longer).map(Polyline::new).collect()
    }

    /// Is it a sound line on an image of this size?
    pub fn check(&self, size: Size) -> Result<(), Fault> {
        if self.points.len() > POLYGON_MAX_POINTS {
            return Err(Fault::TooManyPoints { most: POLYGON_MAX_POINTS });
        }
        if !self.points.iter().all(|p| p.is_finite()) {
            return Err(Fault::NotFinite);
        }
        if !ring::has_distinct(&self.points, 2) {
            return Err(Fault::TooFewPoints { least: 2 });
        }
        if !self.points.iter().all(|p| size.holds(*p, SLACK)) {
            return Err(Fault::Outside { size });
        }
        Ok(())
    }

    /// The distance from a point to the line; infinite where it has no segment.
    pub fn distance(&self, p: Point) -> f64 {
        let segments = self.points.iter().zip(self.points.iter().skip(1));
        segments.map(|(a, b)| segment_distance(p, *a, *b).0).fold(f64::INFINITY, f64::min)
    }
}

/// The share of a segment within the image, from and to.
fn within(a: Point, b: Point, size: Size) -> Option<(f64, f64)> {
    let (mut from, mut to) = (0.0_f64, 1.0_f64);
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let (width, height) = (f64::from(size.width), f64::from(size.height));
    for (p, q) in [(-dx, a.x), (dx, width - a.x), (-dy, a.y), (dy, height - a.y)] {
        if p == 0.0 {
            if q < 0.0 {
                return None;
            }
        } else if p < 0.0 {
            from = from.max(q / p);
        } else {
            to = to.min(q / p);
        }
    }
    (from <= to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_that_leaves_and_comes_back_is_two() {
        let line = Polyline::new(
            [(1.0, 1.0), (5.0, 1.0), (15.0, 1.0), (15.0, 5.0), (5.0, 5.0)]
                .iter()
                .map(|&(x, y)| Point::new(x, y))
                .collect(),
        );
        let pieces = line.clipped(Size::new(10, 10));
        let ends: Vec<Vec<Point>> = pieces.into_iter().map(|piece| piece.points).collect();
        let at = Point::new;
        assert_eq!(ends, [vec![at(1.0, 1.0), at(5.0, 1.0), at(10.0, 1.0)], vec![at(10.0, 5.0), at(5.0, 5.0)]]);
        assert_eq!(line.check(Size::new(10, 10)), Err(Fault::Outside { size: Size::new(10, 10) }));
        assert_eq!(Polyline::new(vec![at(1.0, 1.0); 3]).check(Size::new(9, 9)), Err(Fault::TooFewPoints { least: 2 }));
    }

    proptest! {
        #[test]
        fn pieces_lie_on_the_line_and_in_the_image(points in prop::collection::vec((-20.0..30.0f64, -20.0..30.0f64), 2..12)) {
            let line = Polyline::new(points.into_iter().map(|(x, y)| Point::new(x, y)).collect());
            let size = Size::new(10, 10);
            let pieces = line.clipped(size);
            for piece in &pieces {
                prop_assert!(piece.points.iter().all(|p| size.holds(*p, 1e-9) && line.distance(*p) < 1e-9));
            }
            let total: f64 = pieces.iter().map(Polyline::length).sum();
            prop_assert!(total <= line.length() + 1e-9);
            if line.points.iter().all(|p| size.holds(*p, 0.0)) {
                prop_assert!((total - line.length()).abs() < 1e-9);
            }
        }
    }
}
