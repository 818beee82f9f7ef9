//! What a pointer does on the stage of an image, whichever hand leads it: a mouse, a finger, or the arrow keys. All of them
//! press, move and let go by the same three functions, so that no tool is told them apart. The pointer of the keyboard has a
//! place of its own, which does not follow the mouse; it is in hand until it is put away or another pointer is pressed.

use super::editor::Editor;
use super::viewport::ScreenPoint;
use crate::browser;
use crate::components::announce;
use crate::text::{fill, now};
use crate::tools::canvas::{Gesture, Wish};
use domain::geometry::Point;
use leptos::prelude::*;

/// How far a mouse or the keyboard's pointer may miss a handle, in CSS pixels.
pub(super) const REACH: f64 = 8.0;

/// What is held down with a press.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Held {
    /// One more is picked, or added to.
    pub shift: bool,
    /// The other meaning of a press: a vertex goes, the brush erases, a skeleton's point is occluded.
    pub alt: bool,
    /// Nothing sticks.
    pub ctrl: bool,
}

impl Editor {
    /// The main button went down at a point of the image. `reach` is how far it may miss, in pixels of the image.
    pub(super) fn press(self, p: Point, reach: f64, held: Held) {
        self.loose.set_value(held.ctrl);
        if self.touch(p, held.shift, held.alt) {
            // The wand has no more to it than the press.
        } else if held.shift && !self.gesture.with_untracked(Gesture::is_clicked) {
            // Shift picks one more, whatever the tool.
            let hit = self.with_scene(reach, |scene, _| scene.hit(p).map(|shape| shape.region.clone()));
            if let Some(region) = hit {
                self.pick_also(&region);
            }
        } else {
            let wish = self.with_scene(reach, |scene, gesture| gesture.down(scene, p, held.alt));
            if self.editable.get_untracked() || matches!(wish, Wish::Select(_)) {
                self.grant(wish);
            }
            if !self.editable.get_untracked() {
                self.gesture.set(Gesture::Idle);
            }
        }
    }

    /// The pointer moved to a point of the image, pressed or not; `loose` holds off what points stick to.
    pub(super) fn hover(self, p: Point, reach: f64, loose: bool) {
        self.loose.set_value(loose);
        self.pointer.set(Some(p));
        let snap = self.with_scene(reach, |scene, gesture| {
            gesture.moved(scene, p);
            gesture.aim(scene, p)
        });
        if self.snap.get_untracked() != snap {
            self.snap.set(snap);
        }
    }

    /// The main button went up.
    pub(super) fn let_go(self, p: Point, reach: f64, loose: bool) {
        self.loose.set_value(loose);
        if self.editable.get_untracked() {
            let wish = self.with_scene(reach, |scene, gesture| gesture.up(scene, p));
            self.grant(wish);
        }
    }

    /// Takes the keyboard's pointer in hand, where it was or in the middle of what is seen; or puts it away.
    pub fn switch_pointer(self) {
        if self.put_pointer_away() {
            return;
        }
        let left = self.keyed_last.get_value().filter(|at| {
            let (at, stage) = (self.view.get_untracked().to_screen(*at), self.stage.get_untracked());
            (0.0..=stage.w).contains(&at.x) && (0.0..=stage.h).contains(&at.y)
        });
        self.point_at(left.unwrap_or_else(|| self.middle()));
        browser::focus("stage");
        announce(format!("{}: ✓", now(|t| t.work.cmd_pointer)));
    }

    /// Puts the keyboard's pointer away; what it drags is given up. False when it was not in hand.
    pub(super) fn put_pointer_away(self) -> bool {
        let Some(at) = self.keyed.get_untracked() else { return false };
        if self.gesture.with_untracked(Gesture::is_dragged) {
            self.gesture.set(Gesture::Idle);
        }
        self.keyed_last.set_value(Some(at));
        self.keyed.set(None);
        self.pointer.set(None);
        self.snap.set(None);
        announce(format!("{}: ✗", now(|t| t.work.cmd_pointer)));
        true
    }

    /// On another item the pointer begins in the middle, if it is in hand.
    pub(super) fn replace_pointer(self) {
        self.keyed_last.set_value(None);
        if self.keyed.with_untracked(Option::is_some) {
            self.point_at(self.middle());
        }
    }

    /// Moves the keyboard's pointer by a distance in pixels of the image. False when it is not in hand.
    pub(super) fn point_by(self, dx: f64, dy: f64) -> bool {
        let Some(at) = self.keyed.get_untracked() else { return false };
        let image = self.image();
        self.point_at(Point::new(at.x + dx, at.y + dy).clamp(image.w, image.h));
        true
    }

    /// Presses with the keyboard's pointer: down and up at once, but a drag that begins with it goes on until the next press.
    /// False when it is not in hand.
    pub(super) fn press_by_key(self, held: Held) -> bool {
        let Some(at) = self.keyed.get_untracked() else { return false };
        let reach = self.reach_of_keys();
        let was_dragged = self.gesture.with_untracked(Gesture::is_dragged);
        if !was_dragged {
            self.press(at, reach, held);
        }
        if was_dragged || !self.gesture.with_untracked(Gesture::is_dragged) {
            self.let_go(at, reach, held.ctrl);
        }
        let [x, y] = [at.x, at.y].map(|n| format!("{n:.0}"));
        if self.gesture.with_untracked(Gesture::is_dragged) {
            announce(fill(now(|t| t.work.pointer_down), &[("x", &x), ("y", &y)]));
        } else if self.gesture.with_untracked(Gesture::is_clicked) {
            announce(format!("{x}, {y}"));
        }
        true
    }

    /// Lets go what the keyboard's pointer drags. False when it drags nothing.
    pub(super) fn end_drag(self) -> bool {
        self.gesture.with_untracked(Gesture::is_dragged) && self.press_by_key(Held::default())
    }

    /// About which place of the stage keys zoom: the keyboard's pointer, or the middle.
    pub(super) fn zoomed_about(self) -> ScreenPoint {
        let stage = self.stage.get_untracked();
        let middle = ScreenPoint { x: stage.w / 2.0, y: stage.h / 2.0 };
        self.keyed.get_untracked().map_or(middle, |at| self.view.get_untracked().to_screen(at))
    }

    fn point_at(self, at: Point) {
        self.keyed.set(Some(at));
        let view = self.view.get_untracked();
        // Each change of the view draws the picture anew.
        if view.showing(at, self.stage.get_untracked()) != view {
            self.look(|view| view.showing(at, self.stage.get_untracked()));
        }
        self.hover(at, self.reach_of_keys(), false);
    }

    /// The pixel in the middle of what is seen.
    fn middle(self) -> Point {
        let (stage, image) = (self.stage.get_untracked(), self.image());
        let at = self.view.get_untracked().to_image(ScreenPoint { x: stage.w / 2.0, y: stage.h / 2.0 });
        Point::new(at.x.round(), at.y.round()).clamp(image.w, image.h)
    }

    fn reach_of_keys(self) -> f64 {
        REACH / self.view.get_untracked().scale
    }
}
