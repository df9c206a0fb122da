//! The most-read lists.

use std::sync::Arc;

use article_server::clock::ManualClock;
use article_server::most_read::{By, Filter, MostReadLists, Query};
use article_server::store::{Store, View};
use article_widget::contract::{MostRead, Window};
use uuid::Uuid;

use crate::support::*;

const HOUR: i64 = 3600;

fn ids(list: &MostRead) -> Vec<&str> {
    list.items.iter().map(|item| item.id.as_str()).collect()
}

fn of(window: Window) -> Query {
    Query { window, ..Query::default() }
}

fn lists(store: &Arc<dyn Store>, clock: &ManualClock) -> MostReadLists {
    MostReadLists::with_clock(store.clone(), "https://news.example", Arc::new(clock.clone()))
}

/// So many views of an article, each by a reader of its own.
async fn read(store: &dyn Store, article: &str, readers: u32, at: i64) {
    let view = |_| {
        let mut view = view(article, 0, at);
        view.reader.today = Uuid::new_v4().into_bytes();
        view.reader.yesterday = Uuid::new_v4().into_bytes();
        view.reader.place.copy_from_slice(&view.reader.today[..8]);
        view
    };
    store.record_views((0..readers).map(view).collect()).await.unwrap();
}

#[tokio::test]
async fn only_what_readers_may_see_ranks_by_counted_views_then_the_later_first() {
    let database = Database::new();
    let all = ["b", "a", "c", "gone", "held", "soon", "over"];
    let store = database.with_articles(&all).await;
    for (article, readers) in [("a", 2), ("b", 2), ("c", 3)] {
        read(&*store, article, readers, NOON).await;
    }
    for article in ["gone", "held", "soon", "over"] {
        read(&*store, article, 9, NOON).await;
    }
    let changes = [
        ("gone", r#","status":"canceled""#),
        ("held", r#","status":"withheld""#),
        ("soon", r#","embargo":"2999-01-01""#),
        ("over", r#","expires":"2024-11-27""#),
    ];
    save(&*store, &changes).await;
    let list = lists(&store, &ManualClock::at(NOON)).get(&of(Window::Day), 10).await;
    let list = list.unwrap().unwrap();
    let ranked: Vec<_> = list.items.iter().map(|item| (item.id.as_str(), item.views)).collect();
    assert_eq!(ranked, [("c", 3), ("a", 2), ("b", 2)]);
}

#[tokio::test]
async fn what_is_withdrawn_leaves_the_lists_that_are_there() {
    let database = Database::new();
    let store = database.with_articles(&["a", "b", "c", "d"]).await;
    for (article, readers) in [("a", 9), ("b", 4), ("c", 3), ("d", 2)] {
        read(&*store, article, readers, NOON).await;
    }
    let clock = ManualClock::at(NOON);
    let lists = lists(&store, &clock);
    assert_eq!(ids(&lists.get(&of(Window::Day), 9).await.unwrap().unwrap()), ["a", "b", "c", "d"]);
    save(&*store, &[("a", r#","status":"canceled""#)]).await;
    clock.advance(10);
    assert_eq!(ids(&lists.get(&of(Window::Day), 9).await.unwrap().unwrap()), ["b", "c", "d"]);
}

#[tokio::test]
async fn a_thin_window_gives_way_to_a_wider_one_that_says_so() {
    let database = Database::new();
    let store = database.with_articles(&["a", "b", "c"]).await;
    let clock = ManualClock::at(NOON);
    let lists = lists(&store, &clock);
    assert_eq!(lists.get(&of(Window::Day), 10).await.unwrap(), None);

    clock.advance(60);
    for (article, at) in [("a", NOON), ("b", NOON), ("c", NOON - 3 * 86_400)] {
        read(&*store, article, 1, at).await;
    }
    clock.advance(86_400);
    let list = lists.get(&of(Window::Hour), 2).await.unwrap().unwrap();
    assert_eq!((list.window, list.asked), (Window::Week, Some(Window::Hour)));
    assert_eq!(list.computed_at, "2024-11-28T12:01:00Z");
    assert_eq!(ids(&list), ["c", "b"]);
    assert_eq!(list.items[0].url, "https://news.example/a/c");
    assert_eq!(list.items[0].title, "Title of c");
}

#[tokio::test]
async fn a_list_is_at_most_ten_seconds_old() {
    let database = Database::new();
    let store = database.with_articles(&["a", "b", "c"]).await;
    for article in ["a", "b", "c"] {
        read(&*store, article, 1, NOON).await;
    }
    let clock = ManualClock::at(NOON);
    let lists = lists(&store, &clock);
    let first = lists.get(&of(Window::Day), 3).await.unwrap().unwrap();
    assert_eq!((ids(&first), first.asked), (vec!["c", "b", "a"], None));
    read(&*store, "a", 1, NOON).await;
    clock.advance(9);
    assert_eq!(lists.get(&of(Window::Day), 3).await.unwrap().unwrap(), first);
    clock.advance(1);
    let second = lists.get(&of(Window::Day), 3).await.unwrap().unwrap();
    assert_eq!(ids(&second), ["a", "c", "b"]);
}

#[tokio::test]
async fn lists_that_follow_the_hours_are_those_that_are_read_anew() {
    let database = Database::new();
    let names = ["a", "b", "c", "d", "e", "f"];
    let store = database.with_articles(&names).await;
    let clock = ManualClock::at(NOON);
    let following = lists(&store, &clock);
    // Some hours pass with one step, some with many, some with a day of silence between.
    for (step, hours) in [1, 1, 2, 5, 1, 20, 3, 1, 30, 1, 100, 2, 700, 1].into_iter().enumerate() {
        for (place, name) in names.iter().enumerate() {
            let readers = u32::try_from((step * 7 + place * 3) % 5 + 1).unwrap();
            read(&*store, name, readers, now(&clock)).await;
        }
        let mut late = view("a", 1, now(&clock) - 1);
        late.view = Uuid::new_v4().into_bytes();
        record(&*store, &late).await;
        let fresh = lists(&store, &clock);
        for window in Window::ALL {
            let followed = following.get(&of(window), 10).await.unwrap();
            assert_eq!(followed, fresh.get(&of(window), 10).await.unwrap(), "{window:?} {step}");
        }
        clock.advance(hours * HOUR + 7);
    }
}

fn now(clock: &ManualClock) -> i64 {
    article_server::clock::Clock::now(clock)
}

#[tokio::test]
async fn a_list_may_be_of_a_section_a_language_or_a_partner() {
    let database = Database::new();
    let store = database.open().await;
    let culture = r#","section":"Văn hóa""#;
    let articles =
        [("a", culture), ("b", culture), ("c", culture), ("d", r#","section":"Xã hội""#)];
    save(&*store, &articles).await;
    for (article, readers) in [("a", 1), ("b", 2), ("c", 3), ("d", 4)] {
        read(&*store, article, readers, NOON).await;
    }
    let elsewhere = |article: &str, reader| View {
        partner: "https://elsewhere.example".into(),
        ..view(article, reader, NOON)
    };
    for (reader, article) in [(1, "a"), (2, "a"), (3, "a"), (4, "b"), (5, "b"), (6, "d")] {
        record(&*store, &elsewhere(article, reader)).await;
    }
    let clock = ManualClock::at(NOON);
    let lists = lists(&store, &clock);
    let filtered = |filter| Query { filter, ..of(Window::Day) };
    let section = Filter { section: Some("văn HÓA".into()), ..Filter::default() };
    let list = lists.get(&filtered(section), 10).await.unwrap().unwrap();
    assert_eq!((ids(&list), list.section.as_deref()), (vec!["b", "a", "c"], Some("văn HÓA")));

    let language = |tag: &str| Filter { language: Some(tag.into()), ..Filter::default() };
    assert_eq!(lists.get(&filtered(language("en")), 10).await.unwrap(), None);
    let list = lists.get(&filtered(language("vi")), 10).await.unwrap().unwrap();
    assert_eq!(list.items.len(), 4);

    let partner = |origin: &str| Filter { partner: Some(origin.into()), ..Filter::default() };
    let at_partner = filtered(partner("https://elsewhere.example"));
    let list = lists.get(&at_partner, 10).await.unwrap().unwrap();
    assert_eq!(ids(&list), ["a", "b", "d"]);
    assert_eq!(list.items.iter().map(|item| item.views).collect::<Vec<_>>(), [3, 2, 1]);
    record(&*store, &elsewhere("d", 7)).await;
    record(&*store, &elsewhere("d", 8)).await;
    clock.advance(HOUR);
    record(&*store, &View { at: NOON + HOUR, ..elsewhere("d", 9) }).await;
    let list = lists.get(&at_partner, 10).await.unwrap().unwrap();
    assert_eq!((ids(&list)[0], list.items[0].views), ("d", 4));
    let nobody = filtered(partner("https://nobody.example"));
    assert_eq!(lists.get(&nobody, 10).await.unwrap(), None);

    for number in 0..2 {
        let origin = format!("https://{number}.example");
        record(&*store, &View { partner: origin.into(), ..view("a", 20 + number, NOON) }).await;
    }
    let of = |number| filtered(partner(&format!("https://{number}.example")));
    clock.advance(1);
    assert_eq!(lists.get(&of(0), 10).await.unwrap(), None);
    assert!(lists.get(&of(1), 10).await.is_err(), "one partner is read in a second");
    clock.advance(1);
    assert_eq!(lists.get(&of(1), 10).await.unwrap(), None);
}

#[tokio::test]
async fn what_is_read_now_rises_above_what_was_read_more() {
    let database = Database::new();
    let store = database.with_articles(&["old", "new", "steady", "few"]).await;
    read(&*store, "old", 40, NOON - 20 * HOUR).await;
    read(&*store, "new", 10, NOON).await;
    for hours in 0..8 {
        read(&*store, "steady", 2, NOON - hours * HOUR).await;
    }
    read(&*store, "few", 2, NOON).await;
    let lists = lists(&store, &ManualClock::at(NOON));
    let rising = lists.get(&of(Window::Rising), 9).await.unwrap().unwrap();
    assert_eq!((ids(&rising), rising.window), (vec!["steady", "new", "old"], Window::Rising));
    assert_eq!(rising.items[2].views, 40, "of the last 24 hours");
    let most = lists.get(&of(Window::Day), 9).await.unwrap().unwrap();
    assert_eq!(ids(&most)[0], "old");
}

#[tokio::test]
async fn deeply_read_is_a_list_of_its_own() {
    let database = Database::new();
    let store = database.with_articles(&["clicked", "read", "liked", "rare"]).await;
    for (article, readers, deep) in
        [("clicked", 100, 5), ("read", 20, 15), ("liked", 40, 20), ("rare", 9, 9)]
    {
        for number in 0..readers {
            let mut view = view(article, number, NOON);
            if number < deep {
                (view.seconds, view.depth) = (300, 100);
            }
            record(&*store, &view).await;
        }
    }
    let lists = lists(&store, &ManualClock::at(NOON));
    let query = Query { by: By::Deep, ..of(Window::Day) };
    let list = lists.get(&query, 9).await.unwrap().unwrap();
    assert_eq!((ids(&list), list.by.as_deref()), (vec!["read", "liked", "clicked"], Some("deep")));
    assert_eq!((list.items[0].views, list.items[0].deep), (20, Some(15)));
}

#[tokio::test]
async fn lists_stay_where_the_store_is_gone_and_say_how_old_they_are() {
    let database = Database::new();
    let store = database.with_articles(&["a", "b", "c"]).await;
    for article in ["a", "b", "c"] {
        read(&*store, article, 1, NOON).await;
    }
    let clock = ManualClock::at(NOON);
    let lists = lists(&store, &clock);
    let before = lists.get(&of(Window::Day), 3).await.unwrap();
    store.close().await.unwrap();
    clock.advance(HOUR);
    assert_eq!(lists.get(&of(Window::Day), 3).await.unwrap(), before);
    assert!(lists.refresh().await.is_err());
    assert!(lists.get(&of(Window::All), 3).await.is_err(), "one that never was");
}

#[tokio::test]
async fn a_list_that_cannot_be_made_again_now_keeps_no_reader_waiting() {
    if is_elsewhere() {
        return;
    }
    let database = Database::new();
    let store = database.with_articles(&["a", "b", "c"]).await;
    for article in ["a", "b", "c"] {
        read(&*store, article, 2, NOON).await;
    }
    let clock = ManualClock::at(NOON);
    let lists = lists(&store, &clock);
    let fresh = lists.get(&of(Window::Day), 9).await.unwrap().unwrap();
    // Another process writes, and does not come to an end.
    let other = rusqlite::Connection::open(database.path()).unwrap();
    other.execute_batch("begin immediate").unwrap();
    clock.advance(60);
    let started = std::time::Instant::now();
    for _ in 0..20 {
        let kept = lists.get(&of(Window::Day), 9).await.unwrap().unwrap();
        assert_eq!((ids(&kept), &kept.computed_at), (ids(&fresh), &fresh.computed_at));
    }
    assert!(started.elapsed().as_secs() < 4, "one reader waits a second, the others do not");
    assert!(
        lists.get(&of(Window::All), 9).await.is_err(),
        "of one that is not there, that is said"
    );
    other.execute_batch("rollback").unwrap();
    while lists.get(&of(Window::Day), 9).await.unwrap().unwrap().computed_at == fresh.computed_at {}
}
