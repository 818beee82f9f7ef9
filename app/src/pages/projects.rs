//! The list of projects, and the form that opens a new one.

use crate::components::badge::{modality_word, role_word};
use crate::components::chips::Chip;
use crate::components::segments::state_bar;
use crate::components::{
    Button, ButtonKind, Chips, Crumb, Doing, Empty, Icon, LinkButton, Select, Sort, SortHeader, TextField, ask, badge,
    crumbs, loaded, problem_line,
};
use crate::lang::use_lang;
use crate::text::{Pick, now, t};
use crate::{address, format, rpc, session};
use domain::lang::Words;
use domain::policy::{Action, Resource as On};
use domain::project::field::{DOMAINS, FIELDS};
use domain::project::{Modality, NewProject, ProjectSummary, Settings, Status};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

const STATUSES: [(Status, &str, Pick); 4] = [
    (Status::Setup, "setup", |t| t.words.status_setup),
    (Status::Open, "open", |t| t.words.status_open),
    (Status::Paused, "paused", |t| t.words.status_paused),
    (Status::Archived, "archived", |t| t.words.status_archived),
];

/// Every project that the person may see.
pub fn page() -> AnyView {
    crumbs(vec![Crumb::here(|t| t.shell.projects)]);
    let projects = ask(|| (), |()| rpc::list_projects());
    let creates = session::can(Action::Create, On::Projects);
    view! {
        <div class="page">
            <header class="page-head">
                <h1>{t(|t| t.project.title)}</h1>
                {creates.then(|| view! { <div class="actions"><LinkButton label=t(|t| t.project.new_title) href="/projects/new" kind=ButtonKind::Main icon_before=Icon::Plus/></div> })}
            </header>
            {loaded(projects, move |projects| list(projects, creates))}
        </div>
    }
    .into_any()
}

