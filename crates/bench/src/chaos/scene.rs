//! People at work while something breaks, and the audit afterwards.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::api::Api;
use crate::load::Place;
use crate::node::OPERATOR;
use crate::proof::prove;
use crate::pulse::Pulse;
use crate::say;
use crate::worker::{Done, Habits, Label};

/// Annotations that each item wants.
pub(super) const OVERLAP: u64 = 2;
/// After so long a request that was not answered is sent again.
pub(super) const PAUSE: Duration = Duration::from_millis(200);
/// Undisturbed work before a fault, which tells what is usual.
const BEFORE: Duration = Duration::from_secs(4);
/// The same in the short form.
const BEFORE_SHORT: Duration = Duration::from_millis(1_500);

/// What every fault is given.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    /// The binary that servers are started from.
    pub(super) terrace: PathBuf,
    /// What they are replaced by in an upgrade, and the version before it.
    pub(super) later: PathBuf,
    pub(super) earlier: Option<PathBuf>,
    pub(super) folder: Option<PathBuf>,
    pub(super) short: bool,
    pub(super) people: u32,
    pub(super) items: u32,
}

impl Plan {
    /// One figure for the whole form and one for the short one.
    pub(super) fn pick<T>(&self, whole: T, short: T) -> T {
        if self.short { short } else { whole }
    }
}

/// What a fault did.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) labels: usize,
    /// Sendings of a request that were not answered, or by "try again".
    pub(super) failed: u64,
    /// Submits that were answered at the second asking.
    pub(super) repeated: u64,
    pub(super) refused: u64,
    pub(super) lost: u64,
    pub(super) unacknowledged: u64,
    pub(super) over_overlap: u64,
    pub(super) twice_by_one: u64,
    pub(super) stuck: u64,
    /// `terrace check` found nothing.
    pub(super) clean: bool,
    /// Seconds to normal service, for each time that something broke.
    pub(super) seconds: Vec<f64>,
    /// Times after which service did not become normal while it was watched.
    pub(super) never_normal: u64,
    /// What else was seen.
    pub(super) notes: Vec<String>,
    /// What was expected and did not come.
    pub(super) wrong: Vec<String>,
    /// Why it was not run.
    pub(super) skipped: Option<String>,
}

impl Report {
    /// One that says why it was not run.
    pub(super) fn skipped(why: impl Into<String>) -> Self {
        Self { skipped: Some(why.into()), ..Self::default() }
    }

    /// Remembers what was expected, where it did not come.
    pub(super) fn expect(&mut self, holds: bool, what: impl Into<String>) {
        if !holds {
            self.wrong.push(what.into());
        }
    }

    /// Something worth telling.
    pub(super) fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        say(format!("  {note}"));
        self.notes.push(note);
    }

    pub(super) fn passed(&self) -> bool {
        self.skipped.is_some()
            || (self.clean
                && self.wrong.is_empty()
                && self.labels > 0
                && [self.lost, self.unacknowledged, self.over_overlap, self.twice_by_one, self.stuck] == [0; 5]
                && self.refused == 0
                && self.never_normal == 0)
    }

    /// The longest and the middle one.
    pub(super) fn slowest(&self) -> Option<(f64, f64)> {
        let mut sorted = self.seconds.clone();
        sorted.sort_by(f64::total_cmp);
        Some((*sorted.last()?, *sorted.get(sorted.len() / 2)?))
    }

    pub(super) fn json(&self, fault: &str) -> Value {
        json!({
            "fault": fault, "passed": self.passed(), "skipped": self.skipped, "labels": self.labels,
            "requests_failed": self.failed, "repeated": self.repeated, "refused": self.refused, "lost": self.lost,
            "unacknowledged": self.unacknowledged, "over_overlap": self.over_overlap, "twice_by_one": self.twice_by_one,
            "stuck": self.stuck, "audit": self.clean, "seconds_to_normal": self.seconds,
            "never_normal": self.never_normal, "notes": self.notes, "wrong": self.wrong,
        })
    }
}

/// People with a project to work in.
#[derive(Debug)]
pub(super) struct Crowd {
    place: Place,
    operator: Api,
    pub(super) pulse: Pulse,
    before: Duration,
    /// Answers a second while nothing was broken.
    usual: std::sync::Mutex<f64>,
}

