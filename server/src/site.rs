//! The built site: script, module, style sheet and pictures, each plain and (where smaller) compressed by brotli beforehand.
//! Held in memory, from the binary itself or from a folder; never reads a file while answering.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use app::module::Names;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use bytes::Bytes;

use crate::headers::WORKER_POLICY;

/// Files that the build put into this binary: path below the site's root, content. Empty when it was built without a site.
static EMBEDDED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/site.rs"));

/// The folder of files whose names carry the hash of their content.
const PACKAGE: &str = "pkg/";

/// What the names of the worker's files begin with.
const ASSIST: &str = "assist";

/// Name of the application's files without their endings when no site was built.
const UNBUILT: &str = "terrace";

/// Every file that the site is made of.
#[derive(Debug, Default)]
pub struct Site {
    files: HashMap<String, File>,
    names: Names,
}

#[derive(Debug)]
struct File {
    plain: Bytes,
    brotli: Option<Bytes>,
    kind: &'static str,
    tag: HeaderValue,
    immutable: bool,
    /// It is the script of a worker.
    works: bool,
}

impl Site {
    /// The site that this binary carries.
    pub fn embedded() -> Self {
        Self::from_files(EMBEDDED.iter().map(|(path, content)| ((*path).to_owned(), Bytes::from_static(content))))
    }

    /// The site as built in `folder`, read once.
    ///
    /// # Errors
    /// When the folder or one of its files cannot be read.
    pub fn folder(folder: &Path) -> std::io::Result<Self> {
        let mut files = Vec::new();
        read_folder(folder, folder, &mut files)?;
        Ok(Self::from_files(files.into_iter()))
    }

    /// True when the site has the application's script: without it pages are rendered but do not come to life.
    pub fn is_built(&self) -> bool {
        !self.names.whole.is_empty()
    }

    /// What the scripts and modules of the pages are called.
    pub fn names(&self) -> Names {
        let mut names = self.names.clone();
        if names.whole.is_empty() {
            names.whole = UNBUILT.to_owned();
        }
        names
    }

    /// The answer for a GET or HEAD of `path`, or nothing when the site has no such file.
    pub fn answer(&self, method: &Method, path: &str, headers: &HeaderMap) -> Option<Response<Body>> {
        if method != Method::GET && method != Method::HEAD {
            return None;
        }
        let file = self.files.get(path.trim_start_matches('/'))?;
        let mut answer = Response::new(Body::empty());
        let fields = answer.headers_mut();
        fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.kind));
        fields.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        fields.insert(header::ETAG, file.tag.clone());
        let keep = if file.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
        fields.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
        if file.works {
            fields.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(WORKER_POLICY));
        }
        if file.brotli.is_some() {
            fields.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        if has_tag(headers, &file.tag) {
            *answer.status_mut() = StatusCode::NOT_MODIFIED;
            return Some(answer);
        }
        let body = match &file.brotli {
            Some(brotli) if accepts_brotli(headers) => {
                fields.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
                brotli
            }
            _ => &file.plain,
        };
        fields.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        if method == Method::GET {
            *answer.body_mut() = Body::from(body.clone());
        }
        Some(answer)
    }

    fn from_files(files: impl Iterator<Item = (String, Bytes)>) -> Self {
        let (compressed, plain): (Vec<_>, Vec<_>) = files.partition(|(path, _)| path.ends_with(".br"));
        let mut compressed: HashMap<String, Bytes> = compressed.into_iter().collect();
        let mut site = Self::default();
        for (path, content) in plain {
            let stem = path.strip_prefix(PACKAGE).and_then(|name| name.strip_suffix(".js"));
            if let Some(stem) = stem.filter(|stem| !stem.contains('/')) {
                let (names, name) = (&mut site.names, stem.to_owned());
                match stem.split('.').next() {
                    Some("work") => names.work = Some(name),
                    Some("picture") => names.picture = Some(name),
                    Some(ASSIST) => names.assist = Some(name),
                    _ => names.whole = name,
                }
            }
            let hash = blake3::hash(&content).to_hex();
            let tag = format!("W/\"{}\"", &hash.as_str()[..32]);
            let file = File {
                brotli: compressed.remove(&format!("{path}.br")),
                kind: content_type(&path),
                tag: HeaderValue::from_str(&tag).unwrap_or_else(|_| HeaderValue::from_static("W/\"0\"")),
                works: stem.is_some_and(|stem| stem.split('.').next() == Some(ASSIST)),
                immutable: path.strip_prefix(PACKAGE).is_some_and(|name| !name.contains('/')),
                plain: content,
            };
            site.files.insert(path, file);
        }
        site
    }
}

fn read_folder(root: &Path, folder: &Path, files: &mut Vec<(String, Bytes)>) -> std::io::Result<()> {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    entries.sort();
    for path in entries {
        if path.is_dir() {
            read_folder(root, &path, files)?;
        } else if let Some(name) = path.strip_prefix(root).ok().and_then(Path::to_str) {
            files.push((name.replace('\\', "/"), Bytes::from(std::fs::read(&path)?)));
        }
    }
    Ok(())
}

