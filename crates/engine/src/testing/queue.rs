//! What a test asks of the queue beyond its use cases: how the database finds ready items, and whether every rule holds.

use super::{World, told};
use crate::check::items::slots_of;
use crate::claim::queries::{READY, READY_BOTH, READY_LANES, READY_REST, STANDING};
use crate::claim::together::{drafts::SAVE, submits::CLOSE, takes::TAKE};
use crate::db::rows::{raw, with};
use crate::item::entity::item;
use crate::item::queries::COMPLETE;
use domain::annotation::AnnotationView;
use domain::id::{ItemId, ProjectId};
use domain::item::ItemRow;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryResult, QueryTrait, TransactionTrait, Value,
};
use uuid::Uuid;

/// The rules of the queue and of review: what a breach is called, and a count of breaches.
const RULES: [(&str, &str); 27] = [
    (
        "an open item's slots do not add up",
        "SELECT count(*) FROM items i WHERE i.state = 'open' AND i.free + i.filled + (SELECT count(*) FROM claims c \
         WHERE c.item_id = i.id AND c.kind = 'label' AND c.state = 'live') <> i.overlap",
    ),
    (
        "an item is over its overlap",
        "SELECT count(*) FROM items i WHERE i.overlap < (SELECT count(*) FROM claims c WHERE c.item_id = i.id \
         AND c.kind = 'label' AND c.state = 'live') + (SELECT count(DISTINCT a.person_id) FROM annotations a \
         WHERE a.item_id = i.id AND a.kind = 'label' AND a.counted)",
    ),
    (
        "an item's filled slots are not its authors",
        "SELECT count(*) FROM items i WHERE i.filled <> (SELECT count(DISTINCT a.person_id) FROM annotations a \
         WHERE a.item_id = i.id AND a.kind = 'label' AND a.counted)",
    ),
    (
        "one person filled two slots",
        "SELECT count(*) FROM (SELECT a.item_id FROM annotations a JOIN claims c ON c.id = a.claim_id \
         WHERE c.kind = 'label' AND a.counted GROUP BY a.item_id, a.person_id HAVING count(*) > 1) x",
    ),
    (
        "a live claim for an item that is not open",
        "SELECT count(*) FROM claims c JOIN items i ON i.id = c.item_id WHERE c.state = 'live' AND c.kind = 'label' \
         AND i.state <> 'open'",
    ),
    (
        "a finished item is not finished",
        "SELECT count(*) FROM items i WHERE i.state IN ('labeled', 'in_review', 'accepted') AND (i.filled <> i.overlap \
         OR i.free <> 0 OR i.finished_at IS NULL OR EXISTS (SELECT 1 FROM reworks r WHERE r.item_id = i.id \
         AND r.state = 'open'))",
    ),
    (
        "a finished item of one author has not their last value",
        "SELECT count(*) FROM items i WHERE i.state IN ('labeled', 'in_review') AND i.overlap = 1 AND (i.value IS NULL OR \
         i.value <> (SELECT a.value FROM annotations a WHERE a.item_id = i.id AND a.kind = 'label' AND a.counted \
         ORDER BY a.revision DESC LIMIT 1))",
    ),
    (
        "an item in rework waits for nobody",
        "SELECT count(*) FROM items i WHERE i.state = 'rework' AND NOT EXISTS (SELECT 1 FROM reworks r \
         WHERE r.item_id = i.id AND r.state = 'open')",
    ),
    (
        "a full open item waits for nobody",
        "SELECT count(*) FROM items i WHERE i.state = 'open' AND i.filled = i.overlap AND NOT EXISTS (SELECT 1 \
         FROM reworks r WHERE r.item_id = i.id AND r.state = 'open')",
    ),
    (
        "an open rework of an item that is neither open nor in rework",
        "SELECT count(*) FROM reworks r JOIN items i ON i.id = r.item_id WHERE r.state = 'open' \
         AND i.state NOT IN ('open', 'rework')",
    ),
    (
        "a live claim on a rework that is done",
        "SELECT count(*) FROM claims c JOIN reworks r ON r.id = c.rework_id WHERE c.state = 'live' AND r.state <> 'open'",
    ),
    (
        "a reopening without a claim",
        "SELECT count(*) FROM reworks r WHERE r.state = 'open' AND r.own AND NOT EXISTS (SELECT 1 FROM claims c \
         WHERE c.rework_id = r.id AND c.state = 'live')",
    ),
    (
        "a submitted claim without an annotation",
        "SELECT count(*) FROM claims c WHERE (c.state = 'submitted' OR c.request_hash IS NOT NULL) AND NOT EXISTS \
         (SELECT 1 FROM annotations a WHERE a.claim_id = c.id)",
    ),
    (
        "an annotation of a claim that was not submitted",
        "SELECT count(*) FROM annotations a JOIN claims c ON c.id = a.claim_id WHERE c.request_hash IS NULL \
         OR c.person_id <> a.person_id OR c.item_id <> a.item_id",
    ),
    (
        "counted time beyond the claim's span",
        "SELECT count(*) FROM annotations a WHERE a.active_ms < 0 OR a.active_ms > a.raw_ms",
    ),
    (
        "a count of items by state is wrong",
        "SELECT count(*) FROM (SELECT p.project_id, p.state, sum(p.n) AS n FROM project_counts p \
         GROUP BY p.project_id, p.state) p WHERE p.n <> (SELECT count(*) FROM items i \
         WHERE i.project_id = p.project_id AND i.state = p.state)",
    ),
    (
        "a state is not counted",
        "SELECT count(*) FROM items i WHERE NOT EXISTS (SELECT 1 FROM project_counts p \
         WHERE p.project_id = i.project_id AND p.state = i.state)",
    ),
    (
        "a person's submits are counted wrongly",
        "SELECT count(*) FROM members m WHERE (SELECT coalesce(sum(f.submitted), 0) FROM day_figures f \
         WHERE f.project_id = m.project_id AND f.person_id = m.person_id) <> (SELECT count(*) FROM annotations a \
         JOIN claims c ON c.id = a.claim_id WHERE a.project_id = m.project_id AND a.person_id = m.person_id AND a.counted \
         AND c.kind = 'label')",
    ),
    (
        "a person's rework is counted wrongly",
        "SELECT count(*) FROM members m WHERE (SELECT coalesce(sum(f.rework), 0) FROM day_figures f \
         WHERE f.project_id = m.project_id AND f.person_id = m.person_id) <> (SELECT count(*) FROM annotations a \
         JOIN claims c ON c.id = a.claim_id WHERE a.project_id = m.project_id AND a.person_id = m.person_id AND a.counted \
         AND c.kind = 'rework')",
    ),
    (
        "a person's extras or time are counted wrongly",
        "SELECT count(*) FROM members m WHERE (SELECT coalesce(sum(f.extra), 0) FROM day_figures f \
         WHERE f.project_id = m.project_id AND f.person_id = m.person_id) <> (SELECT count(*) FROM annotations a \
         WHERE a.project_id = m.project_id AND a.person_id = m.person_id AND NOT a.counted) OR \
         (SELECT coalesce(sum(f.active_ms), 0) FROM day_figures f WHERE f.project_id = m.project_id \
         AND f.person_id = m.person_id) <> (SELECT coalesce(sum(a.active_ms), 0) FROM annotations a \
         WHERE a.project_id = m.project_id AND a.person_id = m.person_id AND a.counted)",
    ),
    (
        "a person's accepted or returned work is counted wrongly",
        "SELECT count(*) FROM members m WHERE (SELECT coalesce(sum(f.accepted), 0) FROM day_figures f \
         WHERE f.project_id = m.project_id AND f.person_id = m.person_id) <> (SELECT count(DISTINCT a.item_id) \
         FROM annotations a JOIN items i ON i.id = a.item_id WHERE a.project_id = m.project_id \
         AND a.person_id = m.person_id AND a.kind = 'label' AND a.counted AND i.state = 'accepted') OR \
         (SELECT coalesce(sum(f.returned), 0) FROM day_figures f WHERE f.project_id = m.project_id \
         AND f.person_id = m.person_id) <> (SELECT count(*) FROM reworks r WHERE r.project_id = m.project_id \
         AND r.person_id = m.person_id AND NOT r.own)",
    ),
    (
        "a person's inspected work is counted wrongly",
        "SELECT count(*) FROM members m WHERE (SELECT coalesce(sum(f.inspected), 0) FROM day_figures f \
         WHERE f.project_id = m.project_id AND f.person_id = m.person_id) <> (SELECT count(DISTINCT v.annotation_id) \
         FROM verdicts v JOIN annotations a ON a.id = v.annotation_id WHERE a.project_id = m.project_id \
         AND a.person_id = m.person_id AND a.revision = 1)",
    ),
    (
        "an item in review is in no undecided batch",
        "SELECT count(*) FROM items i WHERE i.state = 'in_review' AND NOT EXISTS (SELECT 1 FROM batches b \
         JOIN batch_items x ON x.batch_id = b.id WHERE b.id = i.batch_id AND x.item_id = i.id \
         AND b.state IN ('waiting', 'inspecting'))",
    ),
    (
        "a batch has not its size, or items without an outcome",
        "SELECT count(*) FROM batches b WHERE b.size <> (SELECT count(*) FROM batch_items x WHERE x.batch_id = b.id) \
         OR (b.decided_at IS NOT NULL) <> (NOT EXISTS (SELECT 1 FROM batch_items x WHERE x.batch_id = b.id \
         AND x.outcome IS NULL))",
    ),
    (
        "an inspection's verdicts do not add up",
        "SELECT count(*) FROM inspections n WHERE n.passed + n.failed + n.fixed <> (SELECT count(*) FROM samples s \
         WHERE s.inspection_id = n.id AND s.verdict IS NOT NULL) OR n.failed <> (SELECT count(*) FROM samples s \
         WHERE s.inspection_id = n.id AND s.verdict = 'fail') OR n.n <> (SELECT count(*) FROM samples s \
         WHERE s.inspection_id = n.id)",
    ),
    (
        "two running inspections of one batch",
        "SELECT count(*) FROM (SELECT n.batch_id FROM inspections n WHERE n.ended_at IS NULL GROUP BY n.batch_id \
         HAVING count(*) > 1) x",
    ),
    (
        "a reviewer judged their own work",
        "SELECT count(*) FROM verdicts v JOIN annotations a ON a.item_id = v.item_id WHERE a.kind = 'label' \
         AND a.person_id = v.reviewer_id",
    ),
];

