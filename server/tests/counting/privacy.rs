//! No reader is stored, and what stands for one does not outlive its day for long.

use article_server::client::Client;
use article_server::clock::ManualClock;
use article_server::store::Outcome;
use article_server::tally::{Settings, Tally};
use article_widget::contract::ViewReport;
use std::sync::Arc;
use uuid::Uuid;

use crate::support::*;

#[tokio::test]
async fn a_private_reader_is_deduplicated_and_leaves_no_key() {
    let database = Database::new();
    let store = database.with_articles(&["a"]).await;
    let private = |at| {
        let mut view = view("a", 0xa5, at);
        view.reader.private = true;
        view
    };
    assert_eq!(record(&*store, &private(NOON)).await, COUNTED_AGAIN);
    assert_eq!(record(&*store, &private(NOON + 1799)).await, Outcome::Repeat);
    assert_eq!(record(&*store, &private(NOON + 1800)).await, COUNTED_AGAIN);
    assert_eq!(totals(&*store, "a").await.readers, 0);
    assert_eq!(record(&*store, &view("a", 0x5a, NOON)).await, COUNTED);

    assert!(database.holds(&key(0x5a, TODAY)).await, "the search finds a key that is there");
    assert!(!database.holds(&key(0xa5, TODAY)).await);
    assert!(!database.holds(&[0xa5; 8]).await);
}

#[tokio::test]
async fn keys_and_salts_are_gone_from_every_file_when_their_day_is_over() {
    let database = Database::new();
    let store = database.with_articles(&["a"]).await;
    let first = salt(&*store, TODAY).await;
    record(&*store, &view("a", 1, NOON)).await;
    record(&*store, &view("a", 1, NOON + 86_400)).await;
    assert!(database.holds(&first).await && database.holds(&key(1, TODAY)).await);

    salt(&*store, TODAY + 1).await;
    store.forget_before(TODAY).await.unwrap();
    assert!(
        database.holds(&first).await && database.holds(&key(1, TODAY)).await,
        "yesterday's are still asked"
    );

    salt(&*store, TODAY + 2).await;
    store.forget_before(TODAY + 1).await.unwrap();
    assert!(!database.holds(&first).await && !database.holds(&key(1, TODAY)).await);
    assert!(database.holds(&key(1, TODAY + 1)).await);
    assert_eq!(totals(&*store, "a").await.views, 2, "counters stay");
}

#[tokio::test]
async fn what_a_clock_kept_that_was_ahead_is_gone_when_it_is_right_again() {
    let database = Database::new();
    let store = database.with_articles(&["a"]).await;
    let first = salt(&*store, TODAY).await;
    record(&*store, &view("a", 1, NOON)).await;
    let ahead = salt(&*store, TODAY + 300).await;
    record(&*store, &view("a", 1, NOON + 300 * 86_400)).await;
    assert!(database.holds(&ahead).await && database.holds(&key(1, TODAY + 300)).await);

    salt(&*store, TODAY - 1).await;
    let again = salt(&*store, TODAY).await;
    assert_ne!(again, first, "the clock ahead took it for an old one");
    store.forget_before(TODAY - 1).await.unwrap();
    assert!(!database.holds(&ahead).await && !database.holds(&key(1, TODAY + 300)).await);
    assert!(database.holds(&again).await && database.holds(&key(1, TODAY)).await);
    assert_eq!(record(&*store, &view("a", 2, NOON + 60)).await, COUNTED);
}

#[tokio::test]
async fn a_day_that_turns_keeps_its_salt_where_another_process_is_a_moment_behind() {
    let database = Database::new();
    let ahead = database.open().await;
    let behind = database.open().await;
    salt(&*ahead, TODAY - 1).await;
    let first = salt(&*ahead, TODAY).await;
    salt(&*behind, TODAY - 2).await;
    salt(&*behind, TODAY - 1).await;
    assert_eq!(salt(&*ahead, TODAY).await, first);
}

#[tokio::test]
async fn addresses_and_agents_stay_out_of_every_file() {
    let database = Database::new();
    let store = database.with_articles(&["a"]).await;
    let clock = Arc::new(ManualClock::at(NOON));
    let settings = Settings { clock, ..Settings::default() };
    let tally = Arc::new(Tally::start(store.clone(), settings));
    for private in [false, true] {
        let client = Client {
            address: [203, 0, 113, 77].into(),
            agent: "Mozilla/5.0 (Needle; in a haystack) Firefox/128.0".into(),
            private,
        };
        let report = ViewReport {
            article: "a".into(),
            view: Uuid::new_v4().to_string(),
            page: "https://partner.example/tin?reader=needle@example.org#needle".into(),
            ..ViewReport::default()
        };
        let outcome = tally.view(report, &client).await.unwrap();
        assert_eq!(outcome, if private { COUNTED_AGAIN } else { COUNTED });
    }
    tally.stop().await;
    assert!(database.holds(b"https://partner.example").await);
    for needle in [&b"203.0.113.77"[..], &[203, 0, 113, 77], b"Needle", b"needle", b"Firefox"] {
        assert!(!database.holds(needle).await, "{needle:?}");
    }
}
