//! Giving claims back.

use crate::room::{refusal, room};
use domain::item::ItemState;
use engine::{annotation, claim};

#[tokio::test]
async fn a_released_slot_is_free_for_anyone_at_once() {
    let room = room(2, 1).await;
    let (ann, ben) = (room.annotator("ann").await, room.annotator("ben").await);
    let held = room.one(&ann).await;
    assert_eq!(refusal(claim::release(&ben, held.id).await), "claim-not-found");
    claim::release(&ann, held.id).await.unwrap();
    claim::release(&ann, held.id).await.unwrap();
    assert_eq!(room.one(&ben).await.item.id, held.item.id);
    assert_eq!(
        refusal(claim::submit(&ann, held.id, crate::room::work(crate::room::mood("good")), None).await),
        "claim-gone"
    );
    room.sound().await;
}

#[tokio::test]
async fn releasing_an_own_reopening_leaves_the_annotation_as_it_was() {
    let room = room(1, 1).await;
    let ann = room.annotator("ann").await;
    let done = room.label(&ann, 1, "good").await;
    let reopened = annotation::reopen(&ann, done[0].annotation.id).await.unwrap();
    assert_eq!(room.count(ItemState::Rework).await, 1);
    claim::release(&ann, reopened.id).await.unwrap();
    assert_eq!(room.count(ItemState::Labeled).await, 1);
    room.sound().await;
}

#[tokio::test]
async fn a_submitted_claim_cannot_be_released() {
    let room = room(1, 1).await;
    let ann = room.annotator("ann").await;
    let held = room.one(&ann).await;
    room.submit(&ann, &held, "good").await;
    assert_eq!(refusal(claim::release(&ann, held.id).await), "already-submitted");
}
