//! The schema as annotators will see it, on the first item of the project.

use super::Project;
use crate::components::{ask, loaded};
use crate::lang::use_lang;
use crate::rpc;
use crate::text::t;
use domain::item::{ItemData, ItemQuery};
use domain::schema::{ChoiceOption, Control, Kind, Schema, ink};
use domain::{Page, Problem};
use leptos::prelude::*;
use serde_json::Value;

pub(super) fn preview(project: Project, checked: Memo<Result<Schema, Vec<Problem>>>, json: Memo<Value>) -> AnyView {
    let query = ItemQuery { limit: Some(1), ..ItemQuery::default() };
    let first = ask(move || query.clone(), move |query| rpc::list_items(project.id(), query));
    view! {
        {loaded(first, |page: Page<_>| item(page.rows.into_iter().next().map(|row: domain::item::ItemRow| row.item.data)))}
        <div class="preview">
            {move || {
                // What breaks a rule somewhere can mostly still be shown.
                let schema = checked.with(|checked| checked.as_ref().ok().cloned());
                let schema = schema.or_else(|| json.with(|json| serde_json::from_value::<Schema>(json.clone()).ok()));
                schema.map(|schema| show(&schema))
            }}
        </div>
    }
    .into_any()
}

fn item(data: Option<ItemData>) -> AnyView {
    match data {
        None => view! { <p class="muted">{t(|t| t.schema.preview_none)}</p> }.into_any(),
        Some(ItemData::Text(text)) => {
            let short: String = text.chars().take(200).collect();
            view! { <p class="field-hint">{t(|t| t.schema.preview_item)}</p> <p class="preview-text">{short}</p> }
                .into_any()
        }
        Some(ItemData::Image(image)) => {
            let joint = if image.url.contains('?') { '&' } else { '?' };
            view! {
                <p class="field-hint">{t(|t| t.schema.preview_item)}</p>
                <img class="preview-image" src=format!("{}{joint}width=640", image.url) alt=t(|t| t.schema.image_alt)/>
            }
            .into_any()
        }
    }
}

fn show(schema: &Schema) -> AnyView {
    let lang = use_lang();
    schema
        .controls
        .iter()
        .map(|control| {
            let named = control.clone();
            let required = control.required;
            view! {
                <section class="preview-control">
                    <h3>
                        {move || named.name(lang.get()).to_owned()}
                        {required.then(|| view! { <span class="muted">{t(|t| t.words.required)}</span> })}
                    </h3>
                    {body(schema, control)}
                </section>
            }
        })
        .collect_view()
        .into_any()
}

fn body(schema: &Schema, control: &Control) -> AnyView {
    match &control.kind {
        Kind::Choice { options, multiple } => choices(schema, control, options, *multiple),
        Kind::Span { .. }
        | Kind::Box { .. }
        | Kind::RotatedBox { .. }
        | Kind::Ellipse { .. }
        | Kind::Polygon { .. }
        | Kind::Polyline { .. }
        | Kind::Point { .. }
        | Kind::Skeleton { .. }
        | Kind::Mask { .. } => {
            let lang = use_lang();
            control
                .labels()
                .iter()
                .map(|label| {
                    let color = schema.label_color(&control.id, &label.id).to_owned();
                    let key = schema.hotkey_of(&control.id, &label.id);
                    let named = label.clone();
                    view! {
                        <span class="preview-label" style=format!("background:{color};color:{}", ink(&color))>
                            {move || named.name(lang.get()).to_owned()}
                            {key.map(|key| view! { <kbd>{key.to_string()}</kbd> })}
                        </span>
                    }
                })
                .collect_view()
                .into_any()
        }
        Kind::Text { min_chars, max_chars, multiline } => {
            let range = match (min_chars, max_chars) {
                (None, None) => String::new(),
                (min, max) => format!("{}–{}", min.unwrap_or(0), max.map(|n| n.to_string()).unwrap_or_default()),
            };
            let name = control.clone();
            let lang = use_lang();
            let label = move || name.name(lang.get()).to_owned();
            if *multiline {
                view! { <textarea class="input textarea" rows="2" readonly aria-label=label placeholder=t(|t| t.schema.preview_answer)></textarea> <p class="field-hint">{range}</p> }.into_any()
            } else {
                view! { <input class="input" type="text" readonly aria-label=label placeholder=t(|t| t.schema.preview_answer)/> <p class="field-hint">{range}</p> }.into_any()
            }
        }
    }
}

fn choices(schema: &Schema, control: &Control, options: &[ChoiceOption], multiple: bool) -> AnyView {
    let lang = use_lang();
    view! {
        <ul class="preview-options">
            {options
                .iter()
                .map(|option| {
                    let named = option.clone();
                    let words = move || named.name(lang.get()).to_owned();
                    if option.children.is_empty() {
                        let key = schema.hotkey_of(&control.id, &option.id);
                        let kind = if multiple { "checkbox" } else { "radio" };
                        let hint = key.map(|key| key.to_string());
                        view! {
                            <li><label><input type=kind name=format!("preview-{}", control.id)/> <span>{words}</span> {hint.map(|key| view! { <kbd>{key}</kbd> })}</label></li>
                        }
                        .into_any()
                    } else {
                        view! { <li><b>{words}</b> {choices(schema, control, &option.children, multiple)}</li> }.into_any()
                    }
                })
                .collect_view()}
        </ul>
    }
    .into_any()
}
