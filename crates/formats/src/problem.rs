//! What an import could not take, and where: a stable code, a sentence in Chinese and English, and a sample.
//!
//! A problem is about the uploaded bytes. It is never about the machine: a disk that cannot be read is an `io::Error`.

use domain::Words;
use serde::Serialize;

/// How many characters of a bad line a problem carries at most.
const SAMPLE_CHARS: usize = 80;

/// One line, row or file that was refused. Everything else in the upload is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The line, row or entry, counted from 1; `None` when the problem has no line.
    pub line: Option<u64>,
    /// The file's name inside an archive, where there is one.
    pub name: Option<String>,
    /// Stable and machine-readable, see [`Fault::code`].
    pub code: &'static str,
    /// What happened and what to do.
    pub message: Words,
    /// The beginning of what was refused, made printable.
    pub sample: Option<String>,
}

impl Problem {
    /// A problem of one line, row or entry.
    #[must_use]
    pub fn at(line: u64, fault: &Fault) -> Self {
        Self { line: Some(line), ..Self::whole(fault) }
    }

    /// A problem of the whole upload: nothing follows it.
    #[must_use]
    pub fn whole(fault: &Fault) -> Self {
        Self { line: None, name: None, code: fault.code(), message: fault.message(), sample: None }
    }

    /// A problem of one named file.
    #[must_use]
    pub fn of(name: impl Into<String>, fault: &Fault) -> Self {
        Self { name: Some(name.into()), ..Self::whole(fault) }
    }

    /// Adds the beginning of the refused bytes.
    #[must_use]
    pub fn with_sample(self, bytes: &[u8]) -> Self {
        Self { sample: Some(sample(bytes)), ..self }
    }

    /// Whether the upload as a whole was refused, and not one line or file of it.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.line.is_none() && self.name.is_none()
    }
}

impl From<Problem> for domain::import::ImportProblem {
    fn from(problem: Problem) -> Self {
        let Problem { line, name, code, message, sample } = problem;
        Self { line, name, code: code.to_owned(), message, sample }
    }
}

/// The start of some bytes as printable text: ill-formed bytes and control characters become U+FFFD.
fn sample(bytes: &[u8]) -> String {
    let head = bytes.get(..SAMPLE_CHARS * 4).unwrap_or(bytes);
    let text = String::from_utf8_lossy(head);
    let mut printable: String = text
        .chars()
        .take(SAMPLE_CHARS)
        .map(|c| if c.is_control() && c != '\t' { char::REPLACEMENT_CHARACTER } else { c })
        .collect();
    if text.chars().nth(SAMPLE_CHARS).is_some() || head.len() < bytes.len() {
        printable.push('…');
    }
    printable
}

