//! Drawing along a neighbour: the vertices that lie on its border between two places, exactly as it has them, so that two
//! shapes come to share a border to the last digit.

use super::border::{length, nearest_edge, way_along};
use super::{GRAIN, Point, Polygon, Shape};

/// How far from a border a point may be and still lie on it: coordinates are kept to a grid.
const ON: f64 = 1.5 * GRAIN;

/// The vertices of a shape's border strictly between two places on it, in the order of the way from the first to the
/// second: the shorter way, or the longer one. Nothing where one of them does not lie on that border, where they are the
/// same, or where a line has no other way.
pub fn between(shape: &Shape, from: Point, to: Point, longer: bool) -> Option<Vec<Point>> {
    match shape {
        Shape::Polygon(polygon) => polygon.rings().find_map(|ring| along_ring(ring, from, to, longer)),
        Shape::Box(rect) => along_ring(&rect.corners(), from, to, longer),
        Shape::RotatedBox(turned) => {
            // Its corners as a polygon would keep them.
            let corners = Polygon::new(turned.corners().to_vec()).map(Point::rounded);
            along_ring(&corners.points, from, to, longer)
        }
        Shape::Polyline(line) if !longer => along_line(&line.points, from, to),
        Shape::Polyline(_) | Shape::Ellipse(_) | Shape::Point(_) | Shape::Skeleton(_) | Shape::Mask(_) => None,
    }
}

/// The length of the way from one place over these vertices to another.
pub fn way_length(from: Point, between: &[Point], to: Point) -> f64 {
    let way: Vec<Point> = std::iter::once(from).chain(between.iter().copied()).chain([to]).collect();
    length(&way)
}

fn along_ring(ring: &[Point], from: Point, to: Point, longer: bool) -> Option<Vec<Point>> {
    let a = nearest_edge(ring, true, from).filter(|hit| hit.distance <= ON)?;
    let b = nearest_edge(ring, true, to).filter(|hit| hit.distance <= ON)?;
    strictly(from, way_along(ring, a, b, longer), to)
}

fn along_line(points: &[Point], from: Point, to: Point) -> Option<Vec<Point>> {
    let a = nearest_edge(points, false, from).filter(|hit| hit.distance <= ON)?;
    let b = nearest_edge(points, false, to).filter(|hit| hit.distance <= ON)?;
    let (first, last) = if a.edge <= b.edge { (a.edge, b.edge) } else { (b.edge, a.edge) };
    let mut way: Vec<Point> = points.get(first + 1..=last)?.to_vec();
    if a.edge > b.edge {
        way.reverse();
    }
    strictly(from, way, to)
}

/// Without what lies on the ends: those are there already.
fn strictly(from: Point, mut way: Vec<Point>, to: Point) -> Option<Vec<Point>> {
    if from.distance(to) <= ON {
        return None;
    }
    way.retain(|at| at.distance(from) > ON && at.distance(to) > ON);
    Some(way)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Polyline, Rect, ring};
    use proptest::prelude::*;

    fn at(x: f64, y: f64) -> Point {
        Point::new(x, y)
    }

    fn square() -> Shape {
        Shape::Box(Rect { x: 0.0, y: 0.0, w: 40.0, h: 40.0 })
    }

    #[test]
    fn from_edge_to_edge_over_the_corner_or_the_other_way() {
        let way = |longer| between(&square(), at(30.0, 0.0), at(40.0, 10.0), longer).unwrap();
        assert_eq!(way(false), [at(40.0, 0.0)]);
        assert_eq!(way(true), [at(0.0, 0.0), at(0.0, 40.0), at(40.0, 40.0)]);
    }

    #[test]
    fn from_corner_to_corner_the_corners_come_once() {
        let way = |longer| between(&square(), at(0.0, 0.0), at(40.0, 0.0), longer).unwrap();
        assert_eq!(way(false), []);
        assert_eq!(way(true), [at(0.0, 40.0), at(40.0, 40.0)]);
    }

    #[test]
    fn off_the_border_or_at_one_place_there_is_no_way() {
        assert_eq!(between(&square(), at(20.0, 20.0), at(40.0, 0.0), false), None);
        assert_eq!(between(&square(), at(40.0, 0.0), at(40.0, 0.0), false), None);
        assert_eq!(between(&Shape::Point(at(40.0, 0.0)), at(40.0, 0.0), at(0.0, 0.0), false), None);
    }

    #[test]
    fn a_line_has_one_way_there_and_one_back() {
        let line = Shape::Polyline(Polyline::new(vec![at(0.0, 0.0), at(10.0, 0.0), at(10.0, 10.0), at(20.0, 10.0)]));
        let there = between(&line, at(5.0, 0.0), at(20.0, 10.0), false).unwrap();
        assert_eq!(there, [at(10.0, 0.0), at(10.0, 10.0)]);
        let back = between(&line, at(20.0, 10.0), at(5.0, 0.0), false).unwrap();
        assert_eq!(back, [at(10.0, 10.0), at(10.0, 0.0)]);
        assert_eq!(between(&line, at(5.0, 0.0), at(20.0, 10.0), true), None);
    }

    proptest! {
        #[test]
        fn both_ways_together_are_the_whole_border_and_every_vertex_is_the_neighbours(
            radii in prop::collection::vec(20.0..80.0f64, 4..24),
            (a, b) in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
            (s, t) in (0.0..1.0f64, 0.0..1.0f64),
        ) {
            // A star about its middle crosses itself nowhere.
            let turn = 360.0 / radii.len() as f64;
            let centre = at(100.0, 100.0);
            let points: Vec<Point> = radii.iter().enumerate()
                .map(|(n, r)| at(100.0 + r, 100.0).turned(centre, turn * n as f64).rounded()).collect();
            let place = |edge: usize, share: f64| {
                points[edge].toward(points[(edge + 1) % points.len()], share).rounded()
            };
            let (from, to) = (place(a.index(points.len()), s), place(b.index(points.len()), t));
            prop_assume!(from.distance(to) > 1.0);
            let star = Shape::Polygon(Polygon::new(points.clone()));
            let short = between(&star, from, to, false).unwrap();
            let long = between(&star, from, to, true).unwrap();
            prop_assert!(short.iter().chain(&long).all(|vertex| points.contains(vertex)));
            let (one, other) = (way_length(from, &short, to), way_length(from, &long, to));
            prop_assert!(one <= other + 0.5);
            prop_assert!((one + other - ring::perimeter(&points)).abs() < 0.5);
            let back: Vec<Point> = between(&star, to, from, false).unwrap().into_iter().rev().collect();
            let way_back = way_length(from, &back, to);
            prop_assert!((way_back - one).abs() < 0.5, "the way back is as long");
        }
    }
}
