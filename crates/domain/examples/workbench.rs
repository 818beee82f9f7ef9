//! How long the pure half of the image workbench takes, printed as a table of milliseconds: the median and the worst of
//! some runs. `cargo run --release -p domain --example workbench`
#![expect(clippy::print_stdout, reason = "the table is what it is for")]

use domain::drawing::{Command, Drawing, Object};
use domain::geometry::{Index, Mask, Point, Polygon, Rect, Shape, Size, boolean, simplify_ring};
use domain::pixels::{View, brush, cutout, scissors::Edges, wand};
use std::hint::black_box;
use std::time::Instant;

/// A view of two megapixels.
const VIEW: Size = Size { width: 1_920, height: 1_080 };
/// A picture of twenty.
const LARGE: Size = Size { width: 5_472, height: 3_648 };

fn main() {
    println!("{:<44}{:>10}{:>10}", "deed", "median ms", "worst ms");
    shapes();
    masks();
    assist();
}

fn shapes() {
    let shapes: Vec<Shape> = (0..5_000).map(|n| Shape::Polygon(Polygon::new(star(n, 12)))).collect();
    time("index of 5,000 polygons of 12, made", 20, || Index::of(shapes.iter()));
    let index = Index::of(shapes.iter());
    let mut at = 0;
    time("hit test among them", 2_000, || {
        at += 1;
        let p = Point::new(f64::from(at * 37 % LARGE.width), f64::from(at * 53 % LARGE.height));
        index.topmost(p, 4.0, |n| shapes.get(n).is_some_and(|shape| shape.is_hit(p, 4.0)))
    });
    let mut moving = index.clone();
    time("one of them moved in the index", 2_000, || {
        moving.update(2_500, Some(Rect { x: 9.0, y: 9.0, w: 5.0, h: 5.0 }))
    });
    time("all of them checked", 10, || shapes.iter().filter(|shape| shape.check(LARGE).is_ok()).count());
    let mut drawing = Drawing::new(LARGE);
    for (n, shape) in shapes.iter().enumerate() {
        let created = Command::Create(Box::new(Object::new(&format!("r{n}"), "area", None, shape.clone())));
        if drawing.apply(&[created]).is_err() {
            println!("refused");
        }
    }
    let all: Vec<String> = drawing.objects().iter().map(|object| object.id.clone()).collect();
    for (name, ids) in
        [("one of them dragged, a frame", all.get(2_500..2_501)), ("all of them dragged, a frame", Some(&all[..]))]
    {
        let ids = ids.unwrap_or_default().to_vec();
        time(name, 50, || drawing.apply_marked(&[Command::Move { ids: ids.clone(), dx: 0.25, dy: 0.25 }], name));
    }
    let (a, b) = (Polygon::new(star(7, 1_000)), Polygon::new(star(7, 999)));
    time("two polygons of 1,000 cut", 20, || boolean::cut(&a, &b));
    time("a polygon of 1,000 simplified", 100, || simplify_ring(&a.points, 1.0));
}

fn masks() {
    let outline = [Polygon::new(big_star(LARGE, 2_000))];
    time("20 MP: polygon of 2,000 to mask", 10, || Mask::of_polygon(LARGE, &outline[0]));
    let mask = Mask::of_polygon(LARGE, &outline[0]);
    println!("{:<44}{:>10}", "  its runs", mask.counts().len());
    time("20 MP: brush stroke joined", 50, || {
        brush(&mask, &[Point::new(2_000.0, 2_000.0), Point::new(2_100.0, 2_050.0)], 20.0, true)
    });
    time("20 MP: mask to polygons", 5, || mask.polygons());
    time("20 MP: outlines within 1 pixel", 5, || mask.outlines(1.0, 4.0));
    time("20 MP: holes filled", 10, || mask.filled(None));
    time("20 MP: written and read", 20, || Mask::from_text(LARGE, &mask.to_text()));
    let rows = mask.to_rows();
    time("20 MP: from pixels in rows", 5, || Mask::from_rows(LARGE, &rows));
}

