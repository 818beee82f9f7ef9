//! Files stored once by the SHA-256 of their content, and smaller renditions of images.
#![allow(unused_variables, clippy::todo, clippy::unused_async)]

pub(crate) mod entity;
