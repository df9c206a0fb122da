//! Traces: what a request, and work that comes back by itself, spent its time on. They go to a collector as OTLP has them
//! (<https://opentelemetry.io/docs/specs/otlp/>), behind everybody's back: a span that is over is put into a bounded queue
//! and dropped where that is full, and a thread sends what is in it.
//!
//! Nothing of a reader is in a span, and there is no way to put it there: names are words of this program and patterns of
//! its routes, and what is said beyond them is a method, a status and a size. The log is another thing, and neither its
//! lines nor spans of libraries get here.
//!
//! What is not kept costs nothing: without a collector each of the functions here looks whether there is one, and inside a
//! request that the sample leaves out no span is made.

use std::sync::OnceLock;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{RetryPolicy, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::resource::EnvResourceDetector;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracer, SdkTracerProvider,
};

use crate::config::TraceSettings;
use collector::Collector;

mod collector;
mod request;
mod work;

pub use request::{RequestSpan, named};
pub use work::{Commit, Place, job, within};

/// Who sends spans.
const SERVICE: &str = env!("CARGO_PKG_NAME");

/// Spans that wait to be sent; later ones are dropped.
const QUEUE: usize = 2048;
/// Spans that go out at once.
const BATCH: usize = 512;
/// How long spans are gathered, at most.
const PERIOD: Duration = Duration::from_secs(5);
/// How long a server that stops waits for the collector.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Where spans begin, in a process that has a collector.
static TRACER: OnceLock<SdkTracer> = OnceLock::new();

fn tracer() -> Option<&'static SdkTracer> {
    TRACER.get()
}

/// The sending of this process's spans.
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// From now on spans are made and sent; once in a process. Must be called inside a Tokio runtime, which goes on until
    /// [`stop`](Self::stop) is done.
    ///
    /// # Errors
    /// Where the environment's `OTEL_…` variables make no sense, or spans are sent already.
    pub fn start(settings: &TraceSettings) -> anyhow::Result<Self> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_endpoint(settings.endpoint.as_str())
            .with_http_client(Collector::new())
            // What the collector did not take is lost: the next batch is there in seconds.
            .with_retry_policy(RetryPolicy::disabled())
            .build()
            .context("no traces can be sent")?;
        let batches = BatchConfigBuilder::default()
            .with_max_queue_size(QUEUE)
            .with_max_export_batch_size(BATCH)
            .with_scheduled_delay(PERIOD);
        let processor =
            BatchSpanProcessor::builder(exporter).with_batch_config(batches.build()).build();
        let sample = Sampler::TraceIdRatioBased(settings.sample);
        let provider = SdkTracerProvider::builder()
            .with_span_processor(processor)
            .with_sampler(Sampler::ParentBased(Box::new(sample)))
            .with_resource(resource())
            .build();
        ensure!(TRACER.set(provider.tracer(SERVICE)).is_ok(), "traces are sent already");
        Ok(Self(provider))
    }

    /// Sends what waits, for two seconds at most.
    pub async fn stop(self) {
        let stopped = move || self.0.shutdown_with_timeout(LAST_WORDS);
        match tokio::task::spawn_blocking(stopped).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "the last spans are not sent"),
            Err(panic) => tracing::debug!(%panic, "the last spans are not sent"),
        }
    }
}

/// What every span is from. `OTEL_RESOURCE_ATTRIBUTES` adds to it, or says it otherwise; the machine's name is not asked.
fn resource() -> Resource {
    Resource::builder_empty()
        .with_service_name(SERVICE)
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .with_detector(Box::new(EnvResourceDetector::new()))
        .build()
}
