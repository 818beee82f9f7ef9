//! What lies over the picture: grid, crosshair, the keyboard's pointer, a small map, the panel for brightness and contrast. Elements of their own, so
//! that no canvas is drawn for them; how they look follows from [`super::aids`] and the view.

use super::aids::{Aids, Tone, grid_step};
use super::editor::Editor;
use super::images;
use super::ruler;
use super::storage;
use super::viewport::{ScreenPoint, Viewport};
use super::windowing;
use crate::components::{Button, ButtonKind};
use crate::text::{Pick, t};
use crate::tools::canvas::Gesture;
use domain::geometry::Point;
use leptos::prelude::*;
use web_sys::PointerEvent;

/// The longer side of the small map in CSS pixels.
const MAP: f64 = 168.0;

impl Editor {
    /// Switches an aid; this browser remembers grid, crosshair and map.
    pub fn switch_aid(self, switch: impl FnOnce(&mut Aids)) {
        self.aids.update(switch);
        storage::keep_setting("aids", &self.aids.get_untracked().written());
    }

    /// Takes over which aids were on last time. Not on the server.
    pub(super) fn remember_aids(self) {
        if let Some(words) = storage::setting("aids") {
            self.aids.set(Aids::read(&words));
        }
    }
}

/// What lies on the picture and is turned with it. `id` is the stage's.
pub fn over(editor: Editor, id: String) -> AnyView {
    let in_hand = Memo::new(move |_| editor.keyed.with(Option::is_some));
    view! {
        {move || editor.aids.with(|aids| aids.grid).then(|| grid(editor))}
        {move || editor.aids.with(|aids| aids.crosshair).then(|| crosshair(editor))}
        {move || in_hand.get().then(|| pointer(editor))}
        {move || {
            let open = editor.aids.with(|aids| aids.tones);
            (open || editor.tone.with(|tone| !tone.is_plain())).then(|| filter(editor, &id))
        }}
    }
    .into_any()
}

/// What stands upright at the stage's edges and corners: rulers, the small map and the panel of tones.
pub fn aside(editor: Editor) -> AnyView {
    view! {
        {move || editor.aids.with(|aids| aids.rulers).then(|| ruler::rulers(editor))}
        {move || editor.aids.with(|aids| aids.map).then(|| map(editor))}
        {move || editor.aids.with(|aids| aids.tones).then(|| tones(editor))}
    }
    .into_any()
}

fn px(n: f64) -> String {
    format!("{n:.2}px")
}

fn grid(editor: Editor) -> AnyView {
    // Only what of the image is on the stage: at 40 times its size an image is wider than an element may be.
    let place = move || {
        let (view, stage, image) = (editor.view.get(), editor.stage.get(), editor.image());
        let (left, top) = (view.x.max(0.0), view.y.max(0.0));
        let right = (view.x + image.w * view.scale).min(stage.w);
        let bottom = (view.y + image.h * view.scale).min(stage.h);
        let step = grid_step(view.scale) * view.scale;
        format!(
            "left:{};top:{};width:{};height:{};background-size:{} {};background-position:{} {}",
            px(left),
            px(top),
            px((right - left).max(0.0)),
            px((bottom - top).max(0.0)),
            px(step),
            px(step),
            px(view.x - left),
            px(view.y - top),
        )
    };
    view! { <div class="stage-grid" aria-hidden="true" style=place></div> }.into_any()
}

fn crosshair(editor: Editor) -> AnyView {
    let at = move || editor.pointer.get().map(|at| editor.view.get().to_screen(at));
    let hidden = move || if at().is_some() { "visible" } else { "hidden" };
    view! {
        <i class="stage-cross-down" aria-hidden="true" style:visibility=hidden style:left=move || px(at().unwrap_or_default().x)></i>
        <i class="stage-cross-over" aria-hidden="true" style:visibility=hidden style:top=move || px(at().unwrap_or_default().y)></i>
    }
    .into_any()
}

/// The keyboard's pointer: a cross, with a ring about it while it is down.
fn pointer(editor: Editor) -> AnyView {
    let at = move || editor.keyed.get().map(|at| editor.view.get().to_screen(at)).unwrap_or_default();
    let is_down = move || editor.gesture.with(Gesture::is_dragged);
    // Each line twice, dark below light, so that it shows on any ground.
    let lines = move || {
        let cross = "M-15 0H-3M3 0H15M0-15V-3M0 3V15";
        if is_down() { format!("{cross}M8 0A8 8 0 1 1 8-.01") } else { cross.to_owned() }
    };
    view! {
        <svg class="stage-pointer" viewBox="-16 -16 32 32" aria-hidden="true" style:left=move || px(at().x) style:top=move || px(at().y)>
            <path d=lines></path>
            <path d=lines></path>
        </svg>
    }
    .into_any()
}

