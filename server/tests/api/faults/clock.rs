//! The machine's clock jumps while a server runs: `libfaketime` gives it another one.

use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::letter::new_key;
use crate::load::{AGENT, Load, becomes};
use crate::postgres;
use crate::process::Process;
use crate::support::{article, database_url, save};

/// Lists are made again within as long.
const SOON: Duration = Duration::from_secs(60);

/// Where Debian puts it; none where it is not installed, which it says.
fn library() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let mut libraries = folders.map(|folder| folder.path().join("faketime/libfaketimeMT.so.1"));
    let library = libraries.find(|library| library.is_file());
    if library.is_none() {
        eprintln!("skipped: there is no libfaketime");
    }
    library
}

/// From now on the server's clock is so many seconds beside the machine's.
fn set(folder: &Path, seconds: i64) {
    std::fs::write(folder.join("clock.new"), format!("{seconds:+}\n")).unwrap();
    std::fs::rename(folder.join("clock.new"), folder.join("clock")).unwrap();
}

/// When the most-read list was made, as the server's clock said.
async fn list_made_at(url: &str) -> i64 {
    let list: Value =
        reqwest::get(format!("{url}/v1/most-read?window=24h")).await.unwrap().json().await.unwrap();
    let made: jiff::Timestamp = list["computed_at"].as_str().unwrap().parse().unwrap();
    made.as_second() - jiff::Timestamp::now().as_second()
}

/// Waits until lists are made by a clock that is so many seconds beside the machine's: the job of it goes on.
async fn jobs_go_on(url: &str, seconds: i64) {
    let looking = async {
        while (list_made_at(url).await - seconds).abs() > 15 {
            sleep(Duration::from_millis(200)).await;
        }
    };
    timeout(SOON, looking).await.expect("jobs go on");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "long: a clock jumps to and fro"]
async fn a_clock_that_jumps_loses_nothing_doubles_nothing_and_stops_no_job() {
    let Some(library) = library() else { return };
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a"), article("b"), article("c")]).await;
    set(folder.path(), 0);
    let clock = folder.path().join("clock");
    let server = Process::start_under(
        &["env"],
        folder.path(),
        &[
            ("LD_PRELOAD", library.to_str().unwrap()),
            ("FAKETIME_TIMESTAMP_FILE", clock.to_str().unwrap()),
            ("FAKETIME_CACHE_DURATION", "1"),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ],
    );
    // With what the load is about, enough for a list.
    for article in ["b", "c"] {
        let view = json!({ "article": article, "view": new_key(), "page": "" });
        let sent = Client::new().post(format!("{}/v1/views", server.url)).body(view.to_string());
        let sent = sent.header("user-agent", AGENT).header("x-forwarded-for", "192.0.2.7");
        assert_eq!(sent.send().await.unwrap().status(), StatusCode::ACCEPTED);
    }
    let sending = Load::start(vec![server.url.clone()]).with_readers();
    sending.load.acknowledge(100).await;
    for seconds in [-3600, 0, 3600, -3600, 0] {
        set(folder.path(), seconds);
        if postgres::is_meant() && seconds != 0 {
            // A server whose clock is not the database's counts nothing, and says so.
            sending.load.refuse(20).await;
            becomes(&server.url, StatusCode::SERVICE_UNAVAILABLE).await;
        } else {
            sending.load.acknowledge(200).await;
            becomes(&server.url, StatusCode::OK).await;
            jobs_go_on(&server.url, seconds).await;
        }
    }
    let all = sending.end().await;
    assert!(all.unread.is_empty(), "articles are read meanwhile: {:?}", all.unread);
    all.is_known_at(&server.url).await;
    let log = String::from_utf8(server.stop()).unwrap();
    assert!(!log.contains("panic"), "{log}");
    all.is_all_in(&database_url(folder.path())).await;
}
