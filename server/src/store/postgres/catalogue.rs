//! The editors' lists of articles: a table of its own, which follows every change of an article in the commit of
//! that change.

use std::collections::HashMap;

use article_widget::contract::{Article, ArticleId};
use async_trait::async_trait;
use deadpool_postgres::{Client, Transaction};
use tokio_postgres::Row;

use super::PostgresStore;
use super::sql::{execute, number, rows, text};
use crate::clock::UnixSeconds;
use crate::search;
use crate::store::article_list::Page;
use crate::store::saving::{listed, published_at, read_status, sort_title};
use crate::store::{
    ArticleFilter, ArticleGroups, ArticleNo, ArticleOrder, ArticleSummary, CatalogueStore,
    FoundArticles, StoreError,
};
use crate::time::Calendar;
use crate::visibility::Term;

mod find;

#[async_trait]
impl CatalogueStore for PostgresStore {
    async fn find_articles(
        &self,
        filter: &ArticleFilter,
        now: UnixSeconds,
        order: ArticleOrder,
        skipped: u32,
        limit: u32,
    ) -> Result<FoundArticles, StoreError> {
        let page = Page { order, skipped, limit };
        find::find(&mut self.for_reading().await?, filter, now, page).await
    }

    async fn article_summaries(
        &self,
        articles: &[ArticleNo],
    ) -> Result<Vec<ArticleSummary>, StoreError> {
        summaries(&self.for_reading().await?, articles).await
    }

    async fn article_groups(&self, limit: u32) -> Result<ArticleGroups, StoreError> {
        let client = self.for_reading().await?;
        let sections = names(&client, SECTIONS, limit).await?;
        Ok(ArticleGroups { sections, languages: names(&client, LANGUAGES, limit).await? })
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
            &text(listed(article.section.as_deref().unwrap_or_default())),
            &text(listed(&article.language)),
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
    select no, id, title, status, $2::text, $3::text, $4::bigint, $5::bigint, $6::bigint, $7::text,
           $8::bigint, $9::text, $10::text
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

async fn summaries(
    client: &Client,
    articles: &[ArticleNo],
) -> Result<Vec<ArticleSummary>, StoreError> {
    let nos: Vec<i64> = articles.iter().map(|no| i64::from(*no)).collect();
    let found = rows(client, SUMMARIES, &[&nos]).await?;
    let mut summaries = HashMap::with_capacity(found.len());
    for row in &found {
        let summary = read_summary(row)?;
        summaries.insert(summary.no, summary);
    }
    Ok(articles.iter().filter_map(|no| summaries.get(no).cloned()).collect())
}

const SUMMARIES: &str = "/* article_summaries */
    select article, id, title, section, language, status, embargo, expires, updated_at,
           nullif(published, '')
    from article_found where article = any($1::bigint[])";

fn read_summary(row: &Row) -> Result<ArticleSummary, StoreError> {
    let id = ArticleId::parse(row.try_get(1)?).map_err(|error| StoreError::Other(error.into()))?;
    Ok(ArticleSummary {
        no: number(row, 0)?,
        id,
        title: row.try_get(2)?,
        section: row.try_get(3)?,
        language: row.try_get(4)?,
        status: read_status(row.try_get(5)?),
        term: Term { embargo: row.try_get(6)?, expires: row.try_get(7)? },
        updated_at: row.try_get(8)?,
        published: row.try_get(9)?,
    })
}

async fn names(client: &Client, sql: &str, limit: u32) -> Result<Vec<String>, StoreError> {
    let found = rows(client, sql, &[&i64::from(limit)]).await?;
    found.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// From one name to the next along the index, however many articles have each.
const SECTIONS: &str = "/* article_sections */
    with recursive name (section) as (
        select min(section) from article_found where section > ''
        union all
        select (select min(section) from article_found where section > name.section)
        from name where section is not null
    )
    select section from name where section is not null limit $1";

const LANGUAGES: &str = "/* article_languages */
    with recursive name (language) as (
        select min(language) from article_found where language > ''
        union all
        select (select min(language) from article_found where language > name.language)
        from name where language is not null
    )
    select language from name where language is not null limit $1";
