//! Feeds, and who asks them.

use article_server::store::{Feed, FeedEnd, FeedRead, FeedTry};

use super::*;

pub(super) async fn feeds(store: &dyn Store) {
    let (a, b) = ("https://a.example/feed", "https://b.example/feed");
    let claimed = store.claim_feed(b, 100, 160).await.unwrap();
    let new = Feed { url: b.to_owned(), due_at: 160, ..Feed::default() };
    assert_eq!(claimed, Some(new.clone()), "one that nobody knew is due");
    assert_eq!(store.claim_feed(b, 159, 220).await.unwrap(), None, "somebody asks it");
    let again = store.claim_feed(b, 160, 220).await.unwrap();
    assert_eq!(again, Some(Feed { due_at: 220, ..new }), "and has died");
    store.claim_feed(a, 100, 160).await.unwrap();

    let answer = FeedRead {
        etag: Some("\"1\"".to_owned()),
        last_modified: Some("yesterday".to_owned()),
        articles: 5,
        kept: 1,
        created: 3,
        updated: 1,
    };
    let tried = |at, end| FeedTry { at, due_at: at + 300, end };
    store.record_feed_try(a, &tried(170, FeedEnd::Read(answer.clone()))).await.unwrap();
    for at in [470, 770] {
        let failed = FeedEnd::Failed("its server answers 503".to_owned());
        store.record_feed_try(a, &tried(at, failed)).await.unwrap();
    }
    let known = async || store.feeds().await.unwrap().swap_remove(0);
    let failing = Feed {
        url: a.to_owned(),
        etag: answer.etag.clone(),
        last_modified: answer.last_modified.clone(),
        tried_at: Some(770),
        good_at: Some(170),
        problem: Some("its server answers 503".to_owned()),
        failures: 2,
        articles: 5,
        kept: 1,
        created: 3,
        updated: 1,
        due_at: 1_070,
    };
    assert_eq!(known().await, failing);
    store.record_feed_try(a, &tried(1_070, FeedEnd::Same)).await.unwrap();
    let well = Feed {
        tried_at: Some(1_070),
        good_at: Some(1_070),
        problem: None,
        failures: 0,
        due_at: 1_370,
        ..failing
    };
    assert_eq!(known().await, well);
    let next = FeedRead { articles: 6, created: 1, ..FeedRead::default() };
    store.record_feed_try(a, &tried(1_370, FeedEnd::Read(next))).await.unwrap();
    let feed = known().await;
    assert_eq!((feed.etag, feed.articles, feed.kept), (None, 6, 0), "of the last answer");
    assert_eq!((feed.created, feed.updated), (4, 1), "of all answers");

    store.forget_feeds(220).await.unwrap();
    assert_eq!(store.feeds().await.unwrap().len(), 2, "not a second too early");
    store.forget_feeds(221).await.unwrap();
    let left = store.feeds().await.unwrap();
    assert_eq!(left.iter().map(|feed| &*feed.url).collect::<Vec<_>>(), [a]);
    store.forget_feeds(i64::MAX).await.unwrap();
}
