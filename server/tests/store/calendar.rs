//! Dates without a time follow the publisher's time zone, also where it is another one than when they were saved.

use std::time::{Duration, Instant};

use article_server::store::{ArticleFilter, ArticleOrder, ArticleState};
use serde_json::json;

use super::articles::of_id;
use super::*;

/// More than any store looks at at once.
const DATED: usize = 510;
const PATIENCE: Duration = Duration::from_secs(30);

/// Its days begin seven hours before those of UTC.
fn saigon() -> Calendar {
    Calendar::new(TimeZone::get("Asia/Ho_Chi_Minh").unwrap())
}

/// How many articles can be seen a second before midnight in UTC: by what they are, and by what is known of them.
async fn seen(store: &dyn Store) -> (usize, u64) {
    let (mut listed, mut after) = (0, None);
    loop {
        let page = store.articles(after.as_ref(), 200, MIDNIGHT - 1).await.unwrap();
        listed += page.articles.len();
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let (filter, order) = (ArticleFilter::default(), ArticleOrder::Title);
    let found = store.find_articles(&filter, MIDNIGHT - 1, order, 0, 1).await.unwrap();
    (listed, found.counts.of(ArticleState::Visible))
}

#[tokio::test]
async fn every_article_follows_another_time_zone() {
    let folder = TempDir::new().unwrap();
    let mut urls = vec![format!("sqlite:{}/articles.db", folder.path().display())];
    urls.extend(postgres::database().await);
    for url in urls {
        let dated = |no: usize| of_id(&format!("d{no}"), json!({ "embargo": "2024-11-27" }));
        let articles: Vec<_> = (0..DATED).map(|no| article(&dated(no).to_string())).collect();
        let store = store::open(&url, &utc()).await.unwrap();
        store.save_articles(&articles, &Author::import()).await.unwrap();
        assert_eq!(seen(&*store).await, (0, 0));
        store.close().await.unwrap();
        for (calendar, expected) in [(saigon(), DATED), (utc(), 0)] {
            let store = store::open(&url, &calendar).await.unwrap();
            assert_eq!(seen(&*store).await, (expected, expected as u64));
            store.close().await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_starts_does_not_undo_what_another_saves_meanwhile() {
    let Some(url) = postgres::database().await else {
        return eprintln!("skipped: `cargo xtask test` starts a PostgreSQL for this");
    };
    let url = url.as_str();
    let store = store::open(url, &utc()).await.unwrap();
    let dated = of_id("a", json!({ "embargo": "2024-11-27" }));
    store.save_articles(&[article(&dated.to_string())], &Author::import()).await.unwrap();

    // Another server is about to move it by two days.
    let other = postgres::connect(url).await;
    let save = "begin; update article set json = replace(json, '11-27', '11-29'), embargo = embargo + 172800";
    other.batch_execute(save).await.unwrap();
    let starting = tokio::spawn({
        let url = url.to_owned();
        async move { store::open(&url, &saigon()).await.unwrap() }
    });
    let waiting = "select count(*) from pg_stat_activity
                   where datname = current_database() and wait_event_type = 'Lock'";
    let begun = Instant::now();
    while postgres::number(url, waiting).await == 0 {
        assert!(begun.elapsed() < PATIENCE, "it waits for whoever saves");
    }
    other.batch_execute("commit").await.unwrap();
    starting.await.unwrap().close().await.unwrap();
    let embargo = postgres::number(url, "select embargo from article").await;
    assert_eq!(embargo as UnixSeconds, MIDNIGHT + (2 * 24 - 7) * 3600, "of what was saved, there");
    store.close().await.unwrap();
}
