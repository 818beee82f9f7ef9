//! Where the page is: the way from the top, told by the page and shown in the bar.

use crate::lang::use_lang;
use crate::text::{Pick, table};
use domain::Lang;
use leptos::prelude::*;
use std::cell::Cell;

/// One step of the way.
#[derive(Debug, Clone, PartialEq)]
pub struct Crumb {
    title: Title,
    /// Where it leads; nothing for the page itself.
    pub href: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
enum Title {
    Fixed(Pick2),
    Given(String),
}

#[derive(Debug, Clone, Copy)]
struct Pick2(Pick);

impl PartialEq for Pick2 {
    fn eq(&self, other: &Self) -> bool {
        // Two picks are the same when they give the same words.
        let lang = Lang::Zh;
        (self.0)(table(lang)) == (other.0)(table(lang))
    }
}

impl Crumb {
    /// A step with a title of ours.
    pub fn new(title: Pick, href: impl Into<String>) -> Self {
        Self { title: Title::Fixed(Pick2(title)), href: Some(href.into()) }
    }

    /// The page itself, with a title of ours.
    pub fn here(title: Pick) -> Self {
        Self { title: Title::Fixed(Pick2(title)), href: None }
    }

    /// A step named by people: a project's name.
    pub fn named(title: impl Into<String>, href: impl Into<String>) -> Self {
        Self { title: Title::Given(title.into()), href: Some(href.into()) }
    }

    /// The page itself, named by people.
    pub fn here_named(title: impl Into<String>) -> Self {
        Self { title: Title::Given(title.into()), href: None }
    }

    /// The title in the language of the screen.
    pub fn title(&self) -> String {
        self.title_in(use_lang().get())
    }

    /// The title in this language.
    pub fn title_in(&self, lang: Lang) -> String {
        match &self.title {
            Title::Fixed(pick) => (pick.0)(table(lang)).to_owned(),
            Title::Given(name) => name.clone(),
        }
    }
}

#[derive(Clone, Copy)]
struct Way(RwSignal<Vec<Crumb>>);

thread_local! {
    static WAY: Cell<Option<Way>> = const { Cell::new(None) };
}

pub(crate) fn provide() {
    let way = Way(RwSignal::new(Vec::new()));
    provide_context(way);
    if cfg!(not(feature = "ssr")) {
        WAY.with(|cell| cell.set(Some(way)));
    }
}

/// The way to the page that is shown.
pub(crate) fn way() -> RwSignal<Vec<Crumb>> {
    use_context::<Way>().or_else(|| WAY.with(Cell::get)).map_or_else(|| RwSignal::new(Vec::new()), |way| way.0)
}

/// Tells where the page is; the last step also becomes the document's title. Called by every page.
pub fn crumbs(steps: Vec<Crumb>) {
    way().set(steps);
}
