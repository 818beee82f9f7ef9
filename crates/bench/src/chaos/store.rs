//! The object store is away for a minute: texts are labeled on, an image and an upload are answered by "try again", an
//! export waits; then all goes on.

use std::time::{Duration, Instant};

use anyhow::Context;
use cluster::Bucket;
use serde_json::json;

use super::scene::{Crowd, Plan, Report, checked};
use crate::api::{Api, text};
use crate::database::Database;
use crate::process::Process;

pub(super) async fn run(plan: &Plan) -> anyhow::Result<Report> {
    let bucket = match tokio::task::spawn_blocking(Bucket::start).await? {
        Ok(bucket) => bucket,
        Err(why) => return Ok(Report::skipped(format!("no S3 server: {why:#}"))),
    };
    let mut process = Process::bare(&plan.terrace, plan.folder.as_deref(), Database::Sqlite).await?;
    process.node().keep_log("node");
    for (name, value) in [
        ("TERRACE_BLOB_URL", bucket.url("")),
        ("TERRACE_BLOB_ENDPOINT", bucket.endpoint()),
        ("TERRACE_BLOB_ACCESS_KEY", "terrace".to_owned()),
        ("TERRACE_BLOB_SECRET_KEY", "the bench's own key".to_owned()),
    ] {
        process.node().set(name, value);
    }
    process.node().add_operator().await?;
    process.resume().await?;
    let crowd = Crowd::gather(plan, &process.base()).await?;
    let image = image(crowd.operator()).await?;
    let mut report = Report::default();
    let (done, ()) = crowd
        .work(async {
            let api = crowd.operator();
            let (before, _) = api.bytes(&image).await?;
            report.expect(before == 200, format!("an image with the store there: {before}"));
            let (begun, since) = (Instant::now(), crowd.pulse.now());
            bucket.cut();
            let (away, _) = api.bytes(&image).await?;
            report.expect(away == 503, format!("an image without the store: {away}"));
            let path = format!("/projects/{}/exports", crowd.project());
            let queued = api.post(&path, &json!({ "format": "jsonl" })).await?.success()?;
            tokio::time::sleep(
                plan.pick(Duration::from_secs(60), Duration::from_secs(6)).saturating_sub(begun.elapsed()),
            )
            .await;
            let path = format!("/exports/{}", text(&queued, "id")?);
            let waiting = api.get(&path).await?.success()?;
            report.expect(
                matches!(text(&waiting, "state")?, "queued" | "running"),
                format!("an export without the store: {waiting}"),
            );
            report.note(format!("away for {:.0} s", begun.elapsed().as_secs_f64()));
            let mended = Instant::now();
            bucket.mend();
            let (after, _) = api.bytes(&image).await?;
            report.expect(after == 200, format!("an image with the store back: {after}"));
            loop {
                let export = api.get(&path).await?.success()?;
                match text(&export, "state")? {
                    "done" => break,
                    "failed" => anyhow::bail!("the export failed: {export}"),
                    _ if mended.elapsed() > Duration::from_secs(240) => {
                        anyhow::bail!("the export does not end: {export}")
                    }
                    _ => tokio::time::sleep(Duration::from_millis(250)).await,
                }
            }
            report
                .note(format!("the export was done {:.0} s after the store was back", mended.elapsed().as_secs_f64()));
            crowd.normal(&mut report, since, Duration::from_secs(30)).await;
            Ok(())
        })
        .await?;
    report.expect(done.failed == 0, format!("{} requests for texts failed", done.failed));
    crowd.audit(&mut report, done).await?;
    process.stop().await?;
    checked(&mut report, process.check().await?);
    Ok(report)
}

/// Makes a project of one image; gives the image's path.
async fn image(operator: &Api) -> anyhow::Result<String> {
    let schema = json!({ "controls": [
        { "id": "mood", "kind": "choice", "options": [{ "id": "pos" }, { "id": "neg" }] },
    ] });
    let name = format!("pictures {:08x}", rand::random::<u32>());
    let project = operator.post("/projects", &json!({ "name": name, "modality": "image", "schema": schema })).await?;
    let project = project.success()?;
    let project = text(&project, "id")?;
    let path = format!("/projects/{project}/imports?name=dot.bmp");
    let import = operator.upload(&path, bitmap(16, 16)).await?.success()?;
    let path = format!("/imports/{}", text(&import, "id")?);
    let begun = Instant::now();
    while text(&operator.get(&path).await?.success()?, "state")? != "done" {
        anyhow::ensure!(begun.elapsed() < Duration::from_secs(60), "the image is not imported");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let items = operator.get(&format!("/projects/{project}/items")).await?.success()?;
    let url = items.pointer("/rows/0/data/image/url").and_then(serde_json::Value::as_str);
    Ok(url.with_context(|| format!("no image in {items}"))?.to_owned())
}

/// An image file as small as they come: three bytes a pixel, the width a multiple of four.
fn bitmap(width: u32, height: u32) -> Vec<u8> {
    let pixels = width * height * 3;
    let mut file = b"BM".to_vec();
    for field in [54 + pixels, 0, 54, 40, width, height, 1 | 24 << 16, 0, pixels, 2_835, 2_835, 0, 0] {
        file.extend(field.to_le_bytes());
    }
    file.extend((0..pixels).map(|n| u8::try_from(n % 251).unwrap_or_default()));
    file
}
