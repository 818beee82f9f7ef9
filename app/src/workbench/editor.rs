//! One item on the screen, being labeled, shown or put right: its document, what is selected, which label is in hand, and
//! what may be asked of them. The stages draw it, the form and the list of objects show it; workbench and review share it.

use super::aids::{Aids, Tone};
use super::arranging::Previous;
use super::assisting::Touch;
use super::document::{Document, Edit};
use super::region::{self, Geometry, RegionRef, Shape, Span};
use super::shaping::nth_vertex;
use super::shown::Shown;
use super::viewport::{Size, Viewport, ZOOM_STEP};
use crate::components::announce;
use crate::lang::use_lang;
use crate::module::HAS_IMAGES;
use crate::text::{fill, now};
use crate::tools::assist::gesture::{Aid, Wand};
use crate::tools::canvas::Gesture;
use crate::tools::mask::gesture::Brush;
use crate::tools::{choice, grip, span};
use domain::annotation::AnnotationValue;
use domain::error::Problem;
use domain::geometry::{Index, Point, Snap};
use domain::item::{ItemData, ItemView};
use domain::schema::keymap::Hotkey;
use domain::schema::{CheckedValue, Kind, Schema, Subject};
use leptos::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;

/// The label in hand: what the next region will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hand {
    /// The control.
    pub control: String,
    /// The label.
    pub label: String,
}

/// One item on the screen.
#[derive(Debug, Clone, Copy)]
pub struct Editor {
    /// The controls.
    pub schema: StoredValue<Schema>,
    /// The item.
    pub item: RwSignal<Option<ItemView>>,
    /// Its value with the history.
    pub document: RwSignal<Document>,
    /// Told at once of each change that the person makes; opening an item is none.
    changed: StoredValue<Option<Callback<()>>>,
    /// Counts single choices that were answered: one of them may complete the item.
    pub answered: RwSignal<u32>,
    /// The selected region.
    pub selected: RwSignal<Option<RegionRef>>,
    /// Regions that are picked besides the selected one, for what is done to several.
    pub picked: RwSignal<BTreeSet<RegionRef>>,
    /// What is hidden, locked and filtered out on this screen.
    pub shown: RwSignal<Shown>,
    /// How strong shapes are, in percent.
    pub opacity: RwSignal<u8>,
    /// By how many quarters the stage of an image is turned, clockwise. All else is said as if it were not: the stage as a
    /// whole is turned on the screen.
    pub quarter: RwSignal<u8>,
    /// What is shown over the picture.
    pub aids: RwSignal<Aids>,
    /// How the picture is shown.
    pub tone: RwSignal<Tone>,
    /// The item before this one, where it was an image.
    pub previous: RwSignal<Option<Previous>>,
    /// The shape that was drawn last, and what as.
    pub(super) last: StoredValue<Option<(Hand, Geometry)>>,
    /// The label in hand.
    pub hand: RwSignal<Option<Hand>>,
    /// The selected piece of text.
    pub piece: RwSignal<Option<(u32, u32)>>,
    /// It may be changed.
    pub editable: RwSignal<bool>,
    /// What was refused just now, in words.
    pub refusal: RwSignal<Option<String>>,
    /// Where the image lies.
    pub view: RwSignal<Viewport>,
    /// The stage's size.
    pub stage: RwSignal<Size>,
    /// What the pointer is about.
    pub gesture: RwSignal<Gesture>,
    /// The vertex that keys move, by its place among the shape's vertices.
    pub vertex: RwSignal<Option<usize>>,
    /// What masks are painted with.
    pub brush: RwSignal<Brush>,
    /// The tool that looks at the picture, if one is in hand: it takes the place of the label's own.
    pub assist: RwSignal<Option<Aid>>,
    /// How much the wand takes.
    pub wand: RwSignal<Wand>,
    /// The wand's last touch, and how many times such tools were used.
    pub(super) touched: StoredValue<Option<Touch>>,
    pub(super) touches: StoredValue<u32>,
    /// Shapes that are being looked for.
    pub thinking: RwSignal<u32>,
    /// How many answers came, to what the last one was, and in how many milliseconds: by the worker's clock and by the
    /// page's. For measurements.
    pub answered_in: RwSignal<String>,
    /// Where the pointer is on the image, if it is over the stage.
    pub pointer: RwSignal<Option<Point>>,
    /// Where the keyboard's pointer is on the image, while it is in hand.
    pub keyed: RwSignal<Option<Point>>,
    /// Where it was on this item when it was put away.
    pub(super) keyed_last: StoredValue<Option<Point>>,
    /// Points that are set stick to what is near.
    pub snaps: RwSignal<bool>,
    /// That is held off at the moment.
    pub(super) loose: StoredValue<bool>,
    /// What the point sticks to that is being set, or would be with a press.
    pub snap: RwSignal<Option<Snap>>,
    /// Boxes are drawn by clicking on their extremes.
    pub extremes: RwSignal<bool>,
    /// The size of a text's letters in pixels.
    pub letters: RwSignal<u8>,
    /// Where the caret of a text shall stand next.
    pub caret: RwSignal<Option<u32>>,
    /// Regions to point at: what differs between authors.
    pub marked: RwSignal<BTreeSet<RegionRef>>,
    shapes: Memo<Vec<Shape>>,
    index: Memo<Index>,
    spans: Memo<Vec<Span>>,
    hotkeys: StoredValue<Vec<Hotkey>>,
}

