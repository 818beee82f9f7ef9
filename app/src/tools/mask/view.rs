//! A mask on the canvas: its pixels, filled; and the brush that paints it.

use super::gesture::Brush;
use crate::workbench::viewport::Viewport;
use domain::geometry::{Mask, Point};
use std::f64::consts::TAU;
use web_sys::CanvasRenderingContext2d;

/// Adds the pixels to the path, a column's run a rectangle.
pub fn trace(brush: &CanvasRenderingContext2d, view: Viewport, mask: &Mask) {
    for strip in mask.strips() {
        let a = view.to_screen(Point::new(f64::from(strip.x), f64::from(strip.top)));
        brush.rect(a.x, a.y, view.scale, f64::from(strip.bottom - strip.top) * view.scale);
    }
}

/// Draws the brush where the pointer is: broken while it erases.
pub fn draw_brush(canvas: &CanvasRenderingContext2d, view: Viewport, at: Point, brush: Brush) {
    let p = view.to_screen(at);
    let radius = (brush.radius * view.scale).max(1.0);
    for (color, width) in [("rgba(0,0,0,0.6)", 3.0), ("#ffffff", 1.25)] {
        canvas.begin_path();
        // Fails only for a negative radius.
        let _ = canvas.arc(p.x, p.y, radius, 0.0, TAU);
        canvas.set_line_width(width);
        canvas.set_stroke_style_str(color);
        crate::workbench::paint::set_dash(canvas, if brush.erases { &[4.0, 3.0] } else { &[] });
        canvas.stroke();
    }
    crate::workbench::paint::set_dash(canvas, &[]);
}
