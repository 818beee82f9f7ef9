//! The behaviour of each use case through its public function, as different people. One folder per noun.

mod account;
mod check;
mod export;
mod import;
mod item;
mod person;
mod project;
mod stats;
