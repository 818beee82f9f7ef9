//! Random histories: people take, draft, submit, submit again, skip, let go, come late, reopen, review and decide while
//! the clock moves, and after each history every rule holds and every answered submit is stored.

use crate::room::{MINUTE, Room, mood, room, work};
use domain::annotation::{AnnotationView, Reason, VerdictKind};
use domain::batch::{Decide, DecisionKind, NewBatch, Plan, Verdict};
use domain::claim::{ClaimView, Draft, SkipReason};
use domain::id::ClaimId;
use domain::item::ItemState;
use engine::testing::World;
use engine::{Ctx, Error, annotation, batch, check, claim, inspection, item};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::collections::BTreeMap;

/// What a person may be refused for reasons that lie in the history; anything else is a fault of ours.
const REFUSALS: [&str; 12] = [
    "already-submitted",
    "annotation-not-found",
    "changed",
    "claim-gone",
    "decided",
    "draft-outdated",
    "failed-items",
    "held-by-other",
    "in-review",
    "nothing",
    "verdicts-missing",
    "invalid",
];

struct History {
    room: Room,
    rng: StdRng,
    workers: Vec<Ctx>,
    reviewers: Vec<Ctx>,
    /// Every claim anyone was ever handed, so that some are used long after.
    known: Vec<(usize, ClaimView)>,
    /// Every answered submit.
    answered: BTreeMap<ClaimId, AnnotationView>,
    /// What happened how often: a test that never gets somewhere proves nothing about it.
    happened: BTreeMap<&'static str, u32>,
}

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

impl History {
    async fn new(seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let room = room(rng.random_range(1..=6), rng.random_range(1..=3)).await;
        let mut workers = Vec::new();
        for name in ["ann", "ben", "cid", "dan"] {
            workers.push(room.annotator(name).await);
        }
        let reviewers = vec![room.reviewer("rita").await, room.reviewer("rolf").await];
        Self { room, rng, workers, reviewers, known: Vec::new(), answered: BTreeMap::new(), happened: BTreeMap::new() }
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.rng.random_range(0..100) < percent
    }

    fn any_claim(&mut self) -> Option<(usize, ClaimView)> {
        // Mostly what was handed out lately, sometimes something old.
        let n = self.known.len();
        if n == 0 {
            return None;
        }
        let from = if self.chance(80) { n.saturating_sub(6) } else { 0 };
        self.known.get(self.rng.random_range(from..n)).cloned()
    }

    async fn step(&mut self) {
        match self.rng.random_range(0..100) {
            0..25 => self.take().await,
            25..55 => self.submit().await,
            55..62 => self.draft().await,
            62..66 => {
                if let Some((who, held)) = self.any_claim() {
                    expected(claim::release(&self.workers[who], held.id).await);
                }
            }
            66..70 => self.skip().await,
            70..73 => {
                if let Some((who, held)) = self.any_claim() {
                    claim::renew(&self.workers[who], vec![held.id]).await.unwrap();
                }
            }
            73..80 => {
                let minutes = self.rng.random_range(0..=40);
                self.room.world.clock.advance(minutes * MINUTE);
            }
            80..87 => self.reopen().await,
            87..89 => self.void().await,
            89..92 => {
                let boss = self.room.boss().await;
                let size = Some(self.rng.random_range(1..=4));
                expected(batch::create(&boss, self.room.project, NewBatch { size, filter: None }).await);
            }
            _ => self.review().await,
        }
    }

    fn saw(&mut self, what: &'static str) {
        *self.happened.entry(what).or_default() += 1;
    }

    async fn void(&mut self) {
        let boss = self.room.boss().await;
        let id = self.room.items[self.rng.random_range(0..self.room.items.len())];
        if self.chance(30) {
            if expected(item::set_void(&boss, id, "乱码".to_owned()).await).is_some() {
                self.saw("void");
            }
        } else if expected(item::restore(&boss, id).await).is_some() {
            self.saw("restored");
        }
    }

