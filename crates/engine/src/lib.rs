//! Use cases, rows, blobs and jobs. The only crate besides `migrations` that names SeaORM; knows neither Axum nor Leptos.
#![warn(missing_docs)]
