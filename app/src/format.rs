//! Numbers for people: grouped digits, shares, hours, remaining time.

use domain::Lang;

/// `12,480`.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A share as `93.5%`; a dash for nothing.
pub fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{:.1}%", share * 100.0))
}

/// A rate or a number of hours with one decimal; a dash for nothing.
pub fn decimal(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.1}"))
}

/// A length of time that need not be exact: `40 秒`, `12 分钟`, `3 小时 20 分钟`, `5 天`.
pub fn about(ms: i64, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let seconds = (ms / 1_000).max(1);
    match seconds {
        ..60 => {
            if zh {
                format!("{seconds} 秒")
            } else {
                format!("{seconds} s")
            }
        }
        60..3_600 => {
            let minutes = (seconds + 30) / 60;
            if zh { format!("{minutes} 分钟") } else { format!("{minutes} min") }
        }
        3_600..86_400 => {
            let (hours, minutes) = (seconds / 3_600, seconds % 3_600 / 60);
            if zh { format!("{hours} 小时 {minutes} 分钟") } else { format!("{hours} h {minutes} min") }
        }
        _ => {
            let days = (seconds + 43_200) / 86_400;
            if zh { format!("{days} 天") } else { format!("{days} days") }
        }
    }
}

/// A field of a CSV file, quoted where it must be. A leading sign is kept from being read as a formula by spreadsheets.
pub fn csv_field(text: &str) -> String {
    let guarded = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err() {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if guarded.contains([',', '"', '\n', '\r']) { format!("\"{}\"", guarded.replace('"', "\"\"")) } else { guarded }
}

/// A CSV file with the mark that has spreadsheets read it as UTF-8.
pub fn csv(rows: &[Vec<String>]) -> String {
    let mut out = String::from("\u{feff}");
    for row in rows {
        let fields: Vec<String> = row.iter().map(|field| csv_field(field)).collect();
        out.push_str(&fields.join(","));
        out.push_str("\r\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_digits_by_three() {
        for (n, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(count(n), text);
        }
    }

    #[test]
    fn tells_lengths_of_time_in_the_unit_that_fits() {
        assert_eq!(about(40_400, Lang::Zh), "40 秒");
        assert_eq!(about(12 * 60_000, Lang::En), "12 min");
        assert_eq!(about(200 * 60_000, Lang::Zh), "3 小时 20 分钟");
        assert_eq!(about(5 * 86_400_000, Lang::En), "5 days");
    }

    #[test]
    fn csv_quotes_and_defuses_formulas() {
        assert_eq!(csv_field("=1+1"), "'=1+1");
        assert_eq!(csv_field("-3.5"), "-3.5");
        assert_eq!(csv_field("a,\"b\""), "\"a,\"\"b\"\"\"");
    }
}
