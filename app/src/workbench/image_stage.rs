//! An image with its shapes: the picture below, the shapes that lie still upon it, the one in hand above ([`super::layers`]).
//! Turns pointer and keys into points of the image and leaves what they mean to [`crate::tools::canvas`].

use super::aids::Tone;
use super::cursor::cursor_at;
use super::editor::Editor;
use super::images::{self, Ready};
use super::layers::{Settled, draw_hand, pixel_ratio};
use super::overlay;
use super::picture::{draw_picture, wanted_tiles};
use super::pointing::{Held, REACH};
use super::tiles::{self, Tally};
use super::viewport::{ScreenPoint, Size, Viewport, turned_back};
use crate::components::{Button, Icon, icon};
use crate::text::t;
use crate::tools::canvas::Gesture;
use crate::workbench::listen;
use leptos::html;
use leptos::prelude::*;
use web_sys::PointerEvent;

/// How far a finger may miss a handle, in CSS pixels: it needs more than a mouse.
const REACH_OF_FINGERS: f64 = 18.0;

/// How far a wheel is turned for one step of the tool in hand, in pixels.
const NOTCH: f64 = 40.0;

/// What the hands do besides drawing.
#[derive(Debug, Clone, Default)]
struct Hands {
    /// Pointers that are down: id and place.
    down: Vec<(i32, ScreenPoint)>,
    /// One of them pans.
    panning: bool,
    /// Space is held.
    space: bool,
    touch: bool,
    /// The right button sets window and level: where it went down, and what they were.
    toning: Option<(ScreenPoint, Tone)>,
    /// How far the wheel was turned for the tool in hand, since its last step.
    turned: f64,
}

