//! Who is handed what, and in which order.

use crate::room::{MINUTE, mood, refusal, room};
use domain::batch::{Decide, DecisionKind};
use domain::claim::{Draft, NoWork};
use domain::item::{ItemData, ItemState};
use domain::project::Status;
use engine::testing::bulk::{self, Content};
use engine::{annotation, claim, inspection, item};

#[tokio::test]
async fn items_come_in_their_order_and_what_is_held_comes_again() {
    let room = room(5, 1).await;
    let ann = room.annotator("ann").await;
    let first = room.take(&ann, 2).await;
    assert_eq!(first.iter().map(|claim| claim.item.id).collect::<Vec<_>>(), room.items[..2]);
    assert_eq!(first[0].item.data, ItemData::Text("第 1 条评论".into()));
    assert_eq!(first[0].expires_at, first[0].claimed_at.plus(30 * MINUTE));
    assert_eq!((first[0].draft.clone(), first[0].rework.clone()), (None, None));

    let again = room.take(&ann, 3).await;
    assert_eq!(again[..2], first[..], "held claims come first");
    assert_eq!(again[2].item.id, room.items[2]);

    let ben = room.annotator("ben").await;
    assert_eq!(room.one(&ben).await.item.id, room.items[3], "nobody is handed what another holds");
    room.sound().await;
}

#[tokio::test]
async fn a_call_gives_at_most_ten_and_at_least_one() {
    let room = room(12, 1).await;
    let ann = room.annotator("ann").await;
    assert_eq!(room.take(&ann, 0).await.len(), 1);
    assert_eq!(room.take(&ann, 1_000).await.len(), 10);
    assert_eq!(room.take(&ann, 1_000).await.len(), 10, "repeating the call does not drain the queue");
}

#[tokio::test]
async fn reasons_for_no_work_are_told() {
    let room = room(1, 1).await;
    let (ann, ben) = (room.annotator("ann").await, room.annotator("ben").await);
    let held = room.one(&ann).await;
    let answer = claim::take(&ben, room.project, 1).await.unwrap();
    assert_eq!((answer.claims.len(), answer.reason), (0, Some(NoWork::HeldByOthers)));

    room.set_status(Status::Paused).await;
    assert_eq!(claim::take(&ben, room.project, 1).await.unwrap().reason, Some(NoWork::Closed));
    let answer = claim::take(&ann, room.project, 2).await.unwrap();
    assert_eq!((answer.claims.len(), answer.reason), (1, Some(NoWork::Closed)), "held work is given all the same");
    room.submit(&ann, &held, "good").await;
    room.set_status(Status::Open).await;
    assert_eq!(claim::take(&ben, room.project, 1).await.unwrap().reason, Some(NoWork::AllDone));

    let empty = crate::room::room(0, 1).await;
    let ann = empty.annotator("ann").await;
    assert_eq!(claim::take(&ann, empty.project, 1).await.unwrap().reason, Some(NoWork::Empty));
}

#[tokio::test]
async fn only_annotators_of_the_project_are_handed_work() {
    let room = room(1, 1).await;
    let stranger = room.world.person("eve", domain::account::PlatformRole::Member).await;
    assert_eq!(refusal(claim::take(&stranger, room.project, 1).await), "project-not-found");
    let reviewer = room.reviewer("rita").await;
    assert_eq!(refusal(claim::take(&reviewer, room.project, 1).await), "not-allowed");
    assert_eq!(refusal(claim::take(&room.boss().await, room.project, 1).await), "not-allowed");
}

#[tokio::test]
async fn a_lapsed_claim_goes_to_the_next_and_its_draft_waits_for_its_holder() {
    let room = room(2, 1).await;
    let (ann, ben) = (room.annotator("ann").await, room.annotator("ben").await);
    let held = room.one(&ann).await;
    let draft = Draft { value: mood("bad"), active_ms: 7_000, sequence: 9 };
    claim::save_draft(&ann, held.id, draft).await.unwrap();
    room.world.clock.advance(31 * MINUTE);

    let taken = room.one(&ben).await;
    assert_eq!(taken.item.id, held.item.id, "given-back slots come first");
    assert_eq!(taken.draft, None, "a draft is its author's alone");
    claim::release(&ben, taken.id).await.unwrap();

    let again = room.one(&ann).await;
    assert_eq!(again.item.id, held.item.id);
    assert_ne!(again.id, held.id);
    let draft = again.draft.expect("the draft is there again");
    assert_eq!((draft.value, draft.active_ms), (mood("bad"), 7_000));
    room.sound().await;
}

#[tokio::test]
async fn a_lapsed_claim_that_nobody_took_back_is_the_holders_again() {
    let room = room(1, 1).await;
    let ann = room.annotator("ann").await;
    let held = room.one(&ann).await;
    room.world.clock.advance(300 * MINUTE);
    let again = room.one(&ann).await;
    assert_eq!(again.id, held.id);
    assert!(again.expires_at > room.world.engine.now());
}

#[tokio::test]
async fn with_overlap_each_item_goes_to_different_people() {
    let room = room(3, 2).await;
    let (ann, ben, cid) = (room.annotator("ann").await, room.annotator("ben").await, room.annotator("cid").await);
    assert_eq!(room.label(&ann, 3, "good").await.len(), 3);
    let answer = claim::take(&ann, room.project, 1).await.unwrap();
    assert_eq!((answer.claims.len(), answer.reason), (0, Some(NoWork::HeldByOthers)));
    room.label(&ben, 2, "good").await;
    assert_eq!(room.one(&cid).await.item.id, room.items[2]);
    assert_eq!(room.count(ItemState::Labeled).await, 2);
    room.sound().await;

    // Items that come later are found although the walk had reached the end.
    let more = room.world.texts(room.project, &[("later", "后来的一条")]).await;
    assert_eq!(room.one(&ann).await.item.id, more[0]);
}

