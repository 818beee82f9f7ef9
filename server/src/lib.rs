//! The binary `terrace`: configuration, identity, REST, jobs, pages. Wires; decides nothing.

pub mod site;
pub mod web;
