use async_trait::async_trait;

use super::PostgresStore;
#[allow(unused_imports)]
use crate::clock::*;
use crate::store::*;
#[allow(unused_imports)]
use crate::{password::HashedPassword, people::Person, visibility::Visibility};

#[async_trait]
impl ReadingStore for PostgresStore {
    async fn reading(&self, hours: Range<Hour>, limit: u32) -> Result<Reading, StoreError> {
        todo!()
    }
    async fn article_reading(
        &self,
        id: &ArticleId,
        hours: Range<Hour>,
        limit: u32,
    ) -> Result<Option<ArticleReading>, StoreError> {
        todo!()
    }
    async fn article_hours(
        &self,
        articles: &[ArticleId],
        hours: Range<Hour>,
    ) -> Result<Vec<Vec<u64>>, StoreError> {
        todo!()
    }
    async fn partner_reading(
        &self,
        hours: Option<Range<Hour>>,
    ) -> Result<Vec<PartnerCounters>, StoreError> {
        todo!()
    }
    async fn first_hour(&self) -> Result<Option<Hour>, StoreError> {
        todo!()
    }
}
