//! Bringing data in: drop, pick or paste; how to read it; how far it is; what was refused and why.
//!
//! The upload itself is plain HTTP, so that a file of any size streams and tells its progress. The import goes on when
//! the page is left: coming back shows where it is.

use super::Project;
use crate::components::{
    Button, Checkbox, DropZone, Empty, Icon, LinkButton, Progress, Select, TextArea, TextField, announce, ask, badge,
    icon, loaded, problem_line,
};
use crate::lang::use_lang;
use crate::text::{fill, now, t};
use crate::{address, browser, format, rpc, session};
use domain::error::human_bytes;
use domain::id::ProjectId;
use domain::import::{ImportView, JobState};
use domain::project::Modality;
use domain::time::Millis;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// One upload on its way.
#[derive(Clone, Copy)]
struct Upload {
    id: u32,
    name: StoredValue<String>,
    sent: RwSignal<f64>,
    total: RwSignal<f64>,
    error: RwSignal<Option<String>>,
}

/// How files are to be read.
#[derive(Clone, Copy)]
struct Options {
    format: RwSignal<String>,
    encoding: RwSignal<String>,
    text_field: RwSignal<String>,
    key_field: RwSignal<String>,
    whole_file: RwSignal<bool>,
}

/// The page's content: a step of the set-up.
pub fn content(project: Project) -> AnyView {
    let imports = ask(|| (), move |()| rpc::list_imports(project.id()));
    loaded(imports, move |imports: Vec<ImportView>| lists(project, imports))
}

fn lists(project: Project, mut imports: Vec<ImportView>) -> AnyView {
    imports.sort_by_key(|import| std::cmp::Reverse(import.created_at));
    let imports = RwSignal::new(imports);
    let uploads = RwSignal::new(Vec::<Upload>::new());
    let image = project.0.with_untracked(|view| view.summary.modality == Modality::Image);
    let options = Options {
        format: RwSignal::new(String::new()),
        encoding: RwSignal::new(String::new()),
        text_field: RwSignal::new(String::new()),
        key_field: RwSignal::new(String::new()),
        whole_file: RwSignal::new(false),
    };
    let take = move |files: Vec<web_sys::File>| {
        // Pictures go together as one import; texts one by one, so that each has its own report.
        if image {
            send(project.id(), options, files, uploads, imports);
        } else {
            for file in files {
                send(project.id(), options, vec![file], uploads, imports);
            }
        }
    };
    let hint = move || if image { now(|t| t.project.import_hint_image) } else { now(|t| t.project.import_hint_text) };
    let accept = if image {
        ".jpg,.jpeg,.png,.webp,.tif,.tiff,.bmp,.zip,image/*"
    } else {
        ".jsonl,.ndjson,.json,.csv,.tsv,.txt,text/*"
    };
    view! {
        <section class="panel form" aria-labelledby="import-title">
            <h2 id="import-title">{t(|t| t.project.import_title)}</h2>
            <DropZone id="import-files" title=t(|t| t.project.import_drop_text) hint accept multiple=true on_files=Callback::new(take)/>
            {(!image).then(|| view! { {how(options)} {paste(project.id(), options, uploads, imports)} })}
            <For each=move || uploads.get() key=|upload| upload.id let(upload)>{uploading(upload)}</For>
        </section>
        <h2>{t(|t| t.project.import_list)}</h2>
        <Show when=move || imports.with(Vec::is_empty)>
            <section class="panel"><Empty title=t(|t| t.project.import_empty) text=t(|t| t.project.import_empty_text) picture=Icon::Upload/></section>
        </Show>
        <ul class="jobs">
            <For each=move || imports.get() key=|import| import.id let(import)><li>{job(project, import)}</li></For>
        </ul>
    }
    .into_any()
}

