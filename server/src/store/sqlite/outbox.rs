//! What has to reach somebody outside.

use async_trait::async_trait;
use rusqlite::{Connection, params};

use super::SqliteStore;
use crate::store::{NewDelivery, OutboxStore};

#[async_trait]
impl OutboxStore for SqliteStore {}

/// Puts it in, in the transaction of what it is about; the feedback is named by its number.
pub(super) fn enqueue(
    connection: &Connection,
    delivery: &NewDelivery,
    feedback: Option<i64>,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "/* enqueue */
             insert into outbox (kind, key, feedback, article, recipient, language, made_at, due_at)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
             on conflict (key) do nothing",
        )?
        .execute(params![
            delivery.kind.as_str(),
            delivery.key,
            feedback,
            delivery.article.as_ref().map(|id| id.as_str()),
            delivery.recipient,
            delivery.language,
            delivery.at,
        ])
        .map(drop)
}
