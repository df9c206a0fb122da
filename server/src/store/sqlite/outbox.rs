//! What has to reach somebody outside.

use article_widget::contract::ArticleId;
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{SqliteStore, connection, mail_requests, suppressed};
use crate::clock::UnixSeconds;
use crate::share_mark::ShareMark;
use crate::store::{
    AboutFeedback, AddressHash, Delivery, DeliveryKind, Lane, MailRequest, MailRequested,
    NewDelivery, OutboxStore, SpentProof, StoreError,
};

#[async_trait]
impl OutboxStore for SqliteStore {
    async fn claim_deliveries(
        &self,
        lane: Lane,
        now: UnixSeconds,
        until: UnixSeconds,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        // Mostly nothing is due, and then the writer need not know.
        if !self.readers.run(move |connection| is_any_due(connection, lane, now)).await? {
            return Ok(Vec::new());
        }
        self.writer.run(move |writer| claim(&writer.connection, lane, now, until, limit)).await
    }

    async fn delivered(&self, no: i64) -> Result<(), StoreError> {
        self.writer.run(move |writer| delivered(&writer.connection, no)).await
    }

    async fn delivery_failed(
        &self,
        delivery: &Delivery,
        due_at: UnixSeconds,
        problem: &str,
    ) -> Result<(), StoreError> {
        let (no, tries, problem) = (delivery.no, delivery.tries, problem.to_owned());
        self.writer.run(move |writer| failed(&writer.connection, no, tries, due_at, &problem)).await
    }

    async fn sweep_deliveries(&self) -> Result<(), StoreError> {
        self.writer.run(|writer| connection::try_truncate_log(&writer.connection)).await
    }

    async fn feedback_of_delivery(&self, no: i64) -> Result<Option<AboutFeedback>, StoreError> {
        self.readers.run(move |connection| feedback_of(connection, no)).await
    }

    async fn mail_requested(
        &self,
        request: &MailRequest,
    ) -> Result<Option<MailRequested>, StoreError> {
        let request = *request;
        self.readers.run(move |connection| mail_requests::find(connection, &request)).await
    }

    async fn request_mail(
        &self,
        request: &MailRequest,
        mail: &NewDelivery,
        proof: &SpentProof,
    ) -> Result<MailRequested, StoreError> {
        let (request, mail, proof) = (*request, mail.clone(), *proof);
        self.writer
            .run(move |writer| mail_requests::save(&mut writer.connection, &request, &mail, &proof))
            .await
    }

    async fn forget_mail_requests(&self, time: UnixSeconds) -> Result<(), StoreError> {
        self.writer.run(move |writer| mail_requests::forget(&writer.connection, time)).await
    }

    async fn suppress(&self, address: &AddressHash, at: UnixSeconds) -> Result<(), StoreError> {
        let address = *address;
        self.writer.run(move |writer| suppressed::add(&writer.connection, &address, at)).await
    }

    async fn is_suppressed(&self, address: &AddressHash) -> Result<bool, StoreError> {
        let address = *address;
        self.readers.run(move |connection| suppressed::contains(connection, &address)).await
    }
}

/// Puts it in, in the transaction of what it is about; the feedback is named by its number.
pub(super) fn enqueue(
    connection: &Connection,
    delivery: &NewDelivery,
    feedback: Option<i64>,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "/* enqueue */
             insert into outbox
                 (kind, lane, key, feedback, article, mark, recipient, language, made_at, due_at, content)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10)
             on conflict (key) do nothing",
        )?
        .execute(params![
            delivery.kind.as_str(),
            delivery.kind.lane().as_str(),
            delivery.key,
            feedback,
            delivery.article.as_ref().map(|id| id.as_str()),
            delivery.mark.as_ref().map(ToString::to_string).unwrap_or_default(),
            delivery.recipient,
            delivery.language,
            delivery.at,
            delivery.content,
        ])
        .map(drop)
}

