//! Who may do what, as this process has read it: tokens, accounts, projects and roles that every request of the queue asks
//! for, and what projects show to all who open them. Without it half of what a submit costs is reading the same rows again.
//!
//! Every write that changes such a row says so by [`changed`]. This process forgets all it knows when that write is
//! committed, before it is answered; other processes see by the fact [`FACT`], at which each looks once in
//! [`BELIEVED`]. What it never does: refuse. Who is not known here is looked up.

use crate::db::later;
use crate::error::Result;
use crate::facts;
use crate::project::access::Project;
use crate::project::get::Face;
use domain::account::Actor;
use domain::project::ProjectRole;
use sea_orm::ConnectionTrait;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// The fact that is set anew with each change.
pub(crate) const FACT: &str = "rights";
/// How long what is known here is believed without asking whether another process changed it.
const BELIEVED: Duration = Duration::from_secs(1);
/// Entries of one kind that are kept; one more, and all is forgotten.
const KEPT: usize = 200_000;

/// Says that this write changes who may do what.
pub(crate) fn changed() {
    later::leave(later::Later::rights);
}

/// A token that opens something.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) id: Uuid,
    pub(crate) actor: Actor,
    pub(crate) expires_at: i64,
    /// When its use was last noted.
    pub(crate) noted_at: Option<i64>,
}

/// What this process knows.
#[derive(Debug, Default)]
pub(crate) struct Rights(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// Grows whenever all is forgotten: what was read before is not kept then.
    generation: u64,
    looked: Option<Instant>,
    fact: Option<String>,
    tokens: HashMap<String, Token>,
    people: HashMap<Uuid, Actor>,
    /// A person's role in a project, nobody's included.
    roles: HashMap<(Uuid, Uuid), Option<ProjectRole>>,
    /// A project as those with this role get it.
    projects: HashMap<(Uuid, Option<ProjectRole>), Arc<Project>>,
    /// What projects show.
    faces: HashMap<Uuid, Arc<Face>>,
    /// Tokens whose use is to be noted, with its time.
    used: HashMap<Uuid, i64>,
}

impl Known {
    fn forget(&mut self) {
        self.generation += 1;
        self.tokens.clear();
        self.people.clear();
        self.roles.clear();
        self.projects.clear();
        self.faces.clear();
    }
}

/// When something was read, for [`Rights`] to tell whether it may still be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reading(u64);

impl Rights {
    /// To be called before anything is taken from here, and before what is kept here is read: looks whether another process
    /// changed something, once in a while.
    pub(crate) async fn now(&self, db: &impl ConnectionTrait) -> Result<Reading> {
        let is_due = {
            let mut known = self.known();
            let is_due = known.looked.is_none_or(|looked| looked.elapsed() >= BELIEVED);
            if is_due {
                // Only one caller looks at a time; the others go by what is known.
                known.looked = Some(Instant::now());
            }
            is_due
        };
        if is_due {
            let fact = facts::get(db, FACT).await?;
            let mut known = self.known();
            if known.fact != fact {
                known.fact = fact;
                known.forget();
            }
        }
        Ok(Reading(self.known().generation))
    }

    /// Forgets everything: a change was committed.
    pub(crate) fn forget(&self) {
        self.known().forget();
    }

    /// The token with this hash.
    pub(crate) fn token(&self, hash: &str) -> Option<Token> {
        self.known().tokens.get(hash).cloned()
    }

    /// Keeps a token, unless something changed since it was read.
    pub(crate) fn keep_token(&self, reading: Reading, hash: String, token: Token) {
        self.keep(reading, |known| {
            if known.tokens.len() >= KEPT {
                known.forget();
            }
            known.tokens.insert(hash, token);
        });
    }

    /// An account that is active.
    pub(crate) fn person(&self, person: Uuid) -> Option<Actor> {
        self.known().people.get(&person).cloned()
    }

    /// Keeps an active account.
    pub(crate) fn keep_person(&self, reading: Reading, person: Uuid, actor: Actor) {
        self.keep(reading, |known| {
            if known.people.len() >= KEPT {
                known.forget();
            }
            known.people.insert(person, actor);
        });
    }

