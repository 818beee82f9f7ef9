//! Where a drawn point goes when it should stick: to a vertex of a neighbour, to its border, or to the border of the image.
//! Neighbours are found through the [`Index`]; nothing else is looked at.

use super::{Index, Point, Rect, Shape, Size, nearest_edge, segment_distance};

/// What a point sticks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hold {
    /// A vertex of a shape, the corner of a box, or a corner of the image.
    Vertex,
    /// Somewhere along the border of a shape.
    Edge,
    /// The border of the image.
    Border,
}

/// Where a point sticks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Snap {
    /// The place, on the grid that coordinates are kept to.
    pub at: Point,
    /// What is there.
    pub hold: Hold,
}

/// Where a point sticks, if anything is within `tolerance`: a vertex before a border, and what is nearer before what is
/// farther. `shape` gives a shape by its place, or nothing where it does not count.
pub fn snap<'a>(
    p: Point,
    index: &Index,
    shape: impl Fn(usize) -> Option<&'a Shape>,
    image: Size,
    tolerance: f64,
) -> Option<Snap> {
    if !p.is_finite() || !tolerance.is_finite() || tolerance <= 0.0 {
        return None;
    }
    let mut best = Best { p, tolerance, vertex: None, line: None };
    // Beyond its border the image is as near as its border.
    let whole = Rect::whole(image);
    let held = p.clamp(f64::from(image.width), f64::from(image.height));
    let corners = whole.corners();
    corners.iter().for_each(|corner| best.vertex(*corner));
    for (a, b) in corners.iter().zip(corners.iter().cycle().skip(1)) {
        let (_, at) = segment_distance(held, *a, *b);
        best.line(at, Hold::Border);
    }
    for near in index.within(Rect { x: p.x, y: p.y, w: 0.0, h: 0.0 }.grown(tolerance)) {
        if let Some(shape) = shape(near) {
            best.look_at(shape);
        }
    }
    let (at, hold) = best.vertex.map(|(at, _)| (at, Hold::Vertex)).or(best.line.map(|(at, _, hold)| (at, hold)))?;
    Some(Snap { at: at.rounded(), hold })
}

struct Best {
    p: Point,
    tolerance: f64,
    vertex: Option<(Point, f64)>,
    line: Option<(Point, f64, Hold)>,
}

impl Best {
    fn vertex(&mut self, at: Point) {
        let distance = at.distance(self.p);
        if distance <= self.tolerance && self.vertex.is_none_or(|(_, best)| distance < best) {
            self.vertex = Some((at, distance));
        }
    }

    fn line(&mut self, at: Point, hold: Hold) {
        let distance = at.distance(self.p);
        if distance <= self.tolerance && self.line.is_none_or(|(_, best, _)| distance < best) {
            self.line = Some((at, distance, hold));
        }
    }

    fn edges(&mut self, points: &[Point], closed: bool) {
        if let Some(hit) = nearest_edge(points, closed, self.p) {
            self.line(hit.at, Hold::Edge);
        }
    }

    fn ring(&mut self, points: &[Point], closed: bool) {
        points.iter().for_each(|at| self.vertex(*at));
        self.edges(points, closed);
    }

