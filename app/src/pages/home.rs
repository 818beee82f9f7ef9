//! Home: what do I do next? One big button, then my rework with the reviewer's words, my day, my projects.

use crate::components::chart::{Column, columns};
use crate::components::segments::state_bar;
use crate::components::{ButtonKind, Crumb, Empty, Icon, LinkButton, ask, badge, crumbs, icon, loaded};
use crate::text::{fill, now, t};
use crate::workbench::courier;
use crate::{format, lang::use_lang, rpc, session};
use domain::annotation::Reason;
use domain::batch::BatchView;
use domain::claim::{Home, HomeProject, HomeRework};
use domain::policy::{Action, Resource as On};
use domain::project::{ProjectSummary, Status};
use domain::stats::{DayFigures, Figures};
use leptos::prelude::*;
use leptos_router::components::A;

/// The start page of everybody, by roles.
pub fn page() -> AnyView {
    crumbs(vec![Crumb::here(|t| t.shell.home)]);
    let me = session::use_me().get_untracked();
    let (annotates, reviews, manages) =
        me.as_ref().map_or((false, false, false), |me| (me.annotates, me.reviews, me.manages));
    let manages = manages || session::can(Action::Create, On::Projects);
    view! {
        <div class="page">
            <h1 class="visually-hidden">{t(|t| t.shell.home)}</h1>
            {(annotates || !(manages || reviews)).then(annotator)}
            {reviews.then(reviewer)}
            {manages.then(manager)}
        </div>
    }
    .into_any()
}

fn annotator() -> AnyView {
    let home = ask(|| (), |()| rpc::get_home());
    let left = courier::unsent();
    let shown = loaded(home, |home: Home| {
        let Home { projects, rework, today, days } = home;
        view! {
            {start(&projects)}
            <div class="columns">
                {my_rework(rework)}
                {my_day(today, days)}
            </div>
            {my_projects(projects)}
        }
        .into_any()
    });
    view! { {left} {shown} }.into_any()
}

/// The one big button.
fn start(projects: &[HomeProject]) -> AnyView {
    let with_rework = projects.iter().find(|row| row.rework > 0);
    let open = |row: &&HomeProject| row.waiting > 0 && row.project.status == Status::Open;
    let next = with_rework.or_else(|| projects.iter().find(open));
    let Some(row) = next else {
        return view! {
            <section class="panel">
                <Empty title=t(|t| t.project.home_nothing) text=t(|t| t.project.home_nothing_text) picture=Icon::Check>
                    <LinkButton label=t(|t| t.shell.figures) href="/figures" icon_before=Icon::Chart/>
                </Empty>
            </section>
        }
        .into_any();
    };
    let name = row.project.name.clone();
    let (rework, waiting) = (row.rework, row.waiting);
    let words = move || {
        let (pick, n) = if rework > 0 {
            (now(|t| t.project.home_rework_in), u64::from(rework))
        } else {
            (now(|t| t.project.home_in), waiting)
        };
        fill(pick, &[("project", &name), ("n", &format::count(n))])
    };
    let label = move || if rework > 0 { now(|t| t.project.home_rework_start) } else { now(|t| t.project.home_start) };
    view! {
        <section class="panel home-start" aria-labelledby="home-start">
            <h2 id="home-start">{t(|t| t.project.home_title)}</h2>
            <LinkButton
                label=label
                href=format!("/work/{}", row.project.id)
                kind=ButtonKind::Main
                class="btn-huge"
                icon_before=Icon::Play
            />
            <p class="muted">{words}</p>
        </section>
    }
    .into_any()
}

