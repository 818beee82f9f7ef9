//! Everybody at once: what happens one after the other in the histories happens here at the same moment, so that writes
//! meet over the same items, claims, batches and counts.

use crate::room::{MINUTE, Room, mood, room, work};
use domain::annotation::{Reason, VerdictKind};
use domain::batch::{Decide, DecisionKind, NewBatch, Plan, Verdict};
use domain::claim::{ClaimView, Draft, SkipReason};
use domain::id::{ClaimId, ItemId, ProjectId};
use engine::{Clock, Ctx, Error, annotation, batch, check, claim, inspection, item};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What others' doings may bring about; anything else is a fault of ours.
const REFUSALS: [&str; 14] = [
    "already-submitted",
    "annotation-not-found",
    "changed",
    "claim-gone",
    "claim-not-found",
    "decided",
    "draft-outdated",
    "failed-items",
    "held-by-other",
    "in-review",
    "invalid",
    "item-not-found",
    "nothing",
    "verdicts-missing",
];

fn expected<T>(result: engine::Result<T>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(Error::Refused(refusal)) => {
            assert!(REFUSALS.contains(&refusal.code().as_str()), "refused with {refusal:?}");
            None
        }
        Err(Error::Broken(cause)) => panic!("{cause:?}"),
    }
}

/// An annotator who does whatever comes to their mind. Gives the answered submits.
async fn annotate(who: Ctx, project: ProjectId, seed: u64) -> BTreeSet<ClaimId> {
    let mut rng = StdRng::seed_from_u64(seed);
    let (mut held, mut answered): (Vec<ClaimView>, _) = (Vec::new(), BTreeSet::new());
    for _ in 0..60 {
        let any = (!held.is_empty()).then(|| held[rng.random_range(0..held.len())].id);
        match (rng.random_range(0..100), any) {
            (0..35, _) | (_, None) => {
                held.extend(expected(claim::take(&who, project, rng.random_range(1..=3)).await).unwrap().claims);
            }
            (35..70, Some(any)) => {
                if expected(claim::submit(&who, any, work(mood("good")), Some(any.to_string())).await).is_some() {
                    answered.insert(any);
                }
            }
            (70..76, Some(any)) => {
                let draft = Draft { value: mood("bad"), active_ms: 100, sequence: rng.random_range(0..9) };
                expected(claim::save_draft(&who, any, draft).await);
            }
            (76..80, Some(_)) => {
                expected(claim::renew(&who, held.iter().rev().take(20).map(|claim| claim.id).collect()).await);
            }
            (80..85, Some(any)) => {
                expected(claim::release(&who, any).await);
            }
            (85..90, Some(any)) => {
                let reason = SkipReason::ALL[rng.random_range(0..3)];
                expected(claim::skip(&who, any, reason, None).await);
            }
            _ => {
                let history = annotation::history(&who, project, 20).await.unwrap();
                if !history.is_empty() {
                    let row = &history[rng.random_range(0..history.len())];
                    held.extend(expected(annotation::reopen(&who, row.annotation).await));
                }
            }
        }
    }
    answered
}

async fn review(who: Ctx, boss: Ctx, project: ProjectId, seed: u64) {
    let mut rng = StdRng::seed_from_u64(seed);
    for _ in 0..12 {
        expected(batch::create(&boss, project, NewBatch { size: Some(rng.random_range(1..=5)), filter: None }).await);
        for made in batch::reviewable(&who).await.unwrap() {
            let Some(view) = expected(inspection::open(&who, made.id, Some(Plan::All)).await) else { continue };
            for drawn in &view.sample {
                let fails = rng.random_range(0..4) == 0;
                let verdict = Verdict {
                    verdict: if fails { VerdictKind::Fail } else { VerdictKind::Pass },
                    reason: fails.then_some(Reason::Guideline),
                    comment: None,
                    value: None,
                    annotations: Vec::new(),
                };
                expected(inspection::judge(&who, view.summary.id, drawn.item, verdict).await);
            }
            let decision = [DecisionKind::Accept, DecisionKind::ReturnFailed][rng.random_range(0..2)];
            expected(inspection::decide(&who, made.id, Decide { decision, reason: None }).await);
        }
    }
}

