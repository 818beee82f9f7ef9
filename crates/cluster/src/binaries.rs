//! Where the system keeps PostgreSQL, and as whom it runs: never as root.

use crate::own_id;
use anyhow::{Context, bail};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest version that Terrace runs on.
const OLDEST: u32 = 15;

#[derive(Debug, Clone)]
pub(crate) struct Binaries {
    folder: PathBuf,
    /// User and group to run as, where this process is root's.
    user: Option<(u32, u32)>,
}

impl Binaries {
    /// The newest version of Debian's packages, or the one that `pg_config` tells of.
    pub(crate) fn find() -> anyhow::Result<Self> {
        let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().filter_map(|entry| {
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            let folder = entry.path().join("bin");
            folder.join("initdb").exists().then_some((version, folder))
        });
        if let Some((version, folder)) = debian.max() {
            if version < OLDEST {
                bail!("PostgreSQL {version} is too old: {OLDEST} or newer is needed");
            }
            return Ok(Self { folder, user: None });
        }
        let missing = "PostgreSQL is not installed (Debian's package is called postgresql)";
        let told = Command::new("pg_config").arg("--bindir").output().context(missing)?;
        let folder = PathBuf::from(String::from_utf8_lossy(&told.stdout).trim());
        if !folder.join("initdb").exists() {
            bail!(missing);
        }
        Ok(Self { folder, user: None })
    }

    /// Makes the folder the server's own. PostgreSQL refuses to run as root: then it is the user `postgres` or `nobody`.
    pub(crate) fn give(&mut self, folder: &Path) -> anyhow::Result<()> {
        if own_id(folder)? == 0 {
            let (user, group) = unprivileged()?;
            chown(folder, Some(user), Some(group))?;
            self.user = Some((user, group));
        }
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
        Ok(())
    }

    /// User and group that the server runs as, where they are not this process's.
    pub(crate) fn owner(&self) -> Option<(u32, u32)> {
        self.user
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn command(&self, name: &str) -> Command {
        self.run_as_server(Command::new(self.path(name)))
    }

    pub(crate) fn run_as_server(&self, mut command: Command) -> Command {
        // A folder that every user may enter.
        command.current_dir("/");
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        command
    }
}

fn unprivileged() -> anyhow::Result<(u32, u32)> {
    let users = std::fs::read_to_string("/etc/passwd")?;
    for name in ["postgres", "nobody"] {
        for line in users.lines() {
            let mut fields = line.split(':');
            if fields.next() == Some(name) {
                let mut number = || fields.next().and_then(|field| field.parse().ok());
                number();
                if let (Some(user), Some(group)) = (number(), number()) {
                    return Ok((user, group));
                }
            }
        }
    }
    bail!("PostgreSQL does not run as root, and there is neither a user `postgres` nor `nobody`")
}
