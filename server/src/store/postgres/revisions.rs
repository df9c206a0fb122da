use async_trait::async_trait;

use super::PostgresStore;
#[allow(unused_imports)]
use crate::clock::*;
use crate::store::*;
#[allow(unused_imports)]
use crate::{password::HashedPassword, people::Person, visibility::Visibility};

#[async_trait]
impl RevisionStore for PostgresStore {
    async fn change_article(&self, change: &ArticleChange) -> Result<Changed, StoreError> {
        todo!()
    }
    async fn current_revision(
        &self,
        id: &ArticleId,
    ) -> Result<Option<ArticleRevision>, StoreError> {
        todo!()
    }
    async fn revision(
        &self,
        id: &ArticleId,
        number: u32,
    ) -> Result<Option<ArticleRevision>, StoreError> {
        todo!()
    }
    async fn revisions(
        &self,
        id: &ArticleId,
        before: Option<u32>,
        limit: u32,
    ) -> Result<Vec<RevisionSummary>, StoreError> {
        todo!()
    }
}

pub(super) async fn keep_current(
    _transaction: &deadpool_postgres::Transaction<'_>,
    _article: i64,
) -> Result<(), StoreError> {
    todo!()
}
