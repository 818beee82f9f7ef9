//! What an [`Editor`] does with the tools that look at the picture: it asks ([`super::helper`]) and makes one step of the
//! answer, if the item is still on the screen. What the hand does with them: [`crate::tools::assist`].

use super::document::Edit;
use super::editor::{Editor, Hand};
use super::helper::{self, Gone, Reply};
use super::region::{self, Geometry, RegionRef};
use super::viewport::ScreenPoint;
use crate::components::announce;
use crate::text::{Pick, fill, now};
use crate::tools::assist::gesture::{Aid, Trace};
use crate::tools::canvas::{Gesture, Tool};
use crate::tools::{grip, operation, polygon};
use domain::geometry::{Point, Polygon, Rect, ShapeKind};
use domain::id::ItemId;
use domain::pixels::helper::{Answer, Question};
use domain::schema::Control;
use leptos::prelude::*;

/// How far from an edge a click of the scissors may be, in CSS pixels.
const SNAP: f64 = 6.0;

/// A polygon of more vertices is traced anew through fewer of them: each leg is a question to the worker.
const PLACES: usize = 64;

/// The wand's last touch, for taking more or less of the same place.
#[derive(Debug, Clone)]
pub(super) struct Touch {
    at: Point,
    /// What it was joined to, and whether it was added or taken out.
    onto: Option<(RegionRef, Geometry, bool)>,
    hand: Hand,
    /// What came of it; nothing while that is not known.
    made: Option<RegionRef>,
    /// Under which its steps are one.
    mark: String,
}

impl Editor {
    /// Takes a tool that looks at the picture in hand, or puts it down again. A label that goes with it comes along.
    pub fn switch_assist(self, aid: Aid) {
        self.gesture.set(Gesture::Idle);
        if self.assist.get_untracked() == Some(aid) {
            self.assist.set(None);
            return announce(format!("{}: ✗", now(title(aid))));
        }
        let fits = |control: &Control| matches!(control.kind.shape(), Some(ShapeKind::Mask | ShapeKind::Polygon));
        let held = self.hand.get_untracked();
        let hand = self.schema.with_value(|schema| {
            let own = held.filter(|hand| schema.control(&hand.control).is_some_and(fits));
            own.or_else(|| {
                let control = schema.controls.iter().find(|control| fits(control))?;
                let label = control.labels().first()?;
                Some(Hand { control: control.id.clone(), label: label.id.clone() })
            })
        });
        if hand.is_none() {
            return self.refuse(now(|t| t.work.assist_no_control).to_owned());
        }
        self.hand.set(hand);
        self.assist.set(Some(aid));
        announce(format!("{}: ✓", now(title(aid))));
    }

    /// The wand touches a place: what it takes is a new shape, or is added to the selected one or taken out of it. False
    /// where it is not in hand.
    pub fn touch(self, at: Point, add: bool, remove: bool) -> bool {
        if untrack(|| self.tool()) != Tool::Wand {
            return false;
        }
        let Some(hand) = self.hand.get_untracked() else { return true };
        let selected =
            self.selected.get_untracked().filter(|selected| (add || remove) && selected.control == hand.control);
        let onto = selected.and_then(|region| self.geometry_of(&region).map(|shape| (region, shape, add)));
        if remove && onto.is_none() {
            self.refuse(now(|t| t.work.assist_nothing_selected).to_owned());
            return true;
        }
        self.touches.update_value(|count| *count += 1);
        let mark = format!("wand.{}", self.touches.get_value());
        self.take(Touch { at, onto, hand, made: None, mark });
        true
    }

    /// Makes the wand more tolerant or less, and takes what it touched last anew. False where it is not in hand.
    pub(super) fn resize_wand(self, more: bool) -> bool {
        if untrack(|| self.tool()) != Tool::Wand {
            return false;
        }
        self.wand.update(|wand| *wand = wand.resized(more));
        let tolerance = self.wand.get_untracked().tolerance.to_string();
        announce(fill(now(|t| t.work.tolerance), &[("n", &tolerance)]));
        let last = self.touched.get_value().filter(|touch| touch.made.is_some());
        if let Some(touch) = last.filter(|touch| self.selected.with_untracked(|own| *own == touch.made)) {
            self.take(touch);
        }
        true
    }

