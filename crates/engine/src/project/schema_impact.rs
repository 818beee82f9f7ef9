//! What a new schema would do to the annotations that exist: each current one is checked against it, page by page.

use super::access::{self, Project};
use super::queries;
use crate::Ctx;
use crate::error::Result;
use domain::annotation::AnnotationValue;
use domain::id::ProjectId;
use domain::item::ItemData;
use domain::policy::Action;
use domain::project::SchemaImpact;
use domain::schema::{Control, Schema};
use domain::time::Millis;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Annotations in memory at a time.
const PAGE: i64 = 200;

/// What a new schema would do to existing annotations. Refuses a schema that is not valid.
pub async fn schema_impact(ctx: &Ctx, project: ProjectId, schema: serde_json::Value) -> Result<SchemaImpact> {
    let project = access::project(ctx.read(), ctx, project, Action::Change).await?;
    let schema = Schema::parse(&schema, project.modality)?;
    measure(ctx.read(), &project, &schema, Millis(i64::MIN)).await
}

/// Checks the current annotations that were submitted at `since` or later.
pub(super) async fn measure(
    db: &impl ConnectionTrait,
    project: &Project,
    new: &Schema,
    since: Millis,
) -> Result<SchemaImpact> {
    let old = queries::schema_in_force(db, &project.row).await?;
    let lost = Lost::between(&old, new);
    let mut impact = SchemaImpact { removed_controls: lost.controls.iter().cloned().collect(), ..Default::default() };
    let mut uses: BTreeMap<String, u64> = lost.labels.iter().map(|label| (label.clone(), 0)).collect();
    let mut after = Some((Uuid::nil(), i64::MIN, Uuid::nil()));
    while let Some(from) = after {
        let rows = page(db, project.row.id, since, from).await?;
        after = rows.last().map(|row| (row.person_id, row.submitted_at, row.id));
        for row in rows {
            impact.annotations += 1;
            let value: AnnotationValue = serde_json::from_str(&row.value)?;
            let data: ItemData = serde_json::from_str(&row.data)?;
            if new.check(&value, (&data).into()).is_err() {
                impact.orphaned += 1;
            }
            for used in lost.used_in(&value) {
                *uses.entry(used).or_default() += 1;
            }
        }
    }
    impact.removed_labels = uses.into_iter().collect();
    Ok(impact)
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    person_id: Uuid,
    submitted_at: i64,
    value: String,
    data: String,
}

/// The next annotations in the order of the index by project, person and time, the last revision of each only.
async fn page(db: &impl ConnectionTrait, project: Uuid, since: Millis, after: (Uuid, i64, Uuid)) -> Result<Vec<Row>> {
    let sql = "SELECT a.id, a.person_id, a.submitted_at, a.value, i.data FROM annotations a \
               JOIN items i ON i.id = a.item_id \
               WHERE a.project_id = $1 AND a.submitted_at >= $2 AND (a.person_id, a.submitted_at, a.id) > ($3, $4, $5) \
               AND NOT EXISTS (SELECT 1 FROM annotations b WHERE b.item_id = a.item_id \
               AND b.person_id = a.person_id AND b.kind = a.kind AND b.revision > a.revision) \
               ORDER BY a.person_id, a.submitted_at, a.id LIMIT $6";
    let values = [project.into(), since.0.into(), after.0.into(), after.1.into(), after.2.into(), PAGE.into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    Ok(Row::find_by_statement(statement).all(db).await?)
}

/// What the old schema has and the new one lacks.
struct Lost {
    controls: BTreeSet<String>,
    /// `control/label`, of controls that stay.
    labels: BTreeSet<String>,
}

impl Lost {
    fn between(old: &Schema, new: &Schema) -> Lost {
        let mut lost = Lost { controls: BTreeSet::new(), labels: BTreeSet::new() };
        for control in &old.controls {
            let kept = new.control(&control.id).filter(|kept| kept.kind_code() == control.kind_code());
            let Some(kept) = kept else {
                lost.controls.insert(control.id.clone());
                continue;
            };
            let stay = kept.label_ids();
            let gone = control.label_ids().into_iter().filter(|id| !stay.contains(id));
            lost.labels.extend(gone.map(|id| name(control, id)));
        }
        lost
    }

    /// The lost labels that a value uses, each once.
    fn used_in(&self, value: &AnnotationValue) -> BTreeSet<String> {
        let mut used = BTreeSet::new();
        for (control, given) in value {
            for piece in given.as_array().into_iter().flatten() {
                let id = piece.as_str().or_else(|| piece.get("label").and_then(serde_json::Value::as_str));
                let name = id.map(|id| format!("{control}/{id}"));
                used.extend(name.filter(|name| self.labels.contains(name)));
            }
        }
        used
    }
}

fn name(control: &Control, label: &str) -> String {
    format!("{}/{label}", control.id)
}
