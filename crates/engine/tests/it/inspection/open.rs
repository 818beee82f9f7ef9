//! Who may open a batch, and what is drawn.

use super::{judge, opened, pass};
use crate::room::{MINUTE, refusal, room};
use domain::batch::{BatchState, Plan};
use domain::project::ProjectRole;
use domain::sampling;
use engine::{batch, inspection};

#[tokio::test]
async fn the_sample_is_drawn_by_a_seed_that_anyone_can_repeat() {
    let room = room(10, 1).await;
    let (ann, rita) = (room.annotator("ann").await, room.reviewer("rita").await);
    room.label(&ann, 10, "good").await;
    let made = room.batch().await;
    let view = inspection::open(&rita, made.id, None).await.unwrap();
    assert_eq!((view.summary.plan, view.summary.n), (Plan::Rate { rate: 0.2 }, 2), "the project's own rate");
    assert_eq!((view.summary.ac, view.summary.re), (0, 1));
    assert_eq!(view.batch.state, BatchState::Waiting);
    let lot = &room.items;
    let drawn: Vec<_> = view.sample.iter().map(|sample| sample.item).collect();
    assert_eq!(drawn, sampling::draw(&view.summary.seed, lot, 2));
    assert_eq!(view.summary.lot_hash, sampling::lot_hash(lot), "items join in the order in which they were finished");
    assert_eq!(view.summary.seed.len(), 32);
    let again = inspection::open(&rita, made.id, Some(Plan::All)).await.unwrap();
    assert_eq!(again, view, "opening again neither draws anew nor changes the plan");
}

#[tokio::test]
async fn a_batch_is_in_one_hand_at_a_time() {
    let room = room(2, 1).await;
    let (ann, rita, rolf) = (room.annotator("ann").await, room.reviewer("rita").await, room.reviewer("rolf").await);
    room.label(&ann, 2, "good").await;
    let (batch, view) = opened(&room, &rita).await;
    assert_eq!(refusal(inspection::open(&rolf, batch, None).await), "held-by-other");
    assert!(batch::reviewable(&rolf).await.unwrap().is_empty());
    assert_eq!(batch::reviewable(&rita).await.unwrap().len(), 1);
    let first = view.sample[0].item;
    assert_eq!(refusal(inspection::judge(&rolf, view.summary.id, first, pass()).await), "held-by-other");
    judge(&rita, &view, &[("k001", pass())]).await;
    room.world.clock.advance(23 * 60 * MINUTE);
    assert_eq!(refusal(inspection::open(&rolf, batch, None).await), "held-by-other");
    room.world.clock.advance(2 * 60 * MINUTE);
    let taken = inspection::open(&rolf, batch, Some(Plan::All)).await.unwrap();
    assert_ne!(taken.summary.id, view.summary.id);
    assert_eq!(refusal(inspection::judge(&rita, view.summary.id, first, pass()).await), "held-by-other");
    room.sound().await;
}

#[tokio::test]
async fn looking_in_without_a_verdict_blocks_nobody_for_long() {
    let room = room(1, 1).await;
    let (ann, rita, rolf) = (room.annotator("ann").await, room.reviewer("rita").await, room.reviewer("rolf").await);
    room.label(&ann, 1, "good").await;
    let (batch, _) = opened(&room, &rita).await;
    room.world.clock.advance(31 * MINUTE);
    assert_eq!(batch::reviewable(&rolf).await.unwrap().len(), 1);
    inspection::open(&rolf, batch, None).await.unwrap();
}

#[tokio::test]
async fn nobody_opens_their_own_work() {
    let room = room(2, 1).await;
    let (ann, ben) = (room.annotator("ann").await, room.annotator("ben").await);
    room.label(&ann, 1, "good").await;
    room.label(&ben, 1, "good").await;
    let made = room.batch().await;
    assert_eq!(refusal(inspection::open(&ann, made.id, None).await), "not-allowed");
    let ann = room.world.member("ann", room.project, ProjectRole::Reviewer).await;
    assert_eq!(refusal(inspection::open(&ann, made.id, None).await), "own-work");
    let rita = room.reviewer("rita").await;
    assert_eq!(refusal(inspection::open(&rita, made.id, Some(Plan::Rate { rate: 0.0 })).await), "invalid");
    assert_eq!(refusal(inspection::open(&rita, made.id, Some(Plan::Rate { rate: f64::NAN })).await), "invalid");
    let stranger = room.world.person("eve", domain::account::PlatformRole::Member).await;
    assert_eq!(refusal(inspection::open(&stranger, made.id, None).await), "batch-not-found");
}
