//! Taking work back in: once, whatever happens on the way.

use crate::room::{MINUTE, mood, object, refusal, room, work};
use domain::Error;
use domain::claim::{Submit, Submitted};
use domain::id::ClaimId;
use domain::item::ItemState;
use domain::project::{ProjectChange, Status};
use engine::{Ctx, claim, project};
use serde_json::json;

async fn submit(who: &Ctx, value: &str, key: Option<&str>, held: ClaimId) -> engine::Result<Submitted> {
    claim::submit(who, held, work(mood(value)), key.map(str::to_owned)).await
}

#[tokio::test]
async fn a_submit_fills_the_slot_and_finishes_the_item() {
    let room = room(1, 1).await;
    let ann = room.annotator("ann").await;
    let held = room.one(&ann).await;
    room.world.clock.advance(3_000);
    let done = claim::submit(&ann, held.id, work(mood("good")), None).await.unwrap();
    assert!(!done.repeated);
    let made = done.annotation;
    assert_eq!((made.revision, made.counted, made.schema_version, made.guideline_version), (1, true, 1, 0));
    assert_eq!((made.active_ms, made.raw_ms), (3_000, 3_000), "counted time is cut to the claim's own span");
    assert_eq!((made.annotator.as_str(), made.value), ("ann", mood("good")));
    assert_eq!(room.count(ItemState::Labeled).await, 1);
    room.sound().await;
}

#[tokio::test]
async fn the_same_submit_again_is_one_annotation() {
    let room = room(2, 1).await;
    let ann = room.annotator("ann").await;
    let held = room.one(&ann).await;
    let first = submit(&ann, "good", Some("k-1"), held.id).await.unwrap();
    let again = submit(&ann, "good", Some("k-1"), held.id).await.unwrap();
    assert!(again.repeated);
    assert_eq!(again.annotation, first.annotation);
    assert!(submit(&ann, "good", None, held.id).await.unwrap().repeated);
    assert_eq!(refusal(submit(&ann, "bad", Some("k-1"), held.id).await), "key-reused");
    assert_eq!(refusal(submit(&ann, "good", Some("k-2"), held.id).await), "already-submitted");
    assert_eq!(refusal(submit(&ann, "bad", None, held.id).await), "already-submitted");
    assert_eq!(refusal(submit(&ann, "good", Some(""), held.id).await), "invalid");

    let other = room.one(&ann).await;
    submit(&ann, "good", None, other.id).await.unwrap();
    assert!(submit(&ann, "good", None, other.id).await.unwrap().repeated);
    assert_eq!(room.world.items_by_authors(room.project).await, [(1, 2)]);
    room.sound().await;
}

#[tokio::test]
async fn values_that_break_the_schema_are_refused_and_nothing_is_kept() {
    let room = room(1, 1).await;
    let ann = room.annotator("ann").await;
    let held = room.one(&ann).await;
    for bad in [json!({}), json!({ "mood": ["?"] }), json!({ "mood": ["good"], "x": 1 })] {
        assert_eq!(refusal(claim::submit(&ann, held.id, work(object(bad)), None).await), "invalid");
    }
    assert_eq!(room.count(ItemState::Open).await, 1);
    room.submit(&ann, &held, "good").await;
    room.sound().await;
}

#[tokio::test]
async fn spans_count_characters_beyond_the_basic_plane_as_one() {
    let room = room(0, 1).await;
    room.world.texts(room.project, &[("odd", "我在𠮷野家见到👨‍👩‍👧王芳")]).await;
    let ann = room.annotator("ann").await;
    let held = room.one(&ann).await;
    let span = |start: u32, end: u32, text: &str| {
        object(
            json!({ "mood": ["good"], "persons": [{ "id": "r1", "label": "per", "start": start, "end": end, "text": text }] }),
        )
    };
    // By UTF-16 units 王芳 would begin at 16.
    assert_eq!(refusal(claim::submit(&ann, held.id, work(span(16, 18, "王芳")), None).await), "invalid");
    assert_eq!(refusal(claim::submit(&ann, held.id, work(span(12, 99, "王芳")), None).await), "invalid");
    let done = claim::submit(&ann, held.id, work(span(12, 14, "王芳")), None).await.unwrap();
    assert_eq!(done.annotation.value, span(12, 14, "王芳"));
}

