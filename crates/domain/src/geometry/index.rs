//! Which shapes are near a point, among thousands: an R-tree over their bounds.
//!
//! Packed, as Leutenegger and others do (sort-tile-recursive, 1997): all entries are known when it is made, so its nodes
//! are full and lie in a few flat lists. Making it for 5,000 shapes takes a fraction of a millisecond, so it is made
//! anew when shapes come, go or change their order; a shape that only moves is put right in place. A tree that grows
//! and balances itself (`rstar`) would weigh three times as much in the browser and gain nothing here.

use super::{Point, Rect, Shape};

/// Children of a node.
const FAN: usize = 8;

/// An index over shapes in the order of drawing: a later one lies above an earlier one.
#[derive(Debug, Clone, Default)]
pub struct Index {
    /// The bounds of each entry, in the order of the leaves, and then of the nodes above, level by level up to one root.
    levels: Vec<Vec<Rect>>,
    /// The shape of each leaf.
    shapes: Vec<usize>,
    /// The leaf of each shape.
    leaves: Vec<usize>,
}

impl Index {
    /// An index over bounds, by place; nothing where a shape has none.
    pub fn new(bounds: impl Iterator<Item = Option<Rect>>) -> Index {
        let mut entries: Vec<(Rect, usize)> =
            bounds.enumerate().map(|(n, bounds)| (bounds.unwrap_or(NOWHERE), n)).collect();
        let count = entries.len();
        // Upright slices, each cut into tiles of neighbours.
        let slice = ((count as f64 / FAN as f64).sqrt().ceil() as usize).max(1) * FAN;
        entries.sort_by(|a, b| a.0.centre().x.total_cmp(&b.0.centre().x));
        for slice in entries.chunks_mut(slice) {
            slice.sort_by(|a, b| a.0.centre().y.total_cmp(&b.0.centre().y));
        }
        let mut leaves = vec![0; count];
        for (leaf, (_, shape)) in entries.iter().enumerate() {
            if let Some(slot) = leaves.get_mut(*shape) {
                *slot = leaf;
            }
        }
        let shapes = entries.iter().map(|(_, shape)| *shape).collect();
        let mut levels: Vec<Vec<Rect>> = vec![entries.into_iter().map(|(bounds, _)| bounds).collect()];
        while let Some(last) = levels.last().filter(|last| last.len() > 1) {
            let above = last.chunks(FAN).map(around).collect();
            levels.push(above);
        }
        Index { levels, shapes, leaves }
    }

