//! The way to the collector: one POST at a time, none of which takes longer than a few seconds.

use std::error::Error;
use std::sync::Once;
use std::time::Duration;

use async_trait::async_trait;
use axum::http::StatusCode;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use tokio::runtime::Handle;
use tokio::time::timeout;

/// How long the collector may take.
const WHOLE: Duration = Duration::from_secs(5);
/// The most that is read of what it says.
const ANSWER: usize = 64 * 1024;

type Hyper = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// Sends on the runtime what the exporter's thread, which has none, hands over.
#[derive(Debug)]
pub(super) struct Collector {
    client: Hyper,
    runtime: Handle,
    warning: Once,
}

impl Collector {
    /// Must be called inside a Tokio runtime.
    pub(super) fn new() -> Self {
        let connector =
            HttpsConnectorBuilder::new().with_webpki_roots().https_or_http().enable_http1().build();
        let client = Client::builder(TokioExecutor::new()).build(connector);
        Self { client, runtime: Handle::current(), warning: Once::new() }
    }

    /// Once: a collector that is away must not fill the log.
    fn warn(&self, problem: &str) {
        let mut is_first = false;
        self.warning.call_once(|| is_first = true);
        if is_first {
            tracing::warn!(problem, "the collector takes no traces; this is said once");
        } else {
            tracing::debug!(problem, "the collector takes no traces");
        }
    }
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        // Its time begins on the runtime, which has a clock.
        let asked = async move { timeout(WHOLE, ask(client, request)).await };
        let answer = match self.runtime.spawn(asked).await? {
            Ok(answer) => answer.inspect_err(|error| self.warn(&told(&**error)))?,
            Err(late) => {
                self.warn("no answer in time");
                return Err(late.into());
            }
        };
        if !answer.status().is_success() {
            self.warn(&told_status(answer.status()));
        }
        Ok(answer)
    }
}

async fn ask(client: Hyper, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
    let (head, body) = client.request(request.map(Full::new)).await?.into_parts();
    let body = Limited::new(body, ANSWER).collect().await?;
    Ok(Response::from_parts(head, body.to_bytes()))
}

/// The innermost cause says it: a connection is refused, a name not known. None of them holds a header.
fn told(mut error: &(dyn Error + 'static)) -> String {
    while let Some(cause) = error.source() {
        error = cause;
    }
    error.to_string()
}

fn told_status(status: StatusCode) -> String {
    format!("HTTP {}", status.as_u16())
}