    async fn take(&mut self) {
        let who = self.rng.random_range(0..self.workers.len());
        let count = self.rng.random_range(1..=3);
        for held in self.room.take(&self.workers[who], count).await {
            self.known.push((who, held));
        }
    }

    async fn submit(&mut self) {
        let Some((who, held)) = self.any_claim() else { return };
        let value = if self.chance(50) { "good" } else { "bad" };
        let key = self.chance(50).then(|| format!("key-{value}"));
        let answer = claim::submit(&self.workers[who], held.id, work(mood(value)), key).await;
        if let Some(answer) = expected(answer) {
            let late = self.room.world.engine.now() > held.expires_at;
            if let Some(before) = self.answered.get(&held.id) {
                assert!(answer.repeated);
                assert_eq!(before.id, answer.annotation.id);
                self.saw("repeated");
            } else {
                assert!(!answer.repeated);
                match (answer.annotation.counted, late, held.rework.is_some()) {
                    (false, _, false) => self.saw("extra"),
                    (false, _, true) => self.saw("extra rework"),
                    (true, true, false) => self.saw("late"),
                    (true, true, true) => self.saw("late rework"),
                    (true, false, true) => self.saw("rework"),
                    (true, false, false) => self.saw("submit"),
                }
                self.answered.insert(held.id, answer.annotation);
            }
        }
    }

    async fn draft(&mut self) {
        let Some((who, held)) = self.any_claim() else { return };
        let draft = Draft { value: mood("good"), active_ms: 500, sequence: self.rng.random_range(0..5) };
        expected(claim::save_draft(&self.workers[who], held.id, draft).await);
    }

    async fn skip(&mut self) {
        let Some((who, held)) = self.any_claim() else { return };
        let reason = SkipReason::ALL[self.rng.random_range(0..3)];
        if expected(claim::skip(&self.workers[who], held.id, reason, None).await).is_some() {
            self.saw("skip");
        }
    }

    async fn reopen(&mut self) {
        let who = self.rng.random_range(0..self.workers.len());
        let history = annotation::history(&self.workers[who], self.room.project, 20).await.unwrap();
        if history.is_empty() {
            return;
        }
        let row = &history[self.rng.random_range(0..history.len())];
        let reopened = annotation::reopen(&self.workers[who], row.annotation).await;
        if row.can_reopen {
            let held = reopened.expect("what can be reopened is reopened");
            self.known.push((who, held));
        } else if let Some(held) = expected(reopened) {
            self.known.push((who, held));
        }
    }

    async fn review(&mut self) {
        let who = self.reviewers[self.rng.random_range(0..self.reviewers.len())].clone();
        let batches = batch::reviewable(&who).await.unwrap();
        if batches.is_empty() {
            return;
        }
        let made = &batches[self.rng.random_range(0..batches.len())];
        let plan = if self.chance(50) { Plan::All } else { Plan::Rate { rate: 0.5 } };
        let Some(view) = expected(inspection::open(&who, made.id, Some(plan)).await) else { return };
        for drawn in &view.sample {
            if self.chance(20) {
                continue;
            }
            let verdict = match self.rng.random_range(0..4) {
                0 => VerdictKind::Fail,
                1 => VerdictKind::Fixed,
                _ => VerdictKind::Pass,
            };
            let detail = inspection::item(&who, view.summary.id, drawn.item).await.unwrap();
            let labels = detail.annotations.iter().filter(|row| row.kind == domain::annotation::AnnotationKind::Label);
            let one = labels.map(|row| row.id).take(1).collect();
            let verdict = Verdict {
                verdict,
                reason: (verdict == VerdictKind::Fail).then_some(Reason::Guideline),
                comment: None,
                value: (verdict == VerdictKind::Fixed).then(|| mood("bad")),
                annotations: if verdict == VerdictKind::Fail && self.chance(50) { one } else { Vec::new() },
            };
            inspection::judge(&who, view.summary.id, drawn.item, verdict).await.unwrap();
        }
        let decision = match self.rng.random_range(0..5) {
            0 => DecisionKind::ReturnAll,
            1 | 2 => DecisionKind::ReturnFailed,
            _ => DecisionKind::Accept,
        };
        let done = if self.chance(20) {
            let reason = Some("例外".to_owned());
            expected(inspection::decide(&self.room.boss().await, made.id, Decide { decision, reason }).await)
        } else {
            expected(inspection::decide(&who, made.id, Decide { decision, reason: None }).await)
        };
        if done.is_some() {
            self.saw(match decision {
                DecisionKind::Accept => "accept",
                DecisionKind::ReturnFailed => "return failed",
                DecisionKind::ReturnAll => "return all",
            });
        }
    }

