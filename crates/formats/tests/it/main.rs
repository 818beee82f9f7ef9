//! What the formats promise, at their public boundary: golden samples, round trips, hostile and enormous input.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails by panicking, as the test does")]

mod archive;
mod export;
mod memory;
mod published;
mod roundtrip;
mod samples;
mod support;
