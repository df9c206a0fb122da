//! Decides which views of a batch count. Nothing is changed here but the batch's own notes.

use super::counters::ViewCounters;
use super::windows::{Change, CountedReader, ViewSeen, ViewWindows};
use super::{Readable, crowd};
use crate::clock::UnixSeconds;
use crate::store::{Outcome, PartnerNo, Reader, Refusal, View};

/// A deeply read view saw at least this much of the text, in per cent.
const DEEP: u8 = 75;

/// A batch that is being decided, over the windows as they are.
pub(in crate::store) struct Fold<'a> {
    windows: &'a ViewWindows,
    /// What the batch itself adds to the windows.
    added: ViewWindows,
    changes: Vec<Change>,
    counters: ViewCounters,
}

/// What a batch changes.
pub(in crate::store) struct Folded {
    /// In order.
    pub(in crate::store) changes: Vec<Change>,
    /// What the counters gain.
    pub(in crate::store) counters: ViewCounters,
}

impl<'a> Fold<'a> {
    /// An empty batch.
    pub(in crate::store) fn new(windows: &'a ViewWindows) -> Self {
        Self {
            windows,
            added: ViewWindows::default(),
            changes: Vec::new(),
            counters: ViewCounters::default(),
        }
    }

    /// Whether the view is one whose partner is to be known by it: it will count, or its partner is
    /// what it is refused for.
    pub(in crate::store) fn makes_known(&self, view: &View, article: Readable) -> bool {
        match view.refused {
            Some(refusal) => refusal == Refusal::Partner,
            None => self.seen(view).is_none() && !self.is_repeat(view, article),
        }
    }

    /// Decides one view of an article that readers may see.
    ///
    /// A refused one is not remembered by its id: a flood of them must fill neither memory nor disk.
    pub(in crate::store) fn add(
        &mut self,
        view: &View,
        article: Readable,
        partner: PartnerNo,
    ) -> Outcome {
        if let Some(refusal) = view.refused {
            let row = self.counters.row(view.at, article.no, partner);
            row.raw += 1;
            match refusal {
                Refusal::Bot => row.bot += 1,
                Refusal::Rate => row.rate += 1,
                Refusal::Partner => row.unknown += 1,
            }
            return Outcome::Refused(refusal);
        }
        match self.seen(view) {
            Some(seen) if seen.article == article.no => self.raise(view, seen, article),
            // An id counts once, whatever it names later.
            Some(_) => self.refuse_repeat(view, article, partner),
            None => self.decide(view, article, partner),
        }
    }

    /// What is to be written.
    pub(in crate::store) fn finish(self) -> Folded {
        Folded { changes: self.changes, counters: self.counters }
    }

    fn seen(&self, view: &View) -> Option<ViewSeen> {
        let find = |windows: &ViewWindows| windows.view(&view.view, view.at);
        find(&self.added).or_else(|| find(self.windows))
    }

    /// A view that is there already: the most of what was said stands. What it gains counts in the hour
    /// it is told in: an hour that is over changes no more.
    fn raise(&mut self, view: &View, seen: ViewSeen, article: Readable) -> Outcome {
        let (seconds, depth) = (seen.seconds.max(view.seconds), seen.depth.max(view.depth));
        let deep = seen.deep || is_deep(seconds, depth, article);
        let raised = ViewSeen { seconds, depth, deep, ..seen };
        if raised != seen {
            if seen.counted {
                let row = self.counters.row(view.at, seen.article, seen.partner);
                row.seconds += i64::from(seconds - seen.seconds);
                row.depth += i64::from(depth - seen.depth);
                row.deep += i64::from(deep) - i64::from(seen.deep);
            }
            self.change(Change { seen: raised, day: view.reader.day, reader: None, place: None });
        }
        Outcome::Raised
    }

    fn decide(&mut self, view: &View, article: Readable, partner: PartnerNo) -> Outcome {
        let (reader, day) = (CountedReader::today(&view.reader), view.reader.day);
        let mut seen = ViewSeen {
            view: view.view,
            at: view.at,
            article: article.no,
            partner,
            counted: false,
            seconds: view.seconds,
            depth: view.depth,
            deep: is_deep(view.seconds, view.depth, article),
        };
        if self.was_counted(view, article) {
            // Its id is kept: later beacons of it raise nothing, and count nothing either.
            self.change(Change { seen, day, reader: None, place: None });
            return self.refuse_repeat(view, article, partner);
        }
        let is_new = self.is_new(article, reader);
        if is_new && self.is_crowded(view, article) {
            // As with what is refused, its id is not kept.
            return self.refuse_repeat(view, article, partner);
        }
        seen.counted = true;
        // Who those are today who ask not to be followed is not known.
        let new_reader = is_new && !view.reader.private;
        let row = self.counters.row(view.at, article.no, partner);
        row.raw += 1;
        row.counted += 1;
        row.readers += i64::from(new_reader);
        row.seconds += i64::from(view.seconds);
        row.depth += i64::from(view.depth);
        row.deep += i64::from(seen.deep);
        if let Some(mark) = &view.share {
            self.counters.arrive(view.at, article.no, mark);
        }
        let place = is_new.then_some(view.reader.place);
        self.change(Change { seen, day, reader: Some(reader), place });
        Outcome::Counted { new_reader }
    }

    fn refuse_repeat(&mut self, view: &View, article: Readable, partner: PartnerNo) -> Outcome {
        let row = self.counters.row(view.at, article.no, partner);
        row.raw += 1;
        row.repeat += 1;
        Outcome::Repeat
    }

    /// Whether the view, whose id is new, counts as a repeat.
    fn is_repeat(&self, view: &View, article: Readable) -> bool {
        let is_new = || self.is_new(article, CountedReader::today(&view.reader));
        self.was_counted(view, article) || (is_new() && self.is_crowded(view, article))
    }

    /// Whether the reader was counted in this half hour as often as they may be.
    fn was_counted(&self, view: &View, article: Readable) -> bool {
        let both_days =
            [CountedReader::today(&view.reader), CountedReader::yesterday(&view.reader)];
        let counted = |windows: &ViewWindows| -> u16 {
            both_days.iter().map(|reader| windows.counted(article.no, *reader, view.at)).sum()
        };
        counted(&self.added) + counted(self.windows) >= view.reader.allowance
    }

    /// Whether the key is here for the first time today.
    fn is_new(&self, article: Readable, reader: CountedReader) -> bool {
        ![&self.added, self.windows].iter().any(|windows| windows.has_read(article.no, reader))
    }

    fn is_crowded(&self, view: &View, article: Readable) -> bool {
        let crowds = [self.windows.crowd(), self.added.crowd()];
        let Reader { day, place, allowance, .. } = view.reader;
        crowd::is_full(crowds, day, article.no, place, allowance)
    }

    fn change(&mut self, change: Change) {
        self.added.apply_one(&change);
        self.changes.push(change);
    }
}

fn is_deep(seconds: u32, depth: u8, article: Readable) -> bool {
    depth >= DEEP && seconds >= article.deep_after
}

/// The latest time in a batch.
pub(in crate::store) fn latest(batch: &[View]) -> Option<UnixSeconds> {
    batch.iter().map(|view| view.at).max()
}
