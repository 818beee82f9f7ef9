//! What all shapes on the canvas have in common: strokes that stand out on any ground, knobs, tags.

use super::viewport::{ScreenPoint, Viewport};
use domain::geometry::{Hold, Point};
use leptos::prelude::document;
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use web_sys::{CanvasPattern, CanvasRenderingContext2d, HtmlCanvasElement};

/// How a shape is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Stroke<'a> {
    /// The label's colour, `#rrggbb`.
    pub color: &'a str,
    /// The label's place among those of all controls: gives the pattern of the line, so that labels are told apart by more
    /// than their colour.
    pub pattern: usize,
    /// Broader.
    pub strong: bool,
    /// Tinted inside.
    pub fill: bool,
    /// Of a skeleton: the places of the points that are joined.
    pub pairs: &'a [(usize, usize)],
}

/// Dashes and gaps, in turn.
const PATTERNS: [&[f64]; 4] = [&[], &[9.0, 5.0], &[2.5, 4.0], &[12.0, 4.0, 2.5, 4.0]];

/// The dash pattern of a label by its place, in CSS terms for lists and buttons.
pub fn pattern_class(pattern: usize) -> &'static str {
    match pattern % PATTERNS.len() {
        0 => "swatch swatch-solid",
        1 => "swatch swatch-dashed",
        2 => "swatch swatch-dotted",
        _ => "swatch swatch-mixed",
    }
}

/// Sets the brush for the inside.
pub fn set_fill(brush: &CanvasRenderingContext2d, color: &str, strong: bool) {
    brush.set_fill_style_str(&format!("{color}{}", if strong { "40" } else { "20" }));
}

/// Draws a line twice: dark and broad below, in its colour above, so that it shows on light and dark pictures alike.
pub fn under_and_over(brush: &CanvasRenderingContext2d, stroke: &Stroke<'_>, draw: impl Fn()) {
    let width = if stroke.strong { 3.0 } else { 2.0 };
    set_dash(brush, &[]);
    brush.set_line_width(width + 1.5);
    brush.set_stroke_style_str("rgba(0,0,0,0.55)");
    draw();
    set_dash(brush, PATTERNS.get(stroke.pattern % PATTERNS.len()).copied().unwrap_or(&[]));
    brush.set_line_width(width);
    brush.set_stroke_style_str(stroke.color);
    draw();
    set_dash(brush, &[]);
}

/// Adds a line, or a ring, to the path. `coarse` leaves out vertices that nobody could tell apart on the screen.
pub fn trace_line(brush: &CanvasRenderingContext2d, view: Viewport, points: &[Point], closed: bool, coarse: bool) {
    let mut last: Option<ScreenPoint> = None;
    for (at, point) in points.iter().enumerate() {
        let p = view.to_screen(*point);
        match last {
            None => brush.move_to(p.x, p.y),
            Some(last) if coarse && at + 1 < points.len() && (p.x - last.x).abs() + (p.y - last.y).abs() < 1.5 => {
                continue;
            }
            Some(_) => brush.line_to(p.x, p.y),
        }
        last = Some(p);
    }
    if closed {
        brush.close_path();
    }
}

thread_local! {
    // Made once; what the browser makes belongs to its one thread.
    static SQUARES: RefCell<Option<CanvasPattern>> = const { RefCell::new(None) };
}

/// Grey squares where a picture can be seen through: left, top, width, height on the screen.
pub fn checkerboard(brush: &CanvasRenderingContext2d, (x, y, w, h): (f64, f64, f64, f64)) {
    SQUARES.with_borrow_mut(|squares| {
        if squares.is_none() {
            *squares = draw_squares(brush);
        }
        if let Some(squares) = squares {
            brush.set_fill_style_canvas_pattern(squares);
            brush.fill_rect(x, y, w, h);
        }
    });
}

fn draw_squares(brush: &CanvasRenderingContext2d) -> Option<CanvasPattern> {
    let canvas = document().create_element("canvas").ok()?.dyn_into::<HtmlCanvasElement>().ok()?;
    canvas.set_width(16);
    canvas.set_height(16);
    let small = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
    small.set_fill_style_str("#cccccc");
    small.fill_rect(0.0, 0.0, 16.0, 16.0);
    small.set_fill_style_str("#999999");
    small.fill_rect(0.0, 0.0, 8.0, 8.0);
    small.fill_rect(8.0, 8.0, 8.0, 8.0);
    brush.create_pattern_with_html_canvas_element(&canvas, "repeat").ok()?
}

