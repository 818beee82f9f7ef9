//! A shape of any kind: what each can do, in one place, and its form in an annotation's value.

use super::mask::Join;
use super::{
    Ellipse, Fault, Handle, Joint, Mask, POLYGON_MAX_POINTS, Place, Point, Polygon, Polyline, Rect, RotatedBox, SLACK,
    Size, Skeleton, boolean, nearest_edge, point, ring, simplify_line,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// The kinds of shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShapeKind {
    /// An upright rectangle.
    Box,
    /// A turned rectangle.
    RotatedBox,
    /// An ellipse.
    Ellipse,
    /// A closed polygon.
    Polygon,
    /// An open line.
    Polyline,
    /// A point.
    Point,
    /// Named points.
    Skeleton,
    /// A set of pixels.
    Mask,
}

/// A shape on an image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// An upright rectangle.
    Box(Rect),
    /// A turned rectangle.
    RotatedBox(RotatedBox),
    /// An ellipse.
    Ellipse(Ellipse),
    /// A closed polygon.
    Polygon(Polygon),
    /// An open line.
    Polyline(Polyline),
    /// A point.
    Point(Point),
    /// Named points.
    Skeleton(Skeleton),
    /// A set of pixels.
    Mask(Mask),
}

/// Names one vertex: of a polygon by ring (0 is the outer one, then the holes), of the others by place, ring 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct VertexRef {
    /// The ring.
    pub ring: usize,
    /// The place in it.
    pub index: usize,
}

/// Rounding five numbers moves the corners of a turned shape: this far, in pixels, it may stand out of the image.
const TURNED_SLACK: f64 = 0.5;

/// How closely a ring of vertices follows an ellipse that becomes a polygon, in pixels.
const ELLIPSE_TOLERANCE: f64 = 0.1;

impl ShapeKind {
    /// All, in the order of the tools.
    pub const ALL: [ShapeKind; 8] = [
        ShapeKind::Box,
        ShapeKind::RotatedBox,
        ShapeKind::Ellipse,
        ShapeKind::Polygon,
        ShapeKind::Polyline,
        ShapeKind::Point,
        ShapeKind::Skeleton,
        ShapeKind::Mask,
    ];

    /// The code in schemas.
    pub fn code(self) -> &'static str {
        match self {
            ShapeKind::Box => "box",
            ShapeKind::RotatedBox => "rotated_box",
            ShapeKind::Ellipse => "ellipse",
            ShapeKind::Polygon => "polygon",
            ShapeKind::Polyline => "polyline",
            ShapeKind::Point => "point",
            ShapeKind::Skeleton => "skeleton",
            ShapeKind::Mask => "mask",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<ShapeKind> {
        ShapeKind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The fields of a region's value that make the shape.
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            ShapeKind::Box => &["x", "y", "w", "h"],
            ShapeKind::RotatedBox => &["cx", "cy", "w", "h", "angle"],
            ShapeKind::Ellipse => &["cx", "cy", "rx", "ry", "angle"],
            ShapeKind::Polygon => &["points", "holes"],
            ShapeKind::Polyline | ShapeKind::Skeleton => &["points"],
            ShapeKind::Point => &["x", "y"],
            ShapeKind::Mask => &["size", "counts"],
        }
    }

    /// The field that a fault is about; none where it is about the shape as a whole.
    pub fn field_of(self, fault: &Fault) -> Option<&'static str> {
        match (self, fault) {
            (ShapeKind::Polygon, Fault::HoleOutside) => Some("holes"),
            (ShapeKind::Polygon | ShapeKind::Polyline | ShapeKind::Skeleton, _) => Some("points"),
            (ShapeKind::Mask, Fault::MaskSize { .. }) => Some("size"),
            (ShapeKind::Mask, _) => Some("counts"),
            (ShapeKind::Box | ShapeKind::RotatedBox | ShapeKind::Ellipse | ShapeKind::Point, _) => None,
        }
    }

    /// Does it have an inside?
    pub fn is_closed(self) -> bool {
        match self {
            ShapeKind::Box | ShapeKind::RotatedBox | ShapeKind::Ellipse | ShapeKind::Polygon | ShapeKind::Mask => true,
            ShapeKind::Polyline | ShapeKind::Point | ShapeKind::Skeleton => false,
        }
    }
}

impl Shape {
    /// The kind.
    pub fn kind(&self) -> ShapeKind {
        match self {
            Shape::Box(_) => ShapeKind::Box,
            Shape::RotatedBox(_) => ShapeKind::RotatedBox,
            Shape::Ellipse(_) => ShapeKind::Ellipse,
            Shape::Polygon(_) => ShapeKind::Polygon,
            Shape::Polyline(_) => ShapeKind::Polyline,
            Shape::Point(_) => ShapeKind::Point,
            Shape::Skeleton(_) => ShapeKind::Skeleton,
            Shape::Mask(_) => ShapeKind::Mask,
        }
    }

    /// Area in square pixels; 0 for what has no inside.
    pub fn area(&self) -> f64 {
        match self {
            Shape::Box(rect) => rect.area(),
            Shape::RotatedBox(turned) => turned.area(),
            Shape::Ellipse(ellipse) => ellipse.area(),
            Shape::Polygon(polygon) => polygon.area(),
            Shape::Mask(mask) => mask.area() as f64,
            Shape::Polyline(_) | Shape::Point(_) | Shape::Skeleton(_) => 0.0,
        }
    }

