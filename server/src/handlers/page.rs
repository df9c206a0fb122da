//! `/a/{id}`: the article's own page, complete without a script; `/embed/{id}`: the same as the document
//! of a frame, for pages that let no script in.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};

use crate::cache::Policy;
use crate::embeds::{Key, Page};
use crate::pages::{self, Content};
use crate::partners::Registry;
use crate::problem::Problem;
use crate::state::{AppState, Server};

/// Keeps copies of an article out of search engines.
const NOINDEX: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));

/// `GET /a/{id}?lang&window`. Withdrawn articles give 410 and a page that says so.
pub async fn get_page(State(state): State<AppState>, key: Key, headers: HeaderMap) -> Response {
    answer(&state, state.embeds.get_page(&state, key).await, "'self'".to_owned(), &headers)
}

/// `GET /embed/{id}?lang&window`, which any partner's page may frame. Withdrawn articles give a notice.
pub async fn get_frame(State(state): State<AppState>, key: Key, headers: HeaderMap) -> Response {
    let page = state.embeds.get_frame(&state, key).await;
    let partners = state.tally.partners();
    let framed_by = match partners.registry() {
        Registry::Open => "http: https:".to_owned(),
        Registry::Closed => partners.listed().join(" "),
    };
    ([NOINDEX], answer(&state, page, framed_by, &headers)).into_response()
}

fn answer(
    server: &Server,
    page: Result<Page, Arc<Problem>>,
    framed_by: String,
    headers: &HeaderMap,
) -> Response {
    match page {
        Ok(page) => {
            let publisher = server.renderer.public_url.clone();
            let content = Content::Article { publisher, framed_by };
            let policy = Policy::until(page.end, server.clock.now());
            pages::finished(&page, policy, content, headers)
        }
        // One failure may be the answer of many requests.
        Err(problem) => (&*problem).into_response(),
    }
}
