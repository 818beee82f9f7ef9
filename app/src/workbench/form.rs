//! The schema's controls beside the stage: choices to pick, labels to take in hand, answers to write.

use super::editor::Editor;
use super::paint;
use crate::components::{Icon, icon};
use crate::lang::use_lang;
use crate::text::{fill, now, t};
use crate::tools::choice::gesture::picked;
use domain::schema::{ChoiceOption, Control, Kind};
use leptos::prelude::*;

/// All controls of the schema.
#[component]
pub fn Form(
    /// The item that they belong to.
    editor: Editor,
    /// Told apart on a page with several forms.
    #[prop(into)]
    id: String,
) -> AnyView {
    let controls = editor.schema.with_value(|schema| schema.controls.clone());
    controls
        .into_iter()
        .map(|control| {
            let id = format!("{id}-{}", control.id);
            match &control.kind {
                Kind::Choice { .. } => choice(editor, control, id),
                Kind::Text { .. } => written(editor, control, id),
                _ => labels(editor, control, id),
            }
        })
        .collect_view()
        .into_any()
}

fn legend(control: &Control) -> AnyView {
    let lang = use_lang();
    let (named, required) = (control.clone(), control.required);
    view! {
        <span class="control-title">{move || named.name(lang.get()).to_owned()}</span>
        {required.then(|| view! { <span class="control-required">{t(|t| t.work.required)}</span> })}
    }
    .into_any()
}

fn choice(editor: Editor, control: Control, id: String) -> AnyView {
    let title = legend(&control);
    let Kind::Choice { options, multiple } = control.kind.clone() else { return ().into_any() };
    let control = StoredValue::new(control.id);
    view! {
        <fieldset class="control control-choice">
            <legend>{title}</legend>
            {option_list(editor, control, &options, multiple, &id)}
        </fieldset>
    }
    .into_any()
}

fn option_list(
    editor: Editor,
    control: StoredValue<String>,
    options: &[ChoiceOption],
    multiple: bool,
    id: &str,
) -> AnyView {
    let lang = use_lang();
    let rows = options
        .iter()
        .map(|option| {
            let own = format!("{id}-{}", option.id);
            let labeled = own.clone();
            let named = option.clone();
            let name = move || named.name(lang.get()).to_owned();
            if !option.children.is_empty() {
                let below = option_list(editor, control, &option.children, multiple, &own);
                return view! { <li class="option-group"><span class="option-group-name">{name}</span>{below}</li> }.into_any();
            }
            let key = control.with_value(|control| editor.key_of(control, &option.id));
            let value = StoredValue::new(option.id.clone());
            let is_picked = move || {
                editor.document.with(|document| {
                    control.with_value(|control| {
                        value.with_value(|value| picked(document.value().get(control)).contains(&value.as_str()))
                    })
                })
            };
            let pick = move |event: web_sys::Event| {
                editor.pick(&control.get_value(), &value.get_value());
                // The document alone says what is picked; the element may have other ideas.
                if let Some(input) = event_target_input(&event) {
                    input.set_checked(untrack(is_picked));
                }
            };
            let color = option.color.clone();
            view! {
                <li>
                    <label class="option" for=labeled class:option-picked=is_picked>
                        <input
                            id=own
                            type=if multiple { "checkbox" } else { "radio" }
                            name=id.to_owned()
                            prop:checked=is_picked
                            disabled=move || !editor.editable.get()
                            on:change=pick
                            on:click=move |event| {
                                // A picked radio button fires no change: a second click takes an optional answer back.
                                if !multiple && event.detail() > 0 && untrack(is_picked) {
                                    pick(event.into());
                                }
                            }
                        />
                        {color.map(|color| view! { <i class="swatch swatch-solid" style:border-color=color.clone() style:background=color></i> })}
                        <span class="option-name">{name}</span>
                        {key.map(|key| view! { <kbd>{key.to_ascii_uppercase().to_string()}</kbd> })}
                    </label>
                </li>
            }
            .into_any()
        })
        .collect_view();
    view! { <ul class="options">{rows}</ul> }.into_any()
}

