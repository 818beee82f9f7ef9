//! Do edges of rings cross or touch? In O(n log n) for sound and hostile rings alike.

use super::{Point, convex::side, ring};

/// Do any two edges that are not neighbours touch, or neighbours fold back on each other? Vertices that repeat the one
/// before are passed over.
pub fn self_intersects(points: &[Point]) -> bool {
    rings_touch(&[points])
}

/// As [`self_intersects`], over several rings: none may touch itself or another.
///
/// The sweep of Shamos and Hoey (1976): a line goes from left to right over the edges; those that it crosses are held in
/// their order along it, and only neighbours in that order are compared. It ends at the first touch, up to which the order
/// never changes. Upright edges are no special case, since points are ordered by x and then by y. Sides are told exactly
/// ([`side`]), so no tolerance decides.
pub fn rings_touch(rings: &[&[Point]]) -> bool {
    let mut edges: Vec<Edge> = Vec::new();
    for points in rings {
        let points = ring::without_repeats(points);
        let first = edges.len();
        let count = points.len();
        if count < 2 {
            continue;
        }
        for (n, (a, b)) in ring::edges(&points).enumerate() {
            let (left, right) = if before(b, a) { (b, a) } else { (a, b) };
            let (next, previous) = (first + (n + 1) % count, first + (n + count - 1) % count);
            edges.push(Edge { left, right, next, previous });
        }
        if count == 2 {
            return true;
        }
    }
    let mut events: Vec<(Point, bool, usize)> = Vec::with_capacity(edges.len() * 2);
    for (n, edge) in edges.iter().enumerate() {
        events.push((edge.left, false, n));
        events.push((edge.right, true, n));
    }
    // At one point beginnings come before ends, so that an edge that ends where another begins is still seen.
    events.sort_by(|a, b| a.0.x.total_cmp(&b.0.x).then(a.0.y.total_cmp(&b.0.y)).then(a.1.cmp(&b.1)));
    let mut active: Vec<usize> = Vec::new();
    for (point, ends, n) in events {
        let Some(edge) = edges.get(n) else { continue };
        if ends {
            let Some(at) = active.iter().position(|other| *other == n) else { continue };
            active.remove(at);
            if at > 0
                && let (Some(&below), Some(&above)) = (active.get(at - 1), active.get(at))
                && meet(&edges, below, above)
            {
                return true;
            }
            continue;
        }
        let side_of = |other: &usize| edges.get(*other).map_or(0.0, |other| side(other.left, other.right, point));
        let from = active.partition_point(|other| side_of(other) > 0.0);
        let to = from + active.get(from..).unwrap_or_default().partition_point(|other| side_of(other) >= 0.0);
        let mut at = from;
        for &other in active.get(from..to).unwrap_or_default() {
            let Some(tied) = edges.get(other) else { continue };
            if !edge.is_next_to(other) || (tied.right != point && tied.left != point) {
                return true;
            }
            if tied.left == point {
                let turn = side(tied.left, tied.right, edge.right);
                if turn == 0.0 {
                    return true;
                }
                if turn > 0.0 {
                    at += 1;
                }
            } else {
                at += 1;
            }
        }
        active.insert(at, n);
        let below = at.checked_sub(1).and_then(|at| active.get(at));
        if below.is_some_and(|&other| meet(&edges, n, other))
            || active.get(at + 1).is_some_and(|&other| meet(&edges, n, other))
        {
            return true;
        }
    }
    false
}

struct Edge {
    left: Point,
    right: Point,
    next: usize,
    previous: usize,
}

impl Edge {
    fn is_next_to(&self, other: usize) -> bool {
        self.next == other || self.previous == other
    }
}

fn before(a: Point, b: Point) -> bool {
    a.x < b.x || (a.x == b.x && a.y < b.y)
}

fn meet(edges: &[Edge], n: usize, other: usize) -> bool {
    let (Some(a), Some(b)) = (edges.get(n), edges.get(other)) else { return false };
    if !a.is_next_to(other) {
        return segments_touch(a.left, a.right, b.left, b.right);
    }
    let (before, shared, after) = if a.left == b.left {
        (a.right, a.left, b.right)
    } else if a.right == b.right {
        (a.left, a.right, b.left)
    } else {
        // One ends where the other begins: along the sweep they go on, never back.
        return false;
    };
    side(before, shared, after) == 0.0
}

