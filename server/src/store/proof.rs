//! Proofs of work that were used, as the store takes them.

use async_trait::async_trait;

use super::StoreError;
use crate::clock::UnixSeconds;

/// Proofs of work that have been used, for as long as anybody would take them. One is used up by the commit of
/// what it is for.
#[async_trait]
pub trait ProofStore {
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
