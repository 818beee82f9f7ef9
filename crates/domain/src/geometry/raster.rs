//! From outlines to pixels: a pixel belongs to a shape if its centre does.
//!
//! A centre exactly on the border counts where the shape lies to its right or below it, so shapes that share a border
//! neither overlap nor leave a gap. (COCO's own `frPoly` draws the border on a grid five times finer instead and takes
//! some pixels whose centre is outside; the two differ along the border only.)

use super::mask::{Builder, Strip};
use super::{Ellipse, Mask, Point, Polygon, Size, point::sin_cos, ring};

impl Mask {
    /// The pixels within rings, by the even–odd rule over all of them. A column costs as much as edges cross it.
    pub fn of_rings<'a>(size: Size, rings: impl Iterator<Item = &'a [Point]>) -> Mask {
        let mut edges: Vec<(Point, Point)> = rings
            .flat_map(ring::edges)
            .filter(|(a, b)| a.is_finite() && b.is_finite() && a.x != b.x)
            // Always from left to right: a border that two shapes share is computed once and the same for both.
            .map(|(a, b)| if a.x < b.x { (a, b) } else { (b, a) })
            .collect();
        edges.sort_by(|a, b| a.0.x.total_cmp(&b.0.x));
        let mut coming = edges.into_iter().peekable();
        let (mut active, mut crossings): (Vec<(Point, Point)>, Vec<f64>) = (Vec::new(), Vec::new());
        let mut builder = Builder::new(size);
        for x in 0..size.width {
            let centre = f64::from(x) + 0.5;
            while let Some(edge) = coming.next_if(|(a, _)| a.x <= centre) {
                active.push(edge);
            }
            active.retain(|(_, b)| b.x > centre);
            if active.is_empty() {
                if coming.peek().is_none() {
                    break;
                }
                continue;
            }
            crossings.clear();
            crossings.extend(active.iter().map(|(a, b)| a.y + (centre - a.x) * ((b.y - a.y) / (b.x - a.x))));
            crossings.sort_by(f64::total_cmp);
            for pair in crossings.chunks_exact(2) {
                if let [top, bottom] = pair {
                    builder.strip(strip(x, *top, *bottom));
                }
            }
        }
        builder.finish()
    }

    /// The pixels of a polygon, its holes left out.
    pub fn of_polygon(size: Size, polygon: &Polygon) -> Mask {
        Mask::of_rings(size, polygon.rings())
    }

    /// The pixels of an ellipse, by its equation `a·x² + 2b·x·y + c·y² ≤ 1` about its centre.
    pub fn of_ellipse(size: Size, ellipse: Ellipse) -> Mask {
        let mut builder = Builder::new(size);
        if !ellipse.is_finite() || ellipse.rx <= 0.0 || ellipse.ry <= 0.0 {
            return builder.finish();
        }
        let (sin, cos) = sin_cos(ellipse.angle);
        let (u, v) = (ellipse.rx.powi(-2), ellipse.ry.powi(-2));
        let (a, b, c) = (cos * cos * u + sin * sin * v, sin * cos * (u - v), sin * sin * u + cos * cos * v);
        for x in columns(ellipse.bounds().x, ellipse.bounds().right(), size) {
            let dx = f64::from(x) + 0.5 - ellipse.cx;
            let under = b * b * dx * dx - c * (a * dx * dx - 1.0);
            if under >= 0.0 {
                let (middle, half) = (ellipse.cy - b * dx / c, under.sqrt() / c);
                builder.strip(strip(x, middle - half, middle + half));
            }
        }
        builder.finish()
    }

    /// The pixels that a round brush of this radius covers on its way along a line, both ends round.
    pub fn of_stroke(size: Size, line: &[Point], radius: f64) -> Mask {
        let mut all = Mask::empty(size);
        let Some(first) = line.first() else { return all };
        if !radius.is_finite() || radius <= 0.0 {
            return all;
        }
        let ends = std::iter::once((*first, *first)).chain(line.iter().copied().zip(line.iter().copied().skip(1)));
        for (a, b) in ends.filter(|(a, b)| a.is_finite() && b.is_finite()) {
            all = all.joined(&dab(size, a, b, radius), super::mask::Join::Or);
        }
        all
    }
}

/// A brush pulled straight from one place to another. It is convex, so every column of it is one strip.
fn dab(size: Size, a: Point, b: Point, radius: f64) -> Mask {
    let mut builder = Builder::new(size);
    let length = a.distance(b);
    let side = (length > 0.0).then(|| ((b.y - a.y) / length * radius, (b.x - a.x) / length * radius));
    let body = side.map(|(dx, dy)| [a.moved(dx, -dy), b.moved(dx, -dy), b.moved(-dx, dy), a.moved(-dx, dy)]);
    for x in columns(a.x.min(b.x) - radius, a.x.max(b.x) + radius, size) {
        let centre = f64::from(x) + 0.5;
        let (mut top, mut bottom) = (f64::INFINITY, f64::NEG_INFINITY);
        for end in [a, b] {
            let under = radius * radius - (centre - end.x) * (centre - end.x);
            if under >= 0.0 {
                top = top.min(end.y - under.sqrt());
                bottom = bottom.max(end.y + under.sqrt());
            }
        }
        for (p, q) in body.iter().flat_map(|body| ring::edges(body)) {
            if (p.x <= centre) != (q.x <= centre) {
                let y = p.y + (centre - p.x) * (q.y - p.y) / (q.x - p.x);
                top = top.min(y);
                bottom = bottom.max(y);
            }
        }
        if top < bottom {
            builder.strip(strip(x, top, bottom));
        }
    }
    builder.finish()
}

