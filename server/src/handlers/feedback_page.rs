//! `/a/{id}/feedback`: the form that needs no script. The checks are those of the JSON API.

use article_widget::contract::{ArticleId, FeedbackReport};
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use crate::body::Text;
use crate::cache::Policy;
use crate::feedback;
use crate::forms::{self, FieldError, Ticket};
use crate::messages;
use crate::middleware::From;
use crate::pages::{self, Content, FormPage, ThanksPage};
use crate::problem::Problem;
use crate::state::AppState;

/// No form is longer, in bytes: three to nine times the JSON's, for a form escapes each byte of a
/// letter with a diacritic.
const FORM: usize = 96 << 10;

/// How the page was asked for.
#[derive(Deserialize)]
pub struct FormQuery {
    lang: Option<String>,
    /// The partner page's URL.
    page: Option<String>,
}

/// What the form sends.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Sent {
    #[serde(flatten)]
    report: FeedbackReport,
    lang: String,
    /// A field that people leave empty, as its label says.
    website: String,
    key: String,
    time: String,
    signature: String,
}

/// Article and language of a page.
struct Subject {
    id: ArticleId,
    title: String,
    language: &'static str,
}

type PathId = Result<Path<String>, PathRejection>;

/// `GET /a/{id}/feedback?lang&page`
pub async fn get_form(
    State(state): State<AppState>,
    id: PathId,
    query: Result<Query<FormQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let (Path(id), Query(query)) = (id?, query?);
    let subject = subject(&state, &id, query.lang.as_deref()).await?;
    let page = query.page.unwrap_or_default();
    let report = FeedbackReport { page, kind: forms::KINDS[0].into(), ..FeedbackReport::default() };
    let ticket = Ticket::issue(&state.signing_key, &subject.id, now());
    form(StatusCode::OK, &subject, &report, &ticket, None, &[])
}

/// `POST /a/{id}/feedback`
pub async fn post_form(
    State(state): State<AppState>,
    id: PathId,
    From(client): From,
    body: Text<FORM>,
) -> Result<Response, Problem> {
    let Path(id) = id?;
    let sent: Sent = serde_urlencoded::from_str(&body.0)
        .map_err(|error| Problem::BadRequest(format!("the body is no form: {error}")))?;
    let subject = subject(&state, &id, Some(&sent.lang)).await?;
    let ticket = Ticket {
        key: sent.key,
        time: sent.time.parse().unwrap_or_default(),
        signature: sent.signature,
    };
    let report = FeedbackReport { article: subject.id.to_string(), ..sent.report };

    let again = |status, notice, errors: &[FieldError]| {
        let ticket = ticket.clone().renew(&state.signing_key, &subject.id, now());
        form(status, &subject, &report, &ticket, notice, errors)
    };
    if !sent.website.is_empty() {
        return again(StatusCode::UNPROCESSABLE_ENTITY, Some("feedback.rejected"), &[]);
    }
    let checked = match forms::check(report.clone()) {
        Ok(checked) => checked,
        Err(errors) => {
            let notice = Some("feedback.failed");
            return again(StatusCode::UNPROCESSABLE_ENTITY, notice, &errors);
        }
    };
    let is_key = Uuid::parse_str(&ticket.key).is_ok();
    if !is_key || ticket.check(&state.signing_key, &subject.id, now()).is_err() {
        return again(StatusCode::UNPROCESSABLE_ENTITY, Some("feedback.retry_form"), &[]);
    }
    match feedback::keep(&state, checked, &ticket.key, client.address).await {
        Ok(receipt) => {
            let language = subject.language;
            let words = messages::of(language);
            let template = ThanksPage { language, words, id: &id, receipt: &receipt };
            pages::answer(StatusCode::CREATED, Policy::Private, Content::Form, &template)
        }
        // What was typed stays, whatever keeps it from being taken.
        Err(problem) => {
            problem.log();
            again(problem.status(), Some("feedback.rejected"), &[])
        }
    }
}

async fn subject(state: &AppState, id: &str, lang: Option<&str>) -> Result<Subject, Problem> {
    let (stored, _) = state.article(id).await?;
    let article = stored.article();
    let language = state.renderer.language(lang, article);
    Ok(Subject { id: article.id.clone(), title: article.title.clone(), language })
}

fn form(
    status: StatusCode,
    subject: &Subject,
    report: &FeedbackReport,
    ticket: &Ticket,
    notice: Option<&str>,
    errors: &[FieldError],
) -> Result<Response, Problem> {
    let words = messages::of(subject.language);
    let template = FormPage {
        language: subject.language,
        words,
        id: &subject.id,
        title: &subject.title,
        report,
        ticket,
        notice: notice.map(|key| words.get(key)),
        errors,
    };
    pages::answer(status, Policy::Private, Content::Form, &template)
}

fn now() -> i64 {
    Timestamp::now().as_second()
}
