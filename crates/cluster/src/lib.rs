//! A PostgreSQL server of one's own, PgBouncer before it ([`Pooler`]), and an S3 server ([`Bucket`]), for tests and measurements. PostgreSQL is a new database cluster in a folder, started from the
//! system's binaries, reached over a socket in that folder, and gone with it.
//!
//! What it never does: touch a server that is there already, open a network port, or outlive the process that it was
//! started for, however that one ends. Nothing here belongs into the product.
#![warn(missing_docs)]

mod binaries;
mod bucket;
mod pooler;
mod watchdog;

use anyhow::{Context, bail};
use binaries::Binaries;
pub use bucket::Bucket;
pub use pooler::Pooler;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The superuser of every cluster made here. Who reaches the socket is trusted: the folder is the owner's alone.
pub const USER: &str = "terrace";
/// The longest path of a socket that systems allow is 107 bytes.
const SOCKET_PATH_MAX: usize = 107;
/// The name of a server's socket.
const SOCKET: &str = ".s.PGSQL.5432";
/// How long starting and stopping may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is to last longer than the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// A commit is on disk before it is answered, as in production.
    Full,
    /// Nothing is waited for: a test's rows need not survive the machine.
    None,
}

/// A running server. Dropping it stops it and removes its folder.
#[derive(Debug)]
pub struct Cluster {
    binaries: Binaries,
    folder: PathBuf,
    settings: Vec<String>,
    server: Option<Child>,
    /// Left to run until the process that is watched ends.
    left: bool,
}

