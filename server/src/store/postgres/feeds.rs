//! Feeds that are asked for articles.

use async_trait::async_trait;
use deadpool_postgres::Client;
use tokio_postgres::Row;

use super::sql::{Params, execute, number, row, rows, text};
use super::{PostgresStore, articles};
use crate::article::StoredArticle;
use crate::clock::UnixSeconds;
use crate::store::{Brought, Feed, FeedEnd, FeedRead, FeedStore, FeedTry, Keep, StoreError};

#[async_trait]
impl FeedStore for PostgresStore {
    async fn feeds(&self) -> Result<Vec<Feed>, StoreError> {
        rows(&self.for_reading().await?, LIST, &[]).await?.iter().map(read).collect()
    }

    async fn claim_feed(
        &self,
        url: &str,
        due_by: UnixSeconds,
        until: UnixSeconds,
    ) -> Result<Option<Feed>, StoreError> {
        let claimed = row(&self.for_writing().await?, CLAIM, &[&url, &due_by, &until]).await?;
        claimed.as_ref().map(read).transpose()
    }

    async fn record_feed_try(&self, url: &str, tried: &FeedTry) -> Result<(), StoreError> {
        record(&self.for_writing().await?, url, tried).await
    }

    async fn save_brought(
        &self,
        articles: &[StoredArticle],
        keep: Keep,
    ) -> Result<Vec<Brought>, StoreError> {
        articles::save_brought(self, articles, keep).await
    }

    async fn forget_feeds(&self, time: UnixSeconds) -> Result<(), StoreError> {
        let sql = "/* forget_feeds */ delete from feed where due_at < $1";
        execute(&self.for_writing().await?, sql, &[&time]).await?;
        Ok(())
    }
}

const LIST: &str = "/* feeds */
    select url, etag, last_modified, tried_at, good_at, problem, failures, articles, kept, created,
           updated, due_at
    from feed order by url";

/// Of servers that ask at the same moment the second finds what the first has left.
const CLAIM: &str = "/* claim_feed */
    insert into feed (url, due_at) values ($1, $3)
    on conflict (url) do update set due_at = excluded.due_at where feed.due_at <= $2
    returning url, etag, last_modified, tried_at, good_at, problem, failures, articles, kept, created,
              updated, due_at";

async fn record(client: &Client, url: &str, tried: &FeedTry) -> Result<(), StoreError> {
    let (at, due_at) = (&tried.at, &tried.due_at);
    match &tried.end {
        FeedEnd::Same => execute(client, SAME, &[&url, at, due_at]).await?,
        FeedEnd::Failed(problem) => {
            let params: Params<'_> = &[&url, at, due_at, &text(problem)];
            execute(client, FAILED, params).await?
        }
        FeedEnd::Read(answer) => record_read(client, url, tried, answer).await?,
    };
    Ok(())
}

const SAME: &str = "/* feed_same */
    update feed set tried_at = $2, good_at = $2, due_at = $3, problem = '', failures = 0
    where url = $1";
const FAILED: &str = "/* feed_failed */
    update feed set tried_at = $2, due_at = $3, problem = $4, failures = failures + 1
    where url = $1";

async fn record_read(
    client: &Client,
    url: &str,
    tried: &FeedTry,
    answer: &FeedRead,
) -> Result<u64, StoreError> {
    let params: Params<'_> = &[
        &url,
        &tried.at,
        &tried.due_at,
        &answer.etag.as_deref().map(text),
        &answer.last_modified.as_deref().map(text),
        &i64::from(answer.articles),
        &i64::from(answer.kept),
        &i64::from(answer.created),
        &i64::from(answer.updated),
    ];
    execute(client, READ, params).await
}

const READ: &str = "/* feed_read */
    update feed set
        tried_at = $2, good_at = $2, due_at = $3, problem = '', failures = 0,
        etag = $4, last_modified = $5, articles = $6, kept = $7,
        created = created + $8, updated = updated + $9
    where url = $1";

fn read(row: &Row) -> Result<Feed, StoreError> {
    let problem: String = row.try_get(5)?;
    Ok(Feed {
        url: row.try_get(0)?,
        etag: row.try_get(1)?,
        last_modified: row.try_get(2)?,
        tried_at: row.try_get(3)?,
        good_at: row.try_get(4)?,
        problem: Some(problem).filter(|problem| !problem.is_empty()),
        failures: number(row, 6)?,
        articles: number(row, 7)?,
        kept: number(row, 8)?,
        created: number(row, 9)?,
        updated: number(row, 10)?,
        due_at: row.try_get(11)?,
    })
}
