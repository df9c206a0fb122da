//! Which requests to send an article were taken. Their mails are in the outbox until they are delivered.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::{outbox, proof};
use crate::clock::UnixSeconds;
use crate::store::{MailRequest, MailRequested, NewDelivery, SpentProof, StoreError};

/// What became of the request, where it came before.
pub(super) fn find(
    connection: &Connection,
    request: &MailRequest,
) -> Result<Option<MailRequested>, StoreError> {
    let content: Option<[u8; 32]> = connection
        .prepare_cached("/* mail_request */ select content from mail_request where key = ?1")?
        .query_row([request.key], |row| row.get(0))
        .optional()?;
    Ok(content.map(|content| request.known(&content)))
}

/// Remembers it, puts its mail in and uses its proof up, unless it came before or the proof was used before.
pub(super) fn save(
    connection: &mut Connection,
    request: &MailRequest,
    mail: &NewDelivery,
    proof: &SpentProof,
) -> Result<MailRequested, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if let Some(known) = find(&transaction, request)? {
        return Ok(known);
    }
    if !proof::spend(&transaction, proof)? {
        return Ok(MailRequested::ProofSpent);
    }
    transaction
        .prepare_cached(
            "/* save_mail_request */ insert into mail_request (key, content, at) values (?1, ?2, ?3)",
        )?
        .execute(params![request.key, request.content, request.at])?;
    outbox::enqueue(&transaction, mail, None)?;
    transaction.commit()?;
    Ok(MailRequested::New)
}

/// Forgets those that came before `time`.
pub(super) fn forget(connection: &Connection, time: UnixSeconds) -> Result<(), StoreError> {
    connection
        .prepare_cached("/* forget_mail_requests */ delete from mail_request where at < ?1")?
        .execute([time])?;
    Ok(())
}
