//! Refusals on the wire: every 4xx and 5xx for programs is an RFC 9457 problem with a stable code and a sentence in the
//! caller's language.
//!
//! A handler returns a [`Refusal`]; it does not know the language. [`render`] stands around all routes, writes the body,
//! and turns what the framework itself refuses (no such path, wrong method, body too large) into problems too.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::error::Noun;
use domain::lang::{Lang, Words};
use serde::Serialize;

/// Why a request was not done.
#[derive(Debug, Clone)]
pub enum Refusal {
    /// A use case refused, or identity could not be established.
    Refused(domain::Error),
    /// The request was wrong before any use case saw it.
    Wrong(Wrong),
}

/// What only HTTP can get wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// The body is not JSON; the parser's words.
    Json(String),
    /// The body cannot be read to its end, or is not multipart as it says.
    Body(String),
    /// A query parameter is unknown or has no such value; the parser's words.
    Query(String),
    /// A header has no such value; its name.
    Header(&'static str),
    /// The path exists, but not with this method.
    Method,
    /// The file has no such part.
    Range,
    /// The request comes from a page of another site.
    CrossSite,
    /// The length must be told beforehand.
    Length,
    /// The answer took too long.
    Time,
}

impl Wrong {
    fn status(&self) -> StatusCode {
        match self {
            Wrong::Json(_) | Wrong::Body(_) | Wrong::Query(_) | Wrong::Header(_) => StatusCode::BAD_REQUEST,
            Wrong::Method => StatusCode::METHOD_NOT_ALLOWED,
            Wrong::Range => StatusCode::RANGE_NOT_SATISFIABLE,
            Wrong::CrossSite => StatusCode::FORBIDDEN,
            Wrong::Length => StatusCode::LENGTH_REQUIRED,
            Wrong::Time => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Wrong::Json(_) => "malformed-json",
            Wrong::Body(_) => "malformed-body",
            Wrong::Query(_) => "malformed-query",
            Wrong::Header(_) => "malformed-header",
            Wrong::Method => "method-not-allowed",
            Wrong::Range => "range-not-satisfiable",
            Wrong::CrossSite => "cross-site",
            Wrong::Length => "length-required",
            Wrong::Time => "timed-out",
        }
    }

    fn words(&self) -> Words {
        match self {
            Wrong::Json(cause) => Words::new(
                format!("请求内容不是有效的 JSON：{cause}。"),
                format!("The body is not valid JSON: {cause}."),
            ),
            Wrong::Body(cause) => {
                Words::new(format!("请求内容读取失败：{cause}。"), format!("The body cannot be read: {cause}."))
            }
            Wrong::Query(cause) => {
                Words::new(format!("查询参数不正确：{cause}。"), format!("The query is not understood: {cause}."))
            }
            Wrong::Header(name) => Words::new(
                format!("请求头 {name} 的内容不正确。"),
                format!("The header {name} has a value that is not understood."),
            ),
            Wrong::Method => Words::new("该地址不支持此请求方法。", "This path does not take this method."),
            Wrong::Range => Words::new("文件没有这一段。", "The file has no such part."),
            Wrong::CrossSite => Words::new(
                "请求来自其他网站，已拒绝。请在本站页面上操作。",
                "The request comes from another site and was refused. Work on this site's own pages.",
            ),
            Wrong::Length => Words::new("请求须注明内容长度。", "The length of the body must be told beforehand."),
            Wrong::Time => {
                Words::new("处理超时，请稍后重试。", "This took too long and was given up. Try again in a moment.")
            }
        }
    }
}

impl From<domain::Error> for Refusal {
    fn from(error: domain::Error) -> Self {
        Refusal::Refused(error)
    }
}

impl From<engine::Error> for Refusal {
    fn from(error: engine::Error) -> Self {
        Refusal::Refused(error.told())
    }
}

impl From<Wrong> for Refusal {
    fn from(wrong: Wrong) -> Self {
        Refusal::Wrong(wrong)
    }
}

