//! Articles that match a filter. Without words that is a walk along an index which has all that the filter looks
//! at, up to the page's end. With words every article's are looked at, once for the counts and the page.

use deadpool_postgres::Client;
use tokio_postgres::Row;

use super::super::sql::{ask, moment, number};
use crate::clock::UnixSeconds;
use crate::store::article_list::{self, Page, STATE, by, column};
use crate::store::saving::listed;
use crate::store::statement::Statement;
use crate::store::{
    ArticleCounts, ArticleFilter, ArticleNo, ArticleState, FoundArticles, StoreError,
};

/// See [`CatalogueStore::find_articles`](crate::store::CatalogueStore::find_articles).
pub(super) async fn find(
    client: &mut Client,
    filter: &ArticleFilter,
    now: UnixSeconds,
    page: Page,
) -> Result<FoundArticles, StoreError> {
    let filter = &as_kept(filter);
    if !filter.words.is_empty() {
        return scan(client, filter, now, page).await;
    }
    // Both as they are at one moment.
    let moment = moment(client).await?;
    let mut counts = ArticleCounts::default();
    for row in ask(&moment, article_list::counts(filter, now)).await? {
        counts.add(state(&row, 0)?, number(&row, 1)?);
    }
    let articles = ask(&moment, article_list::walk(filter, now, page)).await?;
    let articles = articles.iter().map(|row| number(row, 0)).collect::<Result<_, StoreError>>()?;
    Ok(FoundArticles { counts, articles })
}

/// It asks for as much of each text as the table has.
fn as_kept(filter: &ArticleFilter) -> ArticleFilter {
    let kept = |text: &String| listed(text).to_owned();
    ArticleFilter {
        section: filter.section.as_ref().map(kept),
        language: filter.language.as_ref().map(kept),
        ..filter.clone()
    }
}

async fn scan(
    client: &Client,
    filter: &ArticleFilter,
    now: UnixSeconds,
    page: Page,
) -> Result<FoundArticles, StoreError> {
    let mut found = FoundArticles::default();
    for row in ask(client, scan_statement(filter, now, page)).await? {
        match row.try_get::<_, Option<i64>>(0)? {
            Some(_) => found.counts.add(state(&row, 0)?, number(&row, 1)?),
            None => found.articles.push(number::<ArticleNo>(&row, 1)?),
        }
    }
    Ok(found)
}

/// The states with their counts, then the page's articles. What is found is short, and looked at twice; the words are
/// looked at once.
fn scan_statement(filter: &ArticleFilter, now: UnixSeconds, page: Page) -> Statement {
    let column = column(page.order);
    let select = format!(
        "/* scan_articles */
         with found as (select article, {STATE} as state, {column} as key from article_found"
    );
    let mut statement = article_list::matching(&select, filter, now);
    let wanted = filter
        .state
        .map_or("true".to_owned(), |state| format!("state = {}", statement.name(state as i64)));
    let (limit, skipped) = (statement.name(page.limit), statement.name(page.skipped));
    let by = by("key", page.order);
    statement.sql.push_str(&format!(
        "), page as (
             select article, key from found where {wanted}
             order by {by} limit {limit} offset {skipped}
         )
         select state, count(*) as number, 0 as place from found group by state
         union all
         select null, article, row_number() over (order by {by}) from page
         order by place"
    ));
    statement
}

fn state(row: &Row, column: usize) -> Result<ArticleState, StoreError> {
    let place: usize = number(row, column)?;
    let unknown = || StoreError::Other(anyhow::anyhow!("state {place}"));
    ArticleState::ALL.get(place).copied().ok_or_else(unknown)
}
