//! A few connections that read, away from the one that writes.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::Semaphore;
use tracing::Span;

use super::{connection, error};
use crate::store::StoreError;

/// Reads at a time; whoever asks for more waits.
const CONNECTIONS: usize = 4;

/// A pool of connections, opened as they are needed.
pub(super) struct Readers {
    path: PathBuf,
    permits: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Readers {
    /// No connection yet.
    pub(super) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            permits: Arc::new(Semaphore::new(CONNECTIONS)),
            idle: Arc::default(),
        }
    }

    /// Reads on a connection of the pool, on a thread that may block.
    pub(super) async fn run<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let permit = self.permits.clone().acquire_owned().await.map_err(|_| error::closed())?;
        let (path, idle) = (self.path.clone(), self.idle.clone());
        let span = Span::current();
        let work = move || {
            let _entered = span.enter();
            // Kept until the read is over, also where its caller is gone.
            let _permit = permit;
            let kept = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let connection = kept.map_or_else(|| connection::open_reader(&path), Ok)?;
            let result = work(&connection);
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            result
        };
        tokio::task::spawn_blocking(work).await.map_err(|panic| StoreError::Other(panic.into()))?
    }

    /// Begins no further read and closes the connections that rest.
    pub(super) fn close(&self) {
        self.permits.close();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