fn my_rework(rework: Vec<HomeRework>) -> AnyView {
    let lang = use_lang();
    let none = rework.is_empty();
    view! {
        <section class="panel" aria-labelledby="home-rework">
            <h2 id="home-rework">{t(|t| t.project.home_rework)}</h2>
            {none.then(|| view! { <p class="muted">{t(|t| t.project.home_rework_none)}</p> })}
            <ul class="rework-list">
                {rework
                    .into_iter()
                    .map(|row| {
                        let reason = row.reason.map(Reason::words);
                        let when = row.returned_at.local_minute();
                        view! {
                            <li>
                                <A href=format!("/work/{}", row.project)>
                                    {icon(Icon::Return)}
                                    <span>
                                        <b>{row.key}</b>
                                        <em>{move || reason.as_ref().map_or_else(|| now(|t| t.project.home_whole_batch).to_owned(), |words| words.get(lang.get()).to_owned())}</em>
                                        {row.comment.map(|words| view! { <q>{words}</q> })}
                                        <small>{row.project_name} " · " {move || fill(now(|t| t.project.home_returned), &[("when", &when)])}</small>
                                    </span>
                                </A>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </section>
    }
    .into_any()
}

/// Figures of a person's day, in the order of interest.
pub fn day_facts(figures: Figures) -> AnyView {
    let lang = use_lang();
    view! {
        <dl class="facts">
            <div><dt>{t(|t| t.project.submitted)}</dt><dd>{format::count(figures.submitted + figures.rework)}</dd></div>
            <div><dt>{t(|t| t.project.active_time)}</dt><dd>{move || if figures.active_ms > 0 { format::about(figures.active_ms, lang.get()) } else { "–".to_owned() }}</dd></div>
            <div><dt>{t(|t| t.project.pace)}</dt><dd>{format::decimal(figures.per_hour())} " " <small>{t(|t| t.words.per_hour)}</small></dd></div>
            <div><dt>{t(|t| t.project.yield_)}</dt><dd>{format::percent(figures.first_pass_yield())}</dd></div>
        </dl>
    }
    .into_any()
}

/// Submits by day as columns, rework in its own colour.
pub fn day_chart(days: Vec<DayFigures>, height: u32) -> AnyView {
    let days: Vec<Column> = days
        .into_iter()
        .map(|row| Column {
            label: row.day.iso(),
            value: row.figures.submitted + row.figures.rework,
            part: row.figures.rework,
        })
        .collect();
    (move || columns(now(|t| t.project.by_day).to_owned(), days.clone(), height)).into_any()
}

fn my_day(today: Figures, days: Vec<DayFigures>) -> AnyView {
    view! {
        <section class="panel" aria-labelledby="home-day">
            <h2 id="home-day">{t(|t| t.project.home_day)}</h2>
            {day_facts(today)}
            {(!days.is_empty()).then(|| view! { <p class="muted chart-title">{t(|t| t.project.home_days)}</p> {day_chart(days, 120)} })}
        </section>
    }
    .into_any()
}

fn my_projects(projects: Vec<HomeProject>) -> AnyView {
    if projects.is_empty() {
        return ().into_any();
    }
    view! {
        <div class="table-box">
            <table class="table">
                <caption>{t(|t| t.project.home_projects)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t(|t| t.project.name)}</th>
                        <th scope="col">{t(|t| t.words.state)}</th>
                        <th scope="col" class="num">{t(|t| t.project.home_rework)}</th>
                        <th scope="col" class="num">{t(|t| t.project.home_waiting)}</th>
                        <th scope="col" class="num">{t(|t| t.project.home_mine_today)}</th>
                    </tr>
                </thead>
                <tbody>
                    {projects
                        .into_iter()
                        .map(|row| view! {
                            <tr>
                                <th scope="row"><A href=format!("/work/{}", row.project.id)>{row.project.name}</A></th>
                                <td>{badge(row.project.status)}</td>
                                <td class="num">{format::count(u64::from(row.rework))}</td>
                                <td class="num">{format::count(row.waiting)}</td>
                                <td class="num">{format::count(row.today)}</td>
                            </tr>
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

fn reviewer() -> AnyView {
    let batches = ask(|| (), |()| rpc::list_reviewable_batches());
    loaded(batches, |batches: Vec<BatchView>| {
        let n = batches.len() as u64;
        view! {
            <section class="panel" aria-labelledby="home-review">
                <div class="panel-head">
                    <h2 id="home-review">{t(|t| t.project.home_review)} " " <span class="muted">{format::count(n)}</span></h2>
                    {(n > 0).then(|| view! { <LinkButton label=t(|t| t.project.home_review_start) href="/review" kind=ButtonKind::Main icon_before=Icon::Review/> })}
                </div>
                {(n == 0).then(|| view! { <p class="muted">{t(|t| t.project.home_review_none)}</p> })}
            </section>
        }
        .into_any()
    })
}

fn manager() -> AnyView {
    let projects = ask(|| (), |()| rpc::list_projects());
    loaded(projects, |projects: Vec<ProjectSummary>| {
        let mut projects: Vec<ProjectSummary> =
            projects.into_iter().filter(|project| project.status != Status::Archived).collect();
        projects.truncate(8);
        let none = projects.is_empty();
        let creates = session::can(Action::Create, On::Projects);
        view! {
            <section class="panel" aria-labelledby="home-projects">
                <div class="panel-head">
                    <h2 id="home-projects">{t(|t| t.project.home_manage)}</h2>
                    <div class="actions">
                        {creates.then(|| view! { <LinkButton label=t(|t| t.project.new_title) href="/projects/new" icon_before=Icon::Plus/> })}
                        <LinkButton label=t(|t| t.words.all) href="/projects" kind=ButtonKind::Quiet/>
                    </div>
                </div>
                {none.then(|| view! { <p class="muted">{t(|t| t.project.list_empty_text)}</p> })}
                <ul class="project-list">
                    {projects
                        .into_iter()
                        .map(|project| view! {
                            <li>
                                <A href=format!("/projects/{}", project.id)>{project.name}</A>
                                {badge(project.status)}
                                {state_bar(project.counts)}
                                <span class="num">{format::count(project.counts.accepted)} " / " {format::count(project.counts.total())}</span>
                            </li>
                        })
                        .collect_view()}
                </ul>
            </section>
        }
        .into_any()
    })
}
