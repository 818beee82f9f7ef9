//! Tables that sort: headers are buttons, the order is told by `aria-sort`.

use super::icon::{Icon, icon};
use crate::text::{Pick, fill, now, t};
use leptos::prelude::*;

/// By which column a table is sorted, and which way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// The column's key.
    pub by: &'static str,
    /// Largest first.
    pub down: bool,
}

impl Sort {
    /// Largest first by this column.
    pub fn down(by: &'static str) -> Self {
        Self { by, down: true }
    }

    /// Smallest first by this column.
    pub fn up(by: &'static str) -> Self {
        Self { by, down: false }
    }
}

/// The header of a column that can be sorted by.
#[component]
pub fn SortHeader(
    /// The column's key.
    by: &'static str,
    /// The column's title.
    title: Pick,
    /// The table's order.
    sort: RwSignal<Sort>,
    /// Holds numbers: set right, largest first.
    #[prop(optional)]
    number: bool,
) -> AnyView {
    let mine = move || sort.with(|sort| (sort.by == by).then_some(sort.down));
    view! {
        <th
            scope="col"
            class=if number { "num" } else { "" }
            aria-sort=move || match mine() {
                Some(true) => "descending",
                Some(false) => "ascending",
                None => "none",
            }
        >
            <button
                type="button"
                class="sort"
                title=move || fill(now(|t| t.words.sort_by), &[("column", t(title)())])
                on:click=move |_| sort.update(|sort| {
                    *sort = if sort.by == by { Sort { by, down: !sort.down } } else { Sort { by, down: number } };
                })
            >
                <span>{t(title)}</span>
                {move || mine().map(|down| icon(if down { Icon::Down } else { Icon::Up }))}
            </button>
        </th>
    }
    .into_any()
}
