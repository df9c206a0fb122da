//! The dedupe windows in memory: which view ids were seen, and when each reader was last counted.

use super::crowd::Crowd;
use super::sharded::{Expiring, is_within};
use crate::clock::UnixSeconds;
use crate::store::{ArticleNo, PartnerNo, PlaceKey, Reader, ReaderKey};

/// A view or share id counts once in this time.
pub(in crate::store) const ID_LIFE: UnixSeconds = 24 * 3600;
/// A reader counts once for an article in this time, from the first view on.
pub(in crate::store) const REPEAT_LIFE: UnixSeconds = 30 * 60;
/// Longer than any day, also one on which clocks are set back: for the daily readers.
pub(in crate::store) const READER_LIFE: UnixSeconds = 26 * 3600;

/// A reader and an article.
type Reading = (ArticleNo, CountedReader);

/// What a view left behind: a row of the log, and how it changes the windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) struct ViewSeen {
    /// The browser's id.
    pub(in crate::store) view: [u8; 16],
    /// When it was first seen.
    pub(in crate::store) at: UnixSeconds,
    /// What was read.
    pub(in crate::store) article: ArticleNo,
    /// Where, as first said.
    pub(in crate::store) partner: PartnerNo,
    /// Whether it counted.
    pub(in crate::store) counted: bool,
    /// The most said so far.
    pub(in crate::store) seconds: u32,
    /// The most said so far.
    pub(in crate::store) depth: u8,
    /// Whether it was read deeply.
    pub(in crate::store) deep: bool,
}

/// A change of the windows.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct Change {
    /// The view, as it now stands.
    pub(in crate::store) seen: ViewSeen,
    /// The day of the change, in the publisher's time zone.
    pub(in crate::store) day: i64,
    /// Who was counted; nobody where the view did not count, or not now.
    pub(in crate::store) reader: Option<CountedReader>,
    /// Where from, where the reader is the article's for the first time today.
    pub(in crate::store) place: Option<PlaceKey>,
}

/// Whose view counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::store) enum CountedReader {
    /// Known by the day's key.
    Keyed(ReaderKey),
    /// Asked not to be followed: the key stays in memory.
    Private(ReaderKey),
}

impl CountedReader {
    /// The reader, today.
    pub(in crate::store) fn today(reader: &Reader) -> Self {
        if reader.private { Self::Private(reader.today) } else { Self::Keyed(reader.today) }
    }

    /// The reader, as they were known yesterday.
    pub(in crate::store) fn yesterday(reader: &Reader) -> Self {
        if reader.private { Self::Private(reader.yesterday) } else { Self::Keyed(reader.yesterday) }
    }
}

/// The windows of views. They are also what a batch lays over them until it is committed.
#[derive(Default)]
pub(in crate::store) struct ViewWindows {
    views: Expiring<[u8; 16], ViewSeen>,
    /// Views counted since the time of the entry, for half an hour.
    readers: Expiring<Reading, u16>,
    crowd: Crowd,
    /// The last row of the log that is in here.
    pub(in crate::store) last_row: i64,
}

impl ViewWindows {
    /// For millions of views; the default is for a batch.
    pub(in crate::store) fn large() -> Self {
        Self {
            views: Expiring::large(),
            readers: Expiring::large(),
            crowd: Crowd::large(),
            last_row: 0,
        }
    }

    /// The view of that id, where it was seen in the 24 h before `at`.
    pub(in crate::store) fn view(&self, view: &[u8; 16], at: UnixSeconds) -> Option<ViewSeen> {
        self.views
            .get(view)
            .filter(|(seen, _)| is_within(ID_LIFE, *seen, at))
            .map(|(_, seen)| *seen)
    }

    /// How often the reader was counted for the article in the 30 minutes that `at` lies in.
    pub(in crate::store) fn counted(
        &self,
        article: ArticleNo,
        reader: CountedReader,
        at: UnixSeconds,
    ) -> u16 {
        match self.readers.get(&(article, reader)) {
            Some((since, counted)) if is_within(REPEAT_LIFE, *since, at) => *counted,
            _ => 0,
        }
    }

    /// Whether this key was ever counted for the article: as a key lives a day, today.
    pub(in crate::store) fn has_read(&self, article: ArticleNo, reader: CountedReader) -> bool {
        self.readers.get(&(article, reader)).is_some()
    }