/// The stage of an image.
#[component]
pub fn ImageStage(
    /// The item on it.
    editor: Editor,
    /// What it is called.
    #[prop(into)]
    label: TextProp,
    /// The element's id, unique on the page.
    #[prop(into)]
    id: String,
) -> AnyView {
    let frame = NodeRef::<html::Div>::new();
    let picture = NodeRef::<html::Canvas>::new();
    let shapes = NodeRef::<html::Canvas>::new();
    let screen = RwSignal::new(Ready::Loading);
    let full = RwSignal::new(Ready::Loading);
    let hands = StoredValue::new(Hands::default());
    let cursor = RwSignal::new("default");
    let again = RwSignal::new(0_u32);

    let settled = Settled::default();
    settled.follow(editor);
    follow_size(frame, editor);
    Effect::new(move |_| editor.remember());
    editor.follow_trace();

    // Which pictures are wanted: the rendition at once, the original when one looks closer.
    let wants_full = Memo::new(move |_| {
        let scale = editor.view.get().scale * pixel_ratio();
        editor.item.with(|item| {
            item.as_ref().and_then(|item| item.data.image()).is_some_and(|image| {
                images::may_be_whole(image)
                    && image.width > images::RENDITION
                    && scale * f64::from(image.width) > f64::from(images::RENDITION) * 1.25
            })
        })
    });
    Effect::new(move |_| {
        again.track();
        editor.item.with(|item| {
            let Some(item) = item else { return };
            let Some(image) = item.data.image() else { return };
            let url = images::screen_url(item.id, image);
            screen.set(if images::decoded(&url).is_some() { Ready::Yes } else { Ready::Loading });
            images::load(&url, Some(screen));
        });
    });
    Effect::new(move |_| {
        if wants_full.get() {
            editor.item.with(|item| {
                if let Some(item) = item {
                    full.set(Ready::Loading);
                    images::load(&images::full_url(item.id), Some(full));
                }
            });
        }
    });
    // Of a large image, the tiles that the view shows.
    let tally = RwSignal::new(Tally::default());
    let wanted = Memo::new(move |_| {
        screen.track();
        wanted_tiles(editor)
    });
    let on_stage = StoredValue::new(None);
    let leave = move || {
        if let Some(Some(item)) = on_stage.try_update_value(Option::take) {
            tiles::leave(item);
        }
    };
    Effect::new(move |_| {
        let now = wanted.with(|wanted| wanted.as_ref().map(|(item, _)| *item));
        if on_stage.with_value(|item| *item != now) {
            leave();
            tally.set(Tally::default());
            on_stage.set_value(now);
        }
        if let Some((item, wanted)) = wanted.get() {
            tiles::want(item, wanted, tally);
        }
    });
    on_cleanup(leave);
    let some_failed = Memo::new(move |_| tally.with(|tally| tally.failed > 0));
    let try_again = move || {
        if let Some(item) = on_stage.get_value() {
            tiles::try_again(item);
        }
    };
    Effect::new(move |_| {
        screen.track();
        full.track();
        tally.track();
        if let Some(canvas) = picture.get() {
            draw_picture(&canvas, editor);
        }
    });
    Effect::new(move |_| {
        if let Some(canvas) = shapes.get() {
            draw_hand(&canvas, editor);
        }
    });

    let reach = move || {
        let px = hands.with_value(|hands| if hands.touch { REACH_OF_FINGERS } else { REACH });
        px / editor.view.get_untracked().scale
    };
    let place =
        move |event: &PointerEvent| ScreenPoint { x: f64::from(event.offset_x()), y: f64::from(event.offset_y()) };
    let on_image = move |at: ScreenPoint| editor.view.get_untracked().to_image(at);

    // Ctrl holds off what points stick to.
    let is_loose = |event: &PointerEvent| event.ctrl_key() || event.meta_key();

    let down = move |event: PointerEvent| {
        let at = place(&event);
        let on_page = ScreenPoint { x: f64::from(event.client_x()), y: f64::from(event.client_y()) };
        let tones = event.button() == 2 && editor.aids.with_untracked(|aids| aids.tones);
        hands.update_value(|hands| hands.toning = tones.then(|| (on_page, editor.tone.get_untracked())));
        if let Some(canvas) = shapes.get_untracked() {
            // Fails only for a pointer that has gone meanwhile.
            let _ = canvas.set_pointer_capture(event.pointer_id());
        }
        hands.update_value(|hands| {
            hands.touch = event.pointer_type() == "touch";
            hands.down.retain(|(id, _)| *id != event.pointer_id());
            hands.down.push((event.pointer_id(), at));
            hands.panning = hands.down.len() > 1 || event.button() == 1 || (event.button() == 0 && hands.space);
        });
        if hands.with_value(|hands| hands.panning) {
            event.prevent_default();
            // A second finger turns what began as drawing into moving the view.
            if hands.with_value(|hands| hands.down.len() > 1) && !editor.gesture.with_untracked(Gesture::is_clicked) {
                editor.gesture.set(Gesture::Idle);
            }
            cursor.set("grabbing");
        } else if event.button() == 0 {
            // One hand at a time: what the keys drag is given up.
            editor.put_pointer_away();
            let held = Held { shift: event.shift_key(), alt: event.alt_key(), ctrl: is_loose(&event) };
            editor.press(on_image(at), reach(), held);
        }
    };
    let moved = move |event: PointerEvent| {
        let at = place(&event);
        if let Some((from, tone)) = hands.with_value(|hands| hands.toning) {
            let (dx, dy) = (f64::from(event.client_x()) - from.x, f64::from(event.client_y()) - from.y);
            return editor.tone.set(tone.dragged(dx, dy));
        }
        let mut pan = None;
        hands.update_value(|hands| {
            if !hands.panning {
                return;
            }
            let before = hands.down.clone();
            if let Some(slot) = hands.down.iter_mut().find(|(id, _)| *id == event.pointer_id()) {
                slot.1 = at;
            }
            pan = Some((before, hands.down.clone()));
        });
        match pan {
            Some((before, after)) => pan_and_pinch(editor, &before, &after),
            // The keyboard's pointer does not follow a mouse that is only moved.
            None if editor.keyed.with_untracked(Option::is_some) => {}
            None => {
                let p = on_image(at);
                editor.hover(p, reach(), is_loose(&event));
                cursor.set(cursor_at(editor, p, reach(), hands.with_value(|hands| hands.space)));
            }
        }
    };
    let up = move |event: PointerEvent| {
        let was_panning = hands.with_value(|hands| hands.panning);
        hands.update_value(|hands| {
            hands.toning = None;
            hands.down.retain(|(id, _)| *id != event.pointer_id());
            if hands.down.is_empty() {
                hands.panning = false;
            }
        });
        // Letting go another button is no press of the keyboard's pointer.
        if !was_panning && editor.keyed.with_untracked(Option::is_none) {
            editor.let_go(on_image(place(&event)), reach(), is_loose(&event));
        }
    };
    let cancel = move |event: PointerEvent| {
        hands.update_value(|hands| {
            hands.down.retain(|(id, _)| *id != event.pointer_id());
            hands.panning = false;
        });
        editor.gesture.update(|gesture| {
            if !gesture.is_clicked() {
                gesture.cancel();
            }
        });
    };
    let wheel = move |event: web_sys::WheelEvent| {
        event.prevent_default();
        let at = ScreenPoint { x: f64::from(event.offset_x()), y: f64::from(event.offset_y()) };
        // Lines and pages, where the mouse reports such, are made about as large as pixels.
        let unit = match event.delta_mode() {
            1 => 16.0,
            2 => 240.0,
            _ => 1.0,
        };
        let (dx, dy) = (event.delta_x() * unit, event.delta_y() * unit);
        // Alt, or the wand held down: the tool is adjusted, not the view.
        let held = hands.with_value(|hands| !hands.down.is_empty() && !hands.panning);
        if (event.alt_key() || held) && editor.is_adjustable() {
            let mut steps = 0;
            hands.update_value(|hands| {
                // A notch of a mouse is one step; a touchpad tells of small parts of one.
                hands.turned = if dy.abs() >= NOTCH { dy } else { hands.turned + dy };
                if hands.turned.abs() >= NOTCH {
                    steps = if hands.turned < 0.0 { 1 } else { -1 };
                    hands.turned = 0.0;
                }
            });
            if steps != 0 {
                editor.resize_brush(steps > 0);
            }
        } else if event.shift_key() {
            let (dx, dy) = turned_back(editor.quarter.get_untracked(), -dx - dy, 0.0);
            editor.look(|view| view.pan(dx, dy));
        } else {
            let speed = if event.ctrl_key() { 0.01 } else { 0.0015 };
            editor.look(|view| view.zoom(at, (-dy * speed).clamp(-1.0, 1.0).exp()));
        }
    };
    let key = move |event: web_sys::KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        if pointer_key(editor, &event) {
            event.prevent_default();
        } else if event.code() == "Space" && !event.ctrl_key() {
            event.prevent_default();
            hands.update_value(|hands| hands.space = true);
            cursor.set("grab");
        } else if stage_key(editor, &event) {
            event.prevent_default();
        }
    };
    let key_up = move |event: web_sys::KeyboardEvent| {
        if event.code() == "Space" {
            hands.update_value(|hands| hands.space = false);
            cursor.set("default");
        }
    };

    let tone_id = format!("{id}-tone");
    let tone = move || editor.tone.get().css(&tone_id);
    let (over, aside) = (overlay::over(editor, id.clone()), overlay::aside(editor));
    // Turned as a whole about its middle; an odd quarter is as wide as the stage is high.
    let turned = move || {
        let (size, quarter) = (editor.stage.get(), editor.quarter.get());
        let place = format!("width:{}px;height:{}px;", size.w, size.h);
        match quarter {
            0 => String::new(),
            _ => {
                format!("{place}left:50%;top:50%;transform:translate(-50%,-50%) rotate({}deg)", 90 * u16::from(quarter))
            }
        }
    };
    let faint = move || (f64::from(editor.opacity.get()) / 100.0).to_string();
    let snap_words = move || {
        editor
            .snap
            .get()
            .map(|snap| format!("{} {} {}", format!("{:?}", snap.hold).to_lowercase(), snap.at.x, snap.at.y))
    };
    let view_words = move || {
        let view = editor.view.get();
        format!("{} {} {}", view.scale, view.x, view.y)
    };
    let size_words = move || {
        editor.item.with(|item| {
            item.as_ref().map(|item| {
                let size = super::editor::image_size(item);
                format!("{} {}", size.w, size.h)
            })
        })
    };
    view! {
        <div class="stage stage-image" node_ref=frame>
            <div class="stage-turned" style=turned>
            <canvas node_ref=picture class="stage-canvas" style:filter=tone aria-hidden="true"></canvas>
            <canvas node_ref=settled.canvases[0] class="stage-canvas stage-settled" style:opacity=faint aria-hidden="true"></canvas>
            <canvas node_ref=settled.canvases[1] class="stage-canvas stage-settled" style:opacity=faint aria-hidden="true"></canvas>
            <canvas
                node_ref=shapes
                id=id
                class="stage-canvas stage-shapes"
                tabindex="0"
                role="application"
                aria-label=move || label.get().to_string()
                data-view=view_words
                data-image=size_words
                data-snap=snap_words
                data-pointer=move || editor.keyed.get().map(|at| format!("{} {}", at.x, at.y))
                data-answered=move || editor.answered_in.get()
                aria-busy=move || (editor.thinking.get() > 0).then_some("true")
                data-quarter=move || editor.quarter.get().to_string()
                data-tiles=move || tally.with(|tally| (tally.wanted > 0).then(|| format!("{}/{}", tally.here, tally.wanted)))
                data-ready=move || (screen.get() == Ready::Yes).then_some("true")
                style:cursor=move || cursor.get()
                on:pointerdown=down
                on:pointermove=moved
                on:pointerup=up
                on:pointercancel=cancel
                on:pointerleave=move |_| {
                    if editor.pointer.with_untracked(Option::is_some) && editor.keyed.with_untracked(Option::is_none) {
                        editor.pointer.set(None);
                        editor.snap.set(None);
                    }
                }
                on:dblclick=move |_| { editor.finish(); }
                on:contextmenu=|event| event.prevent_default()
                on:wheel=wheel
                on:keydown=key
                on:keyup=key_up
                on:blur=move |_| hands.update_value(|hands| hands.space = false)
            ></canvas>
            {over}
            </div>
            {aside}
            {move || match screen.get() {
                Ready::Yes => ().into_any(),
                Ready::Loading => view! { <p class="stage-note" role="status">{t(|t| t.work.image_loading)}</p> }.into_any(),
                Ready::Failed => view! {
                    <div class="stage-note" role="alert">
                        {icon(Icon::Alert)}
                        <span>{t(|t| t.work.image_failed)}</span>
                        <Button label=t(|t| t.shell.retry) on_press=move |()| again.update(|again| *again += 1)/>
                    </div>
                }.into_any(),
            }}
            {move || some_failed.get().then(|| view! {
                <div class="stage-note stage-note-low" role="alert">
                    {icon(Icon::Alert)}
                    <span>{t(|t| t.work.tiles_failed)}</span>
                    <Button label=t(|t| t.shell.retry) on_press=move |()| try_again()/>
                </div>
            })}
        </div>
    }
    .into_any()
}

