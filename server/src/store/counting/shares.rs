//! Decides which shares of a batch count. Nothing is changed here but the batch's own notes.

use std::collections::HashSet;

use super::counters::ShareCounters;
use super::windows::{ShareSeen, ShareWindow};
use crate::store::{ArticleNo, Outcome, PartnerNo, Refusal, Share};

/// A batch that is being decided, over the window as it is.
pub(in crate::store) struct Fold<'a> {
    window: &'a ShareWindow,
    added: HashSet<[u8; 16]>,
    seen: Vec<ShareSeen>,
    counters: ShareCounters,
}

impl<'a> Fold<'a> {
    /// An empty batch.
    pub(in crate::store) fn new(window: &'a ShareWindow) -> Self {
        Self { window, added: HashSet::new(), seen: Vec::new(), counters: ShareCounters::default() }
    }

    /// Whether the share is one that will count.
    pub(in crate::store) fn will_count(&self, share: &Share) -> bool {
        share.refused.is_none() && !self.is_repeat(share)
    }

    /// Decides one share of an article that readers may see.
    pub(in crate::store) fn add(
        &mut self,
        share: &Share,
        article: ArticleNo,
        partner: PartnerNo,
    ) -> Outcome {
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

    /// What is to be written: the shares that count, and what the counters gain.
    pub(in crate::store) fn finish(self) -> (Vec<ShareSeen>, ShareCounters) {
        (self.seen, self.counters)
    }

    fn is_repeat(&self, share: &Share) -> bool {
        self.window.is_repeat(&share.share, share.at) || self.added.contains(&share.share)
    }
}
