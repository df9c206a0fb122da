//! What the server asks of its database, in the domain's verbs. No SQL here: each engine has a module
//! of its own, and no other module names one.

use std::ops::Range;
use std::sync::Arc;

use article_widget::contract::ArticleId;
use async_trait::async_trait;

use crate::article::StoredArticle;
use crate::clock::{Hour, UnixSeconds};
use crate::signing_key::SigningKey;
use crate::token::Grant;

mod channel;
mod database;
mod feedback;
mod inbox;
mod outbox;
mod partner;
mod people;
mod proof;
mod ranking;
mod rating;
mod sqlite;
mod stats;

pub use database::{backup, file, open, open_without_calendar, restore};
pub use feedback::{
    AnswerText, ConsentText, Feedback, FeedbackKept, FeedbackStore, NewFeedback, Progress,
    SAME_WITHIN, SecretHash, Suspicion,
};
pub use inbox::{
    Answer, Change, InboxStore, Letter, LetterCounts, LetterFilter, LetterNo, LetterPage,
    LetterState, LetterSummary, Revision,
};
pub use outbox::{
    AboutFeedback, AddressHash, Delivery, DeliveryKind, Lane, MailRequest, MailRequested,
    NewDelivery, OutboxStore,
};
pub use partner::{Partner, Standing};
pub use people::{PeopleStore, Session, SessionHash};
pub use proof::{ProofStore, SpentProof};
pub use ranking::{AllTime, Headline, HourCount, Rankable, Standings};
pub use rating::{Rating, RatingKept, RatingStore, RatingWord, Ratings};
pub use stats::{Arrivals, ChannelShares, Counters, PartnerHour, Refusals, Stats};

/// An article's number, which is its for good; later articles have higher ones.
pub type ArticleNo = u32;
/// A partner's number, which is its for good.
pub type PartnerNo = u32;

/// A keyed hash that stands for one reader for as long as its salt lives (48 h at most).
pub type ReaderKey = [u8; 16];

/// The same for the address alone, of however many readers.
pub type PlaceKey = [u8; 8];

/// A database. Every write has been committed, and survives a power cut, when its call returns.
///
/// What belongs together and to nothing else is a trait of its own.
#[async_trait]
pub trait Store:
    FeedbackStore
    + InboxStore
    + OutboxStore
    + PeopleStore
    + ProofStore
    + RatingStore
    + Send
    + Sync
    + 'static
{
    /// Adds or replaces articles, all or none; says for each what that changed.
    async fn save_articles(&self, articles: &[StoredArticle]) -> Result<Vec<Saved>, StoreError>;
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

    /// The salt of `day` (days since 1970 in the publisher's time zone), made where there is none;
    /// the salts of days before `day - 1` are destroyed, and those of days after `day + 2`, which only a
    /// clock that was ahead can have asked for.
    async fn salt(&self, day: i64) -> Result<[u8; 32], StoreError>;
    /// The key that signs this installation's forms, made where there is none.
    async fn signing_key(&self) -> Result<SigningKey, StoreError>;
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

/// One beacon, checked.
#[derive(Clone, Debug)]
pub struct View {
    /// The article's id; one that is not there gives [`Outcome::UnknownArticle`].
    pub article: ArticleId,
    /// The browser's own id of this view.
    pub view: [u8; 16],
    /// When the server took it.
    pub at: UnixSeconds,
    /// The reader today, and under yesterday's salt.
    pub reader: Reader,
    /// The partner page's origin; empty where the browser did not say.
    pub partner: Arc<str>,
    /// Seconds visible.
    pub seconds: u32,
    /// 0 to 100.
    pub depth: u8,
    /// The share mark the reader came by.
    pub share: Option<Arc<str>>,
    /// Why it is refused before the store is asked.
    pub refused: Option<Refusal>,
}

/// Who reads, as far as anyone can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reader {
    /// Under today's salt.
    pub today: ReaderKey,
    /// Under yesterday's salt, for views across midnight.
    pub yesterday: ReaderKey,
    /// Their address today.
    pub place: PlaceKey,
    /// Days since 1970 in the publisher's time zone.
    pub day: i64,
    /// Asked not to be followed (Sec-GPC, DNT): views are deduplicated in memory, readers not counted.
    pub private: bool,
    /// Views that the key may count of one article in 30 minutes: 1, and more where many readers are
    /// known to look alike.
    pub allowance: u16,
}

/// Why a beacon does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// A known bot.
    Bot,
    /// Too many from one place.
    Rate,
    /// The page is none of a partner's.
    Partner,
}

/// What became of a beacon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It counts.
    Counted {
        /// The reader's first of this article today.
        new_reader: bool,
    },
    /// The same view id again: seconds and depth were raised.
    Raised,
    /// The same reader and article within 30 minutes, or one more new reader from an address that has
    /// brought the article as many today as an address may.
    Repeat,
    /// Refused before the store was asked.
    Refused(Refusal),
    /// No such article, or none that readers may see.
    UnknownArticle,
}

/// One share, checked.
#[derive(Clone, Debug)]
pub struct Share {
    /// The article's id.
    pub article: ArticleId,
    /// The browser's own id of this share.
    pub share: [u8; 16],
    /// When the server took it.
    pub at: UnixSeconds,
    /// The partner page's origin.
    pub partner: Arc<str>,
    /// By which way.
    pub channel: Channel,
    /// Why it is refused before the store is asked.
    pub refused: Option<Refusal>,
}

/// A way to share; its name on the wire and its letter in a share mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Channel {
    Native,
    Copy,
    Zalo,
    Facebook,
    Messenger,
    Email,
    X,
    Telegram,
    Whatsapp,
    Linkedin,
    Qr,
    Print,
    /// A passage of the text, by the browser's share dialog or by its link.
    Passage,
    /// Sent by the publisher's mail server.
    Sent,
    /// From the publisher's page that helps to share.
    Page,
}

/// An article's counters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Beacons, but for those that raised an earlier one: `views` and all that was refused.
    pub raw: u64,
    /// Views that count.
    pub views: u64,
    /// Readers by day, summed.
    pub readers: u64,
    /// Refused: known bots.
    pub bots: u64,
    /// Refused: repeats.
    pub repeats: u64,
    /// Refused: too many from one place.
    pub rate: u64,
    /// Refused: pages of no partner.
    pub unknown: u64,
    /// Counted views that were read deeply.
    pub deep: u64,
    /// Shares.
    pub shares: u64,
    /// Seconds visible, summed over counted views.
    pub seconds: u64,
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
    /// Anything else.
    #[error("the store failed: {0}")]
    Other(#[source] anyhow::Error),
}

impl StoreError {
    /// The same failure, for one more of those that it keeps waiting.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::Unavailable(cause) => Self::Unavailable(anyhow::anyhow!("{cause:#}")),
            Self::Other(cause) => Self::Other(anyhow::anyhow!("{cause:#}")),
        }
    }
}
