//! The primary of three databases ends under load from three servers: nothing that was acknowledged is lost or
//! doubled, reads go on, and writes do within half a minute.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_postgres::NoTls;
use uuid::Uuid;

use crate::letter::filled_in;
use crate::process::Process;
use crate::support::{article, save_to};
use patroni::Patroni;

mod patroni;

/// Clients that send at a time.
const CLIENTS: usize = 12;
/// What is promised.
const BACK_WITHIN: Duration = Duration::from_secs(30);
/// Load before the end of the primary, and after it.
const BEFORE: Duration = Duration::from_secs(5);
const AFTER: Duration = Duration::from_secs(45);
const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// What readers send, each from an address of its own, until it is acknowledged.
struct Load {
    urls: Vec<String>,
    readers: AtomicUsize,
    ends: AtomicBool,
}

/// What was acknowledged.
#[derive(Default)]
struct Acknowledged {
    views: u64,
    shares: u64,
    letters: u64,
    /// When.
    at: Vec<Instant>,
    /// Answers that told the reader to come again.
    later: u64,
}

impl Load {
    async fn run(self: Arc<Self>) -> Acknowledged {
        let client = Client::builder().timeout(Duration::from_secs(20)).build().unwrap();
        let mut acknowledged = Acknowledged::default();
        while !self.ends.load(Ordering::Relaxed) {
            let reader = self.readers.fetch_add(1, Ordering::Relaxed);
            let (path, body) = report(reader);
            self.send(&client, path, &body, reader, &mut acknowledged).await;
            match path {
                "/v1/views" => acknowledged.views += 1,
                "/v1/shares" => acknowledged.shares += 1,
                _ => acknowledged.letters += 1,
            }
        }
        acknowledged
    }

    /// Under the same id, to one server after another, as a balancer would send it.
    async fn send(
        &self,
        client: &Client,
        path: &str,
        body: &Value,
        reader: usize,
        acknowledged: &mut Acknowledged,
    ) {
        for attempt in reader.. {
            let url = &self.urls[attempt % self.urls.len()];
            let request = client
                .post(format!("{url}{path}"))
                .header("user-agent", AGENT)
                .header("idempotency-key", id(reader))
                .header("x-forwarded-for", address(reader).to_string())
                .header("content-type", "application/json")
                .body(body.to_string());
            if let Ok(response) = request.send().await {
                let status = response.status();
                if status.is_success() {
                    acknowledged.at.push(Instant::now());
                    return;
                }
                assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
                assert!(response.headers().contains_key("retry-after"), "{path}");
                acknowledged.later += 1;
            }
            sleep(Duration::from_millis(200)).await;
        }
    }
}

/// Mostly views, and of every fifty reports a share and a letter.
fn report(reader: usize) -> (&'static str, Value) {
    let id = id(reader);
    match reader % 50 {
        10 => ("/v1/shares", json!({ "article": "a", "share": id, "channel": "copy" })),
        20 => {
            let mut letter = filled_in();
            letter["message"] = format!("Thư số {reader} gửi toà soạn.").into();
            ("/v1/feedback", letter)
        }
        _ => {
            ("/v1/views", json!({ "article": "a", "view": id, "page": "https://partner.example/" }))
        }
    }
}

fn id(reader: usize) -> String {
    Uuid::from_u128(reader as u128 + (0x4a_u128 << 120)).to_string()
}

/// One of 16 million.
fn address(reader: usize) -> Ipv4Addr {
    Ipv4Addr::from_bits(0x0b00_0000 + u32::try_from(reader).unwrap())
}

/// Reads from each server until told to end: how often, and what was no answer.
async fn read(load: Arc<Load>, url: String) -> (usize, Vec<String>) {
    let client = Client::builder().timeout(Duration::from_secs(20)).build().unwrap();
    let (mut reads, mut failures) = (0, Vec::new());
    while !load.ends.load(Ordering::Relaxed) {
        match client.get(format!("{url}/v1/embed/a")).send().await {
            Ok(response) if response.status() == 200 => {}
            Ok(response) => failures.push(response.status().to_string()),
            Err(error) => failures.push(error.to_string()),
        }
        reads += 1;
        sleep(Duration::from_millis(100)).await;
    }
    (reads, failures)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "long: three databases under Patroni, and the end of one"]
async fn when_the_primary_ends_nothing_is_lost_and_reads_go_on() {
    let mut patroni = Patroni::start().await;
    let (client, connection) =
        tokio_postgres::connect(&patroni.url("postgres"), NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute("create database news").await.unwrap();
    let (folder, url) = (tempfile::tempdir().unwrap(), patroni.url("news"));
    save_to(&url, &[article("a")]).await;
    let servers: Vec<Process> = (0..3).map(|_| Process::start_on(&url, folder.path())).collect();
    let urls: Vec<String> = servers.iter().map(|server| server.url.clone()).collect();

    let load = Arc::new(Load { urls, readers: AtomicUsize::new(0), ends: AtomicBool::new(false) });
    let (mut sending, mut reading) = (JoinSet::new(), JoinSet::new());
    (0..CLIENTS).for_each(|_| drop(sending.spawn(load.clone().run())));
    load.urls.iter().for_each(|url| drop(reading.spawn(read(load.clone(), url.clone()))));
    sleep(BEFORE).await;
    patroni.end_the_primary().await;
    let ended = Instant::now();
    sleep(AFTER).await;
    load.ends.store(true, Ordering::Relaxed);
    let all = sending.join_all().await;
    let reads = reading.join_all().await;

    // The longest time without any acknowledgement is the one in which there was no primary.
    let mut times: Vec<Instant> = all.iter().flat_map(|one| one.at.iter().copied()).collect();
    times.sort_unstable();
    let gaps = times.windows(2).map(|pair| pair[1] - pair[0]);
    let away = gaps.max().unwrap();
    let after = times.iter().filter(|time| **time > ended + BACK_WITHIN).count();
    let sum = |of: fn(&Acknowledged) -> u64| all.iter().map(of).sum::<u64>();
    let (views, shares, letters) =
        (sum(|one| one.views), sum(|one| one.shares), sum(|one| one.letters));
    let later = sum(|one| one.later);
    println!(
        "{views} views, {shares} shares and {letters} letters acknowledged; away for {:.1} s, in which {later} \
         reports were told to come again; {} reads",
        away.as_secs_f32(),
        reads.iter().map(|(reads, _)| reads).sum::<usize>(),
    );
    for (_, failures) in &reads {
        assert!(failures.is_empty(), "reads go on from memory: {failures:?}");
    }
    assert!(away < BACK_WITHIN && after > 0, "away for {away:?}");
    servers.into_iter().for_each(|server| drop(server.stop()));

    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    tokio::spawn(connection);
    for (kept, acknowledged) in [
        ("select count(*) from view_seen where counted", views),
        ("select sum(counted)::bigint from tally_hour", views),
        ("select sum(raw)::bigint from tally_hour", views),
        ("select sum(counted)::bigint from share_hour", shares),
        ("select count(*) from share_seen", shares),
        ("select count(*) from feedback", letters),
    ] {
        let row = client.query_one(kept, &[]).await.unwrap();
        assert_eq!(u64::try_from(row.get::<_, i64>(0)), Ok(acknowledged), "{kept}");
    }
}
