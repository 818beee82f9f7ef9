//! The behaviour of each use case through its public function, as different people. One folder per noun.

mod check;
mod export;
mod import;
mod item;
mod annotation;
mod batch;
mod claim;
mod inspection;
mod room;
mod account;
mod person;
mod project;
mod stats;
