//! What articles say and have said, as the store takes and gives it.

use article_widget::contract::{ArticleId, Status};
use async_trait::async_trait;

use super::{NewDelivery, Saved, StoreError};
use crate::article::StoredArticle;
use crate::clock::UnixSeconds;
use crate::revision::{Author, Expected, RevisionTag};

/// Articles' states: the one that stands, and those before it, of which the store keeps
/// [`KEPT_REVISIONS`].
#[async_trait]
pub trait RevisionStore {
    /// Saves one article, and what is announced of that, where the state that it finds is as expected:
    /// compared and changed in one transaction. What was there before is kept. Where it says already what
    /// it is to say, nothing is saved and nothing announced.
    async fn change_article(&self, change: &ArticleChange) -> Result<Changed, StoreError>;
    /// The article's state that stands.
    async fn current_revision(&self, id: &ArticleId)
    -> Result<Option<ArticleRevision>, StoreError>;
    /// One state of the article, that stands or is kept.
    async fn revision(
        &self,
        id: &ArticleId,
        number: u32,
    ) -> Result<Option<ArticleRevision>, StoreError>;
    /// The article's states, the newest first: at most `limit` of those before the number `before`, or of
    /// all. None where there is no such article.
    async fn revisions(
        &self,
        id: &ArticleId,
        before: Option<u32>,
        limit: u32,
    ) -> Result<Vec<RevisionSummary>, StoreError>;
}

/// States before the one that stands that are kept of an article; the oldest go first.
pub const KEPT_REVISIONS: u32 = 100;

/// One article to be saved.
#[derive(Clone)]
pub struct ArticleChange {
    /// As it is to stand.
    pub article: StoredArticle,
    /// What it has to find.
    pub expected: Expected,
    /// Who changes it.
    pub by: Author,
    /// Why, where they say so.
    pub note: String,
    /// When.
    pub at: UnixSeconds,
    /// What is put into the outbox in the same commit.
    pub announce: Option<NewDelivery>,
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It stands so, as the state of this number.
    Done(Saved, u32),
    /// Nothing was changed: it found this state, or no article.
    NotAsExpected(Option<RevisionTag>),
}

/// One state of an article.
#[derive(Clone, Debug)]
pub struct ArticleRevision {
    /// The article as it was then.
    pub article: StoredArticle,
    /// What is known of it without reading it.
    pub summary: RevisionSummary,
}

/// One state of an article, in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionSummary {
    /// Counted from 1.
    pub number: u32,
    /// What names it.
    pub tag: RevisionTag,
    /// The title then.
    pub title: String,
    /// The status then.
    pub status: Status,
    /// Since when it stood so.
    pub saved_at: UnixSeconds,
    /// Who saved it.
    pub by: Author,
    /// Why, where they said so; else empty.
    pub note: String,
    /// It is the one that stands.
    pub is_current: bool,
}
