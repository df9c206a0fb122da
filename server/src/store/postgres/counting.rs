//! What counts, on a database that many servers share.
//!
//! A group is decided by the same rules as everywhere ([`crate::store::counting`]), over what the tables of the
//! dedupe windows hold of its views and readers ([`windows`]). What it finds there stays locked until its commit,
//! and what it does not find it adds under a unique key: where another server has been quicker, nothing of the
//! group is committed, and it is decided anew. Counters are rows of this server's own ([`counters`]).

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use deadpool_postgres::{Client, Transaction};
use futures_util::{TryFutureExt, try_join};
use tokio::time::error::Elapsed;
use tokio::time::timeout;
use tokio_postgres::IsolationLevel;

use super::clock::skew;
use super::error::{is_conflict, leads_elsewhere};
use super::group::Recorder;
use super::pool::Pools;
use super::sql::in_pieces;
use crate::clock::UnixSeconds;
use crate::store::counting::shares;
use crate::store::counting::views::{self, Folded};
use crate::store::counting::windows::{CountedReader, ShareWindow, ViewWindows};
use crate::store::{Outcome, Refusal, Share, StoreError, View};
use names::Names;

mod counters;
mod names;
mod windows;

/// How often a group is decided anew before its callers are told to come again.
const TRIES: u32 = 5;
/// Readers kept in memory who ask not to be followed.
const PRIVATE: usize = 1_000_000;
/// A commit that takes longer stands still: its callers are told to come again, and learn then whether it was made.
const LONGEST: Duration = Duration::from_secs(20);

/// Why a group was not committed.
enum Failure {
    /// Another server's commit was in the way: the same at once may succeed.
    Conflict,
    Store(StoreError),
}

impl<E: Into<StoreError>> From<E> for Failure {
    fn from(error: E) -> Self {
        match error.into() {
            // Of two that wait for each other, say for the same two new partners, one is told so by its statement.
            StoreError::Unavailable(cause)
                if cause.downcast_ref::<tokio_postgres::Error>().is_some_and(is_conflict) =>
            {
                Self::Conflict
            }
            error => Self::Store(error),
        }
    }
}

/// Records views for one server.
pub(super) struct Views {
    pools: Pools,
    node: Arc<AtomicI64>,
    /// Readers who ask not to be followed, as far as they came to this server: they are in no table.
    private: ViewWindows,
}

/// Records shares for one server.
pub(super) struct Shares {
    pools: Pools,
    node: Arc<AtomicI64>,
}

impl Views {
    pub(super) fn new(pools: Pools, node: Arc<AtomicI64>) -> Self {
        Self { pools, node, private: ViewWindows::large() }
    }

    /// Decides and records views of one day in one commit.
    async fn record_day(&mut self, batch: &[View]) -> Result<Vec<Outcome>, StoreError> {
        for _ in 0..TRIES {
            let mut client = self.pools.for_writing().await?;
            let trying = timeout(LONGEST, self.try_record(&mut client, batch)).await;
            if let Some(outcomes) = ended(trying, client, &self.pools)? {
                return Ok(outcomes);
            }
        }
        Err(overtaken())
    }

    async fn try_record(
        &mut self,
        client: &mut Client,
        batch: &[View],
    ) -> Result<Vec<Outcome>, Failure> {
        self.private.expire(views::latest(batch).unwrap_or_default());
        let (names, skew) = try_join!(
            Names::read(
                client,
                batch.iter().map(|view| &view.article),
                batch.iter().map(|view| &view.partner),
            ),
            skew(client),
        )?;
        let batch = self.as_decided(batch, skew);
        let transaction = begin(client).await?;
        let recorded = self.record_in(&transaction, names, &batch).await?;
        committed(transaction).await?;
        let (outcomes, Folded { changes, .. }) = recorded;
        for change in changes {
            if matches!(change.reader, Some(CountedReader::Private(_))) {
                self.private.apply_reader(&change);
            }
        }
        Ok(outcomes)
    }

