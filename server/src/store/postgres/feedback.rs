use async_trait::async_trait;

use super::PostgresStore;
#[allow(unused_imports)]
use crate::clock::*;
use crate::store::*;
#[allow(unused_imports)]
use crate::{password::HashedPassword, people::Person, visibility::Visibility};

#[async_trait]
impl FeedbackStore for PostgresStore {
    async fn save_feedback(&self, feedback: &NewFeedback) -> Result<FeedbackKept, StoreError> {
        todo!()
    }
    async fn feedback(&self, secret_hash: &SecretHash) -> Result<Option<Feedback>, StoreError> {
        todo!()
    }
    async fn erase_feedback(&self, secret_hash: &SecretHash) -> Result<bool, StoreError> {
        todo!()
    }
    async fn feedback_secrets(
        &self,
        after: LetterNo,
        limit: u32,
    ) -> Result<Vec<(LetterNo, SecretHash)>, StoreError> {
        todo!()
    }
    async fn forget_feedback(&self, before: UnixSeconds) -> Result<usize, StoreError> {
        todo!()
    }
    async fn save_consents(
        &self,
        texts: Vec<ConsentText>,
        at: UnixSeconds,
    ) -> Result<(), StoreError> {
        todo!()
    }
}
