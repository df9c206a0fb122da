//! Feeds that are asked for articles, as the store takes and gives them.

use async_trait::async_trait;

use super::{Saved, StoreError};
use crate::article::StoredArticle;
use crate::clock::UnixSeconds;

/// What is known of feeds.
#[async_trait]
pub trait FeedStore {
    /// Every feed that was asked, by URL.
    async fn feeds(&self) -> Result<Vec<Feed>, StoreError>;
    /// Takes the feed for one try, if it is due by `due_by` or new. Until `until` it is due for nobody: of
    /// servers that share a database one asks, and when that one dies another does later.
    async fn claim_feed(
        &self,
        url: &str,
        due_by: UnixSeconds,
        until: UnixSeconds,
    ) -> Result<Option<Feed>, StoreError>;
    /// Says how a try ended.
    async fn record_feed_try(&self, url: &str, tried: &FeedTry) -> Result<(), StoreError>;
    /// Adds or replaces articles that come from elsewhere, all or none, but for those that the publisher
    /// keeps.
    async fn save_brought(
        &self,
        articles: &[StoredArticle],
        keep: Keep,
    ) -> Result<Vec<Brought>, StoreError>;
    /// Forgets feeds that were due before `time` and that nobody has asked since.
    async fn forget_feeds(&self, time: UnixSeconds) -> Result<(), StoreError>;
}

/// A feed, and how it does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Feed {
    /// Where it is.
    pub url: String,
    /// The `ETag` of the last good answer.
    pub etag: Option<String>,
    /// The `Last-Modified` of the last good answer.
    pub last_modified: Option<String>,
    /// When it was asked last.
    pub tried_at: Option<UnixSeconds>,
    /// When it last answered well.
    pub good_at: Option<UnixSeconds>,
    /// Why the last try failed, in a sentence; none where it did not.
    pub problem: Option<String>,
    /// Tries that failed since the last good one.
    pub failures: u32,
    /// Articles in the last answer that was read.
    pub articles: u32,
    /// Those of them that are otherwise here and stay so: withdrawn, or edited by the publisher's people.
    pub kept: u32,
    /// Articles that it brought, of all answers.
    pub created: u64,
    /// Changes that it brought to articles.
    pub updated: u64,
    /// When it is asked next.
    pub due_at: UnixSeconds,
}

/// What stays as it is, whatever comes from elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// What was withdrawn is not shown again: for an editor's import.
    Withdrawn,
    /// Nor is anything changed that somebody but an import saved last: for a feed, which nobody looks at.
    WithdrawnOrEdited,
}

/// What became of an article that came from elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brought {
    /// It was saved.
    Saved(Saved),
    /// The publisher's own stays.
    Kept,
}

/// One try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedTry {
    /// When it was made.
    pub at: UnixSeconds,
    /// When the next one is.
    pub due_at: UnixSeconds,
    /// How it ended.
    pub end: FeedEnd,
}

/// How a try ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedEnd {
    /// Nothing has changed since the last good answer.
    Same,
    /// The answer was read.
    Read(FeedRead),
    /// Something is wrong; a sentence says what.
    Failed(String),
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedRead {
    /// The answer's `ETag`.
    pub etag: Option<String>,
    /// Its `Last-Modified`.
    pub last_modified: Option<String>,
    /// Articles in it.
    pub articles: u32,
    /// Those of them that are otherwise here and stay so.
    pub kept: u32,
    /// New ones.
    pub created: u32,
    /// Changed ones.
    pub updated: u32,
}
