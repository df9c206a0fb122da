//! Whether the server lives, and whether it can answer.

use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use tokio::time::timeout;

use crate::cache::Policy;
use crate::problem::Problem;
use crate::state::AppState;
use crate::store::{Operation, Writes};

/// Whoever asks whether a server is ready sends readers elsewhere where the answer does not come soon.
const ANSWERS_WITHIN: Duration = Duration::from_secs(2);

/// `GET /healthz`: the process answers.
pub async fn get_liveness() -> Response {
    (Policy::NoStore, "ok\n").into_response()
}

/// `GET /readyz`: its database answers too, what is written is kept there, as far as it is known, and it has not been
/// told to stop.
pub async fn get_readiness(State(state): State<AppState>) -> Result<Response, Problem> {
    if state.draining.load(Ordering::Relaxed) {
        return Err(Problem::Busy);
    }
    let ping = state.store.metrics().time(Operation::Ping, state.store.ping());
    timeout(ANSWERS_WITHIN, ping).await.map_err(|_| Problem::Busy)??;
    if state.store.metrics().writes() == Writes::Fail {
        return Err(Problem::Busy);
    }
    Ok((Policy::NoStore, "ok\n").into_response())
}
