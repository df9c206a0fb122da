//! Articles: saved verbatim, with what lists and checks need to know in columns of their own.

use article_widget::contract::{ArticleId, Status};
use deadpool_postgres::{Client, Transaction};
use futures_util::{TryStreamExt, pin_mut};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::sql::{execute, number, row, rows, text};
use super::{PostgresStore, catalogue, images, revisions};
use crate::article::StoredArticle;
use crate::clock::{Clock, SystemClock, UnixSeconds};
use crate::reading;
use crate::revision::Author;
use crate::store::saving::{PAGE_BYTES, Signature, status_name};
use crate::store::{ArticlePage, Brought, Keep, Saved, StoreError};
use crate::time::Calendar;
use crate::visibility::Term;

/// Articles asked for at a time.
const AT_ONCE: u32 = 500;

/// Adds or replaces all of them, or none.
pub(super) async fn save(
    store: &PostgresStore,
    batch: &[StoredArticle],
    by: &Author,
) -> Result<Vec<Saved>, StoreError> {
    let calendar = store.calendar()?;
    let mut client = store.for_writing().await?;
    let transaction = client.transaction().await?;
    let signature = Signature { at: SystemClock.now(), by, note: "" };
    let mut saved = Vec::with_capacity(batch.len());
    for article in batch {
        saved.push(save_one(&transaction, article, calendar, signature).await?.0);
    }
    transaction.commit().await?;
    Ok(saved)
}

/// The same with what comes from elsewhere, but for articles that the publisher keeps.
pub(super) async fn save_brought(
    store: &PostgresStore,
    batch: &[StoredArticle],
    keep: Keep,
) -> Result<Vec<Brought>, StoreError> {
    let (calendar, by) = (store.calendar()?, Author::import());
    let mut client = store.for_writing().await?;
    let transaction = client.transaction().await?;
    let signature = Signature { at: SystemClock.now(), by: &by, note: "" };
    let mut brought = Vec::with_capacity(batch.len());
    for article in batch {
        let is_there = lock(&transaction, article.id()).await?;
        let is_kept = match keep {
            Keep::Withdrawn => stays_withdrawn(&transaction, article).await?,
            Keep::WithdrawnOrEdited => is_kept(&transaction, article, &by).await?,
        };
        if is_kept {
            brought.push(Brought::Kept);
            continue;
        }
        let (saved, _) = save_one(&transaction, article, calendar, signature).await?;
        if saved == Saved::Updated && !is_there {
            return Err(meanwhile(article.id()));
        }
        brought.push(Brought::Saved(saved));
    }
    transaction.commit().await?;
    Ok(brought)
}

/// Keeps others from changing the article until the transaction ends: whether it is there.
async fn lock(transaction: &Transaction<'_>, id: &ArticleId) -> Result<bool, StoreError> {
    let sql = "/* lock_article */ select 1 from article where id = $1 for update";
    Ok(row(transaction, sql, &[&id.as_str()]).await?.is_some())
}

/// What is not there cannot be locked: it may come between two statements.
pub(super) fn meanwhile(id: &ArticleId) -> StoreError {
    StoreError::Unavailable(anyhow::anyhow!("another server has saved {id} meanwhile"))
}

/// Whether what is there stays, whatever a feed brings: it was withdrawn, or somebody else saved it last. What was
/// saved before anybody's name was kept is nobody's.
async fn is_kept(
    transaction: &Transaction<'_>,
    article: &StoredArticle,
    importer: &Author,
) -> Result<bool, StoreError> {
    let sql = "/* is_kept */
        select 1 from article
        where id = $1 and json <> $2 and (status = 'canceled' or saved_by not in ($3, ''))";
    let json = article.json().get();
    let params: super::sql::Params<'_> = &[&article.id().as_str(), &json, &importer.as_str()];
    Ok(row(transaction, sql, params).await?.is_some())
}

/// Whether an import would show again what was withdrawn. One that says so itself may change it.
async fn stays_withdrawn(
    transaction: &Transaction<'_>,
    article: &StoredArticle,
) -> Result<bool, StoreError> {
    if article.article().status == Status::Canceled {
        return Ok(false);
    }
    let sql = "/* stays_withdrawn */
        select 1 from article where id = $1 and status = 'canceled'";
    Ok(row(transaction, sql, &[&article.id().as_str()]).await?.is_some())
}

/// Saves one article: what that changed, and the number of the state that it is in then. Who saves the same
/// article at the same moment waits here.
pub(super) async fn save_one(
    transaction: &Transaction<'_>,
    stored: &StoredArticle,
    calendar: &Calendar,
    signature: Signature<'_>,
) -> Result<(Saved, u32), StoreError> {
    let (id, json) = (stored.id().as_str(), stored.json().get());
    let known = row(transaction, IS_SAME, &[&id, &json]).await?;
    let (saved, sql, number) = match known {
        Some(row) => {
            if row.try_get(0)? {
                return Ok((Saved::Unchanged, number(&row, 2)?));
            }
            revisions::keep_current(transaction, row.try_get(1)?).await?;
            (Saved::Updated, UPDATE, number::<u32>(&row, 2)? + 1)
        }
        None => (Saved::Created, INSERT, 1),
    };
    let article = stored.article();
    let term = Term::read(article.embargo.as_deref(), article.expires.as_deref(), calendar);
    let written = execute(
        transaction,
        sql,
        &[
            &id,
            &json,
            &text(&article.title),
            &text(&article.language),
            &status_name(article.status),
            &article.section.as_deref().map(text),
            &term.embargo,
            &term.expires,
            &signature.at,
            &stored.tag().as_bytes(),
            &i64::from(reading::deep_after(article)),
            &i64::from(number),
            &text(signature.by.as_str()),
            &text(signature.note),
        ],
    )
    .await?;
    if written == 0 {
        return Err(meanwhile(stored.id()));
    }
    catalogue::save(transaction, article, term, calendar, signature.at).await?;
    images::name(transaction, stored, signature.at).await?;
    Ok((saved, number))
}

