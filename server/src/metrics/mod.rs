//! Counters for `/metrics`: requests and their time, by route and status. Prometheus' text format, nothing stored.

mod figures;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{Extension, MatchedPath, Request, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::error::Noun;

use crate::address::Address;
use crate::config::Metrics;
use crate::problem::Refusal;
use crate::state::Server;

/// Upper bounds of the histogram's buckets, seconds.
const BOUNDS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Debug, Default)]
struct Series {
    count: u64,
    seconds: f64,
    buckets: [u64; BOUNDS.len()],
}

/// What was counted since the start.
#[derive(Debug, Default)]
pub struct Counters {
    series: Mutex<BTreeMap<Key, Series>>,
}

impl Counters {
    fn add(&self, key: Key, taken: Duration) {
        let seconds = taken.as_secs_f64();
        let mut series = self.series.lock().unwrap_or_else(PoisonError::into_inner);
        let series = series.entry(key).or_default();
        series.count += 1;
        series.seconds += seconds;
        for (bucket, bound) in series.buckets.iter_mut().zip(BOUNDS) {
            *bucket += u64::from(seconds <= bound);
        }
    }

    /// Everything as Prometheus reads it.
    pub fn text(&self) -> String {
        let series = self.series.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::from(
            "# HELP terrace_http_request_seconds Time to answer a request.\n\
             # TYPE terrace_http_request_seconds histogram\n",
        );
        for (key, series) in series.iter() {
            let Key { method, route, status } = key;
            let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
            // Writing to a string cannot fail.
            for (bucket, bound) in series.buckets.iter().zip(BOUNDS) {
                let _ = writeln!(text, "terrace_http_request_seconds_bucket{{{labels},le=\"{bound}\"}} {bucket}");
            }
            let Series { count, seconds, .. } = series;
            let _ = writeln!(text, "terrace_http_request_seconds_bucket{{{labels},le=\"+Inf\"}} {count}");
            let _ = writeln!(text, "terrace_http_request_seconds_sum{{{labels}}} {seconds}");
            let _ = writeln!(text, "terrace_http_request_seconds_count{{{labels}}} {count}");
        }
        text
    }
}

/// The method's name; one name for all that are none of ours, since a caller may send any word.
pub(crate) fn known(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        _ => "other",
    }
}

/// Counts every request under its route's pattern, so that ids do not make series of their own.
pub async fn count(State(server): State<Server>, request: Request, next: Next) -> Response {
    let method = known(request.method());
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let begun = Instant::now();
    let answer = next.run(request).await;
    server.counters.add(Key { method, route, status: answer.status().as_u16() }, begun.elapsed());
    answer
}

/// `GET /metrics`.
pub async fn show(State(server): State<Server>, Extension(address): Extension<Address>) -> Response {
    let open = match server.settings.metrics {
        Metrics::Local => address.0.is_loopback(),
        Metrics::Open => true,
        Metrics::Off => false,
    };
    if open {
        let mut text = server.counters.text();
        figures::process(&server, &mut text);
        match engine::watch::figures(&server.engine).await {
            Ok(figures) => figures::installation(&figures, &mut text),
            // What is counted here is worth telling while the database is away.
            Err(error) => tracing::warn!(error = %error.told(), "figures of the database"),
        }
        ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
    } else {
        Refusal::from(domain::Error::NotFound(Noun::Page)).into_response()
    }
}

/// `GET /healthz`: the process answers.
pub async fn health() -> Response {
    ([(header::CACHE_CONTROL, "no-store")], "ok\n").into_response()
}

/// `GET /readyz`: the database answers too, and nobody asked the server to end.
pub async fn ready(State(server): State<Server>) -> Response {
    if server.draining.load(Ordering::SeqCst) {
        return Refusal::from(domain::Error::Unavailable).into_response();
    }
    // Any read will do; this one touches a table that every request with a cookie touches.
    match engine::account::session::load(&server.engine, "").await {
        Ok(_) => ([(header::CACHE_CONTROL, "no-store")], "ok\n").into_response(),
        Err(cause) => {
            let _logged = cause.told();
            Refusal::from(domain::Error::Unavailable).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_route() {
        let counters = Counters::default();
        let key = Key { method: "GET", route: "/api/v1/items/{id}".to_owned(), status: 200 };
        counters.add(key.clone(), Duration::from_millis(7));
        counters.add(key, Duration::from_millis(300));
        let text = counters.text();
        let labels = "method=\"GET\",route=\"/api/v1/items/{id}\",status=\"200\"";
        for line in [
            format!("terrace_http_request_seconds_bucket{{{labels},le=\"0.005\"}} 0"),
            format!("terrace_http_request_seconds_bucket{{{labels},le=\"0.01\"}} 1"),
            format!("terrace_http_request_seconds_bucket{{{labels},le=\"0.5\"}} 2"),
            format!("terrace_http_request_seconds_count{{{labels}}} 2"),
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }
}
