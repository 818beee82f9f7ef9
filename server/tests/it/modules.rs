//! Which module the head of a page names: by its address, and for a workbench by what the project's items are.

use serde_json::json;
use server::site::Site as Files;

use crate::support::{Client, Job, Site, text_schema};

/// A server whose site has all modules.
async fn site() -> Site {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("pkg")).unwrap();
    for name in ["terrace", "work", "picture", "assist"] {
        std::fs::write(folder.path().join(format!("pkg/{name}.0a1b.js")), name).unwrap();
    }
    Site::with_files(Files::folder(folder.path()).unwrap()).await
}

/// The module that the page names, and whether it names others beside it.
async fn module(client: &Client, path: &str) -> String {
    let page = client.get(path).await.text();
    let named: Vec<&str> = ["terrace", "work", "picture"]
        .into_iter()
        .filter(|name| {
            page.contains(&format!("/pkg/{name}.0a1b_bg.wasm")) || page.contains(&format!("/pkg/{name}.0a1b.js"))
        })
        .collect();
    assert!(page.contains("/pkg/terrace.0a1b.css"), "{path} has one style sheet whatever the module");
    named.join(", ")
}

#[tokio::test]
async fn a_page_names_the_smallest_module_that_can_show_it() {
    let site = site().await;
    let texts = Job::new(&site, "text", text_schema(), 1, json!({})).await;
    let boxes = json!({ "controls": [{ "id": "things", "kind": "box", "labels": [{ "id": "dog" }] }] });
    let images = Job::new(&site, "image", boxes, 1, json!({})).await;
    let ann = site.cookie("ann0").await;
    let workbench = |job: &Job| format!("/work/{}", job.project);

    assert_eq!(module(&ann, "/").await, "work");
    assert_eq!(module(&ann, "/me").await, "terrace");
    assert_eq!(module(&ann, &workbench(&texts)).await, "work");
    assert_eq!(module(&ann, &format!("{}?from=home", workbench(&texts))).await, "work");
    assert_eq!(module(&ann, &workbench(&images)).await, "picture");
    assert_eq!(module(&site.anonymous(), "/sign-in").await, "work");

    // Of a project that somebody may not see nothing is told, not even what its items are.
    let stranger = site.cookie("bob").await;
    for path in [workbench(&texts), workbench(&images), "/work/nothing".to_owned()] {
        assert_eq!(module(&stranger, &path).await, "picture", "{path}");
    }
}
