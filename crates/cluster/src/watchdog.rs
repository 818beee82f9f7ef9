//! What stops the server when its owner ended without doing so: a shell that does nothing but wait for that.

use crate::binaries::Binaries;
use anyhow::Context;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

/// `$1` is the owner, `$2` the folder. Another user's process does not take signals, so /proc is asked as well. Where the
/// folder went, so did the server.
const WAIT: &str = r#"
while [ -d "$2" ] && { kill -0 "$1" 2>/dev/null || [ -d "/proc/$1" ]; }; do sleep 0.5; done
pid=$(head -n 1 "$2/data/postmaster.pid" 2>/dev/null) && kill -INT "$pid" 2>/dev/null
tries=0
while [ -e "$2/data/postmaster.pid" ] && [ $tries -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
rm -rf "$2"
"#;

pub(crate) fn start(binaries: &Binaries, folder: &Path, owner: u32) -> anyhow::Result<()> {
    let mut shell = binaries.run_as_server(Command::new("sh"));
    shell.args(["-c", WAIT, "sh", &owner.to_string()]).arg(folder);
    // Nobody waits for it: it ends after its owner.
    let _left = shell
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("the watchdog does not start")?;
    Ok(())
}