    /// The smallest upright rectangle around it; nothing for a shape without points or pixels.
    pub fn bounds(&self) -> Option<Rect> {
        match self {
            Shape::Box(rect) => Some(*rect),
            Shape::RotatedBox(turned) => Some(turned.bounds()),
            Shape::Ellipse(ellipse) => Some(ellipse.bounds()),
            Shape::Polygon(polygon) => polygon.bounds(),
            Shape::Polyline(line) => line.bounds(),
            Shape::Point(at) => Some(Rect { x: at.x, y: at.y, w: 0.0, h: 0.0 }),
            Shape::Skeleton(skeleton) => skeleton.bounds(),
            Shape::Mask(mask) => mask.bounds(),
        }
    }

    /// Is the point inside? Never for what has no inside.
    pub fn contains(&self, p: Point) -> bool {
        match self {
            Shape::Box(rect) => rect.contains(p),
            Shape::RotatedBox(turned) => turned.contains(p),
            Shape::Ellipse(ellipse) => ellipse.contains(p),
            Shape::Polygon(polygon) => polygon.contains(p),
            Shape::Mask(mask) => mask.contains(p),
            Shape::Polyline(_) | Shape::Point(_) | Shape::Skeleton(_) => false,
        }
    }

    /// Does a pointer at `p` mean this shape: is it inside, or no further than `tolerance` from its border, line or points?
    pub fn is_hit(&self, p: Point, tolerance: f64) -> bool {
        let near = |ring: &[Point], closed| {
            nearest_edge(ring, closed, p).is_some_and(|hit| hit.distance <= tolerance)
                || ring.iter().any(|at| at.distance(p) <= tolerance)
        };
        match self {
            Shape::Box(rect) => rect.grown(tolerance).contains(p),
            Shape::RotatedBox(turned) => turned.contains(p) || near(&turned.corners(), true),
            Shape::Ellipse(ellipse) => {
                let grown = Ellipse { rx: ellipse.rx + tolerance, ry: ellipse.ry + tolerance, ..*ellipse };
                grown.contains(p)
            }
            Shape::Polygon(polygon) => polygon.contains(p) || polygon.rings().any(|ring| near(ring, true)),
            Shape::Polyline(line) => near(&line.points, false),
            Shape::Point(at) => at.distance(p) <= tolerance,
            Shape::Skeleton(skeleton) => skeleton.placed().any(|at| at.distance(p) <= tolerance),
            Shape::Mask(mask) => mask.contains(p),
        }
    }

    /// The shape moved; a mask by whole pixels.
    pub fn moved(&self, dx: f64, dy: f64) -> Shape {
        match self {
            Shape::Box(rect) => Shape::Box(rect.moved(dx, dy)),
            Shape::RotatedBox(turned) => Shape::RotatedBox(turned.moved(dx, dy)),
            Shape::Ellipse(ellipse) => Shape::Ellipse(ellipse.moved(dx, dy)),
            Shape::Mask(mask) => Shape::Mask(mask.moved(dx.round() as i64, dy.round() as i64)),
            Shape::Polygon(_) | Shape::Polyline(_) | Shape::Point(_) | Shape::Skeleton(_) => {
                self.map(|p| p.moved(dx, dy))
            }
        }
    }

    /// The part of a move that keeps the whole shape within the image.
    pub fn stopped(&self, dx: f64, dy: f64, size: Size) -> (f64, f64) {
        self.bounds().map_or((0.0, 0.0), |bounds| bounds.stopped(dx, dy, size))
    }

    /// The shape with a handle dragged: turned shapes along their own sides, the others by stretching their bounds.
    /// Nothing for points and masks, and for what has no width or height to stretch.
    pub fn resized(&self, handle: Handle, to: Point, keep_ratio: bool) -> Option<Shape> {
        match self {
            Shape::Box(rect) => Some(Shape::Box(rect.resized(handle, to, keep_ratio))),
            Shape::RotatedBox(turned) => Some(Shape::RotatedBox(turned.resized(handle, to, keep_ratio))),
            Shape::Ellipse(ellipse) => Some(Shape::Ellipse(ellipse.resized(handle, to, keep_ratio))),
            Shape::Polygon(_) | Shape::Polyline(_) | Shape::Skeleton(_) => {
                let from = self.bounds()?;
                let (sx, sy) = handle.signs();
                if (sx != 0.0 && from.w <= 0.0) || (sy != 0.0 && from.h <= 0.0) {
                    return None;
                }
                let into = from.resized(handle, to, keep_ratio);
                let scale = |a: f64, b: f64| if a > 0.0 { b / a } else { 1.0 };
                let (wide, high) = (scale(from.w, into.w), scale(from.h, into.h));
                // Dragged across its anchor, the shape turns over with its bounds.
                let centre = from.centre();
                let over = |sign: f64, to: f64, anchor: f64| sign != 0.0 && (to - anchor) * sign < 0.0;
                let flip_x = over(sx, to.x, centre.x - sx * from.w / 2.0);
                let flip_y = over(sy, to.y, centre.y - sy * from.h / 2.0);
                Some(self.map(|p| {
                    let (x, y) = ((p.x - from.x) * wide, (p.y - from.y) * high);
                    Point::new(
                        into.x + if flip_x { into.w - x } else { x },
                        into.y + if flip_y { into.h - y } else { y },
                    )
                }))
            }
            Shape::Point(_) | Shape::Mask(_) => None,
        }
    }

