//! Help with drawing, in a worker of the browser: `worker.js` hands it the pixels of a view and the questions of the page.
//! A module of its own, so that neither the pages nor who labels texts wait for it. What is computed is in
//! `domain::pixels`; here words are only read and written. Empty on any other target.
#![cfg(target_arch = "wasm32")]

use domain::pixels::helper::{Answer, Helper};
use std::cell::RefCell;
use wasm_bindgen::Clamped;
use wasm_bindgen::prelude::wasm_bindgen;

thread_local! {
    // A worker has one thread and looks at one view.
    static HELPER: RefCell<Helper> = RefCell::new(Helper::default());
}

/// Looks at a view: a [`domain::pixels::helper::Frame`] as JSON, and its pixels. False where they make no sense.
#[wasm_bindgen]
pub fn look(frame: &str, pixels: Clamped<Vec<u8>>) -> bool {
    serde_json::from_str(frame).is_ok_and(|frame| HELPER.with_borrow_mut(|helper| helper.look(frame, pixels.0)))
}

/// Answers a [`domain::pixels::helper::Question`], both as JSON.
#[wasm_bindgen]
pub fn answer(question: &str) -> String {
    let answer = serde_json::from_str(question)
        .map_or(Answer::Nothing, |question| HELPER.with_borrow_mut(|helper| helper.answer(question)));
    // What domain answers can always be written.
    serde_json::to_string(&answer).unwrap_or_default()
}
