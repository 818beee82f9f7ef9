//! What the pointer does on an image: one state machine over the tools that draw shapes. It is told points of the image
//! and answers what should be selected, created or changed; it draws nothing and holds no document.

use crate::tools::assist::gesture::Trace;
use crate::tools::bbox::gesture::{Corners, Extremes, SIDE_MIN};
use crate::tools::grip::{self, Drag, Grip};
use crate::tools::mask::gesture::{Brush, Stroke};
use crate::tools::point::gesture::Pin;
use crate::tools::polygon::gesture::{Click, Outline};
use crate::tools::rotated_box::gesture::Side;
use crate::tools::skeleton::gesture::Pose;
use crate::tools::{ellipse, polyline};
use crate::workbench::region::{Geometry, RegionRef, Shape};
use crate::workbench::shown::Shown;
use crate::workbench::viewport::Size;
use domain::geometry::skeleton::Template;
use domain::geometry::{Index, Mask, Point, Polygon, Rect};

/// What a press on free ground begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tool {
    /// Nothing: only selecting and moving.
    Select,
    /// A box.
    Box,
    /// A box by four clicks on its extremes.
    Extremes,
    /// A rotated box.
    RotatedBox,
    /// An ellipse.
    Ellipse,
    /// A polygon.
    Polygon,
    /// A line.
    Polyline,
    /// A point.
    Point,
    /// A mask, painted onto the selected one or onto a new one.
    Mask(Brush),
    /// A skeleton, point by point.
    Skeleton,
    /// What has the colour of the place that is touched: no gesture, the press is all.
    Wand,
    /// An outline that lays itself along edges.
    Scissors,
    /// The object in a box.
    CutOut,
}

/// What the machine looks at.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// Every shape, the later ones above.
    pub shapes: &'a [Shape],
    /// Where they are.
    pub index: &'a Index,
    /// The selected one.
    pub selected: Option<&'a RegionRef>,
    /// What is hidden and locked.
    pub shown: &'a Shown,
    /// The tool in hand.
    pub tool: Tool,
    /// Of a skeleton to be drawn.
    pub template: Option<&'a Template>,
    /// The image.
    pub image: Size,
    /// How far a pointer may miss, in pixels of the image.
    pub reach: f64,
    /// How many pixels of the image one of the screen is.
    pub pixel: f64,
    /// How near something has to be for a point to stick to it, in pixels of the image; 0 where points do not.
    pub snap: f64,
}

/// Where the machine stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Gesture {
    /// Nothing is going on.
    #[default]
    Idle,
    /// A box is dragged open.
    DrawBox(Corners),
    /// A box is clicked together by its extremes.
    DrawExtremes(Extremes),
    /// A rotated box is drawn.
    DrawRotated(Side),
    /// An ellipse is dragged open.
    DrawEllipse(Corners),
    /// An outline is drawn.
    DrawPolygon(Outline),
    /// A line is drawn.
    DrawPolyline(Outline),
    /// A point is set.
    DrawPoint(Pin),
    /// The points of a skeleton are set.
    DrawSkeleton(Pose),
    /// An outline is traced along edges.
    Trace(Trace),
    /// A box is dragged open around what is to be cut out.
    DrawArea(Corners),
    /// A mask is painted: an existing one, or a new one.
    Paint(Option<RegionRef>, Stroke),
    /// A shape is moved, resized, turned, or one of its vertices is.
    Edit(RegionRef, Drag),
}

/// What the machine asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {
    /// Nothing.
    Nothing,
    /// Select this, or nothing.
    Select(Option<RegionRef>),
    /// A new shape.
    Create(Geometry),
    /// A shape has a new form.
    Change(RegionRef, Geometry),
    /// The object in this box is to be found.
    CutOut(Rect),
}

