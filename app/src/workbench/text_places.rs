//! Places in a text on the screen: which character a node of the document and an offset in it mean, and back; where the caret
//! is drawn. Elements say themselves where in the text they begin; nothing here knows what a span is.

use domain::text::{byte_of_char, char_of_utf16, utf16_of_char};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Node, Selection};

/// Where a segment begins in the text, said on its element.
pub const START: &str = "data-start";
/// The same of a paragraph.
pub const FROM: &str = "data-from";

/// Where the caret is drawn, in pixels from the text's corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Caret {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// Its height.
    pub h: f64,
}

/// Where the caret stands, if the selection is one.
pub fn caret_place(stage: &Element) -> Option<Caret> {
    let selection = selection()?;
    offset_of(stage, selection.focus_node(), selection.focus_offset())?;
    let range = document().create_range().ok()?;
    let (node, at) = (selection.focus_node()?, selection.focus_offset());
    range.set_start(&node, at).ok()?;
    range.collapse_with_to_start(true);
    // Before the break of a paragraph, which a line of its own may be, the range has no place; the break's segment has.
    let of_range = range.get_client_rects().and_then(|rects| rects.item(0));
    let rect = of_range.or_else(|| {
        let rects = node.parent_element()?.get_client_rects();
        if at == 0 { rects.item(0) } else { rects.item(rects.length().checked_sub(1)?) }
    })?;
    let frame = stage.parent_element()?;
    let corner = frame.get_bounding_client_rect();
    Some(Caret {
        x: rect.left() - corner.left() + f64::from(frame.scroll_left()),
        y: rect.top() - corner.top() + f64::from(frame.scroll_top()),
        h: rect.height(),
    })
}

/// Scrolls the frame as far as it takes to see the caret, with a line of room. A selection that is moved by a script does not
/// do so by itself.
pub fn follow(frame: &Element, caret: Caret) {
    let (top, height) = (f64::from(frame.scroll_top()), f64::from(frame.client_height()));
    let (above, below) = (caret.y - caret.h, caret.y + 2.0 * caret.h);
    if above < top {
        frame.set_scroll_top(above.floor() as i32);
    } else if below > top + height {
        frame.set_scroll_top((below - height).ceil() as i32);
    }
}

/// The document's selection.
pub fn selection() -> Option<Selection> {
    window().get_selection().ok().flatten()
}

/// Where the selection begins and where it ends, which may be before that; nothing unless both lie within the text.
pub fn held(stage: &Element) -> Option<(u32, u32)> {
    let selection = selection()?;
    let anchor = offset_of(stage, selection.anchor_node(), selection.anchor_offset())?;
    Some((anchor, offset_of(stage, selection.focus_node(), selection.focus_offset())?))
}

/// The paragraphs within which the selection begins and ends, by where they begin.
pub fn held_in() -> [Option<u32>; 2] {
    let around = |node: Option<Node>| {
        let node = node?;
        let parent = node.parent_element();
        let element = node.dyn_into::<Element>().ok().or(parent)?;
        number_of(&element.closest(&format!("[{FROM}]")).ok()??, FROM)
    };
    let ends = selection().map(|selection| [selection.anchor_node(), selection.focus_node()]);
    ends.map_or([None, None], |ends| ends.map(around))
}

/// Selects what lies between the two, as it was held before the text was drawn anew.
pub fn hold(stage: &Element, anchor: u32, focus: u32) {
    let (from, to) = (node_at(stage, anchor), node_at(stage, focus));
    if let (Some(selection), Some((from, at)), Some((to, until))) = (selection(), from, to) {
        // Fails only for nodes outside the document.
        let _ = selection.set_base_and_extent(&from, at, &to, until);
    }
}

/// The offset of a place in the document, if it lies within the text.
pub fn offset_of(stage: &Element, node: Option<Node>, at: u32) -> Option<u32> {
    let node = node?;
    if !stage.contains(Some(&node)) {
        return None;
    }
    if node.node_type() == Node::TEXT_NODE {
        let element = node.parent_element()?;
        let start = start_of(&element)?;
        return Some(start + char_of_utf16(&node.text_content().unwrap_or_default(), at));
    }
    let element = node.dyn_into::<Element>().ok()?;
    match start_of(&element) {
        Some(start) if at == 0 => Some(start),
        Some(start) => Some(start + domain::text::char_len(&element.text_content().unwrap_or_default())),
        // The stage itself or a paragraph: a place between two paragraphs or segments.
        None => {
            let nodes = element.child_nodes();
            let begun = |at: u32| {
                let child = nodes.item(at)?.dyn_into::<Element>().ok()?;
                start_of(&child).or_else(|| number_of(&child, FROM)).map(|start| (start, child))
            };
            if let Some((start, _)) = (at..nodes.length()).find_map(begun) {
                return Some(start);
            }
            let (start, last) = (0..nodes.length()).rev().find_map(begun)?;
            Some(start + domain::text::char_len(&last.text_content().unwrap_or_default()))
        }
    }
}

/// The place in the document of an offset; the end where the text is shorter.
pub fn node_at(stage: &Element, offset: u32) -> Option<(Node, u32)> {
    let (paragraph, _) = holder_of(stage, FROM, offset)?;
    let (segment, start) = holder_of(&paragraph, START, offset)?;
    let node = text_of(&segment)?;
    let text = node.text_content().unwrap_or_default();
    let within = offset.saturating_sub(start);
    let known = byte_of_char(&text, within).is_some();
    let units = if known { utf16_of_char(&text, within) } else { utf16_of_char(&text, u32::MAX) };
    Some((node, units))
}

/// The last child that does not begin behind the offset, or the first one, and where it begins.
fn holder_of(parent: &Element, attribute: &str, offset: u32) -> Option<(Element, u32)> {
    let children = parent.children();
    let mut found = None;
    for at in 0..children.length() {
        let Some(child) = children.item(at) else { continue };
        let Some(start) = number_of(&child, attribute) else { continue };
        if start > offset && found.is_some() {
            break;
        }
        found = Some((child, start));
    }
    found
}

/// The text node of a segment.
fn text_of(segment: &Element) -> Option<Node> {
    let nodes = segment.child_nodes();
    (0..nodes.length()).find_map(|at| nodes.item(at).filter(|node| node.node_type() == Node::TEXT_NODE))
}

fn start_of(element: &Element) -> Option<u32> {
    number_of(element, START)
}

/// What an element says in this attribute.
pub fn number_of(element: &Element, attribute: &str) -> Option<u32> {
    element.get_attribute(attribute)?.parse().ok()
}

/// The offset of the segment under a pointer.
pub fn segment_under(event: &web_sys::PointerEvent) -> Option<u32> {
    let element = event.target()?.dyn_into::<Element>().ok()?;
    start_of(&element.closest("[data-start]").ok()??)
}
