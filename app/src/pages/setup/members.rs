//! The members of a project, a page at a time: add one by user name, or many by a list; look for some, change a role, take
//! somebody out.

use super::Project;
use crate::components::badge::role_word;
use crate::components::{
    Button, ButtonKind, Dialog, Doing, Empty, Icon, Paged, Select, TextField, ask, loaded, problem_line, search_form,
    toast,
};
use crate::pages::roster;
use crate::rpc;
use crate::text::{fill, now, t};
use domain::Page;
use domain::project::{MemberQuery, MemberView, ProjectRole};
use leptos::prelude::*;

fn roles() -> Signal<Vec<(String, String)>> {
    Signal::derive(|| {
        ProjectRole::ALL
            .into_iter()
            .rev()
            .map(|role| (role.code().to_owned(), t(role_word(role))().to_owned()))
            .collect()
    })
}

fn role_of(code: &str) -> ProjectRole {
    ProjectRole::ALL.into_iter().find(|role| role.code() == code).unwrap_or(ProjectRole::Annotator)
}

/// What is looked for.
#[derive(Clone, PartialEq, Default)]
struct Wanted {
    search: String,
    role: Option<ProjectRole>,
}

impl Wanted {
    fn page(&self, after: Option<String>) -> MemberQuery {
        let search = Some(self.search.clone()).filter(|search| !search.is_empty());
        MemberQuery { search, role: self.role, after, limit: None }
    }
}

/// What the rows and the dialog of the list share.
#[derive(Clone, Copy)]
struct Hand {
    project: Project,
    rows: RwSignal<Vec<MemberView>>,
    leaving: RwSignal<Option<MemberView>>,
    asks: RwSignal<bool>,
    doing: Doing,
}

pub(super) fn content(project: Project) -> AnyView {
    let wanted = RwSignal::new(Wanted::default());
    let members = ask(
        move || wanted.get(),
        move |wanted: Wanted| async move {
            let page = rpc::list_members(project.id(), wanted.page(None)).await?;
            Ok((wanted, page))
        },
    );
    let username = RwSignal::new(String::new());
    let role = RwSignal::new(ProjectRole::Annotator.code().to_owned());
    let many = RwSignal::new(false);
    let doing = Doing::new();
    let add = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        doing.run(async move {
            let name = username.get_untracked().trim().to_owned();
            let made = rpc::set_member(project.id(), name, role_of(&role.get_untracked())).await?;
            username.set(String::new());
            toast(format!("{} · {}", made.name, now(role_word(made.role))));
            members.refetch();
            project.reload().await
        });
    };
    let send = Callback::new(move |csv: String| -> roster::Sent { Box::pin(rpc::import_members(project.id(), csv)) });
    let after_many = Callback::new(move |()| {
        members.refetch();
        leptos::task::spawn_local(async move { drop(project.reload().await) });
    });
    view! {
        <section class="panel" aria-labelledby="member-add">
            <div class="panel-head">
                <h2 id="member-add">{t(|t| t.project.member_add)}</h2>
                <Button label=t(|t| t.project.member_import) kind=ButtonKind::Quiet icon_before=Icon::Upload on_press=move |()| many.set(true)/>
            </div>
            <form class="filters" on:submit=add>
                <TextField id="member-username" label=t(|t| t.words.username) value=username/>
                <Select id="member-role" label=t(|t| t.words.role) value=role options=roles()/>
                <Button label=t(|t| t.words.add) kind=ButtonKind::Main icon_before=Icon::Plus submit=true busy=doing.busy/>
            </form>
            {problem_line(doing.sentence())}
        </section>
        {filters(wanted)}
        {loaded(members, move |(wanted, page)| table(project, wanted, page))}
        <Dialog open=many title=t(|t| t.project.member_import) wide=true>
            {roster::form(|t| t.project.member_import_hint, "username,role\nan.chen,annotator", send, after_many)}
        </Dialog>
    }
    .into_any()
}

fn filters(wanted: RwSignal<Wanted>) -> AnyView {
    let words = RwSignal::new(String::new());
    let role = RwSignal::new(String::new());
    let choices = Signal::derive(|| {
        let all = (String::new(), now(|t| t.project.member_all_roles).to_owned());
        std::iter::once(all).chain(roles().get()).collect::<Vec<_>>()
    });
    let go = Callback::new(move |()| {
        let search = words.get_untracked().trim().to_owned();
        let role = Some(role.get_untracked()).filter(|code| !code.is_empty()).map(|code| role_of(&code));
        wanted.set(Wanted { search, role });
    });
    let fields = view! {
            <TextField id="member-search" label=t(|t| t.people.search) kind="search" value=words/>
            <Select id="member-filter-role" label=t(|t| t.project.member_filter_role) value=role options=choices on_change=go/>
    };
    search_form("filters", go, fields.into_any())
}

