//! Window and level of what is on the stage, as readers of grey images know them: two sliders, one press for what is seen, a
//! drag with the right button while the panel is open. What the browser has are eight bits; of an image with sixteen the
//! panel says which of its values those stand for.

use super::aids::{Tone, auto_window};
use super::editor::Editor;
use crate::components::Button;
use crate::text::{Pick, fill, now, t};
use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// The longer side of the picture that is counted, in pixels: enough for a share of a two-hundredth.
const COUNTED: f64 = 320.0;

// The browser's interface that only this file uses.
#[wasm_bindgen]
extern "C" {
    type Pixels;
    #[wasm_bindgen(method, catch, js_name = getImageData)]
    fn read(this: &Pixels, x: f64, y: f64, w: f64, h: f64) -> Result<JsValue, JsValue>;
}

/// The values of a sixteen-bit image that are shown black and white, where that is known.
fn range(editor: Editor) -> Option<[u16; 2]> {
    editor.item.with(|item| item.as_ref()?.data.image()?.tiles?.window)
}

/// The panel's part.
pub fn sliders(editor: Editor) -> AnyView {
    // In the image's own values, where they are known.
    let own = move |value: f64, from_black: bool| match range(editor) {
        Some([black, white]) => {
            let scaled = value / 255.0 * (f64::from(white) - f64::from(black));
            if from_black { f64::from(black) + scaled } else { scaled }
        }
        None => value,
    };
    let slider = move |word: Pick, least: &'static str, is_level: bool| {
        let value = move || editor.tone.with(|tone| if is_level { tone.level } else { tone.window });
        view! {
            <label>
                <span>{t(word)}</span>
                <input
                    type="range"
                    min=least
                    max="255"
                    step="1"
                    prop:value=move || value().to_string()
                    on:input=move |event| {
                        if let Ok(next) = event_target_value(&event).parse::<f64>() {
                            editor.tone.update(|tone| if is_level { tone.level = next } else { tone.window = next });
                        }
                    }
                />
                <output>{move || format!("{:.0}", own(value(), is_level))}</output>
            </label>
        }
    };
    let note = move || match range(editor) {
        Some([black, white]) => {
            fill(now(|t| t.work.window_sixteen), &[("black", &black.to_string()), ("white", &white.to_string())])
        }
        None => now(|t| t.work.window_eight).to_owned(),
    };
    view! {
        {slider(|t| t.work.window, "1", false)}
        {slider(|t| t.work.level, "0", true)}
        <div class="stage-tones-auto">
            <p>{note}" "{t(|t| t.work.window_drag)}</p>
            <Button label=t(|t| t.work.window_auto) on_press=move |()| auto(editor)/>
        </div>
    }
    .into_any()
}

/// The window that what is seen on the stage fills.
fn auto(editor: Editor) {
    let channel = editor.tone.get_untracked().channel;
    if let Some((window, level)) = histogram(channel).as_ref().and_then(auto_window) {
        editor.tone.update(|tone| *tone = Tone { window, level, ..*tone });
    }
}

/// How often each value is seen on the stage, of one channel or of the lightness.
fn histogram(channel: Option<usize>) -> Option<[u32; 256]> {
    let shapes = document().get_element_by_id("stage")?;
    // Below the shapes lies the picture.
    let picture = shapes.parent_element()?.first_element_child()?.dyn_into::<HtmlCanvasElement>().ok()?;
    let (w, h) = (f64::from(picture.width()), f64::from(picture.height()));
    let scale = (COUNTED / w.max(h).max(1.0)).min(1.0);
    let (w, h) = ((w * scale).floor().max(1.0), (h * scale).floor().max(1.0));
    let canvas = document().create_element("canvas").ok()?.dyn_into::<HtmlCanvasElement>().ok()?;
    canvas.set_width(w as u32);
    canvas.set_height(h as u32);
    let brush = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
    // Single pixels, not means of many: what is rare is not to be smoothed away.
    brush.set_image_smoothing_enabled(false);
    brush.draw_image_with_html_canvas_element_and_dw_and_dh(&picture, 0.0, 0.0, w, h).ok()?;
    let data = brush.unchecked_into::<Pixels>().read(0.0, 0.0, w, h).ok()?;
    let bytes = js_sys::Reflect::get(&data, &"data".into()).ok()?;
    let bytes = bytes.dyn_into::<js_sys::Uint8ClampedArray>().ok()?.to_vec();
    let mut counts = [0_u32; 256];
    for pixel in bytes.chunks_exact(4) {
        let [r, g, b, a] = <[u8; 4]>::try_from(pixel).unwrap_or_default();
        let lightness = ((u32::from(r) * 299 + u32::from(g) * 587 + u32::from(b) * 114) / 1_000) as u8;
        let value = channel.map_or(lightness, |at| [r, g, b].get(at).copied().unwrap_or(lightness));
        // Around the image there is nothing.
        if let (true, Some(count)) = (a > 0, counts.get_mut(usize::from(value))) {
            *count += 1;
        }
    }
    Some(counts)
}
