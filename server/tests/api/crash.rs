//! A server that is killed under load, again and again: what it has acknowledged is counted, once.
//!
//! The seed repeats the moments of a run, as far as the machine's own scheduling lets it.

use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use reqwest::Client;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use crate::process::Process;
use crate::seed::Random;
use crate::support::{article, save, totals};
use crate::{postgres, sql};

/// Clients that send at a time.
const CLIENTS: usize = 32;
/// A server is killed after at most as many acknowledgements …
const ACKNOWLEDGED: u64 = 1_500;
/// … and as many microseconds.
const MICROSECONDS: u64 = 5_000;
/// How long those acknowledgements may take.
const PATIENCE: Duration = Duration::from_secs(60);

static AGENTS: LazyLock<Vec<&str>> =
    LazyLock::new(|| include_str!("../data/browsers.txt").lines().collect());

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_server_has_acknowledged_is_counted_once() {
    crash(3).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "long: fifty servers are killed"]
async fn what_fifty_killed_servers_have_acknowledged_is_counted_once() {
    crash(50).await;
}

/// Readers, each with an address of its own, and what became of their views.
#[derive(Default)]
struct Load {
    /// Numbers given to readers so far.
    readers: AtomicUsize,
    acknowledged: AtomicUsize,
    /// Something was acknowledged.
    news: Notify,
}

/// One client's views, by their readers' numbers.
#[derive(Default)]
struct Views {
    acknowledged: Vec<usize>,
    /// Sent to a server that died: counted or not, nobody knows.
    open: Option<usize>,
}

async fn crash(rounds: usize) {
    let mut random = Random::seeded();
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let load = Arc::new(Load::default());
    let mut clients: Vec<Views> = (0..CLIENTS).map(|_| Views::default()).collect();
    for _ in 0..rounds {
        let server = Process::start(folder.path(), &[]);
        let sending = start(&load, &server.url, clients);
        let enough = load.acknowledged.load(Ordering::Relaxed)
            + usize::try_from(random.below(ACKNOWLEDGED)).unwrap();
        let acknowledging = load.acknowledge(enough);
        timeout(PATIENCE, acknowledging).await.expect("a server that lives answers");
        // Not a wait for anything: the moment is to be any, and not just after an answer.
        sleep(Duration::from_micros(random.below(MICROSECONDS))).await;
        server.kill();
        clients = sending.join_all().await;
    }
    let server = Process::start(folder.path(), &[]);
    let ids = send_again(&server.url, clients).await;
    server.stop();
    report(folder.path(), ids).await;
}

fn start(load: &Arc<Load>, url: &str, clients: Vec<Views>) -> JoinSet<Views> {
    let mut sending = JoinSet::new();
    for views in clients {
        let (load, url) = (load.clone(), url.to_owned());
        sending.spawn(async move { load.send_until_it_dies(&url, views).await });
    }
    sending
}

impl Load {
    /// What is open first, under its old id; then new views, until there is no answer any more.
    async fn send_until_it_dies(&self, url: &str, mut views: Views) -> Views {
        let client = Client::new();
        loop {
            let reader = views.open.unwrap_or_else(|| self.readers.fetch_add(1, Ordering::Relaxed));
            match send(&client, url, reader).await {
                Some(_) => views.acknowledged.push(reader),
                None => return Views { open: Some(reader), ..views },
            }
            views.open = None;
            self.acknowledged.fetch_add(1, Ordering::Relaxed);
            self.news.notify_one();
        }
    }

    /// Waits until there are so many acknowledgements.
    async fn acknowledge(&self, enough: usize) {
        while self.acknowledged.load(Ordering::Relaxed) < enough {
            self.news.notified().await;
        }
    }
}

/// What became of the reader's view; nothing where the server died meanwhile.
async fn send(client: &Client, url: &str, reader: usize) -> Option<String> {
    let view = json!({ "article": "a", "view": id(reader), "page": "https://partner.example/" });
    let response = client
        .post(format!("{url}/v1/views"))
        .header("user-agent", AGENTS[reader % AGENTS.len()])
        .header("x-forwarded-for", address(reader).to_string())
        .body(view.to_string())
        .send()
        .await
        .ok()?;
    assert_eq!(response.status(), 202);
    let taken: Value = response.json().await.ok()?;
    Some(taken["outcome"].as_str().unwrap().to_owned())
}

fn id(reader: usize) -> String {
    Uuid::from_u128(reader as u128 + (0x4a_u128 << 120)).to_string()
}

/// One of 16 million.
fn address(reader: usize) -> Ipv4Addr {
    Ipv4Addr::from_bits(0x0b00_0000 + u32::try_from(reader).unwrap())
}

/// What became of each view that had been acknowledged, when it is sent once more; before that, what is
/// open is brought to its end.
async fn send_again(url: &str, clients: Vec<Views>) -> Vec<String> {
    let mut sending = JoinSet::new();
    for mut views in clients {
        let url = url.to_owned();
        sending.spawn(async move {
            let client = Client::new();
            if let Some(reader) = views.open {
                send(&client, &url, reader).await.unwrap();
                views.acknowledged.push(reader);
            }
            let mut outcomes = Vec::new();
            for reader in views.acknowledged {
                outcomes.push(send(&client, &url, reader).await.unwrap());
            }
            outcomes
        });
    }
    sending.join_all().await.concat()
}

async fn report(folder: &Path, outcomes: Vec<String>) {
    let acknowledged = outcomes.len() as u64;
    // An id that is known is raised; one that was lost counts only now.
    let lost = outcomes.iter().filter(|outcome| *outcome != "raised").count() as u64;
    let of_a = totals(folder, "a").await;
    let (counted, doubled) = (of_a.views - lost, of_a.views.saturating_sub(acknowledged));
    let integrity = integrity(folder);
    println!(
        "{acknowledged} views acknowledged, {counted} counted, {lost} lost, {doubled} doubled, \
         integrity {integrity}"
    );
    assert_eq!((lost, doubled, &*integrity), (0, 0, "ok"));
    assert_eq!((of_a.raw, of_a.views, of_a.readers), (acknowledged, acknowledged, acknowledged));
}

/// What SQLite says of its file. A process that dies has no hand in PostgreSQL's.
fn integrity(folder: &Path) -> String {
    if postgres::is_meant() { "ok".to_owned() } else { sql::text(folder, "pragma integrity_check") }
}
