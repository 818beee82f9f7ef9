//! The shapes on the canvas, in layers: those that lie still below, the one in hand above, so that a drag among thousands
//! redraws one. Few shapes are drawn at once; many are drawn a part each frame onto a canvas behind the shown one, which
//! moves and scales with the view until they change places. It reads the editor and changes nothing.

use super::editor::Editor;
use super::paint::{self, Stroke};
use super::region::{Geometry, Shape};
use super::viewport::{ScreenPoint, Size, Viewport};
use crate::lang::use_lang;
use crate::text::{fill, now};
use crate::tools::canvas::{Gesture, Tool};
use crate::tools::{assist, bbox, ellipse, grip, mask, point, polygon, polyline, rotated_box, skeleton};
use domain::geometry::{Handle, Point, Rect};
use domain::schema::Kind;
use leptos::html;
use leptos::prelude::*;
use std::collections::HashMap;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlElement};

/// Up to so many shapes are drawn at once and with everything; of more, thin lines alone.
const AT_ONCE: usize = 400;
/// A frame draws between so few and so many of them, by how fast frames come.
const PART: (usize, usize) = (50, 2_000);
/// So many neighbours in the drawing order of one label are one path.
const RUN: usize = 24;
/// Frames further apart than this are too far apart, in milliseconds; closer than the other, there is room.
const SLOW_FRAME_MS: f64 = 20.0;
const FAST_FRAME_MS: f64 = 17.5;

/// The canvases of shapes that lie still.
#[derive(Clone, Copy)]
pub struct Settled {
    /// The two that change places.
    pub canvases: [NodeRef<html::Canvas>; 2],
    state: StoredValue<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Which canvas is shown.
    front: usize,
    /// What is on it: of which view, of which state of the shapes.
    shown: Option<(Viewport, Size, u32)>,
    job: Option<Job>,
    /// Grows whenever the shapes, or how they look, change.
    version: u32,
    frame_wanted: bool,
    last_frame: f64,
    part: usize,
}

/// Shapes being drawn onto the canvas behind.
#[derive(Debug, Clone)]
struct Job {
    view: Viewport,
    stage: Size,
    version: u32,
    /// The topmost first: taken from the end.
    left: Vec<usize>,
}

/// How the shapes of one label look.
struct Look {
    color: String,
    pattern: usize,
    name: String,
}

/// How the shapes of each label look, by control.
struct Looks {
    controls: HashMap<String, OfControl>,
    /// By how many quarters the stage is turned.
    quarter: u8,
}

/// How the shapes of one control look.
struct OfControl {
    labels: HashMap<String, Look>,
    /// Which points of a skeleton are joined.
    pairs: Vec<(usize, usize)>,
}

impl Looks {
    fn of(editor: Editor) -> Looks {
        let controls = editor.schema.with_value(|schema| {
            let look = |control: &domain::schema::Control, label: &str| Look {
                color: schema.label_color(&control.id, label).to_owned(),
                pattern: schema.label_place(&control.id, label).unwrap_or_default(),
                name: editor.label_name(&control.id, label),
            };
            let looks = |control: &domain::schema::Control| {
                let labels = control.labels().iter();
                labels.map(|label| (label.id.clone(), look(control, &label.id))).collect()
            };
            let pairs = |control: &domain::schema::Control| match &control.kind {
                Kind::Skeleton { template, .. } => template.pairs(),
                _ => Vec::new(),
            };
            schema
                .controls
                .iter()
                .map(|control| (control.id.clone(), OfControl { labels: looks(control), pairs: pairs(control) }))
                .collect()
        });
        Looks { controls, quarter: editor.quarter.get_untracked() }
    }

    fn get(&self, control: &str, label: &str) -> Option<&Look> {
        self.controls.get(control)?.labels.get(label)
    }

    fn stroke(&self, control: &str, label: &str, strong: bool) -> Stroke<'_> {
        let look = self.get(control, label);
        Stroke {
            color: look.map_or("#ffffff", |look| look.color.as_str()),
            pattern: look.map_or(0, |look| look.pattern),
            strong,
            fill: true,
            pairs: self.controls.get(control).map_or(&[], |control| &control.pairs),
        }
    }
}

