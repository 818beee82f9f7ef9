//! Images and exports that lie in a bucket, as browsers and programs get them.

use std::time::Duration;

use engine::testing::World;
use serde_json::json;

use crate::support::{Answer, Job, Site};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn images_and_exports_come_through_the_server_with_ranges_and_tags() {
    let server = cluster::Bucket::start().unwrap();
    let site = Site::over(World::with_bucket(&server, "").await, "").await;
    let schema =
        json!({ "controls": [{ "id": "mood", "kind": "choice", "options": [{ "id": "pos" }, { "id": "neg" }] }] });
    let job = Job::new(&site, "image", schema, 1, json!({})).await;
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(30, 20, image::Rgb([1, 2, 3])).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let png = png.into_inner();
    let import = job.import("?name=a.png", png.clone()).await;
    assert_eq!(import["state"], "done", "{import}");
    let claim = job.claim(0).await;
    let path = claim["item"]["data"]["image"]["url"].as_str().unwrap().to_owned();
    let ann = &job.annotators[0];

    let whole = ann.get(&path).await;
    assert_eq!((whole.status, &whole.body), (200, &png));
    assert_eq!(whole.header("content-type"), "image/png");
    assert_eq!(whole.header("accept-ranges"), "bytes");
    assert!(whole.header("cache-control").contains("immutable"));
    let tag = whole.header("etag").to_owned();
    assert!(tag.starts_with('"'), "{tag}");

    let asked = |name: &'static str, value: String| ann.request("GET", &path).header(name, value);
    let same = Answer::of(asked("if-none-match", tag.clone())).await;
    assert_eq!((same.status, same.body.len()), (304, 0));
    let part = Answer::of(asked("range", "bytes=8-15".to_owned())).await;
    assert_eq!((part.status, &part.body[..]), (206, &png[8..16]));
    assert_eq!(part.header("content-range"), format!("bytes 8-15/{}", png.len()));
    let stale = Answer::of(asked("range", "bytes=8-15".to_owned()).header("if-range", "\"other\"")).await;
    assert_eq!((stale.status, stale.body.len()), (200, png.len()));
    let beyond = Answer::of(asked("range", "bytes=999999-".to_owned())).await;
    assert_eq!(beyond.problem(), (416, "range-not-satisfiable".to_owned()));
    let head = Answer::of(ann.request("HEAD", &path)).await;
    assert_eq!((head.status, head.header("content-length")), (200, png.len().to_string().as_str()));

    let export = String::from_utf8(job.export("jsonl", "all").await).unwrap();
    assert!(export.contains("a.png"), "{export}");

    // A minute without the store is no fault of ours: a problem that says to try again, and work goes on.
    server.cut();
    assert_eq!(ann.get(&path).await.problem(), (503, "unavailable".to_owned()));
    job.submit(0, &claim, job.value("pos")).await;
    server.mend();
    assert_eq!(ann.get(&path).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn where_addresses_are_signed_an_image_comes_from_the_store_to_whoever_may_see_it() {
    let server = cluster::Bucket::start().unwrap();
    let site = Site::over(World::with_signing_bucket(&server, Duration::from_secs(60)).await, "").await;
    let schema =
        json!({ "controls": [{ "id": "mood", "kind": "choice", "options": [{ "id": "pos" }, { "id": "neg" }] }] });
    let job = Job::new(&site, "image", schema, 1, json!({})).await;
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(30, 20, image::Rgb([1, 2, 3])).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let png = png.into_inner();
    let import = job.import("?name=a.png", png.clone()).await;
    assert_eq!(import["state"], "done", "{import}");
    let claim = job.claim(0).await;
    let path = claim["item"]["data"]["image"]["url"].as_str().unwrap().to_owned();
    let ann = &job.annotators[0];

    let sent = ann.get(&path).await;
    assert_eq!((sent.status, sent.header("cache-control")), (307, "private, max-age=30"));
    assert!(sent.body.is_empty());
    let address = sent.header("location").to_owned();
    assert!(address.starts_with(&format!("{}/terrace/blobs/", server.endpoint())), "{address}");
    for part in ["X-Amz-Signature=", "X-Amz-Expires=60"] {
        assert!(address.contains(part), "{part}: {address}");
    }
    // Whoever has it needs no token of ours.
    let image = reqwest::get(&address).await.unwrap();
    assert_eq!((image.status().as_u16(), image.headers()["content-type"].to_str().unwrap()), (200, "image/png"));
    assert!(image.headers()["cache-control"].to_str().unwrap().contains("immutable"));
    assert_eq!(image.bytes().await.unwrap(), png);
    let part = reqwest::Client::new().get(&address).header("range", "bytes=8-15").send().await.unwrap();
    assert_eq!((part.status().as_u16(), part.bytes().await.unwrap().as_ref()), (206, &png[8..16]));

    // Who asks for the head gets it here; and nobody is sent there who may not see the image.
    let head = Answer::of(ann.request("HEAD", &path)).await;
    assert_eq!((head.status, head.header("content-length")), (200, png.len().to_string().as_str()));
    let same = Answer::of(ann.request("GET", &path).header("if-none-match", head.header("etag"))).await;
    assert_eq!((same.status, same.header("location")), (304, ""));
    let stranger = site.token("stranger", domain::account::PlatformRole::Member).await;
    assert_eq!(stranger.get(&path).await.problem().0, 404);
    assert_eq!(site.anonymous().get(&path).await.problem().0, 401);
    // The page may show what comes from there.
    let policy = site.anonymous().get("/sign-in").await.header("content-security-policy").to_owned();
    assert!(policy.contains(&format!("img-src 'self' blob: data: {};", server.endpoint())), "{policy}");
}
