//! The author's own history.

use crate::room::room;
use domain::item::ItemState;
use engine::annotation;

#[tokio::test]
async fn own_submits_are_listed_newest_first_and_can_be_reopened_before_review() {
    let room = room(3, 1).await;
    let (ann, ben) = (room.annotator("ann").await, room.annotator("ben").await);
    room.label(&ann, 2, "good").await;
    room.label(&ben, 1, "bad").await;
    let rows = annotation::history(&ann, room.project, 10).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.key.as_str()).collect::<Vec<_>>(), ["k002", "k001"]);
    assert_eq!(
        (rows[0].excerpt.as_str(), rows[0].state, rows[0].can_reopen),
        ("第 2 条评论", ItemState::Labeled, true)
    );
    assert_eq!(annotation::history(&ann, room.project, 1).await.unwrap().len(), 1);
    room.batch().await;
    let rows = annotation::history(&ann, room.project, 10).await.unwrap();
    assert!(rows.iter().all(|row| !row.can_reopen && row.state == ItemState::InReview));
}
