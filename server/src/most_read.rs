//! The most-read lists, kept in memory.
//!
//! Running sums for each article (`board`) follow the store's counters (`feed`); a list is one walk over
//! them (`rank`) and is kept until the sums have moved on. A reader's request finds a finished
//! list: what it costs depends on no number of views or articles.
//!
//! A list is at most ten seconds old. Where a window holds too little to rank, the next wider one
//! answers and says so.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use article_widget::contract::{MostRead, MostReadItem, Window};

use crate::clock::{Clock, SystemClock, UnixSeconds};
use crate::store::{ArticleNo, Headline, Operation, Store, StoreError};
use crate::time::rfc_3339;
use sums::Sums;
use tokio::time::timeout;

mod board;
mod catalogue;
mod feed;
mod rank;
mod sums;

pub use board::Sum;
pub use catalogue::language;

/// No list is older than this many seconds.
const FRESH: i64 = 10;
/// Lists that were asked for within so many seconds are made again before they are asked for.
const WANTED: i64 = 60;
/// Fewer articles than this are no ranking.
const FEWEST: usize = 3;
/// No list is longer.
const LONGEST: usize = 100;
/// Lists that are kept.
const LISTS: usize = 256;
/// A reader waits this long for a list to be made where there is none yet …
const PATIENCE: Duration = Duration::from_secs(10);
/// … this long where there is an older one …
const PATIENCE_WITH_ANOTHER: Duration = Duration::from_secs(1);
/// … and no longer than this where somebody has just waited for nothing.
const IMPATIENCE: Duration = Duration::from_millis(20);

/// What a list is ranked by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum By {
    /// Counted views.
    #[default]
    Views,
    /// The share of views that were read deeply.
    Deep,
}

/// Which articles a list is of. What is left out is every one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// The publisher's section, as printed, in whatever case.
    pub section: Option<String>,
    /// The language, without script and region: `vi`.
    pub language: Option<String>,
    /// Counts only what was read on the pages of this origin, as browsers report it.
    pub partner: Option<String>,
}

/// A list, by what it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Query {
    /// How far back it looks.
    pub window: Window,
    /// What it is ranked by.
    pub by: By,
    /// Of which articles it is.
    pub filter: Filter,
}

/// The lists.
pub struct MostReadLists {
    store: Arc<dyn Store>,
    public_url: String,
    clock: Arc<dyn Clock>,
    /// Finished lists: all that a reader's request touches.
    lists: Mutex<HashMap<Query, Kept>>,
    /// Held by whoever makes lists.
    sums: tokio::sync::Mutex<Sums>,
    /// The store let a reader wait, and has not answered since.
    is_slow: AtomicBool,
}

/// A finished list and when it was last asked for.
struct Kept {
    list: List,
    asked_at: UnixSeconds,
}

#[derive(Clone)]
struct List {
    computed_at: UnixSeconds,
    items: Arc<[(Headline, Sum)]>,
}

impl MostReadLists {
    /// `public_url` is the publisher's server, without a slash at the end.
    pub fn new(store: Arc<dyn Store>, public_url: impl Into<String>) -> Self {
        Self::with_clock(store, public_url, Arc::new(SystemClock))
    }

    /// The same by another clock.
    pub fn with_clock(
        store: Arc<dyn Store>,
        public_url: impl Into<String>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let (lists, sums, is_slow) = Default::default();
        Self { store, public_url: public_url.into(), clock, lists, sums, is_slow }
    }

    /// The first `limit` (100 at most) of the list asked for, or of the same over the narrowest wider
    /// window that holds three articles; nothing where none does.
    ///
    /// # Errors
    /// Where there is no list yet and the store does not answer in time. A list that cannot be made
    /// again stays, and says how old it is.
    pub async fn get(&self, query: &Query, limit: usize) -> Result<Option<MostRead>, StoreError> {
        let mut next = Some(query.window);
        while let Some(window) = next {
            let list = self.list(&Query { window, ..query.clone() }).await?;
            if list.items.len() >= FEWEST {
                let asked = (window != query.window).then_some(query.window);
                return Ok(Some(self.answer(&list, query, window, asked, limit)));
            }
            next = window.wider();
        }
        Ok(None)
    }

    /// Makes the lists again that somebody wants, so that nobody waits for them. Called every few
    /// seconds; the first call reads what was counted before.
    ///
    /// # Errors
    /// Where the store cannot answer; the lists stay as they are.
    pub async fn refresh(&self) -> Result<(), StoreError> {
        let mut sums = self.sums.lock().await;
        let now = self.clock.now();
        let followed = sums.follow(&*self.store, now);
        self.store.metrics().time(Operation::MostRead, followed).await?;
        self.is_slow.store(false, Ordering::Relaxed);
        let mut done = Ok(());
        for query in self.wanted(now) {
            // One that cannot be made keeps no other from being made.
            match sums.list(&*self.store, &query, now).await {
                Ok(list) => self.keep(&query, &list, None),
                Err(error) => done = Err(error),
            }
        }
        done
    }

