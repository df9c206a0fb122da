//! The most-read lists, kept in memory.
//!
//! Running sums for each article (`board`) follow the store's counters (`feed`); a list is one walk over
//! them (`rank`) and is kept until the sums have moved on. A reader's request finds a finished
//! list: what it costs depends on no number of views or articles.
//!
//! A list is at most ten seconds old. Where a window holds too little to rank, the next wider one
//! answers and says so.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use article_widget::contract::{MostRead, MostReadItem, Window};
use jiff::Timestamp;
use lru::LruCache;

use crate::clock::{Clock, SystemClock, UnixSeconds};
use crate::store::{Headline, Hour, PartnerNo, Store, StoreError};
use board::{Board, Sum};
use catalogue::Catalogue;
use rank::Ranked;

mod board;
mod catalogue;
mod feed;
mod rank;

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
/// Partners whose sums are kept, each as large as what its pages show.
const PARTNERS: std::num::NonZeroUsize = std::num::NonZeroUsize::new(16).expect("it is not zero");

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

/// What lists are made of.
struct Sums {
    /// When it was brought to where the store is.
    followed_at: Option<UnixSeconds>,
    catalogue: Arc<RwLock<Catalogue>>,
    all: Option<Loaded>,
    partners: LruCache<PartnerNo, Loaded>,
}

/// A board, shared with the walk over it, and the hour in which it was read.
struct Loaded {
    board: Arc<RwLock<Board>>,
    loaded: Hour,
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
        let sums = Sums {
            followed_at: None,
            catalogue: Arc::default(),
            all: None,
            partners: LruCache::new(PARTNERS),
        };
        let (lists, sums) = (Mutex::default(), tokio::sync::Mutex::new(sums));
        Self { store, public_url: public_url.into(), clock, lists, sums }
    }

    /// The first `limit` (100 at most) of the list asked for, or of the same over the narrowest wider
    /// window that holds three articles; nothing where none does.
    ///
    /// # Errors
    /// Where there is no list yet and the store cannot answer. A list that cannot be made again stays,
    /// and says how old it is.
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
        sums.follow(&*self.store, now).await?;
        for query in self.wanted(now) {
            let list = sums.list(&*self.store, &query, now).await?;
            self.keep(&query, &list, None);
        }
        Ok(())
    }

    async fn list(&self, query: &Query) -> Result<List, StoreError> {
        let now = self.clock.now();
        if let Some(list) = self.fresh(query, now) {
            return Ok(list);
        }
        // Whoever comes meanwhile waits for the same answer.
        let mut sums = self.sums.lock().await;
        if let Some(list) = self.fresh(query, now) {
            return Ok(list);
        }
        let list = match sums.fresh_list(&*self.store, query, now).await {
            Ok(list) => list,
            Err(error) => {
                let kept = self.kept(query, now).ok_or(error)?;
                tracing::error!("a most-read list cannot be made again, and stays as it is");
                return Ok(kept);
            }
        };
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
            url: format!("{}/a/{}", self.public_url, headline.id),
            views: sum.views.into(),
            deep: (query.by == By::Deep).then_some(sum.deep.into()),
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
            computed_at: Timestamp::from_second(computed_at).unwrap_or_default().to_string(),
            ..MostRead::default()
        }
    }
}

impl Sums {
    /// The list, over sums that are at most [`FRESH`] old.
    async fn fresh_list(
        &mut self,
        store: &dyn Store,
        query: &Query,
        now: UnixSeconds,
    ) -> Result<List, StoreError> {
        if !self.followed_at.is_some_and(|at| is_fresh(at, now)) {
            self.follow(store, now).await?;
        }
        self.list(store, query, self.followed_at.unwrap_or(now)).await
    }

