//! `/a/{id}/rating`: a rating by the form that needs no script.

use article_widget::contract::RatingReport;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use schemars::JsonSchema;
use serde::Deserialize;

use super::reports;
use crate::body::Text;
use crate::cache::Policy;
use crate::client::Client;
use crate::pages::{self, Content, RatedPage};
use crate::problem::Problem;
use crate::ratings::{self, RatingTaken};
use crate::state::AppState;
use crate::store::Refusal;

/// No form is longer, in bytes: a page's URL and a word, of which a form escapes each byte.
const FORM: usize = 12 << 10;

/// What the form sends.
#[derive(Default, JsonSchema, Deserialize)]
#[serde(default)]
#[schemars(rename = "RatingForm")]
pub(crate) struct Sent {
    rating: String,
    page: String,
    /// None where neither was chosen.
    useful: Option<bool>,
    word: String,
    lang: String,
}

/// `POST /a/{id}/rating`
pub async fn post_rating(
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    client: Client,
    headers: HeaderMap,
    body: Text<FORM>,
) -> Result<Response, Problem> {
    let Path(article) = id?;
    let Sent { rating, page, useful, word, lang } = body.form()?;
    let useful = useful.ok_or_else(|| Problem::Invalid {
        field: "useful",
        detail: "is true or false".to_owned(),
    })?;
    let page = reports::page(&state, &headers, page);
    let report = RatingReport { article: article.clone(), rating, page, useful, word };
    let taken = ratings::rate(&state, &report, &client).await?;
    let (status, said) = answer(taken);
    let language = state.renderer.language_of(&lang);
    let wait = Problem::TooMany.retry_after().filter(|_| status == StatusCode::TOO_MANY_REQUESTS);
    let own = &language.pages;
    let minutes = wait.map_or(0, |wait| wait.as_secs().div_ceil(60));
    let said = language.fill(own.get(said), "wait", &language.count("wait.minutes", minutes));
    let template = RatedPage { language: &language, own, id: &article, said };
    let mut response = pages::answer(status, Policy::Private, Content::Form, &template)?;
    if let Some(wait) = wait {
        response.headers_mut().insert(RETRY_AFTER, wait.as_secs().into());
    }
    Ok(response)
}

/// The status, and the key of what the page says.
fn answer(taken: RatingTaken) -> (StatusCode, &'static str) {
    match taken {
        RatingTaken::Counted | RatingTaken::Raised => (StatusCode::CREATED, "rating.thanks"),
        RatingTaken::Refused(Refusal::Bot) => (StatusCode::FORBIDDEN, "rating.bot"),
        RatingTaken::Refused(Refusal::Partner) => (StatusCode::FORBIDDEN, "rating.partner"),
        RatingTaken::Refused(Refusal::Rate) => (StatusCode::TOO_MANY_REQUESTS, "rating.too_many"),
    }
}
