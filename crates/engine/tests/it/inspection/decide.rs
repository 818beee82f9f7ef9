//! Decisions and what follows from them.

use super::{decision, fail, fixed, judge, opened, pass};
use crate::room::{mood, refusal, room};
use domain::annotation::{AnnotationKind, Reason, VerdictKind};
use domain::batch::{BatchState, Decide, DecisionKind, Plan, Verdict};
use domain::claim::NoWork;
use domain::item::ItemState;
use engine::{batch, claim, inspection};

#[tokio::test]
async fn a_failed_item_goes_back_to_its_author_and_returns_to_be_accepted() {
    let room = room(3, 1).await;
    let (ann, ben, rita) = (room.annotator("ann").await, room.annotator("ben").await, room.reviewer("rita").await);
    room.label(&ann, 3, "good").await;
    let (made, view) = opened(&room, &rita).await;
    judge(&rita, &view, &[("k001", pass()), ("k002", fail())]).await;
    assert_eq!(
        refusal(inspection::decide(&rita, made, decision(DecisionKind::ReturnFailed)).await),
        "verdicts-missing"
    );
    judge(&rita, &view, &[("k003", fixed("bad"))]).await;
    assert_eq!(refusal(inspection::decide(&rita, made, decision(DecisionKind::Accept)).await), "failed-items");
    let done = inspection::decide(&rita, made, decision(DecisionKind::ReturnFailed)).await.unwrap();
    assert_eq!((done.state, done.decided_by.as_deref()), (BatchState::PartlyReturned, Some("rita")));
    assert_eq!((room.count(ItemState::Accepted).await, room.count(ItemState::Rework).await), (2, 1));
    assert_eq!(refusal(inspection::decide(&rita, made, decision(DecisionKind::Accept)).await), "decided");
    assert_eq!(refusal(inspection::judge(&rita, view.summary.id, room.items[0], pass()).await), "decided");
    room.sound().await;

    // The fix is kept as the reviewer's own annotation.
    let fixed = inspection::item(&rita, view.summary.id, room.items[2]).await.unwrap();
    let fix = fixed.annotations.iter().find(|row| row.kind == AnnotationKind::Fix).expect("the fix");
    assert_eq!((fix.value.clone(), fix.annotator.as_str()), (mood("bad"), "rita"));
    let label = fixed.annotations.iter().find(|row| row.kind == AnnotationKind::Label).expect("the label");
    assert_eq!(label.verdicts[0].verdict, VerdictKind::Fixed);

    // Nobody else is handed the returned item; its author sees the reviewer's words.
    assert_eq!(claim::take(&ben, room.project, 1).await.unwrap().reason, Some(NoWork::AllDone));
    let held = room.one(&ann).await;
    let note = held.rework.clone().expect("rework");
    assert_eq!((note.reason, note.comment.as_deref(), note.own), (Some(Reason::WrongLabel), Some("应为负面"), false));
    assert_eq!((note.previous.value, held.draft.clone()), (mood("good"), None));
    // Letting it go does not lose it.
    claim::release(&ann, held.id).await.unwrap();
    let held = room.one(&ann).await;
    let again = room.submit(&ann, &held, "bad").await.annotation;
    assert_eq!(again.revision, 2);
    assert_eq!(room.count(ItemState::Labeled).await, 1);

    let (second, view) = opened(&room, &rita).await;
    assert_eq!(view.sample.len(), 1);
    judge(&rita, &view, &[("k002", pass())]).await;
    let done = inspection::decide(&rita, second, decision(DecisionKind::Accept)).await.unwrap();
    assert_eq!((done.state, done.number), (BatchState::Accepted, 2));
    assert_eq!(room.count(ItemState::Accepted).await, 3);
    let today = claim::home(&ann).await.unwrap().today;
    assert_eq!((today.submitted, today.rework, today.accepted, today.returned), (3, 1, 3, 1));
    assert_eq!((today.inspected, today.passed), (3, 1), "first revisions only: one passed, one failed, one was fixed");
    assert!(batch::reviewable(&rita).await.unwrap().is_empty());
    room.sound().await;
}