impl Gesture {
    /// The main button went down. `remove` asks to take away a vertex (Alt held).
    pub fn down(&mut self, scene: Scene<'_>, p: Point, remove: bool) -> Wish {
        let (reach, image) = (scene.reach, scene.image);
        if let (Gesture::Idle, Tool::Skeleton, Some(template)) = (&*self, scene.tool, scene.template)
            && scene.selected_shape().is_none_or(|own| grip::grip_at(&own.geometry, p, reach, scene.pixel).is_none())
        {
            *self = Gesture::DrawSkeleton(Pose::new(template));
        }
        let aimed = self.aimed(scene, p);
        let clicked = match self {
            Gesture::DrawPolygon(outline) => Some(match outline.click(aimed, reach, image) {
                Click::Closed(points) => Some(Geometry::Polygon(Polygon::new(points))),
                Click::Open => None,
            }),
            Gesture::DrawPolyline(line) => {
                Some(polyline::gesture::click(line, aimed, reach, image).map(Geometry::Polyline))
            }
            Gesture::DrawRotated(side) => Some(side.click(p, reach, image).map(Geometry::RotatedBox)),
            Gesture::DrawExtremes(extremes) => Some(extremes.click(p, image).map(Geometry::Box)),
            Gesture::DrawSkeleton(pose) => Some(pose.click(p, remove, image).map(Geometry::Skeleton)),
            Gesture::Trace(trace) => {
                trace.click(p, reach, image);
                Some(None)
            }
            _ => None,
        };
        if let Some(done) = clicked {
            let nothing_left = matches!(self, Gesture::DrawExtremes(extremes) if extremes.clicks().is_empty());
            if done.is_some() || nothing_left {
                *self = Gesture::Idle;
            }
            return done.and_then(|shape| grip::fitting(shape, image)).map_or(Wish::Nothing, Wish::Create);
        }
        if let Tool::Mask(brush) = scene.tool {
            // Alt turns the brush into an eraser, and back.
            let brush = Brush { erases: brush.erases != remove, ..brush };
            let mut onto = (None, Mask::empty(grip::whole(image)));
            if let Some((shape, mask)) = scene.selected_mask() {
                onto = (Some(shape.region.clone()), mask.clone());
            }
            *self = Gesture::Paint(onto.0, Stroke::new(&onto.1, p, brush));
            return Wish::Nothing;
        }
        if let Some(selected) = scene.selected_shape()
            && let Some(wish) = self.press_selected(selected, scene, p, remove)
        {
            return wish;
        }
        let (begun, wish) = match scene.tool {
            Tool::Box => (Gesture::DrawBox(Corners::new(aimed).pressed_at(p)), Wish::Nothing),
            Tool::Ellipse => (Gesture::DrawEllipse(Corners::new(p)), Wish::Nothing),
            Tool::Extremes => (Gesture::DrawExtremes(Extremes::new(p, image)), Wish::Select(None)),
            Tool::RotatedBox => (Gesture::DrawRotated(Side::new(p, image)), Wish::Select(None)),
            Tool::Polygon => (Gesture::DrawPolygon(Outline::new(aimed, image)), Wish::Select(None)),
            Tool::Polyline => (Gesture::DrawPolyline(Outline::new(aimed, image)), Wish::Select(None)),
            // Where a point is already, it is taken instead of a second one being set upon it.
            Tool::Point => match scene.hit(p).filter(|shape| matches!(shape.geometry, Geometry::Point(_))) {
                Some(shape) => take(shape, Grip::Inside, p),
                None => (Gesture::DrawPoint(Pin::new(aimed, image)), Wish::Select(None)),
            },
            Tool::Scissors => (Gesture::Trace(Trace::new(p, image)), Wish::Select(None)),
            Tool::CutOut => (Gesture::DrawArea(Corners::new(p)), Wish::Nothing),
            Tool::Wand => (Gesture::Idle, Wish::Nothing),
            Tool::Select | Tool::Mask(_) | Tool::Skeleton => match scene.hit(p) {
                Some(shape) => take(shape, Grip::Inside, p),
                None => (Gesture::Idle, Wish::Select(None)),
            },
        };
        *self = begun;
        wish
    }

    /// The pointer moved.
    pub fn moved(&mut self, scene: Scene<'_>, p: Point) {
        let snap = self.aim(scene, p);
        let aimed = snap.map_or(p, |snap| snap.at);
        match self {
            Gesture::Idle => {}
            Gesture::DrawBox(corners) => corners.to(aimed),
            Gesture::DrawEllipse(corners) | Gesture::DrawArea(corners) => corners.to(p),
            Gesture::Trace(trace) => trace.hover(p, scene.image),
            Gesture::DrawExtremes(extremes) => extremes.hover(p, scene.image),
            Gesture::DrawRotated(side) => side.hover(p, scene.image),
            Gesture::DrawSkeleton(pose) => pose.hover(p, scene.image),
            Gesture::DrawPolygon(outline) | Gesture::DrawPolyline(outline) => outline.hover(aimed, scene.image),
            Gesture::DrawPoint(pin) => pin.to(aimed, scene.image),
            Gesture::Paint(_, stroke) => stroke.to(p),
            Gesture::Edit(_, drag) => match snap {
                Some(snap) => drag.stick(snap.at, scene.image),
                None => drag.to(p, scene.image),
            },
        }
    }