impl Editor {
    /// An editor of values of this schema, with no item yet.
    pub fn new(schema: Schema) -> Self {
        let hotkeys = StoredValue::new(schema.hotkeys());
        let schema = StoredValue::new(schema);
        let document = RwSignal::new(Document::default());
        let shapes = Memo::new(move |_| {
            schema.with_value(|schema| document.with(|document| region::shapes(schema, document.value())))
        });
        let index = Memo::new_with_compare(
            move |_| shapes.with(|shapes: &Vec<Shape>| Index::of(shapes.iter().map(|shape| &shape.geometry))),
            |_, _| true,
        );
        let spans = Memo::new(move |_| {
            schema.with_value(|schema| document.with(|document| region::spans(schema, document.value())))
        });
        Self {
            schema,
            item: RwSignal::new(None),
            document,
            changed: StoredValue::new(None),
            answered: RwSignal::new(0),
            selected: RwSignal::new(None),
            picked: RwSignal::new(BTreeSet::new()),
            shown: RwSignal::new(Shown::default()),
            opacity: RwSignal::new(100),
            quarter: RwSignal::new(0),
            aids: RwSignal::new(Aids::default()),
            tone: RwSignal::new(Tone::default()),
            previous: RwSignal::new(None),
            last: StoredValue::new(None),
            hand: RwSignal::new(None),
            piece: RwSignal::new(None),
            editable: RwSignal::new(true),
            refusal: RwSignal::new(None),
            view: RwSignal::new(Viewport::default()),
            stage: RwSignal::new(Size::default()),
            gesture: RwSignal::new(Gesture::Idle),
            vertex: RwSignal::new(None),
            brush: RwSignal::new(Brush::default()),
            assist: RwSignal::new(None),
            wand: RwSignal::new(Wand::default()),
            touched: StoredValue::new(None),
            touches: StoredValue::new(0),
            thinking: RwSignal::new(0),
            answered_in: RwSignal::new(String::new()),
            pointer: RwSignal::new(None),
            keyed: RwSignal::new(None),
            keyed_last: StoredValue::new(None),
            snaps: RwSignal::new(true),
            loose: StoredValue::new(false),
            snap: RwSignal::new(None),
            extremes: RwSignal::new(false),
            letters: RwSignal::new(17),
            caret: RwSignal::new(None),
            marked: RwSignal::new(BTreeSet::new()),
            shapes,
            index,
            spans,
            hotkeys,
        }
    }

    /// Has each change told. Not by way of an effect: those run later, and by then another item may be on the screen.
    pub fn on_change(self, tell: Callback<()>) {
        self.changed.set_value(Some(tell));
    }

