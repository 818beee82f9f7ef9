//! The forced change of a one-time password, and the form for it that the account page uses too.

use crate::components::{Button, ButtonKind, Doing, Icon, TextField, icon, problem_line};
use crate::frame::{lang_button, theme_button};
use crate::text::{now, t, title};
use crate::{browser, rpc};
use domain::account::PASSWORD_MIN_CHARS;
use leptos::prelude::*;
use leptos_meta::Title;

/// The page that stands before everything else until the one-time password is replaced.
pub fn page() -> AnyView {
    // Who is not signed in has no password to change here; the form's own answer says so where the session ends meanwhile.
    #[cfg(feature = "ssr")]
    if let Some(to) = crate::frame::gate("/").filter(|to| to != "/password") {
        leptos_axum::redirect(&to);
    }
    view! {
        <Title text=title(|| format!("{} · {}", now(|t| t.account.change_first_title), now(|t| t.shell.product)))/>
        <div class="gate">
            <header class="gate-bar">{lang_button(true)} {theme_button()}</header>
            <main class="gate-card" id="main">
                <p class="gate-mark">{icon(Icon::Projects)}<span>{t(|t| t.shell.product)}</span></p>
                <h1>{t(|t| t.account.change_first_title)}</h1>
                <p class="gate-text">{t(|t| t.account.change_first_text)}</p>
                {form(Callback::new(|()| browser::go("/")))}
            </main>
        </div>
    }
    .into_any()
}

/// Old password, new password twice.
pub fn form(done: Callback<()>) -> AnyView {
    let old = RwSignal::new(String::new());
    let new = RwSignal::new(String::new());
    let again = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let doing = Doing::new();
    let short = Signal::derive(move || {
        (tried.get() && new.with(|new| new.chars().count() < PASSWORD_MIN_CHARS))
            .then(|| now(|t| t.account.password_short).to_owned())
    });
    let differ = Signal::derive(move || {
        (tried.get() && new.get() != again.get()).then(|| now(|t| t.account.passwords_differ).to_owned())
    });
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        if short.get_untracked().is_some() || differ.get_untracked().is_some() {
            return;
        }
        doing.run(async move {
            rpc::change_password(old.get_untracked(), new.get_untracked()).await?;
            for field in [old, new, again] {
                field.set(String::new());
            }
            tried.set(false);
            done.run(());
            Ok(())
        });
    };
    view! {
        <form class="form" on:submit=send method="post">
            <TextField id="old-password" label=t(|t| t.account.old_password) value=old kind="password" autocomplete="current-password"/>
            <TextField
                id="new-password"
                label=t(|t| t.account.new_password)
                hint=t(|t| t.account.new_password_hint)
                value=new
                kind="password"
                autocomplete="new-password"
                error=short
            />
            <TextField id="repeat-password" label=t(|t| t.account.repeat_password) value=again kind="password" autocomplete="new-password" error=differ/>
            {problem_line(doing.sentence())}
            <Button label=t(|t| t.account.change) kind=ButtonKind::Main submit=true busy=doing.busy/>
        </form>
    }
    .into_any()
}
