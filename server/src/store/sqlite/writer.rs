//! The thread that writes. Work comes to it over a bounded channel, one piece after another.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::counting::Counting;
use super::{connection, error};
use crate::store::StoreError;
use crate::time::Calendar;

/// Pieces of work that may wait; whoever brings more waits for room.
const QUEUE: usize = 64;

/// What the thread owns.
pub(super) struct Writer {
    /// The only connection that writes.
    pub(super) connection: Connection,
    /// The dedupe windows.
    pub(super) counting: Counting,
    /// The publisher's.
    pub(super) calendar: Calendar,
}

/// The way to the thread. It ends when this is dropped, after the work that waits.
pub(super) struct WriterThread {
    queue: mpsc::Sender<Message>,
}

enum Message {
    Work(Box<dyn FnOnce(&mut Writer) + Send>),
    Close(oneshot::Sender<Result<(), StoreError>>),
}

impl WriterThread {
    /// Starts the thread.
    pub(super) fn start(connection: Connection, calendar: Calendar) -> std::io::Result<Self> {
        let (queue, messages) = mpsc::channel(QUEUE);
        let writer = Writer { connection, counting: Counting::default(), calendar };
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
        let work = move |writer: &mut Writer| {
            let result =
                catch_unwind(AssertUnwindSafe(|| work(&mut *writer))).unwrap_or_else(|_| {
                    // Half-made memory is worth nothing. The disk has it all, and it is read from there.
                    writer.counting = Counting::default();
                    Err(StoreError::Other(anyhow::anyhow!("the writer panicked")))
                });
            // Nobody waits any more where the caller was dropped; what is done stays done.
            let _ = sender.send(result);
        };
        self.queue.send(Message::Work(Box::new(work))).await.map_err(|_| error::closed())?;
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

fn run(mut writer: Writer, mut messages: mpsc::Receiver<Message>) {
    while let Some(message) = messages.blocking_recv() {
        match message {
            Message::Work(work) => work(&mut writer),
            Message::Close(sender) => {
                if let Err(error) = connection::truncate_log(&writer.connection) {
                    // What it holds is committed all the same, and read from there next time.
                    tracing::warn!(%error, "the log is not folded into the database");
                }
                let closed = writer.connection.close().map_err(|(_, error)| error.into());
                let _ = sender.send(closed);
                return;
            }
        }
    }
}
