//! Ratings, as the store takes and gives them.

use article_widget::contract::ArticleId;
use async_trait::async_trait;

use super::StoreError;
use crate::clock::UnixSeconds;

/// Whether articles were of use to their readers.
#[async_trait]
pub trait RatingStore {
    /// Keeps a rating. The same id again, of the same article, changes it and counts nothing; a word that
    /// was there stays where there is no new one. Where `may_count` is false, nothing else is taken.
    async fn rate(&self, rating: &Rating, may_count: bool) -> Result<RatingKept, StoreError>;
    /// What readers found of the article, with at most `limit` words.
    async fn ratings(&self, article: &ArticleId, limit: u32) -> Result<Ratings, StoreError>;
    /// Erases, a little at a time, the words of ratings from before `before`; says how many those were.
    async fn forget_words(&self, before: UnixSeconds) -> Result<usize, StoreError>;
}

/// One rating, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rating {
    /// The browser's own id of it.
    pub rating: [u8; 16],
    /// The article, which is there.
    pub article: ArticleId,
    /// When the server took it.
    pub at: UnixSeconds,
    /// The partner page's origin; empty where the browser did not say.
    pub partner: String,
    /// Whether the article was of use.
    pub useful: bool,
    /// A word on why; may be empty.
    pub word: String,
}

/// What became of a rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RatingKept {
    /// It counts.
    Counted,
    /// It was there already, and says this now.
    Raised,
    /// It is new where none was to count, or another article's.
    Refused,
}

/// What readers found of an article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ratings {
    /// To so many it was of use, …
    pub useful: u64,
    /// … and to so many not.
    pub not_useful: u64,
    /// Words on why, newest first.
    pub words: Vec<RatingWord>,
}

/// A word on why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RatingWord {
    /// When it was rated.
    pub at: UnixSeconds,
    /// Whether the article was of use.
    pub useful: bool,
    /// The word.
    pub word: String,
}
