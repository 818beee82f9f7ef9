//! One log line for each request, and its span where traces are gathered. Holds no secret: neither headers nor bodies nor the
//! query are written.

use std::io::IsTerminal;
use std::time::Instant;

use axum::extract::{Extension, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use opentelemetry::trace::TracerProvider;
use tower_http::request_id::RequestId;
use tracing::Instrument;

use crate::address::Address;
use crate::state::Server;
use crate::traces::{self, Traces};

/// Logs the request when it is answered; what happens inside carries its id.
pub async fn request(
    State(server): State<Server>,
    Extension(id): Extension<RequestId>,
    Extension(address): Extension<Address>,
    request: Request,
    next: Next,
) -> Response {
    let (id, path) = (id.header_value().to_str().unwrap_or_default(), request.uri().path());
    let span = tracing::info_span!("request", id, method = %request.method(), path, address = %address.0);
    let is_traced = server.settings.traces.is_some();
    if is_traced {
        traces::begin(&span, &request);
    }
    let begun = Instant::now();
    async move {
        let answer = next.run(request).await;
        if is_traced {
            traces::answered(&tracing::Span::current(), answer.status());
        }
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

/// Begins logging to standard error, and gathering traces where that is wanted.
///
/// # Errors
/// A sentence, when the filter is not understood.
pub fn begin(settings: &crate::config::Settings) -> Result<Traces, String> {
    use tracing_subscriber::EnvFilter;
    use tracing_subscriber::filter::filter_fn;
    use tracing_subscriber::prelude::*;
    let filter = EnvFilter::try_new(&settings.log)
        .map_err(|cause| format!("`log` is `{}`: {cause}. Give a level such as info.", settings.log))?;
    let colours = std::io::stderr().is_terminal();
    let is_json = settings.log_format == crate::config::LogFormat::Json;
    let (begun, traces) = match &settings.traces {
        None => {
            let lines =
                tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours);
            (
                if is_json { lines.json().try_init() } else { lines.try_init() }.map_err(|cause| cause.to_string()),
                Traces::none(),
            )
        }
        Some(collector) => {
            let (traces, provider) = Traces::to(collector)?;
            // What is ours, and down to what one request waits for, whatever is logged. Log lines stay here, and so do the
            // spans of the sender's own parts.
            let ours = filter_fn(|about| {
                about.is_span()
                    && *about.level() <= tracing::Level::DEBUG
                    && ["server", "engine"].contains(&about.target().split("::").next().unwrap_or_default())
            });
            let ours = ours.with_max_level_hint(tracing::Level::DEBUG);
            let spans = tracing_opentelemetry::layer()
                .with_tracer(provider.tracer("terrace"))
                .with_location(false)
                .with_threads(false)
                .with_target(false)
                .with_filter(ours);
            let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(colours);
            let lines = if is_json { lines.json().boxed() } else { lines.boxed() };
            let begun = tracing_subscriber::registry().with(lines.with_filter(filter)).with(spans).try_init();
            (begun.map_err(|cause| cause.to_string()), traces)
        }
    };
    begun.map_err(|cause| format!("Logging cannot begin: {cause}."))?;
    Ok(traces)
}
