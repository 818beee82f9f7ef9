//! The members of a project: add one by user name, or many by a list; change a role, take somebody out.

use super::Project;
use crate::components::badge::role_word;
use crate::components::{
    Button, ButtonKind, Dialog, Doing, Empty, Icon, Select, Sort, SortHeader, TextField, ask, loaded, problem_line,
    toast,
};
use crate::pages::roster;
use crate::rpc;
use crate::text::{fill, now, t};
use domain::project::{MemberView, ProjectRole};
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

pub(super) fn content(project: Project) -> AnyView {
    let members = ask(|| (), move |()| rpc::list_members(project.id()));
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
        {loaded(members, move |members_now: Vec<MemberView>| table(project, members_now, Callback::new(move |()| members.refetch())))}
        <Dialog open=many title=t(|t| t.project.member_import) wide=true>
            {roster::form(|t| t.project.member_import_hint, "username,role\nan.chen,annotator", send, after_many)}
        </Dialog>
    }
    .into_any()
}

fn table(project: Project, members: Vec<MemberView>, again: Callback<()>) -> AnyView {
    if members.is_empty() {
        return view! { <section class="panel"><Empty title=t(|t| t.project.members_empty) text=t(|t| t.project.members_empty_text) picture=Icon::People/></section> }.into_any();
    }
    let sort = RwSignal::new(Sort::up("role"));
    let leaving = RwSignal::new(None::<MemberView>);
    let asks = RwSignal::new(false);
    let doing = Doing::new();
    let rows = move || {
        let mut rows = members.clone();
        let sort = sort.get();
        match sort.by {
            "name" => rows.sort_by(|a, b| a.name.cmp(&b.name)),
            "username" => rows.sort_by(|a, b| a.username.cmp(&b.username)),
            "organization" => rows.sort_by(|a, b| a.organization_name.cmp(&b.organization_name)),
            _ => rows.sort_by(|a, b| a.role.cmp(&b.role).then_with(|| a.username.cmp(&b.username))),
        }
        if sort.down {
            rows.reverse();
        }
        rows.into_iter().map(|row| line(project, row, leaving, asks, doing, again)).collect_view()
    };
    let leave = move |()| {
        let Some(member) = leaving.get_untracked() else { return };
        doing.run(async move {
            rpc::remove_member(project.id(), member.username).await?;
            asks.set(false);
            again.run(());
            project.reload().await
        });
    };
    view! {
        {problem_line(doing.sentence())}
        <div class="table-box">
            <table class="table">
                <caption class="visually-hidden">{t(|t| t.project.members_title)}</caption>
                <thead>
                    <tr>
                        <SortHeader by="name" title=|t| t.words.name sort/>
                        <SortHeader by="username" title=|t| t.words.username sort/>
                        <SortHeader by="organization" title=|t| t.words.organization sort/>
                        <SortHeader by="role" title=|t| t.words.role sort/>
                        <th scope="col"><span class="visually-hidden">{t(|t| t.words.actions)}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
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

fn line(
    project: Project,
    member: MemberView,
    leaving: RwSignal<Option<MemberView>>,
    asks: RwSignal<bool>,
    doing: Doing,
    again: Callback<()>,
) -> AnyView {
    let role = RwSignal::new(member.role.code().to_owned());
    let (own, name, username) = (member.clone(), member.name.clone(), member.username.clone());
    let change = move |()| {
        let username = username.clone();
        doing.run(async move {
            let outcome = rpc::set_member(project.id(), username, role_of(&role.get_untracked())).await;
            // Whatever the outcome, the row shows what is.
            again.run(());
            outcome?;
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
