//! Images as an upload: one file, or a ZIP of many, entry by entry into a writer that the caller gives.
//!
//! What it never does: look whether the bytes are an image (the engine asks the pixels), write to a path, or believe a
//! size: every limit counts bytes as they come out.
//!
//! Names in a ZIP without its UTF-8 flag are read as UTF-8 if they are that, and otherwise as GBK or Big5, whichever the
//! archive's names together look like. Directories, and what operating systems leave behind (`__MACOSX`, `.DS_Store`,
//! `Thumbs.db`, `desktop.ini`), are passed over; everything else that is not a plain file is a problem.

use std::io::{self, Read, Seek, SeekFrom, Write};

use domain::project::Modality;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::format::{Format, Kind, Title};
use crate::problem::{Fault, Problem};
use crate::record::{Entry, Position};
use crate::text::by_familiarity;

/// Image files in, single or in a ZIP.
pub const IMPORT: Format = Format {
    id: "images",
    kind: Kind::Import,
    title: Title { zh: "图像文件或 ZIP 压缩包", en: "Image files or a ZIP of them" },
    modalities: &[Modality::Image],
    extensions: &["bmp", "jpeg", "jpg", "png", "tif", "tiff", "webp", "zip"],
};

/// What is too much for one upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArchiveLimits {
    /// Entries of an archive, directories and all.
    pub entries: u64,
    /// Bytes of one file.
    pub file_bytes: u64,
    /// How many times its compressed size a file may become, and the archive's size all files together; not asked below
    /// 1 MiB and 64 MiB.
    pub ratio: u64,
    /// Bytes of all files together.
    pub total_bytes: u64,
}

impl Default for ArchiveLimits {
    fn default() -> Self {
        Self { entries: 100_000, file_bytes: 512 << 20, ratio: 200, total_bytes: 64 << 30 }
    }
}

/// Below this a high ratio harms nobody.
const RATIO_FLOOR: u64 = 1 << 20;
/// The same for all files together.
const TOTAL_FLOOR: u64 = 64 << 20;
/// How much of the names is looked at to guess their encoding.
const NAMES_SAMPLE: usize = 64 << 10;
const CHUNK: usize = 64 << 10;

/// A file whose bytes are in the caller's writer now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEntry {
    /// Which entry of the archive it was, counted from 1.
    pub number: u64,
    /// Its name with the folders, separated by `/`.
    pub name: String,
    /// Its length.
    pub bytes: u64,
}

/// Whether a file begins like a ZIP.
#[must_use]
pub fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// Copies a single uploaded file.
///
/// # Errors
/// When the source cannot be read or the writer not be written.
pub fn take_file(
    name: &str,
    mut source: impl Read,
    limits: &ArchiveLimits,
    out: &mut dyn Write,
) -> io::Result<Entry<FileEntry>> {
    if let Err(fault) = checked_name(name.to_owned()) {
        return Ok(Entry::Problem(Problem::of(name, &fault)));
    }
    let mut bytes = 0;
    let mut chunk = vec![0; CHUNK];
    loop {
        let filled = fill(&mut source, &mut chunk)?;
        if filled.is_empty() {
            return Ok(Entry::Record(FileEntry { number: 1, name: name.to_owned(), bytes }));
        }
        bytes += filled.len() as u64;
        if bytes > limits.file_bytes {
            return Ok(Entry::Problem(Problem::of(name, &Fault::FileTooLarge { limit: limits.file_bytes })));
        }
        out.write_all(filled)?;
    }
}

/// The files of a ZIP, one after the other.
pub struct Archive<R> {
    zip: ZipArchive<R>,
    length: u64,
    limits: ArchiveLimits,
    names: crate::text::Encoding,
    /// Entries behind us.
    at: u64,
    total: u64,
    ended: bool,
}

