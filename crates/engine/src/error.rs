//! What a use case can answer besides its result: a refusal for the caller, or a fault of ours with its cause.

use sea_orm::{DbErr, RuntimeErr, SqlxError};

/// The result of a use case.
pub type Result<T> = std::result::Result<T, Error>;

/// A refusal or a fault.
#[derive(Debug)]
pub enum Error {
    /// The caller is told; there is nothing to log.
    Refused(domain::Error),
    /// The cause is logged, and never told.
    Broken(anyhow::Error),
}

impl Error {
    /// What the caller is told. The cause of a fault is logged here, once, under the reference that is told.
    pub fn told(self) -> domain::Error {
        match self {
            Error::Refused(refusal) => refusal,
            Error::Broken(cause) => {
                // The last digits of a UUIDv7 are random.
                let id = uuid::Uuid::now_v7().simple().to_string().to_uppercase();
                let reference = id.get(24..).unwrap_or_default().to_owned();
                tracing::error!(reference, cause = format!("{cause:#}"), "fault");
                domain::Error::Broken(reference)
            }
        }
    }

    /// The refusal, if it is one.
    pub fn refusal(&self) -> Option<&domain::Error> {
        match self {
            Error::Refused(refusal) => Some(refusal),
            Error::Broken(_) => None,
        }
    }
}

impl From<domain::Error> for Error {
    fn from(refusal: domain::Error) -> Self {
        Error::Refused(refusal)
    }
}

impl From<domain::error::Conflict> for Error {
    fn from(conflict: domain::error::Conflict) -> Self {
        Error::Refused(domain::Error::Conflict(conflict))
    }
}

impl From<Vec<domain::Problem>> for Error {
    fn from(problems: Vec<domain::Problem>) -> Self {
        Error::Refused(domain::Error::Invalid(problems))
    }
}

impl From<DbErr> for Error {
    fn from(cause: DbErr) -> Self {
        if is_away(&cause) {
            // Whoever sent this sends it again: it is not a fault of the request, and soon over.
            tracing::warn!(%cause, "the database cannot be reached");
            return Error::Refused(domain::Error::Unavailable);
        }
        if is_full(&cause) {
            return full(&cause);
        }
        Error::Broken(anyhow::Error::new(cause).context("database"))
    }
}

/// The five characters by which the database tells what went wrong.
pub(crate) fn sql_state(error: &DbErr) -> Option<String> {
    match runtime(error)? {
        SqlxError::Database(error) => error.code().map(|code| code.into_owned()),
        _ => None,
    }
}

fn runtime(error: &DbErr) -> Option<&SqlxError> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => Some(error),
        _ => None,
    }
}

/// The server stops, starts or is gone, or every connection is in use.
fn is_away(error: &DbErr) -> bool {
    if matches!(error, DbErr::ConnectionAcquire(_)) {
        return true;
    }
    match runtime(error) {
        Some(SqlxError::Io(_) | SqlxError::PoolTimedOut | SqlxError::PoolClosed) => true,
        // 57P: the server is told to stop, crashed, or does not take connections yet; 53300: it takes no more.
        // 25006: what was the primary is a standby now.
        Some(SqlxError::Database(error)) => error.code().is_some_and(|code| {
            code.starts_with("57P") || code.starts_with("08") || code == "53300" || code == "25006"
        }),
        _ => false,
    }
}

/// The disk under the database has no space left: SQLITE_FULL, and SQLITE_IOERR_SHMSIZE for the log's index; PostgreSQL's
/// disk_full. What was begun left nothing behind.
pub(crate) fn is_full(error: &DbErr) -> bool {
    sql_state(error).is_some_and(|code| matches!(code.as_str(), "13" | "4874" | "53100"))
}

/// An operator makes space; until then people keep what they have and try again.
fn full(cause: &dyn std::fmt::Display) -> Error {
    tracing::error!(%cause, "no space is left on the disk");
    Error::Refused(domain::Error::Unavailable)
}

impl From<anyhow::Error> for Error {
    fn from(cause: anyhow::Error) -> Self {
        Error::Broken(cause)
    }
}

impl From<std::io::Error> for Error {
    fn from(cause: std::io::Error) -> Self {
        if matches!(cause.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded) {
            return full(&cause);
        }
        Error::Broken(anyhow::Error::new(cause).context("file"))
    }
}

impl From<serde_json::Error> for Error {
    fn from(cause: serde_json::Error) -> Self {
        Error::Broken(anyhow::Error::new(cause).context("stored JSON"))
    }
}

/// Names the unique constraint whose breach is the caller's business.
pub(crate) trait OnUnique<T> {
    /// A unique violation becomes this refusal; any other error stays what it is.
    fn on_unique(self, refusal: impl FnOnce() -> Error) -> Result<T>;
}

impl<T> OnUnique<T> for std::result::Result<T, DbErr> {
    fn on_unique(self, refusal: impl FnOnce() -> Error) -> Result<T> {
        self.map_err(|error| match error.sql_err() {
            Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) => refusal(),
            _ => error.into(),
        })
    }
}
