//! People: find, create, import, switch on and off, reset a password.

use crate::components::badge::platform_word;
use crate::components::{
    Button, ButtonKind, Crumb, Dialog, Doing, Empty, Icon, Paged, Select, TextField, Tone, ask, crumbs, icon, loaded,
    problem_line, search_form, toast,
};
use crate::pages::roster;
use crate::text::{Pick, fill, now, t};
use crate::{address, browser, rpc, session};
use domain::Page;
use domain::account::{NewPerson, PeopleQuery, PersonView, PlatformRole};
use domain::organization::OrganizationView;
use domain::policy::{Action, Resource as On};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

const ROLES: [(PlatformRole, &str); 3] =
    [(PlatformRole::Member, "member"), (PlatformRole::Manager, "manager"), (PlatformRole::Operator, "operator")];

/// What the rows and dialogs of the page share.
#[derive(Clone, Copy)]
struct Hand {
    rows: RwSignal<Vec<PersonView>>,
    picked: RwSignal<Option<PersonView>>,
    asks: RwSignal<Option<Ask>>,
    administers: bool,
}

/// What is asked before it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ask {
    Deactivate,
    Reset,
}

/// The page.
pub fn page() -> AnyView {
    crumbs(vec![Crumb::here(|t| t.people.title)]);
    let administers = session::can(Action::Create, On::People { own: false });
    let search = address::query("search");
    let organization = address::query("organization");
    let active = address::query("active");
    let query = move || PeopleQuery {
        search: Some(search.get()).filter(|text| !text.is_empty()),
        organization: organization.get().parse().ok(),
        active: match active.get().as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
        after: None,
        limit: Some(100),
    };
    let first = ask(query, rpc::list_people);
    let organizations = ask(|| (), |()| rpc::list_organizations());
    let creating = RwSignal::new(false);
    let importing = RwSignal::new(false);
    let again = Callback::new(move |()| first.refetch());
    view! {
        <div class="page">
            <header class="page-head">
                <h1>{t(|t| t.people.title)}</h1>
                {administers.then(|| view! {
                    <div class="actions">
                        <Button label=t(|t| t.people.roster) icon_before=Icon::Upload on_press=move |()| importing.set(true)/>
                        <Button label=t(|t| t.people.new) kind=ButtonKind::Main icon_before=Icon::Plus on_press=move |()| creating.set(true)/>
                    </div>
                })}
            </header>
            {(!administers).then(|| view! { <p class="page-lead">{t(|t| t.people.lead_own)}</p> })}
            {loaded(organizations, move |organizations: Vec<OrganizationView>| {
                let list = StoredValue::new(organizations);
                view! {
                    {filters(list, search, organization, active)}
                    {administers.then(|| new(list, creating, again))}
                }
                .into_any()
            })}
            {loaded(first, move |page| untrack(|| table(page, query(), administers)))}
            {administers.then(|| {
                let send = Callback::new(move |csv: String| -> roster::Sent { Box::pin(rpc::import_roster(csv)) });
                view! {
                    <Dialog open=importing title=t(|t| t.people.roster) wide=true>
                        {roster::form(|t| t.people.roster_hint, "username,name,organization,team,role\nan.chen,陈安,贵阳标注中心,一班,member", send, again)}
                    </Dialog>
                }
            })}
        </div>
    }
    .into_any()
}

fn organization_options(list: StoredValue<Vec<OrganizationView>>, none: Pick) -> Signal<Vec<(String, String)>> {
    Signal::derive(move || {
        let first = (String::new(), now(none).to_owned());
        let rest =
            list.with_value(|list| list.iter().map(|row| (row.id.to_string(), row.name.clone())).collect::<Vec<_>>());
        std::iter::once(first).chain(rest).collect()
    })
}

fn filters(
    organizations: StoredValue<Vec<OrganizationView>>,
    search: Memo<String>,
    organization: Memo<String>,
    active: Memo<String>,
) -> AnyView {
    let words = RwSignal::new(search.get_untracked());
    let picked = RwSignal::new(organization.get_untracked());
    let state = RwSignal::new(active.get_untracked());
    let navigate = use_navigate();
    let go = Callback::new(move |()| {
        let to = address::with(
            "/people",
            &[
                ("search", words.get_untracked().trim()),
                ("organization", &picked.get_untracked()),
                ("active", &state.get_untracked()),
            ],
        );
        navigate(&to, Default::default());
    });
    let states = Signal::derive(|| {
        vec![
            (String::new(), now(|t| t.people.filter_all).to_owned()),
            ("yes".to_owned(), now(|t| t.words.active).to_owned()),
            ("no".to_owned(), now(|t| t.words.inactive).to_owned()),
        ]
    });
    let fields = view! {
            <TextField id="people-search" label=t(|t| t.people.search) kind="search" value=words/>
            <Select id="people-organization" label=t(|t| t.people.filter_organization) value=picked options=organization_options(organizations, |t| t.people.all_organizations) on_change=go/>
            <Select id="people-active" label=t(|t| t.words.state) value=state options=states on_change=go/>
    };
    search_form("filters", go, fields.into_any())
}

