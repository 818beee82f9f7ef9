//! Published data, where it lies beside the checkout; without it these tests say so and pass.

use std::path::{Path, PathBuf};

use formats::ImportOptions;

use crate::support::{read, records};

#[expect(clippy::print_stdout, reason = "whoever reads the log shall see what was not tested")]
fn data(name: &str) -> Option<Vec<u8>> {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/text").join(name);
    let found = std::fs::read(&path).ok();
    if found.is_none() {
        println!("skipped: {name} is not beside this checkout");
    }
    found
}

#[test]
fn the_weibo_posts() {
    let Some(bytes) = data("weibo_ner.jsonl") else { return };
    let found = records(read("jsonl", &bytes, &ImportOptions::default()));
    assert_eq!(found.len(), 270);
    assert!(found.iter().all(|record| record.key.as_deref().is_some_and(|key| key.starts_with("weibo-"))));
    assert!(found.iter().all(|record| record.meta["entities"].is_array()));
}

#[test]
fn the_plan_of_guizhou() {
    let Some(bytes) = data("guizhou_plan_2026.txt") else { return };
    let found = records(read("txt", &bytes, &ImportOptions::default()));
    assert_eq!(found.len(), 35);
    assert!(found[0].text.starts_with("1.发展以智算为重点的算力产业"));
}