/// Do two segments share a point, ends included?
pub fn segments_touch(a: Point, b: Point, c: Point, d: Point) -> bool {
    if a.x.max(b.x) < c.x.min(d.x)
        || c.x.max(d.x) < a.x.min(b.x)
        || a.y.max(b.y) < c.y.min(d.y)
        || c.y.max(d.y) < a.y.min(b.y)
    {
        return false;
    }
    let parted = |one: f64, two: f64| (one > 0.0 && two > 0.0) || (one < 0.0 && two < 0.0);
    !parted(side(c, d, a), side(c, d, b)) && !parted(side(a, b, c), side(a, b, d))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn poly(points: &[(f64, f64)]) -> Vec<Point> {
        points.iter().map(|&(x, y)| Point::new(x, y)).collect()
    }

    /// The definition, pair by pair.
    fn by_pairs(points: &[Point]) -> bool {
        let points = ring::without_repeats(points);
        let n = points.len();
        let all: Vec<(Point, Point)> = ring::edges(&points).collect();
        for i in 0..n {
            for j in i + 1..n {
                let ((a, b), (c, d)) = (all[i], all[j]);
                let folds = |before: Point, shared: Point, after: Point| {
                    let along =
                        (before.x - shared.x) * (after.x - shared.x) + (before.y - shared.y) * (after.y - shared.y);
                    side(before, shared, after) == 0.0 && along > 0.0
                };
                let touch = if j == i + 1 {
                    folds(a, b, d)
                } else if i == 0 && j == n - 1 {
                    folds(c, a, b)
                } else {
                    segments_touch(a, b, c, d)
                };
                if touch {
                    return true;
                }
            }
        }
        false
    }

    #[test]
    fn known_rings() {
        assert!(!self_intersects(&poly(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)])));
        assert!(!self_intersects(&poly(&[(0.0, 0.0), (4.0, 0.0), (2.0, 3.0)])));
        assert!(self_intersects(&poly(&[(0.0, 0.0), (4.0, 4.0), (4.0, 0.0), (0.0, 4.0)])), "a bow");
        assert!(self_intersects(&poly(&[(0.0, 0.0), (4.0, 0.0), (2.0, 0.0), (2.0, 3.0)])), "a spike");
        assert!(self_intersects(&poly(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (2.0, 0.0), (0.0, 4.0)])), "a touch");
        assert!(!self_intersects(&poly(&[(0.0, 0.0), (2.0, 0.0), (4.0, 0.0), (2.0, 3.0)])), "a vertex on a side");
        assert!(
            !self_intersects(&poly(&[(0.0, 0.0), (0.0, 0.0), (4.0, 0.0), (2.0, 3.0), (0.0, 0.0)])),
            "a double click"
        );
        let (outer, inner) =
            (poly(&[(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0)]), poly(&[(2.0, 2.0), (4.0, 2.0), (4.0, 4.0)]));
        assert!(!rings_touch(&[&outer, &inner]));
        assert!(rings_touch(&[&outer, &poly(&[(0.0, 2.0), (4.0, 2.0), (4.0, 4.0)])]), "a hole on the border");
    }

    #[test]
    fn a_hundred_thousand_vertices_in_one_sweep() {
        // A comb: every tooth overlaps all others along y, which a test of pairs would pay for.
        let teeth = 50_000;
        let mut comb: Vec<Point> = Vec::new();
        for n in 0..teeth {
            comb.push(Point::new(f64::from(n), if n % 2 == 0 { 0.0 } else { 1_000.0 }));
        }
        for n in (0..teeth).rev() {
            comb.push(Point::new(f64::from(n), if n % 2 == 0 { 1.0 } else { 1_001.0 }));
        }
        assert!(!self_intersects(&comb));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        // A small grid makes touches, repeats and collinear runs common.
        #[test]
        fn the_sweep_agrees_with_the_pairs(points in prop::collection::vec((0..7_i32, 0..7_i32), 3..10)) {
            let points: Vec<Point> = points.into_iter().map(|(x, y)| Point::new(f64::from(x), f64::from(y))).collect();
            if ring::without_repeats(&points).len() >= 3 {
                prop_assert_eq!(self_intersects(&points), by_pairs(&points));
            }
        }

        #[test]
        fn star_shaped_rings_are_sound(radii in prop::collection::vec(1.0..100.0f64, 3..80)) {
            let count = radii.len() as f64;
            let ring: Vec<Point> = radii.iter().enumerate().map(|(n, r)| {
                let angle = n as f64 / count * std::f64::consts::TAU;
                Point::new(200.0 + r * angle.cos(), 200.0 + r * angle.sin())
            }).collect();
            prop_assert!(!self_intersects(&ring));
        }

        #[test]
        fn no_numbers_make_it_panic(points in prop::collection::vec((any::<f64>(), any::<f64>()), 0..12)) {
            let points: Vec<Point> = points.into_iter().map(|(x, y)| Point::new(x, y)).collect();
            let _ = self_intersects(&points);
        }
    }
}