fn table(page: Page<PersonView>, query: PeopleQuery, administers: bool) -> AnyView {
    if page.rows.is_empty() {
        return if query.search.is_some() || query.organization.is_some() || query.active.is_some() {
            view! { <section class="panel"><Empty title=t(|t| t.people.empty_filter) picture=Icon::Search/></section> }
                .into_any()
        } else {
            view! { <section class="panel"><Empty title=t(|t| t.people.empty) text=t(|t| t.people.empty_text) picture=Icon::People/></section> }.into_any()
        };
    }
    let paged = Paged::new(page, move |after| {
        rpc::list_people(PeopleQuery { after: Some(after), limit: Some(500), ..query.clone() })
    });
    let rows = paged.rows;
    let hand = Hand { rows, picked: RwSignal::new(None), asks: RwSignal::new(None), administers };
    view! {
        <div class="table-box">
            <table class="table">
                <caption class="visually-hidden">{t(|t| t.people.title)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t(|t| t.words.name)}</th>
                        <th scope="col">{t(|t| t.words.username)}</th>
                        <th scope="col">{t(|t| t.words.organization)}</th>
                        <th scope="col">{t(|t| t.words.team)}</th>
                        <th scope="col">{t(|t| t.people.platform_role)}</th>
                        <th scope="col">{t(|t| t.words.state)}</th>
                        <th scope="col">{t(|t| t.words.created_at)}</th>
                        <th scope="col"><span class="visually-hidden">{t(|t| t.words.actions)}</span></th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || rows.get() key=|row| (row.id, row.active, row.must_change_password) let(row)>{line(row, hand)}</For>
                </tbody>
            </table>
            {paged.foot()}
        </div>
        {administers.then(|| asking(hand))}
    }
    .into_any()
}

fn line(person: PersonView, hand: Hand) -> AnyView {
    let own = session::use_me().with_untracked(|me| me.as_ref().is_some_and(|me| me.actor.person == person.id));
    let (tone, shape, word): (Tone, Icon, Pick) = match (person.active, person.must_change_password) {
        (false, _) => (Tone::Grey, Icon::Void, |t| t.words.inactive),
        (true, true) => (Tone::Amber, Icon::Key, |t| t.people.must_change),
        (true, false) => (Tone::Green, Icon::Check, |t| t.words.active),
    };
    let row = StoredValue::new(person.clone());
    let ask = move |what: Ask| {
        hand.picked.set(Some(row.get_value()));
        hand.asks.set(Some(what));
    };
    let switch_on = move |()| {
        let id = row.with_value(|row| row.id);
        Doing::new().run(async move {
            replace(hand.rows, rpc::set_person_active(id, true).await?);
            Ok(())
        });
    };
    view! {
        <tr>
            <th scope="row">{person.name}</th>
            <td>{person.username}</td>
            <td>{person.organization_name}</td>
            <td>{person.team_name}</td>
            <td>{t(platform_word(person.role))}</td>
            <td><span class=format!("badge {}", tone.class())>{icon(shape)}<span>{t(word)}</span></span></td>
            <td>{person.created_at.local_minute()}</td>
            <td class="row-actions">
                {(hand.administers && !own).then(|| view! {
                    {person.active.then(|| view! {
                        <Button label=t(|t| t.people.reset) kind=ButtonKind::Quiet class="btn-small" on_press=move |()| ask(Ask::Reset)/>
                        <Button label=t(|t| t.people.deactivate) kind=ButtonKind::Quiet class="btn-small" on_press=move |()| ask(Ask::Deactivate)/>
                    })}
                    {(!person.active).then(|| view! { <Button label=t(|t| t.people.reactivate) kind=ButtonKind::Quiet class="btn-small" on_press=switch_on/> })}
                })}
            </td>
        </tr>
    }
    .into_any()
}

fn replace(rows: RwSignal<Vec<PersonView>>, person: PersonView) {
    rows.update(|rows| {
        if let Some(row) = rows.iter_mut().find(|row| row.id == person.id) {
            *row = person;
        }
    });
}