    fn take(self, touch: Touch) {
        self.touched.set_value(Some(touch.clone()));
        let tolerance = self.wand.get_untracked().tolerance;
        let question = Question::Wand { at: touch.at, tolerance, outlined: self.is_outlined(&touch.hand) };
        self.ask(question, move |shape| {
            // Of several touches of one place the last one counts.
            let last = self.touched.get_value().map(|last| last.mark);
            if last.as_ref() != Some(&touch.mark) && touch.made.is_some() {
                return;
            }
            let size = grip::whole(self.image());
            let joined = match &touch.onto {
                None => vec![shape],
                Some((_, before, true)) => operation::merged(before, &[&shape], size).into_iter().collect(),
                Some((_, before, false)) => operation::cut(before, &[&shape], size).unwrap_or_default(),
            };
            let Some(form) = joined.into_iter().next() else {
                let added = touch.onto.as_ref().is_some_and(|(.., added)| *added);
                return self.refuse(now(if added { |t| t.work.op_apart } else { |t| t.work.op_nothing }).to_owned());
            };
            let target = touch.onto.as_ref().map(|(region, ..)| region.clone()).or_else(|| touch.made.clone());
            let made = self.put(target, &touch.hand, &form, &touch.mark);
            if made.is_some() && last.as_ref() == Some(&touch.mark) {
                self.touched.set_value(Some(Touch { made, ..touch }));
            }
        });
    }

    /// Cuts the object in a box out of it: a new shape.
    pub(super) fn cut_out(self, area: Rect) {
        let Some(hand) = self.hand.get_untracked() else { return };
        self.touches.update_value(|count| *count += 1);
        let mark = format!("cut.{}", self.touches.get_value());
        self.ask(Question::CutOut { area, outlined: self.is_outlined(&hand) }, move |shape| {
            self.put(None, &hand, &shape, &mark);
        });
    }

    /// The scissors without a pointer: the selected polygon's border is laid along edges, from vertex to vertex; where none is
    /// selected, a new outline through the middles of the rectangle's sides.
    pub(super) fn trace_around(self, rect: Rect) {
        let held = self.selected.get_untracked().and_then(|own| match self.geometry_of(&own) {
            Some(Geometry::Polygon(polygon)) => Some((own, polygon)),
            _ => None,
        });
        let (onto, places) = match held {
            Some((own, polygon)) if polygon.points.len() > PLACES => {
                (Some(own), polygon.simplified(SNAP / self.view.get_untracked().scale).points)
            }
            Some((own, polygon)) => (Some(own), polygon.points),
            None => (None, polygon::gesture::diamond(rect)),
        };
        if let Some(trace) = Trace::through(&places, onto, self.image()) {
            self.gesture.set(Gesture::Trace(trace));
        }
    }

    /// Looks after an outline that is being traced: has each of its legs found, one at a time, and makes a shape of it when
    /// it is closed. Also has the worker ready while one of its tools is in hand.
    pub fn follow_trace(self) {
        let asking = StoredValue::new(false);
        Effect::new(move |_| {
            let (wants, closed, onto) = self.gesture.with(|gesture| match gesture {
                Gesture::Trace(trace) => (trace.wants(), trace.closed(), trace.onto().cloned()),
                _ => (None, None, None),
            });
            if let Some(closed) = closed {
                self.gesture.set(Gesture::Idle);
                return untrack(|| self.add_traced(closed.ok(), onto.as_ref()));
            }
            let (Some((at, from, to)), false) = (wants, asking.get_value()) else { return };
            asking.set_value(true);
            let snap = SNAP / self.view.get_untracked().scale;
            let item = self.item_id();
            helper::ask(self, Question::Line { from, to, snap }, move |reply| {
                // The stage may be gone by now.
                if asking.try_set_value(false).is_some() {
                    return;
                }
                let line = self.heard(reply, "line").ok().and_then(|answer| match answer {
                    Answer::Line(line) => Some(line),
                    _ => None,
                });
                let same = self.item_id() == item;
                self.gesture.update(|gesture| {
                    if let (Gesture::Trace(trace), true) = (gesture, same) {
                        trace.found(at, (from, to), line);
                    }
                });
            });
        });
        Effect::new(move |_| {
            self.item.track();
            if let Some(aid) = self.assist.get() {
                self.warm_up(aid);
            }
        });
    }

    /// Has the worker look at the picture before it is asked; for the scissors it also finds the edges, which takes longest.
    fn warm_up(self, aid: Aid) {
        if aid != Aid::Scissors {
            return helper::prepare(self);
        }
        let (view, stage) = (self.view.get_untracked(), self.stage.get_untracked());
        let middle = view.to_image(ScreenPoint { x: stage.w / 2.0, y: stage.h / 2.0 });
        // Whatever comes of it, nobody waits for it.
        helper::ask(self, Question::Line { from: middle, to: middle, snap: 0.0 }, |_| ());
    }

