//! A skeleton on the canvas: lines along the template's edges, a dot for a point that is seen, a ring for one that something
//! stands before.

use crate::workbench::paint;
use crate::workbench::viewport::{ScreenPoint, Viewport};
use domain::geometry::skeleton::{Place, Skeleton};
use std::f64::consts::TAU;
use web_sys::CanvasRenderingContext2d;

/// The radius of a dot in CSS pixels.
const DOT: f64 = 4.0;

/// Adds the lines and the rings to the path. `pairs` are the places of what is joined.
pub fn trace(brush: &CanvasRenderingContext2d, view: Viewport, skeleton: &Skeleton, pairs: &[(usize, usize)]) {
    let place = |at: &usize| skeleton.points.get(*at).and_then(|joint| joint.place.at()).map(|at| view.to_screen(at));
    for (from, to) in pairs {
        if let (Some(a), Some(b)) = (place(from), place(to)) {
            brush.move_to(a.x, a.y);
            brush.line_to(b.x, b.y);
        }
    }
    for at in skeleton.placed() {
        ring(brush, view.to_screen(at));
    }
}

/// Fills the dots of points that are seen; the ground shows through the others.
pub fn fill_dots(brush: &CanvasRenderingContext2d, view: Viewport, skeleton: &Skeleton, color: &str) {
    for joint in &skeleton.points {
        let Some(at) = joint.place.at() else { continue };
        brush.begin_path();
        ring(brush, view.to_screen(at));
        brush.set_fill_style_str(if matches!(joint.place, Place::Present(_)) { color } else { "#20201e" });
        brush.fill();
    }
}

/// Writes what a point is called beside it.
pub fn name(brush: &CanvasRenderingContext2d, at: ScreenPoint, words: &str, quarter: u8) {
    paint::tag(brush, ScreenPoint { x: at.x + 10.0, y: at.y + 26.0 }, words, "#ffffff", quarter);
}

fn ring(brush: &CanvasRenderingContext2d, at: ScreenPoint) {
    brush.move_to(at.x + DOT, at.y);
    // Fails only for a negative radius.
    let _ = brush.arc(at.x, at.y, DOT, 0.0, TAU);
}
