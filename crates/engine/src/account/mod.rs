//! Accounts: sign-in with its limits, sessions, passwords, tokens. A password or a secret is never written or logged;
//! rows hold what can only be compared with.

mod actor;
pub(crate) mod arrival;
mod change_password;
pub(crate) mod create_token;
pub(crate) mod entity;
pub mod idempotency;
mod list_tokens;
mod me;
pub(crate) mod password;
mod revoke_token;
pub(crate) mod rights;
pub mod session;
mod set_lang;
mod sign_in;
pub(crate) mod throttle;

pub use actor::{actor_by_id, actor_by_token};
pub use change_password::change_password;
pub use create_token::create_token;
pub use list_tokens::list_tokens;
pub use me::me;
pub use revoke_token::{revoke_secret, revoke_token};
pub use set_lang::set_lang;
pub use sign_in::sign_in;