impl Cluster {
    /// Makes a cluster in a temporary folder and starts it, with these settings (`name=value`) beside our own. It is
    /// stopped at the latest when this process ends.
    ///
    /// # Errors
    /// When PostgreSQL is not installed, or does not start.
    pub fn start(durability: Durability, settings: &[&str]) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("terrace-postgres-").tempdir_in(short_folder())?.keep();
        Self::start_in(folder, durability, settings, std::process::id())
    }

    /// The same in this folder, which must be empty but for the caller's own files, stopped at the latest when the
    /// process `owner` ends.
    ///
    /// # Errors
    /// When PostgreSQL is not installed, or does not start.
    pub fn start_in(folder: PathBuf, durability: Durability, settings: &[&str], owner: u32) -> anyhow::Result<Self> {
        let mut binaries = Binaries::find()?;
        if folder.join(SOCKET).as_os_str().len() > SOCKET_PATH_MAX {
            bail!("{} is too long a path for a socket", folder.display());
        }
        binaries.give(&folder)?;
        let mut cluster =
            Self { settings: all_settings(&folder, durability, settings), binaries, folder, server: None, left: false };
        cluster.make()?;
        cluster.resume()?;
        watchdog::start(&cluster.binaries, &cluster.folder, owner)?;
        Ok(cluster)
    }

    /// A standby of this server, which copies it as it goes and calls itself `name`; with [`Cluster::wait_for`] commits wait
    /// for it.
    ///
    /// # Errors
    /// When the copy cannot be made, or does not start.
    pub fn standby(&self, name: &str, settings: &[&str]) -> anyhow::Result<Self> {
        let mut binaries = Binaries::find()?;
        let folder = tempfile::Builder::new().prefix("terrace-standby-").tempdir_in(short_folder())?.keep();
        binaries.give(&folder)?;
        let primary = format!("host={} user={USER} application_name={name}", self.folder.display());
        let mut copy = binaries.command("pg_basebackup");
        copy.arg("-D").arg(folder.join("data")).args(["-d", &primary, "-X", "stream", "-c", "fast", "--no-sync", "-R"]);
        let made = copy.stdin(Stdio::null()).output().context("pg_basebackup does not start")?;
        if !made.status.success() {
            bail!("pg_basebackup failed: {}", String::from_utf8_lossy(&made.stderr).trim());
        }
        let mut all = all_settings(&folder, Durability::Full, settings);
        all.push(format!("primary_conninfo={primary}"));
        let mut standby = Self { settings: all, binaries, folder, server: None, left: false };
        standby.resume()?;
        watchdog::start(&standby.binaries, &standby.folder, std::process::id())?;
        Ok(standby)
    }

    /// From here on a commit is answered only when the standby of this name has it on disk too.
    ///
    /// # Errors
    /// When the standby does not take part within a minute.
    pub fn wait_for(&self, name: &str) -> anyhow::Result<()> {
        self.sql("postgres", &format!("ALTER SYSTEM SET synchronous_standby_names = '{name}'"))?;
        self.sql("postgres", "SELECT pg_reload_conf()")?;
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let asked = "SELECT COUNT(*) FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'";
            if self.sql("postgres", asked)? == "1" {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("the standby does not take part after {} s: {}", PATIENCE.as_secs(), self.end_of_log())
    }

    /// Makes a primary of a standby, and waits until it is one.
    ///
    /// # Errors
    /// When it is none.
    pub fn promote(&self) -> anyhow::Result<()> {
        match self.sql("postgres", "SELECT pg_promote(true, 60)")?.as_str() {
            "t" => Ok(()),
            other => bail!("the standby was not promoted ({other}): {}", self.end_of_log()),
        }
    }

    /// The socket at which it listens.
    pub fn socket(&self) -> PathBuf {
        self.folder.join(SOCKET)
    }

    /// Runs one of PostgreSQL's own tools, with the options by which it finds a database of this cluster.
    ///
    /// # Errors
    /// With what the tool says.
    pub fn tool(&self, name: &str, database: &str, arguments: &[&str]) -> anyhow::Result<String> {
        let mut tool = Command::new(self.binaries.path(name));
        tool.arg("-h").arg(&self.folder).args(["-U", USER, "-d", database]).args(arguments);
        let answer = tool.stdin(Stdio::null()).output().with_context(|| format!("{name} does not start"))?;
        if !answer.status.success() {
            bail!("{name}: {}", String::from_utf8_lossy(&answer.stderr).trim());
        }
        Ok(String::from_utf8_lossy(&answer.stdout).into_owned())
    }

    /// The address of one of its databases; `postgres` is there from the beginning.
    pub fn url(&self, database: &str) -> String {
        url(&self.folder, database)
    }

    /// Where its files and its socket are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Runs SQL in a database, outside of any transaction, and gives back what it answers, a line for each row.
    ///
    /// # Errors
    /// What the server says against it.
    pub fn sql(&self, database: &str, sql: &str) -> anyhow::Result<String> {
        sql_at(&self.folder, database, sql)
    }

    /// Ends the server as a power cut would: every process of it, without a word.
    ///
    /// # Errors
    /// When it is not running.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        let mut server = self.server.take().context("PostgreSQL is not running")?;
        server.kill()?;
        server.wait()?;
        Ok(())
    }

    /// Starts the server again over the same files, and waits until it answers.
    ///
    /// # Errors
    /// With the end of its log when it does not.
    pub fn resume(&mut self) -> anyhow::Result<()> {
        let begun = Instant::now();
        let mut id = self.spawn()?;
        while begun.elapsed() < PATIENCE {
            if let Some(ended) = self.server.as_mut().map(Child::try_wait).transpose()?.flatten() {
                // After a kill its children may live a moment longer and hold the shared memory.
                if begun.elapsed() > Duration::from_secs(5) || !self.end_of_log().contains("shared memory block") {
                    bail!("PostgreSQL ended at once ({ended}): {}", self.end_of_log());
                }
                id = self.spawn()?;
            }
            if is_ready(&self.folder, id) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        bail!("PostgreSQL is not ready after {} s: {}", PATIENCE.as_secs(), self.end_of_log())
    }

    fn spawn(&mut self) -> anyhow::Result<u32> {
        let log = std::fs::File::options().create(true).append(true).open(self.folder.join("log"))?;
        let mut command = self.binaries.command("postgres");
        command.arg("-D").arg(self.folder.join("data"));
        for setting in &self.settings {
            command.args(["-c", setting]);
        }
        // Neither the terminal's signals nor a test runner's end of a process group are meant for it.
        let server = command.process_group(0).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn();
        Ok(self.server.insert(server.context("postgres does not start")?).id())
    }

    /// Lets it run on after this value is gone, until the process that owns it ends.
    pub fn leave(mut self) {
        self.left = true;
    }

    /// Stops the server: open transactions are rolled back, everything else is written.
    ///
    /// # Errors
    /// When it does not stop.
    pub fn stop(&mut self) -> anyhow::Result<()> {
        let Some(mut server) = self.server.take() else { return Ok(()) };
        Command::new("kill").args(["-INT", &server.id().to_string()]).status()?;
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if server.try_wait()?.is_some() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        server.kill()?;
        bail!("PostgreSQL did not stop within {} s", PATIENCE.as_secs())
    }

    fn make(&self) -> anyhow::Result<()> {
        let mut initdb = self.binaries.command("initdb");
        initdb.arg("-D").arg(self.folder.join("data")).args([
            "-U",
            USER,
            "--auth=trust",
            "--no-sync",
            "--encoding=UTF8",
        ]);
        // Text is compared by a language's rules here, as in most installations: what relies on the order of bytes without
        // saying so is found out.
        initdb.args(["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=zh-Hans-CN"]);
        let made = initdb.stdin(Stdio::null()).output().context("initdb does not start")?;
        if !made.status.success() {
            bail!("initdb failed: {}", String::from_utf8_lossy(&made.stderr).trim());
        }
        Ok(())
    }

    fn end_of_log(&self) -> String {
        let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        log.lines().rev().take(5).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join(" | ")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.left {
            return;
        }
        // Whatever goes wrong here, the watchdog finds again when this process ends.
        if self.stop().is_ok() {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

/// The address of a database of the cluster in this folder.
pub fn url(folder: &Path, database: &str) -> String {
    format!("postgres://{USER}@localhost/{database}?host={}", folder.display())
}

/// Runs SQL in a database of the cluster in this folder; see [`Cluster::sql`].
///
/// # Errors
/// What the server says against it.
pub fn sql_at(folder: &Path, database: &str, sql: &str) -> anyhow::Result<String> {
    let mut psql = Command::new(Binaries::find()?.path("psql"));
    psql.arg("-h").arg(folder).args([
        "-U",
        USER,
        "-d",
        database,
        "-X",
        "-q",
        "-A",
        "-t",
        "-v",
        "ON_ERROR_STOP=1",
        "-c",
        sql,
    ]);
    let answer = psql.stdin(Stdio::null()).output().context("psql does not start")?;
    if !answer.status.success() {
        bail!("{sql}: {}", String::from_utf8_lossy(&answer.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&answer.stdout).trim_end().to_owned())
}

/// Where `scripts/setup.sh` keeps tools that the system has no package of.
#[expect(clippy::disallowed_methods, reason = "where tools are kept is the machine's to say")]
fn tools() -> PathBuf {
    let cache = std::env::var_os("TERRACE_CACHE").map(PathBuf::from);
    let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cache/terrace");
    cache.unwrap_or_else(home)
}

/// The system's temporary folder, or `/tmp` where that one is too long a path for a socket.
pub fn short_folder() -> PathBuf {
    let folder = std::env::temp_dir();
    if folder.as_os_str().len() > 50 { PathBuf::from("/tmp") } else { folder }
}

fn all_settings(folder: &Path, durability: Durability, more: &[&str]) -> Vec<String> {
    let mut settings = vec![
        "listen_addresses=".to_owned(),
        format!("unix_socket_directories={}", folder.display()),
        "unix_socket_permissions=0700".to_owned(),
        "max_connections=300".to_owned(),
        "shared_buffers=256MB".to_owned(),
        "timezone=UTC".to_owned(),
    ];
    if durability == Durability::None {
        let fast =
            ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0"];
        settings.extend(fast.map(str::to_owned));
        settings.push("deadlock_timeout=50ms".to_owned());
    }
    settings.extend(more.iter().map(|setting| (*setting).to_owned()));
    settings
}

/// The eighth line of its file says how far the server with this id is.
fn is_ready(folder: &Path, id: u32) -> bool {
    let text = std::fs::read_to_string(folder.join("data/postmaster.pid")).unwrap_or_default();
    let mut lines = text.lines();
    lines.next().is_some_and(|line| line.trim() == id.to_string())
        && lines.nth(6).is_some_and(|line| line.trim() == "ready")
}

/// Whose process this is, seen from a folder that it made.
fn own_id(folder: &Path) -> std::io::Result<u32> {
    Ok(std::fs::metadata(folder)?.uid())
}
