//! Figures: how fast, how good. Annotators see their own, managers their projects', operators all. Group, range and order
//! are in the address or one press away; what is shown can be taken as CSV.

use super::home::{day_chart, day_facts};
use super::organizations::region_name;
use crate::components::{
    Button, ButtonKind, Crumb, Doing, Empty, Icon, Select, Sort, SortHeader, TextField, ask, crumbs, loaded,
    problem_line,
};
use crate::lang::use_lang;
use crate::text::{Pick, fill, now, t};
use crate::{address, browser, format, rpc, session};
use domain::Lang;
use domain::account::PlatformRole;
use domain::project::{ProjectRole, ProjectSummary};
use domain::stats::{Column, Figures, GroupBy, Part, StatsQuery, StatsRow, StatsTable};
use domain::time::Day;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

/// Rows of a table at first, and with each press on more.
const ROWS: usize = 200;

/// A column of figures: its title, and a value as shown.
struct Shown {
    key: &'static str,
    column: Column,
    title: Pick,
    show: fn(&Figures) -> String,
}

const COLUMNS: [Shown; 9] = [
    Shown {
        key: "submitted",
        column: Column::Submitted,
        title: |t| t.figures.submitted,
        show: |f| format::count(f.submitted),
    },
    Shown {
        key: "accepted",
        column: Column::Accepted,
        title: |t| t.figures.accepted,
        show: |f| format::count(f.accepted),
    },
    Shown { key: "rework", column: Column::Rework, title: |t| t.figures.rework, show: |f| format::count(f.rework) },
    Shown {
        key: "returned",
        column: Column::Returned,
        title: |t| t.figures.returned,
        show: |f| format::count(f.returned),
    },
    Shown { key: "skipped", column: Column::Skipped, title: |t| t.figures.skipped, show: |f| format::count(f.skipped) },
    Shown {
        key: "reviewed",
        column: Column::Reviewed,
        title: |t| t.figures.reviewed,
        show: |f| format::count(f.reviewed),
    },
    Shown {
        key: "hours",
        column: Column::Hours,
        title: |t| t.figures.hours,
        show: |f| format::decimal(Some(f.active_hours())),
    },
    Shown { key: "pace", column: Column::Pace, title: |t| t.figures.per_hour, show: |f| format::decimal(f.per_hour()) },
    Shown {
        key: "yield",
        column: Column::Yield,
        title: |t| t.figures.first_pass,
        show: |f| format::percent(f.first_pass_yield()),
    },
];

const GROUPS: [(GroupBy, &str, Pick); 5] = [
    (GroupBy::Person, "person", |t| t.figures.by_person),
    (GroupBy::Organization, "organization", |t| t.figures.by_organization),
    (GroupBy::Region, "region", |t| t.figures.by_region),
    (GroupBy::Project, "project", |t| t.figures.by_project),
    (GroupBy::Day, "day", |t| t.figures.by_day),
];

/// The page, by role.
pub fn page() -> AnyView {
    crumbs(vec![Crumb::here(|t| t.figures.title)]);
    let (operator, manages, annotates) = session::use_me().with_untracked(|me| {
        me.as_ref().map_or((false, false, false), |me| {
            (me.actor.role == PlatformRole::Operator, me.manages, me.annotates || me.reviews)
        })
    });
    view! {
        <div class="page">
            <header class="page-head"><h1>{t(|t| t.figures.title)}</h1></header>
            {(operator || manages).then(|| everybody(operator))}
            {(annotates || !(operator || manages)).then(mine)}
        </div>
    }
    .into_any()
}

/// The person's own figures by day.
fn mine() -> AnyView {
    let (from, to) = (address::query("from"), address::query("to"));
    let mine = ask(move || (Day::parse(&from.get()), Day::parse(&to.get())), |(from, to)| rpc::get_my_stats(from, to));
    view! {
        <section class="panel form" aria-labelledby="mine">
            <h2 id="mine">{t(|t| t.figures.mine)}</h2>
            {range_form(from, to, &[])}
            {loaded(mine, |table: StatsTable| {
                let days = table.days.clone();
                view! {
                    {day_facts(table.total)}
                    {(!days.is_empty()).then(|| day_chart(days, 150))}
                    {figures_table(table, GroupBy::Day, None)}
                }
                .into_any()
            })}
        </section>
    }
    .into_any()
}

