//! What every answer tells the browser.

use crate::support::Site;

#[tokio::test]
async fn a_page_may_run_only_its_own_scripts() {
    let site = Site::new().await;
    let page = site.anonymous().get("/").await;
    let policy = page.header("content-security-policy").to_owned();
    for part in
        ["default-src 'self'", "'wasm-unsafe-eval'", "object-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"]
    {
        assert!(policy.contains(part), "{part}: {policy}");
    }
    assert!(!policy.contains("script-src 'unsafe-inline'") && !policy.contains("'unsafe-eval'"), "{policy}");
    let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
    assert!(nonce.len() >= 16);
    let html = page.text();
    for script in html.split("<script").skip(1) {
        let tag = script.split('>').next().unwrap();
        assert!(
            tag.contains(&format!("nonce=\"{nonce}\"")) || tag.contains("src="),
            "a script without the nonce: {tag}"
        );
    }
    let again = site.anonymous().get("/").await;
    assert!(!again.header("content-security-policy").contains(&nonce), "a nonce is used once");
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let site = Site::new().await;
    let operator = site.operator().await;
    for path in
        ["/", "/nothing-here", "/healthz", "/api/v1/me", "/api/v1/openapi.json", "/api/v1/nothing", "/rpc/nothing"]
    {
        let answer = operator.get(path).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        assert!(answer.header("permissions-policy").contains("camera=()"), "{path}");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn a_refusal_speaks_the_callers_language() {
    let site = Site::new().await;
    for (asked, told, word) in [("zh-CN,zh;q=0.9", "zh-CN", "登录"), ("en", "en", "Sign in"), ("fr", "zh-CN", "登录")]
    {
        let answer = reqwest::Client::new()
            .get(format!("{}/api/v1/me", site.base))
            .header("accept-language", asked)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.headers()["content-language"], told);
        let problem: serde_json::Value = answer.json().await.unwrap();
        assert!(problem["detail"].as_str().unwrap().contains(word), "{problem}");
    }
}

#[tokio::test]
async fn the_process_can_be_watched() {
    let site = Site::new().await;
    let anybody = site.anonymous();
    assert_eq!(anybody.get("/healthz").await.status, 200);
    assert_eq!(anybody.get("/readyz").await.status, 200);
    let metrics = anybody.get("/metrics").await;
    assert_eq!(metrics.status, 200);
    assert!(metrics.text().contains("route=\"/healthz\",status=\"200\",le=\"+Inf\"} 1"), "{}", metrics.text());
    let closed = Site::with("metrics = \"off\"").await;
    assert_eq!(closed.anonymous().get("/metrics").await.problem().0, 404);
}
