//! Review: the batches that wait (`/review`), and one of them under inspection (`/review/:batch`).

use crate::browser;
use crate::commands::{Command, Scope};
use crate::components::{
    Button, ButtonKind, Dialog, Doing, Empty, Icon, LinkButton, TextArea, announce, badge, error_state, icon, loaded,
    problem_line,
};
use crate::error::AppError;
use crate::format;
use crate::frame::keys;
use crate::lang::use_lang;
use crate::rpc;
use crate::session::renewed;
use crate::text::{fill, now, t};
use crate::workbench::compare::{self, Differences};
use crate::workbench::document::Document;
use crate::workbench::editor::Editor;
use crate::workbench::form::Form;
use crate::workbench::images;
use crate::workbench::keyboard;
use crate::workbench::keystrip::{KeyStrip, key_groups, offer_commands};
use crate::workbench::objects::Objects;
use crate::workbench::stage::{Stage, StageTools};
use domain::annotation::{AnnotationKind, AnnotationView, Reason, VerdictKind};
use domain::batch::{BatchView, Decide, DecisionKind, InspectionSummary, InspectionView, Plan, SampleDetail, Verdict};
use domain::id::{AnnotationId, BatchId, ItemId};
use domain::project::ProjectView;
use domain::sampling::wilson;
use domain::schema::{Kind, Subject};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use std::collections::HashMap;

/// How many items after the one on the screen are fetched ahead.
const AHEAD: usize = 2;

/// The list of batches.
pub fn list() -> AnyView {
    let batches = Resource::new(
        || (),
        |()| async move {
            let batches = rpc::list_reviewable_batches().await?;
            let names =
                rpc::list_projects().await?.into_iter().map(|project| (project.id, project.name)).collect::<Vec<_>>();
            Ok::<_, AppError>((batches, names))
        },
    );
    view! {
        <Title text=move || now(|t| t.review.title)/>
        <div class="page">
            <h1>{t(|t| t.review.title)}</h1>
            {loaded(batches, |(batches, names)| {
                if batches.is_empty() {
                    return view! {
                        <Empty title=t(|t| t.review.none_title) text=t(|t| t.review.none_text) picture=Icon::Review>
                            <LinkButton label=t(|t| t.work.to_home) href="/"/>
                        </Empty>
                    }
                    .into_any();
                }
                let rows = batches
                    .into_iter()
                    .map(|batch| {
                        let name = names.iter().find(|(id, _)| *id == batch.project).map(|(_, name)| name.clone());
                        row(batch, name.unwrap_or_default())
                    })
                    .collect_view();
                view! { <ul class="batch-list" aria-label=t(|t| t.review.list_label)>{rows}</ul> }.into_any()
            })}
        </div>
    }
    .into_any()
}

fn row(batch: BatchView, project: String) -> AnyView {
    let number = batch.number.to_string();
    let size = batch.size.to_string();
    let summary = batch.inspection.clone();
    let resumes = summary.is_some();
    let label = move || if resumes { now(|t| t.review.resume) } else { now(|t| t.review.open) };
    view! {
        <li class="batch-row">
            <h2>{project} " · " {move || fill(now(|t| t.review.batch_n), &[("n", &number)])}</h2>
            <span>{move || fill(now(|t| t.words.items), &[("n", &size)])}" "{badge(batch.state)}</span>
            <span class="batch-when">
                {batch.created_at.local_minute()}
                {summary.map(|summary| view! { " · " {move || progress_words(&summary)} })}
            </span>
            <LinkButton label href=format!("/review/{}", batch.id) kind=ButtonKind::Main/>
        </li>
    }
    .into_any()
}

fn judged(summary: &InspectionSummary) -> u32 {
    summary.passed + summary.failed + summary.fixed
}

fn progress_words(summary: &InspectionSummary) -> String {
    let values = [("n", summary.n.to_string()), ("done", judged(summary).to_string())];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    match summary.plan {
        Plan::All => fill(now(|t| t.review.all_words), &values),
        Plan::Rate { .. } => fill(now(|t| t.review.sample_words), &values),
    }
}

