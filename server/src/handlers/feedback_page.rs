//! `/a/{id}/feedback`: the form that needs no script. The checks are those of the JSON API.

use article_widget::contract::{ArticleId, FeedbackReceipt, FeedbackReport};
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;

use crate::body::Text;
use crate::cache::Policy;
use crate::client::Client;
use crate::feedback;
use crate::forms::{self, FieldError, Ticket};
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

impl Sent {
    fn ticket(&self) -> Ticket {
        Ticket {
            key: self.key.clone(),
            time: self.time.parse().unwrap_or_default(),
            signature: self.signature.clone(),
        }
    }
}

/// How the form is shown again.
struct Again {
    status: StatusCode,
    /// A message's key.
    notice: &'static str,
    errors: Vec<FieldError>,
    ticket: Ticket,
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
    let ticket = Ticket::issue(&state.signing_key, &subject.id, state.clock.now());
    form(&state, StatusCode::OK, &subject, &report, &ticket, None, &[])
}

/// `POST /a/{id}/feedback`
pub async fn post_form(
    State(state): State<AppState>,
    id: PathId,
    client: Client,
    body: Text<FORM>,
) -> Result<Response, Problem> {
    let Path(id) = id?;
    let sent: Sent = serde_urlencoded::from_str(body.as_str())
        .map_err(|error| Problem::BadRequest(format!("the body is no form: {error}")))?;
    let subject = subject(&state, &id, Some(&sent.lang)).await?;
    let report = FeedbackReport { article: subject.id.to_string(), ..sent.report.clone() };
    match take(&state, &subject, &sent, &report, &client).await {
        Ok(receipt) => {
            let language = subject.language;
            let words = state.renderer.interface.of(language);
            let template = ThanksPage { language, words, id: &id, receipt: &receipt };
            pages::answer(StatusCode::CREATED, Policy::Private, Content::Form, &template)
        }
        // What was typed stays, whatever keeps it from being taken.
        Err(Again { status, notice, errors, ticket }) => {
            form(&state, status, &subject, &report, &ticket, Some(notice), &errors)
        }
    }
}

/// Keeps the feedback, or says how the form is shown again.
async fn take(
    state: &AppState,
    subject: &Subject,
    sent: &Sent,
    report: &FeedbackReport,
    client: &Client,
) -> Result<FeedbackReceipt, Again> {
    let (key, now) = (&state.signing_key, state.clock.now());
    let ticket = sent.ticket();
    let again = |status, notice, errors| {
        let ticket = ticket.clone().renew(key, &subject.id, now);
        Again { status, notice, errors, ticket }
    };
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    if !sent.website.is_empty() {
        return Err(again(unprocessable, "feedback.rejected", Vec::new()));
    }
    let checked = forms::check(report.clone(), &state.renderer.settings, &state.renderer.interface)
        .map_err(|errors| again(unprocessable, "feedback.failed", errors))?;
    let is_key = Uuid::parse_str(&ticket.key).is_ok();
    if !is_key || ticket.check(key, &subject.id, now).is_err() {
        return Err(again(unprocessable, "feedback.retry_form", Vec::new()));
    }
    feedback::keep(state, checked, &ticket.key, client).await.map_err(|problem| {
        problem.log();
        match problem {
            // The form has sent one letter already: this is another one.
            Problem::Conflict(_) => {
                let ticket = ticket.for_another(key, &subject.id);
                let errors = Vec::new();
                Again { status: problem.status(), notice: "feedback.retry_form", errors, ticket }
            }
            _ => again(problem.status(), "feedback.rejected", Vec::new()),
        }
    })
}

async fn subject(state: &AppState, id: &str, lang: Option<&str>) -> Result<Subject, Problem> {
    let stored = state.visible_article(id).await?;
    let article = stored.article();
    let language = state.renderer.language(lang, article);
    Ok(Subject { id: article.id.clone(), title: article.title.clone(), language })
}

fn form(
    state: &AppState,
    status: StatusCode,
    subject: &Subject,
    report: &FeedbackReport,
    ticket: &Ticket,
    notice: Option<&str>,
    errors: &[FieldError],
) -> Result<Response, Problem> {
    let words = state.renderer.interface.of(subject.language);
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
