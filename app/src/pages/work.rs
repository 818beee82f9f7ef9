//! The workbench (`/work/:project`): one item after the other, and nothing else.

use crate::browser;
use crate::commands::{Command, Scope, own};
use crate::components::{
    Button, ButtonKind, Dialog, Empty, Icon, LinkButton, TextField, ask, error_state, icon, loaded,
};
use crate::error::AppError;
use crate::frame::{self, keys};
use crate::lang::use_lang;
use crate::module::HAS_IMAGES;
use crate::rpc;
use crate::session::{renewed, use_me};
use crate::text::{fill, now, t};
use crate::workbench::details::Details;
use crate::workbench::document::Document;
use crate::workbench::editor::Editor;
use crate::workbench::form::Form;
use crate::workbench::keyboard;
use crate::workbench::keystrip::{KeyStrip, key_groups, offer_commands};
use crate::workbench::objects::Objects;
use crate::workbench::outbox::Act;
use crate::workbench::session::{Phase, Returned, Saved, Session};
use crate::workbench::stage::{Stage, StageTools};
use crate::workbench::storage;
use domain::claim::{ReworkNote, SkipReason, Workplace};
use domain::id::ProjectId;
use domain::project::Modality;
use leptos::ev;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use std::time::Duration;

/// What stands beside the stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Panel {
    None,
    Guideline,
    History,
}

/// The page.
pub fn page() -> AnyView {
    let params = use_params_map();
    let project = move || params.with(|params| params.get("project")?.parse::<ProjectId>().ok());
    let place = ask(project, |project| async move {
        match project {
            Some(project) => rpc::get_workplace(project).await,
            None => Err(AppError::Refused(domain::Error::NotFound(domain::error::Noun::Project))),
        }
    });
    loaded(place, bench)
}

fn bench(place: Workplace) -> AnyView {
    if !HAS_IMAGES && place.modality == Modality::Image {
        // Come here within the module for texts, from the home page.
        return frame::elsewhere();
    }
    if place.schema.is_empty() {
        return view! {
            <Empty title=t(|t| t.work.no_schema) picture=Icon::Pencil>
                <LinkButton label=t(|t| t.work.to_home) href="/"/>
            </Empty>
        }
        .into_any();
    }
    let modality = place.modality;
    let scope_here = if modality == Modality::Text { Scope::WorkText } else { Scope::WorkImage };
    let person = use_me().get_untracked().map(|me| me.actor.username).unwrap_or_default();
    let name = place.name.clone();
    let (guideline, waiting, auto_submit) = (place.guideline_html.clone(), place.waiting, place.settings.auto_submit);
    let session = Session::new(place, person);
    let editor = session.editor;
    let panel = RwSignal::new(Panel::None);
    let skipping = RwSignal::new(false);
    // A panel that goes gives the keys back to the item.
    Effect::new(move |before: Option<Panel>| {
        let open = panel.get();
        if open == Panel::None && before.is_some_and(|before| before != Panel::None) {
            browser::focus("stage");
        }
        open
    });

    live(session);
    take_own_keys();
    keys::offer(key_groups(scope_here));
    let scope = Signal::derive(move || (session.phase.get() == Phase::Working).then_some(scope_here));
    let toggle = move |which: Panel| panel.update(|panel| *panel = if *panel == which { Panel::None } else { which });
    let run = Callback::new(move |command: Command| {
        match command {
            Command::Submit => {
                if !editor.finish() {
                    session.submit();
                }
            }
            Command::Skip => skipping.set(true),
            Command::Guideline => toggle(Panel::Guideline),
            Command::History => toggle(Panel::History),
            _ => return keyboard::own(editor, command),
        }
        true
    });
    offer_commands(scope_here, run);
    keyboard::listen(editor, scope, run);
    if auto_submit {
        Effect::new(move |before: Option<u32>| {
            let answered = editor.answered.get();
            let ready = untrack(|| {
                session.current.with(|claim| {
                    claim.as_ref().is_some_and(|claim| {
                        editor.document.with(|document| editor.check(document.value(), &claim.item.data).is_ok())
                    })
                })
            });
            if before.is_some_and(|before| before != answered) && ready {
                session.submit();
            }
            answered
        });
    }

    // From item to item the stage stays; only a change of what is shown renders it anew.
    let phase = Memo::new(move |_| session.phase.get());
    let title = name.clone();
    view! {
        <Title text=crate::text::title(move || format!("{title} · {}", now(|t| t.work.title)))/>
        <div class="workbench">
            {bar(session, name, waiting, panel)}
            {notices(session)}
            <div class="work-body" class:work-body-panel=move || panel.get() != Panel::None>
                {side_panel(session, panel, guideline)}
                <section class="work-center">
                    {move || match phase.get() {
                        Phase::Working => view! {
                            <StageTools editor modality/>
                            <div class="stage-pair">
                                <Stage editor modality id="stage"/>
                                {HAS_IMAGES.then(|| view! {
                                    <Show when=move || editor.aids.with(|aids| aids.beside)>{before(editor)}</Show>
                                })}
                            </div>
                            {refusal(editor)}
                        }.into_any(),
                        other => standstill(session, other),
                    }}
                </section>
                <section class="work-side" aria-label=t(|t| t.work.form)>
                    <Show when=move || session.phase.get() == Phase::Working>
                        <div class="work-side-scroll">
                            <Form editor id="form"/>
                            <Details editor/>
                            <Objects editor/>
                        </div>
                        <div class="work-actions">
                            {problems(session)}
                            <Button
                                label=t(|t| t.work.submit_next)
                                kind=ButtonKind::Main
                                keys="Enter"
                                class="work-submit"
                                on_press=move |()| session.submit()
                            />
                            <Button label=t(|t| t.work.skip) keys="Shift+S" on_press=move |()| skipping.set(true)/>
                        </div>
                    </Show>
                </section>
            </div>
            <footer class="work-keys"><KeyStrip editor scope/></footer>
        </div>
        {skip_dialog(session, skipping)}
    }
    .into_any()
}

