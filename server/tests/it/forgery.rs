//! What another site's page can make a browser do: nothing.

use serde_json::json;

use crate::support::{Answer, Site};

#[tokio::test]
async fn a_request_from_another_site_changes_nothing() {
    let site = Site::new().await;
    let ann = site.cookie("ann").await;
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("sec-fetch-site", "none"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("x-nothing", "neither header"),
    ] {
        for path in
            ["/rpc/sign_out", "/rpc/create_token", "/upload/projects/01900000-0000-7000-8000-000000000001/imports"]
        {
            let mut request = ann.request("POST", path).json(&json!({})).build().unwrap();
            request.headers_mut().remove("sec-fetch-site");
            request.headers_mut().insert(name, value.parse().unwrap());
            let answer = reqwest::Client::new().execute(request).await.unwrap();
            assert_eq!(answer.status(), 403, "{name}: {value}: {path}");
            let body: serde_json::Value = answer.json().await.unwrap();
            assert_eq!(body["code"], "cross-site");
        }
    }
    ann.call("get_me", json!({})).await.expect(200);
}

#[tokio::test]
async fn an_older_browser_is_known_by_its_origin() {
    let site = Site::new().await;
    let request = |origin: String| {
        let client = reqwest::Client::new();
        client.post(format!("{}/rpc/get_me", site.base)).header("origin", origin).json(&json!({}))
    };
    assert_eq!(Answer::of(request(site.base.clone())).await.status, 401, "let through, and nobody");
    assert_eq!(Answer::of(request("http://127.0.0.1:1".to_owned())).await.status, 403);
}

#[tokio::test]
async fn programs_need_no_origin() {
    let site = Site::new().await;
    let operator = site.operator().await;
    let body = json!({ "name": "A firm", "region": "guiyang" });
    operator.post("/api/v1/organizations", body).await.expect(201);
}
