//! Drawing an ellipse: dragged from corner to corner of its frame, as a box is ([`Corners`]).

use crate::tools::bbox::gesture::Corners;
use crate::workbench::viewport::Size;
use domain::geometry::Ellipse;

/// The ellipse as it would be if the pointer were let go now.
pub fn within(corners: Corners, image: Size) -> Ellipse {
    Ellipse::within(corners.rect(image))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::geometry::Point;

    #[test]
    fn it_fills_what_was_dragged() {
        let mut corners = Corners::new(Point::new(90.0, 70.0));
        corners.to(Point::new(30.0, 500.0));
        let drawn = within(corners, Size { w: 100.0, h: 80.0 });
        assert_eq!(drawn, Ellipse { cx: 60.0, cy: 75.0, rx: 30.0, ry: 5.0, angle: 0.0 });
    }
}
