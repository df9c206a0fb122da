//! What counts, on a database that many servers share.
//!
//! A group is decided by the same rules as everywhere ([`crate::store::counting`]), over what the tables of the
//! dedupe windows hold of its views and readers ([`windows`]). What it finds there stays locked until its commit,
//! and what it does not find it adds under a unique key: where another server has been quicker, nothing of the
//! group is committed, and it is decided anew. Counters are rows of this server's own ([`counters`]).

use std::collections::BTreeMap;

use deadpool_postgres::{Pool, Transaction};
use futures_util::try_join;

use super::error::is_conflict;
use super::group::Recorder;
use super::sql::{Params, rows};
use crate::clock::{Clock, SystemClock, UnixSeconds};
use crate::store::counting::shares;
use crate::store::counting::views::{self, Folded};
use crate::store::counting::windows::{CountedReader, ShareWindow, ViewWindows};
use crate::store::{Outcome, Share, StoreError, View};
use names::Names;

mod counters;
mod names;
mod windows;

/// How often a group is decided anew before its callers are told to come again.
const TRIES: u32 = 5;
/// Readers kept in memory who ask not to be followed.
const PRIVATE: usize = 1_000_000;
/// A clock that is wrong by less is right.
const SKEW: UnixSeconds = 2;

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
    pool: Pool,
    node: i64,
    /// Readers who ask not to be followed, as far as they came to this server: they are in no table.
    private: ViewWindows,
}

/// Records shares for one server.
pub(super) struct Shares {
    pool: Pool,
    node: i64,
}

impl Views {
    pub(super) fn new(pool: Pool, node: i64) -> Self {
        Self { pool, node, private: ViewWindows::large() }
    }

    /// Decides and records views of one day in one commit.
    async fn record_day(&mut self, batch: &[View]) -> Result<Vec<Outcome>, StoreError> {
        for _ in 0..TRIES {
            match self.try_record(batch).await {
                Ok(outcomes) => return Ok(outcomes),
                Err(Failure::Store(error)) => return Err(error),
                Err(Failure::Conflict) => {}
            }
        }
        Err(overtaken())
    }

    async fn try_record(&mut self, batch: &[View]) -> Result<Vec<Outcome>, Failure> {
        let mut client = self.pool.get().await?;
        let (names, skew) = try_join!(
            Names::read(
                &client,
                batch.iter().map(|view| &view.article),
                batch.iter().map(|view| &view.partner),
            ),
            skew(&client),
        )?;
        let batch = by_its_clock(batch, skew);
        let transaction = client.transaction().await?;
        let recorded = self.record_in(&transaction, names, &batch).await?;
        committed(transaction).await?;
        let (outcomes, Folded { changes, .. }) = recorded;
        self.private.expire(views::latest(&batch).unwrap_or_default());
        for change in changes {
            if matches!(change.reader, Some(CountedReader::Private(_))) {
                self.private.apply_one(&change);
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
        if self.private.len() >= PRIVATE {
            let full = anyhow::anyhow!("too many readers ask not to be followed");
            return Err(StoreError::Unavailable(full).into());
        }
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
        windows::write(transaction, &windows, &folded.changes, self.node).await?;
        counters::add_views(transaction, &folded.counters, self.node).await?;
        Ok((outcomes, folded))
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
    pub(super) fn new(pool: Pool, node: i64) -> Self {
        Self { pool, node }
    }

    async fn try_record(&self, batch: &[Share]) -> Result<Vec<Outcome>, Failure> {
        let mut client = self.pool.get().await?;
        let (mut names, skew) = try_join!(
            Names::read(
                &client,
                batch.iter().map(|share| &share.article),
                batch.iter().map(|share| &share.partner),
            ),
            skew(&client),
        )?;
        let mut batch = batch.to_vec();
        batch.iter_mut().for_each(|share| share.at += skew);
        let transaction = client.transaction().await?;
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
        windows::write_shares(&transaction, &known, &seen).await?;
        counters::add_shares(&transaction, &gained, self.node).await?;
        committed(transaction).await?;
        Ok(outcomes)
    }
}

impl Recorder<Share> for Shares {
    async fn record(&mut self, batch: &[Share]) -> Result<Vec<Outcome>, StoreError> {
        for _ in 0..TRIES {
            match self.try_record(batch).await {
                Ok(outcomes) => return Ok(outcomes),
                Err(Failure::Store(error)) => return Err(error),
                Err(Failure::Conflict) => {}
            }
        }
        Err(overtaken())
    }

    fn reset(&mut self) {}
}

fn overtaken() -> StoreError {
    StoreError::Unavailable(anyhow::anyhow!("other servers were quicker {TRIES} times"))
}

async fn committed(transaction: Transaction<'_>) -> Result<(), Failure> {
    transaction.commit().await.map_err(|error| {
        if is_conflict(&error) { Failure::Conflict } else { Failure::Store(error.into()) }
    })
}

/// How far this machine's clock is behind the database's, which all servers go by: nothing where it is right.
async fn skew(client: &deadpool_postgres::Client) -> Result<UnixSeconds, StoreError> {
    const NOW: &str = "/* now */ select extract(epoch from clock_timestamp())::bigint";
    const NOTHING: Params<'static> = &[];
    let now: UnixSeconds = match rows(client, NOW, NOTHING).await?.first() {
        Some(row) => row.try_get(0)?,
        None => return Ok(0),
    };
    let skew = now - SystemClock.now();
    Ok(if skew.abs() < SKEW { 0 } else { skew })
}

fn by_its_clock(batch: &[View], skew: UnixSeconds) -> Vec<View> {
    let mut batch = batch.to_vec();
    batch.iter_mut().for_each(|view| view.at += skew);
    batch
}

/// Erases, a piece at a time, what days before `day` have left, and days after tomorrow where a clock was ahead
/// (`day` is yesterday's).
pub(super) async fn forget(client: &deadpool_postgres::Client, day: i64) -> Result<(), StoreError> {
    for (sql, first, last) in [
        (FORGET_READERS, day, day + 2),
        (FORGET_CROWD, day, day + 2),
        // A day here begins at midnight in UTC, which is near enough: these rows hold no reader.
        (FORGET_VIEWS, (day - 1) * 86_400, (day + 4) * 86_400),
        (FORGET_SHARES, (day - 1) * 86_400, (day + 4) * 86_400),
    ] {
        while super::sql::execute(client, sql, &[&first, &last]).await? > 0 {}
    }
    Ok(())
}

const FORGET_READERS: &str = "/* forget_readers */
    delete from reader_seen where (article, reader) in
        (select article, reader from reader_seen where day < $1 or day > $2 limit 5000)";
const FORGET_CROWD: &str = "/* forget_crowd */
    delete from crowd where (day, article, place, node) in
        (select day, article, place, node from crowd where day < $1 or day > $2 limit 5000)";
const FORGET_VIEWS: &str = "/* forget_views */
    delete from view_seen where view in
        (select view from view_seen where at < $1 or at > $2 limit 5000)";
const FORGET_SHARES: &str = "/* forget_shares */
    delete from share_seen where share in
        (select share from share_seen where at < $1 or at > $2 limit 5000)";

/// Values of one column each, in the order of their keys.
type Sorted<K, V> = BTreeMap<K, V>;
