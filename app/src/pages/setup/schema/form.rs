//! The form of the schema: a card a control, a row a label. Everything works by keys: order is changed by buttons.

use super::draft::{AttributeDraft, ControlDraft, Draft, LabelDraft, free, template};
use crate::components::{Button, ButtonKind, Checkbox, Empty, Icon, TextField};
use crate::text::{Pick, fill, now, t};
use domain::project::Modality;
use domain::schema::{PALETTE, drawable::offered};
use leptos::prelude::*;
use serde_json::Value;

/// Deepest level of options that may have options below.
const DEEPEST: u32 = 5;

fn kind_word(kind: &str) -> Pick {
    match kind {
        "choice" => |t| t.schema.kind_choice,
        "span" => |t| t.schema.kind_span,
        "box" => |t| t.schema.kind_box,
        "rotated_box" => |t| t.schema.kind_rotated_box,
        "ellipse" => |t| t.schema.kind_ellipse,
        "polygon" => |t| t.schema.kind_polygon,
        "polyline" => |t| t.schema.kind_polyline,
        "point" => |t| t.schema.kind_point,
        "mask" => |t| t.schema.kind_mask,
        "skeleton" => |t| t.schema.kind_skeleton,
        _ => |t| t.schema.kind_text,
    }
}

/// Every control, and the buttons that add one.
pub(super) fn controls(draft: Draft, modality: Modality, json: Memo<Value>) -> AnyView {
    let twice = Memo::new(move |_| json.with(keys_used_twice));
    let templates: &[(&str, Pick)] = match modality {
        Modality::Text => &[("ner", |t| t.schema.template_ner), ("sentiment", |t| t.schema.template_sentiment)],
        Modality::Image => &[("objects", |t| t.schema.template_objects)],
    };
    view! {
        <Show when=move || draft.0.with(Vec::is_empty)>
            <div class="panel">
                <Empty title=t(|t| t.schema.empty) text=t(|t| t.schema.empty_text)>
                    {templates
                        .iter()
                        .map(|(name, word)| view! { <Button label=t(*word) on_press=move |()| draft.replace(&template(name))/> })
                        .collect_view()}
                </Empty>
            </div>
        </Show>
        <ol class="controls">
            <For each=move || draft.0.get() key=|control| control.uid let(control)>
                <li>{card(draft, control, twice)}</li>
            </For>
        </ol>
        <div class="actions" role="group" aria-label=t(|t| t.schema.add)>
            <span class="muted">{t(|t| t.schema.add)}</span>
            {offered(modality)
                .iter()
                .map(|kind| view! { <Button label=t(kind_word(kind)) icon_before=Icon::Plus on_press=move |()| draft.add(kind)/> })
                .collect_view()}
        </div>
    }
    .into_any()
}

