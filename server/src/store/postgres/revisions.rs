use async_trait::async_trait;

use deadpool_postgres::Transaction;

use super::PostgresStore;
use super::sql::execute;
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

/// Keeps the state that stands, which is about to be replaced, and lets the oldest go. The caller has locked the
/// article.
pub(super) async fn keep_current(
    transaction: &Transaction<'_>,
    article: i64,
) -> Result<(), StoreError> {
    execute(transaction, KEEP, &[&article]).await?;
    execute(transaction, FORGET, &[&article, &i64::from(KEPT_REVISIONS)]).await?;
    Ok(())
}

const KEEP: &str = "/* keep_revision */
    insert into article_revision (article, number, json, title, status, tag, saved_at, saved_by, note)
    select no, revision_number, json, title, status, revision, updated_at, saved_by, note
    from article where no = $1";
const FORGET: &str = "/* forget_revisions */
    delete from article_revision
    where article = $1 and number <= (select revision_number from article where no = $1) - $2";
