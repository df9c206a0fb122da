//! What counts, and how it is written.
//!
//! A batch is decided in order ([`views`]) over the dedupe windows, which are kept in memory
//! ([`windows`]). What it changes in them and adds to the counters is one row of an append-only log
//! ([`log`]), and that row is all that its commit has to write. The counters' tables get many batches
//! at once ([`pending`]). Memory changes after the commit, so that a batch that fails leaves no trace;
//! a process that starts reads back from the log what the one before it had in memory.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::store::counting::shares;
use crate::store::counting::views::{self, Folded};
use crate::store::counting::windows::{ShareWindow, SharesSeen, ViewWindows};
use crate::store::{ArticleNo, Outcome, PartnerNo, Share, StoreError, View};
use names::Names;
use pending::Pending;

mod counters;
mod log;
mod names;
mod pending;

pub(super) use log::{copy_log_without_readers, each_change, forget};
pub(super) use names::{partner_by_mark, partner_no};

/// Entries of the windows: at most about 1 GB of memory, and five million counted views a day.
const CAPACITY: usize = 10_000_000;

/// What the writer remembers between batches. A fresh one reads everything back from the disk.
pub(super) struct Counting {
    names: Names,
    views: ViewWindows,
    pending: Pending,
    shares: ShareWindow,
    capacity: usize,
}

impl Default for Counting {
    fn default() -> Self {
        Self::with_capacity(CAPACITY)
    }
}

impl Counting {
    /// With windows of as many entries.
    fn with_capacity(capacity: usize) -> Self {
        let (names, pending, shares) = Default::default();
        Self { names, views: ViewWindows::large(), pending, shares, capacity }
    }

    /// Decides and records views in one commit.
    pub(super) fn record_views(
        &mut self,
        connection: &mut Connection,
        batch: &[View],
    ) -> Result<Vec<Outcome>, StoreError> {
        let recorded = self.commit(connection, |this, transaction| {
            let Some(at) = views::latest(batch) else { return Ok(None) };
            this.views.expire(at);
            check_room(this.views.len(), this.capacity)?;
            let (outcomes, Folded { changes, counters }) = this.decide(transaction, batch)?;
            let last_row = this.views.last_row;
            let last_row = log::append_views(transaction, last_row, at, &changes, &counters)?;
            this.pending.add(&counters, last_row);
            if this.pending.is_due() {
                this.pending.write(transaction)?;
            }
            Ok(Some((outcomes, changes, last_row)))
        })?;
        let Some((outcomes, changes, last_row)) = recorded else { return Ok(Vec::new()) };
        self.views.apply(&changes, last_row);
        Ok(outcomes)
    }

    /// Decides and records shares in one commit.
    pub(super) fn record_shares(
        &mut self,
        connection: &mut Connection,
        batch: &[Share],
    ) -> Result<Vec<Outcome>, StoreError> {
        let (outcomes, changes) = self.commit(connection, |this, transaction| {
            let Self { names, shares, capacity, .. } = this;
            log::read_shares(transaction, shares)?;
            if let Some(latest) = batch.iter().map(|share| share.at).max() {
                shares.expire(latest);
            }
            check_room(shares.len(), *capacity)?;
            let last_row = shares.last_row;
            let mut fold = shares::Fold::new(shares);
            let mut outcomes = Vec::with_capacity(batch.len());
            for share in batch {
                outcomes.push(match names.readable(transaction, &share.article, share.at)? {
                    Some(article) => {
                        let partner = if fold.will_count(share) {
                            names.partner(transaction, &share.partner, share.at)?
                        } else {
                            names.known_partner(transaction, &share.partner, share.at)?
                        };
                        fold.add(share, article.no, partner)
                    }
                    None => Outcome::UnknownArticle,
                });
            }
            let (seen, gained) = fold.finish();
            counters::add_shares(transaction, &gained)?;
            let last_row = log::append_shares(transaction, last_row, &seen)?;
            Ok((outcomes, SharesSeen { seen, last_row }))
        })?;
        self.shares.apply(&changes);
        Ok(outcomes)
    }

    /// Brings the counters' tables to where the log is.
    pub(super) fn settle(&mut self, connection: &mut Connection) -> Result<(), StoreError> {
        self.commit(connection, |this, transaction| {
            if this.pending.is_empty() { Ok(()) } else { this.pending.write(transaction) }
        })
    }

