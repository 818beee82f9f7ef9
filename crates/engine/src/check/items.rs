//! Items with their slots, annotations, verdicts and values; and the counts by state.

use super::{Audit, PAGE};
use crate::annotation::entity::annotation;
use crate::batch::entity::batch_item;
use crate::blob::entity::blob;
use crate::claim::entity::{claim, rework};
use crate::error::Result;
use crate::inspection::entity::verdict;
use crate::item::entity::item;
use crate::item::queries;
use crate::project::entity::{count, project, schema};
use crate::project::queries::parse;
use domain::annotation::AnnotationValue;
use domain::item::{ItemData, ItemState};
use domain::schema::{Schema, Subject};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// What belongs to the items of a page.
struct Page {
    annotations: HashMap<Uuid, Vec<annotation::Model>>,
    claims: HashMap<Uuid, Vec<claim::Model>>,
    reworks: HashMap<Uuid, Vec<rework::Model>>,
    verdicts: HashMap<Uuid, Vec<verdict::Model>>,
    batches: HashSet<(Uuid, Uuid)>,
    blobs: HashSet<String>,
}

/// A project's schemas by version, kept while its items go by.
type Schemas = HashMap<(Uuid, i32), Option<Schema>>;

pub(super) async fn check(audit: &mut Audit<'_>) -> Result<()> {
    let mut states: BTreeMap<(Uuid, String), i64> = BTreeMap::new();
    let mut schemas = Schemas::new();
    let mut after: Option<Uuid> = None;
    loop {
        let mut select = item::Entity::find();
        if let Some(after) = after {
            select = select.filter(item::Column::Id.gt(after));
        }
        let rows = select.order_by_asc(item::Column::Id).limit(PAGE).all(&audit.tx).await?;
        let Some(last) = rows.last() else { break };
        after = Some(last.id);
        audit.count("items", rows.len());
        let page = load(audit, &rows).await?;
        for row in &rows {
            *states.entry((row.project_id, row.state.clone())).or_default() += 1;
            one(audit, row, &page, &mut schemas).await?;
        }
    }
    counts(audit, states).await
}

async fn load(audit: &mut Audit<'_>, rows: &[item::Model]) -> Result<Page> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let tx = &audit.tx;
    let of = |column: annotation::Column| column.is_in(ids.clone());
    let annotations = annotation::Entity::find().filter(of(annotation::Column::ItemId)).all(tx).await?;
    let claims = slots_of(&ids).all(tx).await?;
    let reworks = rework::Entity::find().filter(rework::Column::ItemId.is_in(ids.clone())).all(tx).await?;
    let verdicts = verdict::Entity::find().filter(verdict::Column::ItemId.is_in(ids.clone())).all(tx).await?;
    let batched: Vec<Uuid> = rows.iter().filter(|row| row.batch_id.is_some()).map(|row| row.id).collect();
    let batches = batch_item::Entity::find().filter(batch_item::Column::ItemId.is_in(batched)).all(tx).await?;
    let hashes: HashSet<String> =
        rows.iter().filter_map(|row| Some(queries::data(row).ok()?.image()?.sha256.clone())).collect();
    let blobs: Vec<String> = blob::Entity::find()
        .select_only()
        .column(blob::Column::Hash)
        .filter(blob::Column::Hash.is_in(hashes))
        .into_tuple()
        .all(tx)
        .await?;
    audit.count("annotations", annotations.len());
    audit.count("verdicts", verdicts.len());
    Ok(Page {
        annotations: grouped(annotations, |row| row.item_id),
        claims: grouped(claims, |row| row.item_id),
        reworks: grouped(reworks, |row| row.item_id),
        verdicts: grouped(verdicts, |row| row.item_id),
        batches: batches.into_iter().map(|row| (row.batch_id, row.item_id)).collect(),
        blobs: blobs.into_iter().collect(),
    })
}

