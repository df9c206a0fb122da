//! Why something has not arrived.

use crate::store::StoreError;

/// A try that came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    /// For an operator. Never a receiver's own words: mail servers repeat addresses.
    pub(super) problem: String,
    /// The receiver will not have it, ever.
    pub(super) is_lasting: bool,
}

impl Failure {
    /// The next try may go better.
    pub(super) fn passing(problem: impl Into<String>) -> Self {
        Self { problem: problem.into(), is_lasting: false }
    }

    /// It will not.
    pub(super) fn lasting(problem: impl Into<String>) -> Self {
        Self { problem: problem.into(), is_lasting: true }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the outbox cannot read what it is to deliver");
        Self::passing("the database")
    }
}
