//! Files that a disk has changed since they were kept: nobody gets them for what they were.

use std::io::Write as _;

use reqwest::StatusCode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::images::{figure, folder_with, illustrated, looked_at, picture};
use crate::process::run;
use crate::sql;
use crate::support::{Server, article, header, problem, save};

/// In the place of a byte of a file's column of this table.
fn rot(folder: &std::path::Path, table: &str, column: &str, of: &str) {
    let bytes = sql::text(folder, &format!("select {column} from {table} where {of}"));
    let mut bytes = hex::decode(bytes).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let rotten = sql::bytes(&hex::encode(bytes));
    sql::change(folder, &format!("update {table} set {column} = {rotten} where {of}"));
}

#[tokio::test]
async fn a_changed_file_of_a_kept_release_is_served_to_nobody() {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let folder = Server::over(folder, "0.0.9-old").await.stop().await;
    let of = "version = '0.0.9-old' and name = 'widget.wasm'";
    for column in ["identity", "gzip", "brotli"] {
        rot(folder.path(), "asset", column, of);
    }
    let server = Server::over(folder, "0.1.0-test").await;
    let response = server.get("/v/0.0.9-old/widget.wasm").await;
    assert_eq!(header(&response, "retry-after"), "2");
    problem(response, 503).await;
    let beside = server.get("/v/0.0.9-old/article.css").await;
    assert_eq!(beside.status(), StatusCode::OK, "it is one file that is damaged");
    assert_eq!(server.get("/readyz").await.status(), StatusCode::OK);
    let folder = server.stop().await;

    let checked = run("check", folder.path(), &["--controller", "Báo"]);
    let said = String::from_utf8(checked.stdout).unwrap();
    assert!(said.contains("damaged: 0.0.9-old/widget.wasm is not what was kept"), "{said}");
    assert!(!checked.status.success());
    // A server that has the file in itself puts it right.
    let folder = Server::over(folder, "0.0.9-old").await.stop().await;
    let server = Server::over(folder, "0.1.0-test").await;
    let response = server.get("/v/0.0.9-old/widget.wasm").await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.text().await.unwrap(), "wasm");
    server.stop().await;
}

#[tokio::test]
async fn a_changed_size_of_a_picture_is_served_to_nobody() {
    let folder = folder_with("hill.jpg", &picture([20, 120, 60]));
    save(folder.path(), &[illustrated("a", "/media/hill.jpg")]).await;
    let server = Server::over(folder, "0.1.0-test").await;
    looked_at(server.folder.path(), 0).await;
    let embed = server.get_json("/v1/embed/a").await;
    let paths: Vec<String> = figure(&embed["article"])["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|source| source["url"].as_str().unwrap().to_owned())
        .collect();
    let (rotten, sound): (Vec<_>, Vec<_>) =
        paths.iter().partition(|path| path.ends_with("-640.webp"));
    rot(server.folder.path(), "image_file", "content", "width = 640 and kind = 'webp'");
    let response = server.get(rotten[0]).await;
    problem(response, 503).await;
    for path in sound {
        assert_eq!(server.get(path).await.status(), StatusCode::OK, "{path}");
    }
    // As docs/operations.md says: made again from the original.
    sql::change(server.folder.path(), "update image set digest = null, version = '', due_at = 0");
    looked_at(server.folder.path(), 0).await;
    assert_eq!(server.get(rotten[0]).await.status(), StatusCode::OK);
    server.stop().await;
}

#[tokio::test]
async fn a_picture_that_is_cut_short_while_it_is_sent_is_seen_to_be() {
    const LENGTH: usize = 32 << 20;
    let folder = folder_with("large.jpg", &vec![7; LENGTH]);
    save(folder.path(), &[article("a")]).await;
    let server = Server::over(folder, "0.1.0-test").await;
    let mut reader = TcpStream::connect(server.url.strip_prefix("http://").unwrap()).await.unwrap();
    let request = "GET /media/large.jpg HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    reader.write_all(request.as_bytes()).await.unwrap();
    let mut begun = vec![0; 64 << 10];
    reader.read_exact(&mut begun).await.unwrap();
    assert!(begun.starts_with(b"HTTP/1.1 200 "));
    let file = server.folder.path().join("media/large.jpg");
    let mut file = std::fs::File::create(file).unwrap();
    file.write_all(b"another").unwrap();
    let mut rest = Vec::new();
    // An error, or an end before the length that was said: browsers show no such picture, and keep none.
    let _ = reader.read_to_end(&mut rest).await;
    assert!(begun.len() + rest.len() < LENGTH);
    let again = server.get("/media/large.jpg").await;
    assert_eq!(again.bytes().await.unwrap(), "another", "a publisher may replace a picture");
    server.stop().await;
}
