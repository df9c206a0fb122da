//! Pictures of articles: `/a/{id}/images`, and what embeds and `/media` say of them.

use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use article_server::config::Config;
use article_server::images::RemoteImages;
use article_server::store::{self, ImageCounts, Store};
use article_server::time::Calendar;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::sleep;

use crate::sql;
use crate::support::{Server, article, config, header, problem, save, with};

mod job;

/// A picture of one colour and 1000 × 500 pixels.
pub(crate) fn picture(colour: [u8; 3]) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    let picture: DynamicImage = RgbImage::from_pixel(1000, 500, Rgb(colour)).into();
    picture.write_to(&mut file, ImageFormat::Jpeg).unwrap();
    file.into_inner()
}

/// A folder whose `media` holds this file.
pub(crate) fn folder_with(name: &str, file: &[u8]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    config(folder.path());
    std::fs::write(folder.path().join("media").join(name), file).unwrap();
    folder
}

/// An article with a figure in a quote; the figure has a field of tomorrow.
pub(crate) fn illustrated(id: &str, url: &str) -> Value {
    let figure = json!({
        "kind": "figure", "sources": [{ "url": url }], "alt": "Đồi cà phê", "focus": [0.5, 0.25],
    });
    let quote = json!({ "kind": "quote", "blocks": [figure] });
    with(article(id), json!({ "body": [quote, { "kind": "of_tomorrow", "map": [1] }] }))
}

pub(crate) fn figure(article: &Value) -> &Value {
    &article["body"][0]["blocks"][0]
}

async fn open(folder: &Path) -> Arc<dyn Store> {
    let config = config(folder);
    store::open(&config.database, &Calendar::new(config.time_zone)).await.unwrap()
}

async fn counts(folder: &Path) -> ImageCounts {
    let store = open(folder).await;
    let counts = store.image_counts().await.unwrap();
    store.close().await.unwrap();
    counts
}

/// Waits until the server has looked at every picture once, and says what came of it.
pub(crate) async fn looked_at(folder: &Path, tried_again: u64) -> ImageCounts {
    loop {
        let counts = counts(folder).await;
        if counts.waiting == tried_again && counts.made + counts.failed + tried_again > 0 {
            return counts;
        }
        sleep(Duration::from_millis(50)).await;
    }
}

/// Paths of the figure's files and what they are.
async fn files(server: &Server, figure: &Value) -> Vec<(String, u64, String)> {
    let mut files = Vec::new();
    for source in figure["sources"].as_array().unwrap() {
        let path = source["url"].as_str().unwrap().to_owned();
        let response = server.get(&path).await;
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(header(&response, "cache-control"), "public, max-age=300");
        assert_eq!(header(&response, "cross-origin-resource-policy"), "cross-origin");
        let media_type = header(&response, "content-type").to_owned();
        let said = source["type"].as_str().unwrap_or("image/jpeg");
        assert_eq!(media_type, said, "{path}");
        let decoded = image::load_from_memory(&response.bytes().await.unwrap()).unwrap();
        assert_eq!(source["width"], decoded.width());
        assert_eq!(source["height"], decoded.height());
        files.push((path, decoded.width().into(), media_type));
    }
    files
}

#[tokio::test]
async fn an_article_is_served_with_sizes_of_its_pictures_and_stays_as_its_publisher_gave_it() {
    let folder = folder_with("hill.jpg", &picture([20, 120, 60]));
    let given = illustrated("a", "/media/hill.jpg?v=2");
    save(folder.path(), std::slice::from_ref(&given)).await;
    let server = Server::over(folder, "0.1.0-test").await;
    let counts = looked_at(server.folder.path(), 0).await;
    assert_eq!(counts, ImageCounts { waiting: 0, made: 1, failed: 0 });

    let embed = server.get_json("/v1/embed/a").await;
    let shown = figure(&embed["article"]);
    let kinds: Vec<_> =
        files(&server, shown).await.into_iter().map(|(_, width, kind)| (width, kind)).collect();
    let of = |kind: &str| [320, 480, 640, 1000].map(|width| (width, kind.to_owned()));
    assert_eq!(kinds, [of("image/jpeg"), of("image/webp")].concat());
    assert_eq!(shown["focus"], json!([0.5, 0.25]), "unknown fields pass through");
    assert_eq!(shown["alt"], "Đồi cà phê");
    assert_eq!(embed["article"]["body"][1], given["body"][1], "unknown blocks, too");

    let html = embed["html"].as_str().unwrap();
    assert!(html.contains("-640.jpg\"") && html.contains("width=\"640\""), "{html}");
    assert!(html.contains("height=\"320\"") && html.contains("loading=\"lazy\""), "{html}");
    assert!(!html.contains("style="), "no style in an attribute");
    let css = embed["css"].as_str().unwrap();
    let source = shown["sources"][0]["url"].as_str().unwrap();
    let start = source.rsplit('/').next().unwrap().split_at(16).0;
    assert!(css.contains(&format!(".aw-image[src*=\"/{start}\"]{{background:")), "{css}");
    assert!(css.contains("#174") && !css.contains("data:"), "{css}");
    let page = server.get("/a/a").await.text().await.unwrap();
    assert!(page.contains("[src*=\"/") && page.contains("-640.jpg"), "{page}");

    assert_eq!(server.get_json("/v1/articles/a").await, given);
}

