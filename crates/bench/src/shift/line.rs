//! A kept-alive connection to the server, made anew when it breaks. Requests on it go one after the other.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, bail};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::Mutex;

/// An answer is waited for this long.
const PATIENCE: Duration = Duration::from_secs(60);

/// The connection.
#[derive(Debug)]
pub(crate) struct Line {
    addr: SocketAddr,
    sender: Mutex<Option<SendRequest<Full<Bytes>>>>,
}

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Ask<'a> {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) token: Option<&'a str>,
    /// The idempotency key.
    pub(crate) key: Option<&'a str>,
    /// JSON.
    pub(crate) body: Option<Bytes>,
}

impl<'a> Ask<'a> {
    pub(crate) fn new(method: Method, path: String, token: &'a str) -> Self {
        Self { method, path, token: Some(token), key: None, body: None }
    }

    pub(crate) fn json(mut self, body: &serde_json::Value) -> Self {
        self.body = Some(Bytes::from(body.to_string()));
        self
    }
}

impl Line {
    pub(crate) fn to(addr: SocketAddr) -> Self {
        Self { addr, sender: Mutex::new(None) }
    }

    /// Sends a request and reads the whole answer.
    pub(crate) async fn ask(&self, ask: &Ask<'_>) -> anyhow::Result<(u16, Bytes)> {
        let mut place = self.sender.lock().await;
        let answer = tokio::time::timeout(PATIENCE, self.exchange(&mut place, ask)).await;
        match answer {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                *place = None;
                Err(error)
            }
            Err(_elapsed) => {
                *place = None;
                bail!("no answer within {} s", PATIENCE.as_secs())
            }
        }
    }

    async fn exchange(
        &self,
        place: &mut Option<SendRequest<Full<Bytes>>>,
        ask: &Ask<'_>,
    ) -> anyhow::Result<(u16, Bytes)> {
        if place.as_ref().is_none_or(SendRequest::is_closed) {
            let stream = TcpStream::connect(self.addr).await.context("connecting")?;
            stream.set_nodelay(true)?;
            let (sender, connection) = handshake(TokioIo::new(stream)).await?;
            // It ends with the connection; what goes wrong on it is told to the sender.
            tokio::spawn(async move {
                let _ = connection.await;
            });
            *place = Some(sender);
        }
        let sender = place.as_mut().context("no connection")?;
        sender.ready().await?;
        let mut request = Request::builder()
            .method(ask.method.clone())
            .uri(format!("/api/v1{}", ask.path))
            .header("host", self.addr.to_string());
        if let Some(token) = ask.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(key) = ask.key {
            request = request.header("idempotency-key", key);
        }
        if ask.body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let answer = sender.send_request(request.body(Full::new(ask.body.clone().unwrap_or_default()))?).await?;
        let status = answer.status().as_u16();
        Ok((status, answer.into_body().collect().await?.to_bytes()))
    }
}