    /// Asks for a shape; `then` is told it, if the item is still there and may be changed.
    fn ask(self, question: Question, then: impl FnOnce(Geometry) + 'static) {
        let item = self.item_id();
        let name = match question {
            Question::Wand { .. } => "wand",
            Question::Line { .. } => "line",
            Question::CutOut { .. } => "cut-out",
        };
        self.thinking.update(|thinking| *thinking += 1);
        helper::ask(self, question, move |reply| {
            // The stage may be gone by now.
            if self.thinking.try_update(|thinking| *thinking = thinking.saturating_sub(1)).is_none() {
                return;
            }
            let Ok(answer) = self.heard(reply, name) else { return };
            if self.item_id() != item || !self.editable.get_untracked() {
                return;
            }
            let shape = match answer {
                Answer::Mask(mask) => grip::fitting(Geometry::Mask(mask), self.image()),
                Answer::Polygon(polygon) => grip::fitting(Geometry::Polygon(polygon), self.image()),
                Answer::Nothing | Answer::Line(_) => None,
            };
            match shape {
                Some(shape) => then(shape),
                None => self.refuse(now(|t| t.work.assist_nothing).to_owned()),
            }
        });
    }

    fn heard(self, reply: Result<Reply, Gone>, name: &str) -> Result<Answer, Gone> {
        match &reply {
            Ok(Reply { thought_ms, took_ms, .. }) => {
                self.answered_in.update(|words| {
                    let count =
                        words.split(' ').next().and_then(|n| n.parse::<u32>().ok()).unwrap_or(0).wrapping_add(1);
                    *words = format!("{count} {name} {thought_ms:.1} {took_ms:.1}");
                });
            }
            Err(Gone::Early) => self.refuse(now(|t| t.work.image_loading).to_owned()),
            Err(Gone::Failed) => self.refuse(now(|t| t.work.assist_failed).to_owned()),
        }
        reply.map(|reply| reply.answer)
    }

    /// Gives a region this form, or makes one of it, and selects it. Edits under one mark are one step.
    fn put(self, target: Option<RegionRef>, hand: &Hand, form: &Geometry, mark: &str) -> Option<RegionRef> {
        let (region, json) = self.document.with_untracked(|document| {
            let found = target.and_then(|target| region::find(document.value(), &target).map(|json| (target, json)));
            match found {
                Some((target, json)) => (target, region::reshaped(json, form)),
                None => {
                    let id = region::fresh_id(document.value());
                    let json = region::shape_json(&id, &hand.label, form);
                    (RegionRef { control: hand.control.clone(), id }, json)
                }
            }
        });
        let edits = vec![Edit::Put { control: region.control.clone(), region: json }];
        self.edit_merged(edits, mark).then(|| {
            self.last.set_value(Some((hand.clone(), form.clone())));
            self.choose(Some(region.clone()));
            region
        })
    }

    /// Gives the outline to a polygon that is there, which keeps its holes, or makes a new shape of it.
    fn add_traced(self, outline: Option<Polygon>, onto: Option<&RegionRef>) {
        let Some(hand) = self.hand.get_untracked() else { return };
        let held = onto.and_then(|own| self.geometry_of(own).map(|shape| (own, shape)));
        if let (Some((own, Geometry::Polygon(before))), Some(outline)) = (held, &outline) {
            let traced = Polygon { points: outline.points.clone(), holes: before.holes };
            let traced = Some(traced).filter(Polygon::is_sound);
            return match traced.and_then(|traced| grip::fitting(Geometry::Polygon(traced), self.image())) {
                Some(shape) => self.reshape(own, &shape),
                None => self.refuse(now(|t| t.work.assist_nothing).to_owned()),
            };
        }
        let shape = outline.and_then(|outline| grip::fitting(Geometry::Polygon(outline), self.image()));
        match shape.and_then(|shape| self.in_kind(shape, &hand)) {
            Some(shape) => self.create(&shape),
            None => self.refuse(now(|t| t.work.assist_nothing).to_owned()),
        }
    }

    /// A polygon in the kind of the control in hand.
    fn in_kind(self, shape: Geometry, hand: &Hand) -> Option<Geometry> {
        if self.is_outlined(hand) { Some(shape) } else { shape.to_mask(grip::whole(self.image())).map(Geometry::Mask) }
    }

    fn is_outlined(self, hand: &Hand) -> bool {
        self.schema.with_value(|schema| {
            schema.control(&hand.control).and_then(|control| control.kind.shape()) == Some(ShapeKind::Polygon)
        })
    }

    fn item_id(self) -> Option<ItemId> {
        self.item.with_untracked(|item| item.as_ref().map(|item| item.id))
    }
}

fn title(aid: Aid) -> Pick {
    match aid {
        Aid::Wand => |t| t.work.cmd_wand,
        Aid::Scissors => |t| t.work.cmd_scissors,
        Aid::CutOut => |t| t.work.cmd_cut_out,
    }
}
