//! Answers that several of these pages give.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use crate::admin::pages::{Page, Shell, SignedOut};
use crate::admin::{next, render};
use crate::cache::Policy;

/// On to another page, after what was done.
pub fn back(path: &str) -> Response {
    (Policy::Private, Redirect::to(path)).into_response()
}

/// A page in the place of what was asked for.
pub async fn again(status: StatusCode, page: impl Page, shell: Shell) -> Response {
    let mut response = render::page(page, shell).await;
    *response.status_mut() = status;
    response
}

/// What was typed is given back to whoever was logged out over it; any other refusal stays one.
pub async fn signed_out(shell: Shell, refusal: Response, typed: String) -> Response {
    if !refusal.status().is_redirection() {
        return refusal;
    }
    let login = next::login(&shell.here);
    again(StatusCode::FORBIDDEN, SignedOut { answer: typed, login }, shell).await
}
