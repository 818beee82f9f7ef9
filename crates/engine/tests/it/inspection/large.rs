//! A batch of more items than one statement takes.

use super::{decision, fail, pass};
use crate::room::room;
use domain::batch::{DecisionKind, NewBatch, Plan};
use domain::item::ItemState;
use engine::{batch, claim, inspection};

#[tokio::test]
async fn several_chunks_of_items_are_drawn_and_decided_in_one_go() {
    let room = room(600, 1).await;
    let (ann, rita) = (room.annotator("ann").await, room.reviewer("rita").await);
    loop {
        let claims = room.take(&ann, 10).await;
        if claims.is_empty() {
            break;
        }
        for held in claims {
            room.submit(&ann, &held, "good").await;
        }
    }
    let made = batch::create(&rita, room.project, NewBatch { size: Some(10_000), filter: None }).await.unwrap();
    assert_eq!(made.size, 600);
    let view = inspection::open(&rita, made.id, Some(Plan::Rate { rate: 0.03 })).await.unwrap();
    assert_eq!(view.sample.len(), 18);
    for (n, drawn) in view.sample.iter().enumerate() {
        let verdict = if n < 3 { fail() } else { pass() };
        inspection::judge(&rita, view.summary.id, drawn.item, verdict).await.unwrap();
    }
    inspection::decide(&rita, made.id, decision(DecisionKind::ReturnAll)).await.unwrap();
    assert_eq!(room.count(ItemState::Rework).await, 600);
    assert_eq!(claim::home(&ann).await.unwrap().today.returned, 600);
    room.sound().await;
}
