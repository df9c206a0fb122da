use async_trait::async_trait;

use super::PostgresStore;
#[allow(unused_imports)]
use crate::clock::*;
use crate::store::*;
#[allow(unused_imports)]
use crate::{password::HashedPassword, people::Person, visibility::Visibility};

#[async_trait]
impl CatalogueStore for PostgresStore {
    async fn find_articles(
        &self,
        filter: &ArticleFilter,
        now: UnixSeconds,
        order: ArticleOrder,
        skipped: u32,
        limit: u32,
    ) -> Result<FoundArticles, StoreError> {
        todo!()
    }
    async fn article_summaries(
        &self,
        articles: &[ArticleNo],
    ) -> Result<Vec<ArticleSummary>, StoreError> {
        todo!()
    }
    async fn article_groups(&self, limit: u32) -> Result<ArticleGroups, StoreError> {
        todo!()
    }
}

pub(super) async fn save(
    _transaction: &deadpool_postgres::Transaction<'_>,
    _article: &article_widget::contract::Article,
    _term: crate::visibility::Term,
    _calendar: &crate::time::Calendar,
    _now: UnixSeconds,
) -> Result<(), StoreError> {
    todo!()
}

pub(super) async fn set_term(
    _transaction: &deadpool_postgres::Transaction<'_>,
    _no: i64,
    _term: crate::visibility::Term,
) -> Result<(), StoreError> {
    todo!()
}