    /// The shape turned clockwise about its middle. Nothing for upright boxes, points and masks, which cannot be turned
    /// and stay what they are.
    pub fn turned(&self, degrees: f64) -> Option<Shape> {
        match self {
            Shape::RotatedBox(turned) => Some(Shape::RotatedBox(turned.turned(degrees))),
            Shape::Ellipse(ellipse) => Some(Shape::Ellipse(ellipse.turned(degrees))),
            Shape::Polygon(_) | Shape::Polyline(_) | Shape::Skeleton(_) => {
                let centre = self.bounds()?.centre();
                Some(self.map(|p| p.turned(centre, degrees)))
            }
            Shape::Box(_) | Shape::Point(_) | Shape::Mask(_) => None,
        }
    }

    /// Every vertex put through a function: for shapes that are made of vertices; the others stay as they are.
    pub fn map(&self, to: impl Fn(Point) -> Point) -> Shape {
        match self {
            Shape::Polygon(polygon) => Shape::Polygon(polygon.map(to)),
            Shape::Polyline(line) => Shape::Polyline(line.map(to)),
            Shape::Point(at) => Shape::Point(to(*at)),
            Shape::Skeleton(skeleton) => Shape::Skeleton(skeleton.map(to)),
            Shape::Box(_) | Shape::RotatedBox(_) | Shape::Ellipse(_) | Shape::Mask(_) => self.clone(),
        }
    }

    /// The shape kept within the image while it is drawn: a box is cut, vertices are pulled to the border, and what is
    /// turned is moved in as far as it fits.
    pub fn clamped(&self, size: Size) -> Shape {
        let (width, height) = (f64::from(size.width), f64::from(size.height));
        match self {
            Shape::Box(rect) => {
                let [from, _, to, _] = rect.corners();
                Shape::Box(Rect::between(from.clamp(width, height), to.clamp(width, height)))
            }
            Shape::RotatedBox(_) | Shape::Ellipse(_) => {
                let (dx, dy) = self.stopped(0.0, 0.0, size);
                self.moved(dx, dy)
            }
            Shape::Mask(mask) => Shape::Mask(mask.fitted(size)),
            Shape::Polygon(_) | Shape::Polyline(_) | Shape::Point(_) | Shape::Skeleton(_) => {
                self.map(|p| p.clamp(width, height))
            }
        }
    }

    /// What of the shape lies on the image, cut exactly: several pieces where a polygon or line leaves and comes back,
    /// none where it lies outside. Turned boxes and ellipses that are cut become polygons; of a skeleton, points that lie
    /// outside become absent.
    pub fn clipped(&self, size: Size) -> Vec<Shape> {
        let inside = |slack: f64| {
            self.bounds().is_some_and(|bounds| bounds.corners().iter().all(|corner| size.holds(*corner, slack)))
        };
        match self {
            Shape::Box(rect) => {
                // What is thinner than a kept number is nothing.
                let is_kept = |rect: &Rect| rect.rounded().w > 0.0 && rect.rounded().h > 0.0;
                rect.shared(Rect::whole(size)).filter(is_kept).map(Shape::Box).into_iter().collect()
            }
            Shape::RotatedBox(_) | Shape::Ellipse(_) if inside(TURNED_SLACK) => vec![self.clone()],
            Shape::Polygon(_) if inside(SLACK) => vec![self.clone()],
            Shape::RotatedBox(_) | Shape::Ellipse(_) | Shape::Polygon(_) => {
                let whole = self.to_polygons();
                whole.iter().flat_map(|p| boolean::clipped(p, size)).map(Shape::Polygon).collect()
            }
            Shape::Polyline(line) => line.clipped(size).into_iter().map(Shape::Polyline).collect(),
            Shape::Point(at) => {
                if size.holds(*at, SLACK) {
                    vec![self.clone()]
                } else {
                    Vec::new()
                }
            }
            Shape::Skeleton(skeleton) => {
                let keep = |joint: &Joint| {
                    let place =
                        joint.place.at().filter(|at| size.holds(*at, SLACK)).map_or(Place::Absent, |_| joint.place);
                    Joint { name: joint.name.clone(), place }
                };
                let kept = Skeleton { points: skeleton.points.iter().map(keep).collect() };
                if kept.bounds().is_some() { vec![Shape::Skeleton(kept)] } else { Vec::new() }
            }
            Shape::Mask(mask) => {
                let cut = mask.fitted(size);
                if cut.is_empty() { Vec::new() } else { vec![Shape::Mask(cut)] }
            }
        }
    }

    /// The numbers as they are kept: coordinates to a hundredth of a pixel, angles to a thousandth of a degree.
    pub fn rounded(&self) -> Shape {
        match self {
            Shape::Box(rect) => Shape::Box(rect.rounded()),
            Shape::RotatedBox(turned) => Shape::RotatedBox(turned.rounded()),
            Shape::Ellipse(ellipse) => Shape::Ellipse(ellipse.rounded()),
            Shape::Polygon(_) | Shape::Polyline(_) | Shape::Point(_) | Shape::Skeleton(_) | Shape::Mask(_) => {
                self.map(Point::rounded)
            }
        }
    }

