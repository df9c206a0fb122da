//! The listener for whoever watches the server, apart from that of readers: figures are nobody else's business.

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::connections::Connections;
use super::ending::Ending;
use crate::cache::Policy;
use crate::handlers::health;
use crate::metrics;
use crate::problem::Problem;
use crate::state::AppState;

/// Answers until what this gives is dropped: longer than readers are, so that a proxy hears that the server stops. It
/// ends before where it is told to.
pub(super) fn start(listener: TcpListener, server: AppState, ending: Ending) -> JoinSet<()> {
    if let Ok(address) = listener.local_addr() {
        tracing::info!(url = format!("http://{address}/metrics"), "figures are given");
    }
    let (limits, router) = (server.limits.clone(), router(server));
    // Of these none is a reader's.
    let (tls, trusted_proxies, open, refusals) = Default::default();
    let connections =
        Connections { listener, router, tls, trusted_proxies, limits, open, refusals, ending };
    let mut task = JoinSet::new();
    task.spawn(connections.accept());
    task
}

fn router(server: AppState) -> Router {
    Router::new()
        .route("/metrics", get(get_metrics))
        .route("/healthz", get(health::get_liveness))
        .route("/readyz", get(health::get_readiness))
        .fallback(async || Problem::NotFound)
        .with_state(server)
}

/// `GET /metrics`
async fn get_metrics(State(server): State<AppState>) -> Result<Response, Problem> {
    let figures = metrics::render(&server).await;
    let figures = figures.map_err(|error| Problem::Internal(error.into()))?;
    Ok((Policy::NoStore, [(CONTENT_TYPE, metrics::MEDIA_TYPE)], figures).into_response())
}
