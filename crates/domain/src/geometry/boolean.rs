//! Cutting and merging polygons.
//!
//! `i_overlay` does the work, on a grid of 1/3200 of a pixel on which hundredths lie exactly: one grid for every call, so
//! that a result never depends on what else is on the image. What comes out is sound ([`Polygon::check`]) and on
//! the grid of hundredths, as if somebody had drawn it.

use super::{GRAIN, Point, Polygon, Size, convex, ring};
use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{ContourDirection, IntOverlayOptions, Overlay};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::core::solver::Solver;
use i_overlay::i_float::int::point::IntPoint;
use i_overlay::i_shape::int::shape::IntShape;

/// Grid lines in a pixel: a multiple of 100.
const FINE: f64 = 3_200.0;

/// Coordinates beyond this are pulled to it: the grid has 31 bits.
const FAR: f64 = 300_000.0;

/// What either of the polygons covers: one polygon where they overlap or share a border, else both.
pub fn merged(polygons: &[&Polygon]) -> Vec<Polygon> {
    let mut all = Vec::new();
    for polygon in polygons {
        all.push(shape(polygon));
    }
    sound(overlay(&all, &[], OverlayRule::Subject))
}

/// What is left of a polygon when another is cut out of it.
pub fn cut(from: &Polygon, other: &Polygon) -> Vec<Polygon> {
    sound(overlay(&[shape(from)], &[shape(other)], OverlayRule::Difference))
}

/// What both polygons cover.
pub fn shared(a: &Polygon, b: &Polygon) -> Vec<Polygon> {
    sound(overlay(&[shape(a)], &[shape(b)], OverlayRule::Intersect))
}

/// A polygon cut to the image.
pub fn clipped(polygon: &Polygon, size: Size) -> Vec<Polygon> {
    shared(polygon, &Polygon::new(super::Rect::whole(size).corners().to_vec()))
}

/// The area that both cover, not rounded to the grid of hundredths: within 1/3200 pixel times the border's length.
pub fn shared_area(a: &Polygon, b: &Polygon) -> f64 {
    grid_area(&overlay(&[shape(a)], &[shape(b)], OverlayRule::Intersect))
}

/// The area of shapes as they lie on the fine grid.
fn grid_area(shapes: &[IntShape<i32>]) -> f64 {
    let area = |ring: &Vec<IntPoint<i32>>| ring::signed_area(&ring.iter().map(point).collect::<Vec<_>>()).abs();
    let whole = |shape: &IntShape<i32>| {
        let mut rings = shape.iter().map(area);
        rings.next().unwrap_or_default() - rings.sum::<f64>()
    };
    shapes.iter().map(whole).sum()
}

/// Intersection over union of two polygons, holes left out; 0 where both are empty.
pub fn iou(a: &Polygon, b: &Polygon) -> f64 {
    let apart = match (a.bounds(), b.bounds()) {
        (Some(a), Some(b)) => !a.touches(b),
        _ => true,
    };
    if apart {
        return 0.0;
    }
    // All three on the one grid, so that a shape and itself give exactly 1.
    let (a, b) = ([shape(a)], [shape(b)]);
    let shared = grid_area(&overlay(&a, &b, OverlayRule::Intersect));
    let union = grid_area(&a) + grid_area(&b) - shared;
    if union > 0.0 { (shared / union).clamp(0.0, 1.0) } else { 0.0 }
}

fn overlay(subject: &[IntShape<i32>], clip: &[IntShape<i32>], rule: OverlayRule) -> Vec<IntShape<i32>> {
    let points = subject.iter().chain(clip).flatten().map(Vec::len).sum();
    let options = IntOverlayOptions {
        preserve_input_collinear: false,
        output_direction: ContourDirection::CounterClockwise,
        // Places where rings touch must stay vertices, so that they can be drawn apart.
        preserve_output_collinear: true,
        min_output_area: 0,
        ogc: true,
    };
    let mut overlay = Overlay::<i32>::new_custom(points, options, Solver::AUTO);
    overlay.add_source(subject, i_overlay::core::overlay::ShapeType::Subject);
    overlay.add_source(clip, i_overlay::core::overlay::ShapeType::Clip);
    overlay.overlay(rule, FillRule::NonZero)
}

