//! The settings as a TOML file. A name that is not known is refused, so that a misspelt setting is not silently lost.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::Deserialize;

use super::{LogFormat, Metrics};

/// What `terrace.toml` may say; the names are those of the flags with `_` for `-`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is explained at the flag of the same name")]
pub struct File {
    pub addr: Option<String>,
    pub data: Option<PathBuf>,
    pub database_url: Option<String>,
    pub database_connections: Option<u32>,
    pub database_wait: Option<u32>,
    pub database_statements: Option<u32>,
    pub blob_url: Option<String>,
    pub blob_endpoint: Option<String>,
    pub blob_region: Option<String>,
    pub blob_virtual_host: bool,
    pub blob_signed_seconds: Option<u32>,
    pub blob_access_key: Option<String>,
    pub blob_secret_key: Option<String>,
    pub public_url: Option<String>,
    pub trusted_proxy: Vec<String>,
    pub allow_plain_http: bool,
    pub upload_max: Option<String>,
    pub body_max: Option<String>,
    pub request_timeout: Option<u32>,
    pub connections: Option<u32>,
    pub address_connections: Option<u32>,
    pub requests: Option<u32>,
    pub person_rate: Option<u32>,
    pub address_rate: Option<u32>,
    pub drain: Option<u32>,
    pub slow_query: Option<u32>,
    pub session_minutes: Option<u32>,
    pub hold_minutes: Option<u32>,
    pub metrics: Option<Metrics>,
    pub site: Option<PathBuf>,
    pub log: Option<String>,
    pub trace_url: Option<String>,
    pub trace_percent: Option<u32>,
    pub log_format: Option<LogFormat>,
}

impl File {
    /// Reads the file.
    ///
    /// # Errors
    /// When it cannot be read, or says something that is not understood.
    pub fn read(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path)
            .map_err(|cause| format!("The configuration file {} cannot be read: {cause}.", path.display()))?;
        text.parse().map_err(|cause: String| format!("{}: {cause}", path.display()))
    }
}

impl FromStr for File {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|cause| cause.to_string())
    }
}
