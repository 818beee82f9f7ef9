//! Image items: files of an upload, and the files in its archives.

use super::{Found, Group, Source, Work, bytes, position, position_of_file, renew};
use crate::Engine;
use crate::blob;
use crate::error::Result;
use crate::import::insert::NewItem;
use crate::import::upload::Stored;
use crate::job::RENEW;
use domain::import::ImportProblem;
use domain::item::{ImageRef, ItemData};
use formats::archive::{ArchiveLimits, take_file};
use formats::{Entry, Problem};
use futures::StreamExt;
use serde_json::Map;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::task::spawn_blocking;

/// Files of a group.
pub(super) const FILES: usize = 16;
/// Bytes of a group, beyond which it is closed.
const BYTES: u64 = 64 << 20;
/// A group is closed after so long, that the progress is seen and the lease held.
const TIME: Duration = Duration::from_secs(5);
/// The folder, in the upload's own, for files on their way.
const ON_THE_WAY: &str = "work";

/// An open archive.
pub(super) struct Archive {
    zip: formats::archive::Archive<BufReader<File>>,
}

/// A file that waits to be looked at, or why it does not.
enum Waiting {
    File { path: PathBuf, name: String, line: Option<u64> },
    Refused(ImportProblem),
}

impl Work {
    /// The next group of images: from an archive, or of single files.
    pub(super) async fn images(&mut self, place: usize, file: &Stored) -> Result<Group> {
        let begun = Instant::now();
        let way = self.folder.join(ON_THE_WAY);
        if self.source.is_none() {
            // What lies there was on its way when somebody stopped.
            let _ = tokio::fs::remove_dir_all(&way).await;
            tokio::fs::create_dir_all(&way).await?;
        }
        let path = self.path(place);
        let is_zip = match &self.source {
            Some(Source::Archive(_)) => true,
            _ => spawn_blocking(move || begins_like_zip(&path)).await.map_err(anyhow::Error::new)??,
        };
        let (waiting, mut group) =
            if is_zip { self.unpack(place, file, way, begun).await? } else { self.singles(place, way).await? };
        let engine = self.engine.clone();
        {
            let mut look = std::pin::pin!(look(&engine, waiting, &mut group));
            loop {
                tokio::select! {
                    looked = &mut look => break looked?,
                    // Cutting a gigapixel into tiles takes longer than a lease.
                    () = tokio::time::sleep(RENEW) => self.row = renew(&self.engine, &self.row).await?,
                }
            }
        }
        Ok(group)
    }

    /// The next files of an archive.
    async fn unpack(
        &mut self,
        place: usize,
        file: &Stored,
        way: PathBuf,
        begun: Instant,
    ) -> Result<(Vec<Waiting>, Group)> {
        let archive = match self.source.take() {
            Some(Source::Archive(archive)) => archive,
            _ => {
                let (path, limits, resume) = (self.path(place), self.archive_limits(), self.resume(place));
                let opened = spawn_blocking(move || {
                    let source = BufReader::with_capacity(256 << 10, File::open(&path)?);
                    formats::archive::Archive::open(source, limits, resume)
                });
                match opened.await.map_err(anyhow::Error::new)?? {
                    Ok(zip) => Archive { zip },
                    Err(problem) => return Ok((Vec::new(), self.refused(place, problem))),
                }
            }
        };
        let unpacked = spawn_blocking(move || unpack(archive, &way, begun)).await.map_err(anyhow::Error::new)?;
        let (archive, waiting, ended) = unpacked?;
        let reached = archive.zip.reached();
        let share = reached.0.min(archive.zip.entries()).saturating_mul(file.bytes) / archive.zip.entries().max(1);
        let mut group = Group { bytes_done: bytes(self.bytes_before(place) + share), ..Group::default() };
        if ended {
            group.position = position_of_file(place + 1);
            group.ended = place + 1 >= self.files.len();
        } else {
            group.position = position(place, reached);
            self.source = Some(Source::Archive(archive));
        }
        Ok((waiting, group))
    }

    /// The next files that are none.
    async fn singles(&mut self, first: usize, way: PathBuf) -> Result<(Vec<Waiting>, Group)> {
        let files: Vec<(PathBuf, Stored)> = self
            .files
            .iter()
            .enumerate()
            .skip(first)
            .take(FILES)
            .map(|(n, file)| (self.path(n), file.clone()))
            .collect();
        let limits = self.archive_limits();
        let waiting = spawn_blocking(move || {
            let (mut waiting, mut size) = (Vec::new(), 0);
            for (path, file) in files {
                if size >= BYTES || (!waiting.is_empty() && begins_like_zip(&path)?) {
                    break;
                }
                size += file.bytes;
                waiting.push(single(&path, file, &way, &limits)?);
            }
            io::Result::Ok(waiting)
        });
        let waiting = waiting.await.map_err(anyhow::Error::new)??;
        let next = first + waiting.len();
        let group = Group {
            position: position_of_file(next),
            bytes_done: bytes(self.bytes_before(next)),
            ended: next >= self.files.len(),
            ..Group::default()
        };
        Ok((waiting, group))
    }