    async fn record_in(
        &self,
        transaction: &Transaction<'_>,
        mut names: Names,
        batch: &[View],
    ) -> Result<(Vec<Outcome>, Folded), Failure> {
        let mut windows = windows::read(transaction, &names, batch, &self.private).await?;
        let mut fold = views::Fold::new(&windows.views);
        let mut outcomes = Vec::with_capacity(batch.len());
        for view in batch {
            outcomes.push(match names.readable(&view.article, view.at) {
                Some(article) => {
                    let partner = if fold.makes_known(view, article) {
                        names.partner(transaction, &view.partner, view.at).await?
                    } else {
                        names.known_partner(transaction, &view.partner, view.at).await?
                    };
                    fold.add(view, article, partner)
                }
                None => Outcome::UnknownArticle,
            });
        }
        let folded = fold.finish();
        windows.views.apply(&folded.changes, 0);
        let node = self.node.load(Ordering::Relaxed);
        // On their way together: none waits for another's answer.
        try_join!(
            windows::write(transaction, &windows, &folded.changes, node),
            counters::add_views(transaction, &folded.counters, node).map_err(Failure::from),
        )?;
        Ok((outcomes, folded))
    }

    /// By the database's clock; without readers who cannot be told apart for want of room.
    fn as_decided(&self, batch: &[View], skew: UnixSeconds) -> Vec<View> {
        let is_full = self.private.len() >= PRIVATE;
        let mut batch = batch.to_vec();
        for view in &mut batch {
            view.at += skew;
            if is_full && view.reader.private {
                view.refused.get_or_insert(Refusal::Rate);
            }
        }
        batch
    }
}

impl Recorder<View> for Views {
    async fn record(&mut self, batch: &[View]) -> Result<Vec<Outcome>, StoreError> {
        let mut outcomes = Vec::with_capacity(batch.len());
        // Over a midnight, two commits.
        for day in batch.chunk_by(|one, next| one.reader.day == next.reader.day) {
            outcomes.extend(self.record_day(day).await?);
        }
        Ok(outcomes)
    }

    fn reset(&mut self) {
        self.private = ViewWindows::large();
    }
}

impl Shares {
    pub(super) fn new(pools: Pools, node: Arc<AtomicI64>) -> Self {
        Self { pools, node }
    }

    async fn try_record(
        &self,
        client: &mut Client,
        batch: &[Share],
    ) -> Result<Vec<Outcome>, Failure> {
        let (mut names, skew) = try_join!(
            Names::read(
                client,
                batch.iter().map(|share| &share.article),
                batch.iter().map(|share| &share.partner),
            ),
            skew(client),
        )?;
        let mut batch = batch.to_vec();
        batch.iter_mut().for_each(|share| share.at += skew);
        let transaction = begin(client).await?;
        let known = windows::read_shares(&transaction, &batch).await?;
        let mut window = ShareWindow::default();
        known.values().for_each(|seen| window.apply_one(*seen));
        let mut fold = shares::Fold::new(&window);
        let mut outcomes = Vec::with_capacity(batch.len());
        for share in &batch {
            outcomes.push(match names.readable(&share.article, share.at) {
                Some(article) => {
                    let partner = if fold.will_count(share) {
                        names.partner(&transaction, &share.partner, share.at).await?
                    } else {
                        names.known_partner(&transaction, &share.partner, share.at).await?
                    };
                    fold.add(share, article.no, partner)
                }
                None => Outcome::UnknownArticle,
            });
        }
        let (seen, gained) = fold.finish();
        let node = self.node.load(Ordering::Relaxed);
        windows::write_shares(&transaction, &known, &seen).await?;
        counters::add_shares(&transaction, &gained, node).await?;
        committed(transaction).await?;
        Ok(outcomes)
    }
}

impl Recorder<Share> for Shares {
    async fn record(&mut self, batch: &[Share]) -> Result<Vec<Outcome>, StoreError> {
        for _ in 0..TRIES {
            let mut client = self.pools.for_writing().await?;
            let trying = timeout(LONGEST, self.try_record(&mut client, batch)).await;
            if let Some(outcomes) = ended(trying, client, &self.pools)? {
                return Ok(outcomes);
            }
        }
        Err(overtaken())
    }

    fn reset(&mut self) {}
}

async fn begin(client: &mut Client) -> Result<Transaction<'_>, Failure> {
    // What the rules rest on, whatever the database's default is.
    let transaction = client.build_transaction().isolation_level(IsolationLevel::ReadCommitted);
    Ok(transaction.start().await?)
}

