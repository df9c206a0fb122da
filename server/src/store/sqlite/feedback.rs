//! What readers wrote to the editor.

use article_widget::contract::FeedbackReport;
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::{SqliteStore, connection, inbox, outbox, proof};
use crate::clock::UnixSeconds;
use crate::search;
use crate::store::{
    AnswerText, ConsentText, Feedback, FeedbackKept, FeedbackStore, LetterNo, LetterState,
    NewDelivery, NewFeedback, Progress, SAME_WITHIN, SecretHash, StoreError, Suspicion,
};

mod retention;

#[async_trait]
impl FeedbackStore for SqliteStore {
    async fn save_feedback(&self, feedback: &NewFeedback) -> Result<FeedbackKept, StoreError> {
        let feedback = feedback.clone();
        self.writer.run(move |writer| save(&mut writer.connection, &feedback)).await
    }

    async fn feedback(&self, secret_hash: &SecretHash) -> Result<Option<Feedback>, StoreError> {
        let secret_hash = *secret_hash;
        self.readers.run(move |connection| find(connection, &secret_hash)).await
    }

    async fn erase_feedback(&self, secret_hash: &SecretHash) -> Result<bool, StoreError> {
        let secret_hash = *secret_hash;
        self.writer.run(move |writer| erase(&writer.connection, &secret_hash)).await
    }

    async fn feedback_secrets(
        &self,
        after: LetterNo,
        limit: u32,
    ) -> Result<Vec<(LetterNo, SecretHash)>, StoreError> {
        self.readers.run(move |connection| retention::secrets(connection, after, limit)).await
    }

    async fn forget_feedback(&self, before: UnixSeconds) -> Result<usize, StoreError> {
        retention::forget(self, before).await
    }

    async fn save_consents(
        &self,
        texts: Vec<ConsentText>,
        at: UnixSeconds,
    ) -> Result<(), StoreError> {
        self.writer.run(move |writer| save_consents(&mut writer.connection, &texts, at)).await
    }
}

/// Keeps it, unless its key is there already.
fn save(connection: &mut Connection, feedback: &NewFeedback) -> Result<FeedbackKept, StoreError> {
    let content_hash = feedback.content_hash()?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if let Some((reference, known)) = by_key(&transaction, &feedback.idempotency_key)? {
        return Ok(FeedbackKept::by_key(reference, known == content_hash));
    }
    if let Some(proof) = &feedback.proof
        && !proof::spend(&transaction, proof)?
    {
        return Ok(FeedbackKept::ProofSpent);
    }
    let held = match feedback.held {
        None if is_known(&transaction, feedback)? => Some(Suspicion::Same),
        held => held,
    };
    insert(&transaction, feedback, &content_hash, held)?;
    if held.is_none() {
        announce(&transaction, transaction.last_insert_rowid(), &feedback.announce)?;
    }
    transaction.commit()?;
    Ok(FeedbackKept::new(held))
}

/// Reference and hashed content of the feedback with this key.
fn by_key(connection: &Connection, key: &str) -> rusqlite::Result<Option<(String, [u8; 32])>> {
    connection
        .prepare_cached(
            "/* feedback_by_key */
             select reference, content_hash from feedback where idempotency_key = ?1",
        )?
        .query_row([key], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

/// Whether somebody else has written the same of late. Whoever gives no address is somebody else.
fn is_known(connection: &Connection, feedback: &NewFeedback) -> rusqlite::Result<bool> {
    let Some(fingerprint) = feedback.fingerprint else { return Ok(false) };
    connection
        .prepare_cached(
            "/* same_feedback */
             select 1 from feedback
             where fingerprint = ?1 and at > ?2 and (email <> ?3 or ?3 = '')",
        )?
        .exists(params![fingerprint, feedback.at - SAME_WITHIN, feedback.report.email])
}

/// Says outside that there is feedback, once, in the transaction of what makes that true: that it was taken,
/// or that an editor found nothing wrong with what was held or called spam.
pub(super) fn announce(
    connection: &Connection,
    no: LetterNo,
    deliveries: &[NewDelivery],
) -> rusqlite::Result<()> {
    let changed = connection
        .prepare_cached(
            "/* announce_feedback */ update feedback set announced = 1 where no = ?1 and announced = 0",
        )?
        .execute([no])?;
    if changed == 0 {
        return Ok(());
    }
    deliveries.iter().try_for_each(|delivery| outbox::enqueue(connection, delivery, Some(no)))
}

fn insert(
    connection: &Connection,
    feedback: &NewFeedback,
    content_hash: &[u8; 32],
    held: Option<Suspicion>,
) -> rusqlite::Result<()> {
    let report = &feedback.report;
    connection
        .prepare_cached(
            "/* save_feedback */
             insert into feedback
                 (at, idempotency_key, content_hash, secret_hash, reference, article, page, kind, name,
                  email, phone, title, message, passage, consent, search, fingerprint, state, held,
                  announced)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,
                     0)",
        )?
        .execute(params![
            feedback.at,
            feedback.idempotency_key,
            content_hash,
            feedback.secret_hash,
            feedback.reference,
            report.article,
            report.page,
            report.kind,
            report.name,
            report.email,
            report.phone,
            report.title,
            report.message,
            report.passage,
            report.consent,
            search::of_feedback(report, &feedback.reference),
            feedback.fingerprint,
            held.map_or(LetterState::New, |_| LetterState::Held).as_str(),
            held.map_or("", Suspicion::as_str),
        ])
        .map(drop)
}

/// The feedback that this hashed secret opens.
fn find(connection: &Connection, secret_hash: &SecretHash) -> Result<Option<Feedback>, StoreError> {
    let found = connection
        .prepare_cached(
            "/* find_feedback */
             select article, page, kind, name, email, phone, title, message, passage, consent, reference, at,
                    state, answer, answered_at
             from feedback where secret_hash = ?1",
        )?
        .query_row([secret_hash], read)
        .optional()?;
    Ok(found)
}

/// Erases it, in the log too.
fn erase(connection: &Connection, secret_hash: &SecretHash) -> Result<bool, StoreError> {
    let erased = connection
        .prepare_cached("/* erase_feedback */ delete from feedback where secret_hash = ?1")?
        .execute([secret_hash])?;
    if erased > 0 {
        connection::truncate_log_if_possible(connection);
    }
    Ok(erased > 0)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Feedback> {
    let report = FeedbackReport {
        article: row.get(0)?,
        page: row.get(1)?,
        kind: row.get(2)?,
        name: row.get(3)?,
        email: row.get(4)?,
        phone: row.get(5)?,
        title: row.get(6)?,
        message: row.get(7)?,
        passage: row.get(8)?,
        consent: row.get(9)?,
    };
    let state = inbox::state(row, 12)?;
    Ok(Feedback {
        report,
        reference: row.get(10)?,
        at: row.get(11)?,
        progress: Progress::of(state),
        answer: AnswerText::shown(row.get(13)?, row.get(14)?, state),
    })
}

fn save_consents(
    connection: &mut Connection,
    texts: &[ConsentText],
    at: UnixSeconds,
) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for consent in texts {
        transaction
            .prepare_cached(
                "/* save_consent */
                 insert into consent_text (version, text, shown_from) values (?1, ?2, ?3)
                 on conflict (version) do nothing",
            )?
            .execute(params![consent.version, consent.text, at])?;
    }
    Ok(transaction.commit()?)
}