    /// An archive that cannot be opened.
    fn refused(&self, place: usize, problem: Problem) -> Group {
        Group {
            refused: Some(problem.message.clone()),
            problems: vec![problem.into()],
            position: position_of_file(place + 1),
            bytes_done: bytes(self.bytes_before(place + 1)),
            ended: place + 1 >= self.files.len(),
            ..Group::default()
        }
    }

    fn archive_limits(&self) -> ArchiveLimits {
        let limits = self.engine.config().limits;
        ArchiveLimits {
            file_bytes: limits.image_bytes,
            // Photographs hardly shrink in an archive: what becomes many times as large is none.
            total_bytes: limits.upload_bytes.saturating_mul(8),
            ..ArchiveLimits::default()
        }
    }
}

/// Takes the waiting files in, as many at a time as there are processors, in their order.
async fn look(engine: &Engine, waiting: Vec<Waiting>, group: &mut Group) -> Result<()> {
    let at_once = std::thread::available_parallelism().map_or(2, usize::from);
    let mut looked = futures::stream::iter(waiting.into_iter().map(|waiting| {
        let engine = engine.clone();
        async move {
            match waiting {
                Waiting::Refused(problem) => Ok(Err(problem)),
                Waiting::File { path, name, line } => {
                    let taken = blob::take_in(&engine, path.clone(), name.clone()).await?;
                    if taken.is_err() {
                        tokio::fs::remove_file(&path).await?;
                    }
                    let refused = |fault: blob::Fault| ImportProblem {
                        line,
                        name: Some(name.clone()),
                        code: fault.code().to_owned(),
                        message: fault.message(),
                        sample: None,
                    };
                    let taken = taken.map_err(refused);
                    Ok::<_, crate::Error>(taken.map(|picture| (name, picture)))
                }
            }
        }
    }))
    .buffered(at_once);
    let mut items = Vec::new();
    while let Some(looked) = looked.next().await {
        group.read += 1;
        match looked? {
            Err(problem) => group.problems.push(problem),
            Ok((name, picture)) => {
                let image = ImageRef {
                    url: String::new(),
                    width: picture.width,
                    height: picture.height,
                    sha256: picture.sha256.clone(),
                    name: name.clone(),
                    tiles: picture.tiles,
                };
                let key = Some(name).filter(|name| !name.is_empty());
                items.push(NewItem::open(key, ItemData::Image(image), Map::default()));
                group.pictures.push(picture);
            }
        }
    }
    group.found = Found::Items(items);
    Ok(())
}

fn begins_like_zip(path: &Path) -> io::Result<bool> {
    let mut head = Vec::new();
    File::open(path)?.take(4).read_to_end(&mut head)?;
    Ok(formats::archive::is_zip(&head))
}

/// Takes a few files out of an archive.
fn unpack(mut archive: Archive, way: &Path, begun: Instant) -> io::Result<(Archive, Vec<Waiting>, bool)> {
    let (mut waiting, mut size) = (Vec::new(), 0);
    while waiting.len() < FILES && size < BYTES && begun.elapsed() < TIME {
        let path = way.join(uuid::Uuid::now_v7().to_string());
        match archive.zip.next_into(&mut File::create(&path)?)? {
            Some(Entry::Record(file)) => {
                size += file.bytes;
                waiting.push(Waiting::File { path, name: file.name, line: Some(file.number) });
            }
            Some(Entry::Problem(problem)) => {
                std::fs::remove_file(&path)?;
                waiting.push(Waiting::Refused(problem.into()));
            }
            None => {
                std::fs::remove_file(&path)?;
                return Ok((archive, waiting, true));
            }
        }
    }
    Ok((archive, waiting, false))
}

/// A single file under a name of its own: the uploaded one stays until the job has ended, so that it can be resumed.
fn single(path: &Path, file: Stored, way: &Path, limits: &ArchiveLimits) -> io::Result<Waiting> {
    // Only its name is asked about: its bytes are looked at where all images are.
    if !file.name.is_empty()
        && let Entry::Problem(problem) = take_file(&file.name, io::empty(), limits, &mut io::sink())?
    {
        return Ok(Waiting::Refused(problem.into()));
    }
    let target = way.join(uuid::Uuid::now_v7().to_string());
    if std::fs::hard_link(path, &target).is_err() {
        std::fs::copy(path, &target)?;
    }
    Ok(Waiting::File { path: target, name: file.name, line: None })
}
