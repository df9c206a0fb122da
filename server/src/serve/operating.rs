//! The listener for whoever watches the server, apart from that of readers: figures are nobody else's business.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::metrics::gauge::Gauge;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::{ServeError, connections};
use crate::cache::Policy;
use crate::handlers::health;
use crate::metrics;
use crate::problem::Problem;
use crate::state::AppState;

/// Listens where the settings say, if they do.
pub(super) async fn bind(address: Option<SocketAddr>) -> Result<Option<TcpListener>, ServeError> {
    let Some(address) = address else { return Ok(None) };
    let listener = TcpListener::bind(address).await;
    listener.map(Some).map_err(|error| ServeError::Metrics(address, error))
}

/// Answers until what this gives is dropped: longer than readers are, so that a proxy hears that the server stops.
pub(super) fn start(listener: TcpListener, server: AppState) -> JoinSet<()> {
    if let Ok(address) = listener.local_addr() {
        tracing::info!(url = format!("http://{address}/metrics"), "figures are given");
    }
    let (limits, router) = (server.limits.clone(), router(server));
    let mut task = JoinSet::new();
    task.spawn(connections::accept(
        listener,
        router,
        Vec::new(),
        limits,
        Gauge::default(),
        std::future::pending(),
    ));
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
