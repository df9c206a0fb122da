//! The dedupe windows in memory: which view ids were seen, and when each reader was last counted.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use super::{ArticleNo, PartnerNo};
use crate::clock::UnixSeconds;
use crate::store::ReaderKey;

/// A view or share id counts once in this time.
pub(super) const ID_LIFE: UnixSeconds = 24 * 3600;
/// A reader counts once for an article in this time.
const REPEAT_LIFE: UnixSeconds = 30 * 60;
/// Longer than any day, also one on which clocks are set back: for the daily readers.
pub(super) const READER_LIFE: UnixSeconds = 26 * 3600;

/// A reader and an article.
type Reading = (ArticleNo, ReaderKey);

/// What a view left behind: a row of the log, and how it changes the windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ViewSeen {
    /// The browser's id.
    pub(super) view: [u8; 16],
    /// When it was first seen.
    pub(super) at: UnixSeconds,
    /// What was read.
    pub(super) article: ArticleNo,
    /// Where, as first said.
    pub(super) partner: PartnerNo,
    /// Whether it counted.
    pub(super) counted: bool,
    /// The most said so far.
    pub(super) seconds: u32,
    /// The most said so far.
    pub(super) depth: u8,
}

/// A change of the windows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    /// The view, as it now stands.
    pub(super) seen: ViewSeen,
    /// The day of the change, in the publisher's time zone.
    pub(super) day: i64,
    /// Who was counted; nobody where the view did not count, or not now.
    pub(super) reader: Option<CountedReader>,
}

/// Whose view counted.
#[derive(Clone, Copy, Debug)]
pub(super) enum CountedReader {
    /// Known by the day's key.
    Keyed(ReaderKey),
    /// Asked not to be followed: the key stays in memory, for half an hour.
    Private(ReaderKey),
}

/// The windows of views. They are also what a batch lays over them until it is committed.
#[derive(Default)]
pub(super) struct ViewWindows {
    views: Expiring<[u8; 16], ViewSeen>,
    readers: Expiring<Reading, ()>,
    private: Expiring<Reading, ()>,
    /// The last row of the log that is in here.
    pub(super) last_row: i64,
}

impl ViewWindows {
    /// The view of that id, where it was seen in the 24 h before `at`.
    pub(super) fn view(&self, view: &[u8; 16], at: UnixSeconds) -> Option<ViewSeen> {
        self.views
            .get(view)
            .filter(|(seen, _)| is_within(ID_LIFE, *seen, at))
            .map(|(_, seen)| *seen)
    }

    /// Whether this reader was counted for the article in the 30 minutes before `at`.
    pub(super) fn is_repeat(
        &self,
        article: ArticleNo,
        reader: CountedReader,
        at: UnixSeconds,
    ) -> bool {
        let last = match reader {
            CountedReader::Keyed(key) => self.readers.get(&(article, key)),
            CountedReader::Private(key) => self.private.get(&(article, key)),
        };
        last.is_some_and(|(last, ())| is_within(REPEAT_LIFE, *last, at))
    }

    /// Whether this key was ever counted for the article: as a key lives a day, today.
    pub(super) fn has_read(&self, article: ArticleNo, key: ReaderKey) -> bool {
        self.readers.get(&(article, key)).is_some()
    }

    /// Takes over changes that have been committed, or that a batch has made.
    pub(super) fn apply(&mut self, changes: &Changes) {
        for change in &changes.changes {
            self.apply_one(change);
        }
        self.last_row = self.last_row.max(changes.last_row);
    }

    /// Takes over one change.
    pub(super) fn apply_one(&mut self, change: &Change) {
        let seen = change.seen;
        self.views.insert(seen.view, seen.at, seen);
        match change.reader {
            Some(CountedReader::Keyed(key)) => {
                self.readers.insert((seen.article, key), seen.at, ());
            }
            Some(CountedReader::Private(key)) => {
                self.private.insert((seen.article, key), seen.at, ());
            }
            None => {}
        }
    }

    /// Forgets what no window holds any more at `now`.
    pub(super) fn expire(&mut self, now: UnixSeconds) {
        self.views.expire(ID_LIFE, now);
        self.readers.expire(READER_LIFE, now);
        self.private.expire(REPEAT_LIFE, now);
    }

    /// Entries of all of them.
    pub(super) fn len(&self) -> usize {
        self.views.len() + self.readers.len() + self.private.len()
    }
}