    fn look_at(&mut self, shape: &Shape) {
        match shape {
            Shape::Polygon(polygon) => polygon.rings().for_each(|ring| self.ring(ring, true)),
            Shape::Polyline(line) => self.ring(&line.points, false),
            Shape::Box(rect) => self.ring(&rect.corners(), true),
            Shape::RotatedBox(turned) => self.ring(&turned.corners(), true),
            Shape::Point(at) => self.vertex(*at),
            Shape::Skeleton(_) => shape.vertices().into_iter().for_each(|(_, at)| self.vertex(at)),
            // An ellipse has a border and no vertices; the pixels of a mask are steps, not a border to stick to.
            Shape::Ellipse(_) => shape.lines().iter().for_each(|(ring, closed)| self.edges(ring, *closed)),
            Shape::Mask(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::shape::tests::any_shape;
    use super::*;
    use crate::geometry::{GRAIN, Polygon};
    use proptest::prelude::*;

    const IMAGE: Size = Size { width: 200, height: 100 };

    fn stick(shapes: &[Shape], x: f64, y: f64) -> Option<(f64, f64, Hold)> {
        let found = snap(Point::new(x, y), &Index::of(shapes.iter()), |at| shapes.get(at), IMAGE, 5.0);
        found.map(|snap| (snap.at.x, snap.at.y, snap.hold))
    }

    fn square() -> Shape {
        Shape::Box(Rect { x: 40.0, y: 40.0, w: 30.0, h: 20.0 })
    }

    #[test]
    fn a_vertex_comes_before_a_border_and_far_away_nothing() {
        let shapes = [square()];
        assert_eq!(stick(&shapes, 43.0, 41.0), Some((40.0, 40.0, Hold::Vertex)));
        assert_eq!(stick(&shapes, 55.0, 42.0), Some((55.0, 40.0, Hold::Edge)));
        assert_eq!(stick(&shapes, 55.0, 50.0), None, "its middle is no border");
        assert_eq!(stick(&shapes, 30.0, 30.0), None);
    }

    #[test]
    fn the_image_has_corners_and_a_border() {
        assert_eq!(stick(&[], 3.0, 50.0), Some((0.0, 50.0, Hold::Border)));
        assert_eq!(stick(&[], 198.0, 97.0), Some((200.0, 100.0, Hold::Vertex)));
        assert_eq!(stick(&[], 100.0, 103.0), Some((100.0, 100.0, Hold::Border)), "from outside as well");
        assert_eq!(stick(&[], 100.0, 130.0), None);
    }

    #[test]
    fn what_does_not_count_is_passed_over() {
        let shapes = [square()];
        let found = snap(Point::new(41.0, 41.0), &Index::of(shapes.iter()), |_| None, IMAGE, 5.0);
        assert_eq!(found, None);
        let off = snap(Point::new(41.0, 41.0), &Index::of(shapes.iter()), |at| shapes.get(at), IMAGE, 0.0);
        assert_eq!(off, None);
    }

    #[test]
    fn a_hole_has_a_border_as_well() {
        let ring = |from: f64, to: f64| {
            [(from, from), (to, from), (to, to), (from, to)].map(|(x, y)| Point::new(x, y)).to_vec()
        };
        let holed = Shape::Polygon(Polygon { points: ring(20.0, 80.0), holes: vec![ring(40.0, 60.0)] });
        assert_eq!(stick(&[holed], 50.0, 43.0), Some((50.0, 40.0, Hold::Edge)));
    }

    proptest! {
        #[test]
        fn it_finds_what_a_loop_finds_and_never_leads_further_than_allowed(
            shapes in prop::collection::vec(any_shape(), 0..12),
            (x, y) in (-5.0..205.0f64, -5.0..105.0f64),
            tolerance in 0.5..12.0f64,
        ) {
            let p = Point::new(x, y);
            let found = snap(p, &Index::of(shapes.iter()), |at| shapes.get(at), IMAGE, tolerance);
            let mut looped = Best { p, tolerance, vertex: None, line: None };
            shapes.iter().for_each(|shape| looped.look_at(shape));
            if let Some(snap) = found {
                prop_assert!(snap.at.distance(p) <= tolerance + GRAIN);
                prop_assert_eq!(snap.at, snap.at.rounded());
            }
            // The image's own border may only be nearer.
            match (looped.vertex, looped.line, found) {
                (Some((_, distance)), _, Some(snap)) => {
                    prop_assert_eq!(snap.hold, Hold::Vertex);
                    prop_assert!(snap.at.distance(p) <= distance + GRAIN);
                }
                (None, Some((_, distance, _)), Some(snap)) if snap.hold != Hold::Vertex => {
                    prop_assert!(snap.at.distance(p) <= distance + GRAIN);
                }
                (Some(_), _, None) | (None, Some(_), None) => prop_assert!(false, "missed"),
                _ => {}
            }
        }
    }
}
