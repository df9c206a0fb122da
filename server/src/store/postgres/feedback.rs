//! What readers wrote to the editor.

use article_widget::contract::FeedbackReport;
use async_trait::async_trait;
use deadpool_postgres::{Client, GenericClient, Transaction};
use tokio_postgres::Row;

use super::sql::{Params, bytes, execute, in_pieces, row, rows, text};
use super::{PostgresStore, inbox, outbox, proof};
use crate::clock::UnixSeconds;
use crate::search;
use crate::store::{
    AnswerText, ConsentText, Feedback, FeedbackKept, FeedbackStore, LetterNo, LetterState,
    NewDelivery, NewFeedback, Progress, SAME_WITHIN, SecretHash, StoreError, Suspicion,
};

#[async_trait]
impl FeedbackStore for PostgresStore {
    async fn save_feedback(&self, feedback: &NewFeedback) -> Result<FeedbackKept, StoreError> {
        save(&mut self.for_writing().await?, feedback).await
    }

    async fn feedback(&self, secret_hash: &SecretHash) -> Result<Option<Feedback>, StoreError> {
        let found = row(&self.for_reading().await?, FIND, &[&secret_hash.as_slice()]).await?;
        found.as_ref().map(read).transpose()
    }

    /// What waits in the outbox about it goes with it.
    async fn erase_feedback(&self, secret_hash: &SecretHash) -> Result<bool, StoreError> {
        let sql = "/* erase_feedback */ delete from feedback where secret_hash = $1";
        Ok(execute(&self.for_writing().await?, sql, &[&secret_hash.as_slice()]).await? > 0)
    }

    async fn feedback_secrets(
        &self,
        after: LetterNo,
        limit: u32,
    ) -> Result<Vec<(LetterNo, SecretHash)>, StoreError> {
        let sql = "/* feedback_secrets */
            select no, secret_hash from feedback where no > $1 order by no limit $2";
        let found = rows(&self.for_reading().await?, sql, &[&after, &i64::from(limit)]).await?;
        found.iter().map(|row| Ok((row.try_get(0)?, bytes(row, 1)?))).collect()
    }

    async fn forget_feedback(&self, before: UnixSeconds) -> Result<usize, StoreError> {
        in_pieces(&self.for_writing().await?, FORGET, before).await
    }

    async fn save_consents(
        &self,
        texts: Vec<ConsentText>,
        at: UnixSeconds,
    ) -> Result<(), StoreError> {
        save_consents(&self.for_writing().await?, &texts, at).await
    }
}

/// Keeps it, unless its key is there already. The letter goes in before its proof is used up: of two servers that
/// take it at once the second waits for the first one's commit, and then finds the letter.
async fn save(client: &mut Client, feedback: &NewFeedback) -> Result<FeedbackKept, StoreError> {
    let content_hash = feedback.content_hash()?;
    let transaction = client.transaction().await?;
    if let Some(kept) = by_key(&transaction, feedback, &content_hash).await? {
        return Ok(kept);
    }
    let held = match feedback.held {
        None if is_known(&transaction, feedback).await? => Some(Suspicion::Same),
        held => held,
    };
    let Some(no) = insert(&transaction, feedback, &content_hash, held).await? else {
        let erased = || StoreError::Unavailable(anyhow::anyhow!("it was erased just now"));
        return by_key(&transaction, feedback, &content_hash).await?.ok_or_else(erased);
    };
    if let Some(proof) = &feedback.proof
        && !proof::spend(&transaction, proof).await?
    {
        return Ok(FeedbackKept::ProofSpent);
    }
    if held.is_none() {
        announce(&transaction, no, &feedback.announce).await?;
    }
    transaction.commit().await?;
    Ok(FeedbackKept::new(held))
}

/// What the feedback's key gives, where it is there.
async fn by_key(
    client: &impl GenericClient,
    feedback: &NewFeedback,
    content_hash: &[u8; 32],
) -> Result<Option<FeedbackKept>, StoreError> {
    let sql = "/* feedback_by_key */
        select reference, content_hash from feedback where idempotency_key = $1";
    let Some(row) = row(client, sql, &[&text(&feedback.idempotency_key)]).await? else {
        return Ok(None);
    };
    let is_the_same = bytes(&row, 1)? == *content_hash;
    Ok(Some(FeedbackKept::by_key(row.try_get(0)?, is_the_same)))
}

/// Whether somebody else has written the same of late. Whoever gives no address is somebody else. Who writes the same
/// at the same moment waits here until the first of them is kept.
async fn is_known(
    transaction: &Transaction<'_>,
    feedback: &NewFeedback,
) -> Result<bool, StoreError> {
    let Some(fingerprint) = &feedback.fingerprint else { return Ok(false) };
    execute(transaction, TAKE_TURN, &[&i64::from(fingerprint[0])]).await?;
    let since = feedback.at.saturating_sub(SAME_WITHIN);
    let params: Params<'_> = &[&fingerprint.as_slice(), &since, &text(&feedback.report.email)];
    Ok(row(transaction, SAME, params).await?.is_some())
}

