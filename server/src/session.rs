//! Browser sessions: tower-sessions' manager over the engine's rows. The engine keeps them as opaque text; who is
//! signed in is one entry of that text, written only here.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use app::session::SessionHandle;
use async_trait::async_trait;
use domain::id::PersonId;
use domain::time::Millis;
use engine::Engine;
use engine::account::session as rows;
use time::OffsetDateTime;
use tower_sessions::cookie::SameSite;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{Expiry, Session, SessionManagerLayer, SessionStore};

use crate::config::Settings;

/// The entry that says who is signed in.
const PERSON: &str = "person";
/// The entry that says when the session was last prolonged.
const SEEN: &str = "seen";
/// A session in use is written again when so much of its idle time is gone: not at every request.
const PROLONG: i64 = 24;

/// The layer that gives every browser request its session.
pub fn layer(engine: Engine, settings: &Settings) -> SessionManagerLayer<Store> {
    let secure = settings.is_secure();
    let idle = time::Duration::try_from(settings.session_idle).unwrap_or(time::Duration::HOUR);
    SessionManagerLayer::new(Store { engine, idle: settings.session_idle })
        // The prefix makes browsers refuse the cookie from anywhere but this host over TLS.
        .with_name(if secure { "__Host-terrace" } else { "terrace" })
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_secure(secure)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(idle))
}

/// Who this session belongs to. Prolongs it when that is due.
///
/// # Errors
/// When the rows cannot be read.
pub async fn person(
    session: &Session,
    now: Millis,
    idle: Duration,
) -> std::result::Result<Option<PersonId>, anyhow::Error> {
    let Some(person) = session.get::<PersonId>(PERSON).await? else { return Ok(None) };
    let seen = session.get::<i64>(SEEN).await?.unwrap_or_default();
    let idle = i64::try_from(idle.as_millis()).unwrap_or(i64::MAX);
    if now.since(Millis(seen)) > idle / PROLONG {
        session.insert(SEEN, now.0).await?;
    }
    Ok(Some(person))
}

/// Begins a session for this person under a new id, so that an id planted before sign-in is worth nothing.
///
/// # Errors
/// When the rows cannot be written.
pub async fn begin(session: &Session, person: PersonId, now: Millis) -> std::result::Result<(), anyhow::Error> {
    session.clear().await;
    session.cycle_id().await?;
    session.insert(PERSON, person).await?;
    session.insert(SEEN, now.0).await?;
    Ok(())
}

/// Ends the session at once, in the rows and in the browser.
///
/// # Errors
/// When the rows cannot be written.
pub async fn end(session: &Session) -> std::result::Result<(), anyhow::Error> {
    session.flush().await?;
    Ok(())
}

/// The engine's rows as tower-sessions sees them. Time is the engine's clock, whatever the record says.
#[derive(Clone)]
pub struct Store {
    engine: Engine,
    idle: Duration,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("idle", &self.idle).finish_non_exhaustive()
    }
}

impl Store {
    async fn write(&self, record: &Record) -> Result<()> {
        let data = serde_json::to_string(&record.data).map_err(|cause| Error::Encode(cause.to_string()))?;
        let person = record.data.get(PERSON).and_then(|value| serde_json::from_value(value.clone()).ok());
        let idle = i64::try_from(self.idle.as_millis()).unwrap_or(i64::MAX);
        let expires = self.engine.now().plus(idle);
        rows::save(&self.engine, record.id.to_string(), data, expires, person).await.map_err(backend)
    }
}

#[async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> Result<()> {
        while rows::load(&self.engine, &record.id.to_string()).await.map_err(backend)?.is_some() {
            record.id = Id::default();
        }
        self.write(record).await
    }

    async fn save(&self, record: &Record) -> Result<()> {
        // A request that began before sign-out must not bring the session back when it ends after it.
        match rows::load(&self.engine, &record.id.to_string()).await.map_err(backend)? {
            Some(_) => self.write(record).await,
            None => Ok(()),
        }
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some((data, _)) = rows::load(&self.engine, &id.to_string()).await.map_err(backend)? else {
            return Ok(None);
        };
        let data = serde_json::from_str(&data).map_err(|cause| Error::Decode(cause.to_string()))?;
        let idle = time::Duration::try_from(self.idle).unwrap_or(time::Duration::HOUR);
        Ok(Some(Record { id: *id, data, expiry_date: expiry(self.engine.now(), idle) }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        rows::delete(&self.engine, id.to_string()).await.map_err(backend)
    }
}

fn expiry(now: Millis, idle: time::Duration) -> OffsetDateTime {
    let nanos = i128::from(now.0) * 1_000_000;
    let moment = OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    moment.saturating_add(idle)
}

fn backend(error: engine::Error) -> Error {
    Error::Backend(error.told().to_string())
}

/// A browser's session in the hands of a server function.
struct Keeper {
    session: Session,
    engine: Engine,
}

/// This request's session, for the server functions that sign people in and out.
pub fn handle(session: Session, engine: Engine) -> SessionHandle {
    SessionHandle(Arc::new(Keeper { session, engine }))
}

type Answer<'a> = Pin<Box<dyn Future<Output = std::result::Result<(), domain::Error>> + Send + 'a>>;

impl app::session::Session for Keeper {
    fn sign_in(&self, person: PersonId) -> Answer<'_> {
        Box::pin(async move { begin(&self.session, person, self.engine.now()).await.map_err(told) })
    }

    fn sign_out(&self) -> Answer<'_> {
        Box::pin(async move { end(&self.session).await.map_err(told) })
    }
}

fn told(cause: anyhow::Error) -> domain::Error {
    engine::Error::Broken(cause).told()
}
