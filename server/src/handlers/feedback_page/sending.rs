//! A form that was sent: whether its letter is kept, or how the form is shown again.

use std::time::Duration;

use article_widget::contract::{ArticleId, FeedbackReceipt, FeedbackReport};
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

use super::{FilledIn, Subject};
use crate::client::Client;
use crate::feedback::{self, Manner};
use crate::forms::{self, FieldError, Ticket, TicketError};
use crate::pages::Notice;
use crate::problem::Problem;
use crate::state::AppState;

/// What the form sends.
#[derive(Default, JsonSchema, Deserialize)]
#[serde(default)]
#[schemars(rename = "FeedbackForm")]
pub(crate) struct Sent {
    #[serde(flatten)]
    pub(super) report: FeedbackReport,
    pub(super) lang: String,
    /// Whether the passage goes along: a box that was not ticked is not sent.
    quote: String,
    /// A field that people leave empty, as its label says.
    website: String,
    key: String,
    time: String,
    signature: String,
}

/// How the form is shown again.
pub(super) struct Again {
    pub(super) status: StatusCode,
    pub(super) notice: Option<Notice>,
    pub(super) errors: Vec<FieldError>,
    pub(super) ticket: Ticket,
    pub(super) retry_after: Option<Duration>,
}

impl Sent {
    pub(super) fn ticket(&self) -> Ticket {
        Ticket {
            key: self.key.clone(),
            time: self.time.parse().unwrap_or_default(),
            signature: self.signature.clone(),
        }
    }

    /// What was typed. The passage stays in the form also where it does not go along.
    pub(super) fn filled_in(&self, article: &ArticleId) -> FilledIn {
        let passage = forms::passage(&self.report.passage);
        let report =
            FeedbackReport { article: article.to_string(), passage, ..self.report.clone() };
        FilledIn { report, is_quoting: !self.quote.is_empty(), useful: None }
    }
}

impl FilledIn {
    /// As it is to be kept.
    fn letter(&self) -> FeedbackReport {
        let passage = if self.is_quoting { self.report.passage.clone() } else { String::new() };
        FeedbackReport { passage, ..self.report.clone() }
    }
}

impl Again {
    /// For the first time.
    pub(super) fn first(ticket: Ticket) -> Self {
        let (status, errors) = (StatusCode::OK, Vec::new());
        Self { status, notice: None, errors, ticket, retry_after: None }
    }

    /// After what the sender can put right.
    fn unprocessable(notice: Option<Notice>, errors: Vec<FieldError>, ticket: Ticket) -> Self {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Self { status, notice, errors, ticket, retry_after: None }
    }
}

/// Keeps the feedback, or says how the form is shown again.
pub(super) async fn take(
    state: &AppState,
    subject: &Subject,
    sent: &Sent,
    filled_in: &FilledIn,
    client: &Client,
) -> Result<FeedbackReceipt, Again> {
    let (key, now) = (&state.signing_key, state.clock.now());
    let ticket = sent.ticket();
    let renewed = || ticket.clone().renew(key, &subject.id, now);
    let (settings, languages) = (&state.renderer.settings, state.renderer.languages.now());
    let letter = forms::check(filled_in.letter(), settings, &languages)
        .map_err(|errors| Again::unprocessable(None, errors, renewed()))?;
    let is_key = Uuid::parse_str(&ticket.key).is_ok();
    let is_fast = match ticket.check(key, &subject.id, now) {
        Ok(()) if is_key => false,
        Err(TicketError::TooSoon) if is_key => true,
        _ => return Err(Again::unprocessable(Some(Notice::Again), Vec::new(), renewed())),
    };
    let manner = Manner { is_trapped: !sent.website.is_empty(), is_fast, headers: None };
    let kept = feedback::keep(state, letter, &ticket.key, client, manner).await;
    kept.map_err(|problem| after(state, subject, ticket, &problem))
}

/// After a problem that is not in what was typed.
pub(super) fn after(
    state: &AppState,
    subject: &Subject,
    ticket: Ticket,
    problem: &Problem,
) -> Again {
    problem.log();
    let key = &state.signing_key;
    let (notice, ticket) = match problem {
        // The form has sent one letter already: this is another one.
        Problem::Conflict(_) => (Notice::Again, ticket.for_another(key, &subject.id)),
        _ => (notice(problem), ticket.renew(key, &subject.id, state.clock.now())),
    };
    Again {
        status: problem.status(),
        notice: Some(notice),
        errors: Vec::new(),
        ticket,
        retry_after: problem.retry_after(),
    }
}

fn notice(problem: &Problem) -> Notice {
    match problem.status() {
        StatusCode::SERVICE_UNAVAILABLE => Notice::Busy,
        StatusCode::TOO_MANY_REQUESTS => Notice::TooMany,
        _ => Notice::Failed,
    }
}
