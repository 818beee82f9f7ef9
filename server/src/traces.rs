//! Traces for a collector (OTLP over HTTP, protobuf), where `trace_url` names one; without it nothing of this is there.
//!
//! What it never does: hold up an answer, send anything of a span that is not in [`TOLD`], send log lines, or follow the
//! `traceparent` of anybody but a trusted proxy.

use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use axum::extract::{MatchedPath, Request};
use axum::http::{StatusCode, Uri};
use opentelemetry::KeyValue;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{SpanKind, Status};
use opentelemetry_http::{Bytes, HeaderExtractor, HttpClient, HttpError};
use opentelemetry_otlp::{Protocol, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider, SpanData, SpanExporter};
use tokio::runtime::Handle;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::address::FromProxy;
use crate::metrics;

/// How long a collector may take for what it is sent at once. What it does not take then is lost, and nothing else is.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the end of the process waits for the last ones.
const LAST: Duration = Duration::from_secs(5);

const METHOD: &str = "http.request.method";
const ROUTE: &str = "http.route";
const STATUS: &str = "http.response.status_code";

/// What a collector is told of a span, and by which name. Everything else stays here: a path may hold a name, an address is a
/// person's, and a cause may quote what was typed.
const TOLD: [(&str, &str); 10] = [
    ("id", "terrace.request"),
    (METHOD, METHOD),
    (ROUTE, ROUTE),
    (STATUS, STATUS),
    ("deed", "terrace.deed"),
    ("writes", "terrace.writes"),
    ("kind", "terrace.job.kind"),
    ("job", "terrace.job"),
    ("busy_ns", "busy_ns"),
    ("idle_ns", "idle_ns"),
];

/// Where traces go, and how many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collector {
    url: String,
    percent: u32,
}

impl Collector {
    /// What the settings say, if they name one.
    ///
    /// # Errors
    /// A sentence for the person who starts the server.
    pub fn wanted(url: Option<String>, percent: Option<u32>) -> Result<Option<Self>, String> {
        let percent = percent.unwrap_or(100);
        if percent > 100 {
            return Err("`trace_percent` is at most 100.".to_owned());
        }
        let Some(url) = url else { return Ok(None) };
        let read = Uri::from_str(&url).ok().filter(|url| matches!(url.scheme_str(), Some("http" | "https")));
        let Some(authority) = read.as_ref().and_then(Uri::authority) else {
            return Err(format!(
                "`trace_url` is `{url}`: give the collector's address, such as http://127.0.0.1:4318."
            ));
        };
        if authority.as_str().contains('@') {
            return Err("`trace_url` holds a name or a password: give a key to the collector by the environment \
                        variable OTEL_EXPORTER_OTLP_HEADERS."
                .to_owned());
        }
        let url = url.trim_end_matches('/');
        let url = url.strip_suffix("/v1/traces").unwrap_or(url).to_owned();
        Ok(Some(Self { url, percent }))
    }

    /// Where, and how many, in words.
    pub(crate) fn said(&self) -> String {
        format!("to {}, of {} in a hundred requests", self.url, self.percent)
    }

    /// Whether something takes connections there.
    pub(crate) async fn is_there(&self) -> bool {
        let Ok(url) = Uri::from_str(&self.url) else { return false };
        let usual = if url.scheme_str() == Some("https") { 443 } else { 80 };
        let host = url.host().unwrap_or_default().trim_matches(['[', ']']);
        let reached = tokio::net::TcpStream::connect((host, url.port_u16().unwrap_or(usual)));
        tokio::time::timeout(LAST, reached).await.is_ok_and(|reached| reached.is_ok())
    }
}

/// What gathers spans and sends them, on a thread of its own. It has to be ended, so that the last ones are sent.
#[derive(Debug)]
pub struct Traces(Option<SdkTracerProvider>);

impl Traces {
    /// Nothing is gathered.
    pub(crate) fn none() -> Self {
        Self(None)
    }

