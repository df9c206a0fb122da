//! Decides which shares of a batch count. Nothing is changed here but the batch's own notes.

use std::collections::HashSet;

use rusqlite::Transaction;

use super::counters::ShareCounters;
use super::windows::{ShareSeen, ShareWindow, SharesSeen};
use super::{ArticleNo, PartnerNo, log};
use crate::store::{Outcome, Refusal, Share, StoreError};

/// A batch that is being decided, over the window as it is.
pub(super) struct Fold<'a> {
    window: &'a ShareWindow,
    added: HashSet<[u8; 16]>,
    seen: Vec<ShareSeen>,
    counters: ShareCounters,
}

impl<'a> Fold<'a> {
    /// An empty batch.
    pub(super) fn new(window: &'a ShareWindow) -> Self {
        Self { window, added: HashSet::new(), seen: Vec::new(), counters: ShareCounters::default() }
    }

    /// Whether the share is one that will count.
    pub(super) fn will_count(&self, share: &Share) -> bool {
        share.refused.is_none() && !self.is_repeat(share)
    }

    /// Decides one share of an article that readers may see.
    pub(super) fn add(&mut self, share: &Share, article: ArticleNo, partner: PartnerNo) -> Outcome {
        let is_repeat = self.is_repeat(share);
        let row = self.counters.row(share.at, article, partner, share.channel);
        if let Some(refusal) = share.refused {
            match refusal {
                Refusal::Bot => row.bot += 1,
                Refusal::Rate => row.rate += 1,
                Refusal::Partner => row.unknown += 1,
            }
            return Outcome::Refused(refusal);
        }
        if is_repeat {
            row.repeat += 1;
            return Outcome::Repeat;
        }
        row.counted += 1;
        self.added.insert(share.share);
        self.seen.push(ShareSeen { share: share.share, at: share.at });
        // Nothing is kept of who shares.
        Outcome::Counted { new_reader: false }
    }

    /// Writes the counters and the log.
    pub(super) fn write(self, transaction: &Transaction<'_>) -> Result<SharesSeen, StoreError> {
        self.counters.write(transaction)?;
        let last_row = log::append_shares(transaction, self.window.last_row, &self.seen)?;
        Ok(SharesSeen { seen: self.seen, last_row })
    }
    fn is_repeat(&self, share: &Share) -> bool {
        self.window.is_repeat(&share.share, share.at) || self.added.contains(&share.share)
    }
}
