//! Takes views and shares: checks them, says whose they are without keeping who that is, refuses what
//! is no reader, and hands them to the store. It answers when the store has committed them.
//!
//! What counts and what is a repeat is not decided here but by [`Store::record_views`]; it is the store
//! too that commits many at once, for it knows when its last commit is done.

use std::sync::Arc;
use std::time::Duration;

use article_widget::contract::{ShareReport, ViewReport};
use jiff::tz::TimeZone;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::bots::is_bot;
use crate::client::Client;
use crate::clock::{self, Clock, SystemClock, UnixSeconds};
use crate::jobs::Jobs;
use crate::limiter::Limiter;
use crate::operator_key::OperatorKey;
use crate::partners::Partners;
use crate::store::{
    Operation, Outcome, PlaceKey, Reader, ReaderKey, Refusal, Share, Store, StoreError, View,
};
use outcomes::Outcomes;
use reader::Readers;

pub mod outcomes;
mod reader;
mod report;

pub use reader::SharedNetworks;
pub(crate) use report::uuid;

/// Shares that one address may count at once, whatever it calls itself; as many come back in an hour.
const SHARES_PER_HOUR: u32 = 60;

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
    /// Where many readers look alike.
    pub shared: SharedNetworks,
    /// Whose pages count.
    pub partners: Arc<Partners>,
    /// Reports that may wait; beyond them, [`Error::Busy`].
    pub queue: u32,
    /// Tells when a report came.
    pub clock: Arc<dyn Clock>,
    /// By which the store's salts are sealed.
    pub key: Option<OperatorKey>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            time_zone: TimeZone::UTC,
            rate: 4,
            watched: 100_000,
            shared: SharedNetworks::default(),
            partners: Arc::default(),
            queue: 8192,
            clock: Arc::new(SystemClock),
            key: None,
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
    store: Arc<dyn Store>,
    readers: Arc<Readers>,
    limiter: Limiter<ReaderKey>,
    /// For keys that stand for many readers.
    shared_limiter: Limiter<ReaderKey>,
    /// For shares, which are deduplicated by nothing but their ids.
    share_limiter: Limiter<PlaceKey>,
    partners: Arc<Partners>,
    time_zone: TimeZone,
    clock: Arc<dyn Clock>,
    /// One permit for each report that may wait.
    room: Semaphore,
    queue: u32,
    outcomes: Outcomes,
    jobs: Jobs,
}

impl Tally {
    /// Starts the task that turns the day: it has salts and reader keys destroyed in time, also where
    /// nobody reads. Must be called inside a Tokio runtime.
    pub fn start(store: Arc<dyn Store>, settings: Settings) -> Self {
        let Settings { time_zone, rate, watched, shared, partners, queue, clock, key } = settings;
        let shared_rate = rate.saturating_mul(shared.views.max(1).into());
        let readers = Arc::new(Readers::new(store.clone(), key, shared));
        let jobs = Jobs::new();
        let (turning, zone, time) = (readers.clone(), time_zone.clone(), clock.clone());
        jobs.every("turn of the day", TURN_PERIOD, move || {
            let (readers, day) = (turning.clone(), clock::day(time.now(), &zone));
            async move { Ok(readers.turn(day).await?) }
        });
        Self {
            store,
            readers,
            limiter: Limiter::new(Duration::from_secs(1), rate, watched),
            shared_limiter: Limiter::new(Duration::from_secs(1), shared_rate, watched),
            share_limiter: Limiter::new(Duration::from_secs(3600), SHARES_PER_HOUR, watched),
            partners,
            time_zone,
            clock,
            room: Semaphore::new(queue as usize),
            queue,
            outcomes: Outcomes::default(),
            jobs,
        }
    }

    /// Counts a view, or says why it does not count. What it gives has been committed.
    ///
    /// # Errors
    /// See [`Error`]; nothing has been recorded then.
    pub async fn view(&self, report: ViewReport, client: &Client) -> Result<Outcome, Error> {
        let taken = self.take_view(report, client).await;
        self.outcomes.count_report("view", &taken);
        taken
    }

