//! The primary of three databases ends under load from three servers: nothing that was acknowledged is lost or
//! doubled, reads go on, and writes do within half a minute.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use tokio::time::sleep;
use tokio_postgres::NoTls;

use crate::load::{Load, becomes};
use crate::process::Process;
use crate::support::{article, save_to};
use patroni::Patroni;

mod patroni;

/// What is promised.
const BACK_WITHIN: Duration = Duration::from_secs(30);
/// Load before the end of the primary, and after it.
const BEFORE: Duration = Duration::from_secs(5);
const AFTER: Duration = Duration::from_secs(45);

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

    let sending = Load::start(urls).with_readers();
    sleep(BEFORE).await;
    patroni.end_the_primary().await;
    let ended = Instant::now();
    sleep(AFTER).await;
    let all = sending.end().await;

    assert!(all.unread.is_empty(), "reads go on from memory: {:?}", all.unread);
    // Each of them says when to come again (`Load`), and it was come again.
    assert!(all.later > 0, "somebody was told to come again");
    for (number, server) in servers.iter().enumerate() {
        // The longest time without any acknowledgement is the one in which there was no primary.
        let away = all.longest_silence_of(number);
        let is_back = all.at.iter().any(|(at, by)| *by == number && *at > ended + BACK_WITHIN);
        println!("server {number} was away for {:.1} s", away.as_secs_f32());
        assert!(away < BACK_WITHIN && is_back, "server {number} was away for {away:?}");
        becomes(&server.url, StatusCode::OK).await;
    }
    servers.into_iter().for_each(|server| drop(server.stop()));

    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    tokio::spawn(connection);
    for (kept, acknowledged) in [
        ("select count(*) from view_seen where counted", all.views),
        ("select sum(counted)::bigint from tally_hour", all.views),
        ("select sum(raw)::bigint from tally_hour", all.views),
        ("select sum(counted)::bigint from share_hour", all.shares),
        ("select count(*) from share_seen", all.shares),
        ("select count(*) from feedback", all.letters),
    ] {
        let row = client.query_one(kept, &[]).await.unwrap();
        assert_eq!(u64::try_from(row.get::<_, i64>(0)), Ok(acknowledged), "{kept}");
    }
}
