//! Files in answers: images, exports, lists of problems. The same for programs under `/api` and for the browser.

use std::ops::Range;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::id::{ExportId, ImportId, ItemId};
use domain::item::Tile;
use engine::Ctx;
use engine::blob::{RemoteFile, StoredFile};
use tower::ServiceExt;
use tower_http::services::ServeFile;

use crate::problem::{Refusal, Wrong};

/// An item's image never changes; but whether this person may see it can, so shared caches keep out.
const IMAGE_CACHE: &str = "private, max-age=31536000, immutable";

/// Sends an item's image, or a rendition of at most this width.
pub async fn send_image(ctx: &Ctx, item: ItemId, width: Option<u32>, request: Request) -> Result<Response, Refusal> {
    let image = engine::item::image(ctx, item, width).await?;
    let headers = [(header::CACHE_CONTROL, IMAGE_CACHE.to_owned())];
    // An address is signed for getting alone; and whoever holds the image already is told so at once.
    if let StoredFile::Remote(file) = &image.file
        && request.method() == Method::GET
        && !holds(request.headers(), &format!("\"{}\"", image.etag))
        && let Some(signed) =
            file.signed(&[("content-type", &image.media_type), ("cache-control", IMAGE_CACHE)]).await?
    {
        // For half its life the browser asks nobody again; what it got from there it keeps under that address.
        let kept = format!("private, max-age={}", signed.life.as_secs() / 2);
        let fields = [(header::CACHE_CONTROL, kept), (header::LOCATION, signed.url)];
        return Ok((StatusCode::TEMPORARY_REDIRECT, fields).into_response());
    }
    send(&image.file, &image.media_type, &image.etag, &headers, request).await
}

/// Sends a tile of an item's large image.
pub async fn send_tile(ctx: &Ctx, item: ItemId, tile: Tile, request: Request) -> Result<Response, Refusal> {
    let tile = engine::item::tile(ctx, item, tile).await?;
    let tag = format!("\"{}\"", tile.etag);
    let headers = [(header::CACHE_CONTROL, IMAGE_CACHE.to_owned())];
    if holds(request.headers(), &tag) {
        return named(StatusCode::NOT_MODIFIED.into_response(), &tag, &headers);
    }
    let bytes = tile.file.read_range(tile.range).await?;
    named(([(header::CONTENT_TYPE, tile.media_type)], bytes).into_response(), &tag, &headers)
}

/// Sends the finished file of an export.
pub async fn send_export(ctx: &Ctx, export: ExportId, request: Request) -> Result<Response, Refusal> {
    let file = engine::export::file(ctx, export).await?;
    let headers = [
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        (header::CONTENT_DISPOSITION, attachment(&file.file_name)),
    ];
    send(&file.file, &file.media_type, &file.sha256, &headers, request).await
}

/// Sends every problem of an import as CSV.
pub async fn send_problems(ctx: &Ctx, import: ImportId) -> Result<Response, Refusal> {
    let csv = engine::import::problems_csv(ctx, import).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        (header::CONTENT_DISPOSITION, attachment(&format!("import-{import}-problems.csv"))),
    ];
    Ok((headers, csv).into_response())
}

async fn send(
    stored: &StoredFile,
    media_type: &str,
    tag: &str,
    headers: &[(header::HeaderName, String)],
    request: Request,
) -> Result<Response, Refusal> {
    let tag = format!("\"{}\"", tag.trim_matches('"'));
    let mut answer = if holds(request.headers(), &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let kind: mime::Mime = media_type.parse().unwrap_or(mime::APPLICATION_OCTET_STREAM);
        // The tag decides what is fresh; of the caller's conditions only the range is left to the library.
        let mut plain = Request::new(Body::empty());
        *plain.method_mut() = request.method().clone();
        if let Some(range) = request.headers().get(header::RANGE)
            && may_be_partial(request.headers(), &tag)
        {
            plain.headers_mut().insert(header::RANGE, range.clone());
        }
        let path = match stored {
            StoredFile::Local(path) => path,
            StoredFile::Remote(file) => return remote(file, &kind, plain, tag, headers).await,
        };
        let file = ServeFile::new_with_mime(path, &kind).ignore_multi_range_requests(true).oneshot(plain).await;
        match file {
            Ok(answer) if answer.status() == StatusCode::NOT_FOUND => {
                return Err(Refusal::broken(anyhow::anyhow!("the file {} is missing", path.display())));
            }
            Ok(answer) if answer.status() == StatusCode::RANGE_NOT_SATISFIABLE => {
                let mut refused = Refusal::from(Wrong::Range).into_response();
                if let Some(whole) = answer.headers().get(header::CONTENT_RANGE) {
                    refused.headers_mut().insert(header::CONTENT_RANGE, whole.clone());
                }
                return Ok(refused);
            }
            Ok(answer) => answer.map(Body::new),
            Err(never) => match never {},
        }
    };
    answer.headers_mut().remove(header::LAST_MODIFIED);
    named(answer, &tag, headers)
}