    /// Puts an item on the screen.
    pub fn open(self, item: ItemView, document: Document) {
        let is_image = item.data.image().is_some();
        let size = image_size(&item);
        let before = self.item.get_untracked().filter(|before| before.id != item.id && before.data.image().is_some());
        if let Some(before) = before {
            let value = self.document.with_untracked(|document| document.value().clone());
            self.previous.set(Some(Previous { item: before, value }));
        }
        self.gesture.set(Gesture::Idle);
        self.snap.set(None);
        self.selected.set(None);
        self.unpick();
        if !self.shown.with_untracked(Shown::is_plain) {
            self.shown.update(|shown| shown.keep(|_| false));
        }
        self.vertex.set(None);
        self.piece.set(None);
        self.refusal.set(None);
        self.document.set(document);
        self.item.set(Some(item));
        if HAS_IMAGES && is_image {
            self.view.set(Viewport::fit(size, self.stage.get_untracked()));
            if self.hand.with_untracked(Option::is_none) {
                self.hand.set(self.first_shape_label());
            }
            self.replace_pointer();
        }
    }

    /// What the schema says of a value of this item.
    pub fn check(self, value: &AnnotationValue, item: &ItemData) -> Result<CheckedValue, Vec<Problem>> {
        self.schema.with_value(|schema| match item {
            ItemData::Text(text) => schema.check_text(value, text),
            // Never on the stage of such a module, and never let through by it.
            ItemData::Image(_) if !HAS_IMAGES => schema.check_text(value, ""),
            ItemData::Image(_) => schema.check(value, Subject::from(item)),
        })
    }

    /// Every shape of the value.
    pub fn shapes(self) -> Memo<Vec<Shape>> {
        self.shapes
    }

    /// Where the shapes are, by their place among [`Editor::shapes`].
    pub fn index(self) -> Memo<Index> {
        self.index
    }

    /// Every span of the value.
    pub fn spans(self) -> Memo<Vec<Span>> {
        self.spans
    }

    /// The keys of labels and options.
    pub fn hotkeys(self) -> Vec<Hotkey> {
        self.hotkeys.get_value()
    }

    /// The key of a label or option.
    pub fn key_of(self, control: &str, label: &str) -> Option<char> {
        self.hotkeys
            .with_value(|keys| keys.iter().find(|key| key.control == control && key.label == label).map(|key| key.key))
    }

    /// The size of the image.
    pub fn image(self) -> Size {
        self.item.with_untracked(|item| item.as_ref().map(image_size).unwrap_or_default())
    }

    /// The text of the item; empty for an image.
    pub fn text(self) -> String {
        self.item.with_untracked(|item| item.as_ref().and_then(|item| item.data.text()).unwrap_or_default().to_owned())
    }

    /// The title of a label or option on the screen.
    pub fn label_name(self, control: &str, label: &str) -> String {
        let lang = use_lang().get_untracked();
        self.schema.with_value(|schema| {
            let Some(control) = schema.control(control) else { return label.to_owned() };
            let of_label = control.labels().iter().find(|known| known.id == label).map(|known| known.name(lang));
            let of_option =
                || control.leaves().into_iter().find(|known| known.id == label).map(|known| known.name(lang));
            of_label.or_else(of_option).unwrap_or(label).to_owned()
        })
    }

    /// The colour of a label.
    pub fn color(self, control: &str, label: &str) -> String {
        self.schema.with_value(|schema| schema.label_color(control, label).to_owned())
    }

    /// Makes edits as one step. What is locked stays as it is.
    pub fn edit(self, edits: Vec<Edit>) -> bool {
        self.are_free(&edits) && self.change(|document| document.apply(edits))
    }

    /// As [`Editor::edit`], joined to the step before when that has the same mark.
    pub(super) fn edit_merged(self, edits: Vec<Edit>, mark: &str) -> bool {
        self.are_free(&edits) && self.change(|document| document.apply_merged(edits, mark))
    }

    fn are_free(self, edits: &[Edit]) -> bool {
        let is_locked = |edit: &Edit| {
            edit.region().is_some_and(|(control, id)| {
                let region = RegionRef { control: control.to_owned(), id: id.to_owned() };
                self.shown.with_untracked(|shown| shown.is_locked(&region))
            })
        };
        let locked = !self.shown.with_untracked(Shown::is_plain) && edits.iter().any(is_locked);
        if locked {
            self.refuse(now(|t| t.work.locked).to_owned());
        }
        !locked
    }

    /// Takes back the last step.
    pub fn undo(self) {
        if self.change(Document::undo) {
            announce(now(|t| t.work.undone));
        }
    }

    /// Does it again.
    pub fn redo(self) {
        if self.change(Document::redo) {
            announce(now(|t| t.work.redone));
        }
    }

