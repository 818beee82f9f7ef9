//! Which encoding some bytes are in. A guess from a bounded sample; never the last word, since the uploader may overrule it.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use serde::{Deserialize, Serialize};

/// The encodings in which Chinese text comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Encoding {
    /// Taiwan, Hong Kong, Macao.
    #[serde(rename = "big5")]
    Big5,
    /// The mainland's, with GBK and GB 2312 inside it.
    #[serde(rename = "gb18030", alias = "gbk", alias = "gb2312")]
    Gb18030,
    /// Big-endian UTF-16.
    #[serde(rename = "utf-16be")]
    Utf16Be,
    /// Little-endian UTF-16, “Unicode” in Windows.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// Everything made today.
    #[serde(rename = "utf-8")]
    Utf8,
}

impl Encoding {
    /// All of them, alphabetical.
    pub const ALL: [Self; 5] = [Self::Big5, Self::Gb18030, Self::Utf16Be, Self::Utf16Le, Self::Utf8];

    /// The name that is shown, stored and taken.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Big5 => "big5",
            Self::Gb18030 => "gb18030",
            Self::Utf16Be => "utf-16be",
            Self::Utf16Le => "utf-16le",
            Self::Utf8 => "utf-8",
        }
    }

    /// The encoding of a label, in any case and with the usual other names.
    #[must_use]
    pub fn by_label(label: &str) -> Option<Self> {
        match label.trim().to_ascii_lowercase().as_str() {
            "big5" | "big5-hkscs" | "cp950" => Some(Self::Big5),
            "gb18030" | "gbk" | "gb2312" | "cp936" | "ansi" => Some(Self::Gb18030),
            "utf-16be" | "utf16be" => Some(Self::Utf16Be),
            "utf-16le" | "utf16le" | "utf-16" | "utf16" => Some(Self::Utf16Le),
            "utf-8" | "utf8" | "utf-8-sig" => Some(Self::Utf8),
            _ => None,
        }
    }

    /// The bytes that mark this encoding at the start of a file.
    pub(crate) fn mark(self) -> &'static [u8] {
        match self {
            Self::Big5 => b"",
            Self::Gb18030 => b"\x84\x31\x95\x33",
            Self::Utf16Be => b"\xfe\xff",
            Self::Utf16Le => b"\xff\xfe",
            Self::Utf8 => b"\xef\xbb\xbf",
        }
    }

    pub(crate) fn codec(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Big5 => encoding_rs::BIG5,
            Self::Gb18030 => encoding_rs::GB18030,
            Self::Utf16Be => encoding_rs::UTF_16BE,
            Self::Utf16Le => encoding_rs::UTF_16LE,
            Self::Utf8 => encoding_rs::UTF_8,
        }
    }
}

/// Guesses the encoding of a file from its first bytes.
///
/// In this order: a byte order mark; UTF-8 if the sample is well-formed, or is so but for a minority of damaged lines;
/// UTF-16 by its zero bytes or, in pure Chinese, by its range of characters; then whichever of GB 18030 and Big5 the text is
/// more ordinary in, which works from a few characters on; `chardetng` breaks ties, and the mainland's encoding the rest.
/// What makes no sense in any of them is UTF-8 with some bytes broken.
#[must_use]
pub fn detect(sample: &[u8]) -> Encoding {
    for encoding in [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Gb18030] {
        if sample.starts_with(encoding.mark()) {
            return encoding;
        }
    }
    let utf8 = is_utf8(sample);
    if let Some(encoding) = utf16(sample, utf8) {
        return encoding;
    }
    if utf8 || is_mostly_utf8(sample) { Encoding::Utf8 } else { by_familiarity(sample) }
}

/// Well-formed, except that the sample may end in the middle of a character.
fn is_utf8(sample: &[u8]) -> bool {
    match std::str::from_utf8(sample) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    }
}

