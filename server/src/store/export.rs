//! Everything there is, line by line.

use std::io;

use async_trait::async_trait;

use super::StoreError;
use crate::leaving::{Line, Wanted};

/// Takes the lines of an export, one after another, on a thread that may block.
pub type LineWriter = Box<dyn FnMut(&Line<'_>) -> io::Result<()> + Send>;

/// What leaves.
#[async_trait]
pub trait ExportStore {
    /// Gives each line of what is there to `write`: all of one moment, with all that was acknowledged
    /// before the call. In memory there is one line at a time.
    ///
    /// # Errors
    /// [`ExportError`]; what was written before stays written.
    async fn export(&self, wanted: Wanted, write: LineWriter) -> Result<(), ExportError>;
}

/// Why an export broke off.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// It cannot be read any more.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It cannot be written any more.
    #[error("the export cannot be written: {0}")]
    Write(#[from] io::Error),
}
