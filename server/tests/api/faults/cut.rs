//! The network between a server and PostgreSQL, cut in the middle of requests.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use tempfile::TempDir;
use tokio::time::sleep;

use super::proxy::{Fault, Proxy};
use crate::cluster::Cluster;
use crate::load::{Load, becomes};
use crate::postgres;
use crate::process::Process;
use crate::seed::Random;
use crate::support::{article, database_url, save_to};

/// For how many milliseconds the network is cut, at most: some outlast what a server waits for, some do not.
const LONGEST: u64 = 4_000;
/// A server finds out within as long that its database is back.
const BACK_WITHIN: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_over_a_network_that_was_cut_is_there_once() {
    if !postgres::is_meant() {
        eprintln!("skipped: nothing is between a server and SQLite's file");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let url = database_url(folder.path());
    cut(folder, url, 5).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "long: a network is cut forty times"]
async fn what_was_acknowledged_over_forty_cuts_is_there_once() {
    let folder = tempfile::tempdir().unwrap();
    let cluster = Cluster::start(&["fsync=off"]).unwrap();
    let postgres = postgres::connect(&cluster.url("postgres")).await;
    postgres.batch_execute("create database news").await.unwrap();
    let url = cluster.url("news");
    cut(folder, url, 40).await;
}

async fn cut(folder: TempDir, url: String, rounds: usize) {
    let mut random = Random::seeded();
    save_to(&url, &[article("a")]).await;
    let (place, name) = url.strip_prefix("postgres://postgres@").unwrap().split_once('/').unwrap();
    let proxy = Proxy::start(place.to_owned()).await;
    let through = format!("postgres://postgres@{}/{name}", proxy.address);
    let server = Process::start_on(&through, folder.path());
    let sending = Load::start(vec![server.url.clone()]).with_readers();
    for round in 0..rounds {
        sending.load.acknowledge(usize::try_from(random.below(300)).unwrap()).await;
        let fault = fault(&mut random);
        let held = Duration::from_millis(random.below(LONGEST));
        println!("{round}: {fault:?} for {held:?}");
        proxy.set(fault);
        // Not a wait for anything: the network is away for as long.
        sleep(held).await;
        proxy.set(Fault::None);
    }
    // A database that takes questions and answers none, for longer than anybody waits.
    proxy.set(Fault::Frozen);
    becomes(&server.url, StatusCode::SERVICE_UNAVAILABLE).await;
    sending.load.refuse(20).await;
    proxy.set(Fault::Reset);
    becomes(&server.url, StatusCode::SERVICE_UNAVAILABLE).await;
    sending.load.refuse(20).await;
    proxy.set(Fault::None);
    let back = Instant::now();
    becomes(&server.url, StatusCode::OK).await;
    sending.load.acknowledge(100).await;
    assert!(back.elapsed() < BACK_WITHIN, "back after {:?}", back.elapsed());
    let all = sending.end().await;
    assert!(all.unread.is_empty(), "reads go on from memory: {:?}", all.unread);
    all.is_known_at(&server.url).await;
    server.stop();
    all.is_all_in(&url).await;
}

fn fault(random: &mut Random) -> Fault {
    let bytes = usize::try_from(random.below(600)).unwrap();
    match random.below(5) {
        0 => Fault::Reset,
        1 => Fault::HalfClosed,
        2 => Fault::Frozen,
        3 => Fault::AnswersEnd(bytes),
        _ => Fault::QuestionsEnd(bytes),
    }
}