fn list(projects: Vec<ProjectSummary>, creates: bool) -> AnyView {
    if projects.is_empty() {
        return if creates {
            view! {
                <section class="panel">
                    <Empty title=t(|t| t.project.list_empty) text=t(|t| t.project.list_empty_text) picture=Icon::Projects>
                        <LinkButton label=t(|t| t.project.new_title) href="/projects/new" kind=ButtonKind::Main icon_before=Icon::Plus/>
                    </Empty>
                </section>
            }
            .into_any()
        } else {
            view! { <section class="panel"><Empty title=t(|t| t.project.list_empty) text=t(|t| t.project.list_empty_member) picture=Icon::Projects/></section> }.into_any()
        };
    }
    let status = address::query("status");
    let words = RwSignal::new(String::new());
    let sort = RwSignal::new(Sort::down("created"));
    let counts: Vec<(Status, u64)> = STATUSES
        .iter()
        .map(|(status, ..)| (*status, projects.iter().filter(|project| project.status == *status).count() as u64))
        .collect();
    let chips = Signal::derive(move || {
        let on = status.get();
        let all =
            Chip { label: t(|t| t.words.all).into(), count: None, href: "/projects".to_owned(), on: on.is_empty() };
        let each = STATUSES.iter().zip(&counts).filter(|(_, (_, n))| *n > 0).map(|((_, code, word), (_, n))| Chip {
            label: t(*word).into(),
            count: Some(*n),
            href: address::with("/projects", &[("status", code)]),
            on: on == *code,
        });
        std::iter::once(all).chain(each).collect::<Vec<_>>()
    });
    let rows = Memo::new(move |_| {
        let (status, words, sort) = (status.get(), words.get().to_lowercase(), sort.get());
        let mut rows: Vec<ProjectSummary> = projects
            .iter()
            .filter(|row| {
                STATUSES.iter().any(|(known, code, _)| *known == row.status && (status.is_empty() || *code == status))
            })
            .filter(|row| row.name.to_lowercase().contains(words.trim()))
            .cloned()
            .collect();
        match sort.by {
            "name" => rows.sort_by(|a, b| a.name.cmp(&b.name)),
            "items" => rows.sort_by_key(|row| row.counts.total()),
            _ => rows.sort_by_key(|row| row.created_at),
        }
        if sort.down {
            rows.reverse();
        }
        rows
    });
    view! {
        <div class="filters">
            <Chips label=t(|t| t.project.filter_status) chips/>
            <TextField id="project-search" label=t(|t| t.project.search) placeholder=t(|t| t.project.search) hide_label=true kind="search" value=words/>
        </div>
        <div class="table-box">
            <table class="table">
                <caption class="visually-hidden">{t(|t| t.project.title)}</caption>
                <thead>
                    <tr>
                        <SortHeader by="name" title=|t| t.project.name sort/>
                        <th scope="col">{t(|t| t.words.state)}</th>
                        <th scope="col">{t(|t| t.project.modality)}</th>
                        <th scope="col">{t(|t| t.project.field)}</th>
                        <th scope="col">{t(|t| t.project.my_role)}</th>
                        <th scope="col" class="wide">{t(|t| t.project.progress)}</th>
                        <SortHeader by="items" title=|t| t.project.items sort number=true/>
                        <SortHeader by="created" title=|t| t.words.created_at sort/>
                    </tr>
                </thead>
                <tbody>
                    {move || rows.get().into_iter().map(row).collect_view()}
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(project: ProjectSummary) -> AnyView {
    let lang = use_lang();
    let field = project.field.as_deref().and_then(domain::project::field::title);
    view! {
        <tr>
            <th scope="row"><A href=format!("/projects/{}", project.id)>{project.name}</A></th>
            <td>{badge(project.status)}</td>
            <td>{t(modality_word(project.modality))}</td>
            <td>{move || field.as_ref().map(|words: &Words| words.get(lang.get()).to_owned())}</td>
            <td>{project.role.map(|role| t(role_word(role)))}</td>
            <td class="wide">{state_bar(project.counts)}</td>
            <td class="num">{format::count(project.counts.total())}</td>
            <td>{project.created_at.local_minute()}</td>
        </tr>
    }
    .into_any()
}

/// The words of every industry field and domain, for a list to choose from.
pub fn field_options() -> Signal<Vec<(String, String)>> {
    let lang = use_lang();
    Signal::derive(move || {
        let lang = lang.get();
        let name = |zh: &str, en: &str| if lang == domain::Lang::Zh { zh.to_owned() } else { en.to_owned() };
        let all = FIELDS.iter().chain(DOMAINS.iter()).map(|(slug, zh, en)| ((*slug).to_owned(), name(zh, en)));
        std::iter::once((String::new(), now(|t| t.project.field_none).to_owned())).chain(all).collect()
    })
}

/// A new project: the three things that must be known at the start; everything else is set up afterwards.
pub fn new_page() -> AnyView {
    crumbs(vec![Crumb::new(|t| t.shell.projects, "/projects"), Crumb::here(|t| t.project.new_title)]);
    let name = RwSignal::new(String::new());
    let image = RwSignal::new(false);
    let field = RwSignal::new(String::new());
    let doing = Doing::new();
    let navigate = use_navigate();
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let navigate = navigate.clone();
        let project = NewProject {
            name: name.get_untracked().trim().to_owned(),
            modality: if image.get_untracked() { Modality::Image } else { Modality::Text },
            field: Some(field.get_untracked()).filter(|slug| !slug.is_empty()),
            schema: None,
            guideline: None,
            settings: Settings::default(),
        };
        doing.run(async move {
            let made = rpc::create_project(project).await?;
            navigate(&format!("/projects/{}/setup/data", made.summary.id), Default::default());
            Ok(())
        });
    };
    view! {
        <div class="page narrow">
            <header class="page-head"><h1>{t(|t| t.project.new_title)}</h1></header>
            <form class="form panel" on:submit=send>
                <TextField id="name" label=t(|t| t.project.name) hint=t(|t| t.project.name_hint) value=name autofocus=true error=doing.at("name")/>
                <fieldset>
                    <legend>{t(|t| t.project.modality)}</legend>
                    <p class="field-hint">{t(|t| t.project.modality_fixed)}</p>
                    <div class="radio-cards">
                        <label>
                            <input type="radio" name="modality" checked=true on:change=move |_| image.set(false)/>
                            <span>{t(|t| t.words.modality_text)}</span>
                            <small>{t(|t| t.project.modality_text_hint)}</small>
                        </label>
                        <label>
                            <input type="radio" name="modality" on:change=move |_| image.set(true)/>
                            <span>{t(|t| t.words.modality_image)}</span>
                            <small>{t(|t| t.project.modality_image_hint)}</small>
                        </label>
                    </div>
                </fieldset>
                <Select id="field" label=t(|t| t.project.field) value=field options=field_options()/>
                {problem_line(doing.sentence())}
                <div class="actions">
                    <Button label=t(|t| t.project.create) kind=ButtonKind::Main submit=true busy=doing.busy/>
                    <LinkButton label=t(|t| t.words.cancel) href="/projects"/>
                </div>
            </form>
        </div>
    }
    .into_any()
}
