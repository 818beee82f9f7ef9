//! HAProxy with a configuration of the repository's, its addresses replaced by those of a run.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::process::{Child, Command};

/// A running HAProxy; it ends with this value.
#[derive(Debug)]
pub(super) struct Proxy {
    child: Child,
}

/// Is HAProxy installed?
pub(super) async fn is_installed() -> bool {
    let asked = Command::new("haproxy").arg("-v").stdout(Stdio::null()).stderr(Stdio::null()).status().await;
    asked.is_ok_and(|status| status.success())
}

impl Proxy {
    /// Starts it with this configuration, in which each first text is replaced by the second one.
    pub(super) async fn start(
        folder: &Path,
        name: &str,
        configuration: &str,
        replaced: &[(&str, String)],
    ) -> anyhow::Result<Self> {
        // It runs as whoever runs the bench, who owns the sockets.
        let is_kept = |line: &&str| !matches!(line.trim(), "user haproxy" | "group haproxy");
        let mut text: String = configuration.lines().filter(is_kept).flat_map(|line| [line, "\n"]).collect();
        for (from, to) in replaced {
            if !text.contains(from) {
                bail!("the configuration {name} does not say `{from}` any more");
            }
            text = text.replace(from, to);
        }
        let file = folder.join(name);
        tokio::fs::write(&file, text).await?;
        let checked = Command::new("haproxy").args(["-c", "-f"]).arg(&file).output().await.context("haproxy")?;
        if !checked.status.success() {
            bail!("haproxy refuses {name}: {}", String::from_utf8_lossy(&checked.stderr));
        }
        let log = std::fs::File::create(folder.join(format!("{name}.log")))?;
        let child = Command::new("haproxy")
            .args(["-db", "-f"])
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()?;
        // The first checks of whether a server is there take a second.
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        let mut proxy = Self { child };
        if let Some(status) = proxy.child.try_wait()? {
            let said = std::fs::read_to_string(folder.join(format!("{name}.log"))).unwrap_or_default();
            bail!("haproxy ended at once ({status}): {said}");
        }
        Ok(proxy)
    }
}