/// One damaged line in a UTF-8 file must be reported as one damaged line, not turn the whole file into GBK.
fn is_mostly_utf8(sample: &[u8]) -> bool {
    let (mut all, mut in_good_lines) = (0, 0);
    for line in sample.split(|&byte| byte == b'\n') {
        let high = line.iter().filter(|byte| !byte.is_ascii()).count();
        all += high;
        if is_utf8(line) {
            in_good_lines += high;
        }
    }
    let (mut good, mut bad) = (0, 0);
    for chunk in sample.utf8_chunks() {
        good += chunk.valid().bytes().filter(|byte| !byte.is_ascii()).count();
        bad += chunk.invalid().len();
    }
    in_good_lines * 2 >= all || good >= bad * 3
}

fn utf16(sample: &[u8], utf8: bool) -> Option<Encoding> {
    let zeros = sample.iter().filter(|&&byte| byte == 0).count();
    if utf8 && zeros * 5 < sample.len().max(1) {
        return None;
    }
    let little = ordinary(sample, u16::from_le_bytes);
    let big = ordinary(sample, u16::from_be_bytes);
    let (best, other, encoding) =
        if little >= big { (little, big, Encoding::Utf16Le) } else { (big, little, Encoding::Utf16Be) };
    let sure = if zeros > 0 { best >= 0.7 && best > other } else { best >= 0.9 && other < 0.5 && sample.len() >= 8 };
    sure.then_some(encoding)
}

/// The share of 16-bit units that are ordinary in Chinese text.
fn ordinary(sample: &[u8], unit: fn([u8; 2]) -> u16) -> f64 {
    let units = sample.chunks_exact(2).filter_map(|pair| pair.try_into().ok().map(unit));
    let (mut good, mut all) = (0_u32, 0_u32);
    for decoded in char::decode_utf16(units) {
        all += 1;
        good += u32::from(matches!(
            decoded,
            Ok(
                '\t'
                | '\n'
                | '\r'
                | ' '..='~'
                | '\u{00a0}'..='\u{00ff}'
                | '\u{2010}'..='\u{2027}'
                | '\u{3000}'..='\u{303f}'
                | '\u{3400}'..='\u{9fff}'
                | '\u{ff00}'..='\u{ffef}'
                | '\u{1f000}'..='\u{2fa1f}',
            )
        ));
    }
    if all == 0 { 0.0 } else { f64::from(good) / f64::from(all) }
}

