//! A text with its spans. The browser's own selection does the selecting, by mouse, finger and keys; this turns it into
//! offsets of the item's text and draws the spans by segments, in a block for each paragraph: what a new span changes is laid
//! out within its block, and blocks far away from what is seen are not laid out at all. The text is only ever put in as text.

use super::editor::Editor;
use crate::components::announce;
use crate::lang::use_lang;
use crate::text::now;
use crate::tools::span::gesture;
use crate::tools::span::segment::{self, Segment};
use crate::workbench::listen;
use crate::workbench::region::Span;
use domain::text::{byte_of_char, char_of_utf16, utf16_of_char};
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{Element, Node, Selection};

/// Where a segment begins in the text, said on its element.
const START: &str = "data-start";
/// The same of a paragraph.
const FROM: &str = "data-from";
/// Half widths of a line, for blocks that are not laid out yet.
const LINE: usize = 84;

/// Where the caret is drawn, in pixels from the text's corner.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Caret {
    x: f64,
    y: f64,
    h: f64,
}

/// The stage of a text.
#[component]
pub fn TextStage(
    /// The item on it.
    editor: Editor,
    /// What it is called.
    #[prop(into)]
    label: TextProp,
    /// The element's id, unique on the page.
    #[prop(into)]
    id: String,
) -> AnyView {
    let stage = NodeRef::<html::Div>::new();
    let caret = RwSignal::new(None::<Caret>);
    let focused = RwSignal::new(false);
    let dragging = StoredValue::new(false);

    let paragraphs = Memo::new(move |_| {
        editor.item.with(|item| {
            let text = item.as_ref().and_then(|item| item.data.text()).unwrap_or_default();
            editor.spans().with(|spans| segment::paragraphs(segment::cut(text, spans)))
        })
    });
    let count = Memo::new(move |_| paragraphs.with(Vec::len));

    // A new span cuts the text anew and with it what the browser's selection held on to: put the caret behind the span.
    Effect::new(move |_| {
        paragraphs.track();
        if editor.caret.get().is_none() {
            return;
        }
        request_animation_frame(move || {
            if let Some(stage) = stage.get_untracked() {
                put_caret(editor, &stage);
            }
        });
    });

    let up = move |event: web_sys::PointerEvent| {
        if event.button() != 0 || !dragging.get_value() {
            return;
        }
        dragging.set_value(false);
        let Some(stage) = stage.get_untracked() else { return };
        read_selection(editor, &stage);
        match editor.piece.get_untracked() {
            Some((start, end)) => {
                let hand = editor.hand.get_untracked();
                if let Some(hand) = hand.filter(|_| editor.editable.get_untracked()) {
                    editor.add_span(&hand.control, &hand.label, start, end);
                }
            }
            None => {
                if let Some(at) = segment_under(&event) {
                    select_at(editor, at);
                }
            }
        }
    };
    Effect::new(move |_| {
        if editor.selected.get().is_some()
            && let Some(stage) = stage.get()
        {
            show_selected(editor, &stage);
        }
    });
    Effect::new(move |_| {
        // Fingers select without a pointer ever coming up on the text: the selection itself tells. And a drag may end
        // beside the text.
        listen::on_document("selectionchange", move |_| {
            if let Some(stage) = stage.get_untracked() {
                read_selection(editor, &stage);
                caret.set(caret_place(&stage));
            }
        });
        let listening = window_event_listener(leptos::ev::pointerup, up);
        on_cleanup(move || listening.remove());
    });
    let key = move |event: web_sys::KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        let Some(stage) = stage.get_untracked() else { return };
        // A hand may be faster than the next frame: the key goes on from where the caret is to be.
        put_caret(editor, &stage);
        if stage_key(editor, &stage, &event) {
            event.prevent_default();
            read_selection(editor, &stage);
            let place = caret_place(&stage);
            caret.set(place);
            if let (Some(place), Some(frame)) = (place, stage.parent_element()) {
                follow(&frame, place);
            }
        }
    };
    view! {
        <div class="stage stage-text">
            <div
                node_ref=stage
                id=id
                class="text-body"
                tabindex="0"
                role="textbox"
                aria-readonly="true"
                aria-multiline="true"
                aria-label=move || label.get().to_string()
                style:font-size=move || format!("{}px", editor.letters.get())
                on:pointerdown=move |event| if event.button() == 0 {
                    editor.caret.set(None);
                    dragging.set_value(true);
                }
                on:keydown=key
                on:focus=move |_| focused.set(true)
                on:blur=move |_| focused.set(false)
            >
                <For
                    each=move || 0..count.get()
                    key=|at| *at
                    children=move |at| {
                        let own = Memo::new(move |_| {
                            paragraphs.with(|all| all.get(at).cloned()).unwrap_or_else(|| Arc::new([]))
                        });
                        view_paragraph(editor, own)
                    }
                />
            </div>
            {move || {
                caret.get().filter(|_| focused.get()).map(|caret| view! {
                    <i
                        class="text-caret"
                        aria-hidden="true"
                        style:left=format!("{}px", caret.x)
                        style:top=format!("{}px", caret.y)
                        style:height=format!("{}px", caret.h)
                    ></i>
                })
            }}
        </div>
    }
    .into_any()
}

