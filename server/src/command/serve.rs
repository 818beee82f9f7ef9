//! `terrace serve` and `terrace demo`.

use std::future::Future;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::net::TcpListener;

use super::{open, say};
use crate::config::Settings;
use crate::connections;
use crate::router;
use crate::site::Site;
use crate::state::Server;

/// How often expired sessions are removed.
const SWEEP: Duration = Duration::from_secs(600);

pub(super) async fn serve(settings: Settings) -> Result<(), String> {
    let engine = open(&settings).await?;
    start(settings, engine).await
}

pub(super) async fn demo(settings: Settings) -> Result<(), String> {
    let engine = open(&settings).await?;
    let accounts = engine::demo::make(&engine).await.map_err(super::sentence)?;
    if accounts.is_empty() {
        say(format!("{} is already filled: its accounts are as they were.", settings.data.display()));
    } else {
        say("账号 Sign-ins:");
        for account in &accounts {
            say(format!(
                "  {:<12} {:<16} {} · {}",
                account.username, account.password, account.role.zh, account.role.en
            ));
        }
    }
    start(settings, engine).await
}

async fn start(settings: Settings, engine: engine::Engine) -> Result<(), String> {
    let site = match &settings.site {
        Some(folder) => Site::folder(folder)
            .map_err(|cause| format!("The site in {} cannot be read: {cause}.", folder.display()))?,
        None => Site::embedded(),
    };
    let addr = settings.addr;
    let listener = TcpListener::bind(addr).await.map_err(|cause| format!("Cannot listen on {addr}: {cause}."))?;
    let local = listener.local_addr().map_err(|cause| format!("Cannot listen on {addr}: {cause}."))?;
    say(format!("Listening on http://{local}"));
    let server = Server::new(engine, settings);
    listen(listener, &server, site, stopped()).await.map_err(|cause| format!("The server ended: {cause}."))
}

/// Serves on this listener until `stop` resolves, then lets requests and writes under way end.
///
/// # Errors
/// When the listener fails.
pub async fn listen(
    listener: TcpListener,
    server: &Server,
    site: Site,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let engine = server.engine.clone();
    let jobs = engine::job::run(&engine);
    let sweeper = tokio::spawn(sweep(engine.clone()));
    let (draining, drain) = (server.draining.clone(), server.settings.drain);
    let stop = async move {
        stop.await;
        // A proxy learns first, while what it still sends is answered.
        draining.store(true, Ordering::SeqCst);
        tracing::info!(seconds = drain.as_secs(), "asked to end");
        tokio::time::sleep(drain).await;
    };
    let places = server.settings.places.within_system();
    let trusted = server.settings.trusted_proxies.clone();
    let router = router::router(server, site);
    let end = connections::serve(listener, router, (server.open.clone(), places, &trusted), stop).await;
    sweeper.abort();
    jobs.abort();
    engine::job::let_go(&engine).await;
    engine.close().await;
    end
}

async fn sweep(engine: engine::Engine) {
    loop {
        if let Err(error) = engine::account::session::delete_expired(&engine).await {
            let _logged = error.told();
        }
        tokio::time::sleep(SWEEP).await;
    }
}

/// Resolves when the terminal or the service manager asks the server to end.
async fn stopped() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