/// One batch under inspection.
pub fn batch() -> AnyView {
    let params = use_params_map();
    let batch = move || params.with(|params| params.get("batch")?.parse::<BatchId>().ok());
    // Opening draws the sample, and that is a deed: it is done from the browser, never while a page is rendered.
    let opened = RwSignal::new(None::<Result<(InspectionView, ProjectView), AppError>>);
    let open = move || {
        let Some(batch) = batch() else {
            opened.set(Some(Err(AppError::Refused(domain::Error::NotFound(domain::error::Noun::Batch)))));
            return;
        };
        spawn_local(async move {
            let answer = async {
                let inspection = rpc::open_inspection(batch, None).await?;
                let project = rpc::get_project(inspection.batch.project).await?;
                Ok((inspection, project))
            }
            .await;
            opened.try_set(Some(answer));
        });
    };
    let signed_in = renewed();
    Effect::new(move |_| {
        signed_in.track();
        if untrack(|| opened.with(|opened| !matches!(opened, Some(Ok(_))))) {
            open();
        }
    });
    let retry = Callback::new(move |()| {
        opened.set(None);
        open();
    });
    view! {
        <Title text=move || now(|t| t.review.title)/>
        {move || match opened.get() {
            None => crate::components::skeleton(),
            Some(Err(error)) => view! {
                <div class="page">
                    <h1>{t(|t| t.review.title)}</h1>
                    {error_state(error, retry)}
                    <LinkButton label=t(|t| t.review.to_list) href="/review"/>
                </div>
            }.into_any(),
            Some(Ok((inspection, project))) => desk(inspection, project),
        }}
    }
    .into_any()
}

/// What a reviewer is doing to the item on the screen.
#[derive(Debug, Clone, PartialEq)]
enum Mode {
    /// Looking.
    Look,
    /// Saying why it fails.
    Fail,
    /// Putting it right, beginning with one author's work.
    Fix(String),
}

/// What stands in the middle.
#[derive(Debug, Clone, PartialEq)]
enum Shown {
    Failed(AppError),
    Waiting,
    Fix(String),
    Authors,
}

/// One author's work on the screen.
#[derive(Debug, Clone)]
struct Author {
    annotation: AnnotationView,
    editor: Editor,
    differences: Differences,
}

#[derive(Debug, Clone, Copy)]
struct Desk {
    project: StoredValue<ProjectView>,
    inspection: StoredValue<InspectionView>,
    summary: RwSignal<InspectionSummary>,
    verdicts: RwSignal<HashMap<ItemId, Verdict>>,
    at: RwSignal<usize>,
    detail: RwSignal<Option<SampleDetail>>,
    failed: RwSignal<Option<AppError>>,
    authors: RwSignal<Vec<Author>>,
    mode: RwSignal<Mode>,
    fixing: Editor,
    reason: RwSignal<Option<Reason>>,
    comment: RwSignal<String>,
    returned: RwSignal<Option<AnnotationId>>,
    doing: Doing,
    deciding: RwSignal<bool>,
    kept: StoredValue<HashMap<ItemId, SampleDetail>>,
}

impl Desk {
    fn new(inspection: InspectionView, project: ProjectView) -> Self {
        let verdicts = inspection.sample.iter().filter_map(|item| Some((item.item, item.verdict.clone()?))).collect();
        let first_open = inspection.sample.iter().position(|item| item.verdict.is_none()).unwrap_or(0);
        Self {
            summary: RwSignal::new(inspection.summary.clone()),
            verdicts: RwSignal::new(verdicts),
            at: RwSignal::new(first_open),
            detail: RwSignal::new(None),
            failed: RwSignal::new(None),
            authors: RwSignal::new(Vec::new()),
            mode: RwSignal::new(Mode::Look),
            fixing: Editor::new(project.schema.clone()),
            reason: RwSignal::new(None),
            comment: RwSignal::new(String::new()),
            returned: RwSignal::new(None),
            doing: Doing::new(),
            deciding: RwSignal::new(false),
            kept: StoredValue::new(HashMap::new()),
            project: StoredValue::new(project),
            inspection: StoredValue::new(inspection),
        }
    }

    fn item(self) -> Option<ItemId> {
        self.item_at(self.at.get_untracked())
    }

    fn item_at(self, at: usize) -> Option<ItemId> {
        self.inspection.with_value(|inspection| inspection.sample.get(at).map(|item| item.item))
    }

    /// Shows the item at this place: from memory, or else from the server.
    fn show(self, at: usize) {
        let Some(item) = self.item_at(at) else { return };
        self.at.set(at);
        self.mode.set(Mode::Look);
        self.failed.set(None);
        self.doing.error.set(None);
        match self.kept.with_value(|kept| kept.get(&item).cloned()) {
            Some(detail) => self.lay_out(detail),
            None => {
                self.detail.set(None);
                self.fetch(at, true);
            }
        }
        for next in at + 1..=at + AHEAD {
            self.fetch(next, false);
        }
    }

    fn fetch(self, at: usize, wanted: bool) {
        let Some(item) = self.item_at(at) else { return };
        if self.kept.with_value(|kept| kept.contains_key(&item)) {
            return;
        }
        let inspection = self.inspection.with_value(|inspection| inspection.summary.id);
        spawn_local(async move {
            match rpc::get_sample_item(inspection, item).await {
                Ok(detail) => {
                    if let Some(image) = detail.item.data.image() {
                        images::load(&images::screen_url(detail.item.id, image), None);
                    }
                    if self.kept.try_update_value(|kept| kept.insert(item, detail.clone())).is_none() {
                        return;
                    }
                    let waited_for = self.item() == Some(item) && self.detail.with_untracked(Option::is_none);
                    if waited_for {
                        self.lay_out(detail);
                    }
                }
                Err(error) if wanted => {
                    crate::session::answer(&error);
                    self.failed.try_set(Some(error));
                }
                // Fetched ahead: it is asked for again when it is wanted.
                Err(_) => {}
            }
        });
    }

