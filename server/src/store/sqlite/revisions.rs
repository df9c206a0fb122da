//! What articles said before. The state that stands is in their own table, those before it in another.

use article_widget::contract::ArticleId;
use async_trait::async_trait;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};

use super::writer::Writer;
use super::{SqliteStore, articles, outbox};
use crate::article::StoredArticle;
use crate::clock::{Clock as _, SystemClock};
use crate::revision::{Author, RevisionTag};
use crate::store::saving::{Signature, read_status};
use crate::store::{
    ArticleChange, ArticleRevision, Changed, KEPT_REVISIONS, RevisionStore, RevisionSummary, Saved,
    StoreError,
};

#[async_trait]
impl RevisionStore for SqliteStore {
    async fn change_article(&self, change: &ArticleChange) -> Result<Changed, StoreError> {
        let change = change.clone();
        self.writer.run(move |writer| self::change(writer, &change)).await
    }

    async fn current_revision(
        &self,
        id: &ArticleId,
    ) -> Result<Option<ArticleRevision>, StoreError> {
        let id = id.clone();
        self.readers.run(move |connection| find(connection, &id, None)).await
    }

    async fn revision(
        &self,
        id: &ArticleId,
        number: u32,
    ) -> Result<Option<ArticleRevision>, StoreError> {
        let id = id.clone();
        self.readers.run(move |connection| find(connection, &id, Some(number))).await
    }

    async fn revisions(
        &self,
        id: &ArticleId,
        before: Option<u32>,
        limit: u32,
    ) -> Result<Vec<RevisionSummary>, StoreError> {
        let id = id.clone();
        self.readers.run(move |connection| list(connection, &id, before, limit)).await
    }
}

/// Saves the article where it finds what is expected.
fn change(writer: &mut Writer, change: &ArticleChange) -> Result<Changed, StoreError> {
    let calendar = writer.calendar()?;
    let transaction =
        writer.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = tag(&transaction, change.article.id())?;
    let is_again = found == Some(change.article.tag()) && change.expected.allows_again();
    if !is_again && !change.expected.is(found.as_ref()) {
        return Ok(Changed::NotAsExpected(found));
    }
    // By the clock here, and not when somebody asked: whoever follows changes by their time misses none.
    let at = SystemClock.now();
    let signature = Signature { at, by: &change.by, note: &change.note };
    let (saved, number) = articles::save_one(&transaction, &change.article, &calendar, signature)?;
    if let Some(delivery) = change.announce.as_ref().filter(|_| saved != Saved::Unchanged) {
        outbox::enqueue(&transaction, delivery, None)?;
    }
    transaction.commit()?;
    writer.counting.forget_articles();
    Ok(Changed::Done(saved, number))
}

fn tag(connection: &Connection, id: &ArticleId) -> rusqlite::Result<Option<RevisionTag>> {
    connection
        .prepare_cached("/* article_tag */ select revision from article where id = ?1")?
        .query_row([id.as_str()], |row| read_tag(row, 0))
        .optional()
}

/// Keeps the state that stands, which is about to be replaced, and lets the oldest go.
pub(super) fn keep_current(transaction: &Transaction<'_>, article: i64) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "/* keep_revision */
             insert into article_revision
                 (article, number, json, title, status, tag, saved_at, saved_by, note)
             select no, revision_number, json, title, status, revision, updated_at, saved_by, note
             from article where no = ?1",
        )?
        .execute([article])?;
    transaction
        .prepare_cached(
            "/* forget_revisions */
             delete from article_revision
             where article = ?1
               and number <= (select revision_number from article where no = ?1) - ?2",
        )?
        .execute(params![article, KEPT_REVISIONS])
        .map(drop)
}

fn find(
    connection: &Connection,
    id: &ArticleId,
    number: Option<u32>,
) -> Result<Option<ArticleRevision>, StoreError> {
    let current = one(connection, CURRENT, params![id.as_str()])?;
    let is_wanted = |found: &ArticleRevision| number.is_none_or(|it| it == found.summary.number);
    match (current.filter(is_wanted), number) {
        (None, Some(number)) => one(connection, KEPT, params![id.as_str(), number]),
        (current, _) => Ok(current),
    }
}

const CURRENT: &str = "/* current_revision */
    select revision_number, revision, title, status, updated_at, saved_by, note, true, json
    from article where id = ?1";

const KEPT: &str = "/* kept_revision */
    select kept.number, kept.tag, kept.title, kept.status, kept.saved_at, kept.saved_by, kept.note,
        false, kept.json
    from article_revision as kept join article on article.no = kept.article
    where article.id = ?1 and kept.number = ?2";

fn one(
    connection: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
) -> Result<Option<ArticleRevision>, StoreError> {
    let read = |row: &Row<'_>| Ok((read_summary(row)?, row.get::<_, String>(8)?));
    let found = connection.prepare_cached(sql)?.query_row(parameters, read).optional()?;
    let Some((summary, json)) = found else { return Ok(None) };
    let article =
        StoredArticle::from_json(&json).map_err(|error| StoreError::Other(error.into()))?;
    Ok(Some(ArticleRevision { article, summary }))
}

fn list(
    connection: &Connection,
    id: &ArticleId,
    before: Option<u32>,
    limit: u32,
) -> Result<Vec<RevisionSummary>, StoreError> {
    let mut statement = connection.prepare_cached(LIST)?;
    let before = before.map_or(i64::MAX, i64::from);
    let rows = statement.query_map(params![id.as_str(), before, limit], read_summary)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

const LIST: &str = "/* list_revisions */
    select * from (
        select revision_number as number, revision, title, status, updated_at, saved_by, note, true
        from article where id = ?1
        union all
        select kept.number, kept.tag, kept.title, kept.status, kept.saved_at, kept.saved_by,
            kept.note, false
        from article_revision as kept join article on article.no = kept.article
        where article.id = ?1
    ) as states
    where number < ?2
    order by number desc
    limit ?3";

fn read_summary(row: &Row<'_>) -> rusqlite::Result<RevisionSummary> {
    Ok(RevisionSummary {
        number: row.get(0)?,
        tag: read_tag(row, 1)?,
        title: row.get(2)?,
        status: read_status(row.get_ref(3)?.as_str()?),
        saved_at: row.get(4)?,
        by: Author::stored(row.get::<_, String>(5)?),
        note: row.get(6)?,
        is_current: row.get(7)?,
    })
}

fn read_tag(row: &Row<'_>, column: usize) -> rusqlite::Result<RevisionTag> {
    let bytes = row.get_ref(column)?.as_blob()?;
    RevisionTag::from_bytes(bytes).ok_or_else(|| {
        let reason = format!("a tag of {} bytes", bytes.len());
        rusqlite::Error::FromSqlConversionFailure(column, Type::Blob, reason.into())
    })
}
