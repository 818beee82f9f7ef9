//! Fewer vertices within a tolerance (Ramer 1972, Douglas and Peucker 1973).

use super::{Point, segment_distance};

/// The line with as few vertices as Douglas–Peucker finds: no vertex that was dropped lies further than `tolerance`
/// from the segment that replaces it. Both ends stay. O(n log n) whatever the line: where splits at the furthest vertex
/// stay lopsided, the halves are split in the middle, which keeps a vertex more and the promise.
pub fn simplify_line(points: &[Point], tolerance: f64) -> Vec<Point> {
    let mut keep = vec![false; points.len()];
    mark(points, 0, points.len().saturating_sub(1), tolerance, &mut keep);
    chosen(points, &keep)
}

/// The ring with fewer vertices, in their order, never fewer than 3 where it had them. Its leftmost vertex and the one
/// furthest from that always stay: both are corners of the hull, so no round start leaves a dent.
///
/// It may cross itself where thin parts lie within the tolerance of each other: [`super::Polygon::simplified`] does not.
pub fn simplify_ring(points: &[Point], tolerance: f64) -> Vec<Point> {
    let count = points.len();
    let leftmost = (0..count).min_by(|a, b| by_place(points, *a, *b));
    let Some(start) = leftmost.filter(|_| count > 3) else { return points.to_vec() };
    // The ring opened at its leftmost vertex, which is repeated at the end.
    let opened: Vec<Point> = points.iter().cycle().skip(start).take(count + 1).copied().collect();
    let Some(&first) = opened.first() else { return points.to_vec() };
    let far = (1..count).max_by(|a, b| distance_of(&opened, *a, first).total_cmp(&distance_of(&opened, *b, first)));
    let far = far.unwrap_or(1);
    let mut keep = vec![false; count + 1];
    mark(&opened, 0, far, tolerance, &mut keep);
    mark(&opened, far, count, tolerance, &mut keep);
    let mut flags: Vec<bool> = (0..count).map(|n| keep.get((n + count - start) % count) == Some(&true)).collect();
    if flags.iter().filter(|kept| **kept).count() < 3 {
        // A sliver: the vertex furthest from its axis makes it a triangle again.
        let axis = (first, opened.get(far).copied().unwrap_or(first));
        let off = |n: &usize| points.get(*n).map_or(0.0, |p| segment_distance(*p, axis.0, axis.1).0);
        let dropped = (0..count).filter(|n| flags.get(*n) == Some(&false));
        if let Some(flag) = dropped.max_by(|a, b| off(a).total_cmp(&off(b))).and_then(|widest| flags.get_mut(widest)) {
            *flag = true;
        }
    }
    chosen(points, &flags)
}

fn mark(points: &[Point], from: usize, to: usize, tolerance: f64, keep: &mut [bool]) {
    let patience = 16 + 2 * points.len().max(1).ilog2();
    let mut open = vec![(from, to, 0)];
    while let Some((from, to, depth)) = open.pop() {
        let (Some(&a), Some(&b)) = (points.get(from), points.get(to)) else { continue };
        for end in [from, to] {
            if let Some(flag) = keep.get_mut(end) {
                *flag = true;
            }
        }
        let between = points.get(from + 1..to).unwrap_or_default();
        let furthest = between
            .iter()
            .enumerate()
            .map(|(n, p)| (segment_distance(*p, a, b).0, from + 1 + n))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        let Some((distance, at)) = furthest else { continue };
        if distance > tolerance {
            let at = if depth > patience { from + (to - from) / 2 } else { at };
            open.push((from, at, depth + 1));
            open.push((at, to, depth + 1));
        }
    }
}

fn by_place(points: &[Point], a: usize, b: usize) -> std::cmp::Ordering {
    let (Some(a), Some(b)) = (points.get(a), points.get(b)) else { return std::cmp::Ordering::Equal };
    a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y))
}

fn distance_of(points: &[Point], n: usize, from: Point) -> f64 {
    points.get(n).map_or(0.0, |p| p.distance(from))
}

fn chosen(points: &[Point], keep: &[bool]) -> Vec<Point> {
    points.iter().zip(keep).filter(|(_, keep)| **keep).map(|(point, _)| *point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn walk() -> impl Strategy<Value = Vec<Point>> {
        prop::collection::vec((-5.0..5.0f64, -5.0..5.0f64), 2..120).prop_map(|steps| {
            let mut at = Point::new(100.0, 100.0);
            steps
                .into_iter()
                .map(|(dx, dy)| {
                    at = at.moved(dx, dy);
                    at
                })
                .collect()
        })
    }

    fn off(points: &[Point], kept: &[Point], closed: bool) -> f64 {
        let mut segments: Vec<(Point, Point)> = kept.windows(2).map(|pair| (pair[0], pair[1])).collect();
        if closed {
            segments.push((kept[kept.len() - 1], kept[0]));
        }
        let nearest = |p: &Point| segments.iter().map(|(a, b)| segment_distance(*p, *a, *b).0).fold(f64::MAX, f64::min);
        points.iter().map(nearest).fold(0.0, f64::max)
    }

    #[test]
    fn a_square_with_points_on_its_sides() {
        let ring: Vec<Point> =
            [(2.0, 0.0), (4.0, 0.0), (4.0, 2.0), (4.0, 4.0), (2.0, 4.0), (0.0, 4.0), (0.0, 2.0), (0.0, 0.0)]
                .iter()
                .map(|&(x, y)| Point::new(x, y))
                .collect();
        let kept = simplify_ring(&ring, 0.1);
        assert_eq!(kept, [ring[1], ring[3], ring[5], ring[7]]);
    }

    #[test]
    fn a_line_made_to_split_at_its_end_stays_quick() {
        // Every split takes one vertex off: 200,000 of them would be 20 milliard distances without the middle splits.
        let line: Vec<Point> =
            (0..200_000).map(|n| Point::new(f64::from(n), (-f64::from(n) / 8_000.0).exp() * 1e9)).collect();
        let kept = simplify_line(&line, 1e-9);
        assert!(kept.len() > 1_000);
    }

    proptest! {
        #[test]
        fn nothing_is_further_off_than_the_tolerance(line in walk(), tolerance in 0.0..10.0f64) {
            let kept = simplify_line(&line, tolerance);
            prop_assert_eq!((kept.first(), kept.last()), (line.first(), line.last()));
            prop_assert!(kept.len() <= line.len());
            prop_assert!(off(&line, &kept, false) <= tolerance + 1e-9);
            let ring = simplify_ring(&line, tolerance);
            prop_assert!(ring.len() >= line.len().min(3));
            prop_assert!(off(&line, &ring, true) <= tolerance + 1e-9);
        }
    }
}