    /// Every answered submit is stored as it was answered.
    async fn all_kept(&self) {
        let stored = self.room.world.annotations(&self.room.items).await;
        let stored: BTreeMap<_, _> = stored.into_iter().map(|row| (row.id, row)).collect();
        for answered in self.answered.values() {
            let row = stored.get(&answered.id).expect("an answered submit is lost");
            assert_eq!((&row.value, row.revision, row.counted), (&answered.value, answered.revision, answered.counted));
            assert_eq!((row.item, &row.annotator), (answered.item, &answered.annotator));
        }
    }

    /// Once all leases have ended, everybody can finish what is left: nothing is stranded.
    async fn finish(&mut self) {
        self.room.world.clock.advance(300 * MINUTE);
        // Whoever takes first gives the others' lapsed claims back, their own is theirs again: so two rounds.
        for _ in 0..2 {
            for who in 0..self.workers.len() {
                loop {
                    let claims = self.room.take(&self.workers[who], 3).await;
                    if claims.is_empty() {
                        break;
                    }
                    for held in claims {
                        let done = self.room.submit(&self.workers[who], &held, "good").await;
                        assert!(done.annotation.counted);
                    }
                }
            }
        }
        assert_eq!(self.room.count(ItemState::Rework).await, 0, "work is stranded with its authors");
        for row in self.room.world.rows(&self.room.items).await {
            if row.item.state == ItemState::Open {
                // Only what everyone has annotated or skipped may remain.
                assert!(row.annotations < row.overlap, "a full item stays open");
                for worker in &self.workers {
                    let claims = self.room.take(worker, 1).await;
                    assert!(claims.is_empty(), "ready work is left");
                }
            }
        }
    }
}

/// Every rule, by the tests' own questions and by the audit that operators run.
async fn sound(history: &History, seed: u64) {
    let breaches = history.room.world.breaches().await;
    assert!(breaches.is_empty(), "seed {seed}: {breaches:#?}");
    let report = check::run(&history.room.world.engine).await.unwrap();
    assert!(report.breaches.is_empty(), "seed {seed}: {:#?}", report.breaches);
}

async fn run(seeds: std::ops::Range<u64>) {
    let mut happened: BTreeMap<&'static str, u32> = BTreeMap::new();
    // A statement goes a longer way to PostgreSQL: half as many take as long there.
    let step = if World::tests_postgres() { 2 } else { 1 };
    for seed in seeds.step_by(step) {
        let mut history = History::new(seed).await;
        let steps = history.rng.random_range(20..90);
        for _ in 0..steps {
            history.step().await;
        }
        sound(&history, seed).await;
        history.finish().await;
        history.all_kept().await;
        sound(&history, seed).await;
        for (what, n) in history.happened {
            *happened.entry(what).or_default() += n;
        }
    }
    let all = [
        "accept",
        "extra",
        "extra rework",
        "late",
        "late rework",
        "repeated",
        "restored",
        "return all",
        "return failed",
        "rework",
        "skip",
        "submit",
        "void",
    ];
    for what in all {
        assert!(happened.contains_key(what), "{what} never happened: {happened:?}");
    }
}

#[tokio::test]
async fn a_hundred_histories() {
    run(0..100).await;
}

#[tokio::test]
async fn another_hundred_histories() {
    run(100..200).await;
}