    /// Counted views of each of these articles in the window, and the deeply read ones among them, in their
    /// order; whatever readers may see of them. Of the rising list: in the last 24 hours.
    ///
    /// # Errors
    /// Where the store cannot answer.
    pub async fn views(
        &self,
        articles: Vec<ArticleNo>,
        window: Window,
    ) -> Result<Vec<Sum>, StoreError> {
        let now = self.clock.now();
        let mut sums = self.sums.lock().await;
        sums.views(&*self.store, articles, window, now).await
    }

    async fn list(&self, query: &Query) -> Result<List, StoreError> {
        let now = self.clock.now();
        if let Some(list) = self.fresh(query, now) {
            return Ok(list);
        }
        let kept = self.kept(query, now);
        // Who has to wait for the store once keeps all others from waiting until it answers again.
        let patience = match &kept {
            _ if self.is_slow.load(Ordering::Relaxed) => IMPATIENCE,
            Some(_) => PATIENCE_WITH_ANOTHER,
            None => PATIENCE,
        };
        let made = timeout(patience, self.make(query, now)).await.unwrap_or_else(|_| {
            self.is_slow.store(true, Ordering::Relaxed);
            Err(StoreError::Unavailable(anyhow::anyhow!("it takes too long")))
        });
        match (made, kept) {
            (Err(error), Some(kept)) => {
                tracing::error!(%error, "a most-read list cannot be made again, and stays as it is");
                Ok(kept)
            }
            (made, _) => made,
        }
    }

    async fn make(&self, query: &Query, now: UnixSeconds) -> Result<List, StoreError> {
        // Whoever comes meanwhile waits for the same answer.
        let mut sums = self.sums.lock().await;
        if let Some(list) = self.fresh(query, now) {
            return Ok(list);
        }
        let list = sums.fresh_list(&*self.store, query, now).await?;
        self.is_slow.store(false, Ordering::Relaxed);
        self.keep(query, &list, Some(now));
        Ok(list)
    }

    fn fresh(&self, query: &Query, now: UnixSeconds) -> Option<List> {
        self.kept(query, now).filter(|list| is_fresh(list.computed_at, now))
    }

    fn kept(&self, query: &Query, now: UnixSeconds) -> Option<List> {
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = lists.get_mut(query)?;
        kept.asked_at = now;
        Some(kept.list.clone())
    }

    /// Keeps a list that was asked for now, or that was made before anybody asked.
    fn keep(&self, query: &Query, list: &List, asked_at: Option<UnixSeconds>) {
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        let before = lists.get(query).map(|kept| kept.asked_at);
        let Some(asked_at) = asked_at.or(before) else { return };
        if before.is_none() && lists.len() >= LISTS {
            let oldest = lists.iter().min_by_key(|(_, kept)| kept.asked_at);
            if let Some(oldest) = oldest.map(|(query, _)| query.clone()) {
                lists.remove(&oldest);
            }
        }
        lists.insert(query.clone(), Kept { list: list.clone(), asked_at });
    }

    fn wanted(&self, now: UnixSeconds) -> Vec<Query> {
        let lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        let is_wanted = |kept: &Kept| now - kept.asked_at < WANTED;
        lists.iter().filter(|(_, kept)| is_wanted(kept)).map(|(query, _)| query.clone()).collect()
    }

    fn answer(
        &self,
        list: &List,
        query: &Query,
        window: Window,
        asked: Option<Window>,
        limit: usize,
    ) -> MostRead {
        let item = |(headline, sum): &(Headline, Sum)| MostReadItem {
            id: headline.id.clone(),
            title: headline.title.clone(),
            language: headline.language.clone(),
            url: format!("{}/a/{}", self.public_url, headline.id),
            views: sum.views.into(),
            deep: (query.by == By::Deep).then_some(sum.deep.into()),
            views_text: None,
        };
        MostRead {
            window,
            asked,
            items: list.items.iter().take(limit).map(item).collect(),
            ..query.empty(list.computed_at)
        }
    }
}

impl Query {
    /// What there is to say of the list where there is too little to rank.
    pub fn empty(&self, computed_at: UnixSeconds) -> MostRead {
        let Filter { section, language, partner } = self.filter.clone();
        MostRead {
            window: self.window,
            by: (self.by == By::Deep).then(|| "deep".to_owned()),
            section,
            language,
            partner,
            computed_at: rfc_3339(computed_at),
            ..MostRead::default()
        }
    }
}

fn is_fresh(computed_at: UnixSeconds, now: UnixSeconds) -> bool {
    (0..FRESH).contains(&(now - computed_at))
}
