//! Verdicts.

use super::{fail, fixed, judge, opened, pass};
use crate::room::{refusal, room};
use domain::annotation::{Reason, VerdictKind};
use domain::batch::{BatchState, Verdict};
use domain::id::{AnnotationId, ItemId};
use engine::{batch, inspection};

#[tokio::test]
async fn verdicts_are_counted_and_may_be_changed() {
    let room = room(3, 1).await;
    let (ann, rita) = (room.annotator("ann").await, room.reviewer("rita").await);
    room.label(&ann, 3, "good").await;
    let (made, view) = opened(&room, &rita).await;
    let detail = inspection::item(&rita, view.summary.id, room.items[0]).await.unwrap();
    assert_eq!((detail.annotations.len(), detail.annotations[0].annotator.as_str()), (1, "ann"));
    assert_eq!(detail.verdict, None);
    judge(&rita, &view, &[("k001", pass()), ("k002", fail()), ("k003", pass()), ("k003", fixed("bad"))]).await;
    let view = inspection::get(&rita, view.summary.id).await.unwrap();
    assert_eq!((view.summary.passed, view.summary.failed, view.summary.fixed), (1, 1, 1));
    assert_eq!(view.batch.state, BatchState::Inspecting);
    let detail = inspection::item(&rita, view.summary.id, room.items[2]).await.unwrap();
    assert_eq!(detail.verdict, Some(fixed("bad")));
    let detail = inspection::item(&rita, view.summary.id, room.items[1]).await.unwrap();
    assert_eq!(detail.verdict, Some(fail()));
    assert_eq!(batch::get(&rita, made).await.unwrap().inspection.unwrap().failed, 1);
    room.sound().await;
}

#[tokio::test]
async fn the_rules_of_verdicts() {
    let room = room(2, 1).await;
    let (ann, rita) = (room.annotator("ann").await, room.reviewer("rita").await);
    room.label(&ann, 1, "good").await;
    let (_, view) = opened(&room, &rita).await;
    let (id, item) = (view.summary.id, room.items[0]);
    let other = Verdict { reason: Some(Reason::Other), comment: None, ..fail() };
    let unknown = Verdict { annotations: vec![AnnotationId(uuid::Uuid::from_u128(1))], ..fail() };
    let bad = [
        Verdict { reason: None, ..fail() },
        other,
        unknown,
        Verdict { value: None, ..fixed("good") },
        fixed("?"),
        Verdict { comment: Some("字".repeat(1_001)), ..pass() },
    ];
    for verdict in bad {
        assert_eq!(refusal(inspection::judge(&rita, id, item, verdict.clone()).await), "invalid", "{verdict:?}");
    }
    assert_eq!(refusal(inspection::judge(&rita, id, room.items[1], pass()).await), "item-not-found", "not drawn");
    let nowhere = ItemId(uuid::Uuid::from_u128(1));
    assert_eq!(refusal(inspection::item(&rita, id, nowhere).await), "item-not-found");
    assert_eq!(refusal(inspection::judge(&ann, id, item, pass()).await), "not-allowed");
    assert_eq!(refusal(inspection::judge(&room.boss().await, id, item, pass()).await), "not-allowed");
    let stranger = room.world.person("eve", domain::account::PlatformRole::Member).await;
    assert_eq!(refusal(inspection::get(&stranger, id).await), "inspection-not-found");
    assert_eq!(pass().verdict, VerdictKind::Pass);
}
