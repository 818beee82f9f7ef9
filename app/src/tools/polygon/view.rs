//! An outline on the canvas.

use super::gesture::Outline;
use crate::workbench::paint::{self, Stroke};
use crate::workbench::viewport::Viewport;
use domain::geometry::Point;
use web_sys::CanvasRenderingContext2d;

/// Draws the closed outline.
pub fn draw(brush: &CanvasRenderingContext2d, view: Viewport, points: &[Point], stroke: &Stroke<'_>) {
    trace(brush, view, points);
    brush.close_path();
    if stroke.fill {
        brush.fill();
    }
    paint::under_and_over(brush, stroke, || brush.stroke());
}

/// Draws its vertices, the picked one filled.
pub fn draw_vertices(brush: &CanvasRenderingContext2d, view: Viewport, points: &[Point], picked: Option<usize>) {
    for (at, point) in points.iter().enumerate() {
        paint::knob(brush, view.to_screen(*point), picked == Some(at));
    }
}

/// Draws the outline that is being clicked together, with a line to the pointer.
pub fn draw_open(brush: &CanvasRenderingContext2d, view: Viewport, outline: &Outline, stroke: &Stroke<'_>) {
    let points: Vec<Point> = outline.points().iter().copied().chain(outline.pointer()).collect();
    trace(brush, view, &points);
    paint::under_and_over(brush, stroke, || brush.stroke());
    for (at, point) in outline.points().iter().enumerate() {
        // The first vertex closes the outline: it stands out.
        paint::knob(brush, view.to_screen(*point), at == 0);
    }
}

fn trace(brush: &CanvasRenderingContext2d, view: Viewport, points: &[Point]) {
    brush.begin_path();
    for (at, point) in points.iter().enumerate() {
        let p = view.to_screen(*point);
        if at == 0 { brush.move_to(p.x, p.y) } else { brush.line_to(p.x, p.y) }
    }
}
