//! Drawing an outline click by click, in pixels of the image. Everything stays within the image. How an outline that is
//! there is changed: [`crate::tools::grip`].

use crate::workbench::viewport::Size;
use domain::geometry::{POLYGON_MAX_POINTS, Point, Rect, polygon_area};

/// An outline being drawn: its vertices so far and where the pointer is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outline {
    points: Vec<Point>,
    pointer: Option<Point>,
}

/// What a click does to the outline.
#[derive(Debug, Clone, PartialEq)]
pub enum Click {
    /// A vertex was set, or nothing happened; it goes on.
    Open,
    /// The outline is closed.
    Closed(Vec<Point>),
}

impl Outline {
    /// Begins with the first vertex.
    pub fn new(first: Point, image: Size) -> Self {
        let first = first.clamp(image.w, image.h);
        Self { points: vec![first], pointer: Some(first) }
    }

    /// The vertices so far.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// Where the pointer is.
    pub fn pointer(&self) -> Option<Point> {
        self.pointer
    }

    /// The pointer moved.
    pub fn hover(&mut self, p: Point, image: Size) {
        self.pointer = Some(p.clamp(image.w, image.h));
    }

    /// Sets a vertex, or closes the outline when the click is on the first one.
    pub fn click(&mut self, p: Point, reach: f64, image: Size) -> Click {
        let p = p.clamp(image.w, image.h);
        self.pointer = Some(p);
        let on_first = self.points.first().is_some_and(|first| first.distance(p) <= reach);
        if on_first && self.points.len() >= 3 {
            return self.close().map_or(Click::Open, Click::Closed);
        }
        self.set(p, reach, image);
        Click::Open
    }

    /// Sets a vertex, wherever it is.
    pub fn set(&mut self, p: Point, reach: f64, image: Size) {
        let p = p.clamp(image.w, image.h);
        self.pointer = Some(p);
        // The second click of a double click lies where the first one was.
        let repeated = self.points.last().is_some_and(|last| last.distance(p) <= reach / 4.0);
        if !repeated && self.points.len() < POLYGON_MAX_POINTS {
            self.points.push(p);
        }
    }

    /// Takes back the last vertex. False when none is left.
    pub fn back(&mut self) -> bool {
        self.points.pop();
        !self.points.is_empty()
    }

    /// The closed outline, if it encloses anything.
    pub fn close(&self) -> Option<Vec<Point>> {
        let mut points = self.points.clone();
        points.dedup();
        while points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        (points.len() >= 3 && polygon_area(&points) > 0.0).then_some(points)
    }
}

/// An outline put down by a key: a diamond in the rectangle.
pub fn diamond(rect: Rect) -> Vec<Point> {
    let Point { x: cx, y: cy } = rect.centre();
    vec![Point::new(cx, rect.y), Point::new(rect.right(), cy), Point::new(cx, rect.bottom()), Point::new(rect.x, cy)]
}

#[cfg(test)]
mod tests {
    use super::*;

    const IMAGE: Size = Size { w: 100.0, h: 80.0 };

    fn outline(points: &[(f64, f64)]) -> Outline {
        let mut points = points.iter().map(|&(x, y)| Point::new(x, y));
        let mut outline = Outline::new(points.next().unwrap(), IMAGE);
        for p in points {
            assert_eq!(outline.click(p, 2.0, IMAGE), Click::Open);
        }
        outline
    }

    #[test]
    fn closes_on_the_first_vertex() {
        let mut drawn = outline(&[(10.0, 10.0), (50.0, 10.0), (50.0, 50.0)]);
        let closed = drawn.click(Point::new(11.0, 11.0), 2.0, IMAGE);
        assert!(matches!(closed, Click::Closed(points) if points.len() == 3));
        let mut two = outline(&[(10.0, 10.0), (50.0, 10.0)]);
        assert_eq!(two.click(Point::new(10.0, 10.5), 2.0, IMAGE), Click::Open, "two vertices enclose nothing");
    }

    #[test]
    fn a_double_click_sets_one_vertex() {
        let drawn = outline(&[(10.0, 10.0), (50.0, 10.0), (50.0, 50.0), (50.0, 50.2)]);
        assert_eq!(drawn.points().len(), 3);
    }

    #[test]
    fn backspace_takes_vertices_back_one_by_one() {
        let mut drawn = outline(&[(10.0, 10.0), (50.0, 10.0)]);
        assert!(drawn.back());
        assert!(!drawn.back());
    }

    #[test]
    fn a_line_is_not_closed() {
        assert_eq!(outline(&[(10.0, 10.0), (30.0, 10.0), (50.0, 10.0)]).close(), None);
    }

    #[test]
    fn clicks_outside_lie_on_the_border() {
        assert_eq!(outline(&[(-5.0, 300.0)]).points(), [Point::new(0.0, 80.0)]);
    }
}
