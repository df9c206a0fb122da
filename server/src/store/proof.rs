//! Proofs of work that were used, as the store takes them.

use async_trait::async_trait;

use super::StoreError;
use crate::clock::UnixSeconds;

/// Proofs of work that have been used, for as long as anybody would take them.
#[async_trait]
pub trait ProofStore {
    /// Uses up a proof: whether nobody had before.
    async fn spend_proof(&self, proof: &SpentProof) -> Result<bool, StoreError>;
    /// Forgets those that nobody would take any more at `now`.
    async fn forget_proofs(&self, now: UnixSeconds) -> Result<(), StoreError>;
}

/// A proof that is right, and good for one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpentProof {
    /// The challenge's signature, whatever answers it: a challenge is answered once.
    pub challenge: [u8; 32],
    /// From then on the challenge is nobody's any more.
    pub expires_at: UnixSeconds,
}
