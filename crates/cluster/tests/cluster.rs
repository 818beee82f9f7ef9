//! A cluster starts, survives being killed, and goes without a trace.

use cluster::{Cluster, Durability};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[test]
fn a_killed_server_keeps_what_it_acknowledged_and_a_dropped_one_leaves_nothing() {
    let mut cluster = Cluster::start(Durability::Full, &[]).unwrap();
    let folder = cluster.folder().to_owned();
    cluster.sql("postgres", "CREATE TABLE kept (n int)").unwrap();
    cluster.sql("postgres", "INSERT INTO kept VALUES (7)").unwrap();
    cluster.kill().unwrap();
    assert!(cluster.sql("postgres", "SELECT 1").is_err());
    cluster.resume().unwrap();
    assert_eq!(cluster.sql("postgres", "SELECT n FROM kept").unwrap(), "7");
    assert_eq!(cluster.sql("postgres", "SHOW fsync").unwrap(), "on");
    drop(cluster);
    assert!(!folder.exists());
}

#[test]
fn what_was_acknowledged_with_a_synchronous_standby_is_there_when_that_one_takes_over() {
    let mut primary = Cluster::start(Durability::Full, &[]).unwrap();
    primary.sql("postgres", "CREATE TABLE kept (n int)").unwrap();
    let standby = primary.standby("second", &[]).unwrap();
    primary.wait_for("second").unwrap();
    assert_eq!(standby.sql("postgres", "SELECT pg_is_in_recovery()").unwrap(), "t");
    primary.sql("postgres", "INSERT INTO kept VALUES (7)").unwrap();
    primary.kill().unwrap();
    standby.promote().unwrap();
    standby.sql("postgres", "INSERT INTO kept VALUES (8)").unwrap();
    assert_eq!(standby.sql("postgres", "SELECT SUM(n) FROM kept").unwrap(), "15");
}

#[test]
fn a_server_that_was_left_ends_with_its_owner() {
    let mut owner = Command::new("sleep").arg("600").stdout(Stdio::null()).spawn().unwrap();
    let folder = tempfile::Builder::new().prefix("terrace-left-").tempdir_in(cluster::short_folder()).unwrap().keep();
    let cluster = Cluster::start_in(folder.clone(), Durability::None, &[], owner.id()).unwrap();
    cluster.leave();
    assert_eq!(cluster::sql_at(&folder, "postgres", "SELECT 1").unwrap(), "1");
    owner.kill().unwrap();
    owner.wait().unwrap();
    let begun = Instant::now();
    while folder.exists() {
        assert!(begun.elapsed() < Duration::from_secs(30), "the server outlives its owner");
        std::thread::sleep(Duration::from_millis(100));
    }
}
