//! What the server asks of its database, in the domain's verbs. No SQL here: each engine has a module
//! of its own, and no other module names one.

use std::ops::Range;
use std::time::Duration;

use article_widget::contract::ArticleId;
use async_trait::async_trait;

use crate::article::StoredArticle;
use crate::clock::{Hour, UnixSeconds};
use crate::revision::Author;
use crate::signing_key::SigningKey;
use crate::token::Grant;

mod article_list;
mod catalogue;
mod channel;
mod counting;
mod database;
mod export;
mod feed;
mod feedback;
mod group;
mod images;
mod inbox;
mod inspected;
mod letters;
mod like;
mod measured;
mod moving;
mod outbox;
mod partner;
mod people;
mod postgres;
mod proof;
mod ranking;
mod rating;
mod reading;
mod revision;
mod saving;
mod sqlite;
mod statement;
mod stats;
mod sum;
mod tally;

pub use catalogue::{
    ArticleCounts, ArticleFilter, ArticleGroups, ArticleOrder, ArticleState, ArticleSummary,
    CatalogueStore, FoundArticles,
};
pub use database::{
    backup, examine, file, inspect, is_archived, open, open_without_calendar, restore, salts_since,
};
pub use export::{ExportError, ExportStore, LineWriter};
pub use feed::{Brought, Feed, FeedEnd, FeedRead, FeedStore, FeedTry, Keep};
pub use feedback::{
    AnswerText, ConsentText, Feedback, FeedbackKept, FeedbackStore, NewFeedback, Progress,
    SAME_WITHIN, SecretHash, Suspicion,
};
pub use images::{
    ArticleImage, DueImage, ImageCounts, ImageDigest, ImageFile, ImageKind, ImageName, ImageStore,
    MadeImage,
};
pub use inbox::{
    Answer, Change, InboxStore, Letter, LetterCounts, LetterFilter, LetterNo, LetterPage,
    LetterState, LetterSummary, Revision,
};
pub use inspected::{Examined, Inspected, KeptSalt, Schema};
pub use measured::{MeasuredStore, Operation, StoreMetrics, Writes};
pub use moving::{Checked, Move, Moved, Sum};
pub use outbox::{
    AboutFeedback, AddressHash, Delivery, DeliveryKind, Lane, MailRequest, MailRequested,
    NewDelivery, OutboxStore,
};
pub use partner::{Partner, Standing};
pub use people::{PeopleStore, Session, SessionHash};
pub use proof::{ProofStore, SpentProof};
pub use ranking::{AllTime, Headline, HourCount, Rankable, Standings};
pub use rating::{Rating, RatingKept, RatingStore, RatingWord, Ratings};
pub use reading::{
    ArticleReading, HourCounters, PartnerCounters, Reading, ReadingStore, SharedArticle,
};
pub use revision::{
    ArticleChange, ArticleRevision, Changed, KEPT_REVISIONS, RevisionStore, RevisionSummary,
};
pub use stats::{Arrivals, ChannelShares, Counters, PartnerHour, Refusals, Stats};
pub use tally::{Channel, Outcome, PlaceKey, Reader, ReaderKey, Refusal, Share, Totals, View};

/// An article's number, which is its for good; later articles have higher ones.
pub type ArticleNo = u32;
/// A partner's number, which is its for good.
pub type PartnerNo = u32;

