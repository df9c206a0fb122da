//! Asks feeds, and whatever else has a URL and holds articles, for what is new there.
//!
//! Each feed goes by itself: one that is broken keeps no other from being asked, and is asked less and less
//! often. How each does is kept in the store. A feed is an importer, not an editor: what the publisher has
//! withdrawn or changed by hand stays so ([`FeedStore::save_brought`](crate::store::FeedStore)).

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use url::{Position, Url};

use crate::article::StoredArticle;
use crate::bulk::{BATCH, BulkError, MOST_BYTES, Reading, Source};
use crate::cli::Format;
use crate::clock::{Clock, UnixSeconds};
use crate::config::Config;
use crate::fetch::{Fetched, Fetcher, Request};
use crate::store::{Brought, Feed, FeedEnd, FeedRead, FeedTry, Keep, Saved, Store, StoreError};

/// What articles come in.
pub const ACCEPT: &str = "application/feed+json, application/atom+xml, application/rss+xml, \
    application/json, application/x-ndjson, application/xml;q=0.9, text/html;q=0.8, */*;q=0.5";
/// Feeds that are asked at the same time.
const AT_ONCE: usize = 4;
/// How long a try is nobody else's, in seconds: longer than it may take.
const CLAIM: i64 = 120;
/// A feed that keeps failing is asked once in so many seconds, or as seldom as others where that is seldomer.
const SELDOM: i64 = 6 * 3600;
/// A feed that nobody asks any more is forgotten after so many seconds.
const FORGOTTEN_AFTER: i64 = 30 * 24 * 3600;

/// Asks feeds. Clones are the same.
#[derive(Clone)]
pub struct Feeds {
    /// Where articles go.
    pub store: Arc<dyn Store>,
    /// How feeds are asked.
    pub fetcher: Fetcher,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// How answers are read.
    pub reading: Reading,
    /// How often a feed that does well is asked.
    pub every: Duration,
}

/// Which feeds are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those that it is time for.
    Due,
    /// All of them.
    All,
}

/// What came of asking a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The feed.
    pub url: Url,
    /// Ids of articles that are new or changed, or why there are none.
    pub end: Result<Vec<String>, String>,
    /// Articles that it has otherwise than an editor left them: they stay so.
    pub kept: u32,
}

impl Feeds {
    /// Those of this configuration.
    pub fn new(
        store: Arc<dyn Store>,
        fetcher: Fetcher,
        config: &Config,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let reading = Reading { format: Format::Auto, language: config.language.clone() };
        Self { store, fetcher, clock, reading, every: config.sync_every }
    }

    /// Asks those that it is time for, and logs what came of it.
    ///
    /// # Errors
    /// As [`ask`](Self::ask).
    pub async fn follow(&self, urls: &[Url]) -> Result<(), StoreError> {
        for Asked { url, end, .. } in self.ask(urls, Which::Due).await? {
            let feed = shown(&url);
            match end {
                Ok(articles) if articles.is_empty() => tracing::debug!(feed, "nothing new"),
                Ok(articles) => tracing::info!(feed, articles = articles.len(), "articles came"),
                Err(problem) => tracing::warn!(feed, problem, "a feed cannot be read"),
            }
        }
        Ok(())
    }

    /// Asks each of these, and returns when all have answered or failed.
    ///
    /// # Errors
    /// Where the store fails. What is wrong with a feed is told in [`Asked`].
    pub async fn ask(&self, urls: &[Url], which: Which) -> Result<Vec<Asked>, StoreError> {
        let mut asking = JoinSet::new();
        let at_once = Arc::new(Semaphore::new(AT_ONCE));
        for url in self.chosen(urls, which).await? {
            let (feeds, at_once) = (self.clone(), at_once.clone());
            asking.spawn(async move {
                let _permit = at_once.acquire_owned().await;
                feeds.ask_one(url, which).await
            });
        }
        let mut asked = Vec::new();
        while let Some(end) = asking.join_next().await {
            asked.extend(end.map_err(|panic| StoreError::Other(panic.into()))??);
        }
        self.store.forget_feeds(self.clock.now() - FORGOTTEN_AFTER).await?;
        Ok(asked)
    }

    /// Without a write for those that are not due.
    async fn chosen(&self, urls: &[Url], which: Which) -> Result<Vec<Url>, StoreError> {
        if which == Which::All {
            return Ok(urls.to_vec());
        }
        let (now, known) = (self.clock.now(), self.store.feeds().await?);
        let rests =
            |url: &&Url| known.iter().any(|feed| feed.url == url.as_str() && feed.due_at > now);
        Ok(urls.iter().filter(|url| !rests(url)).cloned().collect())
    }