/// The answer with its tag and further headers.
fn named(mut answer: Response, tag: &str, headers: &[(header::HeaderName, String)]) -> Result<Response, Refusal> {
    let fields = headers.iter().map(|(name, value)| (name.clone(), value.as_str()));
    for (name, value) in fields.chain([(header::ETAG, tag)]) {
        answer.headers_mut().insert(name, HeaderValue::from_str(value).map_err(Refusal::broken)?);
    }
    Ok(answer)
}

/// Sends a file, or the part that is asked for, as it comes from the bucket.
async fn remote(
    file: &RemoteFile,
    kind: &mime::Mime,
    asked: Request,
    tag: String,
    headers: &[(header::HeaderName, String)],
) -> Result<Response, Refusal> {
    let range = asked.headers().get(header::RANGE).and_then(|range| range.to_str().ok());
    let (status, part) = match range.map_or(Part::Whole, |range| part(range, file.bytes)) {
        Part::Whole => (StatusCode::OK, 0..file.bytes),
        Part::Some(part) => (StatusCode::PARTIAL_CONTENT, part),
        Part::None => {
            let mut refused = Refusal::from(Wrong::Range).into_response();
            let whole = HeaderValue::from_str(&format!("bytes */{}", file.bytes)).map_err(Refusal::broken)?;
            refused.headers_mut().insert(header::CONTENT_RANGE, whole);
            return Ok(refused);
        }
    };
    let body = if asked.method() == Method::HEAD {
        Body::empty()
    } else {
        Body::from_stream(file.stream(part.clone()).await?)
    };
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    let mut fields = vec![
        (header::CONTENT_TYPE, kind.to_string()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::CONTENT_LENGTH, (part.end - part.start).to_string()),
    ];
    if status == StatusCode::PARTIAL_CONTENT {
        let said = format!("bytes {}-{}/{}", part.start, part.end.saturating_sub(1), file.bytes);
        fields.push((header::CONTENT_RANGE, said));
    }
    fields.extend(headers.iter().cloned());
    named(answer, &tag, &fields)
}

/// What a `Range` asks for.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    Whole,
    Some(Range<u64>),
    /// Nothing that the file has.
    None,
}

/// Reads a `Range` (RFC 9110, 14.1.2). Several parts at once, and what is not understood, are the whole.
fn part(range: &str, bytes: u64) -> Part {
    let Some((from, to)) = range.trim().strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Part::Whole;
    };
    match (from.trim().parse::<u64>(), to.trim().parse::<u64>()) {
        (Err(_), Ok(last)) if from.trim().is_empty() => {
            if last == 0 || bytes == 0 {
                Part::None
            } else {
                Part::Some(bytes.saturating_sub(last)..bytes)
            }
        }
        (Ok(from), Ok(to)) if to < from => Part::Whole,
        (Ok(from), _) if from >= bytes && (to.trim().is_empty() || to.trim().parse::<u64>().is_ok()) => Part::None,
        (Ok(from), Ok(to)) => Part::Some(from..bytes.min(to.saturating_add(1))),
        (Ok(from), Err(_)) if to.trim().is_empty() => Part::Some(from..bytes),
        _ => Part::Whole,
    }
}

/// The caller already has what carries this tag.
fn holds(headers: &HeaderMap, tag: &str) -> bool {
    headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').any(|given| matches!(given.trim(), "*") || given.trim().trim_start_matches("W/") == tag)
    })
}

/// `If-Range` asks for the whole when the file is another by now.
fn may_be_partial(headers: &HeaderMap, tag: &str) -> bool {
    headers.get(header::IF_RANGE).is_none_or(|value| value.as_bytes() == tag.as_bytes())
}

/// `Content-Disposition` for a name in any script (RFC 6266, RFC 8187).
fn attachment(name: &str) -> String {
    use std::fmt::Write;
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' }).collect();
    let mut coded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            coded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(coded, "%{byte:02X}");
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{coded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        for (range, wanted) in [
            ("bytes=0-9", Part::Some(0..10)),
            ("bytes=90-", Part::Some(90..100)),
            ("bytes=90-900", Part::Some(90..100)),
            ("bytes=-5", Part::Some(95..100)),
            ("bytes=-500", Part::Some(0..100)),
            ("bytes=100-", Part::None),
            ("bytes=-0", Part::None),
            ("bytes=9-3", Part::Whole),
            ("bytes=0-1,5-6", Part::Whole),
            ("items=0-1", Part::Whole),
            ("bytes=a-b", Part::Whole),
        ] {
            assert_eq!(part(range, 100), wanted, "{range}");
        }
    }

    #[test]
    fn a_name_in_chinese_travels_whole_and_cannot_break_the_header() {
        assert_eq!(
            attachment("微博\".jsonl\r\n"),
            "attachment; filename=\"___.jsonl__\"; filename*=UTF-8''%E5%BE%AE%E5%8D%9A%22.jsonl%0D%0A"
        );
    }
}
