//! The span of a request, and the trace that a proxy began.

use axum::http::{HeaderMap, Method, StatusCode};
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::{
    FutureExt as _, SpanKind, Status, TraceContextExt as _, TraceId, Tracer as _,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::propagation::TraceContextPropagator;

use super::tracer;
use crate::metrics::method_label;

/// Carries the trace of whoever asks (<https://www.w3.org/TR/trace-context/#traceparent-header>).
const TRACEPARENT: &str = "traceparent";

/// A request's, where it is kept.
pub struct RequestSpan(Option<Context>);

impl RequestSpan {
    /// Begins it, inside the trace that the headers name where they are a trusted proxy's. Whether it is kept is decided
    /// with the trace: there, or here by the sample.
    pub fn begin(method: &Method, route: &str, proxys: Option<&HeaderMap>) -> Self {
        let Some(tracer) = tracer() else { return Self(None) };
        let parent = proxys.map(parent).unwrap_or_default();
        let method = method_label(method);
        let span = tracer
            .span_builder(format!("{method} {route}"))
            .with_kind(SpanKind::Server)
            .with_attributes([
                KeyValue::new("http.request.method", method),
                KeyValue::new("http.route", route.to_owned()),
            ])
            .start_with_context(tracer, &parent);
        let context = parent.with_span(span);
        let is_kept = context.span().span_context().is_sampled();
        Self(is_kept.then_some(context))
    }

    /// Its trace.
    pub fn trace_id(&self) -> Option<TraceId> {
        self.0.as_ref().map(|context| context.span().span_context().trace_id())
    }

    /// Answers it: what is done for that is part of its trace.
    pub async fn answer<T>(
        self,
        status: fn(&T) -> StatusCode,
        answer: impl Future<Output = T>,
    ) -> T {
        let Some(context) = self.0 else { return answer.await };
        let answer = answer.with_context(context.clone()).await;
        let (span, status) = (context.span(), status(&answer));
        span.set_attribute(KeyValue::new("http.response.status_code", i64::from(status.as_u16())));
        if status.is_server_error() {
            span.set_status(Status::error(""));
        }
        answer
    }
}

/// A root where there is no trace, or what names it is not as it has to be. `tracestate` is not read: what others keep in
/// it is not ours to pass on.
fn parent(headers: &HeaderMap) -> Context {
    TraceContextPropagator::new().extract_with_context(&Context::new(), &Traceparent(headers))
}

/// The trace that the headers name, and whether it is kept. For who tries what any header does.
pub fn named(headers: &HeaderMap) -> Option<(TraceId, bool)> {
    let parent = parent(headers);
    let span = parent.span().span_context().clone();
    span.is_valid().then(|| (span.trace_id(), span.is_sampled()))
}

struct Traceparent<'a>(&'a HeaderMap);

impl Extractor for Traceparent<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        let mut all = self.0.get_all(TRACEPARENT).iter();
        let only = all.next().filter(|_| name == TRACEPARENT && all.next().is_none());
        only.and_then(|value| value.to_str().ok()).filter(|value| is_well_formed(value))
    }

    fn keys(&self) -> Vec<&str> {
        vec![TRACEPARENT]
    }
}

/// Whether the four fields have their lengths, which the propagator does not look at: it would lengthen a short trace's
/// name, and name another trace.
fn is_well_formed(value: &str) -> bool {
    /// Digits of version, trace, span and flags.
    const LENGTHS: [usize; 4] = [2, 32, 16, 2];

    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mut fields = value.split('-');
    LENGTHS
        .into_iter()
        .all(|length| fields.next().is_some_and(|field| field.len() == length && is_hex(field)))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    fn trace(values: &[&'static str]) -> Option<(String, bool)> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(TRACEPARENT, HeaderValue::from_static(value));
        }
        named(&headers).map(|(trace, is_kept)| (trace.to_string(), is_kept))
    }

    #[test]
    fn a_trace_is_taken_over_with_what_was_decided_of_it() {
        let kept = trace(&["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"]);
        assert_eq!(kept, Some((TRACE.to_owned(), true)));
        let left = trace(&["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"]);
        assert_eq!(left, Some((TRACE.to_owned(), false)));
    }

    #[test]
    fn what_is_no_traceparent_begins_a_trace_of_its_own() {
        for value in [
            "",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4bf92f3577b34da6-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
            "+0-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-lan@example.vn-00f067aa0ba902b7-01",
        ] {
            assert_eq!(trace(&[value]), None, "{value}");
        }
        let one = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(trace(&[one, one]), None, "of two nobody knows which");
    }
}
