//! One log line for each request. Holds no secret: neither headers nor bodies nor the query are written.

use std::io::IsTerminal;
use std::time::Instant;

use axum::extract::{Extension, Request};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use tower_http::request_id::RequestId;
use tracing::Instrument;

use crate::address::Address;

/// Logs the request when it is answered; what happens inside carries its id.
pub async fn request(
    Extension(id): Extension<RequestId>,
    Extension(address): Extension<Address>,
    request: Request,
    next: Next,
) -> Response {
    let span = tracing::info_span!(
        "request",
        id = id.header_value().to_str().unwrap_or_default(),
        method = %request.method(),
        path = request.uri().path(),
        address = %address.0,
    );
    let begun = Instant::now();
    async move {
        let answer = next.run(request).await;
        let status = answer.status().as_u16();
        let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        // Why something is not available is said where it is found out, once, not with each request that meets it.
        if answer.status().is_server_error() && answer.status() != StatusCode::SERVICE_UNAVAILABLE {
            tracing::warn!(status, ms, "answered");
        } else {
            tracing::debug!(status, ms, "answered");
        }
        answer
    }
    .instrument(span)
    .await
}

/// Begins logging to standard error.
///
/// # Errors
/// A sentence, when the filter is not understood.
pub fn begin(settings: &crate::config::Settings) -> Result<(), String> {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_new(&settings.log)
        .map_err(|cause| format!("`log` is `{}`: {cause}. Give a level such as info.", settings.log))?;
    let colours = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours);
    let begun = match settings.log_format {
        crate::config::LogFormat::Text => lines.try_init(),
        crate::config::LogFormat::Json => lines.json().try_init(),
    };
    begun.map_err(|cause| format!("Logging cannot begin: {cause}."))
}
