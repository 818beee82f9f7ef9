//! The real binary: how it ends when it is asked to, and what it tells an operator.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::{Client, until};

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("terrace-binary-{}", uuid::Uuid::now_v7())))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_terrace"));
        command.args(arguments).arg("--data").arg(&self.0).current_dir(std::env::temp_dir());
        command
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn asked_to_end_it_says_so_first_serves_on_and_ends_well() {
    let folder = Folder::new();
    let mut serve = folder.command(&["serve", "--addr", "127.0.0.1:0", "--drain", "3"]);
    let mut child = serve.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let base = line.split_whitespace().last().unwrap().to_owned();
    let client = Client::new(&base);
    assert_eq!(client.get("/readyz").await.status, 200, "{line}");

    Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    until(|| async { (client.get("/readyz").await.status == 503).then_some(()) }).await;
    assert_eq!(client.get("/healthz").await.status, 200, "it serves on meanwhile");
    let ended = until(|| {
        let ended = child.try_wait().unwrap();
        async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            ended
        }
    })
    .await;
    assert!(ended.success(), "{ended}");
}

#[tokio::test]
async fn the_doctor_says_how_things_stand() {
    let folder = Folder::new();
    let said = folder.command(&["doctor"]).output().unwrap();
    let text = String::from_utf8(said.stdout).unwrap();
    for word in [
        "database: SQLite",
        "files: ",
        "people: 0 active",
        "open files",
        "/metrics: for callers on this",
        "traces: none",
    ] {
        assert!(text.contains(word), "{word}: {text} {}", String::from_utf8_lossy(&said.stderr));
    }
}

#[tokio::test]
async fn the_doctor_says_when_nobody_takes_the_traces() {
    let place = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", place.local_addr().unwrap());
    let folder = Folder::new();
    let said = || {
        let said = folder.command(&["doctor", "--trace-url", &url, "--trace-percent", "5"]).output().unwrap();
        String::from_utf8(said.stdout).unwrap()
    };
    let text = said();
    assert!(text.contains(&format!("  traces: to {url}, of 5 in a hundred requests\n")), "{text}");
    drop(place);
    let text = said();
    assert!(text.contains(&format!("! traces: to {url}, of 5 in a hundred requests: nothing is there")), "{text}");
}

#[tokio::test]
async fn a_standby_that_is_away_is_said_by_the_doctor_and_holds_up_neither_it_nor_the_start_of_a_node() {
    let folder = Folder::new();
    let primary = cluster::Cluster::start(cluster::Durability::Full, &[]).unwrap();
    primary.sql("postgres", "CREATE ROLE plain LOGIN").unwrap();
    primary
        .sql("postgres", "CREATE DATABASE terrace OWNER plain TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
        .unwrap();
    let said = |role: &str| {
        let url = primary.url("terrace").replace(&format!("//{}@", cluster::USER), &format!("//{role}@"));
        let said = folder.command(&["doctor", "--database-url", &url]).output().unwrap();
        (said.status.success(), String::from_utf8(said.stdout).unwrap() + &String::from_utf8_lossy(&said.stderr))
    };
    let (_, text) = said("plain");
    assert!(text.contains("  standbys: 0\n"), "{text}");

    let mut standby = primary.standby("second", &[]).unwrap();
    let (_, text) = said("plain");
    assert!(text.contains("  standbys: 1, none of them synchronous: a failover can lose"), "{text}");
    primary.wait_for("second").unwrap();
    let (_, text) = said("plain");
    assert!(text.contains("  standbys: 1, wanted synchronous: second (GRANT pg_monitor"), "{text}");
    primary.sql("postgres", "GRANT pg_monitor TO plain").unwrap();
    let (_, text) = said("plain");
    assert!(text.contains("  standbys: 1, 1 of them synchronous; wanted: second\n"), "{text}");

    standby.stop().unwrap();
    until(|| async {
        let there = primary.sql("postgres", "SELECT COUNT(*) FROM pg_stat_replication").unwrap();
        (there == "0").then_some(())
    })
    .await;
    let (is_well, text) = said("plain");
    assert!(
        !is_well && text.contains("! standbys: 0, 0 of them synchronous; wanted: second: no write is answered"),
        "{text}"
    );

    // A node starts all the same, and serves what is read.
    let url = primary.url("terrace").replace(&format!("//{}@", cluster::USER), "//plain@");
    let mut serve = folder.command(&["serve", "--addr", "127.0.0.1:0", "--drain", "0", "--database-url", &url]);
    let mut child = serve.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready = Client::new(line.split_whitespace().last().unwrap()).get("/readyz").await.status;
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(ready, 200, "{line}");
}
