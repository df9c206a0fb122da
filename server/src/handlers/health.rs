//! Whether the server lives, and whether it can answer.

use axum::extract::State;
use axum::response::{IntoResponse, Response};

use crate::cache::Policy;
use crate::problem::Problem;
use crate::state::AppState;

/// `GET /healthz`: the process answers.
pub async fn get_liveness() -> Response {
    (Policy::NoStore, "ok\n").into_response()
}

/// `GET /readyz`: its database answers too.
pub async fn get_readiness(State(state): State<AppState>) -> Result<Response, Problem> {
    state.store.ping().await?;
    Ok((Policy::NoStore, "ok\n").into_response())
}
