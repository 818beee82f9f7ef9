//! The interface for programs: JSON under `/api/v1`, bearer tokens, OpenAPI at `/api/v1/openapi.json`.
//!
//! A file per resource holds its shapes and its handlers; a handler is a few lines over one use case of `engine`. The
//! shapes are the frozen public contract and therefore not those of `domain`, which may change with the browser's half.
//! Moments are RFC 3339 in UTC here, days ISO 8601, everywhere; they are converted at this edge. Nothing here names `app`.
#![allow(unused_qualifications)] // what the macros of utoipa expand to

pub mod batches;
pub mod claims;
pub mod exports;
pub mod extract;
pub mod files;
pub mod imports;
pub mod inspections;
pub mod items;
pub mod me;
pub mod members;
pub mod openapi;
pub mod organizations;
pub mod people;
pub mod projects;
pub mod shape;
pub mod stats;
pub mod tokens;

pub use files::{send_export, send_image, send_problems, send_tile};
pub use imports::receive;

use axum::Router;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::Server;

/// The routes and the document that describes them.
pub fn router() -> (Router<Server>, utoipa::openapi::OpenApi) {
    let (router, document) = OpenApiRouter::with_openapi(openapi::frame())
        .routes(routes!(tokens::create_token, tokens::list_tokens))
        .routes(routes!(tokens::revoke_current_token))
        .routes(routes!(tokens::revoke_token))
        .routes(routes!(me::get_me))
        .routes(routes!(me::change_password))
        .routes(routes!(stats::get_my_stats))
        .routes(routes!(organizations::list_regions))
        .routes(routes!(organizations::list_organizations, organizations::create_organization))
        .routes(routes!(organizations::create_team))
        .routes(routes!(people::list_people, people::create_person))
        .routes(routes!(people::import_people))
        .routes(routes!(people::change_person))
        .routes(routes!(people::reset_password))
        .routes(routes!(projects::list_projects, projects::create_project))
        .routes(routes!(projects::get_project, projects::change_project))
        .routes(routes!(members::list_members))
        .routes(routes!(members::set_member, members::remove_member))
        .routes(routes!(members::import_members))
        .routes(routes!(imports::list_imports, imports::create_import))
        .routes(routes!(imports::get_import))
        .routes(routes!(imports::get_import_problems))
        .routes(routes!(items::list_items))
        .routes(routes!(items::get_item))
        .routes(routes!(items::get_item_image))
        .routes(routes!(items::get_item_tile))
        .routes(routes!(claims::create_claims))
        .routes(routes!(claims::renew_claims))
        .routes(routes!(claims::save_draft))
        .routes(routes!(claims::release_claim))
        .routes(routes!(claims::skip_claim))
        .routes(routes!(claims::submit_claim))
        .routes(routes!(batches::list_batches, batches::create_batch))
        .routes(routes!(batches::get_batch))
        .routes(routes!(batches::decide_batch))
        .routes(routes!(inspections::open_inspection))
        .routes(routes!(inspections::get_inspection))
        .routes(routes!(inspections::get_sample_item))
        .routes(routes!(inspections::judge_item))
        .routes(routes!(exports::list_exports, exports::create_export))
        .routes(routes!(exports::get_export))
        .routes(routes!(exports::get_export_file))
        .routes(routes!(exports::get_export_manifest))
        .routes(routes!(stats::get_project_stats))
        .routes(routes!(stats::get_people_stats))
        .split_for_parts();
    (router, openapi::complete(document))
}