    /// A project as this person gets it.
    pub(crate) fn project(&self, project: Uuid, person: Uuid) -> Option<Arc<Project>> {
        let known = self.known();
        let role = known.roles.get(&(project, person))?;
        known.projects.get(&(project, *role)).cloned()
    }

    /// Keeps a project and this person's role in it.
    pub(crate) fn keep_project(&self, reading: Reading, person: Uuid, project: &Arc<Project>) {
        let id = project.row.id;
        self.keep(reading, |known| {
            if known.roles.len() >= KEPT {
                known.forget();
            }
            known.roles.insert((id, person), project.role);
            known.projects.insert((id, project.role), Arc::clone(project));
        });
    }

    /// What a project shows.
    pub(crate) fn face(&self, project: Uuid) -> Option<Arc<Face>> {
        self.known().faces.get(&project).cloned()
    }

    /// Keeps what a project shows.
    pub(crate) fn keep_face(&self, reading: Reading, project: Uuid, face: &Arc<Face>) {
        self.keep(reading, |known| {
            known.faces.insert(project, Arc::clone(face));
        });
    }

    /// Remembers that a token was used. True when nobody is about to write that of others.
    pub(crate) fn used(&self, token: Uuid, hash: &str, now: i64) -> bool {
        let mut known = self.known();
        if let Some(token) = known.tokens.get_mut(hash) {
            token.noted_at = Some(now);
        }
        let is_first = known.used.is_empty();
        known.used.insert(token, now);
        is_first
    }

    /// The uses that were not written yet.
    pub(crate) fn uses(&self) -> HashMap<Uuid, i64> {
        self.known().used.clone()
    }

    /// These were. True when others came meanwhile.
    pub(crate) fn wrote(&self, uses: &HashMap<Uuid, i64>) -> bool {
        let mut known = self.known();
        known.used.retain(|token, at| uses.get(token) != Some(at));
        !known.used.is_empty()
    }

    fn keep(&self, reading: Reading, keep: impl FnOnce(&mut Known)) {
        let mut known = self.known();
        if known.generation == reading.0 {
            keep(&mut known);
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::account::PlatformRole;
    use domain::id::PersonId;
    use sea_orm::Database;

    fn actor() -> Actor {
        Actor {
            person: PersonId(Uuid::from_u128(1)),
            username: "ann".into(),
            name: "安".into(),
            role: PlatformRole::Member,
            organization: None,
            must_change_password: false,
            lang: None,
        }
    }

    #[tokio::test]
    async fn what_was_read_before_a_change_is_not_kept_after_it() {
        let db = Database::connect("sqlite::memory:").await.unwrap();
        db.execute_unprepared("CREATE TABLE facts (name text PRIMARY KEY, value text NOT NULL)").await.unwrap();
        let rights = Rights::default();
        let person = Uuid::from_u128(1);
        let reading = rights.now(&db).await.unwrap();
        rights.keep_person(reading, person, actor());
        assert_eq!(rights.person(person), Some(actor()));
        let reading = rights.now(&db).await.unwrap();
        rights.forget();
        assert_eq!(rights.person(person), None);
        rights.keep_person(reading, person, actor());
        assert_eq!(rights.person(person), None, "it may be what was there before");

        let reading = rights.now(&db).await.unwrap();
        rights.keep_person(reading, person, actor());
        facts::set(&db, FACT, "another process was here").await.unwrap();
        tokio::time::sleep(BELIEVED).await;
        rights.now(&db).await.unwrap();
        assert_eq!(rights.person(person), None);
    }

    #[test]
    fn the_first_use_says_that_uses_have_to_be_written() {
        let rights = Rights::default();
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert!(rights.used(one, "a", 5));
        assert!(!rights.used(two, "b", 5));
        assert!(!rights.used(one, "a", 6));
        let uses = rights.uses();
        assert_eq!(uses, HashMap::from([(one, 6), (two, 5)]));
        rights.used(one, "a", 7);
        assert!(rights.wrote(&uses), "there is one more");
        assert!(!rights.wrote(&rights.uses()));
        assert!(rights.used(one, "a", 8));
    }
}
