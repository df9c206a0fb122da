//! Commits that do not end keep nobody from reading.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_postgres::Client;
use uuid::Uuid;

use super::raw::{Raw, get, post};
use crate::cluster::Cluster;
use crate::load::becomes;
use crate::postgres;
use crate::process::Process;
use crate::support::{article, save_to};

const RATINGS: u32 = 60;
/// Articles that are read while commits end, and as many others while they do not.
const READS: usize = 40;
/// So many connections write at most, …
const WRITING: usize = 6;
/// … and so many there are in all.
const CONNECTIONS: usize = 16;
/// What is waited for comes sooner.
const PATIENCE: Duration = Duration::from_secs(60);

/// Sends a rating from a place of its own and waits: the status, and whether it says when to come back.
async fn rate(url: String, number: u32) -> (String, bool) {
    let (id, page) = (Uuid::new_v4().to_string(), "https://partner.example/");
    let rating = json!({ "article": "read-0", "rating": id, "page": page, "useful": true });
    report(url, "/v1/ratings", rating, number).await
}

/// The same with a view.
async fn view(url: String, number: u32) -> (String, bool) {
    let (id, page) = (Uuid::new_v4().to_string(), "https://partner.example/");
    report(url, "/v1/views", json!({ "article": "read-0", "view": id, "page": page }), number).await
}

async fn report(url: String, path: &str, body: Value, number: u32) -> (String, bool) {
    let mut connection = Raw::connect(&url).await;
    assert!(connection.send(post(path, number, &body)).await);
    connection.told().await
}

/// Reads articles that nobody has read before: the longest time until an answer.
async fn read(url: &str, kind: &str) -> Duration {
    let mut connection = Raw::connect(url).await;
    let mut longest = Duration::ZERO;
    for number in 0..READS {
        let path = [format!("/a/{kind}-{number}"), format!("/v1/embed/{kind}-{number}")];
        let begun = Instant::now();
        assert!(connection.send(get(&path[number % 2])).await);
        let head = connection.head().await.expect("an answer");
        longest = longest.max(begun.elapsed());
        assert!(head.starts_with("HTTP/1.1 200 "), "{path:?} after {longest:?}: {head}");
    }
    longest
}

/// Has commits wait for a standby of this name, or for none.
async fn wait_for_standby(admin: &Client, name: &str) {
    let set = format!("alter system set synchronous_standby_names = '{name}'");
    admin.batch_execute(&set).await.unwrap();
    admin.batch_execute("select pg_reload_conf()").await.unwrap();
}

/// Waits until this many commits wait for a standby.
async fn commits_wait(admin: &Client, count: usize) {
    let sql = "select count(*) from pg_stat_activity where wait_event = 'SyncRep'";
    let waiting = async {
        while postgres_count(admin, sql).await < count {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, waiting).await.expect("commits wait");
}

async fn postgres_count(admin: &Client, sql: &str) -> usize {
    admin.query_one(sql, &[]).await.unwrap().get::<_, i64>(0).try_into().unwrap()
}

/// Commits until one waits: a setting that is read again is so a moment later.
async fn commit_for_ever(client: Client) {
    loop {
        client.batch_execute("create table waits (); drop table waits").await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ratings_whose_commits_wait_for_a_standby_keep_no_reader_waiting() {
    if !postgres::is_meant() {
        eprintln!(
            "skipped: `cargo xtask test` starts a PostgreSQL for this, and tells by a variable"
        );
        return;
    }
    // One of its own: its commits are to stand still.
    let cluster = Cluster::start_in_memory(&["fsync=off"]).unwrap();
    let admin = postgres::connect(&cluster.url("postgres")).await;
    admin.batch_execute("create database news").await.unwrap();
    let (folder, database) = (tempfile::tempdir().unwrap(), cluster.url("news"));
    let named = |kind: &str| {
        (0..READS).map(|number| article(&format!("{kind}-{number}"))).collect::<Vec<_>>()
    };
    save_to(&database, &[named("usual"), named("read")].concat()).await;
    let server = Process::start_on(&database, folder.path());
    let usual = read(&server.url, "usual").await;

    wait_for_standby(&admin, "nobody").await;
    let other = postgres::connect(&cluster.url("postgres")).await;
    let committing = tokio::spawn(commit_for_ever(other));
    commits_wait(&admin, 1).await;
    let counting = tokio::spawn(view(server.url.clone(), RATINGS));
    commits_wait(&admin, 2).await;
    let mut ratings = JoinSet::new();
    for number in 0..RATINGS {
        ratings.spawn(rate(server.url.clone(), number));
    }
    commits_wait(&admin, 1 + WRITING).await;
    let begun = Instant::now();
    let beside = read(&server.url, "read").await;
    let mut answers = Vec::new();
    // Those that hold no connection learn soon that they have to come again.
    while answers.len() <= RATINGS as usize - WRITING {
        answers.push(timeout(PATIENCE, ratings.join_next()).await.unwrap().unwrap().unwrap());
    }
    let soon = begun.elapsed();
    becomes(&server.url, StatusCode::SERVICE_UNAVAILABLE).await;
    // The view is given up, and its connection is not: what the database does for it goes on.
    let told = ("503".to_owned(), true);
    assert_eq!(counting.await.unwrap(), told);
    assert_eq!(view(server.url.clone(), RATINGS + 1).await, told);
    let ours = "select count(*) from pg_stat_activity where datname = 'news'";
    let held = postgres_count(&admin, ours).await;
    assert!(held <= CONNECTIONS, "{held} connections");
    committing.abort();
    wait_for_standby(&admin, "").await;
    answers.extend(ratings.join_all().await);
    becomes(&server.url, StatusCode::OK).await;

    let taken = answers.iter().filter(|(status, _)| status == "202").count();
    let refused = answers.iter().filter(|(status, says)| status == "503" && *says).count();
    println!(
        "longest {usual:?} without, {beside:?} beside; {taken} taken, others told in {soon:?}"
    );
    assert_eq!(taken + refused, RATINGS as usize, "an honest answer for each: {answers:?}");
    assert!(beside < Duration::from_secs(1).max(5 * usual), "{beside:?}, {usual:?} without");
    assert!(soon < Duration::from_secs(10), "{soon:?}");
    server.stop();
    let kept = postgres::number(&database, "select count(*) from rating").await;
    assert!(kept >= taken, "what was taken is there: {taken} of {kept}");
}
