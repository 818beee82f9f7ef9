//! The schema editor: a form at the left; at the right the schema as annotators will see it, or the same as JSON. Form and
//! JSON follow each other; what breaks a rule is told beside. Saving what would orphan annotations says so and asks.

mod draft;
mod form;
mod preview;

use super::Project;
use crate::components::{Button, ButtonKind, Dialog, Doing, Icon, TextArea, icon, problem_line, toast};
use crate::lang::use_lang;
use crate::text::{fill, now, t};
use crate::{format, rpc};
use domain::Problem;
use domain::error::Conflict;
use domain::project::{ProjectChange, SchemaImpact};
use domain::schema::Schema;
use draft::Draft;
use leptos::prelude::*;
use serde_json::Value;

pub(super) fn content(project: Project) -> AnyView {
    let (modality, saved) = project.0.with_untracked(|view| (view.summary.modality, view.schema.clone()));
    let draft = Draft::of(&saved);
    let json = Memo::new(move |_| draft.json());
    let checked: Memo<Result<Schema, Vec<Problem>>> =
        Memo::new(move |_| json.with(|json| Schema::parse(json, modality)));
    let as_json = RwSignal::new(false);
    view! {
        <div class="halves schema">
            <section class="schema-form" aria-labelledby="schema-title">
                <header class="panel-head">
                    <h2 id="schema-title">{t(|t| t.schema.title)}</h2>
                    <span class="muted">{move || {
                        let version = project.0.with(|view| view.schema_version);
                        if version == 0 { now(|t| t.schema.none_yet).to_owned() } else { fill(now(|t| t.schema.version), &[("n", &version.to_string())]) }
                    }}</span>
                </header>
                <p class="page-lead">{t(|t| t.schema.lead)}</p>
                {form::controls(draft, modality, json)}
                {saving(project, json, checked)}
            </section>
            <section class="panel schema-side" aria-label=t(|t| t.schema.views)>
                <div class="tabs" role="tablist" aria-label=t(|t| t.schema.views)>
                    {side_tab(as_json, false)}
                    {side_tab(as_json, true)}
                </div>
                <div role="tabpanel" id="schema-side" aria-labelledby="schema-tab-preview" hidden=move || as_json.get()>
                    {preview::preview(project, checked, json)}
                </div>
                <div role="tabpanel" id="schema-json" aria-labelledby="schema-tab-json" hidden=move || !as_json.get()>
                    {json_editor(draft, json)}
                </div>
                {problems(checked)}
            </section>
        </div>
    }
    .into_any()
}

fn side_tab(as_json: RwSignal<bool>, mine: bool) -> AnyView {
    let on = move || as_json.get() == mine;
    view! {
        <button
            type="button"
            role="tab"
            id=if mine { "schema-tab-json" } else { "schema-tab-preview" }
            aria-controls=if mine { "schema-json" } else { "schema-side" }
            aria-selected=move || if on() { "true" } else { "false" }
            class=move || if on() { "tab tab-on" } else { "tab" }
            on:click=move |_| as_json.set(mine)
        >
            {move || if mine { now(|t| t.schema.json) } else { now(|t| t.schema.preview) }}
        </button>
    }
    .into_any()
}

/// The schema as JSON. Typing here rebuilds the form; changes of the form rewrite the text.
fn json_editor(draft: Draft, json: Memo<Value>) -> AnyView {
    let text = RwSignal::new(json.with_untracked(pretty));
    let broken = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        json.with(|json| {
            // What is typed here has become the form already: do not rewrite it under the cursor.
            let same = text
                .with_untracked(|text| serde_json::from_str::<Schema>(text))
                .ok()
                .and_then(|typed| serde_json::to_value(typed).ok());
            if same.as_ref() != Some(json) {
                text.set(pretty(json));
                broken.set(None);
            }
        });
    });
    let typed = move |()| match text.with_untracked(|text| serde_json::from_str::<Schema>(text)) {
        Ok(schema) => {
            broken.set(None);
            draft.replace(&schema);
        }
        Err(error) => broken.set(Some(error.to_string())),
    };
    let error =
        Signal::derive(move || broken.get().map(|error| fill(now(|t| t.schema.json_broken), &[("error", &error)])));
    view! { <TextArea id="schema-json-text" label=t(|t| t.schema.json_label) hide_label=true value=text rows=24 code=true on_input=typed error/> }
        .into_any()
}