/// The pixels of a column whose centres lie from `top` (included) to `bottom` (excluded). What is beyond the column's ends
/// is cut by the builder; a cast of a float never wraps.
fn strip(x: u32, top: f64, bottom: f64) -> Strip {
    Strip { x, top: (top - 0.5).ceil().max(0.0) as u32, bottom: (bottom - 0.5).ceil().max(0.0) as u32 }
}

fn columns(left: f64, right: f64, size: Size) -> std::ops::Range<u32> {
    ((left - 0.5).ceil().max(0.0) as u32)..((right + 0.5).ceil().max(0.0) as u32).min(size.width)
}

#[cfg(test)]
mod tests {
    use super::super::mask::Join;
    use super::*;
    use crate::geometry::{RotatedBox, polygon_contains, segment_distance};
    use proptest::prelude::*;

    fn each(size: Size) -> impl Iterator<Item = (u32, u32, Point)> {
        (0..size.width).flat_map(move |x| {
            (0..size.height).map(move |y| (x, y, Point::new(f64::from(x) + 0.5, f64::from(y) + 0.5)))
        })
    }

    #[test]
    fn whole_pixels_are_taken_whole() {
        let rect = super::super::Rect { x: 2.0, y: 1.0, w: 3.0, h: 4.0 };
        let mask = Mask::of_rings(Size::new(9, 9), [rect.corners().as_slice()].into_iter());
        assert_eq!((mask.area(), mask.bounds()), (12, Some(rect)));
    }

    #[test]
    fn a_centre_on_the_border_is_in_once() {
        let size = Size::new(4, 4);
        let half = |x: f64, w: f64| super::super::Rect { x, y: 0.5, w, h: 2.0 }.corners();
        let (left, right) = (half(0.5, 1.0), half(1.5, 2.0));
        let left = Mask::of_rings(size, [left.as_slice()].into_iter());
        let right = Mask::of_rings(size, [right.as_slice()].into_iter());
        assert_eq!((left.area(), right.area(), left.shared_area(&right)), (2, 4, 0));
    }

    #[test]
    fn endless_shapes_are_cut_and_strange_ones_empty() {
        let size = Size::new(5, 5);
        let wide = super::super::Rect { x: -1e300, y: -1e300, w: 2e300, h: 2e300 }.corners();
        assert_eq!(Mask::of_rings(size, [wide.as_slice()].into_iter()).area(), 25);
        assert!(Mask::of_ellipse(size, Ellipse { cx: 1.0, cy: 1.0, rx: f64::NAN, ry: 1.0, angle: 0.0 }).is_empty());
        assert!(Mask::of_stroke(size, &[], 3.0).is_empty());
        assert_eq!(Mask::of_stroke(size, &[Point::new(2.5, 2.5)], 1e9).area(), 25);
    }

    proptest! {
        #[test]
        fn rings_agree_with_centres(points in prop::collection::vec((-5.0..25.0f64, -5.0..25.0f64), 3..12)) {
            let size = Size::new(20, 17);
            let ring: Vec<Point> = points.into_iter().map(|(x, y)| Point::new(x, y)).collect();
            let mask = Mask::of_rings(size, [ring.as_slice()].into_iter());
            for (x, y, centre) in each(size) {
                prop_assert_eq!(mask.has(x, y), polygon_contains(&ring, centre), "at {},{}", x, y);
            }
        }

        #[test]
        fn ellipses_agree_with_centres(cx in 0.0..20.0f64, cy in 0.0..20.0f64, rx in 0.3..15.0f64, ry in 0.3..15.0f64, angle in 0.0..360.0f64) {
            let (size, ellipse) = (Size::new(20, 17), Ellipse { cx, cy, rx, ry, angle });
            let mask = Mask::of_ellipse(size, ellipse);
            for (x, y, centre) in each(size) {
                prop_assert_eq!(mask.has(x, y), ellipse.contains(centre), "at {},{}", x, y);
            }
        }

        #[test]
        fn strokes_agree_with_centres(line in prop::collection::vec((0.0..20.0f64, 0.0..20.0f64), 1..5), radius in 0.2..8.0f64) {
            let size = Size::new(20, 17);
            let line: Vec<Point> = line.into_iter().map(|(x, y)| Point::new(x, y)).collect();
            let mask = Mask::of_stroke(size, &line, radius);
            for (x, y, centre) in each(size) {
                let ends = line.iter().zip(line.iter().skip(1)).map(|(a, b)| segment_distance(centre, *a, *b).0);
                let near = ends.fold(line[0].distance(centre), f64::min);
                prop_assert_eq!(mask.has(x, y), near < radius, "at {},{}", x, y);
            }
        }

        #[test]
        fn neighbours_share_no_pixel(cx in 2.0..18.0f64, angle in 0.0..360.0f64, w in 2.0..20.0f64, h in 1.0..9.0f64) {
            // Two halves of a turned box along a common side.
            let size = Size::new(20, 20);
            let whole = RotatedBox { cx, cy: 9.0, w, h, angle };
            let [a, b, c, d] = whole.corners();
            let (m, n) = (a.toward(b, 0.5), d.toward(c, 0.5));
            let of = |ring: &[Point]| Mask::of_rings(size, [ring].into_iter());
            let (left, right) = (of(&[a, m, n, d]), of(&[m, b, c, n]));
            prop_assert_eq!(left.shared_area(&right), 0);
            let whole = of(&[a, m, b, c, n, d]);
            prop_assert_eq!(left.joined(&right, Join::Or), whole);
        }
    }
}
