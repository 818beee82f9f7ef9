//! What is made of whole shapes: merged, cut, simplified, filled, turned into another kind. Pure geometry; which regions it
//! is done to and what becomes of them is said in [`crate::workbench::operating`].

use domain::geometry::{Mask, Polygon, Shape as Geometry, ShapeKind, Size, boolean, mask::Join};

/// Parts of a mask below so many pixels are specks.
const SPECK: f64 = 16.0;
/// A mask's outline as a polygon keeps within so many pixels of its border.
const OUTLINE: f64 = 0.75;

/// Why nothing was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Such shapes cannot be taken so.
    Unfit,
    /// The shapes lie apart.
    Apart,
    /// Nothing would be left.
    Nothing,
}

/// What the first shape and the others cover together, of the first one's kind: a polygon or a mask.
pub fn merged(first: &Geometry, others: &[&Geometry], size: Size) -> Result<Geometry, Refusal> {
    match first {
        Geometry::Mask(mask) => {
            let covers = masks(others, size)?;
            Ok(Geometry::Mask(covers.iter().fold(mask.clone(), |all, other| all.joined(other, Join::Or))))
        }
        Geometry::Polygon(polygon) => {
            let others = polygons(others)?;
            let all: Vec<&Polygon> = std::iter::once(polygon).chain(&others).collect();
            match <[Polygon; 1]>::try_from(boolean::merged(&all)) {
                Ok([one]) => Ok(Geometry::Polygon(one)),
                Err(_) => Err(Refusal::Apart),
            }
        }
        _ => Err(Refusal::Unfit),
    }
}

/// What is left of the first shape when the others are cut out of it: a mask, or polygons, the largest first.
pub fn cut(first: &Geometry, others: &[&Geometry], size: Size) -> Result<Vec<Geometry>, Refusal> {
    let left = match first {
        Geometry::Mask(mask) => {
            let covers = masks(others, size)?;
            let left = covers.iter().fold(mask.clone(), |left, other| left.joined(other, Join::Less));
            if left.is_empty() { Vec::new() } else { vec![Geometry::Mask(left)] }
        }
        Geometry::Polygon(polygon) => {
            let mut left = vec![polygon.clone()];
            for other in polygons(others)? {
                left = left.iter().flat_map(|piece| boolean::cut(piece, &other)).collect();
            }
            largest_first(left)
        }
        _ => return Err(Refusal::Unfit),
    };
    if left.is_empty() { Err(Refusal::Nothing) } else { Ok(left) }
}

/// The shape in another kind: several polygons of a mask that has several parts, the largest first.
pub fn converted(shape: &Geometry, to: ShapeKind, size: Size) -> Result<Vec<Geometry>, Refusal> {
    let made = match (to, shape) {
        (ShapeKind::Box, _) => shape.to_box().into_iter().collect(),
        (ShapeKind::Polygon, Geometry::Mask(mask)) => largest_first(mask.outlines(OUTLINE, SPECK)),
        (ShapeKind::Polygon, _) => largest_first(shape.to_polygons()),
        (ShapeKind::Mask, _) => {
            shape.to_mask(size).filter(|mask| !mask.is_empty()).map(Geometry::Mask).into_iter().collect()
        }
        _ => Vec::new(),
    };
    let sound: Vec<Geometry> = made.into_iter().filter(|shape| shape.rounded().check(size).is_ok()).collect();
    if sound.is_empty() { Err(Refusal::Unfit) } else { Ok(sound) }
}

/// The shape with fewer vertices, none of those that are dropped further than `tolerance` from the border; a mask without
/// its specks. Nothing where that changes nothing.
pub fn simplified(shape: &Geometry, tolerance: f64) -> Option<Geometry> {
    let simpler = match shape {
        Geometry::Mask(mask) => Geometry::Mask(mask.without_specks(SPECK as u64)),
        _ => shape.simplified(tolerance),
    };
    let is_none = matches!(&simpler, Geometry::Mask(mask) if mask.is_empty());
    (simpler != *shape && !is_none).then_some(simpler)
}

/// The shape with its holes filled. Nothing where it has none.
pub fn filled(shape: &Geometry) -> Option<Geometry> {
    let whole = match shape {
        Geometry::Mask(mask) => Geometry::Mask(mask.filled(None)),
        Geometry::Polygon(polygon) => Geometry::Polygon(Polygon::new(polygon.points.clone())),
        _ => return None,
    };
    (whole != *shape).then_some(whole)
}