/// How a segment looks: its tint, its lines, its tags.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
struct Look {
    background: String,
    depth: usize,
    tags: String,
    tag_color: String,
    marked: bool,
}

/// A paragraph: its segments, each drawn anew only when something of its own changes.
fn view_paragraph(editor: Editor, own: Memo<Arc<[Segment]>>) -> AnyView {
    let lang = use_lang();
    // The caret deselects at each step, mostly what was not selected here: nothing is drawn for that.
    let selected = Memo::new(move |_| {
        let selected = editor.selected.get()?;
        own.with(|segments| segments.iter().any(|segment| segment.is_under(&selected))).then_some(selected)
    });
    let shown = Memo::new(move |_| {
        lang.track();
        editor.marked.track();
        selected.with(|selected| {
            let lit = |segment: &Segment| selected.as_ref().is_some_and(|selected| segment.is_under(selected));
            let look = |segment: &Segment| (segment.clone(), style_of(editor, segment), lit(segment));
            own.with(|segments| segments.iter().map(look).collect::<Vec<_>>())
        })
    });
    // The next item has its paragraphs in the same places.
    let start = Memo::new(move |_| own.with(|segments| segments.first().map(|segment| segment.start)));
    let lines = Memo::new(move |_| {
        let wide = |segments: &Arc<[Segment]>| -> usize {
            segments.iter().flat_map(|segment| segment.text.chars()).map(half_widths).sum()
        };
        own.with(wide).div_ceil(LINE).max(1)
    });
    view! {
        <div
            class="text-paragraph"
            data-from=move || start.get().map(|start| start.to_string())
            style=("--lines", move || lines.get().to_string())
        >
            <For
                each=move || shown.get()
                key=|(segment, styles, lit)| (segment.start, segment.text.clone(), styles.clone(), *lit)
                children=move |(segment, styles, lit)| view_segment(segment, styles, lit)
            />
        </div>
    }
    .into_any()
}

/// About how wide a character is, in halves of a Chinese one.
fn half_widths(char: char) -> usize {
    if char.is_ascii() { 1 } else { 2 }
}