/// How to read texts; folded away, because the guess is mostly right.
fn how(options: Options) -> AnyView {
    let formats = Signal::derive(|| {
        let plain =
            [("jsonl", "JSONL"), ("csv", "CSV"), ("tsv", "TSV")].map(|(code, name)| (code.to_owned(), name.to_owned()));
        let mut formats = vec![(String::new(), now(|t| t.project.import_format_auto).to_owned())];
        formats.extend(plain);
        formats.push(("txt".to_owned(), now(|t| t.project.import_format_txt).to_owned()));
        formats.push(("native".to_owned(), now(|t| t.project.import_format_native).to_owned()));
        formats
    });
    let encodings = Signal::derive(|| {
        let mut encodings = vec![(String::new(), now(|t| t.project.import_encoding_auto).to_owned())];
        let known = [
            ("utf-8", "UTF-8"),
            ("gb18030", "GB18030 / GBK"),
            ("big5", "Big5"),
            ("utf-16le", "UTF-16 LE"),
            ("utf-16be", "UTF-16 BE"),
        ];
        encodings.extend(known.map(|(code, name)| (code.to_owned(), name.to_owned())));
        encodings
    });
    view! {
        <details class="fold">
            <summary>{t(|t| t.project.import_options)}</summary>
            <div class="form">
                <div class="form-row">
                    <Select id="import-format" label=t(|t| t.project.import_format) value=options.format options=formats/>
                    <Select id="import-encoding" label=t(|t| t.project.import_encoding) value=options.encoding options=encodings/>
                    <TextField id="import-text-field" label=t(|t| t.project.import_text_field) placeholder="text" value=options.text_field/>
                    <TextField id="import-key-field" label=t(|t| t.project.import_key_field) placeholder="id" value=options.key_field/>
                </div>
                <Checkbox id="import-whole-file" label=t(|t| t.project.import_whole_file) value=options.whole_file/>
            </div>
        </details>
    }
    .into_any()
}

fn paste(
    project: ProjectId,
    options: Options,
    uploads: RwSignal<Vec<Upload>>,
    imports: RwSignal<Vec<ImportView>>,
) -> AnyView {
    let words = RwSignal::new(String::new());
    let give = move |()| {
        let text = words.get_untracked();
        if text.trim().is_empty() {
            return;
        }
        let bag = web_sys::BlobPropertyBag::new();
        bag.set_type("text/plain;charset=utf-8");
        let parts = js_sys::Array::of1(&wasm_bindgen::JsValue::from_str(&text));
        let Ok(blob) = web_sys::Blob::new_with_str_sequence_and_options(&parts, &bag) else { return };
        let jsonl = text.trim_start().starts_with('{');
        let name = if jsonl { "paste.jsonl" } else { "paste.txt" };
        send_body(project, options, name, Body::Raw(blob), uploads, imports);
        words.set(String::new());
    };
    view! {
        <details class="fold">
            <summary>{t(|t| t.project.import_paste)}</summary>
            <div class="form">
                <TextArea id="import-paste" label=t(|t| t.project.import_paste_label) hint=t(|t| t.project.import_paste_hint) value=words rows=6/>
                <div class="actions"><Button label=t(|t| t.project.import_paste_send) on_press=give disabled=Signal::derive(move || words.with(|words| words.trim().is_empty()))/></div>
            </div>
        </details>
    }
    .into_any()
}

fn uploading(upload: Upload) -> AnyView {
    let share = Signal::derive(move || {
        let total = upload.total.get();
        (total > 0.0).then(|| upload.sent.get() / total)
    });
    let bytes = |n: f64| human_bytes(n.max(0.0) as u64);
    let words = Signal::derive(move || {
        let figures = fill(
            now(|t| t.project.import_upload_words),
            &[("done", &bytes(upload.sent.get())), ("total", &bytes(upload.total.get()))],
        );
        format!("{figures}　{}", now(|t| t.project.import_stay_upload))
    });
    let label = move || fill(now(|t| t.project.import_uploading), &[("name", &upload.name.get_value())]);
    view! {
        <div class="job">
            <b>{label}</b>
            <Show when=move || upload.error.with(Option::is_none)><Progress label share words/></Show>
            {problem_line(upload.error.into())}
        </div>
    }
    .into_any()
}

enum Body {
    Raw(web_sys::Blob),
    Form(web_sys::FormData),
}

fn send(
    project: ProjectId,
    options: Options,
    files: Vec<web_sys::File>,
    uploads: RwSignal<Vec<Upload>>,
    imports: RwSignal<Vec<ImportView>>,
) {
    match files.as_slice() {
        [] => {}
        [only] => {
            let name = only.name();
            send_body(project, options, &name, Body::Raw(only.clone().into()), uploads, imports);
        }
        [first, rest @ ..] => {
            let Ok(form) = web_sys::FormData::new() else { return };
            for file in &files {
                // Fails for no file that a picker gives.
                let _ = form.append_with_blob_and_filename("file", file, &file.name());
            }
            let name = format!("{} (+{})", first.name(), rest.len());
            send_body(project, options, &name, Body::Form(form), uploads, imports);
        }
    }
}

