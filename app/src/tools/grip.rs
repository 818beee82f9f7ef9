//! Taking a shape that is already there: by its inside, a handle, the knob that turns it, a vertex or an edge; and doing the
//! same by keys. One set of rules for every kind of shape, in pixels of the image. Everything stays within the image.

use crate::tools::bbox::gesture::{self as bbox, SIDE_MIN};
use crate::workbench::region::Geometry;
use crate::workbench::viewport::Size;
use domain::geometry::{self, Handle, POLYGON_MAX_POINTS, Point, RotatedBox, VertexRef, nearest_edge};

/// How far above its shape the turning knob hangs, in CSS pixels.
const KNOB: f64 = 24.0;

/// How far a turned shape may stand out of the image: its numbers are rounded.
const SLACK: f64 = 0.4;

/// All handles, corners first: where they lie on each other in a tiny shape, a corner is what one wants.
pub const HANDLES: [Handle; 8] = [
    Handle::TopLeft,
    Handle::TopRight,
    Handle::BottomRight,
    Handle::BottomLeft,
    Handle::Top,
    Handle::Right,
    Handle::Bottom,
    Handle::Left,
];

/// What of a shape is held.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Grip {
    /// All of it.
    Inside,
    /// The knob that turns it.
    Turn,
    /// A handle on its frame.
    Handle(Handle),
    /// A vertex.
    Vertex(VertexRef),
    /// An edge: a new vertex would go in here.
    Edge(VertexRef, Point),
}

/// A shape held by the pointer.
#[derive(Debug, Clone, PartialEq)]
pub struct Drag {
    start: Geometry,
    grip: Grip,
    from: Point,
    now: Geometry,
}

impl Drag {
    /// Takes the shape. An edge that is taken gets its new vertex at once.
    pub fn new(shape: &Geometry, grip: Grip, from: Point) -> Self {
        let mut start = shape.clone();
        let grip = match grip {
            Grip::Edge(vertex, at)
                if start.vertices().len() < POLYGON_MAX_POINTS && start.insert_vertex(vertex, at) =>
            {
                Grip::Vertex(vertex)
            }
            Grip::Edge(..) => Grip::Inside,
            other => other,
        };
        Self { now: start.clone(), start, grip, from }
    }

    /// The pointer moved. Where the shape would not fit, it stays as it was.
    pub fn to(&mut self, p: Point, image: Size) {
        if let Some(next) = self.at(p, image) {
            self.now = next;
        }
    }

    /// Where the one point would be that is moved with the pointer here. Nothing where the shape moves as a whole, or by a
    /// side; the points of a skeleton lie within things, not on borders.
    pub fn tip(&self, p: Point) -> Option<Point> {
        match (self.grip, &self.start) {
            (Grip::Vertex(_), Geometry::Polygon(_) | Geometry::Polyline(_)) => Some(p),
            (Grip::Inside, Geometry::Point(at)) => Some(at.moved(p.x - self.from.x, p.y - self.from.y)),
            (Grip::Handle(handle), Geometry::Box(_)) => {
                let (sx, sy) = handle.signs();
                (sx != 0.0 && sy != 0.0).then_some(p)
            }
            _ => None,
        }
    }

    /// The one point that is moved goes here.
    pub fn stick(&mut self, at: Point, image: Size) {
        match &mut self.now {
            Geometry::Point(now) => *now = at.clamp(image.w, image.h),
            _ => self.to(at, image),
        }
    }

    /// The shape as it is now.
    pub fn shape(&self) -> &Geometry {
        &self.now
    }

    fn at(&self, p: Point, image: Size) -> Option<Geometry> {
        let start = &self.start;
        match self.grip {
            Grip::Inside => Some(shifted(start, p.x - self.from.x, p.y - self.from.y, image)),
            Grip::Turn => {
                let centre = frame(start)?.centre();
                let towards = |p: Point| (p.y - centre.y).atan2(p.x - centre.x).to_degrees();
                fitting(start.turned(towards(p) - towards(self.from))?, image)
            }
            Grip::Handle(handle) => match start {
                Geometry::Box(rect) => {
                    let rect = rect.resized(handle, p.clamp(image.w, image.h), false);
                    Some(Geometry::Box(bbox::at_least(rect, image)))
                }
                _ => fitting(start.resized(handle, p.clamp(image.w, image.h), false)?, image),
            },
            Grip::Vertex(vertex) => {
                let mut shape = start.clone();
                shape.put_vertex(vertex, p.clamp(image.w, image.h))?;
                Some(shape)
            }
            Grip::Edge(..) => None,
        }
    }
}

