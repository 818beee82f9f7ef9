//! The rail at the left: icons with names, only the pages that the person's roles may open.

use crate::components::{Icon, icon};
use crate::text::{Pick, t};
use domain::account::{Actor, Me, PlatformRole};
use domain::policy::{Action, Resource, may};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_location;

/// A page of the rail.
pub(super) struct Place {
    pub(super) href: &'static str,
    pub(super) title: Pick,
    pub(super) icon: Icon,
}

/// The pages that this person may open, in the order of the rail.
pub(super) fn places(me: &Me) -> Vec<Place> {
    let actor: &Actor = &me.actor;
    let mut places = vec![Place { href: "/", title: |t| t.shell.home, icon: Icon::Home }];
    let mut offer = |may: bool, href, title: Pick, icon| {
        if may {
            places.push(Place { href, title, icon });
        }
    };
    let creates = may(actor, Action::Create, Resource::Projects);
    offer(creates || me.manages || me.reviews || me.annotates, "/projects", |t| t.shell.projects, Icon::Projects);
    offer(me.reviews, "/review", |t| t.shell.review, Icon::Review);
    let people = may(actor, Action::Read, Resource::People { own: true });
    offer(people, "/people", |t| t.shell.people, Icon::People);
    offer(
        may(actor, Action::Create, Resource::Organizations),
        "/organizations",
        |t| t.shell.organizations,
        Icon::Organization,
    );
    offer(true, "/figures", |t| t.shell.figures, Icon::Chart);
    let operator = actor.role == PlatformRole::Operator;
    offer(operator && may(actor, Action::Measure, Resource::Platform), "/wall", |t| t.shell.wall, Icon::Wall);
    places
}

pub(super) fn rail(me: &Me) -> AnyView {
    let path = use_location().pathname;
    view! {
        <nav class="rail" aria-label=t(|t| t.shell.rail)>
            <A href="/" attr:class="rail-mark" attr:aria-label=t(|t| t.shell.product)>{icon(Icon::Projects)}</A>
            <ul>
                {places(me)
                    .into_iter()
                    .map(|place| {
                        let href = place.href;
                        let here = move || path.with(|path| if href == "/" { path == "/" } else { path.starts_with(href) });
                        view! {
                            <li>
                                <A
                                    href=href
                                    attr:class=move || if here() { "rail-link rail-here" } else { "rail-link" }
                                    attr:title=t(place.title)
                                >
                                    {icon(place.icon)}
                                    <span>{t(place.title)}</span>
                                </A>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </nav>
    }
    .into_any()
}