impl World {
    /// Every broken rule of the queue and of review, with how often it is broken.
    pub async fn breaches(&self) -> Vec<String> {
        let mut breaches = Vec::new();
        for (name, sql) in RULES {
            let rows = self.ask(sql, Vec::new()).await;
            let n = rows.first().map(|row| told(row.try_get_by_index::<i64>(0).map_err(Into::into), name));
            if n != Some(0) {
                breaches.push(format!("{name}: {n:?}"));
            }
        }
        breaches
    }

    /// The plans for what handing out asks, a line for each step.
    pub async fn ready_plans(&self, project: ProjectId) -> Vec<String> {
        let db = self.engine.db();
        let tx = told(db.read().begin().await.map_err(Into::into), "plan");
        let mut explain = "EXPLAIN QUERY PLAN";
        if self.is_postgres() {
            // Of so few rows it would read all.
            explain = "EXPLAIN";
            let set = tx.execute_unprepared("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off").await;
            told(set.map_err(Into::into), "plan");
        }
        let mut lines = Vec::new();
        let queries = match self.is_postgres() {
            true => vec![(READY_LANES, Some(0_i64)), (READY_REST, Some(0))],
            false => vec![(READY, None), (READY_BOTH, Some(0)), (STANDING, Some(0))],
        };
        for (sql, from) in queries {
            let mut values: Vec<Value> = vec![project.0.into(), Uuid::nil().into(), 1_i64.into()];
            values.extend(from.map(Value::from));
            let rows = tx.query_all_raw(raw(&tx, &format!("{explain} {sql}"), values)).await;
            for row in told(rows.map_err(Into::into), sql) {
                let at = if self.is_postgres() { 0 } else { 3 };
                lines.push(told(row.try_get_by_index::<String>(at).map_err(Into::into), "plan"));
            }
        }
        lines
    }

