//! Spans of what is done: for a request, for many at once, or by itself. That one failed is told, and never why.

use opentelemetry::trace::{
    FutureExt as _, Link, SpanContext, SpanKind, Status, TraceContextExt as _, Tracer as _,
};
use opentelemetry::{Context, KeyValue};

use super::tracer;

/// Does a part of what is traced now. Where nothing is, it is only done.
///
/// # Errors
/// As the work.
pub async fn within<T, E>(
    name: &'static str,
    kind: SpanKind,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    match tracer().filter(|_| is_kept()) {
        Some(tracer) => {
            let span = tracer.span_builder(name).with_kind(kind).start(tracer);
            inside(Context::current_with_span(span), work).await
        }
        None => work.await,
    }
}

/// Does work that comes back by itself: a trace of its own, which the sample keeps or does not.
///
/// # Errors
/// As the work.
pub async fn job<T, E>(
    name: &'static str,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let root = Context::new();
    let begun = tracer().map(|tracer| {
        root.with_span(tracer.span_builder(format!("job {name}")).start_with_context(tracer, &root))
    });
    match begun.filter(|context| context.span().span_context().is_sampled()) {
        Some(context) => inside(context, work).await,
        None => work.await,
    }
}

async fn inside<T, E>(context: Context, work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let result = work.with_context(context.clone()).await;
    if result.is_err() {
        context.span().set_status(Status::error(""));
    }
    context.span().end();
    result
}

fn is_kept() -> bool {
    Context::map_current(|context| context.span().span_context().is_sampled())
}

/// Where in a trace somebody waits whose work is done elsewhere, with that of others.
#[derive(Clone, Default)]
pub struct Place(Option<SpanContext>);

impl Place {
    /// Where the caller is now.
    pub fn here() -> Self {
        let here = || Context::map_current(|context| context.span().span_context().clone());
        Self(tracer().map(|_| here()).filter(SpanContext::is_sampled))
    }
}

/// The span of a commit for many.
pub struct Commit(Option<Context>);

impl Commit {
    /// Begins it, for so many reports. It is in the first trace of those that wait, and linked to the others.
    pub fn begin<'a>(
        name: &'static str,
        reports: usize,
        waiting: impl Iterator<Item = &'a Place>,
    ) -> Self {
        let Some(tracer) = tracer() else { return Self(None) };
        let mut kept = waiting.filter_map(|place| place.0.clone());
        let Some(first) = kept.next() else { return Self(None) };
        let parent = Context::new().with_remote_span_context(first);
        let reports = i64::try_from(reports).unwrap_or(i64::MAX);
        let span = tracer
            .span_builder(name)
            .with_attributes([KeyValue::new("article.reports", reports)])
            .with_links(kept.map(Link::with_context).collect())
            .start_with_context(tracer, &parent);
        Self(Some(parent.with_span(span)))
    }

    /// It is over.
    pub fn end(self, is_committed: bool) {
        let Some(context) = self.0 else { return };
        if !is_committed {
            context.span().set_status(Status::error(""));
        }
        context.span().end();
    }
}
