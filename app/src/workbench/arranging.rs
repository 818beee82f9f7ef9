//! What an [`Editor`] does to objects as wholes: picking several, their order, groups, a second one, locking and hiding.
//!
//! Order and groups are part of the annotation: what comes later in its control's list lies above, and a region names its
//! group. Which objects are hidden or locked is how this screen looks at them ([`super::shown`]) and is never sent.

use super::document::Edit;
use super::editor::{Editor, Hand};
use super::region::{self, Geometry, RegionRef};
use super::storage;
use crate::components::announce;
use crate::text::{fill, now};
use crate::tools::grip;
use domain::annotation::AnnotationValue;
use domain::item::ItemView;
use leptos::prelude::*;
use serde_json::Value;

/// A second one lies so far from the first, in CSS pixels.
const ASIDE: f64 = 14.0;
/// Under which name this browser remembers how strong shapes are, and between which bounds, in percent.
const OPACITY: &str = "opacity";
const OPACITIES: (u8, u8) = (10, 100);

/// The item that was on the screen before this one.
#[derive(Debug, Clone)]
pub struct Previous {
    /// The item.
    pub item: ItemView,
    /// As it was left.
    pub value: AnnotationValue,
}

impl Editor {
    /// The picked regions and the selected one, in the order of the list.
    pub fn targets(self) -> Vec<RegionRef> {
        let selected = self.selected.get_untracked();
        let picked = self.picked.get_untracked();
        self.regions()
            .into_iter()
            .filter(|region| picked.contains(region) || selected.as_ref() == Some(region))
            .collect()
    }

    /// Selects a region alone.
    pub fn choose(self, region: Option<RegionRef>) {
        self.unpick();
        self.select(region);
    }

    /// Adds a region to what is selected, or takes it out.
    pub fn pick_also(self, region: &RegionRef) {
        let before = self.selected.get_untracked();
        self.picked.update(|picked| {
            if !picked.remove(region) {
                picked.extend(before);
                picked.insert(region.clone());
            }
        });
        let is_in = self.picked.with_untracked(|picked| picked.contains(region));
        self.select(if is_in { Some(region.clone()) } else { self.picked.with_untracked(|all| all.first().cloned()) });
        announce(fill(now(|t| t.work.selected_many), &[("n", &self.targets().len().to_string())]));
    }

    /// Nothing is picked any more. False when nothing was.
    pub fn unpick(self) -> bool {
        let had = self.picked.with_untracked(|picked| !picked.is_empty());
        if had {
            self.picked.update(std::collections::BTreeSet::clear);
        }
        had
    }

    /// Adds the selected region to what is picked, so that the next one can be selected beside it; or takes it out.
    pub fn pick_selected(self) {
        let Some(selected) = self.selected.get_untracked() else { return };
        self.picked.update(|picked| {
            if !picked.remove(&selected) {
                picked.insert(selected);
            }
        });
        announce(fill(now(|t| t.work.selected_many), &[("n", &self.targets().len().to_string())]));
    }

    /// Puts the selected region elsewhere in the order: `to` is told its place and the last one.
    pub fn reorder(self, to: impl Fn(usize, usize) -> usize) {
        let Some(RegionRef { control, id }) = self.selected.get_untracked() else { return };
        let place = self.document.with_untracked(|document| {
            let list = document.value().get(&control)?.as_array()?;
            let at = list.iter().position(|region| region.get("id").and_then(Value::as_str) == Some(&id))?;
            Some(to(at, list.len() - 1))
        });
        if let Some(to) = place {
            self.edit(vec![Edit::Reorder { control, id, to }]);
        }
    }

    /// Puts the targets into a new group, or takes them out of theirs.
    pub fn group(self, on: bool) {
        let targets = self.targets();
        if on && targets.len() < 2 {
            return self.refuse(now(|t| t.work.need_two).to_owned());
        }
        let name = self.document.with_untracked(|document| region::fresh_group(document.value()));
        let group = on.then_some(Value::String(name));
        self.edit(self.each_of(&targets, |found| region::with_field(found, "group", group.clone())));
    }

    /// The edits that put each of these regions into another form.
    pub(super) fn each_of(self, targets: &[RegionRef], change: impl Fn(&Value) -> Value) -> Vec<Edit> {
        self.document.with_untracked(|document| {
            let found = |target: &RegionRef| {
                let region = change(region::find(document.value(), target)?);
                Some(Edit::Put { control: target.control.clone(), region })
            };
            targets.iter().filter_map(found).collect()
        })
    }

    /// Locks what is selected, or unlocks it.
    pub fn switch_locked(self, targets: &[RegionRef]) {
        if targets.is_empty() {
            return;
        }
        let mut on = false;
        self.shown.update(|shown| on = shown.switch_locked(targets));
        announce(now(if on { |t| t.work.cmd_lock } else { |t| t.work.unlock }));
    }

    /// Hides what is selected, or shows it.
    pub fn switch_hidden(self, targets: &[RegionRef]) {
        if targets.is_empty() {
            return;
        }
        let mut on = false;
        self.shown.update(|shown| on = shown.switch_hidden(targets));
        announce(now(if on { |t| t.work.cmd_hide } else { |t| t.work.show }));
    }

    /// Shows everything again.
    pub fn show_all(self) {
        self.shown.update(super::shown::Shown::show_all);
        announce(now(|t| t.work.shown_all));
    }

