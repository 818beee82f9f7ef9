//! The binary `terrace`: configuration, identity, REST, jobs, pages. Wires; decides nothing.
//!
//! Start reading at [`router`]: every route, and the layers around them in the order a request meets them.

pub mod address;
pub mod browser;
pub mod command;
pub mod config;
pub mod connections;
pub mod floods;
pub mod forgery;
pub mod headers;
pub mod identity;
pub mod limits;
pub mod metrics;
pub mod problem;
pub mod rest;
pub mod router;
pub mod session;
pub mod site;
pub mod state;
pub mod trace;
pub mod traces;
pub mod web;
