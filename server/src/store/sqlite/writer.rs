//! The thread that writes. Work comes to it over a bounded channel, one piece after another; views and
//! shares that wait at the same time are one piece.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};
use tracing::Span;

use super::checkpoint::Checkpoints;
use super::counting::Counting;
use super::{connection, error};
use crate::store::group::{self, GROUP, Reports};
use crate::store::{Outcome, Share, StoreError, StoreMetrics, View};
use crate::time::Calendar;

/// Messages that may wait; whoever brings more waits for room.
const QUEUE: usize = 1024;

/// What the thread owns.
pub(super) struct Writer {
    /// The only connection that writes.
    pub(super) connection: Connection,
    /// The dedupe windows.
    pub(super) counting: Counting,
    /// The publisher's, where whoever opened the store knew it.
    pub(super) calendar: Option<Calendar>,
    metrics: StoreMetrics,
}

/// The way to the thread. It ends when this is dropped, after the work that waits.
pub(super) struct WriterThread {
    queue: mpsc::Sender<Message>,
}

enum Message {
    Work(Box<dyn FnOnce(&mut Writer) + Send>),
    Views(Reports<View>),
    Shares(Reports<Share>),
    Close(oneshot::Sender<Result<(), StoreError>>),
}

impl Message {
    fn views(self) -> Result<Reports<View>, Self> {
        match self {
            Self::Views(reports) => Ok(reports),
            other => Err(other),
        }
    }

    fn shares(self) -> Result<Reports<Share>, Self> {
        match self {
            Self::Shares(reports) => Ok(reports),
            other => Err(other),
        }
    }
}

impl WriterThread {
    /// Starts the thread.
    pub(super) fn start(
        connection: Connection,
        calendar: Option<Calendar>,
        metrics: StoreMetrics,
    ) -> std::io::Result<Self> {
        let (queue, messages) = mpsc::channel(QUEUE);
        let writer = Writer { connection, counting: Counting::default(), calendar, metrics };
        thread::Builder::new().name("sqlite-writer".into()).spawn(move || run(writer, messages))?;
        Ok(Self { queue })
    }

    /// Has the thread do `work`, and gives its result.
    pub(super) async fn run<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&mut Writer) -> Result<T, StoreError> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        // What it logs belongs to the request that it is done for.
        let span = Span::current();
        let work = move |writer: &mut Writer| {
            let _entered = span.enter();
            // Nobody waits any more where the caller was dropped; what is done stays done.
            let _ = sender.send(writer.catch(work));
        };
        self.send(Message::Work(Box::new(work)), receiver).await
    }

    /// Has the thread record views, in one commit with those of other callers.
    pub(super) async fn record_views(&self, views: Vec<View>) -> Result<Vec<Outcome>, StoreError> {
        let (answer, receiver) = oneshot::channel();
        self.send(Message::Views(Reports::of(views, answer)), receiver).await
    }

    /// The same for shares.
    pub(super) async fn record_shares(
        &self,
        shares: Vec<Share>,
    ) -> Result<Vec<Outcome>, StoreError> {
        let (answer, receiver) = oneshot::channel();
        self.send(Message::Shares(Reports::of(shares, answer)), receiver).await
    }

    async fn send<T>(
        &self,
        message: Message,
        receiver: oneshot::Receiver<Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        self.queue.send(message).await.map_err(|_| error::closed())?;
        receiver.await.map_err(|_| error::closed())?
    }

    /// Does the work that waits, then closes the connection. A second call does nothing.
    pub(super) async fn close(&self) -> Result<(), StoreError> {
        let (sender, receiver) = oneshot::channel();
        if self.queue.send(Message::Close(sender)).await.is_err() {
            return Ok(());
        }
        receiver.await.unwrap_or(Ok(()))
    }
}

impl Writer {
    /// The publisher's calendar.
    pub(super) fn calendar(&self) -> Result<Calendar, StoreError> {
        self.calendar.clone().ok_or_else(|| StoreError::Other(anyhow::anyhow!("no calendar")))
    }

