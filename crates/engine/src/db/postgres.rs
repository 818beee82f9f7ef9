//! PostgreSQL: a pool, one transaction for each write, and migrations that one node makes while the others wait.

use super::{Pool, WriteFn, later};
use crate::account::rights::Rights;
use crate::error::{Error, Result, sql_state};
use crate::meter::Meter;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, TransactionTrait};
use std::time::{Duration, Instant};

/// How often a write that collided is run again before its caller is told that the system is busy.
const TRIES: u32 = 8;
/// A connection that lay idle for longer is tried before it is used: the server may have gone in the meantime.
const IDLE: Duration = Duration::from_secs(2);
/// What nodes agree on to migrate one after the other: "terrace" in ASCII.
const MIGRATION_LOCK: i64 = 0x0074_6572_7261_6365;

pub(super) async fn connect(address: &str, pool: Pool) -> std::result::Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(address.to_owned());
    options
        .max_connections(pool.connections)
        .min_connections(pool.connections.min(2))
        .acquire_timeout(pool.wait)
        // Not before each use: that would be a second way there and back for each statement.
        .test_before_acquire_if_idle_for(IDLE)
        .map_sqlx_postgres_opts(move |options| {
            // `extra_float_digits` is for text; PgBouncer refuses connections that ask for it.
            options.statement_cache_capacity(pool.statements).extra_float_digits(None).application_name("terrace")
        });
    super::log_slow(&mut options, pool.slow);
    let mut first = options.clone();
    first.max_connections(1).min_connections(1);
    let first = Database::connect(first).await?;
    let said = settle_plans(&first).await;
    first.close().await?;
    said?;
    Database::connect(options).await
}

/// Has every connection of ours to this database ask for custom plans, without compiling them. A plan that was made while a
/// table was nearly empty, and is kept until statistics come, reads all of a table that has grown by a hundred thousand rows
/// since. Compiling (JIT) pays for a statement of seconds; none of ours is to last that long, but one that is believed to, by
/// statistics of last night, would be compiled each time for longer than it runs.
///
/// They are the role's settings in this database, not the session's: PgBouncer refuses them when a connection is made, and
/// afterwards in transaction mode gives them to whichever connection of its own comes next. That one connection, which is from
/// before the first node has said so, is told here too; a pool of PgBouncer's is one role's in one database, so that nobody
/// else gets it.
async fn settle_plans(pool: &DatabaseConnection) -> std::result::Result<(), DbErr> {
    let tx = pool.begin().await?;
    tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
    for (name, value) in [("plan_cache_mode", "force_custom_plan"), ("jit", "off")] {
        tx.execute_unprepared(&format!(
            "DO $$ BEGIN \
               IF NOT EXISTS (SELECT 1 FROM pg_db_role_setting s \
                              JOIN pg_database d ON d.oid = s.setdatabase AND d.datname = current_database() \
                              JOIN pg_roles r ON r.oid = s.setrole AND r.rolname = current_user \
                              WHERE '{name}={value}' = ANY (s.setconfig)) THEN \
                 EXECUTE format('ALTER ROLE %I IN DATABASE %I SET {name} = {value}', current_user, current_database()); \
               END IF; \
             END $$; \
             SET {name} = {value}"
        ))
        .await?;
    }
    tx.commit().await
}

/// Brings the schema up to date in one transaction: all of it or nothing. A node that comes in between waits. The lock is
/// the transaction's, not the session's, so that it holds through a pooler too.
pub(super) async fn migrate(pool: &DatabaseConnection) -> Result<()> {
    use migrations::MigratorTrait;
    let tx = pool.begin().await?;
    tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
    migrations::Migrator::up(&tx, None).await?;
    tx.commit().await?;
    Ok(())
}

/// One write, one transaction; run again when it collided with another one.
pub(super) async fn write<T: Send + 'static>(
    pool: &DatabaseConnection,
    (meter, rights): (&Meter, &Rights),
    run: impl WriteFn<T>,
) -> Result<T> {
    let mut tried = 0;
    loop {
        let error = match once(pool, (meter, rights), run.clone()).await {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        let Some(why) = collision(&error) else { return Err(error) };
        tried += 1;
        meter.ran_again();
        if tried >= TRIES {
            tracing::error!(why, ?error, "a write collided again and again");
            return Err(domain::Error::Unavailable.into());
        }
        tracing::debug!(why, tried, "a write is run again");
        // Those that collided come back at different moments.
        tokio::time::sleep(Duration::from_millis(rand::random_range(1..=5_u64 << tried.min(5)))).await;
    }
}

async fn once<T: Send + 'static>(
    pool: &DatabaseConnection,
    (meter, rights): (&Meter, &Rights),
    run: impl WriteFn<T>,
) -> Result<T> {
    let asked = Instant::now();
    let tx = pool.begin().await?;
    let begun = Instant::now();
    meter.waited(begun.duration_since(asked));
    let (result, left) = later::gathered(async { run(&tx).await }).await;
    let result = match result {
        Ok(value) => left.write(&tx).await.map(|rest| (value, rest.has_rights())),
        Err(error) => Err(error),
    };
    match result {
        Ok((value, has_rights)) => {
            let committed = tx.commit().await;
            if has_rights {
                // Also where it is not known whether it was committed.
                rights.forget();
            }
            committed?;
            meter.committed(1, begun.elapsed());
            Ok(value)
        }
        Err(error) => {
            // What matters is why the write failed; a connection that does not roll back is dropped, and so is its work.
            if let Err(error) = tx.rollback().await {
                tracing::warn!(%error, "rolling back");
            }
            Err(error)
        }
    }
}

/// What stood in the way of a write that may well succeed when run again. The transaction has left nothing behind.
fn collision(error: &Error) -> Option<&'static str> {
    let Error::Broken(cause) = error else { return None };
    match sql_state(cause.downcast_ref::<DbErr>()?)?.as_str() {
        "40001" => Some("serialization failure"),
        "40P01" => Some("deadlock"),
        // Breaches that are the caller's business have been turned into refusals. This one got past a look-up at the same
        // moment as another write: the next look finds what that one wrote.
        "23505" => Some("unique violation"),
        _ => None,
    }
}
