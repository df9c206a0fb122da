//! Articles that match a filter. Without words that is a walk along an index which has all that the filter
//! looks at, up to the page's end. With words every article's are looked at once, in the table's own order:
//! along an index each of them would be a place of its own.

use std::cmp::{Ordering, Reverse};

use rusqlite::types::{FromSqlError, Value};
use rusqlite::{Connection, Row, params_from_iter};

use crate::clock::UnixSeconds;
use crate::store::like;
use crate::store::{
    ArticleCounts, ArticleFilter, ArticleNo, ArticleOrder, ArticleState, FoundArticles, StoreError,
};

/// The place of an article's state in [`ArticleState::ALL`], at `?1`.
const STATE: &str = "case
    when status = 'canceled' then 4
    when status = 'withheld' then 2
    when embargo > ?1 then 1
    when expires <= ?1 then 3
    else 0 end";

/// See [`CatalogueStore::find_articles`](crate::store::CatalogueStore::find_articles).
pub(super) fn find(
    connection: &Connection,
    filter: &ArticleFilter,
    now: UnixSeconds,
    order: ArticleOrder,
    skipped: u32,
    limit: u32,
) -> Result<FoundArticles, StoreError> {
    if filter.words.is_empty() {
        // Both as they are at one moment.
        let moment = connection.unchecked_transaction()?;
        let counts = counts(&moment, filter, now)?;
        let articles = walk(&moment, filter, now, order, skipped, limit)?;
        return Ok(FoundArticles { counts, articles });
    }
    let mut counts = ArticleCounts::default();
    let mut matches = Vec::new();
    for found in scan(connection, filter, now, order)? {
        counts.add(found.state, 1);
        if filter.state.is_none_or(|state| state == found.state) {
            matches.push(found);
        }
    }
    matches.sort_unstable_by(|one, other| one.cmp(other, order));
    let page = matches.into_iter().skip(skipped as usize).take(limit as usize);
    Ok(FoundArticles { counts, articles: page.map(|found| found.article).collect() })
}

/// A statement's conditions, and the values that they ask for. The first is the time.
struct Conditions {
    sql: String,
    values: Vec<Value>,
}

impl Conditions {
    /// The filter's, but for its state.
    fn of(filter: &ArticleFilter, now: UnixSeconds) -> Self {
        let mut conditions = Self { sql: "true".to_owned(), values: vec![now.into()] };
        if let Some(section) = &filter.section {
            conditions.and("section =", section.clone(), "");
        }
        if let Some(language) = &filter.language {
            conditions.and("language =", language.clone(), "");
        }
        for word in &filter.words {
            conditions.and("words like", like::containing(word), r"escape '\'");
        }
        conditions
    }

    fn and(&mut self, before: &str, value: impl Into<Value>, after: &str) {
        let place = self.place(value);
        self.sql.push_str(&format!(" and {before} {place} {after}"));
    }

    /// The name of one more value.
    fn place(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("?{}", self.values.len())
    }
}

/// How many there are of each state, by the filter's other conditions.
fn counts(
    connection: &Connection,
    filter: &ArticleFilter,
    now: UnixSeconds,
) -> rusqlite::Result<ArticleCounts> {
    let Conditions { sql, values } = Conditions::of(filter, now);
    let sql = format!(
        "/* article_counts */
         select {STATE} as state, count(*) from article_found where {sql} group by state"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
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
    order: ArticleOrder,
    skipped: u32,
    limit: u32,
) -> rusqlite::Result<Vec<ArticleNo>> {
    let (sql, values) = walk_statement(filter, now, order, skipped, limit);
    let mut statement = connection.prepare_cached(&sql)?;
    statement.query_map(params_from_iter(values), |row| row.get(0))?.collect()
}

fn walk_statement(
    filter: &ArticleFilter,
    now: UnixSeconds,
    order: ArticleOrder,
    skipped: u32,
    limit: u32,
) -> (String, Vec<Value>) {
    let mut conditions = Conditions::of(filter, now);
    if let Some(state) = filter.state {
        conditions.and(&format!("{STATE} ="), state as i64, "");
    }
    let (limit, skipped) = (conditions.place(limit), conditions.place(skipped));
    let column = column(order);
    let direction = if order == ArticleOrder::Title { "asc" } else { "desc" };
    let sql = format!(
        "/* walk_articles */
         select article from article_found where {}
         order by {column} {direction}, article {direction} limit {limit} offset {skipped}",
        conditions.sql
    );
    (sql, conditions.values)
}

/// What articles are ordered by.
fn column(order: ArticleOrder) -> &'static str {
    match order {
        ArticleOrder::Changed => "updated_at",
        ArticleOrder::Published => "published_at",
        ArticleOrder::Title => "sort_title",
    }
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
    let Conditions { sql, values } = Conditions::of(filter, now);
    let column = column(order);
    let sql = format!(
        "/* scan_articles */ select article, {STATE}, {column} from article_found where {sql}"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_map(params_from_iter(values), |row| {
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
                let (sql, values) = walk_statement(&filter, 0, order, 100, 50);
                let sql = format!("explain query plan {sql}");
                let mut statement = connection.prepare(&sql).unwrap();
                let steps = statement.query_map(params_from_iter(values), |row| row.get(3));
                let steps: Vec<String> = steps.unwrap().map(Result::unwrap).collect();
                assert_eq!(steps, [format!("SCAN article_found USING COVERING INDEX {index}")]);
            }
        }
    }
}
