//! Rulers along the upper and left edge of an image's stage, in pixels of the image. They stand upright whichever way the
//! view is turned: each measures the side of the image that runs along it.

use super::editor::Editor;
use super::layers::prepare;
use super::viewport::{Size, Viewport};
use leptos::html;
use leptos::prelude::*;
use web_sys::CanvasRenderingContext2d;

/// How thick a ruler is, in CSS pixels.
const THICK: f64 = 18.0;
/// Marks with a number are at least so far apart, marks without one at least so far.
const APART: (f64, f64) = (56.0, 5.0);

/// A ruler's axis: where along it pixels of the image lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axis {
    /// CSS pixels for a pixel of the image; below 0 where they run backwards.
    scale: f64,
    /// Where the image begins.
    shift: f64,
    /// How long the image is along it.
    extent: f64,
}

/// The axes along the upper edge and along the left one. `frame` is the upright stage.
pub fn axes(view: Viewport, frame: Size, image: Size, quarter: u8) -> [Axis; 2] {
    let Viewport { scale, x, y } = view;
    let along = |extent: f64, shift: f64, backwards: Option<f64>| match backwards {
        None => Axis { scale, shift, extent },
        Some(end) => Axis { scale: -scale, shift: end - shift, extent },
    };
    match quarter % 4 {
        0 => [along(image.w, x, None), along(image.h, y, None)],
        1 => [along(image.h, y, Some(frame.w)), along(image.w, x, None)],
        2 => [along(image.w, x, Some(frame.w)), along(image.h, y, Some(frame.h))],
        _ => [along(image.h, y, None), along(image.w, x, Some(frame.h))],
    }
}

/// A mark on a ruler.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    /// Where on the ruler, in CSS pixels.
    pub at: f64,
    /// Which pixel of the image.
    pub pixel: f64,
    /// With its number.
    pub numbered: bool,
}

impl Axis {
    /// Where a pixel of the image lies.
    pub fn place(self, pixel: f64) -> f64 {
        pixel * self.scale + self.shift
    }

    /// The marks on a ruler of this length, in the order of the image. Only where the image is.
    pub fn marks(self, length: f64) -> Vec<Mark> {
        let size = self.scale.abs();
        if !size.is_finite() || size <= 0.0 {
            return Vec::new();
        }
        let round = |least: f64| {
            let power = 10_f64.powf(least.max(1.0).log10().floor());
            [1.0, 2.0, 5.0, 10.0].into_iter().map(|n| n * power).find(|step| *step >= least).unwrap_or(10.0 * power)
        };
        let step = round(APART.0 / size);
        let parts = [10.0, 5.0, 2.0].into_iter().find(|parts| {
            let part = step / parts;
            part >= 1.0 && part.fract() == 0.0 && part * size >= APART.1
        });
        let parts = parts.unwrap_or(1.0);
        let part = step / parts;
        let ends = [(0.0 - self.shift) / self.scale, (length - self.shift) / self.scale];
        let first = (ends[0].min(ends[1]).max(0.0) / part).ceil() as i64;
        let last = (ends[0].max(ends[1]).min(self.extent) / part).floor() as i64;
        let mark = |n: i64| {
            let pixel = n as f64 * part;
            Mark { at: self.place(pixel), pixel, numbered: n.rem_euclid(parts as i64) == 0 }
        };
        (first..=last).map(mark).collect()
    }
}

/// The rulers, while they are switched on.
pub fn rulers(editor: Editor) -> AnyView {
    let (top, left) = (NodeRef::<html::Canvas>::new(), NodeRef::<html::Canvas>::new());
    let numbers = RwSignal::new([String::new(), String::new()]);
    Effect::new(move |_| {
        let (view, stage, quarter) = (editor.view.get(), editor.stage.get(), editor.quarter.get());
        editor.item.track();
        let frame = if quarter % 2 == 1 { Size { w: stage.h, h: stage.w } } else { stage };
        let pointer = editor.pointer.get();
        let of_axis = axes(view, frame, editor.image(), quarter);
        let mut said = [String::new(), String::new()];
        for (at, axis) in of_axis.into_iter().enumerate() {
            let down = at == 1;
            let (canvas, size) = if down {
                (left.get(), Size { w: THICK, h: frame.h })
            } else {
                (top.get(), Size { w: frame.w, h: THICK })
            };
            let Some(brush) = canvas.and_then(|canvas| prepare(&canvas, size)) else { continue };
            let marks = axis.marks(if down { frame.h } else { frame.w });
            // An odd quarter lays the image's own height along the upper edge.
            let pointed = pointer.map(|p| axis.place(if down == (quarter % 2 == 0) { p.y } else { p.x }));
            draw(&brush, size, down, &marks, pointed);
            let numbered = marks.iter().filter(|mark| mark.numbered);
            let words: Vec<String> = numbered.map(|mark| format!("{}@{:.1}", mark.pixel, mark.at)).collect();
            if let Some(slot) = said.get_mut(usize::from(down)) {
                *slot = words.join(" ");
            }
        }
        numbers.set(said);
    });
    let said = move |at: usize| numbers.with(|numbers| numbers.get(at).cloned());
    view! {
        <canvas node_ref=top class="stage-ruler stage-ruler-top" aria-hidden="true" data-marks=move || said(0)></canvas>
        <canvas node_ref=left class="stage-ruler stage-ruler-left" aria-hidden="true" data-marks=move || said(1)></canvas>
    }
    .into_any()
}

