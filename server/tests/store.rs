//! One story of everything a store keeps, told to every engine by its URL. Counting has its own tests.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

#[path = "store/articles.rs"]
mod articles;
#[path = "store/calendar.rs"]
mod calendar;
#[path = "store/feeds.rs"]
mod feeds;
mod files;
#[path = "store/images.rs"]
mod images;
#[path = "store/inbox.rs"]
mod inbox;
#[path = "store/moving.rs"]
mod moving;
mod postgres;
#[path = "store/races.rs"]
mod races;
#[path = "store/schema.rs"]
mod schema;
#[path = "store/watched.rs"]
mod watched;

use std::sync::Arc;

use article_server::article::StoredArticle;
use article_server::clock::{Clock as _, ManualClock, UnixSeconds};
use article_server::password::HashedPassword;
use article_server::people::{Person, Role};
use article_server::retention;
use article_server::revision::Author;
use article_server::share_mark::ShareMark;
use article_server::signing_key::SigningKey;
use article_server::store::{
    self, Answer, Asset, Change, Channel, DeliveryKind, FeedbackKept, Lane, LetterFilter,
    LetterState, MailRequest, MailRequested, NewDelivery, NewFeedback, Progress, Rating,
    RatingKept, Release, Saved, SpentProof, Store, StoreError,
};
use article_server::time::Calendar;
use article_server::token::{Grant, Scope};
use article_widget::contract::{ArticleId, FeedbackReport, Status};
use jiff::tz::TimeZone;
use tempfile::TempDir;
use uuid::Uuid;

/// The first second of 2024-11-27, UTC.
const MIDNIGHT: UnixSeconds = 1_732_665_600;

#[tokio::test]
async fn a_sqlite_file_keeps_the_story() {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite:{}/new/folder/articles.db", folder.path().display());
    tell(&url).await;
}

