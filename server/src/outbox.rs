//! Delivers what is in the outbox: mails to editors, senders and readers' friends, and calls to programs.
//!
//! Whatever was put in is tried until it arrives, at least once: a delivery is forgotten when its receiver
//! has acknowledged it, so that after a crash in between it may arrive twice, under the same id. What it
//! says is read when it leaves. Nothing that is logged or stored of a failed try names anybody.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::clock::Clock;
use crate::config::Config;
use crate::mails::{MailHost, MailWriter};
use crate::messages::LiveLanguages;
use crate::publisher;
use crate::signing_key::SigningKey;
use crate::store::{Lane, Store, StoreError};
use crate::time::Calendar;
use caller::Caller;
use failure::Failure;
use mailer::Mailer;

mod caller;
mod content;
mod failure;
mod mailer;
mod tries;

/// How long one try may take.
const LIMIT: Duration = Duration::from_secs(30);
/// How often it is asked what is due, where nobody says.
const PERIOD: Duration = Duration::from_secs(3);
/// How often what was delivered is taken out of the database's files.
const SWEEP_PERIOD: Duration = Duration::from_secs(60);
/// How long tries that are under way may take when the server stops.
const LAST: Duration = Duration::from_secs(5);
/// What has not arrived after as many seconds is given up.
const GIVEN_UP_AFTER: i64 = 7 * 24 * 3600;

/// The outbox of one server.
pub struct Outbox {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    calendar: Calendar,
    public_url: String,
    signing_key: SigningKey,
    writer: Option<MailWriter>,
    mailer: Option<Mailer>,
    caller: Option<Caller>,
    purger: Option<Caller>,
    limit: Duration,
    mail_is_in: Notify,
    call_is_in: Notify,
    purge_is_in: Notify,
    /// Something was forgotten that the database's files may still hold.
    is_to_sweep: AtomicBool,
}

/// The tasks that deliver.
pub struct Delivering {
    stopping: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Outbox {
    /// One over the store, by the settings; nothing leaves yet.
    pub fn new(
        store: Arc<dyn Store>,
        config: &Config,
        languages: LiveLanguages,
        public_url: &str,
        signing_key: SigningKey,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let mail = config.mail.as_ref();
        Self {
            store,
            clock,
            calendar: Calendar::new(config.time_zone.clone()),
            public_url: public_url.to_owned(),
            signing_key,
            writer: mail.map(|mail| {
                MailWriter::new(mail, languages, &publisher::name(config, public_url), public_url)
            }),
            mailer: mail.map(|mail| Mailer::new(&mail.server, &MailHost::of(public_url))),
            caller: config.webhook.as_ref().map(Caller::new),
            purger: config.purge_hook.as_ref().map(Caller::new),
            limit: LIMIT,
            mail_is_in: Notify::new(),
            call_is_in: Notify::new(),
            purge_is_in: Notify::new(),
            is_to_sweep: AtomicBool::new(false),
        }
    }

    /// The same, where a try may take this long.
    pub fn with_limit(self, limit: Duration) -> Self {
        Self { limit, ..self }
    }

    /// Starts delivering. Must be called inside a Tokio runtime.
    pub fn start(self: &Arc<Self>) -> Delivering {
        let stopping = watch::Sender::new(false);
        let mut tasks = JoinSet::new();
        for lane in Lane::ALL {
            tasks.spawn(self.clone().run(lane, stopping.subscribe()));
        }
        tasks.spawn(self.clone().keep_swept(stopping.subscribe()));
        Delivering { stopping, tasks }
    }

    /// Something has been put in.
    pub fn wake(&self) {
        self.mail_is_in.notify_one();
        self.call_is_in.notify_one();
        self.purge_is_in.notify_one();
    }

    /// Tries everything that is due by now once, and returns when those tries are over: how many there
    /// were.
    ///
    /// # Errors
    /// Where the store does not say what is due.
    pub async fn deliver_due(self: &Arc<Self>) -> Result<usize, StoreError> {
        let mut begun = 0;
        for lane in Lane::ALL {
            let mut tries = JoinSet::new();
            loop {
                match self.begin(lane, &mut tries).await? {
                    0 if tries.join_next().await.is_none() => break,
                    more => begun += more,
                }
            }
        }
        Ok(begun)
    }

    async fn run(self: Arc<Self>, lane: Lane, mut stopping: watch::Receiver<bool>) {
        let is_in = match lane {
            Lane::Mail => &self.mail_is_in,
            Lane::Call => &self.call_is_in,
            Lane::Purge => &self.purge_is_in,
        };
        let mut tries = JoinSet::new();
        loop {
            if let Err(error) = self.begin(lane, &mut tries).await {
                tracing::error!(%error, "nothing leaves the outbox");
            }
            tokio::select! {
                biased;
                _ = stopping.wait_for(|stopping| *stopping) => break,
                Some(_) = tries.join_next() => {}
                () = is_in.notified() => {}
                () = sleep(PERIOD) => {}
            }
        }
        // What does not come to its end now is due again at the next start.
        let _ = timeout(LAST, async { while tries.join_next().await.is_some() {} }).await;
    }

    async fn keep_swept(self: Arc<Self>, mut stopping: watch::Receiver<bool>) {
        loop {
            tokio::select! {
                biased;
                _ = stopping.wait_for(|stopping| *stopping) => return,
                () = sleep(SWEEP_PERIOD) => {}
            }
            self.sweep().await;
        }
    }

    /// Names a delivery to its receiver, the same in every try.
    fn id(&self, key: &str) -> String {
        hex::encode(&self.signing_key.mac("delivery", &[key.as_bytes()])[..16])
    }
}

impl Delivering {
    /// Begins no further try, and waits for those under way, but not for long: what does not come to its
    /// end stays in the outbox.
    pub async fn stop(self) {
        self.stopping.send_replace(true);
        self.tasks.join_all().await;
    }
}
