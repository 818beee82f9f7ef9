//! Painting a mask, in pixels of the image: what the brush passes over is added, or taken out; or, by outline, all that the
//! pointer goes around.

use domain::geometry::{Mask, Point, mask::Join};
use domain::pixels;

/// How large the brush is at first: its radius in pixels of the image.
pub const RADIUS: f64 = 12.0;
/// The smallest and the largest radius.
const RADII: (f64, f64) = (0.5, 1_000.0);
/// One step of the keys that change it.
const STEP: f64 = 1.25;

/// A round brush.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Brush {
    /// Its radius in pixels of the image.
    pub radius: f64,
    /// It takes out what it passes over.
    pub erases: bool,
    /// It takes what it goes around instead of what it passes over.
    pub outlines: bool,
}

impl Default for Brush {
    fn default() -> Self {
        Self { radius: RADIUS, erases: false, outlines: false }
    }
}

impl Brush {
    /// A step larger or smaller.
    pub fn resized(self, larger: bool) -> Self {
        let radius = if larger { self.radius * STEP } else { self.radius / STEP };
        Self { radius: radius.clamp(RADII.0, RADII.1), ..self }
    }
}

/// A stroke of the brush.
#[derive(Debug, Clone, PartialEq)]
pub struct Stroke {
    brush: Brush,
    last: Point,
    now: Mask,
    /// What there was before, and the way of the pointer: where it is the outline that counts.
    outline: Option<(Mask, Vec<Point>)>,
}

impl Stroke {
    /// Puts the brush down on a mask.
    pub fn new(mask: &Mask, p: Point, brush: Brush) -> Self {
        let outline = brush.outlines.then(|| (mask.clone(), vec![p]));
        let now = if brush.outlines { mask.clone() } else { pixels::brush(mask, &[p], brush.radius, brush.erases) };
        Self { brush, last: p, now, outline }
    }

    /// The pointer moved.
    pub fn to(&mut self, p: Point) {
        if p == self.last {
            return;
        }
        self.now = match &mut self.outline {
            Some((before, way)) => {
                way.push(p);
                let within = Mask::of_rings(before.size(), std::iter::once(way.as_slice()));
                before.joined(&within, if self.brush.erases { Join::Less } else { Join::Or })
            }
            None => pixels::brush(&self.now, &[self.last, p], self.brush.radius, self.brush.erases),
        };
        self.last = p;
    }

    /// The way that the pointer has gone, where it is the outline that counts.
    pub fn way(&self) -> &[Point] {
        self.outline.as_ref().map_or(&[], |(_, way)| way)
    }

    /// The mask as it is now.
    pub fn mask(&self) -> &Mask {
        &self.now
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::geometry::Size;

    #[test]
    fn it_paints_along_the_way_and_erases_again() {
        let brush = Brush { radius: 3.0, ..Brush::default() };
        let mut stroke = Stroke::new(&Mask::empty(Size::new(60, 40)), Point::new(10.0, 10.0), brush);
        stroke.to(Point::new(30.0, 10.0));
        stroke.to(Point::new(300.0, 10.0));
        let painted = stroke.mask().clone();
        assert!([10, 30, 59].into_iter().all(|x| painted.has(x, 10)) && !painted.has(30, 20));
        let eraser = Brush { erases: true, ..brush };
        let mut back = Stroke::new(&painted, Point::new(10.0, 10.0), eraser);
        back.to(Point::new(300.0, 10.0));
        assert!(back.mask().is_empty());
    }

    #[test]
    fn an_outline_fills_what_it_goes_around_and_takes_it_out_again() {
        let brush = Brush { outlines: true, ..Brush::default() };
        let around = |mask: &Mask, brush: Brush, corners: [(f64, f64); 4]| {
            let mut stroke = Stroke::new(mask, Point::new(corners[0].0, corners[0].1), brush);
            corners.into_iter().for_each(|(x, y)| stroke.to(Point::new(x, y)));
            stroke.mask().clone()
        };
        let square = [(10.0, 10.0), (30.0, 10.0), (30.0, 30.0), (10.0, 30.0)];
        let filled = around(&Mask::empty(Size::new(60, 40)), brush, square);
        assert_eq!(filled.area(), 400);
        let inner = [(15.0, 15.0), (25.0, 15.0), (25.0, 25.0), (15.0, 25.0)];
        assert_eq!(around(&filled, Brush { erases: true, ..brush }, inner).area(), 300);
    }

    #[test]
    fn a_brush_stays_within_its_sizes() {
        let grown = (0..100).fold(Brush::default(), |brush, _| brush.resized(true));
        let shrunk = (0..200).fold(grown, |brush, _| brush.resized(false));
        assert_eq!((shrunk.radius, grown.radius), RADII);
    }
}
