//! Drawing an outline click by click, in pixels of the image. Everything stays within the image. How an outline that is
//! there is changed: [`crate::tools::grip`].

use crate::workbench::viewport::Size;
use domain::geometry::{POLYGON_MAX_POINTS, Point, Rect, polygon_area};

/// An outline being drawn: its vertices so far and where the pointer is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outline {
    points: Vec<Point>,
    pointer: Option<Point>,
    followed: Option<Followed>,
}

/// Vertices of a neighbour that were put in just now.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Followed {
    /// The place of the first of them.
    at: usize,
    count: usize,
    longer: bool,
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
        Self { points: vec![first], pointer: Some(first), followed: None }
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
        if self.is_closed_by(p, reach) {
            return self.close().map_or(Click::Open, Click::Closed);
        }
        self.set(p, reach, image);
        Click::Open
    }

    /// Would a click here close it?
    pub fn is_closed_by(&self, p: Point, reach: f64) -> bool {
        self.points.len() >= 3 && self.points.first().is_some_and(|first| first.distance(p) <= reach)
    }

    /// Would a click here end it as a line: a second one on its last vertex?
    pub fn is_ended_by(&self, p: Point, reach: f64) -> bool {
        self.points.len() >= 2 && self.points.last().is_some_and(|last| last.distance(p) <= reach / 2.0)
    }

    /// Sets a vertex, wherever it is.
    pub fn set(&mut self, p: Point, reach: f64, image: Size) {
        let p = p.clamp(image.w, image.h);
        self.pointer = Some(p);
        // The second click of a double click lies where the first one was.
        let repeated = self.points.last().is_some_and(|last| last.distance(p) <= reach / 4.0);
        if !repeated && self.points.len() < POLYGON_MAX_POINTS {
            self.points.push(p);
            self.followed = None;
        }
    }

    /// Takes back the last vertex, or the way along a neighbour when that came last. False when none is left.
    pub fn back(&mut self) -> bool {
        if self.unfollow().is_none() {
            self.points.pop();
        }
        !self.points.is_empty()
    }

    /// Leads the line between its last two vertices along a neighbour, or that from the last one back to the first where it
    /// is to be closed. `way` gives the vertices between two places, the short way or the long one, where some neighbour has
    /// both places on its border. Asked again, it takes the other way. False where there is none.
    pub fn follow(&mut self, closes: bool, way: impl Fn(Point, Point, bool) -> Option<Vec<Point>>) -> bool {
        let before = self.unfollow();
        let count = self.points.len();
        let last_two = count.checked_sub(2).map(|before_last| (before_last, count - 1));
        let back_to_first = (closes && count > 2).then(|| (count - 1, 0));
        for (a, b) in [last_two, back_to_first].into_iter().flatten() {
            let (Some(from), Some(to)) = (self.points.get(a), self.points.get(b)) else { continue };
            let Some(short) = way(*from, *to, false) else { continue };
            // Where the straight line is the short way already, what is wanted is the long one.
            let longer = before.map_or(short.is_empty(), |before| !before.longer);
            let long = if longer { way(*from, *to, true) } else { None };
            let (between, longer) = long.map_or((short, false), |long| (long, true));
            if count + between.len() > POLYGON_MAX_POINTS {
                return false;
            }
            self.followed = Some(Followed { at: a + 1, count: between.len(), longer });
            self.points.splice(a + 1..a + 1, between);
            return true;
        }
        false
    }

    /// Takes out the way along a neighbour, when that came last.
    fn unfollow(&mut self) -> Option<Followed> {
        let followed = self.followed.take()?;
        self.points.drain(followed.at..followed.at + followed.count);
        Some(followed)
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
