//! A rotated box on the canvas.

use super::gesture::Side;
use crate::workbench::paint::{self, Stroke};
use crate::workbench::viewport::Viewport;
use domain::geometry::RotatedBox;
use web_sys::CanvasRenderingContext2d;

/// Adds the rectangle to the path.
pub fn trace(brush: &CanvasRenderingContext2d, view: Viewport, turned: RotatedBox) {
    paint::trace_line(brush, view, &turned.corners(), true, false);
}

/// Draws the side that is being drawn.
pub fn draw_side(brush: &CanvasRenderingContext2d, view: Viewport, side: &Side, stroke: &Stroke<'_>) {
    let ends = side.side();
    brush.begin_path();
    paint::trace_line(brush, view, &ends, false, false);
    paint::under_and_over(brush, stroke, || brush.stroke());
    for end in ends {
        paint::knob(brush, view.to_screen(end), false);
    }
}
