//! A bucket of an S3-compatible store that all nodes share.
//!
//! An object gets its name when it is whole, and is never changed afterwards but for exports, which are made anew. A store
//! that does not answer is an outage, not a fault: callers are told to try again, and jobs wait without losing a try.

use super::store::StoredFile;
use crate::Bucket;
use crate::error::{Error, Result};
use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path as Key;
use object_store::signer::{Method, SignedUrlOptions, Signer};
use object_store::{ClientOptions, GetOptions, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig, WriteMultipart};
use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::fs::{self, File};
use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Larger files go in parts of this size. S3 takes ten thousand of them: 160 GiB.
const PART: usize = 16 << 20;
/// Parts under way at a time.
const PARTS: usize = 2;
/// How long to wait for a connection.
const CONNECT: Duration = Duration::from_secs(4);
/// How long an answer may stand still.
const STILL: Duration = Duration::from_secs(20);
/// How long a request is repeated before the store counts as away.
const RETRY: Duration = Duration::from_secs(12);
/// Sizes that are remembered; one more, and it begins anew.
const KNOWN: usize = 200_000;

/// An open bucket; a cheap clone.
#[derive(Debug, Clone)]
pub(crate) struct Remote {
    bucket: Arc<AmazonS3>,
    /// For how long addresses in the store hold good, where they are given away, and the origin of all of them.
    signed: Option<(Duration, String)>,
    prefix: String,
    said: String,
    /// Sizes of images and of renditions that there are not. Both are named by content and final by the time that a row
    /// names them, so that what was seen stays right, whichever node stored it.
    known: Arc<Mutex<HashMap<String, Option<u64>>>>,
}

/// A file in the bucket, to be read.
#[derive(Debug, Clone)]
pub struct RemoteFile {
    remote: Remote,
    key: String,
    /// Its length.
    pub bytes: u64,
}

impl Remote {
    pub(super) fn open(wanted: &Bucket) -> Result<Self> {
        let wrong = |why: String| Error::Broken(anyhow::anyhow!("the object store: {why}"));
        let path = wanted.url.strip_prefix("s3://").ok_or_else(|| wrong("its address begins with s3://".to_owned()))?;
        let (name, prefix) = path.split_once('/').unwrap_or((path, ""));
        let client = ClientOptions::new()
            .with_connect_timeout(CONNECT)
            // A photograph of hundreds of megabytes over a slow line takes its time; standing still is what counts.
            .with_timeout_disabled()
            .with_read_timeout(STILL)
            .with_allow_http(wanted.endpoint.as_deref().is_some_and(|endpoint| endpoint.starts_with("http://")));
        let retry = RetryConfig { max_retries: 5, retry_timeout: RETRY, ..RetryConfig::default() };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(name)
            .with_region(wanted.region.as_deref().unwrap_or("us-east-1"))
            .with_virtual_hosted_style_request(wanted.virtual_host)
            .with_client_options(client)
            .with_retry(retry);
        if wanted.endpoint.is_some() {
            builder = builder.with_endpoint(origin(wanted, name));
        }
        if let (Some(id), Some(secret)) = (&wanted.access_key, &wanted.secret_key) {
            builder = builder.with_access_key_id(id).with_secret_access_key(secret);
        }
        let bucket = builder.build().map_err(|error| wrong(error.to_string()))?;
        let prefix = prefix.trim_matches('/').to_owned();
        let signed = wanted.signed.map(|life| (life, origin(wanted, name)));
        Ok(Self { bucket: Arc::new(bucket), signed, prefix, said: wanted.to_string(), known: Arc::default() })
    }

    /// Where browsers are sent to for images, if they are.
    pub(crate) fn origin(&self) -> Option<&str> {
        self.signed.as_ref().map(|(_, origin)| origin.as_str())
    }

    /// What it is, for people.
    pub(super) fn said(&self) -> &str {
        &self.said
    }

