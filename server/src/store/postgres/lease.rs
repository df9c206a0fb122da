//! What one server has at a time: a job to do, or a number. By the database's clock, and with nothing that a
//! pooler or a distributed engine does not have (advisory locks are the session's).

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use deadpool_postgres::{Client, GenericClient};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::pool::Pools;
use super::sql::{execute, row};
use crate::store::StoreError;

/// A number is held for as long, and taken again three times meanwhile.
const HELD: Duration = Duration::from_secs(60);
/// Nobody waits longer for the database to note that.
const LONGEST: Duration = Duration::from_secs(5);

/// Takes or keeps what goes by this name, for as long: whether this holder has it. One that is held for a minute
/// longer than anybody takes it for is from before the database's clock was set back: it keeps nobody from it.
pub(super) async fn take(
    client: &impl GenericClient,
    name: &str,
    holder: &str,
    held: Duration,
) -> Result<bool, StoreError> {
    let seconds = i64::try_from(held.as_secs()).unwrap_or(i64::MAX);
    Ok(row(client, TAKE, &[&name, &holder, &seconds]).await?.is_some())
}

const TAKE: &str = "/* take_lease */
    insert into lease (name, holder, held_until)
    values ($1, $2, extract(epoch from clock_timestamp())::bigint + $3)
    on conflict (name) do update set holder = excluded.holder, held_until = excluded.held_until
    where lease.holder = excluded.holder
       or lease.held_until <= extract(epoch from clock_timestamp())::bigint
       or lease.held_until > excluded.held_until + 60
    returning name";

/// Gives back all that this holder has.
pub(super) async fn give_back(pools: &Pools, holder: &str) -> Result<(), StoreError> {
    in_time(async {
        let client = pools.for_writing().await?;
        let sql = "/* give_back_leases */ delete from lease where holder = $1";
        execute(&client, sql, &[&holder]).await?;
        Ok(())
    })
    .await
}

/// A commit that waits for a standby has no end of its own.
async fn in_time(work: impl Future<Output = Result<(), StoreError>>) -> Result<(), StoreError> {
    let late = || anyhow::anyhow!("no answer in {} s", LONGEST.as_secs());
    timeout(LONGEST, work).await.unwrap_or_else(|_| Err(StoreError::Unavailable(late())))
}

/// The number of this process among those that use the database: the smallest that nobody holds. Where two have
/// the same one, say after a long pause, they only wait for each other's commits.
pub(super) struct NodeNo {
    pub(super) no: Arc<AtomicI64>,
    holder: String,
    keeping: JoinHandle<()>,
}

impl NodeNo {
    /// Takes one, and keeps it until this is dropped.
    pub(super) async fn take(pools: &Pools, holder: &str) -> Result<Self, StoreError> {
        let no = Arc::new(AtomicI64::new(free(&pools.for_writing().await?, holder).await?));
        let keeping = tokio::spawn(keep(pools.clone(), no.clone(), holder.to_owned()));
        Ok(Self { no, holder: holder.to_owned(), keeping })
    }

    /// Keeps it once more: a commit.
    pub(super) async fn renew(&self, pools: &Pools) -> Result<(), StoreError> {
        keep_or_change(pools, &self.no, &self.holder).await
    }
}

impl Drop for NodeNo {
    fn drop(&mut self) {
        self.keeping.abort();
    }
}

/// The smallest that nobody else holds.
async fn free(client: &Client, holder: &str) -> Result<i64, StoreError> {
    let mut no = 1;
    while !take(client, &name(no), holder, HELD).await? {
        no += 1;
    }
    Ok(no)
}

async fn keep(pools: Pools, no: Arc<AtomicI64>, holder: String) {
    loop {
        tokio::time::sleep(HELD / 3).await;
        if let Err(error) = in_time(keep_or_change(&pools, &no, &holder)).await {
            tracing::warn!(%error, "this server's number is not kept yet");
        }
    }
}

/// Keeps the number; where another server has it by now, say after an outage, takes another one.
async fn keep_or_change(pools: &Pools, no: &AtomicI64, holder: &str) -> Result<(), StoreError> {
    let client = pools.for_writing().await?;
    if !take(&client, &name(no.load(Ordering::Relaxed)), holder, HELD).await? {
        no.store(free(&client, holder).await?, Ordering::Relaxed);
    }
    Ok(())
}

fn name(no: i64) -> String {
    format!("node {no}")
}