fn style_of(editor: Editor, segment: &Segment) -> Look {
    let covering: Vec<_> = segment.covers.iter().map(|cover| (cover, &cover.span)).collect();
    if covering.is_empty() {
        return Look::default();
    }
    let color = |span: &Span| editor.color(&span.region.control, &span.label);
    // Each span is a line of its own below the text; the innermost one tints the ground.
    let mut layers = Vec::new();
    let mut depth = 0;
    for (cover, span) in &covering {
        depth = depth.max(cover.line + 1);
        let color = color(span);
        layers.push(format!(
            "linear-gradient({color}, {color}) 0 calc(1.25em + 2px + {}px) / 100% 3px no-repeat",
            cover.line * 5
        ));
    }
    if let Some((_, span)) = covering.iter().min_by_key(|(cover, _)| cover.line) {
        let color = color(span);
        layers.push(format!("linear-gradient({color}33, {color}33) 0 0 / 100% calc(1.25em + 2px) no-repeat"));
    }
    let ending: Vec<_> = covering.iter().filter(|(cover, _)| cover.last).collect();
    let names: Vec<String> =
        ending.iter().map(|(_, span)| editor.label_name(&span.region.control, &span.label)).collect();
    let marked = editor.marked.with_untracked(|marked| covering.iter().any(|(_, span)| marked.contains(&span.region)));
    Look {
        background: layers.join(", "),
        depth,
        tags: names.join(" · "),
        tag_color: ending.first().map(|(_, span)| color(span)).unwrap_or_default(),
        marked,
    }
}

fn view_segment(segment: Segment, look: Look, lit: bool) -> AnyView {
    let covered = !segment.covers.is_empty();
    let class = match (covered, lit, look.marked) {
        (false, ..) => "seg",
        (true, false, false) => "seg seg-span",
        (true, true, false) => "seg seg-span seg-lit",
        (true, false, true) => "seg seg-span seg-marked",
        (true, true, true) => "seg seg-span seg-lit seg-marked",
    };
    let tag = (!look.tags.is_empty()).then(|| look.tags.clone());
    view! {
        <span
            class=class
            data-start=segment.start.to_string()
            data-tag=tag
            style:background=covered.then_some(look.background)
            style:padding-bottom=covered.then(|| format!("{}px", look.depth * 5))
            style=("--tag", look.tag_color.clone())
            style=("--tag-ink", if look.tag_color.is_empty() { "inherit" } else { domain::schema::ink(&look.tag_color) })
        >
            {segment.text}
        </span>
    }
    .into_any()
}

/// Puts the caret where a new span wants it, once.
fn put_caret(editor: Editor, stage: &Element) {
    let Some(wanted) = editor.caret.get_untracked() else { return };
    editor.caret.set(None);
    if let (Some(selection), Some((node, at))) = (selection(), node_at(stage, wanted)) {
        // Fails only for nodes outside the document.
        let _ = selection.collapse_with_offset(Some(&node), at);
    }
}

/// Keys that belong to the text: the caret, the selection, borders of the selected span.
fn stage_key(editor: Editor, stage: &Element, event: &web_sys::KeyboardEvent) -> bool {
    let code = event.code();
    let code = code.as_str();
    if code == "Tab" && !event.ctrl_key() && !event.alt_key() {
        return editor.select_next(!event.shift_key(), false);
    }
    if event.alt_key() {
        let forwards = match code {
            "ArrowLeft" => false,
            "ArrowRight" => true,
            _ => return false,
        };
        editor.grow_span(event.shift_key(), forwards);
        return true;
    }
    if code == "Space" && !event.ctrl_key() {
        // Would scroll the page; here it selects the span at the caret.
        let Some(selection) = selection() else { return true };
        if let Some(at) = offset_of(stage, selection.focus_node(), selection.focus_offset()) {
            select_at(editor, at);
        }
        return true;
    }
    // Who only looks goes from item to item with these.
    if !editor.editable.get_untracked() && !event.shift_key() && matches!(code, "ArrowLeft" | "ArrowRight") {
        return false;
    }
    let (direction, unit) = match code {
        "ArrowLeft" => ("backward", if event.ctrl_key() { "word" } else { "character" }),
        "ArrowRight" => ("forward", if event.ctrl_key() { "word" } else { "character" }),
        "ArrowUp" => ("backward", "line"),
        "ArrowDown" => ("forward", "line"),
        "Home" => ("backward", "lineboundary"),
        "End" => ("forward", "lineboundary"),
        "KeyA" if event.ctrl_key() => {
            if let Some(selection) = selection() {
                // Fails only for elements outside the document.
                let _ = selection.select_all_children(stage);
            }
            return true;
        }
        _ => return false,
    };
    let Some(selection) = selection() else { return false };
    if offset_of(stage, selection.focus_node(), selection.focus_offset()).is_none()
        && let Some((node, at)) = node_at(stage, 0)
    {
        let _ = selection.collapse_with_offset(Some(&node), at);
    }
    let alter = if event.shift_key() { "extend" } else { "move" };
    // Fails only for words that it does not know.
    let _ = selection.modify(alter, direction, unit);
    if offset_of(stage, selection.focus_node(), selection.focus_offset()).is_none() {
        // It ran out of the text: stay at its end.
        let end = if direction == "forward" { u32::MAX } else { 0 };
        if let Some((node, at)) = node_at(stage, end) {
            let _ = if event.shift_key() {
                selection.extend_with_offset(&node, at)
            } else {
                selection.collapse_with_offset(Some(&node), at)
            };
        }
    }
    true
}

