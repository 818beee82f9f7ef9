//! A line that was found from pixel to pixel without its stairs and its wobble. It keeps the number of places, not of
//! vertices: [`super::simplify_line`] takes out those that say nothing any more.

use super::Point;

/// The most places between two vertices: further apart than this no picture is wide.
const STEPS_MAX: f64 = 65_536.0;

/// Each place of the line, about a pixel apart, goes to the mean of those up to `reach` places before and after it, but no
/// further than `most`. Towards the ends it reaches less far, and both ends stay.
pub fn soften_line(points: &[Point], reach: usize, most: f64) -> Vec<Point> {
    let steps = stepped(points);
    // Sums up to each place: a mean costs the same however far it reaches.
    let mut sum = (0.0, 0.0);
    let mut sums = vec![sum];
    sums.extend(steps.iter().map(|p| {
        sum = (sum.0 + p.x, sum.1 + p.y);
        sum
    }));
    let last = steps.len().saturating_sub(1);
    let softened = |(n, p): (usize, &Point)| {
        let by = reach.min(n).min(last - n);
        let (Some(from), Some(to)) = (sums.get(n - by), sums.get(n + by + 1)) else { return *p };
        let count = (2 * by + 1) as f64;
        let mean = Point::new((to.0 - from.0) / count, (to.1 - from.1) / count);
        let far = p.distance(mean);
        if by == 0 || far == 0.0 { *p } else { p.toward(mean, (most / far).min(1.0)) }
    };
    steps.iter().enumerate().map(softened).collect()
}

/// The line with a place at every pixel that it passes.
fn stepped(points: &[Point]) -> Vec<Point> {
    let mut steps: Vec<Point> = points.first().copied().into_iter().collect();
    for (a, b) in points.iter().zip(points.iter().skip(1)) {
        let count = (b.x - a.x).abs().max((b.y - a.y).abs()).round().clamp(1.0, STEPS_MAX) as u32;
        let between = (1..count).map(|n| a.toward(*b, f64::from(n) / f64::from(count)));
        steps.extend(between.chain([*b]));
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::simplify_line;
    use proptest::prelude::*;

    /// Up a slope of one in six, a pixel off it now and then, as the cheapest way along a grainy edge runs.
    fn stairs() -> Vec<Point> {
        let off = [0.0, 0.0, 1.0, 1.0, 0.0, -1.0, -1.0, 0.0];
        (0..96_u32).map(|n| Point::new(f64::from(n), f64::from(n / 6) + off[n as usize / 3 % 8])).collect()
    }

    #[test]
    fn stairs_become_a_slope() {
        let softened = simplify_line(&soften_line(&stairs(), 4, 1.0), 0.5);
        let before = simplify_line(&stairs(), 0.6);
        assert!(softened.len() * 2 < before.len(), "{} of {}", softened.len(), before.len());
        let steepest = |line: &[Point]| {
            line.windows(2).map(|pair| ((pair[1].y - pair[0].y) / (pair[1].x - pair[0].x)).abs()).fold(0.0, f64::max)
        };
        assert!(steepest(&softened) < 0.6 * steepest(&before), "{} of {}", steepest(&softened), steepest(&before));
    }

    #[test]
    fn a_straight_line_and_a_single_point_stay() {
        let line = [Point::new(0.0, 0.0), Point::new(8.0, 4.0)];
        let softened = soften_line(&line, 3, 1.0);
        assert_eq!(softened.len(), 9);
        for p in softened {
            assert!((p.y - p.x / 2.0).abs() < 1e-9, "{p:?}");
        }
        assert_eq!(soften_line(&line[..1], 3, 1.0), line[..1]);
        assert_eq!(soften_line(&[], 3, 1.0), []);
    }

    proptest! {
        #[test]
        fn ends_stay_and_nothing_goes_further_than_allowed(
            steps in prop::collection::vec((-3..=3_i32, -3..=3_i32), 1..60), reach in 0..9_usize, most in 0.0..2.0f64,
        ) {
            let mut at = Point::new(50.0, 50.0);
            let line: Vec<Point> = steps.iter().map(|(dx, dy)| { at = at.moved(f64::from(*dx), f64::from(*dy)); at }).collect();
            let (places, softened) = (stepped(&line), soften_line(&line, reach, most));
            prop_assert_eq!((softened.first(), softened.last()), (line.first(), line.last()));
            prop_assert_eq!(softened.len(), places.len());
            for (p, was) in softened.iter().zip(&places) {
                prop_assert!(p.distance(*was) <= most + 1e-9);
            }
        }
    }
}