impl<R: Read + Seek> Archive<R> {
    /// Opens an archive, or tells why it is none. Entries up to `resume` are not handed over again.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn open(mut source: R, limits: ArchiveLimits, resume: Position) -> io::Result<Result<Self, Problem>> {
        let length = source.seek(SeekFrom::End(0))?;
        // The directory is read into memory at once, so its size is looked at before.
        match announced_entries(&mut source, length)? {
            Some(entries) if entries > limits.entries => {
                return Ok(Err(Problem::whole(&Fault::ArchiveTooMany { limit: limits.entries })));
            }
            Some(_) => {}
            None => return Ok(Err(Problem::whole(&Fault::ArchiveInvalid))),
        }
        let zip = match ZipArchive::new(source) {
            Ok(zip) => zip,
            Err(ZipError::Io(error)) if !is_about_data(&error) => return Err(error),
            Err(_) => return Ok(Err(Problem::whole(&Fault::ArchiveInvalid))),
        };
        if zip.len() as u64 > limits.entries {
            return Ok(Err(Problem::whole(&Fault::ArchiveTooMany { limit: limits.entries })));
        }
        let names = guess_names(&zip);
        // Entries may share their compressed bytes, each harmless and all together a bomb: the archive as a whole has the
        // same ratio to keep.
        let whole_ratio = length.saturating_mul(limits.ratio).max(TOTAL_FLOOR);
        let limits = ArchiveLimits { total_bytes: limits.total_bytes.min(whole_ratio), ..limits };
        Ok(Ok(Self { zip, length, limits, names, at: resume.0, total: 0, ended: false }))
    }

    /// How many entries there are, for a progress bar.
    #[must_use]
    pub fn entries(&self) -> u64 {
        self.zip.len() as u64
    }

    /// Where to resume once everything handed over so far is stored.
    #[must_use]
    pub fn reached(&self) -> Position {
        Position(self.at)
    }

    /// Writes the next file into `out`, which must be empty: a new one for each call. After a problem, what is in it is
    /// worthless. `None` at the end.
    ///
    /// # Errors
    /// When the archive cannot be read or `out` not be written.
    pub fn next_into(&mut self, out: &mut dyn Write) -> io::Result<Option<Entry<FileEntry>>> {
        while !self.ended {
            let count = self.zip.len() as u64;
            if self.at >= count {
                self.ended = true;
                // One step beyond the entries, so that a resumed import does not tell it twice.
                if self.at == count && self.zip.has_duplicate_names() {
                    self.at = count + 1;
                    return Ok(Some(Entry::Problem(Problem::at(count, &Fault::ArchiveDuplicateNames))));
                }
                return Ok(None);
            }
            let number = self.at + 1;
            let taken = self.take(number, out);
            self.at = number;
            match taken? {
                Taken::Passed => {}
                Taken::File(file) => return Ok(Some(Entry::Record(file))),
                Taken::Refused(name, fault) => {
                    self.ended = matches!(fault, Fault::ArchiveTooLarge { .. });
                    let problem = Problem { line: Some(number), ..Problem::of(name, &fault) };
                    return Ok(Some(Entry::Problem(problem)));
                }
            }
        }
        Ok(None)
    }

    fn take(&mut self, number: u64, out: &mut dyn Write) -> io::Result<Taken> {
        let Some(index) = number.checked_sub(1).and_then(|index| usize::try_from(index).ok()) else {
            return Ok(Taken::Passed);
        };
        let (length, limits, names, total) = (self.length, self.limits, self.names, self.total);
        let (name, kind) = match self.zip.by_index_data(index) {
            Ok(entry) => {
                let name = decode_name(entry.name_raw(), names);
                let kind = if entry.encrypted() {
                    Some(Fault::ArchiveEntryEncrypted)
                } else if entry.is_symlink() || entry.unix_mode().is_some_and(is_special) {
                    Some(Fault::ArchiveEntryLink)
                } else {
                    None
                };
                if name.ends_with('/') && entry.size() == 0 || is_left_behind(&name) {
                    return Ok(Taken::Passed);
                }
                (name, kind)
            }
            Err(_) => return Ok(Taken::Refused(format!("#{number}"), Fault::ArchiveEntryDamaged)),
        };
        let name = match checked_name(name.clone()).and_then(|checked| kind.map_or(Ok(checked), Err)) {
            Ok(checked) => checked,
            Err(fault) => return Ok(Taken::Refused(name, fault)),
        };
        if has_archive_ending(&name) {
            return Ok(Taken::Refused(name, Fault::ArchiveEntryArchive));
        }
        let mut file = match self.zip.by_index(index) {
            Ok(file) => file,
            Err(ZipError::Io(error)) if !is_about_data(&error) => return Err(error),
            Err(ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_)) => {
                return Ok(Taken::Refused(name, Fault::ArchiveEntryUnsupported));
            }
            Err(_) => return Ok(Taken::Refused(name, Fault::ArchiveEntryDamaged)),
        };
        // What the directory says of the compressed size may be a lie, but never more than there is.
        let compressed = file.compressed_size().clamp(1, length.max(1));
        let mut bytes = 0;
        let mut chunk = vec![0; CHUNK];
        loop {
            let filled = match fill(&mut file, &mut chunk) {
                Ok(filled) => filled,
                Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                    return Ok(Taken::Refused(name, Fault::ArchiveEntryUnsupported));
                }
                Err(error) if is_about_data(&error) => return Ok(Taken::Refused(name, Fault::ArchiveEntryDamaged)),
                Err(error) => return Err(error),
            };
            if filled.is_empty() {
                break;
            }
            if bytes == 0 && is_archive(filled) {
                return Ok(Taken::Refused(name, Fault::ArchiveEntryArchive));
            }
            bytes += filled.len() as u64;
            // What was unpacked counts, also of files that are refused later.
            self.total += filled.len() as u64;
            if bytes > limits.file_bytes {
                return Ok(Taken::Refused(name, Fault::FileTooLarge { limit: limits.file_bytes }));
            }
            if bytes > RATIO_FLOOR && bytes / compressed > limits.ratio {
                return Ok(Taken::Refused(name, Fault::ArchiveRatio { limit: limits.ratio }));
            }
            if total + bytes > limits.total_bytes {
                return Ok(Taken::Refused(name, Fault::ArchiveTooLarge { limit: limits.total_bytes }));
            }
            out.write_all(filled)?;
        }
        Ok(Taken::File(FileEntry { number, name, bytes }))
    }
}

