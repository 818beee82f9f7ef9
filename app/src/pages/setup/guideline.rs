//! The guideline: Markdown at the left, as it will look at the right. The server renders both, so that what is safe is
//! decided in one place.

use super::Project;
use crate::components::{Button, ButtonKind, Doing, Icon, TextArea, icon, problem_line, toast};
use crate::rpc;
use crate::text::{fill, now, t};
use domain::project::ProjectChange;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

pub(super) fn content(project: Project) -> AnyView {
    let text = RwSignal::new(project.0.with_untracked(|view| view.guideline.clone()));
    let html = RwSignal::new(project.0.with_untracked(|view| view.guideline_html.clone()));
    let doing = Doing::new();
    let typed = StoredValue::new(0_u32);
    let render = move |()| {
        typed.update_value(|typed| *typed += 1);
        let own = typed.get_value();
        spawn_local(async move {
            // The last keystroke's preview alone is worth asking for.
            TimeoutFuture::new(300).await;
            if typed.try_get_value() == Some(own)
                && let Some(words) = text.try_get_untracked()
                && let Ok(rendered) = rpc::preview_markdown(words).await
            {
                html.try_set(rendered);
            }
        });
    };
    let changed = Signal::derive(move || text.with(|text| project.0.with(|view| view.guideline != *text)));
    let next = move || project.0.with(|view| (view.guideline_version + 1).to_string());
    let save = move |()| {
        let guideline = text.get_untracked();
        doing.run(async move {
            let change = ProjectChange { guideline: Some(guideline), ..ProjectChange::default() };
            project.0.set(rpc::change_project(project.id(), change).await?);
            toast(now(|t| t.words.saved));
            Ok(())
        });
    };
    view! {
        <div class="halves">
            <section class="panel" aria-labelledby="guideline-text-title">
                <div class="panel-head">
                    <h2 id="guideline-text-title">{t(|t| t.project.guideline)}</h2>
                    <span class="muted">{move || fill(now(|t| t.project.guideline_version), &[("n", &project.0.with(|view| view.guideline_version.to_string()))])}</span>
                </div>
                <TextArea
                    id="guideline"
                    label=t(|t| t.project.guideline_text)
                    hint=t(|t| t.project.guideline_hint)
                    value=text
                    rows=20
                    code=true
                    on_input=render
                />
                {problem_line(doing.sentence())}
                <div class="actions save-line">
                    <Button
                        label=move || fill(now(|t| t.project.guideline_save), &[("n", &next())])
                        kind=ButtonKind::Main
                        on_press=save
                        busy=doing.busy
                        disabled=Signal::derive(move || !changed.get())
                    />
                    {move || changed.get().then(|| view! { <span class="muted">{t(|t| t.project.unsaved)}</span> })}
                </div>
            </section>
            <section class="panel" aria-labelledby="guideline-preview-title">
                <h2 id="guideline-preview-title">{t(|t| t.project.guideline_preview)}</h2>
                <Show
                    when=move || html.with(|html| !html.trim().is_empty())
                    fallback=|| view! { <p class="muted">{icon(Icon::Help)} {t(|t| t.project.guideline_empty_preview)}</p> }
                >
                    <div class="prose" inner_html=move || html.get()></div>
                </Show>
            </section>
        </div>
    }
    .into_any()
}
