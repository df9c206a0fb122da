//! Delivers what is in the outbox: mails to editors, senders and readers' friends, and calls to a program.
//!
//! Whatever was put in is tried until it arrives, at least once: a delivery is forgotten when its receiver
//! has acknowledged it, so that after a crash in between it may arrive twice, under the same id. What it
//! says is read when it leaves. Nothing that is logged or stored of a failed try names anybody.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hmac::{Hmac, Mac};
use sha2::Sha256;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::clock::{Clock, UnixSeconds};
use crate::config::Config;
use crate::letters::{Letters, MailHost};
use crate::store::{Delivery, DeliveryKind, Lane, Store, StoreError};
use crate::time::Calendar;
use caller::Caller;
use failure::Failure;
use mailer::Mailer;

mod caller;
mod content;
mod failure;
mod mailer;

/// Tries of one lane at the same time; there are two lanes.
const AT_ONCE: usize = 4;
/// How long one try may take.
const LIMIT: Duration = Duration::from_secs(30);
/// How long a try is nobody else's, in seconds: longer than it may take.
const CLAIM: i64 = 60;
/// How often it is asked what is due, where nobody says.
const PERIOD: Duration = Duration::from_secs(3);
/// How long tries that are under way may take when the server stops.
const LAST: Duration = Duration::from_secs(5);
/// Pauses before the second try and those after it, in seconds; then always the last.
const PAUSES: [i64; 6] = [10, 60, 5 * 60, 30 * 60, 2 * 3600, 6 * 3600];
/// What has not arrived after as many seconds is given up.
const GIVEN_UP_AFTER: i64 = 7 * 24 * 3600;

/// The outbox of one server.
pub struct Outbox {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    calendar: Calendar,
    public_url: String,
    signing_key: [u8; 32],
    letters: Option<Letters>,
    mailer: Option<Mailer>,
    caller: Option<Caller>,
    limit: Duration,
    mail_is_in: Notify,
    call_is_in: Notify,
    /// Something was forgotten that the database's files may still hold.
    is_to_sweep: AtomicBool,
}

/// The tasks that deliver.
pub struct Delivering {
    stopping: watch::Sender<bool>,
    lanes: JoinSet<()>,
}