/// The frame that carries a shape's handles, where it has one.
pub fn frame(shape: &Geometry) -> Option<RotatedBox> {
    match shape {
        Geometry::Box(rect) => Some(RotatedBox::from(*rect)),
        Geometry::RotatedBox(turned) => Some(*turned),
        Geometry::Ellipse(ellipse) => Some(ellipse.frame()),
        _ => None,
    }
}

/// Where a handle lies.
pub fn handle_point(frame: RotatedBox, handle: Handle) -> Point {
    let (sx, sy) = handle.signs();
    let centre = frame.centre();
    centre.moved(sx * frame.w / 2.0, sy * frame.h / 2.0).turned(centre, frame.angle)
}

/// Where the turning knob hangs, for shapes that have one. `pixel` is how many pixels of the image one of the screen is.
pub fn knob_point(shape: &Geometry, pixel: f64) -> Option<Point> {
    if !matches!(shape, Geometry::RotatedBox(_) | Geometry::Ellipse(_)) {
        return None;
    }
    let frame = frame(shape)?;
    let top = handle_point(frame, Handle::Top);
    Some(top.moved(0.0, -KNOB * pixel).turned(top, frame.angle))
}

/// What of the shape lies within reach of the point.
pub fn grip_at(shape: &Geometry, p: Point, reach: f64, pixel: f64) -> Option<Grip> {
    // Of a small shape, its middle is left to be taken as a whole.
    let small = shape.bounds().map_or(0.0, |bounds| bounds.w.min(bounds.h) / 4.0);
    let reach = if shape.contains(p) { reach.min(small) } else { reach };
    if knob_point(shape, pixel).is_some_and(|knob| knob.distance(p) <= reach) {
        return Some(Grip::Turn);
    }
    if let Some(frame) = frame(shape)
        && let Some(handle) = HANDLES.into_iter().find(|handle| handle_point(frame, *handle).distance(p) <= reach)
    {
        return Some(Grip::Handle(handle));
    }
    let near = shape.vertices().into_iter().map(|(vertex, at)| (at.distance(p), vertex));
    let nearest = near.filter(|(distance, _)| *distance <= reach).min_by(|a, b| a.0.total_cmp(&b.0));
    if let Some((_, vertex)) = nearest {
        // A point is one vertex: taken by it, it moves as a whole.
        return Some(if matches!(shape, Geometry::Point(_)) { Grip::Inside } else { Grip::Vertex(vertex) });
    }
    if let Some(edge) = edge_at(shape, p, reach / 2.0) {
        return Some(edge);
    }
    // Between the points of a skeleton there is nothing but the skeleton.
    let between = matches!(shape, Geometry::Skeleton(_)) && shape.bounds().is_some_and(|bounds| bounds.contains(p));
    let is_inside = shape.contains(p) || between || (!shape.kind().is_closed() && shape.is_hit(p, reach));
    is_inside.then_some(Grip::Inside)
}

fn edge_at(shape: &Geometry, p: Point, reach: f64) -> Option<Grip> {
    let rings: Vec<(&[Point], bool)> = match shape {
        Geometry::Polygon(polygon) => polygon.rings().map(|ring| (ring, true)).collect(),
        Geometry::Polyline(line) => vec![(line.points.as_slice(), false)],
        _ => return None,
    };
    let hits = rings.into_iter().enumerate().filter_map(|(ring, (points, closed))| {
        let hit = nearest_edge(points, closed, p)?;
        Some((hit.distance, VertexRef { ring, index: hit.edge + 1 }, hit.at))
    });
    let (_, vertex, at) = hits.filter(|(distance, ..)| *distance <= reach).min_by(|a, b| a.0.total_cmp(&b.0))?;
    Some(Grip::Edge(vertex, at))
}

