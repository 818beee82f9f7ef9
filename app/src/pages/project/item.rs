//! One item: what it holds, and everything that was done to it.

use super::Project;
use crate::components::{
    Button, ButtonKind, Crumb, Dialog, Doing, Icon, TextField, Tone, ask, badge, crumbs, icon, loaded, problem_line,
};
use crate::lang::use_lang;
use crate::text::{Pick, fill, now, t};
use crate::workbench::document::Document;
use crate::workbench::editor::Editor;
use crate::workbench::objects;
use crate::workbench::region::Geometry;
use crate::workbench::stage::{Stage, StageTools};
use crate::{address, format, rpc};
use domain::annotation::{AnnotationKind, AnnotationValue, AnnotationView, Reason, VerdictKind, VerdictView};
use domain::error::Noun;
use domain::id::ItemId;
use domain::item::{ItemDetail, ItemState, ItemView};
use domain::policy::Action;
use domain::project::Modality;
use domain::schema::{Control, Kind, Schema};
use leptos::prelude::*;
use serde_json::Value;

/// The item of the address.
pub fn page(project: Project) -> AnyView {
    let id = address::id::<ItemId>("item");
    let detail = ask(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => rpc::get_item(id).await,
                None => Err(domain::Error::NotFound(Noun::Item).into()),
            }
        },
    );
    let again = Callback::new(move |()| detail.refetch());
    loaded(detail, move |detail: ItemDetail| show(project, detail, again))
}

fn show(project: Project, detail: ItemDetail, again: Callback<()>) -> AnyView {
    let ItemDetail { row, annotations, value, .. } = detail;
    let mut way = project.crumbs(|t| t.project.tab_items);
    way.pop();
    way.push(Crumb::new(|t| t.project.tab_items, project.at("/items")));
    way.push(Crumb::here_named(row.item.key.clone()));
    crumbs(way);
    let schema = project.0.with_untracked(|view| view.schema.clone());
    let (id, state) = (row.item.id, row.item.state);
    let picked = RwSignal::new(value.clone().or_else(|| annotations.last().map(|last| last.value.clone())));
    let none = annotations.is_empty();
    let meta: Vec<(String, String)> = row
        .item
        .meta
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    let data_schema = schema.clone();
    let agreed_schema = schema.clone();
    view! {
        <div class="page">
            <header class="page-head">
                <h1><span class="clip">{row.item.key.clone()}</span> {badge(state)}</h1>
                {project.can(Action::Change).then(|| change_state(id, state, again))}
            </header>
            <div class="item-view">
                <section class="panel item-data" aria-label=t(|t| t.project.item_content)>
                    {content(row.item, data_schema, picked)}
                </section>
                <div class="item-side">
                    {(!meta.is_empty()).then(|| view! {
                        <section class="panel" aria-labelledby="meta">
                            <h2 id="meta">{t(|t| t.project.item_meta)}</h2>
                            <dl class="fact-list">{meta.into_iter().map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> }).collect_view()}</dl>
                        </section>
                    })}
                    {value.map(|value| view! {
                        <section class="panel" aria-labelledby="agreed">
                            <h2 id="agreed">{t(|t| t.project.item_value)}</h2>
                            {value_list(&agreed_schema, &value)}
                        </section>
                    })}
                    <section class="panel" aria-labelledby="history">
                        <h2 id="history">{t(|t| t.project.item_history)}</h2>
                        {none.then(|| view! { <p class="muted">{t(|t| t.project.item_history_empty)}</p> })}
                        <ol class="history">
                            {annotations.into_iter().map(|annotation| view! { <li>{one(&schema, annotation, picked)}</li> }).collect_view()}
                        </ol>
                    </section>
                </div>
            </div>
        </div>
    }
    .into_any()
}

/// The item on a stage that cannot be changed, with the marks of the annotation that is looked at.
fn content(item: ItemView, schema: Schema, picked: RwSignal<Option<AnnotationValue>>) -> AnyView {
    let editor = Editor::new(schema);
    editor.editable.set(false);
    let modality = if item.data.image().is_some() { Modality::Image } else { Modality::Text };
    editor.open(item, Document::default());
    editor.hand.set(None);
    // Another annotation comes into the same view: zoom and place stay.
    Effect::new(move |_| {
        editor.selected.set(None);
        editor.document.set(Document::new(picked.get().unwrap_or_default()));
    });
    view! {
        <StageTools editor modality/>
        <Stage editor modality id="item-stage" label=t(|t| t.project.item_content)/>
    }
    .into_any()
}

fn one(schema: &Schema, annotation: AnnotationView, picked: RwSignal<Option<AnnotationValue>>) -> AnyView {
    let lang = use_lang();
    let revision = annotation.revision.to_string();
    let fix = annotation.kind == AnnotationKind::Fix;
    let active = annotation.active_ms;
    let value = StoredValue::new(annotation.value.clone());
    let show = move || picked.set(Some(value.get_value()));
    view! {
        <article
            class="annotation"
            on:mouseenter=move |_| show()
        >
            <h3>
                {icon(Icon::Person)}
                <span>{annotation.annotator_name}</span>
                <span class="muted">{annotation.annotator}</span>
                <Button label=t(|t| t.project.item_show) kind=ButtonKind::Quiet on_press=move |()| show()/>
            </h3>
            <p class="muted">
                {annotation.submitted_at.local_minute()} " · "
                {move || fill(now(|t| t.project.item_revision), &[("n", &revision)])}
                {(active > 0).then(|| view! { " · " {move || fill(now(|t| t.project.item_took), &[("time", &format::about(active, lang.get()))])} })}
                {(!annotation.counted && !fix).then(|| view! { " · " {t(|t| t.project.item_extra)} })}
                {fix.then(|| view! { " · " {t(|t| t.project.item_fix)} })}
            </p>
            {value_list(schema, &annotation.value)}
            {annotation.verdicts.into_iter().map(verdict).collect_view()}
        </article>
    }
    .into_any()
}

