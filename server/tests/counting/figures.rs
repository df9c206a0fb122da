//! What the pages of figures are told, of what two servers have counted where the database has several.

use article_server::store::{
    Channel, ChannelShares, Counters, HourCounters, PartnerCounters, Refusal, Refusals, Share,
    SharedArticle, Store, View,
};
use uuid::Uuid;

use crate::postgres;
use crate::support::*;

const HOUR: i64 = NOON / 3600;
const PARTNER: &str = "https://partner.example";
const OTHER: &str = "https://other.example";
const MARK: &str = "f-1x3k9a";

/// So many views of one second and a depth of 10, each by a new reader, and nothing refused.
fn counters(views: u64) -> Counters {
    Counters {
        raw: views,
        views,
        readers: views,
        seconds: views,
        depth: 10 * views,
        ..Counters::default()
    }
}

/// The same with a bot's view and a repeat.
fn with_refused(views: u64) -> Counters {
    let refused = Refusals { bots: 1, repeats: 1, ..Refusals::default() };
    Counters { raw: views + 2, refused, ..counters(views) }
}

fn hour(hour: i64, counters: Counters) -> HourCounters {
    HourCounters { hour, counters }
}

fn partner(origin: &str, counters: Counters) -> PartnerCounters {
    PartnerCounters { partner: origin.to_owned(), counters }
}

fn copied(shares: u64) -> ChannelShares {
    let channel = Channel::Copy.as_str().to_owned();
    ChannelShares { channel, shares, refused: Refusals::default() }
}

fn shared(article: &str, shares: u64, arrivals: u64) -> SharedArticle {
    SharedArticle { id: id(article), title: format!("Title of {article}"), shares, arrivals }
}

/// Counted in turn by either server: three views of `a` by two hours and partners, one of `b`, three shares.
async fn count(servers: [&dyn Store; 2]) {
    let views = [
        view("a", 1, NOON),
        view("a", 2, NOON),
        View { refused: Some(Refusal::Bot), ..view("a", 9, NOON) },
        view("a", 1, NOON + 60),
        View { partner: OTHER.into(), share: Some(MARK.into()), ..view("a", 3, NOON + 3600) },
        View { partner: OTHER.into(), ..view("b", 1, NOON) },
    ];
    for (number, view) in views.iter().enumerate() {
        record(servers[number % 2], view).await;
    }
    for (number, article) in ["a", "a", "b"].into_iter().enumerate() {
        let share = Share {
            article: id(article),
            share: Uuid::new_v4().into_bytes(),
            at: NOON,
            partner: PARTNER.into(),
            channel: Channel::Copy,
            refused: None,
        };
        servers[number % 2].record_shares(vec![share]).await.unwrap();
    }
}

#[tokio::test]
async fn the_pages_of_figures_are_told_the_sums_of_all_servers() {
    let database = Database::new();
    let store = database.with_articles(&["a", "b"]).await;
    let other = if postgres::is_meant() { database.open().await } else { store.clone() };
    assert_eq!(store.first_hour().await.unwrap(), None);
    count([&*store, &*other]).await;
    assert_eq!(store.first_hour().await.unwrap(), Some(HOUR));

    let all = store.reading(HOUR..HOUR + 2, 9).await.unwrap();
    assert_eq!(all.hours, [hour(HOUR, with_refused(3)), hour(HOUR + 1, counters(1))]);
    assert_eq!(all.shares, [copied(3)]);
    assert_eq!(all.shared, [shared("a", 2, 1), shared("b", 1, 0)]);
    let later = store.reading(HOUR + 1..HOUR + 2, 9).await.unwrap();
    assert_eq!((later.hours.len(), later.shares.len(), later.shared.len()), (1, 0, 0));
    assert_eq!(store.reading(HOUR..HOUR + 1, 1).await.unwrap().shared, [shared("a", 2, 0)]);

    let a = store.article_reading(&id("a"), HOUR..HOUR + 2, 9).await.unwrap().unwrap();
    assert_eq!(a.hours, [hour(HOUR, with_refused(2)), hour(HOUR + 1, counters(1))]);
    assert_eq!(a.partners, [partner(PARTNER, with_refused(2)), partner(OTHER, counters(1))]);
    assert_eq!(a.shares, [copied(2)]);
    let arrivals: Vec<_> = a.arrivals.iter().map(|one| (&*one.mark, one.views)).collect();
    assert_eq!(arrivals, [(MARK, 1)]);
    let a = store.article_reading(&id("a"), HOUR..HOUR + 2, 1).await.unwrap().unwrap();
    assert_eq!(a.partners, [partner(PARTNER, with_refused(2))]);
    assert!(store.article_reading(&id("none"), HOUR..HOUR + 2, 9).await.unwrap().is_none());

    let hours = store.article_hours(&[id("b"), id("none"), id("a")], HOUR - 1..HOUR + 2).await;
    assert_eq!(hours.unwrap(), [[0, 1, 0], [0, 0, 0], [0, 2, 1]]);

    let noon = store.partner_reading(Some(HOUR..HOUR + 1)).await.unwrap();
    assert_eq!(noon, [partner(PARTNER, with_refused(2)), partner(OTHER, counters(1))]);
    let ever = store.partner_reading(None).await.unwrap();
    assert_eq!(ever, [partner(OTHER, counters(2)), partner(PARTNER, with_refused(2))]);
}
