//! A copy of a database that is in use.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use article_server::store::{self, Outcome, Store, View};

use crate::support::*;

/// Enough that a copy is never made before or after all of them.
const BEFORE: u32 = 500;

/// A view whose id, reader and address follow from its number.
fn numbered(number: u32) -> View {
    let mut view = view("a", 0xa5, NOON);
    view.view = u128::from(number).to_be_bytes();
    view.reader.today[..4].copy_from_slice(&number.to_be_bytes());
    view.reader.yesterday[..4].copy_from_slice(&number.to_be_bytes());
    view.reader.place = place_of(number);
    view
}

fn place_of(number: u32) -> [u8; 8] {
    let mut place = *b"place...";
    place[4..].copy_from_slice(&number.to_be_bytes());
    place
}

/// Copies `database` into the folder of a new one.
async fn copy(database: &Database) -> Database {
    let copy = Database::new();
    let url = format!("sqlite:{}", database.path());
    store::backup(&url, Path::new(&copy.path())).await.unwrap();
    copy
}

async fn record_until(store: Arc<dyn Store>, done: Arc<AtomicBool>) {
    let mut number = BEFORE;
    while !done.load(Ordering::Relaxed) {
        assert_eq!(record(&*store, &numbered(number)).await, COUNTED);
        number += 1;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_made_while_views_come_is_the_database_at_one_moment_without_its_readers() {
    if is_elsewhere() {
        return;
    }
    let database = Database::new();
    let store = database.with_articles(&["a"]).await;
    let salts = [salt(&*store, TODAY - 1).await, salt(&*store, TODAY).await];
    store.record_views((0..BEFORE).map(numbered).collect()).await.unwrap();
    let before = totals(&*store, "a").await;

    let done = Arc::new(AtomicBool::new(false));
    let recording = tokio::spawn(record_until(store.clone(), done.clone()));
    let copy = copy(&database).await;
    done.store(true, Ordering::Relaxed);
    recording.await.unwrap();
    let after = totals(&*store, "a").await;

    let keys = [&key(0xa5, TODAY)[4..], &place_of(0)[..], &salts[0], &salts[1]];
    for key in keys {
        assert!(database.holds(key).await, "the search finds what is there");
        assert!(!copy.holds(key).await, "{key:?}");
    }
    assert_eq!(std::fs::read_dir(copy.folder.path()).unwrap().count(), 1, "one file");

    let restored = copy.open().await;
    let then = totals(&*restored, "a").await;
    assert!((before.views..=after.views).contains(&then.views), "{then:?}");
    assert_eq!((then.raw, then.readers), (then.views, then.views));
    for number in [0, BEFORE - 1] {
        assert_eq!(record(&*restored, &numbered(number)).await, Outcome::Raised);
    }
    assert_eq!(totals(&*restored, "a").await, then);
    assert!(salt(&*restored, TODAY).await != salts[1]);
}

#[tokio::test]
async fn a_copy_has_the_articles_and_keys_of_the_installation_and_its_partners() {
    if is_elsewhere() {
        return;
    }
    let database = Database::new();
    let store = database.with_articles(&["a", "b"]).await;
    let signing_key = store.signing_key().await.unwrap();
    record(&*store, &view("b", 1, NOON)).await;
    let copy = copy(&database).await;
    let restored = copy.open().await;
    assert_eq!(restored.article(&id("a")).await.unwrap().unwrap().id(), &id("a"));
    assert_eq!(restored.signing_key().await.unwrap(), signing_key);
    let partner = restored.partner_by_mark("f-1wh5o").await.unwrap();
    assert_eq!(partner.as_deref(), Some("https://partner.example"));
    assert_eq!(restored.standings(0).await.unwrap().totals[0].views, 1);
}

#[tokio::test]
async fn a_copy_replaces_no_file_and_a_copy_that_fails_leaves_none() {
    if is_elsewhere() {
        return;
    }
    let database = Database::new();
    drop(database.with_articles(&["a"]).await);
    let url = format!("sqlite:{}", database.path());
    let existing = store::backup(&url, Path::new(&database.path())).await.unwrap_err();
    assert!(format!("{existing:#}").ends_with("is there already"), "{existing:#}");

    let empty = Database::new();
    let target = empty.folder.path().join("copy.db");
    let missing = store::backup(&format!("sqlite:{}", empty.path()), &target).await.unwrap_err();
    assert!(format!("{missing:#}").starts_with("cannot open the database"), "{missing:#}");
    std::fs::write(
        empty.path(),
        b"no database, but longer than its header would have to be ......",
    )
    .unwrap();
    store::backup(&format!("sqlite:{}", empty.path()), &target).await.unwrap_err();
    std::fs::write(empty.path(), b"").unwrap();
    let other = store::backup(&format!("sqlite:{}", empty.path()), &target).await.unwrap_err();
    assert!(format!("{other:#}").contains("another version"), "{other:#}");
    assert_eq!(std::fs::read_dir(empty.folder.path()).unwrap().count(), 1, "what it began is gone");
}
