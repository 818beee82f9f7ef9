//! One batch under inspection: its sample along the top, the authors' work in the middle, the verdict at the side.

use super::decision::decision;
use super::desk::{Desk, Mode, Shown};
use super::verdict::{fix_panel, verdict_panel};
use super::{judged, progress_words, verdict_word};
use crate::browser;
use crate::commands::{Command, Scope};
use crate::components::{Button, ButtonKind, Icon, LinkButton, error_state};
use crate::error::AppError;
use crate::format;
use crate::frame::keys;
use crate::rpc;
use crate::session::renewed;
use crate::text::{fill, now, t, title};
use crate::workbench::keyboard;
use crate::workbench::keystrip::{KeyStrip, key_groups, offer_commands};
use crate::workbench::stage::{Stage, StageTools};
use domain::annotation::{AnnotationKind, VerdictKind};
use domain::batch::InspectionView;
use domain::id::BatchId;
use domain::project::ProjectView;
use domain::sampling::wilson;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

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
        <Title text=title(|| now(|t| t.review.title).to_owned())/>
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
                            <StageTools editor=desk.fixing modality narrow=true/>
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
                                        <StageTools editor=author.editor modality narrow=true/>
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