    /// Puts in a view as it was committed.
    pub(in crate::store) fn put_view(&mut self, seen: ViewSeen) {
        *self.views.entry(seen.view, || (seen.at, seen)) = (seen.at, seen);
    }

    /// The first view of the half hour in which the reader was last counted for the article, and how many
    /// were in it.
    pub(in crate::store) fn reader(
        &self,
        article: ArticleNo,
        reader: CountedReader,
    ) -> Option<(UnixSeconds, u16)> {
        self.readers.get(&(article, reader)).copied()
    }

    /// Puts in a reader as it was committed.
    pub(in crate::store) fn put_reader(
        &mut self,
        article: ArticleNo,
        reader: CountedReader,
        (since, counted): (UnixSeconds, u16),
    ) {
        *self.readers.entry((article, reader), || (since, counted)) = (since, counted);
    }

    /// To put in who was new.
    pub(in crate::store) fn crowd_mut(&mut self) -> &mut Crowd {
        &mut self.crowd
    }

    /// Who is new to an article today.
    pub(in crate::store) fn crowd(&self) -> &Crowd {
        &self.crowd
    }

    /// Takes over changes that have been committed.
    pub(in crate::store) fn apply(&mut self, changes: &[Change], last_row: i64) {
        for change in changes {
            self.apply_one(change);
        }
        self.last_row = self.last_row.max(last_row);
    }

    /// Takes over one change.
    pub(in crate::store) fn apply_one(&mut self, change: &Change) {
        self.put_view(change.seen);
        self.apply_reader(change);
    }

    /// Takes over who was counted by it, and not the view.
    pub(in crate::store) fn apply_reader(&mut self, change: &Change) {
        let seen = change.seen;
        if let Some(reader) = change.reader {
            let (since, counted) = self.readers.entry((seen.article, reader), || (seen.at, 0));
            if !is_within(REPEAT_LIFE, *since, seen.at) {
                (*since, *counted) = (seen.at, 0);
            }
            *counted += 1;
        }
        if let Some(place) = change.place {
            self.crowd.enter(change.day, seen.article, place);
        }
    }

    /// Forgets what no window holds any more at `now`.
    pub(in crate::store) fn expire(&mut self, now: UnixSeconds) {
        self.views.expire(ID_LIFE, now);
        self.readers.expire(READER_LIFE, now);
    }

    /// Entries of all of them.
    pub(in crate::store) fn len(&self) -> usize {
        self.views.len() + self.readers.len()
    }
}

/// The window of shares.
#[derive(Default)]
pub(in crate::store) struct ShareWindow {
    shares: Expiring<[u8; 16], ()>,
    /// The last row of the log that is in here.
    pub(in crate::store) last_row: i64,
}

/// A share that counted.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct ShareSeen {
    /// The browser's id.
    pub(in crate::store) share: [u8; 16],
    /// When it was seen.
    pub(in crate::store) at: UnixSeconds,
}

/// Shares in the order they were counted.
#[derive(Default)]
pub(in crate::store) struct SharesSeen {
    /// In order.
    pub(in crate::store) seen: Vec<ShareSeen>,
    /// The row of the log that the last of them has; 0 without any.
    pub(in crate::store) last_row: i64,
}

impl ShareWindow {
    /// Whether a share of that id was seen in the 24 h before `at`.
    pub(in crate::store) fn is_repeat(&self, share: &[u8; 16], at: UnixSeconds) -> bool {
        self.shares.get(share).is_some_and(|(seen, ())| is_within(ID_LIFE, *seen, at))
    }

    /// Takes over shares that have been committed.
    pub(in crate::store) fn apply(&mut self, shares: &SharesSeen) {
        for seen in &shares.seen {
            self.apply_one(*seen);
        }
        self.last_row = self.last_row.max(shares.last_row);
    }

    /// Takes over one share.
    pub(in crate::store) fn apply_one(&mut self, seen: ShareSeen) {
        self.shares.entry(seen.share, || (seen.at, ())).0 = seen.at;
    }

    /// Forgets what the window does not hold any more at `now`.
    pub(in crate::store) fn expire(&mut self, now: UnixSeconds) {
        self.shares.expire(ID_LIFE, now);
    }

    /// Its entries.
    pub(in crate::store) fn len(&self) -> usize {
        self.shares.len()
    }
}
