//! The dialog that asks to sign in again: the page beneath and the work on it stay as they are.

use crate::components::{Button, ButtonKind, Dialog, Doing, TextField, announce, problem_line};
use crate::text::{now, t};
use crate::{browser, rpc, session};
use leptos::prelude::*;

pub(super) fn dialog(username: String) -> AnyView {
    let open = session::asks();
    let name = RwSignal::new(username.clone());
    let password = RwSignal::new(String::new());
    let doing = Doing::new();
    let username = StoredValue::new(username);
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        doing.run(async move {
            let actor = rpc::sign_in(name.get_untracked(), password.get_untracked()).await?;
            password.set(String::new());
            open.set(false);
            if username.with_value(|own| *own != actor.username) {
                // Somebody else: nothing of the page is theirs.
                browser::go("/");
            } else {
                announce(now(|t| t.shell.signed_in_again));
                session::renewed().update(|count| *count += 1);
            }
            Ok(())
        });
    };
    view! {
        <Dialog open title=t(|t| t.shell.expired_title)>
            <form class="form" on:submit=send>
                <p>{t(|t| t.shell.expired_text)}</p>
                <TextField id="again-username" label=t(|t| t.words.username) value=name autocomplete="username"/>
                <TextField
                    id="again-password"
                    label=t(|t| t.words.password)
                    value=password
                    kind="password"
                    autocomplete="current-password"
                    autofocus=true
                />
                {problem_line(doing.sentence())}
                <Button label=t(|t| t.shell.sign_in_first) kind=ButtonKind::Main submit=true busy=doing.busy/>
            </form>
        </Dialog>
    }
    .into_any()
}
