//! What has to reach somebody outside.

use article_widget::contract::ArticleId;
use async_trait::async_trait;
use deadpool_postgres::{Client, Transaction};
use tokio_postgres::Row;

use super::sql::{Params, execute, number, row, rows, text};
use super::{PostgresStore, mail_requests, suppressed};
use crate::clock::UnixSeconds;
use crate::share_mark::ShareMark;
use crate::store::{
    AboutFeedback, AddressHash, Delivery, DeliveryKind, Lane, MailRequest, MailRequested,
    NewDelivery, OutboxStore, SpentProof, StoreError,
};

#[async_trait]
impl OutboxStore for PostgresStore {
    async fn claim_deliveries(
        &self,
        lane: Lane,
        now: UnixSeconds,
        until: UnixSeconds,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        claim(&self.for_writing().await?, lane, now, until, limit).await
    }

    async fn delivered(&self, no: i64) -> Result<(), StoreError> {
        let sql = "/* delivered */ delete from outbox where no = $1";
        execute(&self.for_writing().await?, sql, &[&no]).await?;
        Ok(())
    }

    async fn delivery_failed(
        &self,
        delivery: &Delivery,
        due_at: UnixSeconds,
        problem: &str,
    ) -> Result<(), StoreError> {
        failed(&self.for_writing().await?, delivery, due_at, problem).await
    }

    /// What is erased leaves the files by the database's own vacuum. No client can hurry that.
    async fn sweep_deliveries(&self) -> Result<(), StoreError> {
        Ok(())
    }

    async fn feedback_of_delivery(&self, no: i64) -> Result<Option<AboutFeedback>, StoreError> {
        feedback_of(&self.for_reading().await?, no).await
    }

    async fn mail_requested(
        &self,
        request: &MailRequest,
    ) -> Result<Option<MailRequested>, StoreError> {
        mail_requests::find(&self.for_reading().await?, request).await
    }

    async fn request_mail(
        &self,
        request: &MailRequest,
        mail: &NewDelivery,
        proof: &SpentProof,
    ) -> Result<MailRequested, StoreError> {
        mail_requests::save(&mut self.for_writing().await?, request, mail, proof).await
    }

    async fn forget_mail_requests(&self, time: UnixSeconds) -> Result<(), StoreError> {
        mail_requests::forget(&self.for_writing().await?, time).await
    }

    async fn suppress(&self, address: &AddressHash, at: UnixSeconds) -> Result<(), StoreError> {
        suppressed::add(&self.for_writing().await?, address, at).await
    }

    async fn is_suppressed(&self, address: &AddressHash) -> Result<bool, StoreError> {
        suppressed::contains(&self.for_reading().await?, address).await
    }
}

/// Puts it in, in the transaction of what it is about; the feedback is named by its number.
pub(super) async fn enqueue(
    transaction: &Transaction<'_>,
    delivery: &NewDelivery,
    feedback: Option<i64>,
) -> Result<(), StoreError> {
    let params: Params<'_> = &[
        &delivery.kind.as_str(),
        &delivery.kind.lane().as_str(),
        &text(&delivery.key),
        &feedback,
        &delivery.article.as_ref().map(ArticleId::as_str),
        &delivery.mark.as_ref().map(ToString::to_string).unwrap_or_default(),
        &text(&delivery.recipient),
        &text(&delivery.language),
        &delivery.at,
        &text(&delivery.content),
    ];
    execute(transaction, ENQUEUE, params).await?;
    Ok(())
}

const ENQUEUE: &str = "/* enqueue */
    insert into outbox
        (kind, lane, key, feedback, article, mark, recipient, language, made_at, due_at, content)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)
    on conflict (key) do nothing";

/// Servers that ask at the same moment are given different ones, and none waits.
async fn claim(
    client: &Client,
    lane: Lane,
    now: UnixSeconds,
    until: UnixSeconds,
    limit: u32,
) -> Result<Vec<Delivery>, StoreError> {
    let params: Params<'_> = &[&lane.as_str(), &now, &until, &i64::from(limit)];
    let claimed = rows(client, CLAIM, params).await?;
    // One of a kind that only a later version knows waits for that.
    claimed.iter().filter_map(|row| read(row).transpose()).collect()
}

const CLAIM: &str = "/* claim_deliveries */
    with due as (
        select no from outbox
        where lane = $1 and due_at <= $2
        order by due_at, no
        limit $4
        for update skip locked
    )
    update outbox set due_at = $3, tries = tries + 1
    from due where outbox.no = due.no
    returning outbox.no, tries, kind, key, article, mark, recipient, language, made_at, content";

fn read(row: &Row) -> Result<Option<Delivery>, StoreError> {
    let Some(kind) = DeliveryKind::parse(row.try_get(2)?) else { return Ok(None) };
    let article: Option<&str> = row.try_get(4)?;
    Ok(Some(Delivery {
        no: row.try_get(0)?,
        tries: number(row, 1)?,
        content: NewDelivery {
            kind,
            key: row.try_get(3)?,
            article: article.and_then(|id| ArticleId::parse(id).ok()),
            mark: ShareMark::parse(row.try_get(5)?),
            recipient: row.try_get(6)?,
            language: row.try_get(7)?,
            at: row.try_get(8)?,
            content: row.try_get(9)?,
        },
    }))
}

/// The number of tries says whose claim it is.
async fn failed(
    client: &Client,
    delivery: &Delivery,
    due_at: UnixSeconds,
    problem: &str,
) -> Result<(), StoreError> {
    let sql = "/* delivery_failed */
        update outbox set due_at = $3, problem = $4 where no = $1 and tries = $2";
    let params: Params<'_> = &[&delivery.no, &i64::from(delivery.tries), &due_at, &text(problem)];
    execute(client, sql, params).await?;
    Ok(())
}

async fn feedback_of(client: &Client, no: i64) -> Result<Option<AboutFeedback>, StoreError> {
    let Some(row) = row(client, FEEDBACK_OF, &[&no]).await? else { return Ok(None) };
    Ok(Some(AboutFeedback {
        no: row.try_get(0)?,
        reference: row.try_get(1)?,
        article: ArticleId::parse(row.try_get(2)?).unwrap_or_default(),
        kind: row.try_get(3)?,
        name: row.try_get(4)?,
        answer: row.try_get(5)?,
    }))
}

const FEEDBACK_OF: &str = "/* feedback_of_delivery */
    select feedback.no, feedback.reference, feedback.article, feedback.kind, feedback.name,
           feedback.answer
    from outbox join feedback on feedback.no = outbox.feedback
    where outbox.no = $1";
