//! An outline being traced, on the canvas.

use super::gesture::Trace;
use crate::workbench::paint::{self, Stroke};
use crate::workbench::viewport::Viewport;
use domain::geometry::Point;
use web_sys::CanvasRenderingContext2d;

/// Draws the lines so far and where it was clicked.
pub fn draw_trace(brush: &CanvasRenderingContext2d, view: Viewport, trace: &Trace, stroke: &Stroke<'_>) {
    let points: Vec<Point> = trace.lines().flatten().collect();
    brush.begin_path();
    paint::trace_line(brush, view, &points, false, false);
    paint::under_and_over(brush, stroke, || brush.stroke());
    for (at, click) in trace.clicks().enumerate() {
        // The first one closes the outline: it stands out.
        paint::knob(brush, view.to_screen(click), at == 0);
    }
}