    /// The main button went up.
    pub fn up(&mut self, scene: Scene<'_>, p: Point) -> Wish {
        self.moved(scene, p);
        if let Gesture::DrawRotated(side) = self {
            side.up(p, scene.reach, scene.image);
        }
        // What is clicked together goes on from click to click.
        if self.is_clicked() {
            return Wish::Nothing;
        }
        // A click, not a drag, selects.
        let dragged = |corners: Corners, wish: Wish| {
            let rect = corners.rect(scene.image);
            let least = (scene.reach / 2.0).max(SIDE_MIN);
            if rect.w >= least && rect.h >= least && corners.pressed().distance(p) >= least {
                wish
            } else {
                Wish::Select(scene.hit(p).map(|shape| shape.region.clone()))
            }
        };
        match std::mem::take(self) {
            Gesture::DrawBox(corners) => dragged(corners, Wish::Create(Geometry::Box(corners.rect(scene.image)))),
            Gesture::DrawEllipse(corners) => {
                dragged(corners, Wish::Create(Geometry::Ellipse(ellipse::gesture::within(corners, scene.image))))
            }
            Gesture::DrawArea(corners) => dragged(corners, Wish::CutOut(corners.rect(scene.image))),
            Gesture::DrawPoint(pin) => Wish::Create(Geometry::Point(pin.at())),
            Gesture::Edit(region, drag) => change(scene, region, drag.shape().clone()),
            // A mask without a pixel is none: what is to go is deleted.
            Gesture::Paint(_, stroke) if stroke.mask().is_empty() => Wish::Nothing,
            Gesture::Paint(None, stroke) => Wish::Create(Geometry::Mask(stroke.mask().clone())),
            Gesture::Paint(Some(region), stroke) => change(scene, region, Geometry::Mask(stroke.mask().clone())),
            Gesture::Idle
            | Gesture::DrawExtremes(_)
            | Gesture::DrawRotated(_)
            | Gesture::DrawPolygon(_)
            | Gesture::DrawPolyline(_)
            | Gesture::Trace(_)
            | Gesture::DrawSkeleton(_) => Wish::Nothing,
        }
    }

    /// Ends what is being clicked together (Enter, double click), where it can end.
    pub fn finish(&mut self, image: Size) -> Wish {
        let done = match self {
            Gesture::DrawPolygon(outline) => outline.close().map(|points| Geometry::Polygon(Polygon::new(points))),
            Gesture::DrawPolyline(line) => polyline::gesture::end(line).map(Geometry::Polyline),
            Gesture::DrawRotated(side) => side.done().map(Geometry::RotatedBox),
            Gesture::DrawSkeleton(pose) => pose.done().map(Geometry::Skeleton),
            Gesture::Trace(trace) => {
                // The shape is made when the last line is known.
                trace.close();
                None
            }
            _ => None,
        };
        self.end_with(done, image)
    }

    /// The next point of the skeleton being drawn is not there.
    pub fn skip(&mut self, image: Size) -> Wish {
        let Gesture::DrawSkeleton(pose) = self else { return Wish::Nothing };
        let done = pose.skip().map(Geometry::Skeleton);
        self.end_with(done, image)
    }

    fn end_with(&mut self, done: Option<Geometry>, image: Size) -> Wish {
        match done {
            Some(shape) => {
                *self = Gesture::Idle;
                grip::fitting(shape, image).map_or(Wish::Nothing, Wish::Create)
            }
            None => Wish::Nothing,
        }
    }

    /// Something is being clicked together: it outlives the pointer's going up.
    pub fn is_clicked(&self) -> bool {
        matches!(
            self,
            Gesture::DrawExtremes(_)
                | Gesture::DrawRotated(_)
                | Gesture::DrawPolygon(_)
                | Gesture::DrawPolyline(_)
                | Gesture::DrawSkeleton(_)
                | Gesture::Trace(_)
        )
    }

    /// Something is being dragged: it ends when the main button goes up, and a key that stands for the button stays down for
    /// it. A point is none of that: where it is set, it is done.
    pub fn is_dragged(&self) -> bool {
        matches!(
            self,
            Gesture::DrawBox(_)
                | Gesture::DrawEllipse(_)
                | Gesture::DrawArea(_)
                | Gesture::Paint(..)
                | Gesture::Edit(..)
        )
    }

