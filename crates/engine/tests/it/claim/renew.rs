//! The heartbeat.

use crate::room::{MINUTE, mood, room};
use domain::id::ClaimId;
use engine::claim;

#[tokio::test]
async fn live_claims_live_on_and_others_are_told() {
    let room = room(3, 1).await;
    let (ann, ben) = (room.annotator("ann").await, room.annotator("ben").await);
    let held = room.take(&ann, 2).await;
    let other = room.one(&ben).await;
    claim::release(&ann, held[1].id).await.unwrap();
    room.world.clock.advance(20 * MINUTE);
    let unknown = ClaimId(uuid::Uuid::from_u128(7));
    let answer = claim::renew(&ann, vec![held[0].id, held[1].id, other.id, unknown]).await.unwrap();
    assert_eq!(answer.renewed, [(held[0].id, room.world.engine.now().plus(30 * MINUTE))]);
    assert_eq!(answer.gone, [held[1].id, other.id, unknown]);
    // Without the heartbeat it would have lapsed by now.
    room.world.clock.advance(20 * MINUTE);
    let rest: Vec<_> = room.take(&ben, 10).await.into_iter().map(|claim| claim.item.id).collect();
    assert!(!rest.contains(&held[0].item.id));
}

#[tokio::test]
async fn nobody_keeps_an_item_from_others_for_longer_than_a_working_day() {
    let room = room(1, 1).await;
    let (ann, ben) = (room.annotator("ann").await, room.annotator("ben").await);
    let held = room.one(&ann).await;
    let end = room.world.engine.now().plus(8 * 60 * MINUTE);
    let mut beats = 0;
    // A heartbeat each twenty minutes, as long as it is answered.
    loop {
        room.world.clock.advance(20 * MINUTE);
        let answer = claim::renew(&ann, vec![held.id]).await.unwrap();
        let now = room.world.engine.now();
        if now >= end {
            assert_eq!((answer.renewed.as_slice(), answer.gone.as_slice()), (&[][..], &[held.id][..]));
            break;
        }
        beats += 1;
        assert_eq!(answer.renewed, [(held.id, now.plus(30 * MINUTE).min(end))], "heartbeat {beats}");
        assert!(room.take(&ben, 1).await.is_empty(), "it is held");
    }
    assert_eq!(beats, 23);
    // What she was at is not lost: it stays a draft, and hers to submit until somebody else asks for work.
    let draft = domain::claim::Draft { value: mood("good"), sequence: 1, active_ms: 5_000 };
    claim::save_draft(&ann, held.id, draft).await.unwrap();
    // Nor does asking for it again keep it.
    assert_eq!(room.one(&ann).await.id, held.id);
    let taken = room.one(&ben).await;
    assert_eq!(taken.item.id, held.item.id);
    room.submit(&ben, &taken, "bad").await;
    let late = room.submit(&ann, &held, "good").await;
    assert!(!late.annotation.counted, "kept as an extra");
    room.sound().await;
}
