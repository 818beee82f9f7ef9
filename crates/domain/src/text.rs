//! Text offsets. Terrace counts Unicode scalar values; browsers count UTF-16 code units; Rust counts UTF-8 bytes.
//! Convert at the edge, with these functions and nothing else. Text itself is never changed here.

/// The number of Unicode scalar values.
pub fn char_len(text: &str) -> u32 {
    to_u32(text.chars().count())
}

/// The byte offset of scalar value `offset`; the text's end counts as an offset, anything beyond does not.
pub fn byte_of_char(text: &str, offset: u32) -> Option<usize> {
    if offset == 0 {
        return Some(0);
    }
    let mut seen = 0_u32;
    for (byte, _) in text.char_indices() {
        if seen == offset {
            return Some(byte);
        }
        seen += 1;
    }
    (seen == offset).then_some(text.len())
}

/// The text between two scalar offsets, end exclusive.
pub fn slice(text: &str, start: u32, end: u32) -> Option<&str> {
    if start > end {
        return None;
    }
    let from = byte_of_char(text, start)?;
    let tail = text.get(from..)?;
    let to = byte_of_char(tail, end - start)?;
    tail.get(..to)
}

/// The scalar offset of UTF-16 offset `units`. One inside a surrogate pair counts as the pair's start.
pub fn char_of_utf16(text: &str, units: u32) -> u32 {
    let mut left = units;
    let mut chars = 0;
    for ch in text.chars() {
        let width = to_u32(ch.len_utf16());
        if left < width {
            break;
        }
        left -= width;
        chars += 1;
    }
    chars
}

/// The UTF-16 offset of scalar offset `offset`; the end where the text is shorter.
pub fn utf16_of_char(text: &str, offset: u32) -> u32 {
    let taken = usize::try_from(offset).unwrap_or(usize::MAX);
    text.chars().take(taken).map(|ch| to_u32(ch.len_utf16())).sum()
}

fn to_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// text, word, scalar start–end, UTF-16 start–end
    fn check(text: &str, word: &str, scalar: (u32, u32), utf16: (u32, u32)) {
        assert_eq!(slice(text, scalar.0, scalar.1), Some(word));
        assert_eq!((char_of_utf16(text, utf16.0), char_of_utf16(text, utf16.1)), scalar);
        assert_eq!((utf16_of_char(text, scalar.0), utf16_of_char(text, scalar.1)), utf16);
    }

    #[test]
    fn known_vectors_of_other_tools_bugs() {
        check("👨🏻‍🚒 firemen drive firetrucks", "firetrucks", (19, 29), (22, 32));
        check("💩This is an annotation.", "annotation", (12, 22), (13, 23));
        check("𠮷野家在贵阳", "贵阳", (4, 6), (5, 7));
    }

    #[test]
    fn offsets_beyond_the_text_are_refused() {
        assert_eq!(slice("贵阳", 1, 2), Some("阳"));
        assert_eq!(slice("贵阳", 2, 2), Some(""));
        assert_eq!(slice("贵阳", 1, 3), None);
        assert_eq!(slice("贵阳", 2, 1), None);
    }

    proptest! {
        #[test]
        fn conversions_invert(text in any::<String>(), pick in any::<prop::sample::Index>()) {
            let offset = u32::try_from(pick.index(text.chars().count() + 1)).unwrap();
            prop_assert_eq!(char_of_utf16(&text, utf16_of_char(&text, offset)), offset);
            let byte = byte_of_char(&text, offset).unwrap();
            prop_assert_eq!(char_len(&text[..byte]), offset);
        }
    }
}