/// From, to, and what else stays in the address.
fn range_form(from: Memo<String>, to: Memo<String>, others: &'static [(&'static str, Memo<String>)]) -> AnyView {
    let (since, until) = (RwSignal::new(from.get_untracked()), RwSignal::new(to.get_untracked()));
    let navigate = use_navigate();
    let go = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let (since, until) = (since.get_untracked(), until.get_untracked());
        let kept: Vec<(&str, String)> = others.iter().map(|(name, value)| (*name, value.get_untracked())).collect();
        let mut values: Vec<(&str, &str)> = vec![("from", &since), ("to", &until)];
        values.extend(kept.iter().map(|(name, value)| (*name, value.as_str())));
        navigate(&address::with("/figures", &values), Default::default());
    };
    view! {
        <form class="filters" on:submit=go aria-label=t(|t| t.figures.filters)>
            <TextField id="from" label=t(|t| t.figures.from) kind="date" value=since/>
            <TextField id="to" label=t(|t| t.figures.to) kind="date" value=until/>
            <Button label=t(|t| t.figures.apply) submit=true/>
        </form>
    }
    .into_any()
}

fn everybody(operator: bool) -> AnyView {
    let projects = ask(|| (), |()| rpc::list_projects());
    loaded(projects, move |projects: Vec<ProjectSummary>| {
        let projects: Vec<ProjectSummary> = projects
            .into_iter()
            .filter(|project| operator || matches!(project.role, Some(ProjectRole::Manager | ProjectRole::Acceptor)))
            .collect();
        shown(operator, projects)
    })
}

fn shown(operator: bool, projects: Vec<ProjectSummary>) -> AnyView {
    let (from, to, by, project) =
        (address::query("from"), address::query("to"), address::query("by"), address::query("project"));
    // A manager's figures are those of one project; the first one until another is picked.
    let first = projects.first().map(|project| project.id);
    let asked = move || StatsQuery {
        project: project.get().parse().ok().or(if operator { None } else { first }),
        from: Day::parse(&from.get()),
        to: Day::parse(&to.get()),
        by: GROUPS.iter().find(|(_, code, _)| *code == by.get()).map(|(group, ..)| *group).unwrap_or_default(),
        ..StatsQuery::default()
    };
    if !operator && first.is_none() {
        return view! { <section class="panel"><Empty title=t(|t| t.figures.no_project) picture=Icon::Chart/></section> }.into_any();
    }
    // A part of the rows, since there may be those of a whole province; with the question that it is a part of.
    let figures = ask(asked, |query: StatsQuery| async move {
        let first = part(&first_order(query.by), ROWS);
        let table = rpc::get_stats(query.clone(), Some(first)).await?;
        Ok((query, table))
    });
    let [since, until, group, picked] = [from, to, by, project].map(|value| RwSignal::new(value.get_untracked()));
    if !operator && picked.with_untracked(String::is_empty) {
        picked.set(first.map(|id| id.to_string()).unwrap_or_default());
    }
    let navigate = use_navigate();
    let go = Callback::new(move |()| {
        let values = [since, until, group, picked].map(|value| value.get_untracked());
        let [since, until, group, picked] = values.each_ref();
        let to = address::with("/figures", &[("by", group), ("project", picked), ("from", since), ("to", until)]);
        navigate(&to, Default::default());
    });
    let groups =
        Signal::derive(|| GROUPS.iter().map(|(_, code, word)| ((*code).to_owned(), now(*word).to_owned())).collect());
    let names: Vec<(String, String)> =
        projects.into_iter().map(|project| (project.id.to_string(), project.name)).collect();
    let choices = Signal::derive(move || {
        let all = operator.then(|| (String::new(), now(|t| t.figures.all_projects).to_owned()));
        all.into_iter().chain(names.iter().cloned()).collect()
    });
    view! {
        <form
            class="filters"
            aria-label=t(|t| t.figures.filters)
            on:submit=move |event| {
                event.prevent_default();
                go.run(());
            }
        >
            <Select id="by" label=t(|t| t.figures.by) value=group options=groups on_change=go/>
            <Select id="project" label=t(|t| t.figures.project) value=picked options=choices on_change=go/>
            <TextField id="since" label=t(|t| t.figures.from) kind="date" value=since/>
            <TextField id="until" label=t(|t| t.figures.to) kind="date" value=until/>
            <Button label=t(|t| t.figures.apply) submit=true/>
        </form>
        {loaded(figures, move |(query, table): (StatsQuery, StatsTable)| {
            let days = table.days.clone();
            view! {
                {day_facts(table.total)}
                {(!days.is_empty()).then(|| view! {
                    <section class="panel" aria-labelledby="chart">
                        <h2 id="chart">{t(|t| t.figures.chart)}</h2>
                        {day_chart(days, 140)}
                        <p class="field-hint">{t(|t| t.figures.chart_legend)}</p>
                    </section>
                })}
                {figures_table(table, query.by, Some(query.clone()))}
            }
            .into_any()
        })}
    }
    .into_any()
}

