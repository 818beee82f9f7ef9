//! The heartbeat.

use crate::room::{MINUTE, room};
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
