//! What the pointer does on an image: one state machine over the box and the polygon tool. It is told points of the image
//! and answers what should be selected, created or changed; it draws nothing and holds no document.

use crate::tools::{bbox, polygon};
use crate::workbench::region::{Geometry, RegionRef, Shape};
use crate::workbench::viewport::Size;
use domain::geometry::{Point, Rect};

/// What a press on free ground begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// Nothing: only selecting and moving.
    Select,
    /// A box.
    Box,
    /// A polygon.
    Polygon,
}

/// What the machine looks at.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// Every shape, the later ones above.
    pub shapes: &'a [Shape],
    /// The selected one.
    pub selected: Option<&'a RegionRef>,
    /// The tool in hand.
    pub tool: Tool,
    /// The image.
    pub image: Size,
    /// How far a pointer may miss, in pixels of the image.
    pub reach: f64,
}

/// Where the machine stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Gesture {
    /// Nothing is going on.
    #[default]
    Idle,
    /// A box is drawn.
    DrawBox(bbox::gesture::Gesture),
    /// A box is moved or resized.
    EditBox(RegionRef, bbox::gesture::Gesture),
    /// An outline is drawn.
    DrawPolygon(polygon::gesture::Outline),
    /// A whole outline is moved: the outline at the start, where it was taken, where the pointer is.
    MovePolygon(RegionRef, Vec<Point>, Point, Point),
    /// One vertex is moved: the outline with it, which vertex, whether it was inserted just now.
    MoveVertex(RegionRef, Vec<Point>, usize, bool),
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
}

impl Gesture {
    /// The main button went down. `remove` asks to take away a vertex (Alt held).
    pub fn down(&mut self, scene: Scene<'_>, p: Point, remove: bool) -> Wish {
        if let Gesture::DrawPolygon(outline) = self {
            if let polygon::gesture::Click::Closed(points) = outline.click(p, scene.reach, scene.image) {
                *self = Gesture::Idle;
                return Wish::Create(Geometry::Polygon(points));
            }
            return Wish::Nothing;
        }
        if let Some(selected) = scene.selected_shape()
            && let Some(wish) = self.press_selected(selected, scene, p, remove)
        {
            return wish;
        }
        match scene.tool {
            Tool::Box => {
                *self = Gesture::DrawBox(bbox::gesture::Gesture::Draw { from: p, to: p });
                Wish::Nothing
            }
            Tool::Polygon => {
                *self = Gesture::DrawPolygon(polygon::gesture::Outline::new(p, scene.image));
                Wish::Select(None)
            }
            Tool::Select => match scene.hit(p) {
                Some(shape) => {
                    self.begin_move(shape, p);
                    Wish::Select(Some(shape.region.clone()))
                }
                None => Wish::Select(None),
            },
        }
    }

    /// The pointer moved.
    pub fn moved(&mut self, scene: Scene<'_>, p: Point) {
        match self {
            Gesture::Idle => {}
            Gesture::DrawBox(gesture) | Gesture::EditBox(_, gesture) => gesture.to(p),
            Gesture::DrawPolygon(outline) => outline.hover(p, scene.image),
            Gesture::MovePolygon(_, _, _, to) => *to = p,
            Gesture::MoveVertex(_, points, at, _) => {
                *points = polygon::gesture::with_vertex(points, *at, p, scene.image);
            }
        }
    }

    /// The main button went up.
    pub fn up(&mut self, scene: Scene<'_>, p: Point) -> Wish {
        self.moved(scene, p);
        // An outline goes on from click to click.
        if matches!(self, Gesture::DrawPolygon(_)) {
            return Wish::Nothing;
        }
        match std::mem::take(self) {
            Gesture::Idle | Gesture::DrawPolygon(_) => Wish::Nothing,
            Gesture::DrawBox(gesture) => {
                let rect = gesture.rect(scene.image);
                let least = (scene.reach / 2.0).max(bbox::gesture::SIDE_MIN);
                if rect.w >= least && rect.h >= least {
                    Wish::Create(Geometry::Box(rect))
                } else {
                    // A click, not a drag: it selects.
                    Wish::Select(scene.hit(p).map(|shape| shape.region.clone()))
                }
            }
            Gesture::EditBox(region, gesture) => change(scene, region, Geometry::Box(gesture.rect(scene.image))),
            Gesture::MovePolygon(region, start, grip, to) => {
                let points = polygon::gesture::shifted(&start, to.x - grip.x, to.y - grip.y, scene.image);
                change(scene, region, Geometry::Polygon(points))
            }
            Gesture::MoveVertex(region, points, ..) => change(scene, region, Geometry::Polygon(points)),
        }
    }

    /// Closes the outline being drawn (Enter, double click).
    pub fn finish(&mut self) -> Wish {
        match self {
            Gesture::DrawPolygon(outline) => match outline.close() {
                Some(points) => {
                    *self = Gesture::Idle;
                    Wish::Create(Geometry::Polygon(points))
                }
                None => Wish::Nothing,
            },
            _ => Wish::Nothing,
        }
    }

    /// Takes back the last vertex of the outline being drawn. False when there is none.
    pub fn back(&mut self) -> bool {
        let Gesture::DrawPolygon(outline) = self else { return false };
        if !outline.back() {
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
            Gesture::Idle | Gesture::DrawPolygon(_) => None,
            Gesture::DrawBox(gesture) => Some((None, Geometry::Box(gesture.rect(image)))),
            Gesture::EditBox(region, gesture) => Some((Some(region), Geometry::Box(gesture.rect(image)))),
            Gesture::MovePolygon(region, start, grip, to) => {
                let points = polygon::gesture::shifted(start, to.x - grip.x, to.y - grip.y, image);
                Some((Some(region), Geometry::Polygon(points)))
            }
            Gesture::MoveVertex(region, points, ..) => Some((Some(region), Geometry::Polygon(points.clone()))),
        }
    }

