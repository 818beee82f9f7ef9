//! A line on the canvas.

use crate::workbench::paint;
use crate::workbench::viewport::Viewport;
use domain::geometry::Polyline;
use web_sys::CanvasRenderingContext2d;

/// Adds the line to the path. `coarse` leaves out vertices that nobody could tell apart on the screen.
pub fn trace(brush: &CanvasRenderingContext2d, view: Viewport, line: &Polyline, coarse: bool) {
    paint::trace_line(brush, view, &line.points, false, coarse);
}