enum Taken {
    File(FileEntry),
    Passed,
    Refused(String, Fault),
}

/// Reads until the chunk is full or the source at its end.
fn fill<'a>(source: &mut impl Read, chunk: &'a mut [u8]) -> io::Result<&'a [u8]> {
    let mut filled = 0;
    while let Some(free) = chunk.get_mut(filled..).filter(|free| !free.is_empty()) {
        match source.read(free) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(chunk.get(..filled).unwrap_or_default())
}

/// Errors that come from the bytes and not from the machine.
fn is_about_data(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput, Other, UnexpectedEof, Unsupported};
    error.raw_os_error().is_none()
        && matches!(error.kind(), InvalidData | InvalidInput | Other | UnexpectedEof | Unsupported)
}

/// Neither a regular file nor a directory, by the file type bits of a Unix mode; no type at all is a file.
fn is_special(mode: u32) -> bool {
    !matches!(mode & 0o170_000, 0 | 0o100_000 | 0o040_000)
}

/// Refuses names that would leave a folder they were unpacked into, though nothing here unpacks into folders: they are
/// shown to people and end up in exports, which other programs unpack.
fn checked_name(name: String) -> Result<String, Fault> {
    let unsafe_part = |part: &str| part == ".." || part == ".";
    let drive = matches!(name.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
    if name.is_empty()
        || name.len() > 1024
        || name.starts_with('/')
        || name.ends_with('/')
        || drive
        || name.chars().any(char::is_control)
        || name.split('/').any(unsafe_part)
    {
        return Err(Fault::ArchiveEntryPath);
    }
    Ok(name)
}

fn is_left_behind(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    name.starts_with("__MACOSX/") || matches!(file, ".DS_Store" | "Thumbs.db" | "desktop.ini")
}

fn has_archive_ending(name: &str) -> bool {
    const ENDINGS: [&str; 12] = ["7z", "bz2", "cab", "gz", "lz4", "rar", "tar", "tgz", "txz", "xz", "zip", "zst"];
    name.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&ending.to_ascii_lowercase().as_str()))
}

