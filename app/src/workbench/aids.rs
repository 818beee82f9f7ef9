//! What helps the eye on an image: window and level, brightness, contrast and gamma of the picture, a grid, rulers, a
//! crosshair, a small map. Plain numbers and words; [`super::overlay`] draws them. None of it touches the item or what is
//! marked on it.

/// How the picture is shown. One is as it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tone {
    /// How many of the 256 values are spread from black to white.
    pub window: f64,
    /// Which value is in the middle of them.
    pub level: f64,
    /// Brightness.
    pub brightness: f64,
    /// Contrast.
    pub contrast: f64,
    /// Gamma: more than one lifts what is dark.
    pub gamma: f64,
    /// One channel alone, in grey: 0 red, 1 green, 2 blue.
    pub channel: Option<usize>,
}

impl Default for Tone {
    fn default() -> Self {
        Self { window: 255.0, level: 127.5, brightness: 1.0, contrast: 1.0, gamma: 1.0, channel: None }
    }
}

impl Tone {
    /// The picture is shown as it is.
    pub fn is_plain(self) -> bool {
        self == Tone::default()
    }

    /// As a CSS filter; `id` names the SVG filter that carries gamma and channel.
    pub fn css(self, id: &str) -> String {
        if self.is_plain() {
            return "none".to_owned();
        }
        let Tone { brightness, contrast, .. } = self;
        // The window first: the rest acts on what it shows.
        let windowed = if self.is_windowed() { format!("url(#{id}-window) ") } else { String::new() };
        let mut words = format!("{windowed}brightness({brightness}) contrast({contrast})");
        if self.gamma != 1.0 || self.channel.is_some() {
            words += &format!(" url(#{id})");
        }
        words
    }

    /// Other values than all are spread from black to white.
    pub fn is_windowed(self) -> bool {
        let plain = Tone::default();
        (self.window, self.level) != (plain.window, plain.level)
    }

    /// What each value is multiplied by, and what is added, where 1 is white.
    pub fn transfer(self) -> (f64, f64) {
        let window = self.window.max(1.0);
        (255.0 / window, 0.5 - self.level / window)
    }

    /// After a drag over so many pixels of the screen: to the right the window is wider, downwards the level higher.
    pub fn dragged(self, dx: f64, dy: f64) -> Self {
        let window = (self.window + dx / 2.0).clamp(1.0, 255.0);
        Self { window, level: (self.level + dy / 2.0).clamp(0.0, 255.0), ..self }
    }

    /// The rows of the SVG colour matrix: each channel as it is, or one in place of all.
    pub fn matrix(self) -> String {
        let row = |own: usize| {
            let from = self.channel.unwrap_or(own);
            (0..5).map(|at| if at == from { "1" } else { "0" }).collect::<Vec<_>>().join(" ")
        };
        format!("{} {} {} 0 0 0 1 0", row(0), row(1), row(2))
    }
}

/// What is shown over the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aids {
    /// Lines every so many pixels.
    pub grid: bool,
    /// Pixels of the image along the stage's upper and left edge.
    pub rulers: bool,
    /// Lines through the pointer.
    pub crosshair: bool,
    /// The whole image in small, while only a part of it is seen.
    pub map: bool,
    /// The panel for brightness and contrast.
    pub tones: bool,
    /// The image before this one, beside it.
    pub beside: bool,
}

impl Default for Aids {
    fn default() -> Self {
        Self { grid: false, rulers: false, crosshair: false, map: true, tones: false, beside: false }
    }
}

impl Aids {
    /// What this browser remembers of it.
    pub fn written(self) -> String {
        let marks = [(self.grid, 'g'), (self.rulers, 'r'), (self.crosshair, 'c'), (self.map, 'm')];
        marks.into_iter().filter(|(on, _)| *on).map(|(_, mark)| mark).chain(['.']).collect()
    }

    /// Reads that back.
    pub fn read(words: &str) -> Self {
        let has = |mark| words.contains(mark);
        Self { grid: has('g'), rulers: has('r'), crosshair: has('c'), map: has('m'), ..Self::default() }
    }
}

