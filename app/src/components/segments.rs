//! Shares of a whole as one bar with a legend: the states of a project's items.

use super::badge::{Badge, badge};
use crate::format;
use domain::item::ItemState;
use domain::project::StateCounts;
use leptos::prelude::*;

/// The states with their counts, in the order of an item's life.
pub fn by_state(counts: StateCounts) -> [(ItemState, u64); 6] {
    [
        (ItemState::Accepted, counts.accepted),
        (ItemState::InReview, counts.in_review),
        (ItemState::Labeled, counts.labeled),
        (ItemState::Rework, counts.rework),
        (ItemState::Open, counts.open),
        (ItemState::Void, counts.void),
    ]
}

/// The bar alone: for rows, where the words stand beside it.
pub fn state_bar(counts: StateCounts) -> AnyView {
    let total = counts.total().max(1);
    view! {
        <div class="segments" aria-hidden="true">
            {by_state(counts)
                .into_iter()
                .filter(|(_, n)| *n > 0)
                .map(|(state, n)| {
                    let (tone, ..) = state.badge();
                    view! { <i class=format!("{} segment-{}", tone.class(), state.code()) style:width=format!("{:.3}%", n as f64 * 100.0 / total as f64)></i> }
                })
                .collect_view()}
        </div>
    }
    .into_any()
}

/// The bar with its legend.
pub fn states(counts: StateCounts, link: impl Fn(ItemState) -> Option<String>) -> AnyView {
    view! {
        {state_bar(counts)}
        <ul class="legend">
            {by_state(counts)
                .into_iter()
                .map(|(state, n)| {
                    let inside = view! { {badge(state)} <b class="num">{format::count(n)}</b> };
                    match link(state) {
                        Some(href) => view! { <li><leptos_router::components::A href=href>{inside}</leptos_router::components::A></li> }.into_any(),
                        None => view! { <li>{inside}</li> }.into_any(),
                    }
                })
                .collect_view()}
        </ul>
    }
    .into_any()
}
