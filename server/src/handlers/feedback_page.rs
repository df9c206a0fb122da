//! `/a/{id}/feedback`: the form that needs no script. The checks are those of the JSON API. Whatever keeps
//! a letter from being taken, the form comes back with all that was typed.

use std::sync::Arc;

use article_widget::contract::{ArticleId, FeedbackReport};
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::header::{REFERER, RETRY_AFTER};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

use super::reports;
use crate::body::Typed;
use crate::cache::Policy;
use crate::client::Client;
use crate::forms::{self, Ticket};
use crate::messages::Language;
use crate::pages::{self, Content, FormPage, ThanksPage};
use crate::problem::Problem;
use crate::state::AppState;
use sending::Again;
pub(crate) use sending::Sent;

mod sending;

/// No form is longer, in bytes: three to nine times the JSON's, for a form escapes each byte of a
/// letter with a diacritic.
const FORM: usize = 96 << 10;

/// How the page was asked for.
#[derive(JsonSchema, Deserialize)]
pub struct FormQuery {
    lang: Option<String>,
    /// The partner page's URL.
    page: Option<String>,
    /// Words of the article that it is to be about.
    passage: Option<String>,
    kind: Option<String>,
    /// Whether the article was of use, for the rating below the form.
    useful: Option<String>,
}

/// Article and language of a page.
struct Subject {
    id: ArticleId,
    title: String,
    title_language: String,
    language: Arc<Language>,
}

/// What a form is filled in with.
struct FilledIn {
    report: FeedbackReport,
    /// The passage goes along.
    is_quoting: bool,
    /// Whether the article was of use.
    useful: Option<bool>,
}

type PathId = Result<Path<String>, PathRejection>;

/// `GET /a/{id}/feedback?lang&page&passage&kind&useful`
pub async fn get_form(
    State(state): State<AppState>,
    id: PathId,
    query: Result<Query<FormQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (Path(id), Query(query)) = (id?, query?);
    let subject = Subject::find(&state, &id, query.lang.as_deref()).await?;
    let ticket = Ticket::issue(&state.signing_key, &subject.id, state.clock.now());
    let passage = forms::passage(&query.passage.unwrap_or_default());
    // Words are shown to be about something that is wrong with them.
    let likely = if passage.is_empty() { "comment" } else { "error" };
    let report = FeedbackReport {
        page: query.page.or_else(|| referrer(&headers)).unwrap_or_default(),
        kind: query.kind.unwrap_or_else(|| likely.to_owned()),
        passage,
        ..FeedbackReport::default()
    };
    let useful = query.useful.and_then(|useful| useful.parse().ok());
    let filled_in = FilledIn { report, is_quoting: true, useful };
    form(&state, StatusCode::OK, &subject, &filled_in, &Again::first(ticket))
}

/// The page that led here, as far as the browser tells: of another site's the origin.
fn referrer(headers: &HeaderMap) -> Option<String> {
    Some(headers.get(REFERER)?.to_str().ok()?.to_owned())
}

/// `POST /a/{id}/feedback`
pub async fn post_form(
    State(state): State<AppState>,
    id: PathId,
    client: Client,
    headers: HeaderMap,
    body: Typed<FORM>,
) -> Result<Response, Problem> {
    let Path(id) = id?;
    let mut sent: Sent = body.form()?;
    sent.report.page = reports::page(&state, &headers, sent.report.page);
    let found = if body.is_admitted() {
        Subject::find(&state, &id, Some(&sent.lang)).await
    } else {
        Err(Problem::Busy)
    };
    let (subject, failure) = match found {
        Ok(subject) => (subject, None),
        Err(problem) if problem.status().is_server_error() => {
            (Subject::unknown(&state, &id, &sent.lang)?, Some(problem))
        }
        Err(problem) => return Err(problem),
    };
    let filled_in = sent.filled_in(&subject.id);
    let taken = match failure {
        None => sending::take(&state, &subject, &sent, &filled_in, &client).await,
        Some(problem) => Err(sending::after(&state, &subject, sent.ticket(), &problem)),
    };
    match taken {
        Ok(receipt) => {
            let language = &*subject.language;
            let (words, own) = (&language.interface, &language.pages);
            let template = ThanksPage { language, words, own, id: &id, receipt: &receipt };
            pages::answer(StatusCode::CREATED, Policy::Private, Content::Form, &template)
        }
        Err(again) => form(&state, again.status, &subject, &filled_in, &again),
    }
}

impl Subject {
    async fn find(state: &AppState, id: &str, lang: Option<&str>) -> Result<Self, Problem> {
        let stored = state.visible_article(id).await?;
        let article = stored.article();
        let language = state.renderer.language(lang, article);
        let (id, title) = (article.id.clone(), article.title.clone());
        Ok(Self { id, title, title_language: article.language.clone(), language })
    }

    /// Where the store does not answer: the form is given back all the same.
    fn unknown(state: &AppState, id: &str, lang: &str) -> Result<Self, Problem> {
        let id = ArticleId::parse(id).map_err(|_| Problem::NoArticle)?;
        let language = state.renderer.language_of(lang);
        Ok(Self { title: id.to_string(), id, title_language: language.tag.clone(), language })
    }
}

fn form(
    state: &AppState,
    status: StatusCode,
    subject: &Subject,
    filled_in: &FilledIn,
    again: &Again,
) -> Result<Response, Problem> {
    let template = FormPage {
        language: &subject.language,
        words: &subject.language.interface,
        own: &subject.language.pages,
        id: &subject.id,
        title: &subject.title,
        title_language: &subject.title_language,
        settings: &state.renderer.settings,
        report: &filled_in.report,
        is_quoting: filled_in.is_quoting,
        ticket: &again.ticket,
        notice: again.notice,
        minutes: again.retry_after.map_or(0, |wait| wait.as_secs().div_ceil(60)),
        errors: &again.errors,
        rating: Uuid::new_v4().to_string(),
        useful: filled_in.useful,
    };
    let mut response = pages::answer(status, Policy::Private, Content::Form, &template)?;
    if let Some(wait) = again.retry_after {
        response.headers_mut().insert(RETRY_AFTER, wait.as_secs().into());
    }
    Ok(response.into_response())
}
