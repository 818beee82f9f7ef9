//! Deeds that many people do at the same moment, done for all of them by a few statements.
//!
//! A deed that comes while nothing of its kind is under way is done at once and alone. Those that come meanwhile wait and
//! are done together as soon as it has ended, so that the busier it is, the fewer statements each costs. What it never
//! does: wait for more to come, or let one person's failure be another's. What cannot be done together, and everything of a
//! group that failed, is done again alone.

use super::Db;
use crate::error::{Error, Result};
use futures::FutureExt;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::future::Future;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;
use tracing::Instrument;
use uuid::Uuid;

/// Deeds that are done together at most.
const GROUP_MAX: usize = 256;

/// A deed that can be done together with others of its kind.
pub(crate) trait Deed: Clone + Send + Sync + 'static {
    /// What it answers.
    type Answer: Send + 'static;

    /// Deeds that name the same thing here are never done side by side by this process.
    fn lane(&self) -> Uuid;

    /// Does them all. An answer for each, in their order; none where the deed has to be done alone, of which nothing may
    /// have been written then.
    fn together(db: Db, deeds: Arc<[Self]>) -> impl Future<Output = Result<Vec<Option<Self::Answer>>>> + Send;

    /// Does one.
    fn alone(self, db: Db) -> impl Future<Output = Result<Self::Answer>> + Send;
}

/// Something that is read by its key: what is asked for at the same moment is read for all by the same statements, and never
/// before it was asked for.
pub(crate) trait Look: Clone + Eq + Hash + Send + Sync + 'static {
    /// What there may be under the key.
    type Found: Clone + Send + 'static;

    /// Reads what there is under these keys, each of which is there once.
    fn read(db: &Db, keys: &[Self]) -> impl Future<Output = Result<HashMap<Self, Self::Found>>> + Send;
}

impl<L: Look> Deed for L {
    type Answer = Option<L::Found>;

    fn lane(&self) -> Uuid {
        Uuid::from_u128(BuildHasherDefault::<DefaultHasher>::default().hash_one(self).into())
    }

    async fn together(db: Db, deeds: Arc<[Self]>) -> Result<Vec<Option<Self::Answer>>> {
        let keys: Vec<Self> = deeds.iter().cloned().collect::<HashSet<_>>().into_iter().collect();
        let found = L::read(&db, &keys).await?;
        Ok(deeds.iter().map(|key| Some(found.get(key).cloned())).collect())
    }

    async fn alone(self, db: Db) -> Result<Self::Answer> {
        Ok(L::read(&db, std::slice::from_ref(&self)).await?.remove(&self))
    }
}

/// Who waits for a deed's answer.
type Waiting<D> = oneshot::Sender<Result<<D as Deed>::Answer>>;

struct Lane<D: Deed> {
    waiting: Vec<(D, Waiting<D>)>,
    is_running: bool,
}

/// Where deeds of a kind come together.
pub(crate) struct Joint<D: Deed> {
    lanes: Arc<[Mutex<Lane<D>>]>,
}

impl<D: Deed> fmt::Debug for Joint<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Joint")
    }
}

impl<D: Deed> Joint<D> {
    /// With so many groups under way at a time.
    pub(crate) fn new(lanes: usize) -> Self {
        let lane = || Mutex::new(Lane { waiting: Vec::new(), is_running: false });
        Self { lanes: (0..lanes.max(1)).map(|_| lane()).collect() }
    }

    /// Does several deeds, each with others if there are; the answers in their order.
    pub(crate) async fn run_all(&self, db: &Db, deeds: impl IntoIterator<Item = D>) -> Result<Vec<D::Answer>> {
        futures::future::try_join_all(deeds.into_iter().map(|deed| self.run(db, deed))).await
    }

    /// Does a deed, with others if there are. It is done also when the caller goes away meanwhile.
    pub(crate) async fn run(&self, db: &Db, deed: D) -> Result<D::Answer> {
        let (answer, answered) = oneshot::channel();
        let at = usize::try_from(deed.lane().as_u128() % self.lanes.len() as u128).unwrap_or_default();
        if let Some(lane) = self.lanes.get(at) {
            let is_first = {
                let mut lane = lock(lane);
                lane.waiting.push((deed, answer));
                !std::mem::replace(&mut lane.is_running, true)
            };
            if is_first {
                tokio::spawn(work(db.clone(), Arc::clone(&self.lanes), at));
            }
        }
        let span = tracing::debug_span!("together", deed = std::any::type_name::<D>());
        answered.instrument(span).await.map_err(|_gone| Error::Refused(domain::Error::Unavailable))?
    }
}

fn lock<D: Deed>(lane: &Mutex<Lane<D>>) -> MutexGuard<'_, Lane<D>> {
    lane.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Works through a lane until nothing waits.
