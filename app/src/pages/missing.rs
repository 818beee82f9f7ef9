//! The page for addresses that lead nowhere.

use crate::components::{Icon, LinkButton, icon};
use crate::text::{now, t, title};
use leptos::prelude::*;
use leptos_meta::Title;

/// There is no such page at all: stands alone, because who asks may not be signed in.
pub fn page() -> AnyView {
    view! {
        <Title text=title(|| format!("{} · {}", now(|t| t.shell.missing_title), now(|t| t.shell.product)))/>
        <main id="main">{inside()}</main>
    }
    .into_any()
}

/// There is no such page within the frame; told by the status too.
pub fn inside() -> AnyView {
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