    /// A press on the selected shape: its handles and vertices first, then its inside.
    fn press_selected(&mut self, shape: &Shape, scene: Scene<'_>, p: Point, remove: bool) -> Option<Wish> {
        match &shape.geometry {
            Geometry::Box(rect) => {
                if let Some(handle) = bbox::gesture::handle_at(*rect, p, scene.reach) {
                    let gesture = bbox::gesture::Gesture::Resize { start: *rect, handle, to: p };
                    *self = Gesture::EditBox(shape.region.clone(), gesture);
                    return Some(Wish::Nothing);
                }
            }
            Geometry::Polygon(points) => match polygon::gesture::part_at(points, p, scene.reach) {
                Some(polygon::gesture::Part::Vertex(at)) if remove => {
                    let without = polygon::gesture::without_vertex(points, at)?;
                    return Some(Wish::Change(shape.region.clone(), Geometry::Polygon(without)));
                }
                Some(polygon::gesture::Part::Vertex(at)) => {
                    *self = Gesture::MoveVertex(shape.region.clone(), points.clone(), at, false);
                    return Some(Wish::Nothing);
                }
                Some(polygon::gesture::Part::Edge(at, on)) => {
                    let points = polygon::gesture::with_new_vertex(points, at, on, scene.image);
                    *self = Gesture::MoveVertex(shape.region.clone(), points, at + 1, true);
                    return Some(Wish::Nothing);
                }
                None => {}
            },
        }
        shape.geometry.contains(p).then(|| {
            self.begin_move(shape, p);
            Wish::Nothing
        })
    }

    fn begin_move(&mut self, shape: &Shape, p: Point) {
        *self = match &shape.geometry {
            Geometry::Box(rect) => {
                Gesture::EditBox(shape.region.clone(), bbox::gesture::Gesture::Move { start: *rect, grip: p, to: p })
            }
            Geometry::Polygon(points) => Gesture::MovePolygon(shape.region.clone(), points.clone(), p, p),
        };
    }
}

impl Scene<'_> {
    /// The selected shape, if it is still there.
    pub fn selected_shape(&self) -> Option<&Shape> {
        let selected = self.selected?;
        self.shapes.iter().find(|shape| shape.region == *selected)
    }

    /// The shape under the point: the smallest one, so that a shape within another can be reached.
    pub fn hit(&self, p: Point) -> Option<&Shape> {
        let near = |shape: &&Shape| {
            let bounds = shape.geometry.bounds();
            let reach = self.reach / 2.0;
            let around =
                Rect { x: bounds.x - reach, y: bounds.y - reach, w: bounds.w + self.reach, h: bounds.h + self.reach };
            match &shape.geometry {
                Geometry::Box(_) => around.contains(p),
                Geometry::Polygon(_) => around.contains(p) && shape.geometry.contains(p),
            }
        };
        self.shapes.iter().filter(near).min_by(|a, b| a.geometry.area().total_cmp(&b.geometry.area()))
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

    const IMAGE: Size = Size { w: 200.0, h: 100.0 };

    fn name(id: &str) -> RegionRef {
        RegionRef { control: "objects".into(), id: id.into() }
    }

    fn shapes() -> Vec<Shape> {
        let shape = |id: &str, geometry: Geometry| Shape { region: name(id), label: "a".into(), geometry };
        let triangle = vec![Point::new(100.0, 10.0), Point::new(180.0, 10.0), Point::new(140.0, 90.0)];
        vec![
            shape("inner", Geometry::Box(Rect { x: 20.0, y: 20.0, w: 20.0, h: 20.0 })),
            shape("outer", Geometry::Box(Rect { x: 10.0, y: 10.0, w: 60.0, h: 60.0 })),
            shape("triangle", Geometry::Polygon(triangle)),
        ]
    }

    fn scene<'a>(shapes: &'a [Shape], selected: Option<&'a RegionRef>, tool: Tool) -> Scene<'a> {
        Scene { shapes, selected, tool, image: IMAGE, reach: 4.0 }
    }

    fn drag(gesture: &mut Gesture, scene: Scene<'_>, from: (f64, f64), to: (f64, f64)) -> (Wish, Wish) {
        let down = gesture.down(scene, Point::new(from.0, from.1), false);
        gesture.moved(scene, Point::new((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0));
        (down, gesture.up(scene, Point::new(to.0, to.1)))
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
        assert!(matches!(gesture.clone().finish(), Wish::Create(Geometry::Polygon(points)) if points.len() == 3));
        let down = gesture.down(scene, Point::new(11.0, 9.0), false);
        assert!(matches!(down, Wish::Create(Geometry::Polygon(points)) if points.len() == 3));
        assert_eq!(gesture, Gesture::Idle);
    }

    #[test]
    fn vertices_are_moved_inserted_and_removed() {
        let shapes = shapes();
        let triangle = name("triangle");
        let scene = scene(&shapes, Some(&triangle), Tool::Polygon);
        let points = |wish: Wish| match wish {
            Wish::Change(_, Geometry::Polygon(points)) => points,
            other => panic!("{other:?}"),
        };
        let (_, up) = drag(&mut Gesture::Idle, scene, (101.0, 10.0), (90.0, 5.0));
        assert_eq!(points(up)[0], Point::new(90.0, 5.0));
        let (_, up) = drag(&mut Gesture::Idle, scene, (140.0, 10.5), (140.0, 2.0));
        let four = points(up);
        assert_eq!((four.len(), four[1]), (4, Point::new(140.0, 2.0)));
        let with_four = [Shape { geometry: Geometry::Polygon(four), ..shapes[2].clone() }];
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
}
