//! Which pointer the mouse shows over the stage of an image: what a press would take hold of. It changes nothing.

use super::editor::Editor;
use crate::tools::canvas::Tool;
use crate::tools::grip::{self, Grip};
use domain::geometry::{Handle, Point};
use leptos::prelude::*;

/// The cursor at a point of the image; `space` is held to pan.
pub(super) fn cursor_at(editor: Editor, p: Point, reach: f64, space: bool) -> &'static str {
    if space {
        return "grab";
    }
    if !editor.editable.get_untracked() {
        return "default";
    }
    if editor.thinking.get_untracked() > 0 {
        return "progress";
    }
    editor.with_scene(reach, |scene, _| {
        if matches!(scene.tool, Tool::Mask(_)) {
            return "crosshair";
        }
        if let Some(shape) = scene.selected_shape()
            && let Some(grip) = grip::grip_at(&shape.geometry, p, scene.reach, scene.pixel)
        {
            return match grip {
                Grip::Inside => "move",
                Grip::Turn => "grab",
                Grip::Vertex(_) | Grip::Edge(..) => "pointer",
                Grip::Handle(handle) => {
                    let turned = 90.0 * f64::from(editor.quarter.get_untracked());
                    resize_cursor(handle, grip::frame(&shape.geometry).map_or(0.0, |f| f.angle) + turned)
                }
            };
        }
        match scene.tool {
            Tool::Select if scene.hit(p).is_some() => "pointer",
            Tool::Select => "default",
            _ => "crosshair",
        }
    })
}

/// The arrows that show which way a handle of a frame turned so far can be dragged.
fn resize_cursor(handle: Handle, angle: f64) -> &'static str {
    let (sx, sy) = handle.signs();
    let towards = (sy.atan2(sx).to_degrees() + angle).rem_euclid(180.0);
    match (towards / 45.0).round() as u32 % 4 {
        0 => "ew-resize",
        1 => "nwse-resize",
        2 => "ns-resize",
        _ => "nesw-resize",
    }
}
