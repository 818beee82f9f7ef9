//! Three nodes behind HAProxy, over a primary and a synchronous standby of PostgreSQL behind another, as `docs/deploy.md`
//! says, with the configurations in `deploy`.

use std::time::Duration;

use anyhow::Context;
use cluster::{Cluster, Durability};

use super::proxy::Proxy;
use super::scene::Plan;
use crate::node::{Node, free_port};

const FRONT: &str = include_str!("../../../../deploy/haproxy.cfg");
const DATABASE: &str = include_str!("../../../../deploy/haproxy-database.cfg");
/// What the standby calls itself.
const STANDBY: &str = "second";

/// All of it; it ends with this value.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) nodes: Vec<Node>,
    base: String,
    _front: Proxy,
    _back: Proxy,
    pub(super) databases: Databases,
    _folder: tempfile::TempDir,
}

/// The two servers of PostgreSQL.
#[derive(Debug)]
pub(super) struct Databases {
    pub(super) primary: Cluster,
    pub(super) standby: Cluster,
}

impl Databases {
    fn start() -> anyhow::Result<Self> {
        let settings =
            ["synchronous_commit=on", "shared_buffers=512MB", "max_wal_size=8GB", "checkpoint_timeout=15min"];
        let primary = Cluster::start(Durability::Full, &settings)?;
        primary.sql("postgres", "CREATE ROLE terrace_check LOGIN")?;
        let standby = primary.standby(STANDBY, &settings)?;
        primary.wait_for(STANDBY)?;
        Ok(Self { primary, standby })
    }
}

impl Site {
    /// Starts all of it, and makes the operator.
    pub(super) async fn start(plan: &Plan) -> anyhow::Result<Self> {
        Self::start_with(plan, |_, _| ()).await
    }

    /// The same, with settings for the first, second and third node.
    pub(super) async fn start_with(plan: &Plan, set: impl Fn(usize, &mut Node)) -> anyhow::Result<Self> {
        let databases = tokio::task::spawn_blocking(Databases::start).await?.context("PostgreSQL")?;
        let folder = match &plan.folder {
            Some(folder) => tempfile::tempdir_in(folder)?,
            None => tempfile::tempdir()?,
        };
        let (front, back) = (free_port()?, free_port()?);
        let socket = |cluster: &Cluster| format!("unix@{}", cluster.socket().display());
        let replaced = [
            ("127.0.0.1:6432", back.clone()),
            ("10.0.0.20:5432", socket(&databases.primary)),
            ("10.0.0.21:5432", socket(&databases.standby)),
        ];
        let back_proxy = Proxy::start(folder.path(), "haproxy-database.cfg", DATABASE, &replaced).await?;
        let mut nodes = Vec::new();
        for n in 1..=3 {
            // Files are in a folder that all of them share.
            let mut node = Node::new(&plan.terrace, folder.path().join("data"))?;
            node.keep_log(&format!("node{n}"));
            node.set("TERRACE_DATABASE_URL", format!("postgres://{}@{back}/postgres", cluster::USER));
            node.set("TERRACE_TRUSTED_PROXY", "127.0.0.1");
            set(n, &mut node);
            nodes.push(node);
        }
        if let Some(first) = nodes.first() {
            first.add_operator().await?;
        }
        for node in &mut nodes {
            node.resume().await?;
        }
        let mut replaced = vec![(":443 ssl crt /etc/haproxy/site.pem alpn h2,http/1.1", front.clone())];
        let listed = ["10.0.0.11:3000", "10.0.0.12:3000", "10.0.0.13:3000"];
        replaced.extend(listed.into_iter().zip(nodes.iter().map(|node| node.addr().to_owned())));
        let front_proxy = Proxy::start(folder.path(), "haproxy.cfg", FRONT, &replaced).await?;
        Ok(Self {
            nodes,
            base: format!("http://{front}"),
            _front: front_proxy,
            _back: back_proxy,
            databases,
            _folder: folder,
        })
    }

    /// Where people reach it.
    pub(super) fn base(&self) -> String {
        self.base.clone()
    }

    /// Restarts a node as an upgrade does: by SIGTERM, and on when the proxy has seen it again.
    pub(super) async fn restart(node: &mut Node) -> anyhow::Result<()> {
        node.stop().await?;
        node.resume().await?;
        tokio::time::sleep(Duration::from_millis(2_500)).await;
        Ok(())
    }

    /// Ends the nodes, and has one audit what they leave.
    pub(super) async fn close(&mut self) -> anyhow::Result<(bool, String)> {
        for node in &mut self.nodes {
            node.stop().await?;
        }
        self.nodes.first().context("no node")?.check().await
    }
}