/// The claims that have, or had, a slot of these items.
pub(crate) fn slots_of(items: &[Uuid]) -> Select<claim::Entity> {
    // Word for word the condition of their index: with places for the values SQLite would read all claims for each page.
    claim::Entity::find()
        .filter(claim::Column::ItemId.is_in(items.iter().copied()))
        .filter(Expr::cust("kind = 'label' AND state IN ('live', 'submitted', 'skipped')"))
}

fn grouped<T>(rows: Vec<T>, by: impl Fn(&T) -> Uuid) -> HashMap<Uuid, Vec<T>> {
    let mut groups: HashMap<Uuid, Vec<T>> = HashMap::new();
    for row in rows {
        groups.entry(by(&row)).or_default().push(row);
    }
    groups
}

async fn one(audit: &mut Audit<'_>, row: &item::Model, page: &Page, schemas: &mut Schemas) -> Result<()> {
    let id = row.id;
    let Ok(state) = queries::state(row) else {
        audit.breach(format!("item {id} has the unknown state {}", row.state));
        return Ok(());
    };
    let Ok(data) = queries::data(row) else {
        audit.breach(format!("item {id} holds data that do not read"));
        return Ok(());
    };
    let annotations = page.annotations.get(&id).map(Vec::as_slice).unwrap_or_default();
    let claims = page.claims.get(&id).map(Vec::as_slice).unwrap_or_default();
    slots(audit, row, state, annotations, claims);
    work(audit, row, state, annotations, page);
    if let Some(image) = data.image() {
        let sha256 = &image.sha256;
        audit.expect(page.blobs.contains(sha256), || format!("item {id} names blob {sha256}, which is not recorded"));
    }
    for annotation in annotations {
        value(audit, annotation, &data, schemas).await?;
    }
    Ok(())
}

/// Slots: filled, free and held are all there are, and nobody has two.
fn slots(
    audit: &mut Audit<'_>,
    row: &item::Model,
    state: ItemState,
    annotations: &[annotation::Model],
    claims: &[claim::Model],
) {
    let id = row.id;
    // An uncounted extra may come after the author's own counted annotation and takes nothing from it.
    let authors: HashSet<Uuid> = annotations
        .iter()
        .filter(|annotation| annotation.kind == "label" && annotation.counted)
        .map(|annotation| annotation.person_id)
        .collect();
    let counted = int(authors.len());
    audit.expect(counted == row.filled, || {
        format!("item {id}: filled is {}, but {counted} people have a counted annotation", row.filled)
    });
    let live: Vec<&claim::Model> = claims.iter().filter(|claim| claim.state == "live").collect();
    let held = int(live.len());
    let (filled, free, overlap) = (row.filled, row.free, row.overlap);
    audit.expect(filled + held <= overlap, || {
        format!("item {id}: {filled} annotations and {held} claims are more than its overlap of {overlap}")
    });
    match state {
        ItemState::Open => audit.expect(filled + free + held == overlap, || {
            format!("item {id}: {filled} filled, {free} free and {held} held slots are not its overlap of {overlap}")
        }),
        ItemState::Labeled | ItemState::InReview | ItemState::Rework | ItemState::Accepted => {
            audit.expect(filled == overlap, || {
                format!("item {id} is {} with {filled} of {overlap} annotations", row.state)
            });
        }
        ItemState::Void => {}
    }
    let mut people = HashSet::new();
    for claim in claims {
        audit.expect(people.insert(claim.person_id), || format!("item {id}: person {} has two slots", claim.person_id));
    }
    for claim in live {
        let twice = authors.contains(&claim.person_id);
        audit.expect(!twice, || format!("item {id}: person {} holds a claim and has annotated it", claim.person_id));
    }
    for claim in claims.iter().filter(|claim| claim.state == "submitted") {
        let is_there = annotations.iter().any(|annotation| annotation.claim_id == Some(claim.id));
        audit
            .expect(is_there, || format!("item {id}: claim {} was submitted, but its annotation is missing", claim.id));
    }
}

