//! Proofs of work that were used.

use async_trait::async_trait;
use deadpool_postgres::Transaction;

use super::PostgresStore;
use super::sql::{execute, in_pieces};
use crate::clock::UnixSeconds;
use crate::store::{ProofStore, SpentProof, StoreError};

/// A used proof is remembered for so many seconds longer: a server whose clock is behind still takes it.
const SKEW: UnixSeconds = 600;

#[async_trait]
impl ProofStore for PostgresStore {
    async fn forget_proofs(&self, now: UnixSeconds) -> Result<(), StoreError> {
        in_pieces(&self.for_writing().await?, FORGET, now.saturating_sub(SKEW)).await?;
        Ok(())
    }
}

const FORGET: &str = "/* forget_proofs */
    with old as (
        select proof from spent_proof where expires_at < $1 order by expires_at limit $2 for update
    )
    delete from spent_proof using old where spent_proof.proof = old.proof";

/// Uses it up, in the transaction of what it is for: whether nobody had before. Where another server is about to, it
/// waits for what becomes of that.
pub(super) async fn spend(
    transaction: &Transaction<'_>,
    proof: &SpentProof,
) -> Result<bool, StoreError> {
    let sql = "/* spend_proof */
        insert into spent_proof (proof, expires_at) values ($1, $2)
        on conflict (proof) do nothing";
    let params: super::sql::Params<'_> = &[&proof.challenge.as_slice(), &proof.expires_at];
    Ok(execute(transaction, sql, params).await? > 0)
}