fn row_name(row: &StatsRow, by: GroupBy, lang: Lang) -> String {
    match by {
        GroupBy::Region => region_name(&row.key, lang),
        GroupBy::Person | GroupBy::Organization | GroupBy::Project | GroupBy::Day => row.name.clone(),
    }
}

fn row_detail(row: &StatsRow, by: GroupBy, lang: Lang) -> Option<String> {
    match by {
        GroupBy::Organization => row.detail.as_deref().map(|slug| region_name(slug, lang)),
        GroupBy::Person => row.detail.clone(),
        GroupBy::Region | GroupBy::Project | GroupBy::Day => None,
    }
}

/// What the header in hand orders by.
fn column_of(by: &str) -> Column {
    match by {
        "people" => Column::People,
        by => COLUMNS.iter().find(|shown| shown.key == by).map_or(Column::Name, |shown| shown.column),
    }
}

fn first_order(by: GroupBy) -> Sort {
    if by == GroupBy::Day { Sort::down("name") } else { Sort::down("submitted") }
}

fn part(sort: &Sort, rows: usize) -> Part {
    Part { by: column_of(sort.by), down: sort.down, rows: u32::try_from(rows).unwrap_or(u32::MAX) }
}

fn in_order(mut rows: Vec<StatsRow>, sort: &Sort, by: GroupBy, lang: Lang) -> Vec<StatsRow> {
    match column_of(sort.by) {
        Column::Name if sort.down => rows.sort_by_key(|row| std::cmp::Reverse(row_name(row, by, lang))),
        Column::Name => rows.sort_by_key(|row| row_name(row, by, lang)),
        column => column.sort(&mut rows, sort.down),
    }
    rows
}

/// The rows as a file, all columns as they are shown.
fn csv(rows: &[StatsRow], by: GroupBy, with_people: bool, lang: Lang) -> String {
    let mut head = vec![now(|t| t.figures.name).to_owned(), "key".to_owned()];
    if with_people {
        head.push(now(|t| t.figures.people).to_owned());
    }
    head.extend(COLUMNS.iter().map(|shown| now(shown.title).to_owned()));
    let rows = rows.iter().map(|row| {
        let mut fields = vec![row_name(row, by, lang), row.detail.clone().unwrap_or_else(|| row.key.clone())];
        if with_people {
            fields.push(row.people.to_string());
        }
        // Spreadsheets read plain digits.
        fields.extend(COLUMNS.iter().map(|shown| (shown.show)(&row.figures).replace(',', "")));
        fields
    });
    format::csv(&std::iter::once(head).chain(rows).collect::<Vec<Vec<String>>>())
}

