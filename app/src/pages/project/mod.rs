//! The pages of one project. The project is loaded once by [`around`]; the pages inside read and change it in place.

pub mod batches;
pub mod exports;
pub mod import;
pub mod item;
pub mod items;
pub mod overview;

use crate::components::tabs::tabs;
use crate::components::{Crumb, ask, badge, loaded};
use crate::error::AppError;
use crate::text::{Pick, t};
use crate::{address, rpc, session};
use domain::error::Noun;
use domain::id::ProjectId;
use domain::policy::{Action, Resource as On};
use domain::project::ProjectView;
use leptos::prelude::*;
use leptos_router::components::Outlet;

/// The project that the pages inside are about.
#[derive(Clone, Copy)]
pub struct Project(pub RwSignal<ProjectView>);

impl Project {
    /// The project of the page.
    pub fn here() -> Option<Project> {
        use_context()
    }

    /// Its id.
    pub fn id(self) -> ProjectId {
        self.0.with_untracked(|project| project.summary.id)
    }

    /// Its name.
    pub fn name(self) -> String {
        self.0.with_untracked(|project| project.summary.name.clone())
    }

    /// The address of a page inside.
    pub fn at(self, page: &str) -> String {
        format!("/projects/{}{page}", self.id())
    }

    /// May the person do this here?
    pub fn can(self, action: Action) -> bool {
        let role = self.0.with_untracked(|project| project.summary.role);
        session::can(action, On::Project { role })
    }

    /// The way to a page inside.
    pub fn crumbs(self, page: Pick) -> Vec<Crumb> {
        vec![Crumb::new(|t| t.shell.projects, "/projects"), Crumb::named(self.name(), self.at("")), Crumb::here(page)]
    }

    /// Asks the server how it stands now.
    pub async fn reload(self) -> Result<(), AppError> {
        let project = rpc::get_project(self.id()).await?;
        self.0.try_set(project);
        Ok(())
    }
}

/// Loads the project of the address and shows the page inside.
pub fn around() -> AnyView {
    let id = address::id::<ProjectId>("project");
    let project = ask(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => rpc::get_project(id).await,
                None => Err(domain::Error::NotFound(Noun::Project).into()),
            }
        },
    );
    loaded(project, |project: ProjectView| {
        provide_context(Project(RwSignal::new(project)));
        view! { <Outlet/> }.into_any()
    })
}

/// A page inside; only ever shown within [`around`].
pub fn inside(show: fn(Project) -> AnyView) -> AnyView {
    Project::here().map_or_else(crate::pages::missing::inside, show)
}

/// The head of a project's page: name, state, and the ways to its sibling pages.
pub fn head(project: Project, here: &'static str, actions: AnyView) -> AnyView {
    let mut links: Vec<(String, Pick, bool)> = Vec::new();
    let mut offer = |may: bool, page: &'static str, title: Pick| {
        if may {
            links.push((project.at(page), title, page == here));
        }
    };
    let works_on_all = project.can(Action::Change) || project.can(Action::Measure) || project.can(Action::Create);
    offer(true, "", |t| t.project.overview);
    offer(works_on_all, "/items", |t| t.project.tab_items);
    offer(works_on_all, "/batches", |t| t.project.tab_batches);
    offer(project.can(Action::Export), "/exports", |t| t.project.tab_exports);
    offer(project.can(Action::Change), "/setup/data", |t| t.project.tab_setup);
    view! {
        <header class="page-head">
            <h1>{move || project.0.with(|project| project.summary.name.clone())} {move || badge(project.0.with(|project| project.summary.status))}</h1>
            {actions}
        </header>
        {tabs(|t| t.project.tabs, links)}
    }
    .into_any()
}

/// The words of a title that names the page itself, for assistive technology: the visible one is the project's.
pub fn sub_title(title: Pick) -> AnyView {
    view! { <h2 class="visually-hidden">{t(title)}</h2> }.into_any()
}