    fn lay_out(self, detail: SampleDetail) {
        let schema = self.project.with_value(|project| project.schema.clone());
        let values: Vec<_> = detail.annotations.iter().map(|annotation| &annotation.value).collect();
        let differences = compare::differences(&schema, &values);
        let authors = detail
            .annotations
            .iter()
            .zip(differences)
            .map(|(annotation, differences)| {
                let editor = Editor::new(schema.clone());
                editor.editable.set(false);
                editor.marked.set(differences.regions.clone());
                editor.open(detail.item.clone(), Document::new(annotation.value.clone()));
                editor.hand.set(None);
                Author { annotation: annotation.clone(), editor, differences }
            })
            .collect();
        let verdict = self.verdicts.with_untracked(|verdicts| verdicts.get(&detail.item.id).cloned());
        self.reason.set(verdict.as_ref().and_then(|verdict| verdict.reason));
        self.comment.set(verdict.and_then(|verdict| verdict.comment).unwrap_or_default());
        self.returned.set(None);
        let n = (self.at.get_untracked() + 1).to_string();
        announce(fill(now(|t| t.review.item_n), &[("n", &n), ("key", &detail.item.key)]));
        self.authors.set(authors);
        self.detail.set(Some(detail));
        request_animation_frame(|| browser::focus("stage"));
    }

    fn step(self, forwards: bool) {
        let count = self.inspection.with_value(|inspection| inspection.sample.len());
        let at = self.at.get_untracked();
        if forwards && at + 1 < count {
            self.show(at + 1);
        } else if !forwards && at > 0 {
            self.show(at - 1);
        }
    }

    /// Gives a verdict and goes on to the next item without one.
    fn judge(self, verdict: Verdict) {
        let Some(item) = self.item() else { return };
        let inspection = self.inspection.with_value(|inspection| inspection.summary.id);
        let words = verdict_word(verdict.verdict);
        self.doing.run(async move {
            let summary = rpc::judge_item(inspection, item, verdict.clone()).await?;
            self.summary.set(summary);
            self.verdicts.update(|verdicts| {
                verdicts.insert(item, verdict);
            });
            // A fix adds an annotation: the item is fetched anew when one comes back to it.
            self.kept.update_value(|kept| {
                kept.remove(&item);
            });
            announce(fill(now(|t| t.review.saved), &[("what", words)]));
            let open = |at: &usize| {
                self.item_at(*at)
                    .is_some_and(|item| !self.verdicts.with_untracked(|verdicts| verdicts.contains_key(&item)))
            };
            let count = self.inspection.with_value(|inspection| inspection.sample.len());
            let at = self.at.get_untracked();
            match (at + 1..count).chain(0..at).find(open) {
                Some(next) => self.show(next),
                None => {
                    self.mode.set(Mode::Look);
                    announce(now(|t| t.review.all_judged));
                    self.deciding.set(true);
                }
            }
            Ok(())
        });
    }

    fn pass(self) {
        if self.detail.with_untracked(Option::is_some) {
            self.judge(plain(VerdictKind::Pass));
        }
    }

    fn fail(self) {
        let Some(reason) = self.reason.get_untracked() else { return };
        let comment = self.comment.get_untracked().trim().to_owned();
        if reason == Reason::Other && comment.is_empty() {
            browser::focus("review-comment");
            announce(now(|t| t.review.comment_needed));
            return;
        }
        self.judge(Verdict {
            verdict: VerdictKind::Fail,
            reason: Some(reason),
            comment: (!comment.is_empty()).then_some(comment),
            value: None,
            annotations: self.returned.get_untracked().into_iter().collect(),
        });
    }

    fn begin_fix(self, annotation: Option<AnnotationId>) {
        let author = self.authors.with_untracked(|authors| {
            let own = authors.iter().find(|author| Some(author.annotation.id) == annotation);
            own.or(authors.last()).map(|author| (author.annotation.clone(), author.editor))
        });
        let Some((annotation, shown)) = author else { return };
        let Some(detail) = self.detail.get_untracked() else { return };
        self.fixing.stage.set(shown.stage.get_untracked());
        self.fixing.open(detail.item, Document::new(annotation.value));
        self.mode.set(Mode::Fix(annotation.annotator_name));
        request_animation_frame(|| browser::focus("stage"));
    }

