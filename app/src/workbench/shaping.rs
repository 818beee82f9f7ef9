//! What an [`Editor`] does to shapes: creating them with the tool in hand, and changing the selected one, by pointer and by
//! keys alike. What a change means is said in [`crate::tools`].

use super::document::Edit;
use super::editor::{Editor, Hand};
use super::region::{self, Geometry, RegionRef};
use super::storage;
use super::viewport::{ScreenPoint, Size};
use crate::components::announce;
use crate::module::HAS_IMAGES;
use crate::text::now;
use crate::tools::assist::gesture::Aid;
use crate::tools::bbox::gesture as bbox;
use crate::tools::canvas::{Gesture, Scene, Tool, Wish};
use crate::tools::{grip, polygon, polyline, skeleton};
use domain::geometry::skeleton::Template;
use domain::geometry::{Ellipse, Mask, Polygon, RotatedBox, ShapeKind, VertexRef};
use domain::schema::{Control, Kind};
use leptos::prelude::*;

/// Under which name this browser remembers how boxes are drawn.
const EXTREMES: &str = "extremes";

impl Editor {
    /// Ends the shape that is being clicked together, or the drag of the keyboard's pointer. False when there is none.
    pub fn finish(self) -> bool {
        if HAS_IMAGES && self.end_drag() {
            return true;
        }
        if !HAS_IMAGES || !self.gesture.with_untracked(Gesture::is_clicked) {
            return false;
        }
        let (image, mut wish) = (self.image(), Wish::Nothing);
        self.gesture.update(|gesture| wish = gesture.finish(image));
        self.grant(wish);
        true
    }

    /// The tool that goes with the label in hand.
    pub fn tool(self) -> Tool {
        if !self.editable.get() {
            return Tool::Select;
        }
        let hand = self.hand.get();
        let kind = self
            .schema
            .with_value(|schema| hand.and_then(|hand| schema.control(&hand.control).and_then(|c| c.kind.shape())));
        if let (Some(ShapeKind::Polygon | ShapeKind::Mask), Some(aid)) = (kind, self.assist.get()) {
            return match aid {
                Aid::Wand => Tool::Wand,
                Aid::Scissors => Tool::Scissors,
                Aid::CutOut => Tool::CutOut,
            };
        }
        match kind {
            Some(ShapeKind::Box) if self.extremes.get() => Tool::Extremes,
            Some(ShapeKind::Box) => Tool::Box,
            Some(ShapeKind::RotatedBox) => Tool::RotatedBox,
            Some(ShapeKind::Ellipse) => Tool::Ellipse,
            Some(ShapeKind::Polygon) => Tool::Polygon,
            Some(ShapeKind::Polyline) => Tool::Polyline,
            Some(ShapeKind::Point) => Tool::Point,
            Some(ShapeKind::Mask) => Tool::Mask(self.brush.get()),
            Some(ShapeKind::Skeleton) => Tool::Skeleton,
            None => Tool::Select,
        }
    }

    /// Draws boxes by their extremes from now on, or by dragging again; this browser remembers it.
    pub fn switch_extremes(self) {
        let extremes = !self.extremes.get_untracked();
        self.gesture.set(Gesture::Idle);
        self.extremes.set(extremes);
        storage::keep_setting(EXTREMES, if extremes { "yes" } else { "no" });
        announce(format!("{}: {}", now(|t| t.work.cmd_extremes), if extremes { "✓" } else { "✗" }));
    }

    /// Has the tool in hand a size or a tolerance?
    pub(super) fn is_adjustable(self) -> bool {
        matches!(untrack(|| self.tool()), Tool::Wand | Tool::Mask(_))
    }

    /// Makes the brush larger or smaller, or the wand more or less tolerant.
    pub fn resize_brush(self, larger: bool) {
        if self.resize_wand(larger) {
            return;
        }
        self.brush.update(|brush| *brush = brush.resized(larger));
        announce(format!("{} {:.1} px", now(|t| t.work.brush), self.brush.get_untracked().radius));
    }

    /// Paints with the brush, or erases with it.
    pub fn switch_eraser(self) {
        self.brush.update(|brush| brush.erases = !brush.erases);
        let erases = self.brush.get_untracked().erases;
        announce(if erases { now(|t| t.work.cmd_eraser) } else { now(|t| t.work.brush) });
    }

