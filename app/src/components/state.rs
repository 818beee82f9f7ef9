//! What stands where content is missing: bones while it loads, an invitation where there is nothing yet, an error with
//! what to do.

use super::button::Button;
use super::icon::{Icon, icon};
use crate::error::AppError;
use crate::lang::use_lang;
use crate::session;
use crate::text::t;
use leptos::prelude::*;

/// Bones of content that is on its way.
pub fn skeleton() -> AnyView {
    view! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">{t(|t| t.shell.loading)}</span>
            <i></i><i></i><i></i>
        </div>
    }
    .into_any()
}

/// An error in place of content. On the server it also gives the page its status.
pub fn error_state(error: AppError, retry: Callback<()>) -> AnyView {
    #[cfg(feature = "ssr")]
    crate::error::set_status(&error);
    let lang = use_lang();
    let wants_sign_in = error.wants_sign_in();
    let again = error.retryable() || wants_sign_in;
    if wants_sign_in {
        let renewed = session::renewed();
        let seen = renewed.get_untracked();
        Effect::new(move |_| {
            if renewed.get() != seen {
                retry.run(());
            }
        });
        Effect::new(move |_| session::ask_to_sign_in());
    }
    view! {
        <div class="empty empty-error" role="alert">
            {icon(Icon::Alert)}
            <p class="empty-title">{t(|t| t.shell.failed_title)}</p>
            <p>{move || error.sentence(lang.get())}</p>
            {again.then(|| view! { <Button label=t(|t| t.shell.retry) on_press=retry/> })}
        </div>
    }
    .into_any()
}

/// A sentence about what went wrong, where it happened.
pub fn problem_line(sentence: Signal<Option<String>>) -> AnyView {
    view! {
        {move || {
            sentence.get().map(|sentence| view! { <p class="problem" role="alert">{icon(Icon::Alert)}<span>{sentence}</span></p> })
        }}
    }
    .into_any()
}

/// A page or list with nothing in it yet: says what would be here and offers the next step.
#[component]
pub fn Empty(
    /// What is missing.
    #[prop(into)]
    title: TextProp,
    /// What to do about it.
    #[prop(into, optional)]
    text: Option<TextProp>,
    /// A picture of the thing.
    #[prop(default = Icon::List)]
    picture: Icon,
    /// The next step, as buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    view! {
        <div class="empty">
            {icon(picture)}
            <p class="empty-title">{move || title.get()}</p>
            {text.map(|text| view! { <p>{move || text.get()}</p> })}
            {children.map(|children| view! { <div class="empty-actions">{children()}</div> })}
        </div>
    }
    .into_any()
}