fn is_archive(head: &[u8]) -> bool {
    is_zip(head)
        || head.starts_with(b"Rar!\x1a\x07")
        || head.starts_with(b"7z\xbc\xaf\x27\x1c")
        || head.starts_with(b"\x1f\x8b\x08")
        || head.starts_with(b"BZh")
        || head.starts_with(b"\xfd7zXZ\0")
        || head.starts_with(b"\x28\xb5\x2f\xfd")
        || head.get(257..262) == Some(b"ustar".as_slice())
}

fn decode_name(raw: &[u8], encoding: crate::text::Encoding) -> String {
    let name = match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => encoding.codec().decode_without_bom_handling(raw).0.into_owned(),
    };
    // Old Windows programs write their own separator. Only after decoding: it is half of many a GBK character.
    name.replace('\\', "/")
}

fn guess_names<R: Read + Seek>(zip: &ZipArchive<R>) -> crate::text::Encoding {
    let mut sample = Vec::new();
    for raw in zip.file_names_raw().filter(|raw| std::str::from_utf8(raw).is_err()) {
        sample.extend_from_slice(raw);
        sample.push(b'\n');
        if sample.len() > NAMES_SAMPLE {
            break;
        }
    }
    by_familiarity(&sample)
}

/// How many entries the end of the archive announces; the most that any of several ends does. `None` if there is no end.
fn announced_entries<R: Read + Seek>(source: &mut R, length: u64) -> io::Result<Option<u64>> {
    // The end record, its comment of up to 64 KiB, and before it the larger record of large archives.
    let tail_length = length.min(22 + 65_535 + 20 + 4096);
    let mut tail = Vec::new();
    source.seek(SeekFrom::Start(length - tail_length))?;
    source.take(tail_length).read_to_end(&mut tail)?;
    let mut most = None;
    for at in memchr::memmem::find_iter(&tail, b"PK\x05\x06") {
        if let Some(count) = tail.get(at + 10..at + 12).and_then(|bytes| bytes.try_into().ok()) {
            most = most.max(Some(u64::from(u16::from_le_bytes(count))));
        }
    }
    let mut larger = Vec::new();
    for at in memchr::memmem::find_iter(&tail, b"PK\x06\x06") {
        larger.extend(tail.get(at + 32..at + 40).and_then(|bytes| bytes.try_into().ok()).map(u64::from_le_bytes));
    }
    for at in memchr::memmem::find_iter(&tail, b"PK\x06\x07") {
        let offset = tail.get(at + 8..at + 16).and_then(|bytes| bytes.try_into().ok()).map(u64::from_le_bytes);
        let Some(offset) = offset.filter(|offset| offset.saturating_add(40) <= length) else { continue };
        source.seek(SeekFrom::Start(offset + 32))?;
        let mut count = [0; 8];
        source.read_exact(&mut count)?;
        larger.push(u64::from_le_bytes(count));
    }
    source.seek(SeekFrom::Start(0))?;
    // The larger record counts only where the small one is full.
    Ok(most.map(|small| if small == 0xffff { larger.into_iter().fold(small, u64::max) } else { small }))
}
