//! Feedback, as the store takes and gives it.

use article_widget::contract::FeedbackReport;
use async_trait::async_trait;

use super::{NewDelivery, StoreError};
use crate::clock::UnixSeconds;

/// What readers wrote to the editor.
#[async_trait]
pub trait FeedbackStore {
    /// Keeps the feedback. The same idempotency key again gives the first answer and keeps nothing.
    async fn save_feedback(&self, feedback: &NewFeedback) -> Result<FeedbackKept, StoreError>;
    /// The feedback that this hashed secret opens.
    async fn feedback(&self, secret_hash: &[u8; 32]) -> Result<Option<Feedback>, StoreError>;
    /// Erases it: whether there was one.
    async fn erase_feedback(&self, secret_hash: &[u8; 32]) -> Result<bool, StoreError>;
}

/// Feedback to keep.
#[derive(Clone)]
pub struct NewFeedback {
    /// What the sender wrote; its article exists, its fields are checked.
    pub report: FeedbackReport,
    /// SHA-256, in hex, of the key that the sender's browser made: the same key is the same feedback.
    pub idempotency_key: String,
    /// SHA-256 of the secret in the sender's private link.
    pub secret_hash: [u8; 32],
    /// For people to quote.
    pub reference: String,
    /// When the server took it.
    pub at: UnixSeconds,
    /// What is said of it outside, put into the outbox by the same commit.
    pub announce: Vec<NewDelivery>,
}

/// What saving feedback gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedbackKept {
    /// It is kept under the reference and the secret given.
    New,
    /// The key was there already, with the same content: its reference.
    Again {
        /// The first answer's.
        reference: String,
    },
    /// The key was there already, with other content.
    KeyReused,
}

/// Feedback as kept.
#[derive(Clone)]
pub struct Feedback {
    /// What the sender wrote.
    pub report: FeedbackReport,
    /// For people to quote.
    pub reference: String,
    /// When it was taken; the consent's time too.
    pub at: UnixSeconds,
}
