//! A disk that fills up. The limit is a real one, of the system on the size of a file, set for a child
//! process: this same test, started again.
#![cfg(unix)]

use std::env;
use std::process::Command;

use article_server::store::{StoreError, View};

use crate::support::*;

const FOLDER: &str = "ARTICLE_TEST_FULL_DISK";

#[test]
fn a_full_disk_acknowledges_nothing_and_what_it_refused_counts_later() {
    if is_elsewhere() {
        return;
    }
    let database = Database::new();
    // The signal that comes with the limit is ignored, so that writing fails as on a full disk.
    let child = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 2000; exec \"$0\" \"$@\""])
        .arg(env::current_exe().unwrap())
        .args(["disk::child_fills_the_disk", "--exact", "--ignored", "--nocapture"])
        .env(FOLDER, database.folder.path())
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success(), "{output}\n{}", String::from_utf8_lossy(&child.stderr));
    let acknowledged = output.lines().find_map(|line| line.strip_prefix("acknowledged "));
    let acknowledged: u64 = acknowledged.unwrap().parse().unwrap();
    assert!(acknowledged > 0);

    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = database.open().await;
        assert_eq!(totals(&*store, "a").await.raw, acknowledged);
        let refused = batch(acknowledged);
        assert_eq!(store.record_views(refused.clone()).await.unwrap()[0], COUNTED);
        assert_eq!(totals(&*store, "a").await.raw, acknowledged + refused.len() as u64);
    });
}

#[tokio::test]
#[ignore = "runs only as a child of the test above"]
async fn child_fills_the_disk() {
    let Ok(folder) = env::var(FOLDER) else { return };
    let store =
        article_server::store::open(&format!("sqlite:{folder}/articles.db"), &utc()).await.unwrap();
    save(&*store, &[("a", "")]).await;
    let mut acknowledged = 0;
    loop {
        let batch = batch(acknowledged);
        match store.record_views(batch.clone()).await {
            Ok(outcomes) => acknowledged += outcomes.len() as u64,
            Err(StoreError::Unavailable(_)) => match store.record_views(batch).await {
                // What was refused was to sum up too; without that, this one still had room.
                Ok(outcomes) => acknowledged += outcomes.len() as u64,
                Err(_) => break,
            },
            Err(error) => panic!("{error}"),
        }
    }
    // What was acknowledged is on the disk, but there may be no room to sum it up.
    match store.totals(&id("a")).await {
        Ok(totals) => assert_eq!(totals.raw, acknowledged),
        Err(error) => assert!(matches!(error, StoreError::Unavailable(_)), "{error}"),
    }
    println!("\nacknowledged {acknowledged}");
}

/// 200 views whose ids and readers follow from their numbers, from `first` on.
fn batch(first: u64) -> Vec<View> {
    (first..first + 200)
        .map(|number| {
            let mut view = view("a", 1, NOON);
            view.view = u128::from(number).to_be_bytes();
            view.reader.today = (u128::from(number) + (1 << 100)).to_be_bytes();
            view.reader.yesterday = (u128::from(number) + (1 << 101)).to_be_bytes();
            view.reader.place = number.to_be_bytes();
            view
        })
        .collect()
}