/// The image before this one, as it was left: to look at, not to change.
fn before(editor: Editor) -> AnyView {
    view! {
        <section class="stage-before">
            {move || match editor.previous.get() {
                None => view! { <p class="side-none">{t(|t| t.work.beside_none)}</p> }.into_any(),
                Some(previous) => {
                    let other = Editor::new(editor.schema.get_value());
                    let key = previous.item.key.clone();
                    let title = move || fill(now(|t| t.work.beside_title), &[("key", &key)]);
                    let label = title.clone();
                    other.editable.set(false);
                    other.open(previous.item, Document::new(previous.value));
                    other.hand.set(None);
                    view! {
                        <h2 class="side-title">{title}</h2>
                        <Stage editor=other modality=Modality::Image id="before" label/>
                    }
                    .into_any()
                }
            }}
        </section>
    }
    .into_any()
}

/// Joins the session to the browser: clock, visibility, line, storage, keys and pointers.
fn live(session: Session) {
    Effect::new(move |_| {
        untrack(|| session.begin());
        crate::workbench::listen::on_document("visibilitychange", move |_| {
            session.visible(document().visibility_state() == web_sys::VisibilityState::Visible);
        });
        let listening = vec![
            window_event_listener(ev::online, move |_| session.wake()),
            window_event_listener(ev::offline, move |_| session.line_lost()),
            window_event_listener(ev::keydown, move |_| session.touched()),
            window_event_listener(ev::pointerdown, move |_| session.touched()),
            window_event_listener(ev::pointermove, move |_| session.touched()),
            window_event_listener(ev::wheel, move |_| session.touched()),
            window_event_listener(ev::pagehide, move |_| session.end()),
            window_event_listener(ev::storage, move |_| session.lease_changed()),
        ];
        let ticking = set_interval_with_handle(move || session.tick(), Duration::from_secs(1)).ok();
        on_cleanup(move || {
            if let Some(ticking) = ticking {
                ticking.clear();
            }
            for handle in listening {
                handle.remove();
            }
            session.end();
        });
    });
    session.editor.on_change(Callback::new(move |()| untrack(|| session.changed())));
    let signed_in = renewed();
    Effect::new(move |before: Option<u32>| {
        let times = signed_in.get();
        if before.is_some_and(|before| before != times) {
            untrack(|| session.wake());
        }
        times
    });
    // The size of the letters is the person's, not the item's.
    let letters = session.editor.letters;
    Effect::new(move |before: Option<u8>| {
        let px = letters.get();
        match before {
            None => {
                let kept = storage::setting("letters").and_then(|px| px.parse().ok());
                if let Some(kept) = kept.filter(|px| (14..=28).contains(px)) {
                    letters.set(kept);
                }
            }
            Some(before) if before != px => storage::keep_setting("letters", &px.to_string()),
            Some(_) => {}
        }
        px
    });
}

