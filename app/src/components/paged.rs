//! Tables that come a page at a time: the form that looks for rows, and the foot that says how many are here and brings more.

use super::button::Button;
use super::icon::Icon;
use super::loaded::Doing;
use super::state::problem_line;
use crate::error::AppError;
use crate::format;
use crate::text::{fill, now, t};
use domain::Page;
use leptos::prelude::*;
use std::future::Future;
use std::pin::Pin;

type Answer<T> = Pin<Box<dyn Future<Output = Result<Page<T>, AppError>>>>;

/// The rows that are here, and the way to those that are not.
#[derive(Debug)]
pub struct Paged<T: Send + Sync + 'static> {
    /// The rows that are here.
    pub rows: RwSignal<Vec<T>>,
    /// What the table does; the foot tells what went wrong.
    pub doing: Doing,
    next: RwSignal<Option<String>>,
    read: Callback<String, Answer<T>>,
}

impl<T: Send + Sync + 'static> Clone for Paged<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Paged<T> {}

impl<T: Send + Sync + 'static> Paged<T> {
    /// Begins with a first page; `read` asks for the one after a place.
    pub fn new<F>(first: Page<T>, read: impl Fn(String) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Page<T>, AppError>> + 'static,
    {
        Self {
            rows: RwSignal::new(first.rows),
            doing: Doing::new(),
            next: RwSignal::new(first.next),
            read: Callback::new(move |after| Box::pin(read(after)) as Answer<T>),
        }
    }

    /// The foot of the table.
    pub fn foot(self) -> AnyView {
        let Self { rows, doing, next, .. } = self;
        let more = Callback::new(move |()| {
            let Some(after) = next.get_untracked() else { return };
            let page = self.read.run(after);
            doing.run(async move {
                let page = page.await?;
                rows.update(|rows| rows.extend(page.rows));
                next.set(page.next);
                Ok(())
            });
        });
        let is_more = Signal::derive(move || next.with(Option::is_some));
        foot(Signal::derive(move || rows.with(Vec::len)), is_more, more, doing)
    }
}

fn foot(shown: Signal<usize>, is_more: Signal<bool>, more: Callback<()>, doing: Doing) -> AnyView {
    view! {
        <div class="table-foot">
            <span>{move || fill(now(|t| t.words.shown), &[("n", &format::count(shown.get() as u64))])}</span>
            <Show when=move || is_more.get()><Button label=t(|t| t.words.more) on_press=more busy=doing.busy/></Show>
            {problem_line(doing.sentence())}
        </div>
    }
    .into_any()
}

/// The form that looks for rows; `search` is also what its fields may call when they change.
pub fn search_form(class: &'static str, search: Callback<()>, fields: AnyView) -> AnyView {
    view! {
        <form
            class=class
            role="search"
            on:submit=move |event| {
                event.prevent_default();
                search.run(());
            }
        >
            {fields}
            <Button label=t(|t| t.words.search) icon_before=Icon::Search submit=true/>
        </form>
    }
    .into_any()
}
