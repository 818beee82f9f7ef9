//! A text in paragraphs with the spans over each, and a paragraph cut into segments at every border of a span, so that nested
//! and overlapping spans can be drawn side by side: each segment knows which spans cover it and on which line below the text
//! each of them runs. What a new span changes is a paragraph and not the text: the others are the same ones as before.

use crate::workbench::region::{RegionRef, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What ends a paragraph.
const PARAGRAPH: char = '\n';

/// A paragraph without its spans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The first character.
    pub start: u32,
    /// The one after the last.
    pub end: u32,
    /// What is written there, with the line break at the end.
    pub text: Arc<str>,
}

/// A paragraph with its spans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// The paragraph itself.
    pub piece: Piece,
    /// The spans that share a character with it, by start, longer first, each with its line below the text.
    pub spans: Vec<(Span, usize)>,
}

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

/// The paragraphs of a text.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut start = 0;
    let piece = |text: &str| {
        let end = start + domain::text::char_len(text);
        Piece { start: std::mem::replace(&mut start, end), end, text: text.into() }
    };
    text.split_inclusive(PARAGRAPH).map(piece).collect()
}

/// The paragraphs with their spans, which must be sorted by start, longer first; those beyond the text are left out. A
/// paragraph that is as it was `before` is that very one.
pub fn laid(pieces: &[Piece], spans: &[Span], before: &[Arc<Paragraph>]) -> Vec<Arc<Paragraph>> {
    let length = pieces.last().map_or(0, |piece| piece.end);
    let lines = lines(spans);
    let mut rest = spans.iter().zip(lines).filter(|(span, _)| span.start < span.end && span.end <= length).peekable();
    let mut open: Vec<(&Span, usize)> = Vec::new();
    let paragraph = |(at, piece): (usize, &Piece)| {
        open.retain(|(span, _)| span.end > piece.start);
        while let Some(next) = rest.next_if(|(span, _)| span.start < piece.end) {
            open.push(next);
        }
        let is_same = |known: &&Arc<Paragraph>| {
            let spans = known.spans.iter().map(|(span, line)| (span, *line));
            known.piece == *piece && spans.eq(open.iter().copied())
        };
        let known = before.get(at).filter(is_same).cloned();
        known.unwrap_or_else(|| {
            let spans = open.iter().map(|(span, line)| ((*span).clone(), *line)).collect();
            Arc::new(Paragraph { piece: piece.clone(), spans })
        })
    };
    pieces.iter().enumerate().map(paragraph).collect()
}

/// Cuts a paragraph.
pub fn cut(paragraph: &Paragraph) -> Vec<Segment> {
    let Paragraph { piece, spans } = paragraph;
    let within = |at: u32| at.clamp(piece.start, piece.end);
    let mut borders: Vec<u32> = vec![piece.start, piece.end];
    borders.extend(spans.iter().flat_map(|(span, _)| [within(span.start), within(span.end)]));
    borders.sort_unstable();
    borders.dedup();

    let mut rest = &*piece.text;
    let mut segments = Vec::with_capacity(borders.len());
    for pair in borders.windows(2) {
        let &[start, end] = pair else { continue };
        let cut = domain::text::byte_of_char(rest, end - start).unwrap_or(rest.len());
        let (text, tail) = rest.split_at(cut);
        rest = tail;
        let over = spans.iter().filter(|(span, _)| span.start <= start && end <= span.end);
        let covers =
            over.map(|(span, line)| Cover { span: span.clone(), line: *line, last: span.end == end }).collect();
        segments.push(Segment { start, end, text: text.to_owned(), covers });
    }
    segments
}

/// A paragraph as one segment under nothing: how it is drawn while nobody sees it.
pub fn whole(paragraph: &Paragraph) -> Segment {
    let Piece { start, end, text } = &paragraph.piece;
    Segment { start: *start, end: *end, text: text.to_string(), covers: Vec::new() }
}

/// The line of each span: the lowest that no span over the same characters has. Inner spans come nearer to the text. Only
/// spans that hang together can be in each other's way, and most stand alone.
fn lines(spans: &[Span]) -> Vec<usize> {
    let mut lines = Vec::with_capacity(spans.len());
    let mut rest = spans;
    while let Some(first) = rest.first() {
        let mut end = first.end;
        let others = rest.iter().skip(1).take_while(|span| {
            let hangs = span.start < end;
            end = end.max(span.end);
            hangs
        });
        let (cluster, tail) = rest.split_at(1 + others.count());
        rest = tail;
        match cluster {
            [_] => lines.push(0),
            _ => lines.extend(lines_of(cluster)),
        }
    }
    lines
}