    /// A panic in `work` is an error like others.
    fn catch<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        catch_unwind(AssertUnwindSafe(|| work(self))).unwrap_or_else(|_| {
            // Half-made memory is worth nothing. The disk has it all, and it is read from there.
            self.counting = Counting::default();
            Err(StoreError::Other(anyhow::anyhow!("the writer panicked")))
        })
    }
}

fn run(mut writer: Writer, mut messages: mpsc::Receiver<Message>) {
    // Has the windows read back before the first report has to wait for them.
    if let Err(error) = writer.catch(|writer| writer.counting.settle(&mut writer.connection)) {
        tracing::warn!(%error, "the log of views is not read yet");
    }
    let mut checkpoints = Checkpoints::start(&writer.connection)
        .inspect_err(|error| tracing::warn!(%error, "the log is folded between commits"))
        .ok();
    let mut next = None;
    while let Some(message) = next.take().or_else(|| messages.blocking_recv()) {
        match message {
            Message::Work(work) => work(&mut writer),
            Message::Views(first) => {
                next =
                    commit(&mut writer, &mut messages, first, Message::views, |writer, views| {
                        let recorded = writer.counting.record_views(&mut writer.connection, views);
                        recorded.inspect(|all| writer.metrics.committed("view", all.len()))
                    });
            }
            Message::Shares(first) => {
                next =
                    commit(&mut writer, &mut messages, first, Message::shares, |writer, shares| {
                        let recorded =
                            writer.counting.record_shares(&mut writer.connection, shares);
                        recorded.inspect(|all| writer.metrics.committed("share", all.len()))
                    });
            }
            Message::Close(sender) => {
                let _ = sender.send(close(writer, checkpoints));
                return;
            }
        }
        if let Some(checkpoints) = &mut checkpoints {
            checkpoints.look(&writer.connection);
        }
    }
}

/// Commits the first of a group with what waits behind it; gives back what was taken and does not belong.
fn commit<T>(
    writer: &mut Writer,
    messages: &mut mpsc::Receiver<Message>,
    first: Reports<T>,
    belongs: impl Fn(Message) -> Result<Reports<T>, Message>,
    work: impl FnOnce(&mut Writer, &[T]) -> Result<Vec<Outcome>, StoreError>,
) -> Option<Message> {
    let mut callers = vec![first];
    let next = gather(messages, &mut callers, belongs);
    record(writer, callers, work);
    next
}

/// Takes what waits behind the first of a group and belongs to it, up to its size; gives back what was
/// taken and does not.
fn gather<T>(
    messages: &mut mpsc::Receiver<Message>,
    callers: &mut Vec<Reports<T>>,
    belongs: impl Fn(Message) -> Result<Reports<T>, Message>,
) -> Option<Message> {
    let mut size = callers[0].reports.len();
    while size < GROUP {
        match belongs(messages.try_recv().ok()?) {
            Ok(caller) => {
                size += caller.reports.len();
                callers.push(caller);
            }
            Err(other) => return Some(other),
        }
    }
    None
}

/// Records the reports of all callers in one commit, and tells each what became of theirs.
fn record<T>(
    writer: &mut Writer,
    callers: Vec<Reports<T>>,
    work: impl FnOnce(&mut Writer, &[T]) -> Result<Vec<Outcome>, StoreError>,
) {
    let (reports, callers) = group::gathered(callers);
    callers.tell(writer.catch(|writer| work(writer, &reports)));
}

fn close(mut writer: Writer, checkpoints: Option<Checkpoints>) -> Result<(), StoreError> {
    if let Err(error) = writer.counting.settle(&mut writer.connection) {
        // What is not in the tables is in the log that the next process reads.
        tracing::warn!(%error, "the counters' tables are behind the log");
    }
    if let Some(checkpoints) = checkpoints {
        checkpoints.stop();
    }
    if let Err(error) = connection::truncate_log(&writer.connection) {
        // What it holds is committed all the same, and read from there next time.
        tracing::warn!(%error, "the log is not folded into the database");
    }
    writer.connection.close().map_err(|(_, error)| error.into())
}
