//! Pictures held ready in memory: the one on the stage and those of the next items, loaded and decoded ahead.

use domain::id::ItemId;
use domain::item::{ImageRef, Tiles};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::collections::VecDeque;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlImageElement;

/// So many pictures are kept; the oldest goes first.
const KEPT: usize = 12;
/// The screen-size rendition of large images.
pub const RENDITION: u32 = 1_600;

thread_local! {
    // Elements of the document cannot travel between threads; in the browser there is one.
    static PICTURES: RefCell<VecDeque<(String, HtmlImageElement)>> = const { RefCell::new(VecDeque::new()) };
}

/// How a picture stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ready {
    /// On its way.
    Loading,
    /// Decoded.
    Yes,
    /// Could not be had.
    Failed,
}

/// A large image from before there were tiles is loaded whole up to so many pixels; beyond, its small rendition has to do.
const WHOLE_MAX: u64 = 64_000_000;

/// Whether the original may be loaded into the page.
pub fn may_be_whole(image: &ImageRef) -> bool {
    image.tiles.is_none() && u64::from(image.width) * u64::from(image.height) <= WHOLE_MAX
}

/// Where to get an image at screen size.
pub fn screen_url(item: ItemId, image: &ImageRef) -> String {
    if image.width > RENDITION || image.width.max(image.height) > Tiles::FROM {
        format!("/media/items/{item}?width={RENDITION}")
    } else {
        full_url(item)
    }
}

/// Where to get the original.
pub fn full_url(item: ItemId) -> String {
    format!("/media/items/{item}")
}

/// The picture, if it is decoded.
pub fn decoded(url: &str) -> Option<HtmlImageElement> {
    let picture =
        PICTURES.with_borrow(|kept| kept.iter().find(|(known, _)| known == url).map(|(_, picture)| picture.clone()))?;
    (picture.complete() && picture.natural_width() > 0).then_some(picture)
}

/// Has the picture loaded and decoded; `ready` learns how that went.
pub fn load(url: &str, ready: Option<RwSignal<Ready>>) {
    let known =
        PICTURES.with_borrow(|kept| kept.iter().find(|(known, _)| known == url).map(|(_, picture)| picture.clone()));
    let picture = match known {
        // One that failed is asked for anew.
        Some(picture) if !picture.complete() || picture.natural_width() > 0 => picture,
        _ => {
            let Ok(picture) = HtmlImageElement::new() else { return };
            picture.set_decoding("async");
            // Where the server sends the browser to the object store for it, its pixels may be looked at all the same.
            picture.set_cross_origin(Some("anonymous"));
            picture.set_src(url);
            PICTURES.with_borrow_mut(|kept| {
                kept.retain(|(known, _)| known != url);
                kept.push_back((url.to_owned(), picture.clone()));
                if kept.len() > KEPT {
                    kept.pop_front();
                }
            });
            picture
        }
    };
    spawn_local(async move {
        let outcome = JsFuture::from(picture.decode()).await;
        if let Some(ready) = ready {
            // The stage may be gone by now.
            ready.try_set(if outcome.is_ok() { Ready::Yes } else { Ready::Failed });
        }
    });
}
