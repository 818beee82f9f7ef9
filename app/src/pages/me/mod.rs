//! My account: who I am, my password, language and theme, tokens for programs.

mod keys;

use super::password;
use crate::components::badge::platform_word;
use crate::components::{
    Button, ButtonKind, Crumb, Dialog, Doing, Empty, Icon, Select, TextField, ask, crumbs, icon, loaded, problem_line,
    toast,
};
use crate::lang::{Theme, switch_lang, switch_theme, use_lang, use_theme};
use crate::text::{fill, now, t};
use crate::{browser, rpc, session};
use domain::Lang;
use domain::account::TokenView;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The page.
pub fn page() -> AnyView {
    crumbs(vec![Crumb::here(|t| t.account.page_title)]);
    let me = session::use_me().get_untracked();
    view! {
        <div class="page">
            <header class="page-head"><h1>{t(|t| t.account.page_title)}</h1></header>
            <div class="columns">
                {me.map(|me| view! {
                    <section class="panel" aria-labelledby="profile">
                        <h2 id="profile">{t(|t| t.account.profile)}</h2>
                        <dl class="fact-list">
                            <dt>{t(|t| t.words.name)}</dt><dd>{me.actor.name}</dd>
                            <dt>{t(|t| t.words.username)}</dt><dd>{me.actor.username}</dd>
                            <dt>{t(|t| t.words.role)}</dt><dd>{t(platform_word(me.actor.role))}</dd>
                            <dt>{t(|t| t.words.organization)}</dt>
                            <dd>{match me.organization_name {
                                Some(name) => name.into_any(),
                                None => t(|t| t.account.no_organization).into_any(),
                            }}</dd>
                            {me.team_name.map(|team| view! { <dt>{t(|t| t.words.team)}</dt><dd>{team}</dd> })}
                        </dl>
                    </section>
                })}
                {preferences()}
                <section class="panel" aria-labelledby="password">
                    <h2 id="password">{t(|t| t.account.change_title)}</h2>
                    {password::form(Callback::new(|()| toast(now(|t| t.account.changed))))}
                </section>
            </div>
            {keys::panel()}
            {tokens()}
        </div>
    }
    .into_any()
}

fn preferences() -> AnyView {
    let lang = RwSignal::new(use_lang().get_untracked().code().to_owned());
    let theme = RwSignal::new(use_theme().get_untracked().code().to_owned());
    let langs = Signal::stored(vec![("zh".to_owned(), "中文".to_owned()), ("en".to_owned(), "English".to_owned())]);
    let themes = Signal::derive(|| {
        vec![
            (String::new(), now(|t| t.shell.theme_system).to_owned()),
            ("light".to_owned(), now(|t| t.shell.theme_light).to_owned()),
            ("dark".to_owned(), now(|t| t.shell.theme_dark).to_owned()),
        ]
    });
    let take_lang = move |()| {
        let picked = Lang::parse(&lang.get_untracked()).unwrap_or_default();
        switch_lang(picked);
        // The cookie has it already; a failure costs nothing but the choice on another machine.
        spawn_local(async move { drop(rpc::set_lang(picked).await) });
    };
    let take_theme = move |()| {
        switch_theme(match theme.get_untracked().as_str() {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::System,
        });
    };
    view! {
        <section class="panel form" aria-labelledby="preferences">
            <h2 id="preferences">{t(|t| t.account.preferences)}</h2>
            <Select id="lang" label=t(|t| t.account.language) value=lang options=langs on_change=take_lang/>
            <Select id="theme" label=t(|t| t.shell.theme) value=theme options=themes on_change=take_theme/>
        </section>
    }
    .into_any()
}

fn tokens() -> AnyView {
    let tokens = ask(|| (), |()| rpc::list_tokens());
    let open = RwSignal::new(false);
    let again = Callback::new(move |()| tokens.refetch());
    view! {
        <section class="panel" aria-labelledby="tokens">
            <div class="panel-head">
                <h2 id="tokens">{t(|t| t.account.tokens)}</h2>
                <Button label=t(|t| t.account.token_create) icon_before=Icon::Plus on_press=move |()| open.set(true)/>
            </div>
            <p class="page-lead">{t(|t| t.account.tokens_text)}</p>
            {loaded(tokens, move |tokens: Vec<TokenView>| token_table(tokens, again))}
            {new_token(open, again)}
        </section>
    }
    .into_any()
}