    async fn take_view(&self, report: ViewReport, client: &Client) -> Result<Outcome, Error> {
        let checked = report::check_view(&report)?;
        let _room = self.room()?;
        let (at, reader) = self.reader(client).await?;
        let refused = self.refuse(client, &reader, &checked.partner);
        let view = View {
            article: checked.article,
            view: checked.view,
            at,
            reader,
            partner: checked.partner,
            seconds: checked.seconds,
            depth: checked.depth,
            share: checked.share,
            refused,
        };
        let recorded = self.store.record_views(vec![view]);
        let taken = one(self.store.metrics().time(Operation::View, recorded).await);
        if taken.is_err() && refused.is_none() {
            self.give_back(&reader);
        }
        taken
    }

    /// Counts a share, or says why it does not count. What it gives has been committed.
    ///
    /// # Errors
    /// See [`Error`]; nothing has been recorded then.
    pub async fn share(&self, report: ShareReport, client: &Client) -> Result<Outcome, Error> {
        let taken = self.take_share(report, client).await;
        self.outcomes.count_report("share", &taken);
        taken
    }

    async fn take_share(&self, report: ShareReport, client: &Client) -> Result<Outcome, Error> {
        let checked = report::check_share(&report)?;
        let _room = self.room()?;
        let (at, reader) = self.reader(client).await?;
        let refused = self.refuse(client, &reader, &checked.partner).or_else(|| {
            // Many who share an address share articles too.
            let is_one = reader.allowance == 1;
            (is_one && !self.share_limiter.allow(&reader.place)).then_some(Refusal::Rate)
        });
        let share = Share {
            article: checked.article,
            share: checked.share,
            at,
            partner: checked.partner,
            channel: checked.channel,
            refused,
        };
        let recorded = self.store.record_shares(vec![share]);
        let taken = one(self.store.metrics().time(Operation::Share, recorded).await);
        if taken.is_err() && refused.is_none() {
            self.give_back(&reader);
            self.share_limiter.give_back(&reader.place);
        }
        taken
    }

    /// Whose pages count.
    pub fn partners(&self) -> &Arc<Partners> {
        &self.partners
    }

    /// What became of reports so far.
    pub fn outcomes(&self) -> &Outcomes {
        &self.outcomes
    }

    /// Reports that wait now.
    pub fn waiting(&self) -> usize {
        self.limit().saturating_sub(self.room.available_permits())
    }

    /// Reports that may wait.
    pub fn limit(&self) -> usize {
        self.queue as usize
    }

    /// Takes no more reports, and returns when those that wait are committed and answered.
    pub async fn stop(self: Arc<Self>) {
        self.jobs.stop().await;
        let all = self.room.acquire_many(self.queue).await;
        drop(all);
        self.room.close();
    }

    /// Room for one more report; there is none where too many wait, or where it is stopped.
    fn room(&self) -> Result<SemaphorePermit<'_>, Error> {
        self.room.try_acquire().map_err(|_| Error::Busy)
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

    fn refuse(&self, client: &Client, reader: &Reader, partner: &str) -> Option<Refusal> {
        if is_bot(&client.agent) {
            return Some(Refusal::Bot);
        }
        if !self.partners.admits(partner) {
            return Some(Refusal::Partner);
        }
        (!self.limiter(reader).allow(&reader.today)).then_some(Refusal::Rate)
    }

    fn limiter(&self, reader: &Reader) -> &Limiter<ReaderKey> {
        if reader.allowance > 1 { &self.shared_limiter } else { &self.limiter }
    }

    /// What the store did not take is sent again, and is not to be too much for that.
    fn give_back(&self, reader: &Reader) {
        self.limiter(reader).give_back(&reader.today);
    }
}

/// The outcome of the one report that was recorded. Why it was not is in the log.
fn one(outcomes: Result<Vec<Outcome>, StoreError>) -> Result<Outcome, Error> {
    outcomes.ok().and_then(|outcomes| outcomes.first().copied()).ok_or(Error::Busy)
}
