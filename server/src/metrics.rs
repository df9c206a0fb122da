//! What is measured, as Prometheus reads it. Whoever does the work keeps its own figures (the store, the tally, the
//! cache); here they get their names, and what is a state and no event is read off when somebody asks.
//!
//! Labels take few values, all known beforehand: never a path, an id, an origin or anything else of a request.

use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Metric, Registry};
use tokio::time::timeout;

use crate::embeds::Embeds;
use crate::state::Server;
use crate::store::{Lane, Store, Writes};
use crate::tally::Tally;
pub use certificate::CertificateEnd;
use process::Process;
pub use refusals::{Refusal, Refusals};
use requests::Requests;
pub(crate) use requests::method_label;

mod certificate;
mod process;
mod refusals;
mod requests;

/// The media type of what [`render`] gives.
pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// A store that has not answered after so long is away. Prometheus gives up a little later.
const STORE_ANSWERS_WITHIN: Duration = Duration::from_secs(3);

/// The figures of one server.
pub struct Metrics {
    registry: Registry,
    names: Vec<&'static str>,
    /// What was asked and answered.
    pub requests: Requests,
    /// Connections that are open.
    pub connections: Gauge,
    /// What was refused.
    pub refusals: Refusals,
    /// Until when its certificate is valid.
    pub certificate: CertificateEnd,
    in_flight: Family<InFlight, Gauge>,
    reports_waiting: Gauge,
    reports_limit: Gauge,
    outbox: Family<OutboxLane, Gauge>,
    store_up: Gauge,
    process: Process,
}

/// Gives metrics their names.
pub(crate) struct Catalogue<'a> {
    registry: &'a mut Registry,
    names: &'a mut Vec<&'static str>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct InFlight {
    kind: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutboxLane {
    lane: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Build {
    version: &'static str,
    assets: String,
}

impl Catalogue<'_> {
    /// Names a metric. A counter's name goes without the `_total` that it is shown with.
    pub(crate) fn add(&mut self, name: &'static str, help: &'static str, metric: impl Metric) {
        self.names.push(name);
        // A full stop is put behind it there.
        self.registry.register(name, help, metric);
    }
}

impl Metrics {
    /// The figures of a server that is made of these; `assets` is the version of its widget.
    pub fn new(store: &dyn Store, tally: &Tally, embeds: &Embeds, assets: &str) -> Self {
        let mut metrics = Self {
            registry: Registry::default(),
            names: Vec::new(),
            requests: Requests::default(),
            connections: Gauge::default(),
            refusals: Refusals::default(),
            certificate: CertificateEnd::default(),
            in_flight: Family::default(),
            reports_waiting: Gauge::default(),
            reports_limit: Gauge::default(),
            outbox: Family::default(),
            store_up: Gauge::default(),
            process: Process::default(),
        };
        metrics.name(store, tally, embeds, assets);
        metrics
    }

    /// The name of every metric, as a dashboard has it without `_total`, `_bucket`, `_sum`, `_count` and `_info`.
    pub fn names(&self) -> &[&'static str] {
        &self.names
    }

    fn name(&mut self, store: &dyn Store, tally: &Tally, embeds: &Embeds, assets: &str) {
        let mut catalogue = Catalogue { registry: &mut self.registry, names: &mut self.names };
        self.requests.name(&mut catalogue);
        catalogue.add("article_connections_open", "Connections open", self.connections.clone());
        self.refusals.name(&mut catalogue);
        self.certificate.name(&mut catalogue);
        catalogue.add(
            "article_requests_in_flight",
            "Requests that are worked on, by kind",
            self.in_flight.clone(),
        );
        tally.outcomes().name(&mut catalogue);
        catalogue.add(
            "article_reports_waiting",
            "Views and shares that wait for their commit",
            self.reports_waiting.clone(),
        );
        catalogue.add(
            "article_reports_waiting_limit",
            "As many may wait; more are answered 503",
            self.reports_limit.clone(),
        );
        store.metrics().name(&mut catalogue);
        catalogue.add(
            "article_store_up",
            "1 where the database answers and keeps what is written, 0 where it does not",
            self.store_up.clone(),
        );
        embeds.lookups().name(&mut catalogue);
        catalogue.add(
            "article_outbox_waiting",
            "Mails and calls that have not reached their receivers, by lane",
            self.outbox.clone(),
        );
        self.process.name(&mut catalogue);
        let build = Build { version: env!("CARGO_PKG_VERSION"), assets: assets.to_owned() };
        catalogue.add("article_build", "What runs", Info::new(build));
    }

    /// Reads off what is a state and no event.
    async fn look(&self, server: &Server) {
        for (kind, requests) in
            [("read", server.reads_in_flight()), ("write", server.writes_in_flight())]
        {
            self.in_flight.get_or_create(&InFlight { kind }).set(number(requests));
        }
        self.reports_waiting.set(number(server.tally.waiting()));
        self.reports_limit.set(number(server.tally.limit()));
        self.process.look();
        let waiting = timeout(STORE_ANSWERS_WITHIN, server.store.deliveries_waiting()).await;
        let waiting = waiting.ok().and_then(Result::ok);
        let is_up = waiting.is_some() && server.store.metrics().writes() != Writes::Fail;
        self.store_up.set(is_up.into());
        // What is not known is not shown as it was once.
        self.outbox.clear();
        if let Some(waiting) = waiting {
            for (lane, waiting) in Lane::ALL.into_iter().zip(waiting) {
                let lane = OutboxLane { lane: lane.as_str() };
                self.outbox.get_or_create(&lane).set(number(waiting));
            }
        }
    }
}

/// All figures of the server as they are now, in the text format of OpenMetrics.
///
/// # Errors
/// Where they cannot be written down.
pub async fn render(server: &Server) -> Result<String, std::fmt::Error> {
    server.metrics.look(server).await;
    let mut text = String::new();
    text::encode(&mut text, &server.metrics.registry)?;
    Ok(text)
}

/// Figures of one kind, told apart by labels: how often something was.
pub(crate) type Counters<L> = Family<L, Counter>;
/// The same: how large or how long something was.
pub(crate) type Histograms<L> = Family<L, Histogram, fn() -> Histogram>;

fn number(count: impl TryInto<i64>) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}