/// The rings on the fine grid, the outer one and the holes going opposite ways round.
fn shape(polygon: &Polygon) -> IntShape<i32> {
    let place = |value: f64| (value.clamp(-FAR, FAR) * FINE).round() as i32;
    let wind = |(n, points): (usize, &[Point])| {
        let mut points: Vec<IntPoint<i32>> = points.iter().map(|p| IntPoint::new(place(p.x), place(p.y))).collect();
        if (ring::signed_area(&points.iter().map(point).collect::<Vec<_>>()) > 0.0) != (n == 0) {
            points.reverse();
        }
        points
    };
    polygon.rings().enumerate().map(wind).collect()
}

fn point(place: &IntPoint<i32>) -> Point {
    Point::new(f64::from(place.x) / FINE, f64::from(place.y) / FINE)
}

/// Polygons on the grid of hundredths; slivers that vanish there are left out, and rings that touch are drawn apart.
fn sound(shapes: Vec<IntShape<i32>>) -> Vec<Polygon> {
    let mut out = Vec::new();
    let mut open: Vec<(IntShape<i32>, u8)> = shapes.into_iter().rev().map(|shape| (shape, 0)).collect();
    while let Some((shape, tries)) = open.pop() {
        let mut rings = shape
            .iter()
            .map(|ring| ring::without_repeats(&ring.iter().map(|place| point(place).rounded()).collect::<Vec<_>>()));
        let touching = Polygon {
            points: rings.next().unwrap_or_default(),
            holes: rings.filter(|hole| ring::polygon_area(hole) > GRAIN * GRAIN).collect(),
        };
        if ring::polygon_area(&touching.points) <= GRAIN * GRAIN {
            continue;
        }
        let plain = straightened(&touching);
        if plain.is_sound() {
            out.push(plain);
            continue;
        }
        // A step that a narrow wedge leaves no room for is made longer.
        let mut steps = [2.0, 8.0, 32.0, 128.0].into_iter().map(|grains| straightened(&drawn_apart(&touching, grains)));
        if let Some(apart) = steps.find(Polygon::is_sound) {
            out.push(apart);
        } else if tries == 3 {
            out.extend(thinned(plain));
        } else {
            // Rounding made borders cross: let the overlay sort the rounded polygon out.
            open.extend(overlay(&[self::shape(&plain)], &[], OverlayRule::Subject).into_iter().map(|s| (s, tries + 1)));
        }
    }
    out
}

/// The polygon without the vertices that matter least (by the triangle with their neighbours, as Visvalingam and Whyatt
/// 1993 weigh them), one after the other until it is sound: what crosses by rounding is thinner than the grid. Nothing if
/// nothing sound is left.
fn thinned(mut polygon: Polygon) -> Option<Polygon> {
    while !polygon.is_sound() {
        let mut least: Option<(f64, usize, usize)> = None;
        for (r, points) in polygon.rings().enumerate() {
            let count = points.len();
            // A triangle goes as a whole, the outer one never.
            if count <= 3 && r == 0 {
                continue;
            }
            let at = |n: usize| points.get(n % count.max(1)).copied().unwrap_or_default();
            for n in 0..count.max(1) {
                let weight = convex::side(at(n + count.saturating_sub(1)), at(n), at(n + 1)).abs();
                if least.is_none_or(|(known, ..)| weight < known) {
                    least = Some((weight, r, n));
                }
            }
        }
        let (_, r, n) = least?;
        match r.checked_sub(1) {
            None => {
                polygon.points.remove(n);
            }
            Some(hole) if polygon.holes.get(hole).is_some_and(|points| points.len() > 3) => {
                polygon.holes.get_mut(hole)?.remove(n);
            }
            Some(hole) => {
                polygon.holes.remove(hole);
            }
        }
    }
    (ring::polygon_area(&polygon.points) > GRAIN * GRAIN).then_some(polygon)
}

/// The polygon without vertices in the middle of a straight side.
fn straightened(polygon: &Polygon) -> Polygon {
    let straight = |points: &Vec<Point>| -> Vec<Point> {
        let count = points.len();
        let at = |n: usize| points.get(n % count.max(1)).copied().unwrap_or_default();
        (0..count).filter(|n| convex::side(at(n + count - 1), at(*n), at(n + 1)).abs() > 1e-9).map(at).collect()
    };
    Polygon {
        points: straight(&polygon.points),
        holes: polygon.holes.iter().map(straight).filter(|hole| hole.len() >= 3).collect(),
    }
}

