//! `/v1/views`, `/v1/shares` and `/v1/ratings`: what browsers report. The body is JSON that calls itself
//! `text/plain`, so that no preflight goes before it.

use article_widget::contract::{RatingReport, ShareReport, ViewReport};
use axum::Json;
use axum::extract::State;
use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use crate::body::Text;
use crate::cache::Policy;
use crate::client::Client;
use crate::partners;
use crate::problem::Problem;
use crate::ratings::{self, RatingTaken};
use crate::state::{AppState, Server};
use crate::store::Outcome;

/// No report is longer, in bytes: a page's URL is most of it.
const REPORT: usize = 4 << 10;

/// What became of the report.
#[derive(JsonSchema, Serialize)]
#[schemars(rename = "Outcome")]
pub(crate) struct Taken {
    /// `counted`, `raised`, `repeat` or `refused`.
    outcome: &'static str,
}

/// `POST /v1/views`
pub async fn post_view(
    State(state): State<AppState>,
    client: Client,
    headers: HeaderMap,
    body: Text<REPORT>,
) -> Result<Response, Problem> {
    let mut report: ViewReport = body.json()?;
    report.page = page(&state, &headers, report.page);
    taken(state.tally.view(report, &client).await?)
}

/// `POST /v1/shares`
pub async fn post_share(
    State(state): State<AppState>,
    client: Client,
    headers: HeaderMap,
    body: Text<REPORT>,
) -> Result<Response, Problem> {
    let mut report: ShareReport = body.json()?;
    report.page = page(&state, &headers, report.page);
    taken(state.tally.share(report, &client).await?)
}

/// `POST /v1/ratings`
pub async fn post_rating(
    State(state): State<AppState>,
    client: Client,
    headers: HeaderMap,
    body: Text<REPORT>,
) -> Result<Response, Problem> {
    let mut report: RatingReport = body.json()?;
    report.page = page(&state, &headers, report.page);
    let outcome = match ratings::rate(&state, &report, &client).await? {
        RatingTaken::Counted => "counted",
        RatingTaken::Raised => "raised",
        RatingTaken::Refused(_) => "refused",
    };
    Ok((StatusCode::ACCEPTED, Policy::NoStore, Json(Taken { outcome })).into_response())
}

/// The page that a report or a letter is of. A script can say what it likes, but not in its browser's
/// `Origin`: where that names another site, this is the page's, but for a frame of the publisher's own. Frames in
/// a sandbox have none, and are believed.
pub(super) fn page(server: &Server, headers: &HeaderMap, reported: String) -> String {
    let origin = headers.get(ORIGIN).and_then(|value| value.to_str().ok()).map(partners::origin);
    match origin {
        Some(origin)
            if !origin.is_empty()
                && origin != partners::origin(&reported)
                && !server.tally.partners().is_own(&origin) =>
        {
            origin
        }
        _ => reported,
    }
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
