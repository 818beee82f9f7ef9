//! ZIP files: names, hostile entries, bombs, interruptions.

use std::io::{Cursor, Write};

use formats::archive::{Archive, ArchiveLimits, FileEntry, take_file};
use formats::{Entry, Position, Problem};
use proptest::prelude::*;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::support::{sample_files, samples, show_problem};

fn entries(bytes: &[u8], limits: ArchiveLimits, resume: Position) -> Vec<(Entry<FileEntry>, Vec<u8>)> {
    let mut archive = match Archive::open(Cursor::new(bytes), limits, resume).unwrap() {
        Ok(archive) => archive,
        Err(problem) => return vec![(Entry::Problem(problem), Vec::new())],
    };
    let mut found = Vec::new();
    loop {
        let mut out = Vec::new();
        match archive.next_into(&mut out).unwrap() {
            Some(entry) => found.push((entry, out)),
            None => return found,
        }
    }
}

fn problems(found: &[(Entry<FileEntry>, Vec<u8>)]) -> Vec<&Problem> {
    found
        .iter()
        .filter_map(|(entry, _)| match entry {
            Entry::Problem(problem) => Some(problem),
            Entry::Record(_) => None,
        })
        .collect()
}

fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in files {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn every_sample() {
    for file in sample_files("images") {
        let bytes = std::fs::read(&file).unwrap();
        let mut text = String::new();
        for (entry, out) in entries(&bytes, ArchiveLimits::default(), Position::default()) {
            match entry {
                Entry::Record(file) => {
                    assert_eq!(file.bytes, out.len() as u64);
                    assert!(out.starts_with(b"\x89PNG"), "{}", file.name);
                    text.push_str(&format!("{:>3} {:?} {} bytes\n", file.number, file.name, file.bytes));
                }
                Entry::Problem(problem) => text.push_str(&format!("{}\n", show_problem(&problem))),
            }
        }
        insta::assert_snapshot!(format!("images/{}", file.file_name().unwrap().to_str().unwrap()), text);
    }
}

#[test]
fn a_bomb_is_stopped_while_it_grows() {
    let bomb = packed(&[("bomb.png", &vec![0; 20 << 20]), ("good.png", b"good")]);
    assert!(bomb.len() < 30_000, "more than 600 to 1");
    let found = entries(&bomb, ArchiveLimits::default(), Position::default());
    let codes: Vec<_> = problems(&found).iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["archive-ratio"]);
    let written = found.iter().map(|(_, out)| out.len()).max().unwrap();
    assert!(written < 6 << 20, "stopped after {written} bytes");
    assert!(matches!(&found[1], (Entry::Record(file), out) if file.name == "good.png" && out == b"good"));
}

#[test]
fn a_lie_about_the_size_changes_nothing() {
    let mut bomb = packed(&[("bomb.png", &vec![0; 20 << 20])]);
    let size = u32::try_from(20 << 20).unwrap().to_le_bytes();
    let places: Vec<usize> = (0..bomb.len() - 4).filter(|&at| bomb[at..at + 4] == size).collect();
    assert!(!places.is_empty());
    for at in places {
        bomb[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    let found = entries(&bomb, ArchiveLimits::default(), Position::default());
    assert_eq!(problems(&found).len(), 1, "{found:?}");
    assert!(matches!(problems(&found)[0].code, "archive-ratio" | "archive-entry-damaged"));
}

#[test]
fn sizes_and_counts_are_limited() {
    let noise: Vec<u8> = (0..3_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let zip = packed(&[("a", &noise), ("b", &noise), ("c", &noise)]);
    let codes = |limits: ArchiveLimits| {
        let found = entries(&zip, limits, Position::default());
        (found.len(), problems(&found).iter().map(|problem| problem.code).collect::<Vec<_>>())
    };
    assert_eq!(codes(ArchiveLimits::default()), (3, vec![]));
    assert_eq!(
        codes(ArchiveLimits { file_bytes: 2_999_999, ..ArchiveLimits::default() }),
        (3, vec!["file-too-large"; 3])
    );
    assert_eq!(
        codes(ArchiveLimits { total_bytes: 5_000_000, ..ArchiveLimits::default() }),
        (2, vec!["archive-too-large"])
    );
    assert_eq!(codes(ArchiveLimits { entries: 2, ..ArchiveLimits::default() }), (1, vec!["archive-too-many"]));
}

#[test]
fn entries_that_share_their_bytes_are_a_bomb_too() {
    let noise: Vec<u8> = (0..3_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("0", SimpleFileOptions::default().compression_method(CompressionMethod::Stored)).unwrap();
    zip.write_all(&noise).unwrap();
    for copy in 1..40 {
        zip.shallow_copy_file("0", &copy.to_string()).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    assert!(bytes.len() < 4_000_000);
    let limits = ArchiveLimits { ratio: 10, ..ArchiveLimits::default() };
    let found = entries(&bytes, limits, Position::default());
    assert_eq!(problems(&found).iter().map(|problem| problem.code).collect::<Vec<_>>(), ["archive-too-large"]);
    let written: usize = found.iter().map(|(_, out)| out.len()).sum();
    assert!(written <= 64 << 20, "stopped after {written} bytes");
}

#[test]
fn what_is_no_archive_is_refused_whole() {
    let good = packed(&[("a.png", b"a")]);
    for bytes in [&b""[..], b"PK\x03\x04", b"not a zip at all", &good[..good.len() - 10]] {
        let found = entries(bytes, ArchiveLimits::default(), Position::default());
        let [(Entry::Problem(problem), _)] = found.as_slice() else { panic!("{found:?}") };
        assert!(problem.is_whole());
        assert_eq!(problem.code, "archive-invalid");
    }
}

#[test]
fn an_interrupted_archive_goes_on_where_it_was() {
    let bytes = std::fs::read(samples("images").join("hostile.zip")).unwrap();
    let whole = entries(&bytes, ArchiveLimits::default(), Position::default());
    let mut archive =
        Archive::open(Cursor::new(&bytes), ArchiveLimits::default(), Position::default()).unwrap().unwrap();
    for taken in 0..=whole.len() {
        let rest = entries(&bytes, ArchiveLimits::default(), archive.reached());
        assert_eq!(rest, whole[taken..], "after {taken}");
        archive.next_into(&mut std::io::sink()).unwrap();
    }
}

#[test]
fn a_single_file_is_taken_or_refused() {
    let limits = ArchiveLimits { file_bytes: 4, ..ArchiveLimits::default() };
    let mut out = Vec::new();
    let taken = take_file("车.jpg", &b"1234"[..], &limits, &mut out).unwrap();
    assert_eq!(
        (taken, out.as_slice()),
        (Entry::Record(FileEntry { number: 1, name: "车.jpg".to_owned(), bytes: 4 }), &b"1234"[..])
    );
    for (name, bytes, code) in [("a.jpg", &b"12345"[..], "file-too-large"), ("../a.jpg", b"1", "archive-entry-path")] {
        let Entry::Problem(problem) = take_file(name, bytes, &limits, &mut Vec::new()).unwrap() else {
            panic!("{name}")
        };
        assert_eq!((problem.code, problem.name.as_deref()), (code, Some(name)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_break_it(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        entries(&bytes, ArchiveLimits::default(), Position::default());
    }

    #[test]
    fn no_damage_breaks_it(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut bytes = std::fs::read(samples("images").join("hostile.zip")).unwrap();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        entries(&bytes, ArchiveLimits::default(), Position::default());
    }
}
