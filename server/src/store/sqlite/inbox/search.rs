//! Makes letters of versions that knew no search findable.

use article_widget::contract::FeedbackReport;
use rusqlite::{Connection, TransactionBehavior, params};

use crate::search;

/// Letters in one commit.
const AT_ONCE: u32 = 500;

/// Fills the folded text where there is none. An index names those letters, so that looking for them
/// costs nothing where there are none.
pub(in crate::store::sqlite) fn fill(connection: &mut Connection) -> rusqlite::Result<()> {
    while fill_some(connection)? == AT_ONCE as usize {}
    Ok(())
}

fn fill_some(connection: &mut Connection) -> rusqlite::Result<usize> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let letters = unfilled(&transaction)?;
    for (no, text) in &letters {
        transaction
            .prepare_cached("/* fill_search */ update feedback set search = ?2 where no = ?1")?
            .execute(params![no, text])?;
    }
    transaction.commit()?;
    Ok(letters.len())
}

/// Their numbers, and what they are found by.
fn unfilled(connection: &Connection) -> rusqlite::Result<Vec<(i64, String)>> {
    connection
        .prepare_cached(
            "/* unfilled_search */
             select no, reference, name, email, phone, title, message, passage
             from feedback where search = '' order by no limit ?1",
        )?
        .query_map([AT_ONCE], |row| {
            let report = FeedbackReport {
                name: row.get(2)?,
                email: row.get(3)?,
                phone: row.get(4)?,
                title: row.get(5)?,
                message: row.get(6)?,
                passage: row.get(7)?,
                ..FeedbackReport::default()
            };
            Ok((row.get(0)?, search::of_feedback(&report, row.get_ref(1)?.as_str()?)))
        })?
        .collect()
}
