//! The convex hull.

use super::Point;
use robust::{Coord, orient2d};

/// The convex hull without points on its sides, by Andrew's monotone chain (1979) with exact turns; O(n log n).
/// Points that are not finite are left out.
pub fn hull(points: &[Point]) -> Vec<Point> {
    let mut sorted: Vec<Point> = points.iter().copied().filter(|p| p.is_finite()).collect();
    sorted.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    sorted.dedup();
    if sorted.len() < 3 {
        return sorted;
    }
    let mut lower = chain(sorted.iter().copied());
    let mut upper = chain(sorted.iter().rev().copied());
    lower.pop();
    upper.pop();
    lower.append(&mut upper);
    lower
}

fn chain(points: impl Iterator<Item = Point>) -> Vec<Point> {
    let mut out: Vec<Point> = Vec::new();
    for p in points {
        while let [.., a, b] = out.as_slice()
            && side(*a, *b, p) <= 0.0
        {
            out.pop();
        }
        out.push(p);
    }
    out
}

/// On which side of the way from `a` to `b` lies `p`? Above 0 to the right as seen (y points down), below 0 to the
/// left, 0 exactly on the line: Shewchuk's adaptive predicate, whose sign is exact.
pub fn side(a: Point, b: Point, p: Point) -> f64 {
    let coord = |p: Point| Coord { x: p.x, y: p.y };
    orient2d(coord(a), coord(b), coord(p))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hull_has_corners_only() {
        let points = [(0.0, 0.0), (2.0, 0.0), (4.0, 0.0), (4.0, 4.0), (2.0, 1.0), (0.0, 4.0), (0.0, 0.0)];
        let points: Vec<Point> = points.iter().map(|&(x, y)| Point::new(x, y)).collect();
        let corners = hull(&points);
        assert_eq!(corners.len(), 4);
        assert!(corners.iter().all(|p| points.contains(p)));
        assert_eq!(hull(&points[..1]).len(), 1);
        assert!(hull(&[Point::new(f64::NAN, 1.0)]).is_empty());
    }

    #[test]
    fn sides_as_seen() {
        let (a, b) = (Point::new(0.0, 0.0), Point::new(4.0, 0.0));
        assert!(side(a, b, Point::new(2.0, 1.0)) > 0.0, "below on the screen is to the right of going right");
        assert_eq!(side(a, b, Point::new(9.0, 0.0)), 0.0);
    }
}
