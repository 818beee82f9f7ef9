//! The server from outside: the real router on a free port of this machine, over a data folder of its own, as three
//! clients see it: anonymous, with a session cookie, with a bearer token.
#![expect(clippy::unwrap_used, reason = "what a test cannot do without ends the test")]
#![expect(unreachable_pub, reason = "one binary: what is public here is public to its tests")]

mod bad_input;
mod binary;
mod browser_files;
mod bucket;
mod coverage;
mod floods;
mod forgery;
mod headers;
mod limits;
mod modules;
mod openapi;
mod rest_contract;
mod rest_journey;
mod rules_of_claims;
mod session;
mod support;
mod traces;
mod watch;
