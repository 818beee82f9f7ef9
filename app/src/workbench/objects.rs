//! What is marked, as a list: the way to every region without a mouse, and in words.

use super::editor::Editor;
use super::region::{Geometry, RegionRef};
use crate::components::{Icon, icon};
use crate::lang::use_lang;
use crate::text::{fill, now, t};
use leptos::prelude::*;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Row {
    region: RegionRef,
    name: String,
    color: String,
    detail: String,
    marked: bool,
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
    let rows = Memo::new(move |_| {
        lang.track();
        let text =
            editor.item.with(|item| item.as_ref().and_then(|item| item.data.text()).unwrap_or_default().to_owned());
        let marked = editor.marked.get();
        let row = |region: &RegionRef, label: &str, detail: String| Row {
            region: region.clone(),
            name: editor.label_name(&region.control, label),
            color: editor.color(&region.control, label),
            detail,
            marked: marked.contains(region),
        };
        let spans = editor.spans().get();
        let of_spans = spans.iter().map(|span| {
            let covered = domain::text::slice(&text, span.start, span.end).unwrap_or_default();
            row(&span.region, &span.label, covered.chars().take(40).collect())
        });
        let shapes = editor.shapes().get();
        let of_shapes = shapes.iter().map(|shape| {
            let detail = match &shape.geometry {
                Geometry::Box(rect) => format!("{:.0}×{:.0}", rect.w, rect.h),
                Geometry::Polygon(points) => format!("{} ◇", points.len()),
            };
            row(&shape.region, &shape.label, detail)
        });
        of_spans.chain(of_shapes).collect::<Vec<Row>>()
    });
    let title = move || fill(now(|t| t.work.objects), &[("n", &rows.with(Vec::len).to_string())]);
    let name = move || if of.is_empty() { title() } else { format!("{of} {}", title()) };
    view! {
        <section class="objects" aria-label=name>
            <h2 class="side-title">{title}</h2>
            {move || rows.with(Vec::is_empty).then(|| view! { <p class="side-none">{t(|t| t.work.objects_none)}</p> })}
            <ul class="object-list">
                <For each=move || rows.get() key=|row| row.clone() let(row)>
                    {object(editor, row)}
                </For>
            </ul>
        </section>
    }
    .into_any()
}

fn object(editor: Editor, row: Row) -> AnyView {
    let region = StoredValue::new(row.region.clone());
    let is_selected =
        move || region.with_value(|region| editor.selected.with(|selected| selected.as_ref() == Some(region)));
    let words = if row.detail.is_empty() { row.name.clone() } else { format!("{} {}", row.name, row.detail) };
    let delete = move || fill(now(|t| t.work.delete_one), &[("what", &words)]);
    view! {
        <li class="object" class:object-selected=is_selected class:object-marked=row.marked>
            <button
                type="button"
                class="object-name"
                aria-pressed=move || if is_selected() { "true" } else { "false" }
                on:mousedown=|event| event.prevent_default()
                on:click=move |_| editor.select(Some(region.get_value()))
            >
                <i class="swatch swatch-solid" style:border-color=row.color.clone() style:background-color=row.color></i>
                {row.marked.then_some("≠ ")}
                <span>{row.name}</span>
                <span class="object-detail">{row.detail}</span>
            </button>
            <Show when=move || editor.editable.get()>
                <button
                    type="button"
                    class="object-delete"
                    title=delete.clone()
                    aria-label=delete.clone()
                    on:mousedown=|event| event.prevent_default()
                    on:click=move |_| {
                        editor.select(Some(region.get_value()));
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
