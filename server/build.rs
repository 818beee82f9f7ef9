//! Puts the site that `scripts/build-site.sh` made into the binary: every file below the folder named by `TERRACE_EMBED`.
//! Without that variable the binary carries no site and reads one from a folder when told to.

#![expect(clippy::disallowed_methods, reason = "a build script is told by the environment")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=TERRACE_EMBED");
    println!("cargo::rerun-if-changed=build.rs");
    let mut table = String::from("&[\n");
    if let Some(site) = env::var_os("TERRACE_EMBED") {
        let site = PathBuf::from(site);
        println!("cargo::rerun-if-changed={}", site.display());
        list(&site, &site, &mut table)?;
    }
    table.push(']');
    let out = env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
    fs::write(out.join("site.rs"), table)
}

fn list(root: &Path, folder: &Path, table: &mut String) -> io::Result<()> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    entries.sort();
    for path in entries {
        if path.is_dir() {
            list(root, &path, table)?;
        } else {
            let name = path.strip_prefix(root).unwrap_or(&path);
            writeln!(table, "({name:?}, include_bytes!({path:?}) as &[u8]),").map_err(io::Error::other)?;
        }
    }
    Ok(())
}
