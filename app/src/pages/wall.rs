//! The wall: how many against the goal, region by region, firm by firm. Made to hang in a hall: it renews itself.

use super::organizations::region_name;
use crate::components::{Crumb, ask, crumbs, loaded};
use crate::lang::use_lang;
use crate::text::{Pick, fill, now, t};
use crate::{format, rpc};
use domain::stats::{Wall, WallRow};
use leptos::leptos_dom::helpers::set_interval_with_handle;
use leptos::prelude::*;
use std::time::Duration;

/// The page.
pub fn page() -> AnyView {
    crumbs(vec![Crumb::here(|t| t.shell.wall)]);
    let wall = ask(|| (), |()| rpc::get_wall());
    Effect::new(move |_| {
        if let Ok(ticking) = set_interval_with_handle(move || wall.refetch(), Duration::from_secs(30)) {
            on_cleanup(move || ticking.clear());
        }
    });
    view! { <div class="page wall">{loaded(wall, show)}</div> }.into_any()
}

fn show(wall: Wall) -> AnyView {
    let goal = wall.goal;
    let share = (goal > 0).then(|| f64::from(wall.people) / f64::from(goal));
    let facts: [(Pick, String); 6] = [
        (|t| t.figures.wall_people, format::count(u64::from(wall.people))),
        (|t| t.figures.wall_share, format::percent(share)),
        (|t| t.figures.wall_working, format::count(u64::from(wall.working_today))),
        (|t| t.figures.wall_submitted, format::count(wall.today.submitted + wall.today.rework)),
        (|t| t.figures.wall_accepted, format::count(wall.today.accepted)),
        (|t| t.figures.wall_pace, format::decimal(wall.today.per_hour())),
    ];
    let goal_words = move || fill(now(|t| t.figures.wall_goal), &[("goal", &format::count(u64::from(goal)))]);
    let none = wall.organizations.is_empty();
    view! {
        <header class="page-head">
            <h1>{t(|t| t.figures.wall_title)}</h1>
            <span class="muted">{t(|t| t.figures.wall_updated)}</span>
        </header>
        <section class="panel" aria-label=goal_words>
            <dl class="facts wall-facts">
                {facts.into_iter().map(|(word, n)| view! { <div><dt>{t(word)}</dt><dd>{n}</dd></div> }).collect_view()}
            </dl>
            <div class="progress-track wall-goal" role="img" aria-label=goal_words>
                <div class="progress-bar" style:width=format!("{:.2}%", share.unwrap_or(0.0).min(1.0) * 100.0)></div>
            </div>
            <p class="progress-words">{goal_words}</p>
        </section>
        <div class="columns">
            {rows(|t| t.figures.wall_regions, wall.regions)}
            <div>
                {rows(|t| t.figures.wall_organizations, wall.organizations)}
                {none.then(|| view! { <p class="muted">{t(|t| t.figures.wall_organizations_empty)}</p> })}
            </div>
        </div>
    }
    .into_any()
}

fn rows(title: Pick, rows: Vec<WallRow>) -> AnyView {
    let lang = use_lang();
    if rows.is_empty() {
        return ().into_any();
    }
    let top = rows.iter().map(|row| row.people).max().unwrap_or(0).max(1);
    view! {
        // Nothing inside takes the focus, so that arrows could scroll it: the box does.
        <div class="table-box" tabindex="0" role="region" aria-label=t(title)>
            <table class="table">
                <caption>{t(title)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t(|t| t.figures.name)}</th>
                        <th scope="col" class="num">{t(|t| t.figures.wall_people)}</th>
                        <th scope="col" class="num">{t(|t| t.figures.wall_working)}</th>
                        <th scope="col" class="num">{t(|t| t.figures.wall_submitted)}</th>
                        <th scope="col" class="num">{t(|t| t.figures.wall_accepted)}</th>
                    </tr>
                </thead>
                <tbody>
                    {rows
                        .into_iter()
                        .map(|row| {
                            let region = row.region.clone();
                            view! {
                                <tr>
                                    <th scope="row">
                                        <span class="wall-name">{let name = row.name.clone(); move || name.get(lang.get()).to_owned()}</span>
                                        {region.map(|slug| view! { <span class="muted">" " {move || region_name(&slug, lang.get())}</span> })}
                                        <span class="wall-bar" aria-hidden="true"><i style:width=format!("{:.1}%", f64::from(row.people) * 100.0 / f64::from(top))></i></span>
                                    </th>
                                    <td class="num">{format::count(u64::from(row.people))}</td>
                                    <td class="num">{format::count(u64::from(row.working_today))}</td>
                                    <td class="num">{format::count(row.today.submitted + row.today.rework)}</td>
                                    <td class="num">{format::count(row.today.accepted)}</td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
    .into_any()
}
