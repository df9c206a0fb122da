//! A clock that jumps: an hour back, forward, and back again, while views come.

use std::net::Ipv4Addr;
use std::sync::Arc;

use article_server::client::Client;
use article_server::clock::{ManualClock, hour};
use article_server::most_read::{MostReadLists, Query};
use article_server::store::{Outcome, Store};
use article_server::tally::{Settings, Tally};
use article_widget::contract::{ViewReport, Window};
use uuid::Uuid;

use crate::support::*;

const HOUR: i64 = 3600;
const READERS: u32 = 20;
const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// Views that were sent, each with the number of its reader.
type Sent = Vec<(ViewReport, u32)>;

struct World {
    clock: ManualClock,
    store: Arc<dyn Store>,
    tally: Arc<Tally>,
    lists: MostReadLists,
    sent: Sent,
}

fn client(number: u32) -> Client {
    let address = Ipv4Addr::from(0x0a00_0000 + number).into();
    Client { address, agent: AGENT.into(), private: false }
}

/// Three articles, that there be a list.
const ARTICLES: [&str; 3] = ["a", "b", "c"];

impl World {
    async fn at(database: &Database, now: i64) -> Self {
        let store = database.with_articles(&ARTICLES).await;
        let clock = ManualClock::at(now);
        let time = Arc::new(clock.clone());
        let settings = Settings { clock: time.clone(), ..Settings::default() };
        let tally = Arc::new(Tally::start(store.clone(), settings));
        let lists = MostReadLists::with_clock(store.clone(), "https://news.example", time);
        Self { clock, store, tally, lists, sent: Vec::new() }
    }

    /// Readers nobody has seen before, one view of each article each: all count. The lists follow.
    async fn new_readers(&mut self) {
        let first = u32::try_from(self.sent.len()).unwrap();
        for number in first..first + READERS {
            for article in ARTICLES {
                let report = ViewReport {
                    article: article.into(),
                    view: Uuid::new_v4().to_string(),
                    page: "https://partner.example/tin".into(),
                    seconds: 1,
                    ..ViewReport::default()
                };
                let outcome = self.tally.view(report.clone(), &client(number)).await;
                assert_eq!(outcome, Ok(COUNTED));
                self.sent.push((report, number));
            }
        }
        self.lists.refresh().await.unwrap();
    }

    /// Everything that was sent comes once more, as by browsers that got no answer: nothing of it is new.
    async fn all_again(&self) {
        for (report, number) in &self.sent {
            let outcome = self.tally.view(report.clone(), &client(*number)).await;
            // A reader may send no more than so much in a second.
            assert!(matches!(outcome, Ok(Outcome::Raised | Outcome::Refused(_))), "{outcome:?}");
        }
    }

    /// What was counted is in the sums, in the rows of hours and in the lists, and all of it once.
    async fn adds_up(&self) {
        let each = self.sent.len() as u64 / ARTICLES.len() as u64;
        let now = hour(NOON);
        for article in ARTICLES {
            let sums = totals(&*self.store, article).await;
            assert_eq!((sums.views, sums.readers, sums.repeats), (each, each, 0), "{article}");
        }
        let hours = self.store.counts(now - 48..now + 48, None).await.unwrap();
        let all: u64 = hours.iter().map(|count| u64::from(count.views)).sum();
        assert_eq!(all, self.sent.len() as u64);
        for window in [Window::Day, Window::All] {
            let query = Query { window, ..Query::default() };
            let list = self.lists.get(&query, 10).await.unwrap().unwrap();
            let views: Vec<_> = list.items.iter().map(|item| item.views).collect();
            assert_eq!(views, [each; 3], "{window:?}");
        }
    }
}

async fn jump(start: i64, jumps: &[i64]) {
    let database = Database::new();
    let mut world = World::at(&database, start).await;
    world.new_readers().await;
    for jump in jumps {
        world.clock.advance(*jump);
        world.all_again().await;
        world.new_readers().await;
        world.clock.advance(20);
        world.adds_up().await;
    }
    world.tally.stop().await;
}

#[tokio::test]
async fn an_hour_back_loses_no_view_and_counts_none_twice() {
    jump(NOON, &[-HOUR, HOUR]).await;
}

#[tokio::test]
async fn an_hour_forward_and_back_and_forward_again_neither() {
    jump(NOON + 1700, &[HOUR, -HOUR, HOUR, -2 * HOUR]).await;
}

#[tokio::test]
async fn nor_over_a_midnight_which_comes_twice() {
    let midnight = (TODAY + 1) * 86_400;
    jump(midnight - 600, &[HOUR, -HOUR, HOUR]).await;
}

#[tokio::test]
async fn a_jump_lets_a_reader_count_once_more_and_no_oftener() {
    let database = Database::new();
    let store = database.with_articles(&["a"]).await;
    assert_eq!(record(&*store, &view("a", 1, NOON)).await, COUNTED);
    let back = NOON - HOUR;
    assert_eq!(record(&*store, &view("a", 1, back)).await, COUNTED_AGAIN);
    assert_eq!(record(&*store, &view("a", 1, back + 1)).await, Outcome::Repeat);
    assert_eq!(record(&*store, &view("a", 1, NOON + 1)).await, COUNTED_AGAIN);
    assert_eq!(record(&*store, &view("a", 1, NOON + 2)).await, Outcome::Repeat);
    assert_eq!(totals(&*store, "a").await.readers, 1);
}