/// The person's own keys count from now on. In the browser only.
fn take_own_keys() {
    if cfg!(not(feature = "ssr"))
        && let Some(me) = use_me().get_untracked()
    {
        own::remember(&storage::setting(&own::setting(&me.actor.username)).unwrap_or_default());
    }
}

fn bar(session: Session, name: String, waiting: u64, panel: RwSignal<Panel>) -> AnyView {
    let begun = session.today.get_untracked();
    let counts = move || {
        let today = session.today.get();
        let left = waiting.saturating_sub(today.saturating_sub(begun));
        fill(now(|t| t.work.today), &[("n", &crate::format::count(today)), ("left", &crate::format::count(left))])
    };
    let saved = move || {
        let n = session.waiting().to_string();
        match session.saved() {
            Saved::Yes => ("saved-yes", now(|t| t.work.saved).to_owned()),
            Saved::Soon => ("saved-soon", now(|t| t.work.saving).to_owned()),
            Saved::Waiting(_) => ("saved-wait", fill(now(|t| t.work.unsent), &[("n", &n)])),
            Saved::Offline if n == "0" => ("saved-off", now(|t| t.work.offline).to_owned()),
            Saved::Offline => ("saved-off", fill(now(|t| t.work.offline_n), &[("n", &n)])),
            Saved::NoRoom => ("saved-off", now(|t| t.work.no_room).to_owned()),
        }
    };
    let time = move || {
        let seconds = session.seconds.get();
        format!("{}:{:02}", seconds / 60, seconds % 60)
    };
    let key = move || session.current.with(|claim| claim.as_ref().map(|claim| claim.item.key.clone()));
    let open = move |which: Panel| Signal::derive(move || panel.get() == which);
    let toggle = move |which: Panel| {
        Callback::new(move |()| panel.update(|panel| *panel = if *panel == which { Panel::None } else { which }))
    };
    view! {
        <header class="work-bar">
            <h1 class="work-name">{name}</h1>
            {move || key().map(|key| view! { <span class="work-key">{key}</span> })}
            <span class="work-count">{counts}</span>
            <span class="work-gap"></span>
            <span
                class=move || format!("work-saved {}", saved().0)
                role="status"
                // Said aloud only when something is amiss: that all is saved is no news.
                aria-live=move || if saved().0 == "saved-off" { "polite" } else { "off" }
            >
                {move || saved().1}
            </span>
            <span class="work-time" title=t(|t| t.work.time) aria-hidden="true">{icon(Icon::Clock)}{time}</span>
            <Button
                label=t(|t| t.work.guideline) kind=ButtonKind::Quiet icon_before=Icon::File keys="Shift+G"
                pressed=open(Panel::Guideline) on_press=toggle(Panel::Guideline)
            />
            <Button
                label=t(|t| t.work.history) kind=ButtonKind::Quiet icon_before=Icon::List keys="Shift+H"
                pressed=open(Panel::History) on_press=toggle(Panel::History)
            />
            <Button
                label=t(|t| t.work.cmd_help) kind=ButtonKind::Quiet icon_before=Icon::Help icon_only=true keys="?"
                on_press=move |()| keys::open()
            />
        </header>
    }
    .into_any()
}

/// What the person must know about this item: rework, work that came back, a claim that was lost.
fn notices(session: Session) -> AnyView {
    let lang = use_lang();
    let rework = move || session.current.with(|claim| claim.as_ref().and_then(|claim| claim.rework.clone()));
    view! {
        <div class="work-notices">
            {move || session.returned.get().into_iter().map(|one| came_back(session, one)).collect_view()}
            {move || session.warning.get().map(|error| view! {
                <p class="work-notice notice-warning" role="alert">
                    {icon(Icon::Alert)}
                    <span>{move || error.sentence(lang.get())}</span>
                </p>
            })}
            {move || rework().map(rework_note)}
        </div>
    }
    .into_any()
}

fn rework_note(note: ReworkNote) -> AnyView {
    let lang = use_lang();
    let (reason, own) = (note.reason, note.own);
    let has_reason = reason.is_some() || note.comment.is_some();
    let words = move || match reason {
        Some(reason) => reason.words().get(lang.get()).to_owned(),
        None if own => now(|t| t.work.rework_own).to_owned(),
        None if has_reason => String::new(),
        None => now(|t| t.work.rework_whole).to_owned(),
    };
    view! {
        <div class="work-notice notice-rework" role="note">
            {icon(Icon::Return)}
            <strong>{t(|t| t.work.rework)}</strong>
            <span>{words}</span>
            {note.comment.map(|comment| view! { <q class="rework-words">{comment}</q> })}
            <span class="rework-when">{note.returned_at.local_minute()}</span>
        </div>
    }
    .into_any()
}

