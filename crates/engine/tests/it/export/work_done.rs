//! Work that was done here leaves whole, and comes back whole elsewhere.

use crate::room::{Room, mood, room, work};
use domain::annotation::{Reason, VerdictKind};
use domain::batch::{Decide, DecisionKind, Plan, Verdict};
use domain::claim::SkipReason;
use domain::export::Only;
use domain::project::{Modality, Settings};
use engine::testing::World;
use engine::{claim, inspection, item};
use serde_json::Value;

fn verdict(kind: VerdictKind) -> Verdict {
    Verdict { verdict: kind, reason: None, comment: None, value: None, annotations: Vec::new() }
}

/// Items in every state: labeled by two, judged, returned, reworked, fixed, void.
async fn worked() -> Room {
    let room = room(8, 1).await;
    let (ann, ben, rita) = (room.annotator("ann").await, room.annotator("ben").await, room.reviewer("rita").await);
    room.label(&ann, 3, "good").await;
    room.label(&ben, 1, "bad").await;
    let batch = room.batch().await;
    let view = inspection::open(&rita, batch.id, Some(Plan::All)).await.unwrap();
    for (place, sample) in view.sample.iter().enumerate() {
        room.world.clock.advance(1_000);
        let said = match place {
            0 | 3 => Verdict {
                reason: Some(Reason::WrongLabel),
                comment: Some("看第二句".into()),
                ..verdict(VerdictKind::Fail)
            },
            1 => Verdict { value: Some(mood("bad")), ..verdict(VerdictKind::Fixed) },
            _ => verdict(VerdictKind::Pass),
        };
        inspection::judge(&rita, view.summary.id, sample.item, said).await.unwrap();
    }
    let decide = Decide { decision: DecisionKind::ReturnFailed, reason: None };
    inspection::decide(&rita, batch.id, decide).await.unwrap();
    // One of the two returned ones is done again; the other still waits.
    for who in [&ann, &ben] {
        let held = room.take(who, 1).await;
        if let Some(held) = held.iter().find(|held| held.rework.is_some()) {
            claim::submit(who, held.id, work(mood("bad")), None).await.unwrap();
            break;
        }
    }
    let held = room.take(&ben, 2).await;
    let fresh = held.iter().find(|held| held.rework.is_none()).expect("an open item");
    claim::skip(&ben, fresh.id, SkipReason::Unusable, Some("乱码".into())).await.unwrap();
    room
}

fn lines(bytes: &[u8]) -> Vec<Value> {
    std::str::from_utf8(bytes).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn it_comes_back_the_same_elsewhere() {
    let room = worked().await;
    let first = room.world.exported(room.project, "jsonl", Only::All).await;
    let told = lines(&first);
    let mut states: Vec<&str> = told.iter().map(|line| line["state"].as_str().unwrap()).collect();
    states.sort_unstable();
    assert_eq!(states, ["accepted", "accepted", "labeled", "open", "open", "open", "rework", "void"]);
    assert!(told.iter().any(|line| line["void_reason"] == "乱码"));
    let fixed = told.iter().find(|line| line["annotations"].as_array().unwrap().iter().any(|a| a["kind"] == "fix"));
    assert_eq!(fixed.expect("a fix")["final"]["mood"][0], "bad");

    let world = World::new().await;
    let settings = Settings::default();
    let project = world.project("评论", Modality::Text, crate::room::schema(), settings).await;
    world.annotator("ann", project).await;
    world.annotator("ben", project).await;
    world.reviewer("rita", project).await;
    let view = world.import(project, "a.jsonl", &first).await;
    assert_eq!((view.added, view.rejected), (8, 0), "{:?}", view.problems);
    let again = world.exported(project, "jsonl", Only::All).await;
    assert_eq!(lines(&again), told);
    assert_eq!(again, first);

    for world in [&room.world, &world] {
        let report = engine::check::run(&world.engine).await.unwrap();
        assert_eq!(report.breaches, Vec::<String>::new());
    }

    // What waited for its author waits for them there too, and the queue goes on.
    let names = ["ann", "ben"];
    let mut returned = 0;
    for name in names {
        let who = world.annotator(name, project).await;
        let held = claim::take(&who, project, 1).await.unwrap().claims;
        returned += held.iter().filter(|held| held.rework.is_some()).count();
    }
    assert_eq!(returned, 1);
}

#[tokio::test]
async fn only_accepted_items_leave_when_asked() {
    let room = worked().await;
    let accepted = lines(&room.world.exported(room.project, "jsonl", Only::Accepted).await);
    assert_eq!(accepted.len(), 2);
    assert!(accepted.iter().all(|line| line["state"] == "accepted" && !line["final"].is_null()));
    let table = String::from_utf8(room.world.exported(room.project, "csv", Only::Accepted).await).unwrap();
    assert_eq!(table.lines().count(), 3, "{table}");
}

#[tokio::test]
async fn an_annotator_sees_the_item_at_hand_and_their_own_work_on_it() {
    let room = room(2, 2).await;
    let (ann, ben) = (room.annotator("ann").await, room.annotator("ben").await);
    let held = room.one(&ann).await;
    assert!(item::get(&ann, held.item.id).await.unwrap().annotations.is_empty());
    assert!(item::get(&ben, held.item.id).await.is_err());
    room.submit(&ann, &held, "good").await;
    let of_ben = room.one(&ben).await;
    assert_eq!(of_ben.item.id, held.item.id);
    room.submit(&ben, &of_ben, "bad").await;
    for (who, name) in [(&ann, "ann"), (&ben, "ben")] {
        let seen = item::get(who, held.item.id).await.unwrap();
        assert_eq!(seen.annotations.iter().map(|made| made.annotator.as_str()).collect::<Vec<_>>(), [name]);
    }
    let all = item::get(&room.boss().await, held.item.id).await.unwrap();
    assert_eq!(all.annotations.len(), 2);
}

#[tokio::test]
async fn a_void_item_ends_the_work_on_it_and_its_slots_come_back() {
    let room = room(1, 2).await;
    let (ann, ben, boss) = (room.annotator("ann").await, room.annotator("ben").await, room.boss().await);
    let held = room.one(&ann).await;
    room.submit(&ann, &held, "good").await;
    room.one(&ben).await;
    item::set_void(&boss, room.items[0], "乱码".into()).await.unwrap();
    assert!(room.take(&ben, 1).await.is_empty());
    item::restore(&boss, room.items[0]).await.unwrap();
    let report = engine::check::run(&room.world.engine).await.unwrap();
    assert_eq!(report.breaches, Vec::<String>::new());
    let again = room.one(&ben).await;
    room.submit(&ben, &again, "good").await;
    let report = engine::check::run(&room.world.engine).await.unwrap();
    assert_eq!(report.breaches, Vec::<String>::new());
    // Complete, void and back again: nothing is wanted any more.
    item::set_void(&boss, room.items[0], "again".into()).await.unwrap();
    item::restore(&boss, room.items[0]).await.unwrap();
    assert_eq!(room.count(domain::item::ItemState::Labeled).await, 1);
}
