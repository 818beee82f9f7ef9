//! Fields: a label above, a hint and an error beside, both announced with the control.

use leptos::prelude::*;

fn described(id: &str, hint: bool, error: bool) -> Option<String> {
    match (hint, error) {
        (false, false) => None,
        (true, false) => Some(format!("{id}-hint")),
        (false, true) => Some(format!("{id}-error")),
        (true, true) => Some(format!("{id}-error {id}-hint")),
    }
}

fn around(
    id: String,
    label: TextProp,
    hint: Option<TextProp>,
    error: Signal<Option<String>>,
    hide_label: bool,
    control: AnyView,
) -> AnyView {
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    view! {
        <div class="field">
            <label for=id class=if hide_label { "visually-hidden" } else { "field-label" }>{move || label.get()}</label>
            {control}
            {hint.map(|hint| view! { <p class="field-hint" id=hint_id>{move || hint.get()}</p> })}
            {move || error.get().map(|error| view! { <p class="field-error" id=error_id.clone() role="alert">{error}</p> })}
        </div>
    }
    .into_any()
}

/// One line of text.
#[component]
pub fn TextField(
    /// Unique on the page.
    #[prop(into)]
    id: String,
    /// What it asks for.
    #[prop(into)]
    label: TextProp,
    /// What is typed.
    value: RwSignal<String>,
    /// How to fill it.
    #[prop(into, optional)]
    hint: Option<TextProp>,
    /// What is wrong with it.
    #[prop(into, optional)]
    error: Signal<Option<String>>,
    /// `text`, `password`, `number`, `date`, `search`…
    #[prop(into, default = Signal::stored("text"))]
    kind: Signal<&'static str>,
    /// For the browser's own help.
    #[prop(optional)]
    autocomplete: &'static str,
    /// Must be filled.
    #[prop(optional)]
    required: bool,
    /// Takes the focus when it appears.
    #[prop(optional)]
    autofocus: bool,
    /// An example, where a label does not say enough.
    #[prop(into, optional)]
    placeholder: Option<TextProp>,
    /// The label is for assistive technology alone.
    #[prop(optional)]
    hide_label: bool,
    /// Called after each change.
    #[prop(into, optional)]
    on_input: Option<Callback<()>>,
    /// Not now.
    #[prop(into, optional)]
    disabled: Signal<bool>,
) -> AnyView {
    let has_hint = hint.is_some();
    let own = id.clone();
    let control = view! {
        <input
            class="input"
            id=id.clone()
            name=id.clone()
            type=move || kind.get()
            autocomplete=if autocomplete.is_empty() { "off" } else { autocomplete }
            required=required
            autofocus=autofocus
            disabled=move || disabled.get()
            placeholder=move || placeholder.as_ref().map(|placeholder| placeholder.get().to_string())
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            aria-describedby=move || described(&own, has_hint, error.with(Option::is_some))
            bind:value=value
            on:input=move |_| if let Some(call) = on_input { call.run(()) }
        />
    }
    .into_any();
    around(id, label, hint, error, hide_label, control)
}

/// Many lines of text.
#[component]
pub fn TextArea(
    /// Unique on the page.
    #[prop(into)]
    id: String,
    /// What it asks for.
    #[prop(into)]
    label: TextProp,
    /// What is typed.
    value: RwSignal<String>,
    /// How to fill it.
    #[prop(into, optional)]
    hint: Option<TextProp>,
    /// What is wrong with it.
    #[prop(into, optional)]
    error: Signal<Option<String>>,
    /// Lines shown.
    #[prop(default = 4)]
    rows: u32,
    /// Fixed-width letters.
    #[prop(optional)]
    code: bool,
    /// The label is for assistive technology alone.
    #[prop(optional)]
    hide_label: bool,
    /// Called after each change.
    #[prop(into, optional)]
    on_input: Option<Callback<()>>,
) -> AnyView {
    let has_hint = hint.is_some();
    let own = id.clone();
    let control = view! {
        <textarea
            class=if code { "input textarea code" } else { "input textarea" }
            id=id.clone()
            name=id.clone()
            rows=rows.to_string()
            spellcheck=if code { "false" } else { "true" }
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            aria-describedby=move || described(&own, has_hint, error.with(Option::is_some))
            prop:value=move || value.get()
            on:input=move |event| {
                value.set(event_target_value(&event));
                if let Some(call) = on_input { call.run(()) }
            }
        >
            {value.get_untracked()}
        </textarea>
    }
    .into_any();
    around(id, label, hint, error, hide_label, control)
}

/// One of a list.
#[component]
pub fn Select(
    /// Unique on the page.
    #[prop(into)]
    id: String,
    /// What it asks for.
    #[prop(into)]
    label: TextProp,
    /// The picked value.
    value: RwSignal<String>,
    /// Values and their words.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// How to choose.
    #[prop(into, optional)]
    hint: Option<TextProp>,
    /// What is wrong with it.
    #[prop(into, optional)]
    error: Signal<Option<String>>,
    /// The label is for assistive technology alone.
    #[prop(optional)]
    hide_label: bool,
    /// Called after each change.
    #[prop(into, optional)]
    on_change: Option<Callback<()>>,
    /// Not now.
    #[prop(into, optional)]
    disabled: Signal<bool>,
) -> AnyView {
    let has_hint = hint.is_some();
    let own = id.clone();
    let control = view! {
        <select
            class="input select"
            id=id.clone()
            name=id.clone()
            disabled=move || disabled.get()
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            aria-describedby=move || described(&own, has_hint, error.with(Option::is_some))
            on:change=move |event| {
                value.set(event_target_value(&event));
                if let Some(call) = on_change { call.run(()) }
            }
        >
            {move || {
                options
                    .get()
                    .into_iter()
                    .map(|(code, words)| {
                        let own = code.clone();
                        view! { <option value=code selected=move || value.with(|value| *value == own)>{words}</option> }
                    })
                    .collect_view()
            }}
        </select>
    }
    .into_any();
    around(id, label, hint, error, hide_label, control)
}

/// On or off.
#[component]
pub fn Checkbox(
    /// Unique on the page.
    #[prop(into)]
    id: String,
    /// What it switches.
    #[prop(into)]
    label: TextProp,
    /// Whether it is on.
    value: RwSignal<bool>,
    /// What that means.
    #[prop(into, optional)]
    hint: Option<TextProp>,
    /// Looks like a switch: takes effect at once.
    #[prop(optional)]
    switch: bool,
    /// Called after each change.
    #[prop(into, optional)]
    on_change: Option<Callback<()>>,
) -> AnyView {
    let hint_id = format!("{id}-hint");
    let described_by = hint.is_some().then(|| hint_id.clone());
    view! {
        <div class="check">
            <input
                type="checkbox"
                class=if switch { "switch" } else { "checkbox" }
                role=switch.then_some("switch")
                id=id.clone()
                name=id.clone()
                aria-describedby=described_by
                prop:checked=move || value.get()
                checked=value.get_untracked()
                on:change=move |event| {
                    value.set(event_target_checked(&event));
                    if let Some(call) = on_change { call.run(()) }
                }
            />
            <label for=id>{move || label.get()}</label>
            {hint.map(|hint| view! { <p class="field-hint" id=hint_id>{move || hint.get()}</p> })}
        </div>
    }
    .into_any()
}
