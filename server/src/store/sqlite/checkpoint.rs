//! Folds the write-ahead log into the database, away from the thread that writes.
//!
//! SQLite by itself does this inside a commit, which then takes as long as hundreds of pages and two
//! syncs of the file. Here a thread with a connection of its own carries over most of the log while
//! commits go on; the writer then carries over the few pages that came meanwhile, after which the log
//! is begun anew from its start.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use rusqlite::Connection;

use super::connection;
use crate::store::StoreError;

/// Pages of 4 KiB by which the log grows between two times that it is folded.
const PAGES: i32 = 4_000;

thread_local! {
    /// Pages in the log after this thread's last commit.
    static LOG: Cell<i32> = const { Cell::new(0) };
}

/// The writer's side.
pub(super) struct Checkpoints {
    ask: SyncSender<()>,
    /// The thread has carried over what it could.
    carried: Arc<AtomicBool>,
    thread: JoinHandle<()>,
    /// Pages of log at which it is asked again.
    next: i32,
    /// Pages of log when it was last looked at.
    seen: i32,
}

impl Checkpoints {
    /// Starts the thread, and has the writer's connection tell how long the log is. Must be called on
    /// the thread that writes.
    pub(super) fn start(writer: &Connection) -> Result<Self, StoreError> {
        let path = writer.path().unwrap_or_default();
        let connection = connection::open_checkpointer(Path::new(path))?;
        // In the place of the hook by which SQLite folds the log itself.
        writer.wal_hook(Some(|_, pages| {
            LOG.set(pages);
            Ok(())
        }));
        let (ask, asked) = sync_channel(1);
        let carried = Arc::new(AtomicBool::new(false));
        let done = carried.clone();
        let thread = thread::Builder::new()
            .name("sqlite-checkpoint".into())
            .spawn(move || run(&connection, &asked, &done))
            .map_err(|error| StoreError::Other(error.into()))?;
        Ok(Self { ask, carried, thread, next: PAGES, seen: 0 })
    }

    /// Looks at the log after a commit.
    pub(super) fn look(&mut self, writer: &Connection) {
        if self.carried.swap(false, Ordering::Acquire) {
            carry_over(writer);
        }
        let pages = LOG.get();
        if pages < self.seen {
            // It has begun anew.
            self.next = PAGES;
        }
        self.seen = pages;
        if pages >= self.next && self.ask.try_send(()).is_ok() {
            self.next = pages + PAGES;
        }
    }

    /// Ends the thread and closes its connection.
    pub(super) fn stop(self) {
        drop(self.ask);
        if self.thread.join().is_err() {
            tracing::error!("the thread that folds the log panicked");
        }
    }
}

fn run(connection: &Connection, asked: &Receiver<()>, carried: &AtomicBool) {
    while asked.recv().is_ok() {
        carry_over(connection);
        carried.store(true, Ordering::Release);
    }
}

/// As much as can be without waiting for anyone. What stays is tried again when the log has grown.
fn carry_over(connection: &Connection) {
    let sql = "/* carry_over */ pragma wal_checkpoint(passive)";
    if let Err(error) = connection.query_row(sql, [], |_| Ok(())) {
        tracing::warn!(%error, "the log grows");
    }
}
