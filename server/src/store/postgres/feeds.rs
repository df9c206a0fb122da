use async_trait::async_trait;

use super::PostgresStore;
#[allow(unused_imports)]
use crate::clock::*;
use crate::store::*;
#[allow(unused_imports)]
use crate::{password::HashedPassword, people::Person, visibility::Visibility};

#[async_trait]
impl FeedStore for PostgresStore {
    async fn feeds(&self) -> Result<Vec<Feed>, StoreError> {
        todo!()
    }
    async fn claim_feed(
        &self,
        url: &str,
        due_by: UnixSeconds,
        until: UnixSeconds,
    ) -> Result<Option<Feed>, StoreError> {
        todo!()
    }
    async fn record_feed_try(&self, url: &str, tried: &FeedTry) -> Result<(), StoreError> {
        todo!()
    }
    async fn save_brought(
        &self,
        articles: &[StoredArticle],
        keep: Keep,
    ) -> Result<Vec<Brought>, StoreError> {
        todo!()
    }
    async fn forget_feeds(&self, time: UnixSeconds) -> Result<(), StoreError> {
        todo!()
    }
}
