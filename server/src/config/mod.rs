//! What can be set, where it comes from, and what is refused. Flags win over `TERRACE_*` variables, those over `terrace.toml`.
//!
//! The only place that reads configuration: everything else is handed a [`Settings`]. A setting that is wrong or that
//! would expose people's passwords stops the start with a sentence that says what to do.

mod bucket;
mod file;
mod flags;
mod network;
mod size;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use engine::{Bucket, Pool};

use crate::connections::Places;
use crate::traces::Collector;

pub use file::File;
pub use flags::Flags;
pub use network::{Network, PublicUrl};
pub use size::Size;

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for machines.
    Json,
}

/// Who may read `/metrics`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Metrics {
    /// Callers on this machine.
    #[default]
    Local,
    /// Anybody who reaches the address.
    Open,
    /// Nobody.
    Off,
}

/// Every setting, read and checked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where to listen.
    pub addr: SocketAddr,
    /// The data folder.
    pub data: PathBuf,
    /// A database outside the data folder.
    pub database_url: Option<String>,
    /// How connections to it are kept.
    pub pool: Pool,
    /// A place for files outside the data folder.
    pub bucket: Option<Bucket>,
    /// How people reach the site.
    pub public_url: Option<PublicUrl>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// The largest import, bytes.
    pub upload_max: u64,
    /// The largest other request, bytes.
    pub body_max: u64,
    /// How long a request other than an upload may take.
    pub request_timeout: Duration,
    /// How many connections there may be.
    pub places: Places,
    /// Requests that are worked at a time.
    pub requests: usize,
    /// Requests of one person a second; 0 is without limit.
    pub person_rate: u32,
    /// Requests from one address a second; 0 is without limit.
    pub address_rate: u32,
    /// How long to serve on, not ready any more, after being asked to end.
    pub drain: Duration,
    /// How long a session lives without a request.
    pub session_idle: Duration,
    /// How long heartbeats keep a claim.
    pub hold: Duration,
    /// Who may read `/metrics`.
    pub metrics: Metrics,
    /// Serve the site's files from here in place of those in the binary.
    pub site: Option<PathBuf>,
    /// What is logged.
    pub log: String,
    /// Where traces go.
    pub traces: Option<Collector>,
    /// How it looks.
    pub log_format: LogFormat,
}

fn pool(
    connections: Option<u32>,
    wait: Option<u32>,
    statements: Option<u32>,
    slow: Option<u32>,
) -> Result<Pool, String> {
    let usual = Pool::default();
    let pool = Pool {
        connections: connections.unwrap_or(usual.connections),
        wait: wait.map_or(usual.wait, |seconds| Duration::from_secs(seconds.into())),
        statements: statements.map_or(usual.statements, |n| usize::try_from(n).unwrap_or(usize::MAX)),
        slow: slow.map_or(usual.slow, |ms| Duration::from_millis(ms.into())),
    };
    if !(2..=1_000).contains(&pool.connections) {
        return Err("`database_connections` must be 2 to 1000: a write and the reads beside it need two.".to_owned());
    }
    if pool.wait.is_zero() {
        return Err("`database_wait` must be at least 1 second.".to_owned());
    }
    if pool.statements == 0 {
        return Err("`database_statements` must be at least 1.".to_owned());
    }
    Ok(pool)
}

