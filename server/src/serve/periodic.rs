//! What a server does again and again, beside answering.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::tls::{Expiry, Tls};
use crate::config::Config;
use crate::jobs::Jobs;
use crate::languages;
use crate::retention;
use crate::send_article;
use crate::state::{AppState, Server};
use crate::store::{StoreError, Writes};
use crate::sync::Feeds;

/// How often the most-read lists follow the counters.
const MOST_READ_PERIOD: Duration = Duration::from_secs(5);
/// How often it is looked for pictures to make; where there are many, there is always one under way.
const IMAGES_PERIOD: Duration = Duration::from_secs(1);
/// How often it is looked for pictures that no article names any more, and for files that were replaced.
const IMAGES_CARE_PERIOD: Duration = Duration::from_secs(3600);
/// How often it is tried to write after a write has failed.
const WRITES_PERIOD: Duration = Duration::from_secs(1);
/// A write that takes longer is no success.
const WRITTEN_WITHIN: Duration = Duration::from_secs(5);
/// How often the registry of partners is read.
const PARTNERS_PERIOD: Duration = Duration::from_secs(5);
/// How often requests to send an article are forgotten that are too old to be sent again.
const MAIL_REQUESTS_PERIOD: Duration = Duration::from_secs(3600);
/// How often it is looked whether the publisher has changed a file of words.
const LANGUAGES_PERIOD: Duration = Duration::from_secs(5);
/// How often it is looked whether the certificate was renewed.
const CERTIFICATE_PERIOD: Duration = Duration::from_secs(3);
/// How often sessions that are over are forgotten, and the store is told of those in use.
const SESSIONS_PERIOD: Duration = Duration::from_secs(60);
/// How often it is looked for feeds that it is time to ask, where they are not asked more often.
const FEEDS_PERIOD: Duration = Duration::from_secs(60);
/// How often it is looked for what has been kept long enough.
const RETENTION_PERIOD: Duration = Duration::from_secs(3600);

/// Starts all of it.
pub(super) fn start(server: &AppState, config: &Config, tls: Option<Tls>) -> Jobs {
    let jobs = Jobs::new();
    every(&jobs, server, "most-read lists", MOST_READ_PERIOD, follow_counters);
    every(&jobs, server, "writes", WRITES_PERIOD, end_doubt);
    every(&jobs, server, "sessions", SESSIONS_PERIOD, tidy_sessions);
    every(&jobs, server, "requests to send an article", MAIL_REQUESTS_PERIOD, forget_requests);
    every(&jobs, server, "registry of partners", PARTNERS_PERIOD, read_registry);
    if config.languages.is_some() {
        every(&jobs, server, "languages", LANGUAGES_PERIOD, follow_languages);
    }
    every(&jobs, server, "pictures", IMAGES_PERIOD, make_pictures);
    every(&jobs, server, "care of pictures", IMAGES_CARE_PERIOD, care_for_pictures);
    every(&jobs, server, "retention", RETENTION_PERIOD, erase_what_is_old);
    if !config.feeds.is_empty() {
        follow_feeds(&jobs, server, config);
    }
    if let Some(tls) = tls {
        follow_certificate(&jobs, server, tls);
    }
    jobs
}

fn every<R>(
    jobs: &Jobs,
    server: &AppState,
    name: &'static str,
    period: Duration,
    job: impl Fn(AppState) -> R + Send + Sync + 'static,
) where
    R: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    let server = server.clone();
    jobs.every(name, period, move || job(server.clone()));
}

async fn follow_counters(server: AppState) -> anyhow::Result<()> {
    Ok(server.most_read.refresh().await?)
}

/// After a write that failed: finds out whether others do. A GET writes nothing, so that whoever asks whether the server
/// is ready is told what was found here.
async fn end_doubt(server: AppState) -> anyhow::Result<()> {
    let store = &server.store;
    if store.metrics().writes() != Writes::Kept {
        let kept = matches!(timeout(WRITTEN_WITHIN, store.try_to_write()).await, Ok(Ok(())));
        store.metrics().tried_to_write(kept);
    }
    Ok(())
}

async fn tidy_sessions(server: AppState) -> anyhow::Result<()> {
    Ok(server.logins.tidy(&*server.store, server.clock.now()).await?)
}

async fn forget_requests(server: AppState) -> anyhow::Result<()> {
    if is_ours(&server, "mail requests", MAIL_REQUESTS_PERIOD).await? {
        send_article::forget_old_requests(&server).await?;
    }
    Ok(())
}

async fn read_registry(server: AppState) -> anyhow::Result<()> {
    Ok(server.tally.partners().refresh(&*server.store).await?)
}

async fn follow_languages(server: AppState) -> anyhow::Result<()> {
    languages::follow(&server).await
}

async fn make_pictures(server: AppState) -> anyhow::Result<()> {
    server.images.take_turn().await
}

async fn care_for_pictures(server: AppState) -> anyhow::Result<()> {
    if is_ours(&server, "care of pictures", IMAGES_CARE_PERIOD).await? {
        server.images.find_replaced().await?;
        server.images.tidy().await?;
    }
    Ok(())
}

async fn erase_what_is_old(server: AppState) -> anyhow::Result<()> {
    // The list of what was erased is each server's own.
    retention::forget_erasures(&server).await?;
    if is_ours(&server, "retention", RETENTION_PERIOD).await? {
        retention::erase_from_store(&server).await?;
    }
    Ok(())
}

fn follow_certificate(jobs: &Jobs, server: &AppState, tls: Tls) {
    let expiry = Arc::new(Expiry::new(server.metrics.certificate.clone()));
    let clock = server.clock.clone();
    jobs.every("certificate", CERTIFICATE_PERIOD, move || {
        let (tls, expiry, clock) = (tls.clone(), expiry.clone(), clock.clone());
        async move {
            let followed = tls.clone().follow().await;
            // Also of one that could not be taken up: then that of before is shown on.
            expiry.look(tls.validity(), clock.now());
            followed
        }
    });
}

fn follow_feeds(jobs: &Jobs, server: &AppState, config: &Config) {
    let (store, fetcher) = (server.store.clone(), server.fetcher.clone());
    let feeds = Feeds::new(store, fetcher, config, server.clock.clone());
    let urls = config.feeds.clone();
    // Servers that do not answer must not keep this one from stopping; what was claimed is due in two minutes.
    jobs.every_interruptible("feeds", config.sync_every.min(FEEDS_PERIOD), move || {
        let (feeds, urls) = (feeds.clone(), urls.clone());
        async move { Ok(feeds.follow(&urls).await?) }
    });
}

/// Whether this server is the one of those on the database that does a job now: it is until the next turn, so
/// that another takes over where this one is gone by then.
async fn is_ours(server: &Server, job: &str, period: Duration) -> Result<bool, StoreError> {
    server.store.lease(job, period.mul_f32(0.9)).await
}
