//! What REST handlers take from a request. Each one refuses in terms of [`Refusal`] and never lets a value through that
//! the rows could not hold (PostgreSQL has no NUL in text).

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header;
use axum::http::request::Parts;
use bytes::Bytes;
use domain::error::Noun;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::problem::{Refusal, Wrong};
use crate::state::Server;

/// A JSON body.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Server> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, server: &Server) -> Result<Self, Refusal> {
        let kind = content_type(request.headers());
        if kind != "application/json" {
            return Err(domain::Error::Unsupported(kind).into());
        }
        let bytes = body(request, server).await?;
        parse(&bytes).map(Self)
    }
}

/// The same as an answer.
impl<T: serde::Serialize> axum::response::IntoResponse for Json<T> {
    fn into_response(self) -> axum::response::Response {
        axum::Json(self.0).into_response()
    }
}

/// A JSON body that may be left out: then it is what an empty object would be.
#[derive(Debug)]
pub struct OptionalJson<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Server> for OptionalJson<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, server: &Server) -> Result<Self, Refusal> {
        let kind = content_type(request.headers());
        let bytes = body(request, server).await?;
        if bytes.is_empty() || bytes.trim_ascii() == b"null" {
            return parse(b"{}").map(Self);
        }
        if kind != "application/json" {
            return Err(domain::Error::Unsupported(kind).into());
        }
        parse(&bytes).map(Self)
    }
}

/// A body of CSV.
#[derive(Debug)]
pub struct Csv(pub Vec<u8>);

impl FromRequest<Server> for Csv {
    type Rejection = Refusal;

    async fn from_request(request: Request, server: &Server) -> Result<Self, Refusal> {
        let kind = content_type(request.headers());
        if kind != "text/csv" {
            return Err(domain::Error::Unsupported(kind).into());
        }
        Ok(Self(body(request, server).await?.to_vec()))
    }
}

/// The type without its parameters, in lower case; empty when absent.
pub fn content_type(headers: &axum::http::HeaderMap) -> String {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

async fn body(request: Request, server: &Server) -> Result<Bytes, Refusal> {
    use http_body_util::{BodyExt, LengthLimitError};
    match request.into_body().collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) => {
            let mut cause: Option<&dyn std::error::Error> = Some(&error);
            while let Some(at) = cause {
                if at.is::<LengthLimitError>() {
                    return Err(domain::Error::TooLarge(server.settings.body_max).into());
                }
                cause = at.source();
            }
            Err(Wrong::Body(error.to_string()).into())
        }
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    match serde_path_to_error::deserialize(&mut reader) {
        Ok(value) => {
            reader.end().map_err(|cause| Wrong::Json(cause.to_string()))?;
            refuse_nul(bytes)?;
            Ok(value)
        }
        Err(error) => {
            let at = error.path().to_string();
            let at = if at == "." { String::new() } else { at };
            let cause = error.into_inner();
            if cause.is_data() {
                let place = if at.is_empty() { String::new() } else { format!("{at}: ") };
                Err(domain::Error::invalid(
                    at.clone(),
                    "malformed",
                    format!("内容的结构不正确：{place}{cause}。"),
                    format!("The structure is not right: {place}{cause}."),
                )
                .into())
            } else {
                Err(Wrong::Json(cause.to_string()).into())
            }
        }
    }
}

/// Finds a NUL in any string of the JSON. The search for its escape spares nearly every body the second parse.
fn refuse_nul(bytes: &[u8]) -> Result<(), Refusal> {
    fn holds_nul(value: &Value) -> bool {
        match value {
            Value::String(text) => text.contains('\0'),
            Value::Array(items) => items.iter().any(holds_nul),
            Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || holds_nul(value)),
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
    }
    let escaped = bytes.windows(6).any(|window| window == b"\\u0000");
    match escaped.then(|| serde_json::from_slice::<Value>(bytes)) {
        Some(Ok(value)) if holds_nul(&value) => Err(no_nul()),
        _ => Ok(()),
    }
}

fn no_nul() -> Refusal {
    domain::Error::invalid("", "control-character", "内容不能含有空字符（U+0000）。", "Text must not hold U+0000.")
        .into()
}

/// The parameters of the path. One that cannot be an id names nothing that exists.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Server> for Path<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Refusal> {
        if parts.uri.path().contains("%00") {
            return Err(domain::Error::NotFound(Noun::Page).into());
        }
        match axum::extract::Path::<T>::from_request_parts(parts, server).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(domain::Error::NotFound(Noun::Page).into()),
        }
    }
}

/// The parameters after the question mark.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Server> for Query<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Refusal> {
        if parts.uri.query().is_some_and(|query| query.contains("%00")) {
            return Err(no_nul());
        }
        match axum::extract::Query::<T>::from_request_parts(parts, server).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(rejection) => {
                use std::error::Error;
                let cause = rejection.source().map_or_else(|| rejection.body_text(), ToString::to_string);
                Err(Wrong::Query(cause).into())
            }
        }
    }
}

/// The header `Idempotency-Key`, if there is one: 1–200 visible ASCII characters.
#[derive(Debug)]
pub struct IdempotencyKey(pub Option<String>);

impl FromRequestParts<Server> for IdempotencyKey {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _server: &Server) -> Result<Self, Refusal> {
        const NAME: &str = "idempotency-key";
        let Some(value) = parts.headers.get(NAME) else { return Ok(Self(None)) };
        match value.to_str() {
            Ok(key) if (1..=200).contains(&key.len()) => Ok(Self(Some(key.to_owned()))),
            _ => Err(Wrong::Header("Idempotency-Key").into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only whether it parses matters")]
    struct Body {
        name: String,
        count: Option<u32>,
    }

    fn code(body: &str) -> String {
        match parse::<Body>(body.as_bytes()) {
            Ok(_) => "fine".to_owned(),
            Err(Refusal::Refused(domain::Error::Invalid(problems))) => {
                format!("{} at {:?}", problems[0].code, problems[0].at)
            }
            Err(Refusal::Wrong(wrong)) => format!("{wrong:?}").split('(').next().unwrap_or_default().to_owned(),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_body_is_refused_for_what_is_wrong_with_it() {
        assert_eq!(code(r#"{"name": "a"}"#), "fine");
        assert_eq!(code(r#"{"name": "a\\u0000"}"#), "fine", "a backslash and six letters, not a NUL");
        assert_eq!(code(r#"{"name": "a\u0000"}"#), "control-character at \"\"");
        assert_eq!(code(r#"{"name": 1}"#), "malformed at \"name\"");
        assert_eq!(code(r#"{"name": "a", "count": -1}"#), "malformed at \"count\"");
        assert_eq!(code(r#"{"name": "a", "colour": 1}"#), "malformed at \"colour\"");
        assert_eq!(code(r#"{"name": "a"} {}"#), "Json");
        assert_eq!(code(r#"{"name": NaN}"#), "Json");
        assert_eq!(code(""), "Json");
        assert_eq!(code("[]"), "malformed at \"\"");
    }
}