/// What a try came to; nothing where it is to be made anew.
fn ended(
    tried: Result<Result<Vec<Outcome>, Failure>, Elapsed>,
    client: Client,
    pools: &Pools,
) -> Result<Option<Vec<Outcome>>, StoreError> {
    match tried {
        Ok(Ok(outcomes)) => Ok(Some(outcomes)),
        Ok(Err(Failure::Conflict)) => Ok(None),
        Ok(Err(Failure::Store(error))) => {
            if leads_elsewhere(&error) {
                drop(Client::take(client));
                pools.forget_idle();
            }
            Err(error)
        }
        Err(_) => {
            give_up(client);
            let late = anyhow::anyhow!("no answer in {} s", LONGEST.as_secs());
            Err(StoreError::Unavailable(late))
        }
    }
}

/// A connection that has not answered in time is not used again, and has its place among the others until the database has
/// done what it was asked, or is gone: a commit that waits for a standby does not notice that nobody waits for it.
fn give_up(client: Client) {
    tokio::spawn(async move {
        // Whatever comes of it, it has come to its end by then.
        let _ = client.batch_execute("/* is_over */ select 1").await;
        drop(Client::take(client));
    });
}

fn overtaken() -> StoreError {
    StoreError::Unavailable(anyhow::anyhow!("other servers were quicker {TRIES} times"))
}

async fn committed(transaction: Transaction<'_>) -> Result<(), Failure> {
    transaction.commit().await.map_err(|error| {
        if is_conflict(&error) { Failure::Conflict } else { Failure::Store(error.into()) }
    })
}

/// Erases, a piece at a time, what days before `day` have left, and days after tomorrow where a clock was ahead
/// (`day` is yesterday's).
pub(super) async fn forget(client: &Client, day: i64) -> Result<(), StoreError> {
    skew(client).await?;
    // Midnight in UTC is near enough for rows that hold no reader.
    let midnight = |day: i64| day * 86_400;
    for (sql, bound) in [
        (FORGET_READERS_BEFORE, day),
        (FORGET_READERS_AFTER, day + 2),
        (FORGET_CROWD_BEFORE, day),
        (FORGET_CROWD_AFTER, day + 2),
        (FORGET_VIEWS_BEFORE, midnight(day - 1)),
        (FORGET_VIEWS_AFTER, midnight(day + 4)),
        (FORGET_SHARES_BEFORE, midnight(day - 1)),
        (FORGET_SHARES_AFTER, midnight(day + 4)),
    ] {
        in_pieces(client, sql, bound).await?;
    }
    Ok(())
}

/// A piece of the rows on one side of a bound, along the index that has it.
macro_rules! forget {
    ($name:literal, $table:literal, $key:literal, $bound:literal, $side:literal) => {
        concat!(
            "/* ",
            $name,
            " */ delete from ",
            $table,
            " where ",
            $bound,
            " ",
            $side,
            " $1 and (",
            $key,
            ") in (select ",
            $key,
            " from ",
            $table,
            " where ",
            $bound,
            " ",
            $side,
            " $1 order by ",
            $bound,
            " limit $2)"
        )
    };
}

const FORGET_READERS_BEFORE: &str =
    forget!("forget_readers", "reader_seen", "article, reader", "day", "<");
const FORGET_READERS_AFTER: &str =
    forget!("forget_early_readers", "reader_seen", "article, reader", "day", ">");
const FORGET_CROWD_BEFORE: &str =
    forget!("forget_crowd", "crowd", "day, article, place, node", "day", "<");
const FORGET_CROWD_AFTER: &str =
    forget!("forget_early_crowd", "crowd", "day, article, place, node", "day", ">");
const FORGET_VIEWS_BEFORE: &str = forget!("forget_views", "view_seen", "view", "at", "<");
const FORGET_VIEWS_AFTER: &str = forget!("forget_early_views", "view_seen", "view", "at", ">");
const FORGET_SHARES_BEFORE: &str = forget!("forget_shares", "share_seen", "share", "at", "<");
const FORGET_SHARES_AFTER: &str = forget!("forget_early_shares", "share_seen", "share", "at", ">");
