//! Listening to what the framework has no handle for, for as long as an owner lives. Called from effects alone: what is
//! kept here belongs to the browser's one thread.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{
    Element, Event, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit, ResizeObserver,
};

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

/// Hears which elements within a scrolling frame are seen, or come as near to it as `margin` above and below, in CSS. They are
/// asked for before the next frame is drawn, when what the page is about to show is in the document.
pub fn on_near(
    frame: &Element,
    margin: &str,
    mut hear: impl FnMut(Vec<Element>) + 'static,
    elements: impl FnOnce() -> Vec<Element> + 'static,
) {
    let told = move |entries: js_sys::Array| {
        let near = entries
            .iter()
            .filter_map(|entry| entry.dyn_into::<IntersectionObserverEntry>().ok())
            .filter(IntersectionObserverEntry::is_intersecting);
        hear(near.map(|entry| entry.target()).collect());
    };
    let closure = Closure::<dyn FnMut(js_sys::Array)>::new(told);
    let options = IntersectionObserverInit::new();
    options.set_root(Some(frame));
    options.set_root_margin(&format!("{margin} 0px"));
    let Ok(observer) = IntersectionObserver::new_with_options(closure.as_ref().unchecked_ref(), &options) else {
        return;
    };
    let watching = observer.clone();
    request_animation_frame(move || {
        for element in elements() {
            watching.observe(&element);
        }
    });
    let kept = StoredValue::new_local(Some((observer, closure)));
    on_cleanup(move || {
        kept.try_update_value(|kept| {
            if let Some((observer, _)) = kept.take() {
                observer.disconnect();
            }
        });
    });
}
