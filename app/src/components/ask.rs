//! What a page asks the server for: in the browser only, since that is where pages are made.
//!
//! One small thing in place of a resource that is sent along with the page: nothing is written into the document, every
//! type of answer costs the module little, and what was there stays while it is asked for again.

use crate::error::AppError;
use crate::session::renewed;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::future::Future;
use std::pin::Pin;

/// Something that is asked of the server, and its latest answer.
#[derive(Debug)]
pub struct Asked<T: Send + Sync + 'static> {
    /// The latest answer; nothing before the first.
    pub answer: RwSignal<Option<Result<T, AppError>>>,
    again: Trigger,
}

impl<T: Send + Sync + 'static> Clone for Asked<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Asked<T> {}

impl<T: Send + Sync + 'static> Asked<T> {
    /// Asks again. What was there stays until the answer comes.
    pub fn refetch(self) {
        self.again.notify();
    }
}

/// Asks now, whenever `about` changes, and when a person has signed in again after being refused for want of a session.
/// An answer that a later question has overtaken is dropped.
pub fn ask<S, T, A, F>(about: impl Fn() -> S + 'static, fetch: A) -> Asked<T>
where
    T: Send + Sync + 'static,
    A: Fn(S) -> F + 'static,
    F: Future<Output = Result<T, AppError>> + 'static,
{
    let asked = Asked { answer: RwSignal::new(None), again: Trigger::new() };
    run(asked, move || {
        let about = about();
        untrack(|| Box::pin(fetch(about)) as Answer<T>)
    });
    asked
}

type Answer<T> = Pin<Box<dyn Future<Output = Result<T, AppError>>>>;

// Apart from `ask`, so that it is compiled once for each type of answer and not for every question.
fn run<T: Send + Sync + 'static>(asked: Asked<T>, question: impl Fn() -> Answer<T> + 'static) {
    let signed_in = renewed();
    let latest = StoredValue::new(0_u32);
    let question: Box<dyn Fn() -> Answer<T>> = Box::new(question);
    Effect::new(move |_| {
        asked.again.track();
        let answer = question();
        latest.update_value(|latest| *latest += 1);
        let mine = latest.get_value();
        spawn_local(async move {
            let answer = answer.await;
            // The page may have been left, or the question asked anew.
            if latest.try_get_value() != Some(mine) {
                return;
            }
            asked.answer.try_set(Some(answer));
        });
    });
    // A session that ended leaves the question open until the person is back.
    Effect::new(move |before: Option<u32>| {
        let count = signed_in.get();
        if before.is_some_and(|before| before != count)
            && asked.answer.with_untracked(|answer| matches!(answer, Some(Err(error)) if error.wants_sign_in()))
        {
            asked.refetch();
        }
        count
    });
}
