//! Decides which views of a batch count. Nothing is changed here but the batch's own notes.

use rusqlite::Transaction;

use super::counters::ViewCounters;
use super::windows::{Change, Changes, CountedReader, ViewSeen, ViewWindows};
use super::{ArticleNo, PartnerNo, log};
use crate::store::{Outcome, Reader, Refusal, StoreError, View};

/// A batch that is being decided, over the windows as they are.
pub(super) struct Fold<'a> {
    windows: &'a ViewWindows,
    /// What the batch itself adds to the windows.
    added: ViewWindows,
    changes: Vec<Change>,
    counters: ViewCounters,
}

impl<'a> Fold<'a> {
    /// An empty batch.
    pub(super) fn new(windows: &'a ViewWindows) -> Self {
        Self {
            windows,
            added: ViewWindows::default(),
            changes: Vec::new(),
            counters: ViewCounters::default(),
        }
    }

    /// Whether the view is one that will count.
    pub(super) fn will_count(&self, view: &View, article: ArticleNo) -> bool {
        view.refused.is_none() && self.seen(view).is_none() && !self.is_repeat(view, article)
    }

    /// Decides one view of an article that readers may see.
    ///
    /// A refused one is not remembered by its id: a flood of them must fill neither memory nor disk.
    pub(super) fn add(&mut self, view: &View, article: ArticleNo, partner: PartnerNo) -> Outcome {
        if let Some(refusal) = view.refused {
            let row = self.counters.row(view.at, article, partner);
            row.raw += 1;
            match refusal {
                Refusal::Bot => row.bot += 1,
                Refusal::Rate => row.rate += 1,
            }
            return Outcome::Refused(refusal);
        }
        match self.seen(view) {
            Some(seen) if seen.article == article => self.raise(view, seen),
            // An id counts once, whatever it names later.
            Some(_) => self.refuse_repeat(view, article, partner),
            None => self.decide(view, article, partner),
        }
    }

    /// Writes the counters and the log.
    pub(super) fn write(self, transaction: &Transaction<'_>) -> Result<Changes, StoreError> {
        self.counters.write(transaction)?;
        let last_row = log::append_views(transaction, self.windows.last_row, &self.changes)?;
        Ok(Changes { changes: self.changes, last_row })
    }

    fn seen(&self, view: &View) -> Option<ViewSeen> {
        let find = |windows: &ViewWindows| windows.view(&view.view, view.at);
        find(&self.added).or_else(|| find(self.windows))
    }

    /// A view that is there already: the most of what was said stands, in the hour it began in.
    fn raise(&mut self, view: &View, seen: ViewSeen) -> Outcome {
        let raised = ViewSeen {
            seconds: seen.seconds.max(view.seconds),
            depth: seen.depth.max(view.depth),
            ..seen
        };
        if raised != seen {
            if seen.counted {
                let row = self.counters.row(seen.at, seen.article, seen.partner);
                row.seconds += i64::from(raised.seconds - seen.seconds);
                row.depth += i64::from(raised.depth - seen.depth);
            }
            self.change(raised, view.reader.day, None);
        }
        Outcome::Raised
    }

    fn decide(&mut self, view: &View, article: ArticleNo, partner: PartnerNo) -> Outcome {
        let is_repeat = self.is_repeat(view, article);
        let seen = ViewSeen {
            view: view.view,
            at: view.at,
            article,
            partner,
            counted: !is_repeat,
            seconds: view.seconds,
            depth: view.depth,
        };
        if is_repeat {
            // Its id is kept: later beacons of it raise nothing, and count nothing either.
            self.change(seen, view.reader.day, None);
            return self.refuse_repeat(view, article, partner);
        }
        let new_reader = self.is_new(article, view.reader);
        let row = self.counters.row(view.at, article, partner);
        row.raw += 1;
        row.counted += 1;
        row.readers += i64::from(new_reader);
        row.seconds += i64::from(view.seconds);
        row.depth += i64::from(view.depth);
        if let Some(mark) = &view.share {
            self.counters.arrive(view.at, article, mark);
        }
        self.change(seen, view.reader.day, Some(today(view.reader)));
        Outcome::Counted { new_reader }
    }

    fn refuse_repeat(&mut self, view: &View, article: ArticleNo, partner: PartnerNo) -> Outcome {
        let row = self.counters.row(view.at, article, partner);
        row.raw += 1;
        row.repeat += 1;
        Outcome::Repeat
    }

    fn is_repeat(&self, view: &View, article: ArticleNo) -> bool {
        let both_days = [today(view.reader), CountedReader::Keyed(view.reader.yesterday)];
        both_days.into_iter().any(|reader| {
            [&self.added, self.windows].iter().any(|w| w.is_repeat(article, reader, view.at))
        })
    }

    /// Whether this is the reader's first counted view of the article today. Never for those who ask
    /// not to be followed: who they are today is not known.
    fn is_new(&self, article: ArticleNo, reader: Reader) -> bool {
        let has_read = |windows: &ViewWindows| windows.has_read(article, reader.today);
        !reader.private && !has_read(&self.added) && !has_read(self.windows)
    }

    fn change(&mut self, seen: ViewSeen, day: i64, reader: Option<CountedReader>) {
        let change = Change { seen, day, reader };
        self.added.apply_one(&change);
        self.changes.push(change);
    }
}

fn today(reader: Reader) -> CountedReader {
    if reader.private {
        CountedReader::Private(reader.today)
    } else {
        CountedReader::Keyed(reader.today)
    }
}
