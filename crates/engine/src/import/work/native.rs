//! The product's own export, read back: items with everything that was done to them.
//!
//! People are found by user name, images by hash; both must be there. Ids of annotations are kept where they are free.
//! Work that was done elsewhere is not counted again: no figures are added. Nothing is believed that the engine would not
//! have allowed: values are checked against the schema, and nobody has reviewed their own work.

use super::{Found, Group, Source, Work, bytes, position, position_of_file};
use crate::account::rights;
use crate::annotation::entity::annotation;
use crate::batch::entity::{batch, batch_item};
use crate::blob::Picture;
use crate::blob::entity::blob;
use crate::claim::entity::rework;
use crate::db::{Tx, rows};
use crate::error::Result;
use crate::event::{self, Event};
use crate::import::insert::{self, NewItem, Standing};
use crate::import::upload::Stored;
use crate::inspection::entity::verdict;
use crate::item::entity::item;
use crate::person::entity::person;
use crate::project::entity::{project, schema};
use crate::project::queries::{code, parse};
use domain::Words;
use domain::annotation::{AnnotationKind, VerdictKind};
use domain::import::ImportProblem;
use domain::item::{ImageRef, ItemData, ItemState};
use domain::project::Modality;
use domain::schema::{Schema, Subject};
use domain::time::Millis;
use formats::Entry;
use formats::native::{ExportAnnotation, ExportData, ExportItem, Numbered};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs::File;
use tokio::task::spawn_blocking;
use uuid::Uuid;

/// Items of a group.
const ITEMS: usize = 300;
/// Annotations and thousands of characters of a group, beyond which it is closed.
const WEIGHT: usize = 3_000;
/// Schema versions that a project may have to be brought up to at once.
const VERSIONS_AHEAD: i32 = 1_000;
/// Keys that are looked up by one statement.
const KEYS: usize = 5_000;

/// Reads one file, wherever it stands.
pub(super) struct Reader {
    lines: formats::native::Reader<File>,
}

impl Work {
    /// The next group of an export.
    pub(super) async fn native(&mut self, place: usize, file: &Stored) -> Result<Group> {
        let before = self.bytes_before(place);
        let ahead = match self.source.take() {
            Some(Source::Native(ahead)) => ahead,
            _ => {
                let (path, told) = (self.path(place), self.told(place, file));
                spawn_blocking(move || {
                    let lines = formats::native::Reader::new(File::open(path)?, &told)?;
                    group(Reader { lines }, place, before)
                })
            }
        };
        let (reader, mut group) = ahead.await.map_err(anyhow::Error::new)??;
        if group.ended {
            group.ended = place + 1 >= self.files.len();
            group.position = position_of_file(place + 1);
        } else {
            self.source = Some(Source::Native(spawn_blocking(move || self::group(reader, place, before))));
        }
        Ok(group)
    }
}

fn group(mut reader: Reader, place: usize, before: u64) -> Result<(Reader, Group)> {
    let mut group = Group::default();
    let (mut items, mut weight) = (Vec::new(), 0);
    while items.len() + group.problems.len() < ITEMS && weight < WEIGHT {
        match reader.lines.next().transpose()? {
            None => {
                group.ended = true;
                break;
            }
            Some(Entry::Record(line)) => {
                weight += line.item.annotations.len();
                if let ExportData::Text(text) = &line.item.data {
                    weight += text.len() / 1_000;
                }
                items.push(line);
            }
            Some(Entry::Problem(problem)) => group.problems.push(problem.into()),
        }
    }
    group.read = super::count(items.len() + group.problems.len());
    group.found = Found::Native(items);
    group.position = position(place, reader.lines.reached());
    group.bytes_done = bytes(before + reader.lines.bytes_read());
    Ok((reader, group))
}

/// What a group's lines name, as it stands in this database.
struct Known {
    modality: Modality,
    people: HashMap<String, Uuid>,
    images: HashMap<String, Picture>,
    schemas: BTreeMap<i32, Schema>,
    taken: HashSet<Uuid>,
}

/// A line that passed.
struct Ready {
    item: ExportItem,
    line: u64,
}

