//! The side of the desk: what the authors answered, and pass, fail or fix.

use super::desk::{Author, Desk, Mode};
use super::verdict_word;
use crate::browser;
use crate::components::{Button, ButtonKind, Icon, TextArea, announce, problem_line};
use crate::lang::use_lang;
use crate::text::{fill, now, t};
use crate::workbench::details::Details;
use crate::workbench::form::Form;
use crate::workbench::objects::Objects;
use domain::annotation::{AnnotationKind, Reason};
use domain::id::AnnotationId;
use domain::schema::Kind;
use leptos::prelude::*;

pub(super) fn verdict_panel(desk: Desk) -> AnyView {
    let lang = use_lang();
    let verdict = move || {
        desk.at.track();
        let item = desk.item()?;
        desk.verdicts.with(|verdicts| verdicts.get(&item).cloned())
    };
    let waiting = Signal::derive(move || desk.detail.get().is_none());
    view! {
        <div class="work-side-scroll">
            {move || verdict().map(|verdict| view! {
                <p class="verdict-now">
                    <strong>{move || { lang.track(); verdict_word(verdict.verdict) }}</strong>
                    {verdict.reason.map(|reason| view! { <span>{move || reason.words().get(lang.get()).to_owned()}</span> })}
                    {verdict.comment.map(|comment| view! { <q>{comment}</q> })}
                </p>
            })}
            {move || desk.authors.get().into_iter().map(|author| answers(desk, author)).collect_view()}
            {guideline(desk)}
        </div>
        <div class="work-actions">
            {move || (desk.mode.get() == Mode::Fail).then(|| fail_panel(desk))}
            {problem_line(desk.doing.sentence())}
            <div class="verdict-row" style:grid-column="1 / -1">
                <Button label=t(|t| t.work.cmd_pass) kind=ButtonKind::Main keys="P" icon_before=Icon::Check
                    disabled=waiting busy=desk.doing.busy on_press=move |()| desk.pass()/>
                <Button label=t(|t| t.work.cmd_fail) keys="F" icon_before=Icon::Close
                    disabled=waiting busy=desk.doing.busy
                    on_press=move |()| {
                        desk.mode.set(Mode::Fail);
                        request_animation_frame(|| browser::focus("reasons"));
                    }/>
                <Button label=t(|t| t.work.cmd_fix) keys="E" icon_before=Icon::Pencil
                    disabled=waiting busy=desk.doing.busy on_press=move |()| desk.begin_fix(None)/>
            </div>
        </div>
    }
    .into_any()
}

/// What one author answered, in words: choices, texts and the list of regions.
fn answers(desk: Desk, author: Author) -> AnyView {
    let lang = use_lang();
    let controls = desk.project.with_value(|project| project.schema.controls.clone());
    let value = author.annotation.value.clone();
    let nothing = value.is_empty();
    let rows = controls
        .into_iter()
        .filter(|control| matches!(control.kind, Kind::Choice { .. } | Kind::Text { .. }))
        .map(|control| {
            let given = value.get(&control.id).cloned();
            let differs = author.differences.controls.contains(&control.id);
            let named = control.clone();
            let words = move || {
                let lang = lang.get();
                match &given {
                    Some(serde_json::Value::String(text)) => text.clone(),
                    Some(serde_json::Value::Array(list)) => {
                        let leaves = control.leaves();
                        let name = |id: &str| {
                            leaves
                                .iter()
                                .find(|leaf| leaf.id == id)
                                .map_or(id.to_owned(), |leaf| leaf.name(lang).to_owned())
                        };
                        list.iter().filter_map(serde_json::Value::as_str).map(name).collect::<Vec<_>>().join("、")
                    }
                    _ => now(|t| t.review.unlabeled).to_owned(),
                }
            };
            view! {
                <dl class="answer" class:answer-differs=differs>
                    <dt>{move || named.name(lang.get()).to_owned()}</dt>
                    <dd>{words}{differs.then_some(" ≠")}</dd>
                </dl>
            }
        })
        .collect_view();
    let name = author.annotation.annotator_name.clone();
    // Two revisions, or a fix beside them, may be of one person.
    let objects_of = format!("{name} {}", if author.annotation.kind == AnnotationKind::Fix { "✎" } else { "" });
    let revision = author.annotation.revision;
    view! {
        <section class="answers">
            <h2 class="answer-author">
                {name}
                {(revision > 1).then(|| view! {
                    " · " {move || fill(now(|t| t.work.revision), &[("n", &revision.to_string())])}
                })}
            </h2>
            {nothing.then(|| view! { <p class="side-none">{t(|t| t.review.empty_value)}</p> })}
            {rows}
            <Objects editor=author.editor of=objects_of/>
        </section>
    }
    .into_any()
}

fn guideline(desk: Desk) -> AnyView {
    let html = desk.project.with_value(|project| project.guideline_html.clone());
    if html.is_empty() {
        return ().into_any();
    }
    view! {
        <details class="review-guideline">
            <summary>{t(|t| t.review.guideline)}</summary>
            // Made safe on the server from Markdown.
            <div class="prose" inner_html=html></div>
        </details>
    }
    .into_any()
}

