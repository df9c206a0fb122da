//! Articles that match a filter. Without words that is a walk along an index which has all that the filter
//! looks at, up to the page's end. With words every article's are looked at once, in the table's own order:
//! along an index each of them would be a place of its own.

use std::cmp::{Ordering, Reverse};

use rusqlite::types::FromSqlError;
use rusqlite::{Connection, Row, params_from_iter};

use crate::clock::UnixSeconds;
use crate::store::article_list::{self, Page, STATE};
use crate::store::{
    ArticleCounts, ArticleFilter, ArticleNo, ArticleOrder, ArticleState, FoundArticles, StoreError,
};

/// See [`CatalogueStore::find_articles`](crate::store::CatalogueStore::find_articles).
pub(super) fn find(
    connection: &Connection,
    filter: &ArticleFilter,
    now: UnixSeconds,
    page: Page,
) -> Result<FoundArticles, StoreError> {
    if filter.words.is_empty() {
        // Both as they are at one moment.
        let moment = connection.unchecked_transaction()?;
        let counts = counts(&moment, filter, now)?;
        let articles = walk(&moment, filter, now, page)?;
        return Ok(FoundArticles { counts, articles });
    }
    let mut counts = ArticleCounts::default();
    let mut matches = Vec::new();
    for found in scan(connection, filter, now, page.order)? {
        counts.add(found.state, 1);
        if filter.state.is_none_or(|state| state == found.state) {
            matches.push(found);
        }
    }
    matches.sort_unstable_by(|one, other| one.cmp(other, page.order));
    let articles = matches.into_iter().skip(page.skipped as usize).take(page.limit as usize);
    Ok(FoundArticles { counts, articles: articles.map(|found| found.article).collect() })
}

fn counts(
    connection: &Connection,
    filter: &ArticleFilter,
    now: UnixSeconds,
) -> rusqlite::Result<ArticleCounts> {
    let asked = article_list::counts(filter, now);
    let mut statement = connection.prepare_cached(&asked.sql)?;
    let mut rows = statement.query(params_from_iter(asked.values))?;
    let mut counts = ArticleCounts::default();
    while let Some(row) = rows.next()? {
        counts.add(state(row, 0)?, row.get(1)?);
    }
    Ok(counts)
}

fn walk(
    connection: &Connection,
    filter: &ArticleFilter,
    now: UnixSeconds,
    page: Page,
) -> rusqlite::Result<Vec<ArticleNo>> {
    let asked = article_list::walk(filter, now, page);
    let mut statement = connection.prepare_cached(&asked.sql)?;
    statement.query_map(params_from_iter(asked.values), |row| row.get(0))?.collect()
}

/// An article that matches, before it has a place.
struct Found {
    article: ArticleNo,
    state: ArticleState,
    key: Key,
}

/// What it is ordered by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Time(UnixSeconds),
    Title(String),
}

impl Found {
    /// As the indexes have it.
    fn cmp(&self, other: &Self, order: ArticleOrder) -> Ordering {
        let (one, other) = ((&self.key, self.article), (&other.key, other.article));
        match order {
            ArticleOrder::Title => one.cmp(&other),
            ArticleOrder::Changed | ArticleOrder::Published => Reverse(one).cmp(&Reverse(other)),
        }
    }
}

fn scan(
    connection: &Connection,
    filter: &ArticleFilter,
    now: UnixSeconds,
    order: ArticleOrder,
) -> rusqlite::Result<Vec<Found>> {
    let column = article_list::column(order);
    let select =
        format!("/* scan_articles */ select article, {STATE}, {column} from article_found");
    let asked = article_list::matching(&select, filter, now);
    let mut statement = connection.prepare_cached(&asked.sql)?;
    let found = statement.query_map(params_from_iter(asked.values), |row| {
        let key = match order {
            ArticleOrder::Title => Key::Title(row.get(2)?),
            ArticleOrder::Changed | ArticleOrder::Published => Key::Time(row.get(2)?),
        };
        Ok(Found { article: row.get(0)?, state: state(row, 1)?, key })
    })?;
    found.collect()
}

fn state(row: &Row<'_>, column: usize) -> rusqlite::Result<ArticleState> {
    let place: usize = row.get(column)?;
    let unknown = || FromSqlError::Other(format!("state {place}").into());
    Ok(*ArticleState::ALL.get(place).ok_or_else(unknown)?)
}

#[cfg(test)]
mod tests {
    use super::super::super::connection;
    use super::*;
    use crate::store::statement::Statement;

    #[test]
    fn a_page_is_a_walk_along_an_index_that_has_all_it_looks_at() {
        let folder = tempfile::tempdir().unwrap();
        let connection = connection::open_writer(&folder.path().join("test.sqlite3")).unwrap();
        for (order, index) in [
            (ArticleOrder::Changed, "article_found_by_update"),
            (ArticleOrder::Published, "article_found_by_publication"),
            (ArticleOrder::Title, "article_found_by_title"),
        ] {
            for state in [None, Some(ArticleState::Withheld)] {
                let filter = ArticleFilter { state, ..ArticleFilter::default() };
                let page = Page { order, skipped: 100, limit: 50 };
                let Statement { sql, values } = article_list::walk(&filter, 0, page);
                let sql = format!("explain query plan {sql}");
                let mut statement = connection.prepare(&sql).unwrap();
                let steps = statement.query_map(params_from_iter(values), |row| row.get(3));
                let steps: Vec<String> = steps.unwrap().map(Result::unwrap).collect();
                assert_eq!(steps, [format!("SCAN article_found USING COVERING INDEX {index}")]);
            }
        }
    }
}
