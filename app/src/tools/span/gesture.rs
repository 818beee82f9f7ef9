//! Which piece of the text a selection means, and how a span grows by keys. Offsets are Unicode scalar values.

use crate::workbench::region::Span;

/// The selection without blank space at its ends; nothing when it is blank.
pub fn trimmed(text: &str, start: u32, end: u32) -> Option<(u32, u32)> {
    let covered = domain::text::slice(text, start.min(end), start.max(end))?;
    let front = domain::text::char_len(covered) - domain::text::char_len(covered.trim_start());
    let kept = domain::text::char_len(covered.trim());
    let from = start.min(end) + front;
    (kept > 0).then_some((from, from + kept))
}

/// The first span of the control that shares a character with the piece.
pub fn overlapping<'a>(spans: &'a [Span], control: &str, start: u32, end: u32, but: Option<&str>) -> Option<&'a Span> {
    spans
        .iter()
        .filter(|span| span.region.control == control && Some(span.region.id.as_str()) != but)
        .find(|span| span.start < end && start < span.end)
}

/// The next place, forwards or backwards, that does not cut a character that people see as one: a joined emoji, a letter
/// with its marks.
pub fn step(text: &str, from: u32, forwards: bool) -> u32 {
    let chars: Vec<char> = text.chars().collect();
    let mut at = from as usize;
    loop {
        if forwards {
            if at >= chars.len() {
                break;
            }
            at += 1;
        } else {
            if at == 0 {
                break;
            }
            at -= 1;
        }
        if !is_inside(&chars, at) {
            break;
        }
    }
    at as u32
}

/// Does a place lie within what is seen as one character?
fn is_inside(chars: &[char], at: usize) -> bool {
    let joins = |c: char| c == '\u{200d}';
    let extends = |c: char| {
        joins(c)
            || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{300}'..='\u{36f}' | '\u{20d0}'..='\u{20ff}')
    };
    match (at.checked_sub(1).and_then(|before| chars.get(before)), chars.get(at)) {
        (Some(before), Some(after)) => joins(*before) || extends(*after) || (*before == '\r' && *after == '\n'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::region::RegionRef;

    #[test]
    fn blank_ends_are_left_out() {
        assert_eq!(trimmed("在 贵阳 。", 1, 5), Some((2, 4)));
        assert_eq!(trimmed("在 贵阳 。", 5, 1), Some((2, 4)), "selected backwards");
        assert_eq!(trimmed("在　　贵", 1, 3), None);
        assert_eq!(trimmed("贵阳", 0, 9), None);
    }

    #[test]
    fn steps_over_whole_characters() {
        let text = "a👨🏻‍🚒𠮷é";
        let all: Vec<u32> = std::iter::successors(Some(0), |at| Some(step(text, *at, true))).take(6).collect();
        assert_eq!(all, [0, 1, 5, 6, 7, 7]);
        assert_eq!(step(text, 5, false), 1);
        assert_eq!(step("e\u{301}x", 2, false), 0);
        assert_eq!(step("", 0, true), 0);
    }

    #[test]
    fn finds_what_overlaps() {
        let span = |id: &str, start: u32, end: u32| Span {
            region: RegionRef { control: "names".into(), id: id.into() },
            label: "place".into(),
            start,
            end,
        };
        let spans = [span("r1", 0, 4), span("r2", 6, 8)];
        assert_eq!(overlapping(&spans, "names", 3, 6, None).map(|s| s.region.id.as_str()), Some("r1"));
        assert_eq!(overlapping(&spans, "names", 4, 6, None), None);
        assert_eq!(overlapping(&spans, "names", 3, 6, Some("r1")), None);
        assert_eq!(overlapping(&spans, "other", 3, 6, None), None);
    }
}