/// Somebody who makes items void and takes that back, while time goes by.
async fn meddle(boss: Ctx, items: Vec<ItemId>, clock: Clock, seed: u64) {
    let mut rng = StdRng::seed_from_u64(seed);
    for _ in 0..40 {
        let id = items[rng.random_range(0..items.len())];
        if rng.random_range(0..2) == 0 {
            expected(item::set_void(&boss, id, "乱码".to_owned()).await);
        } else {
            expected(item::restore(&boss, id).await);
        }
        clock.advance(rng.random_range(0..8) * MINUTE);
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_crowd_breaks_no_rule_and_loses_nothing() {
    for seed in 0..4_u64 {
        let room: Arc<Room> = Arc::new(room(30, 1 + u8::try_from(seed % 3).unwrap()).await);
        // On PostgreSQL half of them are served by a second node.
        let other = if room.world.is_postgres() { room.world.another().await } else { room.world.engine.clone() };
        let mut annotators = Vec::new();
        for n in 0..8_u64 {
            let mut who = room.annotator(&format!("p{n}")).await;
            if n % 2 == 1 {
                who = other.ctx(who.actor().clone());
            }
            annotators.push(tokio::spawn(annotate(who, room.project, seed * 100 + n)));
        }
        let mut others = Vec::new();
        for n in 0..2_u64 {
            let who = room.reviewer(&format!("r{n}")).await;
            others.push(tokio::spawn(review(who, room.boss().await, room.project, seed * 100 + 50 + n)));
        }
        let meddler = meddle(room.boss().await, room.items.clone(), room.world.clock.clone(), seed);
        others.push(tokio::spawn(meddler));
        let mut answered = 0;
        for task in annotators {
            answered += task.await.unwrap().len();
        }
        for task in others {
            task.await.unwrap();
        }
        let stored = room.world.annotations(&room.items).await;
        let labels = stored.iter().filter(|row| row.kind == domain::annotation::AnnotationKind::Label).count();
        assert_eq!(labels, answered, "seed {seed}: one annotation for each answered submit");
        assert!(answered > 20, "seed {seed}: nobody got anything done");
        room.sound().await;
        let report = check::run(&room.world.engine).await.unwrap();
        assert_eq!(report.breaches, Vec::<String>::new(), "seed {seed}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_people_who_ask_at_once_all_get_their_own() {
    for overlap in [1, 2] {
        let room = room(64 * 3, overlap).await;
        let mut people = Vec::new();
        for n in 0..64 {
            people.push(room.annotator(&format!("p{n:02}")).await);
        }
        let asked = people.iter().map(|who| claim::take(who, room.project, 3));
        let mut holders: BTreeMap<ItemId, usize> = BTreeMap::new();
        for given in futures::future::join_all(asked).await {
            let claims = given.unwrap().claims;
            assert_eq!(claims.len(), 3, "there is enough for everyone");
            for claim in claims {
                *holders.entry(claim.item.id).or_default() += 1;
            }
        }
        assert_eq!(holders.values().sum::<usize>(), 64 * 3);
        assert!(holders.values().all(|n| *n <= usize::from(overlap)));
        room.sound().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_person_with_many_tabs_holds_what_one_of_them_asked_for() {
    let room = room(60, 1).await;
    let who = room.annotator("ann").await;
    let asked = (0..16).map(|_| claim::take(&who, room.project, 3));
    let mut held = BTreeSet::new();
    for given in futures::future::join_all(asked).await {
        held.extend(given.unwrap().claims.into_iter().map(|claim| claim.id));
    }
    assert_eq!(held.len(), 3);
    room.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn batches_made_at_once_share_no_item() {
    let room = room(20, 1).await;
    let who = room.annotator("ann").await;
    room.label(&who, 20, "good").await;
    let boss = room.boss().await;
    let made = (0..4).map(|_| batch::create(&boss, room.project, NewBatch { size: Some(5), filter: None }));
    let mut numbers = BTreeSet::new();
    for made in futures::future::join_all(made).await {
        let made = made.unwrap();
        assert_eq!(made.size, 5);
        numbers.insert(made.number);
    }
    assert_eq!(numbers.len(), 4);
    room.sound().await;
}
