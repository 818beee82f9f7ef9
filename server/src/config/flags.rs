//! The settings as flags and `TERRACE_*` variables. Says what each one means; checks nothing.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::{LogFormat, Metrics};

/// Settings that every command takes. A flag wins over its variable, both win over the configuration file.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Settings (flag, environment, or the same name in terrace.toml)")]
pub struct Flags {
    /// Read settings from this file [default: terrace.toml in the current folder, where there is one].
    #[arg(long, env = "TERRACE_CONFIG", global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Listen on this address [default: 127.0.0.1:3000].
    #[arg(long, env = "TERRACE_ADDR", global = true, value_name = "IP:PORT")]
    pub addr: Option<SocketAddr>,

    /// Keep the database and the uploaded files in this folder [default: ./data].
    #[arg(long, env = "TERRACE_DATA", global = true, value_name = "FOLDER")]
    pub data: Option<PathBuf>,

    /// Use this PostgreSQL database (postgres://…) in place of SQLite in the data folder.
    #[arg(long, env = "TERRACE_DATABASE_URL", global = true, value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,

    /// Connections to PostgreSQL that this process keeps at most [default: 24]; those of all processes together must be
    /// fewer than the server's max_connections.
    #[arg(long, env = "TERRACE_DATABASE_CONNECTIONS", global = true, value_name = "NUMBER")]
    pub database_connections: Option<u32>,

    /// Tell a caller that the system is busy when no connection to PostgreSQL was free for so many seconds [default: 10].
    #[arg(long, env = "TERRACE_DATABASE_WAIT", global = true, value_name = "SECONDS")]
    pub database_wait: Option<u32>,

    /// Prepared statements that each connection to PostgreSQL keeps [default: 256]. Behind PgBouncer in transaction mode
    /// (1.21 or newer) its max_prepared_statements must be at least this; an older one works in session mode only.
    #[arg(long, env = "TERRACE_DATABASE_STATEMENTS", global = true, value_name = "NUMBER")]
    pub database_statements: Option<u32>,

    /// Keep images, uploads and exports in this bucket of an S3-compatible store (s3://bucket or s3://bucket/folder) in
    /// place of the data folder; all nodes need the same.
    #[arg(long, env = "TERRACE_BLOB_URL", global = true, value_name = "URL")]
    pub blob_url: Option<String>,

    /// Where that store is, unless it is Amazon's: https://s3.example.
    #[arg(long, env = "TERRACE_BLOB_ENDPOINT", global = true, value_name = "URL")]
    pub blob_endpoint: Option<String>,

    /// Its region [default: us-east-1].
    #[arg(long, env = "TERRACE_BLOB_REGION", global = true, value_name = "NAME")]
    pub blob_region: Option<String>,

    /// Put the bucket's name into the host's name, as some stores insist (https://bucket.s3.example).
    #[arg(long, env = "TERRACE_BLOB_VIRTUAL_HOST", global = true)]
    pub blob_virtual_host: bool,

    /// Send whoever may see an image to an address in that store that holds good for so many seconds, in place of sending the
    /// image [default: 0, never]. Browsers have to reach the store, and its bucket has to allow the site's origin (CORS).
    #[arg(long, env = "TERRACE_BLOB_SIGNED_SECONDS", global = true, value_name = "SECONDS")]
    pub blob_signed_seconds: Option<u32>,

    /// The id of the key to that store; without one the role of the machine is asked for.
    #[arg(long, env = "TERRACE_BLOB_ACCESS_KEY", global = true, value_name = "ID", hide_env_values = true)]
    pub blob_access_key: Option<String>,

    /// The key itself: rather in the environment or the file, since others on the machine see flags.
    #[arg(long, env = "TERRACE_BLOB_SECRET_KEY", global = true, value_name = "KEY", hide_env_values = true)]
    pub blob_secret_key: Option<String>,

    /// How people reach the site, such as https://label.example. With https, cookies are sent over TLS only.
    #[arg(long, env = "TERRACE_PUBLIC_URL", global = true, value_name = "URL")]
    pub public_url: Option<String>,

    /// Believe X-Forwarded-For of this proxy: an address or a network such as 10.0.0.0/24; may be given more than once.
    #[arg(long, env = "TERRACE_TRUSTED_PROXY", global = true, value_name = "NETWORK", value_delimiter = ',')]
    pub trusted_proxy: Vec<String>,

