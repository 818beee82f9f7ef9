//! A line between people and a server that can be slow, stand still, and break.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// How the line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Weather {
    /// Each piece waits for so long, and up to as long again.
    pub(super) delay: Duration,
    /// Nothing passes, and nobody is told.
    pub(super) still: bool,
    /// Nobody gets through.
    pub(super) closed: bool,
}

/// The line; it is gone with this value.
#[derive(Debug)]
pub(super) struct Line {
    address: SocketAddr,
    weather: watch::Sender<Weather>,
    /// Each new number breaks what is open.
    breaks: watch::Sender<u64>,
    broken: Arc<AtomicU64>,
    task: tokio::task::JoinHandle<()>,
}

impl Line {
    /// Lays one to this server.
    pub(super) async fn lay(server: SocketAddr) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (weather, (breaks, broken)) =
            (watch::Sender::new(Weather::default()), (watch::Sender::new(0), Arc::default()));
        let (seen, cut, counted) = (weather.subscribe(), breaks.subscribe(), Arc::clone(&broken));
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if !seen.borrow().closed {
                    tokio::spawn(carry(client, server, seen.clone(), cut.clone(), Arc::clone(&counted)));
                }
            }
        });
        Ok(Self { address, weather, breaks, broken, task })
    }

    /// Where it begins.
    pub(super) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Lets the weather change.
    pub(super) fn set(&self, weather: Weather) {
        self.weather.send_replace(weather);
    }

    /// Breaks what is open.
    pub(super) fn cut(&self) {
        self.breaks.send_modify(|n| *n += 1);
    }

    /// Connections that were broken so far.
    pub(super) fn broken(&self) -> u64 {
        self.broken.load(Ordering::Relaxed)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.task.abort();
        self.cut();
    }
}

async fn carry(
    client: TcpStream,
    server: SocketAddr,
    weather: watch::Receiver<Weather>,
    mut cut: watch::Receiver<u64>,
    broken: Arc<AtomicU64>,
) {
    cut.mark_unchanged();
    let Ok(server) = TcpStream::connect(server).await else { return };
    // Pieces are to arrive as they are sent: waiting is this line's own business.
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    tokio::select! {
        _ = async {
            tokio::join!(
                pass(&mut from_client, &mut to_server, weather.clone()),
                pass(&mut from_server, &mut to_client, weather.clone()),
            )
        } => {}
        _ = cut.changed() => {
            broken.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Carries pieces one way until either end is closed.
async fn pass(
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    mut weather: watch::Receiver<Weather>,
) {
    let mut piece = vec![0_u8; 16 << 10];
    while let Ok(n @ 1..) = from.read(&mut piece).await {
        let now = *weather.borrow();
        if !now.delay.is_zero() {
            let more = rand::random_range(0..=now.delay.as_millis().try_into().unwrap_or(u64::MAX));
            tokio::time::sleep(now.delay + Duration::from_millis(more)).await;
        }
        if weather.wait_for(|weather| !weather.still).await.is_err() {
            return;
        }
        let Some(read) = piece.get(..n) else { return };
        if to.write_all(read).await.is_err() {
            return;
        }
    }
    let _ = to.shutdown().await;
}
