//! Latencies by operation, and the table they are shown in.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::Write;
use std::time::Duration;

use hdrhistogram::Histogram;
use serde_json::{Value, json};

/// What was measured of every operation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Figures {
    operations: BTreeMap<&'static str, Operation>,
}

#[derive(Debug, Clone)]
struct Operation {
    /// Microseconds; grows to whatever it is given.
    times: Histogram<u64>,
    errors: u64,
}

impl Operation {
    fn new() -> anyhow::Result<Self> {
        Ok(Self { times: Histogram::new(3)?, errors: 0 })
    }
}

impl Figures {
    /// An answer that came after this time.
    pub(crate) fn add(&mut self, operation: &'static str, taken: Duration, success: bool) -> anyhow::Result<()> {
        let of = self.of(operation)?;
        of.times.record(u64::try_from(taken.as_micros())?.max(1))?;
        of.errors += u64::from(!success);
        Ok(())
    }

    fn of(&mut self, operation: &'static str) -> anyhow::Result<&mut Operation> {
        Ok(match self.operations.entry(operation) {
            Entry::Occupied(there) => there.into_mut(),
            Entry::Vacant(place) => place.insert(Operation::new()?),
        })
    }

    /// Takes another person's figures in.
    pub(crate) fn merge(&mut self, other: Figures) -> anyhow::Result<()> {
        for (name, operation) in other.operations {
            let of = self.of(name)?;
            of.times.add(&operation.times)?;
            of.errors += operation.errors;
        }
        Ok(())
    }

    /// Refused or broken requests.
    pub(crate) fn errors(&self) -> u64 {
        self.operations.values().map(|operation| operation.errors).sum()
    }

    /// For people.
    pub(crate) fn table(&self, seconds: f64) -> String {
        let mut table = format!(
            "{:<10} {:>9} {:>9} {:>8} {:>9} {:>9} {:>9} {:>9}\n",
            "operation", "answers", "a second", "errors", "p50 ms", "p95 ms", "p99 ms", "max ms"
        );
        for (name, operation) in &self.operations {
            let times = &operation.times;
            let ms = |share| times.value_at_quantile(share) as f64 / 1_000.0;
            // Writing to a string cannot fail.
            let _ = writeln!(
                table,
                "{name:<10} {:>9} {:>9.1} {:>8} {:>9.2} {:>9.2} {:>9.2} {:>9.2}",
                times.len(),
                times.len() as f64 / seconds,
                operation.errors,
                ms(0.5),
                ms(0.95),
                ms(0.99),
                times.max() as f64 / 1_000.0
            );
        }
        table
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        let one = |operation: &Operation| {
            let ms = |share| operation.times.value_at_quantile(share) as f64 / 1_000.0;
            json!({
                "answers": operation.times.len(), "errors": operation.errors, "p50_ms": ms(0.5), "p95_ms": ms(0.95),
                "p99_ms": ms(0.99), "max_ms": operation.times.max() as f64 / 1_000.0,
            })
        };
        self.operations.iter().map(|(name, operation)| ((*name).to_owned(), one(operation))).collect()
    }
}
