//! Imports from the upload to the items.

mod images;
mod native;
mod resume;
mod text;
mod tiles;
mod upload;

use domain::id::ProjectId;
use domain::import::{ImportView, JobState};
use domain::item::{ItemQuery, ItemRow};
use domain::project::{Modality, Settings};
use engine::testing::World;
use serde_json::json;

/// A schema of one choice and, where it fits, one more control.
pub(crate) fn schema(modality: Modality) -> serde_json::Value {
    let mood = json!({ "id": "mood", "kind": "choice", "options": [{ "id": "good" }, { "id": "bad" }] });
    let regions = match modality {
        Modality::Text => json!({ "id": "names", "kind": "span", "labels": [{ "id": "PER" }, { "id": "LOC" }] }),
        Modality::Image => json!({ "id": "things", "kind": "box", "labels": [{ "id": "dog" }] }),
    };
    json!({ "controls": [mood, regions] })
}

pub(crate) async fn texts(world: &World) -> ProjectId {
    world.project("文本", Modality::Text, schema(Modality::Text), Settings::default()).await
}

pub(crate) async fn pictures(world: &World) -> ProjectId {
    world.project("图像", Modality::Image, schema(Modality::Image), Settings::default()).await
}

/// Every item, in the order of coming.
pub(crate) async fn items(world: &World, project: ProjectId) -> Vec<ItemRow> {
    let (boss, mut rows, mut after) = (world.boss().await, Vec::new(), None);
    loop {
        let query = ItemQuery { after, limit: Some(500), ..ItemQuery::default() };
        let page = engine::item::list(&boss, project, query).await.unwrap();
        rows.extend(page.rows);
        match page.next {
            Some(next) => after = Some(next),
            None => return rows,
        }
    }
}

/// Keys and texts.
async fn read(world: &World, project: ProjectId) -> Vec<(String, String)> {
    let rows = items(world, project).await;
    rows.into_iter().map(|row| (row.item.key.clone(), row.item.data.text().unwrap_or_default().to_owned())).collect()
}

/// Read, added, duplicates, rejected.
fn figures(view: &ImportView) -> [u64; 4] {
    assert_eq!(view.state, JobState::Done, "{view:?}");
    [view.read, view.added, view.duplicates, view.rejected]
}

/// Place and code of each problem; every one has its sentence in both languages.
fn problems(view: &ImportView) -> Vec<String> {
    let told = view.problems.iter().map(|problem| {
        assert!(!problem.message.zh.is_empty() && !problem.message.en.is_empty(), "{problem:?}");
        let line = problem.line.map(|line| line.to_string()).unwrap_or_default();
        format!("{line} {} {}", problem.name.as_deref().unwrap_or("-"), problem.code).trim().to_owned()
    });
    told.collect()
}
