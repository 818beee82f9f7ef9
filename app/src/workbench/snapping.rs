//! What an [`Editor`] does so that shapes meet: points that stick to what is near, and outlines led along a neighbour. What
//! that means is said in [`crate::tools::aim`].

use super::editor::Editor;
use super::storage;
use crate::components::announce;
use crate::text::now;
use crate::tools::canvas::Gesture;
use leptos::prelude::*;

/// How near something has to be for a point to stick to it, in CSS pixels.
const SNAP: f64 = 8.0;

/// Under which name this browser remembers whether points stick.
const SETTING: &str = "snaps";

impl Editor {
    /// Has points stick from now on, or no longer; this browser remembers it.
    pub fn switch_snaps(self) {
        self.snaps.update(|snaps| *snaps = !*snaps);
        let snaps = self.snaps.get_untracked();
        storage::keep_setting(SETTING, if snaps { "yes" } else { "no" });
        self.snap.set(None);
        announce(format!("{}: {}", now(|t| t.work.cmd_snap), if snaps { "✓" } else { "✗" }));
    }

    /// Takes over what this browser remembers of it. Not on the server.
    pub(super) fn remember_snaps(self) {
        self.snaps.set(storage::setting(SETTING).as_deref() != Some("no"));
    }

    /// How near something has to be now, in pixels of the image; 0 while nothing sticks.
    pub(super) fn snap_reach(self) -> f64 {
        let sticks = self.snaps.get_untracked() && !self.loose.get_value();
        if sticks { SNAP / self.view.get_untracked().scale } else { 0.0 }
    }

    /// Leads the outline being drawn along a neighbour's border, or the other way round. Says so where that cannot be.
    pub fn follow(self) {
        if self.with_scene(0.0, |scene, gesture| gesture.follow(scene)) {
            announce(now(|t| t.work.followed));
        } else {
            self.refuse(now(|t| t.work.follow_none).to_owned());
        }
    }

    /// Could it be led along a neighbour? Follows the gesture.
    pub(super) fn can_follow(self) -> bool {
        let is_outline =
            self.gesture.with(|gesture| matches!(gesture, Gesture::DrawPolygon(_) | Gesture::DrawPolyline(_)));
        is_outline && untrack(|| self.with_scene(0.0, |scene, gesture| gesture.clone().follow(scene)))
    }
}