impl Default for Settled {
    /// Two canvases that show nothing yet.
    fn default() -> Self {
        Self {
            canvases: [NodeRef::new(), NodeRef::new()],
            state: StoredValue::new(State { part: 300, ..State::default() }),
        }
    }
}

impl Settled {
    /// Follows the editor from now on.
    pub fn follow(self, editor: Editor) {
        let lang = use_lang();
        Effect::new(move |_| {
            editor.shapes().track();
            editor.selected.track();
            editor.picked.track();
            editor.shown.track();
            editor.marked.track();
            editor.quarter.track();
            lang.track();
            self.state.update_value(|state| state.version = state.version.wrapping_add(1));
            self.refresh(editor);
        });
        Effect::new(move |_| {
            editor.view.track();
            editor.stage.track();
            self.canvases.iter().for_each(|canvas| canvas.track());
            self.refresh(editor);
        });
    }

    /// Brings what is shown in line with the view: at once where it is little, else on the way.
    fn refresh(self, editor: Editor) {
        let (view, stage) = (editor.view.get_untracked(), editor.stage.get_untracked());
        let Some((front, back)) = self.elements() else { return };
        if stage.w <= 0.0 {
            return;
        }
        let ids = seen(editor, view, stage);
        if ids.len() <= AT_ONCE {
            self.state.update_value(|state| {
                state.job = None;
                state.shown = Some((view, stage, state.version));
            });
            if let Some(brush) = prepare(&front, stage) {
                place(&front, None, view);
                draw_part(&brush, editor, view, &ids, false);
            }
            show(&front, &back);
            return;
        }
        let wants_frame = self.state.try_update_value(|state| {
            place(&front, state.shown.map(|(of, ..)| of), view);
            let wanted = (view, stage, state.version);
            // One that is on its way for an older view may come to its end: something nearly right is better than nothing.
            let outdated = state.job.as_ref().is_none_or(|job| job.version != state.version || job.stage != stage);
            if state.shown == Some(wanted) && state.job.is_none() {
                return false;
            }
            if outdated {
                state.job = Some(Job { view, stage, version: state.version, left: ids });
                // The canvas behind is cleared by the first part.
                state.last_frame = 0.0;
                let _ = prepare(&back, stage);
            }
            !std::mem::replace(&mut state.frame_wanted, true)
        });
        if wants_frame == Some(true) {
            request_animation_frame(move || self.frame(editor));
        }
    }

    /// Draws a part onto the canvas behind; after the last one the two change places.
    fn frame(self, editor: Editor) {
        let Some((front, back)) = self.elements() else { return };
        let now = js_sys::Date::now();
        let taken = self.state.try_update_value(|state| {
            state.frame_wanted = false;
            if state.last_frame > 0.0 {
                let took = now - state.last_frame;
                if took > SLOW_FRAME_MS {
                    state.part = (state.part / 2).max(PART.0);
                } else if took < FAST_FRAME_MS {
                    state.part = (state.part + state.part / 8).min(PART.1);
                }
            }
            state.last_frame = now;
            let part = state.part;
            let job = state.job.as_mut()?;
            let from = job.left.len().saturating_sub(part);
            let ids = job.left.split_off(from);
            Some((job.view, ids, job.left.is_empty(), job.stage, job.version))
        });
        let Some(Some((view, ids, is_last, stage, version))) = taken else { return };
        if let Some(brush) = brush_of(&back) {
            draw_part(&brush, editor, view, &ids, true);
        }
        if !is_last {
            self.state.update_value(|state| state.frame_wanted = true);
            request_animation_frame(move || self.frame(editor));
            return;
        }
        self.state.update_value(|state| {
            state.front = 1 - state.front;
            state.job = None;
            state.shown = Some((view, stage, version));
        });
        place(&back, Some(view), editor.view.get_untracked());
        show(&back, &front);
        // The view may have moved on meanwhile.
        self.refresh(editor);
    }

    /// The shown canvas and the one behind; nothing when the stage is gone.
    fn elements(self) -> Option<(HtmlCanvasElement, HtmlCanvasElement)> {
        let front = self.state.try_with_value(|state| state.front)?;
        let [a, b] = self.canvases;
        let (a, b) = (a.try_get_untracked()??, b.try_get_untracked()??);
        Some(if front == 0 { (a, b) } else { (b, a) })
    }
}

