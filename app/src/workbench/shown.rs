//! What of the regions is shown and may be touched: hidden ones, locked ones, labels that are filtered out. It is how this
//! browser looks at an item, no part of the annotation: it is never sent, and forgotten with the item but for the filter.

use super::region::{RegionRef, Shape};
use std::collections::BTreeSet;

/// What is hidden, locked and filtered out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shown {
    hidden: BTreeSet<RegionRef>,
    locked: BTreeSet<RegionRef>,
    /// Control and label.
    filtered: Vec<(String, String)>,
}

impl Shown {
    /// Everything is shown and nothing locked.
    pub fn is_plain(&self) -> bool {
        *self == Shown::default()
    }

    /// Is the region hidden by itself?
    pub fn is_hidden(&self, region: &RegionRef) -> bool {
        self.hidden.contains(region)
    }

    /// May the region not be changed?
    pub fn is_locked(&self, region: &RegionRef) -> bool {
        self.locked.contains(region)
    }

    /// Are the regions of this label filtered out?
    pub fn is_filtered(&self, control: &str, label: &str) -> bool {
        self.filtered.iter().any(|(one, other)| one == control && other == label)
    }

    /// Is the shape to be seen?
    pub fn shows(&self, shape: &Shape) -> bool {
        !self.is_hidden(&shape.region) && !self.is_filtered(&shape.region.control, &shape.label)
    }

    /// Can the pointer take hold of the shape?
    pub fn is_within_reach(&self, shape: &Shape) -> bool {
        self.shows(shape) && !self.is_locked(&shape.region)
    }

    /// Hides the regions, or shows them again where all of them are hidden. True when they are hidden now.
    pub fn switch_hidden(&mut self, regions: &[RegionRef]) -> bool {
        switch(&mut self.hidden, regions)
    }

    /// Locks the regions, or unlocks them where all of them are locked. True when they are locked now.
    pub fn switch_locked(&mut self, regions: &[RegionRef]) -> bool {
        switch(&mut self.locked, regions)
    }

    /// Filters a label out, or in again.
    pub fn switch_label(&mut self, control: &str, label: &str) {
        if self.is_filtered(control, label) {
            self.filtered.retain(|(one, other)| one != control || other != label);
        } else {
            self.filtered.push((control.to_owned(), label.to_owned()));
        }
    }

    /// Filters out all labels but this one, or none where that is so already.
    pub fn only(&mut self, all: Vec<(String, String)>, kept: &(String, String)) {
        let others: Vec<(String, String)> = all.into_iter().filter(|label| label != kept).collect();
        self.filtered = if self.filtered == others { Vec::new() } else { others };
    }

    /// Shows everything; what is locked stays so.
    pub fn show_all(&mut self) {
        self.hidden.clear();
        self.filtered.clear();
    }

    /// Forgets regions that are no more: another one may get the name.
    pub fn keep(&mut self, exists: impl Fn(&RegionRef) -> bool) {
        self.hidden.retain(&exists);
        self.locked.retain(&exists);
    }
}

fn switch(set: &mut BTreeSet<RegionRef>, regions: &[RegionRef]) -> bool {
    let on = !regions.iter().all(|region| set.contains(region));
    for region in regions {
        if on {
            set.insert(region.clone());
        } else {
            set.remove(region);
        }
    }
    on && !regions.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::geometry::{Point, Shape as Geometry};

    fn shape(id: &str, label: &str) -> Shape {
        let region = RegionRef { control: "objects".into(), id: id.into() };
        Shape { region, label: label.into(), group: None, geometry: Geometry::Point(Point::new(1.0, 1.0)) }
    }

    #[test]
    fn hidden_locked_and_filtered() {
        let (a, b) = (shape("a", "car"), shape("b", "road"));
        let mut shown = Shown::default();
        assert!(shown.is_within_reach(&a));
        assert!(shown.switch_locked(std::slice::from_ref(&a.region)));
        assert!(shown.shows(&a) && !shown.is_within_reach(&a));
        assert!(shown.switch_hidden(&[a.region.clone(), b.region.clone()]));
        assert!(!shown.shows(&a) && !shown.shows(&b));
        assert!(!shown.switch_hidden(std::slice::from_ref(&a.region)), "one that is hidden comes back");
        assert!(shown.switch_hidden(&[a.region.clone(), b.region.clone()]), "of two, the other one follows");
        shown.show_all();
        shown.switch_label("objects", "road");
        assert!(shown.shows(&a) && !shown.shows(&b));
        shown.keep(|region| region.id == "b");
        assert!(!shown.is_locked(&a.region));
        shown.switch_label("objects", "road");
        assert!(shown.is_plain());
    }

    #[test]
    fn one_label_alone_and_all_again() {
        let name = |label: &str| ("objects".to_owned(), label.to_owned());
        let all = || vec![name("car"), name("road"), name("house")];
        let mut shown = Shown::default();
        shown.only(all(), &name("road"));
        assert!(shown.shows(&shape("a", "road")) && !shown.shows(&shape("b", "car")));
        shown.only(all(), &name("road"));
        assert!(shown.is_plain());
    }
}