/// The table. Of one that came in part, `of` says what was asked for, so that the rest can be.
fn figures_table(table: StatsTable, by: GroupBy, of: Option<StatsQuery>) -> AnyView {
    let lang = use_lang();
    if table.rows.is_empty() {
        return view! { <Empty title=t(|t| t.figures.empty) text=t(|t| t.figures.empty_text) picture=Icon::Chart/> }
            .into_any();
    }
    let people = matches!(by, GroupBy::Organization | GroupBy::Region | GroupBy::Project);
    let StatsTable { rows, total, left_out, .. } = table;
    let (rows, left_out) = (RwSignal::new(rows), RwSignal::new(left_out));
    let sort = RwSignal::new(first_order(by));
    let shown = RwSignal::new(ROWS);
    let ordered = Memo::new(move |_| {
        let (sort, lang, rows) = (sort.get(), lang.get(), rows.get());
        // A part was put in order where all of it is.
        if left_out.get() > 0 { rows } else { in_order(rows, &sort, by, lang) }
    });
    let of = StoredValue::new(of);
    let (sorting, saving) = (Doing::new(), Doing::new());
    // The order in which the rows came, and how many were asked for.
    let came = StoredValue::new((first_order(by), ROWS));
    let ask_again = move || {
        let Some(query) = of.get_value().filter(|_| left_out.get_untracked() > 0) else { return };
        sorting.run(async move {
            // Another order may be picked meanwhile, and the page may be left.
            while let Some(wanted) = sort.try_get_untracked().zip(shown.try_get_untracked()) {
                let (before, before_shown) = came.get_value();
                if wanted == (before.clone(), before_shown) {
                    break;
                }
                match rpc::get_stats(query.clone(), Some(part(&wanted.0, wanted.1))).await {
                    Ok(table) => {
                        came.try_set_value(wanted);
                        left_out.try_set(table.left_out);
                        rows.try_set(table.rows);
                    }
                    Err(error) => {
                        // The head says how the rows are.
                        sort.try_set(before);
                        shown.try_set(before_shown);
                        return Err(error);
                    }
                }
            }
            Ok(())
        });
    };
    Effect::new(move |before: Option<Sort>| {
        let sort = sort.get();
        if before.is_some_and(|before| before != sort) {
            ask_again();
        }
        sort
    });
    let more = move |()| {
        shown.update(|shown| *shown += ROWS);
        ask_again();
    };
    let download = move |()| {
        let (sort, lang) = (sort.get_untracked(), lang.get_untracked());
        let save = move |rows: Vec<StatsRow>| {
            let file = csv(&rows, by, people, lang);
            browser::save_file("figures.csv", "text/csv;charset=utf-8", &file);
        };
        match of.get_value().filter(|_| left_out.get_untracked() > 0) {
            None => save(ordered.get_untracked()),
            Some(query) => saving.run(async move {
                let table = rpc::get_stats(query, None).await?;
                save(in_order(table.rows, &sort, by, lang));
                Ok(())
            }),
        }
    };
    let is_cut = move || left_out.get() > 0 || ordered.with(Vec::len) > shown.get();
    let here = move || ordered.with(Vec::len).min(shown.get());
    let first: Pick = if by == GroupBy::Day { |t| t.figures.day } else { |t| t.figures.name };
    view! {
        <div class="actions table-actions">
            {problem_line(sorting.sentence())}
            {problem_line(saving.sentence())}
            <Button label=t(|t| t.figures.download) kind=ButtonKind::Quiet icon_before=Icon::Download on_press=download busy=saving.busy/>
        </div>
        <div class="table-box">
            <table class="table">
                <caption class="visually-hidden">{t(|t| t.figures.title)}</caption>
                <thead>
                    <tr>
                        <SortHeader by="name" title=first sort/>
                        {people.then(|| view! { <SortHeader by="people" title=|t| t.figures.people sort number=true/> })}
                        {COLUMNS.iter().map(|shown| view! { <SortHeader by=shown.key title=shown.title sort number=true/> }).collect_view()}
                    </tr>
                </thead>
                <tbody>
                    {move || {
                        let lang = lang.get();
                        ordered
                            .with(|ordered| ordered.iter().take(shown.get()).cloned().collect::<Vec<_>>())
                            .into_iter()
                            .map(|row| {
                                let detail = row_detail(&row, by, lang);
                                view! {
                                    <tr>
                                        <th scope="row">{row_name(&row, by, lang)} {detail.map(|detail| view! { " " <span class="muted">{detail}</span> })}</th>
                                        {people.then(|| view! { <td class="num">{format::count(u64::from(row.people))}</td> })}
                                        {COLUMNS.iter().map(|shown| view! { <td class="num">{(shown.show)(&row.figures)}</td> }).collect_view()}
                                    </tr>
                                }
                            })
                            .collect_view()
                    }}
                </tbody>
                <tfoot>
                    <tr>
                        <th scope="row">{t(|t| t.figures.total)}</th>
                        {people.then(|| view! { <td></td> })}
                        {COLUMNS.iter().map(|shown| view! { <td class="num">{(shown.show)(&total)}</td> }).collect_view()}
                    </tr>
                </tfoot>
            </table>
            {move || is_cut().then(|| view! {
                <div class="table-foot">
                    <span>{move || fill(now(|t| t.words.shown), &[("n", &format::count(here() as u64))])}</span>
                    <Button label=t(|t| t.words.more) on_press=more busy=sorting.busy/>
                </div>
            })}
        </div>
    }
    .into_any()
}