#[tokio::test]
async fn a_postgres_database_keeps_the_story() {
    match postgres::empty().await {
        Some(url) => tell(&url).await,
        None => eprintln!("skipped: `cargo xtask test` starts a PostgreSQL for this"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_servers_may_open_a_new_database_at_the_same_moment() {
    let Some(url) = postgres::empty().await else {
        return eprintln!("skipped: `cargo xtask test` starts a PostgreSQL for this");
    };
    let open = |url: String| tokio::spawn(async move { store::open(&url, &utc()).await });
    let opening: Vec<_> = (0..4).map(|_| open(url.clone())).collect();
    for store in opening {
        store.await.unwrap().unwrap().ping().await.unwrap();
    }
}

#[tokio::test]
async fn what_is_saved_closes_well_where_another_process_reads_the_log() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("articles.db");
    let store = store::open(&format!("sqlite:{}", path.display()), &utc()).await.unwrap();
    let reader = rusqlite::Connection::open(&path).unwrap();
    reader.execute_batch("begin; select count(*) from article").unwrap();
    let saved = store
        .save_articles(&[article(r#"{"id":"a","title":"A","language":"vi"}"#)], &Author::import())
        .await;
    assert_eq!(saved.unwrap(), [Saved::Created]);
    store.close().await.unwrap();
}

#[tokio::test]
async fn without_a_calendar_no_article_is_saved() {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite:{}/articles.db", folder.path().display());
    assert!(store::open_without_calendar(&url).await.is_err(), "there is none yet");
    store::open(&url, &utc()).await.unwrap().close().await.unwrap();
    let store = store::open_without_calendar(&url).await.unwrap();
    let saved = store
        .save_articles(&[article(r#"{"id":"a","title":"A","language":"vi"}"#)], &Author::import())
        .await;
    assert!(matches!(saved, Err(StoreError::Other(_))), "{saved:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_may_open_a_new_file_at_the_same_moment() {
    for _ in 0..10 {
        let folder = TempDir::new().unwrap();
        let url = format!("sqlite:{}/articles.db", folder.path().display());
        let open = |url: String| tokio::spawn(async move { store::open(&url, &utc()).await });
        let opening: Vec<_> = (0..4).map(|_| open(url.clone())).collect();
        for store in opening {
            store.await.unwrap().unwrap().ping().await.unwrap();
        }
    }
}

#[tokio::test]
async fn what_has_been_kept_long_enough_goes_from_the_files_too() {
    const DAY: i64 = 86_400;
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite:{}/articles.db", folder.path().display());
    let store = store::open(&url, &utc()).await.unwrap();
    store
        .save_articles(&[article(r#"{"id":"a","title":"A","language":"vi"}"#)], &Author::import())
        .await
        .unwrap();
    // More than one piece of each.
    for number in 0..250_u8 {
        let (at, words) =
            if number < 230 { (MIDNIGHT, "đã cũ") } else { (MIDNIGHT + DAY, "còn mới") };
        let letter = NewFeedback { at, ..letter(&number.to_string(), words, number) };
        assert_eq!(store.save_feedback(&letter).await.unwrap(), FeedbackKept::New);
        let (rating, word) = ([number; 16], words.to_owned());
        let (article, partner) = (id("a"), String::new());
        let rating = Rating { rating, article, at, partner, useful: true, word };
        assert_eq!(store.rate(&rating, true).await.unwrap(), RatingKept::Counted);
    }
    let proof = SpentProof { challenge: [1; 32], expires_at: MIDNIGHT + 29 * DAY };
    assert_eq!(
        store.request_mail(&mail(1), &delivery(1), &proof).await.unwrap(),
        MailRequested::New
    );

    let clock = ManualClock::at(MIDNIGHT + 30 * DAY);
    retention::erase(&*store, clock.now(), 30).await.unwrap();
    assert_eq!(store.feedback_secrets(0, 999).await.unwrap().len(), 250, "not a second too early");
    assert_eq!(
        store.request_mail(&mail(2), &delivery(2), &proof).await.unwrap(),
        MailRequested::ProofSpent
    );
    clock.advance(1);
    retention::erase(&*store, clock.now(), 30).await.unwrap();
    let left = store.feedback_secrets(0, 999).await.unwrap();
    assert!(left.iter().map(|(_, secret)| secret[0]).eq(230..250));
    let ratings = store.ratings(&id("a"), 999).await.unwrap();
    assert_eq!((ratings.useful, ratings.words.len()), (250, 20));
    let requested = store.request_mail(&mail(2), &delivery(2), &proof).await.unwrap();
    assert_eq!(requested, MailRequested::New, "nobody would take it any more");
    let files = std::fs::read_dir(folder.path()).unwrap();
    for path in files.map(|entry| entry.unwrap().path()) {
        let bytes = std::fs::read(&path).unwrap();
        let old = "đã cũ".as_bytes();
        assert!(!bytes.windows(old.len()).any(|window| window == old), "{}", path.display());
    }
}

/// Somebody's backup or query may read the log for longer than we wait.
#[tokio::test]
async fn a_reader_of_the_log_keeps_nothing_from_being_forgotten() {
    const DAY: i64 = 86_400;
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("articles.db");
    let store = store::open(&format!("sqlite:{}", file.display()), &utc()).await.unwrap();
    store
        .save_articles(&[article(r#"{"id":"a","title":"A","language":"vi"}"#)], &Author::import())
        .await
        .unwrap();
    let proof = Some(SpentProof { challenge: [1; 32], expires_at: MIDNIGHT + DAY });
    let old = NewFeedback { at: MIDNIGHT, proof, ..letter("k", "đã cũ", 1) };
    assert_eq!(store.save_feedback(&old).await.unwrap(), FeedbackKept::New);
    let rating = Rating {
        rating: [1; 16],
        article: id("a"),
        at: MIDNIGHT,
        partner: String::new(),
        useful: true,
        word: "đã cũ".to_owned(),
    };
    assert_eq!(store.rate(&rating, true).await.unwrap(), RatingKept::Counted);

    let reader = rusqlite::Connection::open(&file).unwrap();
    reader.execute_batch("begin; select count(*) from feedback;").unwrap();
    retention::erase(&*store, MIDNIGHT + 31 * DAY, 30).await.unwrap();
    assert!(store.feedback_secrets(0, 9).await.unwrap().is_empty());
    assert!(store.ratings(&id("a"), 9).await.unwrap().words.is_empty());
    let other = rusqlite::Connection::open(&file).unwrap();
    let proofs = "select count(*) from spent_proof";
    let left: i64 = other.query_row(proofs, [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0, "it went on to the end");
}

fn mail(number: u8) -> MailRequest {
    MailRequest { key: [number; 32], content: [number; 32], at: MIDNIGHT }
}

fn delivery(number: u8) -> NewDelivery {
    NewDelivery {
        kind: DeliveryKind::Article,
        key: number.to_string(),
        article: Some(id("a")),
        mark: Some(ShareMark::own(Channel::Sent)),
        recipient: "minh@example.vn".to_owned(),
        language: "vi".to_owned(),
        at: MIDNIGHT,
        content: String::new(),
    }
}

#[tokio::test]
async fn a_url_that_names_no_file_is_refused() {
    for url in ["sqlite:", "sqlite::memory:", "mysql://localhost/x", "articles.db"] {
        assert!(store::open(url, &utc()).await.is_err(), "{url}");
    }
}

async fn tell(url: &str) {
    let store = store::open(url, &utc()).await.unwrap();
    store.ping().await.unwrap();
    articles(&*store).await;
    pages(&*store).await;
    feedback(&*store).await;
    releases(&*store).await;
    tokens(&*store).await;
    feeds::feeds(&*store).await;
    inbox::people(&*store).await;
    inbox::letters(&*store).await;
    inbox::hostile_letters(&*store).await;
    let (kept, signing_key) = secrets(&*store).await;
    store.close().await.unwrap();
    let closed = store.article(&id("a")).await;
    assert!(matches!(closed, Err(StoreError::Unavailable(_))), "{closed:?}");

    let store: Arc<dyn Store> = store::open(url, &utc()).await.unwrap();
    assert_eq!(salt(&*store, 20_003).await, kept);
    assert_eq!(store.signing_key().await.unwrap(), signing_key);
    assert!(store.article(&id("a")).await.unwrap().is_some());
    assert_eq!(store.token(&[2; 32]).await.unwrap().unwrap().name, "newsroom");
}

async fn articles(store: &dyn Store) {
    // A block of a kind nobody knows, and spacing of its own: both come back as they were.
    let verbatim =
        r#"{"id":"a",  "title":"Một","language":"vi","body":[{"kind":"hologram","x":[1]}]}"#;
    let batch = [article(verbatim), article(r#"{"id":"b","title":"Hai","language":"vi"}"#)];
    let saved = store.save_articles(&batch, &Author::import()).await.unwrap();
    assert_eq!(saved, [Saved::Created, Saved::Created]);
    assert_eq!(
        store.save_articles(&batch[..1], &Author::import()).await.unwrap(),
        [Saved::Unchanged]
    );
    assert_eq!(store.article(&id("a")).await.unwrap().unwrap().json().get(), verbatim);
    assert!(store.article(&id("none")).await.unwrap().is_none());

    let withdrawn = article(r#"{"id":"b","title":"Hai","language":"vi","status":"canceled"}"#);
    assert_eq!(
        store.save_articles(&[withdrawn], &Author::import()).await.unwrap(),
        [Saved::Updated]
    );
    let found = store.article(&id("b")).await.unwrap().unwrap();
    assert_eq!(found.article().status, Status::Canceled);
}

async fn pages(store: &dyn Store) {
    let batch = [
        article(r#"{"id":"c","title":"Ba","language":"vi","embargo":"2024-11-27"}"#),
        article(r#"{"id":"d","title":"Bốn","language":"vi","expires":"2024-11-27"}"#),
        article(r#"{"id":"e","title":"Năm","language":"vi","status":"withheld"}"#),
    ];
    store.save_articles(&batch, &Author::import()).await.unwrap();
    assert_eq!(page(store, None, 9, MIDNIGHT - 1).await, (ids(&["a", "d"]), None));
    assert_eq!(page(store, None, 9, MIDNIGHT).await, (ids(&["a", "c"]), None));
    assert_eq!(page(store, None, 2, MIDNIGHT).await, (ids(&["a", "c"]), None), "none after it");
    assert_eq!(page(store, None, 1, MIDNIGHT).await, (ids(&["a"]), Some(id("a"))));
    assert_eq!(page(store, Some("a"), 1, MIDNIGHT).await, (ids(&["c"]), None));
    assert_eq!(
        page(store, Some("b"), 9, MIDNIGHT).await,
        (ids(&["c"]), None),
        "after a hidden one"
    );
}

async fn page(
    store: &dyn Store,
    after: Option<&str>,
    limit: u32,
    now: UnixSeconds,
) -> (Vec<ArticleId>, Option<ArticleId>) {
    let page = store.articles(after.map(id).as_ref(), limit, now).await.unwrap();
    (page.articles.iter().map(|article| article.id().clone()).collect(), page.next)
}

/// Feedback to keep; nothing is suspicious of it.
fn letter(key: &str, message: &str, secret: u8) -> NewFeedback {
    NewFeedback {
        report: FeedbackReport {
            article: "a".into(),
            name: "Lan".into(),
            message: message.into(),
            consent: "2026-01".into(),
            ..FeedbackReport::default()
        },
        idempotency_key: key.into(),
        secret_hash: [secret; 32],
        reference: format!("PH-{secret}"),
        at: 1_700_000_000,
        held: None,
        fingerprint: None,
        proof: None,
        announce: Vec::new(),
    }
}

async fn feedback(store: &dyn Store) {
    let new = letter;
    let again = FeedbackKept::Again { reference: "PH-1".into() };
    assert_eq!(store.save_feedback(&new("k", "Hay", 1)).await.unwrap(), FeedbackKept::New);
    assert_eq!(store.save_feedback(&new("k", "Hay", 2)).await.unwrap(), again);
    assert_eq!(store.save_feedback(&new("k", "Dở", 3)).await.unwrap(), FeedbackKept::KeyReused);

    let kept = store.feedback(&[1; 32]).await.unwrap().unwrap();
    assert_eq!((kept.report.message.as_str(), kept.report.consent.as_str()), ("Hay", "2026-01"));
    assert_eq!((kept.reference.as_str(), kept.at), ("PH-1", 1_700_000_000));
    assert_eq!((kept.progress, kept.answer), (Progress::Received, None));
    assert!(store.feedback(&[2; 32]).await.unwrap().is_none());

    let proof = Some(SpentProof { challenge: [7; 32], expires_at: 1_700_000_600 });
    let proven = |key: &str, secret: u8| NewFeedback { proof, ..new(key, "Hay", secret) };
    assert_eq!(store.save_feedback(&proven("l", 4)).await.unwrap(), FeedbackKept::New);
    let same = FeedbackKept::Again { reference: "PH-4".into() };
    assert_eq!(store.save_feedback(&proven("l", 5)).await.unwrap(), same, "the same letter");
    assert_eq!(store.save_feedback(&proven("m", 6)).await.unwrap(), FeedbackKept::ProofSpent);
    assert_eq!(store.save_feedback(&new("m", "Hay", 6)).await.unwrap(), FeedbackKept::New);
    let secrets = store.feedback_secrets(0, 2).await.unwrap();
    assert_eq!(secrets.iter().map(|(_, secret)| secret[0]).collect::<Vec<_>>(), [1, 4]);
    let after = store.feedback_secrets(secrets[1].0, 2).await.unwrap();
    assert_eq!(after.iter().map(|(_, secret)| secret[0]).collect::<Vec<_>>(), [6]);

    assert!(store.erase_feedback(&[1; 32]).await.unwrap());
    assert!(!store.erase_feedback(&[1; 32]).await.unwrap());
    assert!(store.feedback(&[1; 32]).await.unwrap().is_none());
}

async fn releases(store: &dyn Store) {
    let asset = |identity: &[u8]| Asset {
        name: "embed.js".into(),
        media_type: "text/javascript".into(),
        identity: identity.into(),
        gzip: vec![1],
        brotli: vec![2],
    };
    let release = |version: &str, identity: &[u8]| Release {
        version: version.into(),
        assets: vec![asset(identity)],
    };
    store.save_release(&release("1", b"one")).await.unwrap();
    store.save_release(&release("1", b"another")).await.unwrap();
    store.save_release(&release("2", b"two")).await.unwrap();
    assert_eq!(store.asset("1", "embed.js").await.unwrap(), Some(asset(b"one")));
    assert_eq!(store.asset("2", "embed.js").await.unwrap(), Some(asset(b"two")));
    assert_eq!(store.asset("3", "embed.js").await.unwrap(), None);
}

async fn tokens(store: &dyn Store) {
    let new = |name: &str, scopes: &[Scope]| Grant {
        name: name.into(),
        scopes: scopes.to_vec(),
        created_at: 1_700_000_000,
    };
    let (press, newsroom) = (new("press", &[Scope::StatsRead]), new("newsroom", &Scope::ALL));
    assert!(store.save_token(&press, &[1; 32]).await.unwrap());
    assert!(store.save_token(&newsroom, &[2; 32]).await.unwrap());
    assert!(!store.save_token(&press, &[3; 32]).await.unwrap(), "the name is taken");
    assert_eq!(store.token(&[1; 32]).await.unwrap().as_ref(), Some(&press));
    assert_eq!(store.token(&[3; 32]).await.unwrap(), None);
    assert_eq!(store.tokens().await.unwrap(), [newsroom, press]);
    assert!(store.revoke_token("press").await.unwrap());
    assert!(!store.revoke_token("press").await.unwrap());
    assert_eq!(store.token(&[1; 32]).await.unwrap(), None);
}

/// The salt of day 20,003 and the signing key.
async fn secrets(store: &dyn Store) -> (Vec<u8>, SigningKey) {
    let first = salt(store, 20_000).await;
    let second = salt(store, 20_001).await;
    assert_ne!(first, second);
    assert_eq!(salt(store, 20_000).await, first, "yesterday's is still there");
    salt(store, 20_003).await;
    assert_ne!(salt(store, 20_001).await, second, "destroyed two days later");
    let signing_key = store.signing_key().await.unwrap();
    assert_eq!(store.signing_key().await.unwrap(), signing_key);
    (salt(store, 20_003).await, signing_key)
}

/// The salt of that day, as the store keeps it.
async fn salt(store: &dyn Store, day: i64) -> Vec<u8> {
    let fresh = [Uuid::new_v4().into_bytes(), Uuid::new_v4().into_bytes()].concat();
    store.salt(day, &fresh).await.unwrap()
}

fn article(json: &str) -> StoredArticle {
    StoredArticle::from_json(json).unwrap()
}

fn id(text: &str) -> ArticleId {
    ArticleId::parse(text).unwrap()
}

fn ids(texts: &[&str]) -> Vec<ArticleId> {
    texts.iter().map(|text| id(text)).collect()
}

fn utc() -> Calendar {
    Calendar::new(TimeZone::UTC)
}
