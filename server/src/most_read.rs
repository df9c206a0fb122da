//! The most-read lists, kept in memory.
//!
//! A list is at most ten seconds old, and while one is computed whoever asks for it waits for that
//! one. Where a window holds too little to rank, the next wider one answers and says so.

use std::collections::HashMap;
use std::sync::Arc;

use article_widget::contract::{MostRead, MostReadItem, Window};
use jiff::Timestamp;
use tokio::sync::Mutex;

use crate::clock::{Clock, SystemClock, UnixSeconds};
use crate::store::{Ranked, Store, StoreError};

/// No list is older than this many seconds.
const FRESH: i64 = 10;
/// Fewer articles than this are no ranking.
const FEWEST: usize = 3;
/// No list is longer.
const LONGEST: u32 = 100;

/// The list of each window.
pub struct MostReadLists {
    store: Arc<dyn Store>,
    public_url: String,
    clock: Arc<dyn Clock>,
    lists: HashMap<Window, Mutex<Option<List>>>,
}

#[derive(Clone)]
struct List {
    computed_at: UnixSeconds,
    ranked: Arc<[Ranked]>,
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
        let lists = Window::ALL.map(|window| (window, Mutex::default())).into();
        Self { store, public_url: public_url.into(), clock, lists }
    }

    /// The first `limit` (100 at most) of `window`, or of the narrowest wider window that holds three
    /// articles; nothing where none does.
    ///
    /// # Errors
    /// Where the store cannot answer.
    pub async fn get(&self, window: Window, limit: usize) -> Result<Option<MostRead>, StoreError> {
        let mut next = Some(window);
        while let Some(counted) = next {
            let list = self.list(counted).await?;
            if list.ranked.len() >= FEWEST {
                let asked = (counted != window).then_some(window);
                return Ok(Some(self.answer(&list, counted, asked, limit)));
            }
            next = counted.wider();
        }
        Ok(None)
    }

    async fn list(&self, window: Window) -> Result<List, StoreError> {
        // Held while the store computes: whoever comes meanwhile waits for the same answer.
        let mut kept = self.lists[&window].lock().await;
        let now = self.clock.now();
        if let Some(list) = &*kept
            && (0..FRESH).contains(&(now - list.computed_at))
        {
            return Ok(list.clone());
        }
        let since = length(window).map_or(0, |length| now - length);
        let ranked = self.store.most_read(since, now, LONGEST).await?.into();
        Ok(kept.insert(List { computed_at: now, ranked }).clone())
    }

    fn answer(&self, list: &List, window: Window, asked: Option<Window>, limit: usize) -> MostRead {
        let item = |ranked: &Ranked| MostReadItem {
            id: ranked.id.clone(),
            title: ranked.title.clone(),
            url: format!("{}/a/{}", self.public_url, ranked.id),
            views: ranked.views,
        };
        let computed_at = Timestamp::from_second(list.computed_at).unwrap_or_default();
        MostRead {
            window,
            asked,
            computed_at: computed_at.to_string(),
            items: list.ranked.iter().take(limit).map(item).collect(),
        }
    }
}

/// In seconds; nothing for all time.
fn length(window: Window) -> Option<i64> {
    match window {
        Window::Day => Some(24 * 3600),
        Window::Week => Some(7 * 24 * 3600),
        Window::Month => Some(30 * 24 * 3600),
        Window::All => None,
    }
}
