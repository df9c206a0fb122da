//! The store in one SQLite file.
//!
//! One connection writes, on a thread of its own ([`writer`]); others read beside it ([`readers`]): in
//! WAL mode neither waits for the other. Beyond that, one module for each thing that is kept. What
//! counts is decided in [`counting`].

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use article_widget::contract::ArticleId;
use async_trait::async_trait;

use super::{
    ArticleNo, ArticlePage, Asset, Headline, HourCount, Outcome, Partner, PartnerNo, Rankable,
    Release, Saved, Share, Standing, Standings, Stats, Store, StoreError, StoreMetrics, Totals,
    UnixSeconds, View,
};
use crate::article::StoredArticle;
use crate::clock::Hour;
use crate::erasures::Erased;
use crate::revision::Author;
use crate::signing_key::SigningKey;
use crate::time::Calendar;
use crate::token::Grant;
pub(super) use moving::Source;
use readers::Readers;
use writer::WriterThread;

mod articles;
mod backup;
mod catalogue;
mod checkpoint;
mod connection;
mod counting;
mod error;
mod export;
mod feedback;
mod feeds;
mod images;
mod inbox;
mod inspect;
mod mail_requests;
mod measured;
mod moving;
mod outbox;
mod partners;
mod people;
mod proof;
mod ranking;
mod rating;
mod readers;
mod reading;
mod releases;
mod restore;
mod revisions;
mod secrets;
mod statement;
mod stats;
mod suppressed;
mod tokens;
mod writer;

pub(super) use inspect::{examine, inspect, salts_since};

/// A SQLite file that is open.
struct SqliteStore {
    writer: WriterThread,
    readers: Readers,
    metrics: StoreMetrics,
}

/// Opens the file at `path` (`//` may stand before it), makes it where there is none, and migrates it.
pub(super) async fn open(
    path: &str,
    calendar: Option<&Calendar>,
) -> anyhow::Result<Arc<dyn Store>> {
    let (path, calendar) = (file(path)?, calendar.cloned());
    let store = tokio::task::spawn_blocking(move || SqliteStore::open(&path, calendar)).await??;
    Ok(Arc::new(store))
}

/// Copies the file at `path`, which may be in use, to the new file `target`.
pub(super) async fn backup(path: &str, target: &Path) -> anyhow::Result<()> {
    let (source, target) = (file(path)?, target.to_owned());
    tokio::task::spawn_blocking(move || backup::backup(&source, &target)).await?
}

/// Puts the copy `source` in the place of the file at `path`.
pub(super) async fn restore(
    path: &str,
    source: &Path,
    replaces: bool,
    erased: Erased,
    now: UnixSeconds,
) -> anyhow::Result<usize> {
    let (target, source) = (file(path)?, source.to_owned());
    let work = move || restore::restore(&source, &target, replaces, &erased, now);
    tokio::task::spawn_blocking(work).await?
}

/// The file that the URL's path names.
pub(super) fn file(path: &str) -> anyhow::Result<PathBuf> {
    let path = path.strip_prefix("//").unwrap_or(path);
    anyhow::ensure!(
        !path.is_empty() && !path.starts_with(':'),
        "the database URL names a file: sqlite:PATH"
    );
    Ok(PathBuf::from(path))
}

impl SqliteStore {
    fn open(path: &Path, calendar: Option<Calendar>) -> anyhow::Result<Self> {
        // What is done to a database by name is done to one that is there, not to a mistyped name.
        anyhow::ensure!(
            calendar.is_some() || path.is_file(),
            "there is no database {}; serve and import make one",
            path.display()
        );
        let mut connection = connection::open_writer(path)
            .with_context(|| format!("cannot open the database {}", path.display()))?;
        if let Some(calendar) = &calendar {
            articles::follow_calendar(&mut connection, calendar)?;
        }
        inbox::fill_search(&mut connection)?;
        if let Some(calendar) = &calendar {
            catalogue::fill(&mut connection, calendar)?;
        }
        images::follow_old(&mut connection)?;
        let metrics = StoreMetrics::default();
        let writer = WriterThread::start(connection, calendar, metrics.clone())?;
        Ok(Self { writer, readers: Readers::new(path), metrics })
    }

