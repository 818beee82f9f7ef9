//! The few things that the screens ask of the browser itself. Every function is called from handlers and effects, which
//! never run on the server.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

/// An attribute of `<html>`.
pub fn root_attribute(name: &str) -> Option<String> {
    document().document_element()?.get_attribute(name)
}

/// Sets an attribute of `<html>`; an empty value removes it.
pub fn set_root_attribute(name: &str, value: &str) {
    if let Some(root) = document().document_element() {
        // Refused only for names that are not names.
        let _ = if value.is_empty() { root.remove_attribute(name) } else { root.set_attribute(name, value) };
    }
}

/// Keeps a choice of this browser for a year; an empty value forgets it.
pub fn set_cookie(name: &str, value: &str) {
    let age = if value.is_empty() { 0 } else { 31_536_000 };
    if let Ok(document) = document().dyn_into::<web_sys::HtmlDocument>() {
        // A browser that keeps no cookies forgets the choice; nothing else depends on it.
        let _ = document.set_cookie(&format!("{name}={value}; path=/; max-age={age}; samesite=lax"));
    }
}

/// Leaves the page for another, loaded anew.
pub fn go(path: &str) {
    let _ = window().location().set_href(path);
}

/// Loads the page of this address anew in place of the history's entry for it, which the router may be about to add: waited
/// for so many frames at most, or going back would lead here once more.
pub fn load(path: String, frames: u32) {
    if here() == path || frames == 0 {
        let _ = window().location().replace(&path);
    } else {
        request_animation_frame(move || load(path, frames - 1));
    }
}

/// The path and query of the page.
pub fn here() -> String {
    let location = window().location();
    format!("{}{}", location.pathname().unwrap_or_default(), location.search().unwrap_or_default())
}

/// Hands the person a text as a file.
pub fn save_file(name: &str, media_type: &str, text: &str) {
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(media_type);
    let Ok(blob) = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options) else { return };
    let Ok(url) = web_sys::Url::create_object_url_with_blob(&blob) else { return };
    if let Ok(element) = document().create_element("a")
        && let Ok(link) = element.dyn_into::<web_sys::HtmlAnchorElement>()
    {
        link.set_href(&url);
        link.set_download(name);
        link.click();
    }
    // The click has started the download; the address may go.
    let _ = web_sys::Url::revoke_object_url(&url);
}

/// Puts a text on the clipboard.
pub fn copy(text: &str) {
    drop(window().navigator().clipboard().write_text(text));
}

/// The text of a file that the person picked, read as UTF-8.
pub async fn read_text(file: &web_sys::File) -> Option<String> {
    let text = wasm_bindgen_futures::JsFuture::from(file.text()).await.ok()?;
    text.as_string()
}

/// The files of a picker, a drop or a paste.
pub fn files_of(list: Option<web_sys::FileList>) -> Vec<web_sys::File> {
    list.map(|list| (0..list.length()).filter_map(|at| list.get(at)).collect()).unwrap_or_default()
}

/// Moves the keyboard to the element with this id.
pub fn focus(id: &str) {
    if let Some(element) = document().get_element_by_id(id)
        && let Ok(element) = element.dyn_into::<web_sys::HtmlElement>()
    {
        // Fails only for elements that cannot take it.
        let _ = element.focus();
    }
}

/// Is the person typing into a field, or composing with an input method? Then no single key is a command.
pub fn is_typing(event: &web_sys::KeyboardEvent) -> bool {
    if event.is_composing() || event.key_code() == 229 {
        return true;
    }
    let Some(element) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok()) else {
        return false;
    };
    element.is_content_editable() || matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
}

/// Milliseconds since the epoch by the browser's clock.
pub fn clock() -> domain::time::Millis {
    #[expect(clippy::cast_possible_truncation, reason = "the clock is a whole number far below 2^53")]
    domain::time::Millis(js_sys::Date::now() as i64)
}
