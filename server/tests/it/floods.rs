//! Who floods is refused, and others are served.

use domain::account::PlatformRole::Member;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Answer, Client, Site};

async fn ask(client: &Client, path: &str, address: &str) -> u16 {
    Answer::of(client.request("GET", path).header("x-forwarded-for", address)).await.status
}

#[tokio::test]
async fn a_person_who_asks_without_end_is_refused_and_others_are_not() {
    let site = Site::with("trusted_proxy = [\"127.0.0.1\"]\nperson_rate = 1").await;
    let abuser = site.token("abuser", Member).await;
    let asked = (0..60).map(|_| ask(&abuser, "/api/v1/me", "203.0.113.9"));
    let statuses = futures::future::join_all(asked).await;
    assert!(statuses.contains(&200), "{statuses:?}");
    assert!(statuses.contains(&429), "{statuses:?}");
    for n in 0..10 {
        let other = site.token(&format!("other{n}"), Member).await;
        assert_eq!(ask(&other, "/api/v1/me", "203.0.113.9").await, 200, "of the same firm");
    }
}

#[tokio::test]
async fn an_address_that_asks_without_end_is_refused_and_others_are_not() {
    let site = Site::with("trusted_proxy = [\"127.0.0.1\"]\naddress_rate = 1").await;
    let client = site.anonymous();
    let asked = (0..60).map(|_| ask(&client, "/healthz", "203.0.113.9"));
    let statuses = futures::future::join_all(asked).await;
    assert!(statuses.contains(&429), "{statuses:?}");
    assert_eq!(ask(&client, "/healthz", "203.0.113.10").await, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_on_top_of_too_many_is_told_to_come_again() {
    let site = Site::with("requests = 0").await;
    let client = site.token("ann", Member).await;
    let answer = Answer::of(client.request("GET", "/api/v1/me")).await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.header("retry-after"), "2");
    assert_eq!(ask(&client, "/healthz", "127.0.0.1").await, 200, "who watches is answered");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_beyond_an_addresss_share_are_refused_until_one_is_free() {
    let site = Site::with("address_connections = 3").await;
    let server = site.base.trim_start_matches("http://").to_owned();
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(TcpStream::connect(&server).await.unwrap());
    }
    let mut said = String::new();
    TcpStream::connect(&server).await.unwrap().read_to_string(&mut said).await.unwrap();
    assert!(said.starts_with("HTTP/1.1 503"), "{said}");
    // Those that have a place are served.
    let request = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let mut served = held.remove(0);
    served.write_all(request).await.unwrap();
    let mut said = String::new();
    served.read_to_string(&mut said).await.unwrap();
    assert!(said.starts_with("HTTP/1.1 200"), "{said}");
    // A head without end is refused, too.
    let mut huge = held.remove(0);
    let line = format!("GET /healthz HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "x".repeat(200_000));
    // The server may close before it has all of it.
    let _ = huge.write_all(line.as_bytes()).await;
    let mut said = Vec::new();
    let _ = huge.read_to_end(&mut said).await;
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 431"), "{said}");
}

#[tokio::test]
async fn the_figures_tell_of_commits_items_and_connections() {
    let site = Site::new().await;
    site.operator().await;
    let text = site.anonymous().get("/metrics").await.text();
    for name in [
        "terrace_commit_seconds_count",
        "terrace_write_wait_seconds_sum",
        "terrace_connections ",
        "terrace_jobs_failed_day",
    ] {
        assert!(text.lines().any(|line| line.starts_with(name)), "{name}: {text}");
    }
}
