use async_trait::async_trait;

use super::PostgresStore;
#[allow(unused_imports)]
use crate::clock::*;
use crate::store::*;
#[allow(unused_imports)]
use crate::{password::HashedPassword, people::Person, visibility::Visibility};

#[async_trait]
impl ProofStore for PostgresStore {
    async fn forget_proofs(&self, now: UnixSeconds) -> Result<(), StoreError> {
        todo!()
    }
}
