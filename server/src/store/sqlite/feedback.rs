//! What readers wrote to the editor.

use article_widget::contract::FeedbackReport;
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};
use sha2::{Digest, Sha256};

use super::{SqliteStore, connection, outbox};
use crate::search;
use crate::store::{Feedback, FeedbackKept, FeedbackStore, NewFeedback, StoreError};

#[async_trait]
impl FeedbackStore for SqliteStore {
    async fn save_feedback(&self, feedback: &NewFeedback) -> Result<FeedbackKept, StoreError> {
        let feedback = feedback.clone();
        self.writer.run(move |writer| save(&mut writer.connection, &feedback)).await
    }

    async fn feedback(&self, secret_hash: &[u8; 32]) -> Result<Option<Feedback>, StoreError> {
        let secret_hash = *secret_hash;
        self.readers.run(move |connection| find(connection, &secret_hash)).await
    }

    async fn erase_feedback(&self, secret_hash: &[u8; 32]) -> Result<bool, StoreError> {
        let secret_hash = *secret_hash;
        self.writer.run(move |writer| erase(&writer.connection, &secret_hash)).await
    }
}

/// Keeps it, unless its key is there already.
fn save(connection: &mut Connection, feedback: &NewFeedback) -> Result<FeedbackKept, StoreError> {
    let content_hash = content_hash(&feedback.report)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let known: Option<(String, [u8; 32])> = transaction
        .prepare_cached(
            "/* feedback_by_key */
             select reference, content_hash from feedback where idempotency_key = ?1",
        )?
        .query_row([&feedback.idempotency_key], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match known {
        Some((reference, known)) if known == content_hash => Ok(FeedbackKept::Again { reference }),
        Some(_) => Ok(FeedbackKept::KeyReused),
        None => {
            insert(&transaction, feedback, &content_hash)?;
            let no = transaction.last_insert_rowid();
            for delivery in &feedback.announce {
                outbox::enqueue(&transaction, delivery, Some(no))?;
            }
            transaction.commit()?;
            Ok(FeedbackKept::New)
        }
    }
}

fn insert(
    connection: &Connection,
    feedback: &NewFeedback,
    content_hash: &[u8; 32],
) -> rusqlite::Result<()> {
    let report = &feedback.report;
    connection
        .prepare_cached(
            "/* save_feedback */
             insert into feedback
                 (at, idempotency_key, content_hash, secret_hash, reference, article, page, kind, name,
                  email, phone, title, message, passage, consent, search)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
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
        ])
        .map(drop)
}

/// The feedback that this hashed secret opens.
fn find(connection: &Connection, secret_hash: &[u8; 32]) -> Result<Option<Feedback>, StoreError> {
    let found = connection
        .prepare_cached(
            "/* find_feedback */
             select article, page, kind, name, email, phone, title, message, passage, consent, reference, at
             from feedback where secret_hash = ?1",
        )?
        .query_row([secret_hash], read)
        .optional()?;
    Ok(found)
}

/// Erases it, in the log too.
fn erase(connection: &Connection, secret_hash: &[u8; 32]) -> Result<bool, StoreError> {
    let erased = connection
        .prepare_cached("/* erase_feedback */ delete from feedback where secret_hash = ?1")?
        .execute([secret_hash])?;
    if erased > 0
        && let Err(error) = connection::truncate_log(connection)
    {
        // It is gone for every reader; the next turn of the log takes the remains.
        tracing::warn!(%error, "erased feedback stays in the log for a while");
    }
    Ok(erased > 0)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Feedback> {
    Ok(Feedback {
        report: FeedbackReport {
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
        },
        reference: row.get(10)?,
        at: row.get(11)?,
    })
}

fn content_hash(report: &FeedbackReport) -> Result<[u8; 32], StoreError> {
    let content = serde_json::to_vec(report).map_err(|error| StoreError::Other(error.into()))?;
    Ok(Sha256::digest(content).into())
}
