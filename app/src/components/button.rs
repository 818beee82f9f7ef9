//! Buttons, and links that look like them.

use super::icon::{Icon, icon};
use leptos::prelude::*;
use leptos_router::components::A;

/// How much a button asks for attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// One among others.
    #[default]
    Plain,
    /// The one thing to do here.
    Main,
    /// Without a border: toolbars, rows.
    Quiet,
    /// Destroys something.
    Danger,
}

impl Kind {
    fn class(self) -> &'static str {
        match self {
            Kind::Plain => "btn",
            Kind::Main => "btn btn-main",
            Kind::Quiet => "btn btn-quiet",
            Kind::Danger => "btn btn-danger",
        }
    }
}

/// A button. Its keys (`"Ctrl+Enter"`) are told on hover and to assistive technology; pressing them is the page's work.
#[component]
pub fn Button(
    /// Its words.
    #[prop(into)]
    label: TextProp,
    /// What it does.
    #[prop(into, optional)]
    on_press: Option<Callback<()>>,
    /// How much it asks for attention.
    #[prop(optional)]
    kind: Kind,
    /// An icon before the words.
    #[prop(into, optional)]
    icon_before: Option<Icon>,
    /// Show the icon alone; the words become its name.
    #[prop(optional)]
    icon_only: bool,
    /// Not now.
    #[prop(into, optional)]
    disabled: Signal<bool>,
    /// At work: cannot be pressed again.
    #[prop(into, optional)]
    busy: Signal<bool>,
    /// Its keys.
    #[prop(optional)]
    keys: &'static str,
    /// Sends the form around it.
    #[prop(optional)]
    submit: bool,
    /// Pressed in, for buttons that switch something.
    #[prop(into, optional)]
    pressed: Option<Signal<bool>>,
    /// More classes.
    #[prop(optional)]
    class: &'static str,
) -> AnyView {
    let words = label.clone();
    let title = move || {
        let words = words.get();
        match (icon_only, keys.is_empty()) {
            (false, true) => None,
            (_, true) => Some(words.to_string()),
            (_, false) => Some(format!("{words}（{keys}）")),
        }
    };
    let name = label.clone();
    let class = [kind.class(), if icon_only { "btn-icon" } else { "" }, class].join(" ");
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=class
            title=title
            aria-label=move || icon_only.then(|| name.get().to_string())
            aria-keyshortcuts=(!keys.is_empty()).then(|| keys.replace("Ctrl", "Control"))
            aria-pressed=move || pressed.map(|pressed| if pressed.get() { "true" } else { "false" })
            aria-busy=move || busy.get().then_some("true")
            disabled=move || disabled.get() || busy.get()
            on:click=move |_| if let Some(press) = on_press { press.run(()) }
        >
            {icon_before.map(icon)}
            {(!icon_only).then(|| view! { <span>{move || label.get()}</span> })}
        </button>
    }
    .into_any()
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(
    /// Its words.
    #[prop(into)]
    label: TextProp,
    /// Where to.
    #[prop(into)]
    href: String,
    /// How much it asks for attention.
    #[prop(optional)]
    kind: Kind,
    /// An icon before the words.
    #[prop(into, optional)]
    icon_before: Option<Icon>,
    /// Lets the browser load it: downloads, and pages outside the application.
    #[prop(optional)]
    plain: bool,
    /// More classes.
    #[prop(optional)]
    class: &'static str,
) -> AnyView {
    let class = [kind.class(), class].join(" ");
    let inside = view! {
        {icon_before.map(icon)}
        <span>{move || label.get()}</span>
    };
    if plain {
        view! { <a class=class href=href rel="external" download>{inside}</a> }.into_any()
    } else {
        view! { <A href=href attr:class=class>{inside}</A> }.into_any()
    }
}