impl Refusal {
    /// A fault outside the engine: logged here under a new reference, told as that reference.
    pub fn broken(cause: impl Into<anyhow::Error>) -> Self {
        engine::Error::Broken(cause.into()).into()
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        match self {
            Refusal::Refused(error) => {
                StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
            Refusal::Wrong(wrong) => wrong.status(),
        }
    }

    fn problem(&self, lang: Lang) -> Problem {
        let status = self.status();
        let (code, detail, problems) = match self {
            Refusal::Refused(error) => {
                let problems = match error {
                    domain::Error::Invalid(problems) => problems.iter().map(|p| Place::new(p, lang)).collect(),
                    _ => Vec::new(),
                };
                (error.code(), error.sentence(lang), problems)
            }
            Refusal::Wrong(wrong) => (wrong.code().to_owned(), wrong.words().get(lang).to_owned(), Vec::new()),
        };
        Problem {
            kind: format!("urn:terrace:problem:{code}"),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            code,
            detail,
            problems,
        }
    }

    /// The whole answer in one language.
    pub fn answer(&self, lang: Lang) -> Response {
        // Serializing plain strings and numbers cannot fail.
        let body = serde_json::to_vec(&self.problem(lang)).unwrap_or_default();
        let mut answer = Response::new(Body::from(body));
        *answer.status_mut() = self.status();
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match self {
            Refusal::Refused(domain::Error::TooMany(seconds)) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
            }
            Refusal::Refused(domain::Error::Unavailable) | Refusal::Wrong(Wrong::Time) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
            }
            Refusal::Refused(domain::Error::SignInRequired | domain::Error::WrongCredentials) => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"terrace\""));
            }
            _ => {}
        }
        answer
    }
}

/// Leaves the refusal to [`render`], which knows the caller's language.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut answer = self.status().into_response();
        answer.extensions_mut().insert(self);
        answer
    }
}

/// A problem of RFC 9457.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// Names the kind of problem: `urn:terrace:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// The stable code that programs switch on.
    pub code: String,
    /// What happened and what to do, in the language of `Accept-Language`.
    pub detail: String,
    /// Each broken rule with its place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub problems: Vec<Place>,
}

/// One broken rule.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Place {
    /// The place in the input, such as `value.persons[2].label`; empty for the whole.
    pub at: String,
    /// A stable code.
    pub code: String,
    /// The sentence.
    pub message: String,
}

impl Place {
    fn new(problem: &domain::Problem, lang: Lang) -> Self {
        Self { at: problem.at.clone(), code: problem.code.clone(), message: problem.message.get(lang).to_owned() }
    }
}

/// The language of an answer: the cookie `lang`, else `Accept-Language`, else Chinese.
pub fn language(headers: &HeaderMap) -> Lang {
    cookie(headers, "lang").and_then(Lang::parse).unwrap_or_else(|| {
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Lang::negotiate(accepted.unwrap_or_default())
    })
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .find_map(|value| value.split(';').find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('=')))
}

/// Paths whose callers are programs (or scripts of our own pages), so that a refusal is never a page.
pub fn is_for_programs(path: &str) -> bool {
    ["/api", "/download/", "/media/", "/rpc/", "/upload/", "/healthz", "/metrics", "/readyz"]
        .iter()
        .any(|start| path.starts_with(start))
}

/// Writes the bodies of refusals.
pub async fn render(request: Request, next: Next) -> Response {
    let lang = language(request.headers());
    let programs = is_for_programs(request.uri().path());
    let mut answer = next.run(request).await;
    if let Some(refusal) = answer.extensions_mut().remove::<Refusal>() {
        return written(&refusal, lang, answer);
    }
    let status = answer.status();
    let has_body = answer.headers().get(header::CONTENT_TYPE).is_some_and(|kind| {
        // What the framework says of itself is plain text; everything of ours is something else.
        !kind.as_bytes().starts_with(b"text/plain")
    });
    if !programs || has_body || !(status.is_client_error() || status.is_server_error()) {
        return answer;
    }
    let refusal = match status {
        StatusCode::NOT_FOUND => domain::Error::NotFound(Noun::Page).into(),
        StatusCode::METHOD_NOT_ALLOWED => Wrong::Method.into(),
        StatusCode::SERVICE_UNAVAILABLE => domain::Error::Unavailable.into(),
        status if status.is_client_error() => Wrong::Body(status.to_string()).into(),
        status => Refusal::broken(anyhow::anyhow!("an answer of {status} without a cause")),
    };
    written(&refusal, lang, answer)
}

/// The problem, keeping what the bare answer's headers said (`Allow`).
fn written(refusal: &Refusal, lang: Lang, bare: Response) -> Response {
    let mut answer = refusal.answer(lang);
    for (name, value) in bare.headers() {
        if !answer.headers().contains_key(name) && name != header::CONTENT_LENGTH {
            answer.headers_mut().insert(name.clone(), value.clone());
        }
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_cookie_then_the_header_then_chinese() {
        let headers = |cookie: &str, accepted: &str| {
            let mut headers = HeaderMap::new();
            if !cookie.is_empty() {
                headers.insert(header::COOKIE, HeaderValue::from_str(cookie).unwrap());
            }
            if !accepted.is_empty() {
                headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_str(accepted).unwrap());
            }
            headers
        };
        assert_eq!(language(&headers("", "")), Lang::Zh);
        assert_eq!(language(&headers("", "en-GB")), Lang::En);
        assert_eq!(language(&headers("theme=dark; lang=zh", "en-GB")), Lang::Zh);
        assert_eq!(language(&headers("slang=en", "")), Lang::Zh);
    }
}
