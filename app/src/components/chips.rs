//! Filter chips: one of a few, as links that keep the choice in the address.

use leptos::prelude::*;
use leptos_router::components::A;

/// One chip.
#[derive(Clone)]
pub struct Chip {
    /// Its words.
    pub label: TextProp,
    /// How many it stands for.
    pub count: Option<u64>,
    /// The address that it leads to.
    pub href: String,
    /// It is the one.
    pub on: bool,
}

/// A row of chips.
#[component]
pub fn Chips(
    /// What they filter, for assistive technology.
    #[prop(into)]
    label: TextProp,
    /// The chips.
    #[prop(into)]
    chips: Signal<Vec<Chip>>,
) -> AnyView {
    view! {
        <nav class="chips" aria-label=move || label.get().to_string()>
            {move || {
                chips
                    .get()
                    .into_iter()
                    .map(|chip| {
                        let Chip { label, count, href, on } = chip;
                        view! {
                            <A href=href attr:class=if on { "chip chip-on" } else { "chip" } attr:aria-current=on.then_some("true") scroll=false>
                                <span>{move || label.get()}</span>
                                {count.map(|count| view! { <span class="chip-count">{crate::format::count(count)}</span> })}
                            </A>
                        }
                    })
                    .collect_view()
            }}
        </nav>
    }
    .into_any()
}