    /// The plan by which an audit finds the claims of a page of items, a line for each step.
    pub async fn audit_plan(&self) -> Vec<String> {
        let tx = told(self.engine.db().read().begin().await.map_err(Into::into), "plan");
        let (mut explain, mut at) = ("EXPLAIN QUERY PLAN", 3);
        if self.is_postgres() {
            (explain, at) = ("EXPLAIN", 0);
            let set = tx.execute_unprepared("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off").await;
            told(set.map_err(Into::into), "plan");
        }
        let mut statement = slots_of(&[Uuid::nil(), Uuid::max()]).build(tx.get_database_backend());
        statement.sql = format!("{explain} {}", statement.sql);
        let rows = told(tx.query_all_raw(statement).await.map_err(Into::into), "plan");
        rows.iter().map(|row| told(row.try_get_by_index(at).map_err(Into::into), "plan")).collect()
    }

    /// The plans for what a crowd writes by one statement for 256 of them, a line for each step: with so many live claims in
    /// a table that had none when the statistics were made. Of all this nothing stays.
    pub async fn crowd_plans(&self, project: ProjectId, claims: i64) -> Vec<String> {
        let tx = told(self.engine.db().read().begin().await.map_err(Into::into), "plan");
        let (explain, at, id) = match self.is_postgres() {
            true => ("EXPLAIN", 0, "gen_random_uuid()"),
            false => ("EXPLAIN QUERY PLAN", 3, "randomblob(16)"),
        };
        if self.is_postgres() {
            // SQLite makes none by itself, and is never asked to.
            told(tx.execute_unprepared("ANALYZE").await.map_err(Into::into), "statistics");
        }
        let sql = format!(
            "INSERT INTO claims (id, project_id, item_id, person_id, kind, state, claimed_at, expires_at, draft_sequence, \
             draft_active_ms) SELECT {id}, project_id, id, id, 'label', 'live', 0, 0, 0, 0 FROM items \
             WHERE project_id = $1 AND sort_key <= $2"
        );
        let filled = tx.execute_raw(raw(&tx, &sql, [project.0.into(), claims.into()])).await;
        assert_eq!(told(filled.map_err(Into::into), "claims").rows_affected(), claims.unsigned_abs());
        let (some, text) = (|| Value::from(Uuid::now_v7()), || Value::from("x"));
        let rows = 0..256;
        let queries = [
            (
                with(
                    &tx,
                    ["claim", "at", "key", "request"],
                    rows.clone().map(|n| [some(), i64::from(n).into(), text(), text()]),
                ),
                CLOSE,
            ),
            (
                with(
                    &tx,
                    ["claim", "body", "sequence", "active_ms", "saved_at"],
                    rows.clone().map(|_| [some(), text(), 1_i64.into(), 1_i64.into(), 1_i64.into()]),
                ),
                SAVE,
            ),
            (with(&tx, ["item", "n"], rows.clone().map(|n| [some(), n.into()])), TAKE),
            (
                with(
                    &tx,
                    ["item", "stored", "at", "new", "old"],
                    rows.map(|_| [some(), text(), 1_i64.into(), text(), text()]),
                ),
                COMPLETE,
            ),
        ];
        let mut lines = Vec::new();
        for ((sql, values), rest) in queries {
            let rows = tx.query_all_raw(raw(&tx, &format!("{explain} {sql}{rest}"), values)).await;
            for row in told(rows.map_err(Into::into), rest) {
                lines.push(told(row.try_get_by_index::<String>(at).map_err(Into::into), "plan"));
            }
        }
        lines
    }