/// Keys given to more than one label.
fn keys_used_twice(json: &Value) -> Vec<String> {
    fn walk(value: &Value, keys: &mut Vec<String>) {
        match value {
            Value::Object(object) => {
                if let Some(key) = object.get("key").and_then(Value::as_str) {
                    keys.push(key.to_owned());
                }
                object.values().for_each(|value| walk(value, keys));
            }
            Value::Array(list) => list.iter().for_each(|value| walk(value, keys)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut keys = Vec::new();
    walk(json, &mut keys);
    let mut twice: Vec<String> =
        keys.iter().filter(|key| keys.iter().filter(|other| other == key).count() > 1).cloned().collect();
    twice.sort_unstable();
    twice.dedup();
    twice
}

fn shift<T: Copy + Send + Sync + 'static>(list: RwSignal<Vec<T>>, is: impl Fn(&T) -> bool, by: isize) {
    list.update(|list| {
        if let Some(at) = list.iter().position(is)
            && let Some(to) = at.checked_add_signed(by).filter(|to| *to < list.len())
        {
            list.swap(at, to);
        }
    });
}

/// Up, down, away.
fn order_buttons(up: Callback<()>, down: Callback<()>, remove: Callback<()>) -> AnyView {
    view! {
        <span class="order-buttons">
            <Button label=t(|t| t.schema.move_up) icon_before=Icon::Up icon_only=true kind=ButtonKind::Quiet class="btn-small" on_press=up/>
            <Button label=t(|t| t.schema.move_down) icon_before=Icon::Down icon_only=true kind=ButtonKind::Quiet class="btn-small" on_press=down/>
            <Button label=t(|t| t.schema.remove) icon_before=Icon::Trash icon_only=true kind=ButtonKind::Quiet class="btn-small" on_press=remove/>
        </span>
    }
    .into_any()
}

fn card(draft: Draft, control: ControlDraft, twice: Memo<Vec<String>>) -> AnyView {
    let uid = control.uid;
    let name = move |field: &str| format!("c{uid}-{field}");
    let flag: Option<Pick> = match control.kind {
        "choice" => Some(|t| t.schema.multiple),
        "span" => Some(|t| t.schema.overlap),
        "text" => Some(|t| t.schema.multiline),
        _ => None,
    };
    let own = move |other: &ControlDraft| other.uid == uid;
    // Colours go by the place among the labels of all controls; those of options by their own.
    let has_labels = |other: &ControlDraft| !matches!(other.kind, "choice" | "text");
    let before = Signal::derive(move || match control.kind {
        "choice" => 0,
        _ => draft.0.with(|list| {
            let above = list.iter().take_while(|other| !own(other)).filter(|other| has_labels(other));
            above.map(|other| other.labels.with(Vec::len)).sum::<usize>()
        }),
    });
    let number = move || draft.0.with(|list| list.iter().position(own).map_or(0, |at| at + 1)).to_string();
    view! {
        <fieldset class="panel control-card">
            <legend class="visually-hidden">{move || fill(now(|t| t.schema.control), &[("n", &number())])}</legend>
            <header class="panel-head">
                <h3>{number} ". " {t(kind_word(control.kind))}</h3>
                {order_buttons(
                    Callback::new(move |()| shift(draft.0, own, -1)),
                    Callback::new(move |()| shift(draft.0, own, 1)),
                    Callback::new(move |()| draft.0.update(|list| list.retain(|other| !own(other)))),
                )}
            </header>
            <div class="form-row">
                <TextField id=name("zh") label=t(|t| t.schema.title_zh) value=control.zh/>
                <TextField id=name("en") label=t(|t| t.schema.title_en) value=control.en/>
                <TextField id=name("id") label=t(|t| t.schema.control_id) value=control.id/>
            </div>
            <div class="actions">
                <Checkbox id=name("required") label=t(|t| t.schema.required) value=control.required/>
                {flag.map(|word| view! { <Checkbox id=name("flag") label=t(word) value=control.flag/> })}
            </div>
            {if control.kind == "text" {
                view! {
                    <div class="form-row">
                        <TextField id=name("min") label=t(|t| t.schema.min_chars) kind="number" value=control.min/>
                        <TextField id=name("max") label=t(|t| t.schema.max_chars) kind="number" value=control.max/>
                    </div>
                }
                .into_any()
            } else {
                let skeleton = (control.kind == "skeleton").then(|| view! {
                    <TextField id=name("points") label=t(|t| t.schema.points) hint=t(|t| t.schema.points_hint) value=control.points/>
                    <TextField id=name("edges") label=t(|t| t.schema.edges) hint=t(|t| t.schema.edges_hint) value=control.edges/>
                });
                view! {
                    {skeleton}
                    {labels(control.labels, control.kind == "choice", 1, twice, before)}
                }
                .into_any()
            }}
        </fieldset>
    }
    .into_any()
}

fn labels(
    list: RwSignal<Vec<LabelDraft>>,
    choice: bool,
    depth: u32,
    twice: Memo<Vec<String>>,
    before: Signal<usize>,
) -> AnyView {
    let title: Pick = if choice { |t| t.schema.options } else { |t| t.schema.labels };
    let add: Pick = if choice { |t| t.schema.add_option } else { |t| t.schema.add_label };
    view! {
        <ul class="label-rows" aria-label=t(title)>
            <For each=move || list.get() key=|label| label.uid let(label)>
                <li>{row(list, label, choice, depth, twice, before)}</li>
            </For>
        </ul>
        {(depth == 1).then(|| view! { <Button label=t(add) icon_before=Icon::Plus kind=ButtonKind::Quiet class="btn-small" on_press=move |()| push(list)/> })}
    }
    .into_any()
}

fn push(list: RwSignal<Vec<LabelDraft>>) {
    let taken: Vec<String> = list.with_untracked(|list| list.iter().map(|label| label.id.get_untracked()).collect());
    let n = taken.len() + 1;
    list.update(|list| list.push(LabelDraft::new(&free(&format!("label_{n}"), &taken))));
}

fn row(
    list: RwSignal<Vec<LabelDraft>>,
    label: LabelDraft,
    choice: bool,
    depth: u32,
    twice: Memo<Vec<String>>,
    before: Signal<usize>,
) -> AnyView {
    let uid = label.uid;
    let name = move |field: &str| format!("l{uid}-{field}");
    let own = move |other: &LabelDraft| other.uid == uid;
    let color = move || {
        let given = label.color.get();
        if !given.is_empty() {
            return given;
        }
        let at = before.get() + list.with(|list| list.iter().position(own).unwrap_or(0));
        PALETTE.get(at % PALETTE.len()).copied().unwrap_or("#767676").to_owned()
    };
    let collides = move || label.key.with(|key| !key.is_empty() && twice.with(|twice| twice.contains(key)));
    let key_error = Signal::derive(move || {
        collides().then(|| label.key.with(|key| fill(now(|t| t.schema.key_taken), &[("key", key)])))
    });
    // Only options without options below can be picked, so only they have a key.
    let leaf = Signal::derive(move || label.children.with(Vec::is_empty));
    view! {
        <div class="label-row">
            <input
                type="color"
                class="color"
                aria-label=t(|t| t.schema.color)
                title=t(|t| t.schema.color)
                prop:value=color
                on:input=move |event| label.color.set(event_target_value(&event))
            />
            <TextField id=name("zh") label=t(|t| t.schema.title_zh) placeholder=t(|t| t.schema.title_zh) hide_label=true value=label.zh/>
            <TextField id=name("en") label=t(|t| t.schema.title_en) placeholder=t(|t| t.schema.title_en) hide_label=true value=label.en/>
            <TextField id=name("id") label=t(|t| t.schema.control_id) placeholder=t(|t| t.schema.control_id) hide_label=true value=label.id/>
            <div class="label-key">
                <Show when=move || leaf.get()>
                    <TextField id=name("key") label=t(|t| t.schema.key) placeholder=t(|t| t.schema.key) hide_label=true value=label.key error=key_error/>
                </Show>
            </div>
            <span class="label-end">
                {(!choice).then(|| view! {
                    <Button label=t(|t| t.schema.add_attribute) icon_before=Icon::Plus icon_only=true kind=ButtonKind::Quiet class="btn-small" on_press=move |()| push_attribute(label.attributes)/>
                })}
                {(choice && depth < DEEPEST).then(|| view! {
                    <Button label=t(|t| t.schema.add_child) icon_before=Icon::Plus icon_only=true kind=ButtonKind::Quiet class="btn-small" on_press=move |()| {
                        label.key.set(String::new());
                        push_child(label);
                    }/>
                })}
                {order_buttons(
                    Callback::new(move |()| shift(list, own, -1)),
                    Callback::new(move |()| shift(list, own, 1)),
                    Callback::new(move |()| list.update(|list| list.retain(|other| !own(other)))),
                )}
            </span>
        </div>
        {if choice { labels_under(label, depth, twice) } else { attributes(label) }}
    }
    .into_any()
}

/// What else is asked of a label's regions, a row each.
fn attributes(label: LabelDraft) -> AnyView {
    let list = label.attributes;
    view! {
        <Show when=move || list.with(|list| !list.is_empty())>
            <div class="label-children" role="group" aria-label=t(|t| t.schema.attributes)>
                <For each=move || list.get() key=|one| one.uid let(one)>
                    {attribute(list, one)}
                </For>
            </div>
        </Show>
    }
    .into_any()
}

fn push_attribute(list: RwSignal<Vec<AttributeDraft>>) {
    let taken: Vec<String> = list.with_untracked(|list| list.iter().map(|one| one.id.get_untracked()).collect());
    list.update(|list| list.push(AttributeDraft::new(&free("attribute", &taken))));
}

fn attribute(list: RwSignal<Vec<AttributeDraft>>, one: AttributeDraft) -> AnyView {
    let uid = one.uid;
    let name = move |field: &str| format!("a{uid}-{field}");
    let own = move |other: &AttributeDraft| other.uid == uid;
    let kinds: [(&str, Pick); 4] = [
        ("flag", |t| t.schema.form_flag),
        ("choice", |t| t.schema.kind_choice),
        ("text", |t| t.schema.kind_text),
        ("number", |t| t.schema.form_number),
    ];
    view! {
        <div class="attribute-row">
            <select
                class="input"
                aria-label=t(|t| t.schema.form)
                prop:value=move || one.kind.get()
                on:change=move |event| one.kind.set(event_target_value(&event))
            >
                {kinds.into_iter().map(|(kind, word)| view! { <option value=kind selected=move || one.kind.get() == kind>{t(word)}</option> }).collect_view()}
            </select>
            <TextField id=name("zh") label=t(|t| t.schema.title_zh) placeholder=t(|t| t.schema.title_zh) hide_label=true value=one.zh/>
            <TextField id=name("en") label=t(|t| t.schema.title_en) placeholder=t(|t| t.schema.title_en) hide_label=true value=one.en/>
            <TextField id=name("id") label=t(|t| t.schema.control_id) placeholder=t(|t| t.schema.control_id) hide_label=true value=one.id/>
            <Checkbox id=name("required") label=t(|t| t.schema.required) value=one.required/>
            {order_buttons(
                Callback::new(move |()| shift(list, own, -1)),
                Callback::new(move |()| shift(list, own, 1)),
                Callback::new(move |()| list.update(|list| list.retain(|other| !own(other)))),
            )}
            <Show when=move || one.kind.with(|kind| kind == "choice")>
                <div class="attribute-options">
                    <TextField id=name("options") label=t(|t| t.schema.attribute_options) placeholder=t(|t| t.schema.attribute_options) hide_label=true value=one.options/>
                </div>
            </Show>
        </div>
    }
    .into_any()
}

/// An option's own options; ids are unique in the whole control, so the parent's is their stem.
fn push_child(label: LabelDraft) {
    let taken: Vec<String> =
        label.children.with_untracked(|list| list.iter().map(|label| label.id.get_untracked()).collect());
    let stem = format!("{}_{}", label.id.get_untracked(), taken.len() + 1);
    label.children.update(|list| list.push(LabelDraft::new(&free(&stem, &taken))));
}

fn labels_under(label: LabelDraft, depth: u32, twice: Memo<Vec<String>>) -> AnyView {
    view! {
        <Show when=move || label.children.with(|children| !children.is_empty())>
            <div class="label-children">{labels(label.children, true, depth + 1, twice, Signal::stored(0))}</div>
        </Show>
    }
    .into_any()
}