/// The shapes within the stage, the topmost first, without the selected one.
fn seen(editor: Editor, view: Viewport, stage: Size) -> Vec<usize> {
    let a = view.to_image(ScreenPoint { x: 0.0, y: 0.0 });
    let b = view.to_image(ScreenPoint { x: stage.w, y: stage.h });
    // Rings of points and tags reach beyond their bounds.
    let area = Rect::between(a, b).grown(20.0 / view.scale);
    let mut ids = editor.index().with_untracked(|index| index.within(area));
    editor.shown.with_untracked(|shown| {
        if !shown.is_plain() {
            editor.shapes().with_untracked(|shapes| ids.retain(|at| shapes.get(*at).is_some_and(|at| shown.shows(at))));
        }
    });
    editor.selected.with_untracked(|selected| {
        if let Some(selected) = selected {
            editor.shapes().with_untracked(|shapes| {
                ids.retain(|at| shapes.get(*at).is_some_and(|shape| shape.region != *selected));
            });
        }
    });
    ids
}

/// Draws shapes, taken from the end. `many` leaves out what would not be seen in a crowd.
fn draw_part(brush: &CanvasRenderingContext2d, editor: Editor, view: Viewport, ids: &[usize], many: bool) {
    let looks = Looks::of(editor);
    let picked = editor.picked.get_untracked();
    editor.marked.with_untracked(|marked| {
        editor.shapes().with_untracked(|shapes| {
            let all: Vec<&Shape> = ids.iter().rev().filter_map(|at| shapes.get(*at)).collect();
            if many {
                paint::set_dash(brush, &[]);
                brush.set_line_width(1.0);
                let alike = |a: &&Shape, b: &&Shape| a.label == b.label && a.region.control == b.region.control;
                for run in all.chunk_by(alike).flat_map(|run| run.chunks(RUN)) {
                    draw_run(brush, view, run, &looks);
                }
            } else {
                for shape in &all {
                    let (is_marked, is_picked) = (marked.contains(&shape.region), picked.contains(&shape.region));
                    let how = (is_marked || is_picked, is_picked, is_marked);
                    draw_one(brush, view, shape, &shape.geometry, &looks, how);
                }
            }
            if many && !(marked.is_empty() && picked.is_empty()) {
                for shape in &all {
                    let (is_marked, is_picked) = (marked.contains(&shape.region), picked.contains(&shape.region));
                    if is_marked || is_picked {
                        draw_one(brush, view, shape, &shape.geometry, &looks, (true, is_picked, is_marked));
                    }
                }
            }
        });
    });
}

fn draw_run(brush: &CanvasRenderingContext2d, view: Viewport, run: &[&Shape], looks: &Looks) {
    let Some(first) = run.first() else { return };
    let stroke = looks.stroke(&first.region.control, &first.label, false);
    brush.begin_path();
    for shape in run {
        trace(brush, view, &shape.geometry, true, &stroke);
    }
    if first.geometry.kind().is_closed() {
        paint::set_fill(brush, stroke.color, false);
        brush.fill();
    }
    if !matches!(first.geometry, Geometry::Mask(_)) {
        brush.set_stroke_style_str(stroke.color);
        brush.stroke();
    }
}

/// Draws one shape with its tag: whether it stands out, is selected, is marked.
fn draw_one(
    brush: &CanvasRenderingContext2d,
    view: Viewport,
    shape: &Shape,
    geometry: &Geometry,
    looks: &Looks,
    (is_strong, is_selected, is_marked): (bool, bool, bool),
) {
    let stroke = looks.stroke(&shape.region.control, &shape.label, is_strong);
    draw_geometry(brush, view, geometry, &stroke, is_selected);
    let bounds = geometry.bounds().unwrap_or_default();
    if is_strong || bounds.w * view.scale > 26.0 {
        let name = looks.get(&shape.region.control, &shape.label).map_or(shape.label.as_str(), |look| &look.name);
        let words = if is_marked { format!("≠ {name}") } else { name.to_owned() };
        // A mask may begin far from the corner of the box around it.
        let top = match geometry {
            Geometry::Mask(mask) => mask.strips().min_by_key(|strip| strip.top),
            _ => None,
        };
        let corner = top.map_or(Point::new(bounds.x, bounds.y), |strip| Point::new(strip.x.into(), strip.top.into()));
        let corner = view.to_screen(corner);
        // A point's own ring stays free.
        let lift = if bounds.h * view.scale < 4.0 { 8.0 } else { 0.0 };
        paint::tag(brush, ScreenPoint { x: corner.x, y: corner.y - lift }, &words, stroke.color, looks.quarter);
    }
}

