//! `/v1/feedback`: feedback sent by a running script.

use article_widget::contract::FeedbackReport;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use crate::body::Text;
use crate::cache::Policy;
use crate::client::Client;
use crate::feedback;
use crate::forms;
use crate::middleware::IDEMPOTENCY_KEY;
use crate::problem::Problem;
use crate::state::AppState;

/// No feedback is longer, in bytes: the longest of each field, at three bytes a letter.
const FEEDBACK: usize = 40 << 10;

/// `POST /v1/feedback`
pub async fn post_feedback(
    State(state): State<AppState>,
    client: Client,
    headers: HeaderMap,
    body: Text<FEEDBACK>,
) -> Result<Response, Problem> {
    let report: FeedbackReport = body.json()?;
    let key = idempotency_key(&headers)?;
    let report = forms::check(report, &state.renderer.settings, &state.renderer.interface)
        .map_err(Problem::Form)?;
    let receipt = feedback::keep(&state, report, &key, &client).await?;
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
