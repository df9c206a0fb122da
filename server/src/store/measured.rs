//! What is measured of a store's work.

use std::time::Instant;

use async_trait::async_trait;
use opentelemetry::trace::SpanKind;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};

use super::{Lane, StoreError};
use crate::metrics::{Catalogue, Counters, Histograms};
use crate::traces;

/// In seconds: from a row in memory to where the engines give up waiting.
const CALL_BUCKETS: [f64; 11] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5, 10.0];

/// What whoever watches a store may ask of it.
#[async_trait]
pub trait MeasuredStore {
    /// The figures of this store.
    fn metrics(&self) -> &StoreMetrics;
    /// How many deliveries of each lane have not reached their receivers, in the order of [`Lane::ALL`].
    async fn deliveries_waiting(&self) -> Result<[u64; Lane::ALL.len()], StoreError>;
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

/// Durations, failures and sizes of groups. A copy has the same figures.
#[derive(Clone)]
pub struct StoreMetrics {
    calls: Histograms<Call>,
    failures: Counters<Call>,
    groups: Histograms<Group>,
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
        Self {
            calls: Family::new_with_constructor(calls),
            failures: Family::default(),
            groups: Family::new_with_constructor(groups),
        }
    }
}

impl StoreMetrics {
    /// Waits for a call's answer, and takes its time.
    ///
    /// # Errors
    /// As the call.
    pub async fn time<T>(
        &self,
        operation: Operation,
        call: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let begun = Instant::now();
        let answer = traces::within(operation.span(), SpanKind::Client, call).await;
        let call = Call { operation };
        self.calls.get_or_create(&call).observe(begun.elapsed().as_secs_f64());
        if answer.is_err() {
            self.failures.get_or_create(&call).inc();
        }
        answer
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
