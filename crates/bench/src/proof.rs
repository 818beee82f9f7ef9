//! What is stored, read back through an export, against what was acknowledged.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::Duration;

use anyhow::{Context, bail};
use futures::StreamExt;
use serde_json::{Value, json};

use crate::api::{Api, text};

/// What the comparison found.
#[derive(Debug, Default)]
pub(crate) struct Proof {
    pub(crate) items: u64,
    /// Annotations in the export.
    pub(crate) stored: u64,
    /// Acknowledged annotations that are not there.
    pub(crate) missing: u64,
    /// Stored annotations that nobody was told of.
    pub(crate) unacknowledged: u64,
    /// Items with more counted annotations than they want.
    pub(crate) over_overlap: u64,
    /// Items in which one person fills two slots.
    pub(crate) twice_by_one: u64,
}

impl Proof {
    /// Nothing acknowledged is missing and no rule is broken.
    pub(crate) fn holds(&self) -> bool {
        self.missing == 0 && self.over_overlap == 0 && self.twice_by_one == 0
    }

    /// Takes in what was found elsewhere.
    pub(crate) fn add(&mut self, other: &Proof) {
        self.items += other.items;
        self.stored += other.stored;
        self.missing += other.missing;
        self.unacknowledged += other.unacknowledged;
        self.over_overlap += other.over_overlap;
        self.twice_by_one += other.twice_by_one;
    }

    pub(crate) fn sentence(&self) -> String {
        format!(
            "{} items hold {} annotations; {} acknowledged ones are missing, {} were stored without an answer; \
             {} items are over their overlap, {} have one person twice",
            self.items, self.stored, self.missing, self.unacknowledged, self.over_overlap, self.twice_by_one
        )
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "items": self.items, "stored": self.stored, "missing": self.missing,
            "unacknowledged": self.unacknowledged, "over_overlap": self.over_overlap, "twice_by_one": self.twice_by_one,
        })
    }
}

/// Exports the project and compares.
pub(crate) async fn prove(
    manager: &Api,
    project: &str,
    overlap: u64,
    acknowledged: &HashSet<String>,
) -> anyhow::Result<Proof> {
    let queued =
        manager.post(&format!("/projects/{project}/exports"), &json!({ "format": "jsonl" })).await?.success()?;
    let path = format!("/exports/{}", text(&queued, "id")?);
    loop {
        let export = manager.get(&path).await?.success()?;
        match text(&export, "state")? {
            "done" => break,
            "failed" => bail!("the export failed: {export}"),
            _ => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
    let mut proof = Proof::default();
    let mut found = 0;
    let mut rest = Vec::new();
    let mut file = manager.file(&format!("{path}/file")).await?.bytes_stream();
    while let Some(piece) = file.next().await {
        rest.extend_from_slice(&piece?);
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = rest.drain(..=end).collect();
            found += item(&mut proof, &serde_json::from_slice(&line)?, overlap, acknowledged)?;
        }
    }
    if !rest.is_empty() {
        found += item(&mut proof, &serde_json::from_slice(&rest)?, overlap, acknowledged)?;
    }
    let told = u64::try_from(acknowledged.len())?;
    proof.missing = told.saturating_sub(found);
    proof.unacknowledged = proof.stored - found;
    Ok(proof)
}

/// Adds one item; gives how many of its annotations were acknowledged.
fn item(proof: &mut Proof, line: &Value, overlap: u64, acknowledged: &HashSet<String>) -> anyhow::Result<u64> {
    proof.items += 1;
    let annotations = line.get("annotations").and_then(Value::as_array).context("no annotations in a line")?;
    let mut found = 0;
    let mut counted: BTreeMap<&str, BTreeSet<u64>> = BTreeMap::new();
    for annotation in annotations {
        proof.stored += 1;
        found += u64::from(acknowledged.contains(text(annotation, "id")?));
        // A late submit is kept as an extra that fills no slot.
        if annotation.get("counted").and_then(Value::as_bool) == Some(false) {
            continue;
        }
        let revision = annotation.get("revision").and_then(Value::as_u64).unwrap_or(1);
        if !counted.entry(text(annotation, "annotator")?).or_default().insert(revision) {
            proof.twice_by_one += 1;
        }
    }
    // Rework is a further revision in its author's own slot.
    proof.over_overlap += u64::from(u64::try_from(counted.len())? > overlap);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_a_person_and_rework_takes_no_other() {
        let annotation = |id: &str, annotator: &str, revision: u64, counted: bool| json!({ "id": id, "annotator": annotator, "revision": revision, "counted": counted });
        let proof = |annotations: Value| {
            let (mut proof, told) = (Proof::default(), HashSet::from(["a".to_owned()]));
            assert_eq!(item(&mut proof, &json!({ "annotations": annotations }), 1, &told).unwrap(), 1);
            (proof.over_overlap, proof.twice_by_one)
        };
        let first = annotation("a", "ann", 1, true);
        assert_eq!(proof(json!([first, annotation("b", "ann", 2, true)])), (0, 0));
        assert_eq!(proof(json!([first, annotation("b", "bob", 1, false)])), (0, 0), "an extra fills no slot");
        assert_eq!(proof(json!([first, annotation("b", "bob", 1, true)])), (1, 0));
        assert_eq!(proof(json!([first, annotation("b", "ann", 1, true)])), (0, 1));
    }
}
