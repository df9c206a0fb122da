//! `/v1/mail`: a reader has an article sent to a friend, where the publisher offers that.

use article_widget::contract::MailReport;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use super::feedback::idempotency_key;
use super::reports;
use crate::body::Text;
use crate::cache::Policy;
use crate::client::Client;
use crate::problem::Problem;
use crate::send_article::{self, Sending};
use crate::state::AppState;

/// No request is longer, in bytes: the page's URL is most of it.
const REQUEST: usize = 4 << 10;

/// What became of the request.
#[derive(JsonSchema, Serialize)]
#[schemars(rename = "MailOutcome")]
pub(crate) struct Taken {
    /// `accepted` or `refused`.
    outcome: &'static str,
}

/// `POST /v1/mail`
pub async fn post_mail(
    State(state): State<AppState>,
    client: Client,
    headers: HeaderMap,
    body: Text<REQUEST>,
) -> Result<Response, Problem> {
    if !state.renderer.settings.sends_mail {
        return Err(Problem::NotFound);
    }
    let mut report: MailReport = body.json()?;
    report.page = reports::page(&state, &headers, report.page);
    let key = idempotency_key(&headers)?;
    let outcome = match send_article::send(&state, report, &key, &client, &headers).await? {
        Sending::Accepted => "accepted",
        Sending::RefusedBot | Sending::RefusedPartner => "refused",
    };
    Ok((StatusCode::ACCEPTED, Policy::NoStore, Json(Taken { outcome })).into_response())
}
