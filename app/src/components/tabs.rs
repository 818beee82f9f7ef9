//! Pages that belong together, as links: the one shown is told by `aria-current`.

use crate::text::{Pick, t};
use leptos::prelude::*;
use leptos_router::components::A;

/// A row of links to sibling pages.
pub fn tabs(label: Pick, links: Vec<(String, Pick, bool)>) -> AnyView {
    view! {
        <nav class="tabs" aria-label=t(label)>
            {links
                .into_iter()
                .map(|(href, title, on)| {
                    view! {
                        <A href=href attr:class=if on { "tab tab-on" } else { "tab" } attr:aria-current=on.then_some("page")>
                            {t(title)}
                        </A>
                    }
                })
                .collect_view()}
        </nav>
    }
    .into_any()
}