const IS_SAME: &str = "/* article_is_same */
    select json = $2, no, revision_number from article where id = $1 for update";
const INSERT: &str = "/* insert_article */
    insert into article
        (id, json, title, language, status, section, embargo, expires, updated_at, revision, deep_after,
         revision_number, saved_by, note)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
    on conflict do nothing";
const UPDATE: &str = "/* update_article */
    update article set
        json = $2, title = $3, language = $4, status = $5, section = $6, embargo = $7, expires = $8,
        updated_at = $9, revision = $10, deep_after = $11, revision_number = $12, saved_by = $13,
        note = $14
    where id = $1";

/// Reads embargoes and expiries again: the publisher's time zone, or its rules, may have changed since they were
/// saved.
pub(super) async fn follow_calendar(
    client: &mut Client,
    calendar: &Calendar,
) -> Result<(), StoreError> {
    let mut after = i64::MIN;
    loop {
        let page = rows(&*client, DATED, &[&after, &DATED_AT_ONCE]).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.try_get(0)?;
        for row in &page {
            if moved_term(row, calendar)?.is_some() {
                set_term(client, row.try_get(0)?, calendar).await?;
            }
        }
    }
}

/// Sets the dates of one article by what it is now: it may have been saved since it was read. Each by itself, so that
/// nobody who saves several waits for a server that starts while it waits for them.
async fn set_term(client: &mut Client, no: i64, calendar: &Calendar) -> Result<(), StoreError> {
    let transaction = client.transaction().await?;
    let row = row(&transaction, DATED_ARTICLE, &[&no]).await?;
    if let Some(term) = row.map(|row| moved_term(&row, calendar)).transpose()?.flatten() {
        execute(&transaction, SET_TERM, &[&no, &term.embargo, &term.expires]).await?;
        catalogue::set_term(&transaction, no, term).await?;
    }
    Ok(transaction.commit().await?)
}

/// The dates of a row by this calendar, where they are others than it has.
fn moved_term(row: &Row, calendar: &Calendar) -> Result<Option<Term>, StoreError> {
    // What this version cannot read keeps the dates that it has.
    let Ok(stored) = StoredArticle::from_json(row.try_get(3)?) else { return Ok(None) };
    let article = stored.article();
    let term = Term::read(article.embargo.as_deref(), article.expires.as_deref(), calendar);
    let known = Term { embargo: row.try_get(1)?, expires: row.try_get(2)? };
    Ok((term != known).then_some(term))
}

/// Whole articles are read: as many as memory has room for, however long they are.
const DATED_AT_ONCE: i64 = 100;

/// A date that could not be read when it was saved cannot be read by another calendar.
const DATED: &str = "/* dated_articles */
    select no, embargo, expires, json from article
    where no > $1 and (embargo is not null or expires is not null) order by no limit $2";
const DATED_ARTICLE: &str = "/* dated_article */
    select no, embargo, expires, json from article where no = $1 for update";
const SET_TERM: &str = "/* set_term */ update article set embargo = $2, expires = $3 where no = $1";

/// The article, whatever its status.
pub(super) async fn find(
    client: &Client,
    id: &ArticleId,
) -> Result<Option<StoredArticle>, StoreError> {
    let sql = "/* find_article */ select json from article where id = $1";
    row(client, sql, &[&id.as_str()]).await?.as_ref().map(read).transpose()
}

/// Those that readers may see at `now`, by id, after `after`.
pub(super) async fn list(
    client: &Client,
    after: Option<&ArticleId>,
    limit: u32,
    now: UnixSeconds,
) -> Result<ArticlePage, StoreError> {
    let limit = limit.min(AT_ONCE);
    // No id is empty, so that all come after the empty text.
    let mut after = after.map_or("", ArticleId::as_str).to_owned();
    let statement = client.prepare_cached(LIST).await?;
    let (mut articles, mut bytes): (Vec<StoredArticle>, _) = (Vec::new(), 0);
    loop {
        let asked: [&(dyn ToSql + Sync); 3] = [&after, &now, &(i64::from(limit) + 1)];
        // Row by row: what is beyond the page's bytes is not kept.
        let rows = client.query_raw(&statement, asked).await?;
        pin_mut!(rows);
        let mut seen = 0;
        while let Some(row) = rows.try_next().await? {
            seen += 1;
            after = row.try_get(1)?;
            let article = match read(&row) {
                Ok(article) => article,
                Err(error) => {
                    tracing::error!(%error, id = after, "left out of the list");
                    continue;
                }
            };
            if articles.len() == limit as usize || bytes >= PAGE_BYTES {
                let next = articles.last().map(|last| last.id().clone());
                return Ok(ArticlePage { articles, next });
            }
            bytes += article.json().get().len();
            articles.push(article);
        }
        // Of as many as were asked for, some were left out: there may be more.
        if seen <= limit {
            return Ok(ArticlePage { articles, next: None });
        }
    }
}

const LIST: &str = "/* list_articles */
    select json, id from article
    where id > $1 and status = 'usable'
      and (embargo is null or embargo <= $2)
      and (expires is null or expires > $2)
    order by id
    limit $3";

fn read(row: &Row) -> Result<StoredArticle, StoreError> {
    StoredArticle::from_json(row.try_get(0)?).map_err(|error| StoreError::Other(error.into()))
}
