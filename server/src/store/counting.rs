//! What counts, whatever the engine: batches are decided in order ([`views`], [`shares`]) over the dedupe windows
//! ([`windows`]), of which an engine keeps all in memory or reads what a batch is about.

use super::ArticleNo;
use crate::clock::UnixSeconds;

pub(in crate::store) mod counters;
mod crowd;
mod sharded;
pub(in crate::store) mod shares;
pub(in crate::store) mod views;
pub(in crate::store) mod windows;

/// Partners that may be new in an hour. Beyond them, pages count as not told: their rows stay for good.
pub(in crate::store) const NEW_PARTNERS: u32 = 500;
/// In seconds.
pub(in crate::store) const HOUR: UnixSeconds = 3600;

/// An article that readers may see.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct Readable {
    /// Its number.
    pub(in crate::store) no: ArticleNo,
    /// Seconds of reading from which a view is deep.
    pub(in crate::store) deep_after: u32,
}

/// An article, as far as counting needs it.
#[derive(Clone, Copy)]
pub(in crate::store) struct Known {
    /// Where readers may see it.
    pub(in crate::store) readable: Readable,
    /// Neither withheld nor withdrawn.
    pub(in crate::store) usable: bool,
    /// Not before.
    pub(in crate::store) embargo: Option<UnixSeconds>,
    /// Not from then on.
    pub(in crate::store) expires: Option<UnixSeconds>,
}

impl Known {
    /// The article, where readers may see it at `at`.
    pub(in crate::store) fn readable(self, at: UnixSeconds) -> Option<Readable> {
        let is_readable = self.usable
            && self.embargo.is_none_or(|embargo| embargo <= at)
            && self.expires.is_none_or(|expires| at < expires);
        is_readable.then_some(self.readable)
    }
}
