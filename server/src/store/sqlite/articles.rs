//! Articles: saved verbatim, with what lists and checks need to know in columns of their own.

use article_widget::contract::{ArticleId, Status};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};

use super::catalogue;
use super::images;
use super::revisions;
use super::writer::Writer;
use crate::article::StoredArticle;
use crate::clock::{Clock, SystemClock, UnixSeconds};
use crate::reading;
use crate::revision::Author;
use crate::store::saving::{PAGE_BYTES, Signature, status_name};
use crate::store::{ArticlePage, Brought, Keep, Saved, StoreError};
use crate::time::Calendar;
use crate::visibility::Term;

/// Adds or replaces all of them, or none.
pub(super) fn save(
    writer: &mut Writer,
    batch: &[StoredArticle],
    by: &Author,
) -> Result<Vec<Saved>, StoreError> {
    save_each(writer, batch, by, |transaction, article, calendar, signature| {
        Ok(save_one(transaction, article, calendar, signature)?.0)
    })
}

/// The same with what comes from elsewhere, but for articles that the publisher keeps.
pub(super) fn save_brought(
    writer: &mut Writer,
    batch: &[StoredArticle],
    keep: Keep,
) -> Result<Vec<Brought>, StoreError> {
    let by = Author::import();
    save_each(writer, batch, &by, |transaction, article, calendar, signature| {
        let is_kept = match keep {
            Keep::Withdrawn => stays_withdrawn(transaction, article)?,
            Keep::WithdrawnOrEdited => is_kept(transaction, article, &by)?,
        };
        if is_kept {
            return Ok(Brought::Kept);
        }
        Ok(Brought::Saved(save_one(transaction, article, calendar, signature)?.0))
    })
}

/// Whether what is there stays, whatever a feed brings: it was withdrawn, or somebody else saved it last. What
/// was saved before anybody's name was kept is nobody's.
fn is_kept(
    transaction: &Transaction<'_>,
    article: &StoredArticle,
    importer: &Author,
) -> Result<bool, StoreError> {
    let is_kept = transaction
        .prepare_cached(
            "/* is_kept */
             select 1 from article
             where id = ?1 and json <> ?2 and (status = 'canceled' or saved_by not in (?3, ''))",
        )?
        .exists([article.id().as_str(), article.json().get(), importer.as_str()])?;
    Ok(is_kept)
}

/// Whether an import would show again what was withdrawn. One that says so itself may change it.
fn stays_withdrawn(
    transaction: &Transaction<'_>,
    article: &StoredArticle,
) -> Result<bool, StoreError> {
    if article.article().status == Status::Canceled {
        return Ok(false);
    }
    let is_withdrawn = transaction
        .prepare_cached(
            "/* stays_withdrawn */
             select 1 from article where id = ?1 and status = 'canceled'",
        )?
        .exists([article.id().as_str()])?;
    Ok(is_withdrawn)
}

