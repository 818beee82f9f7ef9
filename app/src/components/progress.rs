//! A bar for long work, with its figures in words.

use leptos::prelude::*;

/// A bar. `share` is 0 to 1; nothing means that the end is not known yet.
#[component]
pub fn Progress(
    /// What is under way.
    #[prop(into)]
    label: TextProp,
    /// How far it is.
    #[prop(into)]
    share: Signal<Option<f64>>,
    /// The figures and the remaining time, in words.
    #[prop(into)]
    words: Signal<String>,
) -> AnyView {
    view! {
        <div class="progress">
            <div
                class="progress-track"
                role="progressbar"
                aria-label=move || label.get().to_string()
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow=move || share.get().map(|share| format!("{:.0}", share * 100.0))
                aria-valuetext=move || words.get()
            >
                <div
                    class=move || if share.get().is_some() { "progress-bar" } else { "progress-bar progress-unknown" }
                    style:width=move || format!("{:.1}%", share.get().unwrap_or(1.0).clamp(0.0, 1.0) * 100.0)
                ></div>
            </div>
            <p class="progress-words">{move || words.get()}</p>
        </div>
    }
    .into_any()
}
