//! What is marked, as a list: the way to every region without a mouse, and in words. A long list scrolls by itself and holds
//! only the rows that are seen.

use super::editor::Editor;
use super::region::{Geometry, RegionRef, Shape, Span};
use crate::components::{Icon, icon};
use crate::lang::use_lang;
use crate::module::HAS_IMAGES;
use crate::text::{Pick, fill, now, t};
use leptos::html;
use leptos::prelude::*;
use std::cell::Cell;
use std::ops::Range;
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};

/// The height of a row in CSS pixels, as in the style sheet.
const ROW: f64 = 27.0;
/// So many rows are in the document at most.
const ROWS: usize = 60;
/// So many of them lie above what is seen.
const ABOVE: usize = 10;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Row {
    region: RegionRef,
    name: String,
    color: String,
    detail: String,
    group: Option<String>,
    marked: bool,
    hidden: bool,
    locked: bool,
    is_shape: bool,
}

/// The list of regions.
#[component]
pub fn Objects(
    /// The item that they belong to.
    editor: Editor,
    /// Whose work, where there is more than one list on the page.
    #[prop(into, optional)]
    of: String,
) -> AnyView {
    let lang = use_lang();
    let has_regions =
        editor.schema.with_value(|schema| schema.controls.iter().any(|control| !control.labels().is_empty()));
    if !has_regions {
        return ().into_any();
    }
    let list = NodeRef::<html::Ul>::new();
    let scrolled = RwSignal::new(0_usize);
    let count = Memo::new(move |_| editor.spans().with(Vec::len) + editor.shapes().with(Vec::len));
    // The rows in the document: all of a short list, those around what is seen of a long one.
    let window = Memo::new(move |_| match count.get() {
        short if short <= ROWS => 0..short,
        long => {
            let start = scrolled.get().saturating_sub(ABOVE).min(long - ROWS);
            start..start + ROWS
        }
    });
    let rows = Memo::new(move |_| {
        lang.track();
        let text =
            editor.item.with(|item| item.as_ref().and_then(|item| item.data.text()).unwrap_or_default().to_owned());
        let (marked, shown) = (editor.marked.get(), editor.shown.get());
        let row = |region: &RegionRef, label: &str, detail: String| Row {
            region: region.clone(),
            name: editor.label_name(&region.control, label),
            color: editor.color(&region.control, label),
            detail,
            group: None,
            marked: marked.contains(region),
            hidden: shown.is_hidden(region) || shown.is_filtered(&region.control, label),
            locked: shown.is_locked(region),
            is_shape: false,
        };
        // Spans come by their start, so that each is looked for from the one before: a character and its byte.
        let reached = Cell::new((0_u32, 0_usize));
        let of_span = |span: &Span| {
            let (chars, bytes) = reached.get();
            let tail = text.get(bytes..).unwrap_or_default();
            let from = domain::text::byte_of_char(tail, span.start.saturating_sub(chars)).unwrap_or(tail.len());
            reached.set((span.start.max(chars), bytes + from));
            let covered =
                domain::text::slice(tail.get(from..).unwrap_or_default(), 0, span.end.saturating_sub(span.start));
            row(&span.region, &span.label, covered.unwrap_or_default().chars().take(40).collect())
        };
        let of_shape = |shape: &Shape| Row {
            group: shape.group.clone(),
            is_shape: true,
            ..row(&shape.region, &shape.label, detail(&shape.geometry))
        };
        let Range { start, end } = window.get();
        editor.spans().with(|spans| {
            editor.shapes().with(|shapes| {
                let of_spans = spans.iter().take(end).skip(start).map(of_span);
                let begin = start.saturating_sub(spans.len());
                let of_shapes = shapes.iter().take(end.saturating_sub(spans.len())).skip(begin).map(of_shape);
                of_spans.chain(of_shapes).collect::<Vec<Row>>()
            })
        })
    });
    // In place of the rows that are not in the document.
    let rows_high = move |rows: usize| format!("{}px", rows as f64 * ROW);
    // What is selected elsewhere comes into view.
    Effect::new(move |_| {
        let Some(selected) = editor.selected.get() else { return };
        let Some(list) = list.get_untracked() else { return };
        // The row itself, once it is there, comes into what is seen of the panel.
        let rows = list.clone();
        request_animation_frame(move || {
            if let Ok(Some(row)) = rows.query_selector(".object-selected") {
                row.scroll_into_view_with_scroll_into_view_options(&nearest());
            }
        });
        if count.get_untracked() <= ROWS {
            return;
        }
        let at = editor.spans().with_untracked(|spans| {
            spans.iter().position(|span| span.region == selected).or_else(|| {
                let shapes = editor.shapes();
                let at = shapes.with_untracked(|shapes| shapes.iter().position(|shape| shape.region == selected));
                at.map(|at| at + spans.len())
            })
        });
        let Some(at) = at else { return };
        let (top, height) = (at as f64 * ROW, f64::from(list.client_height()));
        let from = f64::from(list.scroll_top());
        if top < from || top + ROW > from + height {
            list.set_scroll_top((top - height / 2.0).max(0.0) as i32);
        }
        list.scroll_into_view_with_scroll_into_view_options(&nearest());
    });
    let title = move || fill(now(|t| t.work.objects), &[("n", &count.get().to_string())]);
    let name = move || if of.is_empty() { title() } else { format!("{of} {}", title()) };
    view! {
        <section class="objects" aria-label=name>
            <h2 class="side-title">{title}</h2>
            {move || (count.get() == 0).then(|| view! { <p class="side-none">{t(|t| t.work.objects_none)}</p> })}
            <ul
                class="object-list"
                class:object-list-long=move || { count.get() > ROWS }
                node_ref=list
                on:scroll=move |_| {
                    if let Some(list) = list.get_untracked() {
                        let first = (f64::from(list.scroll_top()) / ROW) as usize;
                        // Every few rows are often enough.
                        scrolled.set(first - first % 5);
                    }
                }
            >
                <li aria-hidden="true" style:height=move || rows_high(window.get().start)></li>
                <For each=move || rows.get() key=|row| row.clone() let(row)>
                    {object(editor, row)}
                </For>
                <li aria-hidden="true" style:height=move || rows_high(count.get().saturating_sub(window.get().end))></li>
            </ul>
        </section>
    }
    .into_any()
}

