//! What counts, and how it is written.
//!
//! The dedupe windows are kept in memory ([`windows`]) and on disk only as an append-only log
//! ([`log`]), read back when a process starts. A batch is decided in order ([`views`]), folded by
//! counter row ([`counters`]), and written in one transaction; the memory changes after it has been
//! committed, so that a batch that fails leaves no trace.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::store::{Outcome, Share, StoreError, UnixSeconds, View};
use names::Names;
use windows::{ShareWindow, ViewWindows};

mod counters;
mod log;
mod names;
mod shares;
mod views;
mod windows;

pub(super) use log::forget;
pub(super) use names::partner_by_mark;

/// An article's row number.
type ArticleNo = u32;
/// A partner's row number.
type PartnerNo = u32;

/// What the writer remembers between batches. A fresh one reads everything back from the disk.
#[derive(Default)]
pub(super) struct Counting {
    names: Names,
    views: ViewWindows,
    shares: ShareWindow,
}

impl Counting {
    /// Decides and records views in one commit.
    pub(super) fn record_views(
        &mut self,
        connection: &mut Connection,
        batch: &[View],
    ) -> Result<Vec<Outcome>, StoreError> {
        let Self { names, views, .. } = self;
        commit(connection, names, |transaction, names| {
            log::read_views(transaction, views)?;
            if let Some(latest) = batch.iter().map(|view| view.at).max() {
                views.expire(latest);
            }
            let mut fold = views::Fold::new(views);
            let mut outcomes = Vec::with_capacity(batch.len());
            for view in batch {
                outcomes.push(match names.readable(transaction, &view.article, view.at)? {
                    Some(article) => {
                        let partner = names.partner(transaction, &view.partner, view.at)?;
                        fold.add(view, article, partner)
                    }
                    None => Outcome::UnknownArticle,
                });
            }
            Ok((outcomes, fold.write(transaction)?))
        })
        .map(|(outcomes, changes)| {
            views.apply(&changes);
            outcomes
        })
    }

    /// Decides and records shares in one commit.
    pub(super) fn record_shares(
        &mut self,
        connection: &mut Connection,
        batch: &[Share],
    ) -> Result<Vec<Outcome>, StoreError> {
        let Self { names, shares, .. } = self;
        commit(connection, names, |transaction, names| {
            log::read_shares(transaction, shares)?;
            if let Some(latest) = batch.iter().map(|share| share.at).max() {
                shares.expire(latest);
            }
            let mut fold = shares::Fold::new(shares);
            let mut outcomes = Vec::with_capacity(batch.len());
            for share in batch {
                outcomes.push(match names.readable(transaction, &share.article, share.at)? {
                    Some(article) => {
                        let partner = names.partner(transaction, &share.partner, share.at)?;
                        fold.add(share, article, partner)
                    }
                    None => Outcome::UnknownArticle,
                });
            }
            Ok((outcomes, fold.write(transaction)?))
        })
        .map(|(outcomes, changes)| {
            shares.apply(&changes);
            outcomes
        })
    }

    /// Articles have changed: what is known of them is asked again.
    pub(super) fn forget_articles(&mut self) {
        self.names.forget();
    }
}

/// Runs `work` in a transaction. Names that a failed one has given out are forgotten with it.
fn commit<T>(
    connection: &mut Connection,
    names: &mut Names,
    work: impl FnOnce(&Transaction<'_>, &mut Names) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let run = || {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        names.refresh(&transaction)?;
        let result = work(&transaction, names)?;
        transaction.commit()?;
        Ok(result)
    };
    let result = run();
    if result.is_err() {
        names.forget();
    }
    result
}

/// The hour of `at`, in hours since 1970.
pub(super) fn hour(at: UnixSeconds) -> i64 {
    at.div_euclid(3600)
}
