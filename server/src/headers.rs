//! Security headers on every answer, and the content security policy of pages.

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::state::Server;

/// What every answer says, unless a handler said something else.
const EVERYWHERE: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// The policy of anything that is not a page: it may load nothing and run nothing, even when opened by itself.
const NOT_A_PAGE: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// The policy of a page: own files, own connections and workers, the WebAssembly module, and inline scripts that carry the nonce of
/// this very answer. Style attributes are allowed because a label's colour is data and set on its element. Images may come from
/// the object store too, where the server sends browsers there.
pub fn page_policy(nonce: &str, store: Option<&str>) -> String {
    let (space, store) = store.map_or(("", ""), |store| (" ", store));
    format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; \
         style-src-attr 'unsafe-inline'; worker-src 'self'; img-src 'self' blob: data:{space}{store}; connect-src 'self'; font-src 'self'; \
         object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// The policy of a worker's script, which holds for all that the worker does: its own WebAssembly module and nothing else.
pub const WORKER_POLICY: &str =
    "default-src 'none'; script-src 'wasm-unsafe-eval'; connect-src 'self'; frame-ancestors 'none'";

/// Puts them on.
pub async fn add(State(server): State<Server>, request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    let headers = answer.headers_mut();
    for (name, value) in EVERYWHERE {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(NOT_A_PAGE));
    if server.settings.is_secure() {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(year);
    }
    answer
}