fn pretty(json: &Value) -> String {
    serde_json::to_string_pretty(json).unwrap_or_default()
}

fn problems(checked: Memo<Result<Schema, Vec<Problem>>>) -> AnyView {
    let lang = use_lang();
    (move || {
        checked.with(|checked| match checked {
            Ok(_) => view! { <p class="check-line tone-green" role="status">{icon(Icon::Check)} <span>{t(|t| t.schema.fits)}</span></p> }.into_any(),
            Err(problems) => {
                let rows: Vec<(String, String)> = problems
                    .iter()
                    .map(|problem| (problem.at.clone(), problem.message.get(lang.get()).to_owned()))
                    .collect();
                view! {
                    <div class="schema-problems" role="status">
                        <h3>{icon(Icon::Alert)} {t(|t| t.schema.problems)}</h3>
                        <ul>{rows.into_iter().map(|(at, words)| view! { <li>{words} " " <code>{at}</code></li> }).collect_view()}</ul>
                    </div>
                }
                .into_any()
            }
        })
    })
    .into_any()
}

fn saving(project: Project, json: Memo<Value>, checked: Memo<Result<Schema, Vec<Problem>>>) -> AnyView {
    let doing = Doing::new();
    let impact = RwSignal::new(None::<SchemaImpact>);
    let asks = RwSignal::new(false);
    let unchanged = Signal::derive(move || {
        project.0.with(|view| {
            view.schema_version > 0
                && serde_json::to_value(&view.schema).is_ok_and(|saved| json.with(|json| *json == saved))
        })
    });
    let off = Signal::derive(move || unchanged.get() || checked.with(Result::is_err));
    let save = move |accept_orphans: bool| {
        let schema = json.get_untracked();
        doing.run(async move {
            if !accept_orphans {
                let would = rpc::preview_schema_impact(project.id(), schema.clone()).await?;
                if would.orphaned > 0 {
                    impact.set(Some(would));
                    asks.set(true);
                    return Ok(());
                }
            }
            let change = ProjectChange { schema: Some(schema.clone()), accept_orphans, ..ProjectChange::default() };
            match rpc::change_project(project.id(), change).await {
                Ok(view) => {
                    project.0.set(view);
                    asks.set(false);
                    toast(now(|t| t.schema.saved));
                    Ok(())
                }
                // Somebody submitted between the question and the answer.
                Err(error) if error.conflict() == Some(Conflict::WouldOrphan) => {
                    impact.set(Some(rpc::preview_schema_impact(project.id(), schema).await?));
                    asks.set(true);
                    Ok(())
                }
                Err(error) => Err(error),
            }
        });
    };
    view! {
        {problem_line(doing.sentence())}
        <div class="actions save-line">
            <Button
                label=move || fill(now(|t| t.schema.save), &[("n", &project.0.with(|view| (view.schema_version + 1).to_string()))])
                kind=ButtonKind::Main
                busy=doing.busy
                disabled=off
                on_press=move |()| save(false)
            />
            {move || (!unchanged.get()).then(|| view! { <span class="muted">{t(|t| t.project.unsaved)}</span> })}
        </div>
        <Dialog open=asks title=t(|t| t.schema.impact_title)>
            <div class="form">
                {move || impact.get().map(told)}
                {problem_line(doing.sentence())}
                <div class="actions">
                    <Button label=t(|t| t.schema.impact_save) kind=ButtonKind::Danger busy=doing.busy on_press=move |()| save(true)/>
                    <Button label=t(|t| t.words.cancel) on_press=move |()| asks.set(false)/>
                </div>
            </div>
        </Dialog>
    }
    .into_any()
}

/// The consequence in words.
fn told(impact: SchemaImpact) -> AnyView {
    let (all, n) = (format::count(impact.annotations), format::count(impact.orphaned));
    let controls = impact.removed_controls.join("、");
    view! {
        <p>{move || fill(now(|t| t.schema.impact_text), &[("all", &all), ("n", &n)])}</p>
        {(!controls.is_empty()).then(|| view! { <p>{move || fill(now(|t| t.schema.impact_controls), &[("list", &controls)])}</p> })}
        <ul class="plain-list">
            {impact
                .removed_labels
                .into_iter()
                .map(|(label, n)| view! { <li>{move || fill(now(|t| t.schema.impact_label), &[("label", &label), ("n", &format::count(n))])}</li> })
                .collect_view()}
        </ul>
    }
    .into_any()
}
