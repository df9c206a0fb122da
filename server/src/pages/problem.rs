//! What a person reads where a page cannot be answered as asked. Scripts get problem details.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use url::form_urlencoded;

use super::{Content, answer};
use crate::accept_language::preferred;
use crate::cache::Policy;
use crate::messages::Language;
use crate::problem::{self, Problem};
use crate::state::{AppState, Server};

/// A problem, in a few words.
#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    language: &'a Language,
    words: &'a str,
}

/// Says a problem as a page to whoever asked for one: in the language that the address names, else in the one
/// that the browser likes best, else in the publisher's.
pub async fn show_problems(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let is_person = wants_page(request.headers());
    let language = is_person.then(|| language_of(&state, request.uri(), request.headers()));
    let response = next.run(request).await;
    let is_problem = response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == problem::TYPE);
    match language {
        Some(language) if is_problem => say(&language, &response, Content::Form),
        _ => response,
    }
}

/// Says a problem in a frame of a page of somebody else's: a page whoever asks, for it is shown to people.
pub fn show_framed(server: &Server, problem: &Problem, framed_by: Option<String>) -> Response {
    let language = server.renderer.language_of("");
    say(&language, &problem.into_response(), Content::Notice { framed_by })
}

fn language_of(server: &Server, uri: &Uri, headers: &HeaderMap) -> Arc<Language> {
    let languages = server.renderer.languages.now();
    let asked = || {
        let mut pairs = form_urlencoded::parse(uri.query()?.as_bytes());
        languages.find(&pairs.find(|(name, _)| name == "lang")?.1)
    };
    let liked = || preferred(headers, |tag| languages.find(tag));
    asked().or_else(liked).unwrap_or_else(|| languages.publisher()).clone()
}

fn say(language: &Language, problem: &Response, content: Content) -> Response {
    let words = language.pages.get(key(problem.status()));
    let template = ProblemPage { language, words };
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
