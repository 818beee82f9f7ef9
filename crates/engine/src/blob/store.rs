//! Where blobs and renditions lie on disk, and how a file gets there so that it is either whole or absent.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The original under this hash: `blobs/ab/cd/abcd…`.
pub(crate) fn original(data: &Path, sha256: &str) -> PathBuf {
    let first = sha256.get(..2).unwrap_or_default();
    let second = sha256.get(2..4).unwrap_or_default();
    data.join("blobs").join(first).join(second).join(sha256)
}

/// A rendition of it, beside it: `abcd….256.jpg`.
pub(crate) fn rendition(data: &Path, sha256: &str, kind: &str, extension: &str) -> PathBuf {
    original(data, sha256).with_file_name(format!("{sha256}.{kind}.{extension}"))
}

/// A rendition in whichever type it was made, with its media type.
pub(crate) async fn find_rendition(data: &Path, sha256: &str, kind: &str) -> Option<(PathBuf, &'static str)> {
    for (extension, media_type) in [("jpg", "image/jpeg"), ("png", "image/png")] {
        let path = rendition(data, sha256, kind, extension);
        if tokio::fs::try_exists(&path).await.unwrap_or(false) {
            return Some((path, media_type));
        }
    }
    None
}

/// Whether the original is there with this length.
pub(crate) async fn is_whole(data: &Path, sha256: &str, bytes: u64) -> bool {
    tokio::fs::metadata(original(data, sha256)).await.is_ok_and(|file| file.len() == bytes)
}

/// Moves a finished file to its place. After this it survives a power cut.
pub(crate) fn settle(from: &Path, to: &Path) -> io::Result<()> {
    let folder = folder_of(to)?;
    std::fs::create_dir_all(folder)?;
    File::open(from)?.sync_all()?;
    std::fs::rename(from, to)?;
    sync_folder(folder)
}

/// Writes a file beside its place and moves it there.
pub(crate) fn write(to: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = folder_of(to)?;
    std::fs::create_dir_all(folder)?;
    let temporary = folder.join(format!(".{}.tmp", uuid::Uuid::now_v7().simple()));
    let written = File::create(&temporary).and_then(|mut file| file.write_all(bytes));
    let settled = written.and_then(|()| settle(&temporary, to));
    if settled.is_err() {
        // What is left of it is worth nothing.
        let _ = std::fs::remove_file(&temporary);
    }
    settled
}

/// Makes names in a folder last. Some systems cannot do that, and need it as little.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn folder_of(path: &Path) -> io::Result<&Path> {
    path.parent().ok_or_else(|| io::Error::other("a blob has a folder"))
}
