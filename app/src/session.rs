//! Who is at the screen. On the server: what `server` established about the request. In the browser: the own account,
//! and the dialog that asks to sign in again when the session has ended, without leaving the page.

use crate::error::AppError;
use domain::account::Me;
use domain::policy::{Action, Resource, may};
use leptos::prelude::*;
use std::cell::Cell;

#[cfg(feature = "ssr")]
pub use asking::{Identity, Session, SessionHandle};

#[cfg(feature = "ssr")]
mod asking {
    use domain::account::Actor;
    use domain::id::PersonId;
    use std::future::Future;
    use std::pin::Pin;
    use std::sync::Arc;

    /// Who sent a request, and from where: put into the request's extensions by `server` for every page and server
    /// function.
    #[derive(Debug, Clone, Default)]
    pub struct Identity {
        /// The person, if a live session names one.
        pub actor: Option<Actor>,
        /// The address that rate limits count.
        pub address: String,
    }

    /// What a server function may ask of the session that its request came with.
    pub trait Session: Send + Sync {
        /// Begins a session of this person under a new id.
        fn sign_in(&self, person: PersonId) -> Pin<Box<dyn Future<Output = Result<(), domain::Error>> + Send + '_>>;
        /// Ends the session.
        fn sign_out(&self) -> Pin<Box<dyn Future<Output = Result<(), domain::Error>> + Send + '_>>;
    }

    /// The session of a request: put into its extensions by `server`.
    #[derive(Clone)]
    pub struct SessionHandle(pub Arc<dyn Session>);
}

#[derive(Clone, Copy)]
struct Live {
    me: RwSignal<Option<Me>>,
    asks: RwSignal<bool>,
    renewed: RwSignal<u32>,
}

thread_local! {
    // Tasks in the browser run outside any owner, and there is one person at one document.
    static LIVE: Cell<Option<Live>> = const { Cell::new(None) };
}

/// Puts the session into the application's context; called once, at its root.
pub(crate) fn provide() {
    let live = Live { me: RwSignal::new(None), asks: RwSignal::new(false), renewed: RwSignal::new(0) };
    provide_context(live);
    if cfg!(not(feature = "ssr")) {
        LIVE.with(|cell| cell.set(Some(live)));
    }
}

fn live() -> Option<Live> {
    use_context::<Live>().or_else(|| LIVE.with(Cell::get))
}

/// The person at the screen. Inside the frame there always is one.
pub fn use_me() -> Signal<Option<Me>> {
    match live() {
        Some(live) => live.me.into(),
        None => Signal::derive(|| None),
    }
}

pub(crate) fn set_me(me: Me) {
    if let Some(live) = live() {
        live.me.set(Some(me));
    }
}

/// Asks the person to sign in again, in a dialog over the page: everything on the page stays.
pub fn ask_to_sign_in() {
    if let Some(live) = live() {
        live.asks.set(true);
    }
}

/// The dialog is open.
pub(crate) fn asks() -> RwSignal<bool> {
    live().map_or_else(|| RwSignal::new(false), |live| live.asks)
}

/// Counts how often the person signed in again: what failed for want of a session listens to it and tries again.
pub fn renewed() -> RwSignal<u32> {
    live().map_or_else(|| RwSignal::new(0), |live| live.renewed)
}

/// Opens the dialog if that is what the error wants; true when it did.
pub fn answer(error: &AppError) -> bool {
    let wants = error.wants_sign_in();
    if wants {
        ask_to_sign_in();
    }
    wants
}

/// May the person at the screen do this? The engine asks the same question again.
pub fn can(action: Action, resource: Resource) -> bool {
    use_me().with_untracked(|me| me.as_ref().is_some_and(|me| may(&me.actor, action, resource)))
}