    /// Nothing where somebody else asks it.
    async fn ask_one(&self, url: Url, which: Which) -> Result<Option<Asked>, StoreError> {
        let at = self.clock.now();
        let due_by = if which == Which::All { UnixSeconds::MAX } else { at };
        let Some(feed) = self.store.claim_feed(url.as_str(), due_by, at + CLAIM).await? else {
            return Ok(None);
        };
        let answer = self.read(&url, &feed).await;
        let mut kept = 0;
        let (end, ids) = match answer {
            Ok(None) => (FeedEnd::Same, Ok(Vec::new())),
            Ok(Some((fetched, articles))) => match self.save(&fetched, articles).await {
                Ok((read, ids)) => {
                    kept = read.kept;
                    (FeedEnd::Read(read), Ok(ids))
                }
                Err(error) => failed(unsaved(&url, &error)),
            },
            Err(problem) => failed(problem),
        };
        let failures = if ids.is_err() { feed.failures + 1 } else { 0 };
        let now = self.clock.now();
        let tried = FeedTry { at: now, due_at: now + pause(self.every, failures), end };
        self.store.record_feed_try(url.as_str(), &tried).await?;
        Ok(Some(Asked { url, end: ids, kept }))
    }

    /// The answer and its articles; none where it is the same as before.
    async fn read(
        &self,
        url: &Url,
        feed: &Feed,
    ) -> Result<Option<(Fetched, Vec<StoredArticle>)>, String> {
        let request = Request {
            accept: ACCEPT,
            most_bytes: MOST_BYTES,
            etag: feed.etag.clone(),
            last_modified: feed.last_modified.clone(),
        };
        let fetched = self.fetcher.get(url, &request).await.map_err(|error| error.to_string())?;
        if fetched.status == StatusCode::NOT_MODIFIED {
            return Ok(None);
        }
        let (reading, source) = (self.reading.clone(), Source::fetched(&fetched));
        // On a thread of its own: it is work, and what makes it panic ends here.
        let articles = tokio::task::spawn_blocking(move || articles(&reading, &source)).await;
        let articles = articles.map_err(|_| "it cannot be read".to_owned())?;
        Ok(Some((fetched, articles.map_err(|error| error.to_string())?)))
    }

    async fn save(
        &self,
        fetched: &Fetched,
        articles: Vec<StoredArticle>,
    ) -> Result<(FeedRead, Vec<String>), StoreError> {
        let mut read = FeedRead {
            etag: fetched.etag.clone(),
            last_modified: fetched.last_modified.clone(),
            articles: u32::try_from(articles.len()).unwrap_or(u32::MAX),
            ..FeedRead::default()
        };
        let mut ids = Vec::new();
        for batch in articles.chunks(BATCH) {
            let saved = self.store.save_brought(batch, Keep::WithdrawnOrEdited).await?;
            for (article, saved) in batch.iter().zip(saved) {
                match saved {
                    Brought::Kept => read.kept += 1,
                    Brought::Saved(Saved::Unchanged) => continue,
                    Brought::Saved(Saved::Created) => read.created += 1,
                    Brought::Saved(Saved::Updated) => read.updated += 1,
                }
                if saved != Brought::Kept {
                    ids.push(article.id().to_string());
                }
            }
        }
        Ok((read, ids))
    }
}

fn failed(problem: String) -> (FeedEnd, Result<Vec<String>, String>) {
    (FeedEnd::Failed(problem.clone()), Err(problem))
}

/// Where the store takes nothing from anybody, it does not take this either, and that ends the round.
fn unsaved(url: &Url, error: &StoreError) -> String {
    tracing::error!(feed = shown(url), %error, "what a feed brought cannot be saved");
    "what it brought cannot be saved".to_owned()
}

/// All of them. Of two with one id the first is meant: feeds begin with what is newest.
fn articles(reading: &Reading, source: &Source) -> Result<Vec<StoredArticle>, BulkError> {
    let (mut articles, mut ids) = (Vec::new(), HashSet::new());
    reading.each(source, &mut |article| {
        if ids.insert(article.id().clone()) {
            articles.push(article);
        }
        Ok::<_, BulkError>(())
    })?;
    Ok(articles)
}

/// The URL as it may stand in a log: without its query, which may hold a key.
pub fn shown(url: &Url) -> &str {
    &url[..Position::AfterPath]
}

/// Seconds until the next try, after so many that failed: twice as many for each.
fn pause(every: Duration, failures: u32) -> i64 {
    let every = i64::try_from(every.as_secs()).unwrap_or(SELDOM);
    let longer = every.saturating_mul(1 << failures.min(20));
    longer.min(SELDOM.max(every))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_that_fails_is_asked_less_and_less_often() {
        let pauses =
            |every| (0..8).map(move |failures| pause(Duration::from_secs(every), failures));
        let expected = [300, 600, 1_200, 2_400, 4_800, 9_600, 19_200, 21_600];
        assert!(pauses(300).eq(expected));
        assert!(pauses(86_400).eq([86_400; 8]), "never more often than one that does well");
        assert_eq!(pause(Duration::from_secs(u64::MAX), u32::MAX), 21_600);
    }

    #[test]
    fn a_key_in_a_feeds_url_is_not_logged() {
        let url = Url::parse("https://news.example/feed.xml?key=secret#top").unwrap();
        assert_eq!(shown(&url), "https://news.example/feed.xml");
    }
}