fn map(editor: Editor) -> AnyView {
    let picture = move || {
        editor.item.with(|item| {
            let item = item.as_ref()?;
            Some(images::screen_url(item.id, item.data.image()?))
        })
    };
    let size = move || {
        editor.item.track();
        let image = editor.image();
        let scale = MAP / image.w.max(image.h).max(1.0);
        (image.w * scale, image.h * scale)
    };
    // While all of the image is seen, it would only cover a part of it.
    let is_near = move || {
        let fitted = Viewport::fit(editor.image(), editor.stage.get());
        editor.view.get().scale > fitted.scale * 1.25
    };
    let seen = move || {
        let (view, stage, image) = (editor.view.get(), editor.stage.get(), editor.image());
        let a = view.to_image(ScreenPoint { x: 0.0, y: 0.0 }).clamp(image.w, image.h);
        let b = view.to_image(ScreenPoint { x: stage.w, y: stage.h }).clamp(image.w, image.h);
        let share = |n: f64, of: f64| format!("{:.3}%", 100.0 * n / of.max(1.0));
        format!(
            "left:{};top:{};width:{};height:{}",
            share(a.x, image.w),
            share(a.y, image.h),
            share(b.x - a.x, image.w),
            share(b.y - a.y, image.h)
        )
    };
    let go = move |event: PointerEvent| {
        if event.buttons() == 0 {
            return;
        }
        event.prevent_default();
        let ((w, h), image, stage) = (untrack(size), editor.image(), editor.stage.get_untracked());
        let to = Point::new(f64::from(event.offset_x()) / w * image.w, f64::from(event.offset_y()) / h * image.h);
        editor.look(|view| {
            let at = view.to_screen(to);
            view.pan(stage.w / 2.0 - at.x, stage.h / 2.0 - at.y)
        });
    };
    view! {
        <Show when=is_near>
            <div
                class="stage-map"
                aria-hidden="true"
                style:width=move || px(size().0)
                style:height=move || px(size().1)
                on:pointerdown=go
                on:pointermove=go
            >
                // Asked for as the stage asks: otherwise browsers fetch it a second time.
                <img crossorigin="anonymous" src=picture alt="" draggable="false"/>
                <i style=seen></i>
            </div>
        </Show>
    }
    .into_any()
}

/// The SVG filter that CSS has no words for.
fn filter(editor: Editor, id: &str) -> AnyView {
    let exponent = move || (1.0 / editor.tone.get().gamma).to_string();
    let slope = move || editor.tone.get().transfer().0.to_string();
    let intercept = move || editor.tone.get().transfer().1.to_string();
    view! {
        <svg class="stage-filter" width="0" height="0" aria-hidden="true">
            <filter id=format!("{id}-tone-window") color-interpolation-filters="sRGB">
                <feComponentTransfer>
                    <feFuncR type="linear" slope=slope intercept=intercept></feFuncR>
                    <feFuncG type="linear" slope=slope intercept=intercept></feFuncG>
                    <feFuncB type="linear" slope=slope intercept=intercept></feFuncB>
                </feComponentTransfer>
            </filter>
            <filter id=format!("{id}-tone") color-interpolation-filters="sRGB">
                <feColorMatrix type="matrix" values=move || editor.tone.get().matrix()></feColorMatrix>
                <feComponentTransfer>
                    <feFuncR type="gamma" exponent=exponent></feFuncR>
                    <feFuncG type="gamma" exponent=exponent></feFuncG>
                    <feFuncB type="gamma" exponent=exponent></feFuncB>
                </feComponentTransfer>
            </filter>
        </svg>
    }
    .into_any()
}

fn tones(editor: Editor) -> AnyView {
    let slider =
        move |word: Pick, read: fn(&Tone) -> f64, write: fn(&mut Tone, f64), bounds: (&'static str, &'static str)| {
            let value = move || editor.tone.with(read);
            view! {
                <label>
                    <span>{t(word)}</span>
                    <input
                        type="range"
                        min=bounds.0
                        max=bounds.1
                        step="0.05"
                        prop:value=move || value().to_string()
                        on:input=move |event| {
                            if let Ok(next) = event_target_value(&event).parse::<f64>() {
                                editor.tone.update(|tone| write(tone, next));
                            }
                        }
                    />
                    <output>{move || format!("{:.2}", value())}</output>
                </label>
            }
        };
    let channel = move |event| {
        let picked = event_target_value(&event).parse::<usize>().ok();
        editor.tone.update(|tone| tone.channel = picked);
    };
    view! {
        <div class="stage-tones" role="group" aria-label=t(|t| t.work.cmd_tones)>
            {windowing::sliders(editor)}
            {slider(|t| t.work.brightness, |tone| tone.brightness, |tone, n| tone.brightness = n, ("0.2", "3"))}
            {slider(|t| t.work.contrast, |tone| tone.contrast, |tone, n| tone.contrast = n, ("0.2", "3"))}
            {slider(|t| t.work.gamma, |tone| tone.gamma, |tone, n| tone.gamma = n, ("0.3", "3"))}
            <label>
                <span>{t(|t| t.work.channel)}</span>
                <select class="input" on:change=channel prop:value=move || editor.tone.get().channel.map(|at| at.to_string()).unwrap_or_default()>
                    <option value="">{t(|t| t.work.channel_all)}</option>
                    <option value="0">"R"</option>
                    <option value="1">"G"</option>
                    <option value="2">"B"</option>
                </select>
            </label>
            <div class="stage-tones-end">
                <Button label=t(|t| t.work.tones_reset) on_press=move |()| editor.tone.set(Tone::default())/>
                <Button label=t(|t| t.work.tones_close) kind=ButtonKind::Quiet on_press=move |()| editor.switch_aid(|aids| aids.tones = false)/>
            </div>
        </div>
    }
    .into_any()
}