/// Keys of the keyboard's pointer, while it is in hand: arrows move it, space presses.
fn pointer_key(editor: Editor, event: &web_sys::KeyboardEvent) -> bool {
    if editor.keyed.with_untracked(Option::is_none) {
        return false;
    }
    let code = event.code();
    // Alt with space belongs to the system on some machines.
    if code == "Space" || (matches!(code.as_str(), "Enter" | "NumpadEnter") && event.alt_key()) {
        let ctrl = event.ctrl_key() || event.meta_key();
        let held = Held { shift: event.shift_key(), alt: event.alt_key(), ctrl };
        // Held down it is one press.
        return event.repeat() || editor.press_by_key(held);
    }
    let Some((dx, dy)) = arrow(&code).filter(|_| !event.alt_key()) else { return false };
    let (dx, dy) = turned_back(editor.quarter.get_untracked(), dx, dy);
    let far = match (event.shift_key(), event.ctrl_key() || event.meta_key()) {
        (true, _) => 100.0,
        (false, true) => 10.0,
        (false, false) => 1.0,
    };
    editor.point_by(dx * far, dy * far)
}

/// The direction of an arrow key, on the screen.
fn arrow(code: &str) -> Option<(f64, f64)> {
    Some(match code {
        "ArrowLeft" => (-1.0, 0.0),
        "ArrowRight" => (1.0, 0.0),
        "ArrowUp" => (0.0, -1.0),
        "ArrowDown" => (0.0, 1.0),
        _ => return None,
    })
}