/// Takes over the browser's selection, where it lies within the text.
fn read_selection(editor: Editor, stage: &Element) {
    let Some(selection) = selection() else { return };
    let anchor = offset_of(stage, selection.anchor_node(), selection.anchor_offset());
    let focus = offset_of(stage, selection.focus_node(), selection.focus_offset());
    let (Some(anchor), Some(focus)) = (anchor, focus) else { return };
    let text = editor.text();
    let piece = gesture::trimmed(&text, anchor, focus);
    if editor.piece.with_untracked(|known| *known != piece) {
        if piece.is_some() {
            editor.selected.set(None);
        }
        editor.piece.set(piece);
        if piece.is_some() {
            editor.refusal.set(None);
        }
    }
}

/// Selects the innermost span at the place; again, the one around it.
fn select_at(editor: Editor, at: u32) {
    let spans = editor.spans().get_untracked();
    let mut here: Vec<_> = spans.iter().filter(|span| span.start <= at && at < span.end).collect();
    here.sort_by_key(|span| span.end - span.start);
    let now_selected = editor.selected.get_untracked();
    let next = match here.iter().position(|span| now_selected.as_ref() == Some(&span.region)) {
        Some(known) => here.get((known + 1) % here.len()),
        None => here.first(),
    };
    editor.select(next.map(|span| span.region.clone()));
    if next.is_none() && now_selected.is_some() {
        announce(now(|t| t.work.deselected));
    }
}

fn show_selected(editor: Editor, stage: &Element) {
    let start = editor.selected.get_untracked().and_then(|selected| {
        editor.spans().with_untracked(|spans| spans.iter().find(|span| span.region == selected).map(|span| span.start))
    });
    if let Some((node, _)) = start.and_then(|start| node_at(stage, start))
        && let Some(element) = node.parent_element()
    {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Where the caret stands, if the selection is one.
fn caret_place(stage: &Element) -> Option<Caret> {
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
fn follow(frame: &Element, caret: Caret) {
    let (top, height) = (f64::from(frame.scroll_top()), f64::from(frame.client_height()));
    let (above, below) = (caret.y - caret.h, caret.y + 2.0 * caret.h);
    if above < top {
        frame.set_scroll_top(above.floor() as i32);
    } else if below > top + height {
        frame.set_scroll_top((below - height).ceil() as i32);
    }
}

fn selection() -> Option<Selection> {
    window().get_selection().ok().flatten()
}

/// The offset of a place in the document, if it lies within the text.
fn offset_of(stage: &Element, node: Option<Node>, at: u32) -> Option<u32> {
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
fn node_at(stage: &Element, offset: u32) -> Option<(Node, u32)> {
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

fn number_of(element: &Element, attribute: &str) -> Option<u32> {
    element.get_attribute(attribute)?.parse().ok()
}

/// The offset of the segment under a pointer.
fn segment_under(event: &web_sys::PointerEvent) -> Option<u32> {
    let element = event.target()?.dyn_into::<Element>().ok()?;
    start_of(&element.closest("[data-start]").ok()??)
}