/// Draws the shape in hand: the selected one with its handles, as it is while it is dragged, or the one being drawn.
pub fn draw_hand(canvas: &HtmlCanvasElement, editor: Editor) {
    let (view, stage) = (editor.view.get(), editor.stage.get());
    use_lang().track();
    editor.quarter.track();
    let Some(brush) = prepare(canvas, stage) else { return };
    let image = editor.image();
    let looks = Looks::of(editor);
    let hand = editor.hand.get();
    let (vertex, editable) = (editor.vertex.get(), editor.editable.get());
    if let Tool::Mask(tool) = editor.tool()
        && let Some(at) = editor.pointer.get()
    {
        mask::view::draw_brush(&brush, view, at, tool);
    }
    editor.selected.with(|selected| {
        editor.gesture.with(|gesture| {
            let preview = gesture.preview(image);
            editor.shapes().with(|shapes| {
                let found = selected.as_ref().and_then(|wanted| shapes.iter().find(|shape| shape.region == *wanted));
                let Some(shape) = found.filter(|shape| editor.shown.with(|shown| shown.shows(shape))) else { return };
                let geometry = match &preview {
                    Some((Some(region), geometry)) if **region == shape.region => geometry,
                    _ => &shape.geometry,
                };
                let is_marked = editor.marked.with(|marked| marked.contains(&shape.region));
                draw_one(&brush, view, shape, geometry, &looks, (true, true, is_marked));
                if editable && !editor.shown.with(|shown| shown.is_locked(&shape.region)) {
                    draw_grips(&brush, view, geometry, vertex, looks.quarter);
                }
            });
            let in_hand = hand.as_ref().map_or(("", ""), |hand| (hand.control.as_str(), hand.label.as_str()));
            let stroke = looks.stroke(in_hand.0, in_hand.1, true);
            if let Some((None, geometry)) = &preview {
                draw_geometry(&brush, view, geometry, &stroke, true);
            }
            match gesture {
                Gesture::DrawPolygon(outline) | Gesture::DrawPolyline(outline) => {
                    polygon::view::draw_open(&brush, view, outline, &stroke);
                }
                Gesture::DrawRotated(side) => rotated_box::view::draw_side(&brush, view, side, &stroke),
                Gesture::DrawExtremes(extremes) => bbox::view::draw_extremes(&brush, view, extremes),
                Gesture::DrawSkeleton(pose) => {
                    skeleton::view::name(
                        &brush,
                        view.to_screen(pose.pointer()),
                        pose.next().unwrap_or_default(),
                        looks.quarter,
                    );
                }
                Gesture::Trace(trace) => assist::view::draw_trace(&brush, view, trace, &stroke),
                Gesture::Paint(_, painted) => mask::view::draw_way(&brush, view, painted.way(), &stroke),
                _ => {}
            }
        });
    });
    // What the wand takes is said where one looks.
    if let (Tool::Wand, Some(at)) = (editor.tool(), editor.pointer.get()) {
        let tolerance = editor.wand.get().tolerance.to_string();
        let words = fill(now(|t| t.work.tolerance), &[("n", &tolerance)]);
        let at = view.to_screen(at);
        paint::tag(&brush, ScreenPoint { x: at.x + 14.0, y: at.y + 30.0 }, &words, "#1e211f", looks.quarter);
    }
    if let Some(snap) = editor.snap.get() {
        paint::snap_mark(&brush, view.to_screen(snap.at), snap.hold);
    }
}

