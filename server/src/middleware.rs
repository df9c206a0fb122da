//! What happens to every request on its way in, and to every answer on its way out.

use std::any::Any;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, LazyLock};
use std::time::Instant;

use axum::body::HttpBody as _;
use axum::extract::{ConnectInfo, FromRequestParts, MatchedPath, Request, State};
use axum::http::header::{
    CONTENT_TYPE, ETAG, HOST, ORIGIN, RETRY_AFTER, TRANSFER_ENCODING, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, Version};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower_http::cors::{AllowOrigin, CorsLayer};
use tracing::Instrument;

use crate::client::{self, Client};
use crate::metrics::Refusal;
use crate::partners::{Partners, Registry};
use crate::problem::Problem;
use crate::proof::PROOF;
use crate::request_id::{RequestId, X_REQUEST_ID};
use crate::state::AppState;
use crate::traces::RequestSpan;

/// Names a feedback once and for all, so that sending it twice keeps one.
pub static IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Who may use an answer in a page of theirs (Fetch standard).
static RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Where the request comes from.
impl FromRequestParts<AppState> for Client {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        // Without a connection (tests that call the router) the request is its own machine's.
        let peer = peer.map_or(IpAddr::from([127, 0, 0, 1]), |ConnectInfo(peer)| peer.ip());
        Ok(client::of(&parts.headers, peer, &state.trusted_proxies))
    }
}

/// The route of a request that no route takes.
static UNMATCHED: LazyLock<Arc<str>> = LazyLock::new(|| "unmatched".into());

/// Names the request in all that is logged for it and in its answer, measures it, and at debug level logs method,
/// route, status, milliseconds and bytes. The route is the pattern: a path may hold a secret.
pub async fn observe(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or_else(|| UNMATCHED.clone(), |route| route.as_str().into());
    let id = RequestId::of(&request, &state.trusted_proxies);
    let proxys = client::is_from_proxy(&request, &state.trusted_proxies).then(|| request.headers());
    let traced = RequestSpan::begin(&method, &route, proxys);
    let trace_id = traced.trace_id().map(tracing::field::display);
    // At the highest level: a log that holds errors alone names their requests, too.
    let span = tracing::error_span!("request", request_id = %id, trace_id);
    let answer = next.run(request).instrument(span.clone());
    let mut response = traced.answer(Response::status, answer).await;
    let (took, status) = (started.elapsed(), response.status());
    state.metrics.requests.answered(&method, &route, status, took);
    span.in_scope(|| {
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        // What is compressed as it goes has no length yet.
        let bytes = response.body().size_hint().exact();
        tracing::debug!(%method, %route, status = status.as_u16(), ms, bytes, "answered");
    });
    response.headers_mut().insert(X_REQUEST_ID.clone(), id.into_header());
    response
}

/// Refuses what two servers in a row may read differently. hyper hides a Content-Length that stands
/// beside a Transfer-Encoding, so every Transfer-Encoding is refused: no browser sends one. A request has
/// one host: HTTP/2 says it outside the headers, where it is put among them.
///
/// # Errors
/// [`Problem::BadRequest`] with the reason.
pub fn refuse_ambiguous<B>(request: &mut Request<B>) -> Result<(), Problem> {
    let refuse = |reason: &str| Err(Problem::BadRequest(reason.to_owned()));
    if request.headers().contains_key(TRANSFER_ENCODING) {
        return refuse("send Content-Length and no Transfer-Encoding");
    }
    let named = request.uri().authority().map(|it| HeaderValue::from_str(it.as_str()));
    let is_http2 = request.version() == Version::HTTP_2;
    let mut hosts = request.headers().get_all(HOST).iter();
    match (hosts.next(), hosts.next(), named) {
        (Some(_), None, None) => Ok(()),
        (Some(host), None, Some(Ok(named))) if *host == named => Ok(()),
        (None, _, Some(Ok(named))) if is_http2 => {
            request.headers_mut().insert(HOST, named);
            Ok(())
        }
        _ => refuse("send one Host"),
    }
}

/// Sends away what is more than the server works on at once. What has a body to wait for is not
/// worked on yet: [`Text`](crate::body::Text) counts it when the body is there. Else a few hundred
/// clients that send slowly would keep everyone from reading.
pub async fn limit_in_flight(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    if matches!(*request.method(), Method::POST | Method::PUT) && !request.body().is_end_stream() {
        return next.run(request).await;
    }
    match state.in_flight.clone().try_acquire_owned() {
        Ok(_permit) => next.run(request).await,
        Err(_) => {
            state.metrics.refusals.count(Refusal::ReadsFull);
            Problem::Busy.into_response()
        }
    }
}

/// Browsers take an answer for what it says it is.
pub fn forbid_sniffing<B>(mut response: Response<B>) -> Response<B> {
    response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Any page may use the answer, isolated ones too.
pub fn allow_embedding<B>(mut response: Response<B>) -> Response<B> {
    let everywhere = HeaderValue::from_static("cross-origin");
    response.headers_mut().insert(RESOURCE_POLICY.clone(), everywhere);
    response
}

/// Any partner's page may read the public API; never with credentials.
pub fn cors(partners: &Arc<Partners>) -> CorsLayer {
    let (origins, vary) = match partners.registry() {
        // The answer is the same for every origin: a shared cache keeps one.
        Registry::Open => (AllowOrigin::any(), vec![]),
        Registry::Closed => (listed(partners.clone()), vec![ORIGIN]),
    };
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST, Method::DELETE])
        .allow_headers([CONTENT_TYPE, IDEMPOTENCY_KEY.clone(), PROOF.clone()])
        .expose_headers([ETAG, RETRY_AFTER])
        .vary(vary)
        .max_age(std::time::Duration::from_secs(24 * 3600))
}

fn listed(partners: Arc<Partners>) -> AllowOrigin {
    AllowOrigin::predicate(move |origin, _| {
        origin.to_str().is_ok_and(|origin| partners.admits(origin))
    })
}

/// The answer of a handler that panicked.
pub fn recover(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    Problem::Internal(text.unwrap_or_else(|| "a panic".to_owned()).into()).into_response()
}