/// The shape moved, stopped as a whole at the image's borders.
pub fn shifted(shape: &Geometry, dx: f64, dy: f64, image: Size) -> Geometry {
    let (dx, dy) = shape.stopped(dx, dy, whole(image));
    shape.moved(dx, dy)
}

/// The shape with one vertex moved by keys.
pub fn with_vertex_moved(shape: &Geometry, vertex: VertexRef, dx: f64, dy: f64, image: Size) -> Geometry {
    let mut next = shape.clone();
    if let Some(at) = shape.vertex(vertex) {
        next.put_vertex(vertex, at.moved(dx, dy).clamp(image.w, image.h));
    }
    next
}

/// The shape without a vertex; nothing when too few would be left, or it has none to lose.
pub fn without_vertex(shape: &Geometry, vertex: VertexRef) -> Option<Geometry> {
    let left = |ring: &[Point]| ring.len().saturating_sub(1);
    let enough = match shape {
        Geometry::Polygon(polygon) => polygon.rings().nth(vertex.ring).is_some_and(|ring| left(ring) >= 3),
        Geometry::Polyline(line) => left(&line.points) >= 2,
        _ => false,
    };
    let mut next = shape.clone();
    (enough && next.remove_vertex(vertex).is_some()).then_some(next)
}

/// The shape with a new vertex halfway to the one after this (of a line's last one: to the one before), and which it is.
pub fn with_vertex_after(shape: &Geometry, vertex: VertexRef) -> Option<(Geometry, VertexRef)> {
    let (ring, closed): (&[Point], bool) = match shape {
        Geometry::Polygon(polygon) => (polygon.rings().nth(vertex.ring)?, true),
        Geometry::Polyline(line) => (line.points.as_slice(), false),
        _ => return None,
    };
    if ring.len() >= POLYGON_MAX_POINTS {
        return None;
    }
    let last = ring.len().checked_sub(1)?;
    let (a, b, index) = if vertex.index < last {
        (vertex.index, vertex.index + 1, vertex.index + 1)
    } else if closed {
        (last, 0, last + 1)
    } else {
        (last.checked_sub(1)?, last, last)
    };
    let at = ring.get(a)?.toward(*ring.get(b)?, 0.5);
    let (mut next, new) = (shape.clone(), VertexRef { index, ..vertex });
    next.insert_vertex(new, at).then_some((next, new))
}

/// The shape with its right or lower side moved by keys, or the left or upper one, along its own sides.
pub fn grown(shape: &Geometry, left_top: bool, dx: f64, dy: f64, image: Size) -> Option<Geometry> {
    let handle = match (dx != 0.0, left_top) {
        (true, true) => Handle::Left,
        (true, false) => Handle::Right,
        (false, true) => Handle::Top,
        (false, false) => Handle::Bottom,
    };
    match shape {
        Geometry::Box(rect) => Some(Geometry::Box(bbox::grown(*rect, handle, dx, dy, image))),
        Geometry::RotatedBox(_) | Geometry::Ellipse(_) => {
            let frame = frame(shape)?;
            let (sx, sy) = handle.signs();
            // Stopped before the other side: turning over would swap the keys' meaning.
            if frame.w + dx * sx < SIDE_MIN || frame.h + dy * sy < SIDE_MIN {
                return None;
            }
            let to = handle_point(frame, handle);
            let to = to.moved(dx, dy).turned(to, frame.angle);
            fits(shape.resized(handle, to, false)?, image)
        }
        Geometry::Polygon(_) | Geometry::Polyline(_) | Geometry::Skeleton(_) => {
            let bounds = shape.bounds()?;
            let into = bbox::grown(bounds, handle, dx, dy, image);
            let to = handle_point(RotatedBox::from(into), handle);
            Some(shape.resized(handle, to, false)?.clamped(whole(image)))
        }
        Geometry::Point(_) | Geometry::Mask(_) => None,
    }
}

