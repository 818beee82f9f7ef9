//! The picture on the stage of an image: which of its forms is shown, and which tiles of a large one are wanted. It only draws.

use super::editor::Editor;
use super::images;
use super::layers::{pixel_ratio, prepare};
use super::paint;
use super::tiles;
use domain::id::ItemId;
use domain::item::Tile;
use leptos::prelude::*;
use web_sys::HtmlCanvasElement;

/// The tiles that the item on the stage wants, if it is cut: none while its small rendition is as fine as the screen.
pub(super) fn wanted_tiles(editor: Editor) -> Option<(ItemId, Vec<Tile>)> {
    let (view, stage, ratio) = (editor.view.get(), editor.stage.get(), pixel_ratio());
    editor.item.with(|item| {
        let item = item.as_ref()?;
        let image = item.data.image()?;
        let cut = image.tiles?;
        let small = images::decoded(&images::screen_url(item.id, image));
        let small = small.map_or(images::RENDITION.min(image.width), |small| small.natural_width());
        let is_fine = view.scale * ratio * f64::from(image.width) <= f64::from(small) * 1.05;
        let is_laid = stage.w > 0.0 && stage.h > 0.0;
        let wanted = if is_fine || !is_laid { Vec::new() } else { tiles::visible(image, &cut, view, stage, ratio) };
        Some((item.id, wanted))
    })
}

/// Draws the picture as the view shows it: the small rendition, the original, or tiles.
pub(super) fn draw_picture(canvas: &HtmlCanvasElement, editor: Editor) {
    let (view, stage) = (editor.view.get(), editor.stage.get());
    let Some(brush) = prepare(canvas, stage) else { return };
    editor.item.with(|item| {
        let Some(item) = item else { return };
        let Some(image) = item.data.image() else { return };
        let full = image.tiles.is_none().then(|| images::decoded(&images::full_url(item.id))).flatten();
        let picture = full.or_else(|| images::decoded(&images::screen_url(item.id, image)));
        let (w, h) = (f64::from(image.width) * view.scale, f64::from(image.height) * view.scale);
        if let Some(picture) = picture {
            paint::checkerboard(&brush, (view.x, view.y, w, h));
            // Single pixels are to be seen as such when one looks at them closely.
            brush.set_image_smoothing_enabled(image.tiles.is_some() || view.scale * pixel_ratio() < 3.0);
            // Fails only for a picture that is not decoded, and that was asked.
            let _ = brush.draw_image_with_html_image_element_and_dw_and_dh(&picture, view.x, view.y, w, h);
        }
        if let Some(cut) = &image.tiles {
            let wanted = untrack(|| wanted_tiles(editor)).map(|(_, wanted)| wanted).unwrap_or_default();
            tiles::draw(&brush, item.id, image, cut, &wanted, (view, stage, pixel_ratio()));
        }
    });
}
