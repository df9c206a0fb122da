//! `/v1/views` and `/v1/shares`: what browsers report. The body is JSON that calls itself
//! `text/plain`, so that no preflight goes before it.

use article_widget::contract::{ShareReport, ViewReport};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::body::Text;
use crate::cache::Policy;
use crate::client::Client;
use crate::problem::Problem;
use crate::state::AppState;
use crate::store::Outcome;

/// No report is longer, in bytes: a page's URL is most of it.
const REPORT: usize = 4 << 10;

/// What became of the report.
#[derive(Serialize)]
struct Taken {
    /// `counted`, `raised`, `repeat` or `refused`.
    outcome: &'static str,
}

/// `POST /v1/views`
pub async fn post_view(
    State(state): State<AppState>,
    client: Client,
    body: Text<REPORT>,
) -> Result<Response, Problem> {
    let report: ViewReport = body.json()?;
    taken(state.tally.view(report, &client).await?)
}

/// `POST /v1/shares`
pub async fn post_share(
    State(state): State<AppState>,
    client: Client,
    body: Text<REPORT>,
) -> Result<Response, Problem> {
    let report: ShareReport = body.json()?;
    taken(state.tally.share(report, &client).await?)
}

fn taken(outcome: Outcome) -> Result<Response, Problem> {
    let outcome = match outcome {
        Outcome::Counted { .. } => "counted",
        Outcome::Raised => "raised",
        Outcome::Repeat => "repeat",
        Outcome::Refused(_) => "refused",
        Outcome::UnknownArticle => return Err(Problem::NoArticle),
    };
    Ok((StatusCode::ACCEPTED, Policy::NoStore, Json(Taken { outcome })).into_response())
}