thread_local! {
    static UPLOADS: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

fn send_body(
    project: ProjectId,
    options: Options,
    name: &str,
    body: Body,
    uploads: RwSignal<Vec<Upload>>,
    imports: RwSignal<Vec<ImportView>>,
) {
    let Ok(request) = web_sys::XmlHttpRequest::new() else { return };
    let id = UPLOADS.with(|count| {
        count.set(count.get() + 1);
        count.get()
    });
    let upload = Upload {
        id,
        name: StoredValue::new(name.to_owned()),
        sent: RwSignal::new(0.0),
        total: RwSignal::new(0.0),
        error: RwSignal::new(None),
    };
    uploads.update(|uploads| uploads.insert(0, upload));
    let whole = if options.whole_file.get_untracked() { "true" } else { "" };
    let path = address::with(
        &format!("/upload/projects/{project}/imports"),
        &[
            ("name", name),
            ("format", &options.format.get_untracked()),
            ("encoding", &options.encoding.get_untracked()),
            ("text_field", options.text_field.get_untracked().trim()),
            ("key_field", options.key_field.get_untracked().trim()),
            ("whole_file", whole),
        ],
    );
    if let Ok(events) = request.upload() {
        let progress = Closure::<dyn Fn(web_sys::ProgressEvent)>::new(move |event: web_sys::ProgressEvent| {
            upload.sent.try_set(event.loaded());
            upload.total.try_set(event.total());
        });
        events.set_onprogress(Some(progress.into_js_value().unchecked_ref()));
    }
    let answered = request.clone();
    let ended = Closure::<dyn Fn()>::new(move || {
        let status = answered.status().unwrap_or(0);
        let text = answered.response_text().ok().flatten().unwrap_or_default();
        match serde_json::from_str::<ImportView>(&text) {
            Ok(import) if (200..300).contains(&status) => {
                uploads.try_update(|uploads| uploads.retain(|other| other.id != id));
                imports.try_update(|imports| imports.insert(0, import));
            }
            _ => {
                if status == 401 {
                    session::ask_to_sign_in();
                }
                let told = serde_json::from_str::<serde_json::Value>(&text).ok();
                let told = told.and_then(|problem| {
                    let sentence = problem.get("detail").or_else(|| problem.get("title"))?;
                    sentence.as_str().map(str::to_owned)
                });
                upload.error.try_set(Some(told.unwrap_or_else(|| now(|t| t.project.import_failed_upload).to_owned())));
            }
        }
    });
    request.set_onloadend(Some(ended.into_js_value().unchecked_ref()));
    let sent = request.open_with_async("POST", &path, true).and_then(|()| match &body {
        Body::Raw(blob) => {
            request.set_request_header("content-type", "application/octet-stream")?;
            request.send_with_opt_blob(Some(blob))
        }
        Body::Form(form) => request.send_with_opt_form_data(Some(form)),
    });
    if sent.is_err() {
        upload.error.set(Some(now(|t| t.project.import_failed_upload).to_owned()));
    }
}

fn job(project: Project, import: ImportView) -> AnyView {
    let lang = use_lang();
    let job = RwSignal::new(import);
    // When this page first saw it at work, and how far it was: what the remaining time is reckoned from.
    let seen = RwSignal::new(None::<(Millis, u64)>);
    Effect::new(move |_| watch(project, job, seen));
    let counts = move || {
        job.with(|job| {
            fill(
                now(|t| t.project.import_running_words),
                &[
                    ("read", &format::count(job.read)),
                    ("added", &format::count(job.added)),
                    ("duplicates", &format::count(job.duplicates)),
                    ("rejected", &format::count(job.rejected)),
                ],
            )
        })
    };
    view! {
        <article class="panel job">
            <header class="panel-head">
                <h3>{move || job.with(|job| job.name.clone())}</h3>
                {move || badge(job.with(|job| job.state))}
            </header>
            <p class="muted">
                {move || job.with(|job| {
                    let mut facts = vec![job.created_at.local_minute(), job.format.to_uppercase(), human_bytes(job.bytes_total)];
                    facts.extend(job.encoding.clone());
                    facts.join(" · ")
                })}
            </p>
            {move || match job.with(|job| job.state) {
                JobState::Queued | JobState::Running => {
                    let share = Signal::derive(move || job.with(|job| (job.bytes_total > 0).then(|| job.bytes_done as f64 / job.bytes_total as f64)));
                    let words = Signal::derive(move || {
                        let left = remaining(&job.get(), seen.get())
                            .map(|ms| fill(now(|t| t.project.import_remaining), &[("time", &format::about(ms, lang.get()))]));
                        let mut words = vec![counts()];
                        words.extend(left);
                        words.push(now(|t| t.project.import_stay).to_owned());
                        words.join("　")
                    });
                    view! { <Progress label=t(|t| t.project.import_title) share words/> }.into_any()
                }
                JobState::Failed | JobState::Done => ended(&job.get()),
            }}
        </article>
    }
    .into_any()
}

/// What is left at the pace seen so far; nothing until three seconds have been seen.
fn remaining(job: &ImportView, seen: Option<(Millis, u64)>) -> Option<i64> {
    let (since, done) = seen?;
    let (elapsed, worked) = (browser::clock().since(since), job.bytes_done.checked_sub(done)?);
    if elapsed < 3_000 || worked == 0 {
        return None;
    }
    let left = job.bytes_total.saturating_sub(job.bytes_done);
    Some((elapsed as f64 * left as f64 / worked as f64) as i64)
}

fn ended(import: &ImportView) -> AnyView {
    let lang = use_lang();
    let figures: [(crate::text::Pick, u64); 4] = [
        (|t| t.project.import_read, import.read),
        (|t| t.project.import_added, import.added),
        (|t| t.project.import_duplicates, import.duplicates),
        (|t| t.project.import_rejected, import.rejected),
    ];
    let error = import.error.clone();
    let problems = import.problems.clone();
    let more = import.rejected > problems.len() as u64;
    let shown = problems.len().to_string();
    let link = format!("/download/imports/{}/problems", import.id);
    view! {
        {error.map(|error| problem_line(Signal::derive(move || Some(error.get(lang.get()).to_owned()))))}
        <dl class="facts">
            {figures.into_iter().map(|(word, n)| view! { <div><dt>{t(word)}</dt><dd>{format::count(n)}</dd></div> }).collect_view()}
        </dl>
        {(!problems.is_empty()).then(|| view! {
            <details class="fold" open>
                <summary>{icon(Icon::Alert)} {t(|t| t.project.import_problems)}</summary>
                <div class="table-box">
                    <table class="table">
                        <caption class="visually-hidden">{t(|t| t.project.import_problems)}</caption>
                        <thead>
                            <tr>
                                <th scope="col" class="num">{t(|t| t.project.import_line)}</th>
                                <th scope="col">{t(|t| t.project.import_file)}</th>
                                <th scope="col">{t(|t| t.project.import_reason)}</th>
                                <th scope="col">{t(|t| t.project.import_sample)}</th>
                            </tr>
                        </thead>
                        <tbody>
                            {problems
                                .into_iter()
                                .map(|problem| view! {
                                    <tr>
                                        <td class="num">{problem.line}</td>
                                        <td class="cell-clip">{problem.name}</td>
                                        <td>{move || problem.message.get(lang.get()).to_owned()}</td>
                                        <td class="cell-clip"><code>{problem.sample}</code></td>
                                    </tr>
                                })
                                .collect_view()}
                        </tbody>
                    </table>
                </div>
                <div class="actions">
                    <LinkButton label=t(|t| t.project.import_problems_download) href=link plain=true icon_before=Icon::Download/>
                    {more.then(|| view! { <span class="muted">{move || fill(now(|t| t.project.import_problems_more), &[("n", &shown)])}</span> })}
                </div>
            </details>
        })}
    }
    .into_any()
}

/// Asks how far it is until it has ended or the page is left; then the project's counts are new.
fn watch(project: Project, job: RwSignal<ImportView>, seen: RwSignal<Option<(Millis, u64)>>) {
    let ended = |job: &ImportView| matches!(job.state, JobState::Done | JobState::Failed);
    if job.with_untracked(ended) {
        // Lists come without the problems themselves.
        if job.with_untracked(|job| job.rejected > 0 && job.problems.is_empty()) {
            let id = job.with_untracked(|job| job.id);
            spawn_local(async move {
                if let Ok(import) = rpc::get_import(id).await {
                    job.try_set(import);
                }
            });
        }
        return;
    }
    spawn_local(async move {
        while let Some(id) = job.try_with_untracked(|job| (!ended(job)).then_some(job.id)).flatten() {
            TimeoutFuture::new(800).await;
            let Ok(import) = rpc::get_import(id).await else { continue };
            if import.state == JobState::Running && seen.try_get_untracked() == Some(None) {
                seen.try_set(Some((browser::clock(), import.bytes_done)));
            }
            if ended(&import) {
                announce(format!("{}：{}", import.name, format::count(import.added)));
                // The counts on other pages follow; a failure here shows there.
                drop(project.reload().await);
            }
            job.try_set(import);
        }
    });
}
