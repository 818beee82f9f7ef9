//! One file a page; each gives an `AnyView`.

pub mod missing;
pub mod password;
pub mod review;
pub mod sign_in;
pub mod work;
