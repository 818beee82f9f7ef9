//! Passwords: the rules, drawing one-time ones, and Argon2id off the threads that answer requests.

use crate::error::Result;
use crate::{Engine, PasswordCost};
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::account::{PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS};
use domain::{Error, Problem};
use rand::RngExt;
use tokio::sync::SemaphorePermit;

/// Where a password comes from, which says how much work protects it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A person thought of it: full work.
    Chosen,
    /// Drawn by [`draw`] with 62 bits of chance and used once: there is nothing to guess, so little work suffices, and
    /// a roster of 20,000 is done in seconds.
    Drawn,
}

/// The characters of drawn passwords: none that is easily taken for another.
const ALPHABET: &[u8; 31] = b"23456789abcdefghjkmnpqrstuvwxyz";

/// A one-time password, in groups to be read aloud: `k7md-x2pw-9hqa-t`.
pub(crate) fn draw() -> String {
    let mut rng = rand::rng();
    let mut password = String::with_capacity(16);
    for at in 0..13 {
        if at > 0 && at % 4 == 0 {
            password.push('-');
        }
        let letter = ALPHABET.get(rng.random_range(0..ALPHABET.len())).copied().unwrap_or(b'x');
        password.push(char::from(letter));
    }
    password
}

/// What is wrong with a password that somebody thought of.
pub(crate) fn check(at: &str, username: &str, password: &str) -> Option<Problem> {
    let length = password.chars().count();
    if !(PASSWORD_MIN_CHARS..=PASSWORD_MAX_CHARS).contains(&length) {
        return Some(Problem::new(
            at,
            "out-of-range",
            format!("密码须为 {PASSWORD_MIN_CHARS}–{PASSWORD_MAX_CHARS} 个字符。"),
            format!("A password has {PASSWORD_MIN_CHARS} to {PASSWORD_MAX_CHARS} characters."),
        ));
    }
    if password.trim().to_lowercase() == username.trim().to_lowercase() {
        let (zh, en) = ("密码不能与用户名相同。", "The password must not be the user name.");
        return Some(Problem::new(at, "like-username", zh, en));
    }
    None
}

/// A place to hash at; waits until one of the few is free.
pub(crate) async fn place(engine: &Engine) -> Result<SemaphorePermit<'_>> {
    engine.hashing().acquire().await.map_err(|_closed| Error::Unavailable.into())
}

/// The hash to be stored.
pub(crate) async fn hash(engine: &Engine, password: String, origin: Origin) -> Result<String> {
    let _place = place(engine).await?;
    let argon = work(engine.config().password_cost, origin)?;
    let hashed = tokio::task::spawn_blocking(move || {
        let hash: std::result::Result<PasswordHash, _> = argon.hash_password(password.as_bytes());
        hash.map(|hash| hash.to_string()).map_err(|error| anyhow::anyhow!("hashing: {error}"))
    });
    Ok(hashed.await.map_err(anyhow::Error::from)??)
}

/// Does the password fit what is stored? The caller holds a [`place`].
///
/// The work is the same whether the account exists, has a usable password, or has a drawn one: the time that the
/// answer takes tells nothing.
pub(crate) async fn fits(engine: &Engine, password: String, stored: Option<String>) -> Result<bool> {
    let full = work(engine.config().password_cost, Origin::Chosen)?;
    let checked = tokio::task::spawn_blocking(move || {
        let parsed = stored.as_deref().and_then(|stored| PasswordHash::new(stored).ok());
        let fits = match &parsed {
            Some(parsed) => full.verify_password(password.as_bytes(), parsed).is_ok(),
            None => false,
        };
        let took_full = parsed
            .and_then(|parsed| Params::try_from(&parsed).ok())
            .is_some_and(|params| params.m_cost() >= full.params().m_cost());
        if !took_full {
            let spent: std::result::Result<PasswordHash, _> = full.hash_password(password.as_bytes());
            drop(spent);
        }
        fits
    });
    Ok(checked.await.map_err(anyhow::Error::from)?)
}

fn work(cost: PasswordCost, origin: Origin) -> Result<Argon2<'static>> {
    // OWASP's first advice for Argon2id: 19 MiB, two passes, one lane.
    let (memory_kib, passes) = match (cost, origin) {
        (PasswordCost::Full, Origin::Chosen) => (19 * 1024, 2),
        (PasswordCost::Full, Origin::Drawn) => (1024, 1),
        (PasswordCost::Test, Origin::Chosen | Origin::Drawn) => (8, 1),
    };
    let params = Params::new(memory_kib, passes, 1, None).map_err(|error| anyhow::anyhow!("Argon2id: {error}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}
