//! Which pictures an article names: kept with the article, in its transaction.

use std::collections::BTreeMap;

use deadpool_postgres::Transaction;

use super::super::sql::{execute, text};
use crate::article::StoredArticle;
use crate::clock::UnixSeconds;
use crate::images;
use crate::store::StoreError;

/// Says anew which pictures the article names. Those of which nothing is known are due at `now`, and those of the
/// publisher's own folder, which may have been replaced under their names.
pub(in crate::store::postgres) async fn name(
    transaction: &Transaction<'_>,
    stored: &StoredArticle,
    now: UnixSeconds,
) -> Result<(), StoreError> {
    let id = stored.id().as_str();
    execute(transaction, FORGET, &[&id]).await?;
    let mut named = BTreeMap::<String, bool>::new();
    for (url, is_original) in images::named(stored.article()) {
        *named.entry(text(&url).into_owned()).or_default() |= is_original;
    }
    let (urls, originals): (Vec<String>, Vec<bool>) = named.into_iter().unzip();
    if urls.is_empty() {
        return Ok(());
    }
    execute(transaction, NAME, &[&id, &urls, &originals]).await?;
    execute(transaction, WANT, &[&urls, &originals, &now]).await?;
    Ok(())
}

const FORGET: &str = "/* forget_article_images */
    delete from article_image where article = (select no from article where id = $1)";
const NAME: &str = "/* name_images */
    insert into article_image (url, article, original)
    select named.url, article.no, named.original
    from article cross join unnest($2::text[], $3::boolean[]) as named (url, original)
    where article.id = $1";
/// In the order of the URLs: articles that name the same pictures at the same moment wait for each other in one
/// direction.
const WANT: &str = "/* want_images */
    insert into image (url, due_at)
    select named.url, $3::bigint
    from unnest($1::text[], $2::boolean[]) as named (url, original)
    where named.original
    order by named.url
    on conflict (url) do update set due_at = excluded.due_at, tries = 0
    where image.width is null or left(image.url, 1) = '/'";
