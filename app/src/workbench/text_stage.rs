//! A text with its spans. The browser's own selection does the selecting, by mouse, finger and keys; this turns it into
//! offsets of the item's text and draws the spans by segments, in a block for each paragraph: what a new span changes is laid
//! out within its block, blocks far away from what is seen are not laid out at all, and their spans are drawn when they come
//! near. The text is only ever put in as text.

use super::editor::Editor;
use super::text_paragraph::view_paragraph;
use super::text_places::{
    Caret, FROM, caret_place, follow, held, held_in, hold, node_at, number_of, offset_of, segment_under, selection,
};
use crate::components::announce;
use crate::text::now;
use crate::tools::span::gesture;
use crate::tools::span::segment::{self, Paragraph};
use crate::workbench::listen;
use crate::workbench::region::Span;
use leptos::html;
use leptos::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;
use web_sys::Element;

/// Paragraphs that begin within so many characters are drawn with their spans from the first frame on: more than a screen.
const FIRST: u32 = 3_000;
/// How far above and below of what is seen spans are drawn.
const NEAR: &str = "1000px";

/// What is known of the paragraphs on the stage.
#[derive(Clone, Copy)]
struct Paragraphs {
    all: Memo<Vec<Arc<Paragraph>>>,
    /// By place: whether its spans are drawn. Once they are they stay so, as a selection may hold on to them.
    near: StoredValue<HashMap<usize, RwSignal<bool>>>,
}

impl Paragraphs {
    /// The place of the paragraph that a character is in.
    fn place_of(self, offset: u32) -> Option<usize> {
        self.all.with_untracked(|all| all.partition_point(|one| one.piece.start <= offset)).checked_sub(1)
    }

    /// Draws spans of the paragraphs that these characters are in, and holds on to what is selected there.
    fn draw_near(self, stage: &Element, offsets: impl Iterator<Item = u32>) {
        let far = |place: usize| {
            let near = self.near.with_value(|near| near.get(&place).copied())?;
            (near.try_get_untracked() == Some(false)).then_some((place, near))
        };
        let come: HashMap<usize, RwSignal<bool>> =
            offsets.filter_map(|offset| self.place_of(offset)).filter_map(far).collect();
        if come.is_empty() {
            return;
        }
        // What was selected from outside of these paragraphs stays by itself, all of the text for one.
        let touched = |from: u32| self.place_of(from).is_some_and(|place| come.contains_key(&place));
        let kept = held(stage).filter(|_| held_in().into_iter().flatten().any(touched));
        for near in come.into_values() {
            near.set(true);
        }
        if let Some((anchor, focus)) = kept {
            let stage = stage.clone();
            request_animation_frame(move || hold(&stage, anchor, focus));
        }
    }
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

    let pieces = Memo::new(move |_| {
        editor.item.with(|item| segment::pieces(item.as_ref().and_then(|item| item.data.text()).unwrap_or_default()))
    });
    let all = Memo::new(move |before: Option<&Vec<Arc<Paragraph>>>| {
        let before = before.map_or(&[][..], Vec::as_slice);
        pieces.with(|pieces| editor.spans().with(|spans| segment::laid(pieces, spans, before)))
    });
    let paragraphs = Paragraphs { all, near: StoredValue::new(HashMap::new()) };
    // Another item begins anew with what is near.
    let rows = Memo::new(move |_| (editor.item.with(|item| item.as_ref().map(|item| item.id)), pieces.with(Vec::len)));

    // A new span cuts the text anew and with it what the browser's selection held on to: put the caret behind the span.
    Effect::new(move |_| {
        all.track();
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
            show_selected(editor, paragraphs, &stage);
        }
    });
    Effect::new(move |_| {
        rows.track();
        let Some(stage) = stage.get() else { return };
        let is_long = pieces.with_untracked(|pieces| pieces.last().is_some_and(|last| last.start >= FIRST));
        let Some(frame) = stage.parent_element().filter(|_| is_long) else { return };
        let body = Element::from(stage);
        let seen = body.clone();
        let come = move |elements: Vec<Element>| {
            paragraphs.draw_near(&seen, elements.iter().filter_map(|element| number_of(element, FROM)));
        };
        listen::on_near(&frame, NEAR, come, move || {
            let children = body.children();
            (0..children.length()).filter_map(|at| children.item(at)).collect()
        });
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
                    each=move || {
                        let (item, count) = rows.get();
                        (0..count).map(move |at| (item, at))
                    }
                    key=|row| *row
                    children=move |(_, at)| {
                        let own = Memo::new(move |_| all.with(|all| all.get(at).cloned()));
                        let near = RwSignal::new(own.with_untracked(|own| own.as_ref().is_some_and(|own| own.piece.start < FIRST)));
                        paragraphs.near.update_value(|known| {
                            known.insert(at, near);
                        });
                        view_paragraph(editor, own, near)
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
    let Some((anchor, focus)) = held(stage) else { return };
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
    let is_here = |span: &&Span| span.start <= at && at < span.end;
    let mut here: Vec<Span> = editor.spans().with_untracked(|spans| spans.iter().filter(is_here).cloned().collect());
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

/// Brings the selected span into sight.
fn show_selected(editor: Editor, paragraphs: Paragraphs, stage: &Element) {
    let start = editor.selected.get_untracked().and_then(|selected| {
        editor.spans().with_untracked(|spans| spans.iter().find(|span| span.region == selected).map(|span| span.start))
    });
    let Some(start) = start else { return };
    paragraphs.draw_near(stage, std::iter::once(start));
    let stage = stage.clone();
    request_animation_frame(move || {
        if let Some((node, _)) = node_at(&stage, start)
            && let Some(element) = node.parent_element()
        {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            element.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
}
