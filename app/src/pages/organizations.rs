//! Organizations with their region and teams.

use crate::components::{
    Button, ButtonKind, Crumb, Dialog, Doing, Empty, Icon, Select, Sort, SortHeader, TextField, ask, crumbs, loaded,
    problem_line, toast,
};
use crate::lang::use_lang;
use crate::text::{now, t};
use crate::{address, format, rpc};
use domain::Lang;
use domain::organization::{OrganizationView, REGIONS};
use leptos::prelude::*;
use leptos_router::components::A;

/// A region's name by its slug.
pub fn region_name(slug: &str, lang: Lang) -> String {
    REGIONS
        .iter()
        .find(|(known, ..)| *known == slug)
        .map_or(slug, |(_, zh, en, _)| if lang == Lang::Zh { zh } else { en })
        .to_owned()
}

/// The page.
pub fn page() -> AnyView {
    crumbs(vec![Crumb::here(|t| t.people.organizations_title)]);
    let organizations = ask(|| (), |()| rpc::list_organizations());
    let creating = RwSignal::new(false);
    let again = Callback::new(move |()| organizations.refetch());
    view! {
        <div class="page">
            <header class="page-head">
                <h1>{t(|t| t.people.organizations_title)}</h1>
                <div class="actions"><Button label=t(|t| t.people.organization_new) kind=ButtonKind::Main icon_before=Icon::Plus on_press=move |()| creating.set(true)/></div>
            </header>
            {loaded(organizations, move |list: Vec<OrganizationView>| table(list, creating, again))}
            {new(creating, again)}
        </div>
    }
    .into_any()
}

fn table(list: Vec<OrganizationView>, creating: RwSignal<bool>, again: Callback<()>) -> AnyView {
    if list.is_empty() {
        return view! {
            <section class="panel">
                <Empty title=t(|t| t.people.organizations_empty) text=t(|t| t.people.organizations_empty_text) picture=Icon::Organization>
                    <Button label=t(|t| t.people.organization_new) kind=ButtonKind::Main icon_before=Icon::Plus on_press=move |()| creating.set(true)/>
                </Empty>
            </section>
        }
        .into_any();
    }
    let sort = RwSignal::new(Sort::up("name"));
    let words = RwSignal::new(String::new());
    let teaming = RwSignal::new(None::<OrganizationView>);
    let place = |slug: &str| REGIONS.iter().position(|(known, ..)| *known == slug);
    let rows = move || {
        let words = words.get().to_lowercase();
        let mut rows: Vec<OrganizationView> =
            list.iter().filter(|row| row.name.to_lowercase().contains(words.trim())).cloned().collect();
        let sort = sort.get();
        match sort.by {
            "region" => rows.sort_by_key(|row| place(&row.region)),
            "people" => rows.sort_by_key(|row| row.people),
            _ => rows.sort_by(|a, b| a.name.cmp(&b.name)),
        }
        if sort.down {
            rows.reverse();
        }
        rows.into_iter().map(|row| line(row, teaming)).collect_view()
    };
    view! {
        <div class="filters">
            <TextField id="organization-search" label=t(|t| t.words.search) placeholder=t(|t| t.words.search) hide_label=true kind="search" value=words/>
        </div>
        <div class="table-box">
            <table class="table">
                <caption class="visually-hidden">{t(|t| t.people.organizations_title)}</caption>
                <thead>
                    <tr>
                        <SortHeader by="name" title=|t| t.people.organization_name sort/>
                        <SortHeader by="region" title=|t| t.words.region sort/>
                        <th scope="col">{t(|t| t.people.teams)}</th>
                        <SortHeader by="people" title=|t| t.people.people_count sort number=true/>
                        <th scope="col"><span class="visually-hidden">{t(|t| t.words.actions)}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {new_team(teaming, again)}
    }
    .into_any()
}

fn line(row: OrganizationView, teaming: RwSignal<Option<OrganizationView>>) -> AnyView {
    let lang = use_lang();
    let own = row.clone();
    let region = row.region.clone();
    let teams: Vec<String> = row.teams.into_iter().map(|team| team.name).collect();
    view! {
        <tr>
            <th scope="row">{row.name}</th>
            <td>{move || region_name(&region, lang.get())}</td>
            <td class="cell-clip" title=teams.join("、")>{teams.join("、")}</td>
            <td class="num"><A href=address::with("/people", &[("organization", &row.id.to_string())])>{format::count(u64::from(row.people))}</A></td>
            <td class="row-actions"><Button label=t(|t| t.people.team_new) kind=ButtonKind::Quiet class="btn-small" icon_before=Icon::Plus on_press=move |()| teaming.set(Some(own.clone()))/></td>
        </tr>
    }
    .into_any()
}

fn new(open: RwSignal<bool>, again: Callback<()>) -> AnyView {
    let lang = use_lang();
    let name = RwSignal::new(String::new());
    let region = RwSignal::new("guiyang".to_owned());
    let doing = Doing::new();
    let regions = Signal::derive(move || {
        let lang = lang.get();
        REGIONS.iter().map(|(slug, ..)| ((*slug).to_owned(), region_name(slug, lang))).collect::<Vec<_>>()
    });
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        doing.run(async move {
            rpc::create_organization(name.get_untracked().trim().to_owned(), region.get_untracked()).await?;
            name.set(String::new());
            open.set(false);
            toast(now(|t| t.words.saved));
            again.run(());
            Ok(())
        });
    };
    view! {
        <Dialog open title=t(|t| t.people.organization_new)>
            <form class="form" on:submit=send>
                <TextField id="organization-name" label=t(|t| t.people.organization_name) value=name error=doing.at("name")/>
                <Select id="organization-region" label=t(|t| t.words.region) value=region options=regions/>
                {problem_line(doing.sentence())}
                <div class="actions">
                    <Button label=t(|t| t.words.create) kind=ButtonKind::Main submit=true busy=doing.busy/>
                    <Button label=t(|t| t.words.cancel) on_press=move |()| open.set(false)/>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

fn new_team(teaming: RwSignal<Option<OrganizationView>>, again: Callback<()>) -> AnyView {
    let open = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    let doing = Doing::new();
    Effect::new(move |_| {
        if teaming.with(Option::is_some) {
            name.set(String::new());
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            teaming.set(None);
        }
    });
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Some(organization) = teaming.get_untracked() else { return };
        doing.run(async move {
            rpc::create_team(organization.id, name.get_untracked().trim().to_owned()).await?;
            open.set(false);
            toast(now(|t| t.words.saved));
            again.run(());
            Ok(())
        });
    };
    view! {
        <Dialog open title=t(|t| t.people.team_new)>
            <form class="form" on:submit=send>
                <p>{move || teaming.with(|row| row.as_ref().map(|row| row.name.clone()))}</p>
                <TextField id="team-name" label=t(|t| t.people.team_name) value=name error=doing.at("name")/>
                {problem_line(doing.sentence())}
                <div class="actions">
                    <Button label=t(|t| t.words.create) kind=ButtonKind::Main submit=true busy=doing.busy/>
                    <Button label=t(|t| t.words.cancel) on_press=move |()| open.set(false)/>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}
