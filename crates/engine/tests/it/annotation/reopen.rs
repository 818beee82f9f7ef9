//! Taking own work back for correction.

use crate::room::{MINUTE, refusal, room};
use domain::item::ItemState;
use engine::{annotation, batch, claim};

#[tokio::test]
async fn a_reopened_annotation_gets_a_second_revision() {
    let room = room(1, 1).await;
    let (ann, ben) = (room.annotator("ann").await, room.annotator("ben").await);
    let done = room.label(&ann, 1, "good").await.remove(0).annotation;
    assert_eq!(refusal(annotation::reopen(&ben, done.id).await), "annotation-not-found");
    let held = annotation::reopen(&ann, done.id).await.unwrap();
    assert_eq!(held.draft.as_ref().map(|draft| draft.value.clone()), Some(done.value.clone()));
    let note = held.rework.clone().unwrap();
    assert_eq!((note.own, note.previous.id, note.reason), (true, done.id, None));
    assert_eq!(annotation::reopen(&ann, done.id).await.unwrap().id, held.id, "once");
    assert_eq!(room.count(ItemState::Rework).await, 1);

    let again = room.submit(&ann, &held, "bad").await.annotation;
    assert_eq!((again.revision, again.counted), (2, true));
    assert_eq!(room.count(ItemState::Labeled).await, 1);
    assert_eq!(refusal(annotation::reopen(&ann, done.id).await), "changed");
    let rows = annotation::history(&ann, room.project, 10).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.can_reopen).collect::<Vec<_>>(), [true, false]);
    room.batch().await;
    assert_eq!(refusal(annotation::reopen(&ann, again.id).await), "in-review");
    room.sound().await;
}

#[tokio::test]
async fn an_open_item_waits_for_an_author_who_took_theirs_back() {
    let room = room(1, 2).await;
    let (ann, ben) = (room.annotator("ann").await, room.annotator("ben").await);
    let done = room.label(&ann, 1, "good").await.remove(0).annotation;
    let held = annotation::reopen(&ann, done.id).await.unwrap();
    room.label(&ben, 1, "bad").await;
    assert_eq!(room.count(ItemState::Open).await, 1, "all slots are filled, yet one author is still at it");
    room.sound().await;
    room.submit(&ann, &held, "bad").await;
    assert_eq!(room.count(ItemState::Labeled).await, 1);
    room.sound().await;
}

#[tokio::test]
async fn a_reopening_that_nobody_goes_on_with_is_called_off() {
    let room = room(1, 1).await;
    let ann = room.annotator("ann").await;
    let done = room.label(&ann, 1, "good").await.remove(0).annotation;
    let held = annotation::reopen(&ann, done.id).await.unwrap();
    room.world.clock.advance(31 * MINUTE);
    let batch = batch::create(&room.boss().await, room.project, domain::batch::NewBatch::default()).await.unwrap();
    assert_eq!(batch.size, 1, "it does not keep the item from review");
    let late = room.submit(&ann, &held, "bad").await;
    assert!(!late.annotation.counted, "what comes after that is kept as an extra");
    room.sound().await;
}

#[tokio::test]
async fn a_late_correction_still_counts_before_review() {
    let room = room(2, 1).await;
    let (ann, ben) = (room.annotator("ann").await, room.annotator("ben").await);
    let done = room.label(&ann, 1, "good").await.remove(0).annotation;
    let held = annotation::reopen(&ann, done.id).await.unwrap();
    room.world.clock.advance(31 * MINUTE);
    room.one(&ben).await;
    assert_eq!(room.count(ItemState::Labeled).await, 1);
    let late = room.submit(&ann, &held, "bad").await.annotation;
    assert_eq!((late.counted, late.revision), (true, 2));
    assert_eq!(room.count(ItemState::Labeled).await, 1);
    assert_eq!(claim::take(&ann, room.project, 1).await.unwrap().claims.len(), 0);
    room.sound().await;
}
