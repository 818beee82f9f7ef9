//! An outline on the canvas.

use super::gesture::Outline;
use crate::workbench::paint::{self, Stroke};
use crate::workbench::viewport::Viewport;
use domain::geometry::{Point, Polygon};
use web_sys::CanvasRenderingContext2d;

/// Adds the outline and its holes to the path. `coarse` leaves out vertices that nobody could tell apart on the screen.
pub fn trace(brush: &CanvasRenderingContext2d, view: Viewport, polygon: &Polygon, coarse: bool) {
    paint::trace_line(brush, view, &polygon.points, true, coarse);
    let outer = runs_clockwise(&polygon.points);
    for hole in &polygon.holes {
        // Traced the other way round, so that filling leaves it out.
        if runs_clockwise(hole) == outer {
            let back: Vec<Point> = hole.iter().rev().copied().collect();
            paint::trace_line(brush, view, &back, true, coarse);
        } else {
            paint::trace_line(brush, view, hole, true, coarse);
        }
    }
}

fn runs_clockwise(ring: &[Point]) -> bool {
    let sides = ring.iter().zip(ring.iter().cycle().skip(1));
    sides.map(|(a, b)| a.x * b.y - b.x * a.y).sum::<f64>() > 0.0
}

/// Draws the outline or line that is being clicked together, with a line to the pointer.
pub fn draw_open(brush: &CanvasRenderingContext2d, view: Viewport, outline: &Outline, stroke: &Stroke<'_>) {
    let points: Vec<Point> = outline.points().iter().copied().chain(outline.pointer()).collect();
    brush.begin_path();
    paint::trace_line(brush, view, &points, false, false);
    paint::under_and_over(brush, stroke, || brush.stroke());
    for (at, point) in outline.points().iter().enumerate() {
        // The first vertex closes the outline: it stands out.
        paint::knob(brush, view.to_screen(*point), at == 0);
    }
}
