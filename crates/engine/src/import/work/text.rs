//! Text items: lines, rows and whole files.

use super::{Found, Group, Source, Work, bytes, position, position_of_file};
use crate::error::Result;
use crate::import::insert::NewItem;
use crate::import::upload::Stored;
use domain::item::ItemData;
use formats::Entry;
use formats::import::Records;
use sea_orm::DbBackend;
use std::fs::File;
use tokio::task::spawn_blocking;

/// Records of a group on SQLite, where nobody else writes meanwhile: some twenty milliseconds.
const RECORDS: usize = 1_000;
/// On PostgreSQL others go on, and each group costs several ways there and back.
const RECORDS_BESIDE: usize = 4_000;
/// Bytes of text of a group, beyond which it is closed.
const BYTES: usize = 4 << 20;

/// Reads one file, wherever it stands.
pub(super) struct Reader {
    records: Box<dyn Records + Send>,
}

impl Work {
    /// The next group of a text file.
    pub(super) async fn text(&mut self, place: usize, file: &Stored) -> Result<Group> {
        let before = self.bytes_before(place);
        let most = match self.engine.db().backend() {
            DbBackend::Postgres => RECORDS_BESIDE,
            _ => RECORDS,
        };
        let ahead = match self.source.take() {
            Some(Source::Text(ahead)) => ahead,
            _ => {
                let (path, format, told) = (self.path(place), self.row.format.clone(), self.told(place, file));
                spawn_blocking(move || group(open(&path, &format, &told)?, place, before, most))
            }
        };
        let (reader, mut group) = ahead.await.map_err(anyhow::Error::new)??;
        if group.ended {
            // This file is: the next one is opened by the next step.
            group.ended = place + 1 >= self.files.len();
            group.position = position_of_file(place + 1);
        } else {
            self.source = Some(Source::Text(spawn_blocking(move || self::group(reader, place, before, most))));
        }
        Ok(group)
    }
}

fn open(path: &std::path::Path, format: &str, told: &formats::ImportOptions) -> Result<Reader> {
    let records = formats::import::open(format, File::open(path)?, told)?;
    let records = records.ok_or_else(|| anyhow::anyhow!("nothing reads the format {format}"))?;
    Ok(Reader { records })
}

fn group(mut reader: Reader, place: usize, before: u64, most: usize) -> Result<(Reader, Group)> {
    let mut group = Group::default();
    let (mut items, mut size) = (Vec::new(), 0);
    while items.len() + group.problems.len() < most && size < BYTES {
        match reader.records.next().transpose()? {
            None => {
                group.ended = true;
                break;
            }
            Some(Entry::Record(record)) => {
                size += record.text.len();
                items.push(NewItem::open(record.key, ItemData::Text(record.text), record.meta));
            }
            Some(Entry::Problem(problem)) => {
                size += problem.sample.as_ref().map_or(0, String::len);
                if problem.is_whole() {
                    group.refused = Some(problem.message.clone());
                    group.ended = true;
                }
                group.problems.push(problem.into());
            }
        }
    }
    let refused = usize::from(group.refused.is_some());
    group.read = super::count(items.len() + group.problems.len() - refused);
    group.found = Found::Items(items);
    group.position = position(place, reader.records.reached());
    group.bytes_done = bytes(before + reader.records.bytes_read());
    group.encoding = Some(reader.records.encoding().label());
    Ok((reader, group))
}
