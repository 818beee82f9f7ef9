//! Rings: closed lists of vertices, the last joined to the first.

use super::Point;

/// The area of a simple polygon by the shoelace formula.
pub fn polygon_area(points: &[Point]) -> f64 {
    signed_area(points).abs()
}

/// The shoelace sum: above 0 where the ring goes clockwise as seen (y points down). Taken about the first vertex, so
/// that a small ring far from the origin keeps its digits.
pub fn signed_area(points: &[Point]) -> f64 {
    let Some(&o) = points.first() else { return 0.0 };
    edges(points).map(|(a, b)| (a.x - o.x) * (b.y - o.y) - (b.x - o.x) * (a.y - o.y)).sum::<f64>() / 2.0
}

/// Does the polygon hold the point (even–odd rule)?
pub fn polygon_contains(points: &[Point], p: Point) -> bool {
    let mut inside = false;
    for (a, b) in edges(points) {
        if (a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x {
            inside = !inside;
        }
    }
    inside
}

/// The length of the border.
pub fn perimeter(points: &[Point]) -> f64 {
    edges(points).map(|(a, b)| a.distance(b)).sum()
}

/// The edges of a ring, the closing one last.
pub fn edges(points: &[Point]) -> impl Iterator<Item = (Point, Point)> + '_ {
    points.iter().copied().zip(points.iter().copied().cycle().skip(1))
}

/// The ring without vertices that repeat the one before, or the first at the end: a double click adds nothing.
pub fn without_repeats(points: &[Point]) -> Vec<Point> {
    let mut out: Vec<Point> = Vec::with_capacity(points.len());
    for &p in points {
        if out.last() != Some(&p) {
            out.push(p);
        }
    }
    while out.len() > 1 && out.first() == out.last() {
        out.pop();
    }
    out
}

/// Are at least so many of the points distinct? O(n log n).
pub fn has_distinct(points: &[Point], least: usize) -> bool {
    let mut sorted: Vec<Point> = points.to_vec();
    sorted.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    sorted.dedup();
    sorted.len() >= least
}

#[cfg(test)]
mod tests {
    use super::*;

    fn poly(points: &[(f64, f64)]) -> Vec<Point> {
        points.iter().map(|&(x, y)| Point::new(x, y)).collect()
    }

    #[test]
    fn polygons() {
        let square = poly(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)]);
        assert_eq!(polygon_area(&square), 16.0);
        assert_eq!(signed_area(&square), 16.0, "clockwise as seen");
        assert_eq!(perimeter(&square), 16.0);
        assert!(polygon_contains(&square, Point::new(1.0, 3.0)));
        assert!(!polygon_contains(&square, Point::new(5.0, 3.0)));
        assert_eq!(polygon_area(&[]), 0.0);
    }

    #[test]
    fn a_small_ring_far_away_keeps_its_area() {
        let far = 1e9;
        let square = poly(&[(far, far), (far + 0.5, far), (far + 0.5, far + 0.5), (far, far + 0.5)]);
        assert_eq!(polygon_area(&square), 0.25);
    }

    #[test]
    fn repeats_are_dropped() {
        let ring = poly(&[(0.0, 0.0), (0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 0.0)]);
        assert_eq!(without_repeats(&ring).len(), 3);
        assert!(has_distinct(&ring, 3) && !has_distinct(&ring, 4));
    }
}
