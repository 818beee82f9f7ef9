//! An ellipse on the canvas.

use crate::workbench::viewport::Viewport;
use domain::geometry::Ellipse;
use std::f64::consts::TAU;
use web_sys::CanvasRenderingContext2d;

/// Adds the ellipse to the path.
pub fn trace(brush: &CanvasRenderingContext2d, view: Viewport, ellipse: Ellipse) {
    let centre = view.to_screen(ellipse.centre());
    let start = view.to_screen(ellipse.centre().moved(ellipse.rx, 0.0).turned(ellipse.centre(), ellipse.angle));
    brush.move_to(start.x, start.y);
    let (rx, ry) = (ellipse.rx * view.scale, ellipse.ry * view.scale);
    // Fails only for negative radii.
    let _ = brush.ellipse(centre.x, centre.y, rx, ry, ellipse.angle.to_radians(), 0.0, TAU);
}
