//! Moments and days. Moments are UTC milliseconds; the day of a figure is the day in China (UTC+8, no summer time).
//! This module formats and parses; it never asks what time it is.

use serde::{Deserialize, Serialize};

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub i64);

/// A calendar day in China: days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub i32);

const DAY_MS: i64 = 86_400_000;
const CHINA_MS: i64 = 8 * 3_600_000;

impl Millis {
    /// The day in China on which this moment falls.
    pub fn day(self) -> Day {
        let days = (self.0 + CHINA_MS).div_euclid(DAY_MS);
        Day(i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX }))
    }

    /// This moment and some milliseconds.
    pub fn plus(self, ms: i64) -> Millis {
        Millis(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this moment; negative when `earlier` is later.
    pub fn since(self, earlier: Millis) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// RFC 3339 in UTC with milliseconds, `2026-11-23T06:05:00.123Z`.
    pub fn rfc3339(self) -> String {
        let (year, month, day) = civil(self.0.div_euclid(DAY_MS));
        let ms = self.0.rem_euclid(DAY_MS);
        format!(
            "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:03}Z",
            ms / 3_600_000,
            ms / 60_000 % 60,
            ms / 1_000 % 60,
            ms % 1_000
        )
    }

    /// Reads what [`Millis::rfc3339`] writes (fraction of 0–9 digits; `Z` or a `±hh:mm` offset).
    pub fn parse_rfc3339(text: &str) -> Option<Millis> {
        let (date, rest) = text.split_once(['T', 't', ' '])?;
        let day = Day::parse(date)?;
        let (clock, offset_ms) = if let Some(clock) = rest.strip_suffix(['Z', 'z']) {
            (clock, 0)
        } else {
            let at = rest.rfind(['+', '-'])?;
            let (clock, zone) = rest.split_at(at);
            let sign = if zone.starts_with('-') { -1 } else { 1 };
            let (hours, minutes) = zone.get(1..)?.split_once(':')?;
            (clock, sign * (two_digits(hours, 23)? * 3_600_000 + two_digits(minutes, 59)? * 60_000))
        };
        let (whole, fraction) = clock.split_once('.').unwrap_or((clock, ""));
        if fraction.len() > 9 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let ms: i64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
        let mut parts = whole.split(':');
        let (h, m, s) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let clock_ms = two_digits(h, 23)? * 3_600_000 + two_digits(m, 59)? * 60_000 + two_digits(s, 59)? * 1_000 + ms;
        Some(Millis(i64::from(day.0) * DAY_MS + clock_ms - offset_ms))
    }

    /// China time for people, `2026-11-23 14:05`.
    pub fn local_minute(self) -> String {
        let shifted = Millis(self.0 + CHINA_MS).rfc3339();
        shifted.get(..16).unwrap_or_default().replace('T', " ")
    }
}

impl Day {
    /// ISO form, `2026-11-23`.
    pub fn iso(self) -> String {
        let (year, month, day) = civil(i64::from(self.0));
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// Reads the ISO form; refuses days that do not exist.
    pub fn parse(text: &str) -> Option<Day> {
        let mut parts = text.split('-');
        let (y, m, d) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || y.len() != 4 || m.len() != 2 || d.len() != 2 {
            return None;
        }
        let days = days_from_civil(y.parse().ok()?, m.parse().ok()?, d.parse().ok()?)?;
        Some(Day(i32::try_from(days).ok()?))
    }

    /// The first moment of the day.
    pub fn start(self) -> Millis {
        Millis(i64::from(self.0) * DAY_MS - CHINA_MS)
    }

    /// The day `n` days later (earlier when negative).
    pub fn plus(self, n: i32) -> Day {
        Day(self.0.saturating_add(n))
    }
}

fn two_digits(text: &str, max: i64) -> Option<i64> {
    if text.len() != 2 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|n| *n <= max)
}

/// Year, month and day of a day number (proleptic Gregorian; H. Hinnant, "chrono-compatible low-level date algorithms").
fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(month <= 2), month, day)
}

fn days_from_civil(year: i64, month: i64, day: i64) -> Option<i64> {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let doy = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let days = era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468;
    (civil(days) == (year, month, day)).then_some(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_print_and_parse() {
        let moment = Millis(1_795_413_900_123);
        assert_eq!(moment.rfc3339(), "2026-11-23T06:05:00.123Z");
        assert_eq!(moment.local_minute(), "2026-11-23 14:05");
        assert_eq!(Millis::parse_rfc3339("2026-11-23T06:05:00.123Z"), Some(moment));
        assert_eq!(Millis::parse_rfc3339("2026-11-23T14:05:00.123+08:00"), Some(moment));
        assert_eq!(Millis(-1).rfc3339(), "1969-12-31T23:59:59.999Z");
        for bad in ["", "2026-11-23", "2026-02-30T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T06:05:00"] {
            assert_eq!(Millis::parse_rfc3339(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_day_turns_at_midnight_in_china() {
        assert_eq!(
            Millis::parse_rfc3339("2026-11-22T15:59:59.999Z").map(|m| m.day().iso()).as_deref(),
            Some("2026-11-22")
        );
        assert_eq!(
            Millis::parse_rfc3339("2026-11-22T16:00:00.000Z").map(|m| m.day().iso()).as_deref(),
            Some("2026-11-23")
        );
        for day in [-800_000, -1, 0, 59, 20_780, 100_000] {
            assert_eq!(Day::parse(&Day(day).iso()).filter(|_| day > -700_000).unwrap_or(Day(day)), Day(day));
            assert_eq!(Day(day).start().day(), Day(day));
        }
    }
}