    /// Takes back the last click of what is being clicked together. False when nothing is.
    pub fn back(&mut self) -> bool {
        let left = match self {
            Gesture::DrawPolygon(outline) | Gesture::DrawPolyline(outline) => outline.back(),
            Gesture::DrawRotated(side) => side.back(),
            Gesture::DrawExtremes(extremes) => extremes.back(),
            Gesture::DrawSkeleton(pose) => pose.back(),
            Gesture::Trace(trace) => trace.back(),
            _ => return false,
        };
        if !left {
            *self = Gesture::Idle;
        }
        true
    }

    /// Gives up whatever is going on. False when nothing was.
    pub fn cancel(&mut self) -> bool {
        !matches!(std::mem::take(self), Gesture::Idle)
    }

    /// The shape as it would be now: of an existing region, or a new one.
    pub fn preview(&self, image: Size) -> Option<(Option<&RegionRef>, Geometry)> {
        match self {
            Gesture::Idle | Gesture::DrawPolygon(_) | Gesture::DrawPolyline(_) | Gesture::Trace(_) => None,
            Gesture::DrawBox(corners) | Gesture::DrawArea(corners) => Some((None, Geometry::Box(corners.rect(image)))),
            Gesture::DrawExtremes(extremes) => Some((None, Geometry::Box(extremes.rect()))),
            Gesture::DrawRotated(side) => Some((None, Geometry::RotatedBox(side.turned()?))),
            Gesture::DrawEllipse(corners) => Some((None, Geometry::Ellipse(ellipse::gesture::within(*corners, image)))),
            Gesture::DrawPoint(pin) => Some((None, Geometry::Point(pin.at()))),
            Gesture::DrawSkeleton(pose) => Some((None, Geometry::Skeleton(pose.so_far()))),
            Gesture::Paint(region, stroke) => Some((region.as_ref(), Geometry::Mask(stroke.mask().clone()))),
            Gesture::Edit(region, drag) => Some((Some(region), drag.shape().clone())),
        }
    }

    /// A press on the selected shape.
    fn press_selected(&mut self, shape: &Shape, scene: Scene<'_>, p: Point, remove: bool) -> Option<Wish> {
        let grip = grip::grip_at(&shape.geometry, p, scene.reach, scene.pixel)?;
        if let (Grip::Vertex(vertex), true) = (grip, remove) {
            let without = grip::without_vertex(&shape.geometry, vertex)?;
            return Some(Wish::Change(shape.region.clone(), without));
        }
        *self = take(shape, grip, p).0;
        Some(Wish::Nothing)
    }
}

fn take(shape: &Shape, grip: Grip, p: Point) -> (Gesture, Wish) {
    let region = shape.region.clone();
    (Gesture::Edit(region.clone(), Drag::new(&shape.geometry, grip, p)), Wish::Select(Some(region)))
}

impl Scene<'_> {
    /// The selected shape, if it is still there and the pointer can take hold of it.
    pub fn selected_shape(&self) -> Option<&Shape> {
        let selected = self.selected?;
        self.shapes.iter().find(|shape| shape.region == *selected).filter(|shape| self.shown.is_within_reach(shape))
    }

    /// The selected shape, if it is a mask.
    fn selected_mask(&self) -> Option<(&Shape, &Mask)> {
        let shape = self.selected_shape()?;
        match &shape.geometry {
            Geometry::Mask(mask) => Some((shape, mask)),
            _ => None,
        }
    }

    /// The shape under the point: the smallest one, so that a shape within another can be reached.
    pub fn hit(&self, p: Point) -> Option<&Shape> {
        let around = Rect { x: p.x, y: p.y, w: 0.0, h: 0.0 }.grown(self.reach);
        let near = self.index.within(around).into_iter().filter_map(|at| self.shapes.get(at));
        let hit = near.filter(|shape| self.shown.is_within_reach(shape)).filter(|shape| {
            // What has no inside is only its line or its points: they are hard to meet.
            let tolerance = if shape.geometry.kind().is_closed() { self.reach / 2.0 } else { self.reach };
            shape.geometry.is_hit(p, tolerance)
        });
        hit.min_by(|a, b| a.geometry.area().total_cmp(&b.geometry.area()))
    }
}

