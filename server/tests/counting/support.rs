//! A store in a folder of its own, and views to put into it.

use std::fs;
use std::sync::Arc;

use article_server::article::StoredArticle;
use article_server::clock::UnixSeconds;
use article_server::revision::Author;
use article_server::store::{self, Outcome, Reader, Store, Totals, View};
use article_server::time::Calendar;
use article_widget::contract::ArticleId;
use jiff::tz::TimeZone;
use tempfile::TempDir;
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::postgres;
pub(crate) use crate::postgres::is_elsewhere;

/// Noon on 2024-11-27, UTC.
pub(crate) const NOON: UnixSeconds = 1_732_708_800;
/// The day of [`NOON`].
pub(crate) const TODAY: i64 = NOON / 86_400;
pub(crate) const COUNTED: Outcome = Outcome::Counted { new_reader: true };
pub(crate) const COUNTED_AGAIN: Outcome = Outcome::Counted { new_reader: false };

/// An empty database: a SQLite file in a folder of its own, or one of the cluster that the tests are to run on.
pub(crate) struct Database {
    pub(crate) folder: TempDir,
    postgres: OnceCell<Option<String>>,
}

impl Database {
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), postgres: OnceCell::new() }
    }

    pub(crate) fn path(&self) -> String {
        format!("{}/articles.db", self.folder.path().display())
    }

    pub(crate) async fn open(&self) -> Arc<dyn Store> {
        self.open_in(&utc()).await
    }

    pub(crate) async fn open_in(&self, calendar: &Calendar) -> Arc<dyn Store> {
        store::open(&self.url().await, calendar).await.unwrap()
    }

    /// Names it, the same one each time.
    pub(crate) async fn url(&self) -> String {
        let postgres = self.postgres.get_or_init(postgres::database).await;
        postgres.clone().unwrap_or_else(|| format!("sqlite:{}", self.path()))
    }

    /// Opened, with articles of these ids.
    pub(crate) async fn with_articles(&self, ids: &[&str]) -> Arc<dyn Store> {
        let store = self.open().await;
        save(&*store, &ids.iter().map(|id| (*id, "")).collect::<Vec<_>>()).await;
        store
    }

    /// The number that a query gives.
    pub(crate) async fn number(&self, sql: &str) -> usize {
        match self.postgres.get().and_then(Option::as_ref) {
            Some(url) => postgres::number(url, sql).await,
            None => {
                let connection = rusqlite::Connection::open(self.path()).unwrap();
                connection.query_row(sql, [], |row| row.get(0)).unwrap()
            }
        }
    }

    /// Whether any of the database's files, or tables, holds these bytes.
    pub(crate) async fn holds(&self, needle: &[u8]) -> bool {
        if let Some(url) = self.postgres.get().and_then(Option::as_ref) {
            return postgres::holds(url, needle).await;
        }
        fs::read_dir(self.folder.path()).unwrap().any(|file| {
            let bytes = fs::read(file.unwrap().path()).unwrap();
            bytes.windows(needle.len()).any(|window| window == needle)
        })
    }
}

/// The salt of that day, as the store keeps it.
pub(crate) async fn salt(store: &dyn Store, day: i64) -> Vec<u8> {
    let fresh = [Uuid::new_v4().into_bytes(), Uuid::new_v4().into_bytes()].concat();
    store.salt(day, &fresh).await.unwrap()
}

pub(crate) fn utc() -> Calendar {
    Calendar::new(TimeZone::UTC)
}

/// Saves articles: an id, and more fields as JSON.
pub(crate) async fn save(store: &dyn Store, articles: &[(&str, &str)]) {
    let articles: Vec<StoredArticle> = articles
        .iter()
        .map(|(id, more)| {
            let json = format!(r#"{{"id":"{id}","title":"Title of {id}","language":"vi"{more}}}"#);
            StoredArticle::from_json(&json).unwrap()
        })
        .collect();
    store.save_articles(&articles, &Author::import()).await.unwrap();
}

/// A view with a fresh id, by a reader made of one byte.
pub(crate) fn view(article: &str, reader: u8, at: UnixSeconds) -> View {
    View {
        article: id(article),
        view: Uuid::new_v4().into_bytes(),
        at,
        reader: Reader {
            today: key(reader, at / 86_400),
            yesterday: key(reader, at / 86_400 - 1),
            day: at / 86_400,
            place: place(reader),
            private: false,
            allowance: 1,
        },
        partner: "https://partner.example".into(),
        seconds: 1,
        depth: 10,
        share: None,
        refused: None,
    }
}

/// The address of that reader; each has its own.
pub(crate) fn place(reader: u8) -> [u8; 8] {
    [reader; 8]
}

/// The key of that reader on that day.
pub(crate) fn key(reader: u8, day: i64) -> [u8; 16] {
    let mut key = [reader; 16];
    key[8..].copy_from_slice(&day.to_be_bytes());
    key
}

pub(crate) async fn record(store: &dyn Store, view: &View) -> Outcome {
    store.record_views(vec![view.clone()]).await.unwrap()[0]
}

pub(crate) async fn totals(store: &dyn Store, article: &str) -> Totals {
    store.totals(&id(article)).await.unwrap()
}

pub(crate) fn id(text: &str) -> ArticleId {
    ArticleId::parse(text).unwrap()
}
