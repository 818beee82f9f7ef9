//! One project as its page shows it.

use super::access::{self, Project};
use super::{markdown, queries};
use crate::Ctx;
use crate::error::Result;
use domain::id::ProjectId;
use domain::policy::Action;
use domain::project::{MemberCounts, Modality, ProjectRole, ProjectView};
use domain::schema::Schema;
use sea_orm::{ConnectionTrait, Statement};
use std::sync::Arc;
use uuid::Uuid;

/// One project.
pub async fn get(ctx: &Ctx, project: ProjectId) -> Result<ProjectView> {
    let project = access::at_work(ctx, project, Action::Read).await?;
    let face = face(ctx, &project).await?;
    view(ctx, &project, &face).await
}

/// What a project's items are: from what is known here, where it is.
pub async fn modality(ctx: &Ctx, project: ProjectId) -> Result<Modality> {
    Ok(access::at_work(ctx, project, Action::Read).await?.modality)
}

/// What a project shows that changes by managers' deeds alone.
#[derive(Debug)]
pub(crate) struct Face {
    schema: Schema,
    guideline: String,
    pub(crate) guideline_html: String,
    members: MemberCounts,
}

/// The face of a project, made once for all who open it on a morning: counting ten thousand members for each of ten thousand
/// of them is a hundred million rows.
pub(crate) async fn face(ctx: &Ctx, project: &Project) -> Result<Arc<Face>> {
    let (db, rights) = (ctx.read(), ctx.engine().db().rights());
    let reading = rights.now(db).await?;
    if let Some(face) = rights.face(project.row.id) {
        return Ok(face);
    }
    let guideline = queries::guideline_in_force(db, &project.row).await?;
    let face = Arc::new(Face {
        schema: queries::schema_in_force(db, &project.row).await?,
        guideline_html: markdown::render(&guideline),
        guideline,
        members: member_counts(db, project.row.id).await?,
    });
    rights.keep_face(reading, project.row.id, &face);
    Ok(face)
}

/// The view of a project that was let through the door.
async fn view(ctx: &Ctx, project: &Project, face: &Face) -> Result<ProjectView> {
    let (schema_version, guideline_version) = (project.row.schema_version, project.row.guideline_version);
    let counts = queries::counts_now(ctx, &[project.row.id]).await?;
    Ok(ProjectView {
        summary: queries::summary(&project.row, project.role, &counts)?,
        settings: project.settings,
        schema: face.schema.clone(),
        schema_version: version(schema_version),
        guideline_html: face.guideline_html.clone(),
        guideline: face.guideline.clone(),
        guideline_version: version(guideline_version),
        members: face.members,
    })
}

fn version(stored: i32) -> u32 {
    u32::try_from(stored).unwrap_or_default()
}

async fn member_counts(db: &impl ConnectionTrait, project: Uuid) -> Result<MemberCounts> {
    let sql = "SELECT role, COUNT(*) AS n FROM members WHERE project_id = $1 GROUP BY role";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [project.into()]);
    let mut counts = MemberCounts::default();
    for row in db.query_all_raw(statement).await? {
        let (role, n): (String, i64) = (row.try_get("", "role")?, row.try_get("", "n")?);
        let count = match access::parse_role(&role)? {
            ProjectRole::Manager => &mut counts.managers,
            ProjectRole::Reviewer => &mut counts.reviewers,
            ProjectRole::Annotator => &mut counts.annotators,
            ProjectRole::Acceptor => &mut counts.acceptors,
        };
        *count = u32::try_from(n).unwrap_or(u32::MAX);
    }
    Ok(counts)
}
