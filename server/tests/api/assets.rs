//! `/embed.js`, `/v/…` and `/media/…`

use crate::support::{Server, header, problem};

#[tokio::test]
async fn the_loader_may_be_kept_for_minutes_and_a_release_for_ever() {
    let server = Server::with(&[]).await;
    let loader = server.get("/embed.js").await;
    assert_eq!(header(&loader, "content-type"), "text/javascript");
    assert!(header(&loader, "cache-control").starts_with("public, max-age=300"));
    let tag = header(&loader, "etag").to_owned();
    assert_eq!(loader.text().await.unwrap(), "loader of 0.1.0-test");
    let again = server.request("GET", "/embed.js").header("if-none-match", tag);
    assert_eq!(again.send().await.unwrap().status(), 304);

    let request = server.request("GET", "/v/0.1.0-test/widget.wasm");
    let wasm = request.header("accept-encoding", "br").send().await.unwrap();
    assert_eq!(header(&wasm, "content-type"), "application/wasm");
    assert_eq!(header(&wasm, "content-encoding"), "br");
    assert_eq!(header(&wasm, "cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(header(&wasm, "cross-origin-resource-policy"), "cross-origin");
    assert_eq!(header(&wasm, "access-control-allow-origin"), "*");
    assert_eq!(wasm.text().await.unwrap(), "brotli of wasm");
    problem(server.get("/v/0.1.0-test/other.js").await, 404).await;
    problem(server.get("/v/9.9.9/embed.js").await, 404).await;
}

#[tokio::test]
async fn a_theme_has_a_short_name_and_nothing_else_is_one() {
    let server = Server::with(&[]).await;
    let theme = server.get("/themes/gazette.css").await;
    assert_eq!(header(&theme, "content-type"), "text/css");
    assert!(header(&theme, "cache-control").starts_with("public, max-age=300"));
    assert_eq!(header(&theme, "cross-origin-resource-policy"), "cross-origin");
    assert_eq!(theme.text().await.unwrap(), "a theme");
    for path in ["/themes/article.css", "/themes/embed.js", "/themes/..%2fembed.js", "/themes/"] {
        problem(server.get(path).await, 404).await;
    }
}

#[tokio::test]
async fn a_pinned_loader_outlives_an_upgrade() {
    let folder = Server::with(&[]).await.stop().await;
    let server = Server::over(folder, "0.2.0-test").await;
    for version in ["0.1.0-test", "0.2.0-test"] {
        let loader = server.get(&format!("/v/{version}/embed.js")).await;
        assert_eq!(loader.text().await.unwrap(), format!("loader of {version}"));
    }
    assert_eq!(server.get("/embed.js").await.text().await.unwrap(), "loader of 0.2.0-test");
}

#[tokio::test]
async fn pictures_come_from_one_folder_and_from_nowhere_else() {
    let server = Server::with(&[]).await;
    let picture = server.get("/media/photo.jpg").await;
    assert_eq!(header(&picture, "content-type"), "image/jpeg");
    assert_eq!(header(&picture, "cache-control"), "public, max-age=300");
    assert_eq!(header(&picture, "x-content-type-options"), "nosniff");
    assert_eq!(picture.bytes().await.unwrap(), "a picture");
    for path in ["/media/other.jpg", "/media/..%2fsecret.jpg", "/media/%2e%2e%2fsecret.jpg"] {
        problem(server.get(path).await, 404).await;
    }
}
