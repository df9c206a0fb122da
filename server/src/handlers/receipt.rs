//! `/v1/feedback/{secret}`: the sender's private link. For a script JSON, for a person a page, where
//! the feedback can be read again and erased.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use crate::body::Text;
use crate::cache::Policy;
use crate::feedback::{self, Secret};
use crate::pages::problem::wants_page;
use crate::pages::{self, Content, ReceiptPage};
use crate::problem::Problem;
use crate::retention;
use crate::state::AppState;
use crate::store::{Feedback, Progress};
use crate::time::{self, rfc_3339};

/// The feedback as its sender may see it: all of it.
#[derive(JsonSchema, Serialize)]
#[schemars(rename = "Letter")]
pub(crate) struct Kept<'a> {
    reference: &'a str,
    /// RFC 3339, UTC. The consent's time too.
    received_at: String,
    /// `received`, `open` (somebody is working on it) or `answered`.
    state: &'static str,
    /// The editor's answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<&'a str>,
    /// RFC 3339, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_at: Option<String>,
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
    Ok((Policy::Private, Json(Kept::from(&kept))).into_response())
}

impl<'a> From<&'a Feedback> for Kept<'a> {
    fn from(kept: &'a Feedback) -> Self {
        Self {
            reference: &kept.reference,
            received_at: rfc_3339(kept.at),
            state: match kept.progress {
                Progress::Received => "received",
                Progress::Open => "open",
                Progress::Answered => "answered",
            },
            answer: kept.answer.as_ref().map(|answer| answer.text.as_str()),
            answered_at: kept.answer.as_ref().map(|answer| rfc_3339(answer.at)),
            report: &kept.report,
        }
    }
}

/// `DELETE /v1/feedback/{secret}`
pub async fn delete_feedback(
    State(state): State<AppState>,
    secret: SecretPath,
) -> Result<Response, Problem> {
    let secret = Secret::from_url(&secret?.0);
    match feedback::erase(&state, &secret.hash()).await? {
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
    feedback::erase(&state, &secret.hash()).await?;
    page(&state, StatusCode::OK, None)
}

/// In the language of the consent that was given, whichever text of it that was.
fn page(
    state: &AppState,
    status: StatusCode,
    kept: Option<&Feedback>,
) -> Result<Response, Problem> {
    let consent = kept.map_or("", |feedback| &feedback.report.consent);
    let language = state.renderer.language_of(consent);
    let calendar = &state.renderer.calendar;
    let moment = |at| calendar.moment(at, &language.formats);
    let end =
        kept.map(|feedback| calendar.stated(retention::end(feedback.at, state.feedback_days)));
    let answer = kept.and_then(|feedback| feedback.answer.as_ref());
    let template = ReceiptPage {
        language: &language,
        words: &language.interface,
        own: &language.pages,
        kept,
        received: kept.map_or_else(String::new, |feedback| moment(feedback.at)),
        kept_until: end.map_or_else(String::new, |end| time::day(end.day, &language.formats)),
        answered: answer.map_or_else(String::new, |answer| moment(answer.at)),
    };
    pages::answer(status, Policy::Private, Content::Form, &template)
}
