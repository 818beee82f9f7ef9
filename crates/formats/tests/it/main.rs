//! What the formats promise, at their public boundary: golden samples, round trips, hostile and enormous input.

mod archive;
mod export;
mod memory;
mod published;
mod roundtrip;
mod samples;
mod support;