/// The shape turned by keys; nothing for what cannot be turned, or would not fit.
pub fn turned(shape: &Geometry, degrees: f64, image: Size) -> Option<Geometry> {
    fitting(shape.turned(degrees)?, image)
}

/// The shape, moved in where it stands out of the image; nothing where it is too large for it, or has become nothing.
pub fn fitting(shape: Geometry, image: Size) -> Option<Geometry> {
    let (dx, dy) = shape.stopped(0.0, 0.0, whole(image));
    let shape = if (dx, dy) == (0.0, 0.0) { shape } else { shape.moved(dx, dy) };
    fits(shape, image)
}

fn fits(shape: Geometry, image: Size) -> Option<Geometry> {
    let whole = whole(image);
    let large = frame(&shape).is_none_or(|frame| frame.w >= SIDE_MIN && frame.h >= SIDE_MIN);
    let held = shape.bounds()?.corners().iter().all(|corner| whole.holds(*corner, SLACK));
    let turned = matches!(shape, Geometry::RotatedBox(_) | Geometry::Ellipse(_));
    (large && held).then(|| if turned { shape } else { shape.clamped(whole) })
}

/// The image's size as geometry knows it.
pub fn whole(image: Size) -> geometry::Size {
    geometry::Size::new(image.w as u32, image.h as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::geometry::{Ellipse, Polygon, Polyline, Rect};
    use proptest::prelude::*;

    const IMAGE: Size = Size { w: 200.0, h: 100.0 };

    fn turned_box(angle: f64) -> Geometry {
        Geometry::RotatedBox(RotatedBox { cx: 100.0, cy: 50.0, w: 40.0, h: 20.0, angle })
    }

    fn line() -> Geometry {
        Geometry::Polyline(Polyline::new(vec![Point::new(10.0, 10.0), Point::new(50.0, 10.0), Point::new(50.0, 60.0)]))
    }

    fn drag(shape: &Geometry, from: Point, to: Point) -> Geometry {
        let grip = grip_at(shape, from, 4.0, 1.0).unwrap();
        let mut drag = Drag::new(shape, grip, from);
        drag.to(from.toward(to, 0.5), IMAGE);
        drag.to(to, IMAGE);
        drag.shape().clone()
    }

    fn angle(shape: &Geometry) -> f64 {
        frame(shape).unwrap().angle
    }

    #[test]
    fn the_knob_turns_about_the_centre() {
        let start = turned_box(0.0);
        let knob = knob_point(&start, 1.0).unwrap();
        assert_eq!(knob, Point::new(100.0, 16.0));
        let quarter = drag(&start, knob, Point::new(150.0, 50.0));
        assert!((angle(&quarter) - 90.0).abs() < 1e-9);
        assert_eq!(knob_point(&Geometry::Box(Rect::default()), 1.0), None, "an upright box stays upright");
    }

    #[test]
    fn a_turned_shape_is_resized_along_its_own_sides() {
        let start = turned_box(90.0);
        // Its right side looks down.
        let right = handle_point(frame(&start).unwrap(), Handle::Right);
        assert!(right.distance(Point::new(100.0, 70.0)) < 1e-9);
        let longer = frame(&drag(&start, right, Point::new(100.0, 80.0))).unwrap();
        assert!((longer.w - 50.0).abs() < 1e-9 && (longer.h - 20.0).abs() < 1e-9);
        let by_keys = frame(&grown(&start, false, 10.0, 0.0, IMAGE).unwrap()).unwrap();
        assert!((by_keys.w - 50.0).abs() < 1e-9 && (by_keys.cy - 55.0).abs() < 1e-9);
        assert_eq!(grown(&start, false, -60.0, 0.0, IMAGE), None, "it never turns over by keys");
    }

    #[test]
    fn vertices_of_a_line_are_moved_inserted_and_removed() {
        let moved = drag(&line(), Point::new(50.0, 61.0), Point::new(500.0, 60.0));
        assert_eq!(moved.vertices().last().unwrap().1, Point::new(200.0, 60.0));
        let four = drag(&line(), Point::new(30.0, 11.0), Point::new(30.0, 20.0));
        assert_eq!(four.vertices().get(1).unwrap().1, Point::new(30.0, 20.0));
        let (five, new) = with_vertex_after(&four, VertexRef { ring: 0, index: 3 }).unwrap();
        assert_eq!((five.vertices().len(), new.index), (5, 3));
        let two = without_vertex(&line(), VertexRef { ring: 0, index: 1 }).unwrap();
        assert_eq!(without_vertex(&two, VertexRef { ring: 0, index: 0 }), None, "a line has two ends");
        assert_eq!(with_vertex_after(&turned_box(0.0), VertexRef { ring: 0, index: 0 }), None);
    }

    #[test]
    fn a_hole_keeps_its_three_vertices() {
        let ring = |x: f64, y: f64, side: f64| {
            vec![Point::new(x, y), Point::new(x + side, y), Point::new(x, y + side), Point::new(x - 1.0, y + 1.0)]
        };
        let holed = Geometry::Polygon(Polygon { points: ring(20.0, 20.0, 60.0), holes: vec![ring(30.0, 30.0, 10.0)] });
        let three = without_vertex(&holed, VertexRef { ring: 1, index: 3 }).unwrap();
        assert_eq!(without_vertex(&three, VertexRef { ring: 1, index: 0 }), None);
        assert_eq!(
            grip_at(&holed, Point::new(40.0, 30.0), 2.0, 1.0),
            Some(Grip::Vertex(VertexRef { ring: 1, index: 1 }))
        );
    }

    #[test]
    fn what_does_not_fit_stays_as_it_was() {
        let wide = Geometry::RotatedBox(RotatedBox { cx: 100.0, cy: 50.0, w: 180.0, h: 10.0, angle: 0.0 });
        assert_eq!(turned(&wide, 90.0, IMAGE), None);
        let at_the_border = Geometry::Ellipse(Ellipse { cx: 20.0, cy: 50.0, rx: 20.0, ry: 40.0, angle: 0.0 });
        let lying = turned(&at_the_border, 90.0, IMAGE).unwrap();
        assert!((lying.bounds().unwrap().x).abs() < 1e-9, "moved in by as much as it stood out");
    }

    #[test]
    fn a_tiny_shape_can_still_be_moved() {
        let tiny = Geometry::Box(Rect { x: 50.0, y: 50.0, w: 6.0, h: 6.0 });
        assert_eq!(grip_at(&tiny, Point::new(53.0, 53.0), 8.0, 1.0), Some(Grip::Inside));
        assert_eq!(grip_at(&tiny, Point::new(60.0, 60.0), 8.0, 1.0), Some(Grip::Handle(Handle::BottomRight)));
    }

    proptest! {
        #[test]
        fn whatever_is_dragged_stays_within_the_image(
            kind in 0..4_usize, angle in 0.0..360.0_f64, grip in 0..11_usize,
            fx in 60.0..140.0_f64, fy in 20.0..80.0_f64, x in -300.0..500.0_f64, y in -300.0..400.0_f64,
        ) {
            let shape = match kind {
                0 => turned_box(angle),
                1 => Geometry::Ellipse(Ellipse { cx: 100.0, cy: 50.0, rx: 30.0, ry: 20.0, angle }),
                2 => line(),
                _ => Geometry::Box(Rect { x: 30.0, y: 30.0, w: 40.0, h: 20.0 }),
            };
            let grip = match grip {
                0 => Grip::Inside,
                1 => Grip::Turn,
                2 => Grip::Vertex(VertexRef { ring: 0, index: 1 }),
                n => Grip::Handle(HANDLES[n - 3]),
            };
            let mut drag = Drag::new(&shape, grip, Point::new(fx, fy));
            drag.to(Point::new(x, y), IMAGE);
            prop_assert!(drag.shape().rounded().check(whole(IMAGE)).is_ok(), "{:?}", drag.shape());
            for by in [x, y] {
                for next in [grown(&shape, x > 0.0, by, 0.0, IMAGE), turned(&shape, by, IMAGE)].into_iter().flatten() {
                    prop_assert!(next.rounded().check(whole(IMAGE)).is_ok(), "{next:?}");
                }
            }
        }
    }
}
