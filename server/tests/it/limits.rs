//! Requests that the framework would refuse in its own words, or not at all.

use serde_json::{Value, json};

use crate::support::{Answer, Site};

#[tokio::test]
async fn what_is_wrong_before_any_use_case_is_a_problem_too() {
    let site = Site::new().await;
    let operator = site.operator().await;
    let people = "/api/v1/people";
    let send = |kind: &'static str, body: &'static str| async move { (kind, body) };
    for ((kind, body), status, code) in [
        (send("application/json", "{").await, 400, "malformed-json"),
        (send("application/json", "").await, 400, "malformed-json"),
        (send("application/json", "{\"username\": \"a\u{0}\"}").await, 400, "malformed-json"),
        (send("application/json", "{\"username\": NaN}").await, 400, "malformed-json"),
        (send("application/json", "[]").await, 422, "invalid"),
        (send("application/json", "{\"username\": 7, \"name\": \"x\"}").await, 422, "invalid"),
        (send("application/json", "{\"username\": \"bo\", \"name\": \"x\", \"colour\": 1}").await, 422, "invalid"),
        (send("application/json", "{\"username\": \"bo\", \"name\": \"a\\u0000b\"}").await, 422, "invalid"),
        (send("text/plain", "{}").await, 415, "unsupported"),
        (send("", "{}").await, 415, "unsupported"),
    ] {
        let answer = operator.send("POST", people, kind, body).await;
        assert_eq!(answer.problem(), (status, code.to_owned()), "{kind}: {body}");
    }
    for (path, status, code) in [
        ("/api/v1/people?limit=many", 400, "malformed-query"),
        ("/api/v1/people?colour=red", 400, "malformed-query"),
        ("/api/v1/people?active=maybe", 400, "malformed-query"),
        ("/api/v1/people?search=%00", 422, "invalid"),
        ("/api/v1/people?limit=0", 422, "invalid"),
        ("/api/v1/projects/not-an-id", 404, "page-not-found"),
        ("/api/v1/nothing", 404, "page-not-found"),
        ("/api/v2/people", 404, "page-not-found"),
    ] {
        assert_eq!(operator.get(path).await.problem(), (status, code.to_owned()), "{path}");
    }
    let answer = operator.delete(people).await;
    assert_eq!(answer.problem(), (405, "method-not-allowed".to_owned()));
    let mut allowed: Vec<&str> = answer.header("allow").split(',').map(str::trim).collect();
    allowed.sort_unstable();
    assert_eq!(allowed, ["GET", "HEAD", "POST"]);
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_whether_its_length_is_told_or_not() {
    let site = Site::with("body_max = \"64KiB\"").await;
    let operator = site.operator().await;
    let large = json!({ "username": "bo", "name": "x".repeat(70_000) }).to_string();
    let told = operator.send("POST", "/api/v1/people", "application/json", large.clone()).await;
    assert_eq!(told.problem(), (413, "too-large".to_owned()));

    let pieces: Vec<Result<Vec<u8>, std::io::Error>> = large.as_bytes().chunks(1_000).map(|p| Ok(p.to_vec())).collect();
    let stream = reqwest::Body::wrap_stream(futures::stream::iter(pieces));
    let untold = operator.send("POST", "/api/v1/people", "application/json", stream).await;
    assert_eq!(untold.problem(), (413, "too-large".to_owned()));

    let ann = site.cookie("ann").await;
    assert_eq!(ann.call("preview_markdown", json!({ "text": large })).await.problem().0, 413);
}

#[tokio::test]
async fn a_server_function_given_nonsense_refuses_without_a_fault() {
    let site = Site::new().await;
    let ann = site.cookie("ann").await;
    for body in ["", "{", "[]", "null", "{\"project\": 7}", "{\"project\": \"x\"}"] {
        let answer = ann.send("POST", "/rpc/get_project", "application/json", body).await;
        assert!((400..500).contains(&answer.status), "{body:?}: {} {}", answer.status, answer.text());
    }
    assert_eq!(ann.get("/rpc/get_project").await.problem().0, 405);
    assert_eq!(ann.call("drop_tables", Value::Null).await.problem().0, 404);
}

#[tokio::test]
async fn who_comes_through_an_untrusted_proxy_is_the_proxy() {
    // Wrong passwords from one address are counted for the address whatever it says of itself.
    let site = Site::new().await;
    let mut last = 0;
    for n in 0..400 {
        let request = site
            .anonymous()
            .request("POST", "/api/v1/tokens")
            .header("x-forwarded-for", format!("203.0.113.{}", n % 250))
            .json(&json!({ "username": format!("nobody{n}"), "password": "not the password" }));
        last = Answer::of(request).await.status;
        if last == 429 {
            break;
        }
    }
    assert_eq!(last, 429);
}
