//! The OpenAPI document: its frame, and what is the same for every operation. Handlers say what is their own.

use axum::response::{IntoResponse, Response};
use utoipa::OpenApi;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Ref, RefOr, Response as Answer, ResponseBuilder};

use crate::problem::{Place, Problem};

/// Where the document is.
pub const PATH: &str = "/api/v1/openapi.json";

/// Title, licence and what the interface has in common.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Terrace 梯田",
        version = "1",
        description = "The interface for programs of Terrace, a data annotation workbench.\n\n\
            Send `Authorization: Bearer …` with a token of `POST /api/v1/tokens`. Moments are RFC 3339 in UTC. \
            Lists that can be long are read by cursor: give `next` back as `after`. Every refusal is a problem of RFC 9457 \
            with a stable `code`; its `detail` is in the language of `Accept-Language` (Chinese or English).",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    components(schemas(Place, Problem)),
    tags(
        (name = "account", description = "Tokens and the caller's own account."),
        (name = "people", description = "Organizations, teams and accounts."),
        (name = "projects", description = "Projects and their members."),
        (name = "data", description = "Imports, items and exports."),
        (name = "labeling", description = "Claims: taking items, keeping drafts, submitting."),
        (name = "review", description = "Batches, inspections, verdicts and decisions."),
        (name = "figures", description = "Throughput."),
    ),
)]
struct Frame;

/// The document before any path is in it.
pub fn frame() -> utoipa::openapi::OpenApi {
    Frame::openapi()
}

/// Adds to every operation the refusals that follow from what it takes, so that no answer is undocumented.
pub fn complete(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    let bearer =
        HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("A token of this interface.")).build();
    document.components.get_or_insert_default().add_security_scheme("bearer", SecurityScheme::Http(bearer));
    for (path, item) in &mut document.paths.paths {
        let has_id = path.contains('{');
        let slots: [(&mut Option<Operation>, bool); 5] = [
            (&mut item.get, false),
            (&mut item.post, true),
            (&mut item.put, true),
            (&mut item.patch, true),
            (&mut item.delete, true),
        ];
        for (operation, changes) in slots {
            if let Some(operation) = operation {
                add_refusals(operation, has_id, changes);
            }
        }
    }
    document
}

fn add_refusals(operation: &mut Operation, has_id: bool, changes: bool) {
    let signed_in = operation.security.as_ref().is_some_and(|wants| !wants.is_empty());
    let has_body = operation.request_body.is_some();
    let named_upload = operation.operation_id.as_deref() == Some("create_import");
    let mut refusals = vec![
        ("400", "The request is malformed: a query parameter, a header, or a body that is not JSON."),
        ("422", "A value breaks a rule; `problems` says where."),
        ("429", "Too many tries; wait as long as `Retry-After` says."),
        ("500", "A fault on our side; the reference in `detail` finds it in the log."),
        ("503", "Busy or too slow; try again after `Retry-After`."),
    ];
    // Signing in is refused by the same statuses, though it asks for no token.
    if signed_in || operation.operation_id.as_deref() == Some("create_token") {
        refusals.push(("401", "No token, or one that has ended; at sign-in, a wrong user name or password."));
        refusals.push(("403", "The account is switched off, must change its password first, or may not do this."));
    }
    if has_id {
        refusals.push(("404", "There is no such thing, or the caller may not know of it."));
    }
    if changes || has_id {
        refusals.push(("409", "The state of things forbids it; `code` says why."));
    }
    if has_body || named_upload {
        refusals.push(("413", "The body is larger than the limit."));
        refusals.push(("415", "The body is of a type that is not understood here."));
    }
    for (status, description) in refusals {
        operation.responses.responses.entry(status.to_owned()).or_insert_with(|| RefOr::T(problem(description)));
    }
}

fn problem(description: &str) -> Answer {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description(description).content("application/problem+json", content).build()
}

/// `GET /api/v1/openapi.json`. The document is written once, at the start.
pub fn serve(
    document: &utoipa::openapi::OpenApi,
) -> impl Fn() -> std::future::Ready<Response> + Clone + Send + Sync + 'static {
    // Serializing plain maps and strings cannot fail.
    let text = bytes::Bytes::from(document.to_json().unwrap_or_default());
    move || std::future::ready(([(axum::http::header::CONTENT_TYPE, "application/json")], text.clone()).into_response())
}
