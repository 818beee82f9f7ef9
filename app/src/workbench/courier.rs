//! Finished work that an earlier page could not send, sent from home: a person who labeled without a line and comes back
//! later need not open each project for it to arrive. It stands back while a workbench is open on the project, and leaves
//! what the server refuses where it is, for the workbench to tell.

use super::lease::{self, Lease};
use super::outbox::{Answer, Outbox};
use super::session::{clock, random_key, send};
use super::storage::{self, Shelf};
use crate::components::{Icon, LinkButton, icon};
use crate::format;
use crate::session as account;
use crate::text::{fill, now as words, t};
use domain::id::ProjectId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// How often it looks again while something is left.
const AGAIN: Duration = Duration::from_secs(10);

/// How far the work of one project is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// So many are being sent.
    Sending(usize),
    /// So many wait for the line.
    Waiting(usize),
    /// So many arrived.
    Sent(usize),
    /// The server would not take one of so many.
    Refused(usize),
}

type States = RwSignal<Vec<(ProjectId, State)>>;

/// Says what is left to send, and sends it. Nothing is shown where nothing was left.
pub fn unsent() -> AnyView {
    let states: States = RwSignal::new(Vec::new());
    let busy = StoredValue::new(false);
    // This page's name among the tabs. It goes with the page: what is under way then must not write any more.
    let tab = StoredValue::new(String::new());
    Effect::new(move |_| {
        tab.set_value(random_key());
        // Signed in again, it goes on.
        account::renewed().track();
        run(states, busy, tab);
    });
    if cfg!(not(feature = "ssr"))
        && let Ok(timer) = set_interval_with_handle(move || run(states, busy, tab), AGAIN)
    {
        on_cleanup(move || timer.clear());
        let online = window_event_listener(leptos::ev::online, move |_| run(states, busy, tab));
        on_cleanup(move || online.remove());
        // The workbench that comes next must not take this page for another tab at work.
        on_cleanup(move || {
            if let Some(person) = person() {
                for (project, _) in states.get_untracked() {
                    Shelf::new(person.clone(), project).drop_lease(&tab.get_value());
                }
            }
        });
    }
    view! {
        <div class="unsent" role="status">
            {move || states.get().into_iter().map(|(project, state)| line(project, state)).collect_view()}
        </div>
    }
    .into_any()
}

fn line(project: ProjectId, state: State) -> AnyView {
    let (symbol, n) = match state {
        State::Sending(n) => (Icon::Clock, n),
        State::Waiting(n) | State::Refused(n) => (Icon::Alert, n),
        State::Sent(n) => (Icon::Check, n),
    };
    let sentence = move || {
        let pick = match state {
            State::Sending(_) => words(|t| t.work.left_sending),
            State::Waiting(_) => words(|t| t.work.left_waiting),
            State::Sent(_) => words(|t| t.work.left_sent),
            State::Refused(_) => words(|t| t.work.left_refused),
        };
        fill(pick, &[("n", &format::count(n as u64))])
    };
    let refused = matches!(state, State::Refused(_));
    let stuck = refused || matches!(state, State::Waiting(_));
    view! {
        <p class:unsent-stuck=stuck>
            {icon(symbol)}
            <span>{sentence}</span>
            {refused.then(|| view! { <LinkButton label=t(|t| t.work.left_open) href=format!("/work/{project}")/> })}
        </p>
    }
    .into_any()
}

/// Sends what is left, one project after the other, unless that is under way.
fn run(states: States, busy: StoredValue<bool>, tab: StoredValue<String>) {
    let Some(person) = person() else { return };
    if busy.get_value() {
        return;
    }
    let refused = |project: &ProjectId| {
        states.with_untracked(|states| {
            states.iter().any(|(other, state)| other == project && matches!(state, State::Refused(_)))
        })
    };
    let projects: Vec<ProjectId> = storage::unsent(&person).into_iter().filter(|project| !refused(project)).collect();
    if projects.is_empty() {
        return;
    }
    busy.set_value(true);
    spawn_local(async move {
        for project in projects {
            let shelf = Shelf::new(person.clone(), project);
            let Some(name) = tab.try_get_value() else { return };
            if lease::is_free(shelf.lease().as_ref(), &name, clock()) {
                carry(&shelf, tab, project, states).await;
                shelf.drop_lease(&name);
            }
        }
        busy.try_set_value(false);
    });
}

async fn carry(shelf: &Shelf, tab: StoredValue<String>, project: ProjectId, states: States) {
    let mut outbox = Outbox::new(shelf.outbox());
    let mut arrived = 0;
    while let Some(entry) = outbox.next(clock()) {
        let Some(name) = tab.try_get_value() else { return };
        shelf.take_lease(&Lease { tab: name, at: clock() });
        show(states, project, State::Sending(outbox.entries().len()));
        let answer = send(&entry).await;
        // The page was left, or a workbench took over, while the answer was on its way: the box is no longer ours. What
        // was sent will be sent again under its key and counts once.
        let holder = shelf.lease().map(|lease| lease.tab);
        if tab.try_get_value().is_none_or(|name| holder != Some(name)) {
            return;
        }
        match answer {
            Answer::Taken => {
                outbox.answered(&entry.key, Answer::Taken, clock());
                shelf.keep_outbox(outbox.entries());
                shelf.drop_journal(entry.claim);
                arrived += 1;
            }
            Answer::Refused(_) => return show(states, project, State::Refused(outbox.entries().len())),
            Answer::SignIn => {
                account::ask_to_sign_in();
                return show(states, project, State::Waiting(outbox.entries().len()));
            }
            Answer::Later => return show(states, project, State::Waiting(outbox.entries().len())),
        }
    }
    if arrived > 0 {
        show(states, project, State::Sent(arrived));
    }
}

fn person() -> Option<String> {
    account::use_me().with_untracked(|me| me.as_ref().map(|me| me.actor.username.clone()))
}

fn show(states: States, project: ProjectId, state: State) {
    states.try_update(|states| match states.iter_mut().find(|(other, _)| *other == project) {
        Some(known) => known.1 = state,
        None => states.push((project, state)),
    });
}
