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
use crate::problem;
use crate::state::AppState;

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
    let language = messages::known(&state.renderer.language).unwrap_or(messages::LANGUAGES[0]);
    let template = ProblemPage { language, words: words(response.status(), language) };
    let page = answer(response.status(), Policy::NoStore, Content::Form, &template);
    let mut page = page.unwrap_or_else(IntoResponse::into_response);
    if let Some(wait) = response.headers().get(RETRY_AFTER) {
        page.headers_mut().insert(RETRY_AFTER, wait.clone());
    }
    page
}

/// The client shows pages to a person.
pub fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// Not among the interface's messages, for those go to every reader of every article.
fn words(status: StatusCode, language: &str) -> &'static str {
    let [vietnamese, english] = match status {
        StatusCode::NOT_FOUND => ["Không có bài viết này.", "There is no such article."],
        StatusCode::GONE => {
            ["Bài viết này đã được tòa soạn rút lại.", "The publisher has withdrawn this article."]
        }
        StatusCode::PAYLOAD_TOO_LARGE => {
            ["Nội dung gửi lên quá dài.", "What was sent is too long."]
        }
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => [
            "Máy chủ đang bận. Xin thử lại sau ít phút.",
            "The server is busy. Please try again in a few minutes.",
        ],
        status if status.is_server_error() => {
            ["Máy chủ gặp sự cố. Xin thử lại sau.", "The server failed. Please try again later."]
        }
        _ => ["Không thực hiện được yêu cầu này.", "This request makes no sense to the server."],
    };
    if language == "vi" { vietnamese } else { english }
}
