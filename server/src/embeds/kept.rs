//! Finished answers of one kind, and what stands in for them while the store is away.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;

use super::Key;
use crate::clock::UnixSeconds;
use crate::encoding::Encoded;
use crate::problem::Problem;
use crate::state::Server;
use crate::store::StoreError;

/// No answer is kept longer: what another process changes in the database is seen within 5 s, of which the
/// fifth is for making the answer.
const FRESH: Duration = Duration::from_secs(4);
/// Where the store cannot be reached, the last answer stands for as long, and for as long as a fresh one then: a database that gives its work over to
/// another takes less, and what is withdrawn meanwhile is shown for no longer than this.
const LAST: Duration = Duration::from_secs(36);
/// What all answers of one kind together may hold in memory, in bytes; fresh and last ones are the same bytes.
const MOST_BYTES: u64 = 64 << 20;

/// What is kept finished.
pub(super) trait Finished: Clone + Send + Sync + 'static {
    /// What it says.
    fn content(&self) -> &Encoded;
    /// From when on it is not right any more.
    fn end(&self) -> Option<UnixSeconds>;
}

/// Answers of one kind. While one is made, whoever asks for it waits for that one.
pub(super) struct Kept<T> {
    fresh: Cache<Key, T>,
    /// The same and older ones, for want of fresh ones.
    last: Cache<Key, T>,
}

/// Where an answer came from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// It was finished.
    Kept,
    /// It was made now.
    Made,
    /// The store could not be reached.
    Last,
}

impl<T: Finished> Kept<T> {
    /// None yet.
    pub(super) fn new() -> Self {
        Self { fresh: cache(FRESH), last: cache(LAST) }
    }

    /// What is kept, where it still is right, or what `make` makes; where the store cannot be reached, what it
    /// made last.
    ///
    /// # Errors
    /// What `make` says.
    pub(super) async fn get<'a, F>(
        &self,
        server: &'a Server,
        key: Key,
        make: impl Fn(&'a Server, Key) -> F,
    ) -> Result<(T, Found), Arc<Problem>>
    where
        F: Future<Output = Result<T, Problem>>,
    {
        let is_right = |kept: &T| kept.end().is_none_or(|end| server.clock.now() < end);
        let entry = self.fresh.entry_by_ref(&key);
        match entry.or_try_insert_with(self.make(server, &key, &make)).await {
            Ok(kept) if is_right(kept.value()) => {
                let found = if kept.is_fresh() { Found::Made } else { Found::Kept };
                Ok((kept.into_value(), found))
            }
            Ok(_) => {
                self.forget(&key).await;
                let making = self.make(server, &key, &make);
                Ok((self.fresh.try_get_with(key.clone(), making).await?, Found::Made))
            }
            Err(problem) if is_passing(&problem) => {
                let last = self.last.get(&key).await.filter(is_right).ok_or(problem)?;
                // The next ones do not wait for the store to fail again.
                self.fresh.insert(key, last.clone()).await;
                Ok((last, Found::Last))
            }
            Err(problem) => Err(problem),
        }
    }

    async fn make<'a, F>(
        &self,
        server: &'a Server,
        key: &Key,
        make: impl Fn(&'a Server, Key) -> F,
    ) -> Result<T, Problem>
    where
        F: Future<Output = Result<T, Problem>>,
    {
        let made = make(server, key.clone()).await?;
        self.last.insert(key.clone(), made.clone()).await;
        Ok(made)
    }

    /// Has it made anew for whoever asks next.
    pub(super) async fn forget(&self, key: &Key) {
        self.fresh.invalidate(key).await;
        self.last.invalidate(key).await;
    }

    /// The same of all.
    pub(super) fn forget_all(&self) {
        self.fresh.invalidate_all();
        self.last.invalidate_all();
    }
}

/// Whether the store could not be reached, or could not be read.
fn is_passing(problem: &Problem) -> bool {
    matches!(problem, Problem::Store(StoreError::Unavailable(_) | StoreError::Damaged(_)))
}

fn cache<T: Finished>(life: Duration) -> Cache<Key, T> {
    let weight = |_: &Key, kept: &T| kept.content().weight().try_into().unwrap_or(u32::MAX);
    Cache::builder().max_capacity(MOST_BYTES).weigher(weight).time_to_live(life).build()
}
