//! `/a/{id}/rating`: a rating by the form that needs no script.

use article_widget::contract::RatingReport;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use crate::body::Text;
use crate::cache::Policy;
use crate::client::Client;
use crate::messages;
use crate::pages::{self, Content, RatedPage};
use crate::problem::Problem;
use crate::ratings;
use crate::state::AppState;
use crate::store::RatingKept;

/// No form is longer, in bytes: a page's URL and a word, of which a form escapes each byte.
const FORM: usize = 12 << 10;

/// What the form sends.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Sent {
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
    body: Text<FORM>,
) -> Result<Response, Problem> {
    let Path(article) = id?;
    let sent: Sent = serde_urlencoded::from_str(body.as_str())
        .map_err(|error| Problem::BadRequest(format!("the body is no form: {error}")))?;
    let Sent { rating, page, useful, word, lang } = sent;
    let useful = useful.ok_or_else(|| Problem::Invalid {
        field: "useful",
        detail: "is true or false".to_owned(),
    })?;
    let report = RatingReport { article: article.clone(), rating, page, useful, word };
    match ratings::rate(&state, &report, &client).await? {
        RatingKept::Counted | RatingKept::Raised => {}
        RatingKept::Refused => return Err(Problem::TooMany),
    }
    let language = messages::known(&lang).or_else(|| messages::known(&state.renderer.language));
    let language = language.unwrap_or(messages::LANGUAGES[0]);
    let template = RatedPage { language, own: messages::of_pages(language), id: &article };
    pages::answer(StatusCode::CREATED, Policy::Private, Content::Form, &template)
}