    /// An index over shapes in the order of drawing.
    pub fn of<'a>(shapes: impl Iterator<Item = &'a Shape>) -> Index {
        Index::new(shapes.map(Shape::bounds))
    }

    /// How many shapes it knows.
    pub fn len(&self) -> usize {
        self.leaves.len()
    }

    /// It knows no shape.
    pub fn is_empty(&self) -> bool {
        self.leaves.is_empty()
    }

    /// Puts a shape right that moved or changed its form.
    pub fn update(&mut self, shape: usize, bounds: Option<Rect>) {
        let Some(&leaf) = self.leaves.get(shape) else { return };
        let mut at = leaf;
        if let Some(slot) = self.levels.first_mut().and_then(|leaves| leaves.get_mut(at)) {
            *slot = bounds.unwrap_or(NOWHERE);
        }
        for level in 1..self.levels.len() {
            at /= FAN;
            let (below, above) = self.levels.split_at_mut(level);
            let children = below.last().and_then(|below| below.get(at * FAN..below.len().min((at + 1) * FAN)));
            if let (Some(children), Some(slot)) = (children, above.first_mut().and_then(|level| level.get_mut(at))) {
                *slot = around(children);
            }
        }
    }

    /// The shapes whose bounds share a point with this area, the topmost first.
    pub fn within(&self, area: Rect) -> Vec<usize> {
        let mut found = Vec::new();
        let Some(top) = self.levels.len().checked_sub(1) else { return found };
        let mut open = vec![(top, 0)];
        while let Some((level, n)) = open.pop() {
            let Some(bounds) = self.levels.get(level).and_then(|level| level.get(n)) else { continue };
            if !bounds.touches(area) {
                continue;
            }
            match level.checked_sub(1) {
                None => found.extend(self.shapes.get(n).copied()),
                Some(below) => open.extend((n * FAN..(n + 1) * FAN).map(|n| (below, n))),
            }
        }
        found.sort_unstable_by(|a, b| b.cmp(a));
        found
    }

    /// The shapes at a point, the topmost first: those that `is_hit` says yes to among those whose bounds are no further
    /// away than `tolerance`.
    pub fn at(&self, p: Point, tolerance: f64, mut is_hit: impl FnMut(usize) -> bool) -> Vec<usize> {
        let mut found = self.within(Rect { x: p.x, y: p.y, w: 0.0, h: 0.0 }.grown(tolerance));
        found.retain(|shape| is_hit(*shape));
        found
    }

    /// The topmost shape at a point, if there is one.
    pub fn topmost(&self, p: Point, tolerance: f64, mut is_hit: impl FnMut(usize) -> bool) -> Option<usize> {
        let near = self.within(Rect { x: p.x, y: p.y, w: 0.0, h: 0.0 }.grown(tolerance));
        near.into_iter().find(|shape| is_hit(*shape))
    }
}

/// Bounds that touch nothing, and that change nothing when joined.
const NOWHERE: Rect = Rect { x: f64::INFINITY, y: f64::INFINITY, w: f64::NEG_INFINITY, h: f64::NEG_INFINITY };

fn around(bounds: &[Rect]) -> Rect {
    let held = bounds.iter().filter(|rect| rect.x.is_finite());
    held.copied().reduce(Rect::joined).unwrap_or(NOWHERE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rect() -> impl Strategy<Value = Option<Rect>> {
        prop::option::weighted(
            0.95,
            (0.0..100.0f64, 0.0..100.0f64, 0.0..30.0f64, 0.0..30.0f64).prop_map(|(x, y, w, h)| Rect { x, y, w, h }),
        )
    }

    proptest! {
        #[test]
        fn it_finds_what_a_loop_finds(
            rects in prop::collection::vec(rect(), 0..200),
            moved in prop::collection::vec((any::<prop::sample::Index>(), rect()), 0..20),
            area in (0.0..100.0f64, 0.0..100.0f64, 0.0..20.0f64, 0.0..20.0f64),
        ) {
            let mut rects = rects;
            let mut index = Index::new(rects.iter().copied());
            for (at, to) in moved.iter().filter(|_| !rects.is_empty()).collect::<Vec<_>>() {
                let at = at.index(rects.len());
                rects[at] = *to;
                index.update(at, *to);
            }
            let area = Rect { x: area.0, y: area.1, w: area.2, h: area.3 };
            let looped = (0..rects.len()).rev().filter(|n| rects[*n].is_some_and(|rect| rect.touches(area)));
            prop_assert_eq!(index.within(area), looped.collect::<Vec<_>>());
            prop_assert_eq!(index.len(), rects.len());
        }
    }

    #[test]
    fn the_topmost_that_is_really_hit() {
        let index = Index::new((0..3).map(|n| Some(Rect { x: f64::from(n), y: 0.0, w: 5.0, h: 5.0 })));
        assert_eq!(index.topmost(Point::new(4.0, 4.0), 1.0, |_| true), Some(2));
        assert_eq!(index.topmost(Point::new(4.0, 4.0), 1.0, |n| n != 2), Some(1));
        assert_eq!(index.at(Point::new(0.5, 0.5), 0.0, |_| true), [0]);
        assert_eq!(Index::default().topmost(Point::default(), 9.0, |_| true), None);
    }
}
