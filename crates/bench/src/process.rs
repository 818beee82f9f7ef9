//! A server of the bench's own: the real binary over a data folder that goes with it.

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::database::Database;
use crate::node::Node;
pub(crate) use crate::node::OPERATOR;

/// A node with its folder and its database.
#[derive(Debug)]
pub(crate) struct Process {
    node: Node,
    /// The database server, where it is not the server's own file.
    cluster: Option<cluster::Cluster>,
    // Goes last.
    folder: tempfile::TempDir,
}

impl Process {
    /// Makes the folder and the operator, and starts the server.
    pub(crate) async fn start(binary: &Path, folder: Option<&Path>, database: Database) -> anyhow::Result<Self> {
        let mut process = Self::prepare(binary, folder, database).await?;
        process.resume().await?;
        Ok(process)
    }

    /// Makes the folder and the operator; the server does not run yet.
    pub(crate) async fn prepare(binary: &Path, folder: Option<&Path>, database: Database) -> anyhow::Result<Self> {
        let process = Self::bare(binary, folder, database).await?;
        process.node.add_operator().await?;
        Ok(process)
    }

    /// Makes the folder, and nothing in it.
    pub(crate) async fn bare(binary: &Path, folder: Option<&Path>, database: Database) -> anyhow::Result<Self> {
        let cluster = database.start().await?;
        let folder = match folder {
            Some(folder) => tempfile::tempdir_in(folder)?,
            None => tempfile::tempdir()?,
        };
        let mut node = Node::new(binary, folder.path().join("data"))?;
        // Thousands of people come from one address here.
        node.set("TERRACE_CONNECTIONS", "15000");
        node.set("TERRACE_ADDRESS_CONNECTIONS", "15000");
        if let Some(cluster) = &cluster {
            node.set("TERRACE_DATABASE_URL", cluster.url("postgres"));
        }
        Ok(Self { node, cluster, folder })
    }

    /// An engine over the same folder and database, for filling them while the server does not run.
    pub(crate) async fn engine(&self) -> anyhow::Result<engine::Engine> {
        let mut config = engine::Config::new(self.data());
        config.database_url = self.cluster.as_ref().map(|cluster| cluster.url("postgres"));
        engine::Engine::open(config).await.map_err(|error| anyhow::anyhow!("the engine does not open: {error:?}"))
    }

    /// The server itself.
    pub(crate) fn node(&mut self) -> &mut Node {
        &mut self.node
    }

    /// The folder around the data folder; it goes with this value.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The server's data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.node.data().to_owned()
    }

    /// The database server, where it is not the server's own file.
    pub(crate) fn cluster(&self) -> Option<&cluster::Cluster> {
        self.cluster.as_ref()
    }

    /// Does something to the database server that takes its time, on a thread of its own.
    pub(crate) async fn with_cluster(
        &mut self,
        deed: impl FnOnce(&mut cluster::Cluster) -> anyhow::Result<()> + Send + 'static,
    ) -> anyhow::Result<()> {
        let mut cluster = self.cluster.take().context("there is no database server")?;
        let (cluster, done) = tokio::task::spawn_blocking(move || {
            let done = deed(&mut cluster);
            (cluster, done)
        })
        .await?;
        self.cluster = Some(cluster);
        done
    }

    /// The server's process.
    pub(crate) fn id(&self) -> Option<u32> {
        self.node.id()
    }

    /// Where it listens.
    pub(crate) fn addr(&self) -> anyhow::Result<std::net::SocketAddr> {
        Ok(self.node.addr().parse()?)
    }

    /// Where the server is.
    pub(crate) fn base(&self) -> String {
        self.node.base()
    }

    /// Starts the server and waits until it answers.
    pub(crate) async fn resume(&mut self) -> anyhow::Result<()> {
        self.node.resume().await
    }

    /// Ends the server as a power cut would: without a word.
    pub(crate) async fn kill(&mut self) -> anyhow::Result<()> {
        self.node.kill().await
    }

    /// Asks the server to end, and waits for it.
    pub(crate) async fn stop(&mut self) -> anyhow::Result<()> {
        self.node.stop().await
    }

    /// The server's own audit: whether it found no breach, and what it said.
    pub(crate) async fn check(&self) -> anyhow::Result<(bool, String)> {
        self.node.check().await
    }
}