    /// What was typed into a text control.
    pub fn write(self, control: &str, text: String) {
        let value = (!text.is_empty()).then_some(Value::String(text));
        let edits = vec![Edit::Set { control: control.to_owned(), value }];
        self.change(|document| document.apply_merged(edits, control));
    }

    /// Typing into a text control has ended.
    pub fn seal(self) {
        self.document.update_untracked(Document::seal);
    }

    /// Picks an option of a choice.
    pub fn pick(self, control: &str, option: &str) {
        let value = self.schema.with_value(|schema| {
            let known = schema.control(control)?;
            Some(
                self.document
                    .with_untracked(|document| choice::gesture::pick(known, document.value().get(control), option)),
            )
        });
        let Some(value) = value else { return };
        let has_answer = value.is_some();
        let single = self.schema.with_value(|schema| {
            schema.control(control).is_some_and(|control| matches!(control.kind, Kind::Choice { multiple: false, .. }))
        });
        announce(self.label_name(control, option));
        let changed = self.edit(vec![Edit::Set { control: control.to_owned(), value }]);
        if has_answer && single && (changed || self.editable.get_untracked()) {
            self.answered.update(|answered| *answered = answered.wrapping_add(1));
        }
    }

    /// A label's key or button: labels what is selected, or else takes the label in hand.
    pub fn label(self, control: &str, label: &str) {
        let kind = self.schema.with_value(|schema| schema.control(control).map(|control| control.kind.clone()));
        match kind {
            Some(Kind::Choice { .. }) => self.pick(control, label),
            Some(Kind::Span { .. }) => {
                if let Some((start, end)) = self.piece.get_untracked() {
                    self.add_span(control, label, start, end);
                } else if !self.relabel(control, label) {
                    self.take_in_hand(control, label);
                }
            }
            Some(kind) if kind.shape().is_some() => {
                if !self.relabel(control, label) {
                    self.take_in_hand(control, label);
                } else {
                    self.hand.set(Some(Hand { control: control.to_owned(), label: label.to_owned() }));
                }
            }
            Some(_) | None => {}
        }
    }

    /// Labels a piece of the text.
    pub fn add_span(self, control: &str, label: &str, start: u32, end: u32) {
        let text = self.text();
        let Some((start, end)) = span::gesture::trimmed(&text, start, end) else { return };
        let same = |span: &&Span| {
            span.region.control == control && span.label == label && (span.start, span.end) == (start, end)
        };
        let same = self.spans.with_untracked(|spans| spans.iter().find(same).map(|span| span.region.clone()));
        if same.is_some() {
            self.select(same);
            return;
        }
        let overlapping = || {
            self.spans.with_untracked(|spans| {
                span::gesture::overlapping(spans, control, start, end, None).map(|other| other.label.clone())
            })
        };
        if !self.allows_overlap(control)
            && let Some(other) = overlapping()
        {
            let name = self.label_name(control, &other);
            self.refuse(fill(now(|t| t.work.overlap), &[("label", &name)]));
            return;
        }
        let id = self.document.with_untracked(|document| region::fresh_id(document.value()));
        if let Some(region) = region::span_json(&id, label, start, end, &text)
            && self.edit(vec![Edit::Put { control: control.to_owned(), region }])
        {
            self.piece.set(None);
            if self.selected.with_untracked(Option::is_some) {
                self.selected.set(None);
            }
            self.caret.set(Some(end));
            let covered = domain::text::slice(&text, start, end).unwrap_or_default();
            announce(format!("{}: {covered}", self.label_name(control, label)));
        }
    }

    /// Moves a border of the selected span by one character.
    pub fn grow_span(self, left: bool, forwards: bool) {
        let Some(selected) = self.selected.get_untracked() else { return };
        let is_selected = |span: &&Span| span.region == selected;
        let Some(found) = self.spans.with_untracked(|spans| spans.iter().find(is_selected).cloned()) else { return };
        let text = self.text();
        let (mut start, mut end) = (found.start, found.end);
        let border = if left { &mut start } else { &mut end };
        *border = span::gesture::step(&text, *border, forwards);
        if start >= end {
            return;
        }
        let overlaps = || {
            self.spans.with_untracked(|spans| {
                span::gesture::overlapping(spans, &selected.control, start, end, Some(&selected.id)).is_some()
            })
        };
        if !self.allows_overlap(&selected.control) && overlaps() {
            return;
        }
        if let Some(region) = region::span_json(&selected.id, &found.label, start, end, &text) {
            self.edit(vec![Edit::Put { control: selected.control, region }]);
        }
    }

