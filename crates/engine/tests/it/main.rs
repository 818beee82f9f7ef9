//! The behaviour of each use case through its public function, as different people. One folder per noun.

mod account;
mod person;
mod project;
mod stats;
