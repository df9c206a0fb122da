//! Until when the certificate is valid, as figures and log say it.

use std::time::Duration;

use jiff::civil::DateTime;
use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use tokio::time::{sleep, timeout};

use super::raw::PATIENCE;
use super::secure::Identity;
use crate::process::Process;
use crate::support::{article, save};

const LISTEN: [&str; 2] = ["--metrics-listen", "127.0.0.1:0"];

/// The end that the server shows; none where it shows none.
async fn end(url: &str) -> Option<i64> {
    let figures = reqwest::get(format!("{url}/metrics")).await.unwrap().text().await.unwrap();
    let name = "article_tls_certificate_not_after_seconds";
    let line = figures.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.trim_start_matches("{}").trim().parse().unwrap())
}

/// Polled, for it is a job of the server's.
async fn comes_to_be(url: &str, expected: i64) {
    let shown = async {
        while end(url).await != Some(expected) {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, shown).await.expect("it is shown");
}

#[tokio::test(flavor = "multi_thread")]
async fn its_end_is_shown_and_said_once_where_it_is_soon() {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let today: DateTime = TimeZone::UTC.to_datetime(Timestamp::now());
    let midnight = |days: i64| {
        let date = today.date().checked_add(days.days()).unwrap();
        let start = TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).unwrap();
        (date, start.as_second())
    };
    let ((soon, soon_at), (later, later_at)) = (midnight(10), midnight(90));
    let first = Identity::until(folder.path(), "first", soon);
    let server = Process::start(folder.path(), &[&LISTEN[..], &first.options()].concat());
    let url = server.operating_url();
    let line = server.said("the certificate ends soon");
    assert!(line.contains("\"days\":") && line.contains("WARN"), "{line}");
    comes_to_be(&url, soon_at).await;
    Identity::until(folder.path(), "second", later).replace(&first.files);
    // Some looks later.
    comes_to_be(&url, later_at).await;
    let log = String::from_utf8(server.stop()).unwrap();
    assert_eq!(log.matches("the certificate ends soon").count(), 1, "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_there_is_none_there_is_no_end() {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let server = Process::start(folder.path(), &LISTEN);
    assert_eq!(end(&server.operating_url()).await, None);
    server.stop();
}
