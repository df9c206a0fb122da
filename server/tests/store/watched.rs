//! What whoever runs a store sees of it: which version's tables it has, what waits in it, how long its calls take.

use article_server::store::{Operation, Schema};

use super::*;

#[tokio::test]
async fn a_sqlite_file_is_seen_as_it_is() {
    let folder = TempDir::new().unwrap();
    watch(&format!("sqlite:{}/articles.db", folder.path().display())).await;
}

#[tokio::test]
async fn a_postgres_database_is_seen_as_it_is() {
    match postgres::empty().await {
        Some(url) => watch(&url).await,
        None => eprintln!("skipped: `cargo xtask test` starts a PostgreSQL for this"),
    }
}

async fn watch(url: &str) {
    assert_eq!(store::inspect(url).await.unwrap().schema, Schema::None);
    assert_eq!(store::inspect(url).await.unwrap().schema, Schema::None, "looking made nothing");
    let store = store::open(url, &utc()).await.unwrap();
    let seen = store::inspect(url).await.unwrap();
    assert_eq!(seen.schema, Schema::Current);
    let now = article_server::clock::SystemClock.now();
    assert!(seen.now.is_none_or(|its| (its - now).abs() < 60), "one machine has one clock");

    let title = r#"{"id":"a","title":"A","language":"vi"}"#;
    store.save_articles(&[article(title)], &Author::import()).await.unwrap();
    assert_eq!(store.deliveries_waiting().await.unwrap(), [0, 0, 0]);
    let proof = SpentProof { challenge: [1; 32], expires_at: MIDNIGHT };
    store.request_mail(&mail(1), &delivery(1), &proof).await.unwrap();
    let waiting = store.deliveries_waiting().await.unwrap();
    let mails = Lane::ALL.iter().position(|lane| *lane == Lane::Mail).unwrap();
    assert_eq!((waiting[mails], waiting.iter().sum::<u64>()), (1, 1));

    let a = id("a");
    let read = store.article(&a);
    assert!(store.metrics().time(Operation::Article, read).await.unwrap().is_some());
    store.close().await.unwrap();
    let read = store.article(&a);
    assert!(store.metrics().time(Operation::Article, read).await.is_err(), "it is closed");
}
