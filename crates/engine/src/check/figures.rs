//! Figures that were rolled up as things happened, against what is stored.

use super::Audit;
use crate::error::Result;
use sea_orm::{ConnectionTrait, Statement};
use std::collections::BTreeMap;
use uuid::Uuid;

/// First submits by person: annotations that imports brought have no claim and are not counted.
const STORED: &str = "SELECT project_id, person_id, CAST(COUNT(*) AS bigint) FROM annotations \
                      WHERE kind = 'label' AND revision = 1 AND counted AND claim_id IS NOT NULL \
                      GROUP BY project_id, person_id";
const ROLLED_UP: &str = "SELECT project_id, person_id, CAST(SUM(submitted) AS bigint) FROM day_figures \
                         GROUP BY project_id, person_id";

pub(super) async fn check(audit: &mut Audit<'_>) -> Result<()> {
    let mut stored = sums(audit, STORED).await?;
    let rolled_up = sums(audit, ROLLED_UP).await?;
    audit.count("people with figures", rolled_up.len());
    for ((project, person), figure) in rolled_up {
        let found = stored.remove(&(project, person)).unwrap_or_default();
        audit.expect(found == figure, || {
            format!("project {project}, person {person}: {figure} submits are in the figures, {found} are stored")
        });
    }
    for ((project, person), found) in stored {
        audit.breach(format!("project {project}, person {person}: none of {found} submits are in the figures"));
    }
    Ok(())
}

async fn sums(audit: &Audit<'_>, sql: &str) -> Result<BTreeMap<(Uuid, Uuid), i64>> {
    let rows = audit.tx.query_all_raw(Statement::from_string(audit.tx.get_database_backend(), sql)).await?;
    let mut sums = BTreeMap::new();
    for row in rows {
        let key = (row.try_get_by_index::<Uuid>(0)?, row.try_get_by_index::<Uuid>(1)?);
        sums.insert(key, row.try_get_by_index::<i64>(2)?);
    }
    Ok(sums)
}
