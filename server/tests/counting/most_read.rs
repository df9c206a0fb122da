//! The most-read list.

use std::sync::Arc;

use article_server::clock::ManualClock;
use article_server::most_read::MostReadLists;
use article_widget::contract::{MostRead, Window};

use crate::support::*;

fn ids(list: &MostRead) -> Vec<&str> {
    list.items.iter().map(|item| item.id.as_str()).collect()
}

#[tokio::test]
async fn only_what_readers_may_see_ranks_by_counted_views_then_by_id() {
    let database = Database::new();
    let all = ["b", "a", "c", "gone", "held", "soon", "over"];
    let store = database.with_articles(&all).await;
    for (article, readers) in [("a", 2), ("b", 2), ("c", 3)] {
        for reader in 0..readers {
            record(&*store, &view(article, reader, NOON)).await;
        }
    }
    for article in ["gone", "held", "soon", "over"] {
        for reader in 0..9 {
            record(&*store, &view(article, reader, NOON)).await;
        }
    }
    let changes = [
        ("gone", r#","status":"canceled""#),
        ("held", r#","status":"withheld""#),
        ("soon", r#","embargo":"2999-01-01""#),
        ("over", r#","expires":"2024-11-27""#),
    ];
    save(&*store, &changes).await;
    let ranked = store.most_read(NOON, NOON, 10).await.unwrap();
    let ranked: Vec<_> = ranked.iter().map(|ranked| (ranked.id.as_str(), ranked.views)).collect();
    assert_eq!(ranked, [("c", 3), ("a", 2), ("b", 2)]);
    assert_eq!(store.most_read(NOON + 3600, NOON + 3600, 10).await.unwrap(), [], "the next hour");
    assert_eq!(
        store.most_read(NOON + 3599, NOON + 3599, 1).await.unwrap().len(),
        1,
        "from the hour's beginning"
    );
}

#[tokio::test]
async fn a_thin_window_gives_way_to_a_wider_one_that_says_so() {
    let database = Database::new();
    let store = database.with_articles(&["a", "b", "c"]).await;
    let clock = ManualClock::at(NOON);
    let url = "https://news.example";
    let lists = MostReadLists::with_clock(store.clone(), url, Arc::new(clock.clone()));
    assert_eq!(lists.get(Window::Day, 10).await.unwrap(), None);

    clock.advance(60);
    record(&*store, &view("a", 1, NOON)).await;
    record(&*store, &view("b", 1, NOON)).await;
    record(&*store, &view("c", 1, NOON - 3 * 86_400)).await;
    let list = lists.get(Window::Day, 2).await.unwrap().unwrap();
    assert_eq!((list.window, list.asked), (Window::Week, Some(Window::Day)));
    assert_eq!(list.computed_at, "2024-11-27T12:01:00Z");
    assert_eq!(ids(&list), ["a", "b"]);
    assert_eq!(list.items[0].url, "https://news.example/a/a");
    assert_eq!(list.items[0].title, "Title of a");
}

#[tokio::test]
async fn a_list_is_at_most_ten_seconds_old() {
    let database = Database::new();
    let store = database.with_articles(&["a", "b", "c"]).await;
    for article in ["a", "b", "c"] {
        record(&*store, &view(article, 1, NOON)).await;
    }
    let clock = ManualClock::at(NOON);
    let lists = MostReadLists::with_clock(store.clone(), "", Arc::new(clock.clone()));
    let first = lists.get(Window::Day, 3).await.unwrap().unwrap();
    assert_eq!((ids(&first), first.asked), (vec!["a", "b", "c"], None));
    record(&*store, &view("c", 2, NOON)).await;
    clock.advance(9);
    assert_eq!(lists.get(Window::Day, 3).await.unwrap().unwrap(), first);
    clock.advance(1);
    let second = lists.get(Window::Day, 3).await.unwrap().unwrap();
    assert_eq!(ids(&second), ["c", "a", "b"]);
}
