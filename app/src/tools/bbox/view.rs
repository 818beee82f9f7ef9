//! A box on the canvas.

use super::gesture::Extremes;
use crate::workbench::paint;
use crate::workbench::viewport::Viewport;
use domain::geometry::{Point, Rect};
use web_sys::CanvasRenderingContext2d;

/// Adds the rectangle to the path.
pub fn trace(brush: &CanvasRenderingContext2d, view: Viewport, rect: Rect) {
    let a = view.to_screen(Point::new(rect.x, rect.y));
    brush.rect(a.x, a.y, rect.w * view.scale, rect.h * view.scale);
}

/// Draws the extremes that are clicked.
pub fn draw_extremes(brush: &CanvasRenderingContext2d, view: Viewport, extremes: &Extremes) {
    for click in extremes.clicks() {
        paint::knob(brush, view.to_screen(*click), false);
    }
}
