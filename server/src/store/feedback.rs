//! Feedback, as the store takes and gives it.

use article_widget::contract::FeedbackReport;
use async_trait::async_trait;
use sha2::{Digest, Sha256};

use super::{LetterNo, LetterState, NewDelivery, SpentProof, StoreError};
use crate::clock::UnixSeconds;

/// What the store knows of the secret that opens a feedback: its SHA-256.
pub type SecretHash = [u8; 32];

/// For so long the same words from somebody else are suspicious, in seconds.
pub const SAME_WITHIN: i64 = 24 * 3600;

/// What readers wrote to the editor.
#[async_trait]
pub trait FeedbackStore {
    /// Keeps the feedback. The same idempotency key again gives the first answer and keeps nothing.
    ///
    /// What is [suspicious](Suspicion) is held, and announced to nobody; so is what has the words that
    /// somebody else had within [`SAME_WITHIN`].
    async fn save_feedback(&self, feedback: &NewFeedback) -> Result<FeedbackKept, StoreError>;
    /// The feedback that this hashed secret opens.
    async fn feedback(&self, secret_hash: &SecretHash) -> Result<Option<Feedback>, StoreError>;
    /// Erases it: whether there was one. What a person asks for goes by
    /// [`feedback::erase`](crate::feedback::erase), which has restored backups forget it too.
    async fn erase_feedback(&self, secret_hash: &SecretHash) -> Result<bool, StoreError>;
    /// What opens the feedback after number `after`, by number, at most `limit`.
    async fn feedback_secrets(
        &self,
        after: LetterNo,
        limit: u32,
    ) -> Result<Vec<(LetterNo, SecretHash)>, StoreError>;
    /// Erases, a little at a time, what was taken before `before`; says how many that were.
    async fn forget_feedback(&self, before: UnixSeconds) -> Result<usize, StoreError>;
    /// Keeps texts of consent by their versions, which are shown from `at` on; one that is there stays.
    async fn save_consents(
        &self,
        texts: Vec<ConsentText>,
        at: UnixSeconds,
    ) -> Result<(), StoreError>;
}

/// Feedback to keep.
#[derive(Clone)]
pub struct NewFeedback {
    /// What the sender wrote; its article exists, its fields are checked.
    pub report: FeedbackReport,
    /// SHA-256, in hex, of the key that the sender's browser made: the same key is the same feedback.
    pub idempotency_key: String,
    /// SHA-256 of the secret in the sender's private link.
    pub secret_hash: SecretHash,
    /// For people to quote.
    pub reference: String,
    /// When the server took it.
    pub at: UnixSeconds,
    /// Why it is held.
    pub held: Option<Suspicion>,
    /// Stands for the message's words; none where they are too few to tell anything.
    pub fingerprint: Option<[u8; 32]>,
    /// What was proved for it, spent by the same commit.
    pub proof: Option<SpentProof>,
    /// What is said of it outside, put into the outbox by the same commit unless it is held; then by that which
    /// lets it through.
    pub announce: Vec<NewDelivery>,
}

/// Why feedback is held until an editor has looked at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suspicion {
    /// It filled in a field that people leave empty.
    Trap,
    /// It came faster than anyone types.
    Fast,
    /// It took a proof, and came without a script that could find one.
    Unproven,
    /// Its message has many links.
    Links,
    /// Somebody else had the same message before.
    Same,
}

impl Suspicion {
    const ALL: [Self; 5] = [Self::Trap, Self::Fast, Self::Unproven, Self::Links, Self::Same];

    /// Its name in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trap => "trap",
            Self::Fast => "fast",
            Self::Unproven => "unproven",
            Self::Links => "links",
            Self::Same => "same",
        }
    }

    /// The suspicion of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|suspicion| suspicion.as_str() == name)
    }
}

/// What saving feedback gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedbackKept {
    /// It is kept under the reference and the secret given.
    New,
    /// So it is, and held until an editor has looked at it.
    Held(Suspicion),
    /// The key was there already, with the same content: its reference.
    Again {
        /// The first answer's.
        reference: String,
    },
    /// The key was there already, with other content.
    KeyReused,
    /// Its proof was used for something else before.
    ProofSpent,
}

/// Feedback as its sender may see it.
#[derive(Clone)]
pub struct Feedback {
    /// What the sender wrote.
    pub report: FeedbackReport,
    /// For people to quote.
    pub reference: String,
    /// When it was taken; the consent's time too.
    pub at: UnixSeconds,
    /// How far it has come.
    pub progress: Progress,
    /// The editor's answer.
    pub answer: Option<AnswerText>,
}

/// How far feedback has come. What is held, or was called spam, looks like what nobody has read yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It has been taken.
    Received,
    /// Somebody is working on it.
    Open,
    /// It has been answered.
    Answered,
}

/// What an editor answered, as its receiver may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerText {
    /// The answer.
    pub text: String,
    /// When it was given.
    pub at: UnixSeconds,
}

/// A text that readers agree to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentText {
    /// Names the text: another text has another version.
    pub version: String,
    /// As readers are shown it.
    pub text: String,
}

impl NewFeedback {
    /// SHA-256 of what the sender wrote, which tells a repeat from another letter with the same key.
    pub(in crate::store) fn content_hash(&self) -> Result<[u8; 32], StoreError> {
        let content =
            serde_json::to_vec(&self.report).map_err(|error| StoreError::Other(error.into()))?;
        Ok(Sha256::digest(content).into())
    }
}

impl FeedbackKept {
    /// What a new letter gives.
    pub(in crate::store) fn new(held: Option<Suspicion>) -> Self {
        held.map_or(Self::New, Self::Held)
    }

    /// What a key gives that was there already.
    pub(in crate::store) fn by_key(reference: String, is_the_same: bool) -> Self {
        if is_the_same { Self::Again { reference } } else { Self::KeyReused }
    }
}

impl Progress {
    /// How far a letter of that state looks to its sender.
    pub(in crate::store) fn of(state: LetterState) -> Self {
        match state {
            LetterState::Open => Self::Open,
            LetterState::Answered => Self::Answered,
            LetterState::Held | LetterState::New | LetterState::Spam => Self::Received,
        }
    }
}

impl AnswerText {
    /// The answer as the sender of a letter of that state is shown it. Once told, it stays with them, whatever the
    /// letter is marked as for the editors.
    pub(in crate::store) fn shown(
        text: String,
        at: Option<UnixSeconds>,
        state: LetterState,
    ) -> Option<Self> {
        at.filter(|_| state.is_usual()).map(|at| Self { text, at })
    }
}