/// Keys that belong to the image: moving and resizing what is selected, panning, vertices, going through the shapes.
fn stage_key(editor: Editor, event: &web_sys::KeyboardEvent) -> bool {
    let code = event.code();
    let direction = match code.as_str() {
        "Comma" | "Period" if event.ctrl_key() && event.shift_key() && !event.alt_key() => {
            editor.turn(if code == "Period" { 15.0 } else { -15.0 });
            return true;
        }
        "Comma" | "Period" if !event.ctrl_key() && !event.alt_key() && !event.shift_key() => {
            editor.next_vertex(code == "Period");
            return true;
        }
        "Tab" if !event.ctrl_key() && !event.alt_key() => return editor.select_next(!event.shift_key(), false),
        code => match arrow(code) {
            Some(direction) => direction,
            None => return false,
        },
    };
    let direction = turned_back(editor.quarter.get_untracked(), direction.0, direction.1);
    let far = if event.ctrl_key() { 10.0 } else { 1.0 };
    let (dx, dy) = (direction.0 * far, direction.1 * far);
    if !editor.editable.get_untracked() {
        return false;
    }
    if event.alt_key() {
        return editor.grow(true, dx, dy);
    }
    if event.shift_key() {
        return editor.grow(false, dx, dy);
    }
    if !editor.nudge(dx, dy) {
        editor.look(|view| view.pan(-direction.0 * 60.0, -direction.1 * 60.0));
    }
    true
}

