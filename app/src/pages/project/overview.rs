//! Where does the project stand and what holds it?

use super::{Project, head};
use crate::components::segments::states;
use crate::components::{ButtonKind, Crumb, Icon, LinkButton, ask, badge, crumbs, icon, loaded};
use crate::pages::home::day_chart;
use crate::pages::setup::{Step, missing};
use crate::text::{Pick, fill, now, t};
use crate::{format, rpc};
use domain::Page;
use domain::batch::{BatchQuery, BatchView};
use domain::item::ItemState;
use domain::policy::Action;
use domain::project::{ProjectRole, ProjectView, Status};
use domain::stats::{GroupBy, StatsQuery, StatsTable};
use leptos::prelude::*;
use leptos_router::components::A;

/// The overview.
pub fn page(project: Project) -> AnyView {
    crumbs(vec![Crumb::new(|t| t.shell.projects, "/projects"), Crumb::here_named(project.name())]);
    let role = project.0.with_untracked(|view| view.summary.role);
    let open = project.0.with_untracked(|view| view.summary.status == Status::Open);
    let actions = view! {
        <div class="actions">
            {(role == Some(ProjectRole::Annotator) && open).then(|| view! { <LinkButton label=t(|t| t.project.start_labeling) href=format!("/work/{}", project.id()) kind=ButtonKind::Main icon_before=Icon::Play/> })}
            {(role == Some(ProjectRole::Reviewer)).then(|| view! { <LinkButton label=t(|t| t.project.go_review) href="/review" kind=ButtonKind::Main icon_before=Icon::Review/> })}
        </div>
    };
    let view = project.0.get_untracked();
    view! {
        <div class="page">
            {head(project, "", actions.into_any())}
            {left_to_do(project, &view)}
            <section class="panel" aria-labelledby="stands">
                <h2 id="stands">{t(|t| t.project.where_it_stands)}</h2>
                {states(view.summary.counts, move |state: ItemState| {
                    project.can(Action::Change).then(|| format!("{}?state={}", project.at("/items"), state.code()))
                })}
            </section>
            <div class="columns">
                {project.can(Action::Measure).then(|| pace(project, &view))}
                {people(project, &view)}
            </div>
            {(project.can(Action::Change) || project.can(Action::Create)).then(|| lots(project))}
            {guideline(&view)}
        </div>
    }
    .into_any()
}

/// The steps that are missing before work can begin, for who can take them.
fn left_to_do(project: Project, view: &ProjectView) -> AnyView {
    let left = missing(view);
    if view.summary.status != Status::Setup || !project.can(Action::Change) {
        return ().into_any();
    }
    view! {
        <section class="panel" aria-labelledby="left">
            <h2 id="left">{t(|t| t.project.setup_left)}</h2>
            <ul class="actions">
                {left
                    .into_iter()
                    .chain([Step::Start])
                    .map(|step| view! { <li><LinkButton label=t(step.title()) href=project.at(&format!("/setup/{}", step.code())) icon_before=step.icon()/></li> })
                    .collect_view()}
            </ul>
        </section>
    }
    .into_any()
}

fn pace(project: Project, view: &ProjectView) -> AnyView {
    // Its days and their total: not its people, of whom there may be twenty thousand.
    let query = StatsQuery { project: Some(project.id()), by: GroupBy::Day, ..StatsQuery::default() };
    let stats = ask(move || query.clone(), |query| rpc::get_stats(query, None));
    let counts = view.summary.counts;
    let left = counts.open * u64::from(view.settings.overlap) + counts.rework;
    let begun = counts.total() > 0;
    view! {
        <section class="panel" aria-labelledby="pace">
            <h2 id="pace">{t(|t| t.project.rate)}</h2>
            {loaded(stats, move |table: StatsTable| {
                let StatsTable { days, total, .. } = table;
                // Days on which nobody worked say nothing about the pace of those on which people do.
                let worked: Vec<u64> = days
                    .iter()
                    .rev()
                    .map(|row| row.figures.submitted + row.figures.rework)
                    .filter(|n| *n > 0)
                    .take(7)
                    .collect();
                let n = worked.len() as u64;
                let rate = worked.iter().sum::<u64>().checked_div(n).unwrap_or(0);
                let finish = move || match (left, rate) {
                    (0, _) if begun => now(|t| t.project.finish_done).to_owned(),
                    (_, 0) => now(|t| t.project.finish_unknown).to_owned(),
                    _ => fill(now(|t| t.project.finish_days), &[("d", &format::count(left.div_ceil(rate)))]),
                };
                let recent: Vec<_> = days.into_iter().rev().take(30).rev().collect();
                view! {
                    <dl class="facts">
                        <div><dt>{t(|t| t.project.rate)}</dt><dd>{move || if rate > 0 { fill(now(|t| t.project.per_day), &[("n", &format::count(rate))]) } else { "–".to_owned() }}</dd></div>
                        <div><dt>{t(|t| t.project.finish)}</dt><dd>{finish}</dd></div>
                        <div><dt>{t(|t| t.project.yield_)}</dt><dd>{format::percent(total.first_pass_yield())}</dd></div>
                    </dl>
                    {(rate > 0 && left > 0).then(|| view! {
                        <p class="field-hint">
                            {move || fill(now(|t| t.project.finish_basis), &[("n", &n.to_string()), ("left", &format::count(left))])}
                            {(n == 1).then(|| view! { " " {t(|t| t.project.finish_rough)} })}
                        </p>
                    })}
                    {(!recent.is_empty()).then(|| day_chart(recent, 110))}
                }
                .into_any()
            })}
        </section>
    }
    .into_any()
}