    /// Spans go to this collector.
    pub(crate) fn to(collector: &Collector) -> Result<(Self, SdkTracerProvider), String> {
        let wrong = |why: String| format!("`trace_url` is `{}`: {why}.", collector.url);
        // The address that was named, and no other: neither a proxy of the environment nor where the collector points to.
        let client = reqwest::Client::builder()
            .timeout(PATIENCE)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|why| wrong(why.to_string()))?;
        let exporter = opentelemetry_otlp::SpanExporter::builder()
            .with_http()
            .with_http_client(Post { client, runtime: Handle::current(), loses: AtomicBool::new(false) })
            .with_protocol(Protocol::HttpBinary)
            .with_timeout(PATIENCE)
            .with_endpoint(format!("{}/v1/traces", collector.url))
            .build()
            .map_err(|why| wrong(why.to_string()))?;
        let resource = Resource::builder_empty()
            .with_service_name("terrace")
            .with_attributes([
                KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
                KeyValue::new("service.instance.id", uuid::Uuid::now_v7().to_string()),
            ])
            .build();
        let share = Sampler::TraceIdRatioBased(f64::from(collector.percent) / 100.0);
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(Told(exporter))
            .with_sampler(Sampler::ParentBased(Box::new(share)))
            .with_resource(resource)
            .build();
        Ok((Self(Some(provider.clone())), provider))
    }

    /// Sends what is left, as far as the collector takes it soon.
    pub async fn end(self) {
        if let Some(provider) = self.0 {
            // It waits for its thread, which waits for this runtime.
            let ended = tokio::task::spawn_blocking(move || provider.shutdown_with_timeout(LAST)).await;
            if let Ok(Err(error)) = ended {
                tracing::warn!(%error, "the last traces were not sent");
            }
        }
    }
}

/// Puts into the span of a request what a collector is told of it, and makes it a part of the trace that a trusted proxy began.
pub(crate) fn begin(span: &Span, request: &Request) {
    if request.extensions().get::<FromProxy>().is_some() && request.headers().contains_key("traceparent") {
        // Where this one is not gathered there is nothing to make it a part of.
        let _ = span.set_parent(TraceContextPropagator::new().extract(&HeaderExtractor(request.headers())));
    }
    span.set_attribute(METHOD, metrics::known(request.method()));
    if let Some(route) = request.extensions().get::<MatchedPath>() {
        span.set_attribute(ROUTE, route.as_str().to_owned());
    }
}

/// How the request of this span was answered. As in the log, 503 is nobody's fault: it is said on purpose.
pub(crate) fn answered(span: &Span, status: StatusCode) {
    span.set_attribute(STATUS, i64::from(status.as_u16()));
    if status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE {
        span.set_status(Status::error(""));
    }
}

/// Sends of each span what is in [`TOLD`].
#[derive(Debug)]
struct Told(opentelemetry_otlp::SpanExporter);

impl SpanExporter for Told {
    async fn export(&self, mut spans: Vec<SpanData>) -> OTelSdkResult {
        spans.iter_mut().for_each(tell);
        self.0.export(spans).await
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.0.set_resource(resource);
    }
}

fn tell(span: &mut SpanData) {
    span.attributes.retain_mut(|attribute| {
        let told = TOLD.iter().find(|(ours, _)| attribute.key.as_str() == *ours);
        told.map(|(_, theirs)| attribute.key = (*theirs).into()).is_some()
    });
    span.events.events.clear();
    let said = |key: &str| {
        let found = span.attributes.iter().find(|attribute| attribute.key.as_str() == key);
        found.map(|attribute| attribute.value.as_str().into_owned())
    };
    if let Some(method) = said(METHOD) {
        span.span_kind = SpanKind::Server;
        span.name = said(ROUTE).map_or_else(|| method.clone(), |route| format!("{method} {route}")).into();
    }
}

/// Sends from the gatherer's thread, which has no runtime, on the server's.
#[derive(Debug)]
struct Post {
    client: reqwest::Client,
    runtime: Handle,
    /// What was sent last was not taken, and that was said.
    loses: AtomicBool,
}

#[async_trait]
impl HttpClient for Post {
    async fn send_bytes(&self, request: axum::http::Request<Bytes>) -> Result<axum::http::Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let sent = self.runtime.spawn(async move {
            let answer = client.execute(request.try_into()?).await?;
            // What it says beside its status is of no use here.
            Ok::<_, reqwest::Error>(answer.status())
        });
        let taken = match sent.await? {
            Ok(status) if status.is_success() => Ok(()),
            Ok(status) => Err(status.to_string()),
            Err(cause) => Err(format!("{:#}", anyhow::Error::from(cause.without_url()))),
        };
        match taken {
            Ok(()) => {
                if self.loses.swap(false, Ordering::Relaxed) {
                    tracing::info!("the collector takes traces again");
                }
                Ok(axum::http::Response::new(Bytes::new()))
            }
            Err(why) => {
                if !self.loses.swap(true, Ordering::Relaxed) {
                    tracing::warn!(%why, "the collector does not take traces: they are lost until it does");
                }
                Err(why.into())
            }
        }
    }
}
