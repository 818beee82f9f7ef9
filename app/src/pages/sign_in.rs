//! Sign-in.

use crate::components::{Button, ButtonKind, Doing, Icon, TextField, icon, problem_line};
use crate::frame::{lang_button, theme_button};
use crate::text::{now, t, title};
use crate::{browser, rpc};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// User name, password, one button.
pub fn page() -> AnyView {
    let username = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let seen = RwSignal::new(false);
    let missing = RwSignal::new(false);
    let doing = Doing::new();
    let query = use_query_map();
    // Only to pages of this site: a path with one leading slash.
    let back = move || {
        let to = query.with_untracked(|query| query.get("to")).unwrap_or_default();
        if to.starts_with('/') && !to.starts_with("//") && !to.starts_with("/\\") { to } else { "/".to_owned() }
    };
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let (name, secret) = (username.get_untracked(), password.get_untracked());
        missing.set(name.trim().is_empty() || secret.is_empty());
        if missing.get_untracked() {
            return;
        }
        let back = back();
        doing.run(async move {
            let actor = rpc::sign_in(name.trim().to_owned(), secret).await?;
            browser::go(if actor.must_change_password { "/password" } else { &back });
            Ok(())
        });
    };
    let sentence = Signal::derive(move || {
        if missing.get() { Some(now(|t| t.account.fill_both).to_owned()) } else { doing.sentence().get() }
    });
    view! {
        <Title text=title(|| format!("{} · {}", now(|t| t.account.sign_in), now(|t| t.shell.product)))/>
        <div class="gate">
            <header class="gate-bar">{lang_button(false)} {theme_button()}</header>
            <main class="gate-card" id="main">
                <p class="gate-mark">{icon(Icon::Projects)}<span>{t(|t| t.shell.product)}</span></p>
                <h1>{t(|t| t.account.sign_in)}</h1>
                <p class="gate-text">{t(|t| t.account.welcome)}</p>
                <form class="form" on:submit=send method="post">
                    <TextField id="username" label=t(|t| t.words.username) value=username autocomplete="username" autofocus=true/>
                    <div class="with-action">
                        <TextField
                            id="password"
                            label=t(|t| t.words.password)
                            value=password
                            kind=Signal::derive(move || if seen.get() { "text" } else { "password" })
                            autocomplete="current-password"
                        />
                        <button type="button" class="field-action" aria-pressed=move || if seen.get() { "true" } else { "false" } on:click=move |_| seen.update(|seen| *seen = !*seen)>
                            {move || if seen.get() { now(|t| t.account.hide_password) } else { now(|t| t.account.show_password) }}
                        </button>
                    </div>
                    {problem_line(sentence)}
                    <Button label=t(|t| t.account.sign_in) kind=ButtonKind::Main submit=true busy=doing.busy class="btn-wide"/>
                </form>
                <p class="gate-foot">{t(|t| t.account.no_account)}</p>
            </main>
        </div>
    }
    .into_any()
}
