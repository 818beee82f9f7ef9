//! Work in progress.

use crate::room::{MINUTE, mood, object, refusal, room};
use domain::claim::Draft;
use engine::claim;
use serde_json::json;

fn draft(value: &str, sequence: u64) -> Draft {
    Draft { value: mood(value), active_ms: 1_000, sequence }
}

#[tokio::test]
async fn the_newest_draft_is_kept() {
    let room = room(1, 1).await;
    let ann = room.annotator("ann").await;
    let held = room.one(&ann).await;
    claim::save_draft(&ann, held.id, draft("good", 2)).await.unwrap();
    claim::save_draft(&ann, held.id, draft("bad", 2)).await.unwrap();
    assert_eq!(refusal(claim::save_draft(&ann, held.id, draft("good", 1)).await), "draft-outdated");
    assert_eq!(room.one(&ann).await.draft, Some(draft("bad", 2)));
    // It need not satisfy the schema.
    let odd = Draft { value: object(json!({ "mood": ["?"], "x": "𠮷" })), active_ms: -5, sequence: 3 };
    claim::save_draft(&ann, held.id, odd).await.unwrap();
    assert_eq!(room.one(&ann).await.draft.unwrap().active_ms, 0);
}

#[tokio::test]
async fn it_is_kept_after_the_lease_until_somebody_takes_the_item() {
    let room = room(1, 1).await;
    let (ann, ben) = (room.annotator("ann").await, room.annotator("ben").await);
    let held = room.one(&ann).await;
    room.world.clock.advance(31 * MINUTE);
    claim::save_draft(&ann, held.id, draft("good", 1)).await.unwrap();
    room.one(&ben).await;
    assert_eq!(refusal(claim::save_draft(&ann, held.id, draft("good", 2)).await), "claim-gone");
}

#[tokio::test]
async fn foreign_and_oversized_drafts_are_refused() {
    let room = room(1, 1).await;
    let (ann, ben) = (room.annotator("ann").await, room.annotator("ben").await);
    let held = room.one(&ann).await;
    assert_eq!(refusal(claim::save_draft(&ben, held.id, draft("good", 1)).await), "claim-not-found");
    let huge = Draft { value: object(json!({ "note": "字".repeat(1_500_000) })), active_ms: 0, sequence: 1 };
    assert_eq!(refusal(claim::save_draft(&ann, held.id, huge).await), "too-large");
    assert_eq!(room.one(&ann).await.draft, None);
}
