//! Reading a roster: UTF-8, UTF-16 with a mark, or GBK as spreadsheets save it in China; comma, semicolon or tab.
//! It only takes the table apart; what a row means is decided elsewhere.

use crate::error::Result;
use domain::Error;
use domain::account::{RosterOutcome, RosterReport};

/// The most rows of one roster.
const ROWS_MAX: usize = 100_000;

/// A roster taken apart.
pub(crate) struct Sheet {
    /// The rows below the header that are not empty.
    pub(crate) rows: Vec<SheetRow>,
}

/// One row; a column that is missing is empty.
#[derive(Clone, Default)]
pub(crate) struct SheetRow {
    /// The line in the file, the header being 1.
    pub(crate) line: u32,
    pub(crate) username: String,
    pub(crate) name: String,
    pub(crate) organization: String,
    pub(crate) team: String,
    pub(crate) password: String,
    pub(crate) role: String,
}

impl Sheet {
    /// Takes a file apart. Refuses text that is in no known encoding and a header without a user name.
    pub(crate) fn read(bytes: &[u8]) -> Result<Sheet> {
        let text = decode(bytes)?;
        let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let delimiter = [b'\t', b';'].into_iter().find(|d| header.contains(char::from(*d)) && !header.contains(','));
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter.unwrap_or(b','))
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let columns: Vec<Option<Column>> = match reader.headers() {
            Ok(header) => header.iter().map(column).collect(),
            Err(error) => return Err(unreadable(&error)),
        };
        if !columns.contains(&Some(Column::Username)) {
            let zh = "第一行须是列名，且要有“用户名”（username）一列。";
            let en = "The first line must name the columns, `username` among them.";
            return Err(Error::invalid("csv", "missing-column", zh, en).into());
        }
        let mut rows = Vec::new();
        let mut lines = Lines { text: text.as_bytes(), byte: 0, line: 1 };
        for record in reader.records() {
            let record = record.map_err(|error| unreadable(&error))?;
            if record.iter().all(str::is_empty) {
                continue;
            }
            if rows.len() == ROWS_MAX {
                let (zh, en) = ("一份名单最多 10 万行。", "A roster has at most 100,000 rows.");
                return Err(Error::invalid("csv", "too-many", zh, en).into());
            }
            let mut row = SheetRow { line: lines.at(record.position()), ..SheetRow::default() };
            for (column, cell) in columns.iter().zip(record.iter()) {
                let place = match column {
                    Some(Column::Username) => &mut row.username,
                    Some(Column::Name) => &mut row.name,
                    Some(Column::Organization) => &mut row.organization,
                    Some(Column::Team) => &mut row.team,
                    Some(Column::Password) => &mut row.password,
                    Some(Column::Role) => &mut row.role,
                    None => continue,
                };
                cell.clone_into(place);
            }
            rows.push(row);
        }
        Ok(Sheet { rows })
    }
}

/// Counts lines along the text. The reader's own count lags behind where lines end in CRLF or are empty: it takes a
/// record to begin at the line breaks before it.
struct Lines<'a> {
    text: &'a [u8],
    byte: usize,
    line: u32,
}

impl Lines<'_> {
    fn at(&mut self, position: Option<&csv::Position>) -> u32 {
        let begin = position.map_or(0, |position| usize::try_from(position.byte()).unwrap_or(usize::MAX));
        while let Some(byte) = self.text.get(self.byte) {
            if self.byte >= begin && !matches!(byte, b'\r' | b'\n') {
                break;
            }
            self.line += u32::from(*byte == b'\n');
            self.byte += 1;
        }
        self.line
    }
}

/// Fills in the sums of a report from its lines.
pub(crate) fn tally(report: &mut RosterReport) {
    for line in &report.lines {
        match line.outcome {
            RosterOutcome::Added => report.added += 1,
            RosterOutcome::Exists => report.existing += 1,
            RosterOutcome::Rejected => report.rejected += 1,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Username,
    Name,
    Organization,
    Team,
    Password,
    Role,
}

fn column(title: &str) -> Option<Column> {
    match title.trim().to_lowercase().as_str() {
        "username" | "user" | "account" | "用户名" | "账号" | "帐号" => Some(Column::Username),
        "name" | "姓名" => Some(Column::Name),
        "organization" | "机构" | "机构名称" | "单位" => Some(Column::Organization),
        "team" | "班组" => Some(Column::Team),
        "password" | "密码" | "初始密码" => Some(Column::Password),
        "role" | "角色" => Some(Column::Role),
        _ => None,
    }
}

fn decode(bytes: &[u8]) -> Result<String> {
    let (encoding, skip) = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, length),
        None if std::str::from_utf8(bytes).is_ok() => (encoding_rs::UTF_8, 0),
        None => (encoding_rs::GB18030, 0),
    };
    let decoded = encoding.decode_without_bom_handling_and_without_replacement(bytes.get(skip..).unwrap_or_default());
    decoded.map(std::borrow::Cow::into_owned).ok_or_else(|| {
        let zh = "文件编码无法识别，请另存为 UTF-8 或 GBK 的 CSV。";
        let en = "The encoding is not known. Save the file as CSV in UTF-8 or GBK.";
        Error::invalid("csv", "bad-encoding", zh, en).into()
    })
}

fn unreadable(error: &csv::Error) -> crate::Error {
    let line = error.position().map_or(1, csv::Position::line);
    Error::invalid(
        "csv",
        "bad-csv",
        format!("第 {line} 行附近不是有效的 CSV。"),
        format!("This is no valid CSV near line {line}."),
    )
    .into()
}