/// Verdicts, returned work and lots.
fn work(audit: &mut Audit<'_>, row: &item::Model, state: ItemState, annotations: &[annotation::Model], page: &Page) {
    let id = row.id;
    for verdict in page.verdicts.get(&id).map(Vec::as_slice).unwrap_or_default() {
        let is_own = annotations
            .iter()
            .any(|annotation| annotation.kind == "label" && annotation.person_id == verdict.reviewer_id);
        audit.expect(!is_own, || format!("item {id}: {} reviewed their own work", verdict.reviewer_id));
        let is_there = annotations.iter().any(|annotation| annotation.id == verdict.annotation_id);
        audit.expect(is_there, || {
            format!("item {id}: a verdict names the missing annotation {}", verdict.annotation_id)
        });
    }
    let reworks = page.reworks.get(&id).map(Vec::as_slice).unwrap_or_default();
    let waits = reworks.iter().any(|rework| rework.state == "open");
    match state {
        ItemState::Rework => audit.expect(waits, || format!("item {id} is in rework, but no work waits on it")),
        ItemState::Labeled | ItemState::InReview | ItemState::Accepted | ItemState::Void => {
            audit.expect(!waits, || format!("item {id} is {}, but work waits on it", row.state));
        }
        // An author of one of several annotations may have taken it back.
        ItemState::Open => {}
    }
    if state == ItemState::InReview {
        let is_in = row.batch_id.is_some_and(|batch| page.batches.contains(&(batch, id)));
        audit.expect(is_in, || format!("item {id} is in review, but in no batch"));
    }
}

/// A value passes the schema version that it names.
async fn value(
    audit: &mut Audit<'_>,
    annotation: &annotation::Model,
    data: &ItemData,
    schemas: &mut Schemas,
) -> Result<()> {
    let (id, key) = (annotation.id, (annotation.project_id, annotation.schema_version));
    if let Entry::Vacant(place) = schemas.entry(key) {
        place.insert(read_schema(audit, key.0, key.1).await?);
    }
    let Some(Some(schema)) = schemas.get(&key) else {
        audit.breach(format!("annotation {id} names schema version {}, which is missing or broken", key.1));
        return Ok(());
    };
    let Ok(value) = serde_json::from_str::<AnnotationValue>(&annotation.value) else {
        audit.breach(format!("annotation {id} holds a value that does not read"));
        return Ok(());
    };
    if let Err(problems) = schema.check(&value, Subject::from(data)) {
        let first = problems.first().map(|problem| format!("{}: {}", problem.at, problem.message.en));
        audit.breach(format!("annotation {id} breaks schema version {}: {}", key.1, first.unwrap_or_default()));
    }
    Ok(())
}

async fn read_schema(audit: &Audit<'_>, project: Uuid, version: i32) -> Result<Option<Schema>> {
    let Some(row) = schema::Entity::find_by_id((project, version)).one(&audit.tx).await? else { return Ok(None) };
    let Some(owner) = project::Entity::find_by_id(project).one(&audit.tx).await? else { return Ok(None) };
    let Ok(json) = serde_json::from_str(&row.body) else { return Ok(None) };
    Ok(Schema::parse(&json, parse(&owner.modality)?).ok())
}

/// The counts that screens read against the rows.
async fn counts(audit: &mut Audit<'_>, mut states: BTreeMap<(Uuid, String), i64>) -> Result<()> {
    let mut counted: BTreeMap<(Uuid, String), i64> = BTreeMap::new();
    for row in count::Entity::find().all(&audit.tx).await? {
        *counted.entry((row.project_id, row.state)).or_default() += row.n;
    }
    for ((project, state), n) in counted {
        let found = states.remove(&(project, state.clone())).unwrap_or_default();
        audit.expect(found == n, || format!("project {project} counts {n} items as {state}, but there are {found}"));
    }
    for ((project, state), n) in states {
        audit.breach(format!("project {project} does not count its {n} items that are {state}"));
    }
    Ok(())
}

fn int(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}
