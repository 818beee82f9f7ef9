//! A paragraph of a text: its segments, drawn anew only when something of their own changes, and drawn at all only once they
//! are near what is seen. Knows nothing of selections and keys.

use super::editor::Editor;
use super::region::Span;
use crate::lang::use_lang;
use crate::tools::span::segment::{self, Paragraph, Segment};
use leptos::prelude::*;
use std::sync::Arc;

/// Half widths of a line, for blocks that are not laid out yet.
const LINE: usize = 84;

/// How a segment looks: its tint, its lines, its tags.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
struct Look {
    background: String,
    depth: usize,
    tags: String,
    tag_color: String,
    marked: bool,
}

/// A paragraph; nothing where the text has none any more.
pub fn view_paragraph(editor: Editor, own: Memo<Option<Arc<Paragraph>>>, near: RwSignal<bool>) -> AnyView {
    let lang = use_lang();
    // The caret deselects at each step, mostly what was not selected here: nothing is drawn for that.
    let selected = Memo::new(move |_| {
        let selected = editor.selected.get()?;
        let is_here = |own: &Paragraph| own.spans.iter().any(|(span, _)| span.region == selected);
        own.with(|own| own.as_deref().is_some_and(is_here)).then_some(selected)
    });
    let shown = Memo::new(move |_| {
        own.with(|own| {
            let Some(own) = own else { return Vec::new() };
            if !near.get() {
                return vec![(segment::whole(own), Look::default(), false)];
            }
            lang.track();
            editor.marked.track();
            selected.with(|selected| {
                let lit = |segment: &Segment| selected.as_ref().is_some_and(|selected| segment.is_under(selected));
                let look = |segment: Segment| {
                    let (style, lit) = (style_of(editor, &segment), lit(&segment));
                    (segment, style, lit)
                };
                segment::cut(own).into_iter().map(look).collect()
            })
        })
    });
    // The next item has its paragraphs in the same places.
    let start = Memo::new(move |_| own.with(|own| own.as_ref().map(|own| own.piece.start)));
    let lines = Memo::new(move |_| {
        let wide = |own: &Paragraph| own.piece.text.chars().map(half_widths).sum::<usize>();
        own.with(|own| own.as_deref().map_or(0, wide)).div_ceil(LINE).max(1)
    });
    view! {
        <div
            class="text-paragraph"
            data-from=move || start.get().map(|start| start.to_string())
            style=("--lines", move || lines.get().to_string())
        >
            <For
                each=move || shown.get()
                key=|(segment, styles, lit)| (segment.start, segment.text.clone(), styles.clone(), *lit)
                children=move |(segment, styles, lit)| view_segment(segment, styles, lit)
            />
        </div>
    }
    .into_any()
}

/// About how wide a character is, in halves of a Chinese one.
fn half_widths(char: char) -> usize {
    if char.is_ascii() { 1 } else { 2 }
}

fn style_of(editor: Editor, segment: &Segment) -> Look {
    let covering: Vec<_> = segment.covers.iter().map(|cover| (cover, &cover.span)).collect();
    if covering.is_empty() {
        return Look::default();
    }
    let color = |span: &Span| editor.color(&span.region.control, &span.label);
    // Each span is a line of its own below the text; the innermost one tints the ground.
    let mut layers = Vec::new();
    let mut depth = 0;
    for (cover, span) in &covering {
        depth = depth.max(cover.line + 1);
        let color = color(span);
        layers.push(format!(
            "linear-gradient({color}, {color}) 0 calc(1.25em + 2px + {}px) / 100% 3px no-repeat",
            cover.line * 5
        ));
    }
    if let Some((_, span)) = covering.iter().min_by_key(|(cover, _)| cover.line) {
        let color = color(span);
        layers.push(format!("linear-gradient({color}33, {color}33) 0 0 / 100% calc(1.25em + 2px) no-repeat"));
    }
    let ending: Vec<_> = covering.iter().filter(|(cover, _)| cover.last).collect();
    let names: Vec<String> =
        ending.iter().map(|(_, span)| editor.label_name(&span.region.control, &span.label)).collect();
    let marked = editor.marked.with_untracked(|marked| covering.iter().any(|(_, span)| marked.contains(&span.region)));
    Look {
        background: layers.join(", "),
        depth,
        tags: names.join(" · "),
        tag_color: ending.first().map(|(_, span)| color(span)).unwrap_or_default(),
        marked,
    }
}

fn view_segment(segment: Segment, look: Look, lit: bool) -> AnyView {
    let covered = !segment.covers.is_empty();
    let class = match (covered, lit, look.marked) {
        (false, ..) => "seg",
        (true, false, false) => "seg seg-span",
        (true, true, false) => "seg seg-span seg-lit",
        (true, false, true) => "seg seg-span seg-marked",
        (true, true, true) => "seg seg-span seg-lit seg-marked",
    };
    let tag = (!look.tags.is_empty()).then(|| look.tags.clone());
    view! {
        <span
            class=class
            data-start=segment.start.to_string()
            data-tag=tag
            style:background=covered.then_some(look.background)
            style:padding-bottom=covered.then(|| format!("{}px", look.depth * 5))
            style=("--tag", look.tag_color.clone())
            style=("--tag-ink", if look.tag_color.is_empty() { "inherit" } else { domain::schema::ink(&look.tag_color) })
        >
            {segment.text}
        </span>
    }
    .into_any()
}
