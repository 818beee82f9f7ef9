//! What the workbench needs besides claims.

use crate::Ctx;
use crate::error::Result;
use crate::project;
use crate::project::access;
use crate::project::queries;
use crate::stats::entity::day_figure;
use domain::claim::Workplace;
use domain::id::ProjectId;
use domain::policy::Action;
use domain::schema::Schema;
use sea_orm::EntityTrait;

/// What the workbench needs besides claims.
pub async fn workplace(ctx: &Ctx, project: ProjectId) -> Result<Workplace> {
    let db = ctx.read();
    let project = access::at_work(ctx, project, Action::Annotate).await?;
    let id = project.row.id;
    let face = project::get::face(ctx, &project).await?;
    let key = (id, ctx.person(), ctx.now().day().0);
    let today = day_figure::Entity::find_by_id(key).one(db).await?;
    let counts = queries::counts_now(ctx, &[id]).await?;
    Ok(Workplace {
        project: project.id(),
        name: project.row.name.clone(),
        modality: project.modality,
        schema: Schema::clone(&*ctx.engine().schemas().of(db, id, project.row.schema_version).await?),
        schema_version: u32::try_from(project.row.schema_version).unwrap_or_default(),
        guideline_html: face.guideline_html.clone(),
        guideline_version: u32::try_from(project.row.guideline_version).unwrap_or_default(),
        settings: project.settings,
        today: today.and_then(|row| u64::try_from(row.submitted).ok()).unwrap_or_default(),
        waiting: counts.get(&id).map_or(0, |counts| counts.open),
    })
}
