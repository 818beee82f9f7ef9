//! Getting and doing: what a page shows while it asks the server, and what a button does about the answer.

use super::ask::Asked;
use super::state::{error_state, skeleton};
use crate::error::AppError;
use crate::lang::use_lang;
use crate::session;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::future::Future;
use std::pin::Pin;

/// Shows what was asked for: bones before the first answer, the error with a way on, or the thing. While it is asked for
/// again, what was there stays.
pub fn loaded<T, F>(asked: Asked<T>, show: F) -> AnyView
where
    T: Clone + Send + Sync + 'static,
    F: Fn(T) -> AnyView + Send + Sync + 'static,
{
    let retry = Callback::new(move |()| asked.refetch());
    (move || match asked.answer.get() {
        None => skeleton(),
        Some(Ok(thing)) => show(thing),
        Some(Err(error)) => error_state(error, retry),
    })
    .into_any()
}

/// Something a button does: whether it is under way, and what went wrong the last time.
#[derive(Debug, Clone, Copy)]
pub struct Doing {
    /// Under way.
    pub busy: RwSignal<bool>,
    /// What went wrong.
    pub error: RwSignal<Option<AppError>>,
}

impl Default for Doing {
    fn default() -> Self {
        Self::new()
    }
}

impl Doing {
    /// Nothing under way.
    pub fn new() -> Self {
        Self { busy: RwSignal::new(false), error: RwSignal::new(None) }
    }

    /// Does it, unless it is under way already. An ended session opens the dialog to sign in again.
    pub fn run(self, work: impl Future<Output = Result<(), AppError>> + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        self.drive(Box::pin(work));
    }

    // Apart from `run`, so that it is compiled once and not for every future.
    fn drive(self, work: Pin<Box<dyn Future<Output = Result<(), AppError>>>>) {
        spawn_local(async move {
            let outcome = work.await;
            // The page may have been left in the meantime; then there is nobody to tell.
            self.busy.try_set(false);
            if let Err(error) = outcome {
                // The dialog that asks to sign in again says all there is to say.
                if !session::answer(&error) {
                    self.error.try_set(Some(error));
                }
            }
        });
    }

    /// The sentence of what went wrong, beside the button.
    pub fn sentence(self) -> Signal<Option<String>> {
        let lang = use_lang();
        Signal::derive(move || {
            let lang = lang.get();
            self.error.with(|error| error.as_ref().map(|error| error.sentence(lang)))
        })
    }

    /// The sentence of the problem at a place of the input: `username`, `settings.overlap`.
    pub fn at(self, place: &'static str) -> Signal<Option<String>> {
        let lang = use_lang();
        Signal::derive(move || {
            let lang = lang.get();
            self.error.with(|error| {
                let problems = error.as_ref()?.problems();
                let problem = problems
                    .iter()
                    .find(|problem| problem.at == place || problem.at.ends_with(&format!(".{place}")))?;
                Some(problem.message.get(lang).to_owned())
            })
        })
    }
}