fn token_table(tokens: Vec<TokenView>, again: Callback<()>) -> AnyView {
    if tokens.is_empty() {
        return view! { <Empty title=t(|t| t.account.tokens_empty) picture=Icon::Key/> }.into_any();
    }
    let leaving = RwSignal::new(None::<TokenView>);
    let asks = RwSignal::new(false);
    let doing = Doing::new();
    let revoke = move |()| {
        let Some(token) = leaving.get_untracked() else { return };
        doing.run(async move {
            rpc::revoke_token(token.id).await?;
            asks.set(false);
            again.run(());
            Ok(())
        });
    };
    view! {
        <div class="table-box">
            <table class="table">
                <caption class="visually-hidden">{t(|t| t.account.tokens)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t(|t| t.account.token_name)}</th>
                        <th scope="col">{t(|t| t.words.created_at)}</th>
                        <th scope="col">{t(|t| t.account.token_expires)}</th>
                        <th scope="col">{t(|t| t.account.token_used)}</th>
                        <th scope="col"><span class="visually-hidden">{t(|t| t.words.actions)}</span></th>
                    </tr>
                </thead>
                <tbody>
                    {tokens
                        .into_iter()
                        .map(|token| {
                            let own = token.clone();
                            view! {
                                <tr>
                                    <th scope="row">{token.name}</th>
                                    <td>{token.created_at.local_minute()}</td>
                                    <td>{token.expires_at.local_minute()}</td>
                                    <td>{match token.last_used_at {
                                        Some(at) => at.local_minute().into_any(),
                                        None => t(|t| t.account.token_never).into_any(),
                                    }}</td>
                                    <td class="row-actions"><Button label=t(|t| t.account.token_revoke) kind=ButtonKind::Quiet class="btn-small" icon_before=Icon::Trash on_press=move |()| {
                                        leaving.set(Some(own.clone()));
                                        asks.set(true);
                                    }/></td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
        <Dialog open=asks title=t(|t| t.account.token_revoke)>
            <div class="form">
                <p>{move || leaving.with(|token| token.as_ref().map(|token| fill(now(|t| t.account.token_revoke_ask), &[("name", &token.name)])))}</p>
                {problem_line(doing.sentence())}
                <div class="actions">
                    <Button label=t(|t| t.account.token_revoke) kind=ButtonKind::Danger on_press=revoke busy=doing.busy/>
                    <Button label=t(|t| t.words.cancel) on_press=move |()| asks.set(false)/>
                </div>
            </div>
        </Dialog>
    }
    .into_any()
}

fn new_token(open: RwSignal<bool>, again: Callback<()>) -> AnyView {
    let name = RwSignal::new(String::new());
    let days = RwSignal::new("90".to_owned());
    let made = RwSignal::new(None::<String>);
    let wrong = RwSignal::new(None::<String>);
    let doing = Doing::new();
    Effect::new(move |_| {
        if open.get() {
            made.set(None);
            name.set(String::new());
        }
    });
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Ok(count) = days.get_untracked().trim().parse::<u32>() else {
            wrong.set(Some(now(|t| t.project.number_wrong).to_owned()));
            return;
        };
        wrong.set(None);
        doing.run(async move {
            let created = rpc::create_token(name.get_untracked().trim().to_owned(), count).await?;
            made.set(Some(created.token));
            again.run(());
            Ok(())
        });
    };
    view! {
        <Dialog open title=t(|t| t.account.token_create)>
            {move || match made.get() {
                Some(token) => {
                    let copied = token.clone();
                    view! {
                        <div class="form" role="status">
                            <p class="note note-warn">{icon(Icon::Key)}<span>{t(|t| t.account.token_created)}</span></p>
                            <p class="secret"><code>{token}</code><Button label=t(|t| t.words.copy) on_press=move |()| {
                                browser::copy(&copied);
                                toast(now(|t| t.words.copied));
                            }/></p>
                        </div>
                    }
                    .into_any()
                }
                None => view! {
                    <form class="form" on:submit=send>
                        <TextField id="token-name" label=t(|t| t.account.token_name) hint=t(|t| t.account.token_name_hint) value=name error=doing.at("name")/>
                        <TextField id="token-days" label=t(|t| t.account.token_days) kind="number" value=days error=wrong/>
                        {problem_line(doing.sentence())}
                        <div class="actions">
                            <Button label=t(|t| t.account.token_create) kind=ButtonKind::Main submit=true busy=doing.busy/>
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