/// The dialogs before switching somebody off and before resetting a password; the latter then shows the new one.
fn asking(hand: Hand) -> AnyView {
    let doing = Doing::new();
    let open = RwSignal::new(false);
    let drawn = RwSignal::new(None::<(String, String)>);
    Effect::new(move |_| {
        if hand.asks.get().is_some() {
            drawn.set(None);
            doing.error.set(None);
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            hand.asks.set(None);
        }
    });
    let go = move |()| {
        let (Some(person), Some(ask)) = (hand.picked.get_untracked(), hand.asks.get_untracked()) else { return };
        doing.run(async move {
            match ask {
                Ask::Deactivate => {
                    replace(hand.rows, rpc::set_person_active(person.id, false).await?);
                    open.set(false);
                }
                Ask::Reset => {
                    let password = rpc::reset_person_password(person.id).await?;
                    drawn.set(Some((person.username.clone(), password)));
                    replace(hand.rows, PersonView { must_change_password: true, ..person });
                }
            }
            Ok(())
        });
    };
    let title = move || match hand.asks.get() {
        Some(Ask::Reset) => now(|t| t.people.reset),
        _ => now(|t| t.people.deactivate),
    };
    let words = move || {
        let name = hand.picked.with(|person| person.as_ref().map(|person| person.name.clone()).unwrap_or_default());
        let pick = match hand.asks.get() {
            Some(Ask::Reset) => now(|t| t.people.reset_ask),
            _ => now(|t| t.people.deactivate_ask),
        };
        fill(pick, &[("name", &name)])
    };
    view! {
        <Dialog open title>
            {move || match drawn.get() {
                Some((username, password)) => secret(username, password),
                None => view! {
                    <div class="form">
                        <p>{words}</p>
                        {problem_line(doing.sentence())}
                        <div class="actions">
                            <Button label=title kind=ButtonKind::Danger on_press=go busy=doing.busy/>
                            <Button label=t(|t| t.words.cancel) on_press=move |()| open.set(false)/>
                        </div>
                    </div>
                }
                .into_any(),
            }}
        </Dialog>
    }
    .into_any()
}

/// A one-time password, shown once.
fn secret(username: String, password: String) -> AnyView {
    let both = format!("{username}\n{password}");
    view! {
        <div class="form" role="status">
            <dl class="fact-list">
                <dt>{t(|t| t.words.username)}</dt><dd><code>{username}</code></dd>
                <dt>{t(|t| t.people.one_time_password)}</dt><dd class="secret"><code>{password}</code></dd>
            </dl>
            <p class="note note-warn">{icon(Icon::Alert)}<span>{t(|t| t.people.password_once)}</span></p>
            <div class="actions"><Button label=t(|t| t.people.copy_both) kind=ButtonKind::Main on_press=move |()| {
                browser::copy(&both);
                toast(now(|t| t.words.copied));
            }/></div>
        </div>
    }
    .into_any()
}

fn new(organizations: StoredValue<Vec<OrganizationView>>, open: RwSignal<bool>, again: Callback<()>) -> AnyView {
    let [username, name, organization, team] = [(); 4].map(|()| RwSignal::new(String::new()));
    let role = RwSignal::new("member".to_owned());
    let made = RwSignal::new(None::<(String, String)>);
    let doing = Doing::new();
    Effect::new(move |_| {
        if open.get() {
            made.set(None);
            for field in [username, name, team] {
                field.set(String::new());
            }
        }
    });
    let roles = Signal::derive(|| {
        ROLES.iter().map(|(role, code)| ((*code).to_owned(), now(platform_word(*role)).to_owned())).collect()
    });
    let teams = Signal::derive(move || {
        let own = organization.get();
        let none = (String::new(), now(|t| t.words.none).to_owned());
        let rest = organizations.with_value(|list| {
            list.iter()
                .filter(|row| row.id.to_string() == own)
                .flat_map(|row| row.teams.iter().map(|team| (team.name.clone(), team.name.clone())))
                .collect::<Vec<_>>()
        });
        std::iter::once(none).chain(rest).collect()
    });
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let given =
            |field: RwSignal<String>| Some(field.get_untracked().trim().to_owned()).filter(|text| !text.is_empty());
        let code = role.get_untracked();
        let person = NewPerson {
            username: username.get_untracked().trim().to_lowercase(),
            name: name.get_untracked().trim().to_owned(),
            password: None,
            organization: given(organization),
            team: given(team),
            role: ROLES.iter().find(|(_, known)| *known == code).map(|(role, _)| *role),
            must_change_password: true,
        };
        doing.run(async move {
            let created = rpc::create_person(person).await?;
            made.set(Some((created.person.username, created.initial_password.unwrap_or_default())));
            again.run(());
            Ok(())
        });
    };
    view! {
        <Dialog open title=t(|t| t.people.new)>
            {move || match made.get() {
                Some((username, password)) => view! { <p>{t(|t| t.people.created)}</p> {secret(username, password)} }.into_any(),
                None => view! {
                    <form class="form" on:submit=send>
                        <p class="field-hint">{t(|t| t.people.new_text)}</p>
                        <TextField id="new-username" label=t(|t| t.words.username) hint=t(|t| t.people.username_hint) value=username error=doing.at("username")/>
                        <TextField id="new-name" label=t(|t| t.people.name) value=name error=doing.at("name")/>
                        <Select id="new-organization" label=t(|t| t.words.organization) value=organization options=organization_options(organizations, |t| t.people.organization_none)/>
                        <Select id="new-team" label=t(|t| t.words.team) value=team options=teams/>
                        <Select id="new-role" label=t(|t| t.people.platform_role) value=role options=roles/>
                        {problem_line(doing.sentence())}
                        <div class="actions">
                            <Button label=t(|t| t.words.create) kind=ButtonKind::Main submit=true busy=doing.busy/>
                            <Button label=t(|t| t.words.cancel) on_press=move |()| open.set(false)/>
                        </div>
                    </form>
                }
                .into_any(),
            }}
        </Dialog>
    }
    .into_any()
}
