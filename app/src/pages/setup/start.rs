//! Opening a project for work, and stopping it again.

use super::{Project, Step};
use crate::components::{Button, ButtonKind, Dialog, Doing, Icon, badge, icon, problem_line};
use crate::rpc;
use crate::text::{Pick, t};
use domain::project::{ProjectChange, ProjectView, Status};
use leptos::prelude::*;
use leptos_router::components::A;

/// What must be there: its name, what to say while it is missing, where to make it, whether it is there.
type Check = (Pick, Pick, Step, fn(&ProjectView) -> bool);

pub(super) fn content(project: Project) -> AnyView {
    let doing = Doing::new();
    let asks = RwSignal::new(false);
    let to = move |status: Status| {
        doing.run(async move {
            let change = ProjectChange { status: Some(status), ..ProjectChange::default() };
            project.0.set(rpc::change_project(project.id(), change).await?);
            asks.set(false);
            Ok(())
        });
    };
    let checks: [Check; 4] = [
        (|t| t.project.step_data, |t| t.project.start_missing_data, Step::Data, |view| view.summary.counts.total() > 0),
        (|t| t.project.step_schema, |t| t.project.start_missing_schema, Step::Schema, |view| view.schema_version > 0),
        (
            |t| t.words.role_annotator,
            |t| t.project.start_missing_people,
            Step::People,
            |view| view.members.annotators > 0,
        ),
        (
            |t| t.words.role_reviewer,
            |t| t.project.start_missing_review,
            Step::People,
            |view| view.members.reviewers > 0,
        ),
    ];
    let list = move || {
        project.0.with(|view| {
            checks
                .into_iter()
                .map(|(good, bad, step, fits)| {
                    if fits(view) {
                        view! { <li class="tone-green check-line">{icon(Icon::Check)} <span>{t(good)}</span></li> }.into_any()
                    } else {
                        view! { <li class="tone-amber check-line">{icon(Icon::Alert)} <A href=project.at(&format!("/setup/{}", step.code()))>{t(bad)}</A></li> }.into_any()
                    }
                })
                .collect_view()
        })
    };
    // Without a schema or data there is nothing that anybody could do.
    let ready =
        Signal::derive(move || project.0.with(|view| view.schema_version > 0 && view.summary.counts.total() > 0));
    let words = move || match project.0.with(|view| view.summary.status) {
        Status::Setup => t(|t| t.project.start_text)(),
        Status::Open => t(|t| t.project.start_is_open)(),
        Status::Paused => t(|t| t.project.start_is_paused)(),
        Status::Archived => t(|t| t.project.start_is_archived)(),
    };
    let buttons = move || {
        match project.0.with(|view| view.summary.status) {
        Status::Setup => view! {
            <Button label=t(|t| t.project.start_open) kind=ButtonKind::Main icon_before=Icon::Play busy=doing.busy disabled=Signal::derive(move || !ready.get()) on_press=move |()| to(Status::Open)/>
        }
        .into_any(),
        Status::Open => view! {
            <Button label=t(|t| t.project.start_pause) icon_before=Icon::Pause busy=doing.busy on_press=move |()| to(Status::Paused)/>
            <Button label=t(|t| t.project.start_archive) icon_before=Icon::File on_press=move |()| asks.set(true)/>
        }
        .into_any(),
        Status::Paused => view! {
            <Button label=t(|t| t.project.start_resume) kind=ButtonKind::Main icon_before=Icon::Play busy=doing.busy on_press=move |()| to(Status::Open)/>
            <Button label=t(|t| t.project.start_archive) icon_before=Icon::File on_press=move |()| asks.set(true)/>
        }
        .into_any(),
        Status::Archived => view! {
            <Button label=t(|t| t.project.start_resume) icon_before=Icon::Play busy=doing.busy on_press=move |()| to(Status::Open)/>
        }
        .into_any(),
    }
    };
    view! {
        <section class="panel form" aria-labelledby="start-title">
            <div class="panel-head">
                <h2 id="start-title">{t(|t| t.project.start_title)}</h2>
                {move || badge(project.0.with(|view| view.summary.status))}
            </div>
            <ul class="check-list">{list}</ul>
            <p>{words}</p>
            {problem_line(doing.sentence())}
            <div class="actions">{buttons}</div>
        </section>
        <Dialog open=asks title=t(|t| t.project.start_archive)>
            <div class="form">
                <p>{t(|t| t.project.start_archive_ask)}</p>
                <div class="actions">
                    <Button label=t(|t| t.project.start_archive) kind=ButtonKind::Danger busy=doing.busy on_press=move |()| to(Status::Archived)/>
                    <Button label=t(|t| t.words.cancel) on_press=move |()| asks.set(false)/>
                </div>
            </div>
        </Dialog>
    }
    .into_any()
}
