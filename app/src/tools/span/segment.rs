//! A text cut into segments at every border of a span, so that nested and overlapping spans can be drawn side by side:
//! each segment knows which spans cover it and on which line below the text each of them runs. Segments end where paragraphs
//! end, so that what a new span changes is a paragraph and not the text.

use crate::workbench::region::{RegionRef, Span};
use std::sync::Arc;

/// What ends a paragraph.
const PARAGRAPH: char = '\n';

/// A piece of a paragraph under one and the same set of spans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// The first character.
    pub start: u32,
    /// The one after the last.
    pub end: u32,
    /// The piece itself.
    pub text: String,
    /// The spans that cover it, the outermost first.
    pub covers: Vec<Cover>,
}

impl Segment {
    /// Is it part of this region?
    pub fn is_under(&self, region: &RegionRef) -> bool {
        self.covers.iter().any(|cover| cover.span.region == *region)
    }
}

/// One span over one segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    /// The span.
    pub span: Span,
    /// The line below the text on which it runs, 0 nearest.
    pub line: usize,
    /// The span ends with this segment: its tag goes here.
    pub last: bool,
}

/// Cuts the text. The spans must be sorted by start, longer first; those beyond the text are left out.
pub fn cut(text: &str, spans: &[Span]) -> Vec<Segment> {
    let length = domain::text::char_len(text);
    let fits = |span: &Span| span.start < span.end && span.end <= length;
    let lines = lines(spans);
    let mut borders: Vec<u32> = vec![0, length];
    borders.extend(spans.iter().filter(|span| fits(span)).flat_map(|span| [span.start, span.end]));
    borders.extend((1..).zip(text.chars()).filter(|(_, char)| *char == PARAGRAPH).map(|(after, _)| after));
    borders.sort_unstable();
    borders.dedup();

    let mut open: Vec<usize> = Vec::new();
    let mut next = 0;
    let mut rest = text;
    let mut segments = Vec::with_capacity(borders.len());
    for pair in borders.windows(2) {
        let &[start, end] = pair else { continue };
        let cut = domain::text::byte_of_char(rest, end - start).unwrap_or(rest.len());
        let (piece, tail) = rest.split_at(cut);
        rest = tail;
        open.retain(|at| spans.get(*at).is_some_and(|span| span.end > start));
        while let Some(span) = spans.get(next).filter(|span| span.start <= start) {
            if fits(span) {
                open.push(next);
            }
            next += 1;
        }
        let covers = open
            .iter()
            .filter_map(|at| {
                let span = spans.get(*at)?;
                Some(Cover { span: span.clone(), line: *lines.get(*at)?, last: span.end == end })
            })
            .collect();
        segments.push(Segment { start, end, text: piece.to_owned(), covers });
    }
    segments
}

/// The segments of each paragraph. A paragraph has the line break at its end.
pub fn paragraphs(segments: Vec<Segment>) -> Vec<Arc<[Segment]>> {
    let ended = |segment: &Segment| segment.text.ends_with(PARAGRAPH);
    segments.split_inclusive(ended).map(Arc::from).collect()
}