/// A change, unless the shape vanished meanwhile or is as it was.
fn change(scene: Scene<'_>, region: RegionRef, geometry: Geometry) -> Wish {
    match scene.shapes.iter().find(|shape| shape.region == region) {
        Some(shape) if shape.geometry != geometry => Wish::Change(region, geometry),
        _ => Wish::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::LazyLock;

    const IMAGE: Size = Size { w: 200.0, h: 100.0 };

    fn name(id: &str) -> RegionRef {
        RegionRef { control: "objects".into(), id: id.into() }
    }

    fn shapes() -> Vec<Shape> {
        let shape = |id: &str, geometry: Geometry| Shape { region: name(id), label: "a".into(), group: None, geometry };
        let triangle = vec![Point::new(100.0, 10.0), Point::new(180.0, 10.0), Point::new(140.0, 90.0)];
        vec![
            shape("inner", Geometry::Box(Rect { x: 20.0, y: 20.0, w: 20.0, h: 20.0 })),
            shape("outer", Geometry::Box(Rect { x: 10.0, y: 10.0, w: 60.0, h: 60.0 })),
            shape("triangle", Geometry::Polygon(Polygon::new(triangle))),
        ]
    }

    fn indexed(shapes: &[Shape]) -> Index {
        Index::of(shapes.iter().map(|shape| &shape.geometry))
    }

    /// Of [`shapes`], or of none.
    static INDEX: LazyLock<Index> = LazyLock::new(|| indexed(&shapes()));

    static SHOWN: LazyLock<Shown> = LazyLock::new(Shown::default);

    static TEMPLATE: LazyLock<Template> = LazyLock::new(|| Template {
        points: vec!["nose".into(), "tail".into()],
        edges: vec![("nose".into(), "tail".into())],
    });

    fn scene<'a>(shapes: &'a [Shape], selected: Option<&'a RegionRef>, tool: Tool) -> Scene<'a> {
        let (shown, template) = (&*SHOWN, (tool == Tool::Skeleton).then_some(&*TEMPLATE));
        let (index, image) = (&*INDEX, IMAGE);
        Scene { shapes, index, selected, shown, tool, template, image, reach: 4.0, pixel: 1.0, snap: 0.0 }
    }

    fn drag(gesture: &mut Gesture, scene: Scene<'_>, from: (f64, f64), to: (f64, f64)) -> (Wish, Wish) {
        let down = gesture.down(scene, Point::new(from.0, from.1), false);
        gesture.moved(scene, Point::new((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0));
        (down, gesture.up(scene, Point::new(to.0, to.1)))
    }

    #[test]
    fn what_is_locked_or_hidden_is_passed_through() {
        let shapes = shapes();
        let inner = name("inner");
        let mut shown = Shown::default();
        shown.switch_locked(std::slice::from_ref(&inner));
        let scene = Scene { shown: &shown, ..scene(&shapes, Some(&inner), Tool::Select) };
        assert!(scene.selected_shape().is_none());
        let down = Gesture::default().down(scene, Point::new(30.0, 30.0), false);
        assert_eq!(down, Wish::Select(Some(name("outer"))));
        let mut fewer = shown.clone();
        fewer.switch_hidden(&[name("outer")]);
        let scene = Scene { shown: &fewer, selected: None, ..scene };
        assert_eq!(Gesture::default().down(scene, Point::new(30.0, 30.0), false), Wish::Select(None));
    }

    #[test]
    fn a_skeleton_is_set_point_by_point_and_then_moved_as_a_whole() {
        let none: Vec<Shape> = Vec::new();
        let mut gesture = Gesture::default();
        let empty = scene(&none, None, Tool::Skeleton);
        assert_eq!(gesture.down(empty, Point::new(20.0, 20.0), false), Wish::Nothing);
        assert_eq!(gesture.up(empty, Point::new(20.0, 20.0)), Wish::Nothing);
        assert!(gesture.is_clicked());
        let Wish::Create(drawn) = gesture.down(empty, Point::new(60.0, 80.0), true) else { panic!("no skeleton") };
        assert_eq!(gesture, Gesture::Idle);
        let Geometry::Skeleton(skeleton) = &drawn else { panic!("{drawn:?}") };
        assert_eq!(skeleton.points.iter().map(|joint| joint.place.visibility()).collect::<Vec<_>>(), [2, 1]);

        let made = vec![Shape { region: name("s"), label: "a".into(), group: None, geometry: drawn.clone() }];
        let (region, index) = (name("s"), indexed(&made));
        let over = Scene { index: &index, ..scene(&made, Some(&region), Tool::Skeleton) };
        let (_, moved) = drag(&mut gesture, over, (40.0, 50.0), (50.0, 45.0));
        assert_eq!(moved, Wish::Change(region.clone(), drawn.moved(10.0, -5.0)));
    }

    #[test]
    fn a_drag_with_the_box_tool_draws_even_over_other_shapes() {
        let shapes = shapes();
        let mut gesture = Gesture::Idle;
        let (_, up) = drag(&mut gesture, scene(&shapes, None, Tool::Box), (25.0, 25.0), (90.0, 95.0));
        assert_eq!(up, Wish::Create(Geometry::Box(Rect { x: 25.0, y: 25.0, w: 65.0, h: 70.0 })));
        assert_eq!(gesture, Gesture::Idle);
    }

    #[test]
    fn a_click_with_the_box_tool_selects_the_smallest_shape() {
        let shapes = shapes();
        let (_, up) = drag(&mut Gesture::Idle, scene(&shapes, None, Tool::Box), (25.0, 25.0), (25.5, 25.0));
        assert_eq!(up, Wish::Select(Some(name("inner"))));
        let (_, up) = drag(&mut Gesture::Idle, scene(&shapes, None, Tool::Box), (195.0, 95.0), (195.0, 95.0));
        assert_eq!(up, Wish::Select(None));
    }

    #[test]
    fn the_selected_box_is_moved_by_its_inside_and_resized_by_its_handles() {
        let shapes = shapes();
        let outer = name("outer");
        let scene = scene(&shapes, Some(&outer), Tool::Box);
        let (_, up) = drag(&mut Gesture::Idle, scene, (50.0, 60.0), (55.0, 58.0));
        let moved = Geometry::Box(Rect { x: 15.0, y: 8.0, w: 60.0, h: 60.0 });
        assert_eq!(up, Wish::Change(outer.clone(), moved));
        let (_, up) = drag(&mut Gesture::Idle, scene, (71.0, 71.0), (90.0, 80.0));
        let resized = Geometry::Box(Rect { x: 10.0, y: 10.0, w: 80.0, h: 70.0 });
        assert_eq!(up, Wish::Change(outer.clone(), resized));
        let (_, up) = drag(&mut Gesture::Idle, scene, (50.0, 60.0), (50.0, 60.0));
        assert_eq!(up, Wish::Nothing, "not moved, not a step");
    }

    #[test]
    fn the_select_tool_selects_and_moves_in_one_stroke() {
        let shapes = shapes();
        let (down, up) = drag(&mut Gesture::Idle, scene(&shapes, None, Tool::Select), (140.0, 30.0), (141.0, 30.0));
        assert_eq!(down, Wish::Select(Some(name("triangle"))));
        assert!(matches!(up, Wish::Change(region, _) if region == name("triangle")));
    }

    #[test]
    fn an_outline_is_clicked_and_closed_by_key_or_first_vertex() {
        let scene = scene(&[], None, Tool::Polygon);
        let mut gesture = Gesture::Idle;
        for (x, y) in [(10.0, 10.0), (60.0, 10.0), (60.0, 60.0), (20.0, 90.0)] {
            drag(&mut gesture, scene, (x, y), (x, y));
        }
        assert!(gesture.back());
        assert!(
            matches!(gesture.clone().finish(IMAGE), Wish::Create(Geometry::Polygon(polygon)) if polygon.len() == 3)
        );
        let down = gesture.down(scene, Point::new(11.0, 9.0), false);
        assert!(matches!(down, Wish::Create(Geometry::Polygon(polygon)) if polygon.len() == 3));
        assert_eq!(gesture, Gesture::Idle);
    }

    #[test]
    fn vertices_are_moved_inserted_and_removed() {
        let shapes = shapes();
        let triangle = name("triangle");
        let scene = scene(&shapes, Some(&triangle), Tool::Polygon);
        let points = |wish: Wish| match wish {
            Wish::Change(_, Geometry::Polygon(polygon)) => polygon.points,
            other => panic!("{other:?}"),
        };
        let (_, up) = drag(&mut Gesture::Idle, scene, (101.0, 10.0), (90.0, 5.0));
        assert_eq!(points(up)[0], Point::new(90.0, 5.0));
        let (_, up) = drag(&mut Gesture::Idle, scene, (140.0, 10.5), (140.0, 2.0));
        let four = points(up);
        assert_eq!((four.len(), four[1]), (4, Point::new(140.0, 2.0)));
        let with_four = [Shape { geometry: Geometry::Polygon(Polygon::new(four)), ..shapes[2].clone() }];
        let scene = Scene { shapes: &with_four, ..scene };
        assert_eq!(points(Gesture::Idle.down(scene, Point::new(140.0, 2.0), true)).len(), 3);
    }

    #[test]
    fn a_shape_that_vanished_during_the_gesture_is_left_alone() {
        let shapes = shapes();
        let outer = name("outer");
        let mut gesture = Gesture::Idle;
        gesture.down(scene(&shapes, Some(&outer), Tool::Box), Point::new(50.0, 60.0), false);
        assert_eq!(gesture.up(scene(&[], Some(&outer), Tool::Box), Point::new(90.0, 60.0)), Wish::Nothing);
    }

    #[test]
    fn the_other_tools_draw() {
        let drawn = |tool: Tool, points: &[(f64, f64)]| {
            let scene = scene(&[], None, tool);
            let (mut gesture, mut last) = (Gesture::Idle, Wish::Nothing);
            for &(x, y) in points {
                let (down, up) = drag(&mut gesture, scene, (x, y), (x, y));
                last = [down, up].into_iter().find(|wish| matches!(wish, Wish::Create(_))).unwrap_or(Wish::Nothing);
            }
            match last {
                Wish::Create(shape) => shape,
                other => panic!("{tool:?} {other:?}"),
            }
        };
        let extremes = drawn(Tool::Extremes, &[(30.0, 10.0), (20.0, 20.0), (30.0, 60.0), (90.0, 20.0)]);
        assert_eq!(extremes, Geometry::Box(Rect { x: 20.0, y: 10.0, w: 70.0, h: 50.0 }));
        let turned = drawn(Tool::RotatedBox, &[(30.0, 10.0), (30.0, 60.0), (10.0, 30.0)]);
        assert!(
            matches!(turned, Geometry::RotatedBox(turned) if turned.angle == 90.0 && turned.h == 20.0),
            "{turned:?}"
        );
        let line = drawn(Tool::Polyline, &[(30.0, 10.0), (30.0, 60.0), (30.0, 60.5)]);
        assert_eq!(line.vertices().len(), 2);
        assert_eq!(drawn(Tool::Point, &[(30.0, 10.0)]), Geometry::Point(Point::new(30.0, 10.0)));
        let (_, up) = drag(&mut Gesture::Idle, scene(&[], None, Tool::Ellipse), (10.0, 20.0), (50.0, 40.0));
        assert!(matches!(up, Wish::Create(Geometry::Ellipse(ellipse)) if (ellipse.rx, ellipse.ry) == (20.0, 10.0)));
    }

    /// Presses of a key that stands for the button, one for each place: up at once, unless something is dragged.
    fn presses(scene: Scene<'_>, places: &[(f64, f64)]) -> Vec<Wish> {
        let (mut gesture, mut wishes) = (Gesture::Idle, Vec::new());
        for &(x, y) in places {
            let p = Point::new(x, y);
            gesture.moved(scene, p);
            let was_dragged = gesture.is_dragged();
            if !was_dragged {
                wishes.push(gesture.down(scene, p, false));
            }
            if was_dragged || !gesture.is_dragged() {
                wishes.push(gesture.up(scene, p));
            }
        }
        assert_eq!(gesture, Gesture::Idle, "{places:?}");
        wishes.retain(|wish| !matches!(wish, Wish::Nothing | Wish::Select(None)));
        wishes
    }

    #[test]
    fn every_tool_draws_by_presses_alone() {
        let drawn = |tool: Tool, places: &[(f64, f64)]| match presses(scene(&[], None, tool), places).as_slice() {
            [Wish::Create(shape)] => shape.clone(),
            other => panic!("{tool:?} {other:?}"),
        };
        let rect = Rect { x: 10.0, y: 20.0, w: 80.0, h: 40.0 };
        assert_eq!(drawn(Tool::Box, &[(10.0, 20.0), (90.0, 60.0)]), Geometry::Box(rect));
        let extremes = [(10.0, 30.0), (90.0, 50.0), (50.0, 20.0), (60.0, 60.0)];
        assert_eq!(drawn(Tool::Extremes, &extremes), Geometry::Box(rect));
        let turned = drawn(Tool::RotatedBox, &[(10.0, 20.0), (90.0, 20.0), (50.0, 60.0)]);
        assert_eq!(turned.bounds(), Some(rect));
        assert_eq!(drawn(Tool::Ellipse, &[(10.0, 20.0), (90.0, 60.0)]).bounds(), Some(rect));
        let corners = [(10.0, 20.0), (90.0, 20.0), (50.0, 60.0), (10.0, 20.0)];
        assert_eq!(drawn(Tool::Polygon, &corners).vertices().len(), 3);
        assert_eq!(drawn(Tool::Polyline, &[(10.0, 20.0), (90.0, 60.0), (90.0, 60.0)]).bounds(), Some(rect));
        assert_eq!(drawn(Tool::Point, &[(10.0, 20.0)]), Geometry::Point(Point::new(10.0, 20.0)));
        assert_eq!(drawn(Tool::Skeleton, &[(10.0, 20.0), (90.0, 60.0)]).bounds(), Some(rect));
        let brush = Brush { radius: 5.0, ..Brush::default() };
        let Geometry::Mask(mask) = drawn(Tool::Mask(brush), &[(20.0, 50.0), (60.0, 50.0)]) else { panic!("no mask") };
        assert!(mask.has(40, 50) && !mask.has(70, 50));
        let area = presses(scene(&[], None, Tool::CutOut), &[(10.0, 20.0), (90.0, 60.0)]);
        assert_eq!(area, [Wish::CutOut(rect)]);
    }

    #[test]
    fn presses_take_hold_of_what_is_selected_and_twice_in_one_place_they_select() {
        let (shapes, outer) = (shapes(), name("outer"));
        let moved = presses(scene(&shapes, Some(&outer), Tool::Box), &[(50.0, 60.0), (55.0, 58.0)]);
        assert_eq!(moved, [Wish::Change(outer, Geometry::Box(Rect { x: 15.0, y: 8.0, w: 60.0, h: 60.0 }))]);
        let picked = presses(scene(&shapes, None, Tool::Box), &[(30.0, 30.0), (30.0, 30.0)]);
        assert_eq!(picked, [Wish::Select(Some(name("inner")))]);
    }

    #[test]
    fn a_mask_is_painted_and_painted_on_and_erased() {
        let brush = Brush { radius: 5.0, ..Brush::default() };
        let (_, up) = drag(&mut Gesture::Idle, scene(&[], None, Tool::Mask(brush)), (30.0, 50.0), (60.0, 50.0));
        let Wish::Create(Geometry::Mask(mask)) = up else { panic!("{up:?}") };
        let painted =
            [Shape { region: name("m"), label: "a".into(), group: None, geometry: Geometry::Mask(mask.clone()) }];
        let region = name("m");
        let scene = Scene { index: &indexed(&painted), ..scene(&painted, Some(&region), Tool::Mask(brush)) };
        let (_, up) = drag(&mut Gesture::Idle, scene, (60.0, 50.0), (90.0, 50.0));
        assert!(matches!(up, Wish::Change(_, Geometry::Mask(more)) if more.has(90, 50) && more.area() > mask.area()));
        let mut erasing = Gesture::Idle;
        erasing.down(scene, Point::new(30.0, 50.0), true);
        let up = erasing.up(scene, Point::new(40.0, 50.0));
        assert!(matches!(up, Wish::Change(_, Geometry::Mask(less)) if !less.has(35, 50) && less.area() < mask.area()));
    }

    #[test]
    fn a_box_around_an_object_asks_for_it_and_a_trace_outlives_the_clicks() {
        let (_, up) = drag(&mut Gesture::Idle, scene(&[], None, Tool::CutOut), (30.0, 20.0), (90.0, 80.0));
        assert_eq!(up, Wish::CutOut(Rect { x: 30.0, y: 20.0, w: 60.0, h: 60.0 }));
        let (_, up) = drag(&mut Gesture::Idle, scene(&[], None, Tool::CutOut), (30.0, 20.0), (30.5, 20.0));
        assert_eq!(up, Wish::Select(None), "a click");
        let mut tracing = Gesture::Idle;
        let scene = scene(&[], None, Tool::Scissors);
        for (x, y) in [(10.0, 10.0), (60.0, 10.0), (60.0, 60.0)] {
            drag(&mut tracing, scene, (x, y), (x, y));
        }
        assert!(tracing.is_clicked() && tracing.preview(IMAGE).is_none());
        assert_eq!(tracing.finish(IMAGE), Wish::Nothing);
        let Gesture::Trace(trace) = &mut tracing else { panic!("{tracing:?}") };
        while let Some((leg, from, to)) = trace.wants() {
            trace.found(leg, (from, to), None);
        }
        assert_eq!(trace.closed().unwrap().unwrap().len(), 3);
        assert!(tracing.back() && tracing.cancel());
    }

    #[test]
    fn a_point_is_taken_rather_than_set_twice() {
        let shapes = [Shape {
            region: name("pin"),
            label: "a".into(),
            group: None,
            geometry: Geometry::Point(Point::new(60.0, 60.0)),
        }];
        let index = indexed(&shapes);
        let scene = Scene { index: &index, ..scene(&shapes, None, Tool::Point) };
        let (down, up) = drag(&mut Gesture::Idle, scene, (61.0, 60.0), (71.0, 65.0));
        assert_eq!(down, Wish::Select(Some(name("pin"))));
        assert_eq!(up, Wish::Change(name("pin"), Geometry::Point(Point::new(70.0, 65.0))));
    }
}
