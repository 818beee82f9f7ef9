//! What a use case can answer besides its result: a refusal for the caller, or a fault of ours with its cause.

use sea_orm::DbErr;

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
        Error::Broken(anyhow::Error::new(cause).context("database"))
    }
}

impl From<anyhow::Error> for Error {
    fn from(cause: anyhow::Error) -> Self {
        Error::Broken(cause)
    }
}

impl From<std::io::Error> for Error {
    fn from(cause: std::io::Error) -> Self {
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