fn assist() {
    let bytes = picture();
    let Some(view) = View::rgba(VIEW, &bytes) else { return };
    time("2 MP: scissors, edges of the view", 10, || Edges::of(&view));
    let edges = Edges::of(&view);
    time("2 MP: scissors, across 200 pixels", 10, || {
        edges.wire(700, 500).and_then(|mut w| w.to(&edges, 880, 560, usize::MAX))
    });
    time("2 MP: scissors, corner to corner", 5, || {
        edges.wire(0, 0).and_then(|mut wire| wire.to(&edges, VIEW.width - 1, VIEW.height - 1, usize::MAX))
    });
    for contiguous in [true, false] {
        let name = if contiguous { "2 MP: wand, what hangs together" } else { "2 MP: wand, all" };
        time(name, 10, || wand::wand(&view, 960, 540, wand::Wand { tolerance: 30, contiguous, reach: 1 }));
    }
    for (name, w, h) in [
        ("2 MP: cut out of 300 × 200", 300.0, 200.0),
        ("2 MP: cut out of 800 × 600", 800.0, 600.0),
        ("2 MP: cut out of 1,600 × 900", 1_600.0, 900.0),
    ] {
        let area = Rect { x: 960.0 - w / 2.0, y: 540.0 - h / 2.0, w, h };
        time(name, 5, || cutout::cut_out(&view, area, cutout::Hints::default()));
    }
}

/// Repeats a deed and prints its median and worst time.
fn time<T>(name: &str, runs: usize, mut deed: impl FnMut() -> T) {
    let mut took: Vec<f64> = (0..runs)
        .map(|_| {
            let begun = Instant::now();
            black_box(deed());
            begun.elapsed().as_secs_f64() * 1_000.0
        })
        .collect();
    took.sort_by(f64::total_cmp);
    let at = |n: usize| took.get(n).copied().unwrap_or_default();
    println!("{name:<44}{:>10.3}{:>10.3}", at(runs / 2), at(runs - 1));
}

/// A number from 0 to below 1 that follows from its place.
fn mixed(n: u64) -> f64 {
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((n ^ (n >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

fn star(n: u64, vertices: u64) -> Vec<Point> {
    let centre = Point::new(100.0 + mixed(n) * 5_200.0, 100.0 + mixed(n + 77_777) * 3_400.0);
    around(centre, 60.0, 30.0, vertices, n)
}

fn big_star(size: Size, vertices: u64) -> Vec<Point> {
    let centre = Point::new(f64::from(size.width) / 2.0, f64::from(size.height) / 2.0);
    around(centre, centre.y * 0.9, centre.y * 0.4, vertices, 5)
}

fn around(centre: Point, outer: f64, inner: f64, vertices: u64, seed: u64) -> Vec<Point> {
    (0..vertices)
        .map(|n| {
            let radius = inner + (outer - inner) * mixed(seed * 1_000_003 + n);
            Point::new(centre.x + radius, centre.y).turned(centre, 360.0 * n as f64 / vertices as f64)
        })
        .collect()
}

/// A textured object on textured ground, with soft edges and grain.
fn picture() -> Vec<u8> {
    let mut bytes = Vec::with_capacity(VIEW.pixels() as usize * 4);
    for y in 0..VIEW.height {
        for x in 0..VIEW.width {
            let (dx, dy) = ((f64::from(x) - 960.0) / 700.0, (f64::from(y) - 540.0) / 380.0);
            let wave = (f64::from(x) / 23.0).sin() * 12.0 + (f64::from(y) / 31.0).cos() * 12.0;
            let ripple = 1.0 + 0.12 * (dy.atan2(dx) * 7.0).sin();
            let inside = (1.0 - (dx * dx + dy * dy).sqrt() / ripple).clamp(-0.02, 0.02) * 25.0 + 0.5;
            let grain = mixed(u64::from(y) * 4_096 + u64::from(x)) * 30.0;
            for (object, ground) in [(150.0, 70.0), (90.0, 110.0), (70.0, 80.0)] {
                bytes.push((ground + (object - ground) * inside + wave + grain).clamp(0.0, 255.0) as u8);
            }
            bytes.push(255);
        }
    }
    bytes
}
