//! Geometry against others' values: COCO's own tool for masks, the crate `geo` for what has a border.

use domain::geometry::mask::Join;
use domain::geometry::{
    Mask, Point, Polygon, Polyline, Rect, Size, boolean, convex, polygon_area, polygon_contains, segment_distance,
    simplify_line,
};
use geo::algorithm::{
    Area, BooleanOps, BoundingRect, Contains, ConvexHull, Distance, Euclidean, Length, Simplify, Validation,
};
use proptest::prelude::*;
use serde::Deserialize;

/// What `tests/coco/make.py` wrote.
#[derive(Deserialize)]
struct Values {
    masks: Vec<OfMask>,
    pairs: Vec<OfPair>,
    boxes: Vec<OfBoxes>,
    polygons: Vec<OfPolygon>,
}

#[derive(Deserialize)]
struct OfMask {
    width: u32,
    height: u32,
    runs: Vec<u32>,
    text: String,
    area: u64,
    #[serde(rename = "box")]
    bounds: [f64; 4],
}

#[derive(Deserialize)]
struct OfPair {
    a: usize,
    b: usize,
    iou: f64,
    union: String,
    shared: String,
}

#[derive(Deserialize)]
struct OfBoxes {
    a: [f64; 4],
    b: [f64; 4],
    iou: f64,
}

#[derive(Deserialize)]
struct OfPolygon {
    ring: Vec<f64>,
    width: u32,
    height: u32,
    text: String,
    area: u64,
}

fn values() -> Values {
    serde_json::from_str(include_str!("../coco/values.json")).unwrap()
}

#[test]
fn masks_are_cocos_to_the_letter() {
    let values = values();
    assert!(values.masks.len() >= 18 && values.pairs.len() >= 12);
    let masks: Vec<Mask> = values
        .masks
        .iter()
        .map(|given| {
            let size = Size::new(given.width, given.height);
            let mask = Mask::from_text(size, &given.text).unwrap();
            assert_eq!(Ok(&mask), Mask::from_counts(size, &given.runs).as_ref());
            assert_eq!((mask.counts(), mask.to_text()), (given.runs.as_slice(), given.text.clone()));
            assert_eq!(mask.area(), given.area);
            let [x, y, w, h] = given.bounds;
            assert_eq!(
                mask.bounds().unwrap_or_default(),
                if given.area > 0 { Rect { x, y, w, h } } else { Rect::default() }
            );
            mask
        })
        .collect();
    for pair in values.pairs {
        let (a, b) = (&masks[pair.a], &masks[pair.b]);
        assert!((a.iou(b) - pair.iou).abs() < 1e-12, "{} {}", a.iou(b), pair.iou);
        assert_eq!(a.joined(b, Join::Or).to_text(), pair.union);
        assert_eq!(a.joined(b, Join::And).to_text(), pair.shared);
    }
    for OfBoxes { a, b, iou } in values.boxes {
        let rect = |[x, y, w, h]: [f64; 4]| Rect { x, y, w, h };
        assert!((rect(a).iou(rect(b)) - iou).abs() < 1e-12);
    }
}

/// COCO draws a polygon's border on a finer grid and takes some pixels whose centre is outside: the two ways to count
/// must differ along the border only.
#[test]
fn polygons_differ_from_cocos_along_the_border_only() {
    for given in values().polygons {
        let size = Size::new(given.width, given.height);
        let ring: Vec<Point> = given.ring.chunks(2).map(|pair| Point::new(pair[0], pair[1])).collect();
        let (ours, theirs) =
            (Mask::of_polygon(size, &Polygon::new(ring.clone())), Mask::from_text(size, &given.text).unwrap());
        assert_eq!(theirs.area(), given.area);
        assert!(ours.iou(&theirs) > 0.95, "{}", ours.iou(&theirs));
        for strip in ours.joined(&theirs, Join::Xor).strips() {
            for y in strip.top..strip.bottom {
                let centre = Point::new(f64::from(strip.x) + 0.5, f64::from(y) + 0.5);
                let ends = ring.iter().zip(ring.iter().cycle().skip(1));
                let border = ends.map(|(a, b)| segment_distance(centre, *a, *b).0).fold(f64::MAX, f64::min);
                assert!(border <= 0.75, "{centre:?} is {border} from the border");
            }
        }
    }
}

