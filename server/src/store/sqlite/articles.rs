//! Articles: saved verbatim, with what lists and checks need to know in columns of their own.

use article_widget::contract::{ArticleId, Status};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};
use sha2::{Digest, Sha256};

use super::writer::Writer;
use crate::article::StoredArticle;
use crate::clock::{self, Clock, SystemClock};
use crate::store::{Saved, StoreError, UnixSeconds};

/// Adds or replaces all of them, or none.
pub(super) fn save(writer: &mut Writer, batch: &[StoredArticle]) -> Result<Vec<Saved>, StoreError> {
    let transaction =
        writer.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let now = SystemClock.now();
    let saved = batch
        .iter()
        .map(|article| save_one(&transaction, article, now))
        .collect::<Result<Vec<Saved>, StoreError>>()?;
    transaction.commit()?;
    writer.counting.forget_articles();
    Ok(saved)
}

fn save_one(
    transaction: &Transaction<'_>,
    stored: &StoredArticle,
    now: UnixSeconds,
) -> Result<Saved, StoreError> {
    let json = stored.json().get();
    let known: Option<bool> = transaction
        .prepare_cached("/* article_is_same */ select json = ?2 from article where id = ?1")?
        .query_row([stored.id().as_str(), json], |row| row.get(0))
        .optional()?;
    if known == Some(true) {
        return Ok(Saved::Unchanged);
    }
    let article = stored.article();
    transaction.prepare_cached(SAVE)?.execute(params![
        stored.id().as_str(),
        json,
        article.title,
        article.language,
        status_name(article.status),
        article.section,
        article.embargo.as_deref().map(latest),
        article.expires.as_deref().map(earliest),
        now,
        &Sha256::digest(json)[..16],
    ])?;
    Ok(if known.is_some() { Saved::Updated } else { Saved::Created })
}

const SAVE: &str = "/* save_article */
    insert into article
        (id, json, title, language, status, section, embargo, expires, updated_at, revision)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
    on conflict (id) do update set
        json = excluded.json, title = excluded.title, language = excluded.language,
        status = excluded.status, section = excluded.section, embargo = excluded.embargo,
        expires = excluded.expires, updated_at = excluded.updated_at, revision = excluded.revision";

/// The end of an embargo. Where it is not certain, late: nothing counts or ranks before its time.
fn latest(date: &str) -> UnixSeconds {
    clock::instants(date).map_or(UnixSeconds::MAX, |instants| *instants.end())
}

/// The end of an article, early where it is not certain.
fn earliest(date: &str) -> UnixSeconds {
    clock::instants(date).map_or(UnixSeconds::MIN, |instants| *instants.start())
}

/// The article, whatever its status.
pub(super) fn find(
    connection: &Connection,
    id: &ArticleId,
) -> Result<Option<StoredArticle>, StoreError> {
    connection
        .prepare_cached("/* find_article */ select json from article where id = ?1")?
        .query_row([id.as_str()], read)
        .optional()?
        .transpose()
}

/// By id, after `after`.
pub(super) fn list(
    connection: &Connection,
    after: Option<&ArticleId>,
    limit: u32,
) -> Result<Vec<StoredArticle>, StoreError> {
    let sql = "/* list_articles */ select json from article where id > ?1 order by id limit ?2";
    // No id is empty, so that all come after the empty text.
    let after = after.map_or("", ArticleId::as_str);
    connection.prepare_cached(sql)?.query_map(params![after, limit], read)?.flatten_results()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Result<StoredArticle, StoreError>> {
    let json = row.get_ref(0)?.as_str()?;
    Ok(StoredArticle::from_json(json).map_err(|error| StoreError::Other(error.into())))
}

fn status_name(status: Status) -> &'static str {
    match status {
        Status::Usable => "usable",
        Status::Withheld => "withheld",
        Status::Canceled => "canceled",
    }
}

/// Rows whose reading may fail twice: in SQLite, and in what they hold.
trait FlattenResults<T> {
    fn flatten_results(self) -> Result<Vec<T>, StoreError>;
}

impl<T, I: Iterator<Item = rusqlite::Result<Result<T, StoreError>>>> FlattenResults<T> for I {
    fn flatten_results(self) -> Result<Vec<T>, StoreError> {
        self.map(|row| row.map_err(StoreError::from)?).collect()
    }
}
