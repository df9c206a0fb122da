//! `/v1/feedback/{secret}`: the sender's private link. For a script JSON, for a person a page, where
//! the feedback can be read again and erased.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;

use crate::body::Text;
use crate::cache::Policy;
use crate::feedback::Secret;
use crate::messages;
use crate::pages::problem::wants_page;
use crate::pages::{self, Content, ReceiptPage};
use crate::problem::Problem;
use crate::state::AppState;
use crate::store::Feedback;

/// The feedback as its sender may see it: all of it.
#[derive(Serialize)]
struct Kept<'a> {
    reference: &'a str,
    /// RFC 3339, UTC. The consent's time too.
    received_at: String,
    #[serde(flatten)]
    report: &'a article_widget::contract::FeedbackReport,
}

/// No button's form is longer, in bytes.
const ERASURE: usize = 1 << 10;

type SecretPath = Result<Path<String>, PathRejection>;

/// `GET /v1/feedback/{secret}`
pub async fn get_receipt(
    State(state): State<AppState>,
    secret: SecretPath,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let secret = Secret::from_url(&secret?.0);
    let kept = state.store.feedback(&secret.hash()).await?;
    if wants_page(&headers) {
        let status = if kept.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
        return page(&state, status, kept.as_ref());
    }
    let kept = kept.ok_or(Problem::NotFound)?;
    let received_at = Timestamp::from_second(kept.at).unwrap_or_default().to_string();
    let body = Kept { reference: &kept.reference, received_at, report: &kept.report };
    Ok((Policy::Private, Json(body)).into_response())
}

/// `DELETE /v1/feedback/{secret}`
pub async fn delete_feedback(
    State(state): State<AppState>,
    secret: SecretPath,
) -> Result<Response, Problem> {
    let secret = Secret::from_url(&secret?.0);
    match state.store.erase_feedback(&secret.hash()).await? {
        true => Ok((StatusCode::NO_CONTENT, Policy::Private, ()).into_response()),
        false => Err(Problem::NotFound),
    }
}

/// `POST /v1/feedback/{secret}`: the page's button, for an HTML form knows no DELETE.
pub async fn post_erasure(
    State(state): State<AppState>,
    secret: SecretPath,
    // It says nothing, but is waited for as every body is.
    _body: Text<ERASURE>,
) -> Result<Response, Problem> {
    let secret = Secret::from_url(&secret?.0);
    state.store.erase_feedback(&secret.hash()).await?;
    page(&state, StatusCode::OK, None)
}

/// In the language of the consent that was given.
fn page(
    state: &AppState,
    status: StatusCode,
    kept: Option<&Feedback>,
) -> Result<Response, Problem> {
    let consent = |feedback: &&Feedback| feedback.report.consent.clone();
    let given = kept.as_ref().map(consent).unwrap_or_default();
    let interface = &state.renderer.interface;
    let language = interface.language_of(&given).unwrap_or_else(|| {
        messages::known(&state.renderer.language).unwrap_or(messages::LANGUAGES[0])
    });
    let received = kept.map(|kept| {
        let at = Timestamp::from_second(kept.at).unwrap_or_default().to_string();
        state.renderer.calendar.read(&at).map(|at| crate::time::moment(at, language))
    });
    let template = ReceiptPage {
        language,
        words: interface.of(language),
        kept,
        received: received.flatten().unwrap_or_default(),
    };
    pages::answer(status, Policy::Private, Content::Form, &template)
}