fn star() -> impl Strategy<Value = Vec<Point>> {
    ((20.0..80.0f64, 20.0..80.0f64), prop::collection::vec(2.0..20.0f64, 3..20)).prop_map(|((x, y), radii)| {
        let (centre, count) = (Point::new(x, y), radii.len() as f64);
        radii.iter().enumerate().map(|(n, r)| Point::new(x + r, y).turned(centre, 360.0 * n as f64 / count)).collect()
    })
}

/// A line across the places where images end, in steps.
fn walk() -> impl Strategy<Value = Vec<Point>> {
    let step = (-20.0..20.0f64, -20.0..20.0f64);
    prop::collection::vec(step, 2..60).prop_map(|steps| {
        let mut at = Point::new(50.0, 50.0);
        steps
            .into_iter()
            .map(|(dx, dy)| {
                at = at.moved(dx, dy);
                at
            })
            .collect()
    })
}

fn theirs(ring: &[Point]) -> geo::Polygon {
    geo::Polygon::new(ring.iter().map(|p| (p.x, p.y)).collect(), vec![])
}

proptest! {
    #[test]
    fn outlines_agree_with_geo(a in star(), b in star(), x in 0.0..100.0f64, y in 0.0..100.0f64) {
        let (one, two) = (theirs(&a), theirs(&b));
        prop_assert!((polygon_area(&a) - one.unsigned_area()).abs() < 1e-9);
        let bounds = one.bounding_rect().unwrap();
        prop_assert_eq!(Rect::around(&a), Some(Rect { x: bounds.min().x, y: bounds.min().y, w: bounds.width(), h: bounds.height() }));
        let p = geo::Point::new(x, y);
        prop_assert_eq!(polygon_contains(&a, Point::new(x, y)), one.contains(&p));
        prop_assert!((polygon_area(&convex::hull(&a)) - one.convex_hull().unsigned_area()).abs() < 1e-9);
        let ends = a.iter().zip(a.iter().cycle().skip(1));
        let border = ends.map(|(a, b)| segment_distance(Point::new(x, y), *a, *b).0).fold(f64::MAX, f64::min);
        prop_assert!((border - Euclidean.distance(&p, one.exterior())).abs() < 1e-9);
        prop_assert_eq!(Polygon::new(a.clone()).is_sound(), one.is_valid());
        let shared = one.intersection(&two).unsigned_area();
        let union = one.unsigned_area() + two.unsigned_area() - shared;
        let (a, b) = (Polygon::new(a), Polygon::new(b));
        // Our grid has lines 1/3200 of a pixel apart; borders here are shorter than 400 pixels.
        prop_assert!((boolean::shared_area(&a, &b) - shared).abs() < 0.2);
        prop_assert!((boolean::iou(&a, &b) - shared / union).abs() < 0.01);
    }

    #[test]
    fn what_lies_on_the_image_agrees_with_geo(ring in star(), walk in walk(), width in 30..90_u32, height in 30..90_u32) {
        let size = Size::new(width, height);
        let image = theirs(&Rect::whole(size).corners());
        let shape = theirs(&ring);
        let pieces = boolean::clipped(&Polygon::new(ring), size);
        let shared = shape.intersection(&image);
        // Every vertex of ours lies on a grid of hundredths.
        let border = 0.01 * Euclidean.length(shape.exterior()) + 0.1;
        let area: f64 = pieces.iter().map(Polygon::area).sum();
        prop_assert!((area - shared.unsigned_area()).abs() < border, "{} {}", area, shared.unsigned_area());

        let line = geo::MultiLineString::new(vec![walk.iter().map(|p| (p.x, p.y)).collect()]);
        let within = image.clip(&line, false);
        let length: f64 = Polyline::new(walk).clipped(size).iter().map(Polyline::length).sum();
        prop_assert!((length - Euclidean.length(&within)).abs() < 1e-3, "{} {}", length, Euclidean.length(&within));
    }

    #[test]
    fn fewer_vertices_are_those_of_geo(walk in walk(), tolerance in 0.01..8.0f64) {
        let line: geo::LineString = walk.iter().map(|p| (p.x, p.y)).collect();
        let kept: Vec<(f64, f64)> = simplify_line(&walk, tolerance).iter().map(|p| (p.x, p.y)).collect();
        prop_assert_eq!(kept, line.simplify(tolerance).coords().map(|c| (c.x, c.y)).collect::<Vec<_>>());
    }
}