#[tokio::test]
async fn a_manager_decides_at_any_time_with_a_written_reason() {
    let room = room(2, 1).await;
    let (ann, rita, boss) = (room.annotator("ann").await, room.reviewer("rita").await, room.boss().await);
    room.label(&ann, 2, "good").await;
    let made = room.batch().await;
    assert_eq!(refusal(inspection::decide(&boss, made.id, decision(DecisionKind::Accept)).await), "invalid");
    assert_eq!(refusal(inspection::decide(&rita, made.id, decision(DecisionKind::Accept)).await), "verdicts-missing");
    assert_eq!(refusal(inspection::decide(&ann, made.id, decision(DecisionKind::Accept)).await), "not-allowed");
    let reason = |decision| Decide { decision, reason: Some("客户已验收".into()) };
    assert_eq!(refusal(inspection::decide(&boss, made.id, reason(DecisionKind::ReturnFailed)).await), "nothing");
    let done = inspection::decide(&boss, made.id, reason(DecisionKind::Accept)).await.unwrap();
    assert_eq!((done.state, done.reason.as_deref()), (BatchState::Accepted, Some("客户已验收")));
    assert_eq!(room.count(ItemState::Accepted).await, 2);
    room.sound().await;
}

#[tokio::test]
async fn a_whole_batch_goes_back_with_the_words_of_the_decision() {
    let room = room(5, 1).await;
    let (ann, rita) = (room.annotator("ann").await, room.reviewer("rita").await);
    room.label(&ann, 5, "good").await;
    let made = room.batch().await;
    let view = inspection::open(&rita, made.id, Some(Plan::Rate { rate: 0.2 })).await.unwrap();
    let drawn = view.sample[0].key.clone();
    judge(&rita, &view, &[(&drawn, pass())]).await;
    let all = decision(DecisionKind::ReturnAll);
    assert_eq!(refusal(inspection::decide(&rita, made.id, all).await), "invalid", "why, if nothing failed?");
    judge(&rita, &view, &[(&drawn, fail())]).await;
    let all = Decide { decision: DecisionKind::ReturnAll, reason: Some("整批语气判断有误".into()) };
    let done = inspection::decide(&rita, made.id, all).await.unwrap();
    assert_eq!(done.state, BatchState::Returned);
    let claims = room.take(&ann, 10).await;
    assert_eq!(claims.len(), 5);
    for held in claims {
        let note = held.rework.expect("rework");
        let words = if held.item.key == drawn { "应为负面" } else { "整批语气判断有误" };
        assert_eq!((note.comment.as_deref(), note.reason.is_some()), (Some(words), held.item.key == drawn));
    }
    room.sound().await;
}

#[tokio::test]
async fn only_the_blamed_author_reworks() {
    let room = room(1, 2).await;
    let (ann, ben, rita) = (room.annotator("ann").await, room.annotator("ben").await, room.reviewer("rita").await);
    room.label(&ann, 1, "good").await;
    let bad = room.label(&ben, 1, "bad").await.remove(0).annotation;
    let (made, view) = opened(&room, &rita).await;
    let verdict = Verdict { annotations: vec![bad.id], ..fail() };
    judge(&rita, &view, &[("k001", verdict)]).await;
    inspection::decide(&rita, made, decision(DecisionKind::ReturnFailed)).await.unwrap();
    assert!(room.take(&ann, 1).await.is_empty());
    let held = room.one(&ben).await;
    assert_eq!(held.rework.as_ref().map(|note| note.previous.id), Some(bad.id));
    let (of_ann, of_ben) = (claim::home(&ann).await.unwrap().today, claim::home(&ben).await.unwrap().today);
    assert_eq!((of_ann.inspected, of_ann.passed, of_ann.returned), (1, 1, 0));
    assert_eq!((of_ben.inspected, of_ben.passed, of_ben.returned), (1, 0, 1));
    room.submit(&ben, &held, "good").await;
    assert_eq!(room.count(ItemState::Labeled).await, 1);
    room.sound().await;
}
