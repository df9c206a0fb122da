//! What whoever watches the store may ask.

use async_trait::async_trait;

use super::{PostgresStore, clock, sql};
use crate::store::{Lane, MeasuredStore, StoreError, StoreMetrics};

#[async_trait]
impl MeasuredStore for PostgresStore {
    fn metrics(&self) -> &StoreMetrics {
        &self.metrics
    }

    async fn deliveries_waiting(&self) -> Result<[u64; Lane::ALL.len()], StoreError> {
        let client = self.for_reading().await?;
        let count = "/* deliveries_waiting */ select count(*) from outbox where lane = $1";
        let mut waiting = [0; Lane::ALL.len()];
        for (lane, waiting) in Lane::ALL.into_iter().zip(&mut waiting) {
            if let Some(row) = sql::row(&client, count, &[&lane.as_str()]).await? {
                *waiting = sql::number(&row, 0)?;
            }
        }
        Ok(waiting)
    }

    /// By its number among servers: that is not kept either where the clock is so wrong that nothing is counted.
    async fn try_to_write(&self) -> Result<(), StoreError> {
        clock::skew(&self.for_writing().await?).await?;
        self.node.renew(&self.pools).await
    }
}
