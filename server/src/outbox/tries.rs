//! One try of a delivery: when it is made, and what comes after it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::task::JoinSet;
use tokio::time::timeout;

use super::{Failure, GIVEN_UP_AFTER, Outbox};
use crate::clock::UnixSeconds;
use crate::store::{Delivery, DeliveryKind, Lane, Operation, StoreError};

/// Tries of one lane at the same time.
const AT_ONCE: usize = 4;
/// How long a try is nobody else's, in seconds: longer than it may take.
const CLAIM: i64 = 60;
/// Pauses before the second try and those after it, in seconds; then always the last.
const PAUSES: [i64; 6] = [10, 60, 5 * 60, 30 * 60, 2 * 3600, 6 * 3600];

impl Outbox {
    /// Begins tries of what is due, as many as there is room for: how many.
    pub(super) async fn begin(
        self: &Arc<Self>,
        lane: Lane,
        tries: &mut JoinSet<()>,
    ) -> Result<usize, StoreError> {
        let room = AT_ONCE.saturating_sub(tries.len());
        if room == 0 {
            return Ok(0);
        }
        let now = self.clock.now();
        let limit = u32::try_from(room).unwrap_or(u32::MAX);
        let claimed = self.store.claim_deliveries(lane, now, now + CLAIM, limit);
        let claimed = self.store.metrics().time(Operation::Deliveries, claimed).await?;
        let begun = claimed.len();
        for delivery in claimed {
            tries.spawn(self.clone().try_once(delivery));
        }
        Ok(begun)
    }

    async fn try_once(self: Arc<Self>, delivery: Delivery) {
        let (outbox, content) = (self.clone(), delivery.content.clone());
        let no = delivery.no;
        let deliver = async move { timeout(outbox.limit, outbox.deliver(no, &content)).await };
        // In a task of its own, so that a panic is one more failure; in a set, so that it ends with this one.
        let mut alone = JoinSet::new();
        alone.spawn(deliver);
        let end = match alone.join_next().await {
            Some(Ok(Ok(end))) => end,
            Some(Ok(Err(_))) => Err(Failure::passing("no answer in time")),
            Some(Err(_)) | None => Err(Failure::passing("a panic")),
        };
        if let Err(error) = self.settle(&delivery, end).await {
            tracing::error!(%error, "what became of a delivery is not recorded: it is tried again");
        }
    }

    /// Records what came of a try.
    async fn settle(
        &self,
        delivery: &Delivery,
        end: Result<(), Failure>,
    ) -> Result<(), StoreError> {
        let (kind, tries) = (delivery.content.kind.as_str(), delivery.tries);
        let Err(Failure { problem, is_lasting }) = end else {
            return self.forget(delivery).await;
        };
        let now = self.clock.now();
        let is_hopeless = is_lasting && delivery.content.kind == DeliveryKind::Article;
        if is_hopeless || now - delivery.content.at >= GIVEN_UP_AFTER {
            tracing::warn!(kind, tries, problem, "given up: this delivery has not arrived");
            return self.forget(delivery).await;
        }
        tracing::info!(kind, tries, problem, "not delivered yet");
        self.store.delivery_failed(delivery, now + pause_after(tries), &problem).await
    }

    async fn forget(&self, delivery: &Delivery) -> Result<(), StoreError> {
        self.store.delivered(delivery.no).await?;
        self.is_to_sweep.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Takes what was delivered, and so forgotten, out of the database's files as well.
    pub async fn sweep(&self) {
        if self.is_to_sweep.swap(false, Ordering::Relaxed)
            && let Err(error) = self.store.sweep_deliveries().await
        {
            // Somebody reads; it is tried again in a while.
            self.is_to_sweep.store(true, Ordering::Relaxed);
            tracing::debug!(%error, "what was delivered is still in the log");
        }
    }
}

/// Seconds until the next try, after so many.
fn pause_after(tries: u32) -> UnixSeconds {
    let position = usize::try_from(tries.saturating_sub(1)).unwrap_or(usize::MAX);
    PAUSES[position.min(PAUSES.len() - 1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_six_hours() {
        let pauses: Vec<_> = (1..=8).map(pause_after).collect();
        assert_eq!(pauses, [10, 60, 300, 1_800, 7_200, 21_600, 21_600, 21_600]);
    }
}