/// Every vertex of a hole that other rings have too moved into the hole by so many hundredths of a pixel, and every vertex
/// that the outer ring has twice moved into the polygon: what hangs on a point hangs on a thread.
fn drawn_apart(polygon: &Polygon, grains: f64) -> Polygon {
    let sorted = |points: &mut dyn Iterator<Item = Point>| {
        let mut all: Vec<Point> = points.collect();
        all.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
        all
    };
    let (everywhere, outside) =
        (sorted(&mut polygon.rings().flatten().copied()), sorted(&mut polygon.points.iter().copied()));
    let draw = |points: &Vec<Point>, among: &[Point]| -> Vec<Point> {
        let count = points.len();
        let at = |n: usize| points.get(n % count.max(1)).copied().unwrap_or_default();
        let is_twice = |p: Point| {
            let from = among.partition_point(|q| (q.x, q.y) < (p.x, p.y));
            among.get(from + 1) == Some(&p)
        };
        // The inside lies to the right of a ring that goes clockwise as seen.
        let side = if ring::signed_area(points) > 0.0 { 1.0 } else { -1.0 };
        let moved = |n: usize| {
            let (before, here, after) = (at(n + count - 1), at(n), at(n + 1));
            if !is_twice(here) {
                return here;
            }
            let normal = |a: Point, b: Point| {
                let length = a.distance(b).max(GRAIN);
                (-(b.y - a.y) / length * side, (b.x - a.x) / length * side)
            };
            let ((ax, ay), (bx, by)) = (normal(before, here), normal(here, after));
            let length = (ax + bx).hypot(ay + by);
            let (x, y) = if length > 1e-6 { ((ax + bx) / length, (ay + by) / length) } else { (ax, ay) };
            here.moved(x * grains * GRAIN, y * grains * GRAIN).rounded()
        };
        (0..count).map(moved).collect()
    };
    Polygon {
        points: draw(&polygon.points, &outside),
        holes: polygon.holes.iter().map(|hole| draw(hole, &everywhere)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Mask, Rect, mask::Join};
    use proptest::prelude::*;

    fn square(x: f64, y: f64, side: f64) -> Polygon {
        Polygon::new(Rect { x, y, w: side, h: side }.corners().to_vec())
    }

    #[test]
    fn known_squares() {
        let (a, b) = (square(0.0, 0.0, 10.0), square(5.0, 5.0, 10.0));
        assert!((iou(&a, &b) - 1.0 / 7.0).abs() < 1e-9);
        assert_eq!(merged(&[&a, &b]).iter().map(Polygon::area).collect::<Vec<_>>(), [175.0]);
        assert_eq!(cut(&a, &b).iter().map(Polygon::area).collect::<Vec<_>>(), [75.0]);
        assert_eq!(shared(&a, &b), [Polygon::new(shared(&a, &b)[0].points.clone())]);
        assert_eq!(cut(&a, &a), []);
        assert_eq!(iou(&square(0.0, 0.0, 0.0), &square(0.0, 0.0, 0.0)), 0.0);
    }

    #[test]
    fn a_hole_is_cut_and_filled_again() {
        let (outer, inner) = (square(0.0, 0.0, 10.0), square(3.0, 3.0, 4.0));
        let frame = cut(&outer, &inner);
        assert_eq!((frame.len(), frame[0].holes.len(), frame[0].area()), (1, 1, 84.0));
        assert_eq!(merged(&[&frame[0], &inner]).iter().map(Polygon::len).collect::<Vec<_>>(), [4]);
    }

    #[test]
    fn neighbours_with_a_common_border_become_one_without_its_vertices() {
        let merged = merged(&[&square(0.0, 0.0, 10.0), &square(10.0, 0.0, 10.0)]);
        assert_eq!(merged.iter().map(|polygon| (polygon.len(), polygon.area())).collect::<Vec<_>>(), [(4, 200.0)]);
    }

    #[test]
    fn what_touches_at_a_point_is_drawn_apart() {
        // The cut-out square touches the border at one corner.
        let tip =
            Polygon::new([(5.0, 0.0), (8.0, 4.0), (5.0, 8.0), (2.0, 4.0)].map(|(x, y)| Point::new(x, y)).to_vec());
        for polygon in cut(&square(0.0, 0.0, 10.0), &tip) {
            assert_eq!(polygon.check(Size::new(10, 10)), Ok(()));
            assert!((polygon.area() - 76.0).abs() < 0.2);
        }
    }

    #[test]
    fn strange_numbers_are_borne() {
        let strange = Polygon::new(
            [(f64::NAN, 0.0), (f64::INFINITY, 1e300), (3.0, 4.0), (-1e300, 2.0)]
                .map(|(x, y)| Point::new(x, y))
                .to_vec(),
        );
        let _ = (merged(&[&strange]), cut(&strange, &square(0.0, 0.0, 1.0)), iou(&strange, &strange));
    }

    fn star() -> impl Strategy<Value = Polygon> {
        ((20.0..80.0f64, 20.0..80.0f64), prop::collection::vec(2.0..20.0f64, 3..14)).prop_map(|((x, y), radii)| {
            let (centre, count) = (Point::new(x, y), radii.len() as f64);
            let at = |(n, r): (usize, &f64)| Point::new(x + r, y).turned(centre, 360.0 * n as f64 / count).rounded();
            Polygon::new(radii.iter().enumerate().map(at).collect())
        })
    }

    proptest! {
        #[test]
        fn areas_add_up_and_results_are_sound(a in star(), b in star()) {
            let size = Size::new(100, 100);
            prop_assume!(a.is_sound() && b.is_sound());
            let total = |polygons: &[Polygon]| polygons.iter().map(Polygon::area).sum::<f64>();
            let (or, less, and) = (merged(&[&a, &b]), cut(&a, &b), shared(&a, &b));
            for polygon in or.iter().chain(&less).chain(&and) {
                prop_assert_eq!(polygon.check(size), Ok(()));
            }
            // Each vertex may be rounded by half a hundredth, along borders below 400 pixels long.
            prop_assert!((total(&or) - (a.area() + b.area() - total(&and))).abs() < 4.0);
            prop_assert!((total(&less) - (a.area() - total(&and))).abs() < 4.0);
            prop_assert!((shared_area(&a, &b) - total(&and)).abs() < 2.0);
            prop_assert!((iou(&a, &a) - 1.0).abs() < 1e-9);
            // And the pixels agree, but for those that a border runs through.
            let of = |polygons: &[Polygon]| {
                polygons.iter().fold(Mask::empty(size), |all, polygon| all.joined(&Mask::of_polygon(size, polygon), Join::Or))
            };
            let (a, b) = (of(&[a]), of(&[b]));
            for (polygons, join) in [(or, Join::Or), (less, Join::Less), (and, Join::And)] {
                let wrong = of(&polygons).joined(&a.joined(&b, join), Join::Xor).area();
                prop_assert!(wrong <= 6, "{wrong} pixels");
            }
        }

    }

    #[test]
    fn a_hole_that_touches_in_a_narrow_wedge_is_drawn_apart() {
        let of =
            |points: &[(f64, f64)]| Polygon::new(points.iter().map(|(x, y)| Point::new(x * 2.0, y * 2.0)).collect());
        let a = of(&[(2.0, 0.0), (3.0, 6.0), (2.0, 1.0)]);
        let b = of(&[(2.0, 0.0), (3.0, 3.0), (0.0, 0.0), (5.0, 6.0)]);
        for (polygons, area) in
            [(merged(&[&a, &b]), None), (cut(&a, &b), Some(0.0..2.0)), (shared(&a, &b), Some(0.0..2.0))]
        {
            for polygon in &polygons {
                assert_eq!(polygon.check(Size::new(14, 14)), Ok(()), "{polygon:?}");
            }
            let whole: f64 = polygons.iter().map(Polygon::area).sum();
            if let Some(area) = area {
                assert!(area.contains(&whole), "{whole}");
            }
        }
        let (both, one, other) = (area_of(&merged(&[&a, &b])), a.area(), b.area());
        assert!((both - (one + other - shared_area(&a, &b))).abs() < 0.5, "{both} of {one} and {other}");
    }

    fn area_of(polygons: &[Polygon]) -> f64 {
        polygons.iter().map(Polygon::area).sum()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, max_global_rejects: 20_000, ..ProptestConfig::default() })]

        #[test]
        fn whole_numbers_make_touches_and_all_stays_sound(
            a in prop::collection::vec((0..8_i32, 0..8_i32), 3..8), b in prop::collection::vec((0..8_i32, 0..8_i32), 3..8),
        ) {
            let of = |points: Vec<(i32, i32)>| {
                Polygon::new(points.into_iter().map(|(x, y)| Point::new(f64::from(x) * 2.0, f64::from(y) * 2.0)).collect())
            };
            let (a, b) = (of(a), of(b));
            prop_assume!(a.is_sound() && b.is_sound());
            for polygon in merged(&[&a, &b]).iter().chain(&cut(&a, &b)).chain(&shared(&a, &b)) {
                prop_assert_eq!(polygon.check(Size::new(14, 14)), Ok(()));
            }
        }
    }
}
