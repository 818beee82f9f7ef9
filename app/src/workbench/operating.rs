//! What an [`Editor`] makes of whole shapes, by [`crate::tools::operation`]: which regions change, go and come. Each is one
//! step to undo.

use super::document::Edit;
use super::editor::Editor;
use super::region::{self, Geometry, RegionRef};
use crate::text::{Pick, now};
use crate::tools::canvas::Gesture;
use crate::tools::operation::{self, Refusal};
use crate::tools::{grip, skeleton};
use domain::geometry::ShapeKind;
use leptos::prelude::*;
use serde_json::Value;

impl Editor {
    /// Makes one shape of the targets, under the name of the selected one.
    pub fn merge(self) {
        self.with_others(|editor, first, shape, others| {
            let shapes: Vec<&Geometry> = others.iter().map(|(_, shape)| shape).collect();
            let whole = operation::merged(shape, &shapes, grip::whole(editor.image()))?;
            let gone = others.iter().map(|(region, _)| remove(region)).collect();
            Ok(editor.replaced(first, vec![whole], gone))
        });
    }

    /// Cuts the other targets out of the selected one; they stay.
    pub fn cut(self) {
        self.with_others(|editor, first, shape, others| {
            let shapes: Vec<&Geometry> = others.iter().map(|(_, shape)| shape).collect();
            let left = operation::cut(shape, &shapes, grip::whole(editor.image()))?;
            Ok(editor.replaced(first, left, Vec::new()))
        });
    }

    /// Fewer vertices for each target, within about a pixel of the screen.
    pub fn simplify(self) {
        let tolerance = (1.0 / self.view.get_untracked().scale).max(0.5);
        self.change_each(|shape| operation::simplified(shape, tolerance));
    }

    /// Fills the holes of each target.
    pub fn fill_holes(self) {
        self.change_each(operation::filled);
    }

    /// Is there a control for shapes of this kind, other than the one given?
    pub fn can_become(self, control: &str, to: ShapeKind) -> bool {
        self.schema.with_value(|schema| {
            schema.controls.iter().any(|other| other.id != control && other.kind.shape() == Some(to))
        })
    }

    /// Turns each target into shapes of another kind, in the first control that has them: under the same label where that
    /// has it, else under its first.
    pub fn convert(self, to: ShapeKind) {
        let size = grip::whole(self.image());
        let (mut edits, mut made) = (Vec::new(), Vec::new());
        for target in self.targets() {
            let Some(shape) = self.geometry_of(&target).filter(|shape| shape.kind() != to) else { continue };
            let shapes = match operation::converted(&shape, to, size) {
                Ok(shapes) => shapes,
                Err(refusal) => return self.refuse_operation(refusal),
            };
            let found = self.document.with_untracked(|document| region::find(document.value(), &target).cloned());
            let label = found.as_ref().and_then(|found| found.get("label")?.as_str()).unwrap_or_default();
            let place = self.schema.with_value(|schema| {
                let control = schema.controls.iter().find(|control| control.kind.shape() == Some(to))?;
                let labels = control.labels();
                let label = labels.iter().find(|known| known.id == label).or(labels.first())?;
                Some((control.id.clone(), label.clone()))
            });
            let (Some((control, label)), Some(found)) = (place, found) else {
                return self.refuse(now(|t| t.work.op_no_control).to_owned());
            };
            edits.push(remove(&target));
            for form in shapes {
                let mut fields = region::relabeled(&found, &label).as_object().cloned().unwrap_or_default();
                fields.retain(|field, _| !shape.kind().fields().contains(&field.as_str()));
                made.push((control.clone(), region::reshaped(&Value::Object(fields), &form)));
            }
        }
        let ids = self.document.with_untracked(|document| region::fresh_ids(document.value(), made.len()));
        let first = made
            .first()
            .zip(ids.first())
            .map(|((control, _), id)| RegionRef { control: control.clone(), id: id.clone() });
        edits.extend(made.into_iter().zip(ids).map(|((control, region), id)| Edit::Put {
            control,
            region: region::with_field(&region, "id", Some(id.into())),
        }));
        if first.is_some() && self.edit(edits) {
            self.choose(first);
        }
    }

