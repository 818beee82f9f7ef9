//! An S3 server of one's own with one empty bucket, behind a line that can be cut: moto's, from Python's registry, which
//! `scripts/setup.sh` installs. It ends with the process that it was started for, however that one ends.

use anyhow::{Context, bail};
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The bucket's name.
const NAME: &str = "terrace";
/// How long starting may take: Python on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);
/// `$1` serves on port `$2` until the process `$3` ends or this shell is told to.
const SERVE: &str = r#"
"$1" -H 127.0.0.1 -p "$2" & server=$!
trap 'kill $server 2>/dev/null; exit 0' TERM
while kill -0 "$3" 2>/dev/null && kill -0 $server 2>/dev/null; do sleep 0.2; done
kill $server 2>/dev/null
"#;

/// A running S3 server.
#[derive(Debug)]
pub struct Bucket {
    shell: Child,
    line: Line,
}

impl Bucket {
    /// Starts it and makes the bucket.
    ///
    /// # Errors
    /// When moto is not installed, or does not start.
    pub fn start() -> anyhow::Result<Self> {
        let binary = binary();
        if !binary.exists() {
            bail!("{} is missing: run scripts/setup.sh test", binary.display());
        }
        // Taken, given back, and the server's a moment later.
        let server = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut shell = Command::new("sh");
        shell.args(["-c", SERVE, "sh"]).arg(&binary);
        shell.args([server.port().to_string(), std::process::id().to_string()]);
        let shell = shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let bucket = Self { shell: shell.context("the S3 server does not start")?, line: Line::lay(server)? };
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if make_bucket(server).is_ok() {
                return Ok(bucket);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        bail!("the S3 server does not answer within {} s", PATIENCE.as_secs())
    }

    /// Where it is, through the line.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.line.address)
    }

    /// The address of the bucket, or of a folder in it.
    pub fn url(&self, folder: &str) -> String {
        if folder.is_empty() { format!("s3://{NAME}") } else { format!("s3://{NAME}/{folder}") }
    }

    /// Cuts the line: what is under way breaks off, and nobody gets through.
    pub fn cut(&self) {
        self.line.cut();
    }

    /// Mends the line.
    pub fn mend(&self) {
        self.line.is_cut.store(false, Ordering::SeqCst);
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        // Whatever goes wrong here, the shell ends by itself when this process does.
        let _ = Command::new("kill").args(["-TERM", &self.shell.id().to_string()]).status();
        let _ = self.shell.wait();
    }
}

fn binary() -> PathBuf {
    crate::tools().join("moto/bin/moto_server")
}

fn make_bucket(server: SocketAddr) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(server)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let request =
        format!("PUT /{NAME} HTTP/1.1\r\nHost: s3.amazonaws.com\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    if answer.starts_with("HTTP/1.1 200") { Ok(()) } else { Err(std::io::Error::other(answer)) }
}

/// What lies between a client and a server.
#[derive(Debug)]
struct Line {
    address: SocketAddr,
    is_cut: Arc<AtomicBool>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Line {
    fn lay(server: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let (is_cut, open) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let (cut, streams) = (Arc::clone(&is_cut), Arc::clone(&open));
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if cut.load(Ordering::SeqCst) {
                    continue;
                }
                if let Ok(server) = TcpStream::connect(server)
                    && let (Ok(client2), Ok(server2)) = (client.try_clone(), server.try_clone())
                {
                    let mut streams = streams.lock().unwrap_or_else(PoisonError::into_inner);
                    streams.extend(client.try_clone().into_iter().chain(server.try_clone()));
                    std::thread::spawn(move || copy(client, server));
                    std::thread::spawn(move || copy(server2, client2));
                }
            }
        });
        Ok(Self { address, is_cut, open })
    }

    fn cut(&self) {
        self.is_cut.store(true, Ordering::SeqCst);
        for stream in self.open.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            // One that is closed already is what is wanted.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

fn copy(mut from: TcpStream, mut to: TcpStream) {
    // Either side may go at any time: then the other one is told.
    let _ = std::io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}
