//! The page for addresses that lead nowhere.

use crate::components::{Icon, LinkButton, icon};
use crate::text::t;
use leptos::prelude::*;

/// There is no such page; told by the status too.
pub fn page() -> AnyView {
    #[cfg(feature = "ssr")]
    crate::error::set_status(&domain::Error::NotFound(domain::error::Noun::Page).into());
    view! {
        <div class="empty page-alone">
            {icon(Icon::Search)}
            <h1 class="empty-title">{t(|t| t.shell.missing_title)}</h1>
            <p>{t(|t| t.shell.missing_text)}</p>
            <div class="empty-actions"><LinkButton label=t(|t| t.shell.to_home) href="/"/></div>
        </div>
    }
    .into_any()
}
