//! Group commit: what many callers bring while one group is being committed is the next one.

use std::future::Future;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use tokio::sync::{mpsc, oneshot};

use crate::store::group::{self, GROUP, Reports};
use crate::store::{Outcome, StoreError, StoreMetrics};

/// Callers that may wait; whoever comes later waits for room.
const QUEUE: usize = 1024;

/// The way to the task that commits. The task ends when this is dropped, after what waits.
pub(super) struct Groups<T> {
    queue: mpsc::Sender<Reports<T>>,
}

/// Records a group in one commit.
pub(super) trait Recorder<T>: Send + 'static {
    /// Says what became of each report.
    fn record(
        &mut self,
        reports: &[T],
    ) -> impl Future<Output = Result<Vec<Outcome>, StoreError>> + Send;
    /// Forgets what it may have half-made in memory.
    fn reset(&mut self);
}

impl<T: Send + Sync + 'static> Groups<T> {
    /// Starts the task; `kind` is what reports are called among the figures. Must be called inside a Tokio runtime.
    pub(super) fn start(
        mut recorder: impl Recorder<T>,
        kind: &'static str,
        metrics: StoreMetrics,
    ) -> Self {
        let (queue, mut callers) = mpsc::channel(QUEUE);
        tokio::spawn(async move {
            while let Some(first) = callers.recv().await {
                let group = gather(&mut callers, first);
                let committed = commit(&mut recorder, group).await;
                if committed > 0 {
                    metrics.committed(kind, committed);
                }
            }
        });
        Self { queue }
    }

    /// Records the reports, in one commit with those of other callers.
    pub(super) async fn record(&self, reports: Vec<T>) -> Result<Vec<Outcome>, StoreError> {
        let closed = || StoreError::Unavailable(anyhow::anyhow!("it is closed"));
        let (answer, receiver) = oneshot::channel();
        self.queue.send(Reports::of(reports, answer)).await.map_err(|_| closed())?;
        receiver.await.map_err(|_| closed())?
    }
}

/// The first of a group, with what waits behind it.
fn gather<T>(callers: &mut mpsc::Receiver<Reports<T>>, first: Reports<T>) -> Vec<Reports<T>> {
    let mut size = first.reports.len();
    let mut group = vec![first];
    while size < GROUP
        && let Ok(caller) = callers.try_recv()
    {
        size += caller.reports.len();
        group.push(caller);
    }
    group
}

/// Says how many reports were committed.
async fn commit<T: Send + Sync>(recorder: &mut impl Recorder<T>, group: Vec<Reports<T>>) -> usize {
    let (reports, callers) = group::gathered(group);
    let recorded = AssertUnwindSafe(recorder.record(&reports)).catch_unwind().await;
    let recorded = recorded.unwrap_or_else(|_| {
        recorder.reset();
        Err(StoreError::Other(anyhow::anyhow!("recording panicked")))
    });
    let committed = recorded.as_ref().map_or(0, Vec::len);
    callers.tell(recorded);
    committed
}
