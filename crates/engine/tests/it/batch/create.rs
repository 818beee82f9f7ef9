//! Gathering labeled items.

use crate::room::{refusal, room};
use domain::batch::{BatchFilter, BatchQuery, BatchState, NewBatch};
use domain::item::ItemState;
use domain::time::Millis;
use engine::batch;

fn filtered(filter: BatchFilter) -> NewBatch {
    NewBatch { size: None, filter: Some(filter) }
}

#[tokio::test]
async fn the_oldest_labeled_items_join() {
    let room = room(4, 1).await;
    let ann = room.annotator("ann").await;
    let boss = room.boss().await;
    assert_eq!(refusal(batch::create(&boss, room.project, NewBatch::default()).await), "nothing");
    room.label(&ann, 3, "good").await;
    let two = batch::create(&boss, room.project, NewBatch { size: Some(2), filter: None }).await.unwrap();
    assert_eq!((two.number, two.size, two.state), (1, 2, BatchState::Waiting));
    assert_eq!((room.count(ItemState::InReview).await, room.count(ItemState::Labeled).await), (2, 1));
    let rest = batch::create(&room.reviewer("rita").await, room.project, NewBatch::default()).await.unwrap();
    assert_eq!((rest.number, rest.size), (2, 1));
    let list = batch::list(&boss, room.project, BatchQuery::default()).await.unwrap();
    assert_eq!(list.rows.iter().map(|batch| batch.number).collect::<Vec<_>>(), [2, 1]);
    room.sound().await;
}

#[tokio::test]
async fn filters_choose() {
    let room = room(4, 1).await;
    let (ann, ben, boss) = (room.annotator("ann").await, room.annotator("ben").await, room.boss().await);
    room.label(&ann, 2, "good").await;
    let noon = Millis(room.world.engine.now().0 + 1);
    room.label(&ben, 2, "good").await;
    let by = |filter| batch::create(&boss, room.project, filtered(filter));
    assert_eq!(refusal(by(BatchFilter { annotator: Some("eve".into()), ..Default::default() }).await), "invalid");
    assert_eq!(refusal(by(BatchFilter { key_prefix: Some("x".into()), ..Default::default() }).await), "nothing");
    assert_eq!(refusal(by(BatchFilter { key_prefix: Some("k00%".into()), ..Default::default() }).await), "nothing");
    let both = BatchFilter { annotator: Some("ann".into()), key_prefix: Some("k002".into()), ..Default::default() };
    assert_eq!(by(both).await.unwrap().size, 1);
    assert_eq!(by(BatchFilter { to: Some(noon), ..Default::default() }).await.unwrap().size, 1);
    assert_eq!(by(BatchFilter { from: Some(noon), ..Default::default() }).await.unwrap().size, 2);
    room.sound().await;
}

#[tokio::test]
async fn authors_neither_make_nor_see_batches() {
    let room = room(1, 1).await;
    let ann = room.annotator("ann").await;
    room.label(&ann, 1, "good").await;
    assert_eq!(refusal(batch::create(&ann, room.project, NewBatch::default()).await), "not-allowed");
    let zero = NewBatch { size: Some(0), filter: None };
    assert_eq!(refusal(batch::create(&room.boss().await, room.project, zero).await), "invalid");
    let made = room.batch().await;
    assert_eq!(refusal(batch::get(&ann, made.id).await), "not-allowed");
    assert_eq!(refusal(batch::list(&ann, room.project, BatchQuery::default()).await), "not-allowed");
    let stranger = room.world.person("eve", domain::account::PlatformRole::Member).await;
    assert_eq!(refusal(batch::get(&stranger, made.id).await), "batch-not-found");
    assert_eq!(batch::get(&room.reviewer("rita").await, made.id).await.unwrap().id, made.id);
    assert_eq!(batch::reviewable(&room.reviewer("rita").await).await.unwrap().len(), 1);
    assert!(batch::reviewable(&ann).await.unwrap().is_empty());
}
