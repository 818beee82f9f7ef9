//! Where a request comes from: the peer, or what a trusted proxy says of it. Nobody else's word is taken.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;

use crate::config::Network;
use crate::state::Server;

/// The caller's address, in the extensions of every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address(pub IpAddr);

/// The request comes straight from a trusted proxy: in the extensions of those that do, where traces are gathered.
#[derive(Debug, Clone, Copy)]
pub struct FromProxy;

/// Finds the address once for all routes.
pub async fn find(State(server): State<Server>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    // Without a peer (a router driven in memory) there is no address to limit by but a common one.
    let peer = peer.unwrap_or(IpAddr::from([127, 0, 0, 1]));
    let address = Address(through_proxies(peer, request.headers(), &server.settings.trusted_proxies));
    request.extensions_mut().insert(address);
    if server.settings.traces.is_some() && server.settings.trusted_proxies.iter().any(|network| network.holds(peer)) {
        request.extensions_mut().insert(FromProxy);
    }
    next.run(request).await
}

/// Walks `X-Forwarded-For` from its end while the teller is trusted.
fn through_proxies(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.holds(address));
    let mut address = peer.to_canonical();
    let told: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    for hop in told.iter().rev() {
        if !is_trusted(address) {
            break;
        }
        match hop.parse::<IpAddr>() {
            Ok(hop) => address = hop.to_canonical(),
            Err(_) => break,
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let seen = |peer: &str, forwarded: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", HeaderValue::from_str(forwarded).unwrap());
            let trusted = ["10.0.0.0/24".parse::<Network>().unwrap()];
            through_proxies(peer.parse().unwrap(), &headers, &trusted).to_string()
        };
        assert_eq!(seen("10.0.0.2", "203.0.113.9"), "203.0.113.9");
        assert_eq!(seen("203.0.113.1", "203.0.113.9"), "203.0.113.1");
        assert_eq!(seen("10.0.0.2", "198.51.100.7, 203.0.113.9"), "203.0.113.9", "the caller's own words are not");
        assert_eq!(seen("10.0.0.2", "203.0.113.9, 10.0.0.3"), "203.0.113.9");
        assert_eq!(seen("10.0.0.2", "unknown"), "10.0.0.2");
    }
}
