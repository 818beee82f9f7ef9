//! Sixteen bits a channel shown in eight. Where the values fill the range, they are scaled; where they lie in a part of it,
//! as in what microscopes, scanners and medical devices make of twelve bits, that part is spread out.

/// Values at either end that may be lost in black and white: one in a thousand.
const LOST: u64 = 1_000;
/// Values that span so much of the range are shown as they are.
const WIDE: u16 = 0x8000;

/// How often each value occurs.
#[derive(Debug)]
pub(crate) struct Histogram(Vec<u64>);

impl Default for Histogram {
    fn default() -> Self {
        Self(vec![0; 1 << 16])
    }
}

impl Histogram {
    /// Counts values.
    pub(crate) fn add(&mut self, values: impl Iterator<Item = u16>) {
        for value in values {
            if let Some(n) = self.0.get_mut(usize::from(value)) {
                *n += 1;
            }
        }
    }

    /// The values that are to be black and white; nothing where the whole range is to be shown.
    pub(crate) fn window(&self) -> Option<[u16; 2]> {
        let all: u64 = self.0.iter().sum();
        let lost = all / LOST;
        let value = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
        let (low, _) = beyond(self.0.iter().enumerate(), lost)?;
        let (high, _) = beyond(self.0.iter().enumerate().rev(), lost)?;
        let (low, high) = (value(low), value(high));
        // One value alone has no contrast to show.
        (low < high && high - low < WIDE).then_some([low, high])
    }
}

/// The first value after which more than so many were seen.
fn beyond<'a>(counts: impl Iterator<Item = (usize, &'a u64)>, lost: u64) -> Option<(usize, &'a u64)> {
    let mut seen = 0;
    let mut counts = counts;
    counts.find(|(_, n)| {
        seen += **n;
        seen > lost
    })
}

/// From sixteen bits to eight.
#[derive(Debug)]
pub(crate) struct Scale(Vec<u8>);

impl Scale {
    /// The one that shows this window.
    pub(crate) fn of(window: Option<[u16; 2]>) -> Self {
        let [low, high] = window.unwrap_or([0, u16::MAX]).map(u32::from);
        let span = high.saturating_sub(low).max(1);
        let shade = |value: u32| {
            let value = value.clamp(low, high.max(low)) - low;
            u8::try_from((value * 255 + span / 2) / span).unwrap_or(u8::MAX)
        };
        Self((0..1 << 16).map(shade).collect())
    }

    /// What a value is shown as.
    pub(crate) fn shade(&self, value: u16) -> u8 {
        self.0.get(usize::from(value)).copied().unwrap_or(u8::MAX)
    }
}

/// An opacity, which no window changes.
pub(crate) fn opacity(value: u16) -> u8 {
    u8::try_from(value >> 8).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(values: impl Iterator<Item = u16>) -> Option<[u16; 2]> {
        let mut histogram = Histogram::default();
        histogram.add(values);
        histogram.window()
    }

    #[test]
    fn twelve_bits_are_spread_out_and_a_full_range_is_not() {
        assert_eq!(window((0..4_096).flat_map(|n| [n; 3])), Some([4, 4_091]));
        assert_eq!(window(0..=u16::MAX), None);
        assert_eq!(window(std::iter::repeat_n(700, 9_000)), None);
        assert_eq!(window(std::iter::empty()), None);
        // A few dead pixels do not darken the rest.
        assert_eq!(window((0..10_000).map(|n| if n < 5 { u16::MAX } else { 100 + n % 50 })), Some([100, 149]));
    }

    #[test]
    fn the_ends_of_a_window_are_black_and_white() {
        let scale = Scale::of(Some([100, 200]));
        assert_eq!([0, 100, 150, 200, 60_000].map(|value| scale.shade(value)), [0, 0, 128, 255, 255]);
        let plain = Scale::of(None);
        assert_eq!([0, 0x8000, u16::MAX].map(|value| plain.shade(value)), [0, 128, 255]);
    }
}