fn whole(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// The file read when none is named and it exists.
const FILE: &str = "terrace.toml";

impl Settings {
    /// Puts flags (which already hold the environment), file and defaults together, and checks the whole.
    ///
    /// # Errors
    /// A sentence for the person who starts the server.
    pub fn read(flags: Flags) -> Result<Self, String> {
        let file = match &flags.config {
            Some(path) => File::read(path)?,
            None if std::path::Path::new(FILE).exists() => File::read(std::path::Path::new(FILE))?,
            None => File::default(),
        };
        Self::merge(flags, file)
    }

    /// What flags and file say together.
    ///
    /// # Errors
    /// A sentence for the person who starts the server.
    pub fn merge(flags: Flags, file: File) -> Result<Self, String> {
        let plain_http_is_meant = flags.allow_plain_http || file.allow_plain_http;
        let bucket = bucket::bucket(&flags, &file, plain_http_is_meant)?;
        let public_url = match flags.public_url.or(file.public_url) {
            Some(text) => Some(text.parse::<PublicUrl>()?),
            None => None,
        };
        let proxies = if flags.trusted_proxy.is_empty() { file.trusted_proxy } else { flags.trusted_proxy };
        let trusted_proxies = proxies.iter().map(|text| text.parse::<Network>()).collect::<Result<Vec<_>, _>>()?;
        let proxied = !trusted_proxies.is_empty();
        let settings = Self {
            addr: match (flags.addr, file.addr) {
                (Some(addr), _) => addr,
                (None, Some(text)) => text.parse().map_err(|_unparsed| {
                    format!(
                        "`addr` in the configuration file is `{text}`: give an address with a port, 127.0.0.1:3000."
                    )
                })?,
                (None, None) => SocketAddr::from(([127, 0, 0, 1], 3000)),
            },
            data: flags.data.or(file.data).unwrap_or_else(|| PathBuf::from("data")),
            database_url: flags.database_url.or(file.database_url),
            pool: pool(
                flags.database_connections.or(file.database_connections),
                flags.database_wait.or(file.database_wait),
                flags.database_statements.or(file.database_statements),
                flags.slow_query.or(file.slow_query),
            )?,
            bucket,
            public_url,
            trusted_proxies,
            upload_max: size::pick("upload_max", flags.upload_max, file.upload_max, "64GiB")?,
            body_max: size::pick("body_max", flags.body_max, file.body_max, "4MiB")?,
            request_timeout: Duration::from_secs(u64::from(
                flags.request_timeout.or(file.request_timeout).unwrap_or(60),
            )),
            places: Places {
                all: whole(flags.connections.or(file.connections).unwrap_or(10_000)),
                each: whole(flags.address_connections.or(file.address_connections).unwrap_or(1_000)),
            },
            requests: whole(flags.requests.or(file.requests).unwrap_or(10_000)),
            person_rate: flags.person_rate.or(file.person_rate).unwrap_or(100),
            address_rate: flags.address_rate.or(file.address_rate).unwrap_or(1_000),
            drain: Duration::from_secs(u64::from(flags.drain.or(file.drain).unwrap_or(if proxied { 5 } else { 0 }))),
            session_idle: Duration::from_secs(
                60 * u64::from(flags.session_minutes.or(file.session_minutes).unwrap_or(12 * 60)),
            ),
            hold: Duration::from_secs(60 * u64::from(flags.hold_minutes.or(file.hold_minutes).unwrap_or(8 * 60))),
            metrics: flags.metrics.or(file.metrics).unwrap_or_default(),
            site: flags.site.or(file.site),
            log: flags.log.or(file.log).unwrap_or_else(|| "info,sea_orm_migration=warn".to_owned()),
            traces: Collector::wanted(flags.trace_url.or(file.trace_url), flags.trace_percent.or(file.trace_percent))?,
            log_format: flags.log_format.or(file.log_format).unwrap_or_default(),
        };
        settings.check(plain_http_is_meant)?;
        Ok(settings)
    }

    /// Cookies are sent over TLS only.
    pub fn is_secure(&self) -> bool {
        self.public_url.as_ref().is_some_and(PublicUrl::is_https)
    }

    fn check(&self, plain_http_is_meant: bool) -> Result<(), String> {
        if self.body_max < 64 * 1024 {
            return Err("`body_max` is too small: annotations of a large image need at least 64KiB.".to_owned());
        }
        if self.request_timeout.is_zero() || self.session_idle.is_zero() || self.hold.is_zero() {
            return Err("`request_timeout`, `session_minutes` and `hold_minutes` must be at least 1.".to_owned());
        }
        if self.places.all < 16 || self.places.each == 0 {
            return Err("`connections` must be at least 16, and `address_connections` at least 1.".to_owned());
        }
        if self.drain > Duration::from_secs(600) {
            return Err("`drain` is at most 600 seconds.".to_owned());
        }
        if let Some(url) = &self.database_url
            && !(url.starts_with("postgres://") || url.starts_with("postgresql://"))
        {
            return Err(
                "`database_url` must begin with `postgres://`; leave it out for SQLite in the data folder.".to_owned()
            );
        }
        if self.trusted_proxies.iter().any(Network::is_everybody) {
            return Err(
                "`trusted_proxy` names every address: then anybody could pretend to come from anywhere, and the \
                 limit on guessing passwords would be void. Name the proxy's own address."
                    .to_owned(),
            );
        }
        let exposed = !self.addr.ip().is_loopback();
        if exposed && !self.is_secure() && !plain_http_is_meant {
            return Err(format!(
                "{} can be reached from other machines, and without TLS passwords and sessions could be read on the way. \
                 Put a proxy with TLS in front (set `public_url` to its https address and `trusted_proxy` to its own), \
                 listen on 127.0.0.1, or, in a closed network, say `--allow-plain-http`.",
                self.addr
            ));
        }
        if exposed && self.is_secure() && self.trusted_proxies.is_empty() {
            return Err(format!(
                "`public_url` is https, so a proxy stands in front of {}, but `trusted_proxy` is empty: every caller would \
                 count as the proxy, and one person's wrong passwords would lock everybody out. Name the proxy's address.",
                self.addr
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(toml: &str) -> Result<Settings, String> {
        Settings::merge(Flags::default(), toml.parse::<File>()?)
    }

    #[test]
    fn defaults_are_safe_and_local() {
        let settings = settings("").unwrap();
        assert_eq!(settings.addr.to_string(), "127.0.0.1:3000");
        assert!(!settings.is_secure());
        assert_eq!(settings.session_idle, Duration::from_secs(12 * 3600));
        assert_eq!(settings.body_max, 4 << 20);
        assert_eq!(settings.hold, engine::Limits::default().hold);
    }

    #[test]
    fn flags_win_over_the_file() {
        let flags = Flags { addr: Some("127.0.0.1:4000".parse().unwrap()), ..Flags::default() };
        let file = "addr = \"127.0.0.1:5000\"\ndata = \"elsewhere\"".parse::<File>().unwrap();
        let settings = Settings::merge(flags, file).unwrap();
        assert_eq!(settings.addr.port(), 4000);
        assert_eq!(settings.data, PathBuf::from("elsewhere"));
    }

    #[test]
    fn what_is_dangerous_or_wrong_is_refused_with_a_sentence() {
        for (toml, word) in [
            ("addr = \"0.0.0.0:3000\"", "TLS"),
            ("addr = \"[::]:3000\"\npublic_url = \"http://label.example\"", "TLS"),
            ("addr = \"0.0.0.0:3000\"\npublic_url = \"https://label.example\"", "trusted_proxy"),
            ("trusted_proxy = [\"0.0.0.0/0\"]", "every address"),
            ("trusted_proxy = [\"10.0.0.0/40\"]", "10.0.0.0/40"),
            ("public_url = \"label.example\"", "label.example"),
            ("public_url = \"https://label.example/terrace\"", "path"),
            ("addr = \"localhost\"", "addr"),
            ("body_max = \"1KiB\"", "body_max"),
            ("upload_max = \"many\"", "upload_max"),
            ("database_url = \"mysql://x\"", "database_url"),
            ("database_connections = 1", "database_connections"),
            ("database_wait = 0", "database_wait"),
            ("database_statements = 0", "database_statements"),
            ("blob_url = \"https://bucket\"", "blob_url"),
            ("blob_endpoint = \"https://s3.example\"", "blob_url"),
            ("blob_url = \"s3://b\"\nblob_access_key = \"k\"", "blob_secret_key"),
            ("blob_url = \"s3://b\"\nblob_endpoint = \"http://s3.example\"", "TLS"),
            ("blob_url = \"s3://b\"\nblob_endpoint = \"s3.example\"", "blob_endpoint"),
            ("blob_signed_seconds = 60", "blob_url"),
            ("blob_url = \"s3://b\"\nblob_signed_seconds = 5", "blob_signed_seconds"),
            ("connections = 1", "connections"),
            ("address_connections = 0", "address_connections"),
            ("drain = 100000", "drain"),
            ("adr = \"127.0.0.1:3000\"", "adr"),
            ("request_timeout = 0", "request_timeout"),
            ("hold_minutes = 0", "hold_minutes"),
            ("trace_url = \"collector:4318\"", "trace_url"),
            ("trace_percent = 101", "trace_percent"),
        ] {
            let refused = settings(toml).unwrap_err();
            assert!(refused.contains(word), "{toml}: {refused}");
        }
    }

    #[test]
    fn a_closed_network_and_a_proxy_with_tls_are_open() {
        let proxied = "addr = \"0.0.0.0:3000\"\npublic_url = \"https://label.example\"\ntrusted_proxy = [\"10.0.0.2\"]";
        assert!(settings(proxied).unwrap().is_secure());
        assert!(settings("addr = \"0.0.0.0:3000\"\nallow_plain_http = true").is_ok());
    }
}
