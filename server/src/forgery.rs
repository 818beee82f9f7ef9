//! The guard against cross-site forgery: what changes something must come from our own pages.
//!
//! Cookies are sent by browsers whoever made the request; so outside `/api` (where cookies count for nothing) every
//! unsafe request must carry the browser's own word that it comes from this origin: `Sec-Fetch-Site: same-origin`, or
//! an `Origin` equal to the site's. `SameSite=Lax` on the cookie is the second line.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::config::PublicUrl;
use crate::problem::{Refusal, Wrong};
use crate::state::Server;

/// Refuses unsafe requests of other sites.
pub async fn guard(State(server): State<Server>, request: Request, next: Next) -> Response {
    let exempt = request.method().is_safe() || request.uri().path().starts_with("/api/");
    if exempt || is_own(request.headers(), server.settings.public_url.as_ref()) {
        next.run(request).await
    } else {
        Refusal::from(Wrong::CrossSite).into_response()
    }
}

fn is_own(headers: &HeaderMap, public: Option<&PublicUrl>) -> bool {
    let field = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = field("sec-fetch-site") {
        return site == "same-origin";
    }
    let Some(origin) = field(header::ORIGIN.as_str()) else { return false };
    match public {
        Some(public) => origin.eq_ignore_ascii_case(&public.origin()),
        None => {
            let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
            matches!((authority, field(header::HOST.as_str())), (Some(a), Some(host)) if a.eq_ignore_ascii_case(host))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn own(public: Option<&str>, fields: &[(&'static str, &str)]) -> bool {
        let headers = fields
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()))
            .collect();
        is_own(&headers, public.map(|url| url.parse().unwrap()).as_ref())
    }

    #[test]
    fn the_browsers_word_decides() {
        assert!(own(None, &[("sec-fetch-site", "same-origin")]));
        for site in ["cross-site", "same-site", "none", ""] {
            let fields = [("sec-fetch-site", site), ("origin", "http://a.example"), ("host", "a.example")];
            assert!(!own(None, &fields), "{site}");
        }
    }

    #[test]
    fn an_older_browser_is_known_by_its_origin() {
        assert!(own(None, &[("origin", "http://a.example:3000"), ("host", "a.example:3000")]));
        assert!(!own(None, &[("origin", "http://b.example:3000"), ("host", "a.example:3000")]));
        assert!(!own(None, &[("origin", "null"), ("host", "a.example:3000")]));
        assert!(!own(None, &[("host", "a.example:3000")]));
        assert!(own(Some("https://a.example"), &[("origin", "https://a.example"), ("host", "10.0.0.1")]));
        assert!(!own(Some("https://a.example"), &[("origin", "http://a.example"), ("host", "a.example")]));
    }
}