/// A database. Every write has been committed, and survives a power cut, when its call returns.
///
/// What belongs together and to nothing else is a trait of its own.
#[async_trait]
pub trait Store:
    CatalogueStore
    + ExportStore
    + FeedStore
    + FeedbackStore
    + ImageStore
    + InboxStore
    + MeasuredStore
    + OutboxStore
    + PeopleStore
    + ProofStore
    + RatingStore
    + ReadingStore
    + RevisionStore
    + Send
    + Sync
    + 'static
{
    /// Adds or replaces articles, all or none; says for each what that changed. What was there before is
    /// kept as a revision.
    async fn save_articles(
        &self,
        articles: &[StoredArticle],
        by: &Author,
    ) -> Result<Vec<Saved>, StoreError>;
    /// The article, whatever its status.
    async fn article(&self, id: &ArticleId) -> Result<Option<StoredArticle>, StoreError>;
    /// Articles that readers may see at `now`, by id, after `after`: at most `limit`, and fewer where
    /// they are long. One that this version cannot read is left out, and logged.
    async fn articles(
        &self,
        after: Option<&ArticleId>,
        limit: u32,
        now: UnixSeconds,
    ) -> Result<ArticlePage, StoreError>;

    /// Decides for each view, in order, whether it counts, and records all of them in one commit. What
    /// many callers bring at the same time is one commit too: nobody needs to gather views before.
    /// PostgreSQL commits each day's by themselves: where a batch is of two, the first day's may be recorded when the
    /// call fails. Whoever sends them again is told that they are repeats.
    ///
    /// Only what counts makes a partner known, or is refused for its partner, and only so many an hour:
    /// the rest counts as from pages that are not told.
    async fn record_views(&self, batch: Vec<View>) -> Result<Vec<Outcome>, StoreError>;
    /// The same for shares: a share id counts once.
    async fn record_shares(&self, batch: Vec<Share>) -> Result<Vec<Outcome>, StoreError>;
    /// Erases, a little at a time, what deduplication kept of days before `day` (counted as in
    /// [`Reader::day`]) or after `day + 2`: reader keys do not outlive their salt.
    async fn forget_before(&self, day: i64) -> Result<(), StoreError>;
    /// What was counted of each article in each of these hours, where anything was; of one partner's
    /// pages, or of all.
    async fn counts(
        &self,
        hours: Range<Hour>,
        partner: Option<PartnerNo>,
    ) -> Result<Vec<HourCount>, StoreError>;
    /// What was counted of each article in all time, and in each hour from `live` on, at one moment.
    async fn standings(&self, live: Hour) -> Result<Standings, StoreError>;
    /// What a ranking has to know of each article that was saved at `since` or later.
    async fn rankable(&self, since: UnixSeconds) -> Result<Vec<Rankable>, StoreError>;
    /// Ids and titles of these articles, those of them that readers may see at `now`, in their order.
    async fn headlines(
        &self,
        articles: &[ArticleNo],
        now: UnixSeconds,
    ) -> Result<Vec<Headline>, StoreError>;
    /// Every origin that counted something, or that the publisher has spoken of, as it was first seen.
    async fn partners(&self) -> Result<Vec<Partner>, StoreError>;
    /// Says what the publisher holds of an origin, seen before or not.
    async fn set_partner(
        &self,
        origin: &str,
        standing: Standing,
        at: UnixSeconds,
    ) -> Result<(), StoreError>;
    /// The number of the partner with this origin.
    async fn partner_no(&self, origin: &str) -> Result<Option<PartnerNo>, StoreError>;
    /// The article's counters, all time.
    async fn totals(&self, id: &ArticleId) -> Result<Totals, StoreError>;
    /// The article's counters in these hours (since 1970), whatever its status, with at most `limit` rows
    /// of views; none where there is no such article.
    async fn stats(
        &self,
        id: &ArticleId,
        hours: Range<i64>,
        limit: u32,
    ) -> Result<Option<Stats>, StoreError>;
    /// Whose share mark this is: the partner's origin.
    async fn partner_by_mark(&self, mark: &str) -> Result<Option<String>, StoreError>;

    /// Keeps a token by its hash: whether its name was free.
    async fn save_token(&self, grant: &Grant, hash: &[u8; 32]) -> Result<bool, StoreError>;
    /// What the token of this hash grants.
    async fn token(&self, hash: &[u8; 32]) -> Result<Option<Grant>, StoreError>;
    /// What every token grants, by name.
    async fn tokens(&self) -> Result<Vec<Grant>, StoreError>;
    /// Forgets the token of this name, so that it opens nothing any more: whether there was one.
    async fn revoke_token(&self, name: &str) -> Result<bool, StoreError>;

    /// Keeps a released set of assets for as long as there are loaders pinned to it.
    async fn save_release(&self, release: &Release) -> Result<(), StoreError>;
    /// One file of any release ever kept.
    async fn asset(&self, version: &str, name: &str) -> Result<Option<Asset>, StoreError>;

    /// The salt of `day` (days since 1970 in the publisher's time zone) as it was given to the store, which
    /// keeps `fresh` where there is none; the salts of days before `day - 1` are destroyed, and those of
    /// days after `day + 2`, which only a clock that was ahead can have asked for.
    async fn salt(&self, day: i64, fresh: &[u8]) -> Result<Vec<u8>, StoreError>;
    /// The key that signs this installation's forms, made where there is none.
    async fn signing_key(&self) -> Result<SigningKey, StoreError>;
    /// Whether a job is this server's to do for so long: of servers that share a database one has it, until it
    /// closes the store or does not ask again in time.
    async fn lease(&self, job: &str, held: Duration) -> Result<bool, StoreError>;
    /// Whether the database answers.
    async fn ping(&self) -> Result<(), StoreError>;
    /// Stops writing and folds away what may be folded.
    async fn close(&self) -> Result<(), StoreError>;
}

/// What saving an article changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is new.
    Created,
    /// It stood otherwise.
    Updated,
    /// It stood so already.
    Unchanged,
}

/// Some articles of a longer list.
#[derive(Clone, Debug)]
pub struct ArticlePage {
    /// In the list's order.
    pub articles: Vec<StoredArticle>,
    /// The last one's id, to ask for those after it; none on the last page.
    pub next: Option<ArticleId>,
}

/// A released set of assets.
#[derive(Clone, Debug)]
pub struct Release {
    /// Its name in `/v/{version}/`.
    pub version: String,
    /// Its files.
    pub assets: Vec<Asset>,
}

/// One file, as it is and compressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Its name in `/v/{version}/{name}`.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// As it is.
    pub identity: Vec<u8>,
    /// Compressed by gzip.
    pub gzip: Vec<u8>,
    /// Compressed by brotli.
    pub brotli: Vec<u8>,
}

/// What can go wrong with a database. Its text is for logs, never for clients.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot take this now: locked, full, out of reach. The caller may try again.
    #[error("the store is unavailable: {0}")]
    Unavailable(#[source] anyhow::Error),
    /// What it holds is not what was kept: a disk or somebody has changed it.
    #[error("the store is damaged: {0}")]
    Damaged(#[source] anyhow::Error),
    /// Anything else.
    #[error("the store failed: {0}")]
    Other(#[source] anyhow::Error),
}

impl StoreError {
    /// The same failure, for one more of those that it keeps waiting.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::Unavailable(cause) => Self::Unavailable(anyhow::anyhow!("{cause:#}")),
            Self::Damaged(cause) => Self::Damaged(anyhow::anyhow!("{cause:#}")),
            Self::Other(cause) => Self::Other(anyhow::anyhow!("{cause:#}")),
        }
    }
}
