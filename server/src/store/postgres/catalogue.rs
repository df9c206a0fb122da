//! The editors' lists of articles: a table of its own, which follows every change of an article in the commit of
//! that change.

use article_widget::contract::Article;
use async_trait::async_trait;
use deadpool_postgres::Transaction;

use super::PostgresStore;
use super::sql::{execute, text};
use crate::clock::UnixSeconds;
use crate::search;
use crate::store::saving::{published_at, sort_title};
use crate::store::{
    ArticleFilter, ArticleGroups, ArticleNo, ArticleOrder, ArticleSummary, CatalogueStore,
    FoundArticles, StoreError,
};
use crate::time::Calendar;
use crate::visibility::Term;

#[async_trait]
impl CatalogueStore for PostgresStore {
    async fn find_articles(
        &self,
        _filter: &ArticleFilter,
        _now: UnixSeconds,
        _order: ArticleOrder,
        _skipped: u32,
        _limit: u32,
    ) -> Result<FoundArticles, StoreError> {
        todo!()
    }

    async fn article_summaries(
        &self,
        _articles: &[ArticleNo],
    ) -> Result<Vec<ArticleSummary>, StoreError> {
        todo!()
    }

    async fn article_groups(&self, _limit: u32) -> Result<ArticleGroups, StoreError> {
        todo!()
    }
}

/// Follows an article that has just been saved.
pub(super) async fn save(
    transaction: &Transaction<'_>,
    article: &Article,
    term: Term,
    calendar: &Calendar,
    now: UnixSeconds,
) -> Result<(), StoreError> {
    execute(
        transaction,
        SAVE,
        &[
            &article.id.as_str(),
            &term.embargo,
            &term.expires,
            &now,
            &text(article.published.as_deref().unwrap_or_default()),
            &published_at(article, calendar),
            &text(&sort_title(article)),
            &text(&search::of_article(article)),
        ],
    )
    .await?;
    Ok(())
}

const SAVE: &str = "/* save_article_found */
    insert into article_found
        (article, id, title, status, section, language, embargo, expires, updated_at, published,
         published_at, sort_title, words)
    select no, id, title, status, coalesce(section, ''), language, $2::bigint, $3::bigint, $4::bigint,
           $5::text, $6::bigint, $7::text, $8::text
    from article where id = $1
    on conflict (article) do update set
        title = excluded.title, status = excluded.status, section = excluded.section,
        language = excluded.language, embargo = excluded.embargo, expires = excluded.expires,
        updated_at = excluded.updated_at, published = excluded.published,
        published_at = excluded.published_at, sort_title = excluded.sort_title, words = excluded.words";

/// Follows an article whose dates are read anew.
pub(super) async fn set_term(
    transaction: &Transaction<'_>,
    no: i64,
    term: Term,
) -> Result<(), StoreError> {
    let sql = "/* set_found_term */
        update article_found set embargo = $2, expires = $3 where article = $1";
    execute(transaction, sql, &[&no, &term.embargo, &term.expires]).await?;
    Ok(())
}
