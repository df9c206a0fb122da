//! Group commit: what many callers bring while one group is being committed is the next one.

use std::future::Future;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use tokio::sync::{mpsc, oneshot};

use crate::store::{Outcome, StoreError, StoreMetrics};

/// Callers that may wait; whoever comes later waits for room.
const QUEUE: usize = 1024;
/// Reports in one commit, at most.
const GROUP: usize = 512;

/// The way to the task that commits. The task ends when this is dropped, after what waits.
pub(super) struct Groups<T> {
    queue: mpsc::Sender<Caller<T>>,
}

/// Reports of one caller, and where it waits for what became of them.
struct Caller<T> {
    reports: Vec<T>,
    answer: oneshot::Sender<Result<Vec<Outcome>, StoreError>>,
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
        self.queue.send(Caller { reports, answer }).await.map_err(|_| closed())?;
        receiver.await.map_err(|_| closed())?
    }
}

/// The first of a group, with what waits behind it.
fn gather<T>(callers: &mut mpsc::Receiver<Caller<T>>, first: Caller<T>) -> Vec<Caller<T>> {
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

/// Says how many reports were committed: all, or none.
async fn commit<T: Send + Sync>(recorder: &mut impl Recorder<T>, group: Vec<Caller<T>>) -> usize {
    let (mut reports, mut answers) = (Vec::new(), Vec::with_capacity(group.len()));
    for caller in group {
        answers.push((caller.reports.len(), caller.answer));
        reports.extend(caller.reports);
    }
    let recorded = AssertUnwindSafe(recorder.record(&reports)).catch_unwind().await;
    let recorded = recorded.unwrap_or_else(|_| {
        recorder.reset();
        Err(StoreError::Other(anyhow::anyhow!("recording panicked")))
    });
    // Whoever has hung up does not hear the answer; the report counts all the same.
    match recorded {
        Ok(outcomes) => {
            let mut outcomes = outcomes.into_iter();
            for (count, answer) in answers {
                let _ = answer.send(Ok(outcomes.by_ref().take(count).collect()));
            }
            reports.len()
        }
        Err(error) => {
            tracing::error!(%error, reports = reports.len(), "reports not recorded");
            for (_, answer) in answers {
                let _ = answer.send(Err(error.again()));
            }
            0
        }
    }
}