/// Everything that can be wrong with uploaded bytes, in the order of the codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Two entries of an archive have one name; only the last can be read.
    ArchiveDuplicateNames,
    /// An archive inside the archive.
    ArchiveEntryArchive,
    /// An entry whose bytes do not decompress, or whose checksum is wrong.
    ArchiveEntryDamaged,
    /// An entry with a password.
    ArchiveEntryEncrypted,
    /// A symbolic link or another thing that is not a file.
    ArchiveEntryLink,
    /// An absolute name, or one that climbs out of the archive.
    ArchiveEntryPath,
    /// A compression method that is not read.
    ArchiveEntryUnsupported,
    /// Not a ZIP, or cut off.
    ArchiveInvalid,
    /// An entry that grows more than the limit while it is decompressed.
    ArchiveRatio {
        /// Times the compressed size that were allowed.
        limit: u64,
    },
    /// All entries together are larger than the limit.
    ArchiveTooLarge {
        /// Bytes allowed.
        limit: u64,
    },
    /// More entries than the limit.
    ArchiveTooMany {
        /// Entries allowed.
        limit: u64,
    },
    /// A row with more or fewer cells than the header.
    ColumnCount {
        /// Cells of the header.
        expected: usize,
        /// Cells of the row.
        found: usize,
    },
    /// Two columns of one name.
    ColumnDuplicate {
        /// The name.
        name: String,
    },
    /// The column of texts, or the named column of keys, is not in the header.
    ColumnMissing {
        /// The column that was looked for.
        name: String,
        /// The columns that are there.
        found: Vec<String>,
    },
    /// Bytes that mean nothing in the file's encoding.
    EncodingInvalid {
        /// The encoding's name.
        encoding: &'static str,
    },
    /// A file larger than the limit.
    FileTooLarge {
        /// Bytes allowed.
        limit: u64,
    },
    /// A table without a header row.
    HeaderMissing,
    /// A line that is not JSON.
    JsonInvalid {
        /// The column of the error, counted from 1.
        column: usize,
    },
    /// JSON, but not an object.
    JsonNotObject,
    /// A key longer than the limit.
    KeyTooLong {
        /// Bytes allowed.
        limit: usize,
    },
    /// A key that is neither text nor a whole number.
    KeyWrongType {
        /// The field's name.
        field: String,
    },
    /// A line longer than the limit.
    LineTooLong {
        /// Bytes allowed.
        limit: usize,
    },
    /// A field that is both beside `meta` and in it.
    MetaClash {
        /// The field's name.
        field: String,
    },
    /// `meta` is not an object.
    MetaWrongType,
    /// An object that is not a line of this product's own export.
    NativeInvalid {
        /// What the parser says.
        detail: String,
    },
    /// A line of an export that a later version wrote.
    NativeVersion {
        /// The line's version.
        found: u64,
    },
    /// A NUL character.
    NulCharacter,
    /// A quotation mark that opens a cell and is never closed.
    QuoteUnclosed,
    /// A text with nothing to read in it.
    TextEmpty,
    /// No text field.
    TextMissing {
        /// The field's name.
        field: String,
    },
    /// A text longer than the limit.
    TextTooLong {
        /// Characters allowed.
        limit: usize,
    },
    /// A text field that is not a string.
    TextWrongType {
        /// The field's name.
        field: String,
    },
}

