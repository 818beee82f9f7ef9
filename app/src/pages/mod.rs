//! One file a page; each gives an `AnyView`.

pub mod figures;
pub mod home;
pub mod me;
pub mod missing;
pub mod organizations;
pub mod password;
pub mod people;
pub mod project;
pub mod projects;
pub mod review;
pub mod roster;
pub mod setup;
pub mod sign_in;
pub mod wall;
pub mod work;
