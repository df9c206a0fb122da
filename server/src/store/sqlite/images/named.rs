//! Which pictures an article names: kept with the article, in its transaction.

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use crate::article::StoredArticle;
use crate::clock::{Clock as _, SystemClock, UnixSeconds};
use crate::images;
use crate::store::StoreError;

/// Old articles followed in one commit.
const AT_ONCE: u32 = 500;

/// Says anew which pictures the article names. Those of which nothing is known are due at `now`, and those of
/// the publisher's own folder, which may have been replaced under their names.
pub(in crate::store::sqlite) fn name(
    transaction: &Transaction<'_>,
    stored: &StoredArticle,
    now: UnixSeconds,
) -> rusqlite::Result<()> {
    let no: i64 = transaction
        .prepare_cached("/* article_no */ select no from article where id = ?1")?
        .query_row([stored.id().as_str()], |row| row.get(0))?;
    transaction
        .prepare_cached("/* forget_article_images */ delete from article_image where article = ?1")?
        .execute([no])?;
    for (url, is_original) in images::named(stored.article()) {
        transaction
            .prepare_cached(
                "/* name_image */
                 insert into article_image (url, article, original) values (?1, ?2, ?3)",
            )?
            .execute(params![url, no, is_original])?;
        if is_original {
            transaction
                .prepare_cached(
                    "/* want_image */
                     insert into image (url, due_at) values (?1, ?2)
                     on conflict (url) do update set due_at = excluded.due_at, tries = 0
                     where image.width is null or ?3",
                )?
                .execute(params![url, now, url.starts_with('/')])?;
        }
    }
    Ok(())
}

/// Does the same for articles that were saved by a version that followed no pictures.
pub(in crate::store::sqlite) fn follow_old(connection: &mut Connection) -> Result<(), StoreError> {
    while follow_some(connection)? > 0 {}
    Ok(())
}

fn follow_some(connection: &mut Connection) -> Result<usize, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let old: Vec<(i64, String)> = transaction
        .prepare(
            "/* articles_without_images */
             select article.no, article.json
             from article_without_images join article on article.no = article_without_images.article
             order by article.no limit ?1",
        )?
        .query_map([AT_ONCE], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let now = SystemClock.now();
    for (no, json) in &old {
        // What this version cannot read is not shown either.
        if let Ok(article) = StoredArticle::from_json(json) {
            name(&transaction, &article, now)?;
        }
        transaction
            .prepare_cached(
                "/* follow_article */ delete from article_without_images where article = ?1",
            )?
            .execute([no])?;
    }
    transaction.commit()?;
    Ok(old.len())
}
