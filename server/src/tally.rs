//! Takes views and shares: checks them, says whose they are without keeping who that is, refuses what
//! is no reader, and hands groups of them to the store. It answers when the store has committed them.
//!
//! What counts and what is a repeat is not decided here but by [`Store::record_views`].

use std::sync::Arc;
use std::time::Duration;

use article_widget::contract::{ShareReport, ViewReport};
use jiff::tz::TimeZone;

use crate::bots::is_bot;
use crate::client::Client;
use crate::clock::{self, Clock, SystemClock, UnixSeconds};
use crate::jobs::Jobs;
use crate::limiter::Limiter;
use crate::store::{Outcome, Reader, ReaderKey, Refusal, Share, Store, View};
use group::Group;
use reader::Readers;

mod group;
mod reader;
mod report;

/// How often it is asked whether a day has turned.
const TURN_PERIOD: Duration = Duration::from_secs(30);

/// What an operator may set, and tests.
#[derive(Clone)]
pub struct Settings {
    /// The publisher's: where a day ends.
    pub time_zone: TimeZone,
    /// Beacons a second that one reader may send, and at once.
    pub rate: u32,
    /// Readers whose rate is watched at a time.
    pub watched: usize,
    /// Reports that may wait; beyond them, [`Error::Busy`].
    pub queue: usize,
    /// Tells when a report came.
    pub clock: Arc<dyn Clock>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            time_zone: TimeZone::UTC,
            rate: 4,
            watched: 100_000,
            queue: 8192,
            clock: Arc::new(SystemClock),
        }
    }
}

/// Why a report is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It is malformed.
    #[error("{field}: {reason}")]
    Invalid {
        /// The field's name on the wire.
        field: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The queue is full or the store cannot take it: try again later, with the same id.
    #[error("too busy to count this now")]
    Busy,
}

/// Takes reports.
pub struct Tally {
    readers: Arc<Readers>,
    limiter: Limiter<ReaderKey>,
    time_zone: TimeZone,
    clock: Arc<dyn Clock>,
    views: Group<View>,
    shares: Group<Share>,
    jobs: Jobs,
}

impl Tally {
    /// Starts the tasks that hand groups to `store`, and the one that turns the day: it has salts and
    /// reader keys destroyed in time, also where nobody reads. Must be called inside a Tokio runtime.
    pub fn start(store: Arc<dyn Store>, settings: Settings) -> Self {
        let Settings { time_zone, rate, watched, queue, clock } = settings;
        let readers = Arc::new(Readers::new(store.clone()));
        let jobs = Jobs::new();
        let (turning, zone, time) = (readers.clone(), time_zone.clone(), clock.clone());
        jobs.every("turn of the day", TURN_PERIOD, move || {
            let (readers, day) = (turning.clone(), clock::day(time.now(), &zone));
            async move { Ok(readers.turn(day).await?) }
        });
        let share_store = store.clone();
        Self {
            readers,
            limiter: Limiter::new(Duration::from_secs(1), rate, watched),
            time_zone,
            clock,
            views: Group::start(queue, move |batch: Vec<View>| {
                let store = store.clone();
                async move { store.record_views(&batch).await }
            }),
            shares: Group::start(queue, move |batch: Vec<Share>| {
                let store = share_store.clone();
                async move { store.record_shares(&batch).await }
            }),
            jobs,
        }
    }

    /// Counts a view, or says why it does not count. What it gives has been committed.
    ///
    /// # Errors
    /// See [`Error`]; nothing has been recorded then.
    pub async fn view(&self, report: ViewReport, client: &Client) -> Result<Outcome, Error> {
        let checked = report::check_view(&report)?;
        let (at, reader) = self.reader(client).await?;
        let view = View {
            article: checked.article,
            view: checked.view,
            at,
            reader,
            partner: checked.partner,
            seconds: checked.seconds,
            depth: checked.depth,
            share: checked.share,
            refused: self.refuse(client, &reader),
        };
        self.views.submit(view).await
    }

    /// Counts a share, or says why it does not count. What it gives has been committed.
    ///
    /// # Errors
    /// See [`Error`]; nothing has been recorded then.
    pub async fn share(&self, report: ShareReport, client: &Client) -> Result<Outcome, Error> {
        let checked = report::check_share(&report)?;
        let (at, reader) = self.reader(client).await?;
        let share = Share {
            article: checked.article,
            share: checked.share,
            at,
            partner: checked.partner,
            channel: checked.channel,
            refused: self.refuse(client, &reader),
        };
        self.shares.submit(share).await
    }

    /// Takes no more reports, and returns when those that wait are committed and answered.
    pub async fn stop(self: Arc<Self>) {
        self.jobs.stop().await;
        self.views.stop().await;
        self.shares.stop().await;
    }

    async fn reader(&self, client: &Client) -> Result<(UnixSeconds, Reader), Error> {
        let at = self.clock.now();
        let day = clock::day(at, &self.time_zone);
        let reader = self.readers.reader(client, day).await.map_err(|error| {
            tracing::error!(%error, "no salt for reader keys");
            Error::Busy
        })?;
        Ok((at, reader))
    }

    fn refuse(&self, client: &Client, reader: &Reader) -> Option<Refusal> {
        if is_bot(&client.agent) {
            Some(Refusal::Bot)
        } else if self.limiter.allow(&reader.today) {
            None
        } else {
            Some(Refusal::Rate)
        }
    }
}
