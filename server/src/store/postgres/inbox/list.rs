//! Lists of letters, as [`letters`] asks for them.

use deadpool_postgres::Client;
use tokio_postgres::Row;

use super::super::sql::{ask, number};
use super::{read, state};
use crate::store::letters;
use crate::store::{
    Letter, LetterCounts, LetterFilter, LetterNo, LetterPage, LetterSummary, StoreError,
};

/// One page for the list.
pub(super) async fn page(
    client: &Client,
    filter: &LetterFilter,
    before: Option<LetterNo>,
    limit: u32,
) -> Result<LetterPage, StoreError> {
    // One more says whether there is another page.
    let asked = letters::summaries(filter, before, limit.saturating_add(1));
    let letters = ask(client, asked).await?;
    let letters = letters.iter().map(summary).collect::<Result<_, StoreError>>()?;
    Ok(LetterPage::cut(letters, limit))
}

/// Letters as a whole.
pub(super) async fn whole(
    client: &Client,
    filter: &LetterFilter,
    before: Option<LetterNo>,
    limit: u32,
) -> Result<Vec<Letter>, StoreError> {
    ask(client, letters::whole(filter, before, limit)).await?.iter().map(read).collect()
}

/// How many there are of each state, whatever state the filter asks for.
pub(super) async fn counts(
    client: &Client,
    filter: &LetterFilter,
) -> Result<LetterCounts, StoreError> {
    let count = |row: &Row| Ok((state(row, 0)?, number(row, 1)?));
    ask(client, letters::counts(filter)).await?.iter().map(count).collect()
}

fn summary(row: &Row) -> Result<LetterSummary, StoreError> {
    Ok(LetterSummary {
        no: row.try_get(0)?,
        at: row.try_get(1)?,
        state: state(row, 2)?,
        kind: row.try_get(3)?,
        name: row.try_get(4)?,
        title: row.try_get(5)?,
        beginning: row.try_get(6)?,
        article: row.try_get(7)?,
        article_title: row.try_get(8)?,
        page: row.try_get(9)?,
    })
}