    /// Listen beyond this machine without TLS: only for a closed network, passwords can be read on the way.
    #[arg(long, env = "TERRACE_ALLOW_PLAIN_HTTP", global = true)]
    pub allow_plain_http: bool,

    /// The largest file that can be imported [default: 64GiB].
    #[arg(long, env = "TERRACE_UPLOAD_MAX", global = true, value_name = "SIZE")]
    pub upload_max: Option<String>,

    /// The largest request of any other kind [default: 4MiB].
    #[arg(long, env = "TERRACE_BODY_MAX", global = true, value_name = "SIZE")]
    pub body_max: Option<String>,

    /// Give up on a request other than an upload after so many seconds [default: 60].
    #[arg(long, env = "TERRACE_REQUEST_TIMEOUT", global = true, value_name = "SECONDS")]
    pub request_timeout: Option<u32>,

    /// Connections that are served at a time [default: 10000]; never more than the limit on open files allows.
    #[arg(long, env = "TERRACE_CONNECTIONS", global = true, value_name = "NUMBER")]
    pub connections: Option<u32>,

    /// Connections from one address at a time; a trusted proxy's are not counted [default: 1000].
    #[arg(long, env = "TERRACE_ADDRESS_CONNECTIONS", global = true, value_name = "NUMBER")]
    pub address_connections: Option<u32>,

    /// Requests that are worked at a time [default: 10000]; who comes on top of them is told to try again.
    #[arg(long, env = "TERRACE_REQUESTS", global = true, value_name = "NUMBER")]
    pub requests: Option<u32>,

    /// Requests of one person a second, on each node, five seconds' worth at once [default: 100; 0: no limit].
    #[arg(long, env = "TERRACE_PERSON_RATE", global = true, value_name = "NUMBER")]
    pub person_rate: Option<u32>,

    /// Requests from one address a second, likewise: many people of a firm may share one [default: 1000; 0: no limit].
    #[arg(long, env = "TERRACE_ADDRESS_RATE", global = true, value_name = "NUMBER")]
    pub address_rate: Option<u32>,

    /// When asked to end, go on serving for so many seconds while /readyz says no, so that a proxy stops sending
    /// [default: 5 behind a trusted proxy, else 0].
    #[arg(long, env = "TERRACE_DRAIN", global = true, value_name = "SECONDS")]
    pub drain: Option<u32>,

    /// Log statements that take the database longer than so many milliseconds [default: 500; 0: none].
    #[arg(long, env = "TERRACE_SLOW_QUERY", global = true, value_name = "MILLISECONDS")]
    pub slow_query: Option<u32>,

    /// Sign people out after so many minutes without a request [default: 720].
    #[arg(long, env = "TERRACE_SESSION_MINUTES", global = true, value_name = "MINUTES")]
    pub session_minutes: Option<u32>,

    /// Heartbeats keep a claim for at most so many minutes after it was taken, never less than the project's own time for an
    /// item; then others get it [default: 480].
    #[arg(long, env = "TERRACE_HOLD_MINUTES", global = true, value_name = "MINUTES")]
    pub hold_minutes: Option<u32>,

    /// Who may read /metrics [default: local].
    #[arg(long, env = "TERRACE_METRICS", global = true)]
    pub metrics: Option<Metrics>,

    /// Serve the site's files from this folder in place of those in the binary.
    #[arg(long, env = "TERRACE_SITE", global = true, value_name = "FOLDER")]
    pub site: Option<PathBuf>,

    /// What to log, as for the tracing crate's filter: info, or warn,server=debug [default: info].
    #[arg(long, env = "TERRACE_LOG", global = true, value_name = "FILTER")]
    pub log: Option<String>,

    /// Send traces to this collector (OTLP over HTTP), such as http://127.0.0.1:4318 [default: nowhere].
    #[arg(long, env = "TERRACE_TRACE_URL", global = true, value_name = "URL")]
    pub trace_url: Option<String>,

    /// Of so many of a hundred requests, where the proxy has not decided it [default: 100].
    #[arg(long, env = "TERRACE_TRACE_PERCENT", global = true, value_name = "NUMBER")]
    pub trace_percent: Option<u32>,

    /// How log lines look [default: text].
    #[arg(long, env = "TERRACE_LOG_FORMAT", global = true)]
    pub log_format: Option<LogFormat>,
}
