//! Lists of letters: filtered, counted, and in pages that begin after a number, so that a letter which
//! comes meanwhile shifts nothing.

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};

use super::{LETTER, read, state};
use crate::store::like;
use crate::store::{
    Letter, LetterCounts, LetterFilter, LetterNo, LetterPage, LetterState, LetterSummary,
    StoreError,
};

/// A statement's conditions, and the values that they ask for, in their order.
struct Conditions {
    sql: String,
    values: Vec<Value>,
}

impl Conditions {
    /// The filter's, but for its state.
    fn of(filter: &LetterFilter) -> Self {
        let mut conditions = Self { sql: "true".to_owned(), values: Vec::new() };
        if let Some(article) = &filter.article {
            conditions.and("feedback.article = ?", article.clone());
        }
        if let Some(kind) = &filter.kind {
            conditions.and("feedback.kind = ?", kind.clone());
        }
        if let Some(partner) = &filter.partner {
            conditions
                .and(r"feedback.page like ? escape '\'", like::beginning(&format!("{partner}/")));
        }
        for word in &filter.words {
            conditions.and(r"feedback.search like ? escape '\'", like::containing(word));
        }
        conditions
    }

    /// Of the filter's state, or of any that is usual. Said by what it is not, so that SQLite goes down
    /// the numbers and stops at the page's end, and does not sort all letters of three states.
    fn of_its_state(filter: &LetterFilter) -> Self {
        let mut conditions = Self::of(filter);
        match filter.state {
            Some(state) => conditions.and("feedback.state = ?", state.as_str().to_owned()),
            None => {
                for state in LetterState::ALL.into_iter().filter(|state| !state.is_usual()) {
                    conditions.and("feedback.state <> ?", state.as_str().to_owned());
                }
            }
        }
        conditions
    }

    fn and(&mut self, sql: &str, value: impl Into<Value>) {
        self.sql.push_str(" and ");
        self.sql.push_str(sql);
        self.values.push(value.into());
    }

    /// Newest first, from a number down, at most so many.
    fn descending(mut self, before: Option<LetterNo>, limit: u32) -> Self {
        if let Some(before) = before {
            self.and("feedback.no < ?", before);
        }
        self.sql.push_str(" order by feedback.no desc limit ?");
        self.values.push(i64::from(limit).into());
        self
    }
}

/// One page for the list.
pub(super) fn page(
    connection: &Connection,
    filter: &LetterFilter,
    before: Option<LetterNo>,
    limit: u32,
) -> Result<LetterPage, StoreError> {
    let (sql, values) = page_statement(filter, before, limit);
    let mut statement = connection.prepare_cached(&sql)?;
    let letters = statement.query_map(params_from_iter(values), summary)?;
    let mut letters = letters.collect::<rusqlite::Result<Vec<_>>>()?;
    let has_more = letters.len() > limit as usize;
    letters.truncate(limit as usize);
    let next = letters.last().filter(|_| has_more).map(|letter| letter.no);
    Ok(LetterPage { letters, next })
}

fn page_statement(
    filter: &LetterFilter,
    before: Option<LetterNo>,
    limit: u32,
) -> (String, Vec<Value>) {
    // One more says whether there is another page.
    let conditions = Conditions::of_its_state(filter).descending(before, limit + 1);
    let sql = format!(
        "/* letters */
         select feedback.no, feedback.at, feedback.state, feedback.kind, feedback.name, feedback.title,
             substr(feedback.message, 1, 200), feedback.article, article.title, feedback.page
         from feedback join article on article.id = feedback.article where {}",
        conditions.sql
    );
    (sql, conditions.values)
}

/// Letters as a whole.
pub(super) fn whole(
    connection: &Connection,
    filter: &LetterFilter,
    before: Option<LetterNo>,
    limit: u32,
) -> Result<Vec<Letter>, StoreError> {
    let conditions = Conditions::of_its_state(filter).descending(before, limit);
    let sql = format!("/* whole_letters */ {LETTER} where {}", conditions.sql);
    let mut statement = connection.prepare_cached(&sql)?;
    let letters = statement.query_map(params_from_iter(conditions.values), read)?;
    Ok(letters.collect::<rusqlite::Result<_>>()?)
}

/// How many there are of each state, whatever state the filter asks for.
pub(super) fn counts(
    connection: &Connection,
    filter: &LetterFilter,
) -> Result<LetterCounts, StoreError> {
    let conditions = Conditions::of(filter);
    let sql = format!(
        "/* letter_counts */
         select feedback.state, count(*) from feedback where {} group by feedback.state",
        conditions.sql
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let counts = statement
        .query_map(params_from_iter(conditions.values), |row| Ok((state(row, 0)?, row.get(1)?)))?;
    Ok(counts.collect::<rusqlite::Result<_>>()?)
}

fn summary(row: &Row<'_>) -> rusqlite::Result<LetterSummary> {
    Ok(LetterSummary {
        no: row.get(0)?,
        at: row.get(1)?,
        state: state(row, 2)?,
        kind: row.get(3)?,
        name: row.get(4)?,
        title: row.get(5)?,
        beginning: row.get(6)?,
        article: row.get(7)?,
        article_title: row.get(8)?,
        page: row.get(9)?,
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::connection;
    use super::*;

    #[test]
    fn a_page_ends_where_it_is_full_and_nothing_is_sorted_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let connection = connection::open_writer(&folder.path().join("test.sqlite3")).unwrap();
        let words = vec!["dak".to_owned()];
        for (state, article) in [
            (None, None),
            (Some(LetterState::New), None),
            (None, Some("a".to_owned())),
            (Some(LetterState::Held), Some("a".to_owned())),
        ] {
            let filter =
                LetterFilter { state, article, words: words.clone(), ..Default::default() };
            let (sql, values) = page_statement(&filter, Some(9), 50);
            let mut statement = connection.prepare(&format!("explain query plan {sql}")).unwrap();
            let steps = statement.query_map(params_from_iter(values), |row| row.get(3)).unwrap();
            let steps: Vec<String> = steps.map(Result::unwrap).collect();
            assert!(steps.iter().all(|step| !step.contains("TEMP B-TREE")), "{steps:?}");
            assert!(steps.iter().all(|step| step.starts_with("SEARCH")), "{steps:?}");
        }
    }
}