/// Window and level that show what is there, by how often each value is seen: all but a two-hundredth of the darkest and of
/// the brightest. Nothing where nothing is seen.
pub fn auto_window(counts: &[u32; 256]) -> Option<(f64, f64)> {
    let total: u64 = counts.iter().map(|count| u64::from(*count)).sum();
    let cut = total / 200;
    let low = first_beyond(counts.iter().enumerate(), cut)?;
    let high = first_beyond(counts.iter().enumerate().rev(), cut)?;
    Some(((high - low).max(1.0), (high + low) / 2.0))
}

fn first_beyond<'a>(counts: impl Iterator<Item = (usize, &'a u32)>, cut: u64) -> Option<f64> {
    let mut sum = 0;
    for (value, count) in counts {
        sum += u64::from(*count);
        if sum > cut {
            return Some(value as f64);
        }
    }
    None
}

/// Every how many pixels of the image the grid has a line: single pixels when they are large, else a round number that
/// leaves room between the lines.
pub fn grid_step(scale: f64) -> f64 {
    if scale >= 8.0 {
        return 1.0;
    }
    let least = 28.0 / scale.max(1e-6);
    let power = 10_f64.powf(least.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|n| n * power).find(|step| *step >= least).unwrap_or(least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_tone_is_no_filter() {
        assert_eq!(Tone::default().css("t"), "none");
        let bright = Tone { brightness: 1.5, ..Tone::default() };
        assert_eq!(bright.css("t"), "brightness(1.5) contrast(1)");
        let green = Tone { channel: Some(1), ..Tone::default() };
        assert_eq!(green.css("t"), "brightness(1) contrast(1) url(#t)");
        assert_eq!(green.matrix(), "0 1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 0 0 1 0");
        assert_eq!(Tone::default().matrix(), "1 0 0 0 0 0 1 0 0 0 0 0 1 0 0 0 0 0 1 0");
    }

    #[test]
    fn a_window_spreads_its_values_from_black_to_white() {
        let tone = Tone { window: 51.0, level: 100.5, ..Tone::default() };
        assert_eq!(tone.css("t"), "url(#t-window) brightness(1) contrast(1)");
        let (slope, intercept) = tone.transfer();
        let shown = |value: f64| value / 255.0 * slope + intercept;
        assert!((shown(75.0)).abs() < 1e-9 && (shown(126.0) - 1.0).abs() < 1e-9);
        assert_eq!(Tone::default().transfer(), (1.0, 0.0));
        let far = Tone::default().dragged(-1_000.0, 1_000.0);
        assert_eq!((far.window, far.level), (1.0, 255.0));
        assert_eq!(Tone::default().dragged(-100.0, -55.0).window, 205.0);
    }

    #[test]
    fn the_automatic_window_leaves_out_what_is_rare() {
        let mut counts = [0_u32; 256];
        assert_eq!(auto_window(&counts), None);
        counts[40..=60].fill(1_000);
        counts[0] = 20;
        counts[255] = 20;
        assert_eq!(auto_window(&counts), Some((20.0, 50.0)));
        let mut flat = [0_u32; 256];
        flat[7] = 5;
        assert_eq!(auto_window(&flat), Some((1.0, 7.0)), "one value alone is still shown");
    }

    #[test]
    fn the_grid_keeps_its_distance() {
        assert_eq!([0.05, 0.3, 1.0, 3.0, 20.0].map(grid_step), [1_000.0, 100.0, 50.0, 10.0, 1.0]);
        for scale in [0.01, 0.07, 0.4, 2.0, 7.9] {
            assert!((28.0..=80.0).contains(&(grid_step(scale) * scale)), "{scale}");
        }
    }

    #[test]
    fn what_is_remembered_comes_back() {
        for aids in [Aids::default(), Aids { grid: true, rulers: true, map: false, ..Aids::default() }] {
            assert_eq!(Aids::read(&aids.written()), aids);
        }
        let panels = Aids { tones: true, beside: true, ..Aids::default() };
        assert_eq!(Aids::read(&panels.written()), Aids::default(), "panels are opened anew");
    }
}
