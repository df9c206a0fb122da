//! Which requests to send an article were taken. Their mails are in the outbox until they are delivered.

use deadpool_postgres::{Client, GenericClient};

use super::sql::{bytes, execute, in_pieces, row};
use super::{outbox, proof};
use crate::clock::UnixSeconds;
use crate::store::{MailRequest, MailRequested, NewDelivery, SpentProof, StoreError};

/// What became of the request, where it came before.
pub(super) async fn find(
    client: &impl GenericClient,
    request: &MailRequest,
) -> Result<Option<MailRequested>, StoreError> {
    let sql = "/* mail_request */ select content from mail_request where key = $1";
    let found = row(client, sql, &[&request.key.as_slice()]).await?;
    found.map(|row| Ok(request.known(&bytes(&row, 0)?))).transpose()
}

/// Remembers it, puts its mail in and uses its proof up, unless it came before or the proof was used before. The
/// request goes in first: of two servers that take it at once the second waits here, and then knows it.
pub(super) async fn save(
    client: &mut Client,
    request: &MailRequest,
    mail: &NewDelivery,
    proof: &SpentProof,
) -> Result<MailRequested, StoreError> {
    let transaction = client.transaction().await?;
    let sql = "/* save_mail_request */
        insert into mail_request (key, content, at) values ($1, $2, $3)
        on conflict (key) do nothing";
    let (key, content) = (request.key.as_slice(), request.content.as_slice());
    if execute(&transaction, sql, &[&key, &content, &request.at]).await? == 0 {
        let forgotten = || StoreError::Unavailable(anyhow::anyhow!("it was forgotten just now"));
        return find(&transaction, request).await?.ok_or_else(forgotten);
    }
    if !proof::spend(&transaction, proof).await? {
        return Ok(MailRequested::ProofSpent);
    }
    outbox::enqueue(&transaction, mail, None).await?;
    transaction.commit().await?;
    Ok(MailRequested::New)
}

/// Forgets those that came before `time`.
pub(super) async fn forget(client: &Client, time: UnixSeconds) -> Result<(), StoreError> {
    in_pieces(client, FORGET, time).await?;
    Ok(())
}

const FORGET: &str = "/* forget_mail_requests */
    with old as (select key from mail_request where at < $1 order by at limit $2 for update)
    delete from mail_request using old where mail_request.key = old.key";
