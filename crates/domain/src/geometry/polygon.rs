//! The polygon: an outer ring, and holes where there are any.
//!
//! Rings do not touch themselves or each other and holes lie side by side within the outer ring, so that inside and
//! outside are never in doubt; which way round a ring goes says nothing.

use super::{Fault, POLYGON_MAX_POINTS, Point, Rect, SLACK, Size, point, ring, simple, simplify_ring};
use serde::{Deserialize, Serialize};

/// A polygon.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Polygon {
    /// The vertices of the outer ring, not closed: the last is joined to the first.
    #[serde(with = "point::pairs")]
    pub points: Vec<Point>,
    /// The rings of the holes.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "point::rings")]
    pub holes: Vec<Vec<Point>>,
}

impl Polygon {
    /// A polygon without holes.
    pub fn new(points: Vec<Point>) -> Self {
        Self { points, holes: Vec::new() }
    }

    /// Every ring, the outer one first.
    pub fn rings(&self) -> impl Iterator<Item = &[Point]> {
        std::iter::once(self.points.as_slice()).chain(self.holes.iter().map(Vec::as_slice))
    }

    /// How many vertices all rings have.
    pub fn len(&self) -> usize {
        self.rings().map(<[Point]>::len).sum()
    }

    /// There is no vertex.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Area: the outer ring's less the holes', each by the shoelace formula.
    pub fn area(&self) -> f64 {
        let holes: f64 = self.holes.iter().map(|hole| ring::polygon_area(hole)).sum();
        ring::polygon_area(&self.points) - holes
    }

    /// The smallest upright rectangle around it.
    pub fn bounds(&self) -> Option<Rect> {
        Rect::around(&self.points)
    }

    /// Does it hold the point (even–odd rule over all rings)?
    pub fn contains(&self, p: Point) -> bool {
        self.rings().filter(|ring| ring::polygon_contains(ring, p)).count() % 2 == 1
    }

    /// Every vertex put through a function.
    pub fn map(&self, to: impl Fn(Point) -> Point) -> Polygon {
        let each = |ring: &Vec<Point>| ring.iter().map(|p| to(*p)).collect();
        Polygon { points: each(&self.points), holes: self.holes.iter().map(each).collect() }
    }

    /// Fewer vertices within the tolerance of the border, and still sound: where the result would cross itself, a finer
    /// tolerance is tried (a half, a quarter, … a 64th), and at last the polygon is left as it is. Holes smaller than a
    /// square of the tolerance are closed.
    pub fn simplified(&self, tolerance: f64) -> Polygon {
        let mut tolerance = tolerance;
        for _ in 0..7 {
            let mut simpler = Polygon::new(simplify_ring(&ring::without_repeats(&self.points), tolerance));
            let kept = self.holes.iter().filter(|hole| ring::polygon_area(hole) > tolerance * tolerance);
            simpler.holes = kept.map(|hole| simplify_ring(&ring::without_repeats(hole), tolerance)).collect();
            if simpler.is_sound() {
                return simpler;
            }
            tolerance /= 2.0;
        }
        self.clone()
    }

    /// Is it a sound polygon on an image of this size?
    pub fn check(&self, size: Size) -> Result<(), Fault> {
        if self.len() > POLYGON_MAX_POINTS {
            return Err(Fault::TooManyPoints { most: POLYGON_MAX_POINTS });
        }
        if !self.rings().flatten().all(|p| p.is_finite()) {
            return Err(Fault::NotFinite);
        }
        if !ring::has_distinct(&self.points, 3) || !self.holes.iter().all(|hole| ring::has_distinct(hole, 3)) {
            return Err(Fault::TooFewPoints { least: 3 });
        }
        if !self.rings().flatten().all(|p| size.holds(*p, SLACK)) {
            return Err(Fault::Outside { size });
        }
        self.soundness()
    }

    /// Is it sound, wherever it lies?
    pub fn is_sound(&self) -> bool {
        ring::has_distinct(&self.points, 3) && self.soundness().is_ok()
    }

    fn soundness(&self) -> Result<(), Fault> {
        if self.rings().any(|ring| ring::polygon_area(ring) <= 0.0) {
            return Err(Fault::ZeroArea);
        }
        let rings: Vec<&[Point]> = self.rings().collect();
        if simple::rings_touch(&rings) {
            return Err(Fault::SelfIntersection);
        }
        // No two rings touch, so one vertex tells where a whole ring lies.
        for (n, hole) in self.holes.iter().enumerate() {
            let Some(&p) = hole.first() else { return Err(Fault::TooFewPoints { least: 3 }) };
            let within = |(m, other): (usize, &Vec<Point>)| m != n && ring::polygon_contains(other, p);
            if !ring::polygon_contains(&self.points, p) || self.holes.iter().enumerate().any(within) {
                return Err(Fault::HoleOutside);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn square(at: f64, side: f64) -> Vec<Point> {
        Rect { x: at, y: at, w: side, h: side }.corners().to_vec()
    }

    #[test]
    fn holes_are_taken_off() {
        let frame = Polygon { points: square(0.0, 10.0), holes: vec![square(2.0, 3.0)] };
        assert_eq!(frame.check(Size::new(10, 10)), Ok(()));
        assert_eq!(frame.area(), 91.0);
        assert!(frame.contains(Point::new(1.0, 1.0)) && !frame.contains(Point::new(3.0, 3.0)));
    }

    #[test]
    fn every_fault_has_its_name() {
        let size = Size::new(10, 10);
        let refused = |points: Vec<Point>, holes: Vec<Vec<Point>>| Polygon { points, holes }.check(size).unwrap_err();
        assert_eq!(refused(vec![Point::new(0.0, f64::NAN); 4], vec![]), Fault::NotFinite);
        assert_eq!(refused(square(0.0, 5.0)[..2].to_vec(), vec![]), Fault::TooFewPoints { least: 3 });
        assert_eq!(refused(square(0.0, 11.0), vec![]), Fault::Outside { size });
        assert_eq!(refused(vec![Point::default(); 2_001], vec![]), Fault::TooManyPoints { most: 2_000 });
        let line = [0.0, 5.0, 9.0].map(|at| Point::new(at, at)).to_vec();
        assert_eq!(refused(line, vec![]), Fault::ZeroArea);
        assert_eq!(refused(square(0.0, 9.0), vec![square(1.0, 3.0), square(2.0, 3.0)]), Fault::SelfIntersection);
        assert_eq!(refused(square(0.0, 9.0), vec![square(1.0, 5.0), square(2.0, 3.0)]), Fault::HoleOutside);
        assert_eq!(refused(square(0.0, 3.0), vec![square(5.0, 3.0)]), Fault::HoleOutside);
    }

    #[test]
    fn its_json_is_short() {
        let json = r#"{"points":[[0.0,0.0],[4.0,0.0],[4.0,4.0]]}"#;
        let read: Polygon = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), json);
    }

    proptest! {
        #[test]
        fn a_simplified_polygon_is_sound(radii in prop::collection::vec(5.0..100.0f64, 3..200), tolerance in 0.0..40.0f64) {
            let count = radii.len() as f64;
            let ring = radii.iter().enumerate().map(|(n, r)| {
                Point::new(200.0 + r, 200.0).turned(Point::new(200.0, 200.0), 360.0 * n as f64 / count)
            }).collect();
            let polygon = Polygon::new(ring);
            let simpler = polygon.simplified(tolerance);
            prop_assert_eq!(simpler.check(Size::new(400, 400)), Ok(()));
            prop_assert!(simpler.len() <= polygon.len());
        }
    }
}