impl Outbox {
    /// One over the store, by the settings; nothing leaves yet.
    pub fn new(
        store: Arc<dyn Store>,
        config: &Config,
        public_url: &str,
        signing_key: [u8; 32],
        clock: Arc<dyn Clock>,
    ) -> Self {
        let mail = config.mail.as_ref();
        Self {
            store,
            clock,
            calendar: Calendar::new(config.time_zone.clone()),
            public_url: public_url.to_owned(),
            signing_key,
            letters: mail.map(|mail| Letters::new(mail, public_url)),
            mailer: mail.map(|mail| Mailer::new(&mail.server, &MailHost::of(public_url))),
            caller: config.webhook.as_ref().map(Caller::new),
            limit: LIMIT,
            mail_is_in: Notify::new(),
            call_is_in: Notify::new(),
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
        let mut lanes = JoinSet::new();
        for lane in [Lane::Mail, Lane::Call] {
            lanes.spawn(self.clone().run(lane, stopping.subscribe()));
        }
        Delivering { stopping, lanes }
    }

    /// Who the mails are from, in a reader's words: the publisher's name, or its host.
    pub fn publisher(&self) -> String {
        let host = || MailHost::of(&self.public_url).to_string();
        self.letters.as_ref().map_or_else(host, Letters::publisher)
    }

    /// Something has been put in.
    pub fn wake(&self) {
        self.mail_is_in.notify_one();
        self.call_is_in.notify_one();
    }

    /// Tries everything that is due by now once, and returns when those tries are over: how many there
    /// were.
    ///
    /// # Errors
    /// Where the store does not say what is due.
    pub async fn deliver_due(self: &Arc<Self>) -> Result<usize, StoreError> {
        let mut begun = 0;
        for lane in [Lane::Mail, Lane::Call] {
            let mut tries = JoinSet::new();
            loop {
                match self.begin(lane, &mut tries).await? {
                    0 if tries.join_next().await.is_none() => break,
                    more => begun += more,
                }
            }
        }
        self.sweep().await;
        Ok(begun)
    }

    async fn run(self: Arc<Self>, lane: Lane, mut stopping: watch::Receiver<bool>) {
        let is_in = match lane {
            Lane::Mail => &self.mail_is_in,
            Lane::Call => &self.call_is_in,
        };
        let mut tries = JoinSet::new();
        loop {
            if let Err(error) = self.begin(lane, &mut tries).await {
                tracing::error!(%error, "nothing leaves the outbox");
            }
            if tries.is_empty() {
                self.sweep().await;
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

    /// Begins tries of what is due, as many as there is room for: how many.
    async fn begin(
        self: &Arc<Self>,
        lane: Lane,
        tries: &mut JoinSet<()>,
    ) -> Result<usize, StoreError> {
        let room = AT_ONCE.saturating_sub(tries.len());
        if room == 0 {
            return Ok(0);
        }
        let now = self.clock.now();
        let limit = u32::try_from(room).unwrap_or(u32::MAX);
        let claimed = self.store.claim_deliveries(lane, now, now + CLAIM, limit).await?;
        let begun = claimed.len();
        for delivery in claimed {
            tries.spawn(self.clone().try_once(delivery));
        }
        Ok(begun)
    }

    async fn try_once(self: Arc<Self>, delivery: Delivery) {
        let (outbox, content) = (self.clone(), delivery.content.clone());
        let no = delivery.no;
        let deliver = async move { timeout(outbox.limit, outbox.deliver(no, &content)).await };
        // In a task of its own, so that a panic is one more failure.
        let end = match tokio::spawn(deliver).await {
            Ok(Ok(end)) => end,
            Ok(Err(_)) => Err(Failure::passing("no answer in time")),
            Err(_) => Err(Failure::passing("a panic")),
        };
        if let Err(error) = self.settle(&delivery, end).await {
            tracing::error!(%error, "what became of a delivery is not recorded: it is tried again");
        }
    }

    /// Records what came of a try.
    async fn settle(
        &self,
        delivery: &Delivery,
        end: Result<(), Failure>,
    ) -> Result<(), StoreError> {
        let (kind, tries) = (delivery.content.kind.as_str(), delivery.tries);
        let Err(Failure { problem, is_lasting }) = end else {
            return self.forget(delivery).await;
        };
        let now = self.clock.now();
        let is_hopeless = is_lasting && delivery.content.kind == DeliveryKind::Article;
        if is_hopeless || now - delivery.content.at >= GIVEN_UP_AFTER {
            tracing::warn!(kind, tries, problem, "given up: this delivery has not arrived");
            return self.forget(delivery).await;
        }
        tracing::info!(kind, tries, problem, "not delivered yet");
        self.store.delivery_failed(delivery, now + pause_after(tries), &problem).await
    }

    async fn forget(&self, delivery: &Delivery) -> Result<(), StoreError> {
        self.store.delivered(delivery.no).await?;
        self.is_to_sweep.store(true, Ordering::Relaxed);
        Ok(())
    }

    async fn sweep(&self) {
        if self.is_to_sweep.swap(false, Ordering::Relaxed)
            && let Err(error) = self.store.sweep_deliveries().await
        {
            self.is_to_sweep.store(true, Ordering::Relaxed);
            tracing::warn!(%error, "what was delivered stays in the log for a while");
        }
    }

    /// Names a delivery to its receiver, the same in every try.
    fn id(&self, key: &str) -> String {
        let mut mac: Hmac<Sha256> =
            Hmac::new_from_slice(&self.signing_key).expect("HMAC takes a key of any length");
        mac.update(format!("delivery\n{key}").as_bytes());
        hex::encode(&mac.finalize().into_bytes()[..16])
    }
}

impl Delivering {
    /// Begins no further try, and waits for those under way, but not for long: what does not come to its
    /// end stays in the outbox.
    pub async fn stop(self) {
        self.stopping.send_replace(true);
        self.lanes.join_all().await;
    }
}

/// Seconds until the next try, after so many.
fn pause_after(tries: u32) -> UnixSeconds {
    let position = usize::try_from(tries.saturating_sub(1)).unwrap_or(usize::MAX);
    PAUSES[position.min(PAUSES.len() - 1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_six_hours() {
        let pauses: Vec<_> = (1..=8).map(pause_after).collect();
        assert_eq!(pauses, [10, 60, 300, 1_800, 7_200, 21_600, 21_600, 21_600]);
    }
}