/// The line of each span: the lowest that no span over the same characters has. Inner spans come nearer to the text.
fn lines(spans: &[Span]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..spans.len()).collect();
    order.sort_by_key(|at| spans.get(*at).map(|span| (span.end - span.start.min(span.end), span.start)));
    // Only spans that overlap can share a line's place, and these are few: look among the taken neighbours.
    let mut lines = vec![0; spans.len()];
    let mut taken: Vec<Vec<(u32, u32)>> = Vec::new();
    for at in order {
        let Some(span) = spans.get(at) else { continue };
        let free = |line: &Vec<(u32, u32)>| {
            // The lists are kept in order and never overlap, so the neighbour before the end decides.
            let before = line.partition_point(|(start, _)| *start < span.end);
            before == 0 || line.get(before - 1).is_none_or(|(_, end)| *end <= span.start)
        };
        let line = taken.iter().position(free).unwrap_or(taken.len());
        if line == taken.len() {
            taken.push(Vec::new());
        }
        if let Some(list) = taken.get_mut(line) {
            let place = list.partition_point(|(start, _)| *start < span.start);
            list.insert(place, (span.start, span.end));
        }
        if let Some(slot) = lines.get_mut(at) {
            *slot = line;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spans(ranges: &[(u32, u32)]) -> Vec<Span> {
        let mut spans: Vec<Span> = ranges
            .iter()
            .enumerate()
            .map(|(n, &(start, end))| Span {
                region: RegionRef { control: "names".into(), id: format!("r{n}") },
                label: "a".into(),
                start,
                end,
            })
            .collect();
        spans.sort_by(|a, b| (a.start, b.end).cmp(&(b.start, a.end)));
        spans
    }

    /// The places of the spans that cover a segment.
    fn covering(segment: &Segment, spans: &[Span]) -> Vec<usize> {
        segment.covers.iter().filter_map(|cover| spans.iter().position(|span| *span == cover.span)).collect()
    }

    #[test]
    fn a_span_over_a_paragraphs_end_is_drawn_in_both() {
        let spans = spans(&[(1, 5)]);
        let paragraphs = paragraphs(cut("贵阳\n\n遵义市", &spans));
        let seen: Vec<Vec<(&str, usize)>> = paragraphs
            .iter()
            .map(|segments| segments.iter().map(|segment| (segment.text.as_str(), segment.covers.len())).collect())
            .collect();
        assert_eq!(seen, [vec![("贵", 0), ("阳\n", 1)], vec![("\n", 1)], vec![("遵", 1), ("义市", 0)]]);
        assert!(paragraphs[2][0].covers[0].last && !paragraphs[0][1].covers[0].last, "one tag, at its end");
        assert!(super::paragraphs(Vec::new()).is_empty());
    }

    #[test]
    fn nested_and_crossing_spans() {
        let spans = spans(&[(0, 6), (2, 4), (3, 7)]);
        let segments = cut("𠮷野家在贵阳市", &spans);
        let seen: Vec<(&str, Vec<usize>)> =
            segments.iter().map(|segment| (segment.text.as_str(), covering(segment, &spans))).collect();
        assert_eq!(
            seen,
            [("𠮷野", vec![0]), ("家", vec![0, 1]), ("在", vec![0, 1, 2]), ("贵阳", vec![0, 2]), ("市", vec![2]),]
        );
        let lines: Vec<usize> = segments[2].covers.iter().map(|cover| cover.line).collect();
        assert_eq!(lines, [2, 0, 1], "the inner span runs nearest to the text");
        assert!(segments[4].covers[0].last && !segments[0].covers[0].last);
    }

    #[test]
    fn a_text_without_spans_is_one_segment_and_an_empty_one_none() {
        assert_eq!(cut("贵阳", &[]).len(), 1);
        assert!(cut("", &[]).is_empty());
        assert_eq!(cut("贵阳", &spans(&[(1, 9)])).len(), 1, "a span beyond the text is not drawn");
    }

    proptest! {
        #[test]
        fn the_segments_are_the_text_and_lines_never_clash(
            text in "[a-c𠮷👍\n]{0,40}",
            ranges in prop::collection::vec((0_u32..40, 1_u32..10), 0..12),
        ) {
            let ranges: Vec<(u32, u32)> = ranges.into_iter().map(|(start, length)| (start, start + length)).collect();
            let spans = spans(&ranges);
            let segments = cut(&text, &spans);
            let joined: String = segments.iter().map(|segment| segment.text.as_str()).collect();
            prop_assert_eq!(joined, text.clone());
            let length = domain::text::char_len(&text);
            for segment in &segments {
                prop_assert!(!segment.text.trim_end_matches('\n').contains('\n'), "{:?}", segment);
                let expected: Vec<usize> = (0..spans.len())
                    .filter(|at| spans[*at].end <= length && spans[*at].start <= segment.start && spans[*at].end >= segment.end)
                    .collect();
                let mut found = covering(segment, &spans);
                found.sort_unstable();
                prop_assert_eq!(found, expected);
                let mut lines: Vec<usize> = segment.covers.iter().map(|cover| cover.line).collect();
                lines.sort_unstable();
                lines.dedup();
                prop_assert_eq!(lines.len(), segment.covers.len());
            }
        }
    }
}