/// GB 18030 or Big5. Also used for the names inside an archive.
pub(crate) fn by_familiarity(sample: &[u8]) -> Encoding {
    let mainland = familiarity(sample, Encoding::Gb18030, |lead, trail| {
        matches!(lead, 0xa1..=0xa3 | 0xb0..=0xd7) && trail >= 0xa1
    });
    let taiwan = familiarity(sample, Encoding::Big5, |lead, trail| {
        matches!(lead, 0xa1..=0xc6) && matches!(trail, 0x40..=0x7e | 0xa1..=0xfe)
    });
    // More damage than sense in either: not Chinese of the old kind, but UTF-8 with some bytes broken.
    if mainland < 0.0 && taiwan < 0.0 {
        return Encoding::Utf8;
    }
    if (mainland - taiwan).abs() > 0.05 {
        return if mainland > taiwan { Encoding::Gb18030 } else { Encoding::Big5 };
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    if detector.guess(None, Utf8Detection::Deny) == encoding_rs::BIG5 { Encoding::Big5 } else { Encoding::Gb18030 }
}

/// The share of two-byte characters that are among the encoding's everyday ones; bytes that it cannot decode count heavily.
fn familiarity(sample: &[u8], encoding: Encoding, everyday: fn(u8, u8) -> bool) -> f64 {
    let (mut good, mut all) = (0_i32, 0_i32);
    let mut rest = sample;
    while let Some((&lead, tail)) = rest.split_first() {
        let Some((&trail, after)) = tail.split_first() else { break };
        if lead.is_ascii() {
            rest = tail;
            continue;
        }
        all = all.saturating_add(1);
        if everyday(lead, trail) {
            good = good.saturating_add(1);
        }
        // A four-byte character of GB 18030 has digits as second and fourth byte.
        rest = if trail.is_ascii_digit() { after.get(2..).unwrap_or_default() } else { after };
    }
    let (text, _) = encoding.codec().decode_without_bom_handling(sample);
    let damage = text.chars().filter(|&c| c == char::REPLACEMENT_CHARACTER).count();
    let damage = i32::try_from(damage).unwrap_or(i32::MAX);
    f64::from(good.saturating_sub(damage.saturating_mul(4))) / f64::from(all.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIMPLIFIED: &str = "贵州省大数据局发布数据标注试点方案,全省从事数据标注人员达到2万人以上。";
    const TRADITIONAL: &str = "貴州省大數據局發布數據標註試點方案,全省從事數據標註人員達到2萬人以上。";

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn marks_decide() {
        assert_eq!(detect(b"\xef\xbb\xbfa"), Encoding::Utf8);
        assert_eq!(detect(b"\xff\xfea\0"), Encoding::Utf16Le);
        assert_eq!(detect(b"\xfe\xff\0a"), Encoding::Utf16Be);
        assert_eq!(detect(b"\x84\x31\x95\x33a"), Encoding::Gb18030);
    }

    #[test]
    fn every_encoding_is_found_without_a_mark() {
        assert_eq!(detect(b""), Encoding::Utf8);
        assert_eq!(detect(b"plain"), Encoding::Utf8);
        assert_eq!(detect(SIMPLIFIED.as_bytes()), Encoding::Utf8);
        assert_eq!(detect(&encoding_rs::GB18030.encode(SIMPLIFIED).0), Encoding::Gb18030);
        assert_eq!(detect(&encoding_rs::BIG5.encode(TRADITIONAL).0), Encoding::Big5);
        for text in [SIMPLIFIED, TRADITIONAL, "id,text\r\n1,贵阳\r\n"] {
            assert_eq!(detect(&utf16(text, u16::to_le_bytes)), Encoding::Utf16Le, "{text}");
            assert_eq!(detect(&utf16(text, u16::to_be_bytes)), Encoding::Utf16Be, "{text}");
        }
    }

    #[test]
    fn short_text_is_guessed_right() {
        for text in ["镕", "贵阳", "你好", "中文", "联通", "数据标注", "text\n今天天气不错", "id,text\n1,好"]
        {
            assert_eq!(detect(text.as_bytes()), Encoding::Utf8, "{text}");
            assert_eq!(detect(&encoding_rs::GBK.encode(text).0), Encoding::Gb18030, "{text}");
        }
        for text in ["貴陽市的數據", "今天天氣很好", "資料標註,請選擇"] {
            assert_eq!(detect(&encoding_rs::BIG5.encode(text).0), Encoding::Big5, "{text}");
        }
    }

    #[test]
    fn a_sample_may_end_inside_a_character() {
        for cut in 1..12 {
            let bytes = SIMPLIFIED.as_bytes();
            assert_eq!(detect(&bytes[..bytes.len() - cut]), Encoding::Utf8);
            let bytes = encoding_rs::GBK.encode(SIMPLIFIED).0;
            assert_eq!(detect(&bytes[..bytes.len() - cut]), Encoding::Gb18030);
        }
    }

    #[test]
    fn a_damaged_line_does_not_change_the_encoding() {
        let mut bytes = format!("{SIMPLIFIED}\n{SIMPLIFIED}\n").into_bytes();
        bytes.extend_from_slice(&encoding_rs::GBK.encode(SIMPLIFIED).0);
        assert_eq!(detect(&bytes), Encoding::Utf8);
        let mut bytes = SIMPLIFIED.as_bytes().to_vec();
        bytes[10] = 0xff;
        assert_eq!(detect(&bytes), Encoding::Utf8);
        assert_eq!(detect(b"plain\n\xff\xe4broken\nplain\n"), Encoding::Utf8);
    }

    #[test]
    fn labels_go_round() {
        for encoding in Encoding::ALL {
            assert_eq!(Encoding::by_label(encoding.label()), Some(encoding));
            assert_eq!(serde_json::to_value(encoding).unwrap(), encoding.label());
        }
        assert_eq!(Encoding::by_label("GBK"), Some(Encoding::Gb18030));
        assert_eq!(Encoding::by_label("klingon"), None);
    }
}
