//! A server of the bench's own: the real binary over a data folder that goes with it.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};

use crate::api::Api;
use crate::database::Database;

/// The operator that the bench makes.
pub(crate) const OPERATOR: (&str, &str) = ("bench", "the bench's own password");

/// Binary, folder and address; running or not.
#[derive(Debug)]
pub(crate) struct Process {
    binary: PathBuf,
    folder: tempfile::TempDir,
    addr: String,
    child: Option<Child>,
    /// The database server, where it is not the server's own file.
    cluster: Option<cluster::Cluster>,
}

impl Process {
    /// Makes the folder and the operator, and starts the server.
    pub(crate) async fn start(binary: &Path, folder: Option<&Path>, database: Database) -> anyhow::Result<Self> {
        let mut process = Self::prepare(binary, folder, database).await?;
        process.resume().await?;
        Ok(process)
    }

    /// Makes the folder and the operator; the server does not run yet.
    pub(crate) async fn prepare(binary: &Path, folder: Option<&Path>, database: Database) -> anyhow::Result<Self> {
        let cluster = database.start().await?;
        let folder = match folder {
            Some(folder) => tempfile::tempdir_in(folder)?,
            None => tempfile::tempdir()?,
        };
        // Taken, given back, and the server's a moment later.
        let addr = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let process = Self { binary: binary.to_owned(), folder, addr, child: None, cluster };
        let (username, password) = OPERATOR;
        let mut adding = process
            .command(&["person", "add", username, "--role", "operator", "--password-stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| format!("{} does not start", binary.display()))?;
        let mut stdin = adding.stdin.take().context("no standard input")?;
        stdin.write_all(format!("{password}\n").as_bytes()).await?;
        drop(stdin);
        let added = adding.wait().await?;
        if !added.success() {
            bail!("the operator was not made");
        }
        Ok(process)
    }

    /// An engine over the same folder and database, for filling them while the server does not run.
    pub(crate) async fn engine(&self) -> anyhow::Result<engine::Engine> {
        let mut config = engine::Config::new(self.data());
        config.database_url = self.cluster.as_ref().map(|cluster| cluster.url("postgres"));
        engine::Engine::open(config).await.map_err(|error| anyhow::anyhow!("the engine does not open: {error:?}"))
    }

    /// The server's data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The database server, where it is not the server's own file.
    pub(crate) fn cluster(&self) -> Option<&cluster::Cluster> {
        self.cluster.as_ref()
    }

    /// The server's process.
    pub(crate) fn id(&self) -> Option<u32> {
        self.child.as_ref().and_then(Child::id)
    }

    /// Where it listens.
    pub(crate) fn addr(&self) -> anyhow::Result<std::net::SocketAddr> {
        Ok(self.addr.parse()?)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(arguments).current_dir(self.folder.path()).arg("--data").arg(self.data());
        command.args(["--addr", &self.addr, "--log", "warn"]).kill_on_drop(true);
        if let Some(cluster) = &self.cluster {
            command.env("TERRACE_DATABASE_URL", cluster.url("postgres"));
        }
        command
    }

    /// Where the server is.
    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Starts the server and waits until it answers.
    pub(crate) async fn resume(&mut self) -> anyhow::Result<()> {
        self.child = Some(self.command(&["serve"]).stdout(Stdio::null()).spawn()?);
        Api::new(&self.base())?.healthy().await
    }

    /// Ends the server as a power cut would: without a word.
    pub(crate) async fn kill(&mut self) -> anyhow::Result<()> {
        let mut child = self.child.take().context("the server is not running")?;
        child.kill().await?;
        Ok(())
    }

    /// Asks the server to end, and waits for it.
    pub(crate) async fn stop(&mut self) -> anyhow::Result<()> {
        let mut child = self.child.take().context("the server is not running")?;
        let id = child.id().context("the server ended by itself")?.to_string();
        Command::new("kill").args(["-TERM", &id]).status().await?;
        match tokio::time::timeout(Duration::from_secs(30), child.wait()).await {
            Ok(ended) => match ended? {
                status if status.success() => Ok(()),
                status => bail!("the server ended with an error: {status}"),
            },
            Err(_) => bail!("the server does not end when asked to"),
        }
    }

    /// The server's own audit: whether it found no breach, and what it said.
    pub(crate) async fn check(&self) -> anyhow::Result<(bool, String)> {
        let output = self.command(&["check"]).output().await?;
        let said = [output.stdout, output.stderr].concat();
        Ok((output.status.success(), String::from_utf8_lossy(&said).into_owned()))
    }
}