/// Holds the row until the transaction ends.
const TAKE_TURN: &str = "/* take_turn */
    insert into feedback_turn (turn) values ($1)
    on conflict (turn) do update set turn = excluded.turn";
const SAME: &str = "/* same_feedback */
    select 1 from feedback
    where fingerprint = $1 and at > $2 and (email <> $3 or $3 = '')
    limit 1";

/// Says outside that there is feedback, once, in the transaction of what makes that true: that it was taken,
/// or that an editor found nothing wrong with what was held or called spam.
pub(super) async fn announce(
    transaction: &Transaction<'_>,
    no: LetterNo,
    deliveries: &[NewDelivery],
) -> Result<(), StoreError> {
    let sql = "/* announce_feedback */
        update feedback set announced = 1 where no = $1 and announced = 0";
    if execute(transaction, sql, &[&no]).await? == 0 {
        return Ok(());
    }
    for delivery in deliveries {
        outbox::enqueue(transaction, delivery, Some(no)).await?;
    }
    Ok(())
}

/// Its number; none where its key has come meanwhile.
async fn insert(
    transaction: &Transaction<'_>,
    feedback: &NewFeedback,
    content_hash: &[u8; 32],
    held: Option<Suspicion>,
) -> Result<Option<LetterNo>, StoreError> {
    let report = &feedback.report;
    let search = search::of_feedback(report, &feedback.reference);
    let params: Params<'_> = &[
        &feedback.at,
        &text(&feedback.idempotency_key),
        &content_hash.as_slice(),
        &feedback.secret_hash.as_slice(),
        &feedback.reference,
        &text(&report.article),
        &text(&report.page),
        &text(&report.kind),
        &text(&report.name),
        &text(&report.email),
        &text(&report.phone),
        &text(&report.title),
        &text(&report.message),
        &text(&report.passage),
        &text(&report.consent),
        &text(&search),
        &feedback.fingerprint.as_ref().map(<[u8; 32]>::as_slice),
        &held.map_or(LetterState::New, |_| LetterState::Held).as_str(),
        &held.map_or("", Suspicion::as_str),
    ];
    Ok(row(transaction, INSERT, params).await?.map(|row| row.try_get(0)).transpose()?)
}

/// The secret follows from the key, so that either of them may be what is there already.
const INSERT: &str = "/* save_feedback */
    insert into feedback
        (at, idempotency_key, content_hash, secret_hash, reference, article, page, kind, name, email,
         phone, title, message, passage, consent, search, fingerprint, state, held, announced)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 0)
    on conflict do nothing
    returning no";
const FIND: &str = "/* find_feedback */
    select article, page, kind, name, email, phone, title, message, passage, consent, reference, at,
           state, answer, answered_at
    from feedback where secret_hash = $1";
const FORGET: &str = "/* forget_feedback */
    with old as (select no from feedback where at < $1 order by at limit $2 for update)
    delete from feedback using old where feedback.no = old.no";

fn read(row: &Row) -> Result<Feedback, StoreError> {
    let report = FeedbackReport {
        article: row.try_get(0)?,
        page: row.try_get(1)?,
        kind: row.try_get(2)?,
        name: row.try_get(3)?,
        email: row.try_get(4)?,
        phone: row.try_get(5)?,
        title: row.try_get(6)?,
        message: row.try_get(7)?,
        passage: row.try_get(8)?,
        consent: row.try_get(9)?,
    };
    let state = inbox::state(row, 12)?;
    Ok(Feedback {
        report,
        reference: row.try_get(10)?,
        at: row.try_get(11)?,
        progress: Progress::of(state),
        answer: AnswerText::shown(row.try_get(13)?, row.try_get(14)?, state),
    })
}

/// In one order, so that servers which start at the same moment wait for each other one way only.
async fn save_consents(
    client: &Client,
    texts: &[ConsentText],
    at: UnixSeconds,
) -> Result<(), StoreError> {
    let sql = "/* save_consents */
        insert into consent_text (version, text, shown_from)
        select version, text, $3::bigint
        from unnest($1::text[], $2::text[]) as given (version, text)
        order by version
        on conflict (version) do nothing";
    let versions: Vec<_> = texts.iter().map(|consent| text(&consent.version)).collect();
    let shown: Vec<_> = texts.iter().map(|consent| text(&consent.text)).collect();
    execute(client, sql, &[&versions, &shown, &at]).await?;
    Ok(())
}