/// Changes in the order they were made.
#[derive(Default)]
pub(super) struct Changes {
    /// In order.
    pub(super) changes: Vec<Change>,
    /// The row of the log that the last of them has; 0 without any.
    pub(super) last_row: i64,
}

/// The window of shares.
#[derive(Default)]
pub(super) struct ShareWindow {
    shares: Expiring<[u8; 16], ()>,
    /// The last row of the log that is in here.
    pub(super) last_row: i64,
}

/// A share that counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct ShareSeen {
    /// The browser's id.
    pub(super) share: [u8; 16],
    /// When it was seen.
    pub(super) at: UnixSeconds,
}

/// Shares in the order they were counted.
#[derive(Default)]
pub(super) struct SharesSeen {
    /// In order.
    pub(super) seen: Vec<ShareSeen>,
    /// The row of the log that the last of them has; 0 without any.
    pub(super) last_row: i64,
}

impl ShareWindow {
    /// Whether a share of that id was seen in the 24 h before `at`.
    pub(super) fn is_repeat(&self, share: &[u8; 16], at: UnixSeconds) -> bool {
        self.shares.get(share).is_some_and(|(seen, ())| is_within(ID_LIFE, *seen, at))
    }

    /// Takes over shares that have been committed.
    pub(super) fn apply(&mut self, shares: &SharesSeen) {
        for seen in &shares.seen {
            self.apply_one(*seen);
        }
        self.last_row = self.last_row.max(shares.last_row);
    }

    /// Takes over one share.
    pub(super) fn apply_one(&mut self, seen: ShareSeen) {
        self.shares.insert(seen.share, seen.at, ());
    }

    /// Forgets what the window does not hold any more at `now`.
    pub(super) fn expire(&mut self, now: UnixSeconds) {
        self.shares.expire(ID_LIFE, now);
    }

    /// Its entries.
    pub(super) fn len(&self) -> usize {
        self.shares.len()
    }
}

/// Whether `seen` is less than `life` from `now`. Before or after: what a clock once said that was
/// ahead holds nobody up for longer.
fn is_within(life: UnixSeconds, seen: UnixSeconds, now: UnixSeconds) -> bool {
    (now - seen).abs() < life
}

/// A map whose entries go in the order of their times.
struct Expiring<K, V> {
    entries: HashMap<K, (UnixSeconds, V)>,
    /// Every time that an entry was given; those that have a later one by now are passed over.
    order: VecDeque<(UnixSeconds, K)>,
}

impl<K, V> Default for Expiring<K, V> {
    fn default() -> Self {
        Self { entries: HashMap::new(), order: VecDeque::new() }
    }
}

impl<K: Hash + Eq + Copy, V> Expiring<K, V> {
    fn get(&self, key: &K) -> Option<&(UnixSeconds, V)> {
        self.entries.get(key)
    }

    fn insert(&mut self, key: K, at: UnixSeconds, value: V) {
        let before = self.entries.insert(key, (at, value));
        if before.is_none_or(|(before, _)| before != at) {
            self.order.push_back((at, key));
        }
    }

    /// Times held, of which a key may have several.
    fn len(&self) -> usize {
        self.order.len()
    }

    /// Takes out what is not within `life` of `now`.
    fn expire(&mut self, life: UnixSeconds, now: UnixSeconds) {
        while let Some((at, key)) = self.order.front().copied()
            && !is_within(life, at, now)
        {
            self.order.pop_front();
            if self.entries.get(&key).is_some_and(|(latest, _)| *latest == at) {
                self.entries.remove(&key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_goes_when_its_latest_time_is_over() {
        let mut map = Expiring::default();
        map.insert("once", 10, ());
        map.insert("again", 11, ());
        map.insert("again", 50, ());
        map.expire(100, 109);
        assert_eq!(map.entries.len(), 2);
        map.expire(100, 120);
        assert!(map.get(&"once").is_none());
        assert!(map.get(&"again").is_some());
        map.expire(100, 150);
        assert!(map.entries.is_empty() && map.order.is_empty());
    }

    #[test]
    fn a_clock_that_was_ahead_keeps_nothing_from_going() {
        let mut map = Expiring::default();
        map.insert("ahead", 1_000_000, ());
        map.insert("now", 10, ());
        map.expire(100, 110);
        assert!(map.entries.is_empty() && map.order.is_empty());
    }
}