#[tokio::test]
async fn a_value_made_under_an_older_schema_is_taken_if_it_still_fits() {
    let room = room(2, 1).await;
    let ann = room.annotator("ann").await;
    let held = room.take(&ann, 2).await;
    let schema = json!({ "controls": [
        { "id": "mood", "kind": "choice", "required": true, "options": [{ "id": "good" }, { "id": "mixed" }] },
    ] });
    let change = ProjectChange { schema: Some(schema), accept_orphans: true, ..ProjectChange::default() };
    project::change(&room.boss().await, room.project, change).await.unwrap();
    assert_eq!(refusal(claim::submit(&ann, held[0].id, work(mood("bad")), None).await), "schema-outdated");
    let done = claim::submit(&ann, held[0].id, work(mood("good")), None).await.unwrap();
    assert_eq!(done.annotation.schema_version, 2);
    let current = Submit { schema_version: 2, ..work(mood("bad")) };
    assert_eq!(refusal(claim::submit(&ann, held[1].id, current, None).await), "invalid");
}

#[tokio::test]
async fn foreign_claims_do_not_exist_and_closed_projects_refuse() {
    let room = room(2, 1).await;
    let (ann, ben) = (room.annotator("ann").await, room.annotator("ben").await);
    let held = room.take(&ann, 2).await;
    let refused = claim::submit(&ben, held[0].id, work(mood("good")), None).await.unwrap_err();
    assert_eq!(refused.refusal(), Some(&Error::NotFound(domain::error::Noun::Claim)));
    room.set_status(Status::Paused).await;
    room.submit(&ann, &held[0], "good").await;
    room.set_status(Status::Archived).await;
    assert_eq!(refusal(claim::submit(&ann, held[1].id, work(mood("good")), None).await), "project-closed");
    assert!(claim::submit(&ann, held[0].id, work(mood("good")), None).await.unwrap().repeated);
}

#[tokio::test]
async fn a_late_submit_counts_while_the_slot_is_free() {
    let room = room(1, 1).await;
    let (ann, ben) = (room.annotator("ann").await, room.annotator("ben").await);
    let held = room.one(&ann).await;
    room.world.clock.advance(31 * MINUTE);
    let taken = room.one(&ben).await;
    claim::release(&ben, taken.id).await.unwrap();
    let done = room.submit(&ann, &held, "good").await;
    assert!(done.annotation.counted);
    assert_eq!(done.annotation.raw_ms, 31 * MINUTE);
    assert_eq!(room.count(ItemState::Labeled).await, 1);
    room.sound().await;
}

#[tokio::test]
async fn a_late_submit_without_a_slot_is_kept_as_an_extra() {
    let room = room(1, 1).await;
    let (ann, ben) = (room.annotator("ann").await, room.annotator("ben").await);
    let held = room.one(&ann).await;
    room.world.clock.advance(31 * MINUTE);
    let taken = room.one(&ben).await;
    let late = claim::submit(&ann, held.id, work(mood("bad")), Some("k".into())).await.unwrap();
    assert!(!late.annotation.counted);
    let again = claim::submit(&ann, held.id, work(mood("bad")), Some("k".into())).await.unwrap();
    assert!(again.repeated && again.annotation == late.annotation);
    let done = room.submit(&ben, &taken, "good").await;
    assert!(done.annotation.counted);
    assert_eq!(room.world.items_by_authors(room.project).await, [(1, 1)]);
    room.sound().await;
}

#[tokio::test]
async fn an_older_claim_of_the_same_person_takes_the_place_of_the_newer() {
    let room = room(1, 1).await;
    let (ann, ben) = (room.annotator("ann").await, room.annotator("ben").await);
    let old = room.one(&ann).await;
    room.world.clock.advance(31 * MINUTE);
    let taken = room.one(&ben).await;
    claim::release(&ben, taken.id).await.unwrap();
    let new = room.one(&ann).await;
    assert_ne!(old.id, new.id);
    assert!(room.submit(&ann, &old, "good").await.annotation.counted);
    assert_eq!(refusal(claim::submit(&ann, new.id, work(mood("bad")), None).await), "claim-gone");
    room.sound().await;
}

#[tokio::test]
async fn an_older_claim_after_the_newer_was_submitted_is_an_extra() {
    let room = room(1, 2).await;
    let (ann, ben) = (room.annotator("ann").await, room.annotator("ben").await);
    let old = room.one(&ann).await;
    room.world.clock.advance(31 * MINUTE);
    room.one(&ben).await;
    let new = room.one(&ann).await;
    assert_ne!(old.id, new.id);
    assert!(room.submit(&ann, &new, "good").await.annotation.counted);
    let extra = room.submit(&ann, &old, "bad").await;
    assert_eq!((extra.annotation.counted, extra.annotation.revision), (false, 2));
    assert!(room.submit(&ann, &old, "bad").await.repeated);
    room.sound().await;
}