/// A handle or a vertex.
pub fn knob(brush: &CanvasRenderingContext2d, at: ScreenPoint, picked: bool) {
    let r = if picked { 5.5 } else { 4.0 };
    brush.set_fill_style_str(if picked { "#ffd54a" } else { "#ffffff" });
    brush.fill_rect(at.x - r, at.y - r, 2.0 * r, 2.0 * r);
    brush.set_line_width(1.0);
    brush.set_stroke_style_str("#000000");
    brush.stroke_rect(at.x - r, at.y - r, 2.0 * r, 2.0 * r);
}

/// Where a point sticks: a ring on a vertex, a cross on an edge, a bar on the border of the image.
pub fn snap_mark(brush: &CanvasRenderingContext2d, at: ScreenPoint, hold: Hold) {
    const R: f64 = 7.0;
    brush.begin_path();
    match hold {
        Hold::Vertex => {
            // Fails only for a negative radius.
            let _ = brush.arc(at.x, at.y, R, 0.0, std::f64::consts::TAU);
        }
        Hold::Edge => {
            for side in [-1.0, 1.0] {
                brush.move_to(at.x - R, at.y - side * R);
                brush.line_to(at.x + R, at.y + side * R);
            }
        }
        Hold::Border => brush.rect(at.x - R, at.y - R, 2.0 * R, 2.0 * R),
    }
    set_dash(brush, &[]);
    for (width, color) in [(4.5, "rgba(0,0,0,0.7)"), (2.0, "#2cf0e0")] {
        brush.set_line_width(width);
        brush.set_stroke_style_str(color);
        brush.stroke();
    }
}

/// The knob that turns a shape, round and on a stalk.
pub fn turning_knob(brush: &CanvasRenderingContext2d, from: ScreenPoint, at: ScreenPoint) {
    brush.set_line_width(1.5);
    brush.set_stroke_style_str("#ffffff");
    brush.begin_path();
    brush.move_to(from.x, from.y);
    brush.line_to(at.x, at.y);
    brush.stroke();
    brush.begin_path();
    // Fails only for a negative radius.
    let _ = brush.arc(at.x, at.y, 5.0, 0.0, std::f64::consts::TAU);
    brush.set_fill_style_str("#ffffff");
    brush.fill();
    brush.set_line_width(1.0);
    brush.set_stroke_style_str("#000000");
    brush.stroke();
}

/// The label's name above the shape.
/// On a stage turned by quarters it is turned back, so that it stays upright.
pub fn tag(brush: &CanvasRenderingContext2d, at: ScreenPoint, words: &str, color: &str, quarter: u8) {
    if !quarter.is_multiple_of(4) {
        brush.save();
        // Fails only for numbers that are none.
        let _ = brush.translate(at.x, at.y);
        let _ = brush.rotate(-std::f64::consts::FRAC_PI_2 * f64::from(quarter));
        tag(brush, ScreenPoint { x: 0.0, y: 17.0 }, words, color, 0);
        brush.restore();
        return;
    }
    brush.set_font("12px system-ui, \"PingFang SC\", \"Microsoft YaHei\", \"Noto Sans CJK SC\", sans-serif");
    brush.set_text_baseline("middle");
    let width = brush.measure_text(words).map_or(0.0, |metrics| metrics.width()) + 8.0;
    let y = if at.y >= 17.0 { at.y - 17.0 } else { at.y };
    brush.set_fill_style_str(color);
    brush.fill_rect(at.x - 1.0, y, width, 16.0);
    brush.set_fill_style_str(domain::schema::ink(color));
    // Fails only for text that is no text.
    let _ = brush.fill_text(words, at.x + 3.0, y + 8.5);
}

/// Sets the pattern of lines.
pub fn set_dash(brush: &CanvasRenderingContext2d, dashes: &[f64]) {
    let list: js_sys::Array = dashes.iter().map(|dash| JsValue::from_f64(*dash)).collect();
    // Fails only for negative lengths.
    let _ = brush.set_line_dash(&list);
}
