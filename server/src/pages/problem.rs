//! What a person reads where a page cannot be answered as asked. Scripts get problem details.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::{Content, answer};
use crate::cache::Policy;
use crate::messages;
use crate::problem::{self, Problem};
use crate::state::{AppState, Server};

/// A problem, in a few words.
#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    language: &'a str,
    words: &'a str,
}

/// Says a problem in the publisher's language, as a page, to whoever asked for one.
pub async fn show_problems(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let is_person = wants_page(request.headers());
    let response = next.run(request).await;
    let is_problem = response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == problem::TYPE);
    if !(is_person && is_problem) {
        return response;
    }
    say(&state, &response, Content::Form)
}

/// Says a problem in a frame of a page of somebody else's: a page whoever asks, for it is shown to people.
pub fn show_framed(server: &Server, problem: &Problem, framed_by: Option<String>) -> Response {
    say(server, &problem.into_response(), Content::Notice { framed_by })
}

fn say(server: &Server, problem: &Response, content: Content) -> Response {
    let language = server.renderer.language_of("");
    let template =
        ProblemPage { language, words: messages::of_pages(language).get(key(problem.status())) };
    let page = answer(problem.status(), Policy::NoStore, content, &template);
    let mut page = page.unwrap_or_else(IntoResponse::into_response);
    if let Some(wait) = problem.headers().get(RETRY_AFTER) {
        page.headers_mut().insert(RETRY_AFTER, wait.clone());
    }
    page
}

/// The client shows pages to a person.
pub fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// The key of what is said.
fn key(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "problem.not_found",
        StatusCode::GONE => "problem.gone",
        StatusCode::PAYLOAD_TOO_LARGE => "problem.too_long",
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => "problem.busy",
        status if status.is_server_error() => "problem.failed",
        _ => "problem.other",
    }
}