    /// Articles have changed: what is known of them is asked again.
    pub(super) fn forget_articles(&mut self) {
        self.names.forget_articles();
    }

    fn decide(
        &mut self,
        transaction: &Transaction<'_>,
        batch: &[View],
    ) -> Result<(Vec<Outcome>, Folded), StoreError> {
        let Self { names, views, .. } = self;
        let mut fold = views::Fold::new(views);
        let mut outcomes = Vec::with_capacity(batch.len());
        for view in batch {
            outcomes.push(match names.readable(transaction, &view.article, view.at)? {
                Some(article) => {
                    let partner = if fold.makes_known(view, article) {
                        names.partner(transaction, &view.partner, view.at)?
                    } else {
                        names.known_partner(transaction, &view.partner, view.at)?
                    };
                    fold.add(view, article, partner)
                }
                None => Outcome::UnknownArticle,
            });
        }
        Ok((outcomes, fold.finish()))
    }

    /// Runs `work` in a transaction, over what other processes have committed. What a failed one has
    /// given out or noted is asked for again.
    fn commit<T>(
        &mut self,
        connection: &mut Connection,
        work: impl FnOnce(&mut Self, &Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let result = self.try_commit(connection, work);
        if result.is_err() {
            self.names.forget();
            self.pending.invalidate();
        }
        result
    }

    fn try_commit<T>(
        &mut self,
        connection: &mut Connection,
        work: impl FnOnce(&mut Self, &Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if self.names.refresh(&transaction)? {
            self.pending.follow(&transaction)?;
            log::read_counters(&transaction, &mut self.pending)?;
            log::read_views(&transaction, &mut self.views)?;
            // Rows that are erased give no number away again.
            self.views.last_row = self.views.last_row.max(self.pending.last_row());
        }
        let result = work(self, &transaction)?;
        transaction.commit()?;
        Ok(result)
    }
}

/// More would end the process for want of memory. What is refused here can be sent again later.
fn check_room(entries: usize, capacity: usize) -> Result<(), StoreError> {
    if entries >= capacity {
        return Err(StoreError::Unavailable(anyhow::anyhow!("the dedupe windows are full")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use article_widget::contract::ArticleId;

    use super::*;
    use crate::clock::UnixSeconds;
    use crate::store::Reader;
    use crate::store::sqlite::connection::open_writer;

    const NOON: UnixSeconds = 1_732_708_800;

    fn database() -> (tempfile::TempDir, Connection) {
        let folder = tempfile::tempdir().unwrap();
        let connection = open_writer(&folder.path().join("articles.db")).unwrap();
        let article =
            "insert into article (id, json, title, language, status, updated_at, revision)
                       values ('a', '{}', 'A', 'vi', 'usable', 0, x'')";
        connection.execute_batch(article).unwrap();
        (folder, connection)
    }

    fn view(number: u8, at: UnixSeconds) -> View {
        let key = [number; 16];
        View {
            article: ArticleId::parse("a").unwrap(),
            view: key,
            at,
            reader: Reader {
                today: key,
                yesterday: key,
                place: [number; 8],
                day: at / 86_400,
                private: false,
                allowance: 1,
            },
            partner: "".into(),
            seconds: 1,
            depth: 0,
            share: None,
            refused: None,
        }
    }

    #[test]
    fn full_windows_take_nothing_until_time_makes_room() {
        let (_folder, mut connection) = database();
        let mut counting = Counting::with_capacity(4);
        let views = [view(1, NOON), view(2, NOON)];
        counting.record_views(&mut connection, &views).unwrap();
        let refused = counting.record_views(&mut connection, &[view(3, NOON)]);
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
        let later = counting.record_views(&mut connection, &[view(3, NOON + 86_400)]).unwrap();
        assert_eq!(later, [Outcome::Counted { new_reader: true }]);
    }

    #[test]
    fn a_start_reads_no_more_of_the_log_than_the_windows_hold() {
        let (_folder, mut connection) = database();
        let mut counting = Counting::default();
        for (number, at) in [(1, NOON), (2, NOON + 30 * 3600), (3, NOON + 31 * 3600)] {
            counting.record_views(&mut connection, &[view(number, at)]).unwrap();
        }
        let mut fresh = Counting::default();
        fresh.record_views(&mut connection, &[]).unwrap();
        assert_eq!((fresh.views.len(), fresh.views.last_row), (4, counting.views.last_row));
    }
}