fn people(project: Project, view: &ProjectView) -> AnyView {
    let members = view.members;
    let rows: [(Pick, u32); 4] = [
        (|t| t.words.role_manager, members.managers),
        (|t| t.words.role_reviewer, members.reviewers),
        (|t| t.words.role_annotator, members.annotators),
        (|t| t.words.role_acceptor, members.acceptors),
    ];
    let administers = project.can(Action::Administer);
    view! {
        <section class="panel" aria-labelledby="people">
            <div class="panel-head">
                <h2 id="people">{t(|t| t.project.people_here)}</h2>
                {administers.then(|| view! { <LinkButton label=t(|t| t.project.members_title) href=project.at("/setup/people") kind=ButtonKind::Quiet icon_before=Icon::People/> })}
            </div>
            <dl class="facts">
                {rows.into_iter().map(|(word, n)| view! { <div><dt>{t(word)}</dt><dd>{n}</dd></div> }).collect_view()}
            </dl>
        </section>
    }
    .into_any()
}

fn lots(project: Project) -> AnyView {
    let batches = ask(
        || BatchQuery { limit: Some(5), ..BatchQuery::default() },
        move |query| rpc::list_batches(project.id(), query),
    );
    view! {
        <section class="panel" aria-labelledby="lots">
            <div class="panel-head">
                <h2 id="lots">{t(|t| t.project.recent_batches)}</h2>
                <LinkButton label=t(|t| t.project.all_batches) href=project.at("/batches") kind=ButtonKind::Quiet/>
            </div>
            {loaded(batches, |Page { rows: batches, .. }: Page<BatchView>| {
                if batches.is_empty() {
                    return view! { <p class="muted">{t(|t| t.project.batches_empty_text)}</p> }.into_any();
                }
                view! {
                    <ul class="project-list">
                        {batches
                            .into_iter()
                            .map(|batch| {
                                let (number, size) = (batch.number.to_string(), format::count(u64::from(batch.size)));
                                view! {
                                    <li>
                                        <A href=format!("/review/{}", batch.id)>{move || fill(now(|t| t.project.batch_n), &[("n", &number)])}</A>
                                        {badge(batch.state)}
                                        <span>{move || fill(now(|t| t.words.items), &[("n", &size)])}</span>
                                        <span class="muted">{batch.created_at.local_minute()}</span>
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ul>
                }
                .into_any()
            })}
        </section>
    }
    .into_any()
}

fn guideline(view: &ProjectView) -> AnyView {
    let version = view.guideline_version.to_string();
    let none = view.guideline_html.trim().is_empty();
    // Made safe where it was rendered; see `engine::project::render_markdown`.
    let html = view.guideline_html.clone();
    view! {
        <details class="panel fold">
            <summary>
                {icon(Icon::Help)}
                <b>{t(|t| t.project.guideline)}</b>
                <span class="muted">{move || if none { now(|t| t.project.guideline_none).to_owned() } else { fill(now(|t| t.project.guideline_version), &[("n", &version)]) }}</span>
            </summary>
            <div class="prose" inner_html=html></div>
        </details>
    }
    .into_any()
}