impl Fault {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::ArchiveDuplicateNames => "archive-duplicate-names",
            Self::ArchiveEntryArchive => "archive-entry-archive",
            Self::ArchiveEntryDamaged => "archive-entry-damaged",
            Self::ArchiveEntryEncrypted => "archive-entry-encrypted",
            Self::ArchiveEntryLink => "archive-entry-link",
            Self::ArchiveEntryPath => "archive-entry-path",
            Self::ArchiveEntryUnsupported => "archive-entry-unsupported",
            Self::ArchiveInvalid => "archive-invalid",
            Self::ArchiveRatio { .. } => "archive-ratio",
            Self::ArchiveTooLarge { .. } => "archive-too-large",
            Self::ArchiveTooMany { .. } => "archive-too-many",
            Self::ColumnCount { .. } => "column-count",
            Self::ColumnDuplicate { .. } => "column-duplicate",
            Self::ColumnMissing { .. } => "column-missing",
            Self::EncodingInvalid { .. } => "encoding-invalid",
            Self::FileTooLarge { .. } => "file-too-large",
            Self::HeaderMissing => "header-missing",
            Self::JsonInvalid { .. } => "json-invalid",
            Self::JsonNotObject => "json-not-object",
            Self::KeyTooLong { .. } => "key-too-long",
            Self::KeyWrongType { .. } => "key-wrong-type",
            Self::LineTooLong { .. } => "line-too-long",
            Self::MetaClash { .. } => "meta-clash",
            Self::MetaWrongType => "meta-wrong-type",
            Self::NativeInvalid { .. } => "native-invalid",
            Self::NativeVersion { .. } => "native-version",
            Self::NulCharacter => "nul-character",
            Self::QuoteUnclosed => "quote-unclosed",
            Self::TextEmpty => "text-empty",
            Self::TextMissing { .. } => "text-missing",
            Self::TextTooLong { .. } => "text-too-long",
            Self::TextWrongType { .. } => "text-wrong-type",
        }
    }

    /// The sentence.
    #[must_use]
    pub fn message(&self) -> Words {
        let (zh, en) = match self {
            Self::ArchiveDuplicateNames => (
                "压缩包里有重名的文件，只读取了每个名字的最后一份。请改名后重新上传缺少的文件。".to_owned(),
                "Some files in the archive share a name; only the last of each was read. Rename them and upload the missing ones again.".to_owned(),
            ),
            Self::ArchiveEntryArchive => (
                "压缩包里又套了压缩包，未导入。请解开后再上传。".to_owned(),
                "An archive inside the archive was not imported. Unpack it and upload its files.".to_owned(),
            ),
            Self::ArchiveEntryDamaged => (
                "这个文件在压缩包里已损坏，未导入。请重新打包后上传。".to_owned(),
                "This file is damaged inside the archive and was not imported. Pack it again and upload it.".to_owned(),
            ),
            Self::ArchiveEntryEncrypted => (
                "这个文件加了密码，未导入。请去掉密码后再上传。".to_owned(),
                "This file is protected by a password and was not imported. Remove the password and upload it again.".to_owned(),
            ),
            Self::ArchiveEntryLink => (
                "这是一个链接，不是文件，未导入。".to_owned(),
                "This is a link and not a file; it was not imported.".to_owned(),
            ),
            Self::ArchiveEntryPath => (
                "文件名不安全（绝对路径，或含有“..”或控制字符），未导入。".to_owned(),
                "The file's name is unsafe (absolute, or with “..” or control characters); it was not imported.".to_owned(),
            ),
            Self::ArchiveEntryUnsupported => (
                "不支持这个文件的压缩方式，未导入。请用普通 ZIP（Deflate）重新打包。".to_owned(),
                "This file's compression method is not supported. Pack it again as an ordinary ZIP (Deflate).".to_owned(),
            ),
            Self::ArchiveInvalid => (
                "无法作为 ZIP 打开，文件可能不完整。请重新打包后上传。".to_owned(),
                "The file cannot be opened as a ZIP; it may be incomplete. Pack it again and upload it.".to_owned(),
            ),
            Self::ArchiveRatio { limit } => (
                format!("这个文件解压后膨胀超过 {limit} 倍，疑似压缩炸弹，未导入。"),
                format!("This file grows more than {limit} times when unpacked, like a decompression bomb; it was not imported."),
            ),
            Self::ArchiveTooLarge { limit } => (
                format!("压缩包解开后总共超过 {}，其余文件未导入。请分成几个压缩包。", bytes(*limit)),
                format!("The archive unpacks to more than {}; the rest was not imported. Split it into several archives.", bytes(*limit)),
            ),
            Self::ArchiveTooMany { limit } => (
                format!("压缩包里的文件超过 {limit} 个。请分成几个压缩包。"),
                format!("The archive holds more than {limit} files. Split it into several archives."),
            ),
            Self::ColumnCount { expected, found } => (
                format!("表头有 {expected} 列，这一行有 {found} 列。请检查分隔符和引号。"),
                format!("The header has {expected} columns and this row has {found}. Check the separators and quotation marks."),
            ),
            Self::ColumnDuplicate { name } => (
                format!("表头里有两个“{name}”列。请改名后重新上传。"),
                format!("The header has two columns named “{name}”. Rename one and upload the file again."),
            ),
            Self::ColumnMissing { name, found } => (
                format!("表头里没有“{name}”列，现有：{}。请改表头，或在导入时指定列名。", found.join("、")),
                format!("The header has no column “{name}”, only: {}. Change the header, or name the column when importing.", found.join(", ")),
            ),
            Self::EncodingInvalid { encoding } => (
                format!("这一行含有不属于 {encoding} 编码的字节。如果文件不是这种编码，请在导入时另选编码。"),
                format!("This line has bytes that are not {encoding}. If the file has another encoding, choose it when importing."),
            ),
            Self::FileTooLarge { limit } => (
                format!("文件超过 {}，未导入。", bytes(*limit)),
                format!("The file is larger than {}; it was not imported.", bytes(*limit)),
            ),
            Self::HeaderMissing => (
                "表格是空的。第一行应当是表头。".to_owned(),
                "The table is empty. Its first row must be the header.".to_owned(),
            ),
            Self::JsonInvalid { column } => (
                format!("这一行不是正确的 JSON（第 {column} 个字节处出错）。"),
                format!("This line is not valid JSON (error at byte {column})."),
            ),
            Self::JsonNotObject => (
                "这一行是 JSON，但不是对象。每行应当是一个 {…}。".to_owned(),
                "This line is JSON but not an object. Every line must be one {…}.".to_owned(),
            ),
            Self::KeyTooLong { limit } => (
                format!("编号超过 {limit} 字节。"),
                format!("The key is longer than {limit} bytes."),
            ),
            Self::KeyWrongType { field } => (
                format!("编号“{field}”应当是文字或整数。"),
                format!("The key “{field}” must be text or a whole number."),
            ),
            Self::LineTooLong { limit } => (
                format!("这一行超过 {}，已跳过。", bytes(*limit as u64)),
                format!("This line is longer than {} and was skipped.", bytes(*limit as u64)),
            ),
            Self::MetaClash { field } => (
                format!("“{field}”在 meta 里和 meta 外各出现一次。请只留一处。"),
                format!("“{field}” stands both inside and beside meta. Keep only one."),
            ),
            Self::MetaWrongType => (
                "meta 应当是对象 {…}。".to_owned(),
                "meta must be an object {…}.".to_owned(),
            ),
            Self::NativeInvalid { detail } => (
                format!("这一行不是梯田导出的格式：{detail}"),
                format!("This line is not in Terrace's export format: {detail}"),
            ),
            Self::NativeVersion { found } => (
                format!("这一行由更新版本的梯田导出（格式 {found}）。请先升级再导入。"),
                format!("This line was exported by a newer Terrace (format {found}). Upgrade before importing."),
            ),
            Self::NulCharacter => (
                "含有空字符（U+0000），无法保存。请先去掉。".to_owned(),
                "It contains a NUL character (U+0000), which cannot be kept. Remove it first.".to_owned(),
            ),
            Self::QuoteUnclosed => (
                "这一行有一个引号没有配对，只跳过了这一行。正文里的引号应写成两个：\"\"。".to_owned(),
                "A quotation mark on this line is never closed; only this line was skipped. Write a quotation mark inside a cell twice: \"\".".to_owned(),
            ),
            Self::TextEmpty => (
                "文本是空的。".to_owned(),
                "The text is empty.".to_owned(),
            ),
            Self::TextMissing { field } => (
                format!("缺少文本字段“{field}”。如果文本在别的字段里，请在导入时指定。"),
                format!("The text field “{field}” is missing. If the text is in another field, name it when importing."),
            ),
            Self::TextTooLong { limit } => (
                format!("文本超过 {limit} 个字符。请分成几条。"),
                format!("The text is longer than {limit} characters. Split it into several items."),
            ),
            Self::TextWrongType { field } => (
                format!("文本字段“{field}”应当是字符串。"),
                format!("The text field “{field}” must be a string."),
            ),
        };
        Words { zh, en }
    }
}

/// A limit as people write it.
fn bytes(count: u64) -> String {
    match count {
        c if c >= 1 << 30 && c % (1 << 30) == 0 => format!("{} GiB", c >> 30),
        c if c >= 1 << 20 && c % (1 << 20) == 0 => format!("{} MiB", c >> 20),
        c if c >= 1 << 10 && c % (1 << 10) == 0 => format!("{} KiB", c >> 10),
        c => format!("{c} B"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_short_and_printable() {
        let problem = Problem::whole(&Fault::TextEmpty).with_sample("贵".repeat(500).as_bytes());
        let sample = problem.sample.unwrap();
        assert_eq!(sample.chars().count(), SAMPLE_CHARS + 1);
        assert!(sample.ends_with('…'));
        let problem = Problem::whole(&Fault::TextEmpty).with_sample(b"a\0b\xff\x1b[31mc");
        assert_eq!(problem.sample.as_deref(), Some("a\u{fffd}b\u{fffd}\u{fffd}[31mc"));
    }

    #[test]
    fn limits_read_well() {
        assert_eq!(bytes(8 << 20), "8 MiB");
        assert_eq!(bytes(1000), "1000 B");
        assert_eq!(bytes(4 << 30), "4 GiB");
    }
}
