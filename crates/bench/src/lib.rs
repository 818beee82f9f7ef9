//! Load driver and benchmarks: drives a running server through its public API. Nothing depends on it.