    /// Brings everything to where the store is.
    async fn follow(&mut self, store: &dyn Store, now: UnixSeconds) -> Result<(), StoreError> {
        let hour = feed::hour(now);
        // The last second is read again, for it may have gone on.
        let since = read(&self.catalogue).updated_at;
        let articles = store.rankable(since).await?;
        write(&self.catalogue).follow(&articles);
        match &self.all {
            Some(all) if !all.is_stale(hour) => all.follow(store, hour, None).await?,
            // The one before serves until this one is there.
            _ => self.all = Some(Loaded::new(feed::load(store, hour).await?, hour)),
        }
        let mut stale = Vec::new();
        for (partner, kept) in &self.partners {
            if kept.is_stale(hour) {
                stale.push(*partner);
            } else {
                kept.follow(store, hour, Some(*partner)).await?;
            }
        }
        for partner in stale {
            self.partners.pop(&partner);
        }
        self.followed_at = Some(now);
        Ok(())
    }

    /// The list, over the sums as they are at `now`.
    async fn list(
        &mut self,
        store: &dyn Store,
        query: &Query,
        now: UnixSeconds,
    ) -> Result<List, StoreError> {
        let Some(board) = self.board(store, &query.filter, feed::hour(now)).await? else {
            return Ok(List { computed_at: now, items: Arc::default() });
        };
        let ranked = walk(board, self.catalogue.clone(), query.clone(), now).await?;
        let articles: Vec<_> = ranked.iter().map(|ranked| ranked.article).collect();
        let headlines = store.headlines(&articles, now).await?;
        let sums: HashMap<_, _> =
            ranked.into_iter().map(|ranked| (ranked.article, ranked.sum)).collect();
        let items = headlines.into_iter().map(|headline| {
            let sum = sums.get(&headline.article).copied().unwrap_or_default();
            (headline, sum)
        });
        Ok(List { computed_at: now, items: items.collect() })
    }

    /// The board that a filter counts by; none where nothing was ever counted.
    async fn board(
        &mut self,
        store: &dyn Store,
        filter: &Filter,
        hour: Hour,
    ) -> Result<Option<Arc<RwLock<Board>>>, StoreError> {
        let Some(origin) = &filter.partner else {
            return Ok(self.all.as_ref().map(|all| all.board.clone()));
        };
        let Some(partner) = store.partner_no(origin).await? else { return Ok(None) };
        if let Some(kept) = self.partners.get(&partner) {
            return Ok(Some(kept.board.clone()));
        }
        let loaded = Loaded::new(feed::load_partner(store, hour, partner).await?, hour);
        let board = loaded.board.clone();
        self.partners.put(partner, loaded);
        Ok(Some(board))
    }
}

impl Loaded {
    fn new(board: Board, loaded: Hour) -> Self {
        Self { board: Arc::new(RwLock::new(board)), loaded }
    }

    fn is_stale(&self, hour: Hour) -> bool {
        feed::is_stale(self.loaded, read(&self.board).hour(), hour)
    }

    async fn follow(
        &self,
        store: &dyn Store,
        hour: Hour,
        partner: Option<PartnerNo>,
    ) -> Result<(), StoreError> {
        let at = read(&self.board).hour();
        let changes = feed::changes(store, at, hour, partner).await?;
        write(&self.board).apply(changes);
        Ok(())
    }
}

/// Ranks, on a thread that may take its time: milliseconds for a million articles.
async fn walk(
    board: Arc<RwLock<Board>>,
    catalogue: Arc<RwLock<Catalogue>>,
    query: Query,
    now: UnixSeconds,
) -> Result<Vec<Ranked>, StoreError> {
    let walk = move || {
        let (board, catalogue) = (read(&board), read(&catalogue));
        let wanted = catalogue.wanted(&query.filter, now);
        wanted.map(|wanted| rank::rank(&board, &catalogue, &wanted, query.window, query.by))
    };
    let ranked = tokio::task::spawn_blocking(walk).await;
    Ok(ranked.map_err(|panic| StoreError::Other(panic.into()))?.unwrap_or_default())
}

fn read<T>(lock: &RwLock<T>) -> std::sync::RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> std::sync::RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

fn is_fresh(computed_at: UnixSeconds, now: UnixSeconds) -> bool {
    (0..FRESH).contains(&(now - computed_at))
}
