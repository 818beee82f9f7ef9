//! Accounts: who is asking, people as lists show them, sign-in, tokens, rosters.
//! It never holds a password or a hash beyond the input that carries one.

use crate::id::{OrganizationId, PersonId, TeamId, TokenId};
use crate::lang::{Lang, Words};
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// What a person may do on the platform, apart from roles in projects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlatformRole {
    /// Runs the installation: organizations, people, every project's figures.
    Operator,
    /// A member who may also open projects.
    Manager,
    /// Works where a project gives a role.
    Member,
}

/// Who is asking: the proof that identity was established, made only by sign-in and tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The account.
    pub person: PersonId,
    /// The name typed at sign-in.
    pub username: String,
    /// The name shown.
    pub name: String,
    /// The platform role.
    pub role: PlatformRole,
    /// The organization, if the person belongs to one.
    pub organization: Option<OrganizationId>,
    /// The password is a one-time one: nothing else is open until it is replaced.
    pub must_change_password: bool,
    /// The language chosen for the account, if any.
    pub lang: Option<Lang>,
}

/// The caller's own account, for the shell and `GET /me`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// Who.
    pub actor: Actor,
    /// The organization's name.
    pub organization_name: Option<String>,
    /// The team's name.
    pub team_name: Option<String>,
    /// Some project gives the role of annotator.
    pub annotates: bool,
    /// Some project gives the role of reviewer.
    pub reviews: bool,
    /// Some project gives the role of manager.
    pub manages: bool,
}

/// A person as lists show them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonView {
    /// The account.
    pub id: PersonId,
    /// The name typed at sign-in.
    pub username: String,
    /// The name shown.
    pub name: String,
    /// The platform role.
    pub role: PlatformRole,
    /// The organization.
    pub organization: Option<OrganizationId>,
    /// Its name.
    pub organization_name: Option<String>,
    /// The team.
    pub team: Option<TeamId>,
    /// Its name.
    pub team_name: Option<String>,
    /// May sign in.
    pub active: bool,
    /// Still has a one-time password.
    pub must_change_password: bool,
    /// When the account was made.
    pub created_at: Millis,
}

/// A new account. Without a password one is drawn, shown once, and must be changed at first sign-in; so must a given
/// one, unless `must_change_password` is false: then a program sets up the account for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    /// 2–40 characters: ASCII letters, digits, `.`, `_`, `-`; kept and compared in lower case.
    pub username: String,
    /// 1–60 characters.
    pub name: String,
    /// At least 8 characters.
    #[serde(default)]
    pub password: Option<String>,
    /// The given password is a one-time one. A drawn one always is.
    #[serde(default = "yes")]
    pub must_change_password: bool,
    /// The organization's id or exact name.
    #[serde(default)]
    pub organization: Option<String>,
    /// The team's name in that organization.
    #[serde(default)]
    pub team: Option<String>,
    /// Member when absent.
    #[serde(default)]
    pub role: Option<PlatformRole>,
}

fn yes() -> bool {
    true
}

/// A made account and, where one was drawn, the one-time password: shown here and never again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedPerson {
    /// The account.
    pub person: PersonView,
    /// The drawn one-time password.
    pub initial_password: Option<String>,
}

/// Which people a list shows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PeopleQuery {
    /// Part of a user name or name.
    #[serde(default)]
    pub search: Option<String>,
    /// Only this organization.
    #[serde(default)]
    pub organization: Option<OrganizationId>,
    /// Only (in)active ones.
    #[serde(default)]
    pub active: Option<bool>,
    /// The cursor of the page before.
    #[serde(default)]
    pub after: Option<String>,
    /// At most so many rows (1–500, 100 when absent).
    #[serde(default)]
    pub limit: Option<u32>,
}

/// What became of one line of a roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterLine {
    /// The line in the file, the header being 1.
    pub line: u32,
    /// The user name on it, as far as readable.
    pub username: String,
    /// `added`, `exists` or `rejected`.
    pub outcome: RosterOutcome,
    /// The drawn one-time password of an added account.
    pub initial_password: Option<String>,
    /// Why it was rejected.
    pub message: Option<Words>,
}

/// The outcome of a roster line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RosterOutcome {
    /// The account was made.
    Added,
    /// There is such an account; nothing was changed.
    Exists,
    /// The line breaks a rule.
    Rejected,
}

/// The report of a roster import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterReport {
    /// Accounts made.
    pub added: u32,
    /// Accounts that existed.
    pub existing: u32,
    /// Lines refused.
    pub rejected: u32,
    /// A line for each row.
    pub lines: Vec<RosterLine>,
}

/// A bearer token as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenView {
    /// The token's id, not the secret.
    pub id: TokenId,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    pub created_at: Millis,
    /// When it ends.
    pub expires_at: Millis,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Millis>,
}

/// A new token with its secret: shown here and never again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedToken {
    /// The secret, to be sent as `Authorization: Bearer …`.
    pub token: String,
    /// The token.
    pub view: TokenView,
}

/// Is this a name to sign in with? 2–40 of `a–z 0–9 . _ -`, beginning with a letter or digit. Give it in lower case.
pub fn username_fits(username: &str) -> bool {
    let bytes = username.as_bytes();
    (2..=40).contains(&bytes.len())
        && bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-'))
}

/// The fewest characters of a password (NIST SP 800-63B asks for at least 8 and no composition rules).
pub const PASSWORD_MIN_CHARS: usize = 8;
/// The most characters of a password, so that hashing stays bounded.
pub const PASSWORD_MAX_CHARS: usize = 128;