#[tokio::test]
async fn a_lead_picture_stands_in_previews_as_a_file_that_every_program_reads() {
    let folder = folder_with("hill.jpg", &picture([20, 120, 60]));
    let lead = json!({ "lead_image": { "sources": [{ "url": "/media/hill.jpg" }] } });
    save(folder.path(), &[with(article("a"), lead)]).await;
    let server = Server::over(folder, "0.1.0-test").await;
    looked_at(server.folder.path(), 0).await;
    let page = server.get("/a/a").await.text().await.unwrap();
    let preview = page.split("property=\"og:image\" content=\"").nth(1).unwrap();
    let preview = preview.split('"').next().unwrap();
    assert!(preview.starts_with(&server.url) && preview.ends_with("-1000.jpg"), "{preview}");
    assert!(page.contains("fetchpriority=\"high\""), "{page}");
}

#[tokio::test]
async fn pictures_are_gone_with_the_last_article_that_names_them() {
    let folder = folder_with("hill.jpg", &picture([20, 120, 60]));
    let [a, b] = ["a", "b"].map(|id| illustrated(id, "/media/hill.jpg"));
    let withdrawn = |article: &Value| with(article.clone(), json!({ "status": "canceled" }));
    save(folder.path(), &[a.clone(), b.clone(), article("c")]).await;
    let server = Server::over(folder, "0.1.0-test").await;
    let folder = server.folder.path();
    assert_eq!(looked_at(folder, 0).await.made, 1, "they share it");
    let path = files(&server, figure(&server.get_json("/v1/embed/a").await["article"])).await;
    let own = path[0].0.clone();
    let of_b = own.replace("/a/a/", "/a/b/");
    assert_eq!(server.get(&of_b).await.status(), 200);
    problem(server.get(&own.replace("/a/a/", "/a/c/")).await, 404).await;
    problem(server.get(&own.replace(".jpg", ".png")).await, 404).await;
    problem(server.get(&own.replace("-320", "-321")).await, 404).await;

    save(folder, &[withdrawn(&a)]).await;
    problem(server.get(&own).await, 410).await;
    assert_eq!(server.get(&of_b).await.status(), 200);
    assert_eq!(server.get("/media/hill.jpg").await.status(), 200);

    save(folder, &[withdrawn(&b)]).await;
    problem(server.get(&of_b).await, 410).await;
    problem(server.get("/media/hill.jpg").await, 410).await;

    let embargoed = with(b.clone(), json!({ "embargo": "2999-01-01T00:00:00Z" }));
    save(folder, &[embargoed]).await;
    problem(server.get(&of_b).await, 404).await;
    problem(server.get("/media/hill.jpg").await, 404).await;

    save(folder, &[with(a, json!({ "body": [] })), with(b, json!({ "body": [] }))]).await;
    problem(server.get(&own).await, 404).await;
    assert_eq!(server.get("/media/hill.jpg").await.status(), 200, "no article names it");
}

#[tokio::test]
async fn a_picture_that_an_article_names_by_the_whole_address_is_the_same() {
    let folder = folder_with("hill.jpg", &picture([20, 120, 60]));
    let server = Server::over(folder, "0.1.0-test").await;
    let url = format!("{}/media/hill.jpg?v=2", server.url);
    let folder = server.folder.path();
    let neighbour = format!("{}/media/hill.jpg2", server.url);
    save(folder, &[illustrated("a", &url), illustrated("b", &neighbour)]).await;
    assert_eq!(looked_at(folder, 0).await.made, 1);
    let embed = server.get_json("/v1/embed/a").await;
    assert_eq!(files(&server, figure(&embed["article"])).await.len(), 8);
    let withdrawn = with(illustrated("a", &url), json!({ "status": "canceled" }));
    save(folder, &[withdrawn]).await;
    problem(server.get("/media/hill.jpg").await, 410).await;
}

