//! Lists of letters, as [`letters`] asks for them.

use rusqlite::{Connection, Row, params_from_iter};

use super::{read, state};
use crate::store::letters;
use crate::store::statement::Statement;
use crate::store::{
    Letter, LetterCounts, LetterFilter, LetterNo, LetterPage, LetterSummary, StoreError,
};

/// One page for the list.
pub(super) fn page(
    connection: &Connection,
    filter: &LetterFilter,
    before: Option<LetterNo>,
    limit: u32,
) -> Result<LetterPage, StoreError> {
    // One more says whether there is another page.
    let asked = letters::summaries(filter, before, limit.saturating_add(1));
    Ok(LetterPage::cut(all(connection, asked, summary)?, limit))
}

/// Letters as a whole.
pub(super) fn whole(
    connection: &Connection,
    filter: &LetterFilter,
    before: Option<LetterNo>,
    limit: u32,
) -> Result<Vec<Letter>, StoreError> {
    Ok(all(connection, letters::whole(filter, before, limit), read)?)
}

/// How many there are of each state, whatever state the filter asks for.
pub(super) fn counts(
    connection: &Connection,
    filter: &LetterFilter,
) -> Result<LetterCounts, StoreError> {
    let count = |row: &Row<'_>| Ok((state(row, 0)?, row.get(1)?));
    Ok(all(connection, letters::counts(filter), count)?)
}

fn all<T, C: FromIterator<T>>(
    connection: &Connection,
    asked: Statement,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<C> {
    let mut statement = connection.prepare_cached(&asked.sql)?;
    statement.query_map(params_from_iter(asked.values), read)?.collect()
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
    use crate::store::LetterState;

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
            let asked = letters::summaries(&filter, Some(9), 50);
            let mut statement =
                connection.prepare(&format!("explain query plan {}", asked.sql)).unwrap();
            let steps =
                statement.query_map(params_from_iter(asked.values), |row| row.get(3)).unwrap();
            let steps: Vec<String> = steps.map(Result::unwrap).collect();
            assert!(steps.iter().all(|step| !step.contains("TEMP B-TREE")), "{steps:?}");
            assert!(steps.iter().all(|step| step.starts_with("SEARCH")), "{steps:?}");
        }
    }
}