    /// Is it sound on an image of this size? The first thing that is wrong is told.
    pub fn check(&self, size: Size) -> Result<(), Fault> {
        let held = |corners: &[Point], slack: f64| {
            if corners.iter().all(|p| size.holds(*p, slack)) { Ok(()) } else { Err(Fault::Outside { size }) }
        };
        let sides = |finite: bool, w: f64, h: f64| {
            if !finite {
                Err(Fault::NotFinite)
            } else if w <= 0.0 || h <= 0.0 {
                Err(Fault::ZeroArea)
            } else {
                Ok(())
            }
        };
        match self {
            Shape::Box(rect) => {
                sides(rect.is_finite(), rect.w, rect.h)?;
                held(&rect.corners(), SLACK)
            }
            Shape::RotatedBox(turned) => {
                sides(turned.is_finite(), turned.w, turned.h)?;
                held(&turned.bounds().corners(), TURNED_SLACK)
            }
            Shape::Ellipse(ellipse) => {
                sides(ellipse.is_finite(), ellipse.rx, ellipse.ry)?;
                held(&ellipse.bounds().corners(), TURNED_SLACK)
            }
            Shape::Polygon(polygon) => polygon.check(size),
            Shape::Polyline(line) => line.check(size),
            Shape::Point(at) if !at.is_finite() => Err(Fault::NotFinite),
            Shape::Point(at) => held(&[*at], SLACK),
            Shape::Skeleton(skeleton) => skeleton.check(size),
            Shape::Mask(mask) => mask.check(size),
        }
    }

    /// The vertices that can be dragged one by one.
    pub fn vertices(&self) -> Vec<(VertexRef, Point)> {
        let listed = |ring: usize, points: &[Point]| -> Vec<(VertexRef, Point)> {
            points.iter().enumerate().map(|(index, p)| (VertexRef { ring, index }, *p)).collect()
        };
        match self {
            Shape::Polygon(polygon) => polygon.rings().enumerate().flat_map(|(n, ring)| listed(n, ring)).collect(),
            Shape::Polyline(line) => listed(0, &line.points),
            Shape::Point(at) => listed(0, &[*at]),
            Shape::Skeleton(skeleton) => {
                let places = skeleton.points.iter().enumerate();
                places.filter_map(|(index, joint)| Some((VertexRef { ring: 0, index }, joint.place.at()?))).collect()
            }
            Shape::Box(_) | Shape::RotatedBox(_) | Shape::Ellipse(_) | Shape::Mask(_) => Vec::new(),
        }
    }

    /// Where this vertex is.
    pub fn vertex(&self, vertex: VertexRef) -> Option<Point> {
        match self {
            Shape::Polygon(polygon) => polygon.rings().nth(vertex.ring)?.get(vertex.index).copied(),
            Shape::Polyline(line) if vertex.ring == 0 => line.points.get(vertex.index).copied(),
            Shape::Point(at) if vertex == (VertexRef { ring: 0, index: 0 }) => Some(*at),
            Shape::Skeleton(skeleton) if vertex.ring == 0 => skeleton.points.get(vertex.index)?.place.at(),
            _ => None,
        }
    }

    /// Puts a vertex elsewhere and gives back where it was; nothing where there is no such vertex.
    pub fn put_vertex(&mut self, vertex: VertexRef, to: Point) -> Option<Point> {
        if let Shape::Skeleton(skeleton) = self {
            let joint = skeleton.points.get_mut(vertex.index).filter(|_| vertex.ring == 0)?;
            let was = joint.place.at()?;
            joint.place = joint.place.with(to);
            return Some(was);
        }
        let slot = match self {
            Shape::Point(at) if vertex == (VertexRef { ring: 0, index: 0 }) => at,
            _ => self.ring_mut(vertex.ring)?.get_mut(vertex.index)?,
        };
        Some(std::mem::replace(slot, to))
    }

    /// Puts a new vertex before the one at this place (or at the end). False for shapes that take none.
    pub fn insert_vertex(&mut self, vertex: VertexRef, at: Point) -> bool {
        match self.ring_mut(vertex.ring) {
            Some(ring) if vertex.index <= ring.len() => {
                ring.insert(vertex.index, at);
                true
            }
            _ => false,
        }
    }

    /// Takes a vertex out and gives back where it was; nothing where there is no such vertex to take.
    pub fn remove_vertex(&mut self, vertex: VertexRef) -> Option<Point> {
        let ring = self.ring_mut(vertex.ring).filter(|ring| vertex.index < ring.len())?;
        Some(ring.remove(vertex.index))
    }

    fn ring_mut(&mut self, ring: usize) -> Option<&mut Vec<Point>> {
        match (self, ring.checked_sub(1)) {
            (Shape::Polygon(polygon), None) => Some(&mut polygon.points),
            (Shape::Polygon(polygon), Some(hole)) => polygon.holes.get_mut(hole),
            (Shape::Polyline(line), None) => Some(&mut line.points),
            _ => None,
        }
    }