fn fail_panel(desk: Desk) -> AnyView {
    let lang = use_lang();
    let by_key = move |event: web_sys::KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        match event.code().as_str() {
            "Escape" => {
                desk.mode.set(Mode::Look);
                browser::focus("stage");
            }
            "Enter" | "NumpadEnter" => {
                let typing = event_target_is(&event, "TEXTAREA");
                // Enter in the words breaks a line; with Ctrl, or outside them, it gives the verdict.
                if typing && !event.ctrl_key() || event_target_is(&event, "BUTTON") {
                    return;
                }
                desk.fail();
            }
            code if !browser::is_typing(&event) => {
                let digit = code.strip_prefix("Digit").or_else(|| code.strip_prefix("Numpad"));
                let at = digit.and_then(|digit| digit.parse::<usize>().ok()).and_then(|n| n.checked_sub(1));
                let Some(reason) = at.and_then(|at| Reason::ALL.get(at)) else { return };
                desk.reason.set(Some(*reason));
                announce(reason.words().get(lang.get_untracked()).to_owned());
                browser::focus("review-comment");
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let several = desk.authors.with_untracked(|authors| authors.len() > 1);
    view! {
        <div class="form" style:grid-column="1 / -1" on:keydown=by_key>
            <div role="radiogroup" id="reasons" tabindex="-1" aria-label=t(|t| t.review.reason) class="reasons">
                {Reason::ALL
                    .into_iter()
                    .enumerate()
                    .map(|(n, reason)| {
                        let is_picked = move || desk.reason.get() == Some(reason);
                        view! {
                            <button
                                type="button"
                                role="radio"
                                class="label-button"
                                class:option-picked=is_picked
                                aria-checked=move || if is_picked() { "true" } else { "false" }
                                on:click=move |_| {
                                    desk.reason.set(Some(reason));
                                    browser::focus("review-comment");
                                }
                            >
                                <kbd>{(n + 1).to_string()}</kbd>
                                <span>{move || reason.words().get(lang.get()).to_owned()}</span>
                            </button>
                        }
                    })
                    .collect_view()}
            </div>
            <TextArea id="review-comment" label=t(|t| t.review.comment) value=desk.comment rows=2/>
            {several.then(|| which_author(desk))}
            <div class="actions">
                <Button
                    label=t(|t| t.review.save_fail) kind=ButtonKind::Danger keys="Ctrl+Enter"
                    disabled=Signal::derive(move || desk.reason.get().is_none())
                    busy=desk.doing.busy
                    on_press=move |()| desk.fail()
                />
                <Button label=t(|t| t.words.cancel) keys="Esc" on_press=move |()| desk.mode.set(Mode::Look)/>
            </div>
        </div>
    }
    .into_any()
}

fn which_author(desk: Desk) -> AnyView {
    let authors = desk.authors.get_untracked();
    let one = move |id: Option<AnnotationId>, name: AnyView, key: String| {
        view! {
            <label class="option" for=format!("returned-{key}")>
                <input
                    type="radio"
                    name="returned"
                    id=format!("returned-{key}")
                    prop:checked=move || desk.returned.get() == id
                    on:change=move |_| desk.returned.set(id)
                />
                <span>{name}</span>
            </label>
        }
    };
    view! {
        <fieldset class="control">
            <legend>{t(|t| t.review.which_author)}</legend>
            {one(None, t(|t| t.review.everyone).into_any(), "all".to_owned())}
            {authors
                .into_iter()
                .filter(|author| author.annotation.kind == AnnotationKind::Label)
                .map(|author| {
                    let key = author.annotation.id.to_string();
                    one(Some(author.annotation.id), author.annotation.annotator_name.into_any(), key)
                })
                .collect_view()}
        </fieldset>
    }
    .into_any()
}

pub(super) fn fix_panel(desk: Desk, name: String) -> AnyView {
    view! {
        <div class="work-side-scroll">
            <p class="verdict-now"><strong>{move || fill(now(|t| t.review.fixing), &[("name", &name)])}</strong></p>
            <Form editor=desk.fixing id="fix"/>
            <Details editor=desk.fixing/>
            <Objects editor=desk.fixing/>
        </div>
        <div class="work-actions">
            {problem_line(desk.doing.sentence())}
            <Button
                label=t(|t| t.work.cmd_save_fix) kind=ButtonKind::Main keys="Ctrl+Enter" busy=desk.doing.busy
                on_press=move |()| desk.save_fix()
            />
            <Button label=t(|t| t.words.cancel) keys="Esc" on_press=move |()| desk.mode.set(Mode::Look)/>
        </div>
    }
    .into_any()
}

fn event_target_is(event: &web_sys::KeyboardEvent, tag: &str) -> bool {
    use wasm_bindgen::JsCast;
    event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|element| element.tag_name() == tag)
}
