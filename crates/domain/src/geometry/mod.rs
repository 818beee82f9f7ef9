//! Plane geometry in pixels of the upright image: origin top left, y down, `f64`, a file for each shape and a file for
//! each deed. Angles are degrees clockwise, as seen. It knows nothing of screens, zoom or drawing, and never panics
//! whatever the numbers are: [`Shape::check`] says in one place which shapes are sound, and by which [`Fault`] not.
//!
//! Start reading at [`Shape`].

pub mod boolean;
pub mod border;
pub mod convex;
pub mod ellipse;
pub mod fault;
pub mod follow;
pub mod handle;
pub mod index;
pub mod mask;
pub mod point;
pub mod polygon;
pub mod polyline;
pub mod raster;
pub mod rect;
pub mod ring;
pub mod rotated;
pub mod shape;
pub mod simple;
pub mod simplify;
pub mod skeleton;
pub mod snap;
mod soften;
pub mod trace;

pub use border::{EdgeHit, VertexHit, nearest_edge, nearest_vertex, segment_distance};
pub use ellipse::Ellipse;
pub use fault::Fault;
pub use handle::Handle;
pub use index::Index;
pub use mask::Mask;
pub use point::{GRAIN, Point, Size};
pub use polygon::Polygon;
pub use polyline::Polyline;
pub use rect::Rect;
pub use ring::{polygon_area, polygon_contains};
pub use rotated::RotatedBox;
pub use shape::{Shape, ShapeKind, VertexRef};
pub use simple::self_intersects;
pub use simplify::{simplify_line, simplify_ring};
pub use skeleton::{Joint, Place, Skeleton, Template};
pub use snap::{Hold, Snap};
pub use soften::soften_line;

/// The most vertices of one polygon (holes included) or polyline that are accepted.
pub const POLYGON_MAX_POINTS: usize = 2_000;

/// Rounding of a drawn border may leave the image by a hair.
pub const SLACK: f64 = 1e-6;