fn labels(editor: Editor, control: Control, id: String) -> AnyView {
    let lang = use_lang();
    let title = legend(&control);
    let titled = id.clone();
    let has_shapes = control.kind.shape().is_some();
    // A heading over a single label that says the same only takes room from the list of objects.
    let alone = control.labels().first().filter(|_| control.labels().len() == 1 && !control.required).cloned();
    let headed = control.clone();
    let is_said_twice = move || alone.as_ref().is_some_and(|label| label.name(lang.get()) == headed.name(lang.get()));
    let rows = control
        .labels()
        .iter()
        .map(|label| {
            let (own, named) = (label.id.clone(), label.clone());
            let color = editor.color(&control.id, &label.id);
            let n = editor.schema.with_value(|schema| schema.label_place(&control.id, &label.id)).unwrap_or_default();
            let key = editor.key_of(&control.id, &label.id);
            let control = control.id.clone();
            let (in_control, in_label) = (control.clone(), own.clone());
            let filter = has_shapes.then(|| filter(editor, &control, &own));
            let in_hand = move || {
                editor.hand.with(|hand| {
                    hand.as_ref().is_some_and(|hand| hand.control == in_control && hand.label == in_label)
                })
            };
            view! {
                <li class="label-line">
                    <button
                        type="button"
                        class="label-button"
                        aria-pressed=move || if in_hand() { "true" } else { "false" }
                        aria-keyshortcuts=key.map(|key| key.to_string())
                        disabled=move || !editor.editable.get()
                        // The text stays selected, and the stage keeps the keys.
                        on:mousedown=|event| event.prevent_default()
                        on:click=move |_| editor.label(&control, &own)
                    >
                        <i class=paint::pattern_class(n) style:border-color=color.clone() style:background-color=format!("{color}40")></i>
                        <span class="option-name">{move || named.name(lang.get()).to_owned()}</span>
                        {key.map(|key| view! { <kbd>{key.to_ascii_uppercase().to_string()}</kbd> })}
                    </button>
                    {filter}
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="control" role="group" aria-labelledby=titled>
            <div class="control-head" class:visually-hidden=is_said_twice id=id>{title}</div>
            <ul class="labels">{rows}</ul>
        </div>
    }
    .into_any()
}

/// The eye of a label: whether its shapes are shown.
fn filter(editor: Editor, control: &str, label: &str) -> AnyView {
    let name = editor.label_name(control, label);
    let words = move || fill(now(|t| t.work.filter_label), &[("label", &name)]);
    let place = StoredValue::new((control.to_owned(), label.to_owned()));
    let is_off =
        move || place.with_value(|(control, label)| editor.shown.with(|shown| shown.is_filtered(control, label)));
    view! {
        <button
            type="button"
            class="object-switch"
            class:object-switch-on=is_off
            title=words.clone()
            aria-label=words
            aria-pressed=move || if is_off() { "false" } else { "true" }
            on:mousedown=|event| event.prevent_default()
            on:click=move |_| {
                place.with_value(|(control, label)| editor.shown.update(|shown| shown.switch_label(control, label)));
            }
        >
            {move || icon(if is_off() { Icon::EyeOff } else { Icon::Eye })}
        </button>
    }
    .into_any()
}

fn written(editor: Editor, control: Control, id: String) -> AnyView {
    let title = legend(&control);
    let Kind::Text { max_chars, multiline, .. } = control.kind else { return ().into_any() };
    let control = StoredValue::new(control.id);
    let text = move || {
        editor.document.with(|document| {
            control.with_value(|control| {
                document.value().get(control).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
            })
        })
    };
    let count = move || {
        let n = domain::text::char_len(&text()).to_string();
        match max_chars {
            Some(max) => fill(now(|t| t.work.chars_max), &[("n", &n), ("max", &max.to_string())]),
            None => fill(now(|t| t.work.chars), &[("n", &n)]),
        }
    };
    let typed = move |event: web_sys::Event| editor.write(&control.get_value(), event_target_value(&event));
    let described = format!("{id}-count");
    let labeled = id.clone();
    let field = if multiline {
        view! {
            <textarea
                id=id.clone()
                class="input textarea work-field"
                rows="4"
                prop:value=text
                readonly=move || !editor.editable.get()
                aria-describedby=described.clone()
                on:input=typed
                on:blur=move |_| editor.seal()
            ></textarea>
        }
        .into_any()
    } else {
        view! {
            <input
                id=id.clone()
                class="input work-field"
                type="text"
                autocomplete="off"
                prop:value=text
                readonly=move || !editor.editable.get()
                aria-describedby=described.clone()
                on:input=typed
                on:blur=move |_| editor.seal()
            />
        }
        .into_any()
    };
    view! {
        <div class="control">
            <label class="control-head" for=labeled>{title}</label>
            {field}
            <p class="control-count" id=described>{count}</p>
        </div>
    }
    .into_any()
}

fn event_target_input(event: &web_sys::Event) -> Option<web_sys::HtmlInputElement> {
    use wasm_bindgen::JsCast;
    event.target()?.dyn_into().ok()
}
