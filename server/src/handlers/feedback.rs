//! `/v1/feedback`: feedback sent by a running script.

use article_widget::contract::FeedbackReport;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

use super::reports;
use crate::body::Text;
use crate::cache::Policy;
use crate::client::Client;
use crate::feedback::{self, Manner};
use crate::forms;
use crate::metrics::Refusal;
use crate::middleware::IDEMPOTENCY_KEY;
use crate::partners;
use crate::problem::Problem;
use crate::state::AppState;

/// No feedback is longer, in bytes: the longest of each field, each letter written `\uXXXX`.
const FEEDBACK: usize = 64 << 10;

/// What is answered to a page that is no partner's. To hold the letter would be to say nothing to a reader whose
/// words nobody then reads.
const NO_PARTNER: Problem = Problem::Denied("this page is no partner of the publisher's");

/// What comes beside the report, and tells people from programs.
#[derive(Default, JsonSchema, Deserialize)]
#[serde(default)]
pub(crate) struct Signs {
    /// A field that people leave empty.
    website: String,
    /// How long the form was open, in seconds; none of those that do not say.
    seconds: Option<f64>,
}

/// `POST /v1/feedback`
pub async fn post_feedback(
    State(state): State<AppState>,
    client: Client,
    headers: HeaderMap,
    body: Text<FEEDBACK>,
) -> Result<Response, Problem> {
    let (mut report, signs): (FeedbackReport, Signs) = (body.json()?, body.json()?);
    let key = idempotency_key(&headers)?;
    report.page = reports::page(&state, &headers, report.page);
    if !state.tally.partners().admits(&partners::origin(&report.page)) {
        state.metrics.refusals.count(Refusal::FeedbackPartner);
        return Err(NO_PARTNER);
    }
    let report = forms::check(report, &state.renderer.settings, &state.renderer.languages.now())
        .map_err(Problem::Form)?;
    let manner = Manner {
        is_trapped: !signs.website.is_empty(),
        is_fast: signs.seconds.is_some_and(|seconds| seconds < forms::SOONEST as f64),
        headers: Some(&headers),
    };
    let receipt = feedback::keep(&state, report, &key, &client, manner).await?;
    Ok((StatusCode::CREATED, Policy::Private, Json(receipt)).into_response())
}

/// In one form, however it was written.
pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<String, Problem> {
    let key = headers.get(&IDEMPOTENCY_KEY).and_then(|value| value.to_str().ok());
    let key = key.and_then(|key| Uuid::parse_str(key).ok()).ok_or_else(|| Problem::Invalid {
        field: "Idempotency-Key",
        detail: "this header names what is sent: a UUID".to_owned(),
    })?;
    Ok(key.to_string())
}
