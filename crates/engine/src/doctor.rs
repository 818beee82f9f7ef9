//! What an operator needs to know before asking for help: versions, sizes, settings of the database that cost work or
//! speed, clocks, the store, what waits and what failed. It changes nothing.

use crate::error::Result;
use crate::{Engine, watch};
use sea_orm::{ConnectionTrait, DbBackend, Statement, TryGetable};
use std::time::Instant;

/// Clocks of nodes and database may differ so much: leases are a minute, claims half an hour.
const CLOCK_MS: i64 = 5_000;
/// A job that waits longer is looked at.
const WAIT_MS: i64 = 3_600_000;

/// Something that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Somebody should do something about it.
    pub is_bad: bool,
    /// What it is and how it stands.
    pub text: String,
}

/// All that was looked at.
#[derive(Debug, Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn say(&mut self, text: impl Into<String>) {
        self.0.push(Finding { is_bad: false, text: text.into() });
    }

    fn expect(&mut self, holds: bool, text: impl Into<String>, advice: &str) {
        let text = text.into();
        let text = if holds { text } else { format!("{text}: {advice}") };
        self.0.push(Finding { is_bad: !holds, text });
    }
}

/// Looks at everything.
pub async fn look(engine: &Engine) -> Result<Vec<Finding>> {
    let mut found = Findings::default();
    match engine.db().backend() {
        DbBackend::Postgres => postgres(engine, &mut found).await?,
        _ => sqlite(engine, &mut found).await?,
    }
    store(engine, &mut found).await;
    work(engine, &mut found).await?;
    Ok(found.0)
}

async fn one<T: TryGetable>(engine: &Engine, sql: &str) -> Result<T> {
    let db = engine.db().read();
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    let row = row.ok_or_else(|| anyhow::anyhow!("no answer to {sql}"))?;
    Ok(row.try_get_by_index(0)?)
}

async fn sqlite(engine: &Engine, found: &mut Findings) -> Result<()> {
    let version: String = one(engine, "SELECT sqlite_version()").await?;
    let page: i64 = one(engine, "PRAGMA page_size").await?;
    let pages: i64 = one(engine, "PRAGMA page_count").await?;
    let free: i64 = one(engine, "PRAGMA freelist_count").await?;
    found.say(format!("database: SQLite {version}, {}, {} of it free", size(pages * page), size(free * page)));
    let log = std::fs::metadata(engine.data().join("terrace.db-wal")).map_or(0, |log| log.len());
    let log = i64::try_from(log).unwrap_or(i64::MAX);
    found.expect(
        log < 1 << 30,
        format!("write-ahead log: {}", size(log)),
        "a reader that never ends keeps it from being written back; restart the server",
    );
    Ok(())
}

async fn postgres(engine: &Engine, found: &mut Findings) -> Result<()> {
    let version: String = one(engine, "SELECT current_setting('server_version')").await?;
    let bytes: i64 = one(engine, "SELECT pg_database_size(current_database())").await?;
    let asked = Instant::now();
    let theirs: i64 = one(engine, "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS bigint)").await?;
    let way = asked.elapsed();
    found.say(format!("database: PostgreSQL {version}, {}, {} ms away", size(bytes), way.as_millis()));
    let apart = (engine.now().0 - theirs).abs();
    found.expect(apart < CLOCK_MS, format!("clocks: {apart} ms apart"), "let both follow the same time server");
    let most: i64 = one(engine, "SELECT CAST(current_setting('max_connections') AS bigint)").await?;
    let used: i64 = one(engine, "SELECT COUNT(*) FROM pg_stat_activity WHERE backend_type = 'client backend'").await?;
    let ours = i64::from(engine.config().pool.connections);
    found.expect(
        ours < most && used * 10 < most * 9,
        format!("connections: {used} of {most} in use, up to {ours} of this process"),
        "raise max_connections, lower `database_connections`, or put PgBouncer in between",
    );
    for (name, wanted, why) in [
        ("fsync", "on", "a power cut can lose everything"),
        ("full_page_writes", "on", "a power cut can leave torn pages"),
        ("autovacuum", "on", "claiming gets slower and slower"),
    ] {
        let value: String = one(engine, &format!("SELECT current_setting('{name}')")).await?;
        found.expect(value == wanted, format!("{name}: {value}"), why);
    }
    let commit: String = one(engine, "SELECT current_setting('synchronous_commit')").await?;
    found.expect(
        !matches!(commit.as_str(), "off" | "local"),
        format!("synchronous_commit: {commit}"),
        "acknowledged work can be lost with the server, or with a failover",
    );
    standbys(engine, found).await?;
    for table in ["items", "claims"] {
        let sql = format!("SELECT COALESCE(MAX(n_dead_tup), 0) FROM pg_stat_user_tables WHERE relname = '{table}'");
        let dead: i64 = one(engine, &sql).await?;
        let sql = format!("SELECT COALESCE(MAX(n_live_tup), 0) FROM pg_stat_user_tables WHERE relname = '{table}'");
        let live: i64 = one(engine, &sql).await?;
        found.expect(
            dead < 50_000 || dead < live / 5,
            format!("{table}: about {live} rows, {dead} dead versions"),
            "autovacuum does not keep up; look for transactions that never end",
        );
    }
    Ok(())
}