/// The types of what a site holds; anything else is bytes.
fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "ico" => "image/x-icon",
        "jpg" | "jpeg" => "image/jpeg",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// Whether the caller takes brotli: named, and not with a weight of zero.
fn accepts_brotli(headers: &HeaderMap) -> bool {
    headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').any(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            parts.next().is_some_and(|name| name.eq_ignore_ascii_case("br"))
                && !parts
                    .any(|part| part.strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).is_some_and(|q| q <= 0.0))
        })
    })
}

fn has_tag(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let Ok(tag) = tag.to_str() else { return false };
    headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value == "*"
            || value.split(',').any(|given| given.trim().trim_start_matches("W/") == tag.trim_start_matches("W/"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> Site {
        let files = [
            ("pkg/terrace.0a1b.js", "script"),
            ("pkg/terrace.0a1b.js.br", "SMALL"),
            ("pkg/work.0a1b.js", "less script"),
            ("pkg/picture.0a1b.js", "some script"),
            ("pkg/assist.0a1b.js", "worker"),
            ("pkg/snippets/x/inline0.js", "snippet"),
            ("favicon.svg", "<svg/>"),
        ];
        Site::from_files(files.iter().map(|(path, text)| ((*path).to_owned(), Bytes::from_static(text.as_bytes()))))
    }

    fn get(path: &str, fields: &[(header::HeaderName, &str)]) -> Option<Response<Body>> {
        let headers =
            fields.iter().map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap())).collect();
        site().answer(&Method::GET, path, &headers)
    }

    async fn text(answer: Response<Body>) -> String {
        let bytes = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[test]
    fn the_hashed_scripts_name_the_modules() {
        let names = Names {
            whole: "terrace.0a1b".into(),
            work: Some("work.0a1b".into()),
            picture: Some("picture.0a1b".into()),
            assist: Some("assist.0a1b".into()),
        };
        assert_eq!(site().names(), names);
        assert!(site().is_built());
        assert!(!Site::default().is_built());
        assert_eq!(Site::default().names().whole, UNBUILT);
    }

    #[tokio::test]
    async fn a_hashed_file_is_kept_for_ever_and_sent_compressed_to_who_takes_it() {
        let answer = get("/pkg/terrace.0a1b.js", &[(header::ACCEPT_ENCODING, "gzip, br;q=0.9")]).unwrap();
        assert_eq!(answer.headers()[header::CONTENT_ENCODING], "br");
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
        assert_eq!(answer.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert_eq!(answer.headers()[header::VARY], "accept-encoding");
        assert_eq!(text(answer).await, "SMALL");
    }

    #[test]
    fn a_worker_may_load_its_module_and_nothing_else() {
        let policy = |path: &str| get(path, &[]).unwrap().headers().get(header::CONTENT_SECURITY_POLICY).cloned();
        let worker = policy("/pkg/assist.0a1b.js").unwrap();
        let worker = worker.to_str().unwrap();
        assert!(worker.contains("default-src 'none'") && worker.contains("'wasm-unsafe-eval'"), "{worker}");
        assert!(!worker.contains("sandbox"), "{worker}");
        assert_eq!(policy("/pkg/terrace.0a1b.js"), None);
    }

    #[tokio::test]
    async fn who_does_not_take_brotli_gets_the_plain_file() {
        for accepted in ["gzip", "br;q=0, gzip", "identity"] {
            let answer = get("/pkg/terrace.0a1b.js", &[(header::ACCEPT_ENCODING, accepted)]).unwrap();
            assert!(!answer.headers().contains_key(header::CONTENT_ENCODING), "{accepted}");
            assert_eq!(text(answer).await, "script");
        }
    }

    #[test]
    fn an_unhashed_file_is_asked_for_again_and_answered_by_its_tag() {
        for path in ["/favicon.svg", "/pkg/snippets/x/inline0.js"] {
            let first = get(path, &[]).unwrap();
            assert_eq!(first.headers()[header::CACHE_CONTROL], "no-cache");
            let tag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
            let again = get(path, &[(header::IF_NONE_MATCH, &tag)]).unwrap();
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
            let other = get(path, &[(header::IF_NONE_MATCH, "W/\"other\"")]).unwrap();
            assert_eq!(other.status(), StatusCode::OK);
        }
    }

    #[test]
    fn only_reading_and_only_known_files_are_answered() {
        assert!(get("/nothing.js", &[]).is_none());
        assert!(get("/pkg/terrace.0a1b.js.br", &[]).is_none());
        assert!(site().answer(&Method::POST, "/favicon.svg", &HeaderMap::new()).is_none());
        let head = site().answer(&Method::HEAD, "/favicon.svg", &HeaderMap::new()).unwrap();
        assert_eq!(head.headers()[header::CONTENT_LENGTH], "6");
    }
}
