//! A mask on the canvas: its pixels, filled; and the brush that paints it.

use super::gesture::Brush;
use crate::workbench::paint::{self, Stroke};
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
    // By outline, the brush is as fine as the pointer.
    let radius = if brush.outlines { 3.0 } else { (brush.radius * view.scale).max(1.0) };
    for (color, width) in [("rgba(0,0,0,0.6)", 3.0), ("#ffffff", 1.25)] {
        canvas.begin_path();
        // Fails only for a negative radius.
        let _ = canvas.arc(p.x, p.y, radius, 0.0, TAU);
        canvas.set_line_width(width);
        canvas.set_stroke_style_str(color);
        paint::set_dash(canvas, if brush.erases { &[4.0, 3.0] } else { &[] });
        canvas.stroke();
    }
    paint::set_dash(canvas, &[]);
}

/// Draws the way that the pointer has gone around what is to be filled.
pub fn draw_way(canvas: &CanvasRenderingContext2d, view: Viewport, way: &[Point], stroke: &Stroke<'_>) {
    canvas.begin_path();
    paint::trace_line(canvas, view, way, true, true);
    paint::under_and_over(canvas, stroke, || canvas.stroke());
}
