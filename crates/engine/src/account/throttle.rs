//! Limits on guessing: failed sign-ins are counted by account and by address, in rows that all processes share.
//!
//! Too many within a quarter of an hour lock the key for a minute; each further failure doubles that, up to a quarter
//! of an hour. While a key is locked nothing is tried, right password or not, so that guesses tell nothing.

use super::entity::throttle;
use crate::error::Result;
use domain::Error;
use domain::time::Millis;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Statement};

const WINDOW_MS: i64 = 15 * 60_000;
const FIRST_LOCK_MS: i64 = 60_000;
const LONGEST_LOCK_MS: i64 = 15 * 60_000;

/// What is counted.
#[derive(Debug, Clone)]
pub(crate) enum Key {
    /// Tries on an account, existing or not.
    Account(String),
    /// Tries from an address: many people of a firm may share one.
    Address(String),
}

impl Key {
    /// The key of its row.
    pub(super) fn row(&self) -> String {
        match self {
            Key::Account(username) => format!("account:{username}"),
            Key::Address(address) => format!("address:{address}"),
        }
    }

    /// The failure that locks.
    fn limit(&self) -> i32 {
        match self {
            Key::Account(_) => 5,
            Key::Address(_) => 30,
        }
    }
}

/// Refuses while one of the keys is locked, with the seconds to wait.
pub(crate) async fn refuse_locked(db: &impl ConnectionTrait, now: Millis, keys: &[Key]) -> Result<()> {
    let rows = throttle::Entity::find()
        .filter(throttle::Column::Key.is_in(keys.iter().map(Key::row)))
        .filter(throttle::Column::LockedUntil.gt(now.0))
        .all(db)
        .await?;
    match rows.iter().map(|row| row.locked_until).max() {
        None => Ok(()),
        Some(until) => {
            let seconds = u64::try_from(until.saturating_sub(now.0)).unwrap_or(0).div_ceil(1_000);
            Err(Error::TooMany(u32::try_from(seconds).unwrap_or(u32::MAX)).into())
        }
    }
}

/// Counts a failure and locks the key where it is one too many.
pub(crate) async fn count_failure(db: &impl ConnectionTrait, now: Millis, key: &Key) -> Result<()> {
    // One statement counts, so that two processes never count one failure for both of theirs. Quiet for a whole
    // window after the first failure or the last lock, whichever is later, and counting begins anew.
    let quiet = "$2 - (CASE WHEN throttles.locked_until > throttles.window_start \
                 THEN throttles.locked_until ELSE throttles.window_start END) >= $3";
    let sql = format!(
        "INSERT INTO throttles (key, failures, window_start, locked_until) VALUES ($1, 1, $2, 0) \
         ON CONFLICT (key) DO UPDATE SET failures = CASE WHEN {quiet} THEN 1 ELSE throttles.failures + 1 END, \
         window_start = CASE WHEN {quiet} THEN $2 ELSE throttles.window_start END"
    );
    let values = [key.row().into(), now.0.into(), WINDOW_MS.into()];
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    let row = throttle::Entity::find_by_id(key.row()).one(db).await?;
    let over = row.map_or(-1, |row| row.failures - key.limit());
    if let Ok(doublings) = u32::try_from(over) {
        let lock = FIRST_LOCK_MS.saturating_mul(1 << doublings.min(10)).min(LONGEST_LOCK_MS);
        let sql = "UPDATE throttles SET locked_until = $2 WHERE key = $1";
        let values = [key.row().into(), now.plus(lock).0.into()];
        db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    }
    Ok(())
}

/// Forgets the failures of a key.
pub(crate) async fn clear(db: &impl ConnectionTrait, key: &Key) -> Result<()> {
    throttle::Entity::delete_by_id(key.row()).exec(db).await?;
    Ok(())
}

/// Forgets keys that have been quiet for a day.
pub(crate) async fn forget_old(db: &impl ConnectionTrait, now: Millis) -> Result<()> {
    throttle::Entity::delete_many()
        .filter(throttle::Column::WindowStart.lt(now.0 - 86_400_000))
        .filter(throttle::Column::LockedUntil.lt(now.0))
        .exec(db)
        .await?;
    Ok(())
}