/// Adds the items of some lines, with their work. Answers the new ids, nothing for duplicates, and what was refused.
pub(super) async fn add(
    tx: &Tx,
    now: Millis,
    project: &project::Model,
    import: Uuid,
    lines: Vec<Numbered>,
) -> Result<(Vec<Option<Uuid>>, Vec<ImportProblem>)> {
    let known = known(tx, now, project, import, &lines).await?;
    let (mut ready, mut records, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    for Numbered { line, item } in lines {
        match record(&known, &item) {
            Ok(record) => {
                records.push(record);
                ready.push(Ready { item, line });
            }
            Err(fault) => problems.push(fault.at(line, &item.key)),
        }
    }
    let ids = insert::insert(tx, now, project.id, Some(import), records).await?;
    let added: Vec<(Uuid, Ready)> = ids.iter().zip(ready).filter_map(|(id, ready)| Some(((*id)?, ready))).collect();
    add_work(tx, now, project, import, &known, &added).await?;
    Ok((ids, problems))
}

async fn known(tx: &Tx, now: Millis, project: &project::Model, import: Uuid, lines: &[Numbered]) -> Result<Known> {
    let (mut names, mut hashes, mut ids) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut newest = 0;
    for Numbered { item, .. } in lines {
        if let ExportData::Image(image) = &item.data {
            hashes.insert(image.sha256.clone());
        }
        for annotation in &item.annotations {
            ids.insert(annotation.id.0);
            names.insert(annotation.annotator.clone());
            names.extend(annotation.verdicts.iter().map(|verdict| verdict.reviewer.clone()));
            newest = Ord::max(newest, i32::try_from(annotation.schema_version).unwrap_or(i32::MAX));
        }
    }
    let modality = parse(&project.modality)?;
    let mut people = HashMap::new();
    let mut taken = HashSet::new();
    let mut images = HashMap::new();
    for chunk in chunks(names) {
        let rows: Vec<(String, Uuid)> = person::Entity::find()
            .select_only()
            .columns([person::Column::Username, person::Column::Id])
            .filter(person::Column::Username.is_in(chunk))
            .into_tuple()
            .all(tx)
            .await?;
        people.extend(rows);
    }
    for chunk in chunks(ids) {
        let rows: Vec<Uuid> = annotation::Entity::find()
            .select_only()
            .column(annotation::Column::Id)
            .filter(annotation::Column::Id.is_in(chunk))
            .into_tuple()
            .all(tx)
            .await?;
        taken.extend(rows);
    }
    for chunk in chunks(hashes) {
        for row in blob::Entity::find().filter(blob::Column::Hash.is_in(chunk)).all(tx).await? {
            let picture = Picture::from(row);
            images.insert(picture.sha256.clone(), picture);
        }
    }
    let schemas = schemas(tx, now, project, modality, import, newest).await?;
    Ok(Known { modality, people, images, schemas, taken })
}

fn chunks<T: Ord>(all: BTreeSet<T>) -> Vec<Vec<T>> {
    let mut chunks = Vec::new();
    let mut all = all.into_iter().peekable();
    while all.peek().is_some() {
        chunks.push(all.by_ref().take(KEYS).collect());
    }
    chunks
}

/// The project's schemas by version. Where the lines name later versions than the project has, its schema in force is
/// restated under their numbers, so that every annotation names a version that it passes.
async fn schemas(
    tx: &Tx,
    now: Millis,
    project: &project::Model,
    modality: Modality,
    import: Uuid,
    newest: i32,
) -> Result<BTreeMap<i32, Schema>> {
    let rows = schema::Entity::find().filter(schema::Column::ProjectId.eq(project.id)).all(tx).await?;
    let mut schemas = BTreeMap::new();
    let mut current = None;
    for row in rows {
        let json = serde_json::from_str(&row.body)?;
        let parsed = Schema::parse(&json, modality);
        let parsed =
            parsed.map_err(|broken| anyhow::anyhow!("stored schema {} of {}: {broken:?}", row.version, project.id))?;
        if row.version == project.schema_version {
            current = Some((row.body.clone(), parsed.clone()));
        }
        schemas.insert(row.version, parsed);
    }
    let ahead = newest.saturating_sub(project.schema_version);
    let Some((body, parsed)) = current.filter(|_| (1..=VERSIONS_AHEAD).contains(&ahead)) else { return Ok(schemas) };
    for version in project.schema_version + 1..=newest {
        let row = schema::Model {
            project_id: project.id,
            version,
            body: body.clone(),
            created_by: project.created_by,
            created_at: now.0,
        };
        schema::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
        schemas.insert(version, parsed.clone());
    }
    rights::changed();
    project::Entity::update_many()
        .col_expr(project::Column::SchemaVersion, Expr::value(newest))
        .filter(project::Column::Id.eq(project.id))
        .exec(tx)
        .await?;
    let data = json!({ "import": import, "from": project.schema_version, "to": newest });
    let deed = Event { person: None, project: Some(project.id), item: None, kind: "schema.restated", data };
    event::record(tx, now, deed).await?;
    Ok(schemas)
}

/// Why a line is not taken.
enum Fault {
    Modality,
    Image,
    Person(String),
    SchemaVersion(u32),
    Value(domain::Problem),
    OwnWork(String),
    Twice,
    Time,
    State,
}

impl Fault {
    fn at(self, line: u64, key: &str) -> ImportProblem {
        let (code, message) = match self {
            Fault::Modality => {
                ("native-modality", Words::new("条目类型与项目不符。", "The item is not of this project's kind."))
            }
            Fault::Image => (
                "native-image-missing",
                Words::new(
                    "系统中没有这张图像，请先导入图像文件再导入标注。",
                    "The image is not here. Import the image files first, then the annotations.",
                ),
            ),
            Fault::Person(name) => (
                "native-person-unknown",
                Words::new(
                    format!("系统中没有用户“{name}”，请先建立账号。"),
                    format!("There is no account “{name}”. Make it first."),
                ),
            ),
            Fault::SchemaVersion(version) => (
                "native-schema-version",
                Words::new(
                    format!("本项目没有第 {version} 版标注方案，请先保存标注方案。"),
                    format!("This project has no schema version {version}. Save the schema first."),
                ),
            ),
            Fault::Value(problem) => (
                "native-value",
                Words::new(
                    format!("标注不符合本项目的方案：{}", problem.message.zh),
                    format!("An annotation does not fit this project's schema: {}", problem.message.en),
                ),
            ),
            Fault::OwnWork(name) => (
                "native-own-work",
                Words::new(
                    format!("“{name}”质检了自己的标注，不予导入。"),
                    format!("“{name}” reviewed their own work; that is not taken."),
                ),
            ),
            Fault::Twice => {
                ("native-twice", Words::new("同一标注或判定出现了两次。", "An annotation or verdict is there twice."))
            }
            Fault::Time => {
                ("native-time", Words::new("标注用时不合理。", "The working time of an annotation makes no sense."))
            }
            Fault::State => {
                ("native-state", Words::new("条目状态与其标注不符。", "The item's state does not fit its annotations."))
            }
        };
        ImportProblem {
            line: Some(line),
            name: None,
            code: code.to_owned(),
            message,
            sample: Some(key.chars().take(80).collect()),
        }
    }
}

/// Checks a line, and makes the item of it.
fn record(known: &Known, item: &ExportItem) -> std::result::Result<NewItem, Fault> {
    let data = match (&item.data, known.modality) {
        (ExportData::Text(text), Modality::Text) => ItemData::Text(text.clone()),
        (ExportData::Image(image), Modality::Image) => {
            let known = known.images.get(&image.sha256);
            let known = known.filter(|known| (known.width, known.height) == (image.width, image.height));
            let known = known.ok_or(Fault::Image)?;
            ItemData::Image(ImageRef {
                url: String::new(),
                width: image.width,
                height: image.height,
                sha256: image.sha256.clone(),
                name: image.name.clone(),
                tiles: known.tiles,
            })
        }
        _ => return Err(Fault::Modality),
    };
    let subject = Subject::from(&data);
    let (mut revisions, mut ids, mut said) = (HashSet::new(), HashSet::new(), HashSet::new());
    let authors: HashSet<&str> =
        item.annotations.iter().filter(|a| a.kind == AnnotationKind::Label).map(|a| a.annotator.as_str()).collect();
    for annotation in &item.annotations {
        known.people.get(&annotation.annotator).ok_or_else(|| Fault::Person(annotation.annotator.clone()))?;
        if !revisions.insert((annotation.annotator.as_str(), annotation.kind, annotation.revision))
            || !ids.insert(annotation.id)
        {
            return Err(Fault::Twice);
        }
        if annotation.active_ms < 0 || annotation.active_ms > annotation.raw_ms {
            return Err(Fault::Time);
        }
        let schema = i32::try_from(annotation.schema_version).ok().and_then(|version| known.schemas.get(&version));
        let schema = schema.ok_or(Fault::SchemaVersion(annotation.schema_version))?;
        if let Err(problems) = schema.check(&annotation.value, subject) {
            return Err(problems.into_iter().next().map_or(Fault::State, Fault::Value));
        }
        for verdict in &annotation.verdicts {
            known.people.get(&verdict.reviewer).ok_or_else(|| Fault::Person(verdict.reviewer.clone()))?;
            if authors.contains(verdict.reviewer.as_str()) {
                return Err(Fault::OwnWork(verdict.reviewer.clone()));
            }
            if !said.insert((verdict.inspection, annotation.id)) {
                return Err(Fault::Twice);
            }
        }
        if annotation.kind == AnnotationKind::Fix && authors.contains(annotation.annotator.as_str()) {
            return Err(Fault::OwnWork(annotation.annotator.clone()));
        }
    }
    let value = item.settled.as_ref();
    if let Some(value) = value {
        // It was agreed under one of the versions that its annotations name.
        let versions: BTreeSet<i32> =
            item.annotations.iter().filter_map(|a| i32::try_from(a.schema_version).ok()).collect();
        let fits = versions.iter().filter_map(|v| known.schemas.get(v)).any(|s| s.check(value, subject).is_ok());
        if !fits {
            return Err(Fault::State);
        }
    }
    let filled = counted(item).len();
    let needs_work = match item.state {
        ItemState::Labeled | ItemState::InReview | ItemState::Rework | ItemState::Accepted => true,
        ItemState::Open | ItemState::Void => false,
    };
    if needs_work && filled == 0 {
        return Err(Fault::State);
    }
    let last = item.annotations.iter().filter(|a| a.kind == AnnotationKind::Label).map(|a| a.submitted_at).max();
    let standing = Standing {
        state: item.state,
        filled: i32::try_from(filled).unwrap_or(i32::MAX),
        value: value.and_then(|value| serde_json::to_string(value).ok()),
        finished_at: last.filter(|_| needs_work),
    };
    Ok(NewItem { key: Some(item.key.clone()), data, meta: item.meta.clone(), standing })
}

/// The last revision of each author whose work counts.
fn counted(item: &ExportItem) -> BTreeMap<&str, &ExportAnnotation> {
    let mut last: BTreeMap<&str, &ExportAnnotation> = BTreeMap::new();
    for annotation in item.annotations.iter().filter(|a| a.kind == AnnotationKind::Label && a.counted) {
        let before = last.entry(annotation.annotator.as_str()).or_insert(annotation);
        if annotation.revision > before.revision {
            *before = annotation;
        }
    }
    last
}

/// Annotations, verdicts, returned work, reasons and lots of items that were added.
async fn add_work(
    tx: &Tx,
    now: Millis,
    project: &project::Model,
    import: Uuid,
    known: &Known,
    added: &[(Uuid, Ready)],
) -> Result<()> {
    let person = |name: &str| known.people.get(name).copied().unwrap_or_default();
    let (mut annotations, mut verdicts, mut reworks, mut lot) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut seen = known.taken.clone();
    for (id, Ready { item, line }) in added {
        // All of an item's or none, so that ids go on telling the order of what was submitted in one millisecond.
        let keep = item.annotations.iter().all(|annotation| !seen.contains(&annotation.id.0));
        let mut renamed = HashMap::new();
        for annotation in &item.annotations {
            let own = if keep { annotation.id.0 } else { Uuid::now_v7() };
            seen.insert(own);
            renamed.insert(annotation.id, own);
            annotations.push(annotation::Model {
                id: own,
                project_id: project.id,
                item_id: *id,
                person_id: person(&annotation.annotator),
                kind: code(annotation.kind)?,
                revision: i32::try_from(annotation.revision).unwrap_or(i32::MAX),
                counted: annotation.counted,
                value: serde_json::to_string(&annotation.value)?,
                schema_version: i32::try_from(annotation.schema_version).unwrap_or(i32::MAX),
                guideline_version: i32::try_from(annotation.guideline_version).unwrap_or(i32::MAX),
                active_ms: annotation.active_ms,
                raw_ms: annotation.raw_ms,
                submitted_at: annotation.submitted_at.0,
                claim_id: None,
            });
            for verdict in &annotation.verdicts {
                verdicts.push(verdict::Model {
                    inspection_id: verdict.inspection.0,
                    annotation_id: own,
                    item_id: *id,
                    batch_id: verdict.batch.0,
                    reviewer_id: person(&verdict.reviewer),
                    verdict: code(verdict.verdict)?,
                    reason: verdict.reason.map(code).transpose()?,
                    comment: verdict.comment.clone(),
                    judged_at: verdict.at.0,
                });
            }
        }
        match item.state {
            ItemState::Rework => reworks.extend(returned(*id, project.id, item, &renamed, &person, now)?),
            ItemState::InReview => lot.push(*id),
            ItemState::Void => {
                let data = json!({ "import": import, "line": line, "reason": item.void_reason });
                let (project, item) = (Some(project.id), Some(*id));
                event::record(tx, now, Event { person: None, project, item, kind: "item.voided", data }).await?;
            }
            ItemState::Open | ItemState::Labeled | ItemState::Accepted => {}
        }
    }
    rows::insert(tx, annotations.into_iter().map(IntoActiveModel::into_active_model), "").await?;
    rows::insert(tx, verdicts.into_iter().map(IntoActiveModel::into_active_model), "").await?;
    rows::insert(tx, reworks.into_iter().map(IntoActiveModel::into_active_model), "").await?;
    if lot.is_empty() { Ok(()) } else { make_batch(tx, now, project.id, import, &lot).await }
}

/// The work that waits for its authors: what failed last, or all of it where nothing did.
fn returned(
    id: Uuid,
    project: Uuid,
    item: &ExportItem,
    renamed: &HashMap<domain::id::AnnotationId, Uuid>,
    person: &impl Fn(&str) -> Uuid,
    now: Millis,
) -> Result<Vec<rework::Model>> {
    let last = counted(item);
    let failed = |annotation: &ExportAnnotation| {
        annotation.verdicts.last().filter(|verdict| verdict.verdict == VerdictKind::Fail).cloned()
    };
    let any = last.values().any(|annotation| failed(annotation).is_some());
    let mut reworks = Vec::new();
    for annotation in last.values() {
        let verdict = failed(annotation);
        if any && verdict.is_none() {
            continue;
        }
        reworks.push(rework::Model {
            id: Uuid::now_v7(),
            project_id: project,
            item_id: id,
            person_id: person(&annotation.annotator),
            annotation_id: renamed.get(&annotation.id).copied().unwrap_or(annotation.id.0),
            batch_id: verdict.as_ref().map(|verdict| verdict.batch.0),
            reason: verdict.as_ref().and_then(|verdict| verdict.reason).map(code).transpose()?,
            comment: verdict.as_ref().and_then(|verdict| verdict.comment.clone()),
            own: !any && annotation.verdicts.is_empty(),
            state: "open".to_owned(),
            returned_at: verdict.as_ref().map_or(now, |verdict| verdict.at).0,
            done_at: None,
        });
    }
    Ok(reworks)
}

/// Items that were in review wait for a reviewer here, in a lot of their own.
async fn make_batch(tx: &Tx, now: Millis, project: Uuid, import: Uuid, items: &[Uuid]) -> Result<()> {
    let rows = project::Entity::update_many()
        .col_expr(project::Column::NextBatch, Expr::col(project::Column::NextBatch).add(1))
        .filter(project::Column::Id.eq(project))
        .exec_with_returning(tx)
        .await?;
    let row = rows.into_iter().next().ok_or_else(|| anyhow::anyhow!("project {project} is gone"))?;
    let batch = batch::Model {
        id: Uuid::now_v7(),
        project_id: project,
        number: row.next_batch - 1,
        size: i32::try_from(items.len()).unwrap_or(i32::MAX),
        state: "waiting".to_owned(),
        filter: None,
        created_by: row.created_by,
        created_at: now.0,
        decided_at: None,
        decided_by: None,
        decision: None,
        reason: None,
    };
    let id = batch.id;
    batch::Entity::insert(batch.into_active_model()).exec_without_returning(tx).await?;
    let rows = items.iter().zip(0_i32..).map(|(item, position)| {
        let outcome = None;
        batch_item::Model { batch_id: id, item_id: *item, position, outcome }.into_active_model()
    });
    rows::insert(tx, rows, "").await?;
    item::Entity::update_many()
        .col_expr(item::Column::BatchId, Expr::value(Some(id)))
        .filter(item::Column::Id.is_in(items.iter().copied()))
        .exec(tx)
        .await?;
    let data = json!({ "batch": id, "import": import, "size": items.len() });
    event::record(tx, now, Event { person: None, project: Some(project), item: None, kind: "batch.created", data })
        .await
}
