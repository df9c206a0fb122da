//! Whether articles were of use to their readers.

use article_widget::contract::ArticleId;
use async_trait::async_trait;
use deadpool_postgres::{Client, GenericClient};
use tokio_postgres::Row;

use super::PostgresStore;
use super::sql::{Params, execute, in_pieces, moment, number, row, rows, text};
use crate::clock::UnixSeconds;
use crate::store::{Rating, RatingKept, RatingStore, RatingWord, Ratings, StoreError};

#[async_trait]
impl RatingStore for PostgresStore {
    async fn rate(&self, rating: &Rating, may_count: bool) -> Result<RatingKept, StoreError> {
        let mut client = self.for_writing().await?;
        let transaction = client.transaction().await?;
        // Of two servers that take a new one at once the second waits, and then changes what the first has kept.
        let kept = if may_count && insert(&transaction, rating).await? {
            RatingKept::Counted
        } else if change(&transaction, rating).await? {
            RatingKept::Raised
        } else {
            RatingKept::Refused
        };
        transaction.commit().await?;
        Ok(kept)
    }

    async fn ratings(&self, article: &ArticleId, limit: u32) -> Result<Ratings, StoreError> {
        ratings(&mut self.for_reading().await?, article, limit).await
    }

    async fn forget_words(&self, before: UnixSeconds) -> Result<usize, StoreError> {
        in_pieces(&self.for_writing().await?, FORGET_WORDS, before).await
    }
}

/// Keeps a new one: whether it was new.
async fn insert(client: &impl GenericClient, rating: &Rating) -> Result<bool, StoreError> {
    let sql = "/* rate */
        insert into rating (rating, at, article, partner, useful, word)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (rating) do nothing";
    let params: Params<'_> = &[
        &rating.rating.as_slice(),
        &rating.at,
        &rating.article.as_str(),
        &text(&rating.partner),
        &rating.useful,
        &text(&rating.word),
    ];
    Ok(execute(client, sql, params).await? > 0)
}

/// Changes the one of this article that is there: whether there is one.
async fn change(client: &impl GenericClient, rating: &Rating) -> Result<bool, StoreError> {
    let sql = "/* rate_again */
        update rating set useful = $3, word = case when $4 = '' then word else $4 end
        where rating = $1 and article = $2";
    let params: Params<'_> =
        &[&rating.rating.as_slice(), &rating.article.as_str(), &rating.useful, &text(&rating.word)];
    Ok(execute(client, sql, params).await? > 0)
}

async fn ratings(
    client: &mut Client,
    article: &ArticleId,
    limit: u32,
) -> Result<Ratings, StoreError> {
    let moment = moment(client).await?;
    let Some(counted) = row(&moment, RATINGS, &[&article.as_str()]).await? else {
        return Ok(Ratings::default());
    };
    let word = |row: &Row| {
        Ok(RatingWord { at: row.try_get(0)?, useful: row.try_get(1)?, word: row.try_get(2)? })
    };
    let words = rows(&moment, WORDS, &[&article.as_str(), &i64::from(limit)]).await?;
    let words = words.iter().map(word).collect::<Result<_, StoreError>>()?;
    Ok(Ratings { useful: number(&counted, 0)?, not_useful: number(&counted, 1)?, words })
}

const RATINGS: &str = "/* ratings */
    select count(*) filter (where useful), count(*) filter (where not useful)
    from rating where article = $1";
const WORDS: &str = "/* rating_words */
    select at, useful, word from rating where article = $1 and word <> ''
    order by at desc, rating limit $2";
const FORGET_WORDS: &str = "/* forget_words */
    with old as (
        select rating from rating where at < $1 and word <> '' order by at limit $2 for update
    )
    update rating set word = '' from old where rating.rating = old.rating";
