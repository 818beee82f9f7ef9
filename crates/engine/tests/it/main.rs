//! The behaviour of each use case through its public function, as different people. One folder per noun.

mod account;
mod annotation;
mod batch;
mod check;
mod claim;
mod export;
mod import;
mod inspection;
mod item;
mod person;
mod project;
mod room;
mod stats;