    /// Selects a region, or nothing.
    pub fn select(self, region: Option<RegionRef>) {
        if self.selected.with_untracked(|selected| *selected == region) {
            return;
        }
        self.vertex.set(None);
        if let Some(region) = &region {
            announce(self.region_words(region));
        }
        self.selected.set(region);
    }

    /// Selects the next region or the one before, in the order of the list; false at the end, where nothing is left
    /// selected.
    pub fn select_next(self, forwards: bool, around: bool) -> bool {
        let regions = self.regions();
        let at = self.selected.with_untracked(|selected| {
            selected.as_ref().and_then(|selected| regions.iter().position(|region| region == selected))
        });
        let last = regions.len().wrapping_sub(1);
        let next = match (at, forwards) {
            (None, true) => Some(0),
            (None, false) => Some(last),
            (Some(at), true) if at < last => Some(at + 1),
            (Some(at), false) if at > 0 => Some(at - 1),
            (Some(_), _) if around => Some(if forwards { 0 } else { last }),
            (Some(_), _) => None,
        };
        let region = next.and_then(|next| regions.get(next)).cloned();
        let found = region.is_some();
        self.select(region);
        found
    }

    /// Every region, in the order of the list.
    pub fn regions(self) -> Vec<RegionRef> {
        let shapes = self.shapes.get_untracked().into_iter().map(|shape| shape.region);
        self.spans.get_untracked().into_iter().map(|span| span.region).chain(shapes).collect()
    }

    /// Deletes what is selected, the picked vertex, or the last vertex of the outline being drawn.
    pub fn delete(self) {
        if !self.editable.get_untracked() {
            return;
        }
        if HAS_IMAGES && self.gesture.with_untracked(Gesture::is_clicked) {
            self.gesture.update(|gesture| {
                gesture.back();
            });
            return;
        }
        let Some(selected) = self.selected.get_untracked() else { return };
        if HAS_IMAGES && let (Some(at), Some(shape)) = (self.vertex.get_untracked(), self.selected_geometry()) {
            if let Some(shape) = nth_vertex(&shape, at).and_then(|vertex| grip::without_vertex(&shape, vertex)) {
                self.vertex.set(Some(at.min(shape.vertices().len().saturating_sub(1))));
                self.reshape(&selected, &shape);
            }
            return;
        }
        let targets = self.targets();
        let words = match targets.len() {
            0 | 1 => self.region_words(&selected),
            many => fill(now(|t| t.work.selected_many), &[("n", &many.to_string())]),
        };
        let remove = |RegionRef { control, id }| Edit::Remove { control, id };
        if self.edit(targets.into_iter().map(remove).collect()) {
            self.selected.set(None);
            self.unpick();
            announce(fill(now(|t| t.work.deleted), &[("what", &words)]));
        }
    }

    /// Gives up what is going on, one thing at a time. False when nothing was.
    pub fn cancel(self) -> bool {
        let mut cancelled = false;
        if HAS_IMAGES {
            self.gesture.update(|gesture| cancelled = gesture.cancel());
        }
        if cancelled {
            return true;
        }
        if self.vertex.get_untracked().is_some() {
            self.vertex.set(None);
            return true;
        }
        if self.unpick() {
            return true;
        }
        if self.selected.with_untracked(Option::is_some) {
            self.select(None);
            return true;
        }
        if self.piece.get_untracked().is_some() {
            self.piece.set(None);
            return true;
        }
        if HAS_IMAGES && self.put_pointer_away() {
            return true;
        }
        if self.assist.with_untracked(Option::is_some) {
            self.assist.set(None);
            return true;
        }
        let had = self.hand.with_untracked(Option::is_some);
        self.hand.set(None);
        had
    }

