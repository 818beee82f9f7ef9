//! The command `terrace`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use server::site::Site;
use tokio::net::TcpListener;

/// 梯田 Terrace, a data annotation workbench.
#[derive(Debug, Parser)]
#[command(version)]
struct Command {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Serve the site.
    Serve {
        /// Address to listen on.
        #[arg(long, env = "TERRACE_ADDR", default_value = "127.0.0.1:3000")]
        addr: SocketAddr,
        /// Serve the site's files from this folder in place of those in the binary.
        #[arg(long, env = "TERRACE_SITE")]
        site: Option<PathBuf>,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Command { verb: Verb::Serve { addr, site } } = Command::parse();
    let site = match site {
        Some(folder) => Site::folder(&folder)?,
        None => Site::embedded(),
    };
    let listener = TcpListener::bind(addr).await?;
    announce(listener.local_addr()?);
    axum::serve(listener, server::web::router(addr, site)).with_graceful_shutdown(stopped()).await?;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the line that people and scripts wait for")]
fn announce(address: SocketAddr) {
    println!("Listening on http://{address}");
}

/// Resolves when the terminal or the service manager asks the server to end.
async fn stopped() {
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(terminate) => terminate,
        Err(_) => return std::future::pending().await,
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