fn polygons(shapes: &[&Geometry]) -> Result<Vec<Polygon>, Refusal> {
    let of = |shape: &&Geometry| if shape.kind().is_closed() { Ok(shape.to_polygons()) } else { Err(Refusal::Unfit) };
    Ok(shapes.iter().map(of).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

fn masks(shapes: &[&Geometry], size: Size) -> Result<Vec<Mask>, Refusal> {
    shapes.iter().map(|shape| shape.to_mask(size).ok_or(Refusal::Unfit)).collect()
}

fn largest_first(mut polygons: Vec<Polygon>) -> Vec<Geometry> {
    polygons.sort_by(|a, b| b.area().total_cmp(&a.area()));
    polygons.into_iter().map(Geometry::Polygon).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::geometry::{Point, Rect};

    const SIZE: Size = Size { width: 200, height: 100 };

    fn square(x: f64, y: f64, side: f64) -> Geometry {
        Geometry::Polygon(Polygon::new(Rect { x, y, w: side, h: side }.corners().to_vec()))
    }

    fn mask(shape: &Geometry) -> Geometry {
        Geometry::Mask(shape.to_mask(SIZE).unwrap())
    }

    #[test]
    fn polygons_merge_where_they_meet() {
        let (a, b) = (square(10.0, 10.0, 40.0), square(30.0, 10.0, 40.0));
        let one = merged(&a, &[&b], SIZE).unwrap();
        assert_eq!((one.area(), one.vertices().len()), (60.0 * 40.0, 4));
        assert_eq!(merged(&a, &[&square(120.0, 10.0, 40.0)], SIZE), Err(Refusal::Apart));
        assert_eq!(merged(&a, &[&Geometry::Point(Point::new(1.0, 1.0))], SIZE), Err(Refusal::Unfit));
        assert_eq!(merged(&Geometry::Box(Rect::default()), &[&a], SIZE), Err(Refusal::Unfit));
    }

    #[test]
    fn a_cut_leaves_pieces_the_largest_first() {
        let bar = Geometry::Box(Rect { x: 30.0, y: 0.0, w: 10.0, h: 100.0 });
        let pieces = cut(&square(10.0, 10.0, 60.0), &[&bar], SIZE).unwrap();
        assert_eq!(pieces.iter().map(Geometry::area).collect::<Vec<_>>(), [30.0 * 60.0, 20.0 * 60.0]);
        assert_eq!(cut(&square(30.0, 30.0, 5.0), &[&square(0.0, 0.0, 90.0)], SIZE), Err(Refusal::Nothing));
        let hole = cut(&square(10.0, 10.0, 60.0), &[&square(20.0, 20.0, 10.0)], SIZE).unwrap();
        assert_eq!(hole[0].area(), 3_500.0);
        assert_eq!(filled(&hole[0]).unwrap().area(), 3_600.0);
    }

    #[test]
    fn masks_take_any_closed_shape() {
        let a = mask(&square(10.0, 10.0, 40.0));
        assert_eq!(merged(&a, &[&square(100.0, 10.0, 10.0)], SIZE).unwrap().area(), 1_700.0);
        let ring = cut(&a, &[&square(20.0, 20.0, 10.0)], SIZE).unwrap().remove(0);
        assert_eq!(ring.area(), 1_500.0);
        assert_eq!(filled(&ring).as_ref(), Some(&a));
        assert_eq!(filled(&a), None);
    }

    #[test]
    fn kinds_turn_into_each_other() {
        let a = square(10.0, 10.0, 40.0);
        let rect = Geometry::Box(Rect { x: 10.0, y: 10.0, w: 40.0, h: 40.0 });
        assert_eq!(converted(&a, ShapeKind::Box, SIZE).unwrap(), std::slice::from_ref(&rect));
        let back = converted(&mask(&rect), ShapeKind::Polygon, SIZE).unwrap();
        assert_eq!((back.len(), back[0].area()), (1, 1_600.0));
        let two = merged(&mask(&a), &[&square(100.0, 10.0, 60.0)], SIZE).unwrap();
        let parts = converted(&two, ShapeKind::Polygon, SIZE).unwrap();
        assert_eq!(parts.iter().map(|part| part.area().round()).collect::<Vec<_>>(), [3_600.0, 1_600.0]);
        assert_eq!(converted(&Geometry::Point(Point::new(3.0, 3.0)), ShapeKind::Mask, SIZE), Err(Refusal::Unfit));
    }

    #[test]
    fn simplifying_tells_whether_it_did_anything() {
        let many = vec![Point::new(0.0, 0.0), Point::new(20.0, 0.3), Point::new(40.0, 0.0), Point::new(40.0, 30.0)];
        let many = Geometry::Polygon(Polygon::new(many));
        let fewer = simplified(&many, 1.0).unwrap();
        assert_eq!(fewer.vertices().len(), 3);
        assert_eq!(simplified(&fewer, 1.0), None);
        let speck = merged(&mask(&square(50.0, 50.0, 40.0)), &[&square(5.0, 5.0, 2.0)], SIZE).unwrap();
        assert_eq!(simplified(&speck, 1.0).unwrap().area(), 1_600.0);
        assert_eq!(simplified(&mask(&square(5.0, 5.0, 2.0)), 1.0), None, "a mask is never simplified away");
    }
}
