//! A collector: takes spans by OTLP over HTTP, and keeps what it was sent.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

#[derive(Clone, Default)]
struct Sent(Arc<Mutex<Vec<Bytes>>>);

/// A running one.
pub(super) struct Collector {
    pub(super) url: String,
    sent: Sent,
    task: JoinHandle<()>,
}

/// All that it was sent.
pub(super) struct Received {
    /// As it came.
    pub(super) bytes: Vec<Bytes>,
    /// Of all spans together.
    pub(super) resource: Vec<KeyValue>,
    pub(super) spans: Vec<Span>,
}

impl Collector {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let sent = Sent::default();
        let routes = Router::new().route("/v1/traces", post(take)).with_state(sent.clone());
        let task = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { url, sent, task }
    }

    /// What came until now, of servers that have stopped.
    pub(super) fn received(self) -> Received {
        self.task.abort();
        let bytes = std::mem::take(&mut *self.sent.0.lock().unwrap());
        let mut received = Received { bytes, resource: Vec::new(), spans: Vec::new() };
        for bytes in &received.bytes {
            let request = ExportTraceServiceRequest::decode(bytes.clone()).unwrap();
            for of_resource in request.resource_spans {
                received.resource = of_resource.resource.unwrap().attributes;
                let scopes = of_resource.scope_spans.into_iter();
                received.spans.extend(scopes.flat_map(|scope| scope.spans));
            }
        }
        received
    }
}

async fn take(State(sent): State<Sent>, headers: HeaderMap, body: Bytes) -> Vec<u8> {
    assert_eq!(headers["content-type"], "application/x-protobuf");
    sent.0.lock().unwrap().push(body);
    ExportTraceServiceResponse::default().encode_to_vec()
}

impl Received {
    /// The spans of this name.
    pub(super) fn named(&self, name: &str) -> Vec<&Span> {
        self.spans.iter().filter(|span| span.name == name).collect()
    }

    /// The one span of this name below that one.
    pub(super) fn child(&self, parent: &Span, name: &str) -> &Span {
        let is_meant = |span: &&&Span| {
            span.parent_span_id == parent.span_id && span.trace_id == parent.trace_id
        };
        let named = self.named(name);
        let found: Vec<_> = named.iter().filter(is_meant).collect();
        assert_eq!(found.len(), 1, "{name} below {}: {named:?}", parent.name);
        found[0]
    }
}

/// What a span says under this key, as a text.
pub(super) fn said(attributes: &[KeyValue], key: &str) -> Option<String> {
    let found = attributes.iter().find(|attribute| attribute.key == key)?;
    match found.value.clone()? {
        AnyValue { value: Some(Value::StringValue(text)) } => Some(text),
        AnyValue { value: Some(Value::IntValue(number)) } => Some(number.to_string()),
        other => panic!("{key} is {other:?}"),
    }
}
