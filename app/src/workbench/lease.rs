//! Two tabs of one person on one project must not fight over one journal. The tab that holds the lease works, the other
//! says so and offers to take over. Pure decisions; the lease lies in the browser's local storage.

use serde::{Deserialize, Serialize};

/// How often the holder renews.
pub const BEAT_MS: f64 = 2_000.0;
/// A lease that was not renewed for so long is free. Browsers run the timers of a hidden tab once a minute, so it is more
/// than that; a tab that is closed gives its lease back at once.
pub const STALE_MS: f64 = 90_000.0;

/// Who works, and when that was last said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lease {
    /// The tab.
    pub tab: String,
    /// The browser's clock, milliseconds.
    pub at: f64,
}

/// May this tab work? A clock that was set back does not lock anybody out.
pub fn is_free(lease: Option<&Lease>, tab: &str, now: f64) -> bool {
    match lease {
        None => true,
        Some(lease) => lease.tab == tab || (now - lease.at).abs() > STALE_MS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_tab_at_a_time() {
        let lease = Lease { tab: "a".into(), at: 1_000_000.0 };
        assert!(is_free(None, "a", 0.0));
        assert!(is_free(Some(&lease), "a", 1_000_000.0));
        assert!(!is_free(Some(&lease), "b", 1_000_000.0 + STALE_MS));
        assert!(is_free(Some(&lease), "b", 1_000_001.0 + STALE_MS), "the holder is gone");
        assert!(is_free(Some(&lease), "b", 0.0), "the clock was set back");
    }
}
