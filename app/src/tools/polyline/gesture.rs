//! Drawing a line click by click, in pixels of the image. It ends by key, or by a second click on its last vertex.

use crate::tools::polygon::gesture::Outline;
use crate::workbench::viewport::Size;
use domain::geometry::{Point, Polyline, Rect};

/// Sets a vertex; the line, when the click was a second one on the last vertex.
pub fn click(line: &mut Outline, p: Point, reach: f64, image: Size) -> Option<Polyline> {
    let p = p.clamp(image.w, image.h);
    if line.is_ended_by(p, reach) {
        return end(line);
    }
    line.set(p, reach, image);
    None
}

/// The line, if it leads anywhere.
pub fn end(line: &Outline) -> Option<Polyline> {
    let mut points = line.points().to_vec();
    points.dedup();
    (points.len() >= 2).then(|| Polyline::new(points))
}

/// A line put down by a key: from left to right through the rectangle.
pub fn across(rect: Rect) -> Polyline {
    let middle = rect.centre();
    Polyline::new(vec![Point::new(rect.x, middle.y), middle, Point::new(rect.right(), middle.y)])
}

#[cfg(test)]
mod tests {
    use super::*;

    const IMAGE: Size = Size { w: 100.0, h: 80.0 };

    #[test]
    fn it_ends_where_it_is_clicked_twice_and_may_end_where_it_began() {
        let mut line = Outline::new(Point::new(10.0, 10.0), IMAGE);
        assert_eq!(click(&mut line, Point::new(10.5, 10.0), 8.0, IMAGE), None, "one vertex is no line");
        for (x, y) in [(50.0, 10.0), (50.0, 300.0), (11.0, 11.0)] {
            assert_eq!(click(&mut line, Point::new(x, y), 8.0, IMAGE), None);
        }
        let drawn = click(&mut line, Point::new(12.0, 12.0), 8.0, IMAGE).unwrap();
        let points = [(10.0, 10.0), (50.0, 10.0), (50.0, 80.0), (11.0, 11.0)].map(|(x, y)| Point::new(x, y));
        assert_eq!(drawn.points, points);
    }

    #[test]
    fn one_vertex_leads_nowhere() {
        assert_eq!(end(&Outline::new(Point::new(1.0, 1.0), IMAGE)), None);
    }
}
