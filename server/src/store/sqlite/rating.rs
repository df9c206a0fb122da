//! Whether articles were of use to their readers.

use article_widget::contract::ArticleId;
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::{SqliteStore, connection};
use crate::clock::UnixSeconds;
use crate::store::{Rating, RatingKept, RatingStore, RatingWord, Ratings, StoreError};

/// Words erased in one commit.
const PIECE: usize = 100;

#[async_trait]
impl RatingStore for SqliteStore {
    async fn rate(&self, rating: &Rating, may_count: bool) -> Result<RatingKept, StoreError> {
        let rating = rating.clone();
        self.writer.run(move |writer| rate(&mut writer.connection, &rating, may_count)).await
    }

    async fn ratings(&self, article: &ArticleId, limit: u32) -> Result<Ratings, StoreError> {
        let article = article.clone();
        self.readers.run(move |connection| ratings(connection, &article, limit)).await
    }

    async fn forget_words(&self, before: UnixSeconds) -> Result<usize, StoreError> {
        let mut all = 0;
        loop {
            let erased =
                self.writer.run(move |writer| forget_some(&writer.connection, before)).await?;
            all += erased;
            if erased < PIECE {
                break;
            }
        }
        if all > 0 {
            self.writer
                .run(|writer| {
                    connection::truncate_log_if_possible(&writer.connection);
                    Ok(())
                })
                .await?;
        }
        Ok(all)
    }
}

fn rate(
    connection: &mut Connection,
    rating: &Rating,
    may_count: bool,
) -> Result<RatingKept, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let article: Option<String> = transaction
        .prepare_cached("/* rated_article */ select article from rating where rating = ?1")?
        .query_row([rating.rating], |row| row.get(0))
        .optional()?;
    let kept = match article {
        None if may_count => {
            insert(&transaction, rating)?;
            RatingKept::Counted
        }
        Some(article) if article == rating.article.as_str() => {
            change(&transaction, rating)?;
            RatingKept::Raised
        }
        _ => RatingKept::Refused,
    };
    transaction.commit()?;
    Ok(kept)
}

fn insert(connection: &Connection, rating: &Rating) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "/* rate */
             insert into rating (rating, at, article, partner, useful, word)
             values (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            rating.rating,
            rating.at,
            rating.article.as_str(),
            rating.partner,
            rating.useful,
            rating.word,
        ])
        .map(drop)
}

fn change(connection: &Connection, rating: &Rating) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "/* rate_again */
             update rating set useful = ?2, word = case when ?3 = '' then word else ?3 end
             where rating = ?1",
        )?
        .execute(params![rating.rating, rating.useful, rating.word])
        .map(drop)
}

fn ratings(
    connection: &Connection,
    article: &ArticleId,
    limit: u32,
) -> Result<Ratings, StoreError> {
    // The table as it is at one moment.
    let transaction = connection.unchecked_transaction()?;
    let (useful, not_useful) = transaction
        .prepare_cached(
            "/* ratings */
             select coalesce(sum(useful), 0), coalesce(sum(1 - useful), 0)
             from rating where article = ?1",
        )?
        .query_row([article.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut statement = transaction.prepare_cached(
        "/* rating_words */
         select at, useful, word from rating where article = ?1 and word <> ''
         order by at desc, rating limit ?2",
    )?;
    let words = statement.query_map(params![article.as_str(), limit], |row| {
        Ok(RatingWord { at: row.get(0)?, useful: row.get(1)?, word: row.get(2)? })
    })?;
    Ok(Ratings { useful, not_useful, words: words.collect::<rusqlite::Result<_>>()? })
}

fn forget_some(connection: &Connection, before: UnixSeconds) -> Result<usize, StoreError> {
    let sql = "/* forget_words */
        update rating set word = ''
        where rating in
            (select rating from rating where at < ?1 and word <> '' order by at limit ?2)";
    Ok(connection.prepare_cached(sql)?.execute(params![before, PIECE])?)
}