fn came_back(session: Session, one: Returned) -> AnyView {
    let lang = use_lang();
    let claim = one.entry.claim;
    let can_open = one.claim.is_some();
    let stale = matches!(one.error, domain::Error::Conflict(domain::error::Conflict::SchemaOutdated));
    let error = one.error.clone();
    let text = match &one.entry.act {
        Act::Submit(submit) => serde_json::to_string_pretty(&submit.value).unwrap_or_default(),
        Act::Skip { .. } => String::new(),
    };
    let has_text = !text.is_empty();
    view! {
        <div class="work-notice notice-warning" role="alert">
            {icon(Icon::Alert)}
            <strong>{t(|t| t.work.returned_title)}</strong>
            <span>{one.entry.item.clone()}</span>
            <span>{move || error.sentence(lang.get())}</span>
            {(can_open && !stale).then(|| view! {
                <Button label=t(|t| t.work.returned_open) on_press=move |()| session.open_returned(claim)/>
            })}
            {stale.then(|| view! {
                <Button label=t(|t| t.work.returned_reload) on_press=move |()| browser::go(&browser::here())/>
            })}
            {has_text.then(|| view! { <Button label=t(|t| t.work.returned_copy) on_press=move |()| browser::copy(&text)/> })}
            <Button label=t(|t| t.work.returned_ok) kind=ButtonKind::Quiet on_press=move |()| session.dismiss(claim)/>
        </div>
    }
    .into_any()
}

fn refusal(editor: Editor) -> AnyView {
    view! {
        {move || editor.refusal.get().map(|words| view! { <p class="stage-refusal" role="alert">{icon(Icon::Alert)}<span>{words}</span></p> })}
    }
    .into_any()
}

fn problems(session: Session) -> AnyView {
    let lang = use_lang();
    view! {
        {move || {
            let problems = session.problems.get();
            (!problems.is_empty()).then(|| view! {
                <div class="work-problems" role="alert">
                    <strong>{t(|t| t.work.problems_title)}</strong>
                    <ul>
                        {problems
                            .into_iter()
                            .take(5)
                            .map(|problem| view! { <li>{move || problem.message.get(lang.get()).to_owned()}</li> })
                            .collect_view()}
                    </ul>
                </div>
            })
        }}
    }
    .into_any()
}

/// The screen without an item.
fn standstill(session: Session, phase: Phase) -> AnyView {
    let lang = use_lang();
    match phase {
        Phase::Working => ().into_any(),
        Phase::Loading => view! {
            <div class="work-wait" role="status"><span>{t(|t| t.work.loading)}</span>{crate::components::skeleton()}</div>
        }
        .into_any(),
        Phase::Failed(error) => error_state(error, Callback::new(move |()| session.retry())),
        Phase::OtherTab => view! {
            <Empty title=t(|t| t.work.other_tab_title) text=t(|t| t.work.other_tab_text) picture=Icon::File>
                <Button label=t(|t| t.work.take_over) kind=ButtonKind::Main on_press=move |()| session.take_over()/>
                <LinkButton label=t(|t| t.work.to_home) href="/"/>
            </Empty>
        }
        .into_any(),
        Phase::Idle(reason) => {
            let words = move || reason.map(|reason| reason.words().get(lang.get()).to_owned()).unwrap_or_default();
            view! {
                <Empty title=t(|t| t.work.idle_title) text=words picture=Icon::Check>
                    <Button label=t(|t| t.work.check_again) on_press=move |()| session.retry()/>
                    <LinkButton label=t(|t| t.work.to_home) href="/"/>
                </Empty>
            }
            .into_any()
        }
    }
}