    /// Fewer vertices within a tolerance, for polygons and lines; the others as they are.
    pub fn simplified(&self, tolerance: f64) -> Shape {
        match self {
            Shape::Polygon(polygon) => Shape::Polygon(polygon.simplified(tolerance)),
            Shape::Polyline(line) => Shape::Polyline(Polyline::new(simplify_line(&line.points, tolerance))),
            _ => self.clone(),
        }
    }

    /// The box around it.
    pub fn to_box(&self) -> Option<Shape> {
        self.bounds().map(Shape::Box)
    }

    /// The turned box of least area around it: an ellipse's own frame, the corners' hull of the others.
    pub fn to_rotated_box(&self) -> Option<Shape> {
        let turned = match self {
            Shape::Box(rect) => RotatedBox::from(*rect),
            Shape::RotatedBox(turned) => *turned,
            Shape::Ellipse(ellipse) => ellipse.frame(),
            Shape::Mask(mask) => {
                let corners: Vec<Point> = mask
                    .strips()
                    .flat_map(|strip| {
                        let (x, top) = (f64::from(strip.x), f64::from(strip.top));
                        Rect { x, y: top, w: 1.0, h: f64::from(strip.bottom) - top }.corners()
                    })
                    .collect();
                RotatedBox::around(&corners)?
            }
            _ => RotatedBox::around(&self.vertices().into_iter().map(|(_, p)| p).collect::<Vec<_>>())?,
        };
        Some(Shape::RotatedBox(turned))
    }

    /// The polygons that cover what it covers: several for a mask of several parts, none for what has no inside. A mask's
    /// outlines run along its pixels; [`Mask::outlines`] gives simpler ones.
    pub fn to_polygons(&self) -> Vec<Polygon> {
        match self {
            Shape::Box(rect) => vec![Polygon::new(rect.corners().to_vec())],
            Shape::RotatedBox(turned) => vec![Polygon::new(turned.corners().to_vec())],
            Shape::Ellipse(ellipse) => vec![Polygon::new(ellipse.ring(ELLIPSE_TOLERANCE))],
            Shape::Polygon(polygon) => vec![polygon.clone()],
            Shape::Mask(mask) => mask.polygons(),
            Shape::Polyline(_) | Shape::Point(_) | Shape::Skeleton(_) => Vec::new(),
        }
    }

    /// The pixels whose centres it covers; nothing for what has no inside.
    pub fn to_mask(&self, size: Size) -> Option<Mask> {
        match self {
            Shape::Box(rect) => Some(Mask::of_rings(size, [rect.corners().as_slice()].into_iter())),
            Shape::RotatedBox(turned) => Some(Mask::of_rings(size, [turned.corners().as_slice()].into_iter())),
            Shape::Ellipse(ellipse) => Some(Mask::of_ellipse(size, *ellipse)),
            Shape::Polygon(polygon) => Some(Mask::of_polygon(size, polygon)),
            Shape::Mask(mask) => Some(mask.fitted(size)),
            Shape::Polyline(_) | Shape::Point(_) | Shape::Skeleton(_) => None,
        }
    }

    /// Intersection over union of two closed shapes: exact for boxes, by polygons for what has a border, by pixels as
    /// soon as one is a mask. Nothing where one has no inside.
    pub fn iou(&self, other: &Shape, size: Size) -> Option<f64> {
        if !self.kind().is_closed() || !other.kind().is_closed() {
            return None;
        }
        match (self, other) {
            (Shape::Box(a), Shape::Box(b)) => Some(a.iou(*b)),
            (Shape::Mask(_), _) | (_, Shape::Mask(_)) => {
                let (a, b) = (self.to_mask(size)?, other.to_mask(size)?);
                let (union, both) = (a.joined(&b, Join::Or).area(), a.shared_area(&b));
                Some(if union > 0 { both as f64 / union as f64 } else { 0.0 })
            }
            _ => Some(boolean::iou(self.to_polygons().first()?, other.to_polygons().first()?)),
        }
    }