    /// The picked point of a skeleton in its next state; while one is drawn, its next point is not there.
    pub fn next_joint_state(self) {
        if self.gesture.with_untracked(|gesture| matches!(gesture, Gesture::DrawSkeleton(_))) {
            let (image, mut wish) = (self.image(), crate::tools::canvas::Wish::Nothing);
            self.gesture.update(|gesture| wish = gesture.skip(image));
            return self.grant(wish);
        }
        let picked = self.vertex.get_untracked();
        let vertex = self.selected_geometry().and_then(|shape| super::shaping::nth_vertex(&shape, picked?));
        if let Some(vertex) = vertex {
            self.cycle_joint(vertex.index);
        }
    }

    /// A point of the selected skeleton in its next state.
    pub fn cycle_joint(self, at: usize) {
        let (Some(selected), Some(Geometry::Skeleton(before))) =
            (self.selected.get_untracked(), self.selected_geometry())
        else {
            return;
        };
        self.vertex.set(None);
        self.reshape(&selected, &Geometry::Skeleton(skeleton::gesture::cycled(&before, at)));
        // The same point stays picked while it is there.
        let now = self.selected_geometry().map(|shape| shape.vertices()).unwrap_or_default();
        self.vertex.set(now.iter().position(|(vertex, _)| vertex.index == at));
    }

    /// Runs an operation on the selected shape and the other targets, and makes its edits.
    fn with_others(
        self,
        make: impl Fn(Editor, &RegionRef, &Geometry, &[(RegionRef, Geometry)]) -> Result<Vec<Edit>, Refusal>,
    ) {
        let Some((first, shape)) = self.selected.get_untracked().zip(self.selected_geometry()) else { return };
        let others: Vec<(RegionRef, Geometry)> = self
            .targets()
            .into_iter()
            .filter(|region| *region != first)
            .filter_map(|region| self.geometry_of(&region).map(|shape| (region, shape)))
            .collect();
        if others.is_empty() {
            return self.refuse(now(|t| t.work.need_two).to_owned());
        }
        match make(self, &first, &shape, &others) {
            Ok(edits) => {
                if self.edit(edits) {
                    self.choose(Some(first));
                }
            }
            Err(refusal) => self.refuse_operation(refusal),
        }
    }

    /// The edits that give a region the first of these forms and put the rest beside it, after what else is to be done.
    fn replaced(self, region: &RegionRef, forms: Vec<Geometry>, mut edits: Vec<Edit>) -> Vec<Edit> {
        self.document.with_untracked(|document| {
            let Some(found) = region::find(document.value(), region) else { return Vec::new() };
            let fresh = region::fresh_ids(document.value(), forms.len());
            let ids = std::iter::once(region.id.clone()).chain(fresh);
            edits.extend(forms.iter().zip(ids).map(|(form, id)| {
                let next = region::with_field(&region::reshaped(found, form), "id", Some(id.into()));
                Edit::Put { control: region.control.clone(), region: next }
            }));
            edits
        })
    }

    fn change_each(self, change: impl Fn(&Geometry) -> Option<Geometry>) {
        let mut edits = Vec::new();
        for target in self.targets() {
            if let Some(next) = self.geometry_of(&target).and_then(|shape| change(&shape)) {
                edits.extend(self.each_of(std::slice::from_ref(&target), |found| region::reshaped(found, &next)));
            }
        }
        if edits.is_empty() {
            return self.refuse(now(|t| t.work.op_none).to_owned());
        }
        self.vertex.set(None);
        self.edit(edits);
    }

    fn refuse_operation(self, refusal: Refusal) {
        let words: Pick = match refusal {
            Refusal::Unfit => |t| t.work.op_unfit,
            Refusal::Apart => |t| t.work.op_apart,
            Refusal::Nothing => |t| t.work.op_nothing,
        };
        self.refuse(now(words).to_owned());
    }
}

fn remove(region: &RegionRef) -> Edit {
    Edit::Remove { control: region.control.clone(), id: region.id.clone() }
}
