//! Embargoes and expiries that name a day: it begins at the publisher's midnight, for counting and
//! ranking as for readers.

use std::sync::Arc;

use article_server::clock::ManualClock;
use article_server::most_read::{MostReadLists, Query};
use article_server::store::{Outcome, Store};
use article_server::time::Calendar;
use article_widget::contract::Window;
use jiff::tz::TimeZone;

use crate::support::*;

/// The first second of 2024-11-27 in Vietnam.
const MIDNIGHT: i64 = TODAY * 86_400 - 7 * 3600;

fn vietnam() -> Calendar {
    Calendar::new(TimeZone::get("Asia/Ho_Chi_Minh").unwrap())
}

async fn ranked(store: &Arc<dyn Store>, now: i64) -> Vec<String> {
    let lists = MostReadLists::with_clock(store.clone(), "", Arc::new(ManualClock::at(now)));
    // Of however few articles.
    let query = Query { window: Window::All, ..Query::default() };
    let list = lists.get(&query, 10).await.unwrap().unwrap();
    list.items.iter().map(|item| item.id.to_string()).collect()
}

#[tokio::test]
async fn a_day_begins_at_the_publishers_midnight() {
    let database = Database::new();
    let store = database.open_in(&vietnam()).await;
    let articles = [
        ("embargoed", r#","embargo":"2024-11-27""#),
        ("expiring", r#","expires":"2024-11-27""#),
        ("lasting", r#","expires":"some day""#),
        ("other", ""),
    ];
    save(&*store, &articles).await;
    record(&*store, &view("other", 1, MIDNIGHT - 1)).await;
    let unknown = Outcome::UnknownArticle;
    for (article, before, after) in [
        ("embargoed", unknown, COUNTED),
        ("expiring", COUNTED, unknown),
        ("lasting", COUNTED, COUNTED),
    ] {
        assert_eq!(record(&*store, &view(article, 1, MIDNIGHT - 1)).await, before, "{article}");
        assert_eq!(record(&*store, &view(article, 2, MIDNIGHT)).await, after, "{article}");
    }
    assert_eq!(ranked(&store, MIDNIGHT - 1).await, ["lasting", "other", "expiring"]);
    assert_eq!(ranked(&store, MIDNIGHT).await, ["lasting", "other", "embargoed"]);
}

#[tokio::test]
async fn another_time_zone_moves_the_days_of_articles_that_are_there() {
    let database = Database::new();
    let embargoed = [("a", r#","embargo":"2024-11-27""#), ("b", "")];
    save(&*database.open().await, &embargoed).await;
    let store = database.open_in(&vietnam()).await;
    assert_eq!(record(&*store, &view("a", 1, MIDNIGHT - 1)).await, Outcome::UnknownArticle);
    assert_eq!(record(&*store, &view("a", 1, MIDNIGHT)).await, COUNTED);
    let store = database.open().await;
    assert_eq!(record(&*store, &view("a", 2, MIDNIGHT)).await, Outcome::UnknownArticle);
    assert_eq!(record(&*store, &view("a", 2, MIDNIGHT + 7 * 3600)).await, COUNTED);
}