fn draw_grips(
    brush: &CanvasRenderingContext2d,
    view: Viewport,
    geometry: &Geometry,
    vertex: Option<usize>,
    quarter: u8,
) {
    if let Some(frame) = grip::frame(geometry) {
        if let Some(knob) = grip::knob_point(geometry, 1.0 / view.scale) {
            let top = view.to_screen(grip::handle_point(frame, Handle::Top));
            paint::turning_knob(brush, top, view.to_screen(knob));
        }
        for handle in grip::HANDLES {
            paint::knob(brush, view.to_screen(grip::handle_point(frame, handle)), false);
        }
    }
    if !matches!(geometry, Geometry::Point(_)) {
        for (at, (_, p)) in geometry.vertices().into_iter().enumerate() {
            paint::knob(brush, view.to_screen(p), vertex == Some(at));
        }
    }
    if let (Geometry::Skeleton(pose), Some(at)) = (geometry, vertex)
        && let Some((vertex, p)) = geometry.vertices().get(at)
        && let Some(joint) = pose.points.get(vertex.index)
    {
        skeleton::view::name(brush, view.to_screen(*p), &joint.name, quarter);
    }
}

fn draw_geometry(
    brush: &CanvasRenderingContext2d,
    view: Viewport,
    geometry: &Geometry,
    stroke: &Stroke<'_>,
    strong_fill: bool,
) {
    brush.begin_path();
    trace(brush, view, geometry, false, stroke);
    if stroke.fill && geometry.kind().is_closed() {
        paint::set_fill(brush, stroke.color, strong_fill);
        brush.fill();
    }
    if matches!(geometry, Geometry::Mask(_)) {
        // Its pixels are its border: no line around each run.
        paint::set_fill(brush, stroke.color, true);
        brush.fill();
        return;
    }
    paint::under_and_over(brush, stroke, || brush.stroke());
    if let Geometry::Point(at) = geometry {
        let p = view.to_screen(*at);
        brush.set_fill_style_str(stroke.color);
        brush.fill_rect(p.x - 1.0, p.y - 1.0, 2.0, 2.0);
    }
    if let Geometry::Skeleton(pose) = geometry {
        skeleton::view::fill_dots(brush, view, pose, stroke.color);
    }
}

fn trace(brush: &CanvasRenderingContext2d, view: Viewport, geometry: &Geometry, coarse: bool, stroke: &Stroke<'_>) {
    match geometry {
        Geometry::Box(rect) => bbox::view::trace(brush, view, *rect),
        Geometry::RotatedBox(turned) => rotated_box::view::trace(brush, view, *turned),
        Geometry::Ellipse(ellipse) => ellipse::view::trace(brush, view, *ellipse),
        Geometry::Polygon(polygon) => polygon::view::trace(brush, view, polygon, coarse),
        Geometry::Polyline(line) => polyline::view::trace(brush, view, line, coarse),
        Geometry::Point(at) => point::view::trace(brush, view, *at),
        Geometry::Mask(pixels) => mask::view::trace(brush, view, pixels),
        Geometry::Skeleton(pose) => skeleton::view::trace(brush, view, pose, stroke.pairs),
    }
}

/// The screen's own pixels in one CSS pixel.
pub fn pixel_ratio() -> f64 {
    window().device_pixel_ratio().clamp(1.0, 4.0)
}

/// The canvas in the stage's size and the screen's own pixels, cleared.
pub fn prepare(canvas: &HtmlCanvasElement, stage: Size) -> Option<CanvasRenderingContext2d> {
    let ratio = pixel_ratio();
    let (w, h) = ((stage.w * ratio).round() as u32, (stage.h * ratio).round() as u32);
    if canvas.width() != w || canvas.height() != h {
        canvas.set_width(w);
        canvas.set_height(h);
    }
    let brush = brush_of(canvas)?;
    brush.clear_rect(0.0, 0.0, stage.w, stage.h);
    Some(brush)
}

fn brush_of(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    let ratio = pixel_ratio();
    let brush = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
    brush.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0).ok()?;
    Some(brush)
}

/// Lays a canvas that was drawn for one view where it belongs in another.
fn place(canvas: &HtmlCanvasElement, of: Option<Viewport>, view: Viewport) {
    let transform = match of {
        Some(of) if of != view => {
            let scale = view.scale / of.scale;
            format!("matrix({scale},0,0,{scale},{},{})", view.x - of.x * scale, view.y - of.y * scale)
        }
        _ => "none".to_owned(),
    };
    // Fails only for a malformed name.
    let _ = HtmlElement::style(canvas).set_property("transform", &transform);
}

fn show(shown: &HtmlCanvasElement, hidden: &HtmlCanvasElement) {
    let _ = HtmlElement::style(shown).set_property("visibility", "visible");
    let _ = HtmlElement::style(hidden).set_property("visibility", "hidden");
}
