//! One process of the real binary: its settings, whether it runs, and how it is ended.

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};

use crate::api::Api;

/// The operator that the bench makes.
pub(crate) const OPERATOR: (&str, &str) = ("bench", "the bench's own password");

/// Binary, data folder and address; running or not.
#[derive(Debug)]
pub(crate) struct Node {
    binary: PathBuf,
    data: PathBuf,
    addr: String,
    /// Environment variables beside folder and address.
    settings: Vec<(String, String)>,
    /// What it says goes into this file in place of the terminal.
    log: Option<PathBuf>,
    child: Option<Child>,
}

impl Node {
    /// One that does not run yet, on a free port.
    pub(crate) fn new(binary: &Path, data: PathBuf) -> anyhow::Result<Self> {
        Ok(Self { binary: whole(binary)?, data, addr: free_port()?, settings: Vec::new(), log: None, child: None })
    }

    /// The next start is of this binary.
    pub(crate) fn replace(&mut self, binary: &Path) -> anyhow::Result<()> {
        self.binary = whole(binary)?;
        Ok(())
    }

    /// A setting as an environment variable.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.settings.retain(|(known, _)| known != name);
        self.settings.push((name.to_owned(), value.into()));
    }

    /// What it says goes into a file of this name beside its data folder.
    pub(crate) fn keep_log(&mut self, name: &str) {
        self.log = self.data.parent().map(|folder| folder.join(format!("{name}.log")));
    }

    /// What it says goes into this file.
    pub(crate) fn log_to(&mut self, file: PathBuf) {
        self.log = Some(file);
    }

    /// The last lines of its log.
    pub(crate) fn end_of_log(&self, lines: usize) -> String {
        let text = self.log.as_ref().and_then(|log| std::fs::read_to_string(log).ok()).unwrap_or_default();
        let all: Vec<&str> = text.lines().collect();
        all.get(all.len().saturating_sub(lines)..).unwrap_or_default().join("\n")
    }

    /// The data folder.
    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// Where it listens.
    pub(crate) fn addr(&self) -> &str {
        &self.addr
    }

    /// Where it is.
    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The process.
    pub(crate) fn id(&self) -> Option<u32> {
        self.child.as_ref().and_then(Child::id)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        // A folder without a configuration file, and without the caller's settings.
        command.current_dir("/");
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("TERRACE_") {
                command.env_remove(name);
            }
        }
        command.args(arguments).arg("--data").arg(&self.data).args(["--addr", &self.addr, "--log", "warn"]);
        command.envs(self.settings.iter().map(|(name, value)| (name, value))).kill_on_drop(true);
        command
    }

    /// Runs another command of the binary over the same data, to its end.
    pub(crate) async fn run(&self, arguments: &[&str]) -> anyhow::Result<Output> {
        Ok(self.command(arguments).stdin(Stdio::null()).output().await?)
    }

    /// The same, and what it said; an error when it failed.
    pub(crate) async fn run_well(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let output = self.run(arguments).await?;
        let said = said(&output);
        if !output.status.success() {
            bail!("terrace {}: {said}", arguments.join(" "));
        }
        Ok(said)
    }

    /// Makes the operator.
    pub(crate) async fn add_operator(&self) -> anyhow::Result<()> {
        let (username, password) = OPERATOR;
        let mut adding = self
            .command(&["person", "add", username, "--role", "operator", "--password-stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| format!("{} does not start", self.binary.display()))?;
        let mut stdin = adding.stdin.take().context("no standard input")?;
        stdin.write_all(format!("{password}\n").as_bytes()).await?;
        drop(stdin);
        let added = adding.wait().await?;
        if !added.success() {
            bail!("the operator was not made");
        }
        Ok(())
    }

    /// Starts it; whether it is ready is another question.
    pub(crate) fn spawn(&mut self) -> anyhow::Result<()> {
        let mut command = self.command(&["serve"]);
        command.stdout(Stdio::null());
        if let Some(log) = &self.log {
            command.stderr(std::fs::File::options().create(true).append(true).open(log)?);
        }
        self.child = Some(command.spawn()?);
        Ok(())
    }

    /// Starts it and waits until it is ready.
    pub(crate) async fn resume(&mut self) -> anyhow::Result<()> {
        self.spawn()?;
        if let Err(error) = Api::new(&self.base())?.healthy().await {
            return Err(error.context(self.end_of_log(5)));
        }
        Ok(())
    }

    /// Starts it and expects it to end by itself within so many seconds; gives whether it failed, and what it said.
    pub(crate) async fn refuses(&self, seconds: u64) -> anyhow::Result<(bool, String)> {
        let output = tokio::time::timeout(Duration::from_secs(seconds), self.run(&["serve"])).await;
        let Ok(output) = output else { return Ok((false, "it serves".to_owned())) };
        let output = output?;
        Ok((!output.status.success(), said(&output)))
    }

    /// Ends it as a power cut would: without a word.
    pub(crate) async fn kill(&mut self) -> anyhow::Result<()> {
        let mut child = self.child.take().context("the server is not running")?;
        child.kill().await?;
        Ok(())
    }

    /// Asks it to end, and waits for that.
    pub(crate) async fn stop(&mut self) -> anyhow::Result<()> {
        let mut child = self.child.take().context("the server is not running")?;
        let id = child.id().context("the server ended by itself")?.to_string();
        Command::new("kill").args(["-TERM", &id]).status().await?;
        match tokio::time::timeout(Duration::from_secs(40), child.wait()).await {
            Ok(ended) => match ended? {
                status if status.success() => Ok(()),
                status => bail!("the server ended with an error: {status}"),
            },
            Err(_) => bail!("the server does not end when asked to"),
        }
    }

    /// The server's own audit: whether it found no breach, and what it said.
    pub(crate) async fn check(&self) -> anyhow::Result<(bool, String)> {
        let output = self.run(&["check"]).await?;
        Ok((output.status.success(), said(&output)))
    }
}

/// A path that does not depend on where a process is started.
fn whole(binary: &Path) -> anyhow::Result<PathBuf> {
    binary.canonicalize().with_context(|| format!("{} is not there", binary.display()))
}

/// Taken, given back, and a server's a moment later.
pub(crate) fn free_port() -> anyhow::Result<String> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

/// What a command said, on both of its outputs.
pub(crate) fn said(output: &Output) -> String {
    let said = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&said).trim().to_owned()
}
