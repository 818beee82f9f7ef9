//! A small project with people in it: what the tests of the queue and of review begin with.

use domain::annotation::AnnotationValue;
use domain::batch::{BatchView, NewBatch};
use domain::claim::{ClaimView, Submit, Submitted};
use domain::id::{ItemId, ProjectId};
use domain::item::ItemState;
use domain::project::{Modality, ProjectChange, Settings, Status};
use engine::testing::World;
use engine::{Ctx, Result, batch, claim, project};
use serde_json::{Value, json};

/// Minutes in milliseconds.
pub(crate) const MINUTE: i64 = 60_000;

/// A text project in a world of its own.
pub(crate) struct Room {
    pub(crate) world: World,
    pub(crate) project: ProjectId,
    pub(crate) items: Vec<ItemId>,
}

/// A mood that must be chosen, and persons that may be marked.
pub(crate) fn schema() -> Value {
    json!({ "controls": [
        { "id": "mood", "kind": "choice", "required": true, "options": [{ "id": "good" }, { "id": "bad" }] },
        { "id": "persons", "kind": "span", "labels": [{ "id": "per" }] },
    ] })
}

/// A project of `n` texts that each want `overlap` annotations.
pub(crate) async fn room(n: usize, overlap: u8) -> Room {
    let world = World::new().await;
    let settings = Settings { overlap, ..Settings::default() };
    let project = world.project("评论", Modality::Text, schema(), settings).await;
    let records: Vec<(String, String)> = (1..=n).map(|i| (format!("k{i:03}"), format!("第 {i} 条评论"))).collect();
    let records: Vec<(&str, &str)> = records.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
    let items = world.texts(project, &records).await;
    Room { world, project, items }
}

/// A value that fits.
pub(crate) fn mood(mood: &str) -> AnnotationValue {
    object(json!({ "mood": [mood] }))
}

/// An object as a value.
pub(crate) fn object(value: Value) -> AnnotationValue {
    match value {
        Value::Object(object) => object,
        other => panic!("not an object: {other}"),
    }
}

/// A submit under the first schema.
pub(crate) fn work(value: AnnotationValue) -> Submit {
    Submit { value, active_ms: 5_000, schema_version: 1 }
}

/// The code of a refusal; a fault or a success ends the test.
pub(crate) fn refusal<T: std::fmt::Debug>(result: Result<T>) -> String {
    result.unwrap_err().refusal().expect("a fault where a refusal was expected").code()
}

impl Room {
    pub(crate) async fn annotator(&self, name: &str) -> Ctx {
        self.world.annotator(name, self.project).await
    }

    pub(crate) async fn reviewer(&self, name: &str) -> Ctx {
        self.world.reviewer(name, self.project).await
    }

    pub(crate) async fn boss(&self) -> Ctx {
        self.world.boss().await
    }

    pub(crate) async fn take(&self, who: &Ctx, count: u32) -> Vec<ClaimView> {
        claim::take(who, self.project, count).await.unwrap().claims
    }

    pub(crate) async fn one(&self, who: &Ctx) -> ClaimView {
        self.take(who, 1).await.into_iter().next().expect("work")
    }

    pub(crate) async fn submit(&self, who: &Ctx, held: &ClaimView, value: &str) -> Submitted {
        claim::submit(who, held.id, work(mood(value)), None).await.unwrap()
    }

    /// Takes and submits `n` items.
    pub(crate) async fn label(&self, who: &Ctx, n: usize, value: &str) -> Vec<Submitted> {
        let mut done = Vec::new();
        for _ in 0..n {
            self.world.clock.advance(10_000);
            let held = self.one(who).await;
            done.push(self.submit(who, &held, value).await);
        }
        done
    }

    pub(crate) async fn batch(&self) -> BatchView {
        batch::create(&self.boss().await, self.project, NewBatch::default()).await.unwrap()
    }

    pub(crate) async fn set_status(&self, status: Status) {
        let change = ProjectChange { status: Some(status), ..ProjectChange::default() };
        project::change(&self.boss().await, self.project, change).await.unwrap();
    }

    /// Items in a state, as the project counts them.
    pub(crate) async fn count(&self, state: ItemState) -> u64 {
        let counts = project::get(&self.boss().await, self.project).await.unwrap().summary.counts;
        match state {
            ItemState::Open => counts.open,
            ItemState::Labeled => counts.labeled,
            ItemState::InReview => counts.in_review,
            ItemState::Rework => counts.rework,
            ItemState::Accepted => counts.accepted,
            ItemState::Void => counts.void,
        }
    }

    /// Ends the test where any rule is broken.
    pub(crate) async fn sound(&self) {
        assert_eq!(self.world.breaches().await, Vec::<String>::new());
    }
}
