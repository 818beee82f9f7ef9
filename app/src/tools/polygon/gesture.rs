//! Drawing an outline click by click and editing it, in pixels of the image. Everything stays within the image.

use crate::workbench::viewport::Size;
use domain::geometry::{POLYGON_MAX_POINTS, Point, Rect, polygon_area, segment_distance};

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
        // The second click of a double click lies where the first one was.
        let repeated = self.points.last().is_some_and(|last| last.distance(p) <= reach / 4.0);
        if !repeated && self.points.len() < POLYGON_MAX_POINTS {
            self.points.push(p);
        }
        Click::Open
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

/// What of an outline lies under the pointer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Part {
    /// A vertex.
    Vertex(usize),
    /// The edge that begins at this vertex; a new vertex would lie here.
    Edge(usize, Point),
}

/// The vertex, or else the edge, within reach of the point.
pub fn part_at(points: &[Point], p: Point, reach: f64) -> Option<Part> {
    let by_distance = |a: &(f64, Part), b: &(f64, Part)| a.0.total_cmp(&b.0);
    let vertices = points.iter().enumerate().map(|(at, vertex)| (vertex.distance(p), Part::Vertex(at)));
    let nearest = vertices.filter(|(distance, _)| *distance <= reach).min_by(by_distance);
    let edges = points.iter().zip(points.iter().cycle().skip(1)).enumerate().map(|(at, (a, b))| {
        let (distance, on) = segment_distance(p, *a, *b);
        (distance, Part::Edge(at, on))
    });
    nearest.or_else(|| edges.filter(|(distance, _)| *distance <= reach / 2.0).min_by(by_distance)).map(|(_, part)| part)
}

/// The outline with one vertex elsewhere.
pub fn with_vertex(points: &[Point], at: usize, to: Point, image: Size) -> Vec<Point> {
    let mut points = points.to_vec();
    if let Some(vertex) = points.get_mut(at) {
        *vertex = to.clamp(image.w, image.h);
    }
    points
}

/// The outline with a new vertex on the edge that begins at `edge`.
pub fn with_new_vertex(points: &[Point], edge: usize, at: Point, image: Size) -> Vec<Point> {
    let mut points = points.to_vec();
    if points.len() < POLYGON_MAX_POINTS {
        points.insert((edge + 1).min(points.len()), at.clamp(image.w, image.h));
    }
    points
}

/// The outline without a vertex; nothing when fewer than three would be left.
pub fn without_vertex(points: &[Point], at: usize) -> Option<Vec<Point>> {
    if points.len() <= 3 || at >= points.len() {
        return None;
    }
    let mut points = points.to_vec();
    points.remove(at);
    Some(points)
}

/// The outline moved, stopped as a whole at the image's borders.
pub fn shifted(points: &[Point], dx: f64, dy: f64, image: Size) -> Vec<Point> {
    let Some(bounds) = Rect::around(points) else { return Vec::new() };
    let stop = |by: f64, low: f64, high: f64, image: f64| by.clamp((-low).min(0.0), (image - high).max(0.0));
    let dx = stop(dx, bounds.x, bounds.right(), image.w);
    let dy = stop(dy, bounds.y, bounds.bottom(), image.h);
    points.iter().map(|p| Point::new(p.x + dx, p.y + dy).clamp(image.w, image.h)).collect()
}

/// An outline put down by a key: a diamond in the rectangle.
pub fn diamond(rect: Rect) -> Vec<Point> {
    let (cx, cy) = (rect.x + rect.w / 2.0, rect.y + rect.h / 2.0);
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

    fn square() -> Vec<Point> {
        outline(&[(10.0, 10.0), (50.0, 10.0), (50.0, 50.0), (10.0, 50.0)]).close().unwrap()
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

    #[test]
    fn edits_vertices() {
        let square = square();
        assert_eq!(part_at(&square, Point::new(51.0, 11.0), 4.0), Some(Part::Vertex(1)));
        assert_eq!(part_at(&square, Point::new(30.0, 11.0), 4.0), Some(Part::Edge(0, Point::new(30.0, 10.0))));
        assert_eq!(part_at(&square, Point::new(9.5, 30.0), 4.0), Some(Part::Edge(3, Point::new(10.0, 30.0))));
        assert_eq!(part_at(&square, Point::new(30.0, 30.0), 4.0), None);
        let five = with_new_vertex(&square, 3, Point::new(5.0, 30.0), IMAGE);
        assert_eq!((five.len(), five[4]), (5, Point::new(5.0, 30.0)));
        let four = without_vertex(&five, 4).unwrap();
        assert_eq!(four, square);
        let three = without_vertex(&four, 0).unwrap();
        assert_eq!(without_vertex(&three, 0), None);
        assert_eq!(with_vertex(&square, 2, Point::new(200.0, 60.0), IMAGE)[2], Point::new(100.0, 60.0));
    }

    #[test]
    fn moves_as_a_whole_and_keeps_its_form() {
        let moved = shifted(&square(), 500.0, -500.0, IMAGE);
        assert_eq!(Rect::around(&moved), Some(Rect { x: 60.0, y: 0.0, w: 40.0, h: 40.0 }));
    }
}
