//! Where a project's ready list begins, as far as this process knows.
//!
//! PostgreSQL leaves a dead entry in the ready index for each item that was handed out, until a vacuum comes by. At a
//! thousand claims a second a minute leaves sixty thousand of them, and a search from the beginning steps over each: behind
//! a hundred thousand it takes 11 ms, from the right place 0.3 ms. So each process remembers a place before which nothing
//! is ready, and looks again once a second.
//!
//! Why it is safe to be late: in the usual lane nothing becomes ready before what is ready already. Slots that are given
//! back go to the front lane; imports append, or raise the project's epoch; and a slot that is being taken counts as ready
//! until that is committed. What it never does: decide that something is ready; that is asked of the rows.

use super::queries;
use crate::error::Result;
use sea_orm::ConnectionTrait;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How long a place is believed without looking.
const BELIEVED: Duration = Duration::from_secs(1);

#[derive(Debug, Clone, Copy)]
struct Front {
    epoch: i32,
    sort_key: i64,
    looked: Instant,
}

/// The places of all projects.
#[derive(Debug, Default)]
pub(crate) struct Fronts(Mutex<HashMap<Uuid, Front>>);

impl Fronts {
    /// The sort key before which nothing of this project's usual lane is ready, in this epoch.
    pub(crate) async fn of(&self, db: &impl ConnectionTrait, project: Uuid, epoch: i32) -> Result<i64> {
        let from = match self.begin(project, epoch) {
            Ok(known) => return Ok(known),
            Err(from) => from,
        };
        let Some(found) = queries::first_ready(db, project, from).await? else { return Ok(from) };
        let mut fronts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(front) = fronts.get_mut(&project).filter(|front| front.epoch == epoch) {
            front.sort_key = front.sort_key.max(found);
        }
        Ok(found)
    }

    /// What is known, or the place from where to look now. Only one caller looks at a time; the others go by what is known.
    fn begin(&self, project: Uuid, epoch: i32) -> std::result::Result<i64, i64> {
        let mut fronts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        match fronts.get_mut(&project).filter(|front| front.epoch == epoch) {
            Some(front) if now.duration_since(front.looked) < BELIEVED => Ok(front.sort_key),
            Some(front) => {
                front.looked = now;
                Err(front.sort_key)
            }
            None => {
                fronts.insert(project, Front { epoch, sort_key: i64::MIN, looked: now });
                Err(i64::MIN)
            }
        }
    }
}
