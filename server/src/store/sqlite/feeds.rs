//! Feeds that are asked for articles.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{SqliteStore, articles};
use crate::article::StoredArticle;
use crate::clock::UnixSeconds;
use crate::store::{Brought, Feed, FeedEnd, FeedRead, FeedStore, FeedTry, Keep, StoreError};

#[async_trait]
impl FeedStore for SqliteStore {
    async fn feeds(&self) -> Result<Vec<Feed>, StoreError> {
        self.readers.run(list).await
    }

    async fn claim_feed(
        &self,
        url: &str,
        due_by: UnixSeconds,
        until: UnixSeconds,
    ) -> Result<Option<Feed>, StoreError> {
        let url = url.to_owned();
        self.writer.run(move |writer| claim(&writer.connection, &url, due_by, until)).await
    }

    async fn record_feed_try(&self, url: &str, tried: &FeedTry) -> Result<(), StoreError> {
        let (url, tried) = (url.to_owned(), tried.clone());
        self.writer.run(move |writer| record(&writer.connection, &url, &tried)).await
    }

    async fn save_brought(
        &self,
        articles: &[StoredArticle],
        keep: Keep,
    ) -> Result<Vec<Brought>, StoreError> {
        let articles = articles.to_vec();
        self.writer.run(move |writer| articles::save_brought(writer, &articles, keep)).await
    }

    async fn forget_feeds(&self, time: UnixSeconds) -> Result<(), StoreError> {
        self.writer
            .run(move |writer| {
                writer
                    .connection
                    .prepare_cached("/* forget_feeds */ delete from feed where due_at < ?1")?
                    .execute([time])?;
                Ok(())
            })
            .await
    }
}

fn list(connection: &Connection) -> Result<Vec<Feed>, StoreError> {
    let mut statement = connection.prepare_cached(
        "/* feeds */
         select url, etag, last_modified, tried_at, good_at, problem, failures, articles, kept, created,
                updated, due_at
         from feed order by url",
    )?;
    let feeds = statement.query_map([], read)?;
    Ok(feeds.collect::<rusqlite::Result<_>>()?)
}

fn claim(
    connection: &Connection,
    url: &str,
    due_by: UnixSeconds,
    until: UnixSeconds,
) -> Result<Option<Feed>, StoreError> {
    let feed = connection
        .prepare_cached(
            "/* claim_feed */
             insert into feed (url, due_at) values (?1, ?3)
             on conflict (url) do update set due_at = excluded.due_at where feed.due_at <= ?2
             returning url, etag, last_modified, tried_at, good_at, problem, failures, articles, kept,
                       created, updated, due_at",
        )?
        .query_row(params![url, due_by, until], read)
        .optional()?;
    Ok(feed)
}

fn record(connection: &Connection, url: &str, tried: &FeedTry) -> Result<(), StoreError> {
    let (at, due_at) = (tried.at, tried.due_at);
    match &tried.end {
        FeedEnd::Same => connection
            .prepare_cached(
                "/* feed_same */
                 update feed set tried_at = ?2, good_at = ?2, due_at = ?3, problem = '', failures = 0
                 where url = ?1",
            )?
            .execute(params![url, at, due_at])?,
        FeedEnd::Failed(problem) => connection
            .prepare_cached(
                "/* feed_failed */
                 update feed set tried_at = ?2, due_at = ?3, problem = ?4, failures = failures + 1
                 where url = ?1",
            )?
            .execute(params![url, at, due_at, problem])?,
        FeedEnd::Read(answer) => record_read(connection, url, tried, answer)?,
    };
    Ok(())
}

fn record_read(
    connection: &Connection,
    url: &str,
    tried: &FeedTry,
    answer: &FeedRead,
) -> rusqlite::Result<usize> {
    connection
        .prepare_cached(
            "/* feed_read */
             update feed set
                 tried_at = ?2, good_at = ?2, due_at = ?3, problem = '', failures = 0,
                 etag = ?4, last_modified = ?5, articles = ?6, kept = ?7,
                 created = created + ?8, updated = updated + ?9
             where url = ?1",
        )?
        .execute(params![
            url,
            tried.at,
            tried.due_at,
            answer.etag,
            answer.last_modified,
            answer.articles,
            answer.kept,
            answer.created,
            answer.updated
        ])
}

fn read(row: &Row<'_>) -> rusqlite::Result<Feed> {
    let problem: String = row.get(5)?;
    Ok(Feed {
        url: row.get(0)?,
        etag: row.get(1)?,
        last_modified: row.get(2)?,
        tried_at: row.get(3)?,
        good_at: row.get(4)?,
        problem: Some(problem).filter(|problem| !problem.is_empty()),
        failures: row.get(6)?,
        articles: row.get(7)?,
        kept: row.get(8)?,
        created: row.get(9)?,
        updated: row.get(10)?,
        due_at: row.get(11)?,
    })
}