async fn work<D: Deed>(db: Db, lanes: Arc<[Mutex<Lane<D>>]>, at: usize) {
    let Some(lane) = lanes.get(at) else { return };
    loop {
        let group: Vec<_> = {
            let mut lane = lock(lane);
            let count = lane.waiting.len().min(GROUP_MAX);
            if count == 0 {
                lane.is_running = false;
                return;
            }
            lane.waiting.drain(..count).collect()
        };
        db.meter().joined(group.len());
        let (deeds, answers): (Vec<D>, Vec<Waiting<D>>) = group.into_iter().unzip();
        let deeds: Arc<[D]> = deeds.into();
        if let ([deed], [_]) = (&*deeds, answers.as_slice()) {
            let result = caught(deed.clone().alone(db.clone())).await;
            answers.into_iter().zip([result]).for_each(|(answer, result)| drop(answer.send(result)));
            continue;
        }
        let done = match caught(D::together(db.clone(), Arc::clone(&deeds))).await {
            Ok(done) => done,
            Err(error) => {
                tracing::warn!(?error, deeds = deeds.len(), "a group of deeds failed, each is done alone");
                Vec::new()
            }
        };
        let done = done.into_iter().map(Some).chain(std::iter::repeat_with(|| None)).map(Option::flatten);
        for ((deed, answer), done) in deeds.iter().zip(answers).zip(done) {
            match done {
                // The caller may have gone; the deed stands all the same.
                Some(done) => drop(answer.send(Ok(done))),
                None => {
                    db.meter().went_apart();
                    let (db, deed) = (db.clone(), deed.clone());
                    tokio::spawn(async move { drop(answer.send(caught(deed.alone(db)).await)) });
                }
            }
        }
    }
}

/// A panic must not end the lane for all.
async fn caught<T>(deed: impl Future<Output = Result<T>>) -> Result<T> {
    let result = AssertUnwindSafe(deed).catch_unwind().await;
    result.unwrap_or_else(|_| Err(Error::Broken(anyhow::anyhow!("a deed panicked"))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{Durability, Pool};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    /// Adds its number to a sum; what it shall meet is in the number.
    #[derive(Clone)]
    struct Add(usize, Arc<Seen>);

    #[derive(Default)]
    struct Seen {
        sum: AtomicUsize,
        groups: Mutex<Vec<usize>>,
    }

    const ALONE: usize = 1_000;
    const FAILS: usize = 2_000;
    const PANICS: usize = 3_000;

    impl Deed for Add {
        type Answer = usize;

        fn lane(&self) -> Uuid {
            Uuid::nil()
        }

        async fn together(_: Db, deeds: Arc<[Self]>) -> Result<Vec<Option<usize>>> {
            deeds[0].1.groups.lock().unwrap().push(deeds.len());
            tokio::time::sleep(Duration::from_millis(5)).await;
            assert!(deeds.iter().all(|deed| deed.0 != PANICS), "as asked for");
            if deeds.iter().any(|deed| deed.0 == FAILS) {
                return Err(anyhow::anyhow!("as asked for").into());
            }
            let done = |deed: &Self| {
                (deed.0 != ALONE).then(|| {
                    deed.1.sum.fetch_add(deed.0, Ordering::Relaxed);
                    deed.0
                })
            };
            Ok(deeds.iter().map(done).collect())
        }

        async fn alone(self, _: Db) -> Result<usize> {
            tokio::time::sleep(Duration::from_millis(5)).await;
            if self.0 == FAILS {
                return Err(domain::Error::NotFound(domain::error::Noun::Claim).into());
            }
            self.1.sum.fetch_add(self.0, Ordering::Relaxed);
            Ok(self.0)
        }
    }

    async fn run(numbers: Vec<usize>) -> (Vec<Result<usize>>, usize, Vec<usize>) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("terrace.db");
        let db = Db::open(&file.to_string_lossy(), Durability::Process, Pool::default()).await.unwrap();
        let (joint, seen) = (Joint::new(1), Arc::new(Seen::default()));
        let deeds = numbers.into_iter().map(|n| joint.run(&db, Add(n, Arc::clone(&seen))));
        let answers = futures::future::join_all(deeds).await;
        db.close().await;
        let groups = seen.groups.lock().unwrap().clone();
        (answers, seen.sum.load(Ordering::Relaxed), groups)
    }

    fn values(answers: &[Result<usize>]) -> Vec<Option<usize>> {
        answers.iter().map(|answer| answer.as_ref().ok().copied()).collect()
    }

    #[tokio::test]
    async fn what_comes_meanwhile_is_done_together_and_each_gets_its_own_answer() {
        let numbers: Vec<usize> = (1..=600).collect();
        let (answers, sum, groups) = run(numbers.clone()).await;
        assert_eq!(values(&answers), numbers.iter().copied().map(Some).collect::<Vec<_>>());
        assert_eq!(sum, numbers.iter().sum::<usize>());
        assert_eq!(groups.iter().max(), Some(&GROUP_MAX));
        assert!(groups.len() <= 4, "{groups:?}");
    }

    #[tokio::test]
    async fn one_that_cannot_be_done_together_is_done_alone() {
        let (answers, sum, _) = run(vec![1, 2, ALONE, 3]).await;
        assert_eq!(values(&answers), [Some(1), Some(2), Some(ALONE), Some(3)]);
        assert_eq!(sum, ALONE + 6);
    }

    #[tokio::test]
    async fn one_that_fails_or_panics_leaves_the_others_untouched() {
        let (answers, sum, _) = run(vec![1, 2, FAILS, 3]).await;
        assert_eq!(values(&answers), [Some(1), Some(2), None, Some(3)]);
        assert!(matches!(answers[2], Err(Error::Refused(domain::Error::NotFound(_)))), "{:?}", answers[2]);
        assert_eq!(sum, 6);
        let (answers, sum, _) = run(vec![1, 2, PANICS, 3]).await;
        assert_eq!(values(&answers), [Some(1), Some(2), Some(PANICS), Some(3)]);
        assert_eq!(sum, PANICS + 6);
    }
}