    /// Zooms about the stage's centre or the keyboard's pointer, or changes the size of the letters.
    pub fn zoom(self, nearer: bool) {
        if self.item.with_untracked(|item| item.as_ref().is_some_and(|item| item.data.text().is_some())) {
            self.letters.update(|px| *px = if nearer { (*px + 1).min(28) } else { (*px - 1).max(14) });
            return;
        }
        if !HAS_IMAGES {
            return;
        }
        let factor = if nearer { ZOOM_STEP } else { 1.0 / ZOOM_STEP };
        self.look(|view| view.zoom(self.zoomed_about(), factor));
    }

    /// The whole image.
    pub fn fit(self) {
        self.view.set(Viewport::fit(self.image(), self.stage.get_untracked()));
    }

    /// One pixel on one pixel.
    pub fn actual(self) {
        self.look(|view| view.actual(self.zoomed_about()));
    }

    /// Changes the view, never losing the image.
    pub fn look(self, change: impl FnOnce(Viewport) -> Viewport) {
        let next = change(self.view.get_untracked()).kept(self.image(), self.stage.get_untracked());
        self.view.set(next);
    }

    /// Says a refusal beside the stage and aloud.
    pub fn refuse(self, words: String) {
        announce(words.clone());
        self.refusal.set(Some(words));
    }

    /// Label and content of a region, in words.
    pub fn region_words(self, region: &RegionRef) -> String {
        let found = self.document.with_untracked(|document| region::find(document.value(), region).cloned());
        let Some(found) = found else { return String::new() };
        let field = |name: &str| found.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let name = self.label_name(&region.control, &field("label"));
        let text = field("text");
        if text.is_empty() { name } else { format!("{name}: {text}") }
    }

    fn change(self, make: impl FnOnce(&mut Document) -> bool) -> bool {
        if !self.editable.get_untracked() {
            return false;
        }
        let mut changed = false;
        self.document.update(|document| changed = make(document));
        if changed {
            self.refusal.set(None);
            let gone = self.selected.with_untracked(|selected| {
                selected.as_ref().is_some_and(|selected| {
                    self.document.with_untracked(|document| region::find(document.value(), selected).is_none())
                })
            });
            if gone {
                self.selected.set(None);
                self.vertex.set(None);
            }
            if !self.shown.with_untracked(Shown::is_plain) {
                let exists = |region: &RegionRef| {
                    self.document.with_untracked(|document| region::find(document.value(), region).is_some())
                };
                self.shown.update(|shown| shown.keep(exists));
            }
            if let Some(tell) = self.changed.get_value() {
                tell.run(());
            }
        }
        changed
    }

    /// Gives the selected region of this control another label, and others that are picked with it. False when none is
    /// selected.
    fn relabel(self, control: &str, label: &str) -> bool {
        let Some(selected) = self.selected.get_untracked().filter(|selected| selected.control == control) else {
            return false;
        };
        let label = self
            .schema
            .with_value(|schema| schema.control(control)?.labels().iter().find(|known| known.id == label).cloned());
        let Some(label) = label else { return false };
        let mut targets = self.targets();
        targets.retain(|target| target.control == control);
        self.edit(self.each_of(&targets, |found| region::relabeled(found, &label)));
        announce(self.region_words(&selected));
        true
    }

    fn take_in_hand(self, control: &str, label: &str) {
        let hand = Hand { control: control.to_owned(), label: label.to_owned() };
        let same = self.hand.with_untracked(|known| known.as_ref() == Some(&hand));
        let is_span = self.schema.with_value(|schema| {
            schema.control(control).is_some_and(|control| matches!(control.kind, Kind::Span { .. }))
        });
        self.gesture.set(Gesture::Idle);
        // A second press puts a span's label down again; on an image some label is always of use.
        if same && is_span {
            self.hand.set(None);
        } else {
            self.selected.set(None);
            announce(fill(now(|t| t.work.in_hand), &[("label", &self.label_name(control, label))]));
            self.hand.set(Some(hand));
        }
    }

    fn allows_overlap(self, control: &str) -> bool {
        self.schema.with_value(|schema| {
            schema.control(control).is_some_and(|control| matches!(control.kind, Kind::Span { overlap: true, .. }))
        })
    }
}

/// The size of an item's image; nothing for a text.
pub fn image_size(item: &ItemView) -> Size {
    match &item.data {
        ItemData::Image(image) => Size { w: f64::from(image.width), h: f64::from(image.height) },
        ItemData::Text(_) => Size::default(),
    }
}
