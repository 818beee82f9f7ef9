//! Leaving items.

use crate::room::{refusal, room};
use domain::batch::{Decide, DecisionKind};
use domain::claim::SkipReason;
use domain::item::ItemState;
use engine::{claim, inspection};

#[tokio::test]
async fn a_skipped_item_goes_to_others_only() {
    let room = room(2, 1).await;
    let (ann, ben) = (room.annotator("ann").await, room.annotator("ben").await);
    let held = room.one(&ann).await;
    claim::skip(&ann, held.id, SkipReason::Unsure, Some("  分不清正负 ".into())).await.unwrap();
    claim::skip(&ann, held.id, SkipReason::Unsure, None).await.unwrap();
    assert_eq!(room.take(&ann, 5).await.iter().map(|claim| claim.item.id).collect::<Vec<_>>(), [room.items[1]]);
    assert_eq!(room.one(&ben).await.item.id, held.item.id);
    assert_eq!(claim::home(&ann).await.unwrap().today.skipped, 1, "once");
    room.sound().await;
}

#[tokio::test]
async fn unusable_data_makes_the_item_void_and_withdraws_it_from_others() {
    let room = room(1, 2).await;
    let (ann, ben) = (room.annotator("ann").await, room.annotator("ben").await);
    let (held, other) = (room.one(&ann).await, room.one(&ben).await);
    claim::skip(&ann, held.id, SkipReason::Unusable, None).await.unwrap();
    assert_eq!(room.count(ItemState::Void).await, 1);
    // What the other was doing is not thrown away.
    let late = room.submit(&ben, &other, "good").await;
    assert!(!late.annotation.counted);
    assert_eq!(room.count(ItemState::Void).await, 1);
    room.sound().await;
}

#[tokio::test]
async fn unusable_does_not_void_what_somebody_has_annotated() {
    let room = room(1, 2).await;
    let (ann, ben) = (room.annotator("ann").await, room.annotator("ben").await);
    room.label(&ann, 1, "good").await;
    let held = room.one(&ben).await;
    claim::skip(&ben, held.id, SkipReason::Unusable, None).await.unwrap();
    assert_eq!(room.count(ItemState::Open).await, 1);
    assert!(room.take(&ben, 1).await.is_empty());
    room.sound().await;
}

#[tokio::test]
async fn returned_work_cannot_be_skipped() {
    let room = room(1, 1).await;
    let ann = room.annotator("ann").await;
    room.label(&ann, 1, "good").await;
    let batch = room.batch().await;
    let all = Decide { decision: DecisionKind::ReturnAll, reason: Some("重做".into()) };
    inspection::decide(&room.boss().await, batch.id, all).await.unwrap();
    let held = room.one(&ann).await;
    assert_eq!(refusal(claim::skip(&ann, held.id, SkipReason::Unsure, None).await), "invalid");
    let long = Some("字".repeat(1_001));
    assert_eq!(refusal(claim::skip(&ann, held.id, SkipReason::Unsure, long).await), "invalid");
}
