//! Drawing samples and speaking of what they show. A draw is a pure function of a seed and the lot, so that anyone can
//! repeat it with any SHA-256 tool.

use crate::batch::Plan;
use crate::id::ItemId;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// How many items of a lot of `size` the plan draws.
pub fn sample_size(plan: Plan, size: u32) -> u32 {
    match plan {
        Plan::All => size,
        Plan::Rate { rate } => {
            let wanted = (f64::from(size) * rate.clamp(0.0, 1.0)).ceil();
            // Within 0..=size, so the cast neither cuts nor changes sign.
            (wanted as u32).clamp(1.min(size), size)
        }
    }
}

/// The drawn items: the `n` with the smallest SHA-256 of `seed:item`, in that order.
pub fn draw(seed: &str, lot: &[ItemId], n: u32) -> Vec<ItemId> {
    let mut ranked: Vec<([u8; 32], ItemId)> =
        lot.iter().map(|item| (Sha256::digest(format!("{seed}:{item}")).into(), *item)).collect();
    ranked.sort_unstable();
    ranked.truncate(usize::try_from(n).unwrap_or(usize::MAX));
    ranked.into_iter().map(|(_, item)| item).collect()
}

/// SHA-256, hexadecimal, over the lot's item ids in batch order, each followed by a line feed.
pub fn lot_hash(lot: &[ItemId]) -> String {
    let mut hasher = Sha256::new();
    for item in lot {
        hasher.update(item.to_string());
        hasher.update(b"\n");
    }
    let mut hex = String::with_capacity(64);
    for byte in hasher.finalize() {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// The Wilson score interval of a share at 95 % (z = 1.959964); nothing for an empty sample.
pub fn wilson(passed: u32, n: u32) -> Option<(f64, f64)> {
    if n == 0 || passed > n {
        return None;
    }
    let z = 1.959_964_f64;
    let (n, p) = (f64::from(n), f64::from(passed) / f64::from(n));
    let z2 = z * z / n;
    let centre = (p + z2 / 2.0) / (1.0 + z2);
    let half = z / (1.0 + z2) * (p * (1.0 - p) / n + z2 / (4.0 * n)).sqrt();
    Some(((centre - half).max(0.0), (centre + half).min(1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn lot(n: u128) -> Vec<ItemId> {
        (1..=n).map(|i| ItemId(Uuid::from_u128(i))).collect()
    }

    #[test]
    fn sizes() {
        assert_eq!(sample_size(Plan::All, 37), 37);
        assert_eq!(sample_size(Plan::Rate { rate: 0.2 }, 37), 8);
        assert_eq!(sample_size(Plan::Rate { rate: 0.001 }, 37), 1);
        assert_eq!(sample_size(Plan::Rate { rate: 1.0 }, 37), 37);
        assert_eq!(sample_size(Plan::Rate { rate: 0.5 }, 0), 0);
    }

    #[test]
    fn a_draw_repeats_and_differs_by_seed() {
        let lot = lot(100);
        let first = draw("seed", &lot, 10);
        assert_eq!(first, draw("seed", &lot, 10));
        let mut backwards = lot.clone();
        backwards.reverse();
        assert_eq!(first, draw("seed", &backwards, 10), "the order of the lot does not matter");
        assert_ne!(first, draw("other", &lot, 10));
        assert_eq!(first.iter().collect::<std::collections::BTreeSet<_>>().len(), 10);
        assert_eq!(draw("seed", &lot, 20)[..10], first[..], "a larger sample extends a smaller one");
    }

    #[test]
    fn every_item_is_drawn_about_equally_often() {
        let lot = lot(20);
        let mut hits = std::collections::BTreeMap::new();
        for seed in 0..4_000 {
            for item in draw(&seed.to_string(), &lot, 5) {
                *hits.entry(item).or_insert(0_u32) += 1;
            }
        }
        // 1,000 expected, standard deviation about 27: five of them either way.
        assert_eq!(hits.len(), 20);
        assert!(hits.values().all(|n| (860..=1_140).contains(n)), "{hits:?}");
    }

    #[test]
    fn wilson_vectors() {
        let close = |got: Option<(f64, f64)>, low: f64, high: f64| {
            let (a, b) = got.unwrap();
            assert!((a - low).abs() < 1e-6 && (b - high).abs() < 1e-6, "{a} {b}");
        };
        close(wilson(78, 80), 0.913_356, 0.993_117);
        close(wilson(190, 200), 0.910_422, 0.972_617);
        close(wilson(196, 200), 0.949_713, 0.992_196);
        close(wilson(49, 50), 0.895_046, 0.996_461);
        close(wilson(980, 1_000), 0.969_310, 0.987_016);
        assert_eq!(wilson(0, 0), None);
    }
}
