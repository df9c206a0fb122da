//! What articles said before. The state that stands is in their own table, those before it in another.

use article_widget::contract::ArticleId;
use async_trait::async_trait;
use deadpool_postgres::{Client, Transaction};
use tokio_postgres::Row;

use super::sql::{Params, execute, number, row, rows};
use super::{PostgresStore, articles, outbox};
use crate::article::StoredArticle;
use crate::clock::{Clock as _, SystemClock};
use crate::revision::{Author, Expected, RevisionTag};
use crate::store::saving::{Signature, read_status};
use crate::store::{
    ArticleChange, ArticleRevision, Changed, KEPT_REVISIONS, RevisionStore, RevisionSummary, Saved,
    StoreError,
};

#[async_trait]
impl RevisionStore for PostgresStore {
    async fn change_article(&self, change: &ArticleChange) -> Result<Changed, StoreError> {
        self::change(self, change).await
    }

    async fn current_revision(
        &self,
        id: &ArticleId,
    ) -> Result<Option<ArticleRevision>, StoreError> {
        one(&self.for_reading().await?, CURRENT, &[&id.as_str()]).await
    }

    async fn revision(
        &self,
        id: &ArticleId,
        number: u32,
    ) -> Result<Option<ArticleRevision>, StoreError> {
        one(&self.for_reading().await?, NUMBERED, &[&id.as_str(), &i64::from(number)]).await
    }

    async fn revisions(
        &self,
        id: &ArticleId,
        before: Option<u32>,
        limit: u32,
    ) -> Result<Vec<RevisionSummary>, StoreError> {
        list(&self.for_reading().await?, id, before, limit).await
    }
}

/// Saves the article where it finds what is expected. Whoever changes it at the same moment waits, and finds this.
async fn change(store: &PostgresStore, change: &ArticleChange) -> Result<Changed, StoreError> {
    let calendar = store.calendar()?;
    let mut client = store.for_writing().await?;
    let transaction = client.transaction().await?;
    let found = tag(&transaction, change.article.id()).await?;
    let is_again = found == Some(change.article.tag()) && change.expected.allows_again();
    if !is_again && !change.expected.is(found.as_ref()) {
        return Ok(Changed::NotAsExpected(found));
    }
    // By the clock here, and not when somebody asked: whoever follows changes by their time misses none.
    let at = SystemClock.now();
    let signature = Signature { at, by: &change.by, note: &change.note };
    let (saved, number) =
        articles::save_one(&transaction, &change.article, calendar, signature).await?;
    let has_come = found.is_none() && saved != Saved::Created;
    let is_again = saved == Saved::Unchanged && change.expected.allows_again();
    if has_come && !is_again && change.expected != Expected::Anything {
        return Err(articles::meanwhile(change.article.id()));
    }
    if let Some(delivery) = change.announce.as_ref().filter(|_| saved != Saved::Unchanged) {
        outbox::enqueue(&transaction, delivery, None).await?;
    }
    transaction.commit().await?;
    Ok(Changed::Done(saved, number))
}

async fn tag(
    transaction: &Transaction<'_>,
    id: &ArticleId,
) -> Result<Option<RevisionTag>, StoreError> {
    let sql = "/* article_tag */ select revision from article where id = $1 for update";
    row(transaction, sql, &[&id.as_str()]).await?.map(|row| read_tag(&row, 0)).transpose()
}

/// Keeps the state that stands, which is about to be replaced, and lets the oldest go. The caller has locked the
/// article.
pub(super) async fn keep_current(
    transaction: &Transaction<'_>,
    article: i64,
) -> Result<(), StoreError> {
    execute(transaction, KEEP, &[&article]).await?;
    execute(transaction, FORGET, &[&article, &i64::from(KEPT_REVISIONS)]).await?;
    Ok(())
}

const KEEP: &str = "/* keep_revision */
    insert into article_revision (article, number, json, title, status, tag, saved_at, saved_by, note)
    select no, revision_number, json, title, status, revision, updated_at, saved_by, note
    from article where no = $1";
const FORGET: &str = "/* forget_revisions */
    delete from article_revision
    where article = $1 and number <= (select revision_number from article where no = $1) - $2";

async fn one(
    client: &Client,
    sql: &str,
    params: Params<'_>,
) -> Result<Option<ArticleRevision>, StoreError> {
    let Some(row) = row(client, sql, params).await? else { return Ok(None) };
    let article = StoredArticle::from_json(row.try_get(8)?);
    let article = article.map_err(|error| StoreError::Other(error.into()))?;
    Ok(Some(ArticleRevision { article, summary: read_summary(&row)? }))
}

const CURRENT: &str = "/* current_revision */
    select revision_number, revision, title, status, updated_at, saved_by, note, true, json
    from article where id = $1";

/// One statement, so that a state which is replaced meanwhile is in one place or the other.
const NUMBERED: &str = "/* revision */
    select revision_number, revision, title, status, updated_at, saved_by, note, true, json
    from article where id = $1 and revision_number = $2
    union all
    select kept.number, kept.tag, kept.title, kept.status, kept.saved_at, kept.saved_by, kept.note,
           false, kept.json
    from article_revision as kept join article on article.no = kept.article
    where article.id = $1 and kept.number = $2";

async fn list(
    client: &Client,
    id: &ArticleId,
    before: Option<u32>,
    limit: u32,
) -> Result<Vec<RevisionSummary>, StoreError> {
    let before = before.map_or(i64::MAX, i64::from);
    let params: Params<'_> = &[&id.as_str(), &before, &i64::from(limit)];
    rows(client, LIST, params).await?.iter().map(read_summary).collect()
}

const LIST: &str = "/* list_revisions */
    select * from (
        select revision_number as number, revision, title, status, updated_at, saved_by, note, true
        from article where id = $1
        union all
        select kept.number, kept.tag, kept.title, kept.status, kept.saved_at, kept.saved_by,
               kept.note, false
        from article_revision as kept join article on article.no = kept.article
        where article.id = $1
    ) as states
    where number < $2
    order by number desc
    limit $3";

fn read_summary(row: &Row) -> Result<RevisionSummary, StoreError> {
    Ok(RevisionSummary {
        number: number(row, 0)?,
        tag: read_tag(row, 1)?,
        title: row.try_get(2)?,
        status: read_status(row.try_get(3)?),
        saved_at: row.try_get(4)?,
        by: Author::stored(row.try_get::<_, String>(5)?),
        note: row.try_get(6)?,
        is_current: row.try_get(7)?,
    })
}

fn read_tag(row: &Row, column: usize) -> Result<RevisionTag, StoreError> {
    let bytes: &[u8] = row.try_get(column)?;
    RevisionTag::from_bytes(bytes)
        .ok_or_else(|| StoreError::Other(anyhow::anyhow!("a tag of {} bytes", bytes.len())))
}
