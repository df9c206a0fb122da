//! Proofs of work that were used.

use async_trait::async_trait;
use rusqlite::{Connection, params};

use super::SqliteStore;
use crate::clock::UnixSeconds;
use crate::store::{ProofStore, SpentProof, StoreError};

#[async_trait]
impl ProofStore for SqliteStore {
    async fn forget_proofs(&self, now: UnixSeconds) -> Result<(), StoreError> {
        self.writer.run(move |writer| Ok(forget(&writer.connection, now)?)).await
    }
}

/// Uses it up, in the transaction of what it is for: whether nobody had before.
pub(super) fn spend(connection: &Connection, proof: &SpentProof) -> rusqlite::Result<bool> {
    let spent = connection
        .prepare_cached(
            "/* spend_proof */
             insert into spent_proof (proof, expires_at) values (?1, ?2)
             on conflict (proof) do nothing",
        )?
        .execute(params![proof.challenge, proof.expires_at])?;
    Ok(spent > 0)
}

fn forget(connection: &Connection, now: UnixSeconds) -> rusqlite::Result<()> {
    connection
        .prepare_cached("/* forget_proofs */ delete from spent_proof where expires_at < ?1")?
        .execute([now])
        .map(drop)
}