/// A shape's measure, as short as possible.
pub fn detail(shape: &Geometry) -> String {
    if !HAS_IMAGES {
        return String::new();
    }
    match shape {
        Geometry::Box(rect) => format!("{:.0}×{:.0}", rect.w, rect.h),
        Geometry::RotatedBox(turned) => format!("{:.0}×{:.0} ∠{:.0}°", turned.w, turned.h, turned.angle),
        Geometry::Ellipse(ellipse) => format!("{:.0}×{:.0} ○", 2.0 * ellipse.rx, 2.0 * ellipse.ry),
        Geometry::Polygon(polygon) => format!("{} ◇", polygon.len()),
        Geometry::Polyline(line) => format!("{} ⌇", line.points.len()),
        Geometry::Point(at) => format!("{:.0}, {:.0}", at.x, at.y),
        Geometry::Skeleton(skeleton) => format!("{} •", skeleton.placed().count()),
        Geometry::Mask(mask) => format!("{} px", mask.area()),
    }
}

fn object(editor: Editor, row: Row) -> AnyView {
    let region = StoredValue::new(row.region.clone());
    let is_selected =
        move || region.with_value(|region| editor.selected.with(|selected| selected.as_ref() == Some(region)));
    let is_picked = move || region.with_value(|region| editor.picked.with(|picked| picked.contains(region)));
    let is_shape = row.is_shape;
    let words = if row.detail.is_empty() { row.name.clone() } else { format!("{} {}", row.name, row.detail) };
    let delete = move || fill(now(|t| t.work.delete_one), &[("what", &words)]);
    view! {
        <li
            class="object"
            class:object-selected=is_selected
            class:object-picked=is_picked
            class:object-marked=row.marked
            class:object-hidden=row.hidden
        >
            <button
                type="button"
                class="object-name"
                aria-pressed=move || if is_selected() { "true" } else { "false" }
                on:mousedown=|event| event.prevent_default()
                on:click=move |event| {
                    if event.shift_key() || event.ctrl_key() || event.meta_key() {
                        editor.pick_also(&region.get_value());
                    } else {
                        editor.choose(Some(region.get_value()));
                    }
                }
            >
                <i class="swatch swatch-solid" style:border-color=row.color.clone() style:background-color=row.color></i>
                {row.marked.then_some("≠ ")}
                <span>{row.name}</span>
                <span class="object-detail">{row.detail}</span>
                {row.group.map(|group| view! { <span class="object-group">{group}</span> })}
            </button>
            {is_shape.then(|| view! {
                {switch(editor, region, row.locked, true)}
                {switch(editor, region, row.hidden, false)}
            })}
            <Show when=move || editor.editable.get()>
                <button
                    type="button"
                    class="object-delete"
                    title=delete.clone()
                    aria-label=delete.clone()
                    on:mousedown=|event| event.prevent_default()
                    on:click=move |_| {
                        editor.choose(Some(region.get_value()));
                        editor.vertex.set(None);
                        editor.delete();
                    }
                >
                    {icon(Icon::Close)}
                </button>
            </Show>
        </li>
    }
    .into_any()
}

fn nearest() -> ScrollIntoViewOptions {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    options
}

/// The lock or the eye of a row. By keys, it is the selected row's command; so it is no stop of its own.
fn switch(editor: Editor, region: StoredValue<RegionRef>, on: bool, is_lock: bool) -> AnyView {
    let words = t(switch_words(on, is_lock));
    let sign = match (is_lock, on) {
        (true, true) => Icon::Lock,
        (true, false) => Icon::Unlock,
        (false, true) => Icon::EyeOff,
        (false, false) => Icon::Eye,
    };
    view! {
        <button
            type="button"
            class="object-switch"
            class:object-switch-on=on
            tabindex="-1"
            title=words
            aria-label=words
            on:mousedown=|event| event.prevent_default()
            on:click=move |_| {
                let target = region.get_value();
                if is_lock {
                    editor.switch_locked(&[target]);
                } else {
                    editor.switch_hidden(&[target]);
                }
            }
        >
            {icon(sign)}
        </button>
    }
    .into_any()
}

/// The words for a lock or an eye, by whether it is on.
fn switch_words(on: bool, is_lock: bool) -> Pick {
    match (is_lock, on) {
        (true, true) => |t| t.work.unlock,
        (true, false) => |t| t.work.cmd_lock,
        (false, true) => |t| t.work.show,
        (false, false) => |t| t.work.cmd_hide,
    }
}
