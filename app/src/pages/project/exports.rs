//! Exports: begin one, watch it, take the file with its checksum.

use super::{Project, head, sub_title};
use crate::components::{
    Button, ButtonKind, Crumb, Doing, Empty, Icon, LinkButton, Progress, Select, ask, badge, crumbs, loaded,
    problem_line, toast,
};
use crate::lang::use_lang;
use crate::text::{fill, now, t};
use crate::{browser, format, rpc};
use domain::error::human_bytes;
use domain::export::{ExportView, NewExport, Only};
use domain::import::JobState;
use domain::project::Modality;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The form and the list.
pub fn page(project: Project) -> AnyView {
    let way: Vec<Crumb> = project.crumbs(|t| t.project.tab_exports);
    crumbs(way);
    let exports = ask(|| (), move |()| rpc::list_exports(project.id()));
    view! {
        <div class="page">
            {head(project, "/exports", ().into_any())}
            {sub_title(|t| t.project.tab_exports)}
            {loaded(exports, move |exports: Vec<ExportView>| content(project, exports))}
        </div>
    }
    .into_any()
}

fn content(project: Project, mut exports: Vec<ExportView>) -> AnyView {
    exports.sort_by_key(|export| std::cmp::Reverse(export.created_at));
    let list = RwSignal::new(exports);
    let format = RwSignal::new("jsonl".to_owned());
    let only = RwSignal::new("accepted".to_owned());
    let image = project.0.with_untracked(|view| view.summary.modality == Modality::Image);
    let formats = Signal::derive(move || {
        let mut formats = vec![
            ("jsonl".to_owned(), now(|t| t.project.export_jsonl).to_owned()),
            ("csv".to_owned(), now(|t| t.project.export_csv).to_owned()),
        ];
        if image {
            formats.push(("coco".to_owned(), now(|t| t.project.export_coco).to_owned()));
        }
        formats
    });
    let which = Signal::derive(|| {
        vec![
            ("accepted".to_owned(), now(|t| t.project.export_accepted).to_owned()),
            ("all".to_owned(), now(|t| t.project.export_all).to_owned()),
        ]
    });
    let doing = Doing::new();
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let only = if only.get_untracked() == "all" { Only::All } else { Only::Accepted };
        let export = NewExport { format: format.get_untracked(), only };
        doing.run(async move {
            let made = rpc::create_export(project.id(), export).await?;
            list.update(|list| list.insert(0, made));
            Ok(())
        });
    };
    view! {
        <form class="panel form" on:submit=send aria-labelledby="export-new">
            <h2 id="export-new">{t(|t| t.project.export_new)}</h2>
            <div class="filters">
                <Select id="export-format" label=t(|t| t.project.export_format) value=format options=formats/>
                <Select id="export-only" label=t(|t| t.project.export_only) value=only options=which/>
                <Button label=t(|t| t.project.export_start) kind=ButtonKind::Main icon_before=Icon::Download submit=true busy=doing.busy/>
            </div>
            {problem_line(doing.sentence())}
        </form>
        <Show when=move || list.with(Vec::is_empty)>
            <section class="panel"><Empty title=t(|t| t.project.exports_empty) text=t(|t| t.project.exports_empty_text) picture=Icon::Download/></section>
        </Show>
        <ul class="jobs">
            <For each=move || list.get() key=|export| export.id let(export)><li>{job(export)}</li></For>
        </ul>
    }
    .into_any()
}

fn job(export: ExportView) -> AnyView {
    let lang = use_lang();
    let job = RwSignal::new(export);
    Effect::new(move |_| watch(job));
    let words = move || {
        job.with(|job| {
            fill(
                now(|t| t.project.export_words),
                &[("done", &format::count(job.done)), ("total", &format::count(job.total))],
            )
        })
    };
    view! {
        <article class="panel job">
            <header class="panel-head">
                <h3>
                    {move || job.with(|job| job.format.to_uppercase())} " · "
                    {move || job.with(|job| match job.only {
                        Only::All => now(|t| t.project.export_all),
                        Only::Accepted => now(|t| t.project.export_accepted),
                    })}
                </h3>
                {move || badge(job.with(|job| job.state))}
            </header>
            <p class="muted">{move || job.with(|job| fill(now(|t| t.project.export_by), &[("who", &job.created_by), ("when", &job.created_at.local_minute())]))}</p>
            {move || match job.with(|job| job.state) {
                JobState::Queued | JobState::Running => {
                    let share = Signal::derive(move || job.with(|job| (job.total > 0).then(|| job.done as f64 / job.total as f64)));
                    view! { <Progress label=t(|t| t.project.export_new) share words=Signal::derive(words)/> }.into_any()
                }
                JobState::Failed => {
                    let error = job.with(|job| job.error.clone()).unwrap_or_default();
                    problem_line(Signal::derive(move || Some(error.get(lang.get()).to_owned())))
                }
                JobState::Done => finished(job.get()),
            }}
        </article>
    }
    .into_any()
}

fn finished(export: ExportView) -> AnyView {
    let lang = use_lang();
    let size = export.bytes.map(human_bytes).unwrap_or_default();
    let sha = export.sha256.clone().unwrap_or_default();
    let copied = sha.clone();
    let losses = export.losses.clone();
    view! {
        <div class="actions">
            <LinkButton label=t(|t| t.words.download) href=format!("/download/exports/{}", export.id) plain=true kind=ButtonKind::Main icon_before=Icon::Download/>
            <LinkButton label=t(|t| t.project.export_manifest) href=format!("/download/exports/{}/manifest", export.id) plain=true icon_before=Icon::File/>
            <span>{export.file_name.clone()} " · " {size} " · " {move || fill(now(|t| t.words.items), &[("n", &format::count(export.done))])}</span>
        </div>
        <dl class="fact-list">
            <dt>{t(|t| t.project.export_sha)}</dt>
            <dd class="secret">
                <code>{sha}</code>
                <Button label=t(|t| t.words.copy) class="btn-small" on_press=move |()| {
                    browser::copy(&copied);
                    toast(now(|t| t.words.copied));
                }/>
            </dd>
        </dl>
        {(!losses.is_empty()).then(|| view! {
            <details class="fold">
                <summary>{t(|t| t.project.export_losses)}</summary>
                <ul class="plain-list">
                    {losses.into_iter().map(|(words, n)| view! { <li>{move || words.get(lang.get()).to_owned()} " × " {format::count(n)}</li> }).collect_view()}
                </ul>
            </details>
        })}
    }
    .into_any()
}

/// Asks once a second how far it is, until it has ended or the page is left.
fn watch(job: RwSignal<ExportView>) {
    let ended = |job: &ExportView| matches!(job.state, JobState::Done | JobState::Failed);
    if job.with_untracked(ended) {
        return;
    }
    spawn_local(async move {
        while let Some(id) = job.try_with_untracked(|job| (!ended(job)).then_some(job.id)).flatten() {
            TimeoutFuture::new(1_000).await;
            if let Ok(now) = rpc::get_export(id).await {
                job.try_set(now);
            }
        }
    });
}