    /// Reads a shape of this kind from the fields of a region; what is not its own is passed over.
    pub fn read(kind: ShapeKind, region: &Map<String, Value>) -> Result<Shape, Fault> {
        let number =
            |field: &str| region.get(field).and_then(Value::as_f64).filter(|n| n.is_finite()).ok_or(Fault::NotFinite);
        let angle = |given: Option<&Value>| match given {
            None => Ok(0.0),
            Some(_) => number("angle").map(point::turn),
        };
        Ok(match kind {
            ShapeKind::Box => Shape::Box(Rect { x: number("x")?, y: number("y")?, w: number("w")?, h: number("h")? }),
            ShapeKind::RotatedBox => Shape::RotatedBox(RotatedBox {
                cx: number("cx")?,
                cy: number("cy")?,
                w: number("w")?,
                h: number("h")?,
                angle: angle(region.get("angle"))?,
            }),
            ShapeKind::Ellipse => Shape::Ellipse(Ellipse {
                cx: number("cx")?,
                cy: number("cy")?,
                rx: number("rx")?,
                ry: number("ry")?,
                angle: angle(region.get("angle"))?,
            }),
            ShapeKind::Polygon => {
                let points = read_points(region.get("points"), POLYGON_MAX_POINTS)?;
                let mut holes = Vec::new();
                match region.get("holes") {
                    None | Some(Value::Null) => {}
                    Some(Value::Array(list)) if list.len() <= POLYGON_MAX_POINTS => {
                        for hole in list {
                            holes.push(read_points(Some(hole), POLYGON_MAX_POINTS)?);
                        }
                    }
                    Some(Value::Array(_)) => return Err(Fault::TooManyPoints { most: POLYGON_MAX_POINTS }),
                    Some(_) => return Err(Fault::Field("holes: [[[x, y], …], …]")),
                }
                Shape::Polygon(Polygon { points, holes })
            }
            ShapeKind::Polyline => {
                Shape::Polyline(Polyline::new(read_points(region.get("points"), POLYGON_MAX_POINTS)?))
            }
            ShapeKind::Point => Shape::Point(Point::new(number("x")?, number("y")?)),
            ShapeKind::Skeleton => {
                let form = Fault::Field("points: [{name, x, y, state}, …]");
                let Some(list) = region.get("points").and_then(Value::as_array) else { return Err(form) };
                if list.len() > super::skeleton::POINTS_MAX {
                    return Err(Fault::TooManyPoints { most: super::skeleton::POINTS_MAX });
                }
                let points: Result<Vec<Joint>, _> = list.iter().map(Joint::deserialize).collect();
                Shape::Skeleton(Skeleton { points: points.ok().ok_or(form)? })
            }
            ShapeKind::Mask => Shape::Mask(read_mask(region)?),
        })
    }