fn draw(brush: &CanvasRenderingContext2d, size: Size, down: bool, marks: &[Mark], pointed: Option<f64>) {
    brush.set_fill_style_str("rgba(24,27,25,0.88)");
    brush.fill_rect(0.0, 0.0, size.w, size.h);
    brush.set_line_width(1.0);
    brush.set_stroke_style_str("#8d968f");
    brush.begin_path();
    for mark in marks {
        // On the middle of a pixel of the screen, or the line would be two of them, grey.
        let at = mark.at.floor() + 0.5;
        let long = if mark.numbered { THICK } else { 5.0 };
        if down {
            brush.move_to(THICK - long, at);
            brush.line_to(THICK, at);
        } else {
            brush.move_to(at, THICK - long);
            brush.line_to(at, THICK);
        }
    }
    brush.stroke();
    brush.set_font("10px system-ui, sans-serif");
    brush.set_fill_style_str("#e4e9e5");
    brush.set_text_baseline("alphabetic");
    for mark in marks.iter().filter(|mark| mark.numbered) {
        let words = format!("{}", mark.pixel);
        // Fails only for text that is no text, and numbers that are none.
        if down {
            brush.save();
            let _ = brush.translate(10.0, mark.at - 3.0);
            let _ = brush.rotate(-std::f64::consts::FRAC_PI_2);
            let _ = brush.fill_text(&words, 0.0, 0.0);
            brush.restore();
        } else {
            let _ = brush.fill_text(&words, mark.at + 3.0, 10.0);
        }
    }
    // Where the two meet there is nothing to read.
    brush.set_fill_style_str("#181b19");
    brush.fill_rect(0.0, 0.0, THICK, THICK);
    if let Some(at) = pointed {
        brush.set_fill_style_str("#ffd54a");
        if down {
            brush.fill_rect(0.0, at - 0.5, THICK, 1.5);
        } else {
            brush.fill_rect(at - 0.5, 0.0, 1.5, THICK);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::geometry::Point;
    use proptest::prelude::*;

    const IMAGE: Size = Size { w: 800.0, h: 600.0 };

    #[test]
    fn numbers_are_round_and_parts_are_whole_pixels() {
        let marks = |scale: f64| {
            let marks = Axis { scale, shift: 0.0, extent: 10_000.0 }.marks(300.0);
            let numbered: Vec<f64> = marks.iter().filter(|mark| mark.numbered).map(|mark| mark.pixel).take(3).collect();
            (numbered, marks[1].pixel)
        };
        assert_eq!(marks(1.0), (vec![0.0, 100.0, 200.0], 10.0));
        assert_eq!(marks(0.05), (vec![0.0, 2_000.0, 4_000.0], 200.0));
        assert_eq!(marks(5.0), (vec![0.0, 20.0, 40.0], 2.0));
        assert_eq!(marks(40.0), (vec![0.0, 2.0, 4.0], 1.0));
    }

    #[test]
    fn marks_end_with_the_image() {
        let marks = Axis { scale: 1.0, shift: 50.0, extent: 130.0 }.marks(1_000.0);
        assert_eq!(marks.first().map(|mark| (mark.at, mark.pixel, mark.numbered)), Some((50.0, 0.0, true)));
        assert_eq!(marks.last().map(|mark| (mark.at, mark.pixel, mark.numbered)), Some((180.0, 130.0, false)));
        assert!(Axis { scale: 0.0, shift: 0.0, extent: 10.0 }.marks(100.0).is_empty());
    }

    proptest! {
        #[test]
        fn a_mark_lies_where_the_turned_stage_shows_its_pixel(
            scale in 0.05..30.0f64, x in -500.0..500.0f64, y in -500.0..500.0f64, quarter in 0..4u8,
            px in 0.0..800.0f64, py in 0.0..600.0f64,
        ) {
            let view = Viewport { scale, x, y };
            let frame = Size { w: 1_000.0, h: 700.0 };
            let stage = if quarter % 2 == 1 { Size { w: frame.h, h: frame.w } } else { frame };
            // As the browser turns the stage: about its middle, clockwise, laid on the middle of the frame.
            let on_stage = view.to_screen(Point::new(px, py));
            let middle = Point::new(stage.w / 2.0, stage.h / 2.0);
            let turned = Point::new(on_stage.x, on_stage.y).turned(middle, 90.0 * f64::from(quarter));
            let seen = turned.moved(frame.w / 2.0 - middle.x, frame.h / 2.0 - middle.y);
            let [top, left] = axes(view, frame, IMAGE, quarter);
            let (along, down) = if quarter % 2 == 1 { (py, px) } else { (px, py) };
            prop_assert!((top.place(along) - seen.x).abs() < 1e-6);
            prop_assert!((left.place(down) - seen.y).abs() < 1e-6);
            for mark in top.marks(frame.w) {
                prop_assert!((-1e-6..=frame.w + 1e-6).contains(&mark.at) && mark.pixel.fract() == 0.0);
                prop_assert!((0.0..=top.extent).contains(&mark.pixel));
            }
        }
    }
}
