//! Traces as a collector gets them from the real binary.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::routing::post;
use futures::StreamExt;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use serde_json::json;

use crate::support::{Answer, Client, PASSWORD, until};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";

/// What a collector was sent.
#[derive(Default)]
struct Taken {
    spans: Vec<Span>,
    /// As it came, to look for what must not be in it.
    raw: Vec<u8>,
    keys: Vec<String>,
}

impl Taken {
    fn named(&self, name: &str) -> Vec<&Span> {
        self.spans.iter().filter(|span| span.name == name).collect()
    }
}

/// A collector that keeps what it is sent.
async fn collector() -> (String, Arc<Mutex<Taken>>) {
    let taken = Arc::new(Mutex::new(Taken::default()));
    let kept = Arc::clone(&taken);
    let take = move |headers: HeaderMap, body: Bytes| async move {
        assert_eq!(headers["content-type"], "application/x-protobuf");
        let mut kept = kept.lock().unwrap();
        kept.raw.extend_from_slice(&body);
        kept.keys.extend(headers.get("x-key").map(|key| key.to_str().unwrap().to_owned()));
        let request = ExportTraceServiceRequest::decode(body).unwrap();
        for resource in request.resource_spans {
            kept.spans.extend(resource.scope_spans.into_iter().flat_map(|scope| scope.spans));
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/v1/traces", post(take))).await });
    (url, taken)
}

fn said(span: &Span, key: &str) -> Option<String> {
    let value = span.attributes.iter().find(|attribute| attribute.key == key)?.value.as_ref()?.value.as_ref()?;
    match value {
        Value::StringValue(text) => Some(text.clone()),
        Value::IntValue(number) => Some(number.to_string()),
        other => panic!("{key}: {other:?}"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The binary, serving a folder of its own in which there is the operator `root`.
struct Served {
    child: Child,
    folder: PathBuf,
    client: Client,
}

impl Served {
    fn new(flags: &[&str], variables: &[(&str, &str)]) -> Self {
        let folder = std::env::temp_dir().join(format!("terrace-traces-{}", uuid::Uuid::now_v7()));
        let command = |arguments: &[&str]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_terrace"));
            command.args(arguments).arg("--data").arg(&folder).current_dir(std::env::temp_dir());
            command
        };
        let mut add = command(&["person", "add", "root", "--role", "operator", "--password-stdin"]);
        let mut add = add.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        add.stdin.take().unwrap().write_all(format!("{PASSWORD}\n").as_bytes()).unwrap();
        assert!(add.wait().unwrap().success());

        let mut serve = command(&["serve", "--addr", "127.0.0.1:0", "--drain", "0"]);
        serve.args(flags).envs(variables.iter().copied());
        // Not a pipe, which would hold the server up when it is full.
        let log = std::fs::File::create(folder.with_extension("log")).unwrap();
        let mut child = serve.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, folder, client: Client::new(line.split_whitespace().last().unwrap()) }
    }

    /// Signs `root` in as a part of a trace; the request's id and the token.
    async fn sign_in(&self) -> (String, String) {
        let signing =
            self.client.request("POST", "/api/v1/tokens").header("traceparent", format!("00-{TRACE}-{PARENT}-01"));
        let signed = Answer::of(signing.json(&json!({ "username": "root", "password": PASSWORD }))).await;
        let token = signed.expect(201)["token"].as_str().unwrap().to_owned();
        (signed.header("x-request-id").to_owned(), token)
    }

    /// Asks it to end, and gives how it did and what it logged.
    async fn end(mut self) -> (ExitStatus, String) {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        let ended = until(|| {
            let ended = self.child.try_wait().unwrap();
            async move { ended }
        })
        .await;
        (ended, std::fs::read_to_string(self.folder.with_extension("log")).unwrap())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
        let _ = std::fs::remove_file(self.folder.with_extension("log"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_request_goes_on_with_the_trace_of_its_proxy() {
    let (url, taken) = collector().await;
    let served = Served::new(
        &["--trace-url", &url, "--trusted-proxy", "127.0.0.1"],
        &[("OTEL_EXPORTER_OTLP_HEADERS", "x-key=for-the-collector")],
    );
    let (id, _) = served.sign_in().await;
    assert!(served.end().await.0.success());

    let taken = taken.lock().unwrap();
    let request = taken.spans.iter().find(|span| said(span, "terrace.request").as_ref() == Some(&id)).unwrap();
    assert_eq!((hex(&request.trace_id).as_str(), hex(&request.parent_span_id).as_str()), (TRACE, PARENT));
    assert_eq!((request.name.as_str(), request.kind), ("POST /api/v1/tokens", 2), "a server's");
    assert_eq!(said(request, "http.response.status_code").as_deref(), Some("201"));
    // What it did is part of it: the use case's write, which waited for the commit that it shared.
    let writes = taken.named("write");
    let write = writes.iter().find(|span| span.trace_id == request.trace_id).unwrap();
    assert_eq!(write.parent_span_id, request.span_id);
    assert!(said(write, "terrace.deed").unwrap().starts_with("engine::account::"), "{write:?}");
    let commits = taken.named("commit");
    assert!(commits.iter().all(|commit| said(commit, "terrace.writes").is_some()), "{commits:?}");
    assert!(!commits.is_empty());
    assert!(!taken.keys.is_empty() && taken.keys.iter().all(|key| key == "for-the-collector"), "{:?}", taken.keys);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_else_puts_requests_into_a_trace() {
    let (url, taken) = collector().await;
    let served = Served::new(&["--trace-url", &url], &[]);
    let (id, _) = served.sign_in().await;
    assert!(served.end().await.0.success());

    let taken = taken.lock().unwrap();
    let request = taken.spans.iter().find(|span| said(span, "terrace.request").as_ref() == Some(&id)).unwrap();
    assert_ne!(hex(&request.trace_id), TRACE);
    assert_eq!(request.parent_span_id, Vec::<u8>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_collector_is_told_nothing_secret_and_nothing_about_people() {
    let (url, taken) = collector().await;
    let served = Served::new(&["--trace-url", &url, "--log", "debug"], &[]);
    let (_, token) = served.sign_in().await;
    let browser = served.client.sign_in("root", PASSWORD).await;
    let cookie = browser.header("set-cookie").split([';', '=']).nth(1).unwrap().to_owned();
    assert!(cookie.len() > 16, "{:?}", browser.headers);
    served.client.sign_in("ann@example.com", "open sesame").await;
    let program = served.client.with_token(&token);
    let member = format!("/api/v1/projects/{}/members/ann@example.com?why=hunter2", uuid::Uuid::now_v7());
    assert_eq!(program.put(&member, json!({ "role": "annotator" })).await.status, 404);
    program.get("/nowhere/ann@example.com?token=hunter2").await;
    Answer::of(served.client.request("HUNTER2", "/api/v1/projects").header("x-hunter2", "hunter2")).await;
    let (ended, log) = served.end().await;
    assert!(ended.success());
    assert!(log.contains("ann@example.com"), "the log has the path: {log}");

    let taken = taken.lock().unwrap();
    assert_eq!(taken.named("PUT /api/v1/projects/{id}/members/{username}").len(), 1);
    assert!(taken.named("POST /rpc/{*fn_name}").len() + taken.named("POST /rpc/sign_in").len() >= 2);
    assert!(taken.spans.iter().all(|span| span.events.is_empty()), "log lines stay here");
    let raw = String::from_utf8_lossy(&taken.raw).to_lowercase();
    assert!(raw.contains("terrace.request"), "text is found where there is some");
    for secret in [PASSWORD, "open sesame", &token, &cookie, "ann@", "hunter2", "127.0.0.1"] {
        assert!(!raw.contains(&secret.to_lowercase()), "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_collector_that_never_answers_holds_up_neither_requests_nor_the_end() {
    // It takes connections and what is sent, and says nothing.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let connected = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&connected);
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            kept.lock().unwrap().push(connection);
        }
    });
    let served = Served::new(&["--trace-url", &url], &[]);
    // More than wait to be sent (2,048), and while those sent first wait for their answer.
    for _ in 0..2 {
        let asked = (0..3_000).map(|_| async {
            let asked = served.client.request("GET", "/healthz").timeout(Duration::from_secs(5)).send().await;
            asked.unwrap().status().as_u16()
        });
        let answers: Vec<u16> = futures::stream::iter(asked).buffer_unordered(20).collect().await;
        assert_eq!(answers, vec![200; 3_000]);
        until(|| async { (!connected.lock().unwrap().is_empty()).then_some(()) }).await;
    }
    served.sign_in().await;
    let begun = Instant::now();
    let (ended, log) = served.end().await;
    assert!(ended.success());
    // Not the ten seconds that each of the sends could last.
    assert!(begun.elapsed() < Duration::from_secs(9), "{:?}", begun.elapsed());
    assert!(log.contains("the last traces were not sent"), "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_collector_that_is_not_there_is_said_once() {
    let place = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", place.local_addr().unwrap());
    drop(place);
    let served = Served::new(&["--trace-url", &url], &[]);
    for _ in 0..1_500 {
        assert_eq!(served.client.get("/healthz").await.status, 200);
    }
    let (ended, log) = served.end().await;
    assert!(ended.success());
    assert_eq!(log.matches("the collector does not take traces").count(), 1, "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_the_setting_nothing_is_sent_whatever_the_environment_says() {
    let (url, taken) = collector().await;
    let served = Served::new(&[], &[("OTEL_EXPORTER_OTLP_ENDPOINT", &url), ("OTEL_TRACES_EXPORTER", "otlp")]);
    served.sign_in().await;
    assert!(served.end().await.0.success());
    assert!(taken.lock().unwrap().raw.is_empty());
}