    /// Paints masks by their outline from now on, or with the brush again.
    pub fn switch_outlines(self) {
        self.brush.update(|brush| brush.outlines = !brush.outlines);
        let outlines = self.brush.get_untracked().outlines;
        announce(if outlines { now(|t| t.work.cmd_lasso) } else { now(|t| t.work.brush) });
    }

    /// Takes over what this browser remembers. Not on the server.
    pub fn remember(self) {
        self.remember_opacity();
        self.remember_aids();
        self.remember_snaps();
        self.extremes.set(storage::setting(EXTREMES).as_deref() == Some("yes"));
    }

    /// Lets the pointer's machine look at the scene.
    pub fn with_scene<T>(self, reach: f64, look: impl FnOnce(Scene<'_>, &mut Gesture) -> T) -> T {
        let selected = self.selected.get_untracked();
        let tool = untrack(|| self.tool());
        let image = self.image();
        let (pixel, snap) = (1.0 / self.view.get_untracked().scale, self.snap_reach());
        let mut gesture = self.gesture.get_untracked();
        let template = if tool == Tool::Skeleton { self.template() } else { None };
        let (answer, changed) = self.shapes().with_untracked(|shapes| {
            self.index().with_untracked(|index| {
                self.shown.with_untracked(|shown| {
                    let before = gesture.clone();
                    let (selected, template) = (selected.as_ref(), template.as_ref());
                    let scene = Scene { shapes, index, selected, shown, tool, template, image, reach, pixel, snap };
                    let answer = look(scene, &mut gesture);
                    (answer, gesture != before)
                })
            })
        });
        if changed {
            self.gesture.set(gesture);
        }
        answer
    }

    /// Does what the pointer's machine asks for.
    pub fn grant(self, wish: Wish) {
        match wish {
            Wish::Nothing => {}
            Wish::Select(region) => self.choose(region),
            Wish::Create(geometry) => self.create(&geometry),
            Wish::Change(region, geometry) => self.reshape(&region, &geometry),
            Wish::CutOut(area) => self.cut_out(area),
        }
    }

    /// Puts a new shape of the label in hand into the middle of what is seen.
    pub fn place(self) {
        if self.hand.with_untracked(Option::is_none) {
            self.hand.set(self.first_shape_label());
        }
        let (view, stage) = (self.view.get_untracked(), self.stage.get_untracked());
        let centre = view.to_image(ScreenPoint { x: stage.w / 2.0, y: stage.h / 2.0 });
        let seen = Size { w: stage.w / view.scale, h: stage.h / view.scale };
        let rect = bbox::placed(centre, seen, self.image());
        let shape = match untrack(|| self.tool()) {
            Tool::Box | Tool::Extremes => Geometry::Box(rect),
            Tool::RotatedBox => Geometry::RotatedBox(RotatedBox::from(rect)),
            Tool::Ellipse => Geometry::Ellipse(Ellipse::within(rect)),
            Tool::Polygon => Geometry::Polygon(Polygon::new(polygon::gesture::diamond(rect))),
            Tool::Polyline => Geometry::Polyline(polyline::gesture::across(rect)),
            Tool::Point => Geometry::Point(rect.centre()),
            Tool::Mask(_) => Geometry::Mask(Mask::of_ellipse(grip::whole(self.image()), Ellipse::within(rect))),
            Tool::Skeleton => match self.template() {
                Some(template) => Geometry::Skeleton(skeleton::gesture::around(&template, rect)),
                None => return,
            },
            Tool::Wand => {
                self.touch(rect.centre(), false, false);
                return;
            }
            Tool::CutOut => {
                // A box that is selected says where; without one it is the middle of what is seen.
                let framed = self.selected_geometry().and_then(|own| match own {
                    Geometry::Box(framed) => Some(framed),
                    _ => None,
                });
                return self.cut_out(framed.unwrap_or(rect));
            }
            Tool::Scissors => return self.trace_around(rect),
            Tool::Select => return,
        };
        self.gesture.set(Gesture::Idle);
        self.create(&shape);
    }

    /// Moves the selected shape, or its picked vertex. False when none is selected.
    pub fn nudge(self, dx: f64, dy: f64) -> bool {
        let image = self.image();
        let picked = self.vertex.get_untracked();
        self.reshape_selected(|shape| {
            Some(match picked.and_then(|at| nth_vertex(shape, at)) {
                Some(vertex) => grip::with_vertex_moved(shape, vertex, dx, dy, image),
                None => grip::shifted(shape, dx, dy, image),
            })
        })
    }

    /// Moves sides of the selected shape: the right and lower ones, or the left and upper ones.
    pub fn grow(self, left_top: bool, dx: f64, dy: f64) -> bool {
        let image = self.image();
        self.reshape_selected(|shape| grip::grown(shape, left_top, dx, dy, image))
    }

    /// Turns the selected shape about its middle, clockwise.
    pub fn turn(self, degrees: f64) {
        let image = self.image();
        self.reshape_selected(|shape| grip::turned(shape, degrees, image));
    }

    /// Puts a new vertex in after the picked one, or after the first, and picks it.
    pub fn insert_vertex(self) {
        let Some(shape) = self.selected_geometry() else { return };
        let after = nth_vertex(&shape, self.vertex.get_untracked().unwrap_or(0));
        let Some((next, new)) = after.and_then(|vertex| grip::with_vertex_after(&shape, vertex)) else { return };
        let at = next.vertices().iter().position(|(vertex, _)| *vertex == new);
        if self.reshape_selected(|_| Some(next)) {
            self.vertex.set(at);
        }
    }

    /// Picks the next vertex of the selected shape.
    pub fn next_vertex(self, forwards: bool) {
        let n = self.selected_geometry().map_or(0, |shape| shape.vertices().len());
        if n == 0 {
            return;
        }
        let next = match self.vertex.get_untracked() {
            None => 0,
            Some(at) if forwards => (at + 1) % n,
            Some(at) => (at + n - 1) % n,
        };
        self.vertex.set(Some(next));
    }

    /// Adds a shape of the label in hand and selects it.
    pub(super) fn create(self, geometry: &Geometry) {
        let Some(hand) = self.hand.get_untracked() else { return };
        self.last.set_value(Some((hand.clone(), geometry.clone())));
        let id = self.document.with_untracked(|document| region::fresh_id(document.value()));
        let region = region::shape_json(&id, &hand.label, geometry);
        if self.edit(vec![Edit::Put { control: hand.control.clone(), region }]) {
            self.choose(Some(RegionRef { control: hand.control, id }));
        }
    }

    /// Gives a region another form.
    pub(super) fn reshape(self, region: &RegionRef, geometry: &Geometry) {
        let found = self.document.with_untracked(|document| region::find(document.value(), region).cloned());
        if let Some(found) = found {
            let region_json = region::reshaped(&found, geometry);
            self.edit(vec![Edit::Put { control: region.control.clone(), region: region_json }]);
        }
    }

    /// False when no shape is selected, or nothing may be changed.
    fn reshape_selected(self, change: impl FnOnce(&Geometry) -> Option<Geometry>) -> bool {
        let (Some(selected), Some(shape)) = (self.selected.get_untracked(), self.selected_geometry()) else {
            return false;
        };
        if !self.editable.get_untracked() {
            return false;
        }
        if let Some(next) = change(&shape) {
            self.reshape(&selected, &next);
        }
        true
    }

    /// The form of the selected shape.
    pub(super) fn selected_geometry(self) -> Option<Geometry> {
        self.geometry_of(&self.selected.get_untracked()?)
    }

    /// The form of a shape.
    pub(super) fn geometry_of(self, region: &RegionRef) -> Option<Geometry> {
        self.shapes().with_untracked(|shapes| {
            shapes.iter().find(|shape| shape.region == *region).map(|shape| shape.geometry.clone())
        })
    }

    /// The template of the skeleton in hand.
    fn template(self) -> Option<Template> {
        let hand = self.hand.get_untracked()?;
        self.schema.with_value(|schema| match &schema.control(&hand.control)?.kind {
            Kind::Skeleton { template, .. } => Some(template.clone()),
            _ => None,
        })
    }

    /// The first label of the schema that draws shapes.
    pub(super) fn first_shape_label(self) -> Option<Hand> {
        let first = |control: &Control| {
            control.kind.shape()?;
            control.labels().first().map(|label| Hand { control: control.id.clone(), label: label.id.clone() })
        };
        self.schema.with_value(|schema| schema.controls.iter().find_map(first))
    }
}

/// The vertex at this place among all of the shape.
pub(super) fn nth_vertex(shape: &Geometry, at: usize) -> Option<VertexRef> {
    shape.vertices().get(at).map(|(vertex, _)| *vertex)
}