#[tokio::test]
async fn what_cannot_be_made_stays_as_it_was_given() {
    let folder = folder_with("hill.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    let urls = ["/media/photo.jpg", "/media/hill.svg", "/elsewhere.jpg"];
    let articles: Vec<_> =
        urls.iter().enumerate().map(|(at, url)| illustrated(&format!("a{at}"), url)).collect();
    save(folder.path(), &articles).await;
    let server = Server::over(folder, "0.1.0-test").await;
    let counts = looked_at(server.folder.path(), 0).await;
    assert_eq!(counts, ImageCounts { waiting: 0, made: 0, failed: 3 });
    for (at, given) in articles.iter().enumerate() {
        assert_eq!(server.get_json(&format!("/v1/articles/a{at}")).await, *given);
        if at != 1 {
            assert_eq!(server.get_json(&format!("/v1/embed/a{at}")).await["article"], *given);
        }
    }
    let embed = server.get_json("/v1/embed/a1").await;
    let html = embed["html"].as_str().unwrap();
    assert!(!html.contains("aw-image") && !html.contains("hill.svg"), "it would be broken: {html}");
}

/// A server on the loopback address that answers everything with this file; its origin.
async fn elsewhere(file: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", file.len());
            let _ = stream.write_all(&[head.as_bytes(), &file].concat()).await;
        }
    });
    origin
}

/// A server whose article `a` names a picture on another server, which these settings allow or not.
async fn remote(change: impl FnOnce(&mut Config)) -> (Server, String) {
    let url = format!("{}/hill.jpg?w=1000", elsewhere(picture([20, 120, 60])).await);
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    change(&mut config);
    save(folder.path(), &[illustrated("a", &url)]).await;
    (Server::configured(folder, "0.1.0-test", config).await, url)
}

fn allow_loopback(config: &mut Config) {
    config.import_networks = vec!["127.0.0.0/8".parse().unwrap()];
}

#[tokio::test]
async fn of_a_picture_elsewhere_size_and_colours_are_learnt() {
    let (server, url) = remote(allow_loopback).await;
    assert_eq!(looked_at(server.folder.path(), 0).await.made, 1);
    let embed = server.get_json("/v1/embed/a").await;
    let expected = json!([{ "url": url, "width": 1000, "height": 500 }]);
    assert_eq!(figure(&embed["article"])["sources"], expected);
    let css = embed["css"].as_str().unwrap();
    assert!(css.contains("/hill.jpg?w=1000\"]{background:"), "{css}");

    // Under another setting it is copied from the next start on.
    let folder = server.stop().await;
    let mut config = config(folder.path());
    allow_loopback(&mut config);
    config.remote_images = RemoteImages::Copy;
    let server = Server::configured(folder, "0.1.0-test", config).await;
    loop {
        let embed = server.get_json("/v1/embed/a").await;
        if figure(&embed["article"])["sources"].as_array().unwrap().len() > 1 {
            break;
        }
        sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn a_picture_elsewhere_is_copied_where_that_is_set() {
    let (server, _) = remote(|config| {
        allow_loopback(config);
        config.remote_images = RemoteImages::Copy;
    })
    .await;
    assert_eq!(looked_at(server.folder.path(), 0).await.made, 1);
    let embed = server.get_json("/v1/embed/a").await;
    assert_eq!(files(&server, figure(&embed["article"])).await.len(), 8);
}

#[tokio::test]
async fn nothing_is_asked_for_inside() {
    let (server, url) = remote(|config| config.remote_images = RemoteImages::Copy).await;
    let folder = server.folder.path();
    // It is to be tried again, and is not yet: a try has left its reason.
    while !sql::text(folder, "select problem from image").contains("import-networks") {
        sleep(Duration::from_millis(50)).await;
    }
    let embed = server.get_json("/v1/embed/a").await;
    assert_eq!(figure(&embed["article"])["sources"], json!([{ "url": url }]));
}

#[tokio::test]
async fn oembed_knows_the_sizes_that_were_made() {
    let folder = folder_with("hill.jpg", &picture([20, 120, 60]));
    let lead = json!({ "lead_image": { "sources": [{ "url": "/media/hill.jpg" }] } });
    save(folder.path(), &[with(article("a"), lead)]).await;
    let server = Server::over(folder, "0.1.0-test").await;
    looked_at(server.folder.path(), 0).await;
    let path = format!("/oembed?url={}/a/a&maxwidth=500", server.url);
    let answer = server.get_json(&path).await;
    assert_eq!(
        (&answer["thumbnail_width"], &answer["thumbnail_height"]),
        (&json!(480), &json!(240))
    );
    let url = answer["thumbnail_url"].as_str().unwrap();
    assert_eq!(server.get(url.strip_prefix(&server.url).unwrap()).await.status(), 200);
}
