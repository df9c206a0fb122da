//! Letters to the editor.

use article_widget::contract::FeedbackReport;
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::{SqliteStore, feedback, outbox};
use crate::store::letters::LETTER;
use crate::store::{
    Answer, Change, DeliveryKind, InboxStore, Letter, LetterCounts, LetterFilter, LetterNo,
    LetterPage, LetterState, NewDelivery, Revision, SecretHash, StoreError, Suspicion,
};

mod list;
mod search;

pub(super) use search::fill as fill_search;

#[async_trait]
impl InboxStore for SqliteStore {
    async fn letters(
        &self,
        filter: &LetterFilter,
        before: Option<LetterNo>,
        limit: u32,
    ) -> Result<LetterPage, StoreError> {
        let filter = filter.clone();
        self.readers.run(move |connection| list::page(connection, &filter, before, limit)).await
    }

    async fn whole_letters(
        &self,
        filter: &LetterFilter,
        before: Option<LetterNo>,
        limit: u32,
    ) -> Result<Vec<Letter>, StoreError> {
        let filter = filter.clone();
        self.readers.run(move |connection| list::whole(connection, &filter, before, limit)).await
    }

    async fn letter_counts(&self, filter: &LetterFilter) -> Result<LetterCounts, StoreError> {
        let filter = filter.clone();
        self.readers.run(move |connection| list::counts(connection, &filter)).await
    }

    async fn letter(&self, no: LetterNo) -> Result<Option<Letter>, StoreError> {
        self.readers.run(move |connection| find(connection, no)).await
    }

    async fn mark_letter(
        &self,
        no: LetterNo,
        seen: &Revision,
        state: LetterState,
        announce: &[NewDelivery],
    ) -> Result<Change, StoreError> {
        let (seen, announce) = (seen.clone(), announce.to_vec());
        self.writer
            .run(move |writer| {
                change(&mut writer.connection, no, &seen, |connection| {
                    mark(connection, no, state, &announce)
                })
            })
            .await
    }

    async fn answer_letter(
        &self,
        no: LetterNo,
        seen: &Revision,
        given: &Answer,
        tell: Option<&NewDelivery>,
        announce: &[NewDelivery],
    ) -> Result<Change, StoreError> {
        let (seen, given) = (seen.clone(), given.clone());
        let (tell, announce) = (tell.cloned(), announce.to_vec());
        self.writer
            .run(move |writer| {
                change(&mut writer.connection, no, &seen, |connection| {
                    feedback::announce(connection, no, &announce)?;
                    answer(connection, no, &given, tell.as_ref())
                })
            })
            .await
    }

    async fn letter_secret(
        &self,
        no: LetterNo,
        seen: &Revision,
    ) -> Result<Option<SecretHash>, StoreError> {
        let seen = seen.clone();
        self.readers.run(move |connection| secret(connection, no, &seen)).await
    }
}

fn find(connection: &Connection, no: LetterNo) -> Result<Option<Letter>, StoreError> {
    let sql = format!("/* letter */ {LETTER} where feedback.no = ?1");
    Ok(connection.prepare_cached(&sql)?.query_row([no], read).optional()?)
}

/// Makes the change in one transaction, if the letter still is as it was seen.
fn change(
    connection: &mut Connection,
    no: LetterNo,
    seen: &Revision,
    work: impl FnOnce(&Connection) -> rusqlite::Result<()>,
) -> Result<Change, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    match find(&transaction, no)? {
        None => Ok(Change::NoLetter),
        Some(letter) if letter.revision() != *seen => Ok(Change::Overtaken),
        Some(_) => {
            work(&transaction)?;
            transaction.commit()?;
            Ok(Change::Made)
        }
    }
}

fn mark(
    connection: &Connection,
    no: LetterNo,
    state: LetterState,
    announce: &[NewDelivery],
) -> rusqlite::Result<()> {
    connection
        .prepare_cached("/* mark_letter */ update feedback set state = ?2 where no = ?1")?
        .execute(params![no, state.as_str()])?;
    if state.is_usual() { feedback::announce(connection, no, announce) } else { Ok(()) }
}

fn answer(
    connection: &Connection,
    no: LetterNo,
    answer: &Answer,
    tell: Option<&NewDelivery>,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "/* answer_letter */
             update feedback set answer = ?2, answered_at = ?3, answered_by = ?4, state = ?5
             where no = ?1",
        )?
        .execute(params![no, answer.text, answer.at, answer.by, LetterState::Answered.as_str()])?;
    // What has not left would say the new answer, for it is written when it leaves, and say it twice.
    connection
        .prepare_cached(
            "/* withdraw_answer */ delete from outbox where feedback = ?1 and kind = ?2",
        )?
        .execute(params![no, DeliveryKind::Answer.as_str()])?;
    tell.map_or(Ok(()), |delivery| outbox::enqueue(connection, delivery, Some(no)))
}

fn secret(
    connection: &Connection,
    no: LetterNo,
    seen: &Revision,
) -> Result<Option<SecretHash>, StoreError> {
    // One snapshot: what is seen and what is given are of the same letter.
    let snapshot = connection.unchecked_transaction()?;
    if find(&snapshot, no)?.is_none_or(|letter| letter.revision() != *seen) {
        return Ok(None);
    }
    let found = snapshot
        .prepare_cached("/* letter_secret */ select secret_hash from feedback where no = ?1")?
        .query_row([no], |row| row.get(0))
        .optional()?;
    Ok(found)
}

/// From the columns of [`LETTER`].
fn read(row: &Row<'_>) -> rusqlite::Result<Letter> {
    let answered_at: Option<i64> = row.get(15)?;
    let answer = answered_at
        .map(|at| Ok::<_, rusqlite::Error>(Answer { text: row.get(14)?, at, by: row.get(16)? }))
        .transpose()?;
    Ok(Letter {
        no: row.get(0)?,
        at: row.get(1)?,
        state: state(row, 2)?,
        report: FeedbackReport {
            kind: row.get(3)?,
            name: row.get(4)?,
            email: row.get(5)?,
            phone: row.get(6)?,
            title: row.get(7)?,
            message: row.get(8)?,
            passage: row.get(9)?,
            page: row.get(10)?,
            consent: row.get(11)?,
            article: row.get(17)?,
        },
        reference: row.get(12)?,
        held: suspicion(row, 13)?,
        answer,
        article_title: row.get(18)?,
    })
}

pub(super) fn state(row: &Row<'_>, column: usize) -> rusqlite::Result<LetterState> {
    let name = row.get_ref(column)?.as_str()?;
    let unknown = || rusqlite::types::FromSqlError::Other(format!("state {name:?}").into());
    Ok(LetterState::parse(name).ok_or_else(unknown)?)
}

/// None where the column is empty.
fn suspicion(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Suspicion>> {
    let name = row.get_ref(column)?.as_str()?;
    let unknown = || rusqlite::types::FromSqlError::Other(format!("suspicion {name:?}").into());
    if name.is_empty() {
        return Ok(None);
    }
    Ok(Some(Suspicion::parse(name).ok_or_else(unknown)?))
}