    fn save_fix(self) {
        if self.fixing.finish() {
            return;
        }
        let Some(detail) = self.detail.get_untracked() else { return };
        let value = self.fixing.document.with_untracked(|document| document.value().clone());
        let checked = self.fixing.schema.with_value(|schema| schema.check(&value, Subject::from(&detail.item.data)));
        match checked {
            Ok(checked) => {
                self.judge(Verdict { value: Some(checked.into_inner()), ..plain(VerdictKind::Fixed) });
            }
            Err(problems) => {
                self.doing.error.set(Some(AppError::Refused(domain::Error::Invalid(problems))));
            }
        }
    }
}

fn plain(verdict: VerdictKind) -> Verdict {
    Verdict { verdict, reason: None, comment: None, value: None, annotations: Vec::new() }
}

fn verdict_word(verdict: VerdictKind) -> &'static str {
    match verdict {
        VerdictKind::Pass => now(|t| t.review.verdict_pass),
        VerdictKind::Fail => now(|t| t.review.verdict_fail),
        VerdictKind::Fixed => now(|t| t.review.verdict_fixed),
    }
}

fn desk(inspection: InspectionView, project: ProjectView) -> AnyView {
    let modality = project.summary.modality;
    let name = project.summary.name.clone();
    let number = inspection.batch.number.to_string();
    let desk = Desk::new(inspection, project);
    Effect::new(move |_| untrack(|| desk.show(desk.at.get())));

    let scope = Signal::derive(move || match desk.mode.get() {
        Mode::Look => Some(Scope::Review),
        // Digits pick the reason; the panel reads its own keys.
        Mode::Fail => None,
        Mode::Fix(_) => Some(Scope::Fix),
    });
    let run = Callback::new(move |command: Command| {
        match command {
            Command::Pass => desk.pass(),
            Command::Fail => {
                desk.mode.set(Mode::Fail);
                request_animation_frame(|| browser::focus("reasons"));
            }
            Command::Fix => desk.begin_fix(None),
            Command::SaveFix => desk.save_fix(),
            Command::Decide => desk.deciding.set(true),
            Command::NextItem => desk.step(true),
            Command::PreviousItem => desk.step(false),
            Command::Cancel if matches!(desk.mode.get_untracked(), Mode::Fix(_)) => {
                if !desk.fixing.cancel() {
                    desk.mode.set(Mode::Look);
                }
            }
            Command::ZoomIn | Command::ZoomOut | Command::Fit | Command::Actual | Command::Cancel => {
                match desk.mode.get_untracked() {
                    Mode::Fix(_) => return keyboard::own(desk.fixing, command),
                    Mode::Look | Mode::Fail => {
                        for author in desk.authors.get_untracked() {
                            keyboard::own(author.editor, command);
                        }
                    }
                }
            }
            _ => return keyboard::own(desk.fixing, command),
        }
        true
    });
    keys::offer(key_groups(Scope::Review).into_iter().chain(key_groups(Scope::Fix)).collect());
    offer_commands(Scope::Review, run);
    keyboard::listen(desk.fixing, scope, run);

    // Only a change of what is shown renders the stages anew, not each step of a verdict.
    let fixing = Memo::new(move |_| match desk.mode.get() {
        Mode::Fix(name) => Some(name),
        Mode::Look | Mode::Fail => None,
    });
    let shown = Memo::new(move |_| match (desk.failed.get(), desk.detail.with(Option::is_some), desk.mode.get()) {
        (Some(error), ..) => Shown::Failed(error),
        (None, false, _) => Shown::Waiting,
        (None, true, Mode::Fix(name)) => Shown::Fix(name),
        (None, true, Mode::Look | Mode::Fail) => Shown::Authors,
    });
    view! {
        <div class="workbench review">
            <header class="work-bar">
                <LinkButton label=t(|t| t.review.to_list) href="/review" kind=ButtonKind::Quiet icon_before=Icon::ArrowLeft/>
                <h1 class="work-name">{name}</h1>
                <span class="work-count">{move || fill(now(|t| t.review.batch_n), &[("n", &number)])}</span>
                <span class="work-gap"></span>
                {figures(desk)}
                <Button label=t(|t| t.review.decide) keys="D" on_press=move |()| desk.deciding.set(true)/>
                <Button
                    label=t(|t| t.work.cmd_help) kind=ButtonKind::Quiet icon_before=Icon::Help icon_only=true keys="?"
                    on_press=move |()| keys::open()
                />
            </header>
            <div class="review-bar">{strip(desk)}</div>
            <div class="work-body">
                <section class="work-center">
                    {move || match shown.get() {
                        Shown::Failed(error) => error_state(error, Callback::new(move |()| desk.show(desk.at.get_untracked()))),
                        Shown::Waiting => view! { <div class="work-wait">{crate::components::skeleton()}</div> }.into_any(),
                        Shown::Fix(name) => view! {
                            <StageTools editor=desk.fixing modality/>
                            <Stage
                                editor=desk.fixing modality id="stage"
                                label=move || fill(now(|t| t.review.fixing), &[("name", &name)])
                            />
                        }.into_any(),
                        Shown::Authors => authors(desk, modality),
                    }}
                </section>
                <section class="work-side" aria-label=t(|t| t.review.title)>
                    {move || match fixing.get() {
                        Some(name) => fix_panel(desk, name),
                        None => verdict_panel(desk),
                    }}
                </section>
            </div>
            <footer class="work-keys">
                {move || match desk.mode.get() {
                    Mode::Fail => view! {
                        <ul class="key-strip" aria-label=t(|t| t.work.keys)>
                            <li><kbd>"1–6"</kbd>" "{t(|t| t.work.stage_reason)}</li>
                            <li><kbd>"Ctrl+Enter"</kbd>" "{t(|t| t.review.save_fail)}</li>
                            <li><kbd>"Esc"</kbd>" "{t(|t| t.words.cancel)}</li>
                        </ul>
                    }.into_any(),
                    Mode::Look | Mode::Fix(_) => view! { <KeyStrip editor=desk.fixing scope/> }.into_any(),
                }}
            </footer>
        </div>
        {decision(desk)}
    }
    .into_any()
}

