//! Lists of batches, however many there are.

use crate::room::{refusal, room};
use domain::batch::{BatchQuery, BatchState, NewBatch};
use engine::{batch, inspection};

#[tokio::test]
async fn all_batches_are_read_page_by_page_newest_first() {
    let room = room(5, 1).await;
    let (ann, boss, rita) = (room.annotator("ann").await, room.boss().await, room.reviewer("rita").await);
    room.label(&ann, 5, "good").await;
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(batch::create(&boss, room.project, NewBatch { size: Some(1), filter: None }).await.unwrap());
    }
    let mut query = BatchQuery { limit: Some(2), ..BatchQuery::default() };
    let mut pages = Vec::new();
    loop {
        let page = batch::list(&boss, room.project, query.clone()).await.unwrap();
        pages.push(page.rows.iter().map(|row| row.number).collect::<Vec<_>>());
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    assert_eq!(pages, [vec![5, 4], vec![3, 2], vec![1]]);

    let view = inspection::open(&rita, made[1].id, None).await.unwrap();
    let verdict = crate::inspection::pass();
    inspection::judge(&rita, view.summary.id, view.sample[0].item, verdict).await.unwrap();
    let of = |state| BatchQuery { state: Some(state), ..BatchQuery::default() };
    let numbers = |page: domain::Page<domain::batch::BatchView>| page.rows.iter().map(|b| b.number).collect::<Vec<_>>();
    let waiting = batch::list(&rita, room.project, of(BatchState::Waiting)).await.unwrap();
    assert_eq!(numbers(waiting), [5, 4, 3, 1]);
    let begun = batch::list(&rita, room.project, of(BatchState::Inspecting)).await.unwrap();
    assert_eq!(numbers(begun), [2]);

    let wrong = |after: Option<&str>, limit| BatchQuery { after: after.map(str::to_owned), limit, state: None };
    assert_eq!(refusal(batch::list(&boss, room.project, wrong(Some("x"), None)).await), "invalid");
    assert_eq!(refusal(batch::list(&boss, room.project, wrong(None, Some(0))).await), "invalid");
    assert_eq!(refusal(batch::list(&boss, room.project, wrong(None, Some(501))).await), "invalid");
}

#[tokio::test]
async fn what_others_hold_hides_nothing_that_waits() {
    // More than a list has are in other hands, all older than the one that waits.
    let room = room(201, 1).await;
    let ann = room.annotator("ann").await;
    let (boss, rita, rolf) = (room.boss().await, room.reviewer("rita").await, room.reviewer("rolf").await);
    room.label(&ann, 201, "good").await;
    let one = || NewBatch { size: Some(1), filter: None };
    for _ in 0..200 {
        let made = batch::create(&boss, room.project, one()).await.unwrap();
        inspection::open(&rita, made.id, None).await.unwrap();
    }
    room.world.clock.advance(1_000);
    let waits = batch::create(&boss, room.project, one()).await.unwrap();
    let ids = |list: Vec<domain::batch::BatchView>| list.iter().map(|row| row.id).collect::<Vec<_>>();
    assert_eq!(ids(batch::reviewable(&rolf).await.unwrap()), [waits.id]);
    assert_eq!(batch::reviewable(&rita).await.unwrap().len(), 200);
}