fn side_panel(session: Session, panel: RwSignal<Panel>, guideline: String) -> AnyView {
    let guideline = StoredValue::new(guideline);
    let close = move || {
        view! {
            <Button
                label=t(|t| t.work.close_panel) kind=ButtonKind::Quiet icon_before=Icon::Close icon_only=true
                on_press=move |()| panel.set(Panel::None)
            />
        }
    };
    view! {
        {move || match panel.get() {
            Panel::None => ().into_any(),
            Panel::Guideline => view! {
                <section class="work-panel" aria-label=t(|t| t.work.guideline)>
                    <header class="work-panel-head"><h2>{t(|t| t.work.guideline)}</h2>{close()}</header>
                    {if guideline.with_value(String::is_empty) {
                        view! { <p class="side-none">{t(|t| t.work.guideline_none)}</p> }.into_any()
                    } else {
                        // Made safe on the server from Markdown.
                        view! { <div class="prose" tabindex="0" inner_html=guideline.get_value()></div> }.into_any()
                    }}
                </section>
            }.into_any(),
            Panel::History => view! {
                <section class="work-panel" aria-label=t(|t| t.work.history)>
                    <header class="work-panel-head"><h2>{t(|t| t.work.history)}</h2>{close()}</header>
                    {history(session, panel)}
                </section>
            }.into_any(),
        }}
    }
    .into_any()
}

fn history(session: Session, panel: RwSignal<Panel>) -> AnyView {
    let project = session.place.with_value(|place| place.project);
    // What was submitted just now is in the list once it has arrived.
    let rows = LocalResource::new(move || {
        session.waiting();
        rpc::list_history(project, 20)
    });
    let retry = Callback::new(move |()| rows.refetch());
    view! {
        {move || match rows.get() {
            None => crate::components::skeleton(),
            Some(Err(error)) => error_state(error, retry),
            Some(Ok(rows)) if rows.is_empty() => view! { <p class="side-none">{t(|t| t.work.history_none)}</p> }.into_any(),
            Some(Ok(rows)) => view! {
                <ul class="history" tabindex="0" aria-label=t(|t| t.work.history)>
                    {rows
                        .into_iter()
                        .map(|row| {
                            let annotation = row.annotation;
                            let revision = row.revision.to_string();
                            view! {
                                <li class="history-row">
                                    <div class="history-head">
                                        <span class="history-key">{row.key}</span>
                                        {crate::components::badge(row.state)}
                                    </div>
                                    <p class="history-excerpt">{row.excerpt}</p>
                                    <div class="history-foot">
                                        <span>{row.submitted_at.local_minute()}</span>
                                        {(row.revision > 1).then(|| view! {
                                            <span>{move || fill(now(|t| t.work.revision), &[("n", &revision)])}</span>
                                        })}
                                        {row.can_reopen.then(|| view! {
                                            <Button
                                                label=t(|t| t.work.reopen)
                                                on_press=move |()| {
                                                    panel.set(Panel::None);
                                                    session.reopen(annotation);
                                                }
                                            />
                                        })}
                                    </div>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            }.into_any(),
        }}
    }
    .into_any()
}

fn skip_dialog(session: Session, open: RwSignal<bool>) -> AnyView {
    let lang = use_lang();
    let comment = RwSignal::new(String::new());
    let skip = move |reason: SkipReason| {
        let words = comment.get_untracked().trim().to_owned();
        comment.set(String::new());
        open.set(false);
        session.skip(reason, (!words.is_empty()).then_some(words));
    };
    // Digits pick a reason while the dialog is open, unless words are being typed.
    let by_key = move |event: web_sys::KeyboardEvent| {
        if event.is_composing() || browser::is_typing(&event) {
            return;
        }
        let at = match event.code().as_str() {
            "Digit1" | "Numpad1" => 0,
            "Digit2" | "Numpad2" => 1,
            "Digit3" | "Numpad3" => 2,
            _ => return,
        };
        event.prevent_default();
        if let Some(reason) = SkipReason::ALL.get(at) {
            skip(*reason);
        }
    };
    Effect::new(move |_| {
        if open.get() {
            request_animation_frame(|| browser::focus("skip-1"));
        }
    });
    view! {
        <Dialog open title=t(|t| t.work.skip_title)>
            <div class="skip" on:keydown=by_key>
                <p>{t(|t| t.work.skip_text)}</p>
                <ul class="skip-reasons">
                    {SkipReason::ALL
                        .into_iter()
                        .enumerate()
                        .map(|(n, reason)| view! {
                            <li>
                                <button type="button" class="btn" id=format!("skip-{}", n + 1) on:click=move |_| skip(reason)>
                                    <kbd>{(n + 1).to_string()}</kbd>
                                    <span>{move || reason.words().get(lang.get()).to_owned()}</span>
                                </button>
                            </li>
                        })
                        .collect_view()}
                </ul>
                <TextField id="skip-comment" label=t(|t| t.work.skip_comment) value=comment/>
            </div>
        </Dialog>
    }
    .into_any()
}