    /// The shape's fields, as [`Shape::read`] reads them.
    pub fn write(&self) -> Map<String, Value> {
        let pairs = |points: &[Point]| json!(points.iter().map(|p| [p.x, p.y]).collect::<Vec<_>>());
        let fields: Vec<(&str, Value)> = match self {
            Shape::Box(rect) => {
                vec![("x", json!(rect.x)), ("y", json!(rect.y)), ("w", json!(rect.w)), ("h", json!(rect.h))]
            }
            Shape::RotatedBox(turned) => vec![
                ("cx", json!(turned.cx)),
                ("cy", json!(turned.cy)),
                ("w", json!(turned.w)),
                ("h", json!(turned.h)),
                ("angle", json!(turned.angle)),
            ],
            Shape::Ellipse(ellipse) => {
                let mut fields = vec![
                    ("cx", json!(ellipse.cx)),
                    ("cy", json!(ellipse.cy)),
                    ("rx", json!(ellipse.rx)),
                    ("ry", json!(ellipse.ry)),
                ];
                if ellipse.angle != 0.0 {
                    fields.push(("angle", json!(ellipse.angle)));
                }
                fields
            }
            Shape::Polygon(polygon) => {
                let mut fields = vec![("points", pairs(&polygon.points))];
                if !polygon.holes.is_empty() {
                    fields.push(("holes", polygon.holes.iter().map(|hole| pairs(hole)).collect()));
                }
                fields
            }
            Shape::Polyline(line) => vec![("points", pairs(&line.points))],
            Shape::Point(at) => vec![("x", json!(at.x)), ("y", json!(at.y))],
            Shape::Skeleton(skeleton) => vec![("points", json!(skeleton.points))],
            Shape::Mask(mask) => {
                let size = mask.size();
                vec![("size", json!([size.height, size.width])), ("counts", Value::String(mask.to_text()))]
            }
        };
        fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// The rings and lines to which a drawn point may stick, and whether each is closed.
    pub fn lines(&self) -> Vec<(Vec<Point>, bool)> {
        match self {
            Shape::Polyline(line) => vec![(line.points.clone(), false)],
            Shape::Box(_) | Shape::RotatedBox(_) | Shape::Ellipse(_) | Shape::Polygon(_) => self
                .to_polygons()
                .iter()
                .flat_map(|polygon| polygon.rings().map(<[Point]>::to_vec).collect::<Vec<_>>())
                .map(|ring| (ring::without_repeats(&ring), true))
                .collect(),
            Shape::Point(_) | Shape::Skeleton(_) => {
                self.vertices().into_iter().map(|(_, p)| (vec![p], false)).collect()
            }
            Shape::Mask(_) => Vec::new(),
        }
    }
}

fn read_points(value: Option<&Value>, most: usize) -> Result<Vec<Point>, Fault> {
    let Some(list) = value.and_then(Value::as_array) else { return Err(Fault::Field("points: [[x, y], …]")) };
    if list.len() > most {
        return Err(Fault::TooManyPoints { most });
    }
    let read = |pair: &Value| match pair.as_array()?.as_slice() {
        [x, y] => Some(Point::new(x.as_f64()?, y.as_f64()?)).filter(|p| p.is_finite()),
        _ => None,
    };
    list.iter().map(read).collect::<Option<Vec<_>>>().ok_or(Fault::NotFinite)
}

fn read_mask(region: &Map<String, Value>) -> Result<Mask, Fault> {
    let form = Fault::Field("size: [height, width], counts: RLE");
    let side = |n: &Value| n.as_u64().and_then(|n| u32::try_from(n).ok());
    let size = match region.get("size").and_then(Value::as_array).map(Vec::as_slice) {
        Some([height, width]) => side(height).zip(side(width)).map(|(height, width)| Size { width, height }),
        _ => None,
    };
    let size = size.ok_or(form.clone())?;
    match region.get("counts") {
        Some(Value::String(text)) if text.len() <= super::mask::RUNS_MAX * 7 => Mask::from_text(size, text),
        Some(Value::Array(list)) if list.len() <= super::mask::RUNS_MAX => {
            let counts: Option<Vec<u32>> = list.iter().map(side).collect();
            Mask::from_counts(size, &counts.ok_or(Fault::RunsUnreadable)?)
        }
        Some(Value::String(_) | Value::Array(_)) => Err(Fault::TooManyRuns { most: super::mask::RUNS_MAX }),
        _ => Err(form),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::super::mask::tests::any_mask;
    use super::*;
    use proptest::prelude::*;

    pub(crate) const SIZE: Size = Size { width: 100, height: 80 };

    /// A sound shape of any kind, well within [`SIZE`], on the grid of hundredths.
    pub(crate) fn any_shape() -> impl Strategy<Value = Shape> {
        let place = || (30.0..70.0f64, 30.0..50.0f64);
        let sides = || (2.0..20.0f64, 2.0..20.0f64, 0.0..360.0f64);
        let star = (place(), prop::collection::vec(2.0..20.0f64, 3..9)).prop_map(|((x, y), radii)| {
            let (centre, count) = (Point::new(x, y), radii.len() as f64);
            let at = |(n, r): (usize, &f64)| Point::new(x + r, y).turned(centre, 360.0 * n as f64 / count).rounded();
            radii.iter().enumerate().map(at).collect::<Vec<_>>()
        });
        let sound = star.prop_filter("sound", |ring| Polygon::new(ring.clone()).is_sound());
        prop_oneof![
            (place(), sides()).prop_map(|((x, y), (w, h, _))| Shape::Box(Rect { x, y, w, h })),
            (place(), sides()).prop_map(|((cx, cy), (w, h, angle))| Shape::RotatedBox(RotatedBox {
                cx,
                cy,
                w,
                h,
                angle
            })),
            (place(), sides()).prop_map(|((cx, cy), (rx, ry, angle))| Shape::Ellipse(Ellipse {
                cx,
                cy,
                rx,
                ry,
                angle
            })),
            sound.clone().prop_map(|points| Shape::Polygon(Polygon::new(points))),
            sound.clone().prop_map(|points| Shape::Polyline(Polyline::new(points))),
            place().prop_map(|(x, y)| Shape::Point(Point::new(x, y))),
            sound.prop_map(|points| {
                let joint = |(n, p): (usize, Point)| Joint {
                    name: format!("p{n}"),
                    place: [Place::Present(p), Place::Occluded(p), Place::Absent][n % 3],
                };
                Shape::Skeleton(Skeleton { points: points.into_iter().enumerate().map(joint).collect() })
            }),
            (any_mask(), 20..60_u32, 20..40_u32).prop_map(|(mask, x, y)| Shape::Mask(mask.placed(SIZE, x, y, 1))),
        ]
        .prop_map(|shape| shape.rounded())
        .prop_filter("sound", |shape| shape.check(SIZE).is_ok())
    }

    #[test]
    fn dragging_across_turns_a_polygon_over() {
        let triangle =
            Shape::Polygon(Polygon::new([(0.0, 0.0), (4.0, 0.0), (0.0, 4.0)].map(|(x, y)| Point::new(x, y)).to_vec()));
        let over = triangle.resized(Handle::Right, Point::new(-4.0, 0.0), false).unwrap();
        assert_eq!(
            over.vertices().into_iter().map(|(_, p)| (p.x, p.y)).collect::<Vec<_>>(),
            [(0.0, 0.0), (-4.0, 0.0), (0.0, 4.0)]
        );
    }

    #[test]
    fn a_sliver_that_would_be_kept_as_nothing_is_cut_off() {
        let outside = |x: f64| Shape::Box(Rect { x, y: 30.0, w: 7.25, h: 2.0 });
        assert!(outside(-7.2478).clipped(SIZE).is_empty());
        assert_eq!(
            outside(-7.2).clipped(SIZE).iter().map(Shape::rounded).collect::<Vec<_>>(),
            [Shape::Box(Rect { x: 0.0, y: 30.0, w: 0.05, h: 2.0 })]
        );
    }

    #[test]
    fn what_cannot_be_read_is_told_by_name() {
        let read = |kind, value: Value| Shape::read(kind, value.as_object().unwrap()).unwrap_err().code();
        assert_eq!(read(ShapeKind::Box, json!({"x": 1, "y": 2, "w": "3", "h": 4})), "not-a-number");
        assert_eq!(read(ShapeKind::Polygon, json!({"points": 3})), "bad-shape");
        assert_eq!(read(ShapeKind::Polygon, json!({"points": [[1, 2, 3]]})), "not-a-number");
        assert_eq!(read(ShapeKind::Polygon, json!({"points": [], "holes": 1})), "bad-shape");
        assert_eq!(read(ShapeKind::Polyline, json!({"points": vec![[0, 0]; 2_001]})), "too-many-points");
        assert_eq!(read(ShapeKind::Skeleton, json!({"points": [{"name": "a", "x": 1}]})), "bad-shape");
        assert_eq!(read(ShapeKind::Mask, json!({"size": [2], "counts": "6"})), "bad-shape");
        assert_eq!(read(ShapeKind::Mask, json!({"size": [2, 3], "counts": [1]})), "rle-sum");
        assert_eq!(read(ShapeKind::Mask, json!({"size": [2, 3], "counts": [-1]})), "rle-unreadable");
        assert_eq!(read(ShapeKind::Mask, json!({"size": [2, 3], "counts": "é"})), "rle-unreadable");
    }

    proptest! {
        #[test]
        fn every_shape_reads_back(shape in any_shape()) {
            prop_assert_eq!(&Shape::read(shape.kind(), &shape.write()), &Ok(shape.clone()));
            let fields = shape.kind().fields();
            prop_assert!(shape.write().keys().all(|field| fields.contains(&field.as_str())));
            let text = serde_json::to_string(&shape).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Shape>(&text).unwrap(), &shape);
            prop_assert_eq!(ShapeKind::from_code(shape.kind().code()), Some(shape.kind()));
        }

        #[test]
        fn a_stopped_move_stays_sound(shape in any_shape(), dx in -200.0..200.0f64, dy in -200.0..200.0f64) {
            let (dx, dy) = shape.stopped(dx, dy, SIZE);
            let moved = shape.moved(dx, dy).rounded();
            prop_assert_eq!(moved.check(SIZE), Ok(()));
            prop_assert!((moved.area() - shape.area()).abs() < 0.01 * (shape.area() + 200.0));
        }

        #[test]
        fn a_clipped_shape_lies_on_the_image(shape in any_shape(), dx in -60.0..60.0f64, dy in -60.0..60.0f64) {
            let moved = shape.moved(dx, dy);
            for piece in moved.clipped(SIZE) {
                prop_assert_eq!(piece.rounded().check(SIZE), Ok(()));
            }
            prop_assert!(shape.clipped(SIZE).len() == 1);
            // Every shape can be drawn to the border and past it.
            let bounds = moved.clamped(SIZE).bounds();
            prop_assert!(bounds.is_none_or(|b| b.corners().iter().all(|c| SIZE.holds(*c, 1e-6))));
        }

        #[test]
        fn conversions_keep_the_area(shape in any_shape()) {
            let area: f64 = shape.to_polygons().iter().map(Polygon::area).sum();
            // A mask's outlines are drawn in at pinched corners; an ellipse loses what its ring cuts off.
            prop_assert!((area - shape.area()).abs() <= 0.15 + shape.bounds().map_or(0.0, |b| (b.w + b.h) * 0.2), "{area}");
            if let Some(mask) = shape.to_mask(SIZE) {
                let bounds = shape.bounds().unwrap();
                prop_assert!((mask.area() as f64 - shape.area()).abs() <= 4.0 + bounds.w * 2.0 + bounds.h * 2.0);
                prop_assert!((shape.iou(&shape, SIZE).unwrap() - 1.0).abs() < 1e-6 || mask.is_empty());
                let turned = shape.to_rotated_box().unwrap();
                prop_assert!(turned.area() >= shape.area() - 1e-6);
                prop_assert!(turned.area() <= shape.to_box().unwrap().area() + 1e-6);
            }
        }

        #[test]
        fn a_hit_is_inside_or_near(shape in any_shape(), x in 0.0..100.0f64, y in 0.0..80.0f64) {
            let p = Point::new(x, y);
            if shape.contains(p) {
                prop_assert!(shape.is_hit(p, 0.0));
            }
            if shape.is_hit(p, 3.0) {
                prop_assert!(shape.bounds().unwrap().grown(3.0 + 1e-9).contains(p));
            }
        }

        #[test]
        fn vertices_can_be_put_and_put_back(shape in any_shape(), at in any::<prop::sample::Index>()) {
            let vertices = shape.vertices();
            if !vertices.is_empty() {
                let (vertex, was) = vertices[at.index(vertices.len())];
                let mut changed = shape.clone();
                prop_assert_eq!(changed.put_vertex(vertex, Point::new(1.0, 2.0)), Some(was));
                prop_assert_eq!(changed.vertex(vertex), Some(Point::new(1.0, 2.0)));
                changed.put_vertex(vertex, was);
                prop_assert_eq!(&changed, &shape);
                if changed.insert_vertex(vertex, Point::new(3.0, 4.0)) {
                    prop_assert_eq!(changed.remove_vertex(vertex), Some(Point::new(3.0, 4.0)));
                }
                prop_assert_eq!(&changed, &shape);
            }
        }

        #[test]
        fn four_quarter_turns_and_a_handle_at_its_place_change_nothing(shape in any_shape()) {
            if let Some(turned) = shape.turned(90.0) {
                let round = (0..3).fold(turned, |shape, _| shape.turned(90.0).unwrap());
                for ((_, a), (_, b)) in shape.vertices().into_iter().zip(round.vertices()) {
                    prop_assert!(a.distance(b) < 1e-9);
                }
            }
            if let (Some(bounds), Shape::Polygon(_)) = (shape.bounds(), &shape) {
                let same = shape.resized(Handle::BottomRight, bounds.corners()[2], false).unwrap();
                for ((_, a), (_, b)) in shape.vertices().into_iter().zip(same.vertices()) {
                    prop_assert!(a.distance(b) < 1e-9);
                }
            }
        }
    }
}