    fn key(&self, name: &str) -> Key {
        if self.prefix.is_empty() { Key::from(name) } else { Key::from(format!("{}/{name}", self.prefix)) }
    }

    /// A file of this name and length, without asking whether it is there.
    pub(crate) fn file(&self, name: &str, bytes: u64) -> RemoteFile {
        RemoteFile { remote: self.clone(), key: name.to_owned(), bytes }
    }

    /// The same as any file.
    pub(crate) fn stored(&self, name: &str, bytes: u64) -> StoredFile {
        StoredFile::Remote(self.file(name, bytes))
    }

    /// The length of an image or rendition, if it is there.
    pub(super) async fn size(&self, name: &str) -> Result<Option<u64>> {
        if let Some(known) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(name) {
            return Ok(*known);
        }
        let size = match self.bucket.head(&self.key(name)).await {
            Ok(found) => Some(found.size),
            Err(object_store::Error::NotFound { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        let is_rendition = name.rsplit('/').next().is_some_and(|name| name.contains('.'));
        if size.is_some() || is_rendition {
            self.remember(name, size);
        }
        Ok(size)
    }

    fn remember(&self, name: &str, size: Option<u64>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KNOWN {
            known.clear();
        }
        known.insert(name.to_owned(), size);
    }

    pub(super) fn forget(&self, name: &str) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }

    /// A small object, if it is there.
    pub(crate) async fn read(&self, name: &str) -> Result<Option<Vec<u8>>> {
        match self.bucket.get(&self.key(name)).await {
            Ok(found) => Ok(Some(found.bytes().await?.to_vec())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes a small object.
    pub(crate) async fn write(&self, name: &str, bytes: Vec<u8>) -> Result<()> {
        self.bucket.put(&self.key(name), PutPayload::from(bytes)).await?;
        Ok(())
    }

    /// Brings a file there, in parts where it is large. It has its name when all of it is there.
    pub(crate) async fn push(&self, path: &Path, name: &str) -> Result<()> {
        self.forget(name);
        let mut file = File::open(path).await?;
        let bytes = usize::try_from(file.metadata().await?.len()).unwrap_or(usize::MAX);
        if bytes <= PART {
            let mut whole = Vec::with_capacity(bytes);
            file.read_to_end(&mut whole).await?;
            return self.write(name, whole).await;
        }
        let mut upload = WriteMultipart::new_with_chunk_size(self.bucket.put_multipart(&self.key(name)).await?, PART);
        let sent = async {
            loop {
                let mut piece = Vec::with_capacity(1 << 20);
                if (&mut file).take(1 << 20).read_to_end(&mut piece).await? == 0 {
                    return Ok::<(), Error>(());
                }
                upload.wait_for_capacity(PARTS).await?;
                upload.put(Bytes::from(piece));
            }
        };
        match sent.await {
            Ok(()) => {
                upload.finish().await?;
                Ok(())
            }
            Err(error) => {
                if let Err(error) = upload.abort().await {
                    tracing::warn!(%error, "parts of a broken-off upload were left in the object store");
                }
                Err(error)
            }
        }
    }

    /// Brings an object here. The file has its name when all of it is there.
    pub(crate) async fn pull(&self, name: &str, path: &Path) -> Result<()> {
        let mut partial = path.as_os_str().to_owned();
        partial.push(format!(".{}", uuid::Uuid::now_v7().simple()));
        let found = self.bucket.get(&self.key(name)).await?;
        let copied = async {
            let mut file = File::create(&partial).await?;
            let mut pieces = found.into_stream();
            while let Some(piece) = pieces.try_next().await? {
                file.write_all(&piece).await?;
            }
            file.flush().await?;
            fs::rename(&partial, path).await?;
            Ok(())
        };
        let copied: Result<()> = copied.await;
        if copied.is_err() {
            // What is left of it is worth nothing.
            let _ = fs::remove_file(&partial).await;
        }
        copied
    }

    /// Removes objects; those that are not there are no fault.
    pub(crate) async fn remove(&self, names: Vec<String>) -> Result<()> {
        for name in names {
            match self.bucket.delete(&self.key(&name)).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// The names directly below this one, without it.
    pub(crate) async fn folders(&self, name: &str) -> Result<Vec<String>> {
        let found = self.bucket.list_with_delimiter(Some(&self.key(name))).await?;
        let last = |key: Key| key.filename().map(str::to_owned);
        Ok(found.common_prefixes.into_iter().filter_map(last).collect())
    }

    /// Removes everything below this name.
    pub(crate) async fn remove_folder(&self, name: &str) -> Result<()> {
        let mut found = self.bucket.list(Some(&self.key(name)));
        while let Some(object) = found.try_next().await? {
            match self.bucket.delete(&object.location).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// Scheme and host of every address in the store.
fn origin(wanted: &Bucket, name: &str) -> String {
    let amazon = || format!("https://s3.{}.amazonaws.com", wanted.region.as_deref().unwrap_or("us-east-1"));
    let endpoint = wanted.endpoint.clone().unwrap_or_else(amazon);
    let endpoint = endpoint.trim_end_matches('/');
    match endpoint.split_once("://") {
        Some((scheme, host)) if wanted.virtual_host => format!("{scheme}://{name}.{host}"),
        _ => endpoint.to_owned(),
    }
}

/// An address in the store from which anybody gets a file, for a short while.
#[derive(Debug, Clone)]
pub struct Signed {
    /// The address.
    pub url: String,
    /// How long it holds good.
    pub life: Duration,
}

impl RemoteFile {
    /// An address from which whoever is given it gets the file, with these headers (`content-type`, `cache-control`), if the
    /// settings want that. The store is not asked for it.
    pub async fn signed(&self, headers: &[(&str, &str)]) -> Result<Option<Signed>> {
        let Some((life, _)) = &self.remote.signed else { return Ok(None) };
        let said = headers.iter().map(|(name, value)| (format!("response-{name}"), (*value).to_owned()));
        let (key, options) = (self.remote.key(&self.key), SignedUrlOptions::new().with_query(said));
        let url = self.remote.bucket.signed_url_opts(Method::GET, &key, *life, &options).await?;
        Ok(Some(Signed { url: url.into(), life: *life }))
    }

    /// A part of it, as it comes.
    pub async fn stream(&self, range: Range<u64>) -> Result<BoxStream<'static, std::io::Result<Bytes>>> {
        if range.is_empty() {
            return Ok(futures::stream::empty().boxed());
        }
        let wanted = GetOptions { range: Some(range.into()), ..GetOptions::default() };
        let found = self.remote.bucket.get_opts(&self.remote.key(&self.key), wanted).await?;
        Ok(found.into_stream().map_err(std::io::Error::other).boxed())
    }

    pub(super) async fn read_all(&self) -> Result<Vec<u8>> {
        let found = self.remote.bucket.get(&self.remote.key(&self.key)).await?;
        Ok(found.bytes().await?.to_vec())
    }

    pub(super) async fn copy_into(&self, out: &mut (impl AsyncWrite + Unpin)) -> Result<()> {
        let mut pieces = self.remote.bucket.get(&self.remote.key(&self.key)).await?.into_stream();
        while let Some(piece) = pieces.try_next().await? {
            out.write_all(&piece).await?;
        }
        out.flush().await?;
        Ok(())
    }
}

impl From<object_store::Error> for Error {
    fn from(cause: object_store::Error) -> Self {
        match cause {
            // It was asked again and again and gave no answer, or none that says anything.
            object_store::Error::Generic { .. } => {
                tracing::warn!(%cause, "the object store cannot be reached");
                Error::Refused(domain::Error::Unavailable)
            }
            cause => Error::Broken(anyhow::Error::new(cause).context("object store")),
        }
    }
}