/// Whether what is acknowledged is on a second machine too, and whether that holds writes up.
async fn standbys(engine: &Engine, found: &mut Findings) -> Result<()> {
    let wanted: String = one(engine, "SELECT current_setting('synchronous_standby_names')").await?;
    let n: i64 = one(engine, "SELECT COUNT(*) FROM pg_stat_replication").await?;
    let known: i64 = one(engine, "SELECT COUNT(sync_state) FROM pg_stat_replication").await?;
    let exact: i64 =
        one(engine, "SELECT COUNT(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')").await?;
    if wanted.is_empty() {
        let lost =
            if n == 0 { "" } else { ", none of them synchronous: a failover can lose what was acknowledged last" };
        found.say(format!("standbys: {n}{lost}"));
    } else if n > 0 && known == 0 {
        found.say(format!(
            "standbys: {n}, wanted synchronous: {wanted} (GRANT pg_monitor TO our role, and it is told which are)"
        ));
    } else {
        found.expect(
            exact > 0,
            format!("standbys: {n}, {exact} of them synchronous; wanted: {wanted}"),
            "no write is answered until one is back or synchronous_standby_names is empty",
        );
    }
    Ok(())
}

async fn store(engine: &Engine, found: &mut Findings) {
    let asked = Instant::now();
    let reached = engine.store().recognise(engine.db()).await;
    let took = asked.elapsed().as_millis();
    let said = engine.store().said();
    match reached {
        Ok(()) => found.say(format!("files: {said}, {took} ms away")),
        Err(crate::Error::Refused(_)) => {
            found.expect(false, format!("files: {said}"), "the object store does not answer")
        }
        Err(crate::Error::Broken(cause)) => found.expect(false, format!("files: {said}"), &format!("{cause:#}")),
    }
}

async fn work(engine: &Engine, found: &mut Findings) -> Result<()> {
    let people: i64 = one(engine, "SELECT COUNT(*) FROM people WHERE active").await?;
    let projects: i64 = one(engine, "SELECT COUNT(*) FROM projects").await?;
    let now = engine.now().0;
    let sessions: i64 = one(engine, &format!("SELECT COUNT(*) FROM sessions WHERE expires_at > {now}")).await?;
    found.say(format!("people: {people} active, {sessions} browser sessions; projects: {projects}"));
    let figures = watch::figures(engine).await?;
    let items: Vec<String> = figures.items.iter().map(|(state, n)| format!("{n} {state}")).collect();
    found.say(format!("items: {}", if items.is_empty() { "none".to_owned() } else { items.join(", ") }));
    for jobs in &figures.jobs {
        found.expect(
            jobs.oldest_ms < WAIT_MS,
            format!("{}s {}: {}, the oldest for {} s", jobs.kind, jobs.state, jobs.n, jobs.oldest_ms / 1_000),
            "is any server running, and what does its log say?",
        );
    }
    for (kind, n) in figures.failed {
        found.expect(n == 0, format!("{kind}s that failed within a day: {n}"), "the log names each one's cause");
    }
    let live: i64 = one(engine, "SELECT COUNT(*) FROM claims WHERE state = 'live'").await?;
    let overdue = format!("SELECT COUNT(*) FROM claims WHERE state = 'live' AND expires_at <= {now}");
    let overdue: i64 = one(engine, &overdue).await?;
    found.say(format!("claims: {live} live, {overdue} of them lapsed, to be taken back by whoever claims next"));
    Ok(())
}

/// Bytes as people read them.
pub fn size(bytes: i64) -> String {
    let mut amount = bytes;
    for unit in ["B", "KiB", "MiB", "GiB"] {
        if amount < 10_240 {
            return format!("{amount} {unit}");
        }
        amount /= 1_024;
    }
    format!("{amount} TiB")
}

#[cfg(test)]
mod tests {
    #[test]
    fn sizes_are_short() {
        assert_eq!(super::size(0), "0 B");
        assert_eq!(super::size(10_240), "10 KiB");
        assert_eq!(super::size(64 << 30), "64 GiB");
        assert_eq!(super::size(i64::MAX), "8388607 TiB");
    }
}
