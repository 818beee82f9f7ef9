//! A box on the canvas.

use super::gesture::{HANDLES, handle_point};
use crate::workbench::paint::{self, Stroke};
use crate::workbench::viewport::Viewport;
use domain::geometry::{Point, Rect};
use web_sys::CanvasRenderingContext2d;

/// Draws the rectangle.
pub fn draw(brush: &CanvasRenderingContext2d, view: Viewport, rect: Rect, stroke: &Stroke<'_>) {
    let a = view.to_screen(Point::new(rect.x, rect.y));
    let (w, h) = (rect.w * view.scale, rect.h * view.scale);
    if stroke.fill {
        brush.fill_rect(a.x, a.y, w, h);
    }
    paint::under_and_over(brush, stroke, || brush.stroke_rect(a.x, a.y, w, h));
}

/// Draws its eight handles.
pub fn draw_handles(brush: &CanvasRenderingContext2d, view: Viewport, rect: Rect) {
    for handle in HANDLES {
        paint::knob(brush, view.to_screen(handle_point(rect, handle)), false);
    }
}
