//! What is counted, as the store takes and gives it.

use std::sync::Arc;

use article_widget::contract::ArticleId;

use crate::clock::UnixSeconds;

/// A keyed hash that stands for one reader for as long as its salt lives (48 h at most).
pub type ReaderKey = [u8; 16];

/// The same for the address alone, of however many readers.
pub type PlaceKey = [u8; 8];

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