    /// How often each counted first annotation of a project's items was made: items by their number of authors.
    pub async fn items_by_authors(&self, project: ProjectId) -> Vec<(i64, i64)> {
        let sql = "SELECT n, count(*) FROM (SELECT i.id, count(DISTINCT a.person_id) AS n FROM items i LEFT JOIN annotations a \
                   ON a.item_id = i.id AND a.kind = 'label' AND a.counted WHERE i.project_id = $1 GROUP BY i.id) x \
                   GROUP BY n ORDER BY n";
        let number = |row: &QueryResult, at| told(row.try_get_by_index::<i64>(at).map_err(Into::into), "authors");
        self.ask(sql, vec![project.0.into()]).await.iter().map(|row| (number(row, 0), number(row, 1))).collect()
    }

    /// Every annotation of these items.
    pub async fn annotations(&self, items: &[ItemId]) -> Vec<AnnotationView> {
        let ids: Vec<Uuid> = items.iter().map(|item| item.0).collect();
        let found = told(crate::annotation::queries::of_items(self.engine.db().read(), &ids).await, "annotations");
        found.into_values().flatten().collect()
    }

    /// These items as lists show them.
    pub async fn rows(&self, items: &[ItemId]) -> Vec<ItemRow> {
        let ids = items.iter().map(|item| item.0);
        let query = item::Entity::find().filter(item::Column::Id.is_in(ids)).all(self.engine.db().read());
        let rows = told(query.await.map_err(Into::into), "items");
        rows.iter().map(|row| told(crate::item::queries::row_view(row), "item")).collect()
    }

    async fn ask(&self, sql: &str, values: Vec<Value>) -> Vec<QueryResult> {
        let db = self.engine.db().read();
        told(db.query_all_raw(raw(db, sql, values)).await.map_err(Into::into), sql)
    }
}
