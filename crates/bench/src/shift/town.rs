//! The people, projects and items of a shift, made before the server starts.
//!
//! Projects and organizations are made through the engine's use cases; accounts with their tokens, memberships and items
//! as rows in bulk, because twenty thousand passwords cost Argon2id some minutes and a million items an import. Every
//! account can sign in with [`PASSWORD`] at the full cost of a chosen password.

use std::sync::{Arc, Mutex};

use domain::id::{OrganizationId, PersonId, ProjectId};
use domain::project::{Modality, NewProject, ProjectRole, Settings};
use engine::testing::bulk::{self, Account, Content, NewAccounts};
use engine::{Ctx, Engine};

use super::Shift;
use super::person::Project;
use super::plan::{Kind, PICTURE, TEXT};
use crate::process::OPERATOR;

/// Of every annotator and reviewer.
pub(crate) const PASSWORD: &str = "a password of the bench";
/// Firms that people belong to.
const ORGANIZATIONS: usize = 100;

/// Everything that a shift works with.
#[derive(Debug)]
pub(super) struct Town {
    pub(super) projects: Vec<Arc<Project>>,
    pub(super) annotators: Vec<Account>,
    /// One for each project.
    pub(super) reviewers: Vec<Account>,
}

/// What the engine says against it.
fn said(error: engine::Error) -> anyhow::Error {
    anyhow::anyhow!("{error:?}")
}

/// A hundred firms in the regions.
pub(crate) async fn firms(boss: &Ctx) -> anyhow::Result<Vec<OrganizationId>> {
    let regions = engine::organization::regions(boss).await.map_err(said)?;
    let mut firms = Vec::with_capacity(ORGANIZATIONS);
    for n in 0..ORGANIZATIONS {
        let region = regions.get(n % regions.len().max(1)).map(|region| region.slug.clone()).unwrap_or_default();
        let made = engine::organization::create(boss, format!("Firm {n:03}"), region).await.map_err(said)?;
        firms.push(made.id);
    }
    Ok(firms)
}

/// Annotators of these firms.
pub(crate) async fn people(
    engine: &Engine,
    firms: &[OrganizationId],
    count: u32,
    seed: u64,
) -> anyhow::Result<Vec<Account>> {
    let new = NewAccounts { prefix: "person-", count, organizations: firms, password: PASSWORD, seed };
    bulk::accounts(engine, new).await.map_err(said)
}

/// A project of a kind, open for work.
pub(crate) async fn project(boss: &Ctx, name: String, kind: Kind) -> anyhow::Result<ProjectId> {
    let new = NewProject {
        name,
        modality: if kind == Kind::Boxes { Modality::Image } else { Modality::Text },
        field: None,
        schema: Some(kind.schema()),
        guideline: Some("# 规范\n按要求标注。".to_owned()),
        settings: Settings { overlap: kind.overlap(), ..Settings::default() },
    };
    Ok(engine::project::create(boss, new).await.map_err(said)?.summary.id)
}

/// What items of a kind hold.
pub(crate) fn content(kind: Kind) -> Content {
    match kind {
        Kind::Choice | Kind::Spans => Content::Text(TEXT),
        Kind::Boxes => Content::Image(PICTURE.0, PICTURE.1),
    }
}

/// Makes all of it.
pub(super) async fn fill(engine: &Engine, shift: &Shift) -> anyhow::Result<Town> {
    let boss = bulk::operator(engine, OPERATOR.0).await.map_err(said)?;
    let firms = firms(&boss).await?;
    let annotators = people(engine, &firms, shift.people, shift.seed).await?;
    let new = NewAccounts {
        prefix: "reviewer-",
        count: shift.projects,
        organizations: &[],
        password: PASSWORD,
        seed: shift.seed,
    };
    let reviewers = bulk::accounts(engine, new).await.map_err(said)?;
    let mut projects = Vec::new();
    let count = shift.projects.max(1) as usize;
    for n in 0..count {
        let kind = Kind::of(n);
        let id = project(&boss, format!("Project {n:03}"), kind).await?;
        let ours: Vec<PersonId> = annotators.iter().skip(n).step_by(count).map(|person| person.id).collect();
        bulk::members(engine, id, ProjectRole::Annotator, ours).await.map_err(said)?;
        let reviewer = reviewers.get(n).map(|person| person.id).into_iter().collect();
        bulk::members(engine, id, ProjectRole::Reviewer, reviewer).await.map_err(said)?;
        bulk::items(engine, id, content(kind), shift.items / count as u64).await.map_err(said)?;
        let id = serde_json::to_value(id)?.as_str().unwrap_or_default().to_owned();
        projects.push(Arc::new(Project { id, kind, schema_version: 1, acknowledged: Mutex::default() }));
    }
    Ok(Town { projects, annotators, reviewers })
}