fn verdict(verdict: VerdictView) -> AnyView {
    let lang = use_lang();
    let (tone, shape, word): (Tone, Icon, Pick) = match verdict.verdict {
        VerdictKind::Pass => (Tone::Green, Icon::Check, |t| t.project.verdict_pass),
        VerdictKind::Fail => (Tone::Red, Icon::Return, |t| t.project.verdict_fail),
        VerdictKind::Fixed => (Tone::Amber, Icon::Pencil, |t| t.project.verdict_fixed),
    };
    let reason = verdict.reason.map(Reason::words);
    view! {
        <p class="verdict">
            <span class=format!("badge {}", tone.class())>{icon(shape)}<span>{t(word)}</span></span>
            {reason.map(|words| view! { <span>{move || words.get(lang.get()).to_owned()}</span> })}
            {verdict.comment.map(|words| view! { <q>{words}</q> })}
            <span class="muted">{verdict.reviewer} " · " {verdict.at.local_minute()}</span>
        </p>
    }
    .into_any()
}

/// A value in words: every control with what was picked, marked, drawn or written.
pub fn value_list(schema: &Schema, value: &AnnotationValue) -> AnyView {
    let lang = use_lang();
    let rows: Vec<(Control, Value)> =
        schema.controls.iter().filter_map(|control| Some((control.clone(), value.get(&control.id)?.clone()))).collect();
    if rows.is_empty() {
        return view! { <p class="muted">{t(|t| t.project.value_nothing)}</p> }.into_any();
    }
    view! {
        <dl class="fact-list">
            {rows
                .into_iter()
                .map(|(control, value)| {
                    let name = control.clone();
                    view! {
                        <dt>{move || name.name(lang.get()).to_owned()}</dt>
                        <dd>{move || parts(&control, &value, lang.get()).into_iter().map(|part| view! { <span class="value-part">{part}</span> }).collect_view()}</dd>
                    }
                })
                .collect_view()}
        </dl>
    }
    .into_any()
}

fn parts(control: &Control, value: &Value, lang: domain::Lang) -> Vec<String> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let label_name = |region: &Value| {
        let id = region.get("label").and_then(Value::as_str).unwrap_or_default();
        control.labels().iter().find(|label| label.id == id).map_or(id, |label| label.name(lang)).to_owned()
    };
    let number = |region: &Value, field: &str| region.get(field).and_then(Value::as_f64).unwrap_or_default();
    match &control.kind {
        Kind::Choice { .. } => {
            let leaves = control.leaves();
            let name =
                |id: &str| leaves.iter().find(|leaf| leaf.id == id).map_or(id, |leaf| leaf.name(lang)).to_owned();
            list.iter().filter_map(Value::as_str).map(name).collect()
        }
        Kind::Span { .. } => list
            .iter()
            .map(|region| {
                let text = region.get("text").and_then(Value::as_str).unwrap_or_default();
                format!("{}：{text}（{}–{}）", label_name(region), number(region, "start"), number(region, "end"))
            })
            .collect(),
        Kind::Box { .. } => list
            .iter()
            .map(|region| {
                let [x, y, w, h] = ["x", "y", "w", "h"].map(|field| number(region, field).round());
                format!("{}：{w}×{h}（{x}, {y}）", label_name(region))
            })
            .collect(),
        Kind::Polygon { .. } => list
            .iter()
            .map(|region| {
                let points = region.get("points").and_then(Value::as_array).map_or(0, Vec::len);
                format!("{}：{points}", label_name(region))
            })
            .collect(),
        Kind::Text { .. } => value.as_str().map(str::to_owned).into_iter().collect(),
        kind => list
            .iter()
            .map(|region| {
                let shape =
                    kind.shape().zip(region.as_object()).and_then(|(kind, fields)| Geometry::read(kind, fields).ok());
                match shape {
                    Some(shape) => format!("{}：{}", label_name(region), objects::detail(&shape)),
                    None => label_name(region),
                }
            })
            .collect(),
    }
}

/// Void, with a reason; or back.
fn change_state(id: ItemId, state: ItemState, again: Callback<()>) -> AnyView {
    let doing = Doing::new();
    let open = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    if state == ItemState::Void {
        let restore = move |()| {
            doing.run(async move {
                rpc::restore_item(id).await?;
                again.run(());
                Ok(())
            })
        };
        return view! { <div class="actions">{problem_line(doing.sentence())}<Button label=t(|t| t.project.item_restore) icon_before=Icon::Return on_press=restore busy=doing.busy/></div> }.into_any();
    }
    if !matches!(state, ItemState::Open | ItemState::Labeled | ItemState::Rework) {
        return ().into_any();
    }
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        doing.run(async move {
            rpc::void_item(id, reason.get_untracked()).await?;
            open.set(false);
            again.run(());
            Ok(())
        });
    };
    view! {
        <div class="actions"><Button label=t(|t| t.project.item_void) icon_before=Icon::Void on_press=move |()| open.set(true)/></div>
        <Dialog open title=t(|t| t.project.item_void)>
            <form class="form" on:submit=send>
                <p>{t(|t| t.project.item_void_ask)}</p>
                <TextField id="void-reason" label=t(|t| t.project.item_void_reason) value=reason error=doing.at("reason")/>
                {problem_line(doing.sentence())}
                <div class="actions">
                    <Button label=t(|t| t.project.item_void) kind=ButtonKind::Danger submit=true busy=doing.busy/>
                    <Button label=t(|t| t.words.cancel) on_press=move |()| open.set(false)/>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}
