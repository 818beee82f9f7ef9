//! The settings of the object store.

use std::time::Duration;

use engine::Bucket;

use super::{File, Flags};

/// The bucket that flags and file name together, if they do.
pub(super) fn bucket(flags: &Flags, file: &File, plain_http_is_meant: bool) -> Result<Option<Bucket>, String> {
    let either = |flag: &Option<String>, file: &Option<String>| flag.clone().or_else(|| file.clone());
    let endpoint = either(&flags.blob_endpoint, &file.blob_endpoint);
    let access_key = either(&flags.blob_access_key, &file.blob_access_key);
    let secret_key = either(&flags.blob_secret_key, &file.blob_secret_key);
    let signed = flags.blob_signed_seconds.or(file.blob_signed_seconds).unwrap_or_default();
    if signed != 0 && !(10..=86_400).contains(&signed) {
        return Err("`blob_signed_seconds` is 10 to 86400 (a day), or 0 for none: who loses a right keeps an address that long."
            .to_owned());
    }
    let Some(url) = either(&flags.blob_url, &file.blob_url) else {
        if endpoint.is_some() || access_key.is_some() || secret_key.is_some() || signed != 0 {
            return Err("`blob_endpoint`, `blob_signed_seconds` and the keys are of no use without `blob_url`: name the bucket, s3://bucket."
                .to_owned());
        }
        return Ok(None);
    };
    let name = url.strip_prefix("s3://").unwrap_or_default().split('/').next().unwrap_or_default();
    if name.is_empty() || url.contains(['?', '#', '@', ' ']) {
        return Err(format!(
            "`blob_url` is `{url}`: give s3://bucket or s3://bucket/folder; where the store is says `blob_endpoint`."
        ));
    }
    if access_key.is_some() != secret_key.is_some() {
        return Err(
            "`blob_access_key` and `blob_secret_key` go together: give both, or neither for the machine's role."
                .to_owned(),
        );
    }
    if let Some(endpoint) = &endpoint {
        let (scheme, host) = endpoint.split_once("://").unwrap_or_default();
        if !matches!(scheme, "http" | "https")
            || host.trim_end_matches('/').is_empty()
            || host.trim_end_matches('/').contains('/')
        {
            return Err(format!("`blob_endpoint` is `{endpoint}`: give scheme and host, such as https://s3.example."));
        }
        let is_here = ["127.", "localhost", "[::1]"].iter().any(|here| host.starts_with(here));
        if scheme == "http" && !is_here && !plain_http_is_meant {
            return Err(format!(
                "`blob_endpoint` is `{endpoint}`, without TLS: images could be read and changed on the way. Use https, or, in a \
                 closed network, say `--allow-plain-http`."
            ));
        }
    }
    Ok(Some(Bucket {
        url: url.trim_end_matches('/').to_owned(),
        endpoint,
        region: either(&flags.blob_region, &file.blob_region),
        virtual_host: flags.blob_virtual_host || file.blob_virtual_host,
        signed: (signed != 0).then(|| Duration::from_secs(signed.into())),
        access_key,
        secret_key,
    }))
}
