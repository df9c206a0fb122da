//! Anyone may name any origin: which of them get rows.

use article_server::store::{Channel, Outcome, Refusal, Share, View};
use uuid::Uuid;

use crate::support::*;

/// New partners that an hour has room for.
const NEW_PARTNERS: usize = 500;

/// A view by a reader of its own from an origin of its own.
fn from_origin(number: usize) -> View {
    let mut view = view("a", 1, NOON);
    view.partner = format!("https://{number}.example").into();
    view.reader.today = (number as u128 + (1 << 100)).to_be_bytes();
    view.reader.yesterday = (number as u128 + (1 << 101)).to_be_bytes();
    view.reader.place = (number as u64).to_be_bytes();
    view
}

fn share(origin: &str, refused: Option<Refusal>) -> Share {
    Share {
        article: id("a"),
        share: Uuid::new_v4().into_bytes(),
        at: NOON,
        partner: origin.into(),
        channel: Channel::Copy,
        refused,
    }
}

async fn count(database: &Database, table: &str) -> usize {
    database.number(&format!("select count(*) from {table}")).await
}

#[tokio::test]
async fn what_does_not_count_makes_no_partner_known() {
    let database = Database::new();
    let store = database.with_articles(&["a"]).await;
    for (number, refusal) in [Refusal::Bot, Refusal::Rate, Refusal::Rate].into_iter().enumerate() {
        let refused = View { refused: Some(refusal), ..from_origin(number) };
        assert_eq!(record(&*store, &refused).await, Outcome::Refused(refusal));
        store.record_shares(vec![share(&refused.partner, Some(refusal))]).await.unwrap();
    }
    let first = from_origin(7);
    assert_eq!(record(&*store, &first).await, COUNTED);
    let elsewhere = View {
        view: Uuid::new_v4().into_bytes(),
        partner: "https://elsewhere.example".into(),
        ..first
    };
    assert_eq!(record(&*store, &elsewhere).await, Outcome::Repeat);

    let totals = totals(&*store, "a").await;
    // The counted one's, and that of pages which are not told.
    assert_eq!((count(&database, "partner").await, count(&database, "tally_hour").await), (2, 2));
    assert_eq!(count(&database, "share_hour").await, 1);
    assert_eq!((totals.raw, totals.bots, totals.rate, totals.repeats), (5, 1, 2, 1));
}

#[tokio::test]
async fn an_hour_has_room_for_so_many_new_partners_and_loses_no_view() {
    let database = Database::new();
    let store = database.with_articles(&["a"]).await;
    let views: Vec<View> = (0..NEW_PARTNERS + 100).map(from_origin).collect();
    let outcomes = store.record_views(views).await.unwrap();
    assert!(outcomes.iter().all(|outcome| *outcome == COUNTED));
    assert_eq!(count(&database, "partner").await, NEW_PARTNERS + 1);
    drop(store);

    let store = database.open().await;
    let late = |at| View { at, ..from_origin(9999) };
    assert_eq!(record(&*store, &late(NOON + 3599)).await, COUNTED);
    assert_eq!(count(&database, "partner").await, NEW_PARTNERS + 1, "a restart makes no room");
    let later = View { partner: "https://partner.example".into(), ..view("a", 2, NOON + 3600) };
    assert_eq!(record(&*store, &later).await, COUNTED);
    let known = store.partner_by_mark("f-1wh5o").await.unwrap();
    assert_eq!(known.as_deref(), Some("https://partner.example"));
}