#[tokio::test]
async fn rework_comes_before_what_is_held() {
    let room = room(3, 1).await;
    let ann = room.annotator("ann").await;
    let done = room.label(&ann, 1, "good").await;
    let held = room.one(&ann).await;
    let reopened = annotation::reopen(&ann, done[0].annotation.id).await.unwrap();
    let claims = room.take(&ann, 3).await;
    assert_eq!(claims.iter().map(|claim| claim.id).collect::<Vec<_>>()[..2], [reopened.id, held.id]);
    assert_eq!(claims[0].rework.as_ref().map(|note| note.own), Some(true));
}

#[tokio::test]
async fn returned_work_is_not_handed_out_while_its_item_becomes_void() {
    let room = room(1, 1).await;
    let ann = room.annotator("ann").await;
    room.label(&ann, 1, "good").await;
    let batch = room.batch().await;
    let all = Decide { decision: DecisionKind::ReturnAll, reason: Some("请重看".into()) };
    inspection::decide(&room.boss().await, batch.id, all).await.unwrap();
    // The item is void but for the counts, which are written last and are held here, when the author asks for work.
    let boss = room.boss().await;
    let ms = std::time::Duration::from_millis;
    let void = async {
        tokio::time::sleep(ms(200)).await;
        item::set_void(&boss, room.items[0], "乱码".into()).await.unwrap();
    };
    let take = async {
        tokio::time::sleep(ms(500)).await;
        claim::take(&ann, room.project, 1).await.unwrap()
    };
    // On PostgreSQL a count is written to any of several rows.
    let lock = "LOCK TABLE project_counts IN EXCLUSIVE MODE";
    let sql = if room.world.is_postgres() { lock } else { "UPDATE project_counts SET n = n" };
    let held = room.world.hold_rows(sql, ms(900));
    let ((), (), taken) = tokio::join!(held, void, take);
    assert_eq!(taken.claims, []);
    room.sound().await;
}

#[tokio::test]
async fn returned_work_comes_first_even_to_hands_that_are_full() {
    let room = room(6, 1).await;
    let ann = room.annotator("ann").await;
    room.label(&ann, 2, "good").await;
    let held = room.take(&ann, 3).await;
    let batch = room.batch().await;
    let all = Decide { decision: DecisionKind::ReturnAll, reason: Some("请重看".into()) };
    inspection::decide(&room.boss().await, batch.id, all).await.unwrap();
    let claims = room.take(&ann, 3).await;
    assert_eq!(claims.len(), 3, "never more than asked for");
    assert!(claims[0].rework.is_some());
    assert_eq!(claims[1..].iter().map(|claim| claim.id).collect::<Vec<_>>(), [held[0].id, held[1].id]);
    room.sound().await;
}

#[tokio::test]
async fn the_ready_queries_walk_the_index_and_sort_nothing() {
    let room = room(1, 1).await;
    let plans = room.world.ready_plans(room.project).await;
    let steps = |what: &str| plans.iter().filter(|line| line.contains(what)).count();
    if room.world.is_postgres() {
        assert_eq!((steps("Index Scan using items_ready"), steps("Sort"), steps("Seq Scan")), (2, 0, 0), "{plans:#?}");
        assert_eq!((steps("SubPlan 1"), steps("Join")), (4, 0), "{plans:#?}");
    } else {
        assert_eq!((steps("USING INDEX items_ready"), steps("claims_one_slot")), (3, 3), "{plans:#?}");
        assert_eq!((steps("claims_held"), steps("claims_expiry"), steps("reworks_open")), (1, 1, 1), "{plans:#?}");
        let of_no_table = ["(subquery", "CONSTANT ROW", "one"];
        let reads_all = |line: &String| {
            line.strip_prefix("SCAN ").is_some_and(|what| !of_no_table.iter().any(|no| what.starts_with(no)))
        };
        assert!(!plans.iter().any(reads_all), "{plans:#?}");
        // The few claims that one person holds.
        assert_eq!(steps("TEMP B-TREE"), 1, "{plans:#?}");
    }
}

/// Of two conditions on live claims PostgreSQL would believe that one row meets them, and compare each of twelve thousand with
/// each key: seconds for one statement.
#[tokio::test]
async fn what_a_crowd_writes_is_found_by_the_key_with_the_statistics_of_last_night() {
    let room = room(1, 1).await;
    bulk::items(&room.world.engine, room.project, Content::Text("号线去黔灵山。"), 12_000).await.unwrap();
    let plans = room.world.crowd_plans(room.project, 12_000).await;
    let steps = |what: &str| plans.iter().filter(|line| line.contains(what)).count();
    if room.world.is_postgres() {
        // By an index, or in a table of so few pages by hashing the keys: never each row with each key.
        assert_eq!((steps("Update on"), steps("Index Cond") + steps("Hash Cond")), (4, 4), "{plans:#?}");
    } else {
        assert_eq!((steps("SEARCH claims USING INDEX"), steps("SEARCH items USING INDEX")), (2, 2), "{plans:#?}");
    }
}