fn figures(desk: Desk) -> AnyView {
    let limits = move || {
        desk.summary.with(|summary| {
            fill(
                now(|t| t.review.limits),
                &[
                    ("failed", &summary.failed.to_string()),
                    ("fixed", &summary.fixed.to_string()),
                    ("ac", &summary.ac.to_string()),
                    ("re", &summary.re.to_string()),
                ],
            )
        })
    };
    let share = move || {
        desk.summary.with(|summary| match wilson(summary.passed, judged(summary)) {
            Some((low, high)) => fill(
                now(|t| t.review.wilson),
                &[
                    ("p", &format::percent(Some(f64::from(summary.passed) / f64::from(judged(summary))))),
                    ("low", &format::percent(Some(low))),
                    ("high", &format::percent(Some(high))),
                ],
            ),
            None => now(|t| t.review.wilson_none).to_owned(),
        })
    };
    view! {
        <span class="work-count">{move || desk.summary.with(progress_words)}</span>
        <span class="work-count review-limits">{limits}</span>
        <span class="work-count">{share}</span>
    }
    .into_any()
}

fn strip(desk: Desk) -> AnyView {
    let items = desk.inspection.with_value(|inspection| inspection.sample.clone());
    let buttons = items
        .into_iter()
        .enumerate()
        .map(|(at, item)| {
            let id = item.item;
            let verdict = move || desk.verdicts.with(|verdicts| verdicts.get(&id).map(|verdict| verdict.verdict));
            let class = move || match verdict() {
                None => "strip-item",
                Some(VerdictKind::Pass) => "strip-item strip-pass",
                Some(VerdictKind::Fail) => "strip-item strip-fail",
                Some(VerdictKind::Fixed) => "strip-item strip-fixed",
            };
            let sign = move || match verdict() {
                None => (at + 1).to_string(),
                Some(VerdictKind::Pass) => format!("{} ✓", at + 1),
                Some(VerdictKind::Fail) => format!("{} ✗", at + 1),
                Some(VerdictKind::Fixed) => format!("{} ✎", at + 1),
            };
            let key = item.key;
            let name = move || {
                let own = fill(now(|t| t.review.item_n), &[("n", &(at + 1).to_string()), ("key", &key)]);
                format!("{own}: {}", verdict().map_or_else(|| now(|t| t.review.verdict_none), verdict_word))
            };
            view! {
                <li>
                    <button
                        type="button"
                        class=class
                        title=name.clone()
                        aria-label=name
                        aria-current=move || (desk.at.get() == at).then_some("true")
                        on:click=move |_| desk.show(at)
                    >
                        {sign}
                    </button>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="strip" aria-label=t(|t| t.review.strip)>{buttons}</ul> }.into_any()
}

fn authors(desk: Desk, modality: domain::project::Modality) -> AnyView {
    view! {
        <div class="authors">
            {move || {
                desk.authors
                    .get()
                    .into_iter()
                    .enumerate()
                    .map(|(n, author)| {
                        let (name, kind) = (author.annotation.annotator_name.clone(), author.annotation.kind);
                        let id = if n == 0 { "stage".to_owned() } else { format!("stage-{n}") };
                        let label = {
                            let name = name.clone();
                            move || fill(now(|t| t.review.stage), &[("name", &name)])
                        };
                        let head = move || match kind {
                            AnnotationKind::Label => fill(now(|t| t.review.author), &[("name", &name)]),
                            AnnotationKind::Fix => fill(now(|t| t.review.fix_by), &[("name", &name)]),
                        };
                        let count = author.differences.count();
                        view! {
                            <section class="author">
                                <header class="author-head">
                                    <span>{head}</span>
                                    {(count > 0).then(|| view! {
                                        <span class="author-differs">
                                            {move || fill(now(|t| t.review.differences), &[("n", &count.to_string())])}
                                        </span>
                                    })}
                                    {(modality == domain::project::Modality::Image).then(|| view! {
                                        <StageTools editor=author.editor modality/>
                                    })}
                                </header>
                                <Stage editor=author.editor modality id label/>
                            </section>
                        }
                    })
                    .collect_view()
            }}
        </div>
    }
    .into_any()
}

fn verdict_panel(desk: Desk) -> AnyView {
    let lang = use_lang();
    let verdict = move || {
        desk.at.track();
        let item = desk.item()?;
        desk.verdicts.with(|verdicts| verdicts.get(&item).cloned())
    };
    let waiting = Signal::derive(move || desk.detail.get().is_none());
    view! {
        <div class="work-side-scroll">
            {move || verdict().map(|verdict| view! {
                <p class="verdict-now">
                    <strong>{move || { lang.track(); verdict_word(verdict.verdict) }}</strong>
                    {verdict.reason.map(|reason| view! { <span>{move || reason.words().get(lang.get()).to_owned()}</span> })}
                    {verdict.comment.map(|comment| view! { <q>{comment}</q> })}
                </p>
            })}
            {move || desk.authors.get().into_iter().map(|author| answers(desk, author)).collect_view()}
            {guideline(desk)}
        </div>
        <div class="work-actions">
            {move || (desk.mode.get() == Mode::Fail).then(|| fail_panel(desk))}
            {problem_line(desk.doing.sentence())}
            <div class="verdict-row" style:grid-column="1 / -1">
                <Button label=t(|t| t.work.cmd_pass) kind=ButtonKind::Main keys="P" icon_before=Icon::Check
                    disabled=waiting busy=desk.doing.busy on_press=move |()| desk.pass()/>
                <Button label=t(|t| t.work.cmd_fail) keys="F" icon_before=Icon::Close
                    disabled=waiting busy=desk.doing.busy
                    on_press=move |()| {
                        desk.mode.set(Mode::Fail);
                        request_animation_frame(|| browser::focus("reasons"));
                    }/>
                <Button label=t(|t| t.work.cmd_fix) keys="E" icon_before=Icon::Pencil
                    disabled=waiting busy=desk.doing.busy on_press=move |()| desk.begin_fix(None)/>
            </div>
        </div>
    }
    .into_any()
}

/// What one author answered, in words: choices, texts and the list of regions.
fn answers(desk: Desk, author: Author) -> AnyView {
    let lang = use_lang();
    let controls = desk.project.with_value(|project| project.schema.controls.clone());
    let value = author.annotation.value.clone();
    let nothing = value.is_empty();
    let rows = controls
        .into_iter()
        .filter(|control| matches!(control.kind, Kind::Choice { .. } | Kind::Text { .. }))
        .map(|control| {
            let given = value.get(&control.id).cloned();
            let differs = author.differences.controls.contains(&control.id);
            let named = control.clone();
            let words = move || {
                let lang = lang.get();
                match &given {
                    Some(serde_json::Value::String(text)) => text.clone(),
                    Some(serde_json::Value::Array(list)) => {
                        let leaves = control.leaves();
                        let name = |id: &str| {
                            leaves
                                .iter()
                                .find(|leaf| leaf.id == id)
                                .map_or(id.to_owned(), |leaf| leaf.name(lang).to_owned())
                        };
                        list.iter().filter_map(serde_json::Value::as_str).map(name).collect::<Vec<_>>().join("、")
                    }
                    _ => now(|t| t.review.unlabeled).to_owned(),
                }
            };
            view! {
                <dl class="answer" class:answer-differs=differs>
                    <dt>{move || named.name(lang.get()).to_owned()}</dt>
                    <dd>{words}{differs.then_some(" ≠")}</dd>
                </dl>
            }
        })
        .collect_view();
    let name = author.annotation.annotator_name.clone();
    // Two revisions, or a fix beside them, may be of one person.
    let objects_of = format!("{name} {}", if author.annotation.kind == AnnotationKind::Fix { "✎" } else { "" });
    let revision = author.annotation.revision;
    view! {
        <section class="answers">
            <h2 class="answer-author">
                {name}
                {(revision > 1).then(|| view! {
                    " · " {move || fill(now(|t| t.work.revision), &[("n", &revision.to_string())])}
                })}
            </h2>
            {nothing.then(|| view! { <p class="side-none">{t(|t| t.review.empty_value)}</p> })}
            {rows}
            <Objects editor=author.editor of=objects_of/>
        </section>
    }
    .into_any()
}

fn guideline(desk: Desk) -> AnyView {
    let html = desk.project.with_value(|project| project.guideline_html.clone());
    if html.is_empty() {
        return ().into_any();
    }
    view! {
        <details class="review-guideline">
            <summary>{t(|t| t.review.guideline)}</summary>
            // Made safe on the server from Markdown.
            <div class="prose" inner_html=html></div>
        </details>
    }
    .into_any()
}

fn fail_panel(desk: Desk) -> AnyView {
    let lang = use_lang();
    let by_key = move |event: web_sys::KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        match event.code().as_str() {
            "Escape" => {
                desk.mode.set(Mode::Look);
                browser::focus("stage");
            }
            "Enter" | "NumpadEnter" => {
                let typing = event_target_is(&event, "TEXTAREA");
                // Enter in the words breaks a line; with Ctrl, or outside them, it gives the verdict.
                if typing && !event.ctrl_key() || event_target_is(&event, "BUTTON") {
                    return;
                }
                desk.fail();
            }
            code if !browser::is_typing(&event) => {
                let digit = code.strip_prefix("Digit").or_else(|| code.strip_prefix("Numpad"));
                let at = digit.and_then(|digit| digit.parse::<usize>().ok()).and_then(|n| n.checked_sub(1));
                let Some(reason) = at.and_then(|at| Reason::ALL.get(at)) else { return };
                desk.reason.set(Some(*reason));
                announce(reason.words().get(lang.get_untracked()).to_owned());
                browser::focus("review-comment");
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let several = desk.authors.with_untracked(|authors| authors.len() > 1);
    view! {
        <div class="form" style:grid-column="1 / -1" on:keydown=by_key>
            <div role="radiogroup" id="reasons" tabindex="-1" aria-label=t(|t| t.review.reason) class="reasons">
                {Reason::ALL
                    .into_iter()
                    .enumerate()
                    .map(|(n, reason)| {
                        let is_picked = move || desk.reason.get() == Some(reason);
                        view! {
                            <button
                                type="button"
                                role="radio"
                                class="label-button"
                                class:option-picked=is_picked
                                aria-checked=move || if is_picked() { "true" } else { "false" }
                                on:click=move |_| {
                                    desk.reason.set(Some(reason));
                                    browser::focus("review-comment");
                                }
                            >
                                <kbd>{(n + 1).to_string()}</kbd>
                                <span>{move || reason.words().get(lang.get()).to_owned()}</span>
                            </button>
                        }
                    })
                    .collect_view()}
            </div>
            <TextArea id="review-comment" label=t(|t| t.review.comment) value=desk.comment rows=2/>
            {several.then(|| which_author(desk))}
            <div class="actions">
                <Button
                    label=t(|t| t.review.save_fail) kind=ButtonKind::Danger keys="Ctrl+Enter"
                    disabled=Signal::derive(move || desk.reason.get().is_none())
                    busy=desk.doing.busy
                    on_press=move |()| desk.fail()
                />
                <Button label=t(|t| t.words.cancel) keys="Esc" on_press=move |()| desk.mode.set(Mode::Look)/>
            </div>
        </div>
    }
    .into_any()
}

fn which_author(desk: Desk) -> AnyView {
    let authors = desk.authors.get_untracked();
    let one = move |id: Option<AnnotationId>, name: AnyView, key: String| {
        view! {
            <label class="option" for=format!("returned-{key}")>
                <input
                    type="radio"
                    name="returned"
                    id=format!("returned-{key}")
                    prop:checked=move || desk.returned.get() == id
                    on:change=move |_| desk.returned.set(id)
                />
                <span>{name}</span>
            </label>
        }
    };
    view! {
        <fieldset class="control">
            <legend>{t(|t| t.review.which_author)}</legend>
            {one(None, t(|t| t.review.everyone).into_any(), "all".to_owned())}
            {authors
                .into_iter()
                .filter(|author| author.annotation.kind == AnnotationKind::Label)
                .map(|author| {
                    let key = author.annotation.id.to_string();
                    one(Some(author.annotation.id), author.annotation.annotator_name.into_any(), key)
                })
                .collect_view()}
        </fieldset>
    }
    .into_any()
}

fn fix_panel(desk: Desk, name: String) -> AnyView {
    view! {
        <div class="work-side-scroll">
            <p class="verdict-now"><strong>{move || fill(now(|t| t.review.fixing), &[("name", &name)])}</strong></p>
            <Form editor=desk.fixing id="fix"/>
            <Objects editor=desk.fixing/>
        </div>
        <div class="work-actions">
            {problem_line(desk.doing.sentence())}
            <Button
                label=t(|t| t.work.cmd_save_fix) kind=ButtonKind::Main keys="Ctrl+Enter" busy=desk.doing.busy
                on_press=move |()| desk.save_fix()
            />
            <Button label=t(|t| t.words.cancel) keys="Esc" on_press=move |()| desk.mode.set(Mode::Look)/>
        </div>
    }
    .into_any()
}

fn decision(desk: Desk) -> AnyView {
    let doing = Doing::new();
    let pick = RwSignal::new(None::<DecisionKind>);
    let reason = RwSignal::new(String::new());
    let size = desk.inspection.with_value(|inspection| inspection.batch.size);
    let batch = desk.inspection.with_value(|inspection| inspection.batch.id);
    let failed = move || desk.summary.with(|summary| summary.failed);
    let missing = move || desk.summary.with(|summary| summary.n.saturating_sub(judged(summary)));
    let done = RwSignal::new(None::<BatchView>);
    let choice = move |kind: DecisionKind, title: crate::text::Pick, words: Signal<String>, open: Signal<bool>| {
        let id = match kind {
            DecisionKind::Accept => "decide-accept",
            DecisionKind::ReturnFailed => "decide-return-failed",
            DecisionKind::ReturnAll => "decide-return-all",
        };
        view! {
            <label class="decision-choice" for=id>
                <input
                    type="radio" name="decision" id=id
                    disabled=move || !open.get()
                    prop:checked=move || pick.get() == Some(kind)
                    on:change=move |_| pick.set(Some(kind))
                />
                <strong>{t(title)}</strong>
                <span>{words}</span>
            </label>
        }
    };
    let decide = move || {
        let Some(decision) = pick.get_untracked() else { return };
        let words = reason.get_untracked().trim().to_owned();
        doing.run(async move {
            let decided =
                rpc::decide_batch(batch, Decide { decision, reason: (!words.is_empty()).then_some(words) }).await?;
            announce(now(|t| t.review.decided_title));
            done.set(Some(decided));
            Ok(())
        });
    };
    let needs_reason = move || {
        pick.get().is_some_and(|kind| kind == DecisionKind::ReturnAll) && reason.with(|reason| reason.trim().is_empty())
            || missing() > 0 && reason.with(|reason| reason.trim().is_empty())
    };
    view! {
        <Dialog open=desk.deciding title=t(|t| t.review.decide)>
            {move || match done.get() {
                Some(batch) => view! {
                    <div class="decision">
                        <p>{t(|t| t.review.decided_title)}" "{badge(batch.state)}</p>
                        <LinkButton label=t(|t| t.review.to_list) href="/review" kind=ButtonKind::Main/>
                    </div>
                }.into_any(),
                None => view! {
                    <form class="decision" on:submit=move |event| { event.prevent_default(); decide(); }>
                        {move || (missing() > 0).then(|| view! {
                            <p class="work-notice notice-warning decision-missing">
                                {icon(Icon::Alert)}
                                <span>{fill(now(|t| t.review.decision_missing), &[("n", &missing().to_string())])}</span>
                            </p>
                        })}
                        {choice(
                            DecisionKind::Accept,
                            |t| t.review.accept,
                            Signal::derive(move || if failed() > 0 {
                                now(|t| t.review.decision_failed).to_owned()
                            } else {
                                fill(now(|t| t.review.accept_words), &[("n", &size.to_string())])
                            }),
                            Signal::derive(move || failed() == 0),
                        )}
                        {choice(
                            DecisionKind::ReturnFailed,
                            |t| t.review.return_failed,
                            Signal::derive(move || fill(
                                now(|t| t.review.return_failed_words),
                                &[("failed", &failed().to_string()), ("rest", &size.saturating_sub(failed()).to_string())],
                            )),
                            Signal::derive(move || failed() > 0),
                        )}
                        {choice(
                            DecisionKind::ReturnAll,
                            |t| t.review.return_all,
                            Signal::derive(move || fill(now(|t| t.review.return_all_words), &[("n", &size.to_string())])),
                            Signal::stored(true),
                        )}
                        <TextArea
                            id="decision-reason"
                            label=t(|t| t.review.decision_reason)
                            hint=t(|t| t.review.decision_reason_hint)
                            value=reason
                            rows=2
                        />
                        {problem_line(doing.sentence())}
                        <div class="actions">
                            <Button
                                label=t(|t| t.review.decide) kind=ButtonKind::Main submit=true busy=doing.busy
                                disabled=Signal::derive(move || pick.get().is_none() || needs_reason())
                            />
                        </div>
                    </form>
                }.into_any(),
            }}
        </Dialog>
    }
    .into_any()
}

fn event_target_is(event: &web_sys::KeyboardEvent, tag: &str) -> bool {
    use wasm_bindgen::JsCast;
    event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|element| element.tag_name() == tag)
}
