//! Sessions and tokens: how they begin, what they open, how they end.

use domain::account::PlatformRole::Member;
use serde_json::json;

use crate::support::{PASSWORD, Site};

const HOUR: i64 = 3_600_000;

#[tokio::test]
async fn a_session_begins_at_sign_in_and_ends_at_sign_out() {
    let site = Site::new().await;
    let ann = site.cookie("ann").await;
    assert_eq!(ann.call("get_me", json!({})).await.expect(200)["actor"]["username"], "ann");
    ann.call("sign_out", json!({})).await.expect(200);
    assert_eq!(ann.call("get_me", json!({})).await.status, 401);
}

#[tokio::test]
async fn the_cookie_is_kept_from_scripts_and_other_sites() {
    let site = Site::new().await;
    site.password("ann").await;
    let answer = site.anonymous().sign_in("ann", PASSWORD).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("terrace="), "{cookie}");
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=43200"] {
        assert!(cookie.contains(attribute), "{attribute}: {cookie}");
    }
    assert!(!cookie.contains("Secure"), "over plain HTTP a secure cookie would never come back");

    let behind_tls = Site::with("public_url = \"https://label.example\"").await;
    behind_tls.password("ann").await;
    let answer = behind_tls.anonymous().sign_in("ann", PASSWORD).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-terrace=") && cookie.contains("Secure"), "{cookie}");
    assert!(answer.header("strict-transport-security").contains("max-age"));
}

#[tokio::test]
async fn the_session_id_is_another_after_every_sign_in() {
    let site = Site::new().await;
    site.password("ann").await;
    let client = site.anonymous();
    let id = |cookie: &str| cookie.split(';').next().unwrap().to_owned();
    let first = id(client.sign_in("ann", PASSWORD).await.header("set-cookie"));
    let second = id(client.sign_in("ann", PASSWORD).await.header("set-cookie"));
    assert_ne!(first, second);
    // What an attacker planted or saw before the second sign-in opens nothing.
    let old = site.anonymous().request("POST", "/rpc/get_me").header("cookie", first).json(&json!({}));
    assert_eq!(crate::support::Answer::of(old).await.status, 401);
}

#[tokio::test]
async fn a_session_lives_while_it_is_used_and_ends_after_twelve_hours_without() {
    let site = Site::new().await;
    let ann = site.cookie("ann").await;
    for _ in 0..3 {
        site.world.clock.advance(8 * HOUR);
        ann.call("get_me", json!({})).await.expect(200);
    }
    site.world.clock.advance(12 * HOUR + 1);
    assert_eq!(ann.call("get_me", json!({})).await.status, 401);
}

#[tokio::test]
async fn a_person_switched_off_is_refused_at_once() {
    let site = Site::new().await;
    let (browser, program) = (site.cookie("ann").await, site.token("ann", Member).await);
    program.get("/api/v1/me").await.expect(200);
    let operator = site.operator().await;
    let people = operator.get("/api/v1/people?search=ann").await.expect(200);
    let path = format!("/api/v1/people/{}", people["rows"][0]["id"].as_str().unwrap());
    operator.patch(&path, json!({ "active": false })).await.expect(200);

    assert!(matches!(browser.call("get_me", json!({})).await.status, 401 | 403));
    assert!(matches!(program.get("/api/v1/me").await.problem().0, 401 | 403));
    assert_eq!(site.anonymous().sign_in("ann", PASSWORD).await.status, 403);
    // History stays: she is still there, switched off.
    let person = operator.get("/api/v1/people?search=ann").await.expect(200);
    assert_eq!(person["rows"][0]["active"], false);
}

#[tokio::test]
async fn a_cookie_opens_no_rest_and_a_token_no_page() {
    let site = Site::new().await;
    let ann = site.cookie("ann").await;
    assert_eq!(ann.get("/api/v1/me").await.problem(), (401, "sign-in-required".to_owned()));
    let program = site.token("ann", Member).await;
    let asked = program.request("POST", "/rpc/get_me").header("sec-fetch-site", "same-origin").json(&json!({}));
    assert_eq!(crate::support::Answer::of(asked).await.status, 401);
}

#[tokio::test]
async fn a_token_is_made_by_signing_in_and_ends_when_told() {
    let site = Site::new().await;
    site.password("ann").await;
    let body = json!({ "username": "ann", "password": PASSWORD });
    let made = site.anonymous().post("/api/v1/tokens", body).await.expect(201);
    assert_eq!(made["person"]["username"], "ann");
    let program = site.anonymous().with_token(made["token"].as_str().unwrap());
    assert_eq!(program.get("/api/v1/me").await.expect(200)["username"], "ann");
    assert_eq!(program.get("/api/v1/tokens").await.expect(200)["rows"].as_array().unwrap().len(), 1);
    assert_eq!(program.delete("/api/v1/tokens/current").await.status, 204);
    assert_eq!(program.get("/api/v1/me").await.problem().0, 401);
}

#[tokio::test]
async fn a_token_ends_by_itself() {
    let site = Site::new().await;
    site.password("ann").await;
    let body = json!({ "username": "ann", "password": PASSWORD, "days": 1 });
    let made = site.anonymous().post("/api/v1/tokens", body).await.expect(201);
    let program = site.anonymous().with_token(made["token"].as_str().unwrap());
    site.world.clock.advance(24 * HOUR + 1);
    assert_eq!(program.get("/api/v1/me").await.problem().0, 401);
}

#[tokio::test]
async fn a_one_time_password_opens_nothing_but_its_replacement() {
    let site = Site::new().await;
    let operator = site.operator().await;
    let made = operator.post("/api/v1/people", json!({ "username": "bo", "name": "Bo" })).await.expect(201);
    let first = made["initial_password"].as_str().unwrap();
    let sign_in = |body| async { site.anonymous().post("/api/v1/tokens", body).await };
    let refused = sign_in(json!({ "username": "bo", "password": first })).await;
    assert_eq!(refused.problem(), (403, "password-change-required".to_owned()));

    let browser = site.anonymous();
    browser.sign_in("bo", first).await.expect(200);
    assert_eq!(browser.call("list_projects", json!({})).await.status, 403);

    let made =
        sign_in(json!({ "username": "bo", "password": first, "new_password": "my own words" })).await.expect(201);
    let program = site.anonymous().with_token(made["token"].as_str().unwrap());
    program.get("/api/v1/projects").await.expect(200);
    assert_eq!(sign_in(json!({ "username": "bo", "password": first })).await.problem().0, 401);
}

#[tokio::test]
async fn guessing_is_locked_out_and_told_so() {
    let site = Site::new().await;
    site.password("ann").await;
    let guess = || async {
        let body = json!({ "username": "ann", "password": "not the password" });
        site.anonymous().post("/api/v1/tokens", body).await
    };
    let mut refused = guess().await;
    assert_eq!(refused.problem(), (401, "wrong-credentials".to_owned()));
    for _ in 0..50 {
        if refused.status == 429 {
            break;
        }
        refused = guess().await;
    }
    assert_eq!(refused.problem(), (429, "too-many".to_owned()));
    assert!(refused.header("retry-after").parse::<u32>().unwrap() > 0);
    // The right password does not help before the time is over: else the lock would tell which guess was right.
    let right = json!({ "username": "ann", "password": PASSWORD });
    assert_eq!(site.anonymous().post("/api/v1/tokens", right.clone()).await.problem().0, 429);
    assert_eq!(site.anonymous().sign_in("ann", PASSWORD).await.status, 429);
    site.world.clock.advance(24 * HOUR);
    site.anonymous().post("/api/v1/tokens", right).await.expect(201);
}
