//! A point on the canvas: a ring of one size however near one looks, around the very place.

use crate::workbench::viewport::Viewport;
use domain::geometry::Point;
use std::f64::consts::TAU;
use web_sys::CanvasRenderingContext2d;

/// The ring's radius in CSS pixels.
const RING: f64 = 5.0;

/// Adds the ring to the path.
pub fn trace(brush: &CanvasRenderingContext2d, view: Viewport, at: Point) {
    let p = view.to_screen(at);
    brush.move_to(p.x + RING, p.y);
    // Fails only for a negative radius.
    let _ = brush.arc(p.x, p.y, RING, 0.0, TAU);
}
