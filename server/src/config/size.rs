//! Sizes as people write them: `4MiB`, `64 GiB`, `1000`.

use std::str::FromStr;

/// A number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size(pub u64);

impl FromStr for Size {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let text = text.trim();
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let unit: u64 = match unit.trim().to_ascii_lowercase().as_str() {
            "" | "b" => 1,
            "k" | "kb" | "kib" => 1 << 10,
            "m" | "mb" | "mib" => 1 << 20,
            "g" | "gb" | "gib" => 1 << 30,
            "t" | "tb" | "tib" => 1 << 40,
            _ => return Err(()),
        };
        number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit)).map(Size).ok_or(())
    }
}

/// The flag's size, else the file's, else the default.
pub(super) fn pick(name: &str, flag: Option<String>, file: Option<String>, default: &str) -> Result<u64, String> {
    let text = flag.or(file).unwrap_or_else(|| default.to_owned());
    text.parse::<Size>()
        .map(|size| size.0)
        .map_err(|()| format!("`{name}` is `{text}`: give a size such as 512KiB, 4MiB or 20GiB."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_people_write_them() {
        for (text, bytes) in [("0", 0), ("1000", 1_000), ("4MiB", 4 << 20), ("64 gib", 64 << 30), ("2k", 2_048)] {
            assert_eq!(text.parse(), Ok(Size(bytes)), "{text}");
        }
        for text in ["", "MiB", "-1", "1.5GiB", "4 miles", "99999999999999TiB"] {
            assert_eq!(text.parse::<Size>(), Err(()), "{text}");
        }
    }
}