fn is_any_due(connection: &Connection, lane: Lane, now: UnixSeconds) -> Result<bool, StoreError> {
    let due = connection
        .prepare_cached(
            "/* is_any_due */
             select no from outbox where lane = ?1 and due_at <= ?2 limit 1",
        )?
        .exists(params![lane.as_str(), now])?;
    Ok(due)
}

fn claim(
    connection: &Connection,
    lane: Lane,
    now: UnixSeconds,
    until: UnixSeconds,
    limit: u32,
) -> Result<Vec<Delivery>, StoreError> {
    let mut statement = connection.prepare_cached(
        "/* claim_deliveries */
         update outbox set due_at = ?3, tries = tries + 1
         where no in (
             select no from outbox
             where lane = ?1 and due_at <= ?2
             order by due_at, no
             limit ?4
         )
         returning no, tries, kind, key, article, mark, recipient, language, made_at, content",
    )?;
    let claimed = statement.query_map(params![lane.as_str(), now, until, limit], read)?;
    // One of a kind that only a later version knows waits for that.
    Ok(claimed.filter_map(Result::transpose).collect::<rusqlite::Result<_>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Option<Delivery>> {
    let Some(kind) = DeliveryKind::parse(row.get_ref(2)?.as_str()?) else { return Ok(None) };
    let article: Option<String> = row.get(4)?;
    Ok(Some(Delivery {
        no: row.get(0)?,
        tries: row.get(1)?,
        content: NewDelivery {
            kind,
            key: row.get(3)?,
            article: article.and_then(|id| ArticleId::parse(&id).ok()),
            mark: ShareMark::parse(row.get_ref(5)?.as_str()?),
            recipient: row.get(6)?,
            language: row.get(7)?,
            at: row.get(8)?,
            content: row.get(9)?,
        },
    }))
}

fn delivered(connection: &Connection, no: i64) -> Result<(), StoreError> {
    connection.prepare_cached("/* delivered */ delete from outbox where no = ?1")?.execute([no])?;
    Ok(())
}

/// The number of tries says whose claim it is.
fn failed(
    connection: &Connection,
    no: i64,
    tries: u32,
    due_at: UnixSeconds,
    problem: &str,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "/* delivery_failed */
             update outbox set due_at = ?3, problem = ?4 where no = ?1 and tries = ?2",
        )?
        .execute(params![no, tries, due_at, problem])?;
    Ok(())
}

fn feedback_of(connection: &Connection, no: i64) -> Result<Option<AboutFeedback>, StoreError> {
    let found = connection
        .prepare_cached(
            "/* feedback_of_delivery */
             select feedback.no, feedback.reference, feedback.article, feedback.kind, feedback.name,
                 feedback.answer
             from outbox join feedback on feedback.no = outbox.feedback
             where outbox.no = ?1",
        )?
        .query_row([no], |row| {
            let article = ArticleId::parse(row.get_ref(2)?.as_str()?).unwrap_or_default();
            Ok(AboutFeedback {
                no: row.get(0)?,
                reference: row.get(1)?,
                article,
                kind: row.get(3)?,
                name: row.get(4)?,
                answer: row.get(5)?,
            })
        })
        .optional()?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What SQLite says of how it finds what is asked for.
    fn plan(sql: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let database = connection::open_writer(&folder.path().join("articles.db")).unwrap();
        let mut statement = database.prepare(&format!("explain query plan {sql}")).unwrap();
        let steps = statement.query_map([], |row| row.get::<_, String>(3)).unwrap();
        steps.collect::<rusqlite::Result<Vec<_>>>().unwrap().join("; ")
    }

    #[test]
    fn no_scan_finds_what_is_due_or_over() {
        let due =
            "select no from outbox where lane = 'mail' and due_at <= 0 order by due_at, no limit 4";
        let due = plan(due);
        assert!(due.contains("outbox_by_due") && !due.contains("SCAN"), "{due}");
        assert!(!due.contains("TEMP B-TREE"), "{due}");
        let over = plan("delete from spent_proof where expires_at < 0");
        assert!(over.contains("spent_proof_by_end") && !over.contains("SCAN"), "{over}");
    }
}
