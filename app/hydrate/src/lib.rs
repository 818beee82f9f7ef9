//! The browser's entry: takes over the page that the server rendered. Empty on any other target.
#![cfg(target_arch = "wasm32")]

use leptos::prelude::document;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the script that the page's head loads.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
    // Says to tests, and to styles, that buttons work from here on.
    if let Some(root) = document().document_element() {
        // Refused only for a malformed name.
        let _ = root.set_attribute("data-live", "");
    }
}
