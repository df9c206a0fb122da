//! The running sums of everything, and of the partners that somebody asked for; and the lists over them.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use article_widget::contract::Window;
use lru::LruCache;

use super::board::{Board, Sum};
use super::catalogue::Catalogue;
use super::rank::{self, Ranked};
use super::{Filter, List, Query, feed, is_fresh};
use crate::clock::{Hour, UnixSeconds, hour};
use crate::store::{ArticleNo, PartnerNo, Store, StoreError};

/// Seconds within which a save is committed, and clocks differ.
const OVERLAP: i64 = 60;

/// Partners whose sums are kept, each as large as what its pages show.
const PARTNERS: NonZeroUsize = NonZeroUsize::new(8).expect("it is not zero");

/// What lists are made of.
pub(super) struct Sums {
    /// When it was brought to where the store is.
    followed_at: Option<UnixSeconds>,
    catalogue: Arc<RwLock<Catalogue>>,
    all: Option<Loaded>,
    partners: LruCache<PartnerNo, Loaded>,
    /// When a partner's was read anew last.
    partner_loaded_at: Option<UnixSeconds>,
}

/// A board, shared with the walk over it, and the hour in which it was read.
struct Loaded {
    board: Arc<RwLock<Board>>,
    loaded: Hour,
}

impl Default for Sums {
    fn default() -> Self {
        Self {
            followed_at: None,
            catalogue: Arc::default(),
            all: None,
            partners: LruCache::new(PARTNERS),
            partner_loaded_at: None,
        }
    }
}

impl Sums {
    /// The list, over sums that are at most [`FRESH`] old.
    pub(super) async fn fresh_list(
        &mut self,
        store: &dyn Store,
        query: &Query,
        now: UnixSeconds,
    ) -> Result<List, StoreError> {
        if !self.followed_at.is_some_and(|at| is_fresh(at, now)) {
            self.follow(store, now).await?;
        }
        self.list(store, query, now).await
    }

    /// Brings everything to where the store is.
    pub(super) async fn follow(
        &mut self,
        store: &dyn Store,
        now: UnixSeconds,
    ) -> Result<(), StoreError> {
        let hour = hour(now);
        // Read again, for it may have gone on: another server says when it saves before it commits.
        let since = read(&self.catalogue).updated_at.saturating_sub(OVERLAP);
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

    /// The list, over the sums as they are.
    pub(super) async fn list(
        &mut self,
        store: &dyn Store,
        query: &Query,
        now: UnixSeconds,
    ) -> Result<List, StoreError> {
        let computed_at = self.followed_at.unwrap_or(now);
        let Some(board) = self.board(store, &query.filter, now).await? else {
            return Ok(List { computed_at, items: Arc::default() });
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
        Ok(List { computed_at, items: items.collect() })
    }

    /// What these articles have in the window, over sums that are at most [`FRESH`](super::FRESH) old.
    pub(super) async fn views(
        &mut self,
        store: &dyn Store,
        articles: Vec<ArticleNo>,
        window: Window,
        now: UnixSeconds,
    ) -> Result<Vec<Sum>, StoreError> {
        if !self.followed_at.is_some_and(|at| is_fresh(at, now)) {
            self.follow(store, now).await?;
        }
        let Some(board) = self.all.as_ref().map(|all| all.board.clone()) else {
            return Ok(vec![Sum::default(); articles.len()]);
        };
        let look = move || {
            let board = read(&board);
            articles.into_iter().map(|article| board.of(article, window)).collect()
        };
        let looked = tokio::task::spawn_blocking(look).await;
        looked.map_err(|panic| StoreError::Other(panic.into()))
    }

    /// The board that a filter counts by; none where nothing was ever counted.
    async fn board(
        &mut self,
        store: &dyn Store,
        filter: &Filter,
        now: UnixSeconds,
    ) -> Result<Option<Arc<RwLock<Board>>>, StoreError> {
        let Some(origin) = &filter.partner else {
            return Ok(self.all.as_ref().map(|all| all.board.clone()));
        };
        let Some(partner) = store.partner_no(origin).await? else { return Ok(None) };
        if let Some(kept) = self.partners.get(&partner) {
            return Ok(Some(kept.board.clone()));
        }
        // It takes as long as the partner has rows, and anyone may ask for any of them.
        if self.partner_loaded_at.replace(now) == Some(now) {
            return Err(StoreError::Unavailable(anyhow::anyhow!("one partner at a time")));
        }
        let hour = hour(now);
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

fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
