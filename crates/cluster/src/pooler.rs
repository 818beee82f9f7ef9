//! PgBouncer in transaction mode before a [`Cluster`]: 1.21 or newer, since older ones know no prepared statements there.
//! `scripts/setup.sh` installs it. It ends with the process that it was started for, however that one ends.

use crate::binaries::Binaries;
use crate::{Cluster, PATIENCE, SOCKET, USER, short_folder};
use anyhow::{Context, bail};
use std::os::unix::fs::chown;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// `$1` pools by the file in the folder `$2` until the process `$3` ends or this shell is told to.
const SERVE: &str = r#"
"$1" -q "$2/pgbouncer.ini" & server=$!
trap 'kill $server 2>/dev/null; exit 0' TERM
while { kill -0 "$3" 2>/dev/null || [ -d "/proc/$3" ]; } && kill -0 $server 2>/dev/null; do sleep 0.3; done
kill $server 2>/dev/null
rm -rf "$2"
"#;

/// A running PgBouncer. Dropping it stops it.
#[derive(Debug)]
pub struct Pooler {
    shell: Child,
    folder: PathBuf,
}

impl Pooler {
    /// Starts it before this server, with at most so many connections to each of its databases.
    ///
    /// # Errors
    /// When no PgBouncer that is new enough is installed, or it does not start.
    pub fn start(server: &Cluster, connections: u32) -> anyhow::Result<Self> {
        let installed = binary()?;
        let mut binaries = Binaries::find()?;
        let folder = tempfile::Builder::new().prefix("terrace-pooler-").tempdir_in(short_folder())?.keep();
        binaries.give(&folder)?;
        // The user that it runs as may not be let into the folder where tools are kept.
        let (binary, file) = (folder.join("pgbouncer"), folder.join("pgbouncer.ini"));
        std::fs::copy(&installed, &binary)?;
        std::fs::write(&file, configuration(server.folder(), &folder, connections))?;
        if let Some((user, group)) = binaries.owner() {
            chown(&file, Some(user), Some(group))?;
        }
        let mut shell = binaries.run_as_server(Command::new("sh"));
        shell.args(["-c", SERVE, "sh"]).arg(&binary).arg(&folder).arg(std::process::id().to_string());
        let shell = shell.process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let mut pooler = Self { shell: shell.context("PgBouncer does not start")?, folder };
        let begun = Instant::now();
        while UnixStream::connect(pooler.folder.join(SOCKET)).is_err() {
            if begun.elapsed() > PATIENCE || pooler.shell.try_wait()?.is_some() {
                let log = std::fs::read_to_string(pooler.folder.join("log")).unwrap_or_default();
                bail!("PgBouncer does not answer: {log}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(pooler)
    }

    /// Where its socket is: what [`crate::url`] wants.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        // Whatever goes wrong here, the shell ends by itself when this process does.
        let _ = Command::new("kill").args(["-TERM", &self.shell.id().to_string()]).status();
        let _ = self.shell.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn configuration(server: &Path, folder: &Path, connections: u32) -> String {
    format!(
        "[databases]\n* = host={} user={USER}\n[pgbouncer]\nlisten_port = 5432\nunix_socket_dir = {folder}\n\
         logfile = {folder}/log\nauth_type = any\npool_mode = transaction\nmax_prepared_statements = 256\n\
         default_pool_size = {connections}\nmax_client_conn = 1000\n",
        server.display(),
        folder = folder.display(),
    )
}

/// The one that `scripts/setup.sh` made, or else the system's.
fn binary() -> anyhow::Result<PathBuf> {
    let own = crate::tools().join("pgbouncer/bin/pgbouncer");
    let places = [own, PathBuf::from("/usr/sbin/pgbouncer")];
    let found = places.into_iter().find(|path| path.exists());
    let found = found.context("PgBouncer is not installed: run scripts/setup.sh test")?;
    let said = Command::new(&found).arg("-V").output().context("PgBouncer does not start")?;
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let mut numbers = said.split_whitespace().nth(1).unwrap_or_default().split('.').map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(1)), Some(Ok(minor))) if minor >= 21 => Ok(found),
        (Some(Ok(major)), _) if major > 1 => Ok(found),
        _ => bail!("{} is too old: {}", found.display(), said.lines().next().unwrap_or_default()),
    }
}
