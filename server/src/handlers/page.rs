//! `/a/{id}`: the article's own page, complete without a script; `/embed/{id}`: the same as the document
//! of a frame, for pages that let no script in.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};

use crate::cache::Policy;
use crate::embeds::{Key, Page};
use crate::pages::problem::show_framed;
use crate::pages::{self, Content};
use crate::partners::Registry;
use crate::problem::Problem;
use crate::state::{AppState, Server};

/// Keeps copies of an article out of search engines.
const NOINDEX: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));

/// `GET /a/{id}?lang&window`. Withdrawn articles give 410 and a page that says so.
pub async fn get_page(State(state): State<AppState>, key: Key, headers: HeaderMap) -> Response {
    match state.embeds.get_page(&state, key).await {
        Ok(page) => answer(&state, &page, Some("'self'".to_owned()), &headers),
        // One failure may be the answer of many requests.
        Err(problem) => (&*problem).into_response(),
    }
}

/// `GET /embed/{id}?lang&window`, which any partner's page may frame. Withdrawn articles give a notice, and so
/// does whatever else is wrong: in a frame nobody could read JSON.
pub async fn get_frame(
    State(state): State<AppState>,
    key: Result<Key, Problem>,
    headers: HeaderMap,
) -> Response {
    let framed_by = framed_by(&state);
    let page = match key {
        Ok(key) => state.embeds.get_frame(&state, key).await,
        Err(problem) => Err(Arc::new(problem)),
    };
    let answer = match page {
        Ok(page) => answer(&state, &page, framed_by, &headers),
        Err(problem) => show_framed(&state, &problem, framed_by),
    };
    ([NOINDEX], answer).into_response()
}

/// Whose pages may frame an article, as CSP sources; none where anybody's may.
fn framed_by(server: &Server) -> Option<String> {
    let partners = server.tally.partners();
    match partners.registry() {
        Registry::Open => None,
        Registry::Closed => Some(partners.listed().join(" ")),
    }
}

fn answer(
    server: &Server,
    page: &Page,
    framed_by: Option<String>,
    headers: &HeaderMap,
) -> Response {
    let publisher = server.renderer.public_url.clone();
    let content = Content::Article { publisher, framed_by };
    let policy = Policy::until(page.end, server.clock.now());
    pages::finished(page, policy, content, headers)
}
