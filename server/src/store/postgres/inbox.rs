use async_trait::async_trait;

use super::PostgresStore;
#[allow(unused_imports)]
use crate::clock::*;
use crate::store::*;
#[allow(unused_imports)]
use crate::{password::HashedPassword, people::Person, visibility::Visibility};

#[async_trait]
impl InboxStore for PostgresStore {
    async fn letters(
        &self,
        filter: &LetterFilter,
        before: Option<LetterNo>,
        limit: u32,
    ) -> Result<LetterPage, StoreError> {
        todo!()
    }
    async fn whole_letters(
        &self,
        filter: &LetterFilter,
        before: Option<LetterNo>,
        limit: u32,
    ) -> Result<Vec<Letter>, StoreError> {
        todo!()
    }
    async fn letter_counts(&self, filter: &LetterFilter) -> Result<LetterCounts, StoreError> {
        todo!()
    }
    async fn letter(&self, no: LetterNo) -> Result<Option<Letter>, StoreError> {
        todo!()
    }
    async fn mark_letter(
        &self,
        no: LetterNo,
        seen: &Revision,
        state: LetterState,
        announce: &[NewDelivery],
    ) -> Result<Change, StoreError> {
        todo!()
    }
    async fn answer_letter(
        &self,
        no: LetterNo,
        seen: &Revision,
        answer: &Answer,
        tell: Option<&NewDelivery>,
        announce: &[NewDelivery],
    ) -> Result<Change, StoreError> {
        todo!()
    }
    async fn letter_secret(
        &self,
        no: LetterNo,
        seen: &Revision,
    ) -> Result<Option<SecretHash>, StoreError> {
        todo!()
    }
}
