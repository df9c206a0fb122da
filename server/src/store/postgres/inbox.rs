//! Letters to the editor.

use article_widget::contract::FeedbackReport;
use async_trait::async_trait;
use deadpool_postgres::{GenericClient, Transaction};
use tokio_postgres::Row;

use super::sql::{Params, bytes, execute, moment, row, text};
use super::{PostgresStore, feedback, outbox};
use crate::store::letters::LETTER;
use crate::store::{
    Answer, Change, DeliveryKind, InboxStore, Letter, LetterCounts, LetterFilter, LetterNo,
    LetterPage, LetterState, NewDelivery, Revision, SecretHash, StoreError, Suspicion,
};

mod list;

#[async_trait]
impl InboxStore for PostgresStore {
    async fn letters(
        &self,
        filter: &LetterFilter,
        before: Option<LetterNo>,
        limit: u32,
    ) -> Result<LetterPage, StoreError> {
        list::page(&self.for_reading().await?, filter, before, limit).await
    }

    async fn whole_letters(
        &self,
        filter: &LetterFilter,
        before: Option<LetterNo>,
        limit: u32,
    ) -> Result<Vec<Letter>, StoreError> {
        list::whole(&self.for_reading().await?, filter, before, limit).await
    }

    async fn letter_counts(&self, filter: &LetterFilter) -> Result<LetterCounts, StoreError> {
        list::counts(&self.for_reading().await?, filter).await
    }

    async fn letter(&self, no: LetterNo) -> Result<Option<Letter>, StoreError> {
        find(&self.for_reading().await?, no).await
    }

    async fn mark_letter(
        &self,
        no: LetterNo,
        seen: &Revision,
        state: LetterState,
        announce: &[NewDelivery],
    ) -> Result<Change, StoreError> {
        let mut client = self.for_writing().await?;
        let transaction = client.transaction().await?;
        let change = hold(&transaction, no, seen).await?;
        if change == Change::Made {
            mark(&transaction, no, state, announce).await?;
            transaction.commit().await?;
        }
        Ok(change)
    }

    async fn answer_letter(
        &self,
        no: LetterNo,
        seen: &Revision,
        given: &Answer,
        tell: Option<&NewDelivery>,
        announce: &[NewDelivery],
    ) -> Result<Change, StoreError> {
        let mut client = self.for_writing().await?;
        let transaction = client.transaction().await?;
        let change = hold(&transaction, no, seen).await?;
        if change == Change::Made {
            feedback::announce(&transaction, no, announce).await?;
            answer(&transaction, no, given, tell).await?;
            transaction.commit().await?;
        }
        Ok(change)
    }

    async fn letter_secret(
        &self,
        no: LetterNo,
        seen: &Revision,
    ) -> Result<Option<SecretHash>, StoreError> {
        let mut client = self.for_reading().await?;
        // One moment: what is seen and what is given are of the same letter.
        let moment = moment(&mut client).await?;
        if find(&moment, no).await?.is_none_or(|letter| letter.revision() != *seen) {
            return Ok(None);
        }
        let sql = "/* letter_secret */ select secret_hash from feedback where no = $1";
        row(&moment, sql, &[&no]).await?.map(|row| bytes(&row, 0)).transpose()
    }
}

async fn find(client: &impl GenericClient, no: LetterNo) -> Result<Option<Letter>, StoreError> {
    let sql = format!("/* letter */ {LETTER} where feedback.no = $1");
    row(client, &sql, &[&no]).await?.as_ref().map(read).transpose()
}

/// Whether the letter may be changed, which nobody else does until the transaction ends.
async fn hold(
    transaction: &Transaction<'_>,
    no: LetterNo,
    seen: &Revision,
) -> Result<Change, StoreError> {
    let sql = format!("/* hold_letter */ {LETTER} where feedback.no = $1 for update of feedback");
    Ok(match row(transaction, &sql, &[&no]).await?.as_ref().map(read).transpose()? {
        None => Change::NoLetter,
        Some(letter) if letter.revision() != *seen => Change::Overtaken,
        Some(_) => Change::Made,
    })
}

async fn mark(
    transaction: &Transaction<'_>,
    no: LetterNo,
    state: LetterState,
    announce: &[NewDelivery],
) -> Result<(), StoreError> {
    let sql = "/* mark_letter */ update feedback set state = $2 where no = $1";
    execute(transaction, sql, &[&no, &state.as_str()]).await?;
    if state.is_usual() { feedback::announce(transaction, no, announce).await } else { Ok(()) }
}

async fn answer(
    transaction: &Transaction<'_>,
    no: LetterNo,
    answer: &Answer,
    tell: Option<&NewDelivery>,
) -> Result<(), StoreError> {
    let sql = "/* answer_letter */
        update feedback set answer = $2, answered_at = $3, answered_by = $4, state = $5
        where no = $1";
    let params: Params<'_> =
        &[&no, &text(&answer.text), &answer.at, &text(&answer.by), &LetterState::Answered.as_str()];
    execute(transaction, sql, params).await?;
    // What has not left would say the new answer, for it is written when it leaves, and say it twice.
    let sql = "/* withdraw_answer */ delete from outbox where feedback = $1 and kind = $2";
    execute(transaction, sql, &[&no, &DeliveryKind::Answer.as_str()]).await?;
    match tell {
        Some(delivery) => outbox::enqueue(transaction, delivery, Some(no)).await,
        None => Ok(()),
    }
}

/// From the columns of [`LETTER`].
fn read(row: &Row) -> Result<Letter, StoreError> {
    let answer = match row.try_get(15)? {
        Some(at) => Some(Answer { text: row.try_get(14)?, at, by: row.try_get(16)? }),
        None => None,
    };
    Ok(Letter {
        no: row.try_get(0)?,
        at: row.try_get(1)?,
        state: state(row, 2)?,
        report: FeedbackReport {
            kind: row.try_get(3)?,
            name: row.try_get(4)?,
            email: row.try_get(5)?,
            phone: row.try_get(6)?,
            title: row.try_get(7)?,
            message: row.try_get(8)?,
            passage: row.try_get(9)?,
            page: row.try_get(10)?,
            consent: row.try_get(11)?,
            article: row.try_get(17)?,
        },
        reference: row.try_get(12)?,
        held: suspicion(row, 13)?,
        answer,
        article_title: row.try_get(18)?,
    })
}

/// The letter's state in this column.
pub(super) fn state(row: &Row, column: usize) -> Result<LetterState, StoreError> {
    let name: &str = row.try_get(column)?;
    let unknown = || StoreError::Other(anyhow::anyhow!("state {name:?}"));
    LetterState::parse(name).ok_or_else(unknown)
}

/// None where the column is empty.
fn suspicion(row: &Row, column: usize) -> Result<Option<Suspicion>, StoreError> {
    let name: &str = row.try_get(column)?;
    if name.is_empty() {
        return Ok(None);
    }
    let unknown = || StoreError::Other(anyhow::anyhow!("suspicion {name:?}"));
    Ok(Some(Suspicion::parse(name).ok_or_else(unknown)?))
}
