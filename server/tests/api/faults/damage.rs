//! Pages of SQLite's file that a disk has written over: wherever they are, nobody is told what is not so, and the server
//! lives.

use std::os::unix::fs::FileExt as _;
use std::path::Path;

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::letter::new_key;
use crate::postgres::is_elsewhere;
use crate::process::{Process, database, run};
use crate::seed::Random;
use crate::sql;
use crate::support::{Server, article, save};

const PAGE: u64 = 4096;
const ARTICLES: usize = 40;

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_was_written_over_is_said_and_never_served() {
    if !is_elsewhere() {
        overwrite(3).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "long: forty files with a damaged page each"]
async fn forty_pages_that_were_written_over_are_said_and_never_served() {
    if !is_elsewhere() {
        overwrite(40).await;
    }
}

async fn overwrite(rounds: usize) {
    let mut random = Random::seeded();
    let folder = tempfile::tempdir().unwrap();
    let articles: Vec<Value> = (0..ARTICLES).map(|no| article(&format!("a{no}"))).collect();
    save(folder.path(), &articles).await;
    let folder = Server::over(folder, "0.0.9-old").await.stop().await;
    // A page that nothing is on is nobody's to miss.
    sql::run(folder.path(), "vacuum; pragma wal_checkpoint(truncate)");
    let sound = std::fs::read(database(folder.path())).unwrap();
    for _ in 0..rounds {
        let copy = tempfile::tempdir().unwrap();
        std::fs::write(database(copy.path()), &sound).unwrap();
        // Not the first, without which it is no database.
        let page = 1 + random.below(sound.len() as u64 / PAGE - 1);
        let garbage: Vec<u8> = (0..PAGE).map(|_| random.below(256) as u8).collect();
        let file = std::fs::File::options().write(true).open(database(copy.path())).unwrap();
        file.write_all_at(&garbage, page * PAGE).unwrap();
        drop(file);
        println!("page {page}");
        look(copy.path()).await;
    }
}

async fn look(folder: &Path) {
    let checked = run("check", folder, &["--controller", "Báo"]);
    let said = String::from_utf8(checked.stdout).unwrap();
    assert!(said.contains("error    database:") && !checked.status.success(), "{said}");
    let Some(server) = Process::start_if_possible(folder) else { return };
    let client = Client::new();
    let get = async |path: &str| {
        let response = client.get(format!("{}{path}", server.url)).send().await.unwrap();
        let status = response.status();
        let is_honest = matches!(status, StatusCode::OK | StatusCode::SERVICE_UNAVAILABLE);
        assert!(is_honest || status == StatusCode::NOT_FOUND, "{path}: {status}");
        (status, response.bytes().await.unwrap())
    };
    for (name, content) in [("embed.js", "loader of 0.0.9-old"), ("widget.wasm", "wasm")] {
        let (status, served) = get(&format!("/v/0.0.9-old/{name}")).await;
        assert!(status != StatusCode::OK || served == content, "{name}");
    }
    for no in 0..ARTICLES {
        let (status, served) = get(&format!("/v1/articles/a{no}")).await;
        let is_it = || serde_json::from_slice::<Value>(&served).unwrap()["id"] == format!("a{no}");
        assert!(status != StatusCode::OK || is_it(), "a{no}");
        let view = json!({ "article": format!("a{no}"), "view": new_key(), "page": "" });
        let sent = client.post(format!("{}/v1/views", server.url)).body(view.to_string());
        let status = sent.send().await.unwrap().status();
        let is_honest = [StatusCode::ACCEPTED, StatusCode::SERVICE_UNAVAILABLE].contains(&status);
        assert!(is_honest || status == StatusCode::NOT_FOUND, "a view of a{no}: {status}");
    }
    assert_eq!(get("/healthz").await.0, StatusCode::OK, "it lives");
    server.kill();
}
