//! Writes that wait for the disk keep nobody from reading.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use article_server::serve::raise_limit_of_files;
use reqwest::StatusCode;
use serde_json::json;
use tokio::task::JoinSet;

use super::raw::{Raw, post};
use super::reads::{bound, p99};
use crate::load::becomes;
use crate::postgres::is_elsewhere;
use crate::process::{Process, database};
use crate::support::{article, save, totals};

const BEACONS: u32 = 2_000;

/// A view of a reader of its own.
fn view(number: u32) -> String {
    let id = uuid::Builder::from_random_bytes(u128::from(number + 1).to_be_bytes()).into_uuid();
    let view =
        json!({ "article": "a", "view": id.to_string(), "page": "https://partner.example/" });
    post("/v1/views", number, &view)
}

/// Sends a view and waits: the status, and whether it says when to come back.
async fn report(url: String, number: u32, sent: Arc<AtomicUsize>) -> (String, bool) {
    let mut connection = Raw::connect(&url).await;
    assert!(connection.send(view(number)).await);
    sent.fetch_add(1, Ordering::SeqCst);
    connection.told().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_views_that_wait_for_the_disk_keep_no_reader_waiting() {
    if is_elsewhere() {
        return;
    }
    raise_limit_of_files();
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let server = Process::start(folder.path(), &[]);
    let usual = p99(&server.url).await;
    let before = server.memory();

    // Another process writes, and does not come to an end.
    let other = rusqlite::Connection::open(database(folder.path())).unwrap();
    other.busy_timeout(Duration::from_secs(30)).unwrap();
    other.execute_batch("begin immediate").unwrap();
    let sent = Arc::new(AtomicUsize::new(0));
    let mut beacons = JoinSet::new();
    for number in 0..BEACONS {
        beacons.spawn(report(server.url.clone(), number, sent.clone()));
    }
    while sent.load(Ordering::SeqCst) < BEACONS as usize {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let beside = p99(&server.url).await;
    let grown = server.memory().saturating_sub(before);
    other.execute_batch("rollback").unwrap();

    let answers = beacons.join_all().await;
    let taken = answers.iter().filter(|(status, _)| status == "202").count();
    let refused = answers.iter().filter(|(status, says)| status == "503" && *says).count();
    println!("p99 {usual:?} without, {beside:?} beside; {taken} taken; {grown} bytes more");
    assert_eq!(taken + refused, BEACONS as usize, "an honest answer for each");
    assert!(beside < bound(usual), "{beside:?} beside them, {usual:?} without");
    assert!(grown < u64::from(BEACONS) * (64 << 10), "{grown} bytes more");
    server.stop();
    assert_eq!(totals(folder.path(), "a").await.views, taken as u64, "what was taken, and no more");
}

/// As long as it is held: who reads does not notice, who is to be counted is told to come again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_whose_file_another_holds_says_so_until_it_is_let_go() {
    if is_elsewhere() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let server = Process::start(folder.path(), &[]);
    let other = rusqlite::Connection::open(database(folder.path())).unwrap();
    other.busy_timeout(Duration::from_secs(30)).unwrap();
    other.execute_batch("begin immediate").unwrap();
    let count = || report(server.url.clone(), 0, Arc::default());
    assert_eq!(count().await, ("503".to_owned(), true));
    becomes(&server.url, StatusCode::SERVICE_UNAVAILABLE).await;
    let read = reqwest::get(format!("{}/v1/articles/a", server.url)).await.unwrap();
    assert_eq!(read.status(), StatusCode::OK);
    other.execute_batch("rollback").unwrap();
    becomes(&server.url, StatusCode::OK).await;
    assert_eq!(count().await.0, "202");
    server.stop();
    assert_eq!(totals(folder.path(), "a").await.views, 1);
}
