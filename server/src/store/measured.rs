//! What is measured of a store's work.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use opentelemetry::trace::SpanKind;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use tokio::time::timeout;

use super::{Lane, StoreError};
use crate::metrics::{Catalogue, Counters, Histograms};
use crate::traces;

// The numbers of [`Writes`], from good to bad.
const KEPT: u8 = 0;
const IN_DOUBT: u8 = 1;
const FAIL: u8 = 2;

/// In seconds: from a row in memory to where the engines give up waiting.
const CALL_BUCKETS: [f64; 11] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5, 10.0];

/// Whoever reads has an older answer, or is told to come again.
const READ_WITHIN: Duration = Duration::from_secs(5);
/// Whoever writes does so again under the same id, and learns then whether it was kept. Groups of views give up sooner.
const WRITTEN_WITHIN: Duration = Duration::from_secs(25);

/// What whoever watches a store may ask of it.
#[async_trait]
pub trait MeasuredStore {
    /// The figures of this store.
    fn metrics(&self) -> &StoreMetrics;
    /// How many deliveries of each lane have not reached their receivers, in the order of [`Lane::ALL`].
    async fn deliveries_waiting(&self) -> Result<[u64; Lane::ALL.len()], StoreError>;
    /// Commits what changes nothing: whether what is written is kept.
    async fn try_to_write(&self) -> Result<(), StoreError>;
}

/// Calls whose time is taken: those that readers wait for, and those that run all the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// An article is read.
    Article,
    /// What is known of its pictures is read.
    Pictures,
    /// A file of a release is read.
    Asset,
    /// A view is recorded, in a group with others.
    View,
    /// The same for a share.
    Share,
    /// A rating is kept.
    Rating,
    /// A letter is kept.
    Feedback,
    /// The most-read lists follow the counters.
    MostRead,
    /// It is asked what has to leave.
    Deliveries,
    /// It is asked whether the database answers.
    Ping,
}

impl Operation {
    const ALL: [Self; 10] = [
        Self::Article,
        Self::Pictures,
        Self::Asset,
        Self::View,
        Self::Share,
        Self::Rating,
        Self::Feedback,
        Self::MostRead,
        Self::Deliveries,
        Self::Ping,
    ];

    /// Whether it keeps what a reader has sent.
    fn is_write(self) -> bool {
        matches!(self, Self::View | Self::Share | Self::Rating | Self::Feedback)
    }

    /// How long somebody waits for it: a database that takes questions and answers none is away, too.
    fn longest(self) -> Option<Duration> {
        match self {
            Self::Article | Self::Pictures | Self::Asset | Self::Deliveries | Self::Ping => {
                Some(READ_WITHIN)
            }
            Self::View | Self::Share | Self::Rating | Self::Feedback => Some(WRITTEN_WITHIN),
            // At a start it reads what was counted in a month.
            Self::MostRead => None,
        }
    }
}

/// Durations, failures and sizes of groups, and whether writes are kept. A copy has the same figures.
#[derive(Clone)]
pub struct StoreMetrics {
    calls: Histograms<Call>,
    failures: Counters<Call>,
    groups: Histograms<Group>,
    /// One of [`Writes`].
    writes: Arc<AtomicU8>,
}

