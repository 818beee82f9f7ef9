//! The items of a project: state chips in the address, search by the beginning of the key, more rows as one scrolls.

use super::{Project, head, sub_title};
use crate::components::chips::Chip;
use crate::components::segments::by_state;
use crate::components::{Chips, Empty, Icon, LinkButton, Paged, TextField, ask, badge, crumbs, loaded, search_form};
use crate::text::t;
use crate::{address, rpc};
use domain::Page;
use domain::item::state::STATES;
use domain::item::{ItemData, ItemQuery, ItemRow, ItemState};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

/// The list.
pub fn page(project: Project) -> AnyView {
    crumbs(project.crumbs(|t| t.project.tab_items));
    let state = address::query("state");
    let key = address::query("key");
    let query = move || ItemQuery {
        state: state_of(&state.get()),
        key: Some(key.get()).filter(|key| !key.is_empty()),
        after: None,
        limit: Some(100),
    };
    let first = ask(query, move |query| rpc::list_items(project.id(), query));
    let base = project.at("/items");
    let counts = project.0.with_untracked(|view| view.summary.counts);
    let chips = {
        let base = base.clone();
        Signal::derive(move || {
            let (on, key) = (state.get(), key.get());
            let all = Chip {
                label: t(|t| t.words.all).into(),
                count: Some(counts.total()),
                href: address::with(&base, &[("key", &key)]),
                on: on.is_empty(),
            };
            let each = by_state(counts).into_iter().map(|(state, n)| {
                use crate::components::Badge;
                let (_, _, word) = state.badge();
                Chip {
                    label: t(word).into(),
                    count: Some(n),
                    href: address::with(&base, &[("state", state.code()), ("key", &key)]),
                    on: on == state.code(),
                }
            });
            std::iter::once(all).chain(each).collect::<Vec<_>>()
        })
    };
    let words = RwSignal::new(key.get_untracked());
    let navigate = use_navigate();
    let search = Callback::new(move |()| {
        let to = address::with(&base, &[("state", &state.get_untracked()), ("key", words.get_untracked().trim())]);
        navigate(&to, Default::default());
    });
    let field = view! { <TextField id="key" label=t(|t| t.project.items_search) placeholder=t(|t| t.project.items_search) hide_label=true kind="search" value=words/> };
    view! {
        <div class="page">
            {head(project, "/items", ().into_any())}
            {sub_title(|t| t.project.tab_items)}
            <div class="filters">
                <Chips label=t(|t| t.project.items_filter) chips/>
                {search_form("actions", search, field.into_any())}
            </div>
            {loaded(first, move |page| untrack(|| table(project, page, query())))}
        </div>
    }
    .into_any()
}

fn state_of(code: &str) -> Option<ItemState> {
    STATES.into_iter().find(|state| state.code() == code)
}

fn table(project: Project, page: Page<ItemRow>, query: ItemQuery) -> AnyView {
    if page.rows.is_empty() {
        return if query.state.is_some() || query.key.is_some() {
            view! { <section class="panel"><Empty title=t(|t| t.project.items_empty_filter) picture=Icon::Search/></section> }.into_any()
        } else {
            view! {
                <section class="panel">
                    <Empty title=t(|t| t.project.items_empty) text=t(|t| t.project.items_empty_text)>
                        <LinkButton label=t(|t| t.project.import_title) href=project.at("/setup/data") icon_before=Icon::Upload/>
                    </Empty>
                </section>
            }
            .into_any()
        };
    }
    let paged = Paged::new(page, move |after| {
        rpc::list_items(project.id(), ItemQuery { after: Some(after), limit: Some(200), ..query.clone() })
    });
    let rows = paged.rows;
    view! {
        <div class="table-box">
            <table class="table">
                <caption class="visually-hidden">{t(|t| t.project.tab_items)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t(|t| t.project.item_key)}</th>
                        <th scope="col">{t(|t| t.project.item_content)}</th>
                        <th scope="col">{t(|t| t.words.state)}</th>
                        <th scope="col" class="num">{t(|t| t.project.item_annotations)}</th>
                        <th scope="col">{t(|t| t.project.item_updated)}</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || rows.get() key=|row| row.item.id let(row)>{line(project, row)}</For>
                </tbody>
            </table>
            {paged.foot()}
        </div>
    }
    .into_any()
}

fn line(project: Project, row: ItemRow) -> AnyView {
    let content = match &row.item.data {
        ItemData::Text(text) => text.chars().take(120).collect::<String>().into_any(),
        ItemData::Image(image) => view! { <span class="thumb-line">{image.name.clone()} <span class="muted">{format!("{}×{}", image.width, image.height)}</span></span> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row" class="cell-clip"><A href=project.at(&format!("/items/{}", row.item.id))>{row.item.key}</A></th>
            <td class="cell-clip">{content}</td>
            <td>{badge(row.item.state)}</td>
            <td class="num">{format!("{} / {}", row.annotations, row.overlap)}</td>
            <td>{row.updated_at.local_minute()}</td>
        </tr>
    }
    .into_any()
}
