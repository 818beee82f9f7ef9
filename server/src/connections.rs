//! Connections: how many there may be, how long a caller may take to say what it wants, and how they end.
//!
//! One limit for all and one for each address, so that who opens thousands is refused while others are served; a limit on
//! the time and the size of a request's head, so that a connection that dribbles (a slow loris) is closed. When the server
//! is asked to end, requests under way are answered first.

use std::collections::HashMap;
use std::future::Future;
use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

use crate::config::Network;

/// How long the head of a request may take to come, and a connection lie idle: longer than proxies keep theirs.
const HEAD_TIME: Duration = Duration::from_secs(75);
/// Bytes of a request's head; more is answered with 431.
const HEAD_BYTES: usize = 64 << 10;
/// Lines of a request's head.
const HEAD_LINES: usize = 100;
/// How long requests under way may take to end after the server was asked to.
const GRACE: Duration = Duration::from_secs(20);
/// Files that the process needs beside its connections.
const OTHER_FILES: usize = 256;
/// What is told to whom there is no place for.
const NO_PLACE: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

/// How many connections there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Places {
    /// All together.
    pub all: usize,
    /// From one address; a trusted proxy's are not counted.
    pub each: usize,
}

impl Places {
    /// No more than the system lets this process open.
    pub fn within_system(self) -> Self {
        let allowed = open_files().map_or(usize::MAX, |files| files.saturating_sub(OTHER_FILES).max(16));
        if self.all > allowed {
            tracing::warn!(wanted = self.all, allowed, "fewer connections than set: raise the limit on open files");
        }
        Self { all: self.all.min(allowed), each: self.each }
    }
}

/// How many files the system lets this process open, where it says so.
pub fn open_files() -> Option<usize> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find(|line| line.starts_with("Max open files"))?;
    line.split_whitespace().nth(3)?.parse().ok()
}

/// The connections that are open.
#[derive(Debug, Default)]
pub struct Open {
    by_address: Mutex<(usize, HashMap<IpAddr, usize>)>,
    refused: std::sync::atomic::AtomicU64,
}

impl Open {
    /// How many are open, and how many were refused since the start.
    pub fn counted(&self) -> (usize, u64) {
        let open = self.by_address.lock().unwrap_or_else(PoisonError::into_inner).0;
        (open, self.refused.load(std::sync::atomic::Ordering::Relaxed))
    }

    fn enter(self: &Arc<Self>, address: IpAddr, places: Places, trusted: bool) -> Option<Place> {
        let mut open = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        let (all, by_address) = &mut *open;
        let here = by_address.get(&address).copied().unwrap_or_default();
        if *all >= places.all || (!trusted && here >= places.each) {
            self.refused.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            return None;
        }
        *all += 1;
        by_address.insert(address, here + 1);
        Some(Place { open: Arc::clone(self), address })
    }
}

/// One connection's place; free again when this is dropped.
#[derive(Debug)]
struct Place {
    open: Arc<Open>,
    address: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.open.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        let (all, by_address) = &mut *open;
        *all = all.saturating_sub(1);
        if let Some(here) = by_address.get_mut(&self.address) {
            *here -= 1;
            if *here == 0 {
                by_address.remove(&self.address);
            }
        }
    }
}

/// Serves every connection that finds a place until `stop` resolves, then lets requests under way end.
///
/// # Errors
/// When the listener cannot say where it listens.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    (open, places, trusted): (Arc<Open>, Places, &[Network]),
    stop: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let ending = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // One that was closed at once, or no file left to open: both pass.
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            }
        };
        let address = peer.ip().to_canonical();
        let is_trusted = trusted.iter().any(|network| network.holds(address));
        let Some(place) = open.enter(address, places, is_trusted) else {
            refuse(stream);
            continue;
        };
        // An answer in two packets is not to wait for the first one's receipt.
        let _ = stream.set_nodelay(true);
        let service = router.clone().map_request(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo::<SocketAddr>(peer));
            request.map(Body::new)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIME)
            .max_buf_size(HEAD_BYTES)
            .max_headers(HEAD_LINES)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        let connection = ending.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, %peer, "a connection broke off");
            }
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(GRACE, ending.shutdown()).await.is_err() {
        tracing::warn!("requests under way were cut off");
    }
    Ok(())
}

/// Says so without waiting for the caller, who may be here to make us wait.
fn refuse(stream: TcpStream) {
    // Whether it is heard is the caller's business.
    let _ = stream.into_std().and_then(|mut stream| stream.write(NO_PLACE));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_by_address_and_given_back() {
        let open = Arc::new(Open::default());
        let places = Places { all: 4, each: 2 };
        let (one, two) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let held = [open.enter(one, places, false).unwrap(), open.enter(one, places, false).unwrap()];
        assert!(open.enter(one, places, false).is_none(), "one address has its share");
        let proxy = open.enter(one, places, true);
        assert!(proxy.is_some(), "a proxy's are many people's");
        let other = open.enter(two, places, false);
        assert!(other.is_some());
        assert!(open.enter(two, places, false).is_none(), "full");
        drop(held);
        assert!(open.enter(one, places, false).is_some());
        assert_eq!(open.counted(), (2, 2));
    }
}
