//! Small pieces that the shapes of many resources share.

use domain::error::Problem;
use domain::lang::Words;
use domain::time::{Day, Millis};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A text in Chinese, English or both.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Text {
    /// The Chinese text.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(required = false)]
    pub zh: String,
    /// The English text.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(required = false)]
    pub en: String,
}

impl From<Words> for Text {
    fn from(words: Words) -> Self {
        Self { zh: words.zh, en: words.en }
    }
}

/// A file, or a part of one, as it is.
#[derive(Debug)]
pub struct Binary;

impl utoipa::PartialSchema for Binary {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        let format = SchemaFormat::KnownFormat(KnownFormat::Binary);
        ObjectBuilder::new().schema_type(Type::String).format(Some(format)).into()
    }
}

impl ToSchema for Binary {}

/// A list read by cursor.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows, in the list's order.
    pub rows: Vec<T>,
    /// Give it back as `after` to read the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// The domain's page with its rows in public shape.
    pub fn of<V: Into<T>>(page: domain::Page<V>) -> Self {
        Self { rows: page.rows.into_iter().map(Into::into).collect(), next: page.next }
    }
}

/// A whole list; an object, so that it can grow.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T> {
    /// The rows, in the list's order.
    pub rows: Vec<T>,
}

impl<T> List<T> {
    /// The rows in public shape.
    pub fn of<V: Into<T>>(rows: Vec<V>) -> Self {
        Self { rows: rows.into_iter().map(Into::into).collect() }
    }
}

/// A moment as it travels.
pub fn moment(at: Millis) -> String {
    at.rfc3339()
}

/// A moment that may not have come.
pub fn moment_of(at: Option<Millis>) -> Option<String> {
    at.map(Millis::rfc3339)
}

/// A moment of the caller's, in RFC 3339.
pub fn read_moment(at: &str, text: Option<String>) -> Result<Option<Millis>, domain::Error> {
    let Some(text) = text else { return Ok(None) };
    Millis::parse_rfc3339(&text).map(Some).ok_or_else(|| {
        domain::Error::Invalid(vec![Problem::new(
            at,
            "malformed",
            "时间须写成 RFC 3339 格式，例如 2026-11-23T06:05:00Z。",
            "A moment is written as in RFC 3339, 2026-11-23T06:05:00Z.",
        )])
    })
}

/// A day of the caller's, in ISO 8601.
pub fn read_day(at: &str, text: Option<String>) -> Result<Option<Day>, domain::Error> {
    let Some(text) = text else { return Ok(None) };
    Day::parse(&text).map(Some).ok_or_else(|| {
        domain::Error::Invalid(vec![Problem::new(
            at,
            "malformed",
            "日期须写成 2026-11-23 的形式。",
            "A day is written as 2026-11-23.",
        )])
    })
}

/// The rows of a page that the caller wants, within bounds.
pub fn read_limit(limit: Option<u32>) -> Result<Option<u32>, domain::Error> {
    match limit {
        Some(limit) if !(1..=500).contains(&limit) => {
            Err(domain::Error::invalid("limit", "out-of-range", "每页行数须为 1–500。", "A page has 1 to 500 rows."))
        }
        fits => Ok(fits),
    }
}

/// What a new account or a member list says of one line.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterReport {
    /// Lines that were taken.
    pub added: u32,
    /// Lines that changed nothing, because it was so already.
    pub existing: u32,
    /// Lines refused.
    pub rejected: u32,
    /// A line for each row of the file.
    pub lines: Vec<RosterLine>,
}

/// What became of one line.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterLine {
    /// The line in the file; the header is 1.
    pub line: u32,
    /// The user name on it, as far as readable.
    pub username: String,
    /// What became of it.
    pub outcome: RosterOutcome,
    /// The drawn one-time password of an added account: shown here and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub initial_password: Option<String>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Text>,
}

/// The outcome of a line.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RosterOutcome {
    /// Taken.
    Added,
    /// So already.
    Exists,
    /// Refused.
    Rejected,
}

impl From<domain::account::RosterReport> for RosterReport {
    fn from(report: domain::account::RosterReport) -> Self {
        use domain::account::RosterOutcome as Outcome;
        let line = |line: domain::account::RosterLine| RosterLine {
            line: line.line,
            username: line.username,
            outcome: match line.outcome {
                Outcome::Added => RosterOutcome::Added,
                Outcome::Exists => RosterOutcome::Exists,
                Outcome::Rejected => RosterOutcome::Rejected,
            },
            initial_password: line.initial_password,
            message: line.message.map(Into::into),
        };
        Self {
            added: report.added,
            existing: report.existing,
            rejected: report.rejected,
            lines: report.lines.into_iter().map(line).collect(),
        }
    }
}

/// Two enums that say the same: the public one and the domain's.
macro_rules! mirror {
    ($(#[$doc:meta])* $name:ident = $domain:path { $($(#[$variant_doc:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$variant_doc])* $variant),+
        }

        impl From<$domain> for $name {
            fn from(value: $domain) -> Self {
                use $domain as Domain;
                match value {
                    $(Domain::$variant => $name::$variant),+
                }
            }
        }

        impl From<$name> for $domain {
            fn from(value: $name) -> Self {
                use $domain as Domain;
                match value {
                    $($name::$variant => Domain::$variant),+
                }
            }
        }
    };
}

pub(super) use mirror;
