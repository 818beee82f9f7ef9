//! Nearest vertices and edges, and ways along a border: for picking, inserting a vertex, snapping ([`super::snap`]) and
//! drawing along a neighbour ([`super::follow`]).

use super::Point;

/// The vertex nearest to a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VertexHit {
    /// Its place in the list.
    pub index: usize,
    /// Where it is.
    pub at: Point,
    /// How far away.
    pub distance: f64,
}

/// The place on a border nearest to a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EdgeHit {
    /// The edge, by its first vertex: a new vertex here goes in at `edge + 1`.
    pub edge: usize,
    /// The nearest place on it.
    pub at: Point,
    /// How far along the edge, 0 at its first vertex and 1 at its second.
    pub share: f64,
    /// How far away.
    pub distance: f64,
}

/// The distance from a point to a segment, and the nearest point on it.
pub fn segment_distance(p: Point, a: Point, b: Point) -> (f64, Point) {
    let at = a.toward(b, share_along(p, a, b));
    (p.distance(at), at)
}

fn share_along(p: Point, a: Point, b: Point) -> f64 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let length = dx * dx + dy * dy;
    if length > 0.0 { (((p.x - a.x) * dx + (p.y - a.y) * dy) / length).clamp(0.0, 1.0) } else { 0.0 }
}

/// The vertex nearest to the point; nothing where there are none.
pub fn nearest_vertex(points: &[Point], p: Point) -> Option<VertexHit> {
    let hits = points.iter().enumerate().map(|(index, at)| VertexHit { index, at: *at, distance: at.distance(p) });
    hits.min_by(|a, b| a.distance.total_cmp(&b.distance))
}

/// The place nearest to the point on the border of a ring (`closed`) or on a line; nothing below two vertices.
pub fn nearest_edge(points: &[Point], closed: bool, p: Point) -> Option<EdgeHit> {
    let count = if closed { points.len() } else { points.len().saturating_sub(1) };
    if points.len() < 2 {
        return None;
    }
    let ends = points.iter().copied().zip(points.iter().copied().cycle().skip(1)).take(count);
    let hits = ends.enumerate().map(|(edge, (a, b))| {
        let share = share_along(p, a, b);
        let at = a.toward(b, share);
        EdgeHit { edge, at, share, distance: at.distance(p) }
    });
    hits.min_by(|a, b| a.distance.total_cmp(&b.distance))
}

/// The way along a ring from one place on its border to another, both included: the shorter one, or the longer one.
/// So two polygons come to share a border exactly.
pub fn way_along(ring: &[Point], from: EdgeHit, to: EdgeHit, longer: bool) -> Vec<Point> {
    let count = ring.len();
    if from.edge >= count || to.edge >= count {
        return vec![from.at, to.at];
    }
    let onward = {
        let steps = match (to.edge + count - from.edge) % count {
            0 if to.share < from.share => count,
            steps => steps,
        };
        through(from.at, ring.iter().cycle().skip(from.edge + 1).take(steps), to.at)
    };
    let backward = {
        let steps = match (from.edge + count - to.edge) % count {
            0 if to.share > from.share => count,
            steps => steps,
        };
        through(from.at, ring.iter().rev().cycle().skip(count - 1 - from.edge).take(steps), to.at)
    };
    if (length(&onward) <= length(&backward)) != longer { onward } else { backward }
}

fn through<'a>(from: Point, between: impl Iterator<Item = &'a Point>, to: Point) -> Vec<Point> {
    let mut way = vec![from];
    way.extend(between);
    way.push(to);
    way.dedup();
    way
}

/// The length of a line.
pub fn length(points: &[Point]) -> f64 {
    points.iter().zip(points.iter().skip(1)).map(|(a, b)| a.distance(*b)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::ring;
    use proptest::prelude::*;

    fn square() -> Vec<Point> {
        [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)].iter().map(|&(x, y)| Point::new(x, y)).collect()
    }

    #[test]
    fn distances() {
        let (d, at) = segment_distance(Point::new(2.0, 3.0), Point::new(0.0, 0.0), Point::new(4.0, 0.0));
        assert_eq!((d, at), (3.0, Point::new(2.0, 0.0)));
        let (d, _) = segment_distance(Point::new(-3.0, 4.0), Point::new(0.0, 0.0), Point::new(4.0, 0.0));
        assert_eq!(d, 5.0);
    }

    #[test]
    fn the_closing_edge_counts_for_rings_only() {
        let p = Point::new(-1.0, 2.0);
        assert_eq!(nearest_edge(&square(), true, p).map(|hit| (hit.edge, hit.distance)), Some((3, 1.0)));
        assert_eq!(nearest_edge(&square(), false, p).map(|hit| hit.edge), Some(0));
        assert_eq!(nearest_edge(&square()[..1], true, p), None);
        assert_eq!(nearest_vertex(&[], p), None);
    }

    #[test]
    fn the_shorter_way_and_the_longer() {
        let ring = square();
        let hit = |x: f64, y: f64| nearest_edge(&ring, true, Point::new(x, y)).unwrap();
        let (from, to) = (hit(3.0, -1.0), hit(5.0, 1.0));
        assert_eq!(way_along(&ring, from, to, false), [Point::new(3.0, 0.0), ring[1], Point::new(4.0, 1.0)]);
        assert_eq!(
            way_along(&ring, from, to, true),
            [Point::new(3.0, 0.0), ring[0], ring[3], ring[2], Point::new(4.0, 1.0)]
        );
        let same = hit(1.0, -1.0);
        assert_eq!(way_along(&ring, from, same, false), [Point::new(3.0, 0.0), Point::new(1.0, 0.0)]);
        assert_eq!(way_along(&ring, from, same, true).len(), 6, "all the way round");
    }

    proptest! {
        #[test]
        fn both_ways_make_the_whole_border(
            points in prop::collection::vec((0.0..100.0f64, 0.0..100.0f64), 3..12),
            a in (0.0..100.0f64, 0.0..100.0f64), b in (0.0..100.0f64, 0.0..100.0f64),
        ) {
            let points: Vec<Point> = points.into_iter().map(|(x, y)| Point::new(x, y)).collect();
            let from = nearest_edge(&points, true, Point::new(a.0, a.1)).unwrap();
            let to = nearest_edge(&points, true, Point::new(b.0, b.1)).unwrap();
            prop_assume!(from.at != to.at);
            let (short, long) = (way_along(&points, from, to, false), way_along(&points, from, to, true));
            prop_assert!(length(&short) <= length(&long) + 1e-9);
            prop_assert!((length(&short) + length(&long) - ring::perimeter(&points)).abs() < 1e-6);
        }
    }
}
