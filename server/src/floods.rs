//! Limits on how often one person and one address may ask, so that a program run wild, or one that means harm, does not
//! slow down everybody else.
//!
//! Each has a bucket of requests that fills up at a steady rate. The buckets are in the memory of each node: a node guards
//! itself, so that with three nodes three times as much gets through; guesses of passwords, where every one counts, are
//! counted in the database for all nodes together. Callers on this machine are not limited.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::id::PersonId;

use crate::address::Address;
use crate::problem::Refusal;
use crate::state::Server;

/// What a bucket holds: so many seconds' worth of requests at once.
const SECONDS: f64 = 5.0;
/// Buckets that are kept before those that are full again are forgotten.
const KEPT: usize = 50_000;

/// The buckets of one kind of caller.
#[derive(Debug)]
pub struct Buckets<K> {
    /// Requests a second; 0 is without limit.
    rate: f64,
    levels: Mutex<HashMap<K, (f64, Instant)>>,
}

impl<K: Eq + Hash> Buckets<K> {
    /// Buckets that take so many requests a second.
    pub fn new(rate: u32) -> Self {
        Self { rate: rate.into(), levels: Mutex::default() }
    }

    /// Takes a request's worth from the caller's bucket; the seconds to wait when there is none.
    pub fn take(&self, caller: K, now: Instant) -> Result<(), u32> {
        if self.rate == 0.0 {
            return Ok(());
        }
        let full = self.rate * SECONDS;
        let filled = |(level, at): (f64, Instant)| full.min(level + self.rate * now.duration_since(at).as_secs_f64());
        let mut levels = self.levels.lock().unwrap_or_else(PoisonError::into_inner);
        if levels.len() >= KEPT {
            levels.retain(|_, bucket| filled(*bucket) < full);
        }
        let level = levels.get(&caller).map_or(full, |bucket| filled(*bucket));
        let enough = level >= 1.0;
        levels.insert(caller, (if enough { level - 1.0 } else { level }, now));
        if enough { Ok(()) } else { Err(1) }
    }
}

/// The limits of this node.
#[derive(Debug)]
pub struct Floods {
    people: Buckets<PersonId>,
    addresses: Buckets<IpAddr>,
}

impl Floods {
    /// Limits of so many requests a second.
    pub fn new(person: u32, address: u32) -> Self {
        Self { people: Buckets::new(person), addresses: Buckets::new(address) }
    }

    /// Refuses a person who asks too often.
    ///
    /// # Errors
    /// With the seconds to wait.
    pub fn person(&self, person: PersonId, request: &Request) -> Result<(), Refusal> {
        let address = request.extensions().get::<Address>();
        if address.is_none_or(|address| address.0.is_loopback()) {
            return Ok(());
        }
        self.people.take(person, Instant::now()).map_err(|wait| domain::Error::TooMany(wait).into())
    }
}

/// Refuses an address that asks too often, before anything is looked up for it.
pub async fn by_address(State(server): State<Server>, request: Request, next: Next) -> Response {
    let address = request.extensions().get::<Address>().map(|address| address.0);
    if let Some(address) = address.filter(|address| !address.is_loopback())
        && let Err(wait) = server.floods.addresses.take(address, Instant::now())
    {
        return Refusal::from(domain::Error::TooMany(wait)).into_response();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn one_empties_their_own_bucket_and_it_fills_again() {
        let buckets = Buckets::new(10);
        let now = Instant::now();
        let taken = (0..80).filter(|_| buckets.take("abuser", now).is_ok()).count();
        assert_eq!(taken, 50, "five seconds' worth at once");
        assert_eq!(buckets.take("somebody", now), Ok(()));
        let later = now + Duration::from_secs(1);
        assert_eq!((0..80).filter(|_| buckets.take("abuser", later).is_ok()).count(), 10);
        assert!((0..1_000).all(|_| Buckets::new(0).take("anybody", now).is_ok()), "no limit");
    }
}
