use async_trait::async_trait;

use super::PostgresStore;
#[allow(unused_imports)]
use crate::clock::*;
use crate::store::*;
#[allow(unused_imports)]
use crate::{password::HashedPassword, people::Person, visibility::Visibility};

#[async_trait]
impl RatingStore for PostgresStore {
    async fn rate(&self, rating: &Rating, may_count: bool) -> Result<RatingKept, StoreError> {
        todo!()
    }
    async fn ratings(&self, article: &ArticleId, limit: u32) -> Result<Ratings, StoreError> {
        todo!()
    }
    async fn forget_words(&self, before: UnixSeconds) -> Result<usize, StoreError> {
        todo!()
    }
}
