//! Group commit: many callers, one commit.

use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

use super::Error;
use crate::store::{Outcome, StoreError};

/// A group closes at this many entries …
const GROUP_SIZE: usize = 512;
/// … or this long after its first entry, whichever comes first.
const PATIENCE: Duration = Duration::from_millis(2);

/// One report that waits for its group, and who waits for the answer.
struct Entry<T> {
    report: T,
    answer: oneshot::Sender<Outcome>,
}

/// A bounded queue and the task that commits it group by group. While one group is committed the next
/// one gathers.
pub(super) struct Group<T> {
    queue: mpsc::Sender<Entry<T>>,
    stopping: watch::Sender<bool>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl<T: Send + 'static> Group<T> {
    /// Starts the task. `commit` gives an outcome for each report, in order.
    pub(super) fn start<C, F>(capacity: usize, commit: C) -> Self
    where
        C: Fn(Vec<T>) -> F + Send + 'static,
        F: Future<Output = Result<Vec<Outcome>, StoreError>> + Send + 'static,
    {
        let (queue, entries) = mpsc::channel(capacity.max(1));
        let stopping = watch::Sender::new(false);
        let task = tokio::spawn(run(entries, stopping.subscribe(), commit));
        Self { queue, stopping, task: Mutex::new(Some(task)) }
    }

    /// Waits until the report is committed. Busy where the queue is full, where it is stopped, or
    /// where the commit failed.
    pub(super) async fn submit(&self, report: T) -> Result<Outcome, Error> {
        let (answer, outcome) = oneshot::channel();
        self.queue.try_send(Entry { report, answer }).map_err(|_| Error::Busy)?;
        outcome.await.map_err(|_| Error::Busy)
    }

    /// Takes no more reports and waits until those in the queue are answered.
    pub(super) async fn stop(&self) {
        self.stopping.send_replace(true);
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task
            && let Err(panic) = task.await
        {
            tracing::error!(%panic, "the task that commits reports");
        }
    }
}

async fn run<T, C, F>(
    mut entries: mpsc::Receiver<Entry<T>>,
    mut stopping: watch::Receiver<bool>,
    commit: C,
) where
    C: Fn(Vec<T>) -> F,
    F: Future<Output = Result<Vec<Outcome>, StoreError>>,
{
    // Has the store read its windows back before the first report has to wait for them.
    if let Err(error) = commit(Vec::new()).await {
        tracing::warn!(%error, "the store is not ready yet");
    }
    let mut group = Vec::with_capacity(GROUP_SIZE);
    loop {
        let received = tokio::select! {
            received = entries.recv_many(&mut group, GROUP_SIZE) => received,
            // A closed queue still gives what it holds.
            _ = stopping.wait_for(|stopping| *stopping), if !entries.is_closed() => {
                entries.close();
                continue;
            }
        };
        if received == 0 {
            return;
        }
        gather(&mut entries, &mut group).await;
        let (reports, answers): (Vec<T>, Vec<_>) =
            group.drain(..).map(|entry| (entry.report, entry.answer)).unzip();
        match commit(reports).await {
            Ok(outcomes) => {
                for (answer, outcome) in answers.into_iter().zip(outcomes) {
                    // Whoever has hung up does not hear it; it is counted all the same.
                    let _ = answer.send(outcome);
                }
            }
            // The answers are dropped, which tells everyone to try again.
            Err(error) => tracing::error!(%error, reports = answers.len(), "reports not recorded"),
        }
    }
}

/// Fills the group up to its size, for as long as its first entry may wait.
async fn gather<T>(entries: &mut mpsc::Receiver<Entry<T>>, group: &mut Vec<Entry<T>>) {
    let closes = Instant::now() + PATIENCE;
    while group.len() < GROUP_SIZE {
        let room = GROUP_SIZE - group.len();
        match timeout_at(closes, entries.recv_many(group, room)).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    }
}
