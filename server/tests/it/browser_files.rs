//! Uploads, images and downloads of the browser.

use domain::account::PlatformRole::Manager;
use serde_json::{Value, json};

use crate::bad_input::png;
use crate::support::{Answer, Client, Job, Site, until};

/// An image project of `mia`, and her browser.
async fn images(site: &Site) -> (Job, Client) {
    let schema = json!({ "controls": [{ "id": "things", "kind": "box", "labels": [{ "id": "dog" }] }] });
    // The password first: setting it ends tokens.
    site.world.person("mia", Manager).await;
    let mia = site.cookie("mia").await;
    (Job::new(site, "image", schema, 1, json!({})).await, mia)
}

async fn uploaded(job: &Job, answer: Answer) -> Value {
    let queued = answer.expect(202);
    until(|| async {
        let import = job.manager.get(&format!("/api/v1/imports/{}", queued["id"].as_str().unwrap())).await.expect(200);
        matches!(import["state"].as_str(), Some("done" | "failed")).then_some(import)
    })
    .await
}

#[tokio::test]
async fn many_files_are_taken_at_once_and_one_as_it_is() {
    let site = Site::new().await;
    let (job, mia) = images(&site).await;
    let path = format!("/upload/projects/{}/imports?format=images", job.project);
    let part = |name: &str, width| reqwest::multipart::Part::bytes(png(width, 30)).file_name(name.to_owned());
    let form = reqwest::multipart::Form::new().part("files", part("一.png", 31)).part("files", part("two.png", 32));
    let import = uploaded(&job, Answer::of(mia.request("POST", &path).multipart(form)).await).await;
    assert_eq!((&import["state"], &import["added"]), (&json!("done"), &json!(2)), "{import}");

    let one = mia.send("POST", &format!("{path}&name=three.png"), "image/png", png(33, 30)).await;
    assert_eq!(uploaded(&job, one).await["added"], 1);

    let items = job.manager.get(&format!("/api/v1/projects/{}/items", job.project)).await.expect(200);
    let names: Vec<&str> =
        items["rows"].as_array().unwrap().iter().map(|row| row["data"]["image"]["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["一.png", "two.png", "three.png"]);
}

#[tokio::test]
async fn an_upload_that_breaks_off_or_is_not_what_it_says_leaves_nothing() {
    let site = Site::new().await;
    let (job, mia) = images(&site).await;
    let path = format!("/upload/projects/{}/imports?format=images", job.project);
    let answer = mia.send("POST", &path, "multipart/form-data", "no boundary").await;
    assert_eq!(answer.problem(), (400, "malformed-body".to_owned()));
    let answer = mia.send("POST", &path, "multipart/form-data; boundary=b", "--b\r\nContent-Disp").await;
    assert!((400..500).contains(&answer.problem().0));
    let imports = job.manager.get(&format!("/api/v1/projects/{}/imports", job.project)).await.expect(200);
    assert_eq!(imports["rows"], json!([]));
}

#[tokio::test]
async fn an_image_is_kept_by_the_browser_and_shown_to_members_only() {
    let site = Site::new().await;
    let (job, mia) = images(&site).await;
    job.import("?format=images&name=wide.png", png(1_600, 900)).await;
    let items = job.manager.get(&format!("/api/v1/projects/{}/items", job.project)).await.expect(200);
    let path = format!("/media/items/{}", items["rows"][0]["id"].as_str().unwrap());
    let whole = mia.get(&path).await;
    assert_eq!((whole.status, whole.header("content-type")), (200, "image/png"));
    assert_eq!(whole.body, png(1_600, 900));
    assert!(whole.header("cache-control").starts_with("private, max-age="), "{}", whole.header("cache-control"));
    let again = mia.request("GET", &path).header("if-none-match", whole.header("etag"));
    let again = Answer::of(again).await;
    assert_eq!((again.status, again.body.len()), (304, 0));

    // Renditions are made off the request path: until then the original is sent.
    let small = until(|| async {
        let small = mia.get(&format!("{path}?width=200")).await;
        assert_eq!(small.status, 200, "{}", small.text());
        (image::load_from_memory(&small.body).unwrap().width() == 256).then_some(small)
    })
    .await;
    assert_ne!(small.header("etag"), whole.header("etag"));

    assert_eq!(site.anonymous().get(&path).await.problem().0, 401);
    assert_eq!(site.cookie("stranger").await.get(&path).await.problem().0, 404);
}

#[tokio::test]
async fn tiles_of_a_large_image_are_served_as_the_image_is() {
    let site = Site::new().await;
    let (job, mia) = images(&site).await;
    job.import("?format=images&name=long.png", png(4_500, 700)).await;
    job.import("?format=images&name=small.png", png(45, 7)).await;
    let items = job.manager.get(&format!("/api/v1/projects/{}/items", job.project)).await.expect(200);
    let (item, small) = (items["rows"][0]["id"].as_str().unwrap(), items["rows"][1]["id"].as_str().unwrap());
    let url = format!("/api/v1/items/{item}/tiles");
    let tiles = &items["rows"][0]["data"]["image"]["tiles"];
    assert_eq!(tiles, &json!({ "url": url, "size": 512, "levels": 5 }));
    assert_eq!(items["rows"][1]["data"]["image"].get("tiles"), None);

    let path = format!("/media/items/{item}/tiles/0/8/1");
    let tile = mia.get(&path).await;
    assert_eq!(tile.status, 200, "{}", tile.text());
    let shown = image::load_from_memory(&tile.body).unwrap();
    assert_eq!((shown.width(), shown.height()), (4_500 - 8 * 512, 700 - 512));
    assert!(tile.header("content-type").starts_with("image/"), "{}", tile.header("content-type"));
    assert!(tile.header("cache-control").contains("immutable"), "{}", tile.header("cache-control"));
    let again = Answer::of(mia.request("GET", &path).header("if-none-match", tile.header("etag"))).await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(again.header("etag"), tile.header("etag"));
    assert_ne!(mia.get(&format!("/media/items/{item}/tiles/0/7/1")).await.header("etag"), tile.header("etag"));
    // Programs get the same with a token.
    assert_eq!(job.manager.get(&format!("{url}/0/8/1")).await.body, tile.body);

    for beyond in ["0/9/0", "0/0/2", "5/0/0", "-1/0/0", "0/0/99999999999", "300/0/0", "0/x/0"] {
        assert_eq!(mia.get(&format!("/media/items/{item}/tiles/{beyond}")).await.problem().0, 404, "{beyond}");
    }
    assert_eq!(mia.get(&format!("/media/items/{small}/tiles/0/0/0")).await.problem().0, 404);
    assert_eq!(site.anonymous().get(&path).await.problem().0, 401);
    assert_eq!(site.cookie("stranger").await.get(&path).await.problem().0, 404);
}

#[tokio::test]
async fn a_download_can_be_resumed() {
    let site = Site::new().await;
    let (job, mia) = images(&site).await;
    job.import("?format=images&name=dog.png", png(40, 30)).await;
    let file = job.export("jsonl", "all").await;
    let exports = mia.call("list_exports", json!({ "project": job.project })).await.expect(200);
    let path = format!("/download/exports/{}", exports[0]["id"].as_str().unwrap());
    let whole = mia.get(&path).await;
    assert_eq!((whole.status, &whole.body), (200, &file));
    assert!(whole.header("content-disposition").starts_with("attachment; filename="));
    let rest =
        Answer::of(mia.request("GET", &path).header("range", "bytes=10-").header("if-range", whole.header("etag")))
            .await;
    assert_eq!((rest.status, rest.body.as_slice()), (206, &file[10..]));
    let changed =
        Answer::of(mia.request("GET", &path).header("range", "bytes=10-").header("if-range", "\"other\"")).await;
    assert_eq!((changed.status, &changed.body), (200, &file));
    let beyond = Answer::of(mia.request("GET", &path).header("range", "bytes=99999999-")).await;
    assert_eq!(beyond.problem(), (416, "range-not-satisfiable".to_owned()));
    let manifest = mia.get(&format!("{path}/manifest")).await.expect(200);
    assert!(manifest.to_string().contains(exports[0]["sha256"].as_str().unwrap()), "{manifest}");
    assert_eq!(site.cookie("stranger").await.get(&path).await.problem().0, 404);
}