impl Crowd {
    /// Makes them at this address.
    pub(super) async fn gather(plan: &Plan, base: &str) -> anyhow::Result<Self> {
        Self::patient(plan, base, Duration::from_secs(30)).await
    }

    /// The same; an answer that does not come within this time is given up.
    pub(super) async fn patient(plan: &Plan, base: &str, patience: Duration) -> anyhow::Result<Self> {
        let operator = Api::patient(base, patience)?.sign_in(OPERATOR.0, OPERATOR.1).await?;
        let place = Place::prepare(&operator, base, plan.people, plan.items, OVERLAP).await?;
        let before = plan.pick(BEFORE, BEFORE_SHORT);
        Ok(Self { place, operator, pulse: Pulse::new(), before, usual: std::sync::Mutex::new(0.0) })
    }

    pub(super) fn operator(&self) -> &Api {
        &self.operator
    }

    pub(super) fn project(&self) -> &str {
        &self.place.project
    }

    /// Everybody works, after a while something breaks; when that has ended they bring what they began to its end.
    pub(super) async fn work<T>(&self, fault: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<(Done, T)> {
        let habits = Habits { prefetch: 3, think: Duration::ZERO, skip_one_in: 50, persistent: Some(PAUSE) };
        let stop = AtomicBool::new(false);
        let fault = async {
            // The first moments make connections and fill caches.
            tokio::time::sleep(self.before / 4).await;
            let from = self.pulse.now();
            tokio::time::sleep(self.before).await;
            *self.usual.lock().unwrap_or_else(std::sync::PoisonError::into_inner) =
                self.pulse.rate(from, self.pulse.now());
            let done = fault.await;
            stop.store(true, Ordering::Relaxed);
            done
        };
        tokio::try_join!(self.place.work(habits, &stop, &self.pulse), fault)
    }

    /// Waits until service is as before since this moment, at most so long; the seconds it took, into the report.
    pub(super) async fn normal(&self, report: &mut Report, since: usize, patience: Duration) {
        let usual = *self.usual.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let begun = Instant::now();
        while begun.elapsed() < patience {
            tokio::time::sleep(Duration::from_millis(200)).await;
            // The tenth of a second that it is now is not over.
            if let Some(seconds) = self.pulse.seconds_to_normal(since, self.pulse.now(), usual) {
                // A failure may follow: service is normal when a second has passed without one.
                tokio::time::sleep(Duration::from_secs(1)).await;
                if self.pulse.seconds_to_normal(since, self.pulse.now(), usual) == Some(seconds) {
                    report.seconds.push(seconds);
                    return;
                }
            }
        }
        report.never_normal += 1;
        say(format!("  not back to half of {usual:.0} answers a second within {} s", patience.as_secs()));
    }

    /// Nobody is stuck, and everything acknowledged is stored once: over the API, while the server runs.
    pub(super) async fn audit(&self, report: &mut Report, done: Done) -> anyhow::Result<()> {
        report.failed += done.failed;
        report.repeated += done.repeated;
        report.refused += done.figures.errors();
        for refusal in done.refusals.iter().take(3) {
            say(format!("  refused: {refusal}"));
        }
        let (stuck, more) = self.place.stuck().await?;
        report.stuck += stuck;
        let labels: Vec<Label> = done.submitted.into_iter().chain(more).collect();
        report.labels += labels.len();
        let acknowledged: HashSet<String> = labels.into_iter().map(|label| label.annotation).collect();
        let proof = prove(&self.operator, &self.place.project, OVERLAP, &acknowledged).await?;
        say(format!("  {}", proof.sentence()));
        report.lost += proof.missing;
        report.unacknowledged += proof.unacknowledged;
        report.over_overlap += proof.over_overlap;
        report.twice_by_one += proof.twice_by_one;
        Ok(())
    }
}

/// Takes in what `terrace check` said.
pub(super) fn checked(report: &mut Report, (clean, said): (bool, String)) {
    report.clean = clean;
    if !clean {
        say(format!("  {}", said.replace('\n', "\n  ")));
    }
}