fn table(project: Project, wanted: Wanted, page: Page<MemberView>) -> AnyView {
    if page.rows.is_empty() {
        return if wanted == Wanted::default() {
            view! { <section class="panel"><Empty title=t(|t| t.project.members_empty) text=t(|t| t.project.members_empty_text) picture=Icon::People/></section> }.into_any()
        } else {
            view! { <section class="panel"><Empty title=t(|t| t.people.empty_filter) picture=Icon::Search/></section> }
                .into_any()
        };
    }
    let paged = Paged::new(page, move |after| rpc::list_members(project.id(), wanted.page(Some(after))));
    let hand = Hand {
        project,
        rows: paged.rows,
        leaving: RwSignal::new(None),
        asks: RwSignal::new(false),
        doing: paged.doing,
    };
    let Hand { rows, leaving, asks, doing, .. } = hand;
    let leave = move |()| {
        let Some(member) = leaving.get_untracked() else { return };
        doing.run(async move {
            rpc::remove_member(project.id(), member.username).await?;
            asks.set(false);
            rows.update(|rows| rows.retain(|row| row.person != member.person));
            project.reload().await
        });
    };
    view! {
        <div class="table-box">
            <table class="table">
                <caption class="visually-hidden">{t(|t| t.project.members_title)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t(|t| t.words.name)}</th>
                        <th scope="col">{t(|t| t.words.username)}</th>
                        <th scope="col">{t(|t| t.words.organization)}</th>
                        <th scope="col">{t(|t| t.words.role)}</th>
                        <th scope="col"><span class="visually-hidden">{t(|t| t.words.actions)}</span></th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || rows.get() key=|row| (row.person, row.role, row.active) let(row)>{line(row, hand)}</For>
                </tbody>
            </table>
            {paged.foot()}
        </div>
        <Dialog open=asks title=t(|t| t.words.remove)>
            <div class="form">
                <p>{move || leaving.get().map(|member| fill(now(|t| t.project.member_remove_ask), &[("name", &member.name)]))}</p>
                <div class="actions">
                    <Button label=t(|t| t.words.remove) kind=ButtonKind::Danger on_press=leave busy=doing.busy/>
                    <Button label=t(|t| t.words.cancel) on_press=move |()| asks.set(false)/>
                </div>
            </div>
        </Dialog>
    }
    .into_any()
}

fn line(member: MemberView, hand: Hand) -> AnyView {
    let Hand { project, rows, leaving, asks, doing } = hand;
    let known = member.role;
    let role = RwSignal::new(known.code().to_owned());
    let (own, name, username) = (member.clone(), member.name.clone(), member.username.clone());
    let change = move |()| {
        let username = username.clone();
        doing.run(async move {
            match rpc::set_member(project.id(), username, role_of(&role.get_untracked())).await {
                Ok(made) => rows.update(|rows| {
                    if let Some(row) = rows.iter_mut().find(|row| row.person == made.person) {
                        *row = made;
                    }
                }),
                Err(error) => {
                    // The row shows what is.
                    role.set(known.code().to_owned());
                    return Err(error);
                }
            }
            project.reload().await
        });
    };
    view! {
        <tr>
            <th scope="row">{member.name} {(!member.active).then(|| view! { <span class="muted">"（" {t(|t| t.words.inactive)} "）"</span> })}</th>
            <td>{member.username.clone()}</td>
            <td>{member.organization_name}</td>
            <td class="cell-control">
                <Select
                    id=format!("role-{}", member.person)
                    label=move || fill(now(|t| t.project.member_role_of), &[("name", &name)])
                    hide_label=true
                    value=role
                    options=roles()
                    on_change=change
                />
            </td>
            <td class="row-actions">
                <Button label=t(|t| t.words.remove) kind=ButtonKind::Quiet class="btn-small" icon_before=Icon::Trash on_press=move |()| {
                    leaving.set(Some(own.clone()));
                    asks.set(true);
                }/>
            </td>
        </tr>
    }
    .into_any()
}
