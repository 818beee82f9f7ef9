//! The set-up of a project as steps that can be left and come back to: data, schema, guideline, people, settings, start.

mod guideline;
mod members;
mod schema;
mod settings;
mod start;

use super::project::{Project, head, import};
use crate::address;
use crate::components::{Crumb, Icon, LinkButton, crumbs, icon};
use crate::text::{Pick, fill, now, t};
use domain::project::ProjectView;
use leptos::prelude::*;
use leptos_router::components::A;

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Import.
    Data,
    /// The schema.
    Schema,
    /// The guideline.
    Guideline,
    /// Members.
    People,
    /// Settings.
    Settings,
    /// Opening the project.
    Start,
}

const STEPS: [Step; 6] = [Step::Data, Step::Schema, Step::Guideline, Step::People, Step::Settings, Step::Start];

impl Step {
    /// Its part of the address.
    pub fn code(self) -> &'static str {
        match self {
            Step::Data => "data",
            Step::Schema => "schema",
            Step::Guideline => "guideline",
            Step::People => "people",
            Step::Settings => "settings",
            Step::Start => "start",
        }
    }

    /// Its name.
    pub fn title(self) -> Pick {
        match self {
            Step::Data => |t| t.project.step_data,
            Step::Schema => |t| t.project.step_schema,
            Step::Guideline => |t| t.project.step_guideline,
            Step::People => |t| t.project.step_people,
            Step::Settings => |t| t.project.step_settings,
            Step::Start => |t| t.project.step_start,
        }
    }

    /// Its picture.
    pub fn icon(self) -> Icon {
        match self {
            Step::Data => Icon::Upload,
            Step::Schema => Icon::List,
            Step::Guideline => Icon::Help,
            Step::People => Icon::People,
            Step::Settings => Icon::Gear,
            Step::Start => Icon::Play,
        }
    }

    fn done(self, view: &ProjectView) -> bool {
        match self {
            Step::Data => view.summary.counts.total() > 0,
            Step::Schema => view.schema_version > 0,
            Step::Guideline => view.guideline_version > 0,
            Step::People => view.members.annotators > 0 && view.members.reviewers > 0,
            Step::Settings => true,
            Step::Start => view.summary.status != domain::project::Status::Setup,
        }
    }
}

/// The steps without which work cannot begin, as far as they are not done.
pub fn missing(view: &ProjectView) -> Vec<Step> {
    [Step::Data, Step::Schema, Step::People].into_iter().filter(|step| !step.done(view)).collect()
}

/// The step of the address.
pub fn page(project: Project) -> AnyView {
    let part = address::part("step");
    (move || {
        let code = part.get();
        STEPS
            .into_iter()
            .find(|step| step.code() == code)
            .map_or_else(super::missing::inside, |step| show(project, step))
    })
    .into_any()
}

fn show(project: Project, step: Step) -> AnyView {
    let mut way = project.crumbs(|t| t.project.tab_setup);
    way.pop();
    way.push(Crumb::new(|t| t.project.tab_setup, project.at("/setup/data")));
    way.push(Crumb::here(step.title()));
    crumbs(way);
    let content = match step {
        Step::Data => import::content(project),
        Step::Schema => schema::content(project),
        Step::Guideline => guideline::content(project),
        Step::People => members::content(project),
        Step::Settings => settings::content(project),
        Step::Start => start::content(project),
    };
    let next = STEPS.iter().skip_while(|other| **other != step).nth(1).copied();
    view! {
        <div class="page">
            {head(project, "/setup/data", ().into_any())}
            <nav aria-label=t(|t| t.project.steps)>
                <ol class="steps">
                    {STEPS
                        .into_iter()
                        .enumerate()
                        .map(|(n, other)| {
                            let done = move || project.0.with(|view| other.done(view)) && other != Step::Settings;
                            view! {
                                <li>
                                    <A
                                        href=project.at(&format!("/setup/{}", other.code()))
                                        attr:class=move || format!("tab{}{}", if other == step { " tab-on" } else { "" }, if done() { " step-done" } else { "" })
                                        attr:aria-current=(other == step).then_some("step")
                                    >
                                        {move || if done() { icon(Icon::Check) } else { view! { <span class="step-number">{n + 1}</span> }.into_any() }}
                                        <span>{t(other.title())}</span>
                                        {move || done().then(|| view! { <span class="visually-hidden">{t(|t| t.project.step_done)}</span> })}
                                    </A>
                                </li>
                            }
                        })
                        .collect_view()}
                </ol>
            </nav>
            {content}
            {next.map(|next| {
                let label = move || fill(now(|t| t.project.step_next), &[("step", t(next.title())())]);
                view! { <div class="actions"><LinkButton label href=project.at(&format!("/setup/{}", next.code())) icon_before=Icon::ArrowRight/></div> }
            })}
        </div>
    }
    .into_any()
}