fn lines_of(cluster: &[Span]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..cluster.len()).collect();
    order.sort_by_key(|at| cluster.get(*at).map(|span| (span.end - span.start.min(span.end), span.start)));
    let mut lines = vec![0; cluster.len()];
    // What is taken on each line, ends by starts. They never overlap, so the neighbour before the end decides.
    let mut taken: Vec<BTreeMap<u32, u32>> = Vec::new();
    for at in order {
        let Some(span) = cluster.get(at) else { continue };
        let is_free =
            |line: &BTreeMap<u32, u32>| line.range(..span.end).next_back().is_none_or(|(_, end)| *end <= span.start);
        let line = taken.iter().position(is_free).unwrap_or(taken.len());
        if line == taken.len() {
            taken.push(BTreeMap::new());
        }
        if let (Some(list), Some(slot)) = (taken.get_mut(line), lines.get_mut(at)) {
            list.insert(span.start, span.end);
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

    /// The segments of each paragraph.
    fn paragraphs(text: &str, spans: &[Span]) -> Vec<Vec<Segment>> {
        laid(&pieces(text), spans, &[]).iter().map(|paragraph| cut(paragraph)).collect()
    }

    #[test]
    fn a_span_over_a_paragraphs_end_is_drawn_in_both() {
        let spans = spans(&[(1, 5)]);
        let paragraphs = paragraphs("贵阳\n\n遵义市", &spans);
        let seen: Vec<Vec<(&str, usize)>> = paragraphs
            .iter()
            .map(|segments| segments.iter().map(|segment| (segment.text.as_str(), segment.covers.len())).collect())
            .collect();
        assert_eq!(seen, [vec![("贵", 0), ("阳\n", 1)], vec![("\n", 1)], vec![("遵", 1), ("义市", 0)]]);
        assert!(paragraphs[2][0].covers[0].last && !paragraphs[0][1].covers[0].last, "one tag, at its end");
        assert_eq!(paragraphs[1][0].start, 3);
    }

    #[test]
    fn a_paragraph_that_nothing_changed_is_the_one_before() {
        let text = pieces("贵阳市\n遵义市\n毕节市");
        let before = laid(&text, &spans(&[(0, 2), (8, 10)]), &[]);
        let after = laid(&text, &spans(&[(0, 2), (8, 10), (4, 6)]), &before);
        let kept: Vec<bool> = before.iter().zip(&after).map(|(before, after)| Arc::ptr_eq(before, after)).collect();
        assert_eq!(kept, [true, false, true]);
        let nested = laid(&text, &spans(&[(0, 3), (0, 2), (8, 10)]), &after);
        assert_eq!(
            nested[0].spans.iter().map(|(_, line)| *line).collect::<Vec<_>>(),
            [1, 0],
            "an inner span came nearer"
        );
        assert_eq!(whole(&nested[0]).text, "贵阳市\n");
    }

    #[test]
    fn nested_and_crossing_spans() {
        let spans = spans(&[(0, 6), (2, 4), (3, 7)]);
        let segments = paragraphs("𠮷野家在贵阳市", &spans).concat();
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
        assert_eq!(paragraphs("贵阳", &[]).concat().len(), 1);
        assert!(paragraphs("", &[]).is_empty());
        assert_eq!(paragraphs("贵阳", &spans(&[(1, 9)])).concat().len(), 1, "a span beyond the text is not drawn");
    }

    proptest! {
        #[test]
        fn the_segments_are_the_text_and_lines_never_clash(
            text in "[a-c𠮷👍\n]{0,40}",
            ranges in prop::collection::vec((0_u32..40, 1_u32..10), 0..12),
        ) {
            let ranges: Vec<(u32, u32)> = ranges.into_iter().map(|(start, length)| (start, start + length)).collect();
            let spans = spans(&ranges);
            let segments = paragraphs(&text, &spans).concat();
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
            // Those that hang together decide among themselves.
            prop_assert_eq!(lines(&spans), lines_of(&spans));
            // From whatever was before, the same comes out.
            let pieces = pieces(&text);
            let before = laid(&pieces, &spans[..spans.len() / 2], &[]);
            prop_assert_eq!(laid(&pieces, &spans, &before), laid(&pieces, &spans, &[]));
        }
    }
}
