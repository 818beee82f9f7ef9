//! The server's public API as the bench uses it.

use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::{Value, json};

/// A caller with a token, or none yet.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    http: reqwest::Client,
    base: String,
    patience: Duration,
    token: Option<String>,
}

/// An answer that came: its status and its JSON (null when empty).
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Answer {
    /// The body of a success.
    pub(crate) fn success(self) -> anyhow::Result<Value> {
        if (200..300).contains(&self.status) {
            return Ok(self.body);
        }
        bail!("{}: {}", self.status, self.body)
    }
}

impl Api {
    pub(crate) fn new(base: &str) -> anyhow::Result<Self> {
        Self::patient(base, Duration::from_secs(60))
    }

    /// A caller that gives an answer up after so long.
    pub(crate) fn patient(base: &str, patience: Duration) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder().timeout(patience).build()?;
        Ok(Self { http, base: base.trim_end_matches('/').to_owned(), patience, token: None })
    }

    /// As patient a caller with connections of its own and without a token.
    pub(crate) fn anew(&self, base: &str) -> anyhow::Result<Self> {
        Self::patient(base, self.patience)
    }

    /// Signs in with a connection of its own.
    pub(crate) async fn sign_in(&self, username: &str, password: &str) -> anyhow::Result<Self> {
        let body = json!({ "username": username, "password": password });
        let made = self.post("/tokens", &body).await?.success().context("sign-in")?;
        let token = made.get("token").and_then(Value::as_str).context("no token")?;
        Ok(Self { token: Some(token.to_owned()), ..self.anew(&self.base)? })
    }

    fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}/api/v1{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    async fn answer(request: reqwest::RequestBuilder) -> anyhow::Result<Answer> {
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        let bytes = answer.bytes().await?;
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes)? };
        Ok(Answer { status, body })
    }

    pub(crate) async fn get(&self, path: &str) -> anyhow::Result<Answer> {
        Self::answer(self.request(reqwest::Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Answer> {
        Self::answer(self.request(reqwest::Method::POST, path).json(body)).await
    }

    /// A write that may be repeated under this key.
    pub(crate) async fn post_once(&self, path: &str, key: &str, body: &Value) -> anyhow::Result<Answer> {
        let request = self.request(reqwest::Method::POST, path).header("idempotency-key", key);
        Self::answer(request.json(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> anyhow::Result<Answer> {
        Self::answer(self.request(reqwest::Method::PUT, path).json(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> anyhow::Result<Answer> {
        Self::answer(self.request(reqwest::Method::PATCH, path).json(body)).await
    }

    pub(crate) async fn upload(&self, path: &str, body: Vec<u8>) -> anyhow::Result<Answer> {
        let request = self.request(reqwest::Method::POST, path).header("content-type", "application/octet-stream");
        Self::answer(request.body(body)).await
    }

    /// A file, streamed piece by piece.
    pub(crate) async fn file(&self, path: &str) -> anyhow::Result<reqwest::Response> {
        Ok(self.request(reqwest::Method::GET, path).send().await?.error_for_status()?)
    }

    /// The bytes at a path of the server, with the status.
    pub(crate) async fn bytes(&self, path: &str) -> anyhow::Result<(u16, Vec<u8>)> {
        let mut request = self.http.get(format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await?;
        Ok((answer.status().as_u16(), answer.bytes().await?.to_vec()))
    }

    /// The server answers.
    pub(crate) async fn is_healthy(&self) -> bool {
        let asked = self.http.get(format!("{}/readyz", self.base)).timeout(Duration::from_secs(2)).send().await;
        asked.is_ok_and(|answer| answer.status().is_success())
    }

    /// Waits until the server answers.
    pub(crate) async fn healthy(&self) -> anyhow::Result<()> {
        for _ in 0..600 {
            if self.is_healthy().await {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("the server does not answer at {}", self.base)
    }
}

/// The text at this field.
pub(crate) fn text<'a>(value: &'a Value, field: &str) -> anyhow::Result<&'a str> {
    value.get(field).and_then(Value::as_str).with_context(|| format!("no `{field}` in {value}"))
}