/// What is known of writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writes {
    /// The last one was kept.
    Kept,
    /// The last one failed, which may be its own fault.
    InDoubt,
    /// So did one that changes nothing.
    Fail,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Call {
    operation: Operation,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Group {
    kind: &'static str,
}

impl Default for StoreMetrics {
    fn default() -> Self {
        let calls: fn() -> Histogram = || Histogram::new(CALL_BUCKETS);
        let groups: fn() -> Histogram = || Histogram::new(exponential_buckets(1.0, 2.0, 10));
        let failures = Counters::<Call>::default();
        // There before they happen, so that the first one is seen as one.
        for operation in Operation::ALL {
            drop(failures.get_or_create(&Call { operation }));
        }
        Self {
            calls: Family::new_with_constructor(calls),
            failures,
            groups: Family::new_with_constructor(groups),
            writes: Arc::default(),
        }
    }
}

impl StoreMetrics {
    /// Waits for a call's answer, no longer than whoever asks does, and takes its time.
    ///
    /// # Errors
    /// As the call, and [`StoreError::Unavailable`] where there is no answer in time.
    pub async fn time<T>(
        &self,
        operation: Operation,
        call: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let begun = Instant::now();
        let call = async {
            match operation.longest() {
                Some(longest) => {
                    timeout(longest, call).await.unwrap_or_else(|_| Err(late(longest)))
                }
                None => call.await,
            }
        };
        let answer = traces::within(operation.span(), SpanKind::Client, call).await;
        let call = Call { operation };
        self.calls.get_or_create(&call).observe(begun.elapsed().as_secs_f64());
        if answer.is_err() {
            self.failures.get_or_create(&call).inc();
        }
        if operation.is_write() {
            self.note_write(answer.is_ok());
        }
        answer
    }

    /// What is known of writing.
    pub fn writes(&self) -> Writes {
        match self.writes.load(Ordering::Relaxed) {
            KEPT => Writes::Kept,
            IN_DOUBT => Writes::InDoubt,
            _ => Writes::Fail,
        }
    }

    /// Keeps what came of a write that changes nothing.
    pub(crate) fn tried_to_write(&self, is_kept: bool) {
        self.writes.store(if is_kept { KEPT } else { FAIL }, Ordering::Relaxed);
    }

    fn note_write(&self, is_kept: bool) {
        if is_kept {
            self.writes.store(KEPT, Ordering::Relaxed);
        } else {
            // One failure says no more than is known already where writes fail.
            self.writes.fetch_max(IN_DOUBT, Ordering::Relaxed);
        }
    }

    /// So many reports were committed at once.
    pub(super) fn committed(&self, kind: &'static str, reports: usize) {
        self.groups.get_or_create(&Group { kind }).observe(reports as f64);
    }

    pub(crate) fn name(&self, catalogue: &mut Catalogue<'_>) {
        catalogue.add(
            "article_store_call_duration_seconds",
            "Seconds until the database has answered, by operation",
            self.calls.clone(),
        );
        catalogue.add(
            "article_store_failures",
            "Calls that the database did not answer, by operation",
            self.failures.clone(),
        );
        catalogue.add(
            "article_store_group_reports",
            "Views or shares in one commit",
            self.groups.clone(),
        );
    }
}

impl Operation {
    /// What it is called in a trace: the store, and what it is called among the figures.
    fn span(self) -> &'static str {
        match self {
            Self::Article => "store article",
            Self::Pictures => "store pictures",
            Self::Asset => "store asset",
            Self::View => "store view",
            Self::Share => "store share",
            Self::Rating => "store rating",
            Self::Feedback => "store feedback",
            Self::MostRead => "store most_read",
            Self::Deliveries => "store deliveries",
            Self::Ping => "store ping",
        }
    }

    fn label(self) -> &'static str {
        let span = self.span();
        span.split_once(' ').map_or(span, |(_, label)| label)
    }
}

impl EncodeLabelValue for Operation {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> std::fmt::Result {
        self.label().encode(encoder)
    }
}

fn late(longest: Duration) -> StoreError {
    StoreError::Unavailable(anyhow::anyhow!("no answer in {} s", longest.as_secs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn write(metrics: &StoreMetrics, operation: Operation, is_kept: bool) {
        let failure = StoreError::Unavailable(anyhow::anyhow!("it is full"));
        let answer = if is_kept { Ok(()) } else { Err(failure) };
        let _ = metrics.time(operation, async { answer }).await;
    }

    #[tokio::test]
    async fn a_failed_write_leaves_a_doubt_which_the_next_one_ends() {
        let metrics = StoreMetrics::default();
        write(&metrics, Operation::Article, false).await;
        assert_eq!(metrics.writes(), Writes::Kept, "that was no write");
        write(&metrics, Operation::View, false).await;
        assert_eq!(metrics.writes(), Writes::InDoubt);
        metrics.tried_to_write(false);
        write(&metrics, Operation::Share, false).await;
        assert_eq!(metrics.writes(), Writes::Fail);
        write(&metrics, Operation::Feedback, true).await;
        assert_eq!(metrics.writes(), Writes::Kept);
    }
}
