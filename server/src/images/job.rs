//! The job that makes pictures, one at a time and behind everything else, and forgets what nobody names.
//!
//! What is to be done stands in the store: a process that ends in the middle, or is ended by a picture, leaves
//! the rest to the next one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use serde::Deserialize;

use super::original::{Original, Originals};
use super::{Failure, making};
use crate::clock::Clock;
use crate::config::Config;
use crate::fetch::Fetcher;
use crate::images::aside::aside;
use crate::store::{DueImage, ImageDigest, MadeImage, Store, StoreError};

/// A turn begins no further picture after as long: a server that stops waits for one at most.
const TURN: Duration = Duration::from_secs(1);
/// Pictures whose files are looked up between two questions to the store.
const AT_ONCE: u32 = 500;
/// Seconds from each try to the next; after the last one comes no other, until the article is saved again.
const PAUSES: [i64; 7] = [60, 300, 1_800, 7_200, 43_200, 86_400, 86_400];

/// What becomes of pictures that stand on other servers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum RemoteImages {
    /// Readers have them from there; only their sizes and colours are learnt.
    #[default]
    Keep,
    /// Sizes are made and served from here.
    Copy,
}

/// What came of a look at a picture.
enum Outcome {
    /// It was made.
    Made(MadeImage),
    /// It is what it was, by the file of this version.
    Unchanged(String),
}

/// Makes pictures.
pub struct ImageJob {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    originals: Originals,
    remote: RemoteImages,
    /// Made since the last time that nothing was left to do.
    made: AtomicU64,
    /// Left as they were, likewise.
    failed: AtomicU64,
}

impl ImageJob {
    /// One over the store, by the settings.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        config: &Config,
        public_url: &str,
        fetcher: Fetcher,
    ) -> Self {
        let originals = Originals::new(config.media.clone(), public_url, fetcher);
        let (made, failed) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { store, clock, originals, remote: config.remote_images, made, failed }
    }

    /// Has pictures copied whose size alone was learnt under another setting.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn start(&self) -> Result<(), StoreError> {
        match self.remote {
            RemoteImages::Copy => self.store.copy_images(self.clock.now()).await,
            RemoteImages::Keep => Ok(()),
        }
    }

    /// Makes pictures that are due, for about a second.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn take_turn(&self) -> anyhow::Result<()> {
        let begun = Instant::now();
        while begun.elapsed() < TURN {
            let Some(image) = self.store.take_due_image(self.clock.now(), &PAUSES).await? else {
                self.say_what_was_done();
                return Ok(());
            };
            self.look_at(&image).await?;
        }
        Ok(())
    }

    /// Finds files of this server's that were replaced under their names since their pictures were made.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn find_replaced(&self) -> anyhow::Result<()> {
        let mut after = String::new();
        loop {
            let known = self.store.image_versions(&after, AT_ONCE).await?;
            let Some((last, _)) = known.last() else { return Ok(()) };
            after.clone_from(last);
            let mut replaced = Vec::new();
            for (url, version) in known {
                // One that is gone was taken away once its sizes were made: they stay.
                if self.originals.version(&url).await.is_some_and(|now| now != version) {
                    replaced.push(url);
                }
            }
            if !replaced.is_empty() {
                self.store.want_images(replaced, self.clock.now()).await?;
            }
        }
    }

    /// Forgets pictures that no article names any more.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn tidy(&self) -> anyhow::Result<()> {
        while self.store.forget_images().await? {}
        Ok(())
    }

    async fn look_at(&self, image: &DueImage) -> Result<(), StoreError> {
        match self.make(image).await {
            Ok(Outcome::Made(made)) => {
                self.made.fetch_add(1, Ordering::Relaxed);
                self.store.save_image(image, made).await
            }
            Ok(Outcome::Unchanged(version)) => self.store.confirm_image(image, &version).await,
            Err(failure) => {
                self.failed.fetch_add(1, Ordering::Relaxed);
                tracing::debug!(url = image.url, reason = %failure, "a picture stays as it is");
                let version = match failure {
                    Failure::Final(_) => Some(self.originals.version(&image.url).await),
                    Failure::Passing(_) => None,
                };
                let final_for = version.map(Option::unwrap_or_default);
                self.store.fail_image(image, &failure.to_string(), final_for.as_deref()).await
            }
        }
    }

    async fn make(&self, image: &DueImage) -> Result<Outcome, Failure> {
        // Not read where it is known by its version already.
        if let (Some(_), Some(version)) = (image.digest, self.originals.version(&image.url).await)
            && version == image.version
        {
            return Ok(Outcome::Unchanged(version));
        }
        let original = self.originals.read(&image.url).await?;
        let is_own = self.originals.own_path(&image.url).is_some();
        let is_served = is_own || self.remote == RemoteImages::Copy;
        let known = image.digest;
        let work = move || work(original, known, is_served);
        let done = aside(work).await.map_err(|error| Failure::Passing(error.to_string()))?;
        done.unwrap_or_else(|| Err(Failure::Final("it makes the decoder panic".to_owned())))
    }

    fn say_what_was_done(&self) {
        let made = self.made.swap(0, Ordering::Relaxed);
        let failed = self.failed.swap(0, Ordering::Relaxed);
        if made + failed > 0 {
            tracing::info!(made, failed, "every picture has been looked at");
        }
    }
}

fn work(
    original: Original,
    known: Option<ImageDigest>,
    is_served: bool,
) -> Result<Outcome, Failure> {
    let Original { content, version } = original;
    let made = if is_served {
        let digest = ImageDigest::of(&content);
        if known == Some(digest) {
            return Ok(Outcome::Unchanged(version));
        }
        making::make(&content, digest)?
    } else {
        making::measure(&content)?
    };
    Ok(Outcome::Made(MadeImage { version, ..made }))
}
