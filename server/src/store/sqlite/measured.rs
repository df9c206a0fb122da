//! What whoever watches the store may ask.

use async_trait::async_trait;
use rusqlite::{Connection, params};

use super::{SqliteStore, connection};
use crate::store::{Lane, MeasuredStore, StoreError, StoreMetrics};

#[async_trait]
impl MeasuredStore for SqliteStore {
    fn metrics(&self) -> &StoreMetrics {
        &self.metrics
    }

    async fn deliveries_waiting(&self) -> Result<[u64; Lane::ALL.len()], StoreError> {
        self.readers.run(deliveries_waiting).await
    }

    async fn try_to_write(&self) -> Result<(), StoreError> {
        self.writer.run(|writer| connection::try_to_write(&mut writer.connection)).await
    }
}

fn deliveries_waiting(connection: &Connection) -> Result<[u64; Lane::ALL.len()], StoreError> {
    let mut count = connection.prepare_cached(
        "/* deliveries_waiting */
         select count(*) from outbox where lane = ?1",
    )?;
    let mut waiting = [0; Lane::ALL.len()];
    for (lane, waiting) in Lane::ALL.into_iter().zip(&mut waiting) {
        *waiting = count.query_row(params![lane.as_str()], |row| row.get(0))?;
    }
    Ok(waiting)
}