fn pan_and_pinch(editor: Editor, before: &[(i32, ScreenPoint)], after: &[(i32, ScreenPoint)]) {
    let middle = |points: &[(i32, ScreenPoint)]| {
        let n = points.len().max(1) as f64;
        let sum = points.iter().fold((0.0, 0.0), |sum, (_, p)| (sum.0 + p.x, sum.1 + p.y));
        ScreenPoint { x: sum.0 / n, y: sum.1 / n }
    };
    let spread = |points: &[(i32, ScreenPoint)]| match points {
        [(_, a), (_, b), ..] => (a.x - b.x).hypot(a.y - b.y),
        _ => 0.0,
    };
    let (from, to) = (middle(before), middle(after));
    let (was, is) = (spread(before), spread(after));
    editor.look(|view| {
        let view = view.pan(to.x - from.x, to.y - from.y);
        if was > 1.0 && is > 1.0 { view.zoom(to, is / was) } else { view }
    });
}

/// Keeps the stage's size known, turned or not; the first time, and while the image was fitted, it is fitted again.
fn follow_size(frame: NodeRef<html::Div>, editor: Editor) {
    Effect::new(move |_| {
        let Some(frame) = frame.get() else { return };
        let lying = editor.quarter.get() % 2 == 1;
        let measured = frame.clone();
        let measure = move || {
            let (w, h) = (f64::from(measured.client_width()), f64::from(measured.client_height()));
            let size = if lying { Size { w: h, h: w } } else { Size { w, h } };
            let before = editor.stage.get_untracked();
            if size == before || size.w == 0.0 {
                return;
            }
            let fitted = Viewport::fit(editor.image(), before) == editor.view.get_untracked();
            editor.stage.set(size);
            if fitted || before.w == 0.0 {
                editor.fit();
            } else {
                // What was in the middle stays there.
                editor.look(|view| view.pan((size.w - before.w) / 2.0, (size.h - before.h) / 2.0));
            }
        };
        measure();
        listen::on_resize(&frame, measure);
    });
}
