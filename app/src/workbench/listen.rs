//! Listening to what the framework has no handle for, for as long as an owner lives. Called from effects alone: what is
//! kept here belongs to the browser's one thread.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, Event, ResizeObserver};

/// Hears an event of the document that does not rise to the window.
pub fn on_document(name: &'static str, hear: impl FnMut(Event) + 'static) {
    let closure = Closure::<dyn FnMut(Event)>::new(hear);
    // Fails only for a malformed name.
    let _ = document().add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
    let kept = StoredValue::new_local(Some(closure));
    on_cleanup(move || {
        kept.try_update_value(|kept| {
            if let Some(closure) = kept.take() {
                let _ = document().remove_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
            }
        });
    });
}

/// Hears of each change of an element's size.
pub fn on_resize(element: &Element, hear: impl FnMut() + 'static) {
    let closure = Closure::<dyn FnMut()>::new(hear);
    let Ok(observer) = ResizeObserver::new(closure.as_ref().unchecked_ref()) else { return };
    observer.observe(element);
    let kept = StoredValue::new_local(Some((observer, closure)));
    on_cleanup(move || {
        kept.try_update_value(|kept| {
            if let Some((observer, _)) = kept.take() {
                observer.disconnect();
            }
        });
    });
}