    /// Shows only what has the label in hand, or everything again.
    pub fn only_label(self) {
        let Some(Hand { control, label }) = self.hand.get_untracked() else { return };
        let all = self.schema.with_value(|schema| {
            let of = |control: &domain::schema::Control| {
                let labels = control.labels().iter();
                labels.map(|label| (control.id.clone(), label.id.clone())).collect::<Vec<_>>()
            };
            schema.controls.iter().flat_map(of).collect()
        });
        self.shown.update(|shown| shown.only(all, &(control, label)));
    }

    /// Draws shapes fainter or stronger; this browser remembers it.
    pub fn fade(self, stronger: bool) {
        let next = self.opacity.get_untracked().saturating_add_signed(if stronger { 15 } else { -15 });
        self.opacity.set(next.clamp(OPACITIES.0, OPACITIES.1));
        let percent = self.opacity.get_untracked().to_string();
        storage::keep_setting(OPACITY, &percent);
        announce(fill(now(|t| t.work.opacity), &[("n", &percent)]));
    }

    /// Takes over how strong shapes were last time. Not on the server.
    pub(super) fn remember_opacity(self) {
        if let Some(kept) = storage::setting(OPACITY).and_then(|kept| kept.parse::<u8>().ok()) {
            self.opacity.set(kept.clamp(OPACITIES.0, OPACITIES.1));
        }
    }

    /// A second one of each target, a little aside, with all that is said of it.
    pub fn duplicate(self) {
        let (image, aside) = (self.image(), ASIDE / self.view.get_untracked().scale);
        let targets = self.targets();
        let copies: Vec<(String, Value)> = self.document.with_untracked(|document| {
            let ids = region::fresh_ids(document.value(), targets.len());
            let copy = |(target, id): (&RegionRef, String)| {
                let geometry = self.geometry_of(target)?;
                // At the border there is room on the other side.
                let moved = [aside, -aside].map(|by| grip::shifted(&geometry, by, by, image));
                let moved = moved.into_iter().find(|moved| *moved != geometry).unwrap_or(geometry);
                let region = region::reshaped(region::find(document.value(), target)?, &moved);
                Some((target.control.clone(), region::with_field(&region, "id", Some(id.into()))))
            };
            targets.iter().zip(ids).filter_map(copy).collect()
        });
        self.add_all(copies);
    }

    /// The shape that was drawn last, once more: at the pointer, or a little aside.
    pub fn again(self) {
        let Some((hand, geometry)) = self.last.get_value() else {
            return self.refuse(now(|t| t.work.again_none).to_owned());
        };
        let (image, aside) = (self.image(), ASIDE / self.view.get_untracked().scale);
        let centre = geometry.bounds().unwrap_or_default().centre();
        let by = self.pointer.get_untracked().map_or((aside, aside), |at| (at.x - centre.x, at.y - centre.y));
        let moved = grip::shifted(&geometry, by.0, by.1, image);
        if let Some(fitted) = grip::fitting(moved, image) {
            self.hand.set(Some(hand));
            self.create(&fitted);
        }
    }

    /// Every shape of the image before, where it fits on this one, in one step.
    pub fn copy_previous(self) {
        let (Some(previous), image) = (self.previous.get_untracked(), self.image()) else { return self.none_to_copy() };
        let shapes = self.schema.with_value(|schema| region::shapes(schema, &previous.value));
        let ids = self.document.with_untracked(|document| region::fresh_ids(document.value(), shapes.len()));
        let copies = shapes.iter().zip(ids).filter_map(|(shape, id)| {
            let geometry = match &shape.geometry {
                Geometry::Mask(mask) => Geometry::Mask(mask.fitted(grip::whole(image))),
                other => grip::fitting(other.clone(), image)?,
            };
            geometry.check(grip::whole(image)).ok()?;
            let region = region::reshaped(region::find(&previous.value, &shape.region)?, &geometry);
            Some((shape.region.control.clone(), region::with_field(&region, "id", Some(id.into()))))
        });
        let copies: Vec<(String, Value)> = copies.collect();
        if copies.is_empty() {
            return self.none_to_copy();
        }
        let n = copies.len().to_string();
        self.add_all(copies);
        announce(fill(now(|t| t.work.copied), &[("n", &n)]));
    }

    fn none_to_copy(self) {
        self.refuse(now(|t| t.work.copied_none).to_owned());
    }

    /// Adds regions in one step and selects them.
    fn add_all(self, regions: Vec<(String, Value)>) {
        let name = |(control, region): &(String, Value)| {
            Some(RegionRef { control: control.clone(), id: region.get("id")?.as_str()?.to_owned() })
        };
        let names: Vec<RegionRef> = regions.iter().filter_map(name).collect();
        let edits = regions.into_iter().map(|(control, region)| Edit::Put { control, region }).collect();
        if self.edit(edits) {
            self.select(names.first().cloned());
            let many = names.len() > 1;
            self.picked.set(if many { names.into_iter().collect() } else { Default::default() });
        }
    }

    /// Sets an attribute of a region. Typing (`typed`) is one step.
    pub fn set_attribute(self, target: &RegionRef, name: &str, value: Option<Value>, typed: bool) {
        let edits =
            self.each_of(std::slice::from_ref(target), |found| region::with_attribute(found, name, value.clone()));
        if typed {
            self.edit_merged(edits, &format!("{}.{}.{name}", target.control, target.id));
        } else {
            self.edit(edits);
        }
    }
}
