//! Articles that match a filter. Without words that is a walk along an index which has all that the filter looks
//! at, up to the page's end. With words every article's are looked at, once for the counts and the page.

use deadpool_postgres::{Client, GenericClient};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::super::sql::{moment, number, rows, text};
use crate::clock::UnixSeconds;
use crate::store::saving::listed;
use crate::store::{
    ArticleCounts, ArticleFilter, ArticleNo, ArticleOrder, ArticleState, FoundArticles, StoreError,
    like,
};

/// The place of an article's state in [`ArticleState::ALL`], at `$1`.
const STATE: &str = "(case
    when status = 'canceled' then 4
    when status = 'withheld' then 2
    when embargo > $1 then 1
    when expires <= $1 then 3
    else 0 end)::bigint";

/// Which of those that match.
#[derive(Clone, Copy)]
pub(super) struct Page {
    pub(super) order: ArticleOrder,
    pub(super) skipped: u32,
    pub(super) limit: u32,
}

/// See [`CatalogueStore::find_articles`](crate::store::CatalogueStore::find_articles).
pub(super) async fn find(
    client: &mut Client,
    filter: &ArticleFilter,
    now: UnixSeconds,
    page: Page,
) -> Result<FoundArticles, StoreError> {
    if !filter.words.is_empty() {
        return scan(client, filter, now, page).await;
    }
    // Both as they are at one moment.
    let moment = moment(client).await?;
    let mut counts = ArticleCounts::default();
    for row in Statement::counts(filter, now).rows(&moment).await? {
        counts.add(state(&row, 0)?, number(&row, 1)?);
    }
    let articles = Statement::walk(filter, now, page).rows(&moment).await?;
    let articles = articles.iter().map(|row| number(row, 0)).collect::<Result<_, StoreError>>()?;
    Ok(FoundArticles { counts, articles })
}

/// The counts come first, then the page.
async fn scan(
    client: &Client,
    filter: &ArticleFilter,
    now: UnixSeconds,
    page: Page,
) -> Result<FoundArticles, StoreError> {
    let mut found = FoundArticles::default();
    for row in Statement::scan(filter, now, page).rows(client).await? {
        match row.try_get::<_, Option<i64>>(0)? {
            Some(_) => found.counts.add(state(&row, 0)?, number(&row, 1)?),
            None => found.articles.push(number::<ArticleNo>(&row, 1)?),
        }
    }
    Ok(found)
}

/// A statement, and the values that it asks for. The first is the time.
struct Statement {
    sql: String,
    values: Vec<Box<dyn ToSql + Sync + Send>>,
}

impl Statement {
    /// How many there are of each state, by the filter's other conditions.
    fn counts(filter: &ArticleFilter, now: UnixSeconds) -> Self {
        Self::matching(filter, now).wrapped(|conditions| {
            format!(
                "/* article_counts */
                 select {STATE} as state, count(*) from article_found where {conditions} group by 1"
            )
        })
    }

    fn walk(filter: &ArticleFilter, now: UnixSeconds, page: Page) -> Self {
        let mut statement = Self::matching(filter, now);
        if let Some(state) = filter.state {
            statement.and(&format!("{STATE} ="), state as i64);
        }
        let (end, by) = (statement.end(page), by(column(page.order), page.order));
        statement.wrapped(|conditions| {
            format!(
                "/* walk_articles */
                 select article from article_found where {conditions}
                 order by {by} {end}"
            )
        })
    }

    /// What is found is short, and looked at twice; the words are looked at once.
    fn scan(filter: &ArticleFilter, now: UnixSeconds, page: Page) -> Self {
        let mut statement = Self::matching(filter, now);
        let wanted = filter.state.map_or("true".to_owned(), |state| {
            format!("state = {}", statement.place(state as i64))
        });
        let (end, column) = (statement.end(page), column(page.order));
        statement.wrapped(|conditions| {
            format!(
                "/* scan_articles */
                 with found as (
                     select article, {STATE} as state, {column} as key
                     from article_found where {conditions}
                 ), page as (
                     select article, key from found where {wanted} order by {by} {end}
                 )
                 select state, count(*) as number, 0 as place from found group by state
                 union all
                 select null, article, row_number() over (order by {by}) from page
                 order by place",
                by = by("key", page.order),
            )
        })
    }

    /// The filter's conditions, but for its state.
    fn matching(filter: &ArticleFilter, now: UnixSeconds) -> Self {
        // Not every statement asks for the time, and each has to know of what type it is.
        let sql = "$1::bigint is not null".to_owned();
        let mut conditions = Self { sql, values: vec![Box::new(now)] };
        if let Some(section) = &filter.section {
            conditions.and("section =", text(listed(section)).into_owned());
        }
        if let Some(language) = &filter.language {
            conditions.and("language =", text(listed(language)).into_owned());
        }
        for word in &filter.words {
            conditions.and("words like", text(&like::containing(word)).into_owned());
        }
        conditions
    }

    fn and(&mut self, before: &str, value: impl ToSql + Sync + Send + 'static) {
        let place = self.place(value);
        self.sql.push_str(&format!(" and {before} {place}"));
    }

    /// The name of one more value.
    fn place(&mut self, value: impl ToSql + Sync + Send + 'static) -> String {
        self.values.push(Box::new(value));
        format!("${}", self.values.len())
    }

    fn end(&mut self, page: Page) -> String {
        let (limit, skipped) = (i64::from(page.limit), i64::from(page.skipped));
        format!("limit {} offset {}", self.place(limit), self.place(skipped))
    }

    fn wrapped(mut self, statement: impl FnOnce(&str) -> String) -> Self {
        self.sql = statement(&self.sql);
        self
    }

    async fn rows(&self, client: &impl GenericClient) -> Result<Vec<Row>, StoreError> {
        let values: Vec<&(dyn ToSql + Sync)> =
            self.values.iter().map(|value| &**value as &(dyn ToSql + Sync)).collect();
        rows(client, &self.sql, &values).await
    }
}

/// What articles are ordered by.
fn column(order: ArticleOrder) -> &'static str {
    match order {
        ArticleOrder::Changed => "updated_at",
        ArticleOrder::Published => "published_at",
        ArticleOrder::Title => "sort_title",
    }
}

/// As the indexes have it.
fn by(column: &str, order: ArticleOrder) -> String {
    match order {
        ArticleOrder::Title => format!("{column}, article"),
        ArticleOrder::Changed | ArticleOrder::Published => format!("{column} desc, article desc"),
    }
}

fn state(row: &Row, column: usize) -> Result<ArticleState, StoreError> {
    let place: usize = number(row, column)?;
    let unknown = || StoreError::Other(anyhow::anyhow!("state {place}"));
    ArticleState::ALL.get(place).copied().ok_or_else(unknown)
}
