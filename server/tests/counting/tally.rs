//! The way from a report to its commit.

use std::net::Ipv4Addr;
use std::sync::Arc;

use article_server::client::Client;
use article_server::clock::ManualClock;
use article_server::store::{Channel, Outcome, Refusal};
use article_server::tally::{Error, Settings, SharedNetworks, Tally};
use article_widget::contract::{ShareReport, ViewReport};
use jiff::tz::TimeZone;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::*;

const AGENT: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) \
                     Chrome/138.0.0.0 Mobile Safari/537.36";

fn settings(clock: &ManualClock) -> Settings {
    Settings { clock: Arc::new(clock.clone()), ..Settings::default() }
}

fn client(number: u32) -> Client {
    let address = Ipv4Addr::from(0x0a00_0000 + number).into();
    Client { address, agent: AGENT.into(), private: false }
}

fn report(article: &str) -> ViewReport {
    ViewReport {
        article: article.into(),
        view: Uuid::new_v4().to_string(),
        page: "https://partner.example/tin".into(),
        seconds: 1,
        ..ViewReport::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_tasks_leave_totals_that_are_exact() {
    const TASKS: u32 = 8;
    const READERS: u32 = 100;
    let database = Database::new();
    let store = database.with_articles(&["a", "b"]).await;
    let tally = Arc::new(Tally::start(store.clone(), settings(&ManualClock::at(NOON))));
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        let tally = tally.clone();
        tasks.spawn(async move {
            for number in 0..READERS {
                let client = client(task * READERS + number);
                let (once, again) = (report("a"), report("a"));
                assert_eq!(tally.view(once.clone(), &client).await, Ok(COUNTED));
                assert_eq!(tally.view(once, &client).await, Ok(Outcome::Raised));
                assert_eq!(tally.view(again, &client).await, Ok(Outcome::Repeat));
                assert_eq!(tally.view(report("b"), &client).await, Ok(COUNTED));
            }
        });
    }
    tasks.join_all().await;
    tally.stop().await;
    let all = u64::from(TASKS * READERS);
    let of_a = totals(&*store, "a").await;
    assert_eq!((of_a.raw, of_a.views, of_a.readers, of_a.repeats), (2 * all, all, all, all));
    let of_b = totals(&*store, "b").await;
    assert_eq!((of_b.raw, of_b.views, of_b.readers, of_b.seconds), (all, all, all, all));
}

#[tokio::test]
async fn a_loop_adds_one_view_with_and_without_privacy() {
    let database = Database::new();
    let store = database.with_articles(&["a", "b"]).await;
    let tally = Arc::new(Tally::start(store.clone(), settings(&ManualClock::at(NOON))));
    for (article, private) in [("a", false), ("b", true)] {
        let client = Client { private, ..client(1) };
        for _ in 0..200 {
            tally.view(report(article), &client).await.unwrap();
        }
        let totals = totals(&*store, article).await;
        assert_eq!((totals.raw, totals.views), (200, 1));
        assert_eq!(totals.rate + totals.repeats, 199);
    }
}

#[tokio::test]
async fn a_client_of_a_shared_network_counts_as_often_as_set_at_a_rate_so_much_higher() {
    let database = Database::new();
    let store = database.with_articles(&["a", "b"]).await;
    let shared = SharedNetworks { networks: vec!["10.0.0.0/24".parse().unwrap()], views: 3 };
    let settings = Settings { shared, rate: 1, ..settings(&ManualClock::at(NOON)) };
    let tally = Tally::start(store.clone(), settings);
    let (inside, outside) = (client(1), client(0x100));

    for expected in [COUNTED, COUNTED_AGAIN, COUNTED_AGAIN] {
        assert_eq!(tally.view(report("a"), &inside).await, Ok(expected));
    }
    assert_eq!(tally.view(report("b"), &outside).await, Ok(COUNTED));
    for _ in 0..100 {
        tally.view(report("a"), &inside).await.unwrap();
        tally.view(report("b"), &outside).await.unwrap();
    }
    let (of_a, of_b) = (totals(&*store, "a").await, totals(&*store, "b").await);
    assert_eq!((of_a.views, of_a.readers, of_b.views), (3, 1, 1));
    // Three at once went through inside, where one may outside: how many more is up to the time this took.
    assert!(of_a.rate > 0 && of_b.rate > 0, "{} and {}", of_a.rate, of_b.rate);
}

#[tokio::test]
async fn twenty_private_readers_of_an_address_are_twenty_on_the_next_day_too() {
    let database = Database::new();
    let store = database.with_articles(&["a"]).await;
    let clock = ManualClock::at((TODAY + 1) * 86_400 - 3600);
    let tally = Tally::start(store.clone(), settings(&clock));
    let private = |number| Client {
        agent: format!("{AGENT} Version/{number}").into(),
        private: true,
        ..client(1)
    };
    for number in 0..40 {
        tally.view(report("a"), &private(number)).await.unwrap();
    }
    assert_eq!(totals(&*store, "a").await.views, 20);
    clock.advance(2 * 3600);
    for number in 0..80 {
        tally.view(report("a"), &private(number)).await.unwrap();
    }
    assert_eq!(totals(&*store, "a").await.views, 40);
}

#[tokio::test]
async fn midnight_makes_no_second_view_of_a_private_reader() {
    let database = Database::new();
    let store = database.with_articles(&["a"]).await;
    let clock = ManualClock::at((TODAY + 1) * 86_400 - 600);
    let tally = Tally::start(store.clone(), settings(&clock));
    let private = Client { private: true, ..client(1) };
    for (seconds, expected) in [(0, COUNTED_AGAIN), (1200, Outcome::Repeat), (600, COUNTED_AGAIN)] {
        clock.advance(seconds);
        assert_eq!(tally.view(report("a"), &private).await, Ok(expected));
    }
}

#[tokio::test]
async fn bots_are_counted_apart() {
    let database = Database::new();
    let store = database.with_articles(&["a"]).await;
    let tally = Tally::start(store.clone(), settings(&ManualClock::at(NOON)));
    let bot = Client { agent: "Mozilla/5.0 (compatible; Googlebot/2.1)".into(), ..client(1) };
    let refused = Ok(Outcome::Refused(Refusal::Bot));
    assert_eq!(tally.view(report("a"), &bot).await, refused);
    let share = ShareReport {
        article: "a".into(),
        share: Uuid::new_v4().to_string(),
        page: String::new(),
        channel: Channel::Copy.as_str().into(),
    };
    assert_eq!(tally.share(share.clone(), &bot).await, refused);
    assert_eq!(tally.share(share, &client(2)).await, Ok(COUNTED_AGAIN));
    assert_eq!(totals(&*store, "a").await.bots, 1);
}

#[tokio::test]
async fn the_day_turns_at_the_publishers_midnight() {
    let database = Database::new();
    let store = database.with_articles(&["a"]).await;
    // 23:50 in Vietnam.
    let clock = ManualClock::at(TODAY * 86_400 + 17 * 3600 - 600);
    let time_zone = TimeZone::get("Asia/Ho_Chi_Minh").unwrap();
    let tally = Tally::start(store.clone(), Settings { time_zone, ..settings(&clock) });
    assert_eq!(tally.view(report("a"), &client(1)).await, Ok(COUNTED));
    clock.advance(20 * 60);
    assert_eq!(tally.view(report("a"), &client(1)).await, Ok(Outcome::Repeat));
    clock.advance(10 * 60);
    assert_eq!(tally.view(report("a"), &client(1)).await, Ok(COUNTED));
    clock.advance(12 * 3600);
    assert_eq!(tally.view(report("a"), &client(1)).await, Ok(COUNTED_AGAIN));
}

#[tokio::test]
async fn a_malformed_report_names_its_field_and_changes_nothing() {
    let database = Database::new();
    let store = database.with_articles(&["a"]).await;
    let tally = Tally::start(store.clone(), settings(&ManualClock::at(NOON)));
    let broken = ViewReport { view: "1".into(), ..report("a") };
    let Err(Error::Invalid { field, .. }) = tally.view(broken, &client(1)).await else { panic!() };
    assert_eq!(field, "view");
    let unknown = tally.view(report("none"), &client(1)).await;
    assert_eq!(unknown, Ok(Outcome::UnknownArticle));
    assert_eq!(totals(&*store, "a").await.raw, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_says_so_and_what_it_took_is_counted() {
    if is_elsewhere() {
        return;
    }
    let database = Database::new();
    let store = database.with_articles(&["a"]).await;
    let settings = Settings { queue: 1, ..settings(&ManualClock::at(NOON)) };
    let tally = Arc::new(Tally::start(store.clone(), settings));
    assert_eq!(tally.view(report("a"), &client(0)).await, Ok(COUNTED));

    // Another process holds the lock: commits wait, and the queue fills.
    let other = rusqlite::Connection::open(database.path()).unwrap();
    other.execute_batch("begin immediate").unwrap();
    let mut waiting = JoinSet::new();
    for number in 1..=1000 {
        let tally = tally.clone();
        waiting.spawn(async move { tally.view(report("a"), &client(number)).await });
    }
    let first = waiting.join_next().await.unwrap().unwrap();
    assert_eq!(first, Err(Error::Busy), "nothing is answered before it is committed");
    other.execute_batch("rollback").unwrap();
    let answers = waiting.join_all().await;
    let counted = answers.iter().filter(|answer| **answer == Ok(COUNTED)).count();
    let busy = answers.iter().filter(|answer| **answer == Err(Error::Busy)).count();
    assert!(counted > 0);
    assert_eq!(counted + busy, 999);
    assert_eq!(totals(&*store, "a").await.raw, counted as u64 + 1);
}

#[tokio::test]
async fn a_store_that_is_gone_acknowledges_nothing() {
    let database = Database::new();
    let store = database.with_articles(&["a"]).await;
    let tally = Tally::start(store.clone(), settings(&ManualClock::at(NOON)));
    assert_eq!(tally.view(report("a"), &client(1)).await, Ok(COUNTED));
    store.close().await.unwrap();
    assert_eq!(tally.view(report("a"), &client(2)).await, Err(Error::Busy));
    assert_eq!(totals(&*database.open().await, "a").await.raw, 1);
}

#[tokio::test]
async fn an_address_shares_no_more_than_sixty_times_whatever_it_calls_itself() {
    let database = Database::new();
    let store = database.with_articles(&["a"]).await;
    let tally = Tally::start(store.clone(), settings(&ManualClock::at(NOON)));
    for number in 0..200 {
        let client = Client { agent: format!("{AGENT} {number}").into(), ..client(1) };
        let share = ShareReport {
            article: "a".into(),
            share: Uuid::new_v4().to_string(),
            page: String::new(),
            channel: Channel::Copy.as_str().into(),
        };
        tally.share(share, &client).await.unwrap();
    }
    assert_eq!(totals(&*store, "a").await.shares, 60);
}
