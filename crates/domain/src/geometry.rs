//! Plane geometry in pixels of the upright image: origin top left, y down, `f64`.
//! It knows nothing of screens, zoom or drawing.

use serde::{Deserialize, Serialize};

/// A point of the image.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Point {
    /// From the left edge.
    pub x: f64,
    /// From the top edge.
    pub y: f64,
}

/// An upright rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Rect {
    /// Left.
    pub x: f64,
    /// Top.
    pub y: f64,
    /// Width, not negative.
    pub w: f64,
    /// Height, not negative.
    pub h: f64,
}

impl Point {
    /// A point.
    pub fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// The distance to another point.
    pub fn distance(self, other: Point) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// The nearest point within an image of this size.
    pub fn clamp(self, width: f64, height: f64) -> Point {
        Point::new(self.x.clamp(0.0, width), self.y.clamp(0.0, height))
    }
}

impl Rect {
    /// The rectangle between two corners, whichever they are.
    pub fn between(a: Point, b: Point) -> Rect {
        Rect { x: a.x.min(b.x), y: a.y.min(b.y), w: (a.x - b.x).abs(), h: (a.y - b.y).abs() }
    }

    /// Right edge.
    pub fn right(self) -> f64 {
        self.x + self.w
    }

    /// Bottom edge.
    pub fn bottom(self) -> f64 {
        self.y + self.h
    }

    /// Area in square pixels.
    pub fn area(self) -> f64 {
        self.w * self.h
    }

    /// Does it hold the point, border included?
    pub fn contains(self, p: Point) -> bool {
        p.x >= self.x && p.x <= self.right() && p.y >= self.y && p.y <= self.bottom()
    }

    /// Intersection over union; 0 where both are empty.
    pub fn iou(self, other: Rect) -> f64 {
        let w = self.right().min(other.right()) - self.x.max(other.x);
        let h = self.bottom().min(other.bottom()) - self.y.max(other.y);
        let shared = w.max(0.0) * h.max(0.0);
        let union = self.area() + other.area() - shared;
        if union > 0.0 { shared / union } else { 0.0 }
    }

    /// The smallest rectangle around the points.
    pub fn around(points: &[Point]) -> Option<Rect> {
        let first = points.first()?;
        let (mut left, mut top, mut right, mut bottom) = (first.x, first.y, first.x, first.y);
        for p in points {
            left = left.min(p.x);
            top = top.min(p.y);
            right = right.max(p.x);
            bottom = bottom.max(p.y);
        }
        Some(Rect { x: left, y: top, w: right - left, h: bottom - top })
    }
}

/// The area of a simple polygon by the shoelace formula.
pub fn polygon_area(points: &[Point]) -> f64 {
    edges(points).map(|(a, b)| a.x * b.y - b.x * a.y).sum::<f64>().abs() / 2.0
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

/// Do any two edges that are not neighbours touch, or neighbours fold back on each other?
/// O(n²) with a bounding-box test: polygons here have tens to hundreds of vertices; the limit is [`POLYGON_MAX_POINTS`].
pub fn self_intersects(points: &[Point]) -> bool {
    let all: Vec<(Point, Point)> = edges(points).collect();
    let n = all.len();
    for (i, &(a, b)) in all.iter().enumerate() {
        for (j, &(c, d)) in all.iter().enumerate().skip(i + 1) {
            let neighbours = j == i + 1 || (i == 0 && j == n - 1);
            if neighbours {
                let (before, shared, after) = if j == i + 1 { (a, b, d) } else { (c, a, b) };
                if folds_back(before, shared, after) {
                    return true;
                }
            } else if segments_touch(a, b, c, d) {
                return true;
            }
        }
    }
    false
}

/// The most vertices of one polygon that are accepted.
pub const POLYGON_MAX_POINTS: usize = 2_000;

/// The distance from a point to a segment, and the nearest point on it.
pub fn segment_distance(p: Point, a: Point, b: Point) -> (f64, Point) {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let length = dx * dx + dy * dy;
    let t = if length > 0.0 { (((p.x - a.x) * dx + (p.y - a.y) * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    let nearest = Point::new(a.x + t * dx, a.y + t * dy);
    (p.distance(nearest), nearest)
}

fn edges(points: &[Point]) -> impl Iterator<Item = (Point, Point)> + '_ {
    points.iter().copied().zip(points.iter().copied().cycle().skip(1))
}

fn cross(a: Point, b: Point, c: Point) -> f64 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

fn folds_back(before: Point, shared: Point, after: Point) -> bool {
    let along = (before.x - shared.x) * (after.x - shared.x) + (before.y - shared.y) * (after.y - shared.y);
    cross(before, shared, after) == 0.0 && along > 0.0
}

fn segments_touch(a: Point, b: Point, c: Point, d: Point) -> bool {
    if a.x.max(b.x) < c.x.min(d.x)
        || c.x.max(d.x) < a.x.min(b.x)
        || a.y.max(b.y) < c.y.min(d.y)
        || c.y.max(d.y) < a.y.min(b.y)
    {
        return false;
    }
    let (d1, d2) = (cross(c, d, a), cross(c, d, b));
    let (d3, d4) = (cross(a, b, c), cross(a, b, d));
    d1 * d2 <= 0.0 && d3 * d4 <= 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn poly(points: &[(f64, f64)]) -> Vec<Point> {
        points.iter().map(|&(x, y)| Point::new(x, y)).collect()
    }

    #[test]
    fn iou_of_known_boxes() {
        let at = |x: f64, y: f64, w: f64, h: f64| Rect { x, y, w, h };
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-6, "{a} {b}");
        close(at(0.0, 0.0, 10.0, 10.0).iou(at(5.0, 5.0, 10.0, 10.0)), 1.0 / 7.0);
        close(at(0.0, 0.0, 10.0, 10.0).iou(at(2.0, 0.0, 10.0, 10.0)), 2.0 / 3.0);
        close(at(0.0, 0.0, 1.0, 1.0).iou(at(0.5, 0.0, 1.0, 1.0)), 1.0 / 3.0);
        close(at(0.0, 0.0, 0.0, 0.0).iou(at(0.0, 0.0, 0.0, 0.0)), 0.0);
    }

    #[test]
    fn polygons() {
        let square = poly(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)]);
        assert_eq!(polygon_area(&square), 16.0);
        assert!(polygon_contains(&square, Point::new(1.0, 3.0)));
        assert!(!polygon_contains(&square, Point::new(5.0, 3.0)));
        assert!(!self_intersects(&square));
        let bow = poly(&[(0.0, 0.0), (4.0, 4.0), (4.0, 0.0), (0.0, 4.0)]);
        assert!(self_intersects(&bow));
        let spike = poly(&[(0.0, 0.0), (4.0, 0.0), (2.0, 0.0), (2.0, 3.0)]);
        assert!(self_intersects(&spike));
        let triangle = poly(&[(0.0, 0.0), (4.0, 0.0), (2.0, 3.0)]);
        assert!(!self_intersects(&triangle));
    }

    #[test]
    fn distances() {
        let (d, at) = segment_distance(Point::new(2.0, 3.0), Point::new(0.0, 0.0), Point::new(4.0, 0.0));
        assert_eq!((d, at), (3.0, Point::new(2.0, 0.0)));
        let (d, _) = segment_distance(Point::new(-3.0, 4.0), Point::new(0.0, 0.0), Point::new(4.0, 0.0));
        assert_eq!(d, 5.0);
    }
}