    /// Has the counters' tables say all that was acknowledged.
    async fn settle(&self) -> Result<(), StoreError> {
        self.writer.run(|writer| writer.counting.settle(&mut writer.connection)).await
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn save_articles(
        &self,
        batch: &[StoredArticle],
        by: &Author,
    ) -> Result<Vec<Saved>, StoreError> {
        let (batch, by) = (batch.to_vec(), by.clone());
        self.writer.run(move |writer| articles::save(writer, &batch, &by)).await
    }

    async fn article(&self, id: &ArticleId) -> Result<Option<StoredArticle>, StoreError> {
        let id = id.clone();
        self.readers.run(move |connection| articles::find(connection, &id)).await
    }

    async fn articles(
        &self,
        after: Option<&ArticleId>,
        limit: u32,
        now: UnixSeconds,
    ) -> Result<ArticlePage, StoreError> {
        let after = after.cloned();
        self.readers
            .run(move |connection| articles::list(connection, after.as_ref(), limit, now))
            .await
    }

    async fn record_views(&self, batch: Vec<View>) -> Result<Vec<Outcome>, StoreError> {
        self.writer.record_views(batch).await
    }

    async fn record_shares(&self, batch: Vec<Share>) -> Result<Vec<Outcome>, StoreError> {
        self.writer.record_shares(batch).await
    }

    async fn forget_before(&self, day: i64) -> Result<(), StoreError> {
        self.settle().await?;
        // Piece by piece, so that views go in between.
        while self.writer.run(move |writer| counting::forget(&mut writer.connection, day)).await? {}
        self.writer.run(|writer| connection::truncate_log(&writer.connection)).await
    }

    async fn counts(
        &self,
        hours: Range<Hour>,
        partner: Option<PartnerNo>,
    ) -> Result<Vec<HourCount>, StoreError> {
        self.settle().await?;
        self.readers.run(move |connection| ranking::counts(connection, hours, partner)).await
    }

    async fn standings(&self, live: Hour) -> Result<Standings, StoreError> {
        self.settle().await?;
        self.readers.run(move |connection| ranking::standings(connection, live)).await
    }

    async fn rankable(&self, since: UnixSeconds) -> Result<Vec<Rankable>, StoreError> {
        self.readers.run(move |connection| ranking::rankable(connection, since)).await
    }

    async fn headlines(
        &self,
        articles: &[ArticleNo],
        now: UnixSeconds,
    ) -> Result<Vec<Headline>, StoreError> {
        let articles = articles.to_vec();
        self.readers.run(move |connection| ranking::headlines(connection, &articles, now)).await
    }

    async fn partners(&self) -> Result<Vec<Partner>, StoreError> {
        self.readers.run(partners::list).await
    }

    async fn set_partner(
        &self,
        origin: &str,
        standing: Standing,
        at: UnixSeconds,
    ) -> Result<(), StoreError> {
        let origin = origin.to_owned();
        self.writer
            .run(move |writer| partners::set(&writer.connection, &origin, standing, at))
            .await
    }

    async fn partner_no(&self, origin: &str) -> Result<Option<PartnerNo>, StoreError> {
        let origin = origin.to_owned();
        self.readers.run(move |connection| counting::partner_no(connection, &origin)).await
    }

    async fn totals(&self, id: &ArticleId) -> Result<Totals, StoreError> {
        let id = id.clone();
        self.settle().await?;
        self.readers.run(move |connection| ranking::totals(connection, &id)).await
    }

    async fn stats(
        &self,
        id: &ArticleId,
        hours: Range<i64>,
        limit: u32,
    ) -> Result<Option<Stats>, StoreError> {
        let id = id.clone();
        self.settle().await?;
        self.readers.run(move |connection| stats::stats(connection, &id, hours, limit)).await
    }

    async fn partner_by_mark(&self, mark: &str) -> Result<Option<String>, StoreError> {
        let mark = mark.to_owned();
        self.readers.run(move |connection| counting::partner_by_mark(connection, &mark)).await
    }

    async fn save_token(&self, grant: &Grant, hash: &[u8; 32]) -> Result<bool, StoreError> {
        let (grant, hash) = (grant.clone(), *hash);
        self.writer.run(move |writer| tokens::save(&writer.connection, &grant, &hash)).await
    }

    async fn token(&self, hash: &[u8; 32]) -> Result<Option<Grant>, StoreError> {
        let hash = *hash;
        self.readers.run(move |connection| tokens::find(connection, &hash)).await
    }

    async fn tokens(&self) -> Result<Vec<Grant>, StoreError> {
        self.readers.run(tokens::list).await
    }

    async fn revoke_token(&self, name: &str) -> Result<bool, StoreError> {
        let name = name.to_owned();
        self.writer.run(move |writer| tokens::revoke(&writer.connection, &name)).await
    }

    async fn save_release(&self, release: &Release) -> Result<(), StoreError> {
        let release = release.clone();
        self.writer.run(move |writer| releases::save(&mut writer.connection, &release)).await
    }

    async fn asset(&self, version: &str, name: &str) -> Result<Option<Asset>, StoreError> {
        let (version, name) = (version.to_owned(), name.to_owned());
        self.readers.run(move |connection| releases::find(connection, &version, &name)).await
    }

    async fn salt(&self, day: i64, fresh: &[u8]) -> Result<Vec<u8>, StoreError> {
        let fresh = fresh.to_vec();
        self.writer.run(move |writer| secrets::salt(&mut writer.connection, day, &fresh)).await
    }

    async fn signing_key(&self) -> Result<SigningKey, StoreError> {
        self.writer.run(|writer| secrets::signing_key(&mut writer.connection)).await
    }

    async fn lease(&self, _job: &str, _held: Duration) -> Result<bool, StoreError> {
        // One server has the file.
        Ok(true)
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.readers.run(connection::ping).await
    }

    async fn close(&self) -> Result<(), StoreError> {
        // The writer goes last: the last connection folds the log into the database.
        self.readers.close();
        self.writer.close().await
    }
}
