//! Counts the time in which a person really works on an item. It is told the time and never asks for it.

/// Without any input for so long, the person is away.
pub const IDLE_MS: f64 = 60_000.0;

/// Working time of one item.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Timer {
    counted: f64,
    opened_at: f64,
    before: f64,
    last_input: f64,
    last_tick: f64,
    hidden: bool,
}

impl Timer {
    /// Begins with what was counted before a reload. Opening the item is an act.
    pub fn new(now: f64, counted_before: i64) -> Self {
        let before = counted_before.max(0) as f64;
        Self { counted: before, opened_at: now, before, last_input: now, last_tick: now, hidden: false }
    }

    /// The person did something.
    pub fn input(&mut self, now: f64) {
        self.tick(now);
        self.last_input = now.max(self.last_input);
    }

    /// The tab was hidden or shown.
    pub fn visible(&mut self, now: f64, visible: bool) {
        self.tick(now);
        self.hidden = !visible;
    }

    /// Time passed.
    pub fn tick(&mut self, now: f64) {
        if now > self.last_tick {
            if !self.hidden {
                // Only the part before the person fell idle counts; a sleeping computer leaves a long gap.
                let until = now.min(self.last_input + IDLE_MS);
                self.counted += (until - self.last_tick).max(0.0);
            }
            self.last_tick = now;
        }
    }

    /// Counted milliseconds: never more than have passed since the item was opened, plus what was counted before.
    pub fn active_ms(&self) -> i64 {
        self.counted.min(self.before + (self.last_tick - self.opened_at)).max(0.0) as i64
    }

    /// The person is there now.
    pub fn is_active(&self, now: f64) -> bool {
        !self.hidden && now - self.last_input < IDLE_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_while_the_person_acts() {
        let mut timer = Timer::new(1_000.0, 0);
        timer.input(21_000.0);
        timer.tick(31_000.0);
        assert_eq!(timer.active_ms(), 30_000);
    }

    #[test]
    fn stops_after_a_minute_without_input() {
        let mut timer = Timer::new(0.0, 0);
        timer.tick(30_000.0);
        timer.tick(3_600_000.0);
        assert_eq!(timer.active_ms(), 60_000);
        assert!(!timer.is_active(3_600_000.0));
        timer.input(3_600_000.0);
        timer.tick(3_605_000.0);
        assert_eq!(timer.active_ms(), 65_000);
    }

    #[test]
    fn a_hidden_tab_does_not_count() {
        let mut timer = Timer::new(0.0, 5_000);
        timer.visible(10_000.0, false);
        timer.tick(30_000.0);
        timer.visible(40_000.0, true);
        timer.input(40_000.0);
        timer.tick(41_000.0);
        assert_eq!(timer.active_ms(), 16_000);
    }

    #[test]
    fn a_clock_set_back_takes_nothing_and_gives_nothing() {
        let mut timer = Timer::new(100_000.0, 0);
        timer.tick(110_000.0);
        timer.tick(50_000.0);
        timer.input(60_000.0);
        assert_eq!(timer.active_ms(), 10_000);
        timer.tick(111_000.0);
        assert_eq!(timer.active_ms(), 11_000);
    }
}
