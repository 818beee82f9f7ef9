//! A project with people at work in it, made over REST: what many tests begin with.

use domain::account::PlatformRole::{Manager, Member};
use serde_json::{Value, json};

use super::{Client, Site, until};

/// A project and a program of each of its people.
pub struct Job {
    pub project: String,
    pub schema_version: u64,
    pub manager: Client,
    pub reviewer: Client,
    pub annotators: Vec<Client>,
}

/// Spans and a choice over text.
pub fn text_schema() -> Value {
    json!({ "controls": [
        { "id": "names", "kind": "span", "labels": [{ "id": "PER" }, { "id": "LOC" }] },
        { "id": "mood", "kind": "choice", "required": true, "options": [{ "id": "pos" }, { "id": "neg" }] },
    ] })
}

impl Job {
    /// Texts with spans and a choice; annotators `ann0`, `ann1`…, a reviewer `rex`, a manager `mia`.
    pub async fn texts(site: &Site, annotators: usize, settings: Value, lines: &str) -> Job {
        let mut job = Job::new(site, "text", text_schema(), annotators, settings).await;
        let import = job.import("?format=jsonl&name=lines.jsonl", lines.as_bytes().to_vec()).await;
        assert_eq!(import["state"], "done", "{import}");
        let project = job.manager.get(&format!("/api/v1/projects/{}", job.project)).await.expect(200);
        job.schema_version = project["schema_version"].as_u64().unwrap();
        job
    }

    /// An empty project.
    pub async fn new(site: &Site, modality: &str, schema: Value, annotators: usize, settings: Value) -> Job {
        let manager = site.token("mia", Manager).await;
        let body = json!({ "name": format!("{modality} {settings}"), "modality": modality, "schema": schema, "settings": settings });
        let project = manager.post("/api/v1/projects", body).await.expect(201);
        let id = project["id"].as_str().unwrap().to_owned();
        if project["status"] != "open" {
            manager.patch(&format!("/api/v1/projects/{id}"), json!({ "status": "open" })).await.expect(200);
        }
        let reviewer = site.token("rex", Member).await;
        let mut people = Vec::new();
        for n in 0..annotators {
            people.push(site.token(&format!("ann{n}"), Member).await);
        }
        let roles = (0..annotators).map(|n| (format!("ann{n}"), "annotator")).chain([("rex".to_owned(), "reviewer")]);
        for (username, role) in roles {
            let path = format!("/api/v1/projects/{id}/members/{username}");
            manager.put(&path, json!({ "role": role })).await.expect(200);
        }
        let schema_version = project["schema_version"].as_u64().unwrap();
        Job { project: id, schema_version, manager, reviewer, annotators: people }
    }

    /// Uploads a file and waits until it is read.
    pub async fn import(&self, query: &str, body: Vec<u8>) -> Value {
        let path = format!("/api/v1/projects/{}/imports{query}", self.project);
        let queued = self.manager.send("POST", &path, "application/octet-stream", body).await.expect(202);
        self.imported(&queued).await
    }

    /// Waits until a queued import is read.
    pub async fn imported(&self, queued: &Value) -> Value {
        let path = format!("/api/v1/imports/{}", queued["id"].as_str().unwrap());
        until(|| async {
            let import = self.manager.get(&path).await.expect(200);
            matches!(import["state"].as_str(), Some("done" | "failed")).then_some(import)
        })
        .await
    }

    /// One claim of this annotator's.
    pub async fn claim(&self, annotator: usize) -> Value {
        let taken =
            self.annotators[annotator].post(&format!("/api/v1/projects/{}/claims", self.project), json!({})).await;
        let taken = taken.expect(200);
        assert_eq!(taken["claims"].as_array().unwrap().len(), 1, "{taken}");
        taken["claims"][0].clone()
    }

    /// A submit of this claim; with this mood and nothing else.
    pub fn value(&self, mood: &str) -> Value {
        json!({ "value": { "mood": [mood] }, "active_ms": 1_000, "schema_version": self.schema_version })
    }

    /// Submits a claim.
    pub async fn submit(&self, annotator: usize, claim: &Value, body: Value) -> Value {
        let path = format!("/api/v1/claims/{}/submit", claim["id"].as_str().unwrap());
        self.annotators[annotator].post(&path, body).await.expect(201)["annotation"].clone()
    }

    /// Exports and gives the file's bytes.
    pub async fn export(&self, format: &str, only: &str) -> Vec<u8> {
        let path = format!("/api/v1/projects/{}/exports", self.project);
        let queued = self.manager.post(&path, json!({ "format": format, "only": only })).await.expect(202);
        let path = format!("/api/v1/exports/{}", queued["id"].as_str().unwrap());
        let done = until(|| async {
            let export = self.manager.get(&path).await.expect(200);
            matches!(export["state"].as_str(), Some("done" | "failed")).then_some(export)
        })
        .await;
        assert_eq!(done["state"], "done", "{done}");
        let file = self.manager.get(&format!("{path}/file")).await;
        assert_eq!(file.status, 200, "{}", file.text());
        assert_eq!(Some(file.body.len() as u64), done["bytes"].as_u64());
        file.body
    }
}