/// Does it to all of them, or to none.
fn save_each<T>(
    writer: &mut Writer,
    batch: &[StoredArticle],
    by: &Author,
    save: impl Fn(&Transaction<'_>, &StoredArticle, &Calendar, Signature<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let calendar = writer.calendar()?;
    let transaction =
        writer.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let signature = Signature { at: SystemClock.now(), by, note: "" };
    let saved = batch
        .iter()
        .map(|article| save(&transaction, article, &calendar, signature))
        .collect::<Result<Vec<T>, StoreError>>()?;
    transaction.commit()?;
    writer.counting.forget_articles();
    Ok(saved)
}

/// Saves one article: what that changed, and the number of the state that it is in then.
pub(super) fn save_one(
    transaction: &Transaction<'_>,
    stored: &StoredArticle,
    calendar: &Calendar,
    signature: Signature<'_>,
) -> Result<(Saved, u32), StoreError> {
    let json = stored.json().get();
    let known: Option<(bool, i64, u32)> = transaction
        .prepare_cached(
            "/* article_is_same */
             select json = ?2, no, revision_number from article where id = ?1",
        )?
        .query_row([stored.id().as_str(), json], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let (saved, number) = match known {
        Some((true, _, number)) => return Ok((Saved::Unchanged, number)),
        Some((false, no, number)) => {
            revisions::keep_current(transaction, no)?;
            (Saved::Updated, number + 1)
        }
        None => (Saved::Created, 1),
    };
    let article = stored.article();
    let term = Term::read(article.embargo.as_deref(), article.expires.as_deref(), calendar);
    transaction.prepare_cached(SAVE)?.execute(params![
        stored.id().as_str(),
        json,
        article.title,
        article.language,
        status_name(article.status),
        article.section,
        term.embargo,
        term.expires,
        signature.at,
        stored.tag().as_bytes(),
        reading::deep_after(article),
        number,
        signature.by.as_str(),
        signature.note,
    ])?;
    catalogue::save(transaction, article, term, calendar, signature.at)?;
    images::name(transaction, stored, signature.at)?;
    Ok((saved, number))
}

const SAVE: &str = "/* save_article */
    insert into article
        (id, json, title, language, status, section, embargo, expires, updated_at, revision, deep_after,
         revision_number, saved_by, note)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
    on conflict (id) do update set
        json = excluded.json, title = excluded.title, language = excluded.language,
        status = excluded.status, section = excluded.section, embargo = excluded.embargo,
        expires = excluded.expires, updated_at = excluded.updated_at, revision = excluded.revision,
        deep_after = excluded.deep_after, revision_number = excluded.revision_number,
        saved_by = excluded.saved_by, note = excluded.note";

/// Reads embargoes and expiries again: the publisher's time zone, or its rules, may have changed since
/// they were saved.
pub(super) fn follow_calendar(
    connection: &mut Connection,
    calendar: &Calendar,
) -> Result<(), StoreError> {
    let mut after = Some(i64::MIN);
    while let Some(last) = after {
        // One commit for each page: who imports beside a server that starts waits for no more than that.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        after = set_terms(&transaction, last, calendar)?;
        transaction.commit()?;
    }
    Ok(())
}

/// Sets the dates of the next page of articles after this number; gives the number of its last one, if there is any.
fn set_terms(
    transaction: &Transaction<'_>,
    after: i64,
    calendar: &Calendar,
) -> rusqlite::Result<Option<i64>> {
    let mut dated = transaction.prepare_cached(DATED)?;
    let mut set = transaction.prepare_cached(SET_TERM)?;
    let (mut rows, mut last) = (dated.query([after, DATED_AT_ONCE])?, None);
    while let Some(row) = rows.next()? {
        let no = row.get(0)?;
        last = Some(no);
        let date = |column| row.get_ref(column)?.as_str_or_null().map_err(rusqlite::Error::from);
        let term = Term::read(date(3)?, date(4)?, calendar);
        if term != (Term { embargo: row.get(1)?, expires: row.get(2)? }) {
            set.execute(params![no, term.embargo, term.expires])?;
            catalogue::set_term(transaction, no, term)?;
        }
    }
    Ok(last)
}

/// Articles that are looked at in one commit.
const DATED_AT_ONCE: i64 = 500;

/// A date that could not be read when it was saved cannot be read by another calendar.
const DATED: &str = "/* dated_articles */
    select no, embargo, expires,
           cast(json ->> '$.embargo' as text), cast(json ->> '$.expires' as text)
    from article
    where no > ?1 and (embargo is not null or expires is not null) and json_valid(json)
    order by no limit ?2";
const SET_TERM: &str = "/* set_term */ update article set embargo = ?2, expires = ?3 where no = ?1";

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

/// Those that readers may see at `now`, by id, after `after`.
pub(super) fn list(
    connection: &Connection,
    after: Option<&ArticleId>,
    limit: u32,
    now: UnixSeconds,
) -> Result<ArticlePage, StoreError> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let (mut articles, mut bytes): (Vec<StoredArticle>, _) = (Vec::new(), 0);
    // No id is empty, so that all come after the empty text.
    let after = after.map_or("", ArticleId::as_str);
    let mut statement = connection.prepare_cached(LIST)?;
    let mut rows = statement.query(params![after, now])?;
    while let Some(row) = rows.next()? {
        let article = match read(row)? {
            Ok(article) => article,
            Err(error) => {
                let id: String = row.get(1)?;
                tracing::error!(%error, id, "left out of the list");
                continue;
            }
        };
        if articles.len() >= limit || bytes >= PAGE_BYTES {
            let next = articles.last().map(|last| last.id().clone());
            return Ok(ArticlePage { articles, next });
        }
        bytes += article.json().get().len();
        articles.push(article);
    }
    Ok(ArticlePage { articles, next: None })
}

/// Without a limit: rows are taken one by one, up to the first that is of the next page.
const LIST: &str = "/* list_articles */
    select json, id from article
    where id > ?1 and status = 'usable'
      and (embargo is null or embargo <= ?2)
      and (expires is null or expires > ?2)
    order by id";

fn read(row: &Row<'_>) -> rusqlite::Result<Result<StoredArticle, StoreError>> {
    let json = row.get_ref(0)?.as_str()?;
    Ok(StoredArticle::from_json(json).map_err(|error| StoreError::Other(error.into())))
}
